"""Join the communes to the four areas of the product and to the outline of the city."""

from __future__ import annotations

from typing import TYPE_CHECKING

import shapely
from shapely.geometry import MultiPolygon, Polygon

from qn_geo.build.plane import polygons, to_file
from qn_geo.build.reading import COMMUNES, read_communes, record_sources
from qn_geo.build.writing import Column, Feature, Layer, write_layer

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

# The former districts the product is about, made of today's communes.
AREAS = {
    "hai-ha": ("Hải Hà", "Hải Hà"),
    "mong-cai": ("Móng Cái", "Móng Cái"),
    "quang-yen": ("Quảng Yên", "Quảng Yên"),
    "van-don": ("Vân Đồn", "Vân Đồn"),
}
CITY = ("Thành phố Quảng Ninh", "Quảng Ninh City")
# Derived from the communes, so under their licence.
LICENCE = "MIT"
# Neighbouring communes are generalised apart here and there; a hole this small in their union is such a seam.
SEAM_M2 = 1_000.0

_NAMES = (
    Column("name_vi", "string", "Tên tiếng Việt", "Vietnamese name"),
    Column("name_en", "string", "Tên tiếng Anh", "English name"),
)
AREA_LAYER = Layer(
    id="areas",
    file="boundaries/areas.geojson",
    title_vi="Bốn khu vực",
    title_en="The four areas",
    description_vi="Bốn khu vực của sản phẩm, mỗi khu vực là một huyện, thị xã, thành phố cũ, ghép từ các xã, phường, "
    "đặc khu hiện nay. Chỉ phần đất; đường bờ đã khái quát hóa.",
    description_en="The four areas of the product, each a former district, joined from today's communes. Land only; "
    "the shore is generalised.",
    quality="approximate",
    licence=LICENCE,
    columns=(
        Column("area_id", "string", "Mã khu vực", "Area id"),
        *_NAMES,
        Column(
            "area_km2",
            "number",
            "Tổng diện tích hành chính đã công bố của các đơn vị (gồm cả bãi triều)",
            "Sum of the published administrative areas of its communes (tidal flats included)",
            "km2",
        ),
    ),
)
CITY_LAYER = Layer(
    id="city",
    file="boundaries/city.geojson",
    title_vi="Ranh giới thành phố Quảng Ninh",
    title_en="Outline of Quảng Ninh City",
    description_vi="Hợp của 54 đơn vị cấp xã. Tên theo tình trạng từ ngày 01/9/2026; trước đó là tỉnh Quảng Ninh.",
    description_en="Union of the 54 commune-level units. Named as since 1 September 2026; Quảng Ninh province before.",
    quality="approximate",
    licence=LICENCE,
    columns=_NAMES,
)


def build(data_dir: Path) -> list[Path]:
    """Write `areas.geojson` and `city.geojson` from the communes; return the files written."""
    communes = read_communes(data_dir)
    sources = record_sources(data_dir, COMMUNES)
    areas = []
    for area_id, (name_vi, name_en) in AREAS.items():
        members = [commune for commune in communes if commune.area_id == area_id]
        properties = {
            "area_id": area_id,
            "name_vi": name_vi,
            "name_en": name_en,
            "area_km2": round(sum(commune.area_km2 for commune in members), 2),
        }
        areas.append(Feature(properties, to_file(join([commune.land for commune in members]))))
    outline = to_file(join([commune.land for commune in communes]))
    city = Feature({"name_vi": CITY[0], "name_en": CITY[1]}, outline)
    return [
        *write_layer(data_dir, AREA_LAYER, areas, sources),
        *write_layer(data_dir, CITY_LAYER, [city], sources),
    ]


def join(lands: Iterable[BaseGeometry]) -> MultiPolygon:
    """Return the union of communes (EPSG:5899) without the seams between them; true holes stay."""
    return MultiPolygon(
        [
            Polygon(part.exterior, [ring for ring in part.interiors if Polygon(ring).area > SEAM_M2])
            for part in polygons(shapely.union_all(list(lands)))
        ]
    )
