"""What is published about a park and decides its demo plots: land to let, land-use structure, occupancy, tenants."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qn_geo.build.plane import M2_PER_HA
from qn_geo.build.reading import LANDUSE, ZONES, number, read_table, row_sources
from qn_geo.build.subdivision import GREEN, LOT, ROAD, SERVICE, TECHNICAL, Programme

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FIGURES = "zones/figures.csv"
PROJECTS = "zones/projects.csv"

_CLASSES = ("official", "reported", "derived", "estimated", "demo")
# A rate over one phase or over the land already equipped says nothing about the whole park.
_PARTIAL_BASES = {"phase", "equipped"}
# Sectors that serve the park instead of renting its lots.
_NOT_TENANTS = {"park-infrastructure", "cluster-infrastructure", "transport", "port", "energy", "utilities"}

# QCVN 01:2021/BXD 2.5.3: at least 10 % roads, 10 % greenery and 1 % technical works in an industrial park.
_MINIMUM = {ROAD: 0.10, GREEN: 0.10, TECHNICAL: 0.01, SERVICE: 0.0}
# A park that publishes nothing: the usual structure a little above the minimum.
_USUAL = {ROAD: 0.125, GREEN: 0.12, TECHNICAL: 0.015, SERVICE: 0.03}
_MOST_SERVICE = 0.04
# Outlines are drawn to about 0.01 % of the published area; a larger difference means another extent.
_DRAWN_TOLERANCE = 0.01
_NEGLIGIBLE = 0.005

_USE_OF_CODE = {"SKK": LOT, "SKN": LOT, "DGT": ROAD, "DKV": GREEN, "DNL": TECHNICAL, "DRA": TECHNICAL, "TMD": SERVICE}
# Published uses that no official code fits, by the words of the tables.
_USE_OF_NAME = {
    "technical infrastructure hub": TECHNICAL,
    "operations centre": SERVICE,
    "services for the park": SERVICE,
}


@dataclass(frozen=True)
class Park:
    """A park or cluster as published; areas in hectares, None where unpublished.

    Attributes:
        zone_id: Its id.
        cluster: Whether it is a CCN.
        area_ha: The whole.
        lettable_ha: Industrial land to let.
        structure: Areas by use, without the land to let.
        occupancy: Latest occupancy in percent that speaks of the whole park.
        over_whole: Whether that rate is over the whole area and not over the land to let.
        leased_ha: Latest leased land, used where no rate is published.
        tenants: Number of projects by sector.
        sources: Ids of the documents behind land to let, structure, occupancy and tenants.
    """

    zone_id: str
    cluster: bool = False
    area_ha: float | None = None
    lettable_ha: float | None = None
    structure: dict[str, float] = field(default_factory=dict)
    occupancy: float | None = None
    over_whole: bool = False
    leased_ha: float | None = None
    tenants: dict[str, int] = field(default_factory=dict)
    sources: tuple[str, ...] = ()

    def drawn_share(self, drawn_m2: float) -> float:
        """Return which part of the published park its outline shows (some reach into a neighbouring province)."""
        published = (self.area_ha or 0.0) * M2_PER_HA
        return drawn_m2 / published if published and abs(drawn_m2 / published - 1) > _DRAWN_TOLERANCE else 1.0

    def leased_m2(self, lettable_m2: float, drawn_m2: float) -> float | None:
        """Return how much of the drawn land to let is leased, in square metres; None where nothing is published."""
        if self.occupancy is not None:
            return min(lettable_m2, self.occupancy / 100 * (drawn_m2 if self.over_whole else lettable_m2))
        if self.leased_ha is not None:
            return min(lettable_m2, self.leased_ha * M2_PER_HA * self.drawn_share(drawn_m2))
        return None


def read_parks(data_dir: Path) -> dict[str, Park]:
    """Return every park and cluster of the zones table by id.

    Raises:
        DataFileError: A source table is missing or damaged.
    """
    tables = [read_table(data_dir, file) for file in (FIGURES, LANDUSE, PROJECTS)]
    parks = {}
    for row in read_table(data_dir, ZONES):
        if row["kind"] != "KKT":
            own = [[item for item in table if item["zone_id"] == row["zone_id"]] for table in tables]
            parks[row["zone_id"]] = _park(row, *own)
    return parks


def _park(
    row: dict[str, str], figures: list[dict[str, str]], uses: list[dict[str, str]], projects: list[dict[str, str]]
) -> Park:
    land = newest(figures, {"leasable_land_ha", "industrial_land_ha"}, {"actual", "plan"})
    rate = newest((f for f in figures if f["basis"] not in _PARTIAL_BASES), {"occupancy_pct"}, {"actual"})
    leased = newest(figures, {"leased_ha"}, {"actual"})
    parts = _structure(uses)
    used = [*parts, *projects, *(figure for figure in (land, rate, leased) if figure)]
    if land is None and row["industrial_land_ha"]:
        used.append(row)
    structure: dict[str, float] = {}
    for item in parts:
        structure[_use(item)] = structure.get(_use(item), 0.0) + float(item["area_ha"])
    structure.pop(LOT, None)
    return Park(
        zone_id=row["zone_id"],
        cluster=row["kind"] == "CCN",
        area_ha=number(row["area_ha"]),
        # The table of zones carries no date, so a dated figure counts as newer.
        lettable_ha=number(land["value"] if land else row["industrial_land_ha"]),
        structure=structure,
        occupancy=number(rate["value"]) if rate else None,
        over_whole=bool(rate and rate["basis"] == "whole"),
        leased_ha=number(leased["value"]) if leased else None,
        tenants=_tenants(projects),
        sources=tuple(row_sources(used)),
    )


def newest(figures: Iterable[dict[str, str]], measures: set[str], kinds: set[str]) -> dict[str, str] | None:
    """Return the newest dated figure of some measures, among equally new ones the most official."""
    known = (f for f in figures if f["measure"] in measures and f["kind"] in kinds and f["period"] and f["value"])
    # A month counts as its last day and a year as 31 December, which "-99" sorts like.
    ranked = sorted(known, key=lambda f: (_CLASSES.index(f["class"]), f["figure_id"]))
    return max(ranked, key=lambda f: f["period"] + "-99-99"[: 10 - len(f["period"])], default=None)


def _structure(uses: list[dict[str, str]]) -> list[dict[str, str]]:
    """Return the rows of the newest published partition that names roads, greenery, services or technical land."""
    rows = [item for item in uses if item["role"] == "use" and item["area_ha"] and _use(item)]
    rows = [item for item in rows if any(_use(other) != LOT and _same_plan(item, other) for other in rows)]
    latest = max((item["horizon"] for item in rows), default="")
    return [item for item in rows if item["horizon"] == latest]


def _same_plan(one: dict[str, str], other: dict[str, str]) -> bool:
    return (one["horizon"], one["group"]) == (other["horizon"], other["group"])


def _use(item: dict[str, str]) -> str:
    return _USE_OF_CODE.get(item["use_code"]) or _USE_OF_NAME.get(item["use_name_en"].lower(), "")


def _tenants(projects: list[dict[str, str]]) -> dict[str, int]:
    """Count the park's real tenants by sector; whoever builds the park itself is not one."""
    real = (p["sector"] for p in projects if p["counted"] == "yes" and p["sector"] not in _NOT_TENANTS | {""})
    return dict(sorted(Counter(real).items()))


def programme(park: Park, drawn_m2: float) -> Programme:
    """Return the areas to reach within an outline of `drawn_m2` square metres.

    Published land to let and structure come first; what is left goes to the other uses, at least the minimum of the
    planning code where that fits.
    """
    share = park.drawn_share(drawn_m2)
    given = {use: hectares * M2_PER_HA * share for use, hectares in park.structure.items()}
    if park.lettable_ha is None:
        others = {use: part * drawn_m2 for use, part in _USUAL.items()} | given
    else:
        rest = drawn_m2 - park.lettable_ha * M2_PER_HA * share
        others = _filled(given, rest, drawn_m2)
    return Programme(
        lettable=drawn_m2 - sum(others.values()),
        road=others[ROAD],
        green=others[GREEN],
        technical=others[TECHNICAL],
        service=others[SERVICE],
    )


def _filled(given: dict[str, float], rest: float, whole: float) -> dict[str, float]:
    """Part `rest` square metres among the uses besides the land to let; `given` ones keep their published area."""
    free = [use for use in _MINIMUM if use not in given]
    left = rest - sum(given.values())
    # Published parts that leave nothing, or more than there is, keep their proportions and fill the rest.
    if given and (not free or left < _NEGLIGIBLE * whole):
        factor = rest / sum(given.values())
        return dict.fromkeys(_MINIMUM, 0.0) | {use: area * factor for use, area in given.items()}
    least = sum(_MINIMUM[use] for use in free) * whole
    if left <= least:
        return given | {use: _MINIMUM[use] * whole * left / least for use in free}
    filled = given | {use: _MINIMUM[use] * whole for use in free}
    spare = left - least
    if SERVICE in free:
        filled[SERVICE] = min(spare, _MOST_SERVICE * whole)
        spare -= filled[SERVICE]
    wide = [use for use in (ROAD, GREEN) if use in free] or free
    return filled | {use: filled[use] + spare / len(wide) for use in wide}
