"""Areas, city outline and the neighbouring land of the basemap."""

from __future__ import annotations

import pytest
import shapely
from shapely.geometry import LineString, MultiPolygon, Point, Polygon, box

from qn_geo.build.backdrop import inland_border
from qn_geo.build.boundaries import join
from qn_geo.build.plane import areal, polygons, to_file
from qn_geo.build.reading import read_communes, read_shapes
from qn_geo.crs import project
from tests.conftest import ROOT

DATA = ROOT / "data"


@pytest.fixture(scope="module")
def communes():
    return read_communes(DATA)


@pytest.fixture(scope="module")
def backdrop():
    return shapely.union_all([geometry for _, geometry in read_shapes(DATA, "boundaries/backdrop.geojson")])


def test_areas_are_the_unions_of_their_communes(communes):
    areas = {row["area_id"]: (row, geometry) for row, geometry in read_shapes(DATA, "boundaries/areas.geojson")}
    assert set(areas) == {"hai-ha", "mong-cai", "quang-yen", "van-don"}
    for area_id, (row, geometry) in areas.items():
        members = [commune for commune in communes if commune.area_id == area_id]
        union = shapely.union_all([commune.land for commune in members])
        assert geometry.symmetric_difference(union).area < 1e-5 * union.area
        assert row["area_km2"] == pytest.approx(sum(commune.area_km2 for commune in members))


def test_city_is_one_outline_of_all_communes(communes):
    [(row, city)] = read_shapes(DATA, "boundaries/city.geojson")
    assert row == {"name_vi": "Thành phố Quảng Ninh", "name_en": "Quảng Ninh City"}
    union = shapely.union_all([commune.land for commune in communes])
    assert len(communes) == 54
    assert city.symmetric_difference(union).area < 1e-5 * union.area


def test_seams_between_communes_are_closed():
    gap = 10.0
    ring = box(0, 0, 1000, 1000).difference(box(400, 400, 400 + gap, 400 + gap)).difference(box(700, 700, 800, 800))
    joined = join([ring])
    assert [len(part.interiors) for part in joined.geoms] == [1]  # the true hole stays


def test_backdrop_leaves_our_land_alone(backdrop, communes):
    home = shapely.union_all([commune.land for commune in communes])
    assert backdrop.intersection(home).area < 1e-6 * home.area


def test_no_false_sea_along_the_inland_border(backdrop, communes):
    home = shapely.union_all([commune.land for commune in communes])
    border = inland_border(polygons(home)[0])
    assert border.length > 300_000
    strip = border.buffer(2_000, cap_style="flat").difference(home)
    # The two ends lie at river mouths, where water begins.
    ends = shapely.union_all([Point(border.coords[0]), Point(border.coords[-1])]).buffer(5_000)
    assert strip.difference(ends).difference(backdrop).area < 20_000


@pytest.mark.parametrize(
    ("place", "land"),
    [
        ((106.65, 20.90), True),  # Hải Phòng
        ((107.00, 20.80), True),  # Cát Bà
        ((107.50, 21.80), True),  # Lạng Sơn and China
        ((108.10, 21.60), True),  # Dongxing
        ((107.15, 20.90), False),  # Hạ Long bay
        ((107.70, 21.35), False),  # off Hải Hà, where Natural Earth has a ghost of Cái Chiên
        ((107.85, 21.385), False),  # north of Vĩnh Thực, the same
        ((107.45, 21.24), False),  # strait west of Cái Bầu
        ((108.30, 21.00), False),  # open sea
    ],
)
def test_backdrop_is_land_where_land_is(backdrop, communes, place, land):
    point = project(Point(place))
    assert backdrop.contains(point) is land
    assert not any(commune.land.contains(point) for commune in communes)


def test_file_geometry_is_rounded_valid_and_wound_for_geojson():
    square = project(box(107.1234561, 21.0000004, 107.2, 21.1))
    written = to_file(square)
    assert written.is_valid
    assert written.exterior.is_ccw
    corners = shapely.get_coordinates(written)
    assert (corners == corners.round(6)).all()


def test_file_geometry_mends_needles():
    needle = Polygon([(500_000, 2_300_000), (500_100, 2_300_000), (500_100, 2_300_100), (500_050, 2_300_000.01)])
    assert to_file(needle).is_valid


def test_areal_drops_lines_and_crumbs():
    mixed = shapely.GeometryCollection([box(0, 0, 100, 100), box(200, 0, 201, 1), LineString([(0, 0), (9, 9)])])
    assert areal(mixed).equals(box(0, 0, 100, 100))
    assert isinstance(areal(shapely.union_all([box(0, 0, 100, 100), box(200, 0, 300, 100)])), MultiPolygon)
