"""Maps drawn to scale: millimetres on paper, EPSG:5899 on the ground, as SVG that stays vector in a PDF.

The scale is exact: one millimetre on paper is `scale` millimetres in the plane of EPSG:5899.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np
import shapely
from markupsafe import escape

from qn_geo import i18n, style

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

RIM: Final = 5.0
"""Room beside the map for the numbers of its grid, millimetres."""

_MM: Final = 1000.0
_GRID_MM: Final = 40.0  # grid lines are at most so far apart
_CROSS_MM: Final = 1.6
_TICK_MM: Final = 1.2
_BAR_MM: Final = 40.0
_RIM_TEXT: Final = 2.1
_RIM_END_MM: Final = 8.0  # a number needs so much of the rim to itself
_DETAIL_MM: Final = 0.02  # nothing finer is drawn
_REGULAR: Final = 400
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


def shapes(frame: Frame, geometries: Sequence[BaseGeometry | None] | NDArray[np.object_], look: Look) -> str:
    """Return geometries in EPSG:5899 as SVG, cut a little outside the frame; points are left to `dot`."""
    drawn = "".join(_path(frame, part) for part in shapely.get_parts(_inside(frame, geometries)))
    dash = f' stroke-dasharray="{look.dash}"' if look.dash else ""
    tint = f' fill-opacity="{look.tint}"' if look.tint != 1 else ""
    return drawn and (
        f'<g fill="{look.fill}"{tint} fill-rule="evenodd" stroke="{look.line}" stroke-width="{look.width}"{dash} '
        f'stroke-linejoin="round" opacity="{look.opacity}">{drawn}</g>'
    )


def _inside(frame: Frame, geometries: Sequence[BaseGeometry | None] | NDArray[np.object_]) -> NDArray[np.object_]:
    """Return what of the geometries may be seen; those that cross themselves are drawn as they are."""
    found = np.asarray(geometries, dtype=object)
    west, south, east, north = frame.bounds
    room = 5 * frame.scale / _MM
    found = found[_near(frame, found, room)]
    whole = shapely.is_valid(found)
    cut = shapely.clip_by_rect(found[whole], west - room, south - room, east + room, north + room)
    cut = cut[~shapely.is_empty(cut)]
    return np.concatenate([shapely.simplify(cut, _DETAIL_MM * frame.scale / _MM), found[~whole]])


def _near(frame: Frame, found: NDArray[np.object_], room: float) -> NDArray[np.bool_]:
    west, south, east, north = frame.bounds
    box = shapely.bounds(found).reshape(-1, 4)
    return (
        (box[:, 0] <= east + room)
        & (box[:, 2] >= west - room)
        & (box[:, 1] <= north + room)
        & (box[:, 3] >= south - room)
    )


def _path(frame: Frame, part: Any) -> str:
    if part.is_empty or part.geom_type == "Point":
        return ""
    if part.geom_type == "Polygon":
        return f'<path d="{"".join(_line(frame, ring) + "Z" for ring in (part.exterior, *part.interiors))}"/>'
    return f'<path fill="none" d="{_line(frame, part)}"/>'


def _line(frame: Frame, line: BaseGeometry) -> str:
    points = frame.paper(shapely.get_coordinates(line)).tolist()
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in points)


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
    halo = f' stroke="#fff" stroke-width="{size / 4:.2f}" stroke-linejoin="round" paint-order="stroke"' if rim else ""
    form = (f' font-weight="{weight}"' if weight != _REGULAR else "") + (' font-style="italic"' if italic else "")
    return (
        f'<text x="{x:.2f}" y="{y + size * 0.36:.2f}" font-family="{FONT}" font-size="{size:.2f}"{form} '
        f'text-anchor="{anchor}" fill="{colour}"{halo}{turned}>{escape(words)}</text>'
    )


def width_of(words: str, size: float) -> float:
    """Return about how wide words are."""
    return len(words) * _LETTER * size


def grid(frame: Frame, lang: str, *, all_round: bool = False, size: float = 1.0) -> str:
    """Return the VN-2000 grid as crosses, with ticks and metres at the rim.

    Args:
        frame: The window.
        lang: "vi" or "en".
        all_round: Numbers on all four sides instead of below (Y, east) and at the left (X, north) alone.
        size: Letters and crosses are so many times as large as on a sheet held in the hand.
    """
    step = _round_number(_GRID_MM * size * frame.scale / _MM)
    west, south, east, north = frame.bounds
    easts = np.arange(math.ceil(west / step), math.floor(east / step) + 1) * step
    norths = np.arange(math.ceil(south / step), math.floor(north / step) + 1) * step
    xs = frame.paper(np.column_stack([easts, np.full(len(easts), north)]))[:, 0].tolist()
    ys = frame.paper(np.column_stack([np.full(len(norths), west), norths]))[:, 1].tolist()
    arm, tick, wide, high = _CROSS_MM * size, _TICK_MM * size, frame.width, frame.height
    crosses = "".join(f"M{x - arm:.3f} {y:.3f}h{2 * arm:g}M{x:.3f} {y - arm:.3f}v{2 * arm:g}" for x in xs for y in ys)
    off, letters = RIM * size / 2 + 0.3, _RIM_TEXT * size
    # Where the line stands, which way its ticks point, and the middle and turn of its numbers.
    level = [(high, tick, high + off)] + ([(0.0, -tick, -off)] if all_round else [])
    upright = [(0.0, -tick, -off, -90)] + ([(wide, tick, wide + off, 90)] if all_round else [])
    ticks = "".join(f"M{x:.3f} {y:g}v{way:g}" for x in xs for y, way, _ in level)
    ticks += "".join(f"M{x:g} {y:.3f}h{way:g}" for y in ys for x, way, _, _ in upright)
    numbers = [
        text((x, middle), i18n.number(value, lang), letters)
        for x, value in _apart(xs, easts, wide)
        for _, _, middle in level
    ] + [
        text((middle, y), i18n.number(value, lang), letters, turn=turn)
        for y, value in _apart(ys, norths, high)
        for _, _, middle, turn in upright
    ]
    line = f'fill="none" stroke="{style.INK}" stroke-width="{0.12 * size:g}"'
    return f'<path d="{crosses}{ticks}" {line}/>{"".join(numbers)}'


def _apart(places: Sequence[float], metres: NDArray[np.int64], long: float) -> list[tuple[float, int]]:
    """Return places along the rim with their numbers, without those at its ends."""
    pairs = zip(places, metres.tolist(), strict=True)
    return [(place, value) for place, value in pairs if _RIM_END_MM <= place <= long - _RIM_END_MM]


def bar_length(frame: Frame, longest: float = _BAR_MM) -> tuple[int, float]:
    """Return how many metres the scale bar shows, and how long it is on paper: a round number, at most `longest`."""
    metres = _round_number(longest * frame.scale / _MM)
    return metres, metres / frame.scale * _MM


def scale_bar(frame: Frame, lang: str, *, longest: float = _BAR_MM, size: float = 1.0) -> str:
    """Return a scale bar on a plate in the lower right corner.

    Args:
        frame: The window.
        lang: "vi" or "en".
        longest: The bar is at most so long, millimetres.
        size: Letters are so many times as large as on a sheet held in the hand.
    """
    long = bar_length(frame, longest)[1]
    x, y = frame.width - long - 7 * size, frame.height - 3.3 * size
    left, top = x - 4 * size, y - 5.2 * size
    plate = f'<rect x="{left:.2f}" y="{top:.2f}" width="{long + 10 * size:.2f}" height="{7.5 * size:.2f}"'
    return f'{plate} fill="#fff" opacity="0.85"/>{bar(frame, lang, (x, y), longest=longest, size=size)}'


def corners(frame: Frame, *, size: float = 1.0) -> list[tuple[float, float, float, float]]:
    """Return what scale bar and north arrow take up: left, top, right, bottom, millimetres."""
    long, wide, high = bar_length(frame)[1], frame.width, frame.height
    return [(wide - long - 11 * size, high - 8.5 * size, wide, high), (wide - 13 * size, 0, wide, 15.2 * size)]


def bar(frame: Frame, lang: str, foot: tuple[float, float], *, longest: float = _BAR_MM, size: float = 1.0) -> str:
    """Return a scale bar of four fields whose lower left corner is `foot`; its numbers stand above it."""
    metres, long = bar_length(frame, longest)
    x, y, high = foot[0], foot[1] - 1.2 * size, 1.2 * size
    fields = "".join(
        f'<rect x="{x + long * number / 4:.3f}" y="{y:.2f}" width="{long / 4:.3f}" height="{high:g}" '
        f'fill="{style.INK if number % 2 == 0 else "#fff"}" stroke="{style.INK}" stroke-width="0.15"/>'
        for number in range(4)
    )
    unit, of = ("km", _MM) if metres >= _MM else ("m", 1)
    numbers = [(0, "0"), (2, i18n.number(metres / 2 / of, lang)), (4, f"{i18n.number(metres / of, lang)} {unit}")]
    return fields + "".join(text((x + long * at / 4, y - 1.7 * size), said, 2.1 * size) for at, said in numbers)


def north_arrow(frame: Frame, lang: str, *, size: float = 1.0) -> str:
    """Return an arrow to grid north on a plate in the upper right corner."""
    x = frame.width - 7 * size
    return (
        f'<g transform="translate({x:.2f} 0) scale({size:g})"><circle cy="9.2" r="6" fill="#fff" opacity="0.85"/>'
        f"{arrow(lang)}</g>"
    )


def arrow(lang: str) -> str:
    """Return an arrow to grid north with its letter, 5.2 mm wide, from 3.5 to 15 mm below (0, 0)."""
    return (
        f'<path d="M0 3.5l2.6 8-2.6-1.7z" fill="{style.INK}"/>'
        f'<path d="M0 3.5l-2.6 8 2.6-1.7z" fill="#fff" stroke="{style.INK}" stroke-width="0.2"/>'
        f"{text((0, 13.6), 'B' if lang == 'vi' else 'N', 2.6)}"
    )


def _round_number(about: float) -> int:
    """Return 1, 2 or 5 times a power of ten, not above `about` and at least 1."""
    power = 10 ** math.floor(math.log10(max(about, 1)))
    return int(max(base * power for base in (1, 2, 5) if base * power <= max(about, 1)))


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
