"""Holdings: the projects of a place with all zones in it, and sums over them that count no money twice.

Zones nest: the Móng Cái economic zone holds parks whose land and money are also its own. So published figures of zones
are never added up; what is summed are projects, each of which lies in one zone and counts in one currency. Frames
returned here are copies: change them freely.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from qn_geo import layers, style
from qn_geo.figures.claims import Figure, book
from qn_geo.schema import CITY, listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

AREA_PREFIX = "area-"
HOME = "Vietnam"
Currency = Literal["usd", "vnd"]
CAPITAL = {"usd": ("capital_usd_m", "usd_m"), "vnd": ("capital_vnd_bn", "vnd_bn")}


def ancestors(zone_id: str) -> list[str]:
    """Zones that hold this one, the nearest first; none for an id that is not a zone."""
    return list(book().ancestors.get(zone_id, ()))


def members(place_id: str) -> list[str]:
    """Ids that projects and figures of a place may carry: itself, and the zones in it at any depth.

    Args:
        place_id: A zone id, an area (`mong-cai` or `area-mong-cai`), or `province` for every zone.
    """
    zones = book().zones
    if place_id == CITY:
        return [place_id, *zones]
    if place_id in zones:
        return [place_id, *(zone_id for zone_id, above in book().ancestors.items() if place_id in above)]
    area = place_id.removeprefix(AREA_PREFIX)
    return [AREA_PREFIX + area, *(zone_id for zone_id, zone in zones.items() if zone["area"] == area)]


def projects(place_id: str, year: int | None = None) -> pd.DataFrame:
    """Projects of a zone, an area or the whole province (`province`), the newest first.

    Projects of later years than `year` are left out; those whose year is not known stay. Capital is in million USD
    and billion VND as published, never converted; rows with `counted` "no" are listed but belong in no sum.
    """
    table = layers.table("projects")
    if place_id != CITY:
        table = table[table["zone_id"].isin(members(place_id))]
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
    inside = None if place_id == CITY else set(members(place_id))
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
        source_id=";".join(listed(*(project["source_id"] for project in known))),
        parts=tuple(project["project_id"] for project in known),
    )


def attribute(zone_id: str, column: str, unit: str = "ha") -> Figure | None:
    """A number of the zone's own row (`area_ha`, `industrial_land_ha`, ...) as a figure with the zone's source."""
    data = book()
    zone = data.zones.get(zone_id, {})
    if zone.get(column) is None:
        return None
    tier = data.source(zone["source_id"]).get("tier", "")
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


def zone_ids(area: str | None, year: int) -> tuple[str, ...]:
    """Return the zones of an area, or all, that stand in a year: kinds from the largest to the smallest, then by name.

    A zone whose year of establishment is not known counts always.
    """
    rows = book().zones.values()
    kinds = list(style.ZONE_COLOURS)
    kept = [row for row in rows if area in (None, row["area"]) and not int(str(row["established"] or 0)[:4]) > year]
    return tuple(row["zone_id"] for row in sorted(kept, key=lambda row: (kinds.index(row["kind"]), row["zone_id"])))
