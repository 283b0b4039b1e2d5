from __future__ import annotations

import json
from dataclasses import replace

import geopandas as gpd
import pytest
from filelock import FileLock
from shapely.geometry import box, shape

from qn_geo import catalog, importing
from qn_geo.errors import ImportRejectedError, QnGeoError
from qn_geo.importing import applying, durable, journal, store
from qn_geo.settings import settings

SOURCE = "Quyết định 1/QĐ-BQL"
PROJECTS = "zones/projects.csv"


class KilledError(BaseException):
    """Stands for the power going off."""


def snapshot(data_dir):
    """Every data file's bytes; the history is not part of the data."""
    paths = (path for path in data_dir.rglob("*") if path.is_file() and ".history" not in path.parts)
    return {path.relative_to(data_dir).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def offered(data_copy, tmp_path):
    """A CSV with one new project."""
    assert data_copy == settings().data_dir
    path = tmp_path / "projects.csv"
    path.write_text("name_vi,zone_id,year\nNhà máy thử,kcn-song-khoai,2026\n", encoding="utf-8")
    return path


@pytest.fixture
def imported(offered):
    return importing.apply(importing.prepare(offered, source_title=SOURCE, who="An"))


def test_preparing_writes_nothing(offered, data_copy):
    before = snapshot(data_copy)
    assert importing.prepare(offered, source_title=SOURCE).changes
    assert snapshot(data_copy) == before
    assert not settings().store_dir.exists()


def test_an_import_leaves_data_that_pass_the_check(data_copy, offered):
    before, known = snapshot(data_copy), set(catalog.check())
    importing.apply(importing.prepare(offered, source_title=SOURCE, who="An"))
    after = snapshot(data_copy)
    changed = {path for path in after if after[path] != before.get(path)}
    assert changed == {PROJECTS, f"{PROJECTS}.record.json", "zones/sources.csv", "zones/sources.csv.record.json"}
    assert set(catalog.check()) <= known
    added = set(after[PROJECTS].decode().splitlines()) - set(before[PROJECTS].decode().splitlines())
    assert len(added) == 1
    assert set(before[PROJECTS].splitlines()) <= set(after[PROJECTS].splitlines())
    record = json.loads(after[f"{PROJECTS}.record.json"])
    assert record["rows"] == len(after[PROJECTS].decode().splitlines()) - 1
    assert "own-quyet-dinh-1-qd-bql" in record["sources"]


def test_a_source_title_that_no_cell_may_hold_is_refused(offered):
    with pytest.raises(QnGeoError, match="--source: the cell holds a formula"):
        importing.prepare(offered, source_title="=1+1")


def test_importing_twice_changes_nothing_more(imported, offered, data_copy):
    assert imported.state == "done"
    before = snapshot(data_copy)
    plan = importing.prepare(offered, source_title=SOURCE)
    assert (plan.changes, plan.counts()) == ([], {"projects": (0, 0, 1)})
    assert snapshot(data_copy) == before


def test_history_tells_who_what_and_when(imported):
    (entry,) = importing.history()
    assert entry == imported
    assert (entry.who, entry.action, entry.subject) == ("An", "import", "projects.csv")
    assert entry.when.startswith("20")
    assert (settings().store_dir / entry.id / "offered/projects.csv").is_file()


def test_restoring_brings_back_every_byte_and_can_be_undone(offered, data_copy):
    before = snapshot(data_copy)
    entry = importing.apply(importing.prepare(offered, source_title=SOURCE))
    after = snapshot(data_copy)
    undone = importing.restore(entry.id, who="Bình")
    assert snapshot(data_copy) == before
    importing.restore(undone.id)
    assert snapshot(data_copy) == after
    assert [item.action for item in importing.history()] == ["restore", "restore", "import"]


def test_restoring_undoes_what_came_later_too(imported, data_copy, tmp_path):
    later = tmp_path / "more.csv"
    later.write_text("project_id,name_vi,zone_id\nprj-later,Nhà máy B,kcn-song-khoai\n", encoding="utf-8")
    importing.apply(importing.prepare(later, source_title=SOURCE))
    assert b"prj-later" in (data_copy / PROJECTS).read_bytes()
    importing.restore(imported.id)
    assert b"prj-later" not in (data_copy / PROJECTS).read_bytes()
    assert b"prj-nha-may-thu" not in (data_copy / PROJECTS).read_bytes()


def test_a_file_edited_by_hand_is_not_overwritten(imported, data_copy):
    path = data_copy / PROJECTS
    path.write_bytes(path.read_bytes() + b"\n")
    before = snapshot(data_copy)
    with pytest.raises(QnGeoError, match=r"changed by other means.*projects\.csv"):
        importing.restore(imported.id)
    assert snapshot(data_copy) == before


def test_an_unknown_entry_is_told(offered):
    assert offered.exists()
    with pytest.raises(QnGeoError, match="no “nothing” in the history"):
        importing.restore("nothing")


def test_a_plan_is_refused_when_data_or_file_changed_since(offered, data_copy):
    plan = importing.prepare(offered, source_title=SOURCE)
    offered.write_text(offered.read_text(encoding="utf-8") + "Khác,kcn-song-khoai,2026\n", encoding="utf-8")
    with pytest.raises(QnGeoError, match="changed since"):
        importing.apply(plan)
    plan = importing.prepare(offered, source_title=SOURCE)
    (data_copy / PROJECTS).write_bytes((data_copy / PROJECTS).read_bytes() + b"\n")
    with pytest.raises(QnGeoError, match="changed since"):
        importing.apply(plan)


def test_two_imports_do_not_interleave(offered, data_copy, monkeypatch):
    plan = importing.prepare(offered, source_title=SOURCE)
    before = snapshot(data_copy)
    settings().store_dir.mkdir(parents=True)
    monkeypatch.setattr(journal, "PATIENCE_SECONDS", 0)
    with FileLock(settings().store_dir / "lock"), pytest.raises(QnGeoError, match="Another import"):
        importing.apply(plan)
    assert snapshot(data_copy) == before


def test_data_that_would_not_pass_the_check_are_taken_back(offered, data_copy):
    plan = importing.prepare(offered, source_title=SOURCE)
    plan.contents[PROJECTS] = plan.contents[PROJECTS].replace(b"kcn-song-khoai,", b"kcn-nowhere,")
    before = snapshot(data_copy)
    with pytest.raises(ImportRejectedError):
        importing.apply(plan)
    assert snapshot(data_copy) == before
    assert importing.history() == []


def test_a_failing_build_changes_nothing(data_copy, tmp_path, monkeypatch):
    def fail(folder):
        (folder / "zones/zones.geojson").write_text("half")
        raise QnGeoError("hỏng", "broken")

    path = tmp_path / "zones.geojson"
    park = gpd.GeoDataFrame(
        {"zone_id": ["kcn-song-khoai"]}, geometry=[box(106.8, 20.98, 106.83, 21.0)], crs="EPSG:4326"
    )
    path.write_text(park.to_json(drop_id=True))
    monkeypatch.setattr(applying.build, "build_all", fail)
    before = snapshot(data_copy)
    with pytest.raises(QnGeoError, match="broken"):
        importing.apply(importing.prepare(path, source_title=SOURCE))
    assert snapshot(data_copy) == before


def test_an_official_polygon_takes_the_place_of_the_schematic_one(data_copy, tmp_path):
    outline = box(106.80, 20.98, 106.83, 21.00)
    path = tmp_path / "zones.geojson"
    park = gpd.GeoDataFrame({"zone_id": ["kcn-song-khoai"]}, geometry=[outline], crs="EPSG:4326")
    path.write_text(park.to_json(drop_id=True))
    before = snapshot(data_copy)
    entry = importing.apply(importing.prepare(path, source_title=SOURCE))
    features = json.loads((data_copy / "zones/zones.geojson").read_text(encoding="utf-8"))["features"]
    zone = next(feature for feature in features if feature["properties"]["zone_id"] == "kcn-song-khoai")
    assert zone["properties"]["quality"] == "official"
    assert shape(zone["geometry"]).symmetric_difference(outline).area < 1e-8
    importing.restore(entry.id)
    assert snapshot(data_copy) == before


class Deeds:
    """Three small files that change together."""

    def __init__(self, data_dir):
        self.contents = {"a.txt": b"new", "sub/b.txt": b"new", "c.txt": None}
        for name in ("a.txt", "c.txt"):
            (data_dir / name).write_bytes(b"old")
        self.before = snapshot(data_dir)

    def record(self, folder):
        return journal.record(folder, journal.Deed("import", "x.csv", "An"), self.contents)


STEPS_OF_A_CHANGE = 10  # two former files, two new ones, the entry thrice, three moves


@pytest.mark.parametrize("survived", range(STEPS_OF_A_CHANGE))
def test_a_kill_at_any_moment_leaves_the_old_state(data_copy, monkeypatch, survived):
    deeds, done = Deeds(data_copy), []

    def until_killed(step):
        def run(*paths):
            if len(done) == survived:
                raise KilledError
            done.append(paths)
            step(*paths)

        return run

    with monkeypatch.context() as patched:
        patched.setattr(durable, "write", until_killed(durable.write))
        patched.setattr(durable, "move", until_killed(durable.move))
        patched.setattr(journal, "_undo", lambda *_: None)  # a killed process tidies nothing up
        with journal.locked() as folder, pytest.raises(KilledError):
            deeds.record(folder)
    assert importing.recover() == []
    assert snapshot(data_copy) == deeds.before
    assert importing.history() == []
    assert {path.name for path in settings().store_dir.iterdir()} <= {"lock", store.MARKER}


@pytest.mark.parametrize("survived", range(2))
def test_a_kill_while_undoing_is_undone_again(data_copy, monkeypatch, survived):
    deeds, done, move = Deeds(data_copy), [], durable.move
    cut_short(deeds, monkeypatch)

    def until_killed(*paths):
        if len(done) == survived:
            raise KilledError
        done.append(paths)
        move(*paths)

    with monkeypatch.context() as patched:
        patched.setattr(durable, "move", until_killed)
        with pytest.raises(KilledError):
            importing.recover()
    assert importing.recover() == []
    assert snapshot(data_copy) == deeds.before


def cut_short(deeds, monkeypatch):
    """Leave a change behind whose process was killed when all files had moved."""
    with monkeypatch.context() as patched:
        patched.setattr(journal, "_undo", lambda *_: None)
        with journal.locked() as folder, pytest.raises(KilledError):
            journal.record(folder, journal.Deed("import", "x", "An"), deeds.contents, verify=kill)


def kill(*_args, **_options):
    raise KilledError


def test_files_are_added_replaced_and_removed_together(data_copy):
    deeds = Deeds(data_copy)
    with journal.locked() as folder:
        entry = deeds.record(folder)
    assert (data_copy / "a.txt").read_bytes() == (data_copy / "sub/b.txt").read_bytes() == b"new"
    assert not (data_copy / "c.txt").exists()
    importing.restore(entry.id)
    assert snapshot(data_copy) == deeds.before


def test_recovery_needs_no_store_and_waits_for_nobody(data_copy):
    importing.recover()
    assert not (data_copy / ".history").exists()
    (data_copy / ".history").mkdir()
    with FileLock(data_copy / ".history/lock"):
        importing.recover()


def test_leftovers_of_a_killed_build_are_removed(data_copy):
    staged = journal.staging(data_copy / ".history")
    (staged / "half").write_text("x")
    importing.recover()
    assert not staged.exists()


@pytest.mark.parametrize("name", ["rows.txt", "rows", "rows.xls"])
def test_other_kinds_of_files_are_refused(offered, name):
    path = offered.rename(offered.with_name(name))
    with pytest.raises(QnGeoError, match="not accepted"):
        importing.prepare(path)


def test_counts_are_by_table(offered):
    plan = importing.prepare(offered, source_title=SOURCE)
    again = replace(plan, changes=[replace(change, action="changed") for change in plan.changes])
    assert plan.counts() == {"sources": (1, 0, 0), "projects": (1, 0, 0)}
    assert again.counts() == {"sources": (0, 1, 0), "projects": (0, 1, 0)}
