"""The stories there are: those that come with the app, those people made, and drafts.

A change is made to the newest content under a lock that all processes share, and a file is only ever replaced whole, so
whoever reads meets the old story or the new one.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from qn_geo import figures
from qn_geo.errors import QnGeoError
from qn_geo.settings import settings
from qn_geo.stories import files
from qn_geo.stories.files import ENDING, ID, is_draft
from qn_geo.stories.parsing import StoryError, parsed
from qn_geo.stories.writing import dumped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from qn_geo.stories.story import Story

Origin = Literal["shipped", "own", "draft"]
_HEADER: Final = re.compile(rf"# of: ({ID.pattern}) ([0-9a-f]{{12}})\n")
_HEADER_LETTERS: Final = 110
_SLUG_LETTERS: Final = 60
_DEVICES: Final = re.compile(r"con|prn|aux|nul|com\d|lpt\d")  # names that Windows keeps to itself


@dataclass(frozen=True, slots=True)
class Entry:
    """A story on the list.

    Attributes:
        id: What `load` takes.
        title: Title; the file's name where it cannot be opened.
        lang: "vi" or "en"; empty where it cannot be opened.
        scenes: Number of scenes; 0 where it cannot be opened.
        origin: Comes with the app, made by somebody, or a draft.
        changed: When its file was last written, in UTC; None for those that come with the app.
        problem: Why it cannot be used, though perhaps opened and `mended`; None for a good one.
    """

    id: str
    title: str
    lang: str
    scenes: int
    origin: Origin
    changed: datetime | None
    problem: QnGeoError | None = None


def listed() -> list[Entry]:
    """Return all stories: those that come with the app, people's own by title, drafts from the newest on.

    A file or folder that cannot be used is on the list too, with what is wrong.
    """
    shipped = _entries(files.shipped_folder(), "shipped")
    own = _entries(settings().story_dir, "own")
    drafts = _entries(files.drafts_folder(), "draft")
    newest = sorted(drafts, key=lambda entry: entry.changed or datetime.min.replace(tzinfo=UTC), reverse=True)
    return [*shipped, *sorted(own, key=lambda entry: entry.title), *newest]


def load(story_id: str) -> Story:
    """Return a story as its file says now.

    Raises:
        QnGeoError: If there is none of this id, or its file cannot be used (`StoryError`, with all that is wrong).
    """
    path = files.path_to(story_id)
    return _parsed(files.content(path), path.name, figures.version())


def version(story_id: str) -> str:
    """Return a short hash of a story's file, which differs as soon as anything in it does.

    Raises:
        QnGeoError: If there is no story of this id.
    """
    return files.hashed(files.content(files.path_to(story_id)))


def origin(draft_id: str) -> str | None:
    """Return the id of the story that a draft is a working copy of; None for a new one.

    Raises:
        QnGeoError: If there is no such draft.
    """
    header = _header(_draft(draft_id))
    return header[1] if header else None


def begin(story: Story, *, of: str | None = None) -> str:
    """Keep a story as a draft, a working copy in a file of its own.

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
    with files.locked():
        files.write(files.path_of(draft_id), header + dumped(story))
    return draft_id


def change(draft_id: str, edit: Callable[[Story], Story]) -> Story:
    """Change a draft: `edit` gets its newest content, whatever another window did meanwhile.

    Returns:
        The story as it is now.

    Raises:
        QnGeoError: If there is no such draft, the change is refused, or it cannot be written; the draft is as before.
    """
    with files.locked():
        header = _header(_draft(draft_id))
        story = load(draft_id)
        edited = edit(story)
        if edited != story:
            files.write(files.path_of(draft_id), (header[0] if header else "") + dumped(edited))
    return edited


def mended(story_id: str) -> str:
    """Take out of a story the zones and figures that are not in the data; one that is no draft stays as it is.

    Returns:
        Id of the draft without them: of this one, or of a copy.

    Raises:
        QnGeoError: If there is no such story, anything else is wrong with it, or the draft cannot be written.
    """
    if not is_draft(story_id):
        return begin(_rest(story_id), of=story_id)
    with files.locked():
        header = _header(_draft(story_id))
        files.write(files.path_of(story_id), (header[0] if header else "") + dumped(_rest(story_id)))
    return story_id


def save(draft_id: str) -> str:
    """Make a draft a story of its own; the draft goes.

    It takes the place of the story it is a copy of, if that is one people made and nobody has changed it since; else it
    gets a new id, from its title.

    Returns:
        The story's id.

    Raises:
        QnGeoError: If there is no such draft, or it cannot be written; the draft is still there then.
    """
    with files.locked():
        header = _header(_draft(draft_id))
        story = load(draft_id)
        text = dumped(story)
        story_id = header[1] if header and _unchanged(header[1], header[2]) else _free_id(story.title, text)
        files.write(files.path_of(story_id), text)
        files.path_of(draft_id).unlink(missing_ok=True)
    return story_id


def delete(story_id: str) -> None:
    """Delete a draft or a story that people made; one that is gone already is no mistake.

    Raises:
        QnGeoError: If it comes with the app, or its file cannot be deleted.
    """
    if files.is_shipped(story_id):
        raise QnGeoError(
            "Bài trình chiếu này đi kèm phần mềm, không xóa được.",
            "This story comes with the app and cannot be deleted.",
            remedy_vi="tạo bản sao rồi sửa bản sao.",
            remedy_en="make a copy and change that.",
        )
    with files.locked():
        files.path_of(story_id).unlink(missing_ok=True)


def _rest(story_id: str) -> Story:
    """A story without what is not in the data."""
    try:
        return load(story_id)
    except StoryError as error:
        if error.rest is None:
            raise
        return error.rest


@lru_cache(maxsize=64)
def _parsed(content: bytes, file: str, _data: tuple[str, ...]) -> Story:
    return parsed(content, file)


def _entries(folder: Path, origin: Origin) -> list[Entry]:
    try:
        return [_entry(path, origin) for path in files.within(folder)]
    except QnGeoError as error:
        return [Entry("", folder.name, "", 0, origin, None, error)]


def _entry(path: Path, origin: Origin) -> Entry:
    changed = None if origin == "shipped" else _changed(path)
    problem = None
    try:
        _check_name(path, origin)
        story = _parsed(files.content(path), path.name, figures.version())
    except QnGeoError as error:
        if not isinstance(error, StoryError) or error.rest is None:
            return Entry(path.stem, path.name, "", 0, origin, changed, error)
        story, problem = error.rest, error
    return Entry(path.stem, story.title, story.lang, len(story.scenes), origin, changed, problem)


def _changed(path: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except OSError:
        return None  # gone since the folder was read


def _check_name(path: Path, origin: Origin) -> None:
    """Refuse a file put here by hand that no id leads to."""
    named = path.suffix == ENDING and ID.fullmatch(path.stem) and is_draft(path.stem) == (origin == "draft")
    if not named or (origin == "own" and files.is_shipped(path.stem)):
        free = _free_id(path.stem)
        raise QnGeoError(
            "Tên tệp này không mở được.",
            "A file of this name cannot be opened.",
            path.name,
            remedy_vi=f"đổi tên tệp thành {free}{ENDING}, đặt trong thư mục bài trình chiếu.",
            remedy_en=f"rename the file to {free}{ENDING}, in the folder of stories.",
        )


def _draft(draft_id: str) -> bytes:
    """What the file of a draft holds."""
    if not is_draft(draft_id):
        raise QnGeoError(
            "Chỉ sửa được bản nháp của bài trình chiếu.",
            "Only the draft of a story can be changed.",
            remedy_vi="bắt đầu sửa để có bản nháp.",
            remedy_en="begin to edit it, which makes a draft.",
        )
    return files.content(files.path_of(draft_id))


def _header(content: bytes) -> re.Match[str] | None:
    """First line of a draft that is a copy: id and version of what it is a copy of."""
    return _HEADER.match(content[:_HEADER_LETTERS].decode("utf-8", errors="replace"))


def _unchanged(story_id: str, known: str) -> bool:
    """Whether a story may be replaced by its copy: made by people, and as it was when the copy was made."""
    try:
        return not files.is_shipped(story_id) and version(story_id) == known
    except QnGeoError:
        return False


def _free_id(title: str, text: str = "") -> str:
    """Id made of a title that no other story has, except one of the same text: a save that was cut short."""
    plain = unicodedata.normalize("NFD", title.lower().replace("đ", "d")).encode("ascii", "ignore").decode("ascii")
    slug = re.sub(r"[^a-z0-9]+", "-", plain)[:_SLUG_LETTERS].strip("-") or "story"
    if is_draft(slug) or _DEVICES.fullmatch(slug):
        slug = f"story-{slug}"
    return next(name for name in _numbered(slug) if not files.is_shipped(name) and _is_free(files.path_of(name), text))


def _is_free(path: Path, text: str) -> bool:
    return not path.exists() or (bool(text) and files.content(path) == text.encode("utf-8"))


def _numbered(slug: str) -> Iterator[str]:
    yield slug
    number = 2
    while True:
        yield f"{slug}-{number}"
        number += 1
