from __future__ import annotations

import math

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer
from pyproj.transformer import TransformerGroup
from shapely.geometry import LineString, Point, Polygon

from qn_geo import crs
from qn_geo.errors import QnGeoError

# lon, lat in WGS 84; X (north), Y (east) in EPSG:5899; longitude and latitude in VN-2000.
POINTS = [
    pytest.param((107.9700, 21.5250), (2381094.362, 522595.136), (107.96811745, 21.52600792), id="mong-cai"),
    pytest.param((107.7000, 21.4200), (2369454.394, 494621.600), (107.69811784, 21.42100522), id="hai-ha"),
    pytest.param((107.4140, 21.1180), (2336056.289, 464901.835), (107.41212073, 21.11900306), id="van-don"),
    pytest.param((106.8200, 20.8300), (2304415.666, 403010.161), (106.81812247, 20.83099750), id="quang-yen"),
    pytest.param((107.0800, 20.9500), (2317566.472, 430127.565), (107.07812177, 20.95099994), id="ha-long"),
]

# The same points, northing and easting, in the systems met in other files of the province.
OTHER_SYSTEMS = {
    5898: [
        (2381078.9, 496697.2),
        (2369483.6, 468705.1),
        (2336131.9, 438931.8),
        (2304586.4, 376987.7),
        (2317695.8, 404127.2),
    ],
    5897: [
        (2384003.5, 807572.7),
        (2371860.6, 779778.6),
        (2337920.6, 750620.0),
        (2305203.2, 689247.9),
        (2318822.0, 716147.5),
    ],
    3405: [
        (2383288.3, 807480.4),
        (2371149.0, 779694.7),
        (2337219.1, 750544.8),
        (2304511.6, 689191.1),
        (2318126.3, 716082.6),
    ],
    3406: [
        (2383415.4, 185909.4),
        (2372347.9, 157670.9),
        (2339527.2, 127230.7),
        (2309101.3, 64604.3),
        (2321722.7, 92032.2),
    ],
}

MILLIMETRE = 0.001
MILLIMETRE_IN_DEGREES = 1e-8


@pytest.mark.parametrize(("degrees", "plane", "vn_degrees"), POINTS)
def test_points_agree_to_a_millimetre_both_ways(degrees, plane, vn_degrees):
    (lon, lat), (x_north, y_east), (vn_lon, vn_lat) = degrees, plane, vn_degrees
    found = crs.to_vn2000(lon, lat)
    assert found == pytest.approx((x_north, y_east), abs=MILLIMETRE)
    assert crs.to_wgs84(*found) == pytest.approx((lon, lat), abs=MILLIMETRE_IN_DEGREES)
    # The published VN-2000 degrees through the plain projection must meet the same plane point: an independent way.
    plain = Transformer.from_crs(4756, 5899, always_xy=True, only_best=True)
    east, north = plain.transform(vn_lon, vn_lat)
    assert (north, east) == pytest.approx((x_north, y_east), abs=2 * MILLIMETRE)


@pytest.mark.parametrize("system", OTHER_SYSTEMS)
def test_other_systems_are_reached_from_the_plane_coordinates(system):
    change = Transformer.from_crs(5899, system, always_xy=True)
    for point, (north, east) in zip(POINTS, OTHER_SYSTEMS[system], strict=True):
        x_north, y_east = crs.to_vn2000(*point.values[0])
        assert change.transform(y_east, x_north) == pytest.approx((east, north), abs=0.06)


def test_the_pinned_operation_is_epsg_6960_and_not_the_other_candidate():
    operations = {6960: "Inverse of VN-2000 to WGS 84 (2)", 5194: "Inverse of VN-2000 to WGS 84 (1)"}
    candidates = {t.description: t for t in TransformerGroup("EPSG:4326", crs.TM3, always_xy=True).transformers}
    shift = {}
    for code, description in operations.items():
        candidate = next(t for name, t in candidates.items() if description in name)
        east, north = candidate.transform(107.0, 21.0)
        shift[code] = math.dist(crs.to_vn2000(107.0, 21.0), (north, east))
    assert shift[crs.OPERATION] < 1e-6
    assert 0.6 < shift[5194] < 0.75


@pytest.mark.parametrize(("degrees", "plane", "vn_degrees"), POINTS)
def test_what_the_map_computes_with_means_the_same(degrees, plane, vn_degrees):
    del vn_degrees
    east, north = Transformer.from_crs("+proj=longlat +datum=WGS84", crs.TM3_PROJ4, always_xy=True).transform(*degrees)
    assert (north, east) == pytest.approx(plane, abs=2 * MILLIMETRE)


@given(st.floats(106.4, 108.15), st.floats(20.6, 21.7))
@settings(deadline=None)
def test_round_trip_returns_the_point(lon, lat):
    back = crs.to_wgs84(*crs.to_vn2000(lon, lat))
    assert back == pytest.approx((lon, lat), abs=MILLIMETRE_IN_DEGREES)


@given(st.floats(359_079, 541_499), st.floats(2_278_675, 2_401_062))
@settings(deadline=None)
def test_round_trip_from_the_plane_returns_the_point(y_east, x_north):
    back = crs.to_vn2000(*crs.to_wgs84(x_north, y_east))
    assert back == pytest.approx((x_north, y_east), abs=MILLIMETRE)


def test_arrays_go_through_at_once():
    lon, lat = np.array([107.0, 107.5]), np.array([21.0, 21.2])
    north, east = crs.to_vn2000(lon, lat)
    assert [(n, e) for n, e in zip(north, east, strict=True)] == [
        crs.to_vn2000(*point) for point in zip(lon, lat, strict=True)
    ]


@pytest.mark.parametrize(
    ("lon", "lat"),
    [(math.nan, 21), (107, math.nan), (math.inf, 21), (107, -math.inf), (21, 107), (0, 0), (2381094, 522595)],
)
def test_impossible_degrees_are_refused_with_a_remedy(lon, lat):
    with pytest.raises(QnGeoError) as caught:
        crs.to_vn2000(lon, lat)
    assert "WGS 84" in caught.value.message("vi")
    assert "longitude, latitude" in caught.value.message("en")


@pytest.mark.parametrize(("x", "y"), [(math.nan, 5e5), (2.3e6, math.inf), (2.3e9, 5e8), (522595.1, 2381094.4)])
def test_impossible_plane_coordinates_are_refused(x, y):
    with pytest.raises(QnGeoError, match="VN-2000"):
        crs.to_wgs84(x, y)


def test_a_bad_value_inside_an_array_or_a_geometry_is_refused():
    with pytest.raises(QnGeoError):
        crs.to_vn2000(np.array([107.0, math.nan]), np.array([21.0, 21.0]))
    with pytest.raises(QnGeoError):
        crs.project(LineString([(107, 21), (21, 107)]))


def test_geometries_keep_east_before_north():
    point = crs.project(Point(107.97, 21.525))
    assert (point.x, point.y) == pytest.approx((522595.136, 2381094.362), abs=MILLIMETRE)
    assert crs.unproject(point).equals_exact(Point(107.97, 21.525), MILLIMETRE_IN_DEGREES)
    assert crs.project(Polygon()).is_empty


def test_area_and_length_are_plane_ones_in_the_legal_system():
    corners = [(500_000, 2_330_000), (501_000, 2_330_000), (501_000, 2_330_500), (500_000, 2_330_500)]
    field = crs.unproject(Polygon(corners))
    assert crs.plane_area_m2(field) == pytest.approx(500_000, abs=0.01)
    assert crs.plane_length_m(field) == pytest.approx(3_000, abs=0.001)
    assert crs.plane_length_m(crs.unproject(LineString(corners))) == pytest.approx(2_500, abs=0.001)
    many = np.array([field, shapely.affinity.scale(field, 0.5, 0.5)])
    assert crs.plane_area_m2(many) == pytest.approx([500_000, 125_000], rel=1e-4)
    assert crs.plane_length_m(many).shape == (2,)


NO_NUMBER = [float("nan"), float("inf"), -float("inf"), 2e6, -2e6]


@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")  # of making them
@pytest.mark.parametrize("number", NO_NUMBER)
@pytest.mark.parametrize("kind", ["polygon", "hole", "part", "line", "points"])
def test_no_coordinate_hides_among_others(number, kind):
    square = np.array([(0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0), (0.0, 0.0)])
    small = square / 3 + 1
    made = {
        "polygon": shapely.Polygon,
        "hole": lambda corners: shapely.Polygon(square, [corners / 3 + 1]),
        "part": lambda corners: shapely.MultiPolygon([shapely.Polygon(small + 20), shapely.Polygon(corners)]),
        "line": shapely.LineString,
        "points": shapely.MultiPoint,
    }[kind]
    for corner in range(1, 4):
        for axis in (0, 1):
            corners = square.copy()
            assert crs.all_within(np.array([shapely.Polygon(small), made(corners)]), 1e6)
            corners[corner, axis] = number * 4  # a hole is a third as large
            assert not crs.all_within(np.array([shapely.Polygon(small), made(corners)]), 1e6)


def test_what_is_missing_or_empty_has_no_coordinate_beyond():
    assert crs.all_within(np.array([None, shapely.Polygon(), shapely.box(0, 0, 9, 9)]), 10)
    assert not crs.all_within(np.array([None, shapely.Polygon(), shapely.box(0, 0, 9, 9)]), 8)
    assert crs.all_within(np.zeros(0, dtype=object), 1)


def test_edges_are_the_pieces_of_each_line_and_none_between_two():
    lines = np.array([shapely.LineString([(0, 0), (1, 0), (1, 2)]), shapely.LineString([(5, 5), (6, 6)])])
    ends, owner = crs.edges(lines)
    assert ends.tolist() == [[[0, 0], [1, 0]], [[1, 0], [1, 2]], [[5, 5], [6, 6]]]
    assert owner.tolist() == [0, 0, 1]
