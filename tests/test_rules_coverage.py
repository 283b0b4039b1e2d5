from __future__ import annotations

import runpy
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qn_geo.rules import seams
from qn_geo.rules.batch import Batch, corners, mean_width
from tests.small_plots import at, box, check, grid, numbered, plots, polygon, told

SEAMS = ("QN-GEO-010", "QN-GEO-011", "QN-GEO-012")


def _seams(*shapes, **known):
    found = check(plots(*shapes), **known)
    return found[found["rule"].isin(SEAMS)].reset_index(drop=True)


@pytest.mark.parametrize(
    "shapes",
    [
        [box(0, 0, 20, 20), box(20, 0, 40, 20), box(0, 20, 40, 40)],  # a T: one corner lies on an edge
        [box(0, 0, 20, 20), box(20, 20, 40, 40)],  # corner to corner
        [box(0, 0, 20, 20), box(30, 0, 50, 20)],  # a road between
        [
            at(shapely.Polygon(shapely.box(0, 0, 20, 20).exterior, [shapely.box(5, 5, 15, 15).exterior])),
            box(5, 5, 15, 15),
        ],
        [box(0, 0, 20, 20), polygon((20, 20), (20, 0), (40, 0), (40, 20))],
        [box(0, 0, 20, 20), polygon((20, 0), (40, 0), (40, 20), (24, 20))],  # a road that opens from a corner
        [None, box(0, 0, 20, 20), None],
    ],
)
def test_clean_neighbours_pass(shapes):
    assert len(_seams(*shapes)) == 0


def test_an_overlap_is_measured_and_shown():
    found = _seams(box(0, 0, 20, 20), box(19, 0, 40, 20))
    assert told(found) == [("QN-GEO-010", ("p1", "p2"))]
    assert found["measure"][0] == pytest.approx(20)
    assert found["unit"][0] == "m2"
    assert found.geometry[0].equals(box(19, 0, 20, 20))


def test_the_worst_overlap_comes_first():
    found = _seams(box(0, 0, 20, 20), box(19, 0, 40, 20), box(37, 0, 60, 20))
    assert [pair for _, pair in told(found)] == [("p2", "p3"), ("p1", "p2")]


@pytest.mark.parametrize(
    "shapes",
    [
        [box(0, 0, 20, 20), box(5, 5, 15, 15)],  # one inside the other
        [box(0, 0, 20, 20), box(0, 0, 20, 20)],  # the same twice
        [box(0, 0, 20, 20), box(0, 0, 20, 10)],  # a part with common sides
        [box(0, 0, 20, 20), polygon((0, 0), (0, 20), (20, 20), (20, 0))],  # the same, the other way round
        [box(0, 0, 20, 20), box(10, -10, 12, 30)],  # straight through
    ],
)
def test_every_kind_of_overlap_is_found(shapes):
    assert told(_seams(*shapes)) == [("QN-GEO-010", ("p1", "p2"))]


def test_a_parcel_submitted_with_its_parts_overlaps_each_of_them():
    parent, west, east = box(0, 0, 20, 20), box(0, 0, 10, 20), box(10, 0, 20, 20)
    assert {pair for _, pair in told(_seams(parent, west, east))} == {("p1", "p2"), ("p1", "p3")}


@pytest.mark.parametrize(("columns", "rows"), [(3, 3), (7, 6)])
def test_a_whole_layer_upon_another_gives_every_pair(columns, rows):
    """Most of these pairs have no edge at the rim of the overlap: the search must go on from pair to pair."""
    one, other = grid(columns, rows), grid(columns, rows, seed=1)
    shapes = np.concatenate([one, other])
    first, second = shapely.STRtree(other).query(one)
    areas = shapely.area(shapely.intersection(one[first], other[second]))
    wide = mean_width(areas, shapely.length(shapely.intersection(one[first], other[second]))) > 0.07
    expected = {(f"p{i + 1}", f"p{len(one) + j + 1}") for i, j in zip(first[wide], second[wide], strict=True)}
    assert {pair for code, pair in told(_seams(*shapes)) if code == "QN-GEO-010"} == expected


def test_a_gap_is_measured_and_shown():
    found = _seams(box(0, 0, 20, 20), box(20.3, 0, 40, 20))
    assert told(found) == [("QN-GEO-011", ("p1", "p2"))]
    assert found["measure"][0] == pytest.approx(6)
    assert found.geometry[0].equals(box(20, 0, 20.3, 20))


@pytest.mark.parametrize(("width", "codes"), [(0.49, ["QN-GEO-011"]), (0.51, [])])
def test_a_gap_is_at_most_half_a_metre_wide(width, codes):
    assert [code for code, _ in told(_seams(box(0, 0, 20, 20), box(20 + width, 0, 40, 20)))] == codes


def test_a_repeated_corner_does_not_hide_a_gap():
    doubled = polygon((0, 0), (20, 0), (20, 0), (20, 20), (20, 20), (0, 20))
    assert ("QN-GEO-011", ("p1", "p2")) in told(_seams(doubled, box(20.3, 0, 40, 20)))


def test_a_gap_that_another_plot_fills_is_none():
    assert len(_seams(box(0, 0, 20, 20), box(20.3, 0, 40, 20), box(20, 0, 20.3, 20))) == 0


def test_a_gap_opening_like_a_lens_has_the_area_of_the_lens():
    bent = polygon((20, 0), (40, 0), (40, 20), (20, 20), (20.3, 10))
    found = _seams(box(0, 0, 20, 20), bent)
    assert told(found) == [("QN-GEO-011", ("p1", "p2"))]
    assert found["measure"][0] == pytest.approx(3)


def test_beside_an_overlap_a_road_that_opens_from_a_corner_is_no_gap():
    fan = box(0, 0, 20, 20), polygon((20, 0), (40, 0), (40, 20), (24, 20)), box(30, 5, 50, 10)
    assert told(_seams(*fan)) == [("QN-GEO-010", ("p2", "p3"))]
    crossed = box(0, 0, 20, 20), polygon((19, 0), (40, 0), (40, 20), (23, 20))
    assert told(_seams(*crossed)) == [("QN-GEO-010", ("p1", "p2"))]


def test_each_pair_along_a_gap_is_told():
    found = _seams(box(0, 0, 20, 20), box(20.2, 0, 40, 10), box(20.2, 10, 40, 20))
    assert {pair for _, pair in told(found)} == {("p1", "p2"), ("p1", "p3")}


@pytest.mark.parametrize(("width", "code"), [(0.069, "QN-GEO-012"), (0.071, "QN-GEO-010")])
def test_an_overlap_within_the_position_tolerance_is_a_sliver(width, code):
    found = _seams(box(0, 0, 20, 20), box(20 - width, 0, 40, 20))
    assert told(found) == [(code, ("p1", "p2"))]


@pytest.mark.parametrize(("width", "code"), [(0.069, "QN-GEO-012"), (0.071, "QN-GEO-011")])
def test_a_gap_within_the_position_tolerance_is_a_sliver(width, code):
    assert told(_seams(box(0, 0, 20, 20), box(20 + width, 0, 40, 20))) == [(code, ("p1", "p2"))]


def test_overlaps_and_gaps_say_the_tolerance_they_were_held_against():
    for shapes, code in (
        ((box(0, 0, 20, 20), box(19, 0, 39, 20)), "QN-GEO-010"),
        ((box(0, 0, 20, 20), box(20.3, 0, 40, 20)), "QN-GEO-011"),
    ):
        found = check(plots(*shapes), code)
        assert found["limit"].isna().all(), "nothing was held against an area"
        assert "quá sai số vị trí" in found["message_vi"][0]
        assert "beyond the tolerance of" in found["message_en"][0]


def test_the_tolerance_follows_the_scale_of_the_map():
    pair = box(0, 0, 20, 20), box(19.9, 0, 40, 20)
    assert [code for code, _ in told(_seams(*pair, scale=500))] == ["QN-GEO-010"]
    assert [code for code, _ in told(_seams(*pair, scale=1000))] == ["QN-GEO-012"]


@pytest.mark.parametrize("length", [24, 26])
def test_what_rounding_hides_is_no_sliver(length):
    """0.05 m² is half of what areas are rounded to; two millimetres are the rounding of coordinates."""
    found = _seams(box(0, 0, 20, length), box(20 - 0.002001, 0, 40, length))
    assert len(found) == (length > 25)


def test_broken_shapes_are_left_out_and_do_not_hide_others():
    bowtie = polygon((0, 0), (20, 20), (20, 0), (0, 20))
    assert told(_seams(bowtie, box(0, 0, 20, 20), box(19, 0, 40, 20))) == [("QN-GEO-010", ("p2", "p3"))]


def test_parts_and_holes_take_part():
    ring = at(shapely.Polygon(shapely.box(0, 0, 40, 40).exterior, [shapely.box(10, 10, 30, 30).exterior]))
    parts = at(shapely.MultiPolygon([shapely.box(50, 0, 60, 10), shapely.box(50, 20, 60, 30)]))
    assert len(_seams(ring, box(10, 10, 30, 30), parts)) == 0
    assert told(_seams(ring, box(9, 10, 30, 30), parts)) == [("QN-GEO-010", ("p1", "p2"))]
    assert told(_seams(ring, box(10.2, 10, 30, 30), parts)) == [("QN-GEO-011", ("p1", "p2"))]


def test_shared_edges_are_recognised_whichever_way_rings_run():
    shapes = grid(4, 3)
    turned = shapes.copy()
    turned[::2] = shapely.reverse(shapes[::2])
    for given_ in (shapes, turned):
        edges = seams.unshared(corners(given_))
        assert len(edges.owner) == 2 * (4 + 3)
        left = (edges.start + edges.end) / 2 + 0.01 * (edges.end - edges.start)[:, ::-1] * [-1, 1]
        assert shapely.contains_xy(given_[edges.owner], left[:, 0], left[:, 1]).all()


@pytest.mark.parametrize(("origin", "step"), [(0.0, 1.0), (400_000.0, 1.0), (400_000.25, 0.001)])
def test_edges_of_a_grid_are_told_apart_even_where_many_have_the_same_middle(origin, step):
    west, south = (origin + step * axis.ravel() for axis in np.meshgrid(np.arange(40), np.arange(40)))
    wide, high = (step * np.random.default_rng(seed).integers(1, 9, len(west)) for seed in (1, 2))
    shapes = shapely.box(west, south, west + wide, south + high)
    rings = shapely.get_coordinates(shapes).reshape(-1, 5, 2).tolist()
    edges = Counter((*start, *end) for ring in rings for start, end in pairwise(ring))
    expected = [one for one in edges.elements() if (edges[one], edges[one[2:] + one[:2]]) != (1, 1)]
    found = seams.unshared(corners(shapes))
    assert sorted(map(tuple, np.column_stack([found.start, found.end]).tolist())) == sorted(expected)


def test_nobody_can_know_beforehand_which_corners_are_taken_for_one():
    assert runpy.run_path(seams.__file__)["_ODD"] != seams._ODD


def test_no_plots_have_no_seams():
    assert len(seams.unshared(corners(np.zeros(0, dtype=object))).owner) == 0
    assert [len(found) for found in seams.overlapping(Batch(plots()), np.zeros(0, dtype=int))] == [0, 0]
    assert len(seams.gaping(seams.unshared(Batch(plots()).corners), 0.5).strips) == 0


@st.composite
def _heaps(draw):
    """Shapes on a coarse raster, so that edges, corners and whole shapes coincide in every way they can."""
    size = st.integers(0, 6)
    shapes = []
    for west, south, wide, high, kind in draw(
        st.lists(st.tuples(size, size, st.integers(1, 5), st.integers(1, 5), st.integers(0, 3)), min_size=2, max_size=9)
    ):
        east, north = west + wide, south + high
        shapes.append(
            {
                0: shapely.box(west, south, east, north),
                1: shapely.Polygon([(west, south), (east, south), (west, north)]),
                2: shapely.Polygon(
                    [(west, south), (east, south), (east, north), ((west + east) / 2, north), (west, north)]
                ),
                3: shapely.reverse(shapely.box(west, south, east, north)),
            }[kind]
        )
    return [at(shapely.transform(shape, lambda points: points * 10)) for shape in shapes]


@given(_heaps())
@settings(max_examples=300, deadline=None)
def test_heaps_of_shapes_give_every_pair_that_overlaps(shapes):
    areas = {
        (f"p{i + 1}", f"p{j + 1}"): shapely.area(shapely.intersection(shapes[i], shapes[j]))
        for i in range(len(shapes))
        for j in range(i + 1, len(shapes))
    }
    found = check(plots(*shapes), "QN-GEO-010")
    assert set(found["plots"]) == {pair for pair, area in areas.items() if area > 0.05}
    assert dict(zip(found["plots"], found["measure"], strict=True)) == pytest.approx(
        {pair: area for pair, area in areas.items() if area > 0.05}
    )
    assert found["measure"].is_monotonic_decreasing


@given(st.integers(0, 10_000))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_clean_coverage_is_clean(seed):
    size = np.random.default_rng(seed).integers(1, 9, 2)
    assert told(check(numbered(grid(*size, seed=seed)))) == []


# Kind of fault to the rules that must be told.
FAULTS = {
    "moved": {"QN-GEO-010", "QN-GEO-011"},
    "grown": {"QN-GEO-010"},
    "shrunk": {"QN-GEO-011"},
    "doubled": {"QN-GEO-010"},
    "bowtie": {"QN-GEO-003"},
    "spike": {"QN-GEO-006"},
    "repeated": {"QN-GEO-005"},
    "gone": {"QN-GEO-001"},
    "code": {"QN-LU-001"},
    "number": {"QN-ATT-002"},
    "area": {"QN-ATT-003"},
    "empty": {"QN-ATT-007"},
}


def _reshaped(shape, other, fault, by):
    """A plot's shape with a fault in it."""
    points = shapely.get_coordinates(shape)
    tip, middle, side = (
        shapely.get_coordinates(shape.centroid)[0],
        points[:2].mean(axis=0),
        (points[1] - points[0]) / 300,
    )
    return {
        "moved": shapely.transform(shape, lambda corner: corner + np.array([by, 0])),
        "grown": shape.buffer(by, join_style="mitre"),
        "shrunk": shape.buffer(-by, join_style="mitre"),
        "doubled": other,
        "bowtie": shapely.Polygon(points[[0, 2, 1, 3, 0]]),
        # a cut from the middle of an edge to the middle of the plot
        "spike": shapely.Polygon([points[0], middle - side, tip, middle + side, *points[1:]]),
        "repeated": shapely.Polygon(np.insert(points, 2, points[2], axis=0)),
        "gone": None,
    }[fault]


def _broken(frame, fault, index, by):
    """Put one fault into one plot."""
    columns = {"code": ("landuse_code", "XYZ"), "empty": ("landuse_code", None)}
    columns |= {"number": ("parcel_no", frame["parcel_no"][0]), "area": ("area_m2", frame["area_m2"][index] + 500)}
    if fault in columns:
        column, value = columns[fault]
        frame.loc[index, column] = value
        return
    shape = _reshaped(frame.geometry[index], frame.geometry[index + 1], fault, by)
    frame.loc[index, "geometry"] = shape
    if fault in {"grown", "shrunk", "doubled"}:
        frame.loc[index, "area_m2"] = round(shape.area, 1)


@given(
    st.integers(0, 10_000),
    st.sampled_from(list(FAULTS)),
    st.floats(0.15, 0.4),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_every_fault_put_in_is_found_and_nothing_else(seed, fault, by):
    random = np.random.default_rng(seed)
    columns, rows = random.integers(3, 7, 2)
    frame = numbered(grid(columns, rows, seed=seed), plot_id=[f"p{i}" for i in range(columns * rows)])
    index = int(random.integers(1, columns - 1) * rows + random.integers(1, rows - 1))
    _broken(frame, fault, index, by)
    found = check(frame, codes={"SKK": {"code": "SKK", "parent": None, "status": "current"}})
    assert {code for code, _ in told(found)} - {"QN-GEO-012"} == FAULTS[
        fault
    ]  # a corner of a moved edge may be a sliver
    for code, ids in told(found):
        assert f"p{index}" in ids, code
