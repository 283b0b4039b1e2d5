"""What was received can be handed back unchanged, and is there whole or not at all."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from qn_geo.errors import QnGeoError
from qn_geo.importing import durable
from qn_geo.intake import submission
from qn_geo.settings import settings
from tests import plot_files

SAID = {
    "choices": {"zone_id": None},
    "system": {"system": "EPSG:5899", "vi": "VN-2000", "en": "VN-2000", "reason_vi": "theo tệp", "reason_en": "file"},
    "encodings": {},
}


@pytest.fixture(autouse=True)
def reviews(tmp_path, monkeypatch):
    """A review folder of this test's own."""
    monkeypatch.setenv("QN_GEO_REVIEW_DIR", str(tmp_path / "reviews"))
    settings.cache_clear()
    yield tmp_path / "reviews"
    settings.cache_clear()


def parquet(frame):
    made = io.BytesIO()
    frame.to_parquet(made)
    return made.getvalue()


def test_one_file_comes_back_unchanged(reviews):
    stored = submission.receive([("Thửa đất (1).gpkg", b"\x00\xff")], "Ủy ban xã", "kkt-quang-yen", "lần 2")
    assert submission.original(stored.id) == (b"\x00\xff", "Thửa đất (1).gpkg")
    assert stored.sha256 == hashlib.sha256(b"\x00\xff").hexdigest()
    assert stored.id.endswith(stored.sha256[:6])
    assert stored.received_at.endswith("+00:00")
    again = submission.find(stored.id)
    assert again == stored
    assert (again.who, again.zone_id, again.note, again.size) == ("Ủy ban xã", "kkt-quang-yen", "lần 2", 2)
    assert [path.name for path in (reviews / stored.id / "received").iterdir()] == ["01-Thua_dat_1_.gpkg"]


def test_several_files_come_back_as_one_archive(tmp_path):
    parts = plot_files.shapefile(tmp_path / "made")
    stored = submission.receive(list(parts.items()), "A")
    content, name = submission.original(stored.id)
    assert name == f"{stored.id}.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {entry: archive.read(entry) for entry in archive.namelist()} == parts
    assert submission.original(stored.id)[0] == content
    assert stored.name == "thua.cpg +4"


def test_a_path_brings_its_parts_and_a_folder_becomes_an_archive(tmp_path):
    parts = plot_files.shapefile(tmp_path / "made")
    stored = submission.receive(tmp_path / "made" / "thua.shp", "A")
    assert {file.name for file in stored.files} == set(parts)
    plot_files.geodatabase(tmp_path)
    assert [file.name for file in submission.receive(tmp_path / "plan.gdb", "A").files] == ["plan.gdb.zip"]


@pytest.mark.parametrize(
    "name", ["../../evil", "/etc/passwd", "C:\\evil.exe", "con\x00trol", ".hidden", "đ" * 400, "", "a\nb.shp", "📐.dxf"]
)
def test_no_name_leads_out_of_the_folder(reviews, name):
    stored = submission.receive([(name, b"x")], "A")
    files = [path for path in reviews.rglob("*") if path.is_file()]
    assert {path.parent.parent for path in files if path.parent.name == "received"} == {stored.folder}
    assert len(files) == 2
    assert all(path.name.isascii() and len(path.name) < 100 for path in files)
    assert submission.original(stored.id)[0] == b"x"


def test_the_same_file_twice_in_a_second_is_two_submissions():
    first, second = (submission.receive([("a.kml", b"x")], "A") for _ in range(2))
    assert first.id != second.id
    assert [one.id for one in submission.listed()] == sorted([first.id, second.id], reverse=True)


@pytest.mark.parametrize(
    ("files", "told"), [([], "no file"), ([("a", b"1"), ("A", b"2")], "same name"), ([("a", bytes(2**20 + 1))], "MB")]
)
def test_what_cannot_be_stored_leaves_nothing(reviews, monkeypatch, files, told):
    monkeypatch.setenv("QN_GEO_MAX_UPLOAD_MB", "1")
    settings.cache_clear()
    with pytest.raises(QnGeoError, match=told):
        submission.receive(files, "A")
    assert not reviews.exists()


def test_a_full_disk_is_told_and_leaves_nothing(reviews, monkeypatch):
    def full(path, content):
        if path.name == "submission.json":
            raise OSError(28, "No space left on device")
        write(path, content)

    write = durable.write
    monkeypatch.setattr(durable, "write", full)
    with pytest.raises(QnGeoError, match="No space left") as caught:
        submission.receive([("a.kml", b"x")], "A")
    assert "dung lượng" in caught.value.problem.remedy_vi
    assert list(reviews.iterdir()) == []
    assert submission.listed() == []


def test_a_changed_original_is_noticed(reviews):
    stored = submission.receive([("a.kml", b"x")], "A")
    next((reviews / stored.id / "received").iterdir()).write_bytes(b"y")
    with pytest.raises(QnGeoError, match="no longer what was received"):
        submission.original(stored.id)


@pytest.mark.parametrize("submission_id", ["20260101-000000-abcdef", "../x", "", "a" * 300])
def test_an_unknown_id_is_told(submission_id):
    with pytest.raises(QnGeoError, match="there is no submission"):
        submission.find(submission_id)


def test_plots_are_kept_with_what_was_said():
    stored = submission.receive([("a.kml", b"x")], "A")
    with pytest.raises(QnGeoError, match="not been read yet"):
        submission.plots(stored)
    frame = plot_files.plots()
    submission.keep_plots(stored, parquet(frame), SAID)
    plots, said = submission.plots(stored)
    assert plots.equals(frame)
    assert said["system"]["reason_vi"] == "theo tệp"
    (stored.folder / "plots.parquet").write_bytes(parquet(frame.iloc[:1]))
    with pytest.raises(QnGeoError, match="damaged or were changed"):
        submission.plots(stored)


@pytest.mark.parametrize(("steps", "kept"), [(0, 4), (1, 4), (2, 2), (3, 2)])
def test_plots_read_again_are_the_old_or_the_new_ones_whenever_it_stops(monkeypatch, steps, kept):
    stored = submission.receive([("a.kml", b"x")], "A")
    submission.keep_plots(stored, parquet(plot_files.plots(4)), SAID)
    left = iter(range(steps))

    def stopping(step):
        def take(*arguments):
            if next(left, None) is None:
                raise OSError
            step(*arguments)

        return take

    for name in ("write", "move"):
        monkeypatch.setattr(durable, name, stopping(getattr(durable, name)))
    with suppress(QnGeoError):
        submission.keep_plots(stored, parquet(plot_files.plots(2)), SAID)
    assert len(submission.plots(stored)[0]) == kept


@pytest.mark.parametrize("changed", [{"choices": []}, {"system": None}, {"encodings": "utf-8"}, {"system": {}}, None])
def test_what_was_said_and_changed_by_hand_is_to_be_said_again(changed):
    stored = submission.receive([("a.kml", b"x")], "A")
    submission.keep_plots(stored, parquet(plot_files.plots()), SAID)
    path = stored.folder / "intake.json"
    path.write_text(json.dumps(None if changed is None else json.loads(path.read_text()) | changed))
    with pytest.raises(QnGeoError, match="damaged or were changed"):
        submission.plots(stored)


@pytest.mark.parametrize(
    "changed", [b"", b"[]", b"null", b"[" * 100_000, {"files": []}, {"received_at": "x"}, {"id": "y"}]
)
def test_a_damaged_record_is_told_and_hides_no_other(changed):
    stored, other = (submission.receive([("a.kml", content)], "A") for content in (b"x", b"y"))
    path = stored.folder / "submission.json"
    known = json.loads(path.read_text())
    path.write_bytes(changed if isinstance(changed, bytes) else json.dumps(known | changed).encode())
    with pytest.raises(QnGeoError, match="no longer what was received"):
        submission.find(stored.id)
    assert [one.id for one in submission.listed()] == [other.id]


def test_simultaneous_senders_of_one_file_get_a_submission_each():
    with ThreadPoolExecutor(12) as senders:
        made = list(senders.map(lambda _: submission.receive([("a.kml", bytes(100_000))], "A").id, range(24)))
    assert len(set(made)) == len(made)
    assert {one.id for one in submission.listed()} == set(made)


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("x" * 10_000 + ".gpkg", "x" * 195 + ".gpkg"),
        ("thửa\u202egpj.exe", "thửa gpj.exe"),
        ("a\r\nb\0\ud800.kml", "a  b  .kml"),
        ("", "?"),
    ],
    ids=["long", "turned", "lines", "none"],
)
def test_names_that_no_disk_holds_are_made_ones_that_can_be_shown(sent, shown):
    stored = submission.receive([(sent, b"x")], "A")
    assert submission.original(stored.id) == (b"x", shown)


def test_a_kill_at_any_moment_leaves_whole_submissions_only(reviews):
    code = (
        "from qn_geo.intake import submission\n"
        "for n in range(10**6):\n"
        "    print(submission.receive([(f'{n}.kml', bytes(300_000)), (f'{n}.txt', b'x')], 'A').id, flush=True)"
    )
    acknowledged = []
    for attempt in range(6):
        writer = subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[1], env=dict(os.environ)
        )
        acknowledged.append(writer.stdout.readline().decode().strip())
        time.sleep(0.013 * attempt)
        writer.send_signal(signal.SIGKILL)
        acknowledged += writer.communicate()[0].decode().split()
    whole = {one.id for one in submission.listed()}
    assert set(acknowledged) <= whole
    for one in whole:
        assert submission.original(one)[0]
    assert all(path.name in whole or path.name.startswith(".incoming-") for path in reviews.iterdir())


def test_what_a_kill_left_is_swept_away_later(reviews):
    left = reviews / ".incoming-20200101-000000-abcdef"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    submission.receive([("a.kml", b"x")], "A")
    assert not left.exists()
