"""Run all checks over a frame of plots, two at a time; what fails is itself a finding."""

from __future__ import annotations

from concurrent.futures import FIRST_COMPLETED, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from qn_geo.errors import CancelledError
from qn_geo.garbage import collected_later
from qn_geo.rules import attributes, changes, corridors, coverage, density, landuse, park, places, shapes
from qn_geo.rules.batch import AT_ONCE, Batch
from qn_geo.rules.finding import Finding, findings_frame
from qn_geo.rules.wording import day
from qn_geo.schema.submitted import FIELDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import geopandas as gpd

    from qn_geo.rules.reference import Context
    from qn_geo.rules.registry import Rule

    Run = Callable[[Batch, Rule, Context], Iterable[Finding]]

_FAILED, _NOT_MADE = "QN-SYS-001", "QN-SYS-002"
_REFERENCES: Final = {
    "zone": ("ranh giới khu", "the outline of the zone"),
    "communes": ("ranh giới xã", "commune boundaries"),
    "codes": ("danh mục loại đất", "the list of land-use codes"),
    "cells": ("lớp quy hoạch sử dụng đất", "the layer of planned land use"),
    "links": ("lớp giao thông", "the transport layer"),
    "shore": ("đường bờ biển", "the shore line"),
}


@dataclass(frozen=True)
class Check:
    """What runs for one code.

    Attributes:
        code: Code of the rule.
        run: Finds the plots that break it.
        columns: Columns it reads: without a single value in one of them it is not made.
        references: Parts of the context it needs.
    """

    code: str
    run: Run
    columns: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


_USE, _COMMUNE = ("landuse_code",), ("commune_code",)
CHECKS: Final = (
    Check("QN-GEO-001", shapes.missing),
    Check("QN-GEO-002", shapes.not_closed),
    Check("QN-GEO-003", shapes.crossing),
    Check("QN-GEO-004", shapes.laid_wrongly),
    Check("QN-GEO-005", shapes.repeated),
    Check("QN-GEO-006", shapes.spikes),
    Check("QN-GEO-007", shapes.tiny),
    Check("QN-GEO-008", shapes.narrow),
    Check("QN-GEO-010", coverage.overlap),
    Check("QN-GEO-011", coverage.gap),
    Check("QN-GEO-012", coverage.sliver),
    Check("QN-CRS-001", places.outside_city, (), ("communes",)),
    Check("QN-CRS-002", places.outside_zone, (), ("zone",)),
    Check("QN-ATT-001", attributes.repeated_id),
    Check("QN-ATT-002", attributes.repeated_parcel, ("sheet_no", "parcel_no")),
    Check("QN-ATT-003", attributes.recorded_area, ("area_m2",)),
    Check("QN-ATT-004", attributes.legal_area, ("area_legal_m2",)),
    Check("QN-ATT-005", places.wrong_commune, _COMMUNE, ("communes",)),
    Check("QN-ATT-006", places.unknown_commune, _COMMUNE, ("communes",)),
    Check("QN-ATT-007", attributes.empty_cells),
    Check("QN-LU-001", landuse.unknown, _USE, ("codes",)),
    Check("QN-LU-002", landuse.legacy, _USE, ("codes",)),
    Check("QN-LU-003", landuse.combined, _USE, ("codes",)),
    Check("QN-LU-004", landuse.against_plan, _USE, ("codes", "cells")),
    Check("QN-DEN-001", density.too_dense, ("density_pct", *_USE)),
    Check("QN-DEN-002", density.too_little_green, ("green_pct", *_USE)),
    Check("QN-DEN-003", density.too_near_the_road, ("setback_m",)),
    Check("QN-DEN-004", density.impossible),
    Check("QN-COR-001", corridors.expressways, (), ("links",)),
    Check("QN-COR-002", corridors.national_roads, (), ("links",)),
    Check("QN-COR-003", corridors.railways, _USE, ("links",)),
    Check("QN-COR-004", corridors.shore, (), ("shore",)),
    Check("QN-COR-005", corridors.unchecked),
    Check("QN-PARK-000", park.too_few),
    Check("QN-PARK-001", park.transport, _USE, ("zone",)),
    Check("QN-PARK-002", park.green, _USE, ("zone",)),
    Check("QN-PARK-003", park.technical, _USE, ("zone",)),
    Check("QN-CHG-001", changes.reshaped, (), ("earlier",)),
    Check("QN-CHG-002", changes.added, (), ("earlier",)),
    Check("QN-CHG-003", changes.vanished, (), ("earlier",)),
    Check("QN-CHG-004", changes.another_use, (), ("earlier",)),
)
"""All checks, in the order of their findings."""

_FIRST: Final = ("QN-GEO-010", "QN-LU-004", "QN-GEO-011")  # take longest
_LAST: Final = ("QN-GEO-012",)  # needs what the others measure
_LOOK_SECONDS: Final = 0.1


@collected_later()
def check(
    plots: gpd.GeoDataFrame,
    context: Context,
    *,
    progress: Callable[[str, int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> gpd.GeoDataFrame:
    """Hold plots against every check.

    Args:
        plots: A frame of `qn_geo.schema.submitted`.
        context: What they are held against (`qn_geo.rules.context()`).
        progress: Told the code of a check that runs, how many are done, and of how many, at least ten times a second.
        cancelled: Asked ten times a second whether to stop; a check that runs is not broken off.

    Returns:
        The findings (see `qn_geo.rules.finding.findings_frame`); without any, a frame without rows.

    Raises:
        CancelledError: If `cancelled` said so. Nothing else is raised by a check: one that fails is a finding.
    """
    batch, idle = Batch(plots), _Idle()
    found = {item: _before(item, batch, context, idle) for item in CHECKS}
    ready = [item for item in CHECKS if found[item] is None]
    with suppress(Exception):  # whoever needs what cannot be prepared fails, and is a finding
        batch.prepare()
    pool = ThreadPoolExecutor(AT_ONCE)
    try:
        running = {pool.submit(_made, item, batch, context): item for item in sorted(ready, key=_turn)}
        while running:
            if cancelled is not None and cancelled():
                raise CancelledError("đã dừng theo yêu cầu.", "stopped as asked.")
            if progress is not None:
                progress(next(iter(running.values())).code, len(CHECKS) - len(running), len(CHECKS))
            for one in wait(running, _LOOK_SECONDS, FIRST_COMPLETED).done:
                found[running.pop(one)] = one.result()
    finally:
        pool.shutdown(cancel_futures=True)
    if progress is not None:
        progress("", len(CHECKS), len(CHECKS))
    told = [pair for pairs in found.values() for pair in pairs or ()]
    told += [(context.rules[_NOT_MADE], finding) for finding in idle.told(context)]
    return findings_frame(told, plots)


def _turn(item: Check) -> int:
    """When a check begins: what takes long first, what waits for others last."""
    return _FIRST.index(item.code) if item.code in _FIRST else len(_FIRST) + (item.code in _LAST)


class _Idle:
    """Checks that could not be made, by what they lacked."""

    def __init__(self) -> None:
        self.columns: dict[str, list[str]] = {}
        self.references: dict[str, list[str]] = {}

    def told(self, context: Context) -> Iterator[Finding]:
        """One information for all columns, and one for each reference that is missing."""
        if self.columns:
            codes = ", ".join(sorted({code for listed in self.columns.values() for code in listed}))
            vi, en = (", ".join(getattr(FIELDS[name], lang) for name in self.columns) for lang in ("vi", "en"))
            yield Finding(
                (),
                f"Tệp không có số liệu ở cột: {vi}. Chưa thực hiện: {codes}.",
                f"The file has no values in: {en}. Not made: {codes}.",
            )
        for name, listed in self.references.items():
            vi, en = _REFERENCES[name]
            codes = ", ".join(listed)
            reason = "; ".join(error.message("vi") for error in context.unavailable if name != "zone")
            reason_en = "; ".join(error.message("en") for error in context.unavailable if name != "zone")
            yield Finding(
                (),
                f"Không có {vi}. Chưa thực hiện: {codes}.{f' {reason}' if reason else ''}",
                f"Without {en}. Not made: {codes}.{f' {reason_en}' if reason_en else ''}",
            )


def _before(item: Check, batch: Batch, context: Context, idle: _Idle) -> list[tuple[Rule, Finding]] | None:
    """Return what there is to say of a check that is not made; None when it can be."""
    rule = context.rules.get(item.code)
    if rule is None:
        return [(context.rules[_FAILED], _failure(item.code, "no such row in rules.csv"))]
    absent = [name for name in item.references if getattr(context, name) is None]
    if "earlier" in absent or not batch.count:
        return []  # nothing was asked
    empty = [name for name in item.columns if not batch.has(name)]
    for missing, list_ in ((absent, idle.references), (empty, idle.columns)):
        for name in missing:
            list_.setdefault(name, []).append(item.code)
    if absent or empty:
        return []
    return None if rule.applies(context.on) else [(context.rules[_NOT_MADE], _out_of_force(rule, context))]


def _made(item: Check, batch: Batch, context: Context) -> list[tuple[Rule, Finding]]:
    rule = context.rules[item.code]
    try:
        return [(rule, finding) for finding in item.run(batch, rule, context)]
    except Exception as error:  # noqa: BLE001 - whatever a check stumbles over must not lose the run
        return [(context.rules[_FAILED], _failure(item.code, f"{type(error).__name__}: {error}"))]


def _failure(code: str, what: str) -> Finding:
    return Finding(
        (),
        f"Kiểm tra {code} không chạy được nên chưa có kết quả ({what}).",
        f"Check {code} failed, so there is no result of it ({what}).",
    )


def _out_of_force(rule: Rule, context: Context) -> Finding:
    """The check was not made: its figures have ended, or do not count yet."""
    today = day(context.on.isoformat())
    ended = rule.effective_to and rule.effective_to < context.on.isoformat()
    when = day(rule.effective_to if ended else rule.effective_from)
    vi, en = ("hết hiệu lực ngày", "ended on") if ended else ("có hiệu lực từ ngày", "count from")
    return Finding(
        (),
        f"Ngày {today.vi} không có số liệu nào còn hiệu lực cho kiểm tra này ({rule.legal_source}: {vi} {when.vi}). "
        f"Chưa thực hiện: {rule.code}; cần bổ sung số liệu mới vào data/rules/limits.csv.",
        f"On {today.en} no figure is in force for this check ({rule.legal_source}: {en} {when.en}). "
        f"Not made: {rule.code}; add the new figures to data/rules/limits.csv.",
    )
