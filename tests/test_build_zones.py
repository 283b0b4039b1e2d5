"""The drawn zones: right areas, on land, inside their parents, beside each other, at their published points."""

from __future__ import annotations

import json
from itertools import combinations

import pytest
import shapely
from shapely.geometry import LineString, Point, box

from qn_geo.build.economic import quang_yen_parts
from qn_geo.build.plane import hectares
from qn_geo.build.reading import read_communes, read_shapes, read_table
from qn_geo.build.sites import HINTS
from qn_geo.build.zones import ancestors, beside, read_ground
from qn_geo.crs import project
from tests.conftest import ROOT

DATA = ROOT / "data"
TABLE = {row["zone_id"]: row for row in read_table(DATA, "zones/zones.csv")}
ZONES = {row["zone_id"]: (row, geometry) for row, geometry in read_shapes(DATA, "zones/zones.geojson")}
PARKS = [zone_id for zone_id in ZONES if TABLE[zone_id]["kind"] != "KKT"]
NESTED = [
    (zone_id, next(above for above in ancestors(zone_id, TABLE) if above in ZONES))
    for zone_id in PARKS
    if ZONES.keys() & ancestors(zone_id, TABLE)
]


def outline(zone_id):
    return ZONES[zone_id][1]


def drawn_ha(zone_id):
    hint = HINTS.get(zone_id)
    return (hint and hint.drawn_ha) or float(TABLE[zone_id]["area_ha"])


@pytest.fixture(scope="module")
def lands():
    return {commune.code: commune.land for commune in read_communes(DATA)}


@pytest.fixture(scope="module")
def land(lands):
    return shapely.union_all(list(lands.values()))


def test_what_can_be_drawn_is_drawn():
    locatable = {
        zone_id
        for zone_id, row in TABLE.items()
        if row["kind"] == "KKT" or (row["lon"] and row["area_ha"] and row["location_accuracy_m"])
    }
    assert set(ZONES) == locatable
    assert sum(TABLE[zone_id]["kind"] == "KKT" for zone_id in ZONES) == 5


def test_properties_repeat_the_table():
    for zone_id, (row, _) in ZONES.items():
        table = TABLE[zone_id]
        for name in ("kind", "name_vi", "name_en", "area", "parent_id", "status", "established"):
            assert (row[name] or "") == table[name]
        assert row["area_ha"] == (float(table["area_ha"]) if table["area_ha"] else None)


@pytest.mark.parametrize("zone_id", [*PARKS, "kkt-quang-yen", "kkt-bac-phong-sinh"])
def test_area_is_the_published_one(zone_id):
    assert hectares(outline(zone_id)) == pytest.approx(drawn_ha(zone_id), rel=1e-3)


def test_parts_of_quang_yen_are_the_published_ones(lands):
    north, south = quang_yen_parts(lands)
    assert hectares(north) == pytest.approx(6403.7, rel=1e-3)
    assert hectares(south) == pytest.approx(6899.3, rel=1e-3)
    assert outline("kkt-quang-yen").symmetric_difference(north.union(south)).area < 20_000


@pytest.mark.parametrize(
    ("zone_id", "codes"),
    [
        ("kkt-van-don", {"06994"}),
        ("kkt-hoanh-mo-dong-van", {"06841"}),
        ("kkt-mong-cai", {"06709", "06712", "06724", "06733", "06736", "06757", "06922", "06967"}),
    ],
)
def test_whole_commune_zones_are_their_communes(lands, zone_id, codes):
    union = shapely.union_all([lands[code] for code in codes])
    assert outline(zone_id).symmetric_difference(union).area < 1e-5 * union.area
    assert ZONES[zone_id][0]["quality"] == "approximate"


def test_bac_phong_sinh_is_the_border_side_of_its_commune(lands):
    zone, commune = outline("kkt-bac-phong-sinh"), lands["06931"]
    assert zone.difference(commune).area < 10_000
    assert zone.bounds[1] > commune.bounds[1] + 3_000
    assert zone.bounds[3] == pytest.approx(commune.bounds[3], abs=1)


@pytest.mark.parametrize("zone_id", sorted(ZONES))
def test_zone_lies_on_land(land, zone_id):
    off = outline(zone_id).difference(land)
    if zone_id == "kcn-cang-bien-hai-ha":  # its source counts a seaport; the record says so
        assert off.area < 0.4 * outline(zone_id).area
        assert off.within(land.buffer(1_600))
    else:
        assert off.area < 1e-4 * outline(zone_id).area


@pytest.mark.parametrize(("zone_id", "parent"), NESTED)
def test_park_lies_inside_its_nearest_drawn_parent(land, zone_id, parent):
    outside = outline(zone_id).intersection(land).difference(outline(parent))
    assert outside.area < 1e-4 * outline(zone_id).area


def test_zones_overlap_only_by_hierarchy():
    for one, other in combinations(sorted(ZONES), 2):
        if one in ancestors(other, TABLE) or other in ancestors(one, TABLE):
            continue
        assert outline(one).intersection(outline(other)).area < 100, (one, other)


@pytest.mark.parametrize("zone_id", PARKS)
def test_park_stands_at_its_published_point(zone_id):
    row = TABLE[zone_id]
    point = project(Point(float(row["lon"]), float(row["lat"])))
    assert outline(zone_id).distance(point) <= float(row["location_accuracy_m"])


@pytest.mark.parametrize("zone_id", [zone_id for zone_id in PARKS if HINTS[zone_id].communes])
def test_park_lies_in_the_communes_of_its_extent(lands, zone_id):
    hint = HINTS[zone_id]
    wards = shapely.union_all([lands[code] for code in hint.communes]).buffer(max(200.0, hint.sea_m) + 1)
    assert outline(zone_id).difference(wards).area < 100


@pytest.mark.parametrize("zone_id", PARKS)
def test_park_has_a_park_like_outline(zone_id):
    zone = outline(zone_id)
    frame = shapely.minimum_rotated_rectangle(zone)
    assert zone.geom_type == "Polygon"
    assert not zone.interiors
    assert zone.area > 0.55 * frame.area  # no blob, no star
    sides = sorted(
        LineString(pair).length for pair in zip(frame.exterior.coords, frame.exterior.coords[1:], strict=False)
    )
    assert sides[-1] < 3.5 * sides[0]  # no ribbon


@pytest.mark.parametrize("zone_id", PARKS)
def test_built_roads_pass_parks_by(zone_id):
    links = read_ground(DATA).links
    for link_id, line in links.items():
        if link_id not in HINTS[zone_id].served_by:
            held = line.intersection(outline(zone_id)).length
            assert held < 50 or zone_id == "kcn-cang-bien-hai-ha", link_id


def test_record_explains_what_is_ours():
    record = json.loads((DATA / "zones" / "zones.geojson.record.json").read_text(encoding="utf-8"))
    assert {"kkt-mong-cai", "kkt-quang-yen", "kcn-nam-tien-phong", "kcn-cang-bien-hai-ha"} <= set(record["notes"])
    assert all(note["vi"] and note["en"] for note in record["notes"].values())


def test_side_of_a_road():
    road = LineString([(-100, 0), (100, 0)])
    assert beside(box(-50, -50, 50, 50), road, "N").bounds[1] == pytest.approx(1.0)
    assert beside(box(-50, -50, 50, 50), road, "S").bounds[3] == pytest.approx(-1.0)


def test_ancestors_stop_at_a_circle():
    rows = {"a": {"parent_id": "b"}, "b": {"parent_id": "a"}, "c": {"parent_id": "gone"}}
    assert ancestors("a", rows) == ["b", "a"]
    assert ancestors("c", rows) == []
