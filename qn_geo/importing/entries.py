"""Entries of the history: what changed, who did it, and the former files; read with distrust, written whole.

An entry is a folder in the store: `entry.json`, the former files under `old/`, the new ones under `new/` while they
are being put in place.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, Literal, get_args

from qn_geo.errors import Problem, QnGeoError
from qn_geo.importing import durable
from qn_geo.importing import store as place
from qn_geo.importing.targets import json_bytes

if TYPE_CHECKING:
    from pathlib import Path

State = Literal["prepared", "moving", "done"]
Action = Literal["import", "restore", "build"]
ENTRY: Final = "entry.json"


@dataclass(frozen=True)
class Entry:
    """One change of the data.

    Attributes:
        id: When it was, and four letters.
        when: Local time in ISO form.
        who: Who did it.
        action: "import" or "restore"; "build" only while it goes on.
        subject: Name of the imported file, id of the entry that was undone, or nothing.
        state: "done", or how far it got.
        files: Path in the data directory -> SHA-256 before and after; None where there was or is no file.
    """

    id: str
    when: str
    who: str
    action: Action
    subject: str
    state: State
    files: dict[str, tuple[str | None, str | None]]


def finished(store: Path) -> list[Entry]:
    """Return the finished changes, oldest first; those that cannot be read are left out, see `damaged`."""
    return [entry for entry in readable(store) if entry.state == "done"]


def damaged(store: Path, since: str = "") -> list[Problem]:
    """Return a complaint for each entry that cannot be read, from one id on."""
    problems = []
    for folder in _entry_folders(store):
        if folder.name < since:
            continue
        try:
            read(folder)
        except QnGeoError as error:
            problems.append(error.problem)
    return problems


def _entry_folders(store: Path) -> list[Path]:
    """Return the folders of changes, oldest first: their names begin with the time."""
    try:
        return sorted(folder for folder in store.iterdir() if place.is_entry(folder) and (folder / ENTRY).is_file())
    except OSError:
        return []  # no store, or none for this user


def readable(store: Path) -> list[Entry]:
    """Return the changes, finished or not, that can be read, oldest first."""
    found = []
    for folder in _entry_folders(store):
        try:
            found.append(read(folder))
        except QnGeoError:
            continue  # told by `damaged`
    return found


def read(folder: Path) -> Entry:
    """Read an entry.

    Raises:
        QnGeoError: If it cannot be read, or is not what we write.
    """
    try:
        held = json.loads((folder / ENTRY).read_text(encoding="utf-8"))
        entry = Entry(**{**held, "files": {path: (pair[0], pair[1]) for path, pair in held["files"].items()}})
        _refuse_foreign(entry, folder)
    except (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError) as error:
        raise QnGeoError(
            f"Mục lịch sử này bị hỏng ({error}).",
            f"This history entry is damaged ({error}).",
            file=str(folder),
            remedy_vi="lấy lại thư mục này từ bản sao lưu, hoặc chuyển nó ra khỏi thư mục lịch sử.",
            remedy_en="bring the folder back from a backup, or move it out of the history folder.",
        ) from error
    return entry


def _refuse_foreign(entry: Entry, folder: Path) -> None:
    """Refuse an entry that is not of this folder, or would write outside the data directory."""
    strange = [path for path in entry.files if PurePosixPath(path).is_absolute() or ".." in path.split("/")]
    if entry.id != folder.name or entry.state not in get_args(State) or strange:
        raise ValueError(", ".join(strange) or f"{entry.id}, {entry.state}")


def save(folder: Path, entry: Entry) -> Entry:
    """Write an entry into its folder, whole or not at all, and return it."""
    durable.write(folder / ENTRY, json_bytes(asdict(entry)))
    return entry


def digest(path: Path) -> str | None:
    """Return a file's SHA-256, None if it is not there."""
    return hashed(path.read_bytes()) if path.is_file() else None


def hashed(content: bytes | None) -> str | None:
    """Return the SHA-256 of a content, None if there is none."""
    return None if content is None else hashlib.sha256(content).hexdigest()


def former(store: Path, entry: Entry, path: str) -> bytes | None:
    """Return what a file held before an entry; None if there was no such file.

    Raises:
        QnGeoError: If the entry has lost it.
    """
    before = entry.files[path][0]
    if before is None:
        return None
    kept = store / entry.id / "old" / path
    if digest(kept) != before:
        raise lost(store / entry.id, path)
    return kept.read_bytes()


def lost(folder: Path, path: str) -> QnGeoError:
    """Return the error for a former file that is not there any more, or not what it was."""
    return QnGeoError(
        f"Mục lịch sử thiếu bản cũ của {path}, hoặc bản đó bị hỏng.",
        f"The history entry has lost the former {path}, or it is damaged.",
        file=str(folder),
        remedy_vi="lấy lại thư mục này từ bản sao lưu; hoặc lấy lại dữ liệu gốc (git checkout data) rồi xóa nó.",
        remedy_en="bring the folder back from a backup; or restore the data (git checkout data) and delete it.",
    )
