from __future__ import annotations

import threading
import time

import pytest

from qn_geo import decisions, dossier, jobs, report
from qn_geo.ui.review import deciding, going_out, person, work
from tests.plot_files import shapefile
from tests.small_reviews import LAN, package
from tests.test_pages import opened, text

pytest_plugins = ["tests.review_fixtures"]
pytestmark = pytest.mark.usefixtures("reviews", "at_home")
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.fixture
def at_home(root, monkeypatch):
    """The pages' scripts are found from the repository."""
    monkeypatch.chdir(root)


def review(case="", **query):
    return opened("review.py", None, **({"case": case} if case else {}), **query)


def field(elements, key):
    """The field whose value the page keeps under a key; its own key ends with a mark of its labels."""
    (found,) = [element for element in elements if element.key.rsplit("-", 1)[0] == key]
    return found


def test_the_queue_tells_how_far_every_submission_is(placed, tmp_path):
    dossier.check(placed)
    dossier.receive([(f"{HOSTILE}.gpkg", package(tmp_path / "b.gpkg").read_bytes())], LAN, note=HOSTILE)
    shown = text(review())
    assert "Đã kiểm tra" in shown
    assert "Trần Thị Lan (chưa xác" in shown
    assert f"case:{placed}" in shown
    assert HOSTILE not in shown


def test_a_submission_that_is_not_there_says_so():
    test = review("20261123-000000-abcdef")
    assert "20261123-000000-abcdef" in test.error[0].value.replace("\\", "")
    assert test.button(key="w-receive"), "the queue is there"


def test_an_uncertain_system_has_to_be_chosen(tmp_path):
    parts = shapefile(tmp_path)
    case = dossier.receive([part for part in parts.items() if not part[0].endswith(".prj")], LAN)
    test = review(case.id, lang="en")
    (system,) = [radio for radio in test.radio if radio.label == "Reference system"]
    confirm = test.button(key="w-confirm")
    assert confirm.disabled
    system.set_value(0).run()
    assert not test.button(key="w-confirm").disabled
    test.button(key="w-confirm").click().run()
    assert jobs.find(work.checking(case.id)).wait(60)
    test.run()
    assert not test.error
    assert decisions.store().get(case.id).state == "checked"
    assert "EPSG:5899" in str(dossier.open_dossier(case.id).reading["system"])


def test_lists_are_filtered_without_marks_and_walked_through(placed):
    held = dossier.check(placed)
    test = review(placed, lang="vi")
    whole = text(test).count('data-choose="finding:')
    assert whole == len(held.findings)
    test.text_input(key=f"w-words-{placed}").set_value("dien tich").run()
    assert 0 < text(test).count('data-choose="finding:') < whole
    test.text_input(key=f"w-words-{placed}").set_value("không có gì như vậy").run()
    assert "Không có gì khớp" in text(test)
    test.text_input(key=f"w-words-{placed}").set_value("").run()
    test.button(key="w-step-N").click().run()
    assert test.query_params["pick"] == "finding:0"
    test.button(key="w-step-N").click().run()
    test.button(key="w-step-P").click().run()
    assert test.query_params["pick"] == "finding:0"


def test_a_decision_needs_a_name_and_a_reason_and_keeps_what_was_typed(placed):
    dossier.check(placed)
    test = review(placed, lang="en", pick="row:4")
    field(test.button_group, "w-verdict").set_value("reject").run()
    test.text_area(key="w-reason").set_value("wrong corner").run()
    test.button(key="w-decide").click().run()
    assert "name" in test.error[0].value
    assert test.text_area(key="w-reason").value == "wrong corner"
    test.text_input(key="w-name").set_value("Trần Thị Lan").run()
    test.text_area(key="w-reason").set_value("  ").run()
    test.button(key="w-decide").click().run()
    assert "reason" in test.error[0].value.lower()
    test.text_area(key="w-reason").set_value("wrong corner").run()
    test.button(key="w-decide").click().run()
    assert test.success
    (entry,) = decisions.store().history(placed)
    assert (entry.plot_id, entry.verdict, entry.reason, entry.verified) == ("7-4", "reject", "wrong corner", False)
    assert test.text_area(key="w-reason").value == ""


def test_all_of_a_list_are_decided_only_when_that_is_chosen(placed):
    dossier.check(placed)
    test = review(placed, lang="en")
    test.text_input(key="w-name").set_value("Lan").run()
    field(test.button_group, "w-verdict").set_value("accept").run()
    assert test.button(key="w-decide").disabled, "no plot is chosen, and the list was not asked for"
    field(test.radio, f"w-scope-{placed}-None").set_value("list").run()
    assert test.button(key="w-decide").disabled, "some of them have errors"
    test.checkbox[0].check().run()
    test.button(key="w-decide").click().run()
    assert not test.error
    assert decisions.store().current(placed)
    options = field(test.radio, f"w-scope-{placed}-None").options
    assert any("decisions replaced" in option for option in options), "what is decided already is said"
    assert all("“Findings”" in option for option in options), "which list is meant"


def test_checks_that_were_not_made_are_told_apart_in_the_list(placed):
    dossier.check(placed)
    listed = text(review(placed, lang="en"))
    assert "QN-SYS-002: The file has no values in: " in listed
    assert "QN-SYS-002: Without the outline of the zone." in listed


def test_another_language_changes_words_and_nothing_else(placed, tmp_path):
    dossier.check(placed)
    before = decisions.store().latest_run(placed)
    test = review(placed, lang="vi", pick="row:4")
    field(test.button_group, f"w-listing-{placed}").set_value("plots").run()
    field(test.selectbox, f"w-order-plots-{placed}").set_value("area").run()
    field(test.button_group, "w-verdict").set_value("return").run()
    test.text_area(key="w-reason").set_value("đo lại").run()
    for lang in ("en", "vi", "en"):
        test.button_group(key="w-lang").set_value(lang).run()
        assert field(test.selectbox, f"w-order-plots-{placed}").value == "area"
        assert field(test.button_group, f"w-listing-{placed}").value == "plots"
        assert field(test.button_group, "w-verdict").value == "return"
        assert test.text_area(key="w-reason").value == "đo lại"
        assert not test.error
    assert jobs.find(work.checking(placed)) is None
    assert decisions.store().latest_run(placed) == before
    parts = shapefile(tmp_path)
    case = dossier.receive([part for part in parts.items() if not part[0].endswith(".prj")], LAN)
    test = review(case.id, lang="en")
    field(test.radio, next(k.key for k in test.radio).rsplit("-", 1)[0]).set_value(1).run()
    test.button_group(key="w-lang").set_value("vi").run()
    assert test.radio[0].value == 1
    assert not test.button(key="w-confirm").disabled


def test_names_of_land_users_and_markup_stay_out(tmp_path):
    path = package(tmp_path / "e.gpkg", parcels=[(1, HOSTILE)], codes=[(1, HOSTILE)])
    case = dossier.receive(path, LAN)
    dossier.place(case.id)
    held = dossier.check(case.id)
    for pick in ("row:2", *(f"finding:{number}" for number in range(len(held.findings)))):
        test = review(case.id, pick=pick)
        assert not test.error
        assert HOSTILE not in text(test)
        assert "Nguyễn Văn A" not in text(test)


def test_a_comparison_is_checked_and_can_be_taken_back(placed, tmp_path):
    dossier.check(placed)
    later = dossier.receive(package(tmp_path / "f.gpkg", count=(3, 3)), LAN)
    dossier.place(later.id)
    dossier.check(later.id)
    test = review(later.id)
    field(test.selectbox, f"w-compare-{later.id}").set_value(placed).run()
    assert jobs.find(work.checking(later.id)).wait(60)
    test.run()
    assert dossier.open_dossier(later.id).earlier == placed
    assert "QN-CHG-003" in text(test)
    field(test.selectbox, f"w-compare-{later.id}").set_value("").run()
    assert jobs.find(work.checking(later.id)).wait(60)
    assert dossier.open_dossier(later.id).earlier is None


@pytest.mark.parametrize("name", ["Phạm Thị Mai", None])
def test_where_sign_in_is_configured_only_its_names_count(placed, monkeypatch, name):
    class User(dict):
        is_logged_in = name is not None

    dossier.check(placed)
    monkeypatch.setattr(person.st, "user", User(name=name, email="mai@example.vn"))
    test = review(placed, lang="en", pick="row:4")
    assert "w-name" not in [field.key for field in test.text_input]
    field(test.button_group, "w-verdict").set_value("accept").run()
    test.button(key="w-decide").click().run()
    entries = decisions.store().history(placed)
    if name is None:
        assert "signed in" in test.error[0].value
        assert entries == []
    else:
        assert [(entry.who, entry.verified) for entry in entries] == [(name, True)]


def test_long_work_tells_its_stage_and_can_be_stopped(placed, monkeypatch):
    monkeypatch.setattr(work, "PATIENCE", 0)
    begun = threading.Event()

    def endless(job):
        while True:
            job.report("QN-GEO-010", 3, 40)
            begun.set()
            time.sleep(0.01)

    job = jobs.start(work.checking(placed), endless)
    assert begun.wait(10)
    test = review(placed, lang="en")
    assert "Plots overlap (3/40)" in test.get("progress")[0].proto.text.replace("\\", "")
    test.button(key="w-stop").click().run()
    assert job.wait(10)
    monkeypatch.setattr(work, "PATIENCE", 30)
    test.run()
    assert "stopped" in test.info[0].value


def test_what_counts_is_what_stood_there_when_the_reviewer_began(placed):
    dossier.check(placed)
    test = review(placed, lang="en", pick="row:4")
    test.text_input(key="w-name").set_value("Bình").run()
    seen = dossier.open_dossier(placed).version
    decisions.store().decide(placed, ["7-4"], "accept", who=LAN, seen=seen)
    field(test.button_group, "w-verdict").set_value("reject").run()  # draws the page anew, with the other's decision
    test.text_area(key="w-reason").set_value("wrong corner").run()
    test.button(key="w-decide").click().run()
    assert "decided" in test.error[0].value
    assert [entry.verdict for entry in decisions.store().history(placed)] == ["accept"]
    assert test.text_area(key="w-reason").value == "wrong corner"
    test.button(key="w-decide").click().run()
    assert [entry.verdict for entry in decisions.store().history(placed)] == ["accept", "reject"], "now it was seen"


def test_what_is_damaged_can_be_read_again(placed, reviews):
    dossier.check(placed)
    (reviews / placed / "plots.parquet").write_bytes(b"PAR1")
    test = review(placed, lang="en")
    assert test.error
    assert test.button(key="w-confirm")


def test_what_was_changed_by_hand_has_to_be_read_again(placed, reviews):
    dossier.check(placed)
    path = reviews / placed / "intake.json"
    path.write_text(path.read_text().replace('"reason_en": "', '"reason_en": "Confirmed by the department. '))
    test = review(placed, lang="en")
    assert "changed since it was checked" in test.warning[0].value
    test.button(key="w-confirm").click().run()
    assert jobs.find(work.checking(placed)).wait(30)
    test = review(placed, lang="en")
    assert not test.warning
    assert "department" not in dossier.open_checked(placed).reading["system"]["reason_en"]


def test_what_was_cut_off_is_told_as_changed(placed, reviews):
    dossier.check(placed)
    path = reviews / placed / "intake.json"
    path.write_text(path.read_text()[:200])
    test = review(placed, lang="en")
    assert "damaged or were changed" in test.error[0].value
    assert test.button(key="w-confirm")


def test_a_second_click_before_the_first_is_answered_decides_nothing(placed):
    held = dossier.check(placed)
    deciding._decide(f"decide:{placed}:7-4", held.id, ["7-4"], "en")  # the first has taken what was seen
    assert decisions.store().history(placed) == []


def test_a_large_file_is_made_with_a_bar_and_then_saved(placed, monkeypatch):
    held, go = dossier.check(placed), threading.Event()
    monkeypatch.setattr(going_out, "QUICK", 3)

    def slow(_dossier, fmt, _lang, progress):
        progress("filling", 0.25, 1)
        assert go.wait(30)
        return fmt.encode()

    monkeypatch.setattr(report, "returned", slow)
    review(placed, lang="en").button(key="w-make-dxf-en").click().run()
    key = f"out:{placed}:0:{held.findings_hash}:en:dxf"
    while not jobs.find(key).done:
        time.sleep(0.01)
    test = review(placed, lang="en")
    assert "Gathering plots and findings" in test.get("progress")[0].proto.text
    assert test.get("progress")[0].proto.value == 25
    assert test.button(key="w-make-xlsx-en").disabled, "one at a time"
    go.set()
    assert jobs.find(key).wait(30)
    test = review(placed, lang="en")
    (saved,) = [button for button in test.get("download_button") if button.proto.label.startswith("Save")]
    assert "DXF" in saved.proto.label
    jobs.forget(key)
