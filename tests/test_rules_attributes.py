from __future__ import annotations

import numpy as np
import pytest
import shapely

from qn_geo.rules.attributes import area_tolerance
from qn_geo.rules.batch import Batch
from tests.small_plots import box, check, numbered, plots, told

APART = [box(i * 100, 0, i * 100 + 20, 20) for i in range(4)]


def test_ids_of_one_plot_each_pass():
    assert told(check(plots(*APART))) == []


def test_a_repeated_id_is_told_once_with_all_its_plots():
    found = check(plots(*APART, plot_id=["a", "b", "a", "a"]))
    assert told(found) == [("QN-ATT-001", ("a", "a", "a"))]
    assert found["rows"][0] == (1, 3, 4)
    assert (found["measure"][0], found["limit"][0], found["unit"][0]) == (3, 1, "plots")


def test_an_id_made_of_sheet_and_parcel_is_told_only_as_parcel():
    found = check(numbered(APART[:2], parcel_no=["5", "5"]))
    assert told(found) == [("QN-ATT-002", ("7-5", "7-5"))]


def test_parcels_of_different_sheets_or_communes_may_share_a_number():
    frame = numbered(APART, plot_id=list("abcd"), parcel_no=["5"] * 4, sheet_no=["1", "2", "1", None])
    frame["commune_code"] = ["06712", "06712", "06709", "06712"]
    assert len(check(frame, "QN-ATT-002")) == 0


@pytest.mark.parametrize("other", ["012", "12 ", " 12"])
def test_a_parcel_number_is_the_same_with_zeros_and_blanks(other):
    frame = numbered(APART[:2], plot_id=["a", "b"], parcel_no=["12", other])
    assert told(check(frame)) == [("QN-ATT-002", ("a", "b"))]


def test_the_area_tolerance_is_the_published_formula():
    """A square of side a: every D is its diagonal, so twice mp times sqrt(4 * 2a² / 8) is 2 mp a."""
    batch = Batch(plots(box(0, 0, 20, 20), None, box(0, 0, 60, 80)))
    assert area_tolerance(batch, 0.07) == pytest.approx([2 * 0.07 * 20, 2 * 0.07 * np.sqrt(4 * 100**2 / 8)])


@pytest.mark.parametrize(("off", "count"), [(2.79, 0), (-2.79, 0), (2.81, 1), (-2.81, 1)])
def test_a_recorded_area_may_be_off_by_the_tolerance(off, count):
    found = check(numbered([box(0, 0, 20, 20)], area_m2=[400 + off]), "QN-ATT-003")
    assert len(found) == count
    if count:
        assert found["measure"][0] == pytest.approx(2.81)
        assert found["limit"][0] == pytest.approx(2.8)
        assert "0,7%" in found["message_vi"][0]
        assert found["message_en"][0].endswith("verify against the document.)")


@pytest.mark.parametrize(("off", "count"), [(0.05, 0), (0.051, 1)])
def test_rounding_to_a_decimal_is_no_difference_however_small_the_plot(off, count):
    """At 1:200 the tolerance of a plot of 0.4 m is 0.04 m², less than half a decimal."""
    found = check(numbered([box(0, 0, 0.4, 0.4)], area_m2=[0.16 + off]), "QN-ATT-003", scale=200)
    assert len(found) == count


def test_a_recorded_area_of_nothing_is_a_difference_without_a_share():
    found = check(numbered(APART[:2], area_m2=[0.0, np.nan]), "QN-ATT-003")
    assert list(found["plots"]) == [("7-1",)]
    assert "%" not in found["message_en"][0]


def test_the_area_of_the_papers_is_an_information():
    found = check(numbered(APART[:2], area_legal_m2=[400.0, 450.0]), "QN-ATT-004")
    assert (list(found["plots"]), list(found["severity"])) == ([("7-2",)], ["info"])


def test_empty_cells_are_told_once_a_column():
    found = check(numbered(APART, landuse_code=["SKK", None, "SKK", None]), "QN-ATT-007")
    assert (list(found["plots"]), found["severity"][0]) == ([("7-2", "7-4")], "info")
    assert "Loại đất" in found["message_vi"][0]
    assert shapely.get_num_geometries(found.geometry[0]) == 2


def test_a_column_that_nobody_fills_is_not_a_plot_s_fault():
    assert len(check(numbered(APART, landuse_code=[None] * 4), "QN-ATT-007")) == 0
