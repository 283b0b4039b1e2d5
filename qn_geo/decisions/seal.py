"""The ledger's second witness: a file beside the database that keeps the hash of every entry.

A database can be edited together with its own checks; this file then still tells what stood there. It only ever
grows: a line is added after the entry is on the disk and before the decision is acknowledged. So an entry without a
line was never acknowledged, and a line without its entry is a loss.
"""

from __future__ import annotations

import logging
import os
import re
from typing import TYPE_CHECKING, Final

from filelock import FileLock, Timeout

from qn_geo.importing import durable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from qn_geo.decisions.ledger import Entry

_LINE: Final = re.compile(rb"([1-9]\d{0,9}) ([0-9a-f]{64})")
_LINE_LIMIT: Final = 100
_PATIENCE_SECONDS: Final = 10
_log = logging.getLogger(__name__)


class Seal:
    """The seal of one ledger.

    Args:
        folder: Folder of the review.
        ledger_id: The ledger; another ledger in the same folder has its own file.
    """

    def __init__(self, folder: Path, ledger_id: str) -> None:
        """Name the file; nothing is opened."""
        self.path = folder / f"ledger-{ledger_id[:12]}.seal"

    def create(self) -> None:
        """Begin an empty seal unless there is one.

        Raises:
            OSError: If the disk is full or may not be written.
        """
        if not self.path.exists():
            durable.write(self.path, b"")

    def write(self, hashes: Mapping[int, str]) -> None:
        """Put these hashes in the place of all that was there; only a restoration does this.

        Raises:
            OSError: If the disk is full or may not be written.
        """
        durable.write(self.path, _lines(hashes.items()))

    def add(self, entries: Iterable[Entry]) -> None:
        """Add lines for entries that are on the disk.

        A failure is logged, not raised: the entries are recorded, and a reviewer who is told otherwise would decide
        twice. `verify` says how many entries have no line.
        """
        try:
            with FileLock(self.path.with_suffix(".lock"), timeout=_PATIENCE_SECONDS), self.path.open("r+b") as stream:
                _drop_unfinished_line(stream)
                stream.write(_lines((entry.seq, entry.hash) for entry in entries))
                stream.flush()
                os.fsync(stream.fileno())
        except (OSError, Timeout):
            _log.exception("The decisions are recorded, but their hashes could not be added to %s", self.path)

    def read(self) -> dict[int, str] | None:
        """Return the first hash sealed for each entry; None when the file is not there or was damaged.

        Raises:
            OSError: If the file is there and cannot be read.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return None
        sealed: dict[int, str] = {}
        for line in content.split(b"\n")[:-1]:  # what follows the last line end was cut short by a crash
            match = _LINE.fullmatch(line)
            if match is None:
                return None
            sealed.setdefault(int(match[1]), match[2].decode())
        return sealed


def _lines(hashes: Iterable[tuple[int, str]]) -> bytes:
    return b"".join(f"{seq} {value}\n".encode() for seq, value in hashes)


def _drop_unfinished_line(stream: BinaryIO) -> None:
    """Leave the stream at the end of its last whole line; a crash or a full disk may have cut one short."""
    end = stream.seek(0, os.SEEK_END)
    tail = stream.seek(max(0, end - _LINE_LIMIT))
    stream.truncate(tail + stream.read().rfind(b"\n") + 1)
    stream.seek(0, os.SEEK_END)
