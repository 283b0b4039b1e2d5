from __future__ import annotations

import pytest
import shapely

from tests.small_plots import box, check, missing, numbered, plots, polygon

BEFORE = plots(box(0, 0, 20, 20), box(100, 0, 120, 20), box(200, 0, 220, 20), landuse_code=["SKK", "SKK", None])


def _changes(frame, earlier=BEFORE):
    found = check(frame, earlier=earlier)
    return found[found["rule"].str.startswith("QN-CHG")].reset_index(drop=True)


def test_the_same_plots_have_not_changed():
    assert len(_changes(BEFORE)) == 0


def test_without_an_earlier_submission_nothing_is_compared():
    assert not check(BEFORE)["rule"].str.startswith("QN-CHG").any()


def test_a_moved_boundary_is_told_with_the_difference_of_area():
    after = plots(box(0, 0, 25, 20), *BEFORE.geometry[1:], landuse_code=["SKK", "SKK", None])
    found = _changes(after)
    assert (list(found["rule"]), list(found["plots"])) == (["QN-CHG-001"], [("p1",)])
    assert (found["measure"][0], found["unit"][0], found["severity"][0]) == (pytest.approx(100), "m2", "info")
    assert found.geometry[0].equals(box(20, 0, 25, 20))


@pytest.mark.parametrize(
    "same",
    [
        shapely.reverse(box(0, 0, 20, 20)),
        polygon((20, 20), (0, 20), (0, 0), (20, 0)),
        polygon((0, 0), (10, 0), (20, 0), (20, 20), (0, 20)),
        box(0, 0, 20.0009, 20),
    ],
)
def test_the_same_boundary_drawn_otherwise_has_not_changed(same):
    after = plots(same, *BEFORE.geometry[1:], landuse_code=["SKK", "SKK", None])
    assert len(_changes(after)) == 0


def test_a_boundary_that_became_unusable_has_changed():
    after = plots(None, polygon((100, 0), (120, 20), (120, 0), (100, 20)), box(200, 0, 220, 20))
    after["landuse_code"] = BEFORE["landuse_code"]
    found = _changes(after)
    assert list(found["plots"]) == [("p1",), ("p2",)]
    assert found["measure"].isna().all()
    assert missing(found.geometry[0])


def test_new_and_vanished_plots_are_told():
    after = plots(box(0, 0, 20, 20), box(300, 0, 330, 20), plot_id=["p1", "p9"], landuse_code=["SKK", None])
    found = _changes(after)
    assert list(zip(found["rule"], found["plots"], found["rows"], found["measure"], strict=True)) == [
        ("QN-CHG-002", ("p9",), (2,), pytest.approx(600)),
        ("QN-CHG-003", ("p2",), (), pytest.approx(-400)),
        ("QN-CHG-003", ("p3",), (), pytest.approx(-400)),
    ]


def test_another_use_is_told():
    after = plots(*BEFORE.geometry, landuse_code=["SKK", "TMD", "DGT"])
    found = _changes(after)
    assert list(found["rule"]) == ["QN-CHG-004"] * 2
    assert "“SKK”" in found["message_en"][0]
    assert "“TMD”" in found["message_en"][0]


def test_repeated_ids_are_not_matched():
    twice = plots(box(0, 0, 20, 20), box(50, 0, 70, 20), plot_id=["p1", "p1"])
    assert list(_changes(twice)["rule"]) == ["QN-CHG-003"] * 2


def test_the_order_of_the_rows_does_not_matter():
    frame = numbered([box(i * 50, 0, i * 50 + 20, 20) for i in range(5)])
    assert len(_changes(frame.iloc[::-1].reset_index(drop=True), frame)) == 0


def test_sheet_and_parcel_tell_plots_of_other_ids_apart():
    before = plots(box(0, 0, 20, 20), box(20, 0, 40, 20), plot_id=["kcn-a-1", "kcn-a-2"])
    after = plots(box(0, 0, 25, 20), box(25, 0, 40, 20), box(90, 0, 99, 9), plot_id=["12-7", "12-8", "12-9"])
    before["sheet_no"], before["parcel_no"] = "12", ["7", "8"]
    after["sheet_no"], after["parcel_no"] = "12", ["7", "8", "9"]
    found = _changes(after, before)
    assert list(zip(found["rule"], found["plots"], strict=True)) == [
        ("QN-CHG-001", ("12-7",)),
        ("QN-CHG-001", ("12-8",)),
        ("QN-CHG-002", ("12-9",)),
    ]
