"""Charts on paper: the picture on screen as SVG with real text, or as PNG, at an exact size in millimetres."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qn_geo.charts import rows, years
from qn_geo.charts.canvas import POINT, Canvas, wrapped
from qn_geo.charts.frame import FAINT
from qn_geo.charts.series import Plotted, read
from qn_geo.report import typesetting

if TYPE_CHECKING:
    from qn_geo.charts.frame import Chart

_EMPTY = 4.0  # height of a sentence that nothing is published, of the size of its letters


def svg(chart: Chart, width_mm: float, height_mm: float | None, lang: str, *, size_pt: float = 8) -> str:
    """Return the picture of a chart as SVG: title, note and sources are the page's to set.

    Args:
        chart: The chart.
        width_mm: Width of the picture.
        height_mm: Height of the picture; None takes what its content needs. Rows that have no room are counted.
        lang: "vi" or "en", the language the chart was made in.
        size_pt: Size of its letters.

    Raises:
        QnGeoError: If the font files are not installed.
    """
    return drawn(read(chart), width_mm, height_mm, lang, size_pt).svg()


def png(  # noqa: PLR0913 - as svg
    chart: Chart, width_mm: float, height_mm: float | None, lang: str, *, size_pt: float = 8, dpi: float = 300
) -> bytes:
    """Return the same picture as PNG on white."""
    return typesetting.png(svg(chart, width_mm, height_mm, lang, size_pt=size_pt), dpi)


def height(chart: Chart, width_mm: float, *, size_pt: float = 8) -> float:
    """Return the height in millimetres that a chart's content needs at a width."""
    return _height(read(chart), width_mm, size_pt)


def drawn(plotted: Plotted, width_mm: float, height_mm: float | None, lang: str, size_pt: float = 8) -> Canvas:
    """Return the sheet with the chart on it."""
    canvas = Canvas(width_mm, height_mm or _height(plotted, width_mm, size_pt), size_pt)
    if plotted.kind == "none":
        lines = wrapped(plotted.message, width_mm, canvas.size)
        for number, line in enumerate(lines):
            y = canvas.high / 2 + canvas.size * 0.36 + (number - (len(lines) - 1) / 2) * canvas.line
            canvas.text(width_mm / 2, y, line, "center", colour=FAINT)
    elif plotted.horizontal:
        rows.draw(canvas, plotted.panels[0], lang)
    else:
        years.draw(canvas, plotted, lang)
    return canvas


def _height(plotted: Plotted, width_mm: float, size_pt: float) -> float:
    size = size_pt * POINT
    if plotted.kind == "none":
        return _EMPTY * size
    return (
        rows.height(plotted.panels[0], width_mm, size) if plotted.horizontal else years.height(plotted, width_mm, size)
    )
