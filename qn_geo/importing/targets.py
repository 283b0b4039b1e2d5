"""What can be brought in: tables matched by row, layers matched by feature, and how the data directory stores them."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from shapely.errors import GEOSException
from shapely.geometry import shape

from qn_geo.errors import DataFileError
from qn_geo.schema import SCHEMAS, Record

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

RECORD: Final = ".record.json"


@dataclass(frozen=True)
class Table:
    """A CSV table of `data/zones` that takes rows.

    Attributes:
        stem: Name of the file without `.csv`, also the name of its sheet.
        key: Id column.
        natural: Columns that together tell a row apart when its id is left empty; empty when the id must be given.
        prefix: How ids are made for new rows without one: `f` numbers them, `prj-` is followed by a name.
        references: Column -> table whose id it must be; a cell may hold several ids, parted by semicolons.
        builds: Whether generated files depend on the table.
    """

    stem: str
    key: str
    natural: tuple[str, ...] = ()
    prefix: str = ""
    references: Mapping[str, str] = field(default_factory=dict)
    builds: bool = True

    @property
    def file(self) -> str:
        """Path in the data directory."""
        return f"zones/{self.stem}.csv"


_SOURCE: Final = {"source_id": "sources"}
TABLES: Final[dict[str, Table]] = {
    table.stem: table
    for table in (
        Table("sources", "source_id", ("title",), "own-", builds=False),
        Table("measures", "measure", builds=False),
        Table("zones", "zone_id", references={"parent_id": "zones", **_SOURCE}),
        Table(
            "figures",
            "figure_id",
            ("zone_id", "measure", "period", "period_start", "kind", "basis", "source_id"),
            "f",
            references={"zone_id": "zones", "measure": "measures", **_SOURCE},
        ),
        Table(
            "projects",
            "project_id",
            ("zone_id", "name_vi"),
            "prj-",
            references={"zone_id": "zones", "sector": "sectors", **_SOURCE},
            builds=False,
        ),
        Table(
            "landuse",
            "row_id",
            ("zone_id", "horizon", "group", "use_code", "use_name_vi"),
            "lu-",
            references={"zone_id": "zones", "use_code": "landuse_codes", **_SOURCE},
        ),
        Table("transport", "link_id", references=_SOURCE),
        Table("logistics", "centre_id", references={"zone_id": "zones", **_SOURCE}),
    )
}
# Tables that are only looked up, with their id columns.
LOOKED_UP: Final = {"sectors": "sector", "landuse_codes": "code"}
TEMPLATE_TABLES: Final = ("figures", "projects", "zones", "sources")


@dataclass(frozen=True)
class ShapeLayer:
    """A layer that takes official geometry.

    Attributes:
        layer: Id of the layer, also its name in a GeoPackage.
        key: Id column.
        kinds: Geometry types it may have.
        table: Table (or, for communes, layer file) that must know the id; empty when ids are new (cells, plots).
        columns: The other columns, with their types in a template.
        parts: Whether an import replaces all pieces of a zone (cells, plots) rather than single features.
    """

    layer: str
    key: str
    kinds: tuple[str, ...]
    table: str = ""
    columns: tuple[str, ...] = ("source_id",)
    parts: bool = False


_AREAS: Final = ("Polygon", "MultiPolygon")
SHAPE_LAYERS: Final[dict[str, ShapeLayer]] = {
    layer.layer: layer
    for layer in (
        ShapeLayer("zones", "zone_id", _AREAS, "zones"),
        ShapeLayer("landuse", "cell_id", _AREAS, columns=("zone_id", "horizon", "use_code", "source_id"), parts=True),
        ShapeLayer("transport", "link_id", ("LineString", "MultiLineString", "Point"), "transport"),
        ShapeLayer("logistics", "centre_id", ("Point",), "logistics"),
        ShapeLayer(
            "plots",
            "plot_id",
            _AREAS,
            columns=("zone_id", "sheet", "parcel", "use_code", "status", "sector", "source_id"),
            parts=True,
        ),
        ShapeLayer("communes", "code", _AREAS, "communes"),
    )
}
COMMUNES: Final = "boundaries/communes.geojson"
NUMBER_TYPES: Final = {"number", "integer"}


def read_rows(data_dir: Path, file: str) -> tuple[list[str], list[dict[str, str]]]:
    """Return the columns and rows of a CSV file, every cell as the text it is.

    Raises:
        DataFileError: The file is missing or damaged, or lacks a column of its schema.
    """
    try:
        with (data_dir / file).open(encoding="utf-8", newline="") as stream:
            reader = csv.reader(stream, strict=True)
            columns = next(reader, [])
            rows = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise damaged(file, error) from error
    if missing := [name for name in SCHEMAS[file.rpartition("/")[2]].columns if name not in columns]:
        raise damaged(file, ", ".join(missing))
    if uneven := [line for line, row in enumerate(rows, start=2) if len(row) != len(columns)]:
        raise damaged(file, f"CSV: {uneven[0]}")
    return columns, [dict(zip(columns, row, strict=True)) for row in rows]


def damaged(file: str, error: object) -> DataFileError:
    """Return the error for a data file that cannot be used as it is."""
    return DataFileError(
        f"Không đọc được tệp dữ liệu này ({error}).",
        f"This data file cannot be read ({error}).",
        file=file,
        remedy_vi="chạy python -m qn_geo data check và sửa tệp rồi thử lại.",
        remedy_en="run python -m qn_geo data check and mend the file, then try again.",
    )


def csv_bytes(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """Return a table as the data directory stores it: UTF-8, comma, LF."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def read_json(data_dir: Path, file: str) -> dict[str, Any]:
    """Return a JSON object of the data directory.

    Raises:
        DataFileError: The file is missing or damaged.
    """
    try:
        held = json.loads((data_dir / file).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(file, error) from error
    if not isinstance(held, dict):
        raise damaged(file, type(held).__name__)
    return held


def read_record(data_dir: Path, file: str) -> dict[str, Any]:
    """Return the record of a data file, by the file's path.

    Raises:
        DataFileError: The record is missing or damaged.
    """
    held = read_json(data_dir, file + RECORD)
    try:
        Record.model_validate({**held, "folder": data_dir})
    except ValueError as error:
        raise damaged(file + RECORD, str(error).partition("\n")[0]) from error
    return held


def read_features(data_dir: Path, file: str, key: str) -> dict[str, dict[str, Any]]:
    """Return the features of a GeoJSON file of the data directory by their id, which is in the property `key`.

    Raises:
        DataFileError: The file is missing or damaged.
    """
    try:
        return {str(item["properties"][key]): item for item in read_json(data_dir, file)["features"]}
    except (KeyError, TypeError) as error:
        raise damaged(file, repr(error)) from error


def read_geometries(data_dir: Path, file: str, key: str) -> dict[str, BaseGeometry]:
    """Return the geometry of each feature of a GeoJSON file by the feature's id.

    Raises:
        DataFileError: The file is missing or damaged.
    """
    features = read_features(data_dir, file, key)
    return {name: geometry_of(feature, file) for name, feature in features.items()}


def geometry_of(feature: Mapping[str, Any], file: str) -> BaseGeometry:
    """Return the geometry of a feature that stands in a file of the data directory.

    Raises:
        DataFileError: It has none, or a damaged one.
    """
    try:
        return shape(feature["geometry"])
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, GEOSException) as error:
        raise damaged(file, repr(error)) from error


def json_bytes(value: Any) -> bytes:
    """Return a record as the data directory stores it."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def number_columns(data_dir: Path, table: Table) -> set[str]:
    """Return the columns of a table that hold numbers, from its record."""
    record = read_record(data_dir, table.file)
    return {column["name"] for column in record["columns"] if column["type"] in NUMBER_TYPES}


def known_ids(data_dir: Path, stem: str) -> set[str]:
    """Return all ids of a table, or of the commune layer."""
    if stem == "communes":
        return set(read_features(data_dir, COMMUNES, "code"))
    key = TABLES[stem].key if stem in TABLES else LOOKED_UP[stem]
    return {row[key] for row in read_rows(data_dir, f"zones/{stem}.csv")[1]}
