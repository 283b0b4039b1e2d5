from __future__ import annotations

from datetime import date

import pytest

from qn_geo import rules
from qn_geo.rules.landuse import parts_of
from tests.small_plots import CODES, box, check, numbered, places, told

APART = [box(i * 100, 0, i * 100 + 20, 20) for i in range(6)]


def _codes(*codes):
    return numbered(APART[: len(codes)], landuse_code=list(codes))


def _cell(code, shape, quality="official", zone="kcn-a"):
    return {"zone_id": zone, "horizon": 2030, "use_code": code, "quality": quality}, shape


def _against(code, *cells, shape=None):
    frame = numbered([box(0, 0, 20, 20) if shape is None else shape], landuse_code=[code])
    return check(frame, "QN-LU-004", codes=CODES, cells=places(*cells))


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("SKK", ("SKK",)),
        (" skk ", ("SKK",)),
        ("ONT+CLN", ("ONT", "CLN")),
        ("ONT, CLN", ("ONT", "CLN")),
        ("ONT/CLN;HNK", ("ONT", "CLN", "HNK")),
        ("??", ("??",)),
    ],
)
def test_codes_of_a_cell(text, parts):
    assert parts_of(text) == parts


def test_present_codes_pass():
    assert told(check(_codes("SKK", "skk", "DDD"), codes=CODES)) == []


def test_an_unknown_code_is_told_once_with_all_its_plots():
    found = check(_codes("SKKK", "SKK", "SKKK", "ONT+ZZ"), "QN-LU-001", codes=CODES)
    assert list(found["plots"]) == [("7-1", "7-3"), ("7-4",)]
    assert "có phải SKK?" in found["message_vi"][0]
    assert found["severity"][0] == "error"


@pytest.mark.parametrize(
    ("old", "now"), [("BHK", "today HNK"), ("DDT", "today DDD"), ("MVB", "the present list has no such code")]
)
def test_a_former_code_is_told_with_what_it_is_today(old, now):
    found = check(_codes(old), "QN-LU-002", codes=CODES)
    assert now in found["message_en"][0]


def test_former_codes_were_in_order_in_their_time():
    found = check(_codes("BHK"), codes=CODES, on=date(2024, 7, 31))
    assert "QN-LU-002" not in set(found["rule"])
    assert "QN-LU-002" in rules.not_made(found)
    assert len(check(_codes("BHK"), "QN-LU-002", codes=CODES, on=date(2024, 8, 1))["rows"][0]) == 1


def test_several_uses_are_an_information():
    found = check(_codes("ONT+CLN", "SKK"), codes=CODES)
    assert told(found) == [("QN-LU-003", ("7-1",))]
    found = found[found["rule"] == "QN-LU-003"].reset_index()
    assert found["severity"][0] == "info"
    assert "ONT (Đất ONT), CLN (Đất CLN)" in found["message_vi"][0]


@pytest.mark.parametrize(
    ("own", "planned"),
    [
        ("SKK", "SKK"),
        ("SKK", "CSK"),  # the group above
        ("CSK", "SKK"),  # the group below
        ("DDT", "DDD"),  # a former code and its successor
        ("ONT+SKK", "SKK"),  # one of several uses
        ("DGT", "SKK"),  # roads of a park
        ("XYZ", "SKK"),  # an unknown code is told elsewhere
    ],
)
def test_uses_that_agree_with_the_plan(own, planned):
    assert len(_against(own, _cell(planned, box(0, 0, 50, 50)))) == 0


@pytest.mark.parametrize(("own", "planned"), [("SKK", "SKN"), ("SKK", "DGT"), ("ONT", "SKK"), ("SKK", "HNK")])
def test_uses_that_conflict_with_the_plan(own, planned):
    found = _against(own, _cell(planned, box(0, 0, 50, 50)))
    assert (list(found["plots"]), found["severity"][0]) == ([("7-1",)], "error")
    assert f"{planned} 400 m²" in found["message_en"][0]


@pytest.mark.parametrize(("share", "count"), [(0.5, 0), (0.49, 1)])
def test_half_of_the_planned_land_under_a_plot_must_agree(share, count):
    edge = 20 * share
    cells = _cell("SKK", box(-50, -50, edge, 50)), _cell("ONT", box(edge, -50, 50, 50))
    found = _against("SKK", *cells)
    assert len(found) == count
    if count:
        assert "ONT 204 m², SKK 196 m²" in found["message_en"][0]


@pytest.mark.parametrize(("covered", "count"), [(0.49, 0), (0.5, 1)])
def test_a_plan_must_cover_half_of_a_plot_to_judge_it(covered, count):
    assert len(_against("SKK", _cell("ONT", box(-50, -50, 20 * covered, 50)))) == count


@pytest.mark.parametrize(
    ("quality", "severity"),
    [("official", "error"), ("digitised", "warning"), ("approximate", "warning"), ("schematic", "info")],
)
def test_only_a_plan_that_can_be_trusted_makes_an_error(quality, severity):
    found = _against("ONT", _cell("SKK", box(0, 0, 50, 50), quality))
    assert list(found["severity"]) == [severity]


def test_a_sketched_plan_gives_one_information_for_each_use():
    cells = [_cell("SKK", box(i * 100, 0, i * 100 + 50, 50), "schematic") for i in range(4)]
    found = check(_codes("ONT", "ONT", "TMD", "SKK"), "QN-LU-004", codes=CODES, cells=places(*cells))
    assert sorted(found["plots"]) == [("7-1", "7-2"), ("7-3",)]
    assert "phác họa" in found["message_vi"][0]


def test_of_nested_zones_the_smaller_one_s_plan_counts():
    around = _cell("SKK", box(-500, -500, 500, 500), zone="kkt-a")
    assert len(_against("ONT", around)) == 1
    assert len(_against("ONT", around, _cell("ONT", box(-50, -50, 50, 50), zone="kcn-b"))) == 0


def test_a_plot_beside_the_plan_is_not_judged():
    assert len(_against("ONT", _cell("SKK", box(50, 0, 90, 50)))) == 0
    assert len(_against("ONT", _cell("SKK", box(20, 0, 90, 50)))) == 0  # touches it


def test_the_cell_with_most_of_a_plot_says_how_far_the_plan_can_be_trusted():
    large, small = box(0, 0, 20, 15), box(0, 15, 20, 20)
    for cells in [
        [_cell("SKK", large), _cell("SKK", small, "schematic")],
        [_cell("SKK", small, "schematic"), _cell("SKK", large)],
    ]:
        assert list(_against("ONT", *cells)["severity"]) == ["error"]
