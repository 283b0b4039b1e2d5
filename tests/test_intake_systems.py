from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from qn_geo import crs, layers
from qn_geo.errors import QnGeoError
from qn_geo.intake import planes, systems
from qn_geo.intake.evidence import WINDOW, Evidence
from tests.vn2000_points import NO_SHIFT, POINTS

# Systems whose numbers could be those of another one for the same place, within 720 m or 225 m.
CONFUSED = {
    "EPSG:5897": {"EPSG:3405", "EPSG:32648"},
    "EPSG:3405": {"EPSG:5897", "EPSG:32648"},
    "EPSG:32648": {"EPSG:3405", "EPSG:5897"},
    "EPSG:3406": {"EPSG:32649"},
    "EPSG:32649": {"EPSG:3406"},
    "EPSG:4326": {"EPSG:4756"},
    "EPSG:4756": {"EPSG:4326"},
    NO_SHIFT: {"EPSG:5899"},
}


@pytest.fixture(scope="module")
def communes() -> dict[str, object]:
    frame = layers.layer("communes")
    return dict(zip(frame["code"], crs.project(frame.geometry.to_numpy()), strict=True))


def written(code: str, east: float, north: float):
    """A row of plots at a place of EPSG:5899, in the numbers of another system, by PROJ's own definitions."""
    boxes = shapely.box(east + np.arange(8) * 60, north, east + np.arange(8) * 60 + 50, north + 80)

    def move(points):
        if code == crs.TM3:
            return points
        x, y = planes._transformer(planes.PLANES[code]).transform(points[:, 0], points[:, 1], direction="INVERSE")
        return np.column_stack([x, y])

    return shapely.transform(boxes, move)


def swap(shapes):
    return shapely.transform(shapes, lambda points: points[:, ::-1])


def around(east: float, north: float) -> Evidence:
    return Evidence(zone=shapely.Point(east, north).buffer(3_000), zone_vi="KKT", zone_en="the zone")


def centre(shapes) -> tuple[float, float]:
    middle = shapely.centroid(shapes[0])
    return middle.x - 25, middle.y - 40


@pytest.mark.parametrize("code", planes.PLANES)
@pytest.mark.parametrize("swapped", [False, True], ids=["east first", "north first"])
@pytest.mark.parametrize("name", POINTS)
def test_every_system_is_recognised_with_a_zone(communes, name, code, swapped):
    """In first place, or next to the ones nothing can tell it from; and placed to the millimetre."""
    _, _, east, north = POINTS[name]
    shapes = written(code, east, north)
    shapes = swap(shapes) if swapped else shapes
    evidence = around(east, north)
    evidence.communes = communes
    found = systems.propose(shapes, evidence)
    rivals = CONFUSED.get(code, set())
    likely = [proposal.system for proposal in found[: len(rivals) + 1]]
    assert code in likely
    assert set(likely) <= {code, *rivals}
    if code in {"EPSG:4326", "EPSG:2044", *CONFUSED} - {NO_SHIFT}:
        assert not found[0].certain
    else:
        assert found[0].certain
    right = next(proposal for proposal in found if proposal.system == code)
    assert right.swapped == swapped
    assert centre(systems.place(shapes, right)) == pytest.approx((east, north), abs=0.002)
    assert right.centre == pytest.approx(POINTS[name][:2], abs=0.003)


@pytest.mark.parametrize("code", planes.PLANES)
@pytest.mark.parametrize("name", POINTS)
def test_without_evidence_nothing_that_could_be_elsewhere_is_certain(communes, name, code):
    _, _, east, north = POINTS[name]
    found = systems.propose(written(code, east, north), Evidence(communes=communes))
    assert code in [proposal.system for proposal in found]
    assert not any(proposal.certain for proposal in found)


@pytest.mark.parametrize("name", ["A", "B", "C", "E"])
@pytest.mark.parametrize("code", ["EPSG:5899", "EPSG:5898", "EPSG:9216", "EPSG:9215"])
def test_the_communes_of_the_plots_decide_the_meridian(communes, name, code):
    _, _, east, north = POINTS[name]
    own = next(key for key, shape in communes.items() if shapely.intersects_xy(shape, east, north))
    found = systems.propose(written(code, east, north), Evidence(communes=communes, codes=[own] * 8))
    assert (found[0].system, found[0].certain) == (code, True)
    assert "100% of the plots lie in the commune of their code" in found[0].reason_en


def test_alternatives_say_how_far_off_it_would_be(communes):
    _, _, east, north = POINTS["B"]
    found = systems.propose(written("EPSG:5899", east, north), Evidence(communes=communes))
    by_code = {proposal.system: proposal for proposal in found}
    assert "first proposal is 77.7" in by_code["EPSG:9214"].reason_en
    assert "lệch 77,7" in by_code["EPSG:9214"].reason_vi
    assert by_code["EPSG:9216"].apart_m == pytest.approx(26_000, abs=100)
    assert by_code[NO_SHIFT].apart_m == pytest.approx(224.5, abs=0.5)


def test_a_file_that_names_the_wrong_meridian_is_not_believed(communes):
    """108° numbers with 107°45' in the .prj lie in the province all the same; the zone speaks against it."""
    _, _, east, north = POINTS["A"]
    evidence = around(east, north)
    evidence.communes, evidence.stored = communes, "EPSG:5899"
    first, second, *_ = systems.propose(written("EPSG:5898", east, north), evidence)
    assert (first.system, first.certain) == ("EPSG:5898", False)
    assert "But the file names VN-2000 / TM-3 107°45'" in first.reason_en
    assert (second.system, round(second.distance_km)) == ("EPSG:5899", 23)


def test_what_the_file_names_is_enough_when_credible(communes):
    _, _, east, north = POINTS["A"]
    for code in ("EPSG:5899", "EPSG:4326", "EPSG:4756"):
        found = systems.propose(written(code, east, north), Evidence(communes=communes, stored=code))
        assert (found[0].system, found[0].certain) == (code, True)
        assert "No zone and no commune codes" in found[0].reason_en


def test_other_systems_that_a_file_names_need_the_zone_too(communes):
    _, _, east, north = POINTS["A"]
    for code in ("EPSG:5898", "EPSG:9216", "EPSG:3405"):
        evidence = Evidence(communes=communes, stored=code)
        found = systems.propose(written(code, east, north), evidence)
        assert (found[0].system, found[0].certain) == (code, False)
        evidence.zone = around(east, north).zone
        found = systems.propose(written(code, east, north), evidence)
        # Of 105° the zone cannot tell whether it is the 3° or the 6° one.
        assert (found[0].system, found[0].certain) == (code, code != "EPSG:3405")


@pytest.mark.parametrize("code", ["EPSG:32648", NO_SHIFT])
def test_metres_on_wgs84_are_always_asked_about(communes, code):
    """Programs write WGS 84 by habit, and the numbers cannot tell."""
    _, _, east, north = POINTS["A"]
    evidence = around(east, north)
    evidence.communes, evidence.stored = communes, code
    found = systems.propose(written(code, east, north), evidence)
    # 3° planes on WGS 84 are nobody's on purpose.
    assert found[0].system == ("EPSG:5899" if code == NO_SHIFT else code)
    assert code in [proposal.system for proposal in found]
    assert not any(proposal.certain for proposal in found)


def test_numbers_against_what_the_file_names(communes):
    """GeoJSON is WGS 84 by its rules, but often holds metres."""
    _, _, east, north = POINTS["A"]
    evidence = around(east, north)
    evidence.communes, evidence.stored = communes, "EPSG:4326"
    first = systems.propose(written("EPSG:5899", east, north), evidence)[0]
    assert (first.system, first.certain) == ("EPSG:5899", True)
    assert "puts the plots outside the province" in first.reason_en


def test_a_zone_where_nothing_lies_leaves_it_open(communes):
    _, _, east, north = POINTS["A"]
    evidence = around(*POINTS["D"][2:])
    evidence.communes, evidence.stored = communes, "EPSG:5899"
    found = systems.propose(written("EPSG:5899", east, north), evidence)
    assert not any(proposal.certain for proposal in found)
    assert "from the zone" in found[0].reason_en


@pytest.mark.parametrize("name", POINTS)
def test_millimetres(communes, name):
    _, _, east, north = POINTS[name]
    shapes = shapely.transform(written("EPSG:5899", east, north), lambda points: points * 1_000)
    evidence = around(east, north)
    evidence.communes = communes
    first = systems.propose(shapes, evidence)[0]
    assert (first.system, first.factor, first.certain) == ("EPSG:5899", 0.001, True)
    assert "millimetres" in first.reason_en
    assert centre(systems.place(shapes, first)) == pytest.approx((east, north), abs=0.001)


@pytest.mark.parametrize("cut", [2_000_000, 2_300_000])
@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize("name", POINTS)
def test_cut_digits_are_found_but_always_asked_about(communes, name, swapped, cut):
    _, _, east, north = POINTS[name]
    shapes = shapely.transform(written("EPSG:5899", east, north), lambda points: points - (0, cut))
    shapes = swap(shapes) if swapped else shapes
    evidence = around(east, north)
    evidence.communes = communes
    found = systems.propose(shapes, evidence)
    assert (found[0].system, found[0].offset) == (f"EPSG:5899+{cut}", cut)
    assert not any(proposal.certain for proposal in found)
    assert centre(systems.place(shapes, found[0])) == pytest.approx((east, north), abs=0.001)
    again = systems.chosen(shapes, found[0].system, None, found)
    assert again.certain
    assert centre(systems.place(shapes, again)) == pytest.approx((east, north), abs=0.001)


def test_recorded_areas_tell_3_degrees_from_6(communes):
    """The planes of 105° differ by 0.06 % in area and 700 m in place; the zone alone cannot tell."""
    _, _, east, north = POINTS["B"]
    boxes = shapely.box(east + np.arange(6) * 300, north, east + np.arange(6) * 300 + 250, north + 200)
    for code, other in (("EPSG:5897", "EPSG:3405"), ("EPSG:3405", "EPSG:5897")):

        def move(points, code=code):
            way = planes._transformer(planes.PLANES[code])
            return np.column_stack(way.transform(points[:, 0], points[:, 1], direction="INVERSE"))

        evidence = around(east, north)
        evidence.communes, evidence.areas = communes, np.round(shapely.area(boxes), 1)
        found = systems.propose(shapely.transform(boxes, move), evidence)
        ranks = [proposal.system for proposal in found]
        assert ranks.index(code) < ranks.index(other)


def test_strays_are_named():
    _, _, east, north = POINTS["A"]
    shapes = np.concatenate([written("EPSG:5899", east, north), swap(written("EPSG:5899", east, north))[:1]])
    evidence = around(east, north)
    first = systems.propose(shapes, evidence)[0]
    assert list(systems.strays(shapes, first, evidence)) == [8]
    mixed = np.concatenate([written("EPSG:5899", east, north), written("EPSG:5898", east, north)[:2]])
    assert list(systems.strays(mixed, first, evidence)) == [8, 9]
    assert list(systems.strays(mixed, first, Evidence())) == []


def test_numbers_that_are_none_become_no_shape():
    shapes = np.array([*written("EPSG:5898", *POINTS["A"][2:]), None, shapely.Point(np.nan, 2e6)], dtype=object)
    found = systems.propose(shapes, Evidence())
    placed = systems.place(shapes, next(proposal for proposal in found if proposal.system == "EPSG:5898"))
    assert [shape is None for shape in placed[-3:]] == [False, True, True]


@pytest.mark.parametrize(
    "shapes", [[], [None], [shapely.Point(0, 0)], [shapely.Point(1e300, -1e300)], [shapely.Point(5, 5)]]
)
def test_numbers_that_mean_nothing_give_no_proposal(shapes):
    assert systems.propose(np.array(shapes, dtype=object), Evidence()) == []


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(), st.floats()), max_size=5))
def test_no_numbers_break_anything(points):
    shapes = np.array([shapely.Point(*point) for point in points], dtype=object)
    for proposal in systems.propose(shapes, Evidence()):
        assert len(systems.place(shapes, proposal)) == len(shapes)


def test_a_system_can_be_chosen_against_all_advice():
    shapes = written("EPSG:5899", *POINTS["A"][2:])
    chosen = systems.chosen(shapes, "EPSG:3406", None, systems.propose(shapes, Evidence()))
    assert chosen.certain
    assert "outside the province" in chosen.reason_en
    with pytest.raises(QnGeoError, match="not understood"):
        systems.chosen(shapes, "EPSG:2263", None, [])


def test_nothing_is_done_to_what_is_right_already():
    shapes = written("EPSG:5899", *POINTS["A"][2:])
    first = systems.propose(shapes, Evidence(stored="EPSG:5899"))[0]
    assert first.untouched
    assert systems.place(shapes, first) is shapes


def test_the_window_holds_the_province(communes):
    bounds = shapely.total_bounds(list(communes.values()))
    assert WINDOW[0] < bounds[0]
    assert WINDOW[1] < bounds[1]
    assert WINDOW[2] > bounds[2]
    assert WINDOW[3] > bounds[3]
