"""Where stories lie: nothing is lost, nothing is half written, nothing leads out of the folder."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from qn_geo import stories
from qn_geo.errors import QnGeoError
from qn_geo.importing import durable
from qn_geo.stories import files
from tests.small_stories import scene, story, story_dir

__all__ = ["story_dir"]  # a fixture that every test here asks for by name

pytestmark = pytest.mark.usefixtures("story_dir")
SHIPPED = "hop-12-10-2021"
WRITER = """
import itertools
from qn_geo import stories
draft = {draft!r}
for number in itertools.count():
    size = 1 + number % 40
    scenes = tuple(stories.Scene(headline=f"Cảnh {{n}}", notes="lời " * 50) for n in range(size))
    stories.change(draft, lambda story: stories.Story(title=f"{{size}} cảnh", lang="vi", scenes=scenes))
    print(size, flush=True)
"""


def entries(origin):
    return [entry for entry in stories.listed() if entry.origin == origin]


def test_a_draft_is_kept_changed_and_saved_under_the_name_of_its_title(story_dir):
    draft = stories.begin(story(scene("Một"), title="Họp Đề án 12/10"))
    assert stories.is_draft(draft)
    assert stories.origin(draft) is None
    first = stories.version(draft)
    changed = stories.change(draft, lambda old: stories.added(old, scene("Hai")))
    assert [item.headline for item in changed.scenes] == ["Một", "Hai"]
    assert stories.load(draft) == changed
    assert stories.version(draft) != first
    [entry] = entries("draft")
    assert (entry.id, entry.title, entry.lang, entry.scenes, entry.problem) == (draft, "Họp Đề án 12/10", "vi", 2, None)
    assert abs((datetime.now(UTC) - entry.changed).total_seconds()) < 60
    assert stories.save(draft) == "hop-de-an-12-10"
    assert stories.load("hop-de-an-12-10") == changed
    assert entries("draft") == []
    assert [path.name for path in story_dir.glob("*.yaml")] == ["hop-de-an-12-10.yaml"]
    with pytest.raises(QnGeoError, match="There is no story"):
        stories.load(draft)


def test_a_copy_takes_the_place_of_ones_own_story_and_of_no_other():
    own = stories.save(stories.begin(story(scene("Một"))))
    draft = stories.begin(stories.load(own), of=own)
    assert stories.origin(draft) == own
    stories.change(draft, lambda old: stories.titled(old, "Tên mới"))
    assert stories.origin(draft) == own
    assert stories.save(draft) == own
    assert stories.load(own).title == "Tên mới"
    copy = stories.save(stories.begin(stories.load(SHIPPED), of=SHIPPED))
    assert copy != SHIPPED
    assert stories.load(copy) == stories.load(SHIPPED)
    assert len(entries("own")) == 2


def test_two_drafts_of_one_story_do_not_overwrite_each_other():
    own = stories.save(stories.begin(story(scene("Một"))))
    one, two = (stories.begin(stories.load(own), of=own) for _ in range(2))
    stories.change(one, lambda old: stories.added(old, scene("Của tôi")))
    stories.change(two, lambda old: stories.added(old, scene("Của bạn")))
    assert stories.save(one) == own
    other = stories.save(two)
    assert other != own
    assert stories.load(own).scenes[-1].headline == "Của tôi"
    assert stories.load(other).scenes[-1].headline == "Của bạn"


def test_a_save_cut_short_leaves_no_second_copy(monkeypatch):
    draft = stories.begin(story(scene("Một")))
    monkeypatch.setattr(type(files.path_of(draft)), "unlink", _no)
    with pytest.raises(QnGeoError, match="cannot be read or written"):
        stories.save(draft)
    monkeypatch.undo()
    assert len(entries("draft")) == 1
    stories.save(draft)
    assert len(entries("own")) == 1


def _no(*_args, **_more):
    raise PermissionError(errno.EACCES, "Permission denied")


@pytest.mark.parametrize(
    ("title", "name"), [("Đặc khu Vân Đồn!", "dac-khu-van-don"), ("会议", "story"), ("CON", "story-con")]
)
def test_names_of_files(title, name):
    assert stories.save(stories.begin(story(title=title))) == name
    assert stories.save(stories.begin(story(scene("Khác"), title=title))) == f"{name}-2"


def test_a_title_like_the_name_of_a_draft_makes_no_draft():
    assert stories.save(stories.begin(story(title="d-0123456789ab"))) == "story-d-0123456789ab"


def test_a_title_of_a_shipped_story_gets_another_name():
    assert stories.save(stories.begin(story(title=SHIPPED))) == f"{SHIPPED}-2"


@pytest.mark.parametrize(
    "story_id",
    ["../secrets", "..", ".", "", "a/b", "a\\b", "/etc/passwd", "a\x00", "A", "đ", "a" * 81, "drafts/d-0123456789ab"],
)
def test_no_id_leads_out_of_the_folder(story_dir, story_id):
    (story_dir.parent / "secrets.yaml").write_text("title: x\n", "utf-8")
    for act in (stories.load, stories.version, stories.delete, stories.origin, stories.save):
        with pytest.raises(QnGeoError):
            act(story_id)
    assert (story_dir.parent / "secrets.yaml").exists()


def test_only_drafts_are_changed_and_shipped_stories_stay(root):
    before = (root / f"data/stories/{SHIPPED}.yaml").read_bytes()
    for act in (stories.save, lambda story_id: stories.change(story_id, lambda old: old)):
        with pytest.raises(QnGeoError, match="Only the draft"):
            act(SHIPPED)
    with pytest.raises(QnGeoError, match="comes with the app"):
        stories.delete(SHIPPED)
    assert (root / f"data/stories/{SHIPPED}.yaml").read_bytes() == before


def test_what_is_deleted_is_gone_and_deleting_twice_is_no_mistake():
    draft, own = stories.begin(story()), stories.save(stories.begin(story()))
    for story_id in (draft, own, own):
        stories.delete(story_id)
    assert entries("draft") == entries("own") == []


def test_damaged_files_are_on_the_list_with_what_is_wrong(story_dir):
    stories.save(stories.begin(story(title="Tốt")))
    (story_dir / "hong.yaml").write_text("title: T\nlang: vi\nscenes: [{headline: A, zones: [nowhere]}]\n", "utf-8")
    (story_dir / "nhi-phan.yaml").write_bytes(b"\xff\xfe\x00")
    (story_dir / "Họp tháng 12.yaml").write_text(stories.dumped(story()), "utf-8")
    (story_dir / "cu.yml").write_text(stories.dumped(story()), "utf-8")
    (story_dir / f"{SHIPPED}.yaml").write_text(stories.dumped(story()), "utf-8")
    (story_dir / "ghi-chu.txt").write_text("no story", "utf-8")
    (story_dir / "thu-muc.yaml").mkdir()
    told = {entry.title: entry.problem and entry.problem.message("vi") for entry in entries("own")}
    assert {entry.title: entry.scenes for entry in entries("own") if entry.scenes} == {"Tốt": 2, "T": 1}
    assert told.pop("Tốt") is None
    assert "không có khu “nowhere”" in told.pop("T"), "it can be opened, so it keeps its title"
    assert "UTF-8" in told.pop("nhi-phan.yaml")
    assert "đổi tên tệp thành hop-thang-12.yaml" in told.pop("Họp tháng 12.yaml")
    assert "đổi tên tệp thành cu.yaml" in told.pop("cu.yml")
    assert f"đổi tên tệp thành {SHIPPED}-2.yaml" in told.pop(f"{SHIPPED}.yaml")
    assert told == {}
    with pytest.raises(stories.StoryError, match="1 thing"):
        stories.load("hong")


def test_a_folder_that_cannot_be_read_does_not_hide_the_others(story_dir):
    story_dir.write_text("a file where the folder should be", "utf-8")
    assert len(entries("shipped")) == 6
    assert all("cannot be read" in entry.problem.message("en") for entry in entries("own"))
    with pytest.raises(QnGeoError, match="cannot be read or written"):
        stories.begin(story())


def test_an_edit_that_fails_or_could_not_be_read_again_changes_nothing():
    draft = stories.begin(story(scene("Một")))
    before = stories.version(draft)
    with pytest.raises(ZeroDivisionError):
        stories.change(draft, lambda _old: 1 / 0)
    with pytest.raises(stories.StoryError, match="1 thing"):
        stories.change(draft, lambda old: stories.added(old, scene("Hai", zones=("nowhere",))))
    assert stories.version(draft) == before


def test_a_full_disk_is_told_and_leaves_the_old_story(monkeypatch):
    draft = stories.begin(story(scene("Một")))

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(durable.os, "fsync", full)
    with pytest.raises(QnGeoError) as caught:
        stories.change(draft, lambda old: stories.added(old, scene("Hai")))
    assert "Ổ đĩa đã đầy; bài trình chiếu vẫn như trước." in caught.value.message("vi")
    monkeypatch.undo()
    assert [item.headline for item in stories.load(draft).scenes] == ["Một"]
    assert list(files.drafts_folder().glob(".*.part")) == []


def test_a_folder_that_is_held_is_told(monkeypatch):
    draft = stories.begin(story())
    monkeypatch.setattr(files, "_PATIENCE_SECONDS", 0.05)
    with files.locked(), pytest.raises(QnGeoError, match="Another window"):
        stories.change(draft, lambda old: old)


def test_windows_that_change_one_draft_at_once_lose_nothing():
    draft = stories.begin(story(scene("0")))

    def add(number):
        stories.change(draft, lambda old: stories.added(old, scene(str(number))))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(add, range(1, 41)))
    assert {item.headline for item in stories.load(draft).scenes} == {str(number) for number in range(41)}


def writing(draft):
    """Another process that changes the draft over and over."""
    return subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-c", WRITER.format(draft=draft)], env=dict(os.environ), stdout=subprocess.PIPE
    )


@pytest.mark.parametrize("wait", [0.0, 0.013, 0.031])
def test_killed_at_any_moment_the_draft_is_the_old_or_the_new_one(wait):
    draft = stories.begin(story(scene("Một")))
    process = writing(draft)
    process.stdout.readline()
    for _read in range(20):  # whoever reads meanwhile never meets a half
        assert len(stories.load(draft).scenes) >= 1
    time.sleep(wait)
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    left = stories.load(draft)
    assert left.title == f"{len(left.scenes)} cảnh"
    stories.change(draft, lambda old: stories.titled(old, "Làm tiếp"))  # the lock of a dead process holds nobody up
    assert stories.load(draft).title == "Làm tiếp"


def test_the_same_story_is_read_once_and_again_when_it_changes(story_dir):
    own = stories.save(stories.begin(story(scene("Một"))))
    assert stories.load(own) is stories.load(own)
    path = story_dir / f"{own}.yaml"
    status = path.stat()
    path.write_text(path.read_text("utf-8").replace("Một", "Hai"), "utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert stories.load(own).scenes[0].headline == "Hai"


def test_a_story_whose_zone_went_with_an_import_says_so(data_copy, story_dir):
    shutil.rmtree(data_copy / "stories")
    draft = stories.begin(story(scene("Một", zones=("ccn-luc-lam-2",))))
    path = data_copy / "zones/zones.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join(line for line in lines if not line.startswith("ccn-luc-lam-2,")), "utf-8")
    with pytest.raises(stories.StoryError, match="1 thing"):
        stories.load(draft)
    assert (story_dir / "drafts" / f"{draft}.yaml").exists()
    assert stories.mended(draft) == draft
    assert stories.load(draft) == story(scene("Một"))


def test_what_is_gone_is_taken_out_of_a_copy_that_takes_its_place_when_saved(story_dir):
    own = stories.save(stories.begin(story(scene("Một", zones=("kcn-hai-yen",)))))
    path = story_dir / f"{own}.yaml"
    path.write_text(path.read_text("utf-8").replace("[kcn-hai-yen]", "[gone, kcn-hai-yen]"), "utf-8")
    before = path.read_text("utf-8")
    with pytest.raises(stories.StoryError, match="1 thing"):
        stories.load(own)
    draft = stories.mended(own)
    assert path.read_text("utf-8") == before, "the story itself is as it was"
    assert stories.load(draft).scenes[0].zones == ("kcn-hai-yen",)
    assert stories.save(draft) == own
    assert stories.load(own).scenes[0].zones == ("kcn-hai-yen",)


def test_a_story_with_another_mistake_is_not_mended(story_dir):
    drafts = story_dir / "drafts"
    drafts.mkdir(parents=True)
    path = drafts / "d-0123456789ab.yaml"
    path.write_text("title: T\nlang: vi\nscenes: [{headline: A, zones: [gone], yeer: 1}]\n", "utf-8")
    with pytest.raises(stories.StoryError, match="2 thing"):
        stories.mended(path.stem)
    assert "yeer" in path.read_text("utf-8")
