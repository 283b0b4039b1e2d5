"""Whatever is done to the ledger from outside is found, and the first broken entry is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qn_geo import i18n
from qn_geo.decisions.audit import Verdict, _first_fault
from qn_geo.decisions.ledger import COLUMNS, digest, genesis, sealed
from qn_geo.decisions.models import head, ledger, submissions
from qn_geo.decisions.seal import Seal
from tests.databases import CASE, decide, drop_triggers, run_sql, submit

pytest_plugins = "tests.database_fixtures"

OTHER = "20260302-080000-def456"
LENGTH = 6


@pytest.fixture
def filled(store):
    """A ledger of six entries whose database does not defend itself any more."""
    submit(store, OTHER)
    decide(store, "1")
    decide(store, "2", "3", "4")
    decide(store, "1", verdict="accept")
    decide(store, "2", verdict="reject")
    assert store.verify() == Verdict(ok=True, entries=LENGTH, head=store.history(CASE)[-1].hash)
    drop_triggers(store)
    return store


def rows_of(store):
    return [entry.as_row() for entry in store.history(CASE)]


def rewrite(store, rows, newest=None):
    """Replace the whole ledger, and its head by `newest` or by what fits."""
    newest = newest or (rows[-1] if rows else None)
    with store.database.engine.begin() as connection:
        connection.execute(ledger.delete())
        if rows:
            connection.execute(ledger.insert(), rows)
        if newest:
            connection.execute(head.update().values(seq=newest["seq"], hash=newest["hash"]))


def chain_anew(rows, start):
    """Give every row from `start` the hashes that fit, as an attacker would who knows how they are made."""
    for before, row in zip([None, *rows], rows, strict=False):
        if row["seq"] >= start:
            if before:
                row["previous_hash"] = before["hash"]
            row["hash"] = digest(row)
    return rows


def seal_of(store):
    with store.database.reading() as connection:
        return Seal(store.database.folder, connection.execute(head.select()).mappings().one()["ledger_id"])


def assert_broken(store, first, what):
    verdict = store.verify()
    assert (verdict.ok, verdict.first_broken, verdict.what) == (False, first, what)
    vi, en = verdict.message("vi"), verdict.message("en")
    assert "khôi phục từ bản sao lưu" in vi
    assert "restore a backup" in en
    if first:
        assert f"{first}" in vi
        assert f"ntry {first}" in en


def test_an_edited_field_is_found(filled):
    rows = rows_of(filled)
    for name in COLUMNS[1:]:
        new = {"verified": False, "submission_id": OTHER}.get(name, "changed")
        with filled.database.engine.begin() as connection:
            connection.execute(ledger.update().where(ledger.c.seq == 3).values({name: new}))
        assert_broken(filled, 3, "edited")
        rewrite(filled, rows)


def test_a_deleted_entry_is_found(filled):
    rows = rows_of(filled)
    for seq in range(1, LENGTH + 1):
        rewrite(filled, [row for row in rows if row["seq"] != seq], rows[-1])
        assert_broken(filled, seq, "missing")


def test_deleting_the_newest_is_found_though_the_head_was_turned_back(filled):
    with filled.database.reading() as connection:
        ledger_id = connection.execute(head.select()).mappings().one()["ledger_id"]
    for left in reversed(range(LENGTH)):
        rows = rows_of(filled)[:left]
        rewrite(filled, rows, rows[-1] if rows else {"seq": 0, "hash": genesis(ledger_id)})
        assert_broken(filled, left + 1, "missing")


@pytest.mark.parametrize("own_hash", [False, True])
def test_entries_in_another_order_are_found(filled, own_hash):
    original = rows_of(filled)
    for one, other in [(1, 2), (2, 5), (5, 6), (1, 6)]:
        rows = [dict(row) for row in original]
        rows[one - 1]["seq"], rows[other - 1]["seq"] = other, one
        if own_hash:
            rows = [{**row, "hash": digest(row)} for row in rows]
        rewrite(filled, sorted(rows, key=lambda row: row["seq"]))
        assert_broken(filled, one, "replaced" if own_hash else "edited")


def with_one(rows, seq, **changes):
    """The same rows, one of them rewritten with a hash of its own that fits it."""
    changed = [{**row, **changes} if row["seq"] == seq else dict(row) for row in rows]
    changed[seq - 1]["hash"] = digest(changed[seq - 1])
    return changed


@pytest.mark.parametrize("chained", [False, True])
def test_an_entry_rewritten_with_its_hashes_is_found_by_the_seal(filled, chained):
    original = rows_of(filled)
    for seq in range(1, LENGTH + 1):
        rows = with_one(original, seq, note="đã sửa", who="Kẻ khác")
        rewrite(filled, chain_anew(rows, seq) if chained else rows)
        assert_broken(filled, seq, "replaced")


@pytest.mark.parametrize("changes", [{"note": "đã sửa"}, {"previous_hash": "0" * 64}])
def test_a_rewritten_entry_is_named_by_its_neighbours_where_the_seal_knows_nothing(filled, changes):
    seal_of(filled).write({})
    original = rows_of(filled)
    for seq in range(1, LENGTH + 1):
        rewrite(filled, with_one(original, seq, **changes), original[-1])
        assert_broken(filled, seq, "replaced")


def test_an_added_entry_is_found(filled):
    rows = rows_of(filled)
    for seq, first in [(LENGTH + 1, LENGTH + 1), (0, 0), (-3, -3), (LENGTH + 5, LENGTH + 1)]:
        fields = {**rows[-1], "seq": seq, "previous_hash": rows[-1]["hash"]}
        rewrite(filled, [*rows, {**fields, "hash": digest(fields)}], rows[-1])
        assert_broken(filled, first, "missing" if seq > LENGTH + 1 else "foreign")


def test_an_added_entry_with_its_head_is_at_least_unsealed(filled):
    rows = rows_of(filled)
    fields = {**rows[-1], "seq": LENGTH + 1, "previous_hash": rows[-1]["hash"]}
    rewrite(filled, [*rows, {**fields, "hash": digest(fields)}])
    verdict = filled.verify()
    assert verdict.unsealed == (LENGTH + 1,)
    assert "the first is 7" in verdict.message("en")
    assert "đầu tiên là 7" in verdict.message("vi")


def test_the_next_decision_does_not_cover_a_loss(filled):
    rewrite(filled, rows_of(filled)[:-1])
    decide(filled, "9")
    decide(filled, "10")
    assert_broken(filled, LENGTH, "replaced")


def test_another_hash_of_the_submission_is_found(filled):
    with filled.database.engine.begin() as connection:
        connection.execute(submissions.update().where(submissions.c.id == CASE).values(sha256="0" * 64))
    assert_broken(filled, 1, "submission")


def test_a_head_that_does_not_fit_is_found(filled):
    run_sql(filled, "UPDATE ledger_head SET hash = 'x'")
    assert_broken(filled, LENGTH, "replaced")
    run_sql(filled, "DELETE FROM ledger_head")
    assert_broken(filled, None, "head")


def test_another_ledger_id_is_found(filled):
    seal = seal_of(filled)
    run_sql(filled, "UPDATE ledger_head SET ledger_id = 'x'")
    seal.path.rename(seal_of(filled).path)
    assert_broken(filled, 1, "replaced")


def test_an_empty_ledger_with_a_foreign_head_is_found(store):
    run_sql(store, "UPDATE ledger_head SET hash = 'x'")
    assert_broken(store, None, "head")


def test_a_lost_or_damaged_seal_is_told(filled):
    seal = seal_of(filled)
    content = seal.path.read_bytes()
    seal.path.write_bytes(b"?\n" + content)
    assert_broken(filled, None, "seal")
    seal.path.unlink()
    assert_broken(filled, None, "seal")
    decide(filled, "9")
    assert_broken(filled, None, "seal")
    seal.path.write_bytes(content)
    assert filled.verify().unsealed == (LENGTH + 1,)


def test_the_audit_looks_while_others_write(filled, open_store):
    """An entry that is added between the look at the seal and the look at the ledger is no fault."""
    other = open_store()
    seal = seal_of(filled)
    read = Seal.read

    def slow(self):
        found = read(self)
        decide(other, "7")
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Seal, "read", slow)
        assert filled.verify().ok
    assert seal.read().keys() == set(range(1, LENGTH + 2))


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "value", ["x'00ff'", "CAST(x'ff' AS TEXT)", "7", "1.5", "char(0)", "NULL", "note || x'e2808b'"]
)
def test_values_of_another_kind_are_found(filled, value, tmp_path):
    with filled.database.engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA writable_schema = ON")
        connection.exec_driver_sql(
            "UPDATE sqlite_master SET sql = replace(sql, 'note TEXT NOT NULL', 'note TEXT') WHERE name = 'ledger'"
        )
    filled.close()
    run_sql(filled, f"UPDATE ledger SET note = {value} WHERE seq = 3")  # noqa: S608 - values of this test
    assert_broken(filled, 3, "edited")
    assert filled.backup(tmp_path).is_file()  # evidence can be kept


# --- any change at all, to the chain alone ---

LEDGER_ID = "1" * 32


def chain(length):
    rows, before = [], genesis(LEDGER_ID)
    for seq in range(1, length + 1):
        fields = dict.fromkeys(COLUMNS[:-1], f"{seq}") | {"seq": seq, "verified": True, "previous_hash": before}
        rows.append(sealed(**fields).as_row())
        before = rows[-1]["hash"]
    return rows


def held_by(rows):
    return {"ledger_id": LEDGER_ID, "seq": len(rows), "hash": rows[-1]["hash"]}


@st.composite
def tampered(draw):
    """A chain, and the same chain after some mischief."""
    original = chain(draw(st.integers(1, 8)))
    rows = [dict(row) for row in original]
    for _ in range(draw(st.integers(1, 3))):
        if not rows:
            break
        deed, where = draw(st.sampled_from(["edit", "delete", "swap", "cut"])), draw(st.integers(0, len(rows) - 1))
        if deed == "edit":
            rows[where][draw(st.sampled_from(["who", "note", "previous_hash"]))] = draw(st.text(max_size=3))
        elif deed == "delete":
            del rows[where]
        elif deed == "cut":
            del rows[where:]
        else:
            other = draw(st.integers(0, len(rows) - 1))
            rows[where]["seq"], rows[other]["seq"] = rows[other]["seq"], rows[where]["seq"]
            rows[where], rows[other] = rows[other], rows[where]
    if draw(st.booleans()):  # renumber the gaps away
        for seq, row in enumerate(rows, start=1):
            row["seq"] = seq
    forged = draw(st.sampled_from(["nothing", "own hash", "chain"]))
    if forged == "own hash":
        rows = [{**row, "hash": digest(row)} for row in rows]
    elif forged == "chain":
        rows = chain_anew(rows, 1)
    return original, rows


@given(tampered(), st.booleans())
def test_the_first_change_is_always_named(case, head_fits):
    original, rows = case
    held = held_by(rows) if head_fits and rows else held_by(original)
    fault = _first_fault(rows, held, {row["seq"]: row["hash"] for row in original})
    before = {row["seq"]: row for row in original}
    after = {row["seq"]: row for row in rows}
    changed = [seq for seq in sorted(before.keys() | after.keys()) if before.get(seq) != after.get(seq)]
    if changed:
        assert fault[0] == changed[0]
    elif held == held_by(original):
        assert fault is None


@given(tampered())
def test_without_a_seal_the_head_alone_finds_that_something_changed(case):
    original, rows = case
    fault = _first_fault(rows, held_by(original), {})
    assert (fault is None) == (rows == original)


def test_an_audit_says_when_it_was_made_and_up_to_which_entry(filled):
    verdict = filled.verify()
    when = i18n.moment(verdict.at, "vi")
    assert abs(datetime.now(UTC) - verdict.at) < timedelta(minutes=1)
    assert verdict.message("vi").endswith(f"{LENGTH} · {verdict.head[:12]}. Kiểm tra lúc {when} (UTC+7).")
    assert f"Newest entry: {LENGTH} · {verdict.head[:12]}." in verdict.message("en")
    assert "Newest" not in Verdict(ok=True, entries=0, head=verdict.head).message("en")
    broken = Verdict(ok=False, entries=1, what="seal")
    assert "Examined on" in broken.message("en")
