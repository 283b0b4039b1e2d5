"""QN-COR: distance to roads, railways and the shore, and what could not be checked for want of a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from qn_geo.crs import edges
from qn_geo.rules.density import HOUSING
from qn_geo.rules.finding import Finding
from qn_geo.rules.landuse import parts_of
from qn_geo.rules.places import spots
from qn_geo.rules.wording import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from qn_geo.rules.batch import Batch
    from qn_geo.rules.reference import Context, Row
    from qn_geo.rules.registry import Rule

_THERE: Final = ("operating", "building")  # a corridor belongs to a road, not to a plan of one
_PIECE_M: Final = 200.0
_UNKNOWN_M: Final = 1000.0  # a line that does not say how far off it may be


def expressways(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots in the corridor of an expressway."""
    yield from _along(batch, rule, context, "expressway", ("expressway",))


def national_roads(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots in the corridor of a national road."""
    yield from _along(batch, rule, context, "national-road", ("national-road",))


def railways(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Housing plots near a railway."""
    numbers, texts = batch.codes("landuse_code")
    housing = [i for i, text in enumerate(texts.tolist()) if HOUSING.intersection(parts_of(text))]
    chosen = np.isin(numbers[batch.sound], housing)
    if chosen.any():
        yield from _along(batch, rule, context, "railway", ("railway", "high-speed-railway"), chosen)


def shore(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots near the shore."""
    limit, accuracy = rule.value("shore", context.on, 0), rule.number("accuracy_m")
    for row, line in zip(*_parts(context.shore), strict=True):
        yield from _near(batch, row, line, limit, accuracy, None)


def unchecked(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """One information: there are no layers of these."""
    del batch, context
    yield Finding((), rule.explanation_vi, rule.explanation_en)


def _parts(places: Any) -> tuple[tuple[Row, ...], NDArray[np.object_]]:
    return ((), np.zeros(0, dtype=object)) if places is None else (places.rows, places.shapes)


def _along(  # noqa: PLR0913, PLR0917 - which lines, for which plots, against which figure
    batch: Batch,
    rule: Rule,
    context: Context,
    case: str,
    modes: tuple[str, ...],
    chosen: NDArray[np.bool_] | None = None,
) -> Iterator[Finding]:
    limit = rule.value(case, context.on, 0)
    for row, line in zip(*_parts(context.links), strict=True):
        if row["mode"] in modes and row["status"] in _THERE:
            accuracy = row["location_accuracy_m"]
            yield from _near(batch, row, line, limit, _UNKNOWN_M if accuracy is None else accuracy, chosen)


def _near(  # noqa: PLR0913, PLR0917 - one line, the plots, the figure and how far to trust it
    batch: Batch, row: Row, line: Any, limit: float, accuracy: float, chosen: NDArray[np.bool_] | None
) -> Iterator[Finding]:
    """Plots nearer than the limit; where the line is less exact than the limit, one information for all in doubt."""
    if accuracy > limit:
        yield from _in_doubt(batch, row, line, limit, accuracy, chosen)
        return
    wanted = number(limit)
    for place, metre in zip(*(found.tolist() for found in _distances(batch, line, limit)), strict=True):
        if metre < limit and (chosen is None or chosen[place]):
            away = number(metre, 1)
            yield Finding(
                (int(batch.sound[place]),),
                f"Lô cách {row['name_vi']} {away.vi} m, trong hành lang {wanted.vi} m.",
                f"The plot is {away.en} m from {row['name_en']}, in the corridor of {wanted.en} m.",
                measure=metre,
                unit="m",
                limit=limit,
                shape=shapely.shortest_line(line, batch.shapes[place]),
            )


def _in_doubt(  # noqa: PLR0913, PLR0917 - as above
    batch: Batch, row: Row, line: Any, limit: float, accuracy: float, chosen: NDArray[np.bool_] | None
) -> Iterator[Finding]:
    reach = limit + accuracy
    line = shapely.clip_by_rect(line, *(batch.extent + reach * np.array([-2, -2, 2, 2])))
    # The line is in doubt by hundreds of metres, so a buffer of short chords is exact enough, and ten times as fast.
    around = shapely.buffer(line, reach)
    places = np.sort(batch.tree.query(around, predicate="intersects"))
    if chosen is not None:
        places = places[chosen[places]]
    if not len(places):
        return
    tree = batch.tree if chosen is None else shapely.STRtree(batch.shapes[places])
    metres = float(tree.query_nearest(_pieces(line), all_matches=False, return_distance=True)[1].min())
    wanted, off, nearest, count = number(limit), number(accuracy), number(metres, 0), number(len(places))
    where = batch.sound[places]
    yield Finding(
        tuple(where.tolist()),
        f"{count.vi} lô có thể nằm trong hành lang {wanted.vi} m của {row['name_vi']} (lô gần nhất cách "
        f"{nearest.vi} m trên bản đồ). Vị trí tuyến sai đến {off.vi} m nên không kết luận được.",
        f"{count.en} plot(s) may lie in the corridor of {wanted.en} m of {row['name_en']} (the nearest is "
        f"{nearest.en} m away on the map). The line may be {off.en} m off, so nothing can be concluded.",
        measure=metres,
        unit="m",
        limit=limit,
        shape=spots(batch, where),
        severity="info",
    )


def _distances(batch: Batch, line: Any, reach: float) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Positions among the valid plots of those within reach of a line, and how far they are from it."""
    pieces = _pieces(line)
    piece, place = batch.tree.query(pieces, predicate="dwithin", distance=reach)
    metres = np.full(len(batch.shapes), np.inf)
    np.minimum.at(metres, place, shapely.distance(pieces[piece], batch.shapes[place]))
    places = np.unique(place)
    return places, metres[places]


def _pieces(line: Any) -> NDArray[np.object_]:
    """Return a line in short pieces for an index: the box around a whole shore holds every plot."""
    pieces: Any = shapely.linestrings(edges(shapely.get_parts(shapely.segmentize(line, _PIECE_M)))[0])
    return np.asarray(pieces, dtype=object)
