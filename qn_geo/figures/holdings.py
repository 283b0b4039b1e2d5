"""Holdings: projects, what zones hold, and sums over zones that count nothing twice.

Zones nest: the Móng Cái economic zone holds parks whose land and money are also its own. A sum over zones therefore
leaves out every zone that lies in another one of the same sum. Frames returned here are copies: change them freely.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from qn_geo import layers
from qn_geo.errors import DataFileError, QnGeoError
from qn_geo.figures.answers import best
from qn_geo.figures.claims import CLASSES, Figure, book

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import pandas as pd

AREA_PREFIX = "area-"
SUMMABLE = frozenset({"stock", "new", "ytd", "sum"})
"""Flows that may be added over zones; rates and prices may not."""

EVERYWHERE = "province"
HOME = "Vietnam"
Currency = Literal["usd", "vnd"]
CAPITAL = {"usd": ("capital_usd_m", "usd_m"), "vnd": ("capital_vnd_bn", "vnd_bn")}


@dataclass(frozen=True, slots=True)
class Total:
    """A sum over zones, and what it leaves out.

    Attributes:
        figure: The sum, of the weakest class among its parts; None when no part is known.
        parts: The figures that were added.
        within: Zones left out because one that holds them was counted: (zone, the zone that holds it).
        missing: Zones without a figure.
    """

    figure: Figure | None
    parts: tuple[Figure, ...]
    within: tuple[tuple[str, str], ...]
    missing: tuple[str, ...]


def combine(figures: Sequence[Figure]) -> str:
    """Class of a figure made from these: the weakest of theirs, and never stronger than `derived`."""
    return max((figure.klass for figure in figures), key=CLASSES.index, default="derived")


def ancestors(zone_id: str) -> list[str]:
    """Zones that hold this one, the nearest first; none for an id that is not a zone."""
    return list(book().ancestors.get(zone_id, ()))


def descendants(zone_id: str) -> list[str]:
    """Zones inside this one, at any depth."""
    return [other for other, above in book().ancestors.items() if zone_id in above]


def members(place_id: str, *, with_children: bool = True) -> list[str]:
    """Ids that projects and figures of a place may carry: itself, and the zones in it.

    Args:
        place_id: A zone id, an area (`mong-cai` or `area-mong-cai`), or `province` for every zone.
        with_children: False keeps only the place's own id.
    """
    if place_id == EVERYWHERE:
        return [place_id, *book().zones]
    zones = book().zones
    if place_id in zones:
        return [place_id, *(descendants(place_id) if with_children else [])]
    area = place_id.removeprefix(AREA_PREFIX)
    own = [place_id] if place_id.startswith(AREA_PREFIX) else [AREA_PREFIX + area]
    return own + [zone_id for zone_id, zone in zones.items() if with_children and zone["area"] == area]


def projects(place_id: str, year: int | None = None, *, with_children: bool = True) -> pd.DataFrame:
    """Projects of a zone, an area or the whole province (`province`), the newest first.

    Projects of later years than `year` are left out; those whose year is not known stay. Capital is in million USD
    and billion VND as published, never converted; rows with `counted` "no" are listed but belong in no sum.
    """
    table = layers.table("projects")
    if place_id != EVERYWHERE:
        table = table[table["zone_id"].isin(members(place_id, with_children=with_children))]
    if year is not None:
        table = table[table["year"].isna() | (table["year"] <= year)]
    return table.sort_values(["year", "project_id"], ascending=[False, True], na_position="last").reset_index(drop=True)


def known_capital(place_id: str, currency: Currency, year: int | None = None) -> Figure | None:
    """Sum of the registered capital of the projects we know in a place: a lower bound, class `derived`.

    A project published in both currencies counts in one, so that the two sums never hold the same money.

    Returns:
        None when no project of the place states a capital in this currency.
    """
    known = _with_capital(place_id, currency, year)
    return _capital(place_id, currency, known) if known else None


def known_capital_by_year(place_id: str, currency: Currency, year: int | None = None) -> list[Figure]:
    """The same sum at the end of each year in which a project was licensed; projects of unknown year are left out."""
    dated = [project for project in _with_capital(place_id, currency, year) if project["year"] is not None]
    years = sorted({project["year"] for project in dated})
    return [_capital(place_id, currency, [project for project in dated if project["year"] <= last]) for last in years]


def known_projects(place_id: str, year: int | None = None) -> list[Mapping[str, Any]]:
    """Rows of `projects` for a place with all zones in it; shared by all callers, they must not be changed."""
    inside = None if place_id == EVERYWHERE else set(members(place_id))
    return [
        project
        for project in book().projects
        if (inside is None or project["zone_id"] in inside)
        and (year is None or project["year"] is None or project["year"] <= year)
    ]


def known_count(place_id: str, year: int | None = None) -> Figure | None:
    """Number of projects we know of in a place, class `derived`; None when we know of none."""
    counted = [project for project in known_projects(place_id, year) if project["counted"] == "yes"]
    return _from_projects("projects_known", "projects", place_id, counted, len(counted)) if counted else None


def counted_capital(project: Mapping[str, Any], currency: Currency) -> float | None:
    """Capital of a project that counts in this currency, in million USD or billion VND.

    Published in both, it counts in VND when all its investors are Vietnamese and in US dollars otherwise.
    """
    capital: float | None = project[CAPITAL[currency][0]]
    if capital is None or project["counted"] != "yes":
        return None
    if project["capital_usd_m"] is None or project["capital_vnd_bn"] is None:
        return capital
    return capital if (currency == "vnd") == (project["country"] == HOME) else None


def _with_capital(place_id: str, currency: Currency, year: int | None) -> list[Mapping[str, Any]]:
    """Projects of a place up to a year whose capital counts in this currency."""
    return [each for each in known_projects(place_id, year) if counted_capital(each, currency) is not None]


def _capital(place_id: str, currency: Currency, known: Sequence[Mapping[str, Any]]) -> Figure:
    column, unit = CAPITAL[currency]
    value = sum(project[column] for project in known)
    return _from_projects(f"projects_capital_{unit}", unit, place_id, known, value)


def _from_projects(measure: str, unit: str, place_id: str, known: Sequence[Mapping[str, Any]], value: float) -> Figure:
    """A figure of our own over projects, as of the newest year among them."""
    newest = max((project["year"] for project in known if project["year"] is not None), default=None)
    period = "" if newest is None else str(int(newest))
    return Figure(
        figure_id=f"sum:{measure}:{place_id}:{period}",
        measure=measure,
        zone_id=place_id,
        period=period,
        period_start="",
        precision="year" if period else "unknown",
        value=value,
        value_max=None,
        unit=unit,
        kind="actual",
        klass="derived",
        basis="",
        source_id=";".join(dict.fromkeys(part for project in known for part in project["source_id"].split(";"))),
        parts=tuple(project["project_id"] for project in known),
    )


def total(measure: str, zone_ids: Iterable[str], year: int | None = None) -> Total:
    """Sum of the zones' best figures; a zone inside another counted one is left out and named.

    Raises:
        QnGeoError: The measure is a rate or a price, an id is not a zone, or the figures differ in unit or basis.
        DataFileError: `measures.csv` lacks the measure, so that nobody knows whether it may be added up.
    """
    data = book()
    wanted = list(dict.fromkeys(zone_ids))
    _check_summable(measure)
    unknown = [zone_id for zone_id in wanted if zone_id not in data.zones]
    if unknown:
        raise QnGeoError(
            f"Chỉ cộng được số liệu của từng khu; không phải khu: {', '.join(unknown)}.",
            f"Only figures of single zones can be added up; not a zone: {', '.join(unknown)}.",
        )
    known = {zone_id: figure for zone_id in wanted if (figure := best(zone_id, measure, year)) is not None}
    holders = {zone_id: next((up for up in ancestors(zone_id) if up in known), "") for zone_id in known}
    parts = tuple(figure for zone_id, figure in known.items() if not holders[zone_id])
    return Total(
        figure=_sum(measure, parts) if parts else None,
        parts=parts,
        within=tuple((zone_id, holder) for zone_id, holder in holders.items() if holder),
        missing=tuple(zone_id for zone_id in wanted if zone_id not in known),
    )


def _check_summable(measure: str) -> None:
    found = book().measures.get(measure)
    if found is None:
        raise DataFileError(
            f"Thiếu chỉ tiêu “{measure}”.",
            f"The measure “{measure}” is missing.",
            "data/zones/measures.csv",
            remedy_vi="thêm lại dòng này, hoặc lấy lại bản gốc bằng `git checkout -- data/zones/measures.csv`.",
            remedy_en="add its row, or bring back the original with `git checkout -- data/zones/measures.csv`.",
        )
    if found.flow not in SUMMABLE:
        raise QnGeoError(
            f"Không thể cộng chỉ tiêu “{found.name_vi}”: đây là tỷ lệ hoặc đơn giá.",
            f"“{found.name_en}” cannot be added up: it is a rate or a price.",
        )


def _sum(measure: str, parts: Sequence[Figure]) -> Figure:
    if len({(part.unit, part.basis) for part in parts}) > 1:
        raise QnGeoError(
            f"Số liệu “{measure}” của các khu khác đơn vị hoặc khác cơ sở tính nên không cộng được.",
            f"The zones' figures for “{measure}” differ in unit or basis and cannot be added up.",
        )
    newest = max(parts, key=lambda part: part.sort_date)
    high = [part.value if part.value_max is None else part.value_max for part in parts]
    ranged = any(part.value_max is not None for part in parts)
    return Figure(
        figure_id=f"sum:{measure}:" + "+".join(part.zone_id for part in parts),
        measure=measure,
        zone_id="+".join(part.zone_id for part in parts),
        period=newest.period,
        period_start="",
        precision=newest.precision,
        value=sum(part.value for part in parts),
        value_max=sum(high) if ranged else None,
        unit=newest.unit,
        kind=newest.kind,
        klass=max(combine(parts), "derived", key=CLASSES.index),
        basis=newest.basis,
        source_id=";".join(dict.fromkeys(part.source_id for part in parts)),
        parts=tuple(part.figure_id for part in parts),
    )


def attribute(zone_id: str, column: str, unit: str = "ha") -> Figure | None:
    """A number of the zone's own row (`area_ha`, `industrial_land_ha`, ...) as a figure with the zone's source."""
    data = book()
    zone = data.zones.get(zone_id, {})
    if zone.get(column) is None:
        return None
    tier = data.sources.get(str(zone["source_id"]).split(";")[0], {}).get("tier", "")
    return Figure(
        figure_id=f"zone:{zone_id}:{column}",
        measure=column,
        zone_id=zone_id,
        period="",
        period_start="",
        precision="unknown",
        value=zone[column],
        value_max=None,
        unit=unit,
        kind="actual",
        klass=TIER_CLASSES.get(tier, "reported"),
        basis="",
        source_id=zone["source_id"],
        note_vi=zone.get("note_vi", ""),
        note_en=zone.get("note_en", ""),
    )


TIER_CLASSES = {
    "official": "official",
    "agency": "official",
    "press": "reported",
    "weak": "reported",
    "own": "estimated",
}
