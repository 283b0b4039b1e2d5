"""Change data files as one: all of them or none, also when the power fails in between, and keep what was there.

An entry is a folder in the store: `entry.json`, the former files under `old/`, the new ones under `new/` while they
are being put in place. Its state is written before and after the files move, so a run that was cut short is told by an
entry that still says "moving", and is undone by the next command. Undoing needs no room on the disk: the new files go
first, and the former ones are moved back, not copied.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final, Literal, get_args

from filelock import FileLock, Timeout

from qn_geo.errors import Problem, QnGeoError
from qn_geo.importing import durable
from qn_geo.importing import store as place
from qn_geo.importing.targets import json_bytes
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

State = Literal["prepared", "moving", "done"]
Action = Literal["import", "restore"]
ENTRY: Final = "entry.json"
PATIENCE_SECONDS = 5


@dataclass(frozen=True)
class Entry:
    """One change of the data.

    Attributes:
        id: When it was, and four letters.
        when: Local time in ISO form.
        who: Who did it.
        action: "import" or "restore".
        subject: Name of the imported file, or id of the entry that was undone.
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


class BusyError(QnGeoError):
    """Another command holds the store."""


@contextmanager
def locked(*, patient: bool = True) -> Iterator[Path]:
    """Hold the store alone and yield its folder; what a run that was cut short left behind is undone first.

    Args:
        patient: Whether to wait a moment for another command to finish.

    Raises:
        BusyError: If another import, restoration or build is running.
        QnGeoError: If the folder is no store, or an unfinished change cannot be undone.
        OSError: If the store cannot be written.
    """
    store = settings().store_dir
    place.check(store)
    store.mkdir(parents=True, exist_ok=True)
    lock = FileLock(store / place.LOCK)
    try:
        lock.acquire(timeout=PATIENCE_SECONDS if patient else 0)
    except Timeout as error:
        raise BusyError(
            "Một lệnh nhập, khôi phục hoặc dựng dữ liệu khác đang chạy.",
            "Another import, restoration or build is running.",
            remedy_vi="chờ lệnh đó xong rồi chạy lại.",
            remedy_en="wait until it has finished, then try again.",
        ) from error
    try:
        place.mark(store)
        _undo_unfinished(store)
        yield store
    finally:
        lock.release()


def recover() -> list[Problem]:
    """Undo a change that was cut short, so that what is read next is whole.

    Does nothing while another command holds the store, when there is none, or when it cannot be written and nothing
    is left to be undone.

    Returns:
        What stands in the way of undoing, and entries that cannot be read; the data can be read nevertheless.
    """
    store = settings().store_dir
    if not store.is_dir():
        return []
    try:
        with locked(patient=False):
            pass
    except BusyError:
        return []  # the command that holds the store looks after it
    except QnGeoError as error:
        return [error.problem]
    except OSError as error:
        unfinished = _unfinished(store)
        return [_stuck(store / entry.id, error).problem for entry in unfinished] + damaged(store)
    return damaged(store)


def entries(store: Path) -> list[Entry]:
    """Return the finished changes, oldest first; those that cannot be read are left out, see `damaged`."""
    return [entry for entry in _readable(store) if entry.state == "done"]


def damaged(store: Path, since: str = "") -> list[Problem]:
    """Return a complaint for each entry that cannot be read, from one id on."""
    problems = []
    for folder in _entry_folders(store):
        if folder.name < since:
            continue
        try:
            _read(folder)
        except QnGeoError as error:
            problems.append(error.problem)
    return problems


def _entry_folders(store: Path) -> list[Path]:
    """Return the folders of changes, oldest first: their names begin with the time."""
    try:
        return sorted(folder for folder in store.iterdir() if place.is_entry(folder) and (folder / ENTRY).is_file())
    except OSError:
        return []  # no store, or none for this user


def _readable(store: Path) -> list[Entry]:
    found = []
    for folder in _entry_folders(store):
        try:
            found.append(_read(folder))
        except QnGeoError:
            continue  # told by `damaged`
    return found


def _unfinished(store: Path) -> list[Entry]:
    return [entry for entry in _readable(store) if entry.state == "moving"]


@dataclass(frozen=True)
class Deed:
    """What is to be written down about a change; `offered` is the imported file, kept beside the entry."""

    action: Action
    subject: str
    who: str
    offered: Path | None = None


def record(
    store: Path, deed: Deed, contents: Mapping[str, bytes | None], verify: Callable[[], None] | None = None
) -> Entry:
    """Put new contents in place of data files and keep the former ones; either all files change or none.

    Args:
        store: The store, held by `locked`.
        deed: What is done, by whom.
        contents: New bytes by path in the data directory; None removes the file.
        verify: Called with the new files in place; if it raises, the former ones come back.

    Raises:
        OSError: If the disk is full or not writable; the former state is back in place then.
        QnGeoError: If the disk has too little room from the start, or the former state could not be put back.
    """
    data_dir = settings().data_dir
    moment = datetime.now(UTC)
    entry_id = f"{moment:%Y%m%d-%H%M%S-%f}-{secrets.token_hex(2)}"  # sorts by time
    folder = store / entry_id
    _need_room(store, deed, contents)
    files = {path: (digest(data_dir / path), _hash(content)) for path, content in contents.items()}
    when = moment.astimezone().isoformat(timespec="seconds")
    entry = Entry(entry_id, when, deed.who, deed.action, deed.subject, "prepared", files)
    try:
        _prepare(folder, deed, contents)
        _save(folder, entry)
        entry = _save(folder, replace(entry, state="moving"))
        for path in files:
            durable.move(folder / "new" / path, data_dir / path)
        if verify is not None:
            verify()
        done = _save(folder, replace(entry, state="done"))
    except BaseException:
        _undo(store, entry)
        raise
    shutil.rmtree(folder / "new", ignore_errors=True)
    return done


def _need_room(store: Path, deed: Deed, contents: Mapping[str, bytes | None]) -> None:
    """Refuse a change that the disks of the store and of the data have no room for."""
    data_dir = settings().data_dir
    new = sum(len(content) for content in contents.values() if content is not None)
    old = sum((data_dir / path).stat().st_size for path in contents if (data_dir / path).is_file())
    offered = deed.offered.stat().st_size if deed.offered is not None else 0
    place.need_room(store, new + old + offered)
    place.need_room(data_dir, new)


def _prepare(folder: Path, deed: Deed, contents: Mapping[str, bytes | None]) -> None:
    """Lay the offered file, the former files and the new ones into the folder of a change."""
    data_dir = settings().data_dir
    if deed.offered is not None:
        durable.write(folder / "offered" / deed.offered.name, deed.offered.read_bytes())
    for path, content in contents.items():
        if (data_dir / path).is_file():
            durable.write(folder / "old" / path, (data_dir / path).read_bytes())
        if content is not None:
            durable.write(folder / "new" / path, content)


def install(staged: Path, paths: Iterable[str]) -> None:
    """Move generated files from a staging folder into the data directory, each of them whole or not at all."""
    for path in paths:
        durable.move(staged / path, settings().data_dir / path)


def digest(path: Path) -> str | None:
    """Return a file's SHA-256, None if it is not there."""
    return _hash(path.read_bytes()) if path.is_file() else None


def _hash(content: bytes | None) -> str | None:
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
        raise _lost(store / entry.id, path)
    return kept.read_bytes()


def staging(store: Path) -> Path:
    """Return a new empty folder on the disk of the store; what a cut-short run leaves of it is removed later."""
    folder = store / f"{place.STAGING}{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    return folder


def _undo_unfinished(store: Path) -> None:
    for folder in sorted(store.iterdir()):
        if place.is_staging(folder) or (place.is_entry(folder) and not (folder / ENTRY).is_file()):
            shutil.rmtree(folder, ignore_errors=True)
    for entry in _readable(store):
        if entry.state != "done":
            _undo(store, entry)


def _undo(store: Path, entry: Entry) -> None:
    """Put the former files back and forget the entry. Safe to repeat: a file that was put back is told by its hash.

    Raises:
        QnGeoError: If the disk does not allow it, or the entry has lost a file.
    """
    folder, data_dir = store / entry.id, settings().data_dir
    try:
        shutil.rmtree(folder / "new", ignore_errors=True)  # makes room
        if entry.state == "moving":
            for path, (before, _after) in entry.files.items():
                kept = folder / "old" / path
                if before is None:
                    (data_dir / path).unlink(missing_ok=True)
                elif kept.is_file():
                    durable.move(kept, data_dir / path)
                elif digest(data_dir / path) != before:
                    raise _lost(folder, path)
        (folder / ENTRY).unlink(missing_ok=True)
    except OSError as error:
        raise _stuck(folder, error) from error
    shutil.rmtree(folder, ignore_errors=True)


def _stuck(folder: Path, error: OSError) -> QnGeoError:
    return QnGeoError(
        f"Một lần nhập bị ngắt và chưa hoàn tác được ({error}); dữ liệu có thể lẫn cũ và mới.",
        f"An import was cut short and could not be undone yet ({error}); the data may be part old, part new.",
        file=str(folder),
        remedy_vi="giải phóng ổ đĩa hoặc cho phép ghi, rồi chạy: python -m qn_geo data check.",
        remedy_en="make room on the disk or make it writable, then run: python -m qn_geo data check.",
    )


def _lost(folder: Path, path: str) -> QnGeoError:
    return QnGeoError(
        f"Mục lịch sử thiếu bản cũ của {path}, hoặc bản đó bị hỏng.",
        f"The history entry has lost the former {path}, or it is damaged.",
        file=str(folder),
        remedy_vi="lấy lại thư mục này từ bản sao lưu; hoặc lấy lại dữ liệu gốc (git checkout data) rồi xóa nó.",
        remedy_en="bring the folder back from a backup; or restore the data (git checkout data) and delete it.",
    )


def _read(folder: Path) -> Entry:
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


def _save(folder: Path, entry: Entry) -> Entry:
    durable.write(folder / ENTRY, json_bytes(asdict(entry)))
    return entry
