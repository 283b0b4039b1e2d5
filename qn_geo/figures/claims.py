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
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from qn_geo import layers

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Kind = Literal["actual", "plan", "target"]

CLASSES = ("official", "reported", "derived", "estimated", "demo")
"""Strongest first; a combined figure takes the weakest of its parts."""

BASES = ("leasable", "industrial", "whole", "phase", "cluster", "equipped", "unstated", "")
"""What a rate is over, the most telling first."""

NUMBERS = ("value", "value_max")
TABLES = ("figures", "measures", "sources", "zones", "projects", "landuse")


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


@dataclass(frozen=True)
class Book:
    """Everything that answers are made from, indexed. Shared by all sessions: callers must not change it."""

    figures: Mapping[str, Figure]
    claims: Mapping[tuple[str, str, str], tuple[Figure, ...]]  # by zone, measure and kind; the strongest first
    echoes: frozenset[str]  # ids of bare years that repeat a dated claim
    measures: Mapping[str, Measure]
    sources: Mapping[str, Mapping[str, str]]
    zones: Mapping[str, Mapping[str, Any]]
    projects: Sequence[Mapping[str, Any]]
    landuse: Sequence[Mapping[str, Any]]


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
    """Hashes of the tables that figures come from; a key for caches of whatever is made from them."""
    return tuple(layers.version(RECORDS.get(stem, stem)) for stem in TABLES)


RECORDS = {"zones": "zones-table", "landuse": "landuse-table"}
"""Record id of a table whose stem names its map layer."""


def book() -> Book:
    """The indexed figures of the present version of the data.

    Raises:
        DataFileError: A table is missing or damaged; the message names it and the remedy.
    """
    return _book(version())


@lru_cache(maxsize=2)
def _book(_version: tuple[str, ...]) -> Book:
    sources = {row["source_id"]: row for row in rows("sources")}
    figures = {row["figure_id"]: _figure(row) for row in rows("figures")}
    groups: defaultdict[tuple[str, str, str], list[Figure]] = defaultdict(list)
    for figure in figures.values():
        groups[figure.zone_id, figure.measure, figure.kind].append(figure)
    echoes = frozenset(echo for group in groups.values() for echo in _echoes(group))
    published = {source_id: last_day(row["date"]) for source_id, row in sources.items()}
    for group in groups.values():
        group.sort(key=lambda figure: (figure.figure_id in echoes, *_strength(figure, published)))
    names = Measure.__dataclass_fields__
    return Book(
        figures=figures,
        claims={key: tuple(group) for key, group in groups.items()},
        echoes=echoes,
        measures={row["measure"]: Measure(**{name: row[name] for name in names}) for row in rows("measures")},
        sources=sources,
        zones={row["zone_id"]: row for row in rows("zones")},
        projects=rows("projects"),
        landuse=rows("landuse"),
    )


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


def _echoes(group: Iterable[Figure]) -> set[str]:
    """Ids of claims for a bare year that repeat the value and basis of a dated claim of that year."""
    dated = {(figure.year, figure.basis, figure.value) for figure in group if "-" in figure.period}
    return {
        figure.figure_id
        for figure in group
        if figure.precision == "year" and (figure.year, figure.basis, figure.value) in dated
    }


def _strength(figure: Figure, published: Mapping[str, date]) -> tuple[int, int, int, str]:
    """Sort key of the written rule: the claim that is shown sorts first."""
    document = published.get(figure.source_id.split(";")[0], date.min)
    return (-figure.sort_date.toordinal(), CLASSES.index(figure.klass), -document.toordinal(), figure.figure_id)
