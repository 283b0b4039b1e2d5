"""Change data files as one: all of them or none, also when the power fails in between, and keep what was there.

The state of an entry is written before and after the files move, so a run that was cut short is told by an entry that
still says "moving", and is undone by the next command. Undoing needs no room on the disk: the new files go first, and
the former ones are moved back, not copied. A build goes the same way, but leaves no entry behind.
"""

from __future__ import annotations

import secrets
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from qn_geo.errors import QnGeoError
from qn_geo.importing import durable, entries
from qn_geo.importing import store as place
from qn_geo.importing.entries import ENTRY, Entry
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from qn_geo.errors import Problem
    from qn_geo.importing.entries import Action

PATIENCE_SECONDS = 5


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
        return [_stuck(store / entry.id, error).problem for entry in unfinished] + entries.damaged(store)
    return entries.damaged(store)


def _unfinished(store: Path) -> list[Entry]:
    return [entry for entry in entries.readable(store) if entry.state == "moving"]


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
    with _moved(store, deed, contents) as (folder, entry):
        if verify is not None:
            verify()
        done = entries.save(folder, replace(entry, state="done"))
    shutil.rmtree(folder / "new", ignore_errors=True)
    return done


def install(store: Path, contents: Mapping[str, bytes | None]) -> None:
    """Put generated files in place as `record` does, but keep nothing: what is built can be built again.

    Raises:
        OSError: As `record`.
        QnGeoError: As `record`.
    """
    with _moved(store, Deed("build", "", ""), contents) as (folder, _entry):
        (folder / ENTRY).unlink()  # from here on there is nothing to be undone
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _moved(store: Path, deed: Deed, contents: Mapping[str, bytes | None]) -> Iterator[tuple[Path, Entry]]:
    """Move new contents into place and yield the entry's folder; what fails, also inside the block, is undone."""
    data_dir = settings().data_dir
    moment = datetime.now(UTC)
    entry_id = f"{moment:%Y%m%d-%H%M%S-%f}-{secrets.token_hex(2)}"  # sorts by time
    folder = store / entry_id
    _need_room(store, deed, contents)
    files = {path: (entries.digest(data_dir / path), entries.hashed(content)) for path, content in contents.items()}
    when = moment.astimezone().isoformat(timespec="seconds")
    entry = Entry(entry_id, when, deed.who, deed.action, deed.subject, "prepared", files)
    try:
        _prepare(folder, deed, contents)
        entries.save(folder, entry)
        entry = entries.save(folder, replace(entry, state="moving"))
        for path in files:
            durable.move(folder / "new" / path, data_dir / path)
        yield folder, entry
    except BaseException:
        _undo(store, entry)
        raise


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


def staging(store: Path) -> Path:
    """Return a new empty folder on the disk of the store; what a cut-short run leaves of it is removed later."""
    folder = store / f"{place.STAGING}{secrets.token_hex(4)}"
    folder.mkdir(parents=True)
    return folder


def _undo_unfinished(store: Path) -> None:
    for folder in sorted(store.iterdir()):
        if place.is_staging(folder) or (place.is_entry(folder) and not (folder / ENTRY).is_file()):
            shutil.rmtree(folder, ignore_errors=True)
    for entry in entries.readable(store):
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
                elif entries.digest(data_dir / path) != before:
                    raise entries.lost(folder, path)
        (folder / ENTRY).unlink(missing_ok=True)
    except OSError as error:
        raise _stuck(folder, error) from error
    shutil.rmtree(folder, ignore_errors=True)


def _stuck(folder: Path, error: OSError) -> QnGeoError:
    return QnGeoError(
        f"Một lần nhập hoặc dựng dữ liệu bị ngắt và chưa hoàn tác được ({error}); dữ liệu có thể lẫn cũ và mới.",
        f"An import or build was cut short and could not be undone yet ({error}); the data may be part old, part new.",
        file=str(folder),
        remedy_vi="giải phóng ổ đĩa hoặc cho phép ghi, rồi chạy: python -m qn_geo data check.",
        remedy_en="make room on the disk or make it writable, then run: python -m qn_geo data check.",
    )
