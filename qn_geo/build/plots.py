"""Make the demo register of plots: an invented subdivision of every drawn park, with totals that are published ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.ops import nearest_points

from qn_geo.build import official
from qn_geo.build.parks import read_parks
from qn_geo.build.plane import M2_PER_HA
from qn_geo.build.reading import read_shapes
from qn_geo.build.register import register
from qn_geo.build.writing import DECIMALS, Column, Feature, Layer, write_layer
from qn_geo.build.zones import read_ground
from qn_geo.crs import plane_area_m2, unproject

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from qn_geo.build.parks import Park
    from qn_geo.build.register import Plot

ZONES = "zones/zones.geojson"

LAYER = Layer(
    id="plots",
    file="zones/plots.geojson",
    title_vi="Lô đất minh họa (demo) trong khu, cụm công nghiệp",
    title_en="Demo plots in industrial parks and clusters",
    description_vi="Số liệu demo, không phải bản đồ địa chính: ranh lô, số tờ, số thửa, tình trạng và ngành thuê do "
    "máy dựng trong hình vẽ của từng khu. Chỉ tổng diện tích đất cho thuê và tỷ lệ lấp đầy của khu là theo số liệu "
    "công bố; khu chưa công bố tỷ lệ lấp đầy thì lô không có tình trạng.",
    description_en="Demo data, no cadastral map: boundaries, sheet and parcel numbers, statuses and tenant sectors are "
    "invented by a program inside each park's drawn outline. Only the total of land to let and the occupancy of a park "
    "are published figures; where occupancy is unpublished, plots have no status.",
    quality="demo",
    columns=(
        Column("plot_id", "string", "Mã lô: khu-tờ-thửa", "Plot id: zone-sheet-parcel"),
        Column("zone_id", "string", "Mã khu", "Zone id"),
        Column("sheet", "string", "Số tờ bản đồ", "Map sheet number"),
        Column("parcel", "string", "Số thửa", "Parcel number"),
        Column("area_m2", "number", "Diện tích trong EPSG:5899, m²", "Area in EPSG:5899, square metres"),
        Column("use_code", "string", "Mã loại đất", "Land-use code"),
        Column(
            "status",
            "string",
            "leased đã thuê, building đang xây dựng, vacant còn trống, reserved giữ chỗ; trống khi chưa công bố hoặc "
            "không phải đất cho thuê",
            "leased, building, vacant or reserved; empty where unpublished or not land to let",
        ),
        Column("sector", "string", "Ngành của bên thuê", "Sector of the tenant"),
        Column("quality", "string", "Độ tin cậy của hình: demo", "How true the outline is: demo"),
    ),
)


def build(data_dir: Path) -> list[Path]:
    """Write `plots.geojson`; return the files written.

    Raises:
        DataFileError: A source file is missing or damaged.
    """
    parks = read_parks(data_dir)
    outlines = drawn_parks(data_dir)
    roads = shapely.union_all(list(read_ground(data_dir).links.values()))
    given = official.pieces(data_dir, "plots")
    features = [_official(item) for pieces in given.values() for item in pieces]
    sources = official.sources(data_dir, "plots")
    notes: dict[str, dict[str, str]] = {}
    for zone_id, outline in outlines.items():
        if (zone_id, "") in given:
            continue
        park = parks[zone_id]
        try:
            plots = register(park, outline, nearest_points(roads, outline.centroid)[0])
        except ValueError as error:
            notes[zone_id] = {"vi": f"Không dựng được lô đất: {error}.", "en": f"No plots could be made: {error}."}
            continue
        features += [_feature(zone_id, plot) for plot in plots]
        notes |= _remark(park, outline.area)
        sources += park.sources
    features.sort(key=lambda feature: str(feature.properties["plot_id"]))
    return write_layer(data_dir, LAYER, features, sorted(set(sources)), notes)


def drawn_parks(data_dir: Path) -> dict[str, BaseGeometry]:
    """Return the outlines (EPSG:5899) of parks and clusters by id, without those that only hold other parks."""
    rows = [(row, shape) for row, shape in read_shapes(data_dir, ZONES) if row["kind"] != "KKT"]
    umbrellas = {row["parent_id"] for row, _ in rows}
    return {row["zone_id"]: shape for row, shape in rows if row["zone_id"] not in umbrellas}


def degrees(shape: BaseGeometry) -> BaseGeometry:
    """Return a plane shape in WGS 84, every corner rounded by itself: neighbours round the corners they share alike."""
    rounded = shapely.transform(unproject(shape), lambda corners: np.round(corners, DECIMALS))
    return shapely.orient_polygons(rounded, exterior_cw=False)


def _feature(zone_id: str, plot: Plot) -> Feature:
    shape = degrees(plot.parcel.geometry)
    properties = {
        "plot_id": f"{zone_id}-{plot.sheet}-{plot.number}",
        "zone_id": zone_id,
        "sheet": str(plot.sheet),
        "parcel": str(plot.number),
        "area_m2": round(plane_area_m2(shape), 1),
        "use_code": plot.use_code,
        "status": plot.status,
        "sector": plot.sector,
        "quality": "demo",
    }
    return Feature(properties, shape)


def _official(item: official.Official) -> Feature:
    """Return a plot that the authority brought in; it is no demo."""
    given = item.properties
    properties = {
        "plot_id": item.id,
        "zone_id": given["zone_id"],
        "sheet": given["sheet"],
        "parcel": given["parcel"],
        "area_m2": round(plane_area_m2(item.geometry), 1),
        "use_code": given["use_code"],
        "status": given["status"],
        "sector": given["sector"],
        "quality": "official",
    }
    return Feature(properties, item.geometry)


def _remark(park: Park, drawn_m2: float) -> dict[str, dict[str, str]]:
    """Say where only a part of the published park is drawn."""
    share = park.drawn_share(drawn_m2)
    if share == 1.0:
        return {}
    part, whole = f"{drawn_m2 / M2_PER_HA:.1f}", f"{park.area_ha:.1f}"
    vi = f"Chỉ vẽ {part.replace('.', ',')} trong {whole.replace('.', ',')} ha; đất cho thuê lấy theo cùng tỷ lệ."
    en = f"Only {part} of {whole} ha are drawn; the land to let is taken in the same proportion."
    return {park.zone_id: {"vi": vi, "en": en}}
