from __future__ import annotations

from datetime import date

import pytest
import shapely

from qn_geo import rules
from tests.small_plots import at, box, check, numbered, places, plots, told

ROAD = at(shapely.LineString([(-1_000, 0), (1_000, 0)]))  # along the south of everything


def _link(mode, accuracy, status="operating", line=ROAD):
    return places(
        (
            {
                "mode": mode,
                "status": status,
                "location_accuracy_m": accuracy,
                "name_vi": "tuyến A",
                "name_en": "road A",
            },
            line,
        )
    )


def _north(*metres):
    return [box(i * 50, metre, i * 50 + 20, metre + 20) for i, metre in enumerate(metres)]


@pytest.mark.parametrize(("mode", "code"), [("expressway", "QN-COR-001"), ("national-road", "QN-COR-002")])
@pytest.mark.parametrize(("metres", "count"), [(16.9, 1), (17, 0)])
def test_a_road_that_is_well_known_keeps_plots_away(mode, code, metres, count):
    found = check(plots(*_north(metres, 200)), links=_link(mode, 5))
    assert told(found) == [(code, ("p1",))] * count
    if count:
        found = found[found["rule"] == code].reset_index()
        assert found["severity"][0] == "warning"
        assert (found["measure"][0], found["limit"][0]) == (pytest.approx(16.9), 17)
        assert found["message_vi"][0].endswith("cần đối chiếu văn bản.)")


@pytest.mark.parametrize(("accuracy", "severity"), [(17, "warning"), (18, "info")])
def test_a_line_less_exact_than_the_corridor_decides_nothing(accuracy, severity):
    found = check(plots(*_north(10, 16)), "QN-COR-001", links=_link("expressway", accuracy))
    assert set(found["severity"]) == {severity}
    assert list(found["plots"]) == ([("p1", "p2")] if severity == "info" else [("p1",), ("p2",)])


@pytest.mark.parametrize(("metres", "count"), [(516, 1), (518, 0)])
def test_plots_in_doubt_lie_within_accuracy_and_corridor(metres, count):
    found = check(plots(*_north(metres)), "QN-COR-002", links=_link("national-road", 500))
    assert len(found) == count
    if count:
        assert found["measure"][0] == pytest.approx(516)
        assert "500 m" in found["message_en"][0]


def test_a_line_of_unknown_accuracy_decides_nothing():
    assert list(check(plots(*_north(5)), "QN-COR-001", links=_link("expressway", None))["severity"]) == ["info"]


@pytest.mark.parametrize("link", [_link("expressway", 5, "planned"), _link("provincial-road", 5)])
def test_plans_and_other_roads_have_no_corridor_here(link):
    assert told(check(plots(*_north(5)), links=link)) == []


@pytest.mark.parametrize(("code", "metres", "count"), [("ODT", 19.9, 1), ("ODT", 20, 0), ("SKK", 5, 0)])
def test_housing_keeps_away_from_a_railway(code, metres, count):
    frame = numbered(_north(metres), landuse_code=[code])
    assert len(check(frame, "QN-COR-003", links=_link("railway", 5))) == count


def test_the_railway_figure_ends_with_its_code():
    frame = numbered(_north(5), landuse_code=["ODT"])
    found = check(frame, links=_link("railway", 5), on=date(2027, 1, 1))
    assert "QN-COR-003" not in set(found["rule"])
    assert "QN-COR-003" in rules.not_made(found)


def test_the_older_decree_counts_in_its_time():
    link = _link("expressway", 5)
    assert len(check(plots(*_north(5)), "QN-COR-001", links=link, on=date(2024, 12, 31))["rows"][0]) == 1
    assert "QN-COR-001" in rules.not_made(check(plots(*_north(5)), links=link, on=date(2013, 1, 1)))


@pytest.mark.parametrize(("metres", "count"), [(249, 1), (251, 0)])
def test_the_shore_is_known_too_roughly_to_decide(metres, count):
    shore = places(({"name_vi": "bờ biển", "name_en": "the shore"}, at(shapely.MultiLineString([[(-9, 0), (9, 0)]]))))
    found = check(plots(box(0, metres, 5, metres + 20)), "QN-COR-004", shore=shore)
    assert list(found["severity"]) == ["info"] * count


def test_what_there_is_no_layer_for_is_said():
    found = check(plots(*_north(5)), "QN-COR-005")
    assert (list(found["severity"]), list(found["rows"])) == (["info"], [()])
    assert "đê" in found["message_vi"][0]


def test_a_bent_line_of_several_parts_is_measured_at_its_nearest():
    line = at(shapely.MultiLineString([[(-500, -300), (500, -300)], [(-500, 40), (0, 12), (500, 40)]]))
    found = check(plots(box(-10, -20, 10, 0)), "QN-COR-001", links=_link("expressway", 5, line=line))
    assert found["measure"][0] == pytest.approx(12, abs=0.1)
