from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta

import geopandas as gpd
import pytest
import shapely

from qn_geo import clock, decisions, dossier, rules
from qn_geo.decisions import OutdatedError
from qn_geo.dossier.plots import shown
from qn_geo.errors import CancelledError, QnGeoError
from qn_geo.intake import Choices
from qn_geo.intake import submission as submissions
from qn_geo.settings import settings
from tests.small_reviews import LAN, package

pytest_plugins = "tests.review_fixtures"
pytestmark = pytest.mark.usefixtures("reviews")


def test_a_file_is_received_placed_checked_and_decided(placed):
    assert [case.state for case in dossier.queue()] == ["placed"]
    opened = dossier.check(placed)
    assert opened.case.state == "checked"
    assert opened.case.counts["plots"] == 12
    assert opened.summary["counts"] == {"pass": 9, "warn": 1, "fail": 2}
    decisions.store().decide(placed, opened.plots["plot_id"], "accept", who=LAN, seen=opened.version)
    after = dossier.open_dossier(placed)
    assert after.plots is opened.plots, "a decision reads no file again"
    assert after.case.state == "decided"
    assert set(after.decided) == set(after.plots["plot_id"])
    assert not after.superseded(after.history[0])
    assert dossier.signed(after.history[0].who, "en", verified=False) == "Trần Thị Lan (unverified)"


def test_opening_computes_nothing_and_says_the_same(placed, monkeypatch):
    before = dossier.open_dossier(placed)
    assert (before.outdated, before.findings_hash, len(before.findings), before.on) == (True, "", 0, None)
    checked = dossier.check(placed)
    monkeypatch.setattr(rules, "check", None)
    opened = dossier.open_dossier(placed)
    assert not opened.outdated
    assert opened.findings_hash == checked.findings_hash == decisions.store().latest_run(placed).findings_hash
    assert opened.findings.drop(columns="geometry").equals(checked.findings.drop(columns="geometry"))
    assert (opened.on - checked.checked_at.date()).days in {0, 1}
    assert opened.rules_version == rules.version()


def test_plots_of_one_number_are_told_apart_everywhere(placed):
    opened = dossier.check(placed)
    ids = opened.plots["plot_id"].tolist()
    assert ids[:4] == ["7-1", "7-2#2", "7-2#3", "7-4"]
    twins = [plots for plots in opened.findings["plots"] if "7-2#2" in plots]
    assert ("7-2#2", "7-2#3") in twins
    assert set(opened.rules_by_plot["7-2#2"]) <= set(opened.findings["rule"])


@pytest.mark.parametrize(
    ("own", "rows", "expected"),
    [
        (["a", "b"], [1, 2], ["a", "b"]),
        (["a", "a", "b"], [4, 7, 9], ["a#4", "a#7", "b"]),
        ([None, " ", "a"], [1, 2, 3], ["#1", "#2", "a"]),
        (["a", "a", "a#1"], [1, 2, 3], ["a#1#1", "a#2", "a#1"]),
        ([None, "#1"], [1, 2], ["#1#1", "#1"]),
        (["a\x00b\n", "a b"], [1, 2], ["a b#1", "a b#2"]),
        (["a", "a"], [5, 5], ["a#1", "a#2"]),
        (["N" * 9_000, "N" * 9_001], [1, 2], ["N" * 79 + "…#1", "N" * 79 + "…#2"]),
    ],
)
def test_unique_ids(own, rows, expected):
    plots = gpd.GeoDataFrame({"plot_id": own, "row": rows}, geometry=[shapely.box(0, 0, 1, 1)] * len(own))
    assert shown(plots)["plot_id"].tolist() == expected


def test_nothing_about_persons_is_shown_unless_allowed(placed, monkeypatch):
    shown = dossier.check(placed).plots
    assert not {"holder", "address", "x_CCCD"} & set(shown)
    assert "x_Ghi chú lô" in shown
    assert "Nguyễn" not in shown.to_csv()
    monkeypatch.setenv("QN_GEO_SHOW_PERSONAL", "true")
    settings.cache_clear()
    assert {"holder", "x_CCCD"} <= set(dossier.open_dossier(placed).plots)


@pytest.mark.parametrize(
    ("name", "about_persons"),
    [
        ("HO_TEN", True),
        ("Tên chủ hộ", True),
        ("Số CCCD", True),
        ("dien_thoai", True),
        ("Ngày sinh", True),
        ("Ten lo", False),
        ("Chức năng", False),
        ("ChieuCao", False),
        ("Nguồn", False),
    ],
)
def test_columns_whose_names_speak_of_persons(name, about_persons):
    plots = gpd.GeoDataFrame({f"x_{name}": ["?"]}, geometry=[shapely.box(0, 0, 1, 1)])
    assert (f"x_{name}" not in dossier.public(plots)) == about_persons


def test_what_the_findings_rest_on_outdates_them(placed, monkeypatch):
    dossier.check(placed)
    with monkeypatch.context() as patch:
        patch.setattr(rules, "version", lambda: "other")
        assert dossier.open_dossier(placed).outdated, "other rules"
    with monkeypatch.context() as patch:
        patch.setattr(clock, "today", lambda: date(2031, 1, 1))
        assert dossier.open_dossier(placed).outdated, "other law"
    assert not dossier.open_dossier(placed).outdated
    submission = submissions.find(placed)
    dossier.place(placed, Choices(columns={"DienTich": ""}))
    assert dossier.open_dossier(placed).outdated, "other choices"
    dossier.check(placed)
    (submission.folder / "findings.parquet").write_bytes(b"damaged")
    assert dossier.open_dossier(placed).outdated


def test_findings_that_were_not_recorded_cannot_be_decided_on(placed, monkeypatch):
    dossier.check(placed)
    with monkeypatch.context() as patch:
        patch.setattr(rules, "findings_hash", lambda _found: "0" * 64)
        patch.setattr(decisions.Store, "add_run", lambda *_arguments: None)  # killed just before
        cut_off = dossier.check(placed)
    assert cut_off.outdated
    with pytest.raises(OutdatedError):
        decisions.store().decide(placed, ["7-1"], "accept", who=LAN, seen=cut_off.version)
    assert not dossier.check(placed).outdated


def test_comparison_with_an_earlier_submission(placed, tmp_path):
    later = dossier.receive(package(tmp_path / "lần hai.gpkg", parcels=[(2, "3"), (11, "40")]), LAN)
    dossier.place(later.id)
    plain = dossier.check(later.id)
    compared = dossier.check(later.id, earlier_id=placed)
    assert (compared.earlier, compared.outdated) == (placed, False)
    changes = compared.findings[compared.findings["rule"].str.startswith("QN-CHG")]
    assert len(changes)
    assert not plain.findings["rule"].str.startswith("QN-CHG").any()
    dossier.place(placed, Choices(columns={"DienTich": ""}))
    assert dossier.open_dossier(later.id).outdated, "what it was compared with is another now"
    assert not dossier.check(later.id, earlier_id=dossier.REGISTER).outdated


def test_cancelled_checks_leave_everything_as_it_was(placed):
    with pytest.raises(CancelledError):
        dossier.check(placed, cancelled=lambda: True)
    assert decisions.store().latest_run(placed) is None
    stages = []
    dossier.check(placed, progress=lambda *stage: stages.append(stage))
    assert stages[-1][1] == stages[-1][2] > 0


def test_a_submission_cut_off_before_the_queue_is_found(tmp_path):
    lost = submissions.receive(package(tmp_path / "a.gpkg"), LAN.name)
    assert dossier.queue() == [], "it may still be on its way"
    path = lost.folder / "submission.json"
    earlier = (datetime.now(UTC) - timedelta(minutes=2)).isoformat(timespec="seconds")
    path.write_text(json.dumps(json.loads(path.read_text()) | {"received_at": earlier}))
    assert [(case.id, case.verified) for case in dossier.queue()] == [(lost.id, False)]


def test_a_note_that_cannot_be_kept_is_refused_before_anything_is_stored(tmp_path):
    with pytest.raises(QnGeoError, match="at most 4000"):
        dossier.receive(package(tmp_path / "a.gpkg"), LAN, note="x" * 5_000)
    assert submissions.listed() == []


def test_a_database_that_is_held_is_told_together_with_what_was_stored(tmp_path, monkeypatch):
    def refuse(*_arguments, **_named):
        raise decisions.DatabaseError("đang bận", "it is busy")

    monkeypatch.setattr(decisions.Store, "add", refuse)
    with pytest.raises(decisions.DatabaseError, match=r"is stored .* it is busy.* do not send it again"):
        dossier.receive(package(tmp_path / "a.gpkg"), LAN)
    assert [one.name for one in submissions.listed()] == ["a.gpkg"]


@pytest.mark.parametrize("changed", [{"on": "x"}, {"at": None}, {"earlier": 5}, {"key": None}])
def test_findings_whose_circumstances_were_changed_are_no_evidence(placed, changed):
    dossier.check(placed)
    path = submissions.find(placed).folder / "findings.parquet"
    found = gpd.read_parquet(path)
    found.attrs |= changed
    found.to_parquet(path)
    assert dossier.open_dossier(placed).findings_hash == ""
    assert not dossier.check(placed).outdated


def test_a_reason_changed_by_hand_takes_the_evidence_away(placed):
    checked = dossier.check(placed)
    assert dossier.open_checked(placed) is checked
    path = submissions.find(placed).folder / "intake.json"
    said = json.loads(path.read_bytes())
    said["system"]["reason_vi"] = "Sở đã xác nhận."
    path.write_text(json.dumps(said))
    assert dossier.open_dossier(placed).findings_hash == ""
    with pytest.raises(QnGeoError, match="was changed since"):
        dossier.open_checked(placed)
    dossier.place(placed)  # the reasons come from the file again
    again = dossier.check(placed)
    assert again.findings_hash == checked.findings_hash
    assert again.reading["system"]["reason_vi"] == checked.reading["system"]["reason_vi"] != "Sở đã xác nhận."


def test_plots_must_have_been_read(tmp_path):
    case = dossier.receive(package(tmp_path / "a.gpkg"), LAN)
    with pytest.raises(QnGeoError, match="not been read"):
        dossier.open_dossier(case.id)
    with pytest.raises(QnGeoError, match="there is no submission"):
        dossier.open_dossier("../../etc")
