"""QN-GEO, plots among each other: overlaps, gaps and slivers, the worst pair first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from qn_geo.rules import seams
from qn_geo.rules.batch import first_of, mean_width
from qn_geo.rules.finding import Finding
from qn_geo.rules.wording import Both, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from qn_geo.rules.batch import Batch
    from qn_geo.rules.reference import Context
    from qn_geo.rules.registry import Rule


@dataclass(frozen=True, slots=True)
class _Spots:
    """Places where pairs of plots overlap or gape, the largest first.

    Attributes:
        pairs: Positions of both plots in the frame, one row a place.
        shapes: The places.
        areas: Their areas in m².
        widths: Their mean widths in metres.
    """

    pairs: NDArray[np.intp]
    shapes: NDArray[np.object_]
    areas: NDArray[np.float64]
    widths: NDArray[np.float64]

    def where(self, wanted: NDArray[np.bool_]) -> _Spots:
        """Return some of the places."""
        return _Spots(self.pairs[wanted], self.shapes[wanted], self.areas[wanted], self.widths[wanted])


def _overlaps_of(batch: Batch, context: Context) -> _Spots:
    """Return every overlap that is more than rounding; measured once a run."""
    return batch.once("overlaps", lambda: _worth(_overlaps(batch, np.unique(_edges(batch).owner)), context))


def _gaps_of(batch: Batch, context: Context) -> _Spots:
    """Return every narrow gap that is more than rounding; measured once a run."""
    width = context.rules["QN-GEO-011"].number("gap_width_m")
    return batch.once("gaps", lambda: _worth(_gaps(batch, seams.gaping(_edges(batch), width)), context))


def _edges(batch: Batch) -> seams.Edges:
    return batch.once("unshared edges", lambda: seams.unshared(batch.corners))


def _worth(spots: _Spots, context: Context) -> _Spots:
    noise = context.rules["QN-GEO-011"].number("noise_width_m")
    least = context.rules["QN-GEO-010"].value("rounding", context.on, 0) / 2  # half of what areas are rounded to
    return spots.where((spots.areas >= least) & (spots.widths >= noise))


def overlap(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Overlaps wider than the position tolerance of the map."""
    del rule
    limit, beyond = tolerance(context), _beyond(context)
    found = _overlaps_of(batch, context)
    for pair, shape, area, width in _each(found.where(found.widths > limit)):
        shown, wide = number(area), number(width)
        yield Finding(
            pair,
            f"Hai lô chồng lên nhau {shown.vi} m², rộng trung bình {wide.vi} m{beyond.vi}.",
            f"Two plots overlap by {shown.en} m², {wide.en} m wide on average{beyond.en}.",
            measure=area,
            unit="m2",
            shape=shape,
        )


def gap(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Narrow strips between plots that are wider than the position tolerance."""
    del rule
    limit, beyond = tolerance(context), _beyond(context)
    found = _gaps_of(batch, context)
    for pair, shape, area, width in _each(found.where(found.widths > limit)):
        shown, wide = number(area), number(width)
        yield Finding(
            pair,
            f"Giữa hai lô có khe hở {shown.vi} m², rộng trung bình {wide.vi} m{beyond.vi}.",
            f"Between two plots is a gap of {shown.en} m², {wide.en} m wide on average{beyond.en}.",
            measure=area,
            unit="m2",
            shape=shape,
        )


def sliver(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Overlaps and gaps no wider than the position tolerance."""
    del rule
    limit = tolerance(context)
    most = number(limit * 100)
    overlaps, gaps = _overlaps_of(batch, context), _gaps_of(batch, context)
    kinds = ((overlaps, "chồng nhau", "overlap by"), (gaps, "hở nhau", "are apart by"))
    for spots, vi, en in kinds:
        for pair, shape, area, width in _each(spots.where(spots.widths <= limit)):
            shown, wide = number(area), number(width * 100)
            yield Finding(
                pair,
                f"Hai lô {vi} một mảnh vụn {shown.vi} m², rộng {wide.vi} cm, không quá sai số vị trí {most.vi} cm.",
                f"Two plots {en} a sliver of {shown.en} m², {wide.en} cm wide, within the tolerance of {most.en} cm.",
                measure=width,
                unit="m",
                limit=limit,
                shape=shape,
            )


def tolerance(context: Context) -> float:
    """Return the position tolerance of a boundary point at the scale of the map, in metres; 0 when none is known."""
    return context.rules["QN-GEO-012"].value(f"scale-{context.scale}", context.on, 0) / 100


def _beyond(context: Context) -> Both:
    """Say what a width was held against: the place is measured in m², so its limit cannot tell."""
    most = number(tolerance(context) * 100)
    if most.vi == "0":
        return Both("", "")
    return Both(f", quá sai số vị trí {most.vi} cm", f", beyond the tolerance of {most.en} cm")


def _each(spots: _Spots) -> Iterator[tuple[tuple[int, int], Any, float, float]]:
    pairs = [(one, other) for one, other in spots.pairs.tolist()]
    yield from zip(pairs, spots.shapes, spots.areas.tolist(), spots.widths.tolist(), strict=True)


def _overlaps(batch: Batch, rim: NDArray[np.intp]) -> _Spots:
    pairs, parts = seams.overlapping(batch, rim)
    areas = shapely.area(parts)
    return _ranked(batch, pairs, parts, areas, mean_width(areas, shapely.length(parts)))


def _gaps(batch: Batch, gaps: seams.Gaps) -> _Spots:
    """Join the strips of each pair of plots, and take away what other plots fill of them."""
    pairs, of_pair = np.unique(gaps.pairs, axis=0, return_inverse=True)
    order = np.argsort(of_pair, kind="stable")
    starts = first_of(of_pair[order])
    shapes = gaps.strips[order][starts]
    for i, group in enumerate(np.split(order, starts[1:]) if len(pairs) else []):
        if len(group) > 1:
            shapes[i] = shapely.union_all(gaps.strips[group])
    lengths = np.bincount(of_pair, gaps.lengths, len(pairs))
    spot, plot = batch.tree.query(shapes)
    third = (plot[:, None] != pairs[spot]).all(axis=1)
    spot, plot = spot[third], plot[third]
    filled = shapely.relate_pattern(shapes[spot], batch.shapes[plot], "T********")
    for i, j in zip(spot[filled].tolist(), plot[filled].tolist(), strict=True):
        shapes[i] = shapely.difference(shapes[i], batch.shapes[j])
    areas = shapely.area(shapes)
    return _ranked(batch, pairs, shapes, areas, np.divide(areas, lengths, out=np.zeros(len(pairs)), where=lengths > 0))


def _ranked(
    batch: Batch,
    pairs: NDArray[np.intp],
    shapes: NDArray[np.object_],
    areas: NDArray[np.float64],
    widths: NDArray[np.float64],
) -> _Spots:
    order = np.lexsort((pairs[:, 1], pairs[:, 0], -areas))
    return _Spots(batch.sound[pairs[order]], shapes[order], areas[order], widths[order])
