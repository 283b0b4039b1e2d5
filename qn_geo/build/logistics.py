"""Turn logistics centres, ports and border gates with a published point into a point layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapely.geometry import Point

from qn_geo.build import official
from qn_geo.build.plane import to_file
from qn_geo.build.reading import LOGISTICS, number, read_table, row_sources
from qn_geo.build.transport import quality
from qn_geo.build.writing import Column, Feature, Layer, write_layer
from qn_geo.crs import project

if TYPE_CHECKING:
    from pathlib import Path

LAYER = Layer(
    id="logistics",
    file="zones/logistics.geojson",
    title_vi="Trung tâm logistics, cảng, cửa khẩu",
    title_en="Logistics centres, ports and border gates",
    description_vi="Các điểm có tọa độ trong bảng logistics; điểm chưa rõ vị trí chỉ có trong bảng. approximate: sai "
    "số đến 600 m; schematic: lớn hơn.",
    description_en="Centres with a position in the table; those without stand only in the table. approximate: off by "
    "up to 600 m; schematic: by more.",
    quality="schematic",
    columns=(
        Column("centre_id", "string", "Mã trung tâm", "Centre id"),
        Column("name_vi", "string", "Tên tiếng Việt", "Vietnamese name"),
        Column("name_en", "string", "Tên tiếng Anh", "English name"),
        Column("kind", "string", "Loại", "Kind"),
        Column("area", "string", "Khu vực", "Area"),
        Column("zone_id", "string", "Khu mà nó thuộc về", "Zone it belongs to"),
        Column("status", "string", "Tình trạng", "Status"),
        Column("location_accuracy_m", "number", "Sai số vị trí ước lượng, m", "Estimated error of position, m"),
        Column("quality", "string", "Độ tin cậy của vị trí", "How true the position is"),
        Column("source_id", "string", "Mã nguồn, cách nhau bằng dấu chấm phẩy", "Source ids, parted by semicolons"),
    ),
)


def build(data_dir: Path) -> list[Path]:
    """Write `logistics.geojson`; return the files written."""
    given = official.overrides(data_dir, "logistics")
    table = read_table(data_dir, LOGISTICS)
    rows = [row for row in table if (row["lon"] and row["lat"]) or row["centre_id"] in given]
    rows.sort(key=lambda row: row["centre_id"])
    features = []
    for row in rows:
        properties = _properties(row)
        if row["centre_id"] in given:
            properties["quality"] = "official"
        point = given.get(row["centre_id"]) or Point(float(row["lon"]), float(row["lat"]))
        features.append(Feature(properties, to_file(project(point))))
    return write_layer(data_dir, LAYER, features, row_sources(rows) + official.sources(data_dir, "logistics"))


def _properties(row: dict[str, str]) -> dict[str, object]:
    names = ("centre_id", "name_vi", "name_en", "kind", "area", "zone_id", "status")
    return {
        **{name: row[name] or None for name in names},
        "location_accuracy_m": number(row["location_accuracy_m"]),
        "quality": quality(row["location_accuracy_m"]),
        "source_id": row["source_id"],
    }
