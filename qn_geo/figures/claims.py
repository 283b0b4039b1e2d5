"""Claims: every published figure as a record, read once per version of the data.

Which of several contradicting claims is shown
----------------------------------------------
Claims compete only when zone, measure, kind and basis are the same. Up to the chosen year:

1. The newest period wins. A month counts as its last day and a bare year as 31 December of that year, so a bare year
   beats a month of the same year, except where it only repeats that month's value: it is then the same fact told less
   exactly, and the month is shown. Plans and targets look ahead instead: the nearest horizon from the chosen year on
   wins, and when all horizons have passed, the newest.
2. Then the stronger class: official, reported, derived, estimated, demo.
3. Then the source with the newer date, an undated source last.
4. Then the smaller figure id, so that the answer never depends on the order of the file.

A claim without a period counts, after every dated one, from the year of its source on; when that is unknown too it
stands among the alternatives but never speaks for a year.

Bases never mix. When no basis is asked for, the basis with the newest year wins, and among bases equally new the first
of `BASES`. The claims that lose are not dropped: `alternatives` returns them.
"""

from __future__ import annotations

import calendar
from collections import defaultdict
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from qn_geo import layers
from qn_geo.errors import DataFileError
from qn_geo.schema import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Kind = Literal["actual", "plan", "target"]

CLASSES = ("official", "reported", "derived", "estimated", "demo")
"""Strongest first."""

BASES = ("leasable", "industrial", "whole", "phase", "cluster", "equipped", "unstated", "")
"""What a rate is over, the most telling first."""

RECORDS = ("figures", "measures", "sources", "zones-table", "projects", "landuse-table", "sectors")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: never a bare number.

    Attributes:
        figure_id: Stable id of the published row, or an id made by the code that derived it (`sum:...`, `zone:...`).
        measure: Id in `measures.csv`, which holds name, unit and definition.
        zone_id: Zone, group of zones, area or `province`.
        period: ISO day, month or year, or a plan's horizon year; empty when the source does not say.
        period_start: First day or year of the period for sums over several years, else empty.
        precision: `day`, `month`, `year`, `horizon` or `unknown`.
        value: The number in `unit`; the low end where the source gives a range.
        value_max: High end of a range, else None.
        unit: Unit id of the closed list.
        kind: `actual`, `plan` or `target`.
        klass: One of `CLASSES`.
        basis: One of `BASES`; empty where a measure has only one.
        source_id: Id in `sources.csv`.
        note_vi: Scope and doubts in Vietnamese.
        note_en: The same in English.
        parts: Ids of the figures or projects a derived figure was made from.
    """

    figure_id: str
    measure: str
    zone_id: str
    period: str
    period_start: str
    precision: str
    value: float
    value_max: float | None
    unit: str
    kind: str
    klass: str
    basis: str
    source_id: str
    note_vi: str = ""
    note_en: str = ""
    parts: tuple[str, ...] = ()

    @property
    def year(self) -> int | None:
        """Year of the period's end; None when the period is not known."""
        return int(self.period[:4]) if self.period else None

    @property
    def sort_date(self) -> date:
        """Last day of the period; the earliest date there is when the period is not known."""
        return last_day(self.period)


@dataclass(frozen=True, slots=True)
class Measure:
    """What a figure measures: names, unit, how it runs over time, definition."""

    measure: str
    name_vi: str
    name_en: str
    unit: str
    theme: str
    flow: str
    definition_vi: str
    definition_en: str


class Book:
    """Everything that answers are made from, indexed. Shared by all sessions: callers must not change it.

    Each table is read when it is first asked for, so that a damaged one takes along only what needs it.
    """

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """Every figure by id."""
        return {row["figure_id"]: _figure(row) for row in rows("figures")}

    @cached_property
    def claims(self) -> Mapping[tuple[str, str, str], tuple[Figure, ...]]:
        """Claims by zone, measure and kind, the strongest first and echoes last."""

        def strength(figure: Figure) -> tuple[bool, int, int, int, str]:
            return (figure.figure_id in self.echoes, -figure.sort_date.toordinal(), *self.weight(figure))

        return {key: tuple(sorted(group, key=strength)) for key, group in self._groups.items()}

    def weight(self, figure: Figure) -> tuple[int, int, str]:
        """Rules 2 to 4: class, date of the document, id; the strongest is the smallest."""
        document = last_day(self.source(figure.source_id).get("date", ""))
        return CLASSES.index(figure.klass), -document.toordinal(), figure.figure_id

    @cached_property
    def echoes(self) -> frozenset[str]:
        """Ids of claims for a bare year that repeat the value and basis of a dated claim of that year."""
        return frozenset(
            figure.figure_id
            for group in self._groups.values()
            for figure in group
            if figure.precision == "year"
            and any(
                "-" in other.period
                and (other.year, other.basis, other.value) == (figure.year, figure.basis, figure.value)
                for other in group
            )
        )

    @cached_property
    def _groups(self) -> Mapping[tuple[str, str, str], list[Figure]]:
        groups: defaultdict[tuple[str, str, str], list[Figure]] = defaultdict(list)
        for figure in self.figures.values():
            groups[figure.zone_id, figure.measure, figure.kind].append(figure)
        return groups

    @cached_property
    def measures(self) -> Mapping[str, Measure]:
        """Measures by id."""
        names = Measure.__dataclass_fields__
        return {row["measure"]: Measure(**{name: row[name] for name in names}) for row in rows("measures")}

    @cached_property
    def sources(self) -> Mapping[str, Mapping[str, str]]:
        """Documents by id."""
        return {row["source_id"]: row for row in rows("sources")}

    def source(self, source_id: str) -> Mapping[str, str]:
        """Document behind a `source_id`, the first where it lists several; empty when it is unknown."""
        return self.sources.get(next(iter(listed(source_id)), ""), {})

    @cached_property
    def zones(self) -> Mapping[str, Mapping[str, Any]]:
        """Zones by id, in the order of the table."""
        return {row["zone_id"]: row for row in rows("zones")}

    @cached_property
    def ancestors(self) -> Mapping[str, tuple[str, ...]]:
        """Zones that hold each zone, the nearest first."""
        return {zone_id: tuple(_upward(zone_id, self.zones)) for zone_id in self.zones}

    @cached_property
    def projects(self) -> Sequence[Mapping[str, Any]]:
        """Rows of projects."""
        return rows("projects")

    @cached_property
    def sectors(self) -> Mapping[str, Mapping[str, str]]:
        """Sectors of projects by id."""
        return {row["sector"]: row for row in rows("sectors")}

    @cached_property
    def landuse(self) -> Sequence[Mapping[str, Any]]:
        """Rows of land use."""
        return rows("landuse")


def _upward(zone_id: str, zones: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    seen = {zone_id, ""}
    parent = zones[zone_id]["parent_id"]
    while parent not in seen:
        yield parent
        seen.add(parent)
        parent = zones.get(parent, {}).get("parent_id", "")


def last_day(period: str) -> date:
    """Last day of an ISO day, month or year; `date.min` for an empty period."""
    if not period:
        return date.min
    numbers = [int(part) for part in period.split("-")]
    year = numbers[0]
    month = numbers[1] if len(numbers) > 1 else 12
    day = numbers[2] if len(numbers) > 2 else calendar.monthrange(year, month)[1]  # noqa: PLR2004 - year, month, day
    return date(year, month, day)


def version() -> tuple[str, ...]:
    """Hashes of the tables that figures come from, empty for a missing one; a key for caches."""
    pinned = _pinned.get()
    return pinned[0] if pinned else tuple(_version(record_id) for record_id in RECORDS)


def _version(record_id: str) -> str:
    try:
        return layers.version(record_id)
    except DataFileError:
        return ""  # whoever needs the table is told when it is read


def book() -> Book:
    """The indexed figures of the present version of the data.

    Raises:
        DataFileError: A table is missing or damaged; raised by the property that needs it, naming file and remedy.
    """
    pinned = _pinned.get()
    return pinned[1] if pinned else _book(version())


@contextmanager
def pinned() -> Iterator[None]:
    """Answer everything inside the block from one version of the data, without looking at the files for each answer."""
    token = _pinned.set((version(), book()))
    try:
        yield
    finally:
        _pinned.reset(token)


_pinned: ContextVar[tuple[tuple[str, ...], Book] | None] = ContextVar("pinned", default=None)


@lru_cache(maxsize=2)
def _book(_version: tuple[str, ...]) -> Book:
    return Book()


def rows(stem: str) -> list[dict[str, Any]]:
    """Rows of a table as dictionaries: text columns with "" for unknown, number columns with None."""
    table = layers.table(stem)
    numeric = {name for name in table.columns if pd.api.types.is_numeric_dtype(table[name])}
    return [
        {str(name): _plain(value, number=name in numeric) for name, value in row.items()}
        for row in table.to_dict("records")
    ]


def _plain(value: Any, *, number: bool) -> Any:
    if pd.isna(value):
        return None if number else ""
    return float(value) if number else str(value)


def _figure(row: Mapping[str, Any]) -> Figure:
    names = [name for name in Figure.__dataclass_fields__ if name not in {"klass", "parts"}]
    values = {name: row[name] for name in names}
    values["period"] = _period(values["period"])
    values["period_start"] = _period(values["period_start"])
    return Figure(**values, klass=row["class"])


def _period(value: Any) -> str:
    """Text of a period; a column of bare years may have been read as numbers."""
    return str(int(value)) if isinstance(value, float) else str(value or "")
