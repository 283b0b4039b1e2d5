from __future__ import annotations

import numpy as np
import pytest
import shapely

from tests.small_plots import at, box, check, plots, polygon, told

SQUARE = [(0, 0), (20, 0), (20, 20), (0, 20)]


def _line(*points):
    return at(shapely.LineString(points))


def _holed(*holes):
    return at(shapely.Polygon(SQUARE, [list(hole) for hole in holes]))


def _with(number):
    with np.errstate(invalid="ignore"):
        return shapely.Polygon([(0, 0), (number, 0), (20, 20), (0, 0)])


# Every way of being broken we know, and the one thing that must be said about it.
ZOO = {
    "none": (None, "QN-GEO-001"),
    "empty": (shapely.Polygon(), "QN-GEO-001"),
    "point": (at(shapely.Point(1, 1)), "QN-GEO-001"),
    "points": (at(shapely.MultiPoint([(1, 1), (2, 2)])), "QN-GEO-001"),
    "collection": (shapely.GeometryCollection([box(0, 0, 20, 20)]), "QN-GEO-001"),
    "NaN": (_with(np.nan), "QN-GEO-001"),
    "infinite": (_with(np.inf), "QN-GEO-001"),
    "closed line": (_line(*SQUARE, SQUARE[0]), "QN-GEO-001"),
    "line closed to a millimetre": (_line(*SQUARE, (0.001, 0)), "QN-GEO-001"),
    "ring": (at(shapely.LinearRing(SQUARE)), "QN-GEO-001"),
    "several lines": (at(shapely.MultiLineString([[(0, 0), (1, 1)], [(2, 2), (3, 3)]])), "QN-GEO-001"),
    "open line": (_line(*SQUARE), "QN-GEO-002"),
    "line open by two millimetres": (_line(*SQUARE, (0.002, 0)), "QN-GEO-002"),
    "bowtie": (polygon((0, 0), (20, 20), (20, 0), (0, 20)), "QN-GEO-003"),
    "loop": (polygon((0, 0), (20, 0), (20, 20), (10, 20), (10, 10), (15, 10), (5, 15), (0, 20)), "QN-GEO-003"),
    "crossing parts": (at(shapely.MultiPolygon([shapely.box(0, 0, 10, 10), shapely.box(5, 5, 15, 15)])), "QN-GEO-003"),
    "figure of eight by a corner": (
        polygon((0, 0), (10, 0), (10, 10), (20, 10), (20, 20), (10, 20), (10, 10), (0, 10)),
        "QN-GEO-004",
    ),
    "hole outside": (_holed([(30, 30), (40, 30), (40, 40)]), "QN-GEO-004"),
    "hole in a hole": (_holed([(2, 2), (18, 2), (18, 18), (2, 18)], [(5, 5), (8, 5), (8, 8)]), "QN-GEO-004"),
    "hole from side to side": (_holed([(0, 10), (10, 0), (20, 10), (10, 20)]), "QN-GEO-004"),
    "part in a part": (
        at(shapely.MultiPolygon([shapely.box(0, 0, 20, 20), shapely.box(5, 5, 8, 8)])),
        "QN-GEO-004",
    ),
    "no area": (polygon((0, 0), (10, 0), (20, 0)), "QN-GEO-003"),
}


@pytest.mark.parametrize("name", ZOO)
def test_each_broken_shape_is_told_once(name):
    shape, code = ZOO[name]
    found = check(plots(box(100, 0, 120, 20), shape))
    assert told(found) == [(code, ("p2",))]
    assert found["severity"][0] == "error"
    assert found["message_vi"][0] != found["message_en"][0]


@pytest.mark.parametrize(
    "shape",
    [
        box(0, 0, 20, 20),
        polygon(*reversed(SQUARE)),
        _holed([(5, 5), (15, 5), (15, 15)]),
        at(shapely.MultiPolygon([shapely.box(0, 0, 20, 20), shapely.box(30, 0, 50, 20)])),
        at(shapely.Point(0, 0)).buffer(20),
    ],
)
def test_sound_shapes_pass(shape):
    assert told(check(plots(shape))) == []


def test_an_open_boundary_is_measured_between_its_ends():
    found = check(plots(_line((0, 0), (20, 0), (20, 20), (0, 3))), "QN-GEO-002")
    assert found["measure"][0] == pytest.approx(3)
    assert found["limit"][0] == 0.001
    assert found.geometry[0].length == pytest.approx(3)


def test_a_crossing_is_shown_where_it_is():
    found = check(plots(ZOO["bowtie"][0]), "QN-GEO-003")
    assert found.geometry[0].equals(at(shapely.Point(10, 10)))


def test_repeated_corners_are_counted_once_a_plot():
    doubled = polygon((0, 0), (20, 0), (20, 0), (20, 20), (20, 20.0005), (0, 20))
    found = check(plots(box(100, 0, 120, 20), doubled))
    assert told(found) == [("QN-GEO-005", ("p2",))]
    assert (found["measure"][0], found["unit"][0]) == (2, "vertices")
    assert len(found.geometry[0].geoms) == 2


@pytest.mark.parametrize(("apart", "count"), [(0.0009, 1), (0.0011, 0)])
def test_corners_are_repeated_within_a_millimetre(apart, count):
    assert len(check(plots(polygon((0, 0), (20, 0), (20, apart), (20, 20), (0, 20))), "QN-GEO-005")) == count


@pytest.mark.parametrize(("degrees", "count"), [(1.9, 1), (2.1, 0)])
def test_a_spike_is_sharper_than_two_degrees(degrees, count):
    half = 5 * np.tan(np.radians(degrees) / 2)
    spiked = polygon((0, 0), (20, 0), (20, 10 - half), (25, 10), (20, 10 + half), (20, 20), (0, 20))
    found = check(plots(spiked), "QN-GEO-006")
    assert len(found) == count
    if count:
        assert found["measure"][0] == pytest.approx(degrees)
        assert found.geometry[0].geoms[0].equals(at(shapely.Point(25, 10)))


def test_a_spike_at_the_first_corner_and_in_a_hole_is_seen_too():
    assert len(
        check(plots(polygon((25, 10), (20, 10.05), (20, 20), (0, 20), (0, 0), (20, 0), (20, 9.95))), "QN-GEO-006")
    )
    hole = [(5, 5), (5, 15), (6, 15), (6, 10.02), (12, 10), (6, 9.98), (6, 5)]
    assert len(check(plots(_holed(hole)), "QN-GEO-006")) == 1


def test_repeated_corners_neither_hide_nor_make_a_spike():
    twice = polygon((0, 0), (20, 0), (20, 9.95), (25, 10), (25, 10), (20, 10.05), (20, 20), (0, 20))
    assert len(check(plots(twice), "QN-GEO-006")) == 1
    assert len(check(plots(polygon((0, 0), (20, 0), (20, 0), (20, 20), (0, 20))), "QN-GEO-006")) == 0


@pytest.mark.parametrize(("side", "codes"), [(2.23, ["QN-GEO-007"]), (2.24, [])])
def test_a_plot_under_five_square_metres_is_tiny(side, codes):
    assert [code for code, _ in told(check(plots(box(0, 0, side, side))))] == codes


@pytest.mark.parametrize(("width", "codes"), [(0.99, ["QN-GEO-008"]), (1.01, [])])
def test_a_plot_under_a_metre_is_narrow(width, codes):
    found = check(plots(box(0, 0, 50, width)))
    assert [code for code, _ in told(found)] == codes
    if codes:
        assert found[found["rule"] == "QN-GEO-008"]["measure"].iloc[0] == pytest.approx(width)


def test_screening_values_say_that_they_are_ours():
    message = check(plots(box(0, 0, 50, 0.5)), "QN-GEO-008")["message_en"][0]
    assert message.endswith("(Our screening value, not a regulation.)")
    message = check(plots(_line(*SQUARE)), "QN-GEO-002")["message_en"][0]
    assert message.endswith("(From professional knowledge; verify against the document.)")
