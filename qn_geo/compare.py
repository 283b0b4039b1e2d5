"""Two to four zones side by side: what leaders ask first, then every measure that one of them has, one basis a row."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qn_geo import figures, i18n
from qn_geo.errors import QnGeoError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from qn_geo.figures import Figure

FEWEST, MOST = 2, 4
AHEAD = ("plan", "target")
LAND = ("leasable_land_ha", "industrial_land_ha")
CAPITAL = (
    "investment_registered_usd_m",
    "fdi_registered_usd_m",
    "investment_registered_vnd_bn",
    "domestic_registered_vnd_bn",
)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a comparison.

    Attributes:
        measure: Id of the measure; of a line of text the column it comes from.
        label: What the line is about, in the reader's language, with basis or plan year where it has one.
        basis: What a rate is over; empty where a measure has only one basis.
        unit: Unit of the values; empty for a line of text or of values in several units.
        values: Figure of each zone by id; None where nothing is published.
        texts: What to show for each zone: the value in words, or the text itself.
        leading: It stands first, whoever has a value.
    """

    measure: str
    label: str
    basis: str
    unit: str
    values: Mapping[str, Figure | None]
    texts: Mapping[str, str]
    leading: bool = False

    @property
    def shared(self) -> bool:
        """Whether it stands in the main table: a line of text, or at least two zones to be held against each other."""
        return self.leading or not self.unit or sum(value is not None for value in self.values.values()) > 1


def comparable(zone_ids: Sequence[str], year: int | None, lang: str) -> list[Row]:
    """Rows of a comparison.

    First area, land to let, occupancy and capital, whether known or not; then projects, published figures in the order
    of `measures.csv`, and the legal basis. Below the leading rows values stand in one row only when unit and basis are
    the same; another basis gets a row of its own. Plans get a row where at least two of the zones have one for the same
    year.

    Args:
        zone_ids: Two to four different zones.
        year: Last year that counts for actual figures.
        lang: `vi` or `en`.

    Raises:
        QnGeoError: Fewer than two or more than four zones, or an id that is not a zone.
    """
    zones = _checked(zone_ids)
    with figures.pinned():
        leading = list(_leading(zones, year, lang))
        rows = list(_own_rows(zones, year, lang))
        for measure in figures.book().measures:
            if measure not in figures.AREAS:
                rows += _measure_rows(zones, measure, year, lang)
        said = [row.values for row in leading]
        return [*leading, *(row for row in rows if row.values not in said), _legal_row(zones, lang)]


def _checked(zone_ids: Sequence[str]) -> list[str]:
    zones = list(dict.fromkeys(zone_ids))
    unknown = [zone_id for zone_id in zones if zone_id not in figures.book().zones]
    if unknown:
        raise QnGeoError(
            f"Không có khu nào tên là {', '.join(unknown)}.",
            f"There is no zone named {', '.join(unknown)}.",
        )
    if not FEWEST <= len(zones) <= MOST:
        raise QnGeoError(
            f"Hãy chọn từ {FEWEST} đến {MOST} khu để so sánh (đang chọn {len(zones)}).",
            f"Choose {FEWEST} to {MOST} zones to compare ({len(zones)} chosen).",
        )
    return zones


def _legal_row(zones: Sequence[str], lang: str) -> Row:
    _ = i18n.translator(lang)
    texts = {zone_id: i18n.text(figures.book().zones[zone_id], "legal_basis", lang) for zone_id in zones}
    return Row(
        measure="legal_basis",
        label=_("Legal basis"),
        basis="",
        unit="",
        values=dict.fromkeys(zones),
        texts={zone_id: text or i18n.missing(lang) for zone_id, text in texts.items()},
    )


def _leading(zones: Sequence[str], year: int | None, lang: str) -> Iterator[Row]:
    """What leaders ask first; each cell names the basis or the measure it answers with."""
    _ = i18n.translator(lang)
    for measures in (("area_ha",), LAND, ("occupancy_pct",), CAPITAL):
        values = {zone_id: _first(zone_id, measures, year) for zone_id in zones}
        label = figures.measure_name(measures[0], lang)
        if measures == CAPITAL:
            label = _("Registered capital")
            values = {zone_id: value or _projects_capital(zone_id, year) for zone_id, value in values.items()}
        texts = {zone_id: _answer(value, label, lang) for zone_id, value in values.items()}
        yield Row(measure=measures[0], label=label, basis="", unit="", values=values, texts=texts, leading=True)


def _first(zone_id: str, measures: Sequence[str], year: int | None) -> Figure | None:
    return next((found for measure in measures if (found := figures.known(zone_id, measure, year))), None)


def _projects_capital(zone_id: str, year: int | None) -> Figure | None:
    """What the known projects sum up to, where no capital is published."""
    return figures.known_capital(zone_id, "usd", year) or figures.known_capital(zone_id, "vnd", year)


def _answer(value: Figure | None, asked: str, lang: str) -> str:
    told = _text(value, lang)
    if value is None:
        return told
    name, basis = figures.bare_name(value.measure, lang), figures.basis_name(value.basis, lang)
    return " · ".join(filter(None, [told, "" if name == asked else name, basis]))


def _own_rows(zones: Sequence[str], year: int | None, lang: str) -> Iterator[Row]:
    """Areas, and what we know of projects."""
    for measure in figures.AREAS:
        yield from _row(measure, {zone_id: figures.known(zone_id, measure, year) for zone_id in zones}, lang)
    yield from _row("projects_known", {zone_id: figures.known_count(zone_id, year) for zone_id in zones}, lang)
    dollars = {zone_id: figures.known_capital(zone_id, "usd", year) for zone_id in zones}
    yield from _row("projects_capital_usd_m", dollars, lang)
    dong = {zone_id: figures.known_capital(zone_id, "vnd", year) for zone_id in zones}
    yield from _row("projects_capital_vnd_bn", dong, lang)


def _measure_rows(zones: Sequence[str], measure: str, year: int | None, lang: str) -> Iterator[Row]:
    for basis in figures.BASES:
        values = {zone_id: figures.best(zone_id, measure, year, basis=basis) for zone_id in zones}
        yield from _row(measure, values, lang)
    for kind in AHEAD:
        for (basis, horizon), values in _plans(zones, measure, kind).items():
            if sum(value is not None for value in values.values()) > 1:
                _ = i18n.translator(lang)
                label = _("{measure}, {kind} {year}").format(
                    measure=_label(measure, basis, lang), kind=figures.kind_name(kind, lang), year=horizon
                )
                yield from _row(measure, values, lang, label=label)


def _plans(zones: Sequence[str], measure: str, kind: str) -> dict[tuple[str, int], dict[str, Figure | None]]:
    """Plans or targets of the zones by basis and year, in that order."""
    found: defaultdict[tuple[str, int], dict[str, Figure | None]] = defaultdict(lambda: dict.fromkeys(zones))
    for zone_id in zones:
        for basis, points in figures.series_by_basis(zone_id, measure, kind=kind).items():
            for point in points:
                found[basis, point.year or 0][zone_id] = point
    return dict(sorted(found.items()))


def _row(measure: str, values: Mapping[str, Figure | None], lang: str, label: str = "") -> Iterator[Row]:
    """A row if any zone has a value; none otherwise, and one for each unit should the zones differ in it."""
    units = dict.fromkeys(value.unit for value in values.values() if value is not None)
    for unit in units:
        same = {zone: value if value is not None and value.unit == unit else None for zone, value in values.items()}
        basis = next(value.basis for value in same.values() if value is not None)
        yield Row(
            measure=measure,
            label=label or _label(measure, basis, lang),
            basis=basis,
            unit=unit,
            values=same,
            texts={zone: _text(value, lang) for zone, value in same.items()},
        )


def _label(measure: str, basis: str, lang: str) -> str:
    name = figures.measure_name(measure, lang)
    return f"{name}, {figures.basis_name(basis, lang)}" if basis else name


def _text(value: Figure | None, lang: str) -> str:
    if value is None:
        return i18n.missing(lang)
    return f"{figures.bare_text(value, lang)} ({figures.period_text(value, lang)})"
