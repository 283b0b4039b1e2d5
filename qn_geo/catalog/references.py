"""Hold the data files against each other: every id that a row names must exist where it is defined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from qn_geo import layers, schema
from qn_geo.errors import Problem
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    import pandas as pd

    from qn_geo.schema import Record

_FIRST_LINE: Final = 2


@dataclass(frozen=True, slots=True)
class Reference:
    """A column whose values are ids defined in another file (or in the same)."""

    file: str
    column: str
    target: str
    key: str


_ZONE: Final = ("zones.csv", "zone_id")
_CODE: Final = ("landuse_codes.csv", "code")
_SECTOR: Final = ("sectors.csv", "sector")
_SOURCE: Final = ("sources.csv", "source_id")

REFERENCES: Final = (
    Reference("communes.geojson", "area_id", "areas.geojson", "area_id"),
    Reference("former_units.csv", "code", "communes.geojson", "code"),
    Reference("zones.csv", "parent_id", *_ZONE),
    Reference("zones.geojson", "zone_id", *_ZONE),
    Reference("zones.geojson", "parent_id", *_ZONE),
    Reference("landuse.csv", "zone_id", *_ZONE),
    Reference("landuse.csv", "use_code", *_CODE),
    Reference("landuse.geojson", "zone_id", *_ZONE),
    Reference("landuse.geojson", "use_code", *_CODE),
    Reference("landuse_codes.csv", "parent", *_CODE),
    Reference("transport.geojson", "link_id", "transport.csv", "link_id"),
    Reference("logistics.csv", "zone_id", *_ZONE),
    Reference("logistics.geojson", "centre_id", "logistics.csv", "centre_id"),
    Reference("plots.geojson", "zone_id", *_ZONE),
    Reference("plots.geojson", "use_code", *_CODE),
    Reference("plots.geojson", "sector", *_SECTOR),
    Reference("figures.csv", "measure", "measures.csv", "measure"),
    Reference("figures.csv", "zone_id", *_ZONE),
    Reference("projects.csv", "zone_id", *_ZONE),
    Reference("projects.csv", "sector", *_SECTOR),
    Reference("limits.csv", "check", "rules.csv", "code"),
    Reference("orientations.csv", "zone_id", *_ZONE),
    *(
        Reference(name, "source_id", *_SOURCE)
        for name, columns in schema.SCHEMAS.items()
        if "source_id" in columns.columns and name != "sources.csv"
    ),
)


def check_references(records: Iterable[Record], frames: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Return every reference that leads nowhere, and every contradiction between files.

    Args:
        records: The records, whose sources are looked up.
        frames: File name to table or layer; references from or to a file that is not there are passed over, because
            its own problem is told already.
    """
    problems = [problem for reference in REFERENCES for problem in _dangling(reference, frames)]
    problems += _unknown_sources(records, frames)
    problems += _foreign_units(frames)
    problems += _circles(frames)
    return problems


def _place(name: str) -> str:
    return layers.display_path(settings().data_dir / schema.path_of(name))


def _is_no_zone(value: str) -> bool:
    return value in schema.ZONE_GROUPS or value.startswith("area-")


def _dangling(reference: Reference, frames: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    if reference.file not in frames or reference.target not in frames:
        return
    known = set(frames[reference.target][reference.key])
    values = frames[reference.file][reference.column].dropna()
    for index, value in values.items():
        for item in schema.listed(str(value)):
            if item not in known and not (reference.key == "zone_id" and _is_no_zone(item)):
                yield Problem(
                    f"“{item}” không có trong {reference.target}.",
                    f"“{item}” is not in {reference.target}.",
                    _place(reference.file),
                    int(str(index)) + _FIRST_LINE,
                    reference.column,
                )


def _unknown_sources(records: Iterable[Record], frames: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    if "sources.csv" not in frames:
        return
    known = set(frames["sources.csv"]["source_id"])
    for record in records:
        unknown = [source for source in record.sources if source not in known]
        if unknown:
            listed = ", ".join(unknown)
            yield Problem(
                f"hồ sơ nêu nguồn không có trong sources.csv: {listed}.",
                f"the record names sources that are not in sources.csv: {listed}.",
                layers.display_path(record.path) + schema.SUFFIX,
            )


def _foreign_units(frames: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    """Figures must be in the unit of their measure, else a chart would mix units."""
    if "figures.csv" not in frames or "measures.csv" not in frames:
        return
    units = frames["measures.csv"].set_index("measure")["unit"].to_dict()
    for index, row in frames["figures.csv"].iterrows():
        wanted = units.get(row["measure"], row["unit"])
        if row["unit"] != wanted:
            yield Problem(
                f"đơn vị {row['unit']} khác với đơn vị {wanted} của chỉ tiêu {row['measure']}.",
                f"the unit {row['unit']} is not the unit {wanted} of measure {row['measure']}.",
                _place("figures.csv"),
                int(str(index)) + _FIRST_LINE,
                "unit",
            )


def _circles(frames: Mapping[str, pd.DataFrame]) -> Iterator[Problem]:
    """Zones nest; one that reaches itself through its parents would make every sum endless."""
    if "zones.csv" not in frames:
        return
    table = frames["zones.csv"]
    parents = table.dropna(subset="parent_id").set_index("zone_id")["parent_id"].to_dict()
    for index, zone in table["zone_id"].items():
        seen, above = {zone}, parents.get(zone)
        while above is not None and above not in seen:
            seen.add(above)
            above = parents.get(above)
        if above == zone:
            yield Problem(
                f"khu {zone} nằm trong chính nó qua các khu cha.",
                f"zone {zone} lies in itself through its parents.",
                _place("zones.csv"),
                int(str(index)) + _FIRST_LINE,
                "parent_id",
            )
