"""The demo register: a clean coverage of every park, with totals that agree with what is published."""

from __future__ import annotations

import json

import numpy as np
import pytest
import shapely
from shapely import affinity
from shapely.geometry import MultiPolygon, Point, Polygon, box, shape

from qn_geo.build import plots
from qn_geo.build.parks import Park, newest, programme, read_parks
from qn_geo.build.register import CLUSTER, PARK, register
from qn_geo.build.subdivision import LOT, Programme, subdivide
from qn_geo.crs import project
from qn_geo.settings import ROOT

DATA = ROOT / "data"
LETTABLE = {"SKK", "SKN"}


@pytest.fixture(scope="module")
def published():
    return read_parks(DATA)


@pytest.fixture(scope="module")
def outlines():
    return plots.drawn_parks(DATA)


@pytest.fixture(scope="module")
def features():
    return json.loads((DATA / "zones/plots.geojson").read_text(encoding="utf-8"))["features"]


@pytest.fixture(scope="module")
def by_park(features):
    """Properties and plane geometry of the plots of each park."""
    found = {}
    for feature in features:
        row = feature["properties"]
        found.setdefault(row["zone_id"], []).append((row, project(shape(feature["geometry"]))))
    return found


def lots(rows):
    return [row for row, _ in rows if row["use_code"] in LETTABLE]


def total(rows):
    """Area in square metres."""
    return sum(row["area_m2"] for row in rows)


def test_every_drawn_park_has_plots_and_no_umbrella_has(by_park, outlines):
    assert set(by_park) == set(outlines)
    assert "kcn-texhong-hai-ha" in by_park
    assert "kcn-cang-bien-hai-ha" not in by_park
    assert not any(zone_id.startswith("kkt-") for zone_id in by_park)


def test_a_few_thousand_plots_in_a_small_file(features):
    assert 2000 <= len(features) <= 4000
    assert (DATA / "zones/plots.geojson").stat().st_size < 1_400_000


def test_ids_are_unique_and_made_of_zone_sheet_and_parcel(features):
    rows = [feature["properties"] for feature in features]
    ids = [row["plot_id"] for row in rows]
    assert len(set(ids)) == len(ids)
    assert ids == sorted(ids)
    assert all(row["plot_id"] == f"{row['zone_id']}-{row['sheet']}-{row['parcel']}" for row in rows)


def test_sheets_and_parcels_count_from_one_without_gaps(by_park):
    for rows in by_park.values():
        sheets = {}
        for row, _ in rows:
            sheets.setdefault(int(row["sheet"]), []).append(int(row["parcel"]))
        assert sorted(sheets) == list(range(1, len(sheets) + 1))
        for parcels in sheets.values():
            assert sorted(parcels) == list(range(1, len(parcels) + 1))


def test_plots_form_a_clean_coverage_of_their_park(by_park, outlines):
    for zone_id, rows in by_park.items():
        shapes = [geometry for _, geometry in rows]
        assert shapely.is_valid(shapes).all(), zone_id
        assert shapely.coverage_is_valid(shapes), zone_id
        whole = shapely.union_all(shapes)
        assert sum(geometry.area for geometry in shapes) - whole.area < 1, zone_id
        assert sum(Polygon(ring).area for part in shapely.get_parts(whole) for ring in part.interiors) < 1, zone_id
        # The rim follows the outline to the decimetre that coordinates are rounded to.
        assert whole.symmetric_difference(outlines[zone_id]).area < 0.1 * outlines[zone_id].length, zone_id


def test_areas_are_plane_areas(by_park):
    for rows in by_park.values():
        for row, geometry in rows:
            assert row["area_m2"] == pytest.approx(geometry.area, abs=0.06)


def test_land_to_let_agrees_with_the_published_area(by_park, published, outlines):
    checked = 0
    for zone_id, rows in by_park.items():
        park = published[zone_id]
        if park.lettable_ha is not None:
            wanted = park.lettable_ha * 1e4 * park.drawn_share(outlines[zone_id].area)
            assert total(lots(rows)) == pytest.approx(wanted, rel=0.005), zone_id
            checked += 1
    assert checked >= 6


def test_published_figures_are_read_by_the_written_rule(published):
    assert published["kcn-song-khoai"].lettable_ha == 469.36  # the table of zones
    assert published["kcn-texhong-hai-ha"].lettable_ha == 411  # June 2022 is newer than 2019 and than 2014
    assert published["kcn-song-khoai"].occupancy == 29.9  # December 2025; the 100 % of 2024 is over one phase
    assert published["kcn-dong-mai"].occupancy == 86.05
    assert published["kcn-texhong-hai-ha"].occupancy == 45
    assert published["kcn-bac-tien-phong"].occupancy is None
    assert published["kcn-hai-yen"].structure == pytest.approx(
        {"road": 23.71, "green": 18.47, "technical": 3.24, "service": 6.08}
    )


def test_occupied_share_agrees_with_the_published_rate(by_park, published, outlines):
    rated = 0
    for zone_id, rows in by_park.items():
        occupied = [row for row in lots(rows) if row["status"] in {"leased", "building"}]
        wanted = published[zone_id].leased_m2(total(lots(rows)), outlines[zone_id].area)
        if wanted is not None:
            half = max(row["area_m2"] for row in lots(rows)) / 2
            assert abs(total(occupied) - wanted) <= half, zone_id
            assert {row["status"] for row in lots(rows)} == {"leased", "building", "vacant", "reserved"}, zone_id
            rated += 1
    assert rated >= 4


def test_no_status_where_no_occupancy_is_published_nor_on_roads_and_greenery(by_park, published):
    for zone_id, rows in by_park.items():
        park = published[zone_id]
        silent = park.occupancy is None and park.leased_ha is None
        for row, _ in rows:
            if silent or row["use_code"] not in LETTABLE:
                assert row["status"] is None, row["plot_id"]
                assert row["sector"] is None, row["plot_id"]


def test_tenants_stand_for_the_real_projects(by_park, published):
    for zone_id, rows in by_park.items():
        tenants = published[zone_id].tenants
        sectors = [row["sector"] for row in lots(rows) if row["status"] in {"leased", "building"}]
        assert set(sectors) <= set(tenants) or not tenants
        for sector, projects in tenants.items():
            share = projects / sum(tenants.values())
            assert abs(sectors.count(sector) - share * len(sectors)) < 1, (zone_id, sector)
        assert all(row["sector"] is None for row in lots(rows) if row["status"] in {"vacant", "reserved", None})


def test_the_balance_follows_the_planning_code_where_nothing_else_is_published(by_park, outlines):
    for zone_id in ("kcn-viet-hung", "kcn-bac-tien-phong", "ccn-luc-lam-1"):
        shares = {}
        for row, _ in by_park[zone_id]:
            shares[row["use_code"]] = shares.get(row["use_code"], 0) + row["area_m2"] / outlines[zone_id].area
        assert shares["DGT"] >= 0.10
        assert shares["DKV"] >= 0.10
        assert shares["DNL"] + shares["DRA"] >= 0.01
        assert shares["TMD"] > 0


def test_everything_is_marked_demo(features):
    record = json.loads((DATA / "zones/plots.geojson.record.json").read_text(encoding="utf-8"))
    assert record["quality"] == "demo"
    for key in ("title_vi", "title_en", "description_vi", "description_en"):
        assert "demo" in record[key].lower()
    assert {feature["properties"]["quality"] for feature in features} == {"demo"}


def test_the_record_says_where_only_a_part_is_drawn():
    record = json.loads((DATA / "zones/plots.geojson.record.json").read_text(encoding="utf-8"))
    assert "366.3 of 487.4 ha" in record["notes"]["kcn-nam-tien-phong"]["en"]


def test_building_again_gives_the_same_bytes(data_copy):
    wanted = {path.name: path.read_bytes() for path in (DATA / "zones").glob("plots.geojson*")}
    written = plots.build(data_copy)
    assert {path.name: path.read_bytes() for path in written} == wanted


def test_official_plots_replace_the_parks_demo_plots(data_copy):
    inside = plots.drawn_parks(data_copy)["kcn-hai-yen"].representative_point()
    given = shapely.set_precision(plots.degrees(inside.buffer(50, cap_style="square")), 1e-6)
    properties = {
        "layer": "plots",
        "feature_id": "HY-1",
        "zone_id": "kcn-hai-yen",
        "horizon": None,
        "use_code": "SKK",
        "sheet": "7",
        "parcel": "12a",
        "status": "leased",
        "sector": "textile",
        "source_id": "vq26",
        "date": "2027-01-05",
    }
    feature = {"type": "Feature", "properties": properties, "geometry": json.loads(shapely.to_geojson(given))}
    (data_copy / "zones/official.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), encoding="utf-8"
    )
    path = plots.build(data_copy)[0]
    rows = [item["properties"] for item in json.loads(path.read_text(encoding="utf-8"))["features"]]
    (row,) = [row for row in rows if row["zone_id"] == "kcn-hai-yen"]
    assert (row["plot_id"], row["parcel"], row["quality"]) == ("HY-1", "12a", "official")
    assert row["area_m2"] == pytest.approx(10_000, rel=0.01)
    assert {row["quality"] for row in rows if row["zone_id"] == "kcn-song-khoai"} == {"demo"}


def test_a_park_too_small_for_its_land_to_let_is_told_not_drawn(data_copy):
    path = data_copy / "zones/zones.csv"
    text = path.read_text(encoding="utf-8")
    assert "305.3,,,242.8," in text
    path.write_text(text.replace("305.3,,,242.8,", "305.3,,,305,"), encoding="utf-8")
    layer, record = plots.build(data_copy)
    assert b"kcn-cai-lan-1-1" not in layer.read_bytes()
    assert "kcn-cai-lan" in json.loads(record.read_text(encoding="utf-8"))["notes"]


def test_newest_then_most_official():
    def claim(name, period, strength):
        return {
            "figure_id": name,
            "measure": "occupancy_pct",
            "kind": "actual",
            "period": period,
            "class": strength,
            "value": "1",
        }

    def best(*claims):
        return newest(claims, {"occupancy_pct"}, {"actual"})["figure_id"]

    assert best(claim("f1", "2024", "official"), claim("f2", "2025-03", "derived")) == "f2"
    assert best(claim("f1", "2024", "derived"), claim("f2", "2024-06", "official")) == "f1"
    assert best(claim("f1", "2024-06", "reported"), claim("f2", "2024-06", "official")) == "f2"
    assert newest([claim("f1", "", "official")], {"occupancy_pct"}, {"actual"}) is None


@pytest.mark.parametrize(
    "park",
    [
        Park("kcn-a"),
        Park("kcn-a", area_ha=100, lettable_ha=60),
        Park("kcn-a", area_ha=100, lettable_ha=80),
        Park("kcn-a", area_ha=100, lettable_ha=60, structure={"service": 2.0}),
        Park("kcn-a", area_ha=100, lettable_ha=60, structure={"road": 30.0, "green": 30.0}),
        Park("ccn-a", cluster=True, area_ha=100, lettable_ha=90, structure={"road": 10.0}),
    ],
)
def test_a_programme_fills_the_park(park):
    wanted = programme(park, 1_000_000)
    parts = (wanted.road, wanted.green, wanted.technical, wanted.service)
    assert wanted.lettable + sum(parts) == pytest.approx(1_000_000)
    assert min(parts) >= 0
    if park.lettable_ha:
        assert wanted.lettable == pytest.approx(park.lettable_ha * 1e4)
    if "service" in park.structure:
        assert wanted.service == pytest.approx(20_000)


SHAPES = {
    "rectangle": box(0, 0, 2400, 1500),
    "l-shape": Polygon([(0, 0), (2600, 0), (2600, 900), (1200, 900), (1200, 2200), (0, 2200)]),
    "triangle": Polygon([(0, 0), (3000, 200), (1200, 1800)]),
    "lake": Polygon(box(0, 0, 2400, 1500).exterior, [Point(900, 800).buffer(180).exterior.coords]),
    "shore": Polygon([(0, 1400), (2200, 1400), *((x, 90 * np.sin(x / 130)) for x in range(2200, -1, -40))]),
}


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("angle", [0, 27, -63])
def test_any_shape_is_covered_and_its_lots_reach_the_programme(name, angle):
    park = affinity.rotate(SHAPES[name], angle)
    area = park.area
    wanted = Programme(0.68 * area, 0.14 * area, 0.13 * area, 0.02 * area, 0.03 * area)
    parcels = subdivide(park, wanted, PARK, Point(9000, 0), np.random.default_rng(1))
    shapes = [parcel.geometry for parcel in parcels]
    assert shapely.coverage_is_valid(shapes)
    assert shapely.union_all(shapes).symmetric_difference(park).area < 0.1 * park.length
    for use in ("lot", "road", "green", "technical", "service"):
        got = sum(parcel.geometry.area for parcel in parcels if parcel.use == use)
        assert got == pytest.approx(getattr(wanted, "lettable" if use == LOT else use), rel=0.25), use
    built = [parcel.geometry.area for parcel in parcels if parcel.use == LOT]
    assert sum(built) == pytest.approx(wanted.lettable, rel=0.002)
    assert np.median(built) == pytest.approx(PARK.lot, rel=0.5)


def test_lots_touch_a_road():
    """All but the few that corner pieces cut off; without access a lot could not be let."""
    park = SHAPES["rectangle"]
    plan = register(Park("kcn-a", area_ha=park.area / 1e4), park, Point(9000, 0))
    roads = shapely.union_all([plot.parcel.geometry for plot in plan if plot.use_code == "DGT"])
    access = [plot.parcel.geometry.intersection(roads).length > 10 for plot in plan if plot.use_code == "SKK"]
    assert np.mean(access) > 0.97


def test_the_same_park_is_cut_the_same_way_and_another_differently():
    def cut(zone_id):
        return [plot.parcel.geometry.wkb for plot in register(Park(zone_id), SHAPES["rectangle"], Point(0, 0))]

    assert cut("kcn-a") == cut("kcn-a")
    assert cut("kcn-a") != cut("kcn-b")


def test_a_park_in_two_pieces_is_cut_in_both():
    pieces = MultiPolygon([box(0, 0, 900, 600), box(1500, 0, 2000, 600)])
    plan = register(Park("ccn-a", cluster=True), pieces, Point(9000, 0))
    assert shapely.union_all([plot.parcel.geometry for plot in plan]).area == pytest.approx(pieces.area, rel=1e-4)
    assert min(plot.parcel.geometry.area for plot in plan if plot.use_code == "SKN") > 0.5 * CLUSTER.smallest
