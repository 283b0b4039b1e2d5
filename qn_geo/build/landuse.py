"""Draw the published land use of the zones as cells: right areas, invented arrangement (see `layout`)."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import Point
from shapely.ops import nearest_points

from qn_geo.build import official
from qn_geo.build.economic import quang_yen_parts
from qn_geo.build.layout import Demand, lay_out
from qn_geo.build.placing import Site, max_part, place
from qn_geo.build.plane import M2_PER_HA, areal, file_hectares, hectares, minus, polygons, to_file
from qn_geo.build.precincts import KKT_VAN_DON, VAN_DON, Precinct
from qn_geo.build.reading import LANDUSE, number, read_shapes, read_table, record_sources, row_sources
from qn_geo.build.writing import Column, Feature, Layer, write_layer
from qn_geo.build.zones import APART_M, Ground, read_ground
from qn_geo.build.zones import LAYER as ZONE_LAYER
from qn_geo.crs import project
from qn_geo.i18n import number as in_words

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

LAYER = Layer(
    id="landuse",
    file="zones/landuse.geojson",
    title_vi="Cơ cấu sử dụng đất trong các khu",
    title_en="Land use inside the zones",
    description_vi="Mỗi ô là một loại đất có diện tích đã công bố của một khu, ở một kỳ quy hoạch. Diện tích đúng theo "
    "số công bố (sai lệch ghi ở từng dòng); cách bố trí do chúng tôi dựng. Phần đất chưa công bố loại sử dụng và mặt "
    "biển để trống; khu chỉ có tổng diện tích thì vẽ cả khu.",
    description_en="Each cell is one use with a published area in one zone and plan horizon. Areas are the published "
    "ones (exceptions are noted by row); the arrangement is ours. Land of unpublished use and the sea stay empty; "
    "where only a total is published, the whole zone is drawn.",
    quality="schematic",
    columns=(
        Column("cell_id", "string", "Mã ô", "Cell id"),
        Column("row_id", "string", "Mã dòng trong bảng sử dụng đất", "Row id in the land-use table"),
        Column("zone_id", "string", "Mã khu", "Zone id"),
        Column("horizon", "integer", "Năm của kỳ quy hoạch", "Year of the plan horizon"),
        Column("use_code", "string", "Mã loại đất", "Land-use code"),
        Column("use_name_vi", "string", "Tên loại đất, tiếng Việt", "Name of the use, Vietnamese"),
        Column("use_name_en", "string", "Tên loại đất, tiếng Anh", "Name of the use, English"),
        Column("area_ha", "number", "Diện tích công bố", "Published area", "ha"),
        Column("quality", "string", "Độ tin cậy của hình", "How true the outline is"),
        Column("source_id", "string", "Mã nguồn, cách nhau bằng dấu chấm phẩy", "Source ids, parted by semicolons"),
    ),
)

CODES = "zones/landuse_codes.csv"
KKT_QUANG_YEN = "kkt-quang-yen"
# How a use is laid out, by code and, for uses without one, by a word of its Vietnamese name.
MANNER_OF_CODE = {"DGT": "road", "DKV": "green", "TMD": "gate"}
MANNER_OF_WORD = (("điều hành", "gate"), ("dịch vụ", "gate"), ("kỹ thuật", "far"))
# Areas agree when they differ by no more than this share.
AGREEMENT = 0.005
# Remarks on rows whose figure is about more than what is drawn.
REMARKS = {
    ("kcn-nam-tien-phong", "SKK"): (
        "Số công bố là của cả khu 487,4 ha; chưa rõ phần nằm trong 366,3 ha thuộc Quảng Ninh, nên vẽ trọn trong đó.",
        "The figure is for the whole park of 487.4 ha; its share inside Quảng Ninh is unknown, so all of it is drawn.",
    ),
}


@dataclass
class Cells:
    """Cells made so far: land by row id, and remarks by row id."""

    land: dict[str, BaseGeometry] = field(default_factory=dict)
    notes: dict[str, dict[str, str]] = field(default_factory=dict)

    def note(self, row: dict[str, str], vi: str, en: str) -> None:
        """Keep a remark on a row for the record."""
        self.notes[row["row_id"]] = {"vi": vi, "en": en}


@dataclass(frozen=True)
class Zone:
    """A drawn zone: its id, quality and outline (EPSG:5899)."""

    id: str
    kind: str
    quality: str
    shape: BaseGeometry


def build(data_dir: Path) -> list[Path]:
    """Write `landuse.geojson`; return the files written."""
    rows = read_table(data_dir, LANDUSE)
    zones = {
        row["zone_id"]: Zone(row["zone_id"], row["kind"], row["quality"], shape)
        for row, shape in read_shapes(data_dir, ZONE_LAYER.file)
    }
    given = official.pieces(data_dir, "landuse")
    drawable = [row for row in rows if (row["zone_id"], row["horizon"]) not in given]
    cells = draw(drawable, zones, read_ground(data_dir))
    by_id = {row["row_id"]: row for row in rows}
    features = [_feature(by_id[row_id], land, zones) for row_id, land in cells.land.items()]
    codes = {row["code"]: row for row in read_table(data_dir, CODES)}
    features += [_official(item, codes) for items in given.values() for item in items]
    features.sort(key=lambda feature: str(feature.properties["cell_id"]))
    sources = row_sources(by_id[row_id] for row_id in cells.land) + official.sources(data_dir, "landuse")
    return write_layer(data_dir, LAYER, features, sources + record_sources(data_dir, ZONE_LAYER.file), cells.notes)


def draw(rows: list[dict[str, str]], zones: dict[str, Zone], ground: Ground) -> Cells:
    """Return the cells of all drawn zones."""
    cells = Cells()
    for zone_id in sorted(zones):
        zone = zones[zone_id]
        own = [row for row in rows if row["zone_id"] == zone_id]
        uses = [row for row in own if row["role"] == "use"]
        if not uses:
            _draw_totals(zone, [row for row in own if row["role"] == "total"], cells)
        elif zone_id == KKT_VAN_DON:
            _draw_precincts(zone, uses, zones, ground, cells)
        elif zone_id == KKT_QUANG_YEN and zone.quality != "official":
            _draw_parts(uses, quang_yen_parts(ground.lands), cells)
        elif zone.kind != "KKT":
            for group in dict.fromkeys(row["group"] for row in uses):
                _draw_group(zone, [row for row in uses if row["group"] == group], ground, cells)
        for row in uses:
            if row["row_id"] not in cells.land:
                cells.note(
                    row,
                    "Không vẽ: gồm mặt biển hoặc không tách được khỏi hình của khu.",
                    "Not drawn: it counts the sea, or cannot be told apart inside the zone's outline.",
                )
    return cells


def manner(row: dict[str, str]) -> str:
    """Return how a use is laid out: road, green, gate, far or lots."""
    if row["use_code"]:
        return MANNER_OF_CODE.get(row["use_code"], "lots")
    name = row["use_name_vi"].casefold()
    return next((found for word, found in MANNER_OF_WORD if word in name), "lots")


def _draw_totals(zone: Zone, totals: list[dict[str, str]], cells: Cells) -> None:
    """Draw a zone of which only the whole is published, where its outline measures that."""
    for row in totals:
        area = _area(row)
        if abs(hectares(zone.shape) - area) <= AGREEMENT * area:
            cells.land[row["row_id"]] = zone.shape


def _draw_parts(uses: list[dict[str, str]], parts: tuple[BaseGeometry, ...], cells: Cells) -> None:
    """Draw uses whose areas are those of parts already made."""
    for row in uses:
        for part in parts:
            if abs(hectares(part) - _area(row)) <= AGREEMENT * _area(row):
                cells.land[row["row_id"]] = part


def _draw_group(zone: Zone, uses: list[dict[str, str]], ground: Ground, cells: Cells) -> None:
    """Lay out one partition of a park; where it adds up to more than the park, each use gives up the same share."""
    shape = max_part(zone.shape)
    total = sum(_area(row) for row in uses) * M2_PER_HA
    share = min(1.0, shape.area / total)
    demands = [Demand(row["row_id"], _area(row) * M2_PER_HA * share, manner(row)) for row in uses]
    cells.land |= lay_out(shape, gate(shape, ground), demands)
    for row in uses:
        if share < 1.0 - AGREEMENT:
            cells.note(row, *_shortened(_area(row), share, total / M2_PER_HA))
        elif (zone.id, row["use_code"]) in REMARKS:
            cells.note(row, *REMARKS[zone.id, row["use_code"]])


def _shortened(published: float, share: float, total: float) -> tuple[str, str]:
    vi, en = ([in_words(value, lang, 2) for value in (total, published * share, published)] for lang in ("vi", "en"))
    return (
        f"Các phần cộng lại {vi[0]} ha, lớn hơn cả khu: vẽ {vi[1]} ha thay cho {vi[2]} ha, mọi phần cùng một tỷ lệ.",
        f"The parts add up to {en[0]} ha, more than the zone: {en[1]} ha drawn for {en[2]} ha, all in proportion.",
    )


def gate(shape: BaseGeometry, ground: Ground) -> Point:
    """Return where a shape is entered: the point of its outline nearest to a road or railway."""
    return nearest_points(shape.boundary, shapely.union_all(list(ground.links.values())))[0]


def _draw_precincts(
    zone: Zone, uses: list[dict[str, str]], zones: dict[str, Zone], ground: Ground, cells: Cells
) -> None:
    """Set the named projects of Vân Đồn on land that no zone, road or earlier project takes."""
    by_name = {row["use_name_vi"]: row for row in uses}
    taken = [other.shape.buffer(APART_M, join_style="mitre") for other in zones.values() if other.kind != "KKT"]
    free = zone.shape.difference(shapely.union_all(taken)).difference(ground.corridors())
    for precinct in VAN_DON:
        rows = [(by_name[name], how) for name, how in precinct.rows if name in by_name]
        host = zones.get(precinct.within) if precinct.within else None
        if not rows or (precinct.within and not host):
            continue
        area = sum(_area(row) for row, _ in rows) * M2_PER_HA
        shape = host.shape if host else shapely.Polygon()
        if area - shape.area > AGREEMENT * area:
            shape = areal(shape.union(_site(precinct, area - shape.area, free, ground)))
        free = minus(free, shape.buffer(APART_M, join_style="mitre"))
        if len(rows) == 1:
            cells.land[rows[0][0]["row_id"]] = shape
        else:
            demands = [Demand(row["row_id"], _area(row) * M2_PER_HA, how) for row, how in rows]
            cells.land |= lay_out(max_part(shape), gate(shape, ground), demands)


def _site(precinct: Precinct, area: float, free: BaseGeometry, ground: Ground) -> BaseGeometry:
    return place(
        Site(
            area=area,
            anchor=project(Point(precinct.point)),
            reach=precinct.reach_m,
            ground=free,
            guides=[*ground.links.values(), *ground.shores()],
            outline=precinct.outline,
            aspect=precinct.aspect,
            bearing=None if precinct.bearing_deg is None else math.radians(precinct.bearing_deg),
        )
    )


def _area(row: dict[str, str]) -> float:
    return number(row["area_ha"]) or 0.0


def _feature(row: dict[str, str], land: BaseGeometry, zones: dict[str, Zone]) -> Feature:
    whole = row["role"] == "total"
    properties: dict[str, Any] = {
        "cell_id": row["row_id"],
        "row_id": row["row_id"],
        "zone_id": row["zone_id"],
        "horizon": int(row["horizon"]) if row["horizon"] else None,
        "use_code": row["use_code"] or None,
        "use_name_vi": row["use_name_vi"],
        "use_name_en": row["use_name_en"],
        "area_ha": number(row["area_ha"]),
        "quality": zones[row["zone_id"]].quality if whole else "schematic",
        "source_id": row["source_id"],
    }
    return Feature(properties, to_file(shapely.MultiPolygon(polygons(land))))


def _official(item: official.Official, codes: dict[str, dict[str, str]]) -> Feature:
    """Return a cell that the authority brought in, named by its code."""
    given = item.properties
    code = codes.get(given["use_code"] or "", {"name_vi": "Chưa rõ loại đất", "name_en": "Use not stated"})
    properties: dict[str, Any] = {
        "cell_id": item.id,
        "row_id": None,
        "zone_id": given["zone_id"],
        "horizon": int(given["horizon"]) if given["horizon"] else None,
        "use_code": given["use_code"],
        "use_name_vi": code["name_vi"],
        "use_name_en": code["name_en"],
        "area_ha": round(file_hectares(item.geometry), 4),
        "quality": "official",
        "source_id": given["source_id"],
    }
    return Feature(properties, item.geometry)
