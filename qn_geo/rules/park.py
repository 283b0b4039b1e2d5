"""QN-PARK: shares of transport, green and technical land in a whole park."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from qn_geo.rules.finding import Finding
from qn_geo.rules.landuse import parts_of
from qn_geo.rules.wording import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qn_geo.rules.batch import Batch
    from qn_geo.rules.reference import Context
    from qn_geo.rules.registry import Rule

_PARKS: Final = ("KCN", "CCN")
_M2_PER_HA: Final = 10_000
_TOO_FEW: Final = "QN-PARK-000"
_SHARES: Final = ("QN-PARK-001", "QN-PARK-002", "QN-PARK-003")


def too_few(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots that cover too little of the park to judge its land balance."""
    covered, least = _covered_pct(batch, context), rule.number("coverage_pct")
    if covered is not None and covered < least:
        shown, wanted, left_out = number(covered, 1), number(least), ", ".join(_SHARES)
        yield Finding(
            (),
            f"Chưa xét được cân bằng đất của khu: các lô chỉ phủ {shown.vi}% diện tích khu, cần từ {wanted.vi}%. "
            f"Chưa thực hiện: {left_out}.",
            f"Land balance of the park not judged: the plots cover only {shown.en}% of it, {wanted.en}% are needed. "
            f"Not made: {left_out}.",
            measure=covered,
            unit="pct",
            limit=least,
        )


def transport(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Transport land."""
    yield from _share(batch, rule, context, "transport", ("giao thông", "transport"))


def green(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Green land outside plots of factories."""
    yield from _share(batch, rule, context, "green", ("cây xanh", "green"))


def technical(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Land of technical infrastructure."""
    yield from _share(batch, rule, context, "technical", ("hạ tầng kỹ thuật", "technical infrastructure"))


def _covered_pct(batch: Batch, context: Context) -> float | None:
    """How much of the park the plots cover, in percent; None where the zone is no park or its area is unknown."""
    if context.zone is None:
        return None
    row = context.zone.rows[0]
    if row["kind"] not in _PARKS or not row["area_ha"]:
        return None
    return float(100 * np.nansum(batch.areas) / (row["area_ha"] * _M2_PER_HA))


def _share(batch: Batch, rule: Rule, context: Context, case: str, what: tuple[str, str]) -> Iterator[Finding]:
    covered = _covered_pct(batch, context)
    if covered is None or covered < context.rules[_TOO_FEW].number("coverage_pct"):
        return
    numbers, texts = batch.codes("landuse_code")
    counted = [i for i, text in enumerate(texts.tolist()) if rule.listed("codes").intersection(parts_of(text))]
    total = float(np.nansum(batch.areas))
    share = 100 * float(np.nansum(batch.areas[np.isin(numbers, counted)])) / total
    limit = rule.value(case, context.on, 0)
    if share < limit - 1e-9:  # a sum of many areas is not exact to the last digit
        own, wanted = number(share), number(limit)
        yield Finding(
            (),
            f"Đất {what[0]} chiếm {own.vi}% diện tích khu, tối thiểu {wanted.vi}% ({rule.legal_source}).",
            f"Land for {what[1]} is {own.en}% of the park, at least {wanted.en}% is required ({rule.legal_source}).",
            measure=share,
            unit="pct",
            limit=limit,
        )
