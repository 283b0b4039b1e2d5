"""Maps drawn to scale: millimetres on paper, EPSG:5899 on the ground, as SVG that stays vector in a PDF.

The scale is exact: one millimetre on paper is `scale` millimetres in the plane of EPSG:5899.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import shapely
from markupsafe import escape

from qn_geo import style

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

SCALES: Final = tuple(int(base * 10**power) for power in range(2, 7) for base in (1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 7.5))[
    3:
]
"""Scale denominators of scale rulers, 1:200 to 1:7 500 000."""

FONT: Final = "Inter, Segoe UI, Arial, sans-serif"
"""Where the product's font is not installed, one that has Vietnamese letters takes its place."""


_MM: Final = 1000.0
_DETAIL_MM: Final = 0.02  # nothing finer is drawn
_REGULAR: Final = 400
_RIM_LAST: Final = ' stroke-linejoin="round" paint-order="stroke"'
_RIMMED: Final = re.compile(
    rf'<text ([^>]*?) fill="(#\w+)"( stroke="#fff" stroke-width="[\d.]+"){_RIM_LAST}([^>]*)>([^<]*)<'
)
_LETTER: Final = 0.58  # width of an average letter, of its size


@dataclass(frozen=True)
class Frame:
    """A map's window on paper.

    Attributes:
        east: Centre of the map, EPSG:5899, metres.
        north: The same, northing.
        width: Width on paper, millimetres.
        height: Height on paper, millimetres.
        scale: Scale denominator.
    """

    east: float
    north: float
    width: float
    height: float
    scale: int

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the window in EPSG:5899."""
        half_x, half_y = self.width * self.scale / _MM / 2, self.height * self.scale / _MM / 2
        return self.east - half_x, self.north - half_y, self.east + half_x, self.north + half_y

    def paper(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return where places lie on paper: millimetres from the left and from the top."""
        west, _south, _east, top = self.bounds
        return (points - [west, top]) * [1, -1] / self.scale * _MM

    def spot(self, shape: BaseGeometry) -> tuple[float, float]:
        """Return where the middle of a shape lies on paper."""
        place = shapely.point_on_surface(shape)
        x, y = self.paper(np.array([[place.x, place.y]]))[0].tolist()
        return x, y


@dataclass(frozen=True)
class Look:
    """How shapes are drawn: SVG fill and line colour, line width and dashes in millimetres, opacity.

    `opacity` is that of all the shapes together, `tint` that of their fill alone.
    """

    fill: str = "none"
    line: str = "none"
    width: float = 0.2
    dash: str = ""
    opacity: float = 1.0
    tint: float = 1.0


def fit(bounds: Sequence[float], width: float, height: float, *, margin: float = 6.0, least: float = 1.0) -> Frame:
    """Return the frame of the largest usual scale that shows `bounds` with a margin.

    Args:
        bounds: West, south, east, north in EPSG:5899, metres.
        width: Width on paper, millimetres.
        height: Largest height on paper, millimetres; less where the content needs less.
        margin: Free room on each side, millimetres.
        least: Smallest height, of the largest.
    """
    west, south, east, north = bounds
    needed = max((east - west) / (width - 2 * margin), (north - south) / (height - 2 * margin)) * _MM
    scale = next((scale for scale in SCALES if scale >= needed), SCALES[-1])
    used = min(max((north - south) / scale * _MM + 2 * margin, least * height), height)
    return Frame((west + east) / 2, (south + north) / 2, width, math.ceil(used), scale)


def shapes(
    frame: Frame, geometries: Sequence[BaseGeometry | None] | NDArray[np.object_], look: Look, *, sound: bool = False
) -> str:
    """Return geometries in EPSG:5899 as SVG, cut a little outside the frame; points are left to `dot`.

    Those that are known to be `sound` need not be looked at for crossing themselves, which takes long for coasts.
    """
    inside = shapely.transform(shapely.get_parts(_inside(frame, geometries, sound=sound)), frame.paper)
    drawn = "".join(_path(part) for part in inside)
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    tint = f' fill-opacity="{look.tint}"' if look.tint != 1 else ""
    return drawn and (
        f'<g fill="{look.fill}"{tint} fill-rule="evenodd" stroke="{look.line}" stroke-width="{look.width}"{dash} '
        f'stroke-linejoin="round" opacity="{look.opacity}">{drawn}</g>'
    )


def _inside(
    frame: Frame, geometries: Sequence[BaseGeometry | None] | NDArray[np.object_], *, sound: bool
) -> NDArray[np.object_]:
    """Return what of the geometries may be seen; those that cross themselves are drawn as they are."""
    found = np.asarray(geometries, dtype=object)
    room = 5 * frame.scale / _MM
    west, south, east, north = shapely.box(*frame.bounds).buffer(room).bounds
    left, low, right, high = shapely.bounds(found).reshape(-1, 4).T
    near = (left <= east) & (right >= west) & (low <= north) & (high >= south)
    within = (left >= west) & (right <= east) & (low >= south) & (high <= north)
    reaching = found[near & ~within]  # only these are cut, which invalid ones do not bear
    whole = np.full(len(reaching), True) if sound else shapely.is_valid(reaching)
    cut = shapely.clip_by_rect(reaching[whole], west, south, east, north)
    drawn = np.concatenate([found[within], cut[~shapely.is_empty(cut)]])
    finest = _DETAIL_MM * frame.scale / _MM
    return np.concatenate([shapely.simplify(drawn, finest, preserve_topology=False), reaching[~whole]])


def _path(part: Any) -> str:
    if part.is_empty or part.geom_type == "Point":
        return ""
    if part.geom_type == "Polygon":
        return f'<path d="{"".join(_line(ring) + "Z" for ring in (part.exterior, *part.interiors))}"/>'
    return f'<path fill="none" d="{_line(part)}"/>'


def _line(line: BaseGeometry) -> str:
    numbers = shapely.get_coordinates(line).ravel().tolist()
    return "M" + "L".join(["%.2f %.2f"] * (len(numbers) // 2)) % tuple(numbers)  # all at once: half the time


def text(  # noqa: PLR0913 - what a text looks like
    place: tuple[float, float],
    words: str,
    size: float,
    *,
    colour: str = style.INK,
    turn: float = 0,
    rim: bool = True,
    weight: int = 400,
    italic: bool = False,
    anchor: Literal["start", "middle", "end"] = "middle",
) -> str:
    """Return words beside or centred on a place, with a white rim; sizes in millimetres, turn in degrees clockwise."""
    x, y = place
    turned = f' transform="rotate({turn:g} {x:.2f} {y:.2f})"' if turn else ""
    halo = f' stroke="#fff" stroke-width="{size / 4:.2f}"{_RIM_LAST}' if rim else ""
    form = (f' font-weight="{weight}"' if weight != _REGULAR else "") + (' font-style="italic"' if italic else "")
    return (
        f'<text x="{x:.2f}" y="{y + size * 0.36:.2f}" font-family="{FONT}" font-size="{size:.2f}"{form} '
        f'text-anchor="{anchor}" fill="{colour}"{halo}{turned}>{escape(words)}</text>'
    )


def width_of(words: str, size: float) -> float:
    """Return about how wide words are."""
    return len(words) * _LETTER * size


def svg(  # noqa: PLR0913 - what a document has
    frame: Frame,
    inside: Iterable[str],
    around: str = "",
    defs: str = "",
    rim: float = 0.0,
    *,
    all_round: bool = False,
) -> str:
    """Return the map as an SVG document whose units are millimetres, cut at the frame and edged with a line.

    Args:
        frame: The window.
        inside: What is cut at the frame, from the bottom up.
        around: What may stand in the rim.
        defs: Patterns that are used.
        rim: Room left of and below the frame, millimetres; the document is so much larger than the frame.
        all_round: Whether there is as much room right of and above it.
    """
    above = rim if all_round else 0.0
    wide, high = frame.width + rim + above, frame.height + rim + above
    return document(wide, high, window(frame, inside, defs) + around, (-rim, -above))


def window(frame: Frame, inside: Iterable[str], defs: str = "") -> str:
    """Return the map from (0, 0) on, cut at the frame and edged with a line."""
    box = f'<rect width="{frame.width:g}" height="{frame.height:g}"'
    return (
        f'<defs>{defs}<clipPath id="window">{box}/></clipPath></defs>{box} fill="#fff"/>'
        f'<g clip-path="url(#window)">{"".join(inside)}</g>'
        f'{box} fill="none" stroke="{style.INK}" stroke-width="0.3"/>'
    )


def document(width: float, height: float, drawn: str, corner: tuple[float, float] = (0, 0)) -> str:
    """Return drawings in millimetres as an SVG document.

    Args:
        width: Width of the document.
        height: Its height.
        drawn: What is in it.
        corner: Its upper left corner, as the drawings count.
    """
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}mm" height="{height:g}mm" '
        f'viewBox="{corner[0]:g} {corner[1]:g} {width:g} {height:g}">{drawn}</svg>'
    )


def portable(drawn: str) -> str:
    """Return an SVG whose words have their rim as a copy below them.

    Programs that know no `paint-order` (LibreOffice, older office suites) would hide the words under their own rim. In
    a PDF the copy would be found and copied twice, so it is made only for files that are handed over as SVG.
    """
    below = r'<text \1 fill="#fff"\3 stroke-linejoin="round" aria-hidden="true"\4>\5</text>'
    return _RIMMED.sub(below + r'<text \1 fill="\2"\4>\5<', drawn)
