from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import numpy as np
import pytest

from qn_geo import rules
from tests.small_plots import ON, box, check, numbered, told

NEXT_YEAR = date(2027, 1, 1)


def _one(code, area=4_000.0, **columns):
    """One plot of a use and an area, with its figures."""
    shape = box(0, 0, 100, area / 100)
    return numbered([shape], landuse_code=[code], **{name: [value] for name, value in columns.items()})


@pytest.mark.parametrize(
    ("code", "floors", "density", "limit"),
    [
        ("SKK", None, 70, None),
        ("SKK", None, 70.01, 70),
        ("SKN", 5, 70.01, 70),
        ("SKC", 6, 60, None),
        ("SKC", 6, 60.5, 60),
        ("DGD", None, 40, None),
        ("DYT", None, 41, 40),
        ("ODT", 3, 95, None),  # houses have tables of their own that we do not have
        ("DGT", None, 95, None),
        ("CLN+SKK", None, 71, 70),
    ],
)
def test_density_of_uses_with_one_figure(code, floors, density, limit):
    found = check(_one(code, density_pct=density, floors=np.nan if floors is None else floors), "QN-DEN-001")
    assert list(found["limit"]) == ([] if limit is None else [limit])
    assert list(found["severity"]) == ([] if limit is None else ["error"])


@pytest.mark.parametrize(
    ("area", "height", "limit"),
    [
        (2_000, 10, 80),  # below the table: its first corner
        (3_000, 16, 80),
        (10_000, 16, 70),
        (10_000, 19, 65),
        (6_500, 16, 75),  # half way between areas
        (10_000, 17.5, 67.5),  # half way between heights
        (14_000, 20.5, 62.5),  # half way between both: the mean of 65, 63, 62 and 60
        (50_000, 46, 41),
        (50_000, 60, 40),  # above the table
        (10_000, None, 70),  # an unknown height allows the most
    ],
)
def test_density_of_commerce_comes_from_the_table(area, height, limit):
    known = {"height_m": np.nan if height is None else height}
    assert len(check(_one("TMD", area, density_pct=limit, **known), "QN-DEN-001")) == 0
    found = check(_one("TMD", area, density_pct=limit + 0.01, **known), "QN-DEN-001")
    assert found["limit"][0] == pytest.approx(limit)
    assert "Bảng 2.10" in found["message_vi"][0]


@pytest.mark.parametrize(("floors", "count"), [(6, 0), (7, 1)])
def test_housing_counts_as_apartments_from_seven_floors(floors, count):
    frame = _one("ODT", 10_000, density_pct=66, green_pct=19, floors=floors, height_m=16)
    assert len(check(frame, "QN-DEN-001")) == count
    assert len(check(frame, "QN-DEN-002")) == count


@pytest.mark.parametrize(
    ("code", "green", "limit"),
    [("SKK", 20, None), ("SKK", 19.9, 20), ("DGD", 30, None), ("DVH", 29, 30), ("DTT", 5, None), ("TMD", 0, None)],
)
def test_green_share_of_the_plot(code, green, limit):
    assert list(check(_one(code, green_pct=green), "QN-DEN-002")["limit"]) == ([] if limit is None else [limit])


@pytest.mark.parametrize(
    ("height", "setback", "severity", "limit"),
    [
        (18.9, 0, None, None),
        (19, 2.9, "warning", 3),  # only beside a narrow road
        (19, 3, None, None),
        (22, 3.9, "warning", 4),
        (28, 6, None, None),
        (28, 5.9, "error", 6),  # beside every road
    ],
)
def test_setbacks(height, setback, severity, limit):
    found = check(_one("SKK", height_m=height, setback_m=setback), "QN-DEN-003")
    assert list(found["severity"]) == ([] if severity is None else [severity])
    assert list(found["limit"]) == ([] if limit is None else [limit])


def test_a_setback_without_a_height_is_not_passed_in_silence():
    found = check(_one("SKK", setback_m=1), "QN-DEN-003")
    assert (list(found["severity"]), list(found["plots"])) == (["info"], [("7-1",)])


@pytest.mark.parametrize(
    "figures",
    [
        {"density_pct": -1},
        {"density_pct": 100.1},
        {"green_pct": -0.1},
        {"green_pct": 101},
        {"floors": -1},
        {"height_m": -3},
        {"setback_m": -1},
        {"density_pct": 60, "green_pct": 40.1},
    ],
)
def test_figures_that_cannot_be(figures):
    found = check(_one("DGT", **figures), "QN-DEN-004")
    assert list(found["plots"]) == [("7-1",)]


@pytest.mark.parametrize("figures", [{"density_pct": 100}, {"density_pct": 60, "green_pct": 40}, {"floors": 0}])
def test_figures_that_can_be(figures):
    assert len(check(_one("DGT", **figures), "QN-DEN-004")) == 0


def test_plots_without_figures_are_not_judged():
    frame = numbered([box(0, 0, 20, 20), box(100, 0, 120, 20)], density_pct=[np.nan, 50], green_pct=[np.nan, 30])
    assert told(check(frame)) == []


@pytest.mark.parametrize("code", ["QN-DEN-001", "QN-DEN-002", "QN-DEN-003"])
def test_from_2027_the_checks_say_that_they_have_no_figures(code):
    frame = _one("SKK", density_pct=95, green_pct=1, setback_m=0, height_m=40)
    assert len(check(frame, code, on=date(2026, 12, 31))["rows"][0]) == 1
    found = check(frame, on=NEXT_YEAR)
    assert code not in set(found["rule"]), "it found nothing: it was not made"
    said = found[(found["rule"] == "QN-SYS-002") & found["message_vi"].str.contains("01/01/2027")]
    assert code in rules.not_made(said)
    assert (set(said["severity"]), set(said["rows"])) == ({"info"}, {()})
    assert said["message_vi"].str.contains("31/12/2026").all()


def _with_new_code(**changes):
    """The registry after an editor added next year's figure for factories."""
    known = dict(rules.registry())
    density = known["QN-DEN-001"]
    old = next(limit for limit in density.limits if limit.rule_id == "PLOT-DEN-01")
    new = replace(old, rule_id="PLOT-DEN-01-2027", effective_from="2027-01-01", effective_to="", **changes)
    known["QN-DEN-001"] = replace(density, limits=(*density.limits, new), effective_to="")
    return MappingProxyType(known)


@pytest.mark.parametrize(("on", "limit"), [(ON, 70), (NEXT_YEAR, 65)])
def test_new_figures_count_from_their_day(on, limit):
    found = check(_one("SKK", density_pct=90), "QN-DEN-001", on=on, rules=_with_new_code(value=65))
    assert list(found["limit"]) == [limit]


def test_a_use_the_new_code_says_nothing_about_is_not_passed_in_silence():
    found = check(_one("TMD", density_pct=90), "QN-DEN-001", on=NEXT_YEAR, rules=_with_new_code(value=65))
    assert (list(found["severity"]), list(found["plots"])) == (["info"], [("7-1",)])
    assert "thương mại" in found["message_vi"][0]


def test_a_figure_known_only_from_memory_says_so():
    found = check(_one("SKK", density_pct=90), "QN-DEN-001", rules=_with_new_code(confidence="knowledge"), on=NEXT_YEAR)
    assert found["message_en"][0].endswith("(From professional knowledge; verify against the document.)")
