"""Land use of a zone: which rows of its plans are in force in a year.

A group of rows is one way to divide the zone. Where the group stands in several plans, each horizon is a version of it
and one is in force: the nearest horizon from the year on, else the newest. Horizons are versions of each other when
they repeat a use by name or divide the same area (within 1 %); otherwise they complement each other (the phases of a
park, developments that are finished in different years) and all of them stand side by side.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from qn_geo.figures.claims import book

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, Any]

WHOLE = ("total", "use")
SAME_AREA = 0.01


def landuse(zone_id: str, year: int | None = None, roles: Sequence[str] = WHOLE) -> list[Row]:
    """Rows of `landuse.csv` in force in a year, areas in hectares.

    Args:
        zone_id: A zone, or `area-<slug>`.
        year: Year to look from; None takes the newest horizon.
        roles: `total` (the whole zone), `use` (member of a partition), `part` (nested or overlapping, never to be
            added to the others).

    Returns:
        Rows by horizon and id, shared by all callers: they must not be changed.
    """
    chosen = [row for group in _groups(zone_id, roles).values() for row in _in_force(group, year)]
    return sorted(chosen, key=lambda row: (row["horizon"], row["row_id"]))


def other_horizons(zone_id: str, year: int | None = None, roles: Sequence[str] = WHOLE) -> list[Row]:
    """Versions of the same groups that are not in force in the year: earlier plans and later horizons."""
    shown = {row["row_id"] for row in landuse(zone_id, year, roles)}
    rows = [row for group in _groups(zone_id, roles).values() for row in group if row["row_id"] not in shown]
    return sorted(rows, key=lambda row: (row["horizon"], row["row_id"]))


def _groups(zone_id: str, roles: Sequence[str]) -> dict[tuple[str, str], list[Row]]:
    groups: defaultdict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in book().landuse:
        if row["zone_id"] == zone_id and row["role"] in roles:
            groups[row["role"], row["group"]].append(row)
    return groups


def _in_force(group: Sequence[Row], year: int | None) -> list[Row]:
    if not _versions(group):
        return list(group)
    horizons = {row["horizon"] for row in group}
    ahead = [horizon for horizon in horizons if year is not None and horizon >= year]
    chosen = min(ahead, default=max(horizons))
    return [row for row in group if row["horizon"] == chosen]


def _versions(group: Sequence[Row]) -> bool:
    """Whether the horizons of a group are plans for the same land."""
    names: defaultdict[str, set[float]] = defaultdict(set)
    areas: defaultdict[float, float] = defaultdict(float)
    for row in group:
        names[row["use_name_vi"]].add(row["horizon"])
        areas[row["horizon"]] += row["area_ha"] or 0.0
    repeated = any(len(horizons) > 1 for horizons in names.values())
    alike = len(areas) > 1 and max(areas.values()) - min(areas.values()) <= SAME_AREA * max(areas.values())
    return repeated or alike
