"""QN-ATT: ids and numbers that repeat, areas against the recorded ones, empty cells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from qn_geo.rules.batch import first_of
from qn_geo.rules.coverage import tolerance
from qn_geo.rules.finding import Finding
from qn_geo.rules.places import spots
from qn_geo.rules.wording import listed, number, quoted
from qn_geo.schema.submitted import FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from qn_geo.rules.batch import Batch
    from qn_geo.rules.reference import Context
    from qn_geo.rules.registry import Rule

# Empty cells of these are worth a word when other plots have them.
_WANTED: Final = ("sheet_no", "parcel_no", "area_m2", "landuse_code", "commune_code")


def repeated_id(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Ids of the file that several plots carry; one finding an id.

    Ids that we made of sheet and parcel are told by `repeated_parcel`.
    """
    del rule, context
    (numbers, ids), (sheets, sheet), (parcels, parcel) = (
        batch.codes(name) for name in ("plot_id", "sheet_no", "parcel_no")
    )
    for where in _repeated(numbers):
        first = where[0]
        text = ids[numbers[first]]
        if min(sheets[first], parcels[first]) >= 0 and text == f"{sheet[sheets[first]]}-{parcel[parcels[first]]}":
            continue
        shown, count = quoted(text), number(len(where))
        yield Finding(
            where,
            f"Mã {shown.vi} được dùng cho {count.vi} lô.",
            f"The id {shown.en} is used for {count.en} plots.",
            measure=len(where),
            unit="plots",
            limit=1,
            shape=spots(batch, np.array(where)),
        )


def repeated_parcel(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Sheet and parcel numbers that several plots of one commune carry; one finding a number."""
    del rule, context
    keys = np.zeros(batch.count, dtype=np.int64)
    there = np.ones(batch.count, dtype=bool)
    for name in ("commune_code", "sheet_no", "parcel_no"):
        numbers, texts = _same_number(batch, name)
        keys = keys * (len(texts) + 1) + numbers + 1
        there &= (numbers >= 0) | (name == "commune_code")
    sheet, parcel = batch.texts("sheet_no"), batch.texts("parcel_no")
    for where in _repeated(np.where(there, keys, -1)):
        on_sheet, of_parcel = sheet[where[0]], parcel[where[0]]
        count = number(len(where))
        yield Finding(
            where,
            f"Tờ {on_sheet} thửa {of_parcel} có ở {count.vi} lô, dòng {listed(_rows(batch, where)).vi}.",
            f"Sheet {on_sheet} parcel {of_parcel} is on {count.en} plots, rows {listed(_rows(batch, where)).en}.",
            measure=len(where),
            unit="plots",
            limit=1,
            shape=spots(batch, np.array(where)),
        )


def recorded_area(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Measured against recorded areas."""
    yield from _area_against(batch, rule, context, "area_m2", ("ghi trong tệp", "the recorded area"))


def legal_area(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Measured areas against those of the papers."""
    yield from _area_against(batch, rule, context, "area_legal_m2", ("trên giấy tờ", "the area by the papers"))


def empty_cells(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Columns that some plots fill and others do not; one finding a column."""
    del rule, context
    for name in _WANTED:
        empty = batch.plots[name].isna().to_numpy()
        if empty.any() and not empty.all():
            where = np.flatnonzero(empty)
            field, count = FIELDS[name], number(len(where))
            yield Finding(
                tuple(where.tolist()),
                f"{count.vi} lô để trống cột {field.vi}.",
                f"{count.en} plot(s) have no value in column {field.en}.",
                measure=len(where),
                unit="plots",
                limit=0,
                shape=spots(batch, where),
            )


def area_tolerance(batch: Batch, position_m: float) -> NDArray[np.float64]:
    """Return how far the area of each valid plot may be off by the position errors of its corners alone, in m².

    Twice the standard error of the polygon formula: 2 mp sqrt(sum D² / 8), D from the corner before to the one after.
    """
    corners = batch.corners
    first = corners.edges  # every corner once: the last of a ring repeats the first
    ring = corners.ring[first]
    if not len(first):
        return np.zeros(len(batch.shapes))
    starts = first_of(ring)
    before = np.arange(len(first)) - 1
    before[starts] = np.r_[starts[1:], len(first)] - 1
    across = corners.points[first + 1] - corners.points[first[before]]
    squares = np.bincount(corners.shape[ring], np.einsum("ij,ij->i", across, across), len(batch.shapes))
    return 2 * position_m * np.sqrt(squares / 8)


def _area_against(batch: Batch, rule: Rule, context: Context, column: str, what: tuple[str, str]) -> Iterator[Finding]:
    recorded = batch.numbers(column)[batch.sound]
    measured = batch.areas[batch.sound]
    limits = np.maximum(area_tolerance(batch, tolerance(context)), rule.value("rounding", context.on, 0) / 2)
    difference = measured - recorded
    # A recorded area has one decimal; half a unit of it is no difference, and neither is float noise on top.
    for place in np.flatnonzero(np.abs(difference) > limits + 1e-6).tolist():
        off = float(difference[place])
        share = f" ({number(100 * off / recorded[place], 1).vi}%)" if recorded[place] else ""
        share_en = f" ({number(100 * off / recorded[place], 1).en}%)" if recorded[place] else ""
        area, told, shown, most = (number(value) for value in (measured[place], recorded[place], off, limits[place]))
        yield Finding(
            (int(batch.sound[place]),),
            f"Diện tích đo {area.vi} m², {what[0]} {told.vi} m²: lệch {shown.vi} m²{share}, mức sàng lọc {most.vi} m².",
            f"Measured {area.en} m², {what[1]} is {told.en} m²: {shown.en} m² off{share_en}, "
            f"screening value {most.en} m².",
            measure=abs(off),
            unit="m2",
            limit=float(limits[place]),
            shape=batch.shapes[place],
        )


def _same_number(batch: Batch, name: str) -> tuple[NDArray[np.intp], list[str]]:
    """A column as numbers, "012" and "12" being the same; -1 where empty."""
    numbers, texts = batch.codes(name)
    plain = [text.strip().lstrip("0") for text in texts.tolist()]
    known = {text: index for index, text in enumerate(dict.fromkeys(plain))}
    renumbered = np.array([*(known[text] for text in plain), -1])
    return renumbered[numbers], list(known)


def _repeated(keys: NDArray[np.int64]) -> list[tuple[int, ...]]:
    """Positions of keys that occur more than once, group by group, in the order of the frame; below 0 is empty."""
    again = np.flatnonzero(pd.Series(keys).duplicated(keep=False).to_numpy() & (keys >= 0))
    order = again[np.argsort(keys[again], kind="stable")]
    groups = [tuple(group.tolist()) for group in np.split(order, first_of(keys[order])[1:])]
    return sorted(group for group in groups if group)


def _rows(batch: Batch, where: tuple[int, ...]) -> list[int]:
    return [int(row) for row in batch.plots["row"].to_numpy()[list(where)]]
