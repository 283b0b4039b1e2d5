"""The store: what is filed, decided and read back, in both databases, and what is said when they fail."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from qn_geo import decisions
from qn_geo.decisions import Identity, OutdatedError, Version
from qn_geo.errors import QnGeoError
from qn_geo.settings import settings
from tests.databases import AN, BINH, CASE, decide, run_sql, submit

pytest_plugins = "tests.database_fixtures"

OTHER = "20260302-080000-def456"


def both(error):
    return error.message("vi"), error.message("en")


# --- what is stored ---


def test_a_submission_goes_through_the_queue(store):
    submit(store, OTHER)
    store.set_state(OTHER, "placed")
    assert {case.id: case.state for case in store.queue()} == {CASE: "checked", OTHER: "placed"}
    case = store.get(CASE)
    assert (case.name, case.who, case.verified, case.size) == ("lô đất.zip", "Ủy ban xã", False, 2048)
    assert case.received_at == datetime(2026, 3, 1, 8, tzinfo=UTC)
    assert case.age > timedelta(0)
    decide(store, "1", "2", "3")
    decide(store, "2", verdict="accept")
    assert store.get(CASE).decided == {"return": 2, "accept": 1}
    assert store.get(OTHER).decided == {}


@pytest.mark.parametrize(("verdict", "state"), [("accept", "decided"), ("reject", "decided"), ("return", "returned")])
def test_the_last_plot_ends_a_submission(store, verdict, state):
    submit(store, OTHER, plots=3)
    decide(store, "1", "2", case=OTHER, verdict="accept")
    assert store.get(OTHER).state == "checked"
    decide(store, "3", case=OTHER, verdict=verdict)
    assert store.get(OTHER).state == state
    store.add_run(OTHER, "f" * 64, "rules-2", {"plots": 3})
    assert store.get(OTHER).state == state
    store.add_run(OTHER, "e" * 64, "rules-2", {"plots": 3})
    assert store.get(OTHER).state == "checked"


def test_runs_are_kept_and_the_newest_counts(store):
    when = datetime(2026, 3, 2, tzinfo=UTC)
    run = store.add_run(CASE, "e" * 64, "rules-2", {"plots": 4, "error": 1}, when)
    assert store.latest_run(CASE) == run
    assert (run.id, run.when, run.counts) == (2, when, {"plots": 4, "error": 1})
    assert store.get(CASE).counts == {"plots": 4, "error": 1}
    assert store.latest_run(OTHER) is None


def test_an_entry_carries_its_evidence(store):
    (entry,) = decide(store, "12-5", reason=" Chồng lấn thửa 6 ", note="đã gọi điện", who=BINH)
    assert (entry.seq, entry.plot_id, entry.verdict, entry.reason) == (1, "12-5", "return", "Chồng lấn thửa 6")
    assert (entry.submission_hash, entry.findings_hash, entry.rules_version) == ("5" * 64, "f" * 64, "rules-1")
    assert (entry.who, entry.verified) == ("Lê Thị Bình", False)
    moment = datetime.fromisoformat(entry.when_utc)
    assert abs(datetime.now(UTC) - moment) < timedelta(minutes=1)
    assert moment == entry.when
    assert entry.when.utcoffset() == timedelta(hours=7)
    assert store.history(CASE) == [entry]


def test_history_and_the_present(store):
    decide(store, "1", "2")
    decide(store, "2", verdict="accept", reason="")
    assert [(entry.seq, entry.plot_id) for entry in store.history(CASE)] == [(1, "1"), (2, "2"), (3, "2")]
    assert [entry.verdict for entry in store.history(CASE, "2")] == ["return", "accept"]
    assert {plot: entry.verdict for plot, entry in store.current(CASE).items()} == {"1": "return", "2": "accept"}
    assert store.history(OTHER) == []


def test_exports_say_who_is_unverified(store):
    decide(store, "1", who=AN)
    decide(store, "2", who=BINH)
    rows = store.export_rows(CASE)
    assert [(row["who"], row["identity"]) for row in rows] == [
        ("Trần Văn An", "verified"),
        ("Lê Thị Bình", "unverified"),
    ]
    assert "verified" not in rows[0]
    assert all(len(row["hash"]) == 64 for row in rows)


def test_a_set_of_plots_is_decided_once_each(store):
    assert [entry.plot_id for entry in decide(store, "b", "a", "b")] == ["b", "a"]


# --- what is refused ---


@pytest.mark.parametrize("verdict", ["return", "reject"])
@pytest.mark.parametrize("reason", ["", " \n\t\x00"])
def test_a_refusal_needs_its_reason(store, verdict, reason):
    with pytest.raises(QnGeoError) as caught:
        decide(store, "1", verdict=verdict, reason=reason)
    assert "phải có lý do" in both(caught.value)[0]
    assert "needs a reason" in both(caught.value)[1]
    assert store.history(CASE) == []


@pytest.mark.parametrize("plots", [[], [""], ["a\x00"], ["\ud800"]])
def test_plots_that_cannot_be_decided(store, plots):
    with pytest.raises(QnGeoError, match="Remedy"):
        decide(store, *plots)


def test_unknown_words_are_mistakes_of_the_caller(store):
    with pytest.raises(ValueError, match="maybe"):
        decide(store, "1", verdict="maybe")
    with pytest.raises(ValueError, match="lost"):
        store.set_state(CASE, "lost")
    with pytest.raises(ValueError, match=r"\.\./x"):
        submit(store, "../x")


def test_what_is_not_there(store):
    for ask in (store.get, lambda case: store.set_state(case, "placed"), lambda case: decide(store, "1", case=case)):
        with pytest.raises(QnGeoError, match="There is no submission"):
            ask(OTHER)
    with pytest.raises(QnGeoError, match="There is no submission"):
        store.add_run(OTHER, "f" * 64, "r", {})
    with pytest.raises(QnGeoError, match="in the queue already"):
        submit(store)


def test_no_decision_without_checks(store):
    when = datetime(2026, 3, 1, tzinfo=UTC)
    store.add(OTHER, "x", "6" * 64, 1, "An", verified=False, received_at=when)
    with pytest.raises(QnGeoError, match="run the checks first"):
        decide(store, "1", case=OTHER)


def test_an_outdated_decision_is_refused_with_both_versions(store):
    decide(store, "1", "2", who=AN, reason="cũ")
    seen = store.version(CASE)
    decide(store, "2", "9", who=BINH, verdict="accept", reason="")
    with pytest.raises(OutdatedError) as caught:
        store.decide(CASE, ["1", "2", "3"], "reject", reason="mới", who=AN, seen=seen)
    error = caught.value
    assert {plot: entry.verdict for plot, entry in error.before.items()} == {"2": "return"}
    assert {plot: (entry.verdict, entry.who) for plot, entry in error.after.items()} == {"2": ("accept", BINH.name)}
    assert (error.seen, error.now) == (seen, store.version(CASE))
    assert "Lê Thị Bình đã quyết định 1 lô" in both(error)[0]
    assert "what you typed is kept" in both(error)[1]
    assert len(store.history(CASE)) == 4
    # On the other plots nothing happened meanwhile.
    assert len(store.decide(CASE, ["1", "3"], "reject", reason="mới", who=AN, seen=seen)) == 2


def test_the_first_decision_of_others_is_seen_too(store):
    seen = store.version(CASE)
    assert seen == Version(0, "f" * 64)
    decide(store, "1", who=BINH)
    with pytest.raises(OutdatedError) as caught:
        store.decide(CASE, ["1"], "accept", who=AN, seen=seen)
    assert caught.value.before == {"1": None}


def test_findings_that_changed_make_a_view_outdated(store):
    seen = store.version(CASE)
    store.add_run(CASE, "f" * 64, "rules-1", {})
    store.decide(CASE, ["1"], "accept", who=AN, seen=seen)
    store.add_run(CASE, "e" * 64, "rules-2", {})
    with pytest.raises(OutdatedError, match="The checks ran again") as caught:
        store.decide(CASE, ["2"], "accept", who=AN, seen=seen)
    assert caught.value.after == {}


# --- the database itself ---


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger SET note = 'x'",
        "UPDATE ledger SET note = 'x' WHERE seq = 1",
        "DELETE FROM ledger",
        "TRUNCATE ledger",
        "INSERT OR REPLACE INTO ledger SELECT * FROM ledger",
    ],
)
def test_the_database_refuses_to_change_the_ledger(store, statement):
    decide(store, "1", "2")
    with pytest.raises(Exception, match=r"append-only|syntax error"):  # TRUNCATE and OR REPLACE are one database's each
        run_sql(store, statement)
    assert store.verify().ok
    assert len(store.history(CASE)) == 2


# --- what the settings name ---


def test_one_store_for_the_process(tmp_path, monkeypatch):
    monkeypatch.setenv("QN_GEO_REVIEW_DIR", str(tmp_path))
    settings.cache_clear()
    try:
        one = decisions.store()
        assert decisions.store() is one
        submit(one)
        one.close()
        assert one.get(CASE).id == CASE  # opens again
        one.close()
    finally:
        settings.cache_clear()
    assert (tmp_path / "review.sqlite").is_file()


def test_an_identity_is_checked_before_anything_is_written(store):
    with pytest.raises(QnGeoError):
        decide(store, "1", who=Identity("\n", verified=False))
    with pytest.raises(QnGeoError):
        store.add(OTHER, "x", "6" * 64, 1, " ", verified=False, received_at=datetime.now(UTC))
    assert len(store.queue()) == 1
