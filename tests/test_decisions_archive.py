"""Backup and restoration: everything comes back, nothing is lost by accident, and no file can do harm."""

from __future__ import annotations

import errno
import json
import threading
import zipfile

import pytest

from qn_geo.decisions import DatabaseError, NotEmptyError, Store, archive
from qn_geo.decisions.models import IN_ORDER, head
from qn_geo.decisions.seal import Seal
from qn_geo.errors import QnGeoError
from tests.databases import BINH, CASE, decide, drop_triggers, run_sql, submit

pytest_plugins = "tests.database_fixtures"


def content(store):
    """Every row of every table."""
    with store.database.reading() as connection:
        return {table.name: sorted(map(repr, connection.execute(table.select()))) for table in IN_ORDER}


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def filled(store):
    """A store with decisions and the files of a submission."""
    decide(store, "1", "2")
    decide(store, "2", verdict="accept", who=BINH)
    folder = store.database.folder / CASE
    (folder / "received").mkdir(parents=True)
    (folder / "received/lô đất.zip").write_bytes(b"as received")
    (folder / "submission.json").write_text("{}")
    return store


@pytest.fixture
def elsewhere(new_database, tmp_path):
    """Open an empty store in another folder, of either kind."""
    opened = []

    def make(kind):
        opened.append(Store(tmp_path / f"other-{len(opened)}", new_database(kind)))
        return opened[-1]

    yield make
    for one in opened:
        one.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_everything_comes_back_in_either_database(filled, elsewhere, kind, tmp_path):
    path = filled.backup(tmp_path / "kept" / "all.zip")
    other = elsewhere(kind)
    restored = other.restore(path)
    assert (restored.verdict, restored.former, restored.lost) == (filled.verify(), None, 0)
    assert content(other) == content(filled)
    assert other.verify() == filled.verify()
    assert files(other.database.folder / CASE) == files(filled.database.folder / CASE)
    assert other.history(CASE) == filled.history(CASE)
    decide(other, "3")
    submit(other, "20260302-080000-def456")
    assert other.verify().entries == 4
    with pytest.raises(Exception, match="append-only"):
        run_sql(other, "DELETE FROM ledger")


def test_a_folder_is_enough_and_nothing_is_overwritten(filled, tmp_path):
    path = filled.backup(tmp_path)
    assert path.parent == tmp_path
    assert path.name.startswith("qn-geo-2")
    with pytest.raises(QnGeoError, match="choose another name") as caught:
        filled.backup(path)
    assert "đã có" in caught.value.message("vi")


def test_a_full_database_is_replaced_only_when_told_and_then_kept(filled, tmp_path):
    path = filled.backup(tmp_path / "old.zip")
    decide(filled, "3", "4")
    (filled.database.folder / CASE / "submission.json").write_text("newer")
    before = content(filled)
    with pytest.raises(NotEmptyError) as caught:
        filled.restore(path)
    assert "chưa có gì thay đổi" in caught.value.message("vi")
    assert "allow it to be replaced" in caught.value.message("en")
    assert content(filled) == before

    restored = filled.restore(path, replace=True)
    assert (restored.lost, restored.verdict.entries) == (2, 3)
    assert filled.verify().ok
    assert filled.verify().unsealed == ()
    assert (filled.database.folder / CASE / "submission.json").read_text() == "{}"
    kept = files(filled.database.folder / archive.FORMER)
    assert b"newer" in kept.values()
    assert any(name.startswith("ledger-") for name in kept)

    assert filled.restore(restored.former, replace=True).lost == 0
    assert content(filled) == before
    assert (filled.database.folder / CASE / "submission.json").read_text() == "newer"


def test_a_backup_is_one_moment_of_a_ledger_that_goes_on(filled, open_store, elsewhere, tmp_path):
    writer, done, failed = open_store(), threading.Event(), []

    def write():
        try:
            while not done.is_set():
                decide(writer, *[f"{number}" for number in range(20)])
        except QnGeoError as error:
            failed.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        paths = [filled.backup(tmp_path / f"{number}.zip") for number in range(5)]
    finally:
        done.set()
        thread.join()
    assert failed == []
    other = elsewhere("sqlite")
    counts = [other.restore(path, replace=True).verdict.entries for path in paths]
    assert counts == sorted(counts)
    assert {count % 20 for count in counts} == {3}
    assert filled.verify().ok


def test_decisions_during_a_restoration_are_kept_or_made_after_it(filled, open_store, tmp_path):
    path = filled.backup(tmp_path / "old.zip")
    writer, done, told = open_store(), threading.Event(), []

    def write():
        while not done.is_set():
            try:
                told.extend(decide(writer, "5"))
            except QnGeoError as error:
                told.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        former = filled.restore(path, replace=True).former
    finally:
        done.set()
        thread.join()
    assert [one for one in told if isinstance(one, QnGeoError)] == []
    with zipfile.ZipFile(former) as kept:
        lines = kept.read("tables/ledger.jsonl").decode().splitlines()
    there = {json.loads(line)["hash"] for line in lines} | {entry.hash for entry in filled.history(CASE)}
    assert {entry.hash for entry in told} <= there
    assert filled.verify().ok


def test_what_is_being_written_and_what_points_elsewhere_stays_out(filled, tmp_path):
    folder = filled.database.folder / CASE
    (folder / ".plots.parquet.part").write_bytes(b"half")
    (folder / "link").symlink_to(tmp_path)
    (filled.database.folder / "20990101-000000-ffffff").mkdir()
    with zipfile.ZipFile(filled.backup(tmp_path)) as kept:
        names = {name for name in kept.namelist() if name.startswith("files/")}
    assert names == {f"files/{CASE}/received/lô đất.zip", f"files/{CASE}/submission.json"}


def test_a_disk_that_fills_leaves_no_half_backup(filled, tmp_path, monkeypatch):
    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(archive.os, "fsync", full)
    with pytest.raises(DatabaseError, match="No space left") as caught:
        filled.backup(tmp_path / "x.zip")
    assert "dung lượng ổ đĩa" in caught.value.message("vi")
    assert [path.name for path in tmp_path.iterdir()] == ["reviews"]


# --- backups that are none ---


def rewritten(path, target, change):
    """Copy a backup with its members changed."""
    with zipfile.ZipFile(path) as old:
        members = {name: old.read(name) for name in old.namelist()}
    change(members)
    with zipfile.ZipFile(target, "w") as new:
        for name, data in members.items():
            new.writestr(name, data)
    return target


def manifest(**changes):
    def change(members):
        members["backup.json"] = json.dumps(json.loads(members["backup.json"]) | changes).encode()

    return change


def replaced(name, old, new):
    def change(members):
        assert old in members[name]
        members[name] = members[name].replace(old, new)

    return change


CHANGES = {
    "no manifest": lambda members: members.pop("backup.json"),
    "manifest is no JSON": lambda members: members.update({"backup.json": b"{"}),
    "manifest is a list": lambda members: members.update({"backup.json": b"[]"}),
    "no table": lambda members: members.pop("tables/runs.jsonl"),
    "no seal": lambda members: members.pop("seal.json"),
    "seal of another kind": lambda members: members.update({"seal.json": b'["1"]'}),
    "unknown table": manifest(rows={"alembic_nonsense": 1}),
    "fewer rows": lambda members: members.update({"tables/runs.jsonl": b""}),
    "rows are no JSON": lambda members: members.update({"tables/runs.jsonl": b"?\n"}),
    "rows of another kind": lambda members: members.update({"tables/runs.jsonl": b'{"id": 7, "x": 1}\n'}),
    "half a row": lambda members: members.update({"tables/runs.jsonl": b'{"id": 7}\n'}),
    "out of the folder": lambda members: members.update({"files/../../x": b"x"}),
    "absolute": lambda members: members.update({"files//etc/x": b"x"}),
    "a drive": lambda members: members.update({"files/C:/x": b"x"}),
    "a backslash": lambda members: members.update({"files/a/..\\..\\x": b"x"}),
    "no submission": lambda members: members.update({"files/ledger.seal": b"x"}),
    "newer format": manifest(format=2),
    "newer version": manifest(revision="9999"),
    "edited entry": replaced("tables/ledger.jsonl", "Lê Thị Bình".encode(), "Lê Thị Binh".encode()),
    "edited seal": replaced("seal.json", b'"2": "', b'"2": "0'),
    "lost seal": lambda members: members.update({"seal.json": b"null"}),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_backup_that_was_spoiled_changes_nothing(filled, tmp_path, change):
    path = rewritten(filled.backup(tmp_path / "good.zip"), tmp_path / "bad.zip", change)
    decide(filled, "9")
    before, kept = content(filled), files(filled.database.folder / CASE)
    with pytest.raises(QnGeoError) as caught:
        filled.restore(path, replace=True)
    assert caught.value.message("vi") != caught.value.message("en")
    assert content(filled) == before
    assert files(filled.database.folder / CASE) == kept
    assert not [one for one in filled.database.folder.iterdir() if one.name.startswith(".restoring")]
    assert not (tmp_path / "x").exists()
    assert filled.verify().ok
    assert filled.verify().unsealed == ()
    decide(filled, "9")


@pytest.mark.parametrize("spoil", ["empty", "no archive", "cut off"])
def test_a_file_that_is_no_archive(filled, tmp_path, spoil):
    path = filled.backup(tmp_path / "good.zip")
    data = path.read_bytes()
    path.write_bytes({"empty": b"", "no archive": b"what", "cut off": data[:-30]}[spoil])
    with pytest.raises(QnGeoError, match="no backup or is damaged"):
        filled.restore(path, replace=True)
    assert filled.verify().ok


@pytest.mark.parametrize("url", ["sqlite"], indirect=True)
def test_a_backup_with_one_bit_turned_is_refused_or_whole(filled, tmp_path):
    path = filled.backup(tmp_path / "good.zip")
    data, before = path.read_bytes(), content(filled)
    refused = 0
    for place in range(0, len(data), 41):
        path.write_bytes(data[:place] + bytes([data[place] ^ 4]) + data[place + 1 :])
        try:
            filled.restore(path, replace=True)
        except QnGeoError:
            refused += 1
        assert content(filled) == before
    assert refused > 20


def test_a_file_that_is_not_there(filled, tmp_path):
    with pytest.raises(DatabaseError, match="cannot be read"):
        filled.restore(tmp_path / "none.zip")


def test_a_broken_ledger_is_backed_up_and_not_restored(filled, elsewhere, tmp_path):
    """A backup is evidence too; but it does not become the record."""
    drop_triggers(filled)
    run_sql(filled, "UPDATE ledger SET note = 'x' WHERE seq = 2")
    path = filled.backup(tmp_path / "evidence.zip")
    with pytest.raises(QnGeoError, match="Entry 2 was edited") as caught:
        elsewhere("sqlite").restore(path)
    assert "Bản ghi 2 đã bị sửa" in caught.value.message("vi")


def test_a_ledger_whose_head_is_gone_can_still_be_backed_up_and_replaced(filled, tmp_path):
    good = filled.backup(tmp_path / "good.zip")
    run_sql(filled, "DELETE FROM ledger_head")
    assert filled.restore(good, replace=True).verdict.ok
    assert filled.verify().ok


def test_a_restoration_that_dies_before_its_end_leaves_the_old_ledger(filled, tmp_path, monkeypatch):
    path = filled.backup(tmp_path / "old.zip")
    decide(filled, "3")
    before = content(filled)

    def die(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(archive, "_move_in", die)
    with pytest.raises(KeyboardInterrupt):
        filled.restore(path, replace=True)
    assert content(filled) == before
    verdict = filled.verify()
    assert verdict.ok
    assert verdict.unsealed == (4,)


def test_the_backup_of_a_new_store_is_empty_and_whole(elsewhere, tmp_path):
    one, other = elsewhere("sqlite"), elsewhere("sqlite")
    assert other.restore(one.backup(tmp_path)).verdict.entries == 0
    with one.database.reading() as first, other.database.reading() as second:
        assert first.execute(head.select()).one() == second.execute(head.select()).one()
    assert Seal(other.database.folder, content(other)["ledger_head"][0][2:34]).read() == {}
    submit(other)
    decide(other, "1")
    assert other.verify().ok
