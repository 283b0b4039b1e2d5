"""Invent a believable subdivision of an industrial park: roads, greenery, rows of lots (plane metres)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from qn_geo.build.coverage import Parcel, polygons, settle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LOT = "lot"
ROAD = "road"
GREEN = "green"
TECHNICAL = "technical"
SERVICE = "service"

# Offcuts thinner than this stretch along a road or the shore and cannot hold a factory: they become greenery.
_THINNEST_M = 12.0
# Share of cross streets left out within a strip, which makes longer blocks for larger tenants.
_DROPPED = 0.3
# A strip this small is not worth a cut.
_HAIR_M2 = 400.0
# What a cut leaves is at least this share of the smallest lot.
_REMAINDER = 0.7


@dataclass(frozen=True)
class Dimensions:
    """How large things are in one kind of park: metres, lot sizes in square metres."""

    depth: float
    lot: float
    smallest: float
    largest: float
    block: float
    main: float
    collector: float
    street: float

    def scaled(self, factor: float) -> Dimensions:
        """Return the same park with all road widths multiplied by `factor`."""
        return replace(self, main=self.main * factor, collector=self.collector * factor, street=self.street * factor)


@dataclass(frozen=True)
class Programme:
    """Areas to reach in one park, in square metres; their sum is the area of the park."""

    lettable: float
    road: float
    green: float
    technical: float
    service: float

    def times(self, factor: float) -> Programme:
        """Return the same programme for a part of the park."""
        return Programme(
            self.lettable * factor,
            self.road * factor,
            self.green * factor,
            self.technical * factor,
            self.service * factor,
        )


@dataclass(frozen=True)
class _Layout:
    """A trial: what is inside the rim, cut into roads, lots and offcuts."""

    rim: list[Polygon]
    roads: list[Polygon]
    lots: list[Polygon]
    offcuts: list[Polygon]


@dataclass(frozen=True)
class _Grid:
    """Centre lines in the park's own frame (u along, v across) that stay fixed while road widths are tuned."""

    rows: tuple[float, ...]
    main_row: int
    columns: tuple[float, ...]
    main_column: int
    dropped: frozenset[tuple[int, int]]
    gate_is_right: bool


def subdivide(
    park: Polygon, programme: Programme, dimensions: Dimensions, gate: Point, rng: np.random.Generator
) -> list[Parcel]:
    """Cut `park` (plane metres) into parcels that cover it; the lots sum to `programme.lettable`.

    The main axis follows the longer side of the minimum rotated rectangle and opens towards `gate`. Raises ValueError
    where the park cannot hold the programme.
    """
    angle, origin = _axis(park), park.centroid
    local = affinity.rotate(park, -angle, origin=origin)
    grid = _grid(local, dimensions, affinity.rotate(gate, -angle, origin=origin), rng)
    layout = _fit(local, programme, dimensions, grid, int(rng.integers(2**31)))
    entrance = _entrance(local, grid)
    # The green heart lies beside the main crossing, not astride it, so that the lots it takes join into one park.
    heart = Point(grid.columns[grid.main_column] + dimensions.block / 3, grid.rows[grid.main_row] + dimensions.depth)
    parcels = _assign(layout, programme, dimensions, heart, entrance)
    turned = [replace(p, geometry=affinity.rotate(p.geometry, angle, origin=origin)) for p in parcels]
    return settle(turned, park)


def _axis(park: Polygon) -> float:
    """Angle in degrees of the longer side of the minimum rotated rectangle."""
    corners = shapely.get_coordinates(park.minimum_rotated_rectangle)
    sides = np.diff(corners[:3], axis=0)
    longest = sides[int(np.argmax(np.hypot(sides[:, 0], sides[:, 1])))]
    angle = float(np.degrees(np.arctan2(longest[1], longest[0])))
    return (angle + 90.0) % 180.0 - 90.0


def _grid(local: Polygon, size: Dimensions, gate: Point, rng: np.random.Generator) -> _Grid:
    """Place roads: parallel ones two lot depths apart, cross streets a block apart."""
    left, low, right, high = local.bounds
    count = max(1, round((high - low) / (2 * size.depth + size.collector)))
    step = (high - low) / count
    rows = tuple(low + step * (i + 0.5) for i in range(count))
    main_row = int(np.argmin([abs(v - local.centroid.y) for v in rows]))
    crossings = max(1, round((right - left) / size.block))
    stride = (right - left) / crossings
    wobble = rng.uniform(-0.12, 0.12, crossings) * stride
    columns = tuple(left + stride * (i + 0.5) + wobble[i] for i in range(crossings))
    main_column = int(np.argmin([abs(u - local.centroid.x) for u in columns]))
    dropped = {
        (strip, column)
        for strip in range(count + 1)
        for column in range(crossings)
        if column != main_column and rng.random() < _DROPPED
    }
    return _Grid(rows, main_row, columns, main_column, frozenset(dropped), gate.x > local.centroid.x)


def _entrance(local: Polygon, grid: _Grid) -> Point:
    """Where the main axis leaves the park."""
    left, _, right, _ = local.bounds
    v = grid.rows[grid.main_row]
    axis = local.intersection(LineString([(left, v), (right, v)]))
    ends = axis.bounds if not axis.is_empty else local.bounds
    return Point(ends[2] if grid.gate_is_right else ends[0], v)


def _fit(local: Polygon, programme: Programme, size: Dimensions, grid: _Grid, seed: int) -> _Layout:
    """Tune rim depth and road widths until roads and greenery have their share and the lots fit."""
    rim_area, road_area = 0.75 * programme.green, programme.road
    # Service and technical parcels are whole lots, each sum up to half a lot too large.
    halves = sum(size.lot / 2 for area in (programme.technical, programme.service) if area)
    need = programme.lettable + programme.technical + programme.service + halves
    for _ in range(12):
        inner = _inside(local, rim_area)
        width = _width(inner, road_area, size, grid)
        layout = _lay_out(local, inner, size.scaled(width), grid, np.random.default_rng(seed))
        lack = need - sum(lot.area for lot in layout.lots)
        if lack <= 0:
            return layout
        green_part = rim_area / max(rim_area + road_area, 1.0)
        rim_area = max(0.0, rim_area - 1.05 * lack * green_part)
        road_area = max(0.0, road_area - 1.05 * lack * (1 - green_part))
    raise ValueError(f"lots of {need / 1e4:.1f} ha do not fit into {local.area / 1e4:.1f} ha")


def _width(inner: Polygon, road_area: float, size: Dimensions, grid: _Grid) -> float:
    """Return the factor on all road widths that gives roads the wanted area."""
    return _bisect(lambda factor: _road_area(inner, size.scaled(factor), grid), road_area, 0.1, 3.0)


def _bisect(measure: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Return where the growing function `measure` reaches `target`, within low..high."""
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if measure(middle) < target else (low, middle)
    return (low + high) / 2


def _inside(local: Polygon, rim_area: float) -> Polygon:
    """Take a rim of the given area off the park; the inner edge is straightened, as surveyors would stake it."""
    if rim_area <= 0:
        return local

    def inner(width: float) -> Polygon:
        shrunk = local.buffer(-width, join_style="mitre").simplify(width).intersection(local)
        return max(polygons(shrunk), key=lambda part: part.area, default=Polygon())

    reach = rim_area / local.length
    return inner(_bisect(lambda width: local.area - inner(width).area, rim_area, 0.0, 4 * reach))


def _cells(local: Polygon, size: Dimensions, grid: _Grid) -> Iterator[tuple[Polygon, int]]:
    """Yield the rectangles between roads with the number of lot rows in each (back to back between two roads)."""
    left, low, right, high = local.bounds
    halves = [(size.main if i == grid.main_row else size.collector) / 2 for i in range(len(grid.rows))]
    edges = [low, *(e for v, w in zip(grid.rows, halves, strict=True) for e in (v - w, v + w)), high]
    for strip in range(len(grid.rows) + 1):
        bottom, top = edges[2 * strip], edges[2 * strip + 1]
        start = left
        for i, u in enumerate(grid.columns):
            if (strip, i) in grid.dropped:
                continue
            half = (size.main if i == grid.main_column else size.street) / 2
            yield box(start, bottom, u - half, top), 1 if strip in (0, len(grid.rows)) else 2
            start = u + half
        yield box(start, bottom, right, top), 1 if strip in (0, len(grid.rows)) else 2


def _road_area(inner: Polygon, size: Dimensions, grid: _Grid) -> float:
    """Area in square metres left to roads by the cells."""
    cells = MultiPolygon([cell for cell, _ in _cells(inner, size, grid)])
    return float(inner.area - inner.intersection(cells).area)


def _lay_out(local: Polygon, inner: Polygon, size: Dimensions, grid: _Grid, rng: np.random.Generator) -> _Layout:
    """Cut the park for one choice of rim and widths."""
    lots: list[Polygon] = []
    offcuts: list[Polygon] = []
    cells = list(_cells(inner, size, grid))
    for cell, rows in cells:
        left, low, right, high = cell.bounds
        target = float(np.clip(size.lot * rng.lognormal(0.0, 0.35), 1.2 * size.smallest, 0.85 * size.largest))
        for i in range(rows):
            step = (high - low) / rows
            row = inner.intersection(box(left, low + i * step, right, low + (i + 1) * step))
            for part in polygons(row):
                for piece in _cut(part, target, rng):
                    (lots if _buildable(piece, size) else offcuts).append(piece)
    roads = _roads(local, inner, size, grid, MultiPolygon([cell for cell, _ in cells]))
    rim = polygons(shapely.difference(shapely.difference(local, inner), shapely.union_all(roads)))
    return _Layout(rim, roads, *_absorb(lots, offcuts, size))


def _buildable(piece: Polygon, size: Dimensions) -> bool:
    """Whether a factory fits: large enough and not a splinter."""
    return bool(piece.area >= 0.5 * size.smallest and not piece.buffer(-0.18 * size.depth).is_empty)


def _absorb(lots: list[Polygon], offcuts: list[Polygon], size: Dimensions) -> tuple[list[Polygon], list[Polygon]]:
    """Give small offcuts to the lot they share the longest side with; the others stay offcuts."""
    kept: list[Polygon] = []
    for piece in offcuts:
        sides = [(piece.intersection(lot).length, i) for i, lot in enumerate(lots) if piece.distance(lot) == 0]
        longest, i = max(sides, default=(0.0, -1))
        merged = shapely.union(lots[i], piece) if longest > _THINNEST_M else None
        if isinstance(merged, Polygon) and merged.area <= 1.3 * size.largest:
            lots[i] = merged
        else:
            kept.append(piece)
    return lots, kept


def _cut(part: Polygon, target: float, rng: np.random.Generator) -> list[Polygon]:
    """Cut a row across into lots of about `target` square metres, none quite like its neighbour."""
    count = max(1, round(part.area / target))
    shares = np.cumsum(rng.uniform(0.85, 1.15, count))
    rest: Any = part
    pieces: list[Any] = []
    for share in shares[:-1] / shares[-1]:
        wanted = share * part.area - sum(p.area for p in pieces)
        piece, rest = slice_off(rest, wanted)
        pieces.append(piece)
    return [p for piece in [*pieces, rest] for p in polygons(piece)]


def slice_off(part: Any, area: float) -> tuple[Any, Any]:
    """Return the left `area` square metres of a shape and what remains of it."""
    left, low, right, high = part.bounds
    u = _bisect(lambda x: part.intersection(box(left, low, x, high)).area, area, left, right)
    return part.intersection(box(left - 1, low, u, high)), part.intersection(box(u, low, right + 1, high))


def _roads(local: Polygon, inner: Polygon, size: Dimensions, grid: _Grid, cells: MultiPolygon) -> list[Polygon]:
    """Road reserves one by one: the main axis out to the gate, the main cross road, collectors, streets."""
    left, low, right, high = local.bounds
    v, half = grid.rows[grid.main_row], size.main / 2
    u = grid.columns[grid.main_column]
    ends = (u, right) if grid.gate_is_right else (left, u)
    spine = local.intersection(box(ends[0], v - half, ends[1], v + half))
    area = shapely.union(shapely.difference(inner, cells), spine)
    order = [box(left, v - half, right, v + half), box(u - half, low, u + half, high)]
    order += [box(left, r - size.collector / 2, right, r + size.collector / 2) for r in grid.rows]
    order += [box(c - size.street / 2, low, c + size.street / 2, high) for c in grid.columns]
    reserves: list[Polygon] = []
    for strip in order:
        reserves += polygons(shapely.intersection(area, strip))
        area = shapely.difference(area, strip)
    return reserves + polygons(area)


def _assign(layout: _Layout, programme: Programme, size: Dimensions, heart: Point, entrance: Point) -> list[Parcel]:
    """Say what each piece is for: service by the gate, technical works at the far end, a green heart, the rest lots."""
    lots = list(layout.lots)
    service, lots = _take(lots, programme.service, lambda p: p.distance(entrance))
    technical, lots = _take(lots, programme.technical, lambda p: -p.centroid.distance(entrance))
    spare = sum(lot.area for lot in lots) - programme.lettable
    # Here the last lot is cut, or the lots would not sum to the published area.
    taken, lots = _take(lots, spare, lambda p: p.centroid.distance(heart), size)
    green = polygons(shapely.union_all(taken))
    rim = [p for piece in layout.rim + layout.offcuts for p in _quarter(piece, heart)]
    groups = [(LOT, lots), (ROAD, layout.roads), (GREEN, green + rim), (TECHNICAL, technical), (SERVICE, service)]
    return [Parcel(p, use, p.centroid.distance(entrance)) for use, pieces in groups for p in pieces]


def _take(
    lots: list[Polygon], area: float, order: Callable[[Polygon], float], cut: Dimensions | None = None
) -> tuple[list[Polygon], list[Polygon]]:
    """Take about `area` square metres of whole lots in the given order; with `cut`, exactly that, cutting the last.

    What a cut leaves must still be a lot, so it goes through the first lot that is large enough, or through two.
    """
    taken: list[Polygon] = []
    queue = sorted(lots, key=order)
    left = area
    while queue and left >= queue[0].area / (1 if cut else 2):
        taken.append(queue.pop(0))
        left -= taken[-1].area
    while cut and queue and left > _HAIR_M2:
        portion = left
        while not (roomy := [i for i, lot in enumerate(queue) if lot.area - portion >= _REMAINDER * cut.smallest]):
            portion /= 2
        piece, rest = slice_off(queue.pop(roomy[0]), portion)
        taken += polygons(piece)
        queue += polygons(rest)
        left -= portion
    return taken, queue


def _quarter(piece: Polygon, centre: Point) -> list[Polygon]:
    """Cut the rim along both axes through `centre`, so that no green parcel runs all the way round."""
    left, low, right, high = piece.bounds
    u, v = min(max(centre.x, left), right), min(max(centre.y, low), high)
    corners = [box(left, low, u, v), box(u, low, right, v), box(left, v, u, high), box(u, v, right, high)]
    return [p for corner in corners for p in polygons(shapely.intersection(piece, corner))]
