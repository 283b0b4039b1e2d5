"""What any program pays that draws the same with the bare libraries: shapes, charts, slides, without a style.

No labels, no legend, no grid, no sources: GeoPandas and Shapely make the shapes, Matplotlib the charts, Typst the
pages, python-pptx the slides.
"""

from __future__ import annotations

import io
import tempfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely
import typst
from matplotlib.figure import Figure
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Mm

from qn_geo import layers, style
from qn_geo.crs import TM3

if TYPE_CHECKING:
    from collections.abc import Sequence

    import geopandas as gpd

Bounds = tuple[float, float, float, float]


@lru_cache(maxsize=16)
def _source(name: str) -> gpd.GeoDataFrame:
    return layers.layer(name).to_crs(TM3)


def map_svg(shown: Sequence[str], bounds: Bounds, width: float, height: float) -> str:
    """The shapes of these layers in a window, each as Shapely writes SVG, in millimetres."""
    west, south, east, _north = bounds
    scale = width / (east - west)
    drawn = []
    for layer in (style.LAYER_BY_ID[name] for name in shown):
        frame = _source(layer.source)
        for column, values in layer.where.items():
            frame = frame[frame[column].isin(values)]
        shapes = shapely.clip_by_rect(frame.geometry.to_numpy(), *bounds)
        shapes = shapely.simplify(shapes[~shapely.is_empty(shapes)], 0.02 / scale)
        shapes = shapely.transform(shapes, lambda points: (points - [west, south]) * [scale, -scale] + [0, height])
        drawn += [shape.svg(scale_factor=0.1) for shape in shapes]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}">{"".join(drawn)}</svg>'
    )


def chart_svg(values: Sequence[float]) -> str:
    """A bar chart of as many bars."""
    figure = Figure(figsize=(3.4, 2))
    axes = figure.subplots()
    axes.barh([str(place) for place in range(len(values))], np.asarray(values, dtype=float))
    written = io.StringIO()
    figure.savefig(written, format="svg")
    return written.getvalue()


def pages(pictures: Sequence[Sequence[str]], width: str = "420mm", height: str = "297mm") -> bytes:
    """A PDF with these pictures, one list a page."""
    with tempfile.TemporaryDirectory() as folder:
        source = [f"#set page(width: {width}, height: {height}, margin: 10mm)"]
        for number, listed in enumerate(pictures):
            source += ["#pagebreak()"] if number else []
            for place, picture in enumerate(listed):
                name = f"{number}-{place}.svg"
                Path(folder, name).write_text(picture, "utf-8")
                source.append(f'#image("{name}")')
        main = Path(folder, "main.typ")
        main.write_text("\n".join(source), "utf-8")
        made: bytes = typst.compile(main)
        return made


def png(svg: str, ppi: float) -> bytes:
    """A picture as pixels."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "a.svg").write_text(svg, "utf-8")
        main = Path(folder, "main.typ")
        main.write_text('#set page(width: auto, height: auto, margin: 0pt)\n#image("a.svg")', "utf-8")
        made: bytes = typst.compile(main, format="png", ppi=ppi)
        return made


def deck(slides: Sequence[tuple[bytes, Sequence[float]]]) -> bytes:
    """A PPTX with one picture and one native chart a slide."""
    made = Presentation()
    for picture, values in slides:
        slide = made.slides.add_slide(made.slide_layouts[5])
        slide.shapes.add_picture(io.BytesIO(picture), Mm(10), Mm(30), Mm(150))
        if values:
            data = CategoryChartData()
            data.categories = [str(place) for place in range(len(values))]
            data.add_series("a", list(values))
            slide.shapes.add_chart(XL_CHART_TYPE.BAR_CLUSTERED, Mm(165), Mm(30), Mm(80), Mm(100), data)
    written = io.BytesIO()
    made.save(written)
    return written.getvalue()
