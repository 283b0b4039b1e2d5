"""Draw the zones: economic zones from communes, parks and clusters placed by `placing` at their published points."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import shapely
from shapely.geometry import LineString, Point

from qn_geo.build import official
from qn_geo.build.boundaries import join
from qn_geo.build.economic import outlines
from qn_geo.build.placing import Site, place
from qn_geo.build.plane import M2_PER_HA, areal, polygons, to_file
from qn_geo.build.reading import (
    COMMUNES,
    TRANSPORT,
    ZONES,
    number,
    read_communes,
    read_table,
    record_sources,
    row_sources,
    waypoints,
)
from qn_geo.build.sites import HINTS, Hint
from qn_geo.build.writing import Column, Feature, Layer, write_layer
from qn_geo.crs import project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

LAYER = Layer(
    id="zones",
    file="zones/zones.geojson",
    title_vi="Khu kinh tế, khu công nghiệp, cụm công nghiệp",
    title_en="Economic zones, industrial parks and clusters",
    description_vi="Hình các khu có vị trí và diện tích đã công bố. approximate: ghép từ xã, phường, chỉ phần đất; "
    "schematic: đúng diện tích, gần đúng vị trí, hình dạng do chúng tôi dựng. Không thay ranh giới quy hoạch.",
    description_en="Outlines of the zones whose place and area are published. approximate: made of communes, land "
    "only; schematic: right area, right neighbourhood, invented shape. They stand in for no planning boundary.",
    quality="schematic",
    columns=(
        Column("zone_id", "string", "Mã khu", "Zone id"),
        Column("kind", "string", "Loại: KKT, KCN, CCN", "Kind: KKT economic zone, KCN park, CCN cluster"),
        Column("name_vi", "string", "Tên tiếng Việt", "Vietnamese name"),
        Column("name_en", "string", "Tên tiếng Anh", "English name"),
        Column("area", "string", "Khu vực", "Area"),
        Column("parent_id", "string", "Khu chứa nó", "Zone it lies in"),
        Column("status", "string", "Tình trạng", "Status"),
        Column("established", "string", "Ngày thành lập", "Date established"),
        Column("area_ha", "number", "Diện tích công bố", "Published area", "ha"),
        Column("quality", "string", "Độ tin cậy của hình", "How true the outline is"),
    ),
)

# Modes whose lines a park may lie along and must not lie across.
ROADS = {"expressway", "national-road", "provincial-road", "coastal-road", "railway"}
BUILT = {"operating", "building"}
CORRIDOR_M = 30.0
# Room between neighbouring parks; they are separate undertakings with a road or ditch between.
APART_M = 60.0
SHORE_STEP_M = 250.0
WARD_STEP_M = 200.0
# A point chosen in `sites` within the published accuracy is kept to; the outline is only shifted to fit the ground.
NEAR_REACH_M = 300.0


@dataclass(frozen=True)
class Drawn:
    """One drawn zone: its row, outline (EPSG:5899), quality and the remark for the record."""

    row: dict[str, str]
    shape: BaseGeometry
    quality: str
    note_vi: str = ""
    note_en: str = ""


@dataclass(frozen=True)
class Ground:
    """What parks are placed on: land by commune, all land, and the transport lines by id (EPSG:5899)."""

    lands: dict[str, BaseGeometry]
    land: BaseGeometry
    links: dict[str, LineString]

    def corridors(self, served_by: tuple[str, ...] = ()) -> BaseGeometry:
        """Return the strips along roads and railways that a park does not cover, save those that end in it."""
        lines = [line for link_id, line in self.links.items() if link_id not in served_by]
        return shapely.buffer(shapely.union_all(lines), CORRIDOR_M, cap_style="flat")

    def shores(self) -> list[LineString]:
        """Return the shore lines, straightened as a park's edge would be."""
        return [LineString(part.exterior.simplify(SHORE_STEP_M).coords) for part in polygons(self.land)]


def build(data_dir: Path) -> list[Path]:
    """Write `zones.geojson`; return the files written."""
    rows = read_table(data_dir, ZONES)
    given = {zone_id: project(shape) for zone_id, shape in official.overrides(data_dir, "zones").items()}
    zones = draw(rows, read_ground(data_dir), given)
    features = [Feature(_properties(zone), to_file(zone.shape)) for zone in zones.values()]
    notes = {key: {"vi": zone.note_vi, "en": zone.note_en} for key, zone in zones.items() if zone.note_vi}
    sources = row_sources(zone.row for zone in zones.values()) + official.sources(data_dir, "zones")
    sources += record_sources(data_dir, COMMUNES)
    return write_layer(data_dir, LAYER, features, sources, notes)


def read_ground(data_dir: Path) -> Ground:
    """Return land and built roads and railways from the source files."""
    lands = {commune.code: commune.land for commune in read_communes(data_dir)}
    links = {
        row["link_id"]: project(LineString(waypoints(row["waypoints"])))
        for row in read_table(data_dir, TRANSPORT)
        if row["mode"] in ROADS and row["status"] in BUILT and ";" in row["waypoints"]
    }
    return Ground(lands, join(lands.values()), links)


def draw(
    rows: list[dict[str, str]], ground: Ground, given: Mapping[str, BaseGeometry] | None = None
) -> dict[str, Drawn]:
    """Return the zones that can be drawn, by id in order of id; official outlines (EPSG:5899) are kept as given."""
    by_id = {row["zone_id"]: row for row in rows}
    drawn = {
        zone_id: Drawn(by_id[zone_id], zone.shape, zone.quality, zone.note_vi, zone.note_en)
        for zone_id, zone in outlines(ground.lands).items()
        if zone_id in by_id
    }
    for zone_id, shape in (given or {}).items():
        drawn[zone_id] = Drawn(by_id[zone_id], shape, "official")
    guides = [*ground.links.values(), *ground.shores()]
    for zone_id in _order(by_id):
        if zone_id in drawn:
            continue
        row, hint = by_id[zone_id], HINTS.get(zone_id, Hint())
        hectares = hint.drawn_ha or number(row["area_ha"]) or 0.0
        shape = place(
            Site(
                area=hectares * M2_PER_HA,
                anchor=project(Point(hint.near or (float(row["lon"]), float(row["lat"])))),
                reach=NEAR_REACH_M if hint.near else float(row["location_accuracy_m"]),
                ground=_allowed(row, hint, drawn, ground, by_id).difference(ground.corridors(hint.served_by)),
                guides=guides,
                outline=hint.outline,
                aspect=hint.aspect,
                bearing=None if hint.bearing_deg is None else math.radians(hint.bearing_deg),
            )
        )
        drawn[zone_id] = Drawn(row, shape, "schematic", hint.note_vi, hint.note_en)
    return dict(sorted(drawn.items()))


def ancestors(zone_id: str, by_id: dict[str, dict[str, str]]) -> list[str]:
    """Return the zones a zone lies in, nearest first."""
    found: list[str] = []
    parent = by_id[zone_id]["parent_id"]
    while parent and parent in by_id and parent not in found:
        found.append(parent)
        parent = by_id[parent]["parent_id"]
    return found


def _order(by_id: dict[str, dict[str, str]]) -> list[str]:
    """Return parks and clusters to place: outer before inner, well located before vague, large before small."""

    def key(zone_id: str) -> tuple[int, float, float, str]:
        row = by_id[zone_id]
        return len(ancestors(zone_id, by_id)), float(row["location_accuracy_m"]), -float(row["area_ha"]), zone_id

    placeable = [
        zone_id
        for zone_id, row in by_id.items()
        if row["kind"] != "KKT" and row["lon"] and row["lat"] and row["location_accuracy_m"] and row["area_ha"]
    ]
    return sorted(placeable, key=key)


def _allowed(
    row: dict[str, str], hint: Hint, drawn: dict[str, Drawn], ground: Ground, by_id: dict[str, dict[str, str]]
) -> BaseGeometry:
    """Return where a zone may lie: its communes, inside its parent, clear of zones it is not part of."""
    allowed: BaseGeometry = ground.land
    if hint.communes:
        wards = join([ground.lands[code] for code in hint.communes])
        allowed = _smoothed(wards, ground.land)
        if hint.sea_m:
            allowed = wards.buffer(hint.sea_m).difference(ground.land.difference(wards))
    above = ancestors(row["zone_id"], by_id)
    parent = next((drawn[zone_id] for zone_id in above if zone_id in drawn), None)
    if parent:
        allowed = allowed.difference(ground.land.difference(parent.shape))
    for zone_id, other in drawn.items():
        if zone_id not in above:
            room = 0.0 if other.row["kind"] == "KKT" else APART_M
            allowed = allowed.difference(other.shape.buffer(room, join_style="mitre"))
    if hint.side:
        link, compass = hint.side
        allowed = beside(allowed, ground.links[link], compass)
    return areal(allowed)


def _smoothed(wards: BaseGeometry, land: BaseGeometry) -> BaseGeometry:
    """Return wards with straightened limits: a schematic park need not follow their every bend, the shore it must."""
    straight = wards.simplify(WARD_STEP_M).intersection(land)
    shore = land.boundary
    cut_off = [part for part in polygons(wards.difference(straight)) if part.distance(shore) < 1.0]
    return straight.union(shapely.union_all(cut_off))


def beside(shape: BaseGeometry, line: LineString, compass: str) -> BaseGeometry:
    """Return the parts of a shape that lie on one side (such as "S" or "SE") of a line that crosses it."""
    toward = ("E" in compass) - ("W" in compass), ("N" in compass) - ("S" in compass)
    kept = []
    for part in polygons(shape.difference(line.buffer(1.0))):
        middle = part.representative_point()
        foot = line.interpolate(line.project(middle))
        if (middle.x - foot.x) * toward[0] + (middle.y - foot.y) * toward[1] > 0:
            kept.append(part)
    return shapely.union_all(kept)


def _properties(zone: Drawn) -> dict[str, object]:
    row = zone.row
    names = ("zone_id", "kind", "name_vi", "name_en", "area", "parent_id", "status", "established")
    properties: dict[str, object] = {name: row[name] or None for name in names}
    return {**properties, "area_ha": number(row["area_ha"]), "quality": zone.quality}
