"""The folders that stories lie in: ids and paths, whole writes under one lock, what the disk does not allow.

An id is a file name without ending, of small letters, digits and hyphens; it never leads out of its folder.
"""

from __future__ import annotations

import errno
import hashlib
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from qn_geo.errors import QnGeoError
from qn_geo.importing import durable
from qn_geo.settings import settings
from qn_geo.stories.parsing import parsed
from qn_geo.stories.reading import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENDING: Final = ".yaml"
ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_DRAFT: Final = re.compile(r"d-[0-9a-f]{12}")
_HASH_LETTERS: Final = 12
_PATIENCE_SECONDS: Final = 10
_FULL: Final = {errno.ENOSPC, errno.EDQUOT}


def is_draft(story_id: str) -> bool:
    """Tell whether an id is that of a draft."""
    return bool(_DRAFT.fullmatch(story_id))


def shipped_folder() -> Path:
    """Return the folder of the stories that come with the app; nothing here writes into it."""
    return settings().data_dir / "stories"


def drafts_folder() -> Path:
    """Return the folder of the drafts."""
    return settings().story_dir / "drafts"


def path_of(story_id: str) -> Path:
    """Return where a story of this id is written.

    Raises:
        QnGeoError: If no story can have this id.
    """
    if not ID.fullmatch(story_id):
        raise gone(story_id)
    return (drafts_folder() if is_draft(story_id) else settings().story_dir) / f"{story_id}{ENDING}"


def is_shipped(story_id: str) -> bool:
    """Tell whether a story comes with the app."""
    return (shipped_folder() / path_of(story_id).name).is_file()


def path_to(story_id: str) -> Path:
    """Return where a story of this id is read: among those that come with the app first.

    Raises:
        QnGeoError: If no story can have this id.
    """
    path = path_of(story_id)
    return shipped_folder() / path.name if is_shipped(story_id) else path


def content(path: Path) -> bytes:
    """Return what a file holds, of one that is too large only so much that this is seen.

    Raises:
        QnGeoError: If it is not there or cannot be read.
    """
    try:
        with path.open("rb") as stream:
            return stream.read(MOST_BYTES + 1)
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise gone(path.stem) from error
    except OSError as error:
        raise refused(error, path) from error


def hashed(data: bytes) -> str:
    """Return a short hash, which tells two versions of a file apart."""
    return hashlib.sha256(data).hexdigest()[:_HASH_LETTERS]


def within(folder: Path) -> list[Path]:
    """Return the story files of a folder, also those whose name no id leads to.

    Raises:
        QnGeoError: If the folder cannot be read.
    """
    try:
        found = [path for path in folder.iterdir() if path.suffix in {ENDING, ".yml"} and path.name[0] != "."]
        return sorted(path for path in found if path.is_file())
    except FileNotFoundError:
        return []
    except OSError as error:
        raise refused(error, folder) from error


def write(path: Path, text: str) -> None:
    """Write a story, once it is sure that it can be read again; the file is the old or the new one, whole.

    Raises:
        QnGeoError: If it could not be read again.
        OSError: If the disk does not allow it.
    """
    parsed(text, path.name)
    durable.write(path, text.encode("utf-8"))


@contextmanager
def locked() -> Iterator[None]:
    """Hold the folders: one change at a time, among all windows and processes.

    Raises:
        QnGeoError: If another one holds them for too long, or the disk does not allow what is done inside.
    """
    folder = drafts_folder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock", timeout=_PATIENCE_SECONDS):
            yield
    except Timeout as error:
        raise QnGeoError(
            "Một cửa sổ khác đang ghi bài trình chiếu; chưa có gì bị thay đổi.",
            "Another window is writing a story; nothing was changed.",
            remedy_vi="thử lại sau vài giây.",
            remedy_en="try again in a few seconds.",
        ) from error
    except OSError as error:
        raise refused(error, folder) from error


def gone(story_id: str) -> QnGeoError:
    """Return the error of an id that leads to no story."""
    return QnGeoError(
        f"Không có bài trình chiếu “{story_id[:80]}”.",
        f"There is no story “{story_id[:80]}”.",
        remedy_vi="chọn bài trình chiếu khác trong danh sách.",
        remedy_en="choose another one from the list.",
    )


def refused(error: OSError, path: Path) -> QnGeoError:
    """Return what the disk does not allow, in words."""
    if error.errno in _FULL:
        return QnGeoError(
            "Ổ đĩa đã đầy; bài trình chiếu vẫn như trước.",
            "The disk is full; the story is as it was before.",
            path.name,
            remedy_vi="xóa bớt tệp trên ổ đĩa rồi thử lại.",
            remedy_en="make room on the disk and try again.",
        )
    reason = error.strerror or type(error).__name__
    return QnGeoError(
        f"Không đọc hoặc ghi được thư mục bài trình chiếu ({reason}).",
        f"The folder of stories cannot be read or written ({reason}).",
        path.name,
        remedy_vi="xem quyền ghi vào thư mục QN_GEO_STORY_DIR.",
        remedy_en="see whether the folder QN_GEO_STORY_DIR may be written.",
    )
