"""Charts by name: what a story, a profile or a page asks for, without knowing which chart wants which arguments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from qn_geo import figures
from qn_geo.charts import investment, land, occupancy, sectors, targets
from qn_geo.charts.comparison import comparison
from qn_geo.schema import CITY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qn_geo.charts.frame import Chart

MAIN_ZONES: Final = {
    "mong-cai": "kkt-mong-cai",
    "van-don": "kkt-van-don",
    "quang-yen": "kkt-quang-yen",
    "hai-ha": "kcn-texhong-hai-ha",
}
"""The zone each area is mostly about; its figures speak where the area's own are not published."""

COMPARED: Final = (
    "area_ha",
    "industrial_land_ha",
    "occupancy_pct",
    "fdi_registered_usd_m",
    "investment_registered_usd_m",
    "investment_registered_vnd_bn",
    "projects_total",
    "workers",
)
"""Measures that zones are compared by, each as a chart `comparison:<measure>`."""


@dataclass(frozen=True)
class Subject:
    """What charts are about.

    Attributes:
        year: Actual year, or plan horizon.
        area: Slug of an area; None is the whole city.
        zones: Zones in question, the one in focus first; charts over many zones show these where there are two or
            more, else all of the area.
    """

    year: int
    area: str | None = None
    zones: tuple[str, ...] = ()

    @property
    def focus(self) -> str:
        """The zone that charts of one zone show."""
        return self.zones[0] if self.zones else MAIN_ZONES.get(self.area or "", CITY)

    @property
    def selected(self) -> str | None:
        """The zone that stands out among many."""
        return self.zones[0] if self.zones else None

    @property
    def many(self) -> tuple[str, ...]:
        """The zones that charts over many zones show."""
        return self.zones if len(self.zones) > 1 else figures.zone_ids(self.area, self.year)


def investment_by_zone(about: Subject, lang: str) -> Chart:
    """Return registered capital by zone: in US dollars, or in VND where nothing is published in dollars."""
    chart = investment.investment_by_zone(about.many, about.selected, about.year, lang)
    return investment.investment_by_zone(about.many, about.selected, about.year, lang, "vnd") if chart.empty else chart


_NAMED: Final[Mapping[str, Callable[[Subject, str], Chart]]] = {
    "city-occupancy": lambda about, lang: occupancy.city_occupancy(about.year, lang),
    "targets": lambda about, lang: targets.actual_vs_target(about.year, lang),
    "start-2021": lambda about, lang: targets.start_2021(lang, about.year),
    "ranking-investment": lambda about, lang: investment.ranking_investment(about.year, lang, about.selected),
    "ranking-occupancy": lambda about, lang: occupancy.ranking_occupancy(about.year, lang, about.selected),
    "investment": investment_by_zone,
    "occupancy": lambda about, lang: occupancy.occupancy_by_zone(about.many, about.selected, about.year, lang),
    "landuse": lambda about, lang: land.landuse_structure(about.focus, about.year, lang),
    "investment-cumulative": lambda about, lang: investment.investment_cumulative(about.focus, about.year, lang),
    "investment-new": lambda about, lang: investment.investment_new(about.focus, about.year, lang),
    "occupancy-over-time": lambda about, lang: occupancy.occupancy_over_time(
        about.focus, about.year, lang, neighbours=figures.zone_ids(about.area, about.year)
    ),
    "sectors": lambda about, lang: sectors.projects_by_sector(about.focus, about.year, lang),
} | {
    f"comparison:{measure}": lambda about, lang, measure=measure: comparison(about.many, measure, about.year, lang)
    for measure in COMPARED
}

NAMES: Final = tuple(_NAMED)
"""Every chart there is."""


def named(name: str, about: Subject, lang: str) -> Chart:
    """Return a chart by its name.

    Args:
        name: One of `NAMES`.
        about: What it is about.
        lang: "vi" or "en".

    Raises:
        KeyError: If there is no such chart.
    """
    return _NAMED[name](about, lang)
