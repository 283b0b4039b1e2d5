"""What the store may be, and what happens when it or its disk is not as it should be."""

from __future__ import annotations

import errno
import json
import shutil
from collections import namedtuple

import pytest
from filelock import FileLock

from qn_geo import importing
from qn_geo.errors import QnGeoError
from qn_geo.importing import applying, durable, entries, journal, store
from qn_geo.settings import settings

FULL = OSError(errno.ENOSPC, "No space left on device")
Usage = namedtuple("Usage", "total used free")  # noqa: PYI024 - as shutil has it


def fail(error):
    def run(*_args, **_options):
        raise error

    return run


def content(folder):
    paths = (path for path in folder.rglob("*") if path.is_file() and ".history" not in path.parts)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def store_at(data_copy, monkeypatch):
    """Set another store."""
    assert data_copy.is_dir()

    def choose(folder):
        monkeypatch.setenv("QN_GEO_STORE_DIR", str(folder))
        settings.cache_clear()
        return folder

    return choose


@pytest.fixture
def change(data_copy):
    """Change two small files."""
    (data_copy / "a.txt").write_bytes(b"old")

    def record(verify=None):
        with journal.locked() as folder:
            contents = {"a.txt": b"new", "b.txt": b"new"}
            return journal.record(folder, journal.Deed("import", "x.csv", "An"), contents, verify)

    return record


@pytest.fixture
def unfinished(change, monkeypatch):
    """A change whose process was killed when all files had moved."""
    with monkeypatch.context() as patched:
        patched.setattr(journal, "_undo", lambda *_: None)
        with pytest.raises(KeyboardInterrupt):
            change(fail(KeyboardInterrupt))
    (folder,) = [path for path in settings().store_dir.iterdir() if store.is_entry(path)]
    return folder


def test_a_folder_of_somebody_else_is_left_alone(store_at, tmp_path):
    home = store_at(tmp_path / "home")
    (home / "letters").mkdir(parents=True)
    (home / "letters/one.txt").write_text("dear")
    (home / "staging-area").mkdir()
    before = content(home)
    assert "not ours" in importing.recover()[0].message("en")
    with pytest.raises(QnGeoError, match="not ours"), journal.locked():
        pass
    assert content(home) == before
    assert (home / "staging-area").is_dir()


def test_only_our_own_leftovers_are_removed(store_at, tmp_path):
    home = store_at(tmp_path / "store")
    with journal.locked():
        pass
    ours, foreign = ["staging-0a1b2c3d", "20261123-080000-000000-ab12"], ["staging-", "staging-old", "2026", "letters"]
    for name in [*ours, *foreign]:
        (home / name).mkdir()
    assert importing.recover() == []
    assert {path.name for path in home.iterdir()} == {*foreign, "lock", store.MARKER}


def test_a_store_from_before_the_marker_is_taken_over(store_at, tmp_path):
    home = store_at(tmp_path / "store")
    (home / "staging-0a1b2c3d").mkdir(parents=True)
    (home / "lock").touch()
    assert importing.recover() == []
    assert (home / store.MARKER).is_file()


@pytest.mark.parametrize("where", ["data", ".", "data/zones", "data/new"])
def test_the_store_may_not_be_where_the_data_are(store_at, tmp_path, where):
    store_at((tmp_path / where).resolve())
    before = content(tmp_path)
    with pytest.raises(QnGeoError, match=r"data folder|among the data"), journal.locked():
        pass
    assert content(tmp_path) == before


def test_a_full_disk_while_moving_brings_the_old_state_back(change, data_copy, monkeypatch):
    before, move, write = content(data_copy), durable.move, durable.write

    def move_until_full(source, target):
        if source.parent.name == "new" and target.name == "b.txt":
            monkeypatch.setattr(durable, "write", fail(FULL))  # from now on nothing can be written at all
            raise FULL
        move(source, target)

    monkeypatch.setattr(durable, "move", move_until_full)
    with pytest.raises(OSError, match="No space left"):
        change()
    monkeypatch.setattr(durable, "write", write)
    assert content(data_copy) == before
    assert importing.history() == []


def test_a_disk_without_room_is_refused_before_anything_moves(change, data_copy, monkeypatch):
    before = content(data_copy)
    monkeypatch.setattr(store.shutil, "disk_usage", lambda _: Usage(10, 9, 1))
    with pytest.raises(QnGeoError, match="too little room"):
        change()
    assert content(data_copy) == before


def test_writing_leaves_nothing_behind_on_a_full_disk(tmp_path, monkeypatch):
    monkeypatch.setattr(durable.os, "fsync", fail(FULL))
    with pytest.raises(OSError, match="No space"):
        durable.write(tmp_path / "a.txt", b"x")
    assert list(tmp_path.iterdir()) == []


def test_files_move_between_disks(tmp_path, monkeypatch):
    (tmp_path / "a").write_bytes(b"x")
    replace = type(tmp_path).replace

    def other_disk(path, target):
        if path.name == "a":
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace(path, target)

    monkeypatch.setattr(type(tmp_path), "replace", other_disk)
    durable.move(tmp_path / "a", tmp_path / "sub/b")
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()] == ["sub/b"]


def test_what_cannot_be_undone_is_told_and_undone_later(unfinished, data_copy, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(durable, "move", fail(FULL))
        (problem,) = importing.recover()
    assert (problem.file, "could not be undone" in problem.en) == (str(unfinished), True)
    assert importing.recover() == []
    assert (data_copy / "a.txt").read_bytes() == b"old"
    assert not (data_copy / "b.txt").exists()


def test_a_lost_former_file_is_told(unfinished):
    shutil.rmtree(unfinished / "old")
    (problem,) = importing.recover()
    assert "has lost the former a.txt" in problem.message("en")


def test_restoring_needs_the_former_files(change, data_copy):
    entry = change()
    before = content(data_copy)
    (settings().store_dir / entry.id / "old/a.txt").unlink()
    with pytest.raises(QnGeoError, match=r"has lost the former a\.txt"):
        importing.restore(entry.id)
    assert content(data_copy) == before


def test_a_store_that_cannot_be_written_stops_no_reading(change, monkeypatch):
    change()
    monkeypatch.setattr(FileLock, "acquire", fail(PermissionError(errno.EACCES, "Permission denied")))
    assert importing.recover() == []
    assert len(importing.history()) == 1


def test_an_unfinished_change_in_a_store_that_cannot_be_written_is_told(unfinished, monkeypatch):
    monkeypatch.setattr(FileLock, "acquire", fail(PermissionError(errno.EACCES, "Permission denied")))
    (problem,) = importing.recover()
    assert problem.file == str(unfinished)


@pytest.mark.parametrize("spoil", ["text", "list", "other", "outside"])
def test_a_damaged_entry_is_passed_over_and_told(change, data_copy, spoil):
    first, second = change(), change()
    path = settings().store_dir / second.id / entries.ENTRY
    held = json.loads(path.read_text(encoding="utf-8"))
    outside = json.dumps({**held, "state": "moving", "files": {"../a.txt": [None, None]}})
    texts = {"text": "{", "list": "[]", "other": json.dumps({**held, "id": "x"}), "outside": outside}
    path.write_text(texts[spoil], encoding="utf-8")
    (problem,) = importing.recover()
    assert problem.file == str(path.parent)
    assert importing.damaged_history() == [problem]
    assert importing.history() == [first]
    before = content(data_copy)
    with pytest.raises(QnGeoError, match=second.id):
        importing.restore(first.id)
    assert content(data_copy) == before


def test_a_build_is_put_in_place_when_all_is_made(data_copy, monkeypatch):
    before = content(data_copy)

    def half(folder, only=None):
        (folder / "zones/zones.geojson").write_text(f"half {only}")
        raise QnGeoError("hỏng", "broken")

    monkeypatch.setattr(applying.build, "build_all", half)
    with pytest.raises(QnGeoError, match="broken"):
        importing.rebuild()
    assert content(data_copy) == before


def test_a_build_waits_for_an_import(data_copy, monkeypatch):
    (data_copy / ".history").mkdir()
    monkeypatch.setattr(journal, "PATIENCE_SECONDS", 0)
    with FileLock(data_copy / ".history/lock"), pytest.raises(journal.BusyError):
        importing.rebuild(["transport"])


def test_a_build_makes_what_it_is_asked_for(data_copy):
    before = content(data_copy)
    path = data_copy / "zones/transport.geojson"
    path.unlink()
    written = importing.rebuild(["transport"])
    assert written == ["zones/transport.geojson", "zones/transport.geojson.record.json"]
    assert content(data_copy) == before


def test_a_build_cut_short_between_two_files_is_undone_by_the_next_command(data_copy, monkeypatch):
    for name in ("transport", "logistics"):
        (data_copy / f"zones/{name}.geojson").write_text("old", encoding="utf-8")
    before, move = content(data_copy), durable.move

    def killed(source, target):
        if target.name == "logistics.geojson":
            raise KeyboardInterrupt
        move(source, target)

    with monkeypatch.context() as patched:
        patched.setattr(durable, "move", killed)
        patched.setattr(journal, "_undo", lambda *_: None)  # a killed process tidies nothing up
        with pytest.raises(KeyboardInterrupt):
            importing.rebuild(["logistics", "transport"])
    assert content(data_copy) != before
    assert importing.recover() == []
    assert content(data_copy) == before


def test_a_build_leaves_no_entry(data_copy):
    (data_copy / "zones/transport.geojson").unlink()
    importing.rebuild(["transport"])
    assert {path.name for path in settings().store_dir.iterdir()} == {store.LOCK, store.MARKER}
    assert importing.history() == []
