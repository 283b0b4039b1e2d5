"""Which plots may overlap or gape, found from their edges alone: in a clean coverage neighbours share every edge.

Walk over the map and count the plots above each point: the count changes only at edges that are not shared by exactly
two plots from opposite sides. So wherever plots overlap, the patch of overlap is fenced by unshared edges, and only
the plots with such edges need the geometry library's much slower look, and from there those that overlap them. In a
clean park with roads that is everything along the roads; in a clean cadastral sheet only its rim.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely

from qn_geo.rules.batch import first_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qn_geo.rules.batch import Batch, Corners

# Drawn anew by every process: whoever knew them could place a corner that is taken for another one.
_ODD, _STIR = (np.uint64(secrets.randbits(64) | 1) for _each in range(2))
_HALF: Final = np.uint64(32)
_SIDES: Final = 2
_FEW_CORNERS: Final = 9  # with the first counted twice
_NOTHING_M2: Final = 1e-6
_PARALLEL_SIN: Final = 0.26  # 15°: edges that face each other across a gap run nearly side by side


class Edges(NamedTuple):
    """Edges that are not shared by two plots, each with its plot on the left when walked from start to end.

    Attributes:
        start: x east, y north of the start, one row an edge.
        end: The same of the end.
        owner: Position of the plot among the valid ones.
    """

    start: NDArray[np.float64]
    end: NDArray[np.float64]
    owner: NDArray[np.intp]


class Gaps(NamedTuple):
    """Strips between pairs of plots.

    Attributes:
        pairs: Positions of both plots among the valid ones, one row a strip, the lower first.
        strips: The strips as polygons.
        lengths: How long each strip is, in metres.
    """

    pairs: NDArray[np.intp]
    strips: NDArray[np.object_]
    lengths: NDArray[np.float64]


def unshared(corners: Corners) -> Edges:
    """Return the edges that do not have exactly one twin running the other way."""
    first = corners.edges
    points = _mixed(corners.points + 0.0)  # -0.0 becomes 0.0
    start, end = points[first], points[first + 1]
    first, start, end = (edges[start != end] for edges in (first, start, end))  # a repeated corner is no edge
    if not len(first):
        return Edges(corners.points[first], corners.points[first], first)
    # Turned so that the plot lies on the left, whichever way its ring was drawn.
    turned = (_signed_areas(corners) > 0) != corners.outer
    against = turned[corners.ring[first]]
    keys = start + end  # the same for both directions
    order = np.argsort(keys)
    changes = first_of(keys[order])
    direction = np.where((start > end) != against, -1, 1)[order]
    counts = np.diff(np.r_[changes, len(keys)])
    shared = (np.add.reduceat(direction, changes) == 0) & (counts == _SIDES)
    single = np.sort(order[np.repeat(~shared, counts)])
    swap, first = against[single], first[single]
    return Edges(
        corners.points[first + swap] + 0.0, corners.points[first + ~swap] + 0.0, corners.shape[corners.ring[first]]
    )


def overlapping(batch: Batch, start: NDArray[np.intp]) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
    """Return all pairs of plots whose insides meet, and what they have in common.

    Args:
        batch: The plots.
        start: Plots on the rim of every overlap. From there the search goes on to plots that overlap those found,
            until there are no more: within an overlap of two whole layers, most pairs have no edge on its rim.

    Returns:
        Positions among the valid plots, one row a pair with the lower first, and the common parts.
    """
    shapes, tree = batch.shapes, batch.tree
    before, now = np.zeros((2, len(shapes)), dtype=bool)  # looked at in an earlier round, and in this one
    pairs, parts, ahead = [np.zeros((0, 2), dtype=np.intp)], [np.zeros(0, dtype=object)], start
    while len(ahead):
        one, other = tree.query(shapes[ahead])
        one = ahead[one]
        now[ahead] = True
        # A pair of two plots looked at in this round comes twice; one with a plot of an earlier round is done.
        fresh = (one != other) & ~before[other] & ~(now[other] & (other < one))
        one, other = one[fresh], other[fresh]
        near = ~_apart(batch.corners, one, other)
        one, other = one[near], other[near]
        common = shapely.intersection(shapes[one], shapes[other])
        meet = shapely.area(common) > 0
        one, other = one[meet], other[meet]
        pairs.append(np.sort(np.column_stack([one, other]), axis=1))
        parts.append(common[meet])
        before, now = before | now, np.zeros_like(now)
        ahead = np.unique(other[~before[other]])
    return np.concatenate(pairs), np.concatenate(parts)


def _apart(corners: Corners, one: NDArray[np.intp], other: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Tell which pairs an edge of either keeps apart, drawn on as a straight line; neighbours nearly always are.

    Only plots of one ring with few corners are judged: the others are for the geometry library.
    """
    looked, places = np.unique(np.concatenate([one, other]), return_inverse=True)
    one, other = np.split(places, 2)
    rings = _short_rings(corners, looked)
    found = np.zeros(len(one), dtype=bool)
    for step in range(rings.shape[1] - 1):
        start = rings[:, step, None]
        along = rings[:, step + 1, None] - start
        own = _cross(along, rings - start)
        low, high = own.min(axis=1), own.max(axis=1)
        side = np.where(high > -low, 1.0, -1.0)  # of the plot itself, seen from the edge
        outer = np.minimum(-low, high) <= _NOTHING_M2
        outer &= np.maximum(-low, high) > _NOTHING_M2  # else it is no edge but a repeated corner
        for mine, theirs in ((one, other), (other, one)):
            open_ = np.flatnonzero(~found & outer[mine])
            at, beyond = mine[open_], rings[theirs[open_]]
            across = _cross(along[at], beyond - start[at]) * side[at, None]
            found[open_] = across.max(axis=1) <= _NOTHING_M2
    return found


def _short_rings(corners: Corners, looked: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return the corners of plots, the last repeated where a ring has fewer than others; NaN for intricate plots."""
    starts = first_of(corners.ring)
    lengths = np.diff(np.r_[starts, len(corners.points)])
    short = (np.bincount(corners.shape)[corners.shape] == 1) & (lengths <= _FEW_CORNERS)
    ring = np.full(len(corners.shape), -1)
    ring[corners.shape[short]] = np.flatnonzero(short)
    ring = ring[looked]
    known = ring >= 0
    most = int(lengths[ring[known]].max(initial=2))
    rings = np.full((len(looked), most, 2), np.nan)
    place = np.minimum(np.arange(most), lengths[ring[known], None] - 1) + starts[ring[known], None]
    rings[known] = corners.points[place]
    return rings


def gaping(edges: Edges, width: float) -> Gaps:
    """Return the strips between unshared edges of different plots that face each other within a width.

    Args:
        edges: Unshared edges.
        width: Widest strip that counts as a gap, in metres.
    """
    start, end, owner = edges
    lines: Any = shapely.linestrings(np.stack([start, end], axis=1))
    one, other = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=width)
    apart = (one < other) & (owner[one] != owner[other])
    one, other = one[apart], other[apart]
    along = end[one] - start[one]
    length = np.hypot(along[:, 0], along[:, 1])
    along = along / length[:, None]
    theirs = end[other] - start[other]
    reach = np.hypot(theirs[:, 0], theirs[:, 1])
    # Two plots left of their edges, face to face, walk in opposite directions.
    facing = ((along * theirs).sum(axis=1) < 0) & (np.abs(_cross(along, theirs)) < _PARALLEL_SIN * reach)
    one, other, along, length = one[facing], other[facing], along[facing], length[facing]
    return _strips(start[one], along, length, start[other], end[other], owner[one], owner[other], width)


def _strips(  # noqa: PLR0913, PLR0917 - the parts of two lists of edges
    origin: NDArray[np.float64],
    along: NDArray[np.float64],
    length: NDArray[np.float64],
    their_start: NDArray[np.float64],
    their_end: NDArray[np.float64],
    owner: NDArray[np.intp],
    their_owner: NDArray[np.intp],
    width: float,
) -> Gaps:
    """The quadrangles between pairs of edges where the second lies outwards of the first."""
    outward = np.column_stack([along[:, 1], -along[:, 0]])

    def seen(point: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        away = point - origin
        return (away * along).sum(axis=1), (away * outward).sum(axis=1)

    near_at, near_off = seen(their_end)  # they walk the other way
    far_at, far_off = seen(their_start)
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.nan_to_num((far_off - near_off) / (far_at - near_at), posinf=0.0, neginf=0.0)
        base = near_off - slope * near_at
        zero = -base / slope
    low, high = np.maximum(near_at, 0.0), np.minimum(far_at, length)
    # Where they come to lie further apart than the width, this is no gap but the corner of something wider.
    furthest = np.maximum(base + slope * low, base + slope * high)
    # Where the second crosses the first, the strip ends.
    low = np.where(slope > 0, np.fmax(low, zero), low)
    high = np.where(slope < 0, np.fmin(high, zero), high)
    there = (high > low) & (furthest > 0) & (furthest <= width)
    low, high, base, slope = low[there], high[there], base[there], slope[there]
    origin, along, outward = origin[there], along[there], outward[there]

    def at(where: NDArray[np.float64], off: NDArray[np.float64]) -> Any:
        return origin + along * where[:, None] + outward * off[:, None]

    nothing = np.zeros(len(low))
    rings = np.stack(
        [at(low, nothing), at(low, base + slope * low), at(high, base + slope * high), at(high, nothing)], 1
    )
    pairs = np.sort(np.column_stack([owner[there], their_owner[there]]), axis=1)
    return Gaps(pairs, np.asarray(shapely.polygons(rings)), high - low)


def _cross(one: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    product: NDArray[np.float64] = one[..., 0] * other[..., 1] - one[..., 1] * other[..., 0]
    return product


def _signed_areas(corners: Corners) -> NDArray[np.float64]:
    """Area of each ring, positive when it runs counter-clockwise."""
    starts = first_of(corners.ring)
    # Relative to the ring's first corner: map coordinates are so large that their products lose centimetres.
    points = corners.points - corners.points[starts][corners.ring]
    doubled = np.zeros(len(corners.points))
    doubled[:-1] = _cross(points[:-1], points[1:])  # from one ring to the next: to its first corner, which is 0
    return np.add.reduceat(doubled, starts) / 2 if len(starts) else doubled


def _mixed(points: NDArray[np.float64]) -> NDArray[np.uint64]:
    """One 64-bit number for each row; equal rows have equal numbers, others practically never, also by intent.

    Stirred until the sums of two are as different as the numbers: of a grid, many pairs of points have the same middle.
    """
    bits = np.ascontiguousarray(points).view(np.uint64)
    mixed = np.zeros(len(bits), dtype=np.uint64)
    for column in (bits[:, 0], bits[:, 1], _STIR):
        mixed = (mixed ^ column) * _ODD
        mixed ^= mixed >> _HALF
    return mixed
