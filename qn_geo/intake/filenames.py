"""Names of files as senders give them: what is shown of them, and what is harmless on every disk."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath
from typing import Final

_UNSAFE: Final = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_SHOWN: Final = 200  # no disk holds a much longer one
_LONGEST_SAFE: Final = 80


def shown(name: str) -> str:
    """Return what to call a file: without folders, and without what cannot be seen or turns the direction of reading.

    Of a name that is too long the end is kept: it tells the kind.
    """
    last = PurePosixPath(name.replace("\\", "/")).name
    seen = "".join(letter if letter.isprintable() else " " for letter in last).strip()
    return seen[-_LONGEST_SHOWN:] or "?"


def safe(name: str) -> str:
    """Return what of a name, as `shown`, is harmless on every disk: letters and digits without marks."""
    plain = unicodedata.normalize("NFKD", name.replace("đ", "d").replace("Đ", "D"))
    return _UNSAFE.sub("_", plain.encode("ascii", "ignore").decode()).strip("._")[-_LONGEST_SAFE:] or "file"
