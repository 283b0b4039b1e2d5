"""Placing outlines and laying out uses: areas to the last share of a percent, on the ground, side by side."""

from __future__ import annotations

import math
from itertools import combinations

import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon, box

from qn_geo.build.layout import Demand, lay_out, opposite, take
from qn_geo.build.placing import OUTLINES, PlacingError, Site, direction, place, trim, without_necks

ROAD = LineString([(-5_000, -5_000), (5_000, 5_000)])


def site(**changes):
    known = {
        "area": 1.5e6,
        "anchor": Point(0, 0),
        "reach": 1_000.0,
        "ground": box(-6_000, -6_000, 6_000, 6_000).difference(ROAD.buffer(30)),
        "guides": [ROAD],
    }
    return Site(**{**known, **changes})


@pytest.mark.parametrize("outline", sorted(OUTLINES))
def test_place_reaches_the_area_on_the_ground(outline):
    wanted = site(outline=outline)
    shape = place(wanted)
    assert shape.area == pytest.approx(wanted.area, rel=1e-4)
    assert shape.difference(wanted.ground).area < 1
    assert shape.distance(wanted.anchor) <= wanted.reach


def test_place_lies_along_its_guide():
    frame = shapely.minimum_rotated_rectangle(place(site(outline="cut", aspect=2.0)))
    (x0, y0), (x1, y1) = max(
        zip(frame.exterior.coords, frame.exterior.coords[1:], strict=False), key=lambda side: math.dist(*side)
    )
    assert math.degrees(math.atan2(y1 - y0, x1 - x0)) % 180 == pytest.approx(45, abs=3)


def test_place_is_repeatable():
    assert place(site()).equals_exact(place(site()), 0)


def test_place_fits_narrow_ground():
    strip = box(-6_000, -400, 6_000, 400)
    shape = place(site(ground=strip, guides=[], bearing=0.0))
    assert shape.area == pytest.approx(1.5e6, rel=1e-4)
    assert shape.difference(strip).area < 1


def test_place_says_when_there_is_no_room():
    with pytest.raises(PlacingError):
        place(site(ground=box(0, 0, 500, 500)))


def test_trim_keeps_the_near_end():
    kept = trim(box(0, 0, 100, 10), 400, 0.0)
    assert kept.bounds == pytest.approx((0, 0, 40, 10), abs=0.01)
    with pytest.raises(PlacingError):
        trim(box(0, 0, 10, 10), 400, 0.0)


def test_direction_without_guides_is_east():
    assert direction(Point(0, 0), []) == 0.0


def test_necks_are_cut():
    barbell = box(0, 0, 500, 500).union(box(500, 240, 1_000, 260)).union(box(1_000, 0, 1_500, 500))
    assert len(shapely.get_parts(without_necks(barbell))) == 2


PARK = Polygon([(0, 0), (1_600, 0), (1_600, 800), (1_300, 1_100), (0, 1_100)])
GATE = Point(0, 550)


def demands(*items):
    return [Demand(f"d{number}", area * 1e4, manner) for number, (area, manner) in enumerate(items)]


@pytest.mark.parametrize(
    "wanted",
    [
        demands((123.0, "lots"), (6, "gate"), (3.2, "far"), (17.3, "green"), (22.0, "road")),  # fills the park
        demands((110, "lots"), (8.5, "gate")),  # leaves land of unpublished use
        demands((40, "lots"), (131.5, "lots")),  # two phases
        demands((150, "lots"), (2, "road")),  # one road through
        demands((100, "lots"), (30, "far"), (20, "far")),
    ],
    ids=["whole", "partly", "phases", "axis", "far"],
)
def test_layout_gives_each_use_its_area(wanted):
    cells = lay_out(PARK, GATE, wanted)
    spare = PARK.area - sum(item.area for item in wanted)
    for item in wanted:
        # The last lots take what is left, so they may be larger where a little land is spare.
        if item.manner != "lots" or spare < 1:
            assert cells[item.key].area == pytest.approx(item.area, rel=2e-3)
        assert cells[item.key].difference(PARK).area < 1
    for one, other in combinations(cells.values(), 2):
        assert one.intersection(other).area < 20  # a centimetre along the edges


def test_services_lie_at_the_gate_and_plant_at_the_far_end():
    cells = lay_out(PARK, GATE, demands((120, "lots"), (5, "gate"), (5, "far"), (15, "road"), (15, "green")))
    assert cells["d1"].distance(GATE) < cells["d0"].centroid.distance(GATE) < cells["d2"].centroid.distance(GATE)


def test_greenery_lies_at_the_edge():
    cells = lay_out(PARK, GATE, demands((140, "lots"), (31.5, "green")))
    assert cells["d1"].distance(PARK.boundary) == 0
    assert cells["d0"].distance(PARK.boundary) > 10


def test_take_splits_the_last_block_only():
    blocks = shapely.union_all([box(0, 0, 100, 100), box(200, 0, 300, 100)])
    taken, left = take(blocks, Point(0, 50), 15_000)
    assert taken.area == pytest.approx(15_000, rel=1e-4)
    assert left.area == pytest.approx(5_000, rel=1e-3)
    assert taken.contains(box(1, 1, 99, 99))


def test_layout_refuses_more_than_fits():
    with pytest.raises(PlacingError):
        lay_out(PARK, GATE, demands((100, "gate"), (90, "gate"), (10, "lots")))


def test_opposite_corner():
    assert opposite(PARK, Point(0, 0)) == Point(1_600, 800)
