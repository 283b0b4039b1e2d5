"""Read the source files of the build: plain tables and boundary files, as they lie in the data directory."""

from __future__ import annotations

import csv
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import shape

from qn_geo.build import official
from qn_geo.build.plane import areal
from qn_geo.crs import project
from qn_geo.errors import DataFileError
from qn_geo.schema import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

COMMUNES = "boundaries/communes.geojson"
NEIGHBOURS = "boundaries/natural_earth_land.geojson"
ZONES = "zones/zones.csv"
LANDUSE = "zones/landuse.csv"
TRANSPORT = "zones/transport.csv"
LOGISTICS = "zones/logistics.csv"


@dataclass(frozen=True)
class Commune:
    """A commune-level unit; `land` is its generalised land in EPSG:5899, `area_km2` the published figure."""

    code: str
    name_vi: str
    area_id: str | None
    area_km2: float
    land: BaseGeometry


def read_table(data_dir: Path, file: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file, every cell as text.

    Raises:
        DataFileError: The file is missing or not UTF-8.
    """
    try:
        with (data_dir / file).open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise _unreadable(file, error) from error


def read_shapes(data_dir: Path, file: str) -> list[tuple[dict[str, Any], BaseGeometry]]:
    """Return properties and plane geometry (EPSG:5899) of each feature of a GeoJSON file.

    Raises:
        DataFileError: The file is missing or not GeoJSON.
    """
    try:
        collection = json.loads((data_dir / file).read_text(encoding="utf-8"))
        return [(item["properties"], project(shape(item["geometry"]))) for item in collection["features"]]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise _unreadable(file, error) from error


def read_communes(data_dir: Path) -> list[Commune]:
    """Return the communes, sorted by code, with official outlines where such were brought in.

    Raises:
        DataFileError: The file is missing or not GeoJSON.
    """
    given = official.overrides(data_dir, "communes")
    communes = [
        Commune(
            code=properties["code"],
            name_vi=properties["name_vi"],
            area_id=properties["area_id"],
            area_km2=float(properties["area_km2"]),
            land=areal(shapely.make_valid(project(given[code]) if (code := properties["code"]) in given else geometry)),
        )
        for properties, geometry in read_shapes(data_dir, COMMUNES)
    ]
    return sorted(communes, key=lambda commune: commune.code)


def record_sources(data_dir: Path, *files: str) -> list[str]:
    """Return the source ids in the records of the given files, each once, in order.

    Raises:
        DataFileError: A record is missing or damaged.
    """
    found: list[str] = []
    for file in files:
        record = file + ".record.json"
        try:
            found += json.loads((data_dir / record).read_text(encoding="utf-8"))["sources"]
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _unreadable(record, error) from error
    return list(dict.fromkeys(found))


def number(text: str) -> float | None:
    """Return a table cell as a number, None where it is empty."""
    return float(text) if text.strip() else None


def waypoints(text: str) -> list[tuple[float, float]]:
    """Return "lon lat; lon lat" as pairs of degrees."""
    pairs = [pair.split() for pair in text.split(";") if pair.strip()]
    return [(float(lon), float(lat)) for lon, lat in pairs]


def row_sources(rows: Iterable[Mapping[str, str]]) -> list[str]:
    """Return the source ids that rows name in `source_id` (several are parted by semicolons), sorted."""
    return sorted(listed(*(row["source_id"] for row in rows)))


def _unreadable(file: str, error: Exception) -> DataFileError:
    return DataFileError(
        f"Không đọc được tệp nguồn của bước dựng dữ liệu ({error}).",
        f"A source file of the data build cannot be read ({error}).",
        file=file,
        remedy_vi="lấy lại tệp gốc (git checkout data) rồi chạy lại `python -m qn_geo data build`.",
        remedy_en="restore the file (git checkout data), then run `python -m qn_geo data build` again.",
    )
