"""Where stories lie: those that come with the app, those people made, and drafts.

A file is only ever replaced whole, under a lock that all processes share, so a change is made to the newest content,
and whoever reads meets the old story or the new one. Ids are file names without ending, of small letters, digits and
hyphens; an id never leads out of its folder.
"""

from __future__ import annotations

import errno
import hashlib
import re
import secrets
import unicodedata
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from filelock import FileLock, Timeout

from qn_geo import figures
from qn_geo.errors import QnGeoError
from qn_geo.importing import durable
from qn_geo.settings import settings
from qn_geo.stories.parsing import parsed
from qn_geo.stories.reading import MOST_BYTES
from qn_geo.stories.writing import dumped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from qn_geo.stories.story import Story

Origin = Literal["shipped", "own", "draft"]
ENDING: Final = ".yaml"
_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_DRAFT: Final = re.compile(r"d-[0-9a-f]{12}")
_HEADER: Final = re.compile(r"# of: ([a-z0-9][a-z0-9-]{0,79}) ([0-9a-f]{12})\n")
_SLUG_LETTERS: Final = 60
_HASH_LETTERS: Final = 12
_PATIENCE_SECONDS: Final = 10
_DEVICES: Final = re.compile(r"con|prn|aux|nul|com\d|lpt\d")  # names that Windows keeps to itself
_FULL: Final = {errno.ENOSPC, errno.EDQUOT}


@dataclass(frozen=True, slots=True)
class Entry:
    """A story on the list.

    Attributes:
        id: What `load` takes.
        title: Title; the file's name where it cannot be read.
        lang: "vi" or "en"; empty where it cannot be read.
        scenes: Number of scenes; 0 where it cannot be read.
        origin: Comes with the app, made by somebody, or a draft.
        changed: When its file was last written, in UTC; None for those that come with the app.
        problem: Why it cannot be used; None for a good one.
    """

    id: str
    title: str
    lang: str
    scenes: int
    origin: Origin
    changed: datetime | None
    problem: QnGeoError | None = None


def is_draft(story_id: str) -> bool:
    """Tell whether an id is that of a draft."""
    return bool(_DRAFT.fullmatch(story_id))


def listed() -> list[Entry]:
    """Return all stories: those that come with the app, people's own by title, drafts from the newest on.

    A file that cannot be used is on the list too, with what is wrong.
    """
    shipped = [_entry(path, "shipped") for path in _files(_shipped())]
    own = [_entry(path, "own") for path in _files(settings().story_dir)]
    drafts = [_entry(path, "draft") for path in _files(_drafts())]
    newest = sorted(drafts, key=lambda entry: entry.changed or datetime.min.replace(tzinfo=UTC), reverse=True)
    return [*shipped, *sorted(own, key=lambda entry: entry.title), *newest]


def load(story_id: str) -> Story:
    """Return a story as its file says now.

    Raises:
        QnGeoError: If there is none of this id, or its file cannot be used (`StoryError`, with all that is wrong).
    """
    path = _path(story_id)
    return _parsed(_content(path), path.name, figures.version())


def version(story_id: str) -> str:
    """Return a short hash of a story's file, which differs as soon as anything in it does.

    Raises:
        QnGeoError: If there is no story of this id.
    """
    return _hash(_content(_path(story_id)))


def origin(draft_id: str) -> str | None:
    """Return the id of the story that a draft is a working copy of; None for a new one.

    Raises:
        QnGeoError: If there is no such draft.
    """
    found = _origin(_content(_path(draft_id)))
    return found[0] if found else None


def begin(story: Story, *, of: str | None = None) -> str:
    """Keep a story as a draft, a working copy that nobody else sees on their list of finished ones.

    Args:
        story: What it begins with.
        of: Id of the story it is a copy of; `save` puts it in that one's place when it is one people made.

    Returns:
        The draft's id.

    Raises:
        QnGeoError: If it cannot be written, for want of room or of rights.
    """
    draft_id = f"d-{secrets.token_hex(6)}"
    header = f"# of: {of} {version(of)}\n" if of else ""
    with _locked():
        _write(_path_of(draft_id), header, story)
    return draft_id


def change(draft_id: str, edit: Callable[[Story], Story]) -> Story:
    """Change a draft: `edit` gets its newest content, whatever another window did meanwhile.

    Returns:
        The story as it is now.

    Raises:
        QnGeoError: If there is no such draft, the change is refused, or it cannot be written; the draft is as before.
    """
    with _locked():
        path = _path(_only_draft(draft_id))
        content = _content(path)
        story = load(draft_id)
        edited = edit(story)
        if edited != story:
            header = _HEADER.match(content.decode("utf-8"))
            _write(path, header[0] if header else "", edited)
    return edited


def save(draft_id: str) -> str:
    """Make a draft a story of its own; the draft goes.

    It takes the place of the story it is a copy of, if that is one people made and nobody has changed it since; else it
    gets a new id, from its title.

    Returns:
        The story's id.

    Raises:
        QnGeoError: If there is no such draft, or it cannot be written; the draft is still there then.
    """
    with _locked():
        path = _path(_only_draft(draft_id))
        story = load(draft_id)
        story_id = _replaceable(_origin(_content(path))) or _free_id(story.title)
        _write(_path_of(story_id), "", story)
        path.unlink(missing_ok=True)
    return story_id


def delete(story_id: str) -> None:
    """Delete a draft or a story that people made; one that is gone already is no mistake.

    Raises:
        QnGeoError: If it comes with the app, or its file cannot be deleted.
    """
    path = _path_of(story_id)
    if (_shipped() / path.name).is_file():
        raise QnGeoError(
            "Câu chuyện này đi kèm phần mềm, không xóa được.",
            "This story comes with the app and cannot be deleted.",
            remedy_vi="tạo bản sao rồi sửa bản sao.",
            remedy_en="make a copy and change that.",
        )
    with _locked():
        path.unlink(missing_ok=True)


def _shipped() -> Path:
    return settings().data_dir / "stories"


def _drafts() -> Path:
    return settings().story_dir / "drafts"


def _path_of(story_id: str) -> Path:
    """Where a story of this id would be written."""
    if not _ID.fullmatch(story_id):
        raise _gone(story_id)
    return (_drafts() if is_draft(story_id) else settings().story_dir) / f"{story_id}{ENDING}"


def _path(story_id: str) -> Path:
    """Where a story of this id lies; those that come with the app first."""
    path = _path_of(story_id)
    shipped = _shipped() / path.name
    return shipped if shipped.is_file() else path


def _content(path: Path) -> bytes:
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise _gone(path.stem) from error
    except OSError as error:
        raise _refused(error, path) from error


@lru_cache(maxsize=64)
def _parsed(content: bytes, file: str, _data: tuple[str, ...]) -> Story:
    return parsed(content, file)


def _entry(path: Path, origin: Origin) -> Entry:
    try:
        changed = None if origin == "shipped" else datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        changed = None
    try:
        _check_name(path, origin)
        story = _parsed(_content(path), path.name, figures.version())
    except QnGeoError as error:
        return Entry(path.stem, path.name, "", 0, origin, changed, error)
    return Entry(path.stem, story.title, story.lang, len(story.scenes), origin, changed)


def _check_name(path: Path, origin: Origin) -> None:
    """Refuse a file put here by hand that no id leads to."""
    stem = path.name.removesuffix(ENDING)
    named = path.suffix == ENDING and _ID.fullmatch(stem) and is_draft(stem) == (origin == "draft")
    hidden = origin == "own" and (_shipped() / path.name).is_file()
    if not named or hidden:
        raise QnGeoError(
            "Tên tệp này không mở được.",
            "A file of this name cannot be opened.",
            path.name,
            remedy_vi=f"đổi tên tệp thành {_free_id(stem)}{ENDING}.",
            remedy_en=f"rename the file to {_free_id(stem)}{ENDING}.",
        )


def _files(folder: Path) -> list[Path]:
    try:
        found = [path for path in folder.iterdir() if path.suffix in {ENDING, ".yml"} and path.name[0] != "."]
        return sorted(path for path in found if path.is_file())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise _refused(error, folder) from error


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:_HASH_LETTERS]


def _origin(content: bytes) -> tuple[str, str] | None:
    """Id and version of what a draft is a copy of, from its first line."""
    header = _HEADER.match(content[:200].decode("utf-8", errors="replace"))
    return (header[1], header[2]) if header else None


def _replaceable(of: tuple[str, str] | None) -> str | None:
    """Id of the story that a copy may take the place of: made by people, and as it was when the copy was made."""
    if of is None or (_shipped() / f"{of[0]}{ENDING}").is_file():
        return None
    try:
        return of[0] if version(of[0]) == of[1] else None
    except QnGeoError:
        return None


def _free_id(title: str) -> str:
    """Id made of a title that no other story has."""
    plain = unicodedata.normalize("NFD", title.lower().replace("đ", "d")).encode("ascii", "ignore").decode("ascii")
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:_SLUG_LETTERS].strip("-") or "story"
    if is_draft(slug) or _DEVICES.fullmatch(slug):
        slug = f"story-{slug}"
    return next(name for name in _numbered(slug) if not _path(name).exists())


def _numbered(slug: str) -> Iterator[str]:
    yield slug
    number = 2
    while True:
        yield f"{slug}-{number}"
        number += 1


def _write(path: Path, header: str, story: Story) -> None:
    """Write a story once it is sure that it can be read again."""
    text = header + dumped(story)
    parsed(text, path.name)
    durable.write(path, text.encode("utf-8"))


@contextmanager
def _locked() -> Iterator[None]:
    """Hold the folder: one change at a time, among all windows and processes."""
    folder = _drafts()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=_PATIENCE_SECONDS):
            yield
    except Timeout as error:
        raise QnGeoError(
            "Một cửa sổ khác đang ghi câu chuyện; chưa có gì bị thay đổi.",
            "Another window is writing a story; nothing was changed.",
            remedy_vi="thử lại sau vài giây.",
            remedy_en="try again in a few seconds.",
        ) from error
    except OSError as error:
        raise _refused(error, folder) from error


def _only_draft(story_id: str) -> str:
    if not is_draft(story_id):
        raise QnGeoError(
            "Chỉ sửa được bản nháp của câu chuyện.",
            "Only the draft of a story can be changed.",
            remedy_vi="bắt đầu sửa để có bản nháp.",
            remedy_en="begin to edit it, which makes a draft.",
        )
    return story_id


def _gone(story_id: str) -> QnGeoError:
    return QnGeoError(
        f"Không có câu chuyện “{story_id[:80]}”.",
        f"There is no story “{story_id[:80]}”.",
        remedy_vi="chọn câu chuyện khác trong danh sách.",
        remedy_en="choose another one from the list.",
    )


def _refused(error: OSError, path: Path) -> QnGeoError:
    """What the disk does not allow, in words."""
    if error.errno in _FULL:
        return QnGeoError(
            "Ổ đĩa đã đầy; câu chuyện vẫn như trước.",
            "The disk is full; the story is as it was before.",
            path.name,
            remedy_vi="xóa bớt tệp trên ổ đĩa rồi thử lại.",
            remedy_en="make room on the disk and try again.",
        )
    reason = error.strerror or type(error).__name__
    return QnGeoError(
        f"Không đọc hoặc ghi được thư mục câu chuyện ({reason}).",
        f"The folder of stories cannot be read or written ({reason}).",
        path.name,
        remedy_vi="xem quyền ghi vào thư mục QN_GEO_STORY_DIR.",
        remedy_en="see whether the folder QN_GEO_STORY_DIR may be written.",
    )
