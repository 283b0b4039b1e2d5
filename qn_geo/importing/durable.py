"""Files that are either the old or the new one, whole, whenever the power fails."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, content: bytes) -> None:
    """Write a file so that after a power failure it is either the old or the new one, whole.

    Raises:
        OSError: If the disk is full or not writable; the old file is still there then, and nothing else.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)  # on a full disk it would stand in the way of undoing
        raise
    _sync_folder(path.parent)


def move(source: Path, target: Path) -> None:
    """Put `source` in the place of `target`, or remove `target` when there is no source.

    On one disk this needs no room.

    Raises:
        OSError: If the disk does not allow it; `target` is as it was then.
    """
    if not source.is_file():
        target.unlink(missing_ok=True)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        write(target, source.read_bytes())  # the two lie on different disks
        source.unlink()
    _sync_folder(target.parent)


def reveal(source: Path, target: Path) -> None:
    """Give a folder whose files were all written with `write` its name, so that it is there whole or not at all.

    Raises:
        OSError: If the disk does not allow it, or there is a folder of that name that is not empty.
    """
    _sync_folder(source)
    source.rename(target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename last; Windows has no handle for folders and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
