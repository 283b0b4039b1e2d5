"""Turn the waypoints of transport links into lines and points."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shapely.geometry import LineString, Point

from qn_geo.build import official
from qn_geo.build.plane import to_file
from qn_geo.build.reading import TRANSPORT, number, read_table, row_sources, waypoints
from qn_geo.build.writing import Column, Feature, Layer, write_layer
from qn_geo.crs import project

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

# Up to this error a line sits in the right street block at the scales the map is made for.
APPROXIMATE_M = 600.0

LAYER = Layer(
    id="transport",
    file="zones/transport.geojson",
    title_vi="Giao thông kết nối",
    title_en="Transport links",
    description_vi="Tuyến và điểm giao thông nối các khu: theo các điểm tọa độ trong bảng, nối thẳng. approximate: sai "
    "số đến 600 m; schematic: lớn hơn, chỉ thể hiện hướng tuyến.",
    description_en="Transport lines and nodes that serve the zones, straight between the waypoints of the table. "
    "approximate: off by up to 600 m; schematic: by more, it shows the corridor only.",
    quality="schematic",
    columns=(
        Column("link_id", "string", "Mã tuyến, điểm", "Link id"),
        Column("name_vi", "string", "Tên tiếng Việt", "Vietnamese name"),
        Column("name_en", "string", "Tên tiếng Anh", "English name"),
        Column("mode", "string", "Loại hình", "Mode"),
        Column("status", "string", "Tình trạng", "Status"),
        Column("opened", "string", "Ngày đưa vào khai thác", "Date opened"),
        Column("length_km", "number", "Chiều dài công bố", "Published length", "km"),
        Column("lanes", "integer", "Số làn xe", "Number of lanes"),
        Column("location_accuracy_m", "number", "Sai số vị trí ước lượng, m", "Estimated error of position, m"),
        Column("quality", "string", "Độ tin cậy của hình", "How true the geometry is"),
        Column("source_id", "string", "Mã nguồn, cách nhau bằng dấu chấm phẩy", "Source ids, parted by semicolons"),
    ),
)


def build(data_dir: Path) -> list[Path]:
    """Write `transport.geojson`; return the files written."""
    given = official.overrides(data_dir, "transport")
    table = read_table(data_dir, TRANSPORT)
    rows = [row for row in table if row["waypoints"] or row["link_id"] in given]
    rows.sort(key=lambda row: row["link_id"])
    features = []
    for row in rows:
        properties = _properties(row)
        if row["link_id"] in given:
            properties["quality"] = "official"
        shape = given.get(row["link_id"]) or _shape(row["waypoints"])
        features.append(Feature(properties, to_file(project(shape))))
    return write_layer(data_dir, LAYER, features, row_sources(rows) + official.sources(data_dir, "transport"))


def quality(location_accuracy_m: str) -> str:
    """Return `approximate` or `schematic` for an estimated error of position; unknown counts as large."""
    accuracy = number(location_accuracy_m)
    return "approximate" if accuracy is not None and accuracy <= APPROXIMATE_M else "schematic"


def _shape(text: str) -> BaseGeometry:
    places = waypoints(text)
    return Point(places[0]) if len(places) == 1 else LineString(places)


def _properties(row: dict[str, str]) -> dict[str, object]:
    lanes = number(row["lanes"])
    return {
        **{name: row[name] or None for name in ("link_id", "name_vi", "name_en", "mode", "status", "opened")},
        "length_km": number(row["length_km"]),
        "lanes": None if lanes is None else int(lanes),
        "location_accuracy_m": number(row["location_accuracy_m"]),
        "quality": quality(row["location_accuracy_m"]),
        "source_id": row["source_id"],
    }
