from __future__ import annotations

from datetime import date

import pytest
import shapely

from qn_geo import rules
from qn_geo.rules.places import commune_code
from tests.small_plots import EAST, NORTH, box, check, missing, places, plots, polygon, told

QUALITIES = ["official", "digitised", "approximate", "schematic", "demo"]
COMMUNES = places(
    ({"code": "06712", "name_vi": "Phường Móng Cái 1", "name_en": "Móng Cái 1 ward"}, box(0, 0, 5_000, 5_000)),
    ({"code": "06709", "name_vi": "Phường Móng Cái 2", "name_en": "Móng Cái 2 ward"}, box(5_000, 0, 9_000, 5_000)),
)


def _former(code, name, now):
    return {
        "former_name": name,
        "former_kind": "Phường",
        "former_district": "Thành phố Móng Cái",
        "former_code": code,
        "code": now,
    }


FORMER = (
    _former("06712", "Trần Phú", "06712"),
    _former("06718", "Trà Cổ", "06712"),
    _former("06718", "Trà Cổ", "06709"),
)


def _zone(quality):
    row = {"name_vi": "KCN Thử", "name_en": "Thử park", "kind": "KCN", "area_ha": 1, "quality": quality}
    return places((row, box(0, 0, 100, 100)))


@pytest.mark.parametrize(("away", "count"), [(19_999, 0), (20_001, 1)])
def test_a_plot_far_from_the_city_is_told(away, count):
    shape = box(9_000 + away - 20, 0, 9_000 + away, 20)
    found = check(plots(box(0, 0, 20, 20), shape), "QN-CRS-001", communes=COMMUNES)
    assert len(found) == count
    if count:
        assert found["plots"][0] == ("p2",)
        assert "km" in found["message_vi"][0]


def test_swapped_axes_are_far_away():
    swapped = shapely.box(NORTH, EAST, NORTH + 20, EAST + 20)
    assert len(check(plots(swapped), "QN-CRS-001", communes=COMMUNES)) == 1


def test_plots_inside_their_zone_pass():
    assert len(check(plots(box(0, 0, 100, 50), box(20, 50, 40, 100)), "QN-CRS-002", zone=_zone("official"))) == 0


def test_what_lies_outside_the_zone_is_measured_and_shown():
    found = check(plots(box(80, 0, 110, 20), box(200, 0, 210, 10)), "QN-CRS-002", zone=_zone("official"))
    assert list(found["measure"]) == pytest.approx([200, 100])
    assert found.geometry[0].equals(box(100, 0, 110, 20))
    assert "33,3%" in found["message_vi"][0]


@pytest.mark.parametrize(("by", "count"), [(0.069, 0), (0.071, 1)])
def test_the_zone_may_be_crossed_by_the_position_tolerance(by, count):
    assert len(check(plots(box(80, 0, 100 + by, 20)), "QN-CRS-002", zone=_zone("official"))) == count


@pytest.mark.parametrize(
    ("quality", "severity"), list(zip(QUALITIES, ["error", "warning", "warning", "info", "info"], strict=True))
)
def test_only_an_outline_that_can_be_trusted_makes_an_error(quality, severity):
    found = check(plots(box(80, 0, 110, 20), box(90, 30, 110, 50)), "QN-CRS-002", zone=_zone(quality))
    assert set(found["severity"]) == {severity}
    # Of an invented outline one information for all plots: nothing follows for a single one.
    assert list(found["plots"]) == ([("p1", "p2")] if severity == "info" else [("p1",), ("p2",)])
    if severity == "info":
        assert "chưa đủ để kết luận" in found["message_vi"][0]


def test_a_commune_code_that_fits_the_place_passes():
    frame = plots(box(10, 10, 30, 30), box(6_000, 10, 6_020, 30), commune_code=["06712", "6709"])
    assert told(check(frame, communes=COMMUNES, former=FORMER)) == []


def test_a_commune_code_of_another_place_is_explained():
    frame = plots(box(6_000, 10, 6_020, 30), box(6_100, 10, 6_120, 30), commune_code=["06712", "06712"])
    found = check(frame, "QN-ATT-005", communes=COMMUNES, former=FORMER)
    assert list(found["plots"]) == [("p1", "p2")]
    assert "Phường Móng Cái 2 (mã 06709)" in found["message_vi"][0]
    assert "Trần Phú" in found["message_vi"][0]
    assert "Before 1 July 2025" in found["message_en"][0]


def test_a_plot_outside_all_communes_is_told_too():
    found = check(plots(box(0, 9_000, 20, 9_020), commune_code=["06709"]), "QN-ATT-005", communes=COMMUNES)
    assert "outside all communes" in found["message_en"][0]
    assert "Before" not in found["message_en"][0]


@pytest.mark.parametrize(("away", "count"), [(149, 0), (151, 1)])
def test_generalised_commune_boundaries_are_given_150_metres(away, count):
    frame = plots(box(5_000 + away, 0, 5_020 + away, 20), commune_code=["06712"])
    assert len(check(frame, "QN-ATT-005", communes=COMMUNES)) == count


def test_a_code_no_longer_in_use_is_told_with_its_successors():
    frame = plots(box(10, 10, 30, 30), box(40, 10, 60, 30), commune_code=["06718", "99999"])
    found = check(frame, "QN-ATT-006", communes=COMMUNES, former=FORMER)
    assert list(found["plots"]) == [("p1",), ("p2",)]
    assert "Trà Cổ" in found["message_vi"][0]
    assert "Phường Móng Cái 1 (06712), Phường Móng Cái 2 (06709)" in found["message_vi"][0]
    assert "no unit has this code" in found["message_en"][1]


def test_before_the_communes_were_rearranged_old_codes_are_not_judged():
    frame = plots(box(10, 10, 30, 30), commune_code=["06718"])
    found = check(frame, communes=COMMUNES, former=FORMER, on=date(2025, 6, 30))
    assert "QN-ATT-006" not in set(found["rule"])
    assert "QN-ATT-006" in rules.not_made(found)


@pytest.mark.parametrize(
    ("text", "code"), [("06712", "06712"), ("6712", "06712"), (" 6712.0", "06712"), ("Móng Cái", "Móng Cái")]
)
def test_a_spreadsheet_takes_zeros_from_codes(text, code):
    assert commune_code(text) == code


def test_plots_without_a_shape_have_no_place():
    frame = plots(None, polygon((0, 0), (20, 20), (20, 0), (0, 20)), commune_code=["99999", "06712"])
    found = check(frame, communes=COMMUNES, zone=_zone("official"))
    assert sorted(told(found)) == [("QN-ATT-006", ("p1",)), ("QN-GEO-001", ("p1",)), ("QN-GEO-003", ("p2",))]
    assert missing(found[found["rule"] == "QN-ATT-006"].geometry.iloc[0])
