"""The map itself: quiet land and sea, the visible layers, what is chosen, and names, from the bottom up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from qn_geo import style
from qn_geo.atlas import naming, signs
from qn_geo.atlas.looks import Pen
from qn_geo.atlas.shown import chosen, picked, plane, seen, status_in
from qn_geo.report import paper
from qn_geo.report.paper import Look

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from qn_geo.atlas.placing import Box
    from qn_geo.atlas.shown import Layer, Shown
    from qn_geo.atlas.signs import Sign
    from qn_geo.report.paper import Frame

_CASING: Final = 1.6  # pixels of white on both sides of a road, so that it stands off what it crosses
_RING: Final = 13.0  # pixels, round a chosen point
_ISLET_MM2: Final = 20.0  # a smaller part of what is chosen has a thinner outline, or one would see nothing else
_BROAD: Final = ("kkt-",)  # zones whose outline is thin: it is long enough


def drawn(  # noqa: PLR0913 - what a map may be
    frame: Frame,
    shown: Shown,
    lang: str,
    *,
    found: Sequence[Layer] | None = None,
    size: float = 1.0,
    under: str = "",
    taken: Sequence[Box] = (),
) -> tuple[list[str], list[Sign]]:
    """Return the map as SVG groups from the bottom up, and the signs of what can be seen of it.

    Args:
        frame: The window.
        shown: What the map shows.
        lang: "vi" or "en".
        found: What lies in the window, where the caller has looked it up with `seen`.
        size: Letters, lines and marks are so many times as large as on a sheet held in the hand.
        under: What lies under the names, such as the grid.
        taken: Boxes on paper (left, top, right, bottom, millimetres) where no name may stand.

    Raises:
        DataFileError: If a layer cannot be used.
        QnGeoError: If the font files are not installed.
    """
    pen, found = Pen(size, frame.scale, shown.year, shown.area), seen(frame, shown) if found is None else found
    groups = [
        pen.patterns(),
        _ground(frame, pen),
        *(_layer(frame, pen, layer, shown) for layer in found if layer.layer.shape != "point"),
        *_outlines(frame, pen, shown),
        *(_points(frame, pen, layer, shown) for layer in found if layer.layer.shape == "point"),
        under,
        *naming.names(frame, pen, shown, found, lang, taken=taken),
    ]
    return groups, signs.signs(pen, shown, found, lang)


def _ground(frame: Frame, pen: Pen) -> str:
    """Sea, neighbouring land, the city's land and its edge."""
    land = plane("communes")[1]
    return (
        f'<rect width="{frame.width}" height="{frame.height}" fill="{style.SEA}"/>'
        + paper.shapes(frame, plane("backdrop")[1], pen.look(style.BORDER, 0.5, fill=style.NEIGHBOUR), sound=True)
        + paper.shapes(frame, land, pen.look(style.LAND, 1, fill=style.LAND), sound=True)
        + paper.shapes(frame, plane("city")[1], pen.look(style.CITY, 1.5), sound=True)
    )


def _layer(frame: Frame, pen: Pen, layer: Layer, shown: Shown) -> str:
    """Areas or lines of a layer, those that look the same in one group."""
    alike: dict[Look, list[int]] = {}
    for number, row in enumerate(layer.rows):
        alike.setdefault(pen.of(layer.layer, row), []).append(number)
    under = ""
    if layer.layer.shape == "line":
        wide = {
            Look("none", "#fff", look.width + _CASING * pen.pixel, opacity=0.6): some for look, some in alike.items()
        }
        under = "".join(paper.shapes(frame, layer.shapes[numbers], look) for look, numbers in wide.items())
    elif layer.layer.source == "plots":  # no land use shines through, so that they look as in the legend
        under = paper.shapes(frame, layer.shapes, Look("#fff"))
    inked = "".join(paper.shapes(frame, layer.shapes[numbers], look) for look, numbers in alike.items())
    return _faded(under + inked, layer.layer.group, shown)


def _points(frame: Frame, pen: Pen, layer: Layer, shown: Shown) -> str:
    places = frame.paper(shapely.get_coordinates(layer.shapes)).tolist()
    marks = (
        f'<g transform="translate({x:.2f} {y:.2f})">'
        f"{pen.icon(row.get('kind') or row['mode'], pale=status_in(row, pen.year) != 'operating')}</g>"
        for (x, y), row in zip(places, layer.rows, strict=True)
    )
    return _faded("".join(marks), layer.layer.group, shown)


def _faded(group: str, name: str, shown: Shown) -> str:
    opacity = shown.opacity.get(name, 1)
    return group if opacity == 1 or not group else f'<g opacity="{opacity:g}">{group}</g>'


def _outlines(frame: Frame, pen: Pen, shown: Shown) -> Iterator[str]:
    """What is chosen, in the accent colour on a white line: the chosen one last, so that it lies on top."""
    for zone in reversed(shown.zones):
        width = 1.8 if zone.startswith(_BROAD) else 3.0 if zone == shown.zones[0] else 2.0
        yield _outline(frame, pen, chosen("zones", "zone_id", (zone,)), width)
    yield _outline(frame, pen, chosen("plots", "plot_id", (shown.plot,)) if shown.plot else [], 2.5)
    yield _outline(frame, pen, picked(shown), 3.0)


def _outline(frame: Frame, pen: Pen, shapes: NDArray[np.object_] | list[None], width: float) -> str:
    found = shapely.get_parts(np.asarray(shapes, dtype=object))
    small = shapely.area(found) * (1000 / frame.scale) ** 2 < _ISLET_MM2 * pen.size**2
    lines = [(style.HALO, width + 3.5, 0.85), (style.ACCENT, width, 1.0)]
    drawn_ = "".join(
        paper.shapes(frame, found[~small], pen.look(colour, wide, opacity=opacity))
        + paper.shapes(frame, found[small], pen.look(colour, wide / 2, opacity=opacity))
        for colour, wide, opacity in lines
    )
    points = frame.paper(shapely.get_coordinates(found[shapely.get_type_id(found) == 0])).tolist()
    return drawn_ + "".join(
        f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{_RING * pen.pixel:.2f}" fill="none" stroke="{colour}" '
        f'stroke-width="{wide * pen.pixel:.2f}" opacity="{opacity}"/>'
        for x, y in points
        for colour, wide, opacity in lines
    )
