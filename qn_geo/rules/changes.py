"""QN-CHG: what differs from an earlier submission or from the register, plot by plot.

Plots are the same when their id is, or else sheet and parcel: the register and a file often name them differently.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from qn_geo.rules.batch import Batch
from qn_geo.rules.finding import Finding
from qn_geo.rules.wording import number, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from qn_geo.rules.reference import Context
    from qn_geo.rules.registry import Rule


def reshaped(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots whose boundary moved."""
    before = _earlier(batch, context)
    now, then = _same(batch, before)
    moved = ~shapely.equals_exact(batch.given[now], before.given[then], rule.number("near_m"), normalize=True)
    moved &= ~(shapely.is_missing(batch.given[now]) & shapely.is_missing(before.given[then]))
    for index, old in zip(now[moved].tolist(), then[moved].tolist(), strict=True):
        delta = float(batch.areas[index] - before.areas[old])
        part = None
        if batch.valid[index] and before.valid[old]:
            part = shapely.symmetric_difference(batch.given[index], before.given[old])
            if shapely.area(part) <= rule.number("near_m"):
                continue  # the same boundary with a corner more or less
        shown, moved_m2 = number(delta), number(shapely.area(part) if part is not None else 0)
        vi, en = (f", phần đổi {moved_m2.vi} m²", f", {moved_m2.en} m² moved") if part is not None else ("", "")
        yield Finding(
            (index,),
            f"Ranh giới đã đổi: diện tích chênh {shown.vi} m²{vi}." if part is not None else "Ranh giới đã đổi.",
            f"The boundary changed: area difference {shown.en} m²{en}."
            if part is not None
            else "The boundary changed.",
            measure=delta,
            unit="m2",
            shape=part,
        )


def added(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots that were not there."""
    del rule
    known = _known(batch, _earlier(batch, context))
    for index, text in enumerate(batch.texts("plot_id").tolist()):
        if not known[index]:
            area = number(batch.areas[index]) if batch.valid[index] else None
            vi, en = (f", {area.vi} m²", f", {area.en} m²") if area is not None else ("", "")
            yield Finding(
                (index,),
                f"Lô {quoted(text).vi} mới xuất hiện{vi}.",
                f"Plot {quoted(text).en} is new{en}.",
                measure=float(batch.areas[index]),
                unit="m2",
                shape=batch.given[index] if batch.valid[index] else None,
            )


def vanished(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots that are no longer there."""
    del rule
    before = _earlier(batch, context)
    known = _known(before, batch)
    for index, text in enumerate(before.texts("plot_id").tolist()):
        if not known[index]:
            area = number(before.areas[index]) if before.valid[index] else None
            vi, en = (f", {area.vi} m²", f", {area.en} m²") if area is not None else ("", "")
            yield Finding(
                (),
                f"Lô {quoted(text).vi} không còn{vi}.",
                f"Plot {quoted(text).en} has vanished{en}.",
                measure=float(-before.areas[index]),
                unit="m2",
                shape=before.given[index] if before.valid[index] else None,
                gone=(str(text),),
            )


def another_use(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots whose land-use code changed."""
    del rule
    before = _earlier(batch, context)
    now, then = _same(batch, before)
    uses, old_uses = batch.texts("landuse_code"), before.texts("landuse_code")
    for index, old in zip(now.tolist(), then.tolist(), strict=True):
        if uses[index] != old_uses[old]:
            was, is_now = (quoted("" if text is None else text) for text in (old_uses[old], uses[index]))
            yield Finding(
                (index,),
                f"Loại đất đổi từ {was.vi} thành {is_now.vi}.",
                f"The land use changed from {was.en} to {is_now.en}.",
                shape=batch.given[index] if batch.valid[index] else None,
            )


def _earlier(batch: Batch, context: Context) -> Batch:
    if context.earlier is None:  # the engine asks before it calls
        raise ValueError("nothing to compare with")
    frame = context.earlier
    return batch.once("earlier", lambda: Batch(frame))


def _names(batch: Batch) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    """Return the ids of plots, and sheet and parcel as one text (None without either)."""
    pairs = zip(batch.texts("sheet_no").tolist(), batch.texts("parcel_no").tolist(), strict=True)
    parcels = [f"{sheet}/{parcel}" if sheet is not None and parcel is not None else None for sheet, parcel in pairs]
    return batch.texts("plot_id"), np.array(parcels, dtype=object)


def _known(batch: Batch, other: Batch) -> NDArray[np.bool_]:
    """Tell which plots have an id, or a sheet and parcel, that the other plots have too."""
    found: NDArray[np.bool_] = np.zeros(batch.count, dtype=np.bool_)
    for own, names in zip(_names(batch), _names(other), strict=True):
        there = {name for name in names.tolist() if name is not None}
        found |= np.fromiter((name in there for name in own.tolist()), dtype=np.bool_, count=len(own))
    return found


def _same(batch: Batch, before: Batch) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Positions now and then of the plots whose id, or else sheet and parcel, both have exactly once."""

    def once(names: NDArray[np.object_]) -> pd.Series:
        positions = pd.Series(np.arange(len(names)), index=names)
        return positions[~positions.index.duplicated(keep=False) & positions.index.notna()]

    pairs: dict[int, int] = {}
    for own, names in zip(_names(batch), _names(before), strict=True):
        now, then = once(own), once(names)
        both = now.index.intersection(then.index, sort=False)
        taken = set(pairs.values())
        for here, there in zip(now.loc[both].tolist(), then.loc[both].tolist(), strict=True):
            if here not in pairs and there not in taken:
                pairs[here] = there
    ordered = sorted(pairs.items())
    return (
        np.array([here for here, _ in ordered], dtype=np.intp),
        np.array([there for _, there in ordered], dtype=np.intp),
    )
