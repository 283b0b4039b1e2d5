"""Give a zone of known size and roughly known place a believable outline: angular, along a road or shore, on land.

All work is in EPSG:5899, in metres. Nothing is random: the same input gives the same outline.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shapely import affinity
from shapely.geometry import LineString, Point, Polygon, box
from shapely.ops import substring

from qn_geo.build.plane import polygons

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from shapely.geometry.base import BaseGeometry

# Outlines of parks as they are drawn in plans: mostly rectangular, with a corner given up to a road, river or village.
# Unit squares; the long axis is x.
OUTLINES: dict[str, tuple[tuple[float, float], ...]] = {
    "cut": ((0, 0), (1, 0), (1, 0.72), (0.78, 1), (0, 1)),
    "notch": ((0, 0), (1, 0), (1, 0.68), (0.72, 0.68), (0.72, 1), (0, 1)),
    "wedge": ((0, 0), (0.92, 0), (1, 1), (0.12, 1), (0, 0.86)),
    "step": ((0, 0.16), (0.34, 0.16), (0.34, 0), (1, 0), (1, 0.82), (0.84, 1), (0, 1)),
}
# A clipped outline loses necks and spikes narrower than twice this; nobody lays out a park through them.
NECK_M = 40.0
# Part of a line that gives its direction beside a park.
CHORD_M = 700.0
# Relative error of an area at which bisection stops, well inside the 0.1 % that is promised.
TOLERANCE = 1e-5
# A park pressed against a shore or road may grow to this many times its unclipped outline before the place is given up.
WIDEST_SCALE = 6.0
# What it costs to stand at the edge of the published accuracy, as a share of the outline lying off the ground.
FARNESS = 0.1
_CANDIDATE_RINGS = 6
_BISECTIONS = 60


class PlacingError(ValueError):
    """The land a site is given does not hold the area it needs."""


@dataclass(frozen=True)
class Site:
    """What is known of a place.

    Attributes:
        area: Area to reach, in square metres.
        anchor: The published point, EPSG:5899.
        reach: How far the centre may move from it, in metres.
        ground: Where the outline may lie.
        guides: Roads, railways and shores it may lie along.
        outline: Key of `OUTLINES`.
        aspect: Length over width before it is fitted to the ground.
        bearing: Direction of the long axis in radians; None takes it from the nearest guide.
    """

    area: float
    anchor: Point
    reach: float
    ground: BaseGeometry
    guides: Sequence[LineString]
    outline: str = "cut"
    aspect: float = 1.4
    bearing: float | None = None


def place(site: Site) -> Polygon:
    """Return an outline of exactly the site's area, within 0.01 %, on its ground.

    Raises:
        PlacingError: The ground within reach is too small.
    """
    span = 3.0 * math.sqrt(site.area * site.aspect)
    ground = without_necks(site.ground.intersection(site.anchor.buffer(site.reach + span)))
    centre, plot = _best_centre(site, [part for part in polygons(ground) if part.area >= site.area])
    bearing = site.bearing if site.bearing is not None else direction(centre, site.guides)
    blank = _blank(site, centre, bearing)

    def fitted(scale: float) -> Polygon:
        return max_part(without_necks(affinity.scale(blank, scale, scale, origin=centre).intersection(plot)))

    scale = _smallest(lambda s: fitted(s).area, site.area, 1.0, WIDEST_SCALE)
    return trim(fitted(scale), site.area, bearing)


def direction(place: Point, guides: Sequence[LineString]) -> float:
    """Return the direction in radians of the guide nearest to a point, zero (due east) where there is none."""
    if not guides:
        return 0.0
    guide = min(guides, key=place.distance)
    along = guide.project(place)
    chord = substring(guide, max(0.0, along - CHORD_M), min(guide.length, along + CHORD_M))
    (x0, y0), (x1, y1) = chord.coords[0], chord.coords[-1]
    return math.atan2(y1 - y0, x1 - x0)


def trim(shape: BaseGeometry, area: float, bearing: float) -> Polygon:
    """Cut a shape squarely across its axis so that exactly `area` square metres remain.

    Raises:
        PlacingError: The shape is smaller than that.
    """
    if shape.area < area * (1 - TOLERANCE):
        raise PlacingError(f"{shape.area:.0f} m2 do not hold {area:.0f} m2")
    origin = shape.centroid
    flat = affinity.rotate(shape, -bearing, origin=origin, use_radians=True)
    west, south, east, north = flat.bounds

    def kept(at: float) -> Polygon:
        return max_part(flat.intersection(box(west - 1, south - 1, at, north + 1)))

    at = _smallest(lambda value: kept(value).area, area, west, east)
    return max_part(affinity.rotate(kept(at), bearing, origin=origin, use_radians=True))


def without_necks(shape: BaseGeometry, width: float = NECK_M) -> BaseGeometry:
    """Return a shape without its parts narrower than twice `width` metres (a morphological opening)."""
    opened = shape.buffer(-width, join_style="mitre").buffer(width, join_style="mitre", mitre_limit=2.5)
    return opened.intersection(shape)


def max_part(shape: BaseGeometry) -> Polygon:
    """Return the largest polygon of a geometry, an empty one where there is none."""
    parts = polygons(shape)
    return parts[0] if parts else Polygon()


def bisect(measure: Callable[[float], float], target: float, low: float, high: float) -> float:
    """Return the value between `low` and `high` at which a rising measure first reaches its target."""
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        reached = measure(middle)
        if reached < target:
            low = middle
        else:
            high = middle
            if reached <= target * (1 + TOLERANCE):
                break
    return high


def _smallest(measure: Callable[[float], float], target: float, low: float, high: float) -> float:
    if measure(high) < target * (1 - TOLERANCE):
        raise PlacingError(f"at most {measure(high):.0f} m2 where {target:.0f} m2 are needed")
    return bisect(measure, target, low, high)


def _blank(site: Site, centre: Point, bearing: float) -> Polygon:
    unit = Polygon(OUTLINES[site.outline])
    wide = math.sqrt(site.area * site.aspect / unit.area)
    sized = affinity.scale(unit, wide, wide / site.aspect, origin=(0, 0))
    turned = affinity.rotate(sized, bearing, origin=(0, 0), use_radians=True)
    middle = turned.centroid
    return affinity.translate(turned, centre.x - middle.x, centre.y - middle.y)


def _best_centre(site: Site, plots: Sequence[Polygon]) -> tuple[Point, Polygon]:
    """Return the centre, and the piece of ground, on which the unscaled outline lies best; near ones are preferred."""
    if not plots:
        raise PlacingError(f"no piece of ground within reach holds {site.area:.0f} m2")
    best, best_score = (site.anchor, plots[0]), -math.inf
    for centre in _candidates(site):
        bearing = site.bearing if site.bearing is not None else direction(centre, site.guides)
        blank = _blank(site, centre, bearing)
        away = FARNESS * centre.distance(site.anchor) / max(site.reach, 1.0)
        for plot in plots:
            score = blank.intersection(plot).area / site.area - away
            if score > best_score + 1e-9:
                best, best_score = (centre, plot), score
    return best


def _candidates(site: Site) -> list[Point]:
    found = [site.anchor]
    for ring in range(1, _CANDIDATE_RINGS + 1):
        distance = site.reach * ring / _CANDIDATE_RINGS
        for step in range(6 * ring):
            angle = 2 * math.pi * step / (6 * ring)
            found.append(Point(site.anchor.x + distance * math.cos(angle), site.anchor.y + distance * math.sin(angle)))
    return found
