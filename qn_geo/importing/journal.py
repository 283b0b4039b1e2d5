"""Change data files as one: all of them or none, also when the power fails in between, and keep what was there.

An entry is a folder in the store: `entry.json`, the former files under `old/`, the new ones under `new/` while they
are being put in place. Its state is written before and after the files move, so a run that was cut short is told by an
entry that still says "moving", and is undone by the next command.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Literal

from filelock import FileLock, Timeout

from qn_geo.errors import QnGeoError
from qn_geo.importing.targets import json_bytes
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

State = Literal["prepared", "moving", "done"]
ENTRY: Final = "entry.json"
STAGING: Final = "staging-"
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
    action: Literal["import", "restore"]
    subject: str
    state: State
    files: dict[str, tuple[str | None, str | None]]


@contextmanager
def locked(*, patient: bool = True) -> Iterator[Path]:
    """Hold the store alone and yield its folder; what a run that was cut short left behind is undone first.

    Args:
        patient: Whether to wait a moment for another command to finish.

    Raises:
        QnGeoError: If another import or restoration is running.
    """
    store = settings().store_dir
    store.mkdir(parents=True, exist_ok=True)
    lock = FileLock(store / "lock")
    try:
        lock.acquire(timeout=PATIENCE_SECONDS if patient else 0)
    except Timeout as error:
        raise QnGeoError(
            "Một lệnh nhập hoặc khôi phục khác đang chạy.",
            "Another import or restoration is running.",
            remedy_vi="chờ lệnh đó xong rồi chạy lại.",
            remedy_en="wait until it has finished, then try again.",
        ) from error
    try:
        _undo_unfinished(store)
        yield store
    finally:
        lock.release()


def recover() -> None:
    """Undo a change that was cut short. Does nothing while another command holds the store, or there is none."""
    if not settings().store_dir.is_dir():
        return
    try:
        with locked(patient=False):
            pass
    except QnGeoError:
        return  # the command that holds the store looks after it


def entries(store: Path) -> list[Entry]:
    """Return the finished changes, oldest first."""
    found = [_read(folder) for folder in store.iterdir() if (folder / ENTRY).is_file()] if store.is_dir() else []
    return sorted((entry for entry in found if entry.state == "done"), key=lambda entry: entry.id)


@dataclass(frozen=True)
class Deed:
    """What is to be written down about a change; `offered` is the imported file, kept beside the entry."""

    action: Literal["import", "restore"]
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
    """
    data_dir = settings().data_dir
    moment = datetime.now(UTC)
    entry_id = f"{moment:%Y%m%d-%H%M%S-%f}-{secrets.token_hex(2)}"  # sorts by time
    folder = store / entry_id
    files = {path: (digest(data_dir / path), _hash(content)) for path, content in contents.items()}
    when = moment.astimezone().isoformat(timespec="seconds")
    entry = Entry(entry_id, when, deed.who, deed.action, deed.subject, "prepared", files)
    if deed.offered is not None:
        _write(folder / "offered" / deed.offered.name, deed.offered.read_bytes())
    for path, content in contents.items():
        if (data_dir / path).is_file():
            _write(folder / "old" / path, (data_dir / path).read_bytes())
        if content is not None:
            _write(folder / "new" / path, content)
    _save(folder, entry)
    moving = _save(folder, replace(entry, state="moving"))
    try:
        for path in files:
            _put(folder / "new" / path, data_dir / path)
        if verify is not None:
            verify()
        done = _save(folder, replace(entry, state="done"))
    except BaseException:
        _undo(store, moving)
        raise
    shutil.rmtree(folder / "new", ignore_errors=True)
    return done


def digest(path: Path) -> str | None:
    """Return a file's SHA-256, None if it is not there."""
    return _hash(path.read_bytes()) if path.is_file() else None


def _hash(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


def former(store: Path, entry: Entry, path: str) -> bytes | None:
    """Return what a file held before an entry; None if there was no such file."""
    return (store / entry.id / "old" / path).read_bytes() if entry.files[path][0] else None


def staging(store: Path) -> Path:
    """Return a new empty folder on the disk of the store; what a cut-short run leaves of it is removed later."""
    folder = store / f"{STAGING}{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    return folder


def _undo_unfinished(store: Path) -> None:
    for folder in sorted(store.iterdir()):
        if folder.name.startswith(STAGING) or (folder.is_dir() and not (folder / ENTRY).is_file()):
            shutil.rmtree(folder, ignore_errors=True)
        elif folder.is_dir():
            entry = _read(folder)
            if entry.state != "done":
                _undo(store, entry)


def _undo(store: Path, entry: Entry) -> None:
    """Put the former files back and forget the entry. Safe to repeat, because `old/` goes last."""
    folder = store / entry.id
    if entry.state == "moving":
        for path, (before, _after) in entry.files.items():
            if before is None:
                (settings().data_dir / path).unlink(missing_ok=True)
            else:
                _put(folder / "old" / path, settings().data_dir / path)
    (folder / ENTRY).unlink(missing_ok=True)
    shutil.rmtree(folder, ignore_errors=True)


def _read(folder: Path) -> Entry:
    held = json.loads((folder / ENTRY).read_text(encoding="utf-8"))
    return Entry(**{**held, "files": {path: tuple(pair) for path, pair in held["files"].items()}})


def _save(folder: Path, entry: Entry) -> Entry:
    _write(folder / ENTRY, json_bytes(asdict(entry)))
    return entry


def _write(path: Path, content: bytes) -> None:
    """Write a file so that after a power failure it is either the old or the new one, whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    with beside.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
    _sync_folder(path.parent)


def _put(source: Path, target: Path) -> None:
    """Make `target` hold what `source` holds, or remove it when there is no source."""
    if source.is_file():
        _write(target, source.read_bytes())
    else:
        target.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make a rename last; Windows has no handle for folders and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
