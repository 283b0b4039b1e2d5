"""Lay out the published uses of a zone as a planned district would have them (EPSG:5899, metres).

Roads on a grid, greenery round the edge, services at the gate, plant at the far end, factories on the blocks between.
The areas are published; the arrangement is invented and marked schematic.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import shapely
from shapely import affinity
from shapely.geometry import LineString, Point, Polygon

from qn_geo.build.placing import PlacingError, bisect, trim
from qn_geo.build.plane import areal, minus, polygons

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shapely.geometry.base import BaseGeometry

# Distance between parallel roads: blocks a factory fits in, at any size of park.
CLOSEST_ROADS_M, WIDEST_ROADS_M = 300.0, 600.0
# Below this share of the zone its road land is one axis, not a grid.
GRID_SHARE = 0.05
# Of land whose use is unpublished, this share is kept as roads between the blocks; the rest is left at the edge.
UNPUBLISHED_ROADS = 0.4
# Less unpublished land than this is not worth a network of its own.
UNPUBLISHED_LEAST = 0.08
WIDEST_ROAD_M = 200.0
# Share of a use that may be lost as crumbs between roads before its area counts as missed.
LOSS = 0.002
MANNERS = ("road", "green", "gate", "far", "lots")


@dataclass(frozen=True)
class Demand:
    """One use to lay out: its key, square metres, and manner: road, green, gate, lots or far."""

    key: str
    area: float
    manner: str


def lay_out(shape: Polygon, gate: Point, demands: Sequence[Demand]) -> dict[str, BaseGeometry]:
    """Return the land of each use inside a shape; together they never exceed it.

    Args:
        shape: The zone.
        gate: Where the zone is entered; services lie towards it.
        demands: Uses whose areas together fit the shape. What they leave stays undrawn.

    Raises:
        PlacingError: The demands do not fit.
    """
    wanted = {manner: [item for item in demands if item.manner == manner] for manner in MANNERS}
    found: dict[str, BaseGeometry] = {}
    free: BaseGeometry = shape
    spare = shape.area - sum(item.area for item in demands)
    roads = sum(item.area for item in wanted["road"])
    if not roads and spare > UNPUBLISHED_LEAST * shape.area:
        roads = UNPUBLISHED_ROADS * spare
        spare -= roads
    if roads:
        network = road_network(shape, roads)
        free = minus(free, network)
        found |= _shared(network, wanted["road"], gate)
    for item in wanted["green"]:
        found[item.key] = edge(free, shape, item.area)
        free = minus(free, found[item.key])
    if spare > UNPUBLISHED_LEAST * shape.area:
        free = minus(free, edge(free, shape, spare))
    for item in wanted["gate"]:
        found[item.key], free = take(free, gate, item.area)
    for item in wanted["far"]:
        found[item.key], free = take(free, opposite(shape, gate), item.area)
    return found | _shared(free, wanted["lots"], gate)


def road_network(shape: Polygon, area: float) -> BaseGeometry:
    """Return a grid of roads along the shape's axes, or only its long axis, that covers `area` of it."""
    lines = grid(shape) if area > GRID_SHARE * shape.area else grid(shape)[:1]

    def roads(width: float) -> BaseGeometry:
        return shapely.union_all(shapely.buffer(lines, width / 2, cap_style="flat")).intersection(shape)

    return areal(roads(bisect(lambda width: roads(width).area, area, 0.0, WIDEST_ROAD_M)))


def grid(shape: Polygon) -> list[LineString]:
    """Return the lines of a road grid through a shape, the long axis first."""
    bearing, centre = axis(shape), shape.centroid
    flat = affinity.rotate(shape, -bearing, origin=centre, use_radians=True)
    west, south, east, north = flat.bounds
    gap = min(max(math.sqrt(shape.area) / 4, CLOSEST_ROADS_M), WIDEST_ROADS_M)
    lines = [LineString([(west, centre.y), (east, centre.y)])]
    lines += [LineString([(west, y), (east, y)]) for y in _rulers(centre.y, south, north, gap) if y != centre.y]
    lines += [LineString([(x, south), (x, north)]) for x in _rulers(centre.x, west, east, gap)]
    return [affinity.rotate(line, bearing, origin=centre, use_radians=True) for line in lines]


def edge(free: BaseGeometry, shape: Polygon, area: float) -> BaseGeometry:
    """Return a belt of even width inside the shape's edge that covers `area` of the free land."""

    def belt(width: float) -> BaseGeometry:
        return minus(free, shape.buffer(-width, join_style="mitre"))

    widest = math.sqrt(shape.area)
    return belt(bisect(lambda width: belt(width).area, area, 0.0, widest))


def take(free: BaseGeometry, towards: Point, area: float) -> tuple[BaseGeometry, BaseGeometry]:
    """Take `area` from the blocks nearest to a point, cutting the last; return what is taken and what is left.

    Raises:
        PlacingError: The free land is smaller than that.
    """
    taken: list[BaseGeometry] = []
    blocks = sorted(polygons(free), key=lambda block: (block.centroid.distance(towards), block.bounds))
    for block in blocks:
        missing = area - sum(part.area for part in taken)
        if missing <= 1.0:
            break
        taken.append(block if block.area <= missing else trim(block, missing, _across(block, towards)))
    land = areal(shapely.union_all(taken))
    if land.area < area * (1 - LOSS):
        raise PlacingError(f"{land.area:.0f} m2 are free where {area:.0f} m2 are needed")
    return land, minus(free, land)


def opposite(shape: Polygon, gate: Point) -> Point:
    """Return the corner of a shape farthest from its gate."""
    return max((Point(corner) for corner in shape.exterior.coords), key=gate.distance)


def axis(shape: BaseGeometry) -> float:
    """Return the direction, in radians, of the long side of the smallest rectangle round a shape."""
    corners = shapely.get_coordinates(shapely.minimum_rotated_rectangle(shape)).tolist()
    (x0, y0), (x1, y1) = max(pairwise(corners), key=lambda side: math.dist(*side))
    return math.atan2(y1 - y0, x1 - x0)


def _across(block: Polygon, towards: Point) -> float:
    """Return the direction along a block's long axis that leads away from a point, so that a cut keeps the near end."""
    bearing, centre = axis(block), block.centroid
    away = (centre.x - towards.x) * math.cos(bearing) + (centre.y - towards.y) * math.sin(bearing)
    return bearing if away >= 0 else bearing + math.pi


def _rulers(middle: float, low: float, high: float, gap: float) -> list[float]:
    """Return positions at even gaps on both sides of the middle, not closer to the ends than half a gap."""
    reach = int((high - low) / gap) + 1
    return [
        middle + step * gap for step in range(-reach, reach + 1) if low + gap / 2 < middle + step * gap < high - gap / 2
    ]


def _shared(land: BaseGeometry, demands: Sequence[Demand], gate: Point) -> dict[str, BaseGeometry]:
    """Divide land among uses of one manner, from the gate on; the last takes what is left."""
    found: dict[str, BaseGeometry] = {}
    for item in demands[:-1]:
        found[item.key], land = take(land, gate, item.area)
    if demands:
        found[demands[-1].key] = land
    return found
