"""What the data files must look like: columns, types, closed lists, and the record beside each file.

References between files (a zone's parent, a figure's source) are checked in `qn_geo.catalog`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qn_geo.schema import figures, places, review
from qn_geo.schema.record import SUFFIX, Record
from qn_geo.schema.validation import first_words, validate
from qn_geo.schema.words import ALL_PARKS, ALL_ZONES, CITY, ZONE_GROUPS, listed

if TYPE_CHECKING:
    import pandera.pandas as pa

__all__ = [
    "ALL_PARKS",
    "ALL_ZONES",
    "CITY",
    "GENERATED",
    "OPTIONAL",
    "SCHEMAS",
    "SUFFIX",
    "ZONE_GROUPS",
    "Record",
    "file_of",
    "first_words",
    "id_of",
    "listed",
    "path_of",
    "validate",
]

_BOUNDARIES: Final = places.boundaries()
_REVIEW: Final = review.review()

SCHEMAS: Final[dict[str, pa.DataFrameSchema]] = {
    **_BOUNDARIES,
    **places.zones(),
    **places.landuse(),
    **places.codes(),
    **places.plots(),
    **places.transport(),
    **places.logistics(),
    **figures.figures(),
    **figures.projects(),
    **places.official(),
    **_REVIEW,
}
"""File name to the schema of its columns; of a GeoJSON file, those of its properties."""

OPTIONAL: Final = frozenset({"official.geojson"})
"""Files that need not exist: they come with an import."""


GENERATED: Final = frozenset(name for name in SCHEMAS if name.endswith(".geojson")) - {
    "communes.geojson",
    "natural_earth_land.geojson",
    "official.geojson",
}
"""Files that `data build` makes from the others."""


def path_of(name: str) -> str:
    """Return where a file lies in the data folder, such as `zones/zones.csv`."""
    folder = "boundaries" if name in _BOUNDARIES else "rules" if name in _REVIEW else "zones"
    return f"{folder}/{name}"


def id_of(name: str) -> str:
    """Return the record id of a file name: its stem with hyphens, and `-table` where a map layer has that stem."""
    stem, _, kind = name.partition(".")
    clash = kind == "csv" and f"{stem}.geojson" in SCHEMAS
    return stem.replace("_", "-") + ("-table" if clash else "")


_FILES: Final = {id_of(name): name for name in SCHEMAS}


def file_of(record_id: str) -> str | None:
    """Return the file name a record id stands for, None if there is none."""
    return _FILES.get(record_id.replace("_", "-"))
