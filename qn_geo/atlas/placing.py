"""Where names may stand: each takes its boxes on paper, or another place, or stays away."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from qn_geo.report import lettering, paper

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from qn_geo.report.paper import Frame

Box = tuple[float, float, float, float]
"""Left, top, right, bottom on paper, millimetres."""
Spot = tuple[float, float, float]
"""Middle of a name on paper, millimetres, and its turn, degrees clockwise."""

_LEADING: Final = 1.12  # from line to line, of the size of the letters
_AIR: Final = 0.25  # round a name, of the size of its letters
_GRID: Final = 6  # places across a large area that are tried beside its middle
_LEFT: Final = 0.05  # an area of which less than this share can be seen apart from others in it has no name
_PIECES: Final = (-0.5, -0.375, -0.25, -0.125, 0, 0.125, 0.25, 0.375, 0.5)  # of a name, under which a line is looked at
_ALONG: Final = (0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8, 0.12, 0.88)


@dataclass(frozen=True)
class Letters:
    """What a name looks like: size in pixels of the screen, colour, weight, slant, and spaces between letters."""

    size: float
    colour: str
    weight: int = 400
    italic: bool = False


@dataclass(frozen=True)
class Name:
    """A name that looks for a place.

    Attributes:
        lines: Its lines.
        letters: What they look like.
        height: Size of the letters, millimetres.
        spots: Where it may stand, the best first.
        rank: Names of a higher rank find room first.
        over: Whether it rather stands over marks than stays away.
        within: Whole name must lie in this area (EPSG:5899), if there is one.
        plate: Colour of the plate it stands on, as numbers of roads do.
        on_lines: Whether it belongs to a line and need not keep off lines.
        apart: How far the same words must stay away, millimetres.
    """

    lines: tuple[str, ...]
    letters: Letters
    height: float
    spots: Sequence[Spot]
    rank: float
    over: bool = False
    within: BaseGeometry | None = None
    plate: str = ""
    apart: float = 0.0
    on_lines: bool = False

    @cached_property
    def extent(self) -> tuple[float, float]:
        """Width and height on paper, millimetres."""
        wide = max(lettering.width(line, self.letters.weight) for line in self.lines) * self.height
        return wide, _LEADING * self.height * len(self.lines)

    def boxes(self, spot: Spot) -> list[Box]:
        """Return what the name takes up at a spot: one box, or where it is turned a row of them."""
        wide, high = self.extent
        x, y, turn = spot
        air = _AIR * self.height
        if not turn:
            return [(x - wide / 2 - air, y - high / 2 - air, x + wide / 2 + air, y + high / 2 + air)]
        count = max(math.ceil(wide / high), 1)
        way = math.cos(math.radians(turn)) * wide, math.sin(math.radians(turn)) * wide
        half = high / 2 + air
        steps = [(number + 0.5) / count - 0.5 for number in range(count)]
        return [
            (x + way[0] * at - half, y + way[1] * at - half, x + way[0] * at + half, y + way[1] * at + half)
            for at in steps
        ]

    def svg(self, spot: Spot) -> str:
        """Return the name at a spot."""
        x, y, turn = spot
        first = y - (len(self.lines) - 1) / 2 * _LEADING * self.height
        look = self.letters
        plate, wide = "", self.extent[0]
        if self.plate:
            high = 1.35 * self.height
            plate = (
                f'<rect x="{x - wide / 2 - 0.4 * self.height:.2f}" y="{y - high / 2:.2f}" rx="{high / 5:.2f}" '
                f'width="{wide + 0.8 * self.height:.2f}" height="{high:.2f}" fill="#fff" stroke="{self.plate}" '
                f'stroke-width="{self.height / 9:.2f}"/>'
            )
        return plate + "".join(
            paper.text(
                (x, first + number * _LEADING * self.height),
                line,
                self.height,
                colour=look.colour,
                weight=look.weight,
                italic=look.italic,
                turn=round(turn, 1),
                rim=not plate,
            )
            for number, line in enumerate(self.lines)
        )


@dataclass
class Room:
    """What is taken on a map already.

    Attributes:
        frame: The window.
        taken: Boxes of names and of what else nothing may cover.
        marks: Boxes of marks, which some names may cover.
        lines: Roads and railways (EPSG:5899), which names rather keep off.
        said: Names that have found their places.
    """

    frame: Frame
    taken: list[Box] = field(default_factory=list)
    marks: list[Box] = field(default_factory=list)
    lines: NDArray[np.object_] = field(default_factory=lambda: np.array([], dtype=object))
    said: list[tuple[tuple[str, ...], Spot]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Prepare the lines for being asked many times."""
        self._lines = shapely.union_all(shapely.clip_by_rect(self.lines, *self.frame.bounds))
        shapely.prepare(self._lines)

    def place(self, name: Name) -> str:
        """Return a name at the first spot that is free, which is then taken; nothing where none is.

        Spots that keep off marks and lines go first, then those that keep off marks, then for some names any.
        """
        found = self._spot(name)
        if found is None:
            return ""
        spot, boxes = found
        self.taken += boxes
        self.said.append((name.lines, spot))
        return name.svg(spot)

    def _spot(self, name: Name) -> tuple[Spot, Sequence[Box]] | None:
        on_line = on_mark = None
        for spot in name.spots:
            boxes = name.boxes(spot)
            if not (self._free(boxes, self.taken) and self._suits(name, spot, boxes)):
                continue
            if not self._free(boxes, self.marks):
                on_mark = on_mark or (spot, boxes)
            elif name.on_lines or not self._crossed(boxes):
                return spot, boxes
            else:
                on_line = on_line or (spot, boxes)
        return on_line or (on_mark if name.over else None)

    def _crossed(self, boxes: Sequence[Box]) -> bool:
        return bool(any(self._lines.intersects(shapely.box(*ground(self.frame, box))) for box in boxes))

    def _free(self, boxes: Sequence[Box], others: Iterable[Box]) -> bool:
        wide, high = self.frame.width, self.frame.height
        if any(box[0] < 0 or box[1] < 0 or box[2] > wide or box[3] > high for box in boxes):
            return False
        return not any(meets(box, other) for other in others for box in boxes)

    def _suits(self, name: Name, spot: Spot, boxes: Sequence[Box]) -> bool:
        if any(lines == name.lines and math.dist(spot[:2], at[:2]) < name.apart for lines, at in self.said):
            return False
        return name.within is None or all(name.within.covers(shapely.box(*ground(self.frame, box))) for box in boxes)


def meets(box: Box, other: Box) -> bool:
    """Tell whether two boxes overlap."""
    return box[0] < other[2] and box[2] > other[0] and box[1] < other[3] and box[3] > other[1]


def ground(frame: Frame, box: Box) -> tuple[float, float, float, float]:
    """Return what lies under a box on paper: west, south, east, north in EPSG:5899."""
    west, _south, _east, north = frame.bounds
    per_mm = frame.scale / 1000
    return west + box[0] * per_mm, north - box[3] * per_mm, west + box[2] * per_mm, north - box[1] * per_mm


def broken(words: str, longest: int) -> tuple[str, ...]:
    """Return words on one line, or on two that are about as long where they are longer than so many letters."""
    gaps = [number for number, letter in enumerate(words) if letter == " "]
    if len(words) <= longest or not gaps:
        return (words,)
    gap = min(gaps, key=lambda number: (abs(number - len(words) / 2), number))
    return words[:gap], words[gap + 1 :]


def in_area(
    frame: Frame,
    shape: BaseGeometry,
    extent: tuple[float, float],
    *,
    beside: bool = False,
    without: BaseGeometry | None = None,
) -> list[Spot]:
    """Return where the name of an area may stand: in the widest part of what is seen of it, near that, beside it.

    Args:
        frame: The window.
        shape: The area, EPSG:5899.
        extent: Width and height of the name, millimetres.
        beside: Whether it may stand beside the area.
        without: What it should keep off, such as smaller areas with names of their own.
    """
    part = shapely.clip_by_rect(shape, *frame.bounds)
    if without is not None:
        left = shapely.difference(part, without)
        part = left if left.area > _LEFT * part.area else shapely.Polygon()
    parts = [piece for piece in shapely.get_parts(part).tolist() if piece.geom_type == "Polygon" and piece.area]
    if not parts:
        return []
    largest = max(parts, key=lambda piece: piece.area)
    tolerance = max(0.3 * frame.scale / 1000, 1.0)
    core = shapely.simplify(largest, tolerance, preserve_topology=False)
    core = core if core.is_valid and not core.is_empty else largest
    circle = shapely.maximum_inscribed_circle(core, tolerance=tolerance)
    x, y = frame.paper(shapely.get_coordinates(circle)[:1])[0].tolist()
    spots = near((x, y), extent)
    if beside:
        corners = frame.paper(np.array(shapely.bounds(largest)).reshape(2, 2)).tolist()
        spots += around((corners[0][0], corners[1][1], corners[1][0], corners[0][1]), extent)
    return spots + _across(frame, core, (x, y))


def near(place: tuple[float, float], extent: tuple[float, float]) -> list[Spot]:
    """Return a place, and others under and over it."""
    x, y = place
    return [(x, y + step * extent[1], 0.0) for step in (0, 0.6, -0.6, 1.2, -1.2)]


def _across(frame: Frame, area: BaseGeometry, middle: tuple[float, float]) -> list[Spot]:
    """Places all over an area, those near its middle first."""
    west, south, east, north = area.bounds
    xs, ys = np.linspace(west, east, _GRID + 2)[1:-1], np.linspace(south, north, _GRID + 2)[1:-1]
    points = np.array([(x, y) for x in xs for y in ys])
    points = points[shapely.contains_xy(area, points)]
    places = [(x, y, 0.0) for x, y in frame.paper(points).tolist()] if len(points) else []
    return sorted(places, key=lambda place: (round(math.dist(place[:2], middle), 1), place))


def around(box: Box, extent: tuple[float, float]) -> list[Spot]:
    """Return the places right, left, above and below a box, then those at its corners."""
    left, top, right, bottom = box
    wide, high = extent
    x, y = (left + right) / 2, (top + bottom) / 2
    air = 0.25 * high + 0.3
    sides = [
        (right + air + wide / 2, y),
        (left - air - wide / 2, y),
        (x, bottom + high / 2 + air),
        (x, top - high / 2 - air),
    ]
    corners = [(right + wide / 2, top), (right + wide / 2, bottom), (left - wide / 2, top), (left - wide / 2, bottom)]
    return [(*place, 0.0) for place in (*sides, *corners)]


def along(frame: Frame, line: BaseGeometry, long: float, *, off: float = 0.0, bend: float = 0.5) -> Iterator[Spot]:
    """Yield where a name of this length may follow a line: its straight pieces, the middle ones first.

    Args:
        frame: The window.
        line: The line, EPSG:5899.
        long: Length of the name, millimetres.
        off: How far above the line it stands, millimetres.
        bend: How far the line may swerve from the straight one under the name, millimetres.
    """
    for part in _longest_first(shapely.clip_by_rect(line, *frame.bounds)):
        on_paper = shapely.LineString(frame.paper(shapely.get_coordinates(part)))
        for share in _ALONG:
            middle = share * on_paper.length
            if middle - long / 2 < 0 or middle + long / 2 > on_paper.length:
                continue
            points = [on_paper.interpolate(middle + share * long).coords[0] for share in _PIECES]
            (x0, y0), (x1, y1) = points[0], points[-1]
            if _bend(points) > bend:
                continue
            turn = math.degrees(math.atan2(y1 - y0, x1 - x0))
            turn = (turn + 90) % 180 - 90  # never upside down
            up = math.radians(turn - 90)
            yield (x0 + x1) / 2 + off * math.cos(up), (y0 + y1) / 2 + off * math.sin(up), turn


def _bend(points: Sequence[tuple[float, ...]]) -> float:
    """Return how far places swerve from the straight line between the first and the last of them."""
    straight = shapely.LineString([points[0], points[-1]])
    return float(shapely.distance(shapely.points(points), straight).max())


def _longest_first(line: Any) -> list[Any]:
    parts = [part for part in shapely.get_parts(line).tolist() if part.geom_type == "LineString" and part.length]
    return sorted(parts, key=lambda part: -part.length)


def on_line(frame: Frame, line: BaseGeometry) -> list[Spot]:
    """Return where the number of a road may stand on it."""
    parts = _longest_first(shapely.clip_by_rect(line, *frame.bounds))
    points = [part.interpolate(share, normalized=True) for part in parts[:2] for share in _ALONG]
    return [(x, y, 0.0) for x, y in frame.paper(shapely.get_coordinates(points)).tolist()]
