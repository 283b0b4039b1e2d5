"""Profiles: the figures that introduce a place, what it draws in each year, and what nobody has published about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from qn_geo.figures.answers import best, goals, series
from qn_geo.figures.claims import Figure, book
from qn_geo.figures.holdings import Currency, attribute, known_capital
from qn_geo.schema import ALL_PARKS, ALL_ZONES, CITY

if TYPE_CHECKING:
    from collections.abc import Sequence

# A headline is a measure and the places it may be published for; where several are known the newest figure is shown.
CITY_HEADLINES = (
    ("kkt_count", (CITY,)),
    ("kcn_count", (CITY,)),
    ("ccn_count", (CITY,)),
    ("investment_registered_usd_m", (ALL_ZONES, ALL_PARKS)),
    ("fdi_projects", (ALL_ZONES, ALL_PARKS)),
    ("fdi_registered_usd_m", (ALL_ZONES, ALL_PARKS)),
    ("occupancy_pct", (CITY, ALL_PARKS)),
)
CAPITAL = ("fdi_registered_usd_m", "investment_registered_usd_m", "investment_registered_vnd_bn")
OUR_SUMS: dict[str, Currency] = {"projects_capital_usd_m": "usd", "projects_capital_vnd_bn": "vnd"}
REGISTERED: dict[Currency, tuple[str, str]] = {
    "usd": ("fdi_registered_usd_m", "investment_registered_usd_m"),
    "vnd": ("domestic_registered_vnd_bn", "investment_registered_vnd_bn"),
}
PROJECTS = ("projects_total", "fdi_projects", "secondary_projects")

# Measures that answer the same question stand together: the first one known is shown, or the first one as missing.
HEADLINES: dict[str, tuple[tuple[str, ...], ...]] = {
    "KKT": (("area_ha",), (*CAPITAL, *OUR_SUMS), ("domestic_registered_vnd_bn",), PROJECTS, ("population",)),
    "KCN": (("area_ha",), ("occupancy_pct",), (*CAPITAL, *OUR_SUMS), PROJECTS, ("workers",)),
    "CCN": (("area_ha",), ("occupancy_pct",), ("infrastructure_capital_vnd_bn",), ("registered_tenants",)),
    "area": (("area_ha",), ("population",), ("fdi_registered_usd_m",), ("fdi_projects",)),
}

EXPECTED: dict[str, tuple[tuple[str, ...], ...]] = {
    "KKT": (
        ("area_ha",),
        CAPITAL,
        ("domestic_registered_vnd_bn", "investment_registered_vnd_bn"),
        PROJECTS,
        ("fdi_new_usd_m", "fdi_new_ytd_usd_m"),
        ("domestic_new_vnd_bn", "investment_new_vnd_bn"),
        ("population",),
    ),
    "KCN": (
        ("area_ha",),
        ("industrial_land_ha",),
        ("occupancy_pct",),
        ("leased_ha", "leased_known_ha"),
        CAPITAL,
        PROJECTS,
        ("fdi_new_usd_m", "fdi_new_ytd_usd_m"),
        ("workers",),
        ("rent_usd_m2",),
    ),
    "CCN": (
        ("area_ha",),
        ("occupancy_pct",),
        ("leased_ha",),
        ("infrastructure_capital_vnd_bn", "infrastructure_capital_usd_m"),
        ("registered_tenants", "projects_total"),
        ("workers",),
    ),
    "area": (("area_ha",), ("population",), ("fdi_registered_usd_m",), ("fdi_projects",)),
}
"""What a place of each kind could be expected to publish."""

AREAS = ("area_ha", "land_ha", "sea_ha", "industrial_land_ha")
"""Measures that the table of zones states itself, in hectares."""


@dataclass(frozen=True, slots=True)
class NewInvestment:
    """Investment drawn year by year; US dollars and VND are different series and never share an axis.

    The `*_ytd` series hold years known only in part: the figure runs from 1 January to its period.
    """

    fdi: tuple[Figure, ...]
    fdi_ytd: tuple[Figure, ...]
    domestic: tuple[Figure, ...]
    domestic_ytd: tuple[Figure, ...]
    total: tuple[Figure, ...]
    total_ytd: tuple[Figure, ...]

    @property
    def empty(self) -> bool:
        """Nothing is published for any year."""
        return not any((self.fdi, self.fdi_ytd, self.domestic, self.domestic_ytd, self.total, self.total_ytd))


def kind_of(place_id: str) -> str:
    """`KKT`, `KCN` or `CCN` for a zone, else `area`."""
    zone = book().zones.get(place_id)
    return zone["kind"] if zone else "area"


def known(place_id: str, measure: str, year: int | None = None) -> Figure | None:
    """Best published figure, else what the table of zones itself says (areas), or the sum over the known projects."""
    figure = best(place_id, measure, year)
    if figure is None and measure in AREAS:
        return attribute(place_id, measure)
    if figure is None and measure in OUR_SUMS:
        return known_capital(place_id, OUR_SUMS[measure], year)
    return figure


def registered(place_id: str, currency: Currency, year: int | None = None) -> Figure | None:
    """Registered capital in one currency: the newest published, total, foreign or domestic; else our sum."""
    found = [figure for measure in REGISTERED[currency] if (figure := best(place_id, measure, year)) is not None]
    newest = max(found, key=lambda figure: (figure.sort_date, figure.value), default=None)
    return newest or known_capital(place_id, currency, year)


def project_count(place_id: str, year: int | None = None) -> Figure | None:
    """Published number of projects: of all, else of foreign ones, else of tenants' ones, as the cards show it."""
    return next((figure for measure in PROJECTS if (figure := best(place_id, measure, year)) is not None), None)


def headline(place_id: str = CITY, year: int | None = None) -> list[dict[str, Any]]:
    """Figures that introduce a place: `{"measure": id, "figure": Figure or None}`, in the order to show them."""
    if place_id == CITY:
        return [{"measure": measure, "figure": _newest(measure, places, year)} for measure, places in CITY_HEADLINES]
    return [_first_known(place_id, measures, year) for measures in HEADLINES[kind_of(place_id)]]


def _first_known(place_id: str, measures: tuple[str, ...], year: int | None) -> dict[str, Any]:
    for measure in measures:
        figure = known(place_id, measure, year)
        if figure is not None:
            return {"measure": measure, "figure": figure}
    return {"measure": measures[0], "figure": None}


def outlook_of(places: Sequence[str], year: int) -> list[Figure]:
    """Plans and targets of these places for the horizon ahead of a year, one a measure, the first place's first."""
    found: dict[str, Figure] = {}
    for place in places:
        for zone_id, measure, kind in book().claims:
            if zone_id != place or kind == "actual" or measure in found:
                continue
            ahead = [goal for goal in goals(place, measure, year) if goal.year is not None and goal.year >= year]
            if ahead:
                found[measure] = ahead[0]
    return list(found.values())


def missing(place_id: str, year: int | None = None) -> list[str]:
    """Measures that a place of this kind could be expected to publish and of which we found no actual figure."""
    wanted = (_first_known(place_id, measures, year) for measures in EXPECTED[kind_of(place_id)])
    return [entry["measure"] for entry in wanted if entry["figure"] is None]


def new_investment(place_id: str, year: int | None = None) -> NewInvestment:
    """Capital drawn in each year up to one: whole years, and beside them the years known only in part.

    A part of a year is left out as soon as the whole year is published.
    """

    def pair(stem: str, unit: str) -> tuple[tuple[Figure, ...], tuple[Figure, ...]]:
        whole = series(place_id, f"{stem}_{unit}", year)
        complete = {figure.year for figure in whole}
        parts = {figure.year: figure for figure in series(place_id, f"{stem}_ytd_{unit}", year)}  # the latest of each
        return tuple(whole), tuple(figure for figure in parts.values() if figure.year not in complete)

    fdi, fdi_ytd = pair("fdi_new", "usd_m")
    domestic, domestic_ytd = pair("domestic_new", "vnd_bn")
    total, total_ytd = pair("investment_new", "vnd_bn")
    return NewInvestment(fdi, fdi_ytd, domestic, domestic_ytd, total, total_ytd)


def _newest(measure: str, places: tuple[str, ...], year: int | None) -> Figure | None:
    found = [figure for place in places if (figure := best(place, measure, year)) is not None]
    return max(found, key=lambda figure: figure.sort_date, default=None)
