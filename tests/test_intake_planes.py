from __future__ import annotations

import math

import numpy as np
import pytest
from pyproj import CRS, Transformer
from pyproj.transformer import TransformerGroup

from qn_geo import crs
from qn_geo.intake import planes
from tests.vn2000_points import ELSEWHERE, MINUTES_AS_DECIMALS, NO_SHIFT, POINTS


@pytest.mark.parametrize("name", POINTS)
def test_test_points_of_wgs84_are_placed_to_a_millimetre(name):
    lon, lat, east, north = POINTS[name]
    placed = planes.PLANES["EPSG:4326"].to_tm3(np.array([[lon, lat]]))[0]
    assert placed == pytest.approx((east, north), abs=0.001)


@pytest.mark.parametrize("code", ELSEWHERE)
@pytest.mark.parametrize("name", POINTS)
def test_test_points_of_other_systems_are_placed(name, code):
    placed = planes.PLANES[code].to_tm3(np.array([ELSEWHERE[code][name]]))[0]
    assert placed == pytest.approx(POINTS[name][2:], abs=0.1)  # the figures are given to 0.1 m


@pytest.mark.parametrize("code", [code for code in planes.PLANES if code.startswith("EPSG:")])
def test_planes_are_those_of_epsg(code):
    """Each of our written-out ways does what PROJ does with the same operation."""
    lon, lat, east, north = POINTS["B"]
    plane = planes.PLANES[code]
    if plane.datum == "hanoi72":  # there are several ways; ours is the first one
        way = TransformerGroup(code, crs.TM3, always_xy=True).transformers[0]
        assert "Hanoi 1972 to WGS 84 (1) + Inverse of VN-2000 to WGS 84 (2)" in way.description
        numbers = way.transform(east, north, direction="INVERSE")
    else:
        base, *place = {"vn2000": ("EPSG:4756", 107.69811784, 21.42100522), "wgs84": (crs.WGS84, lon, lat)}[plane.datum]
        numbers = Transformer.from_crs(base, code, always_xy=True).transform(*place)
    assert plane.to_tm3(np.array([numbers]))[0] == pytest.approx((east, north), abs=0.002)


def test_a_forgotten_datum_shift_is_224_m():
    lon, lat, east, north = POINTS["B"]
    straight = Transformer.from_crs("EPSG:4756", "EPSG:5899", always_xy=True).transform(lon, lat)
    assert math.dist(straight, (east, north)) == pytest.approx(224.5, abs=0.2)
    assert planes.PLANES[NO_SHIFT].to_tm3(np.array([straight]))[0] == pytest.approx((east, north), abs=0.001)


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ("EPSG:5899", "EPSG:5899"),
        (CRS.from_epsg(5899).to_wkt("WKT1_ESRI"), "EPSG:5899"),
        (CRS.from_epsg(5898).to_wkt("WKT1_GDAL"), "EPSG:5898"),
        (CRS.from_epsg(3405).to_wkt("WKT1_ESRI"), "EPSG:3405"),
        (CRS.from_epsg(32648).to_wkt("WKT1_ESRI"), "EPSG:32648"),
        (CRS.from_epsg(4326).to_wkt("WKT1_ESRI"), "EPSG:4326"),
        (CRS.from_epsg(4756).to_wkt("WKT1_ESRI"), "EPSG:4756"),
        ("OGC:CRS84", "EPSG:4326"),
        ("EPSG:3857", "EPSG:3857"),
        (crs.TM3_PROJ4, "EPSG:5899"),
        ("+proj=tmerc +lat_0=0 +lon_0=107.75 +k=0.9999 +x_0=500000 +ellps=WGS84", "EPSG:5899"),  # no datum named
        ("+proj=tmerc +lat_0=0 +lon_0=107.75 +k=0.9999 +x_0=500000 +datum=WGS84", NO_SHIFT),
        ("+proj=tmerc +lat_0=0 +lon_0=107.45 +k=0.9999 +x_0=500000 +ellps=WGS84", MINUTES_AS_DECIMALS),
        ("EPSG:6959", "TM:107.75/0.9999/0/500000/vn2000"),  # its false easting and northing are swapped
        ("TM:106.1/0.9999/500000/0/vn2000", "TM:106.1/0.9999/500000/0/vn2000"),
        ("EPSG:2263", None),
        ("EPSG:4147", None),
        ("no system", None),
        ("x" * 30_000, None),
        ('LOCAL_CS["MicroStation"]', None),
    ],
)
def test_definitions_are_understood(definition, code):
    plane = planes.stored(definition)
    assert (plane.code if plane else None) == code
