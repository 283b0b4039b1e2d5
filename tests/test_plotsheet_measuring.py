from __future__ import annotations

import pytest
import shapely

from qn_geo.plotsheet import measuring
from tests.small_plots import at, box, context, places


def test_area_on_the_ellipsoid_counts_holes_and_parts_whichever_way_their_rings_turn():
    outer, hole = shapely.box(0, 0, 100, 100), shapely.box(20, 20, 60, 60)
    whole = at(shapely.MultiPolygon([outer - hole, shapely.box(200, 0, 210, 10)]))
    turned = at(shapely.Polygon(outer.exterior.coords[::-1], [hole.exterior.coords]))
    # East 420 km is 80 km from the meridian: the scale there is 0.99998.
    assert measuring.ellipsoid_area_m2(whole) == pytest.approx(8500, rel=1e-4)
    assert measuring.ellipsoid_area_m2(turned) == pytest.approx(8400, rel=1e-4)


def cell(zone_id, code, shape):
    return {"zone_id": zone_id, "use_code": code, "horizon": 2030, "quality": "schematic"}, shape


def test_the_smallest_zone_says_what_is_planned():
    cells = places(
        cell("kkt-a", "DGT", box(-500, -500, 500, 500)),
        cell("kcn-b", "SKK", box(0, 0, 6, 10)),
        cell("kcn-b", "SKK", box(6, 0, 7, 10)),
        cell("kcn-b", "DKV", box(7, 0, 9, 10)),
    )
    around = measuring.Surroundings(context(cells=cells))
    found = [(row["use_code"], round(area)) for row, area in around.uses(box(0, 0, 10, 10))]
    assert found == [("SKK", 70), ("DKV", 20)]
    assert [row["use_code"] for row, _ in around.uses(box(20, 0, 30, 10))] == ["DGT"]
    assert around.uses(box(900, 900, 910, 910)) == []
    assert measuring.Surroundings(context()).uses(box(0, 0, 1, 1)) == []


def line(mode, status, *points, accuracy=500.0):
    row = {"mode": mode, "status": status, "location_accuracy_m": accuracy, "name_vi": "Đường", "name_en": "Road"}
    return row, at(shapely.LineString(points) if len(points) > 1 else shapely.Point(points[0]))


def test_nearest_lines_and_nearer_plans():
    around = measuring.Surroundings(
        context(
            links=places(
                line("expressway", "operating", (100, -50), (100, 50)),
                line("expressway", "building", (60, -50), (60, 50), accuracy=None),
                line("expressway", "planned", (300, -50), (300, 50)),
                line("railway", "operating", (900, 0), (900, 9)),
                line("high-speed-railway", "planned", (30, 0), (30, 9)),
                line("railway", "operating", (12, 5)),  # a station
            ),
            shore=places(({"name_vi": "", "name_en": ""}, at(shapely.LineString([(0, -90), (9, -90)])))),
        )
    )
    found = [(near.kind, near.planned, near.metres, near.accuracy_m) for near in around.distances(box(0, 0, 10, 10))]
    assert found == [
        ("expressway", False, 50, None),
        ("railway", True, 20, 500),
        ("railway", False, 890, 500),
        ("shore", False, 90, 150),
    ]
    assert measuring.Surroundings(context()).distances(box(0, 0, 1, 1)) == []
