"""Files that are damaged, lie, or mean harm: one maker each, for `test_intake_hostile`.

A maker gets an empty folder to work in and the address of a web server that nobody may ask, and returns what is sent:
contents by name. Its title, Vietnamese | English, stands in docs/hostile-files.md.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Files = dict[str, bytes]
    Maker = Callable[[Path, str], Files]

MAKERS: dict[str, tuple[str, Maker]] = {}
GEOJSON = b'{"type": "FeatureCollection", "features": []}'
NOISE = random.Random(20260901).randbytes(300_000)  # noqa: S311 - no secret
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def maker(title: str) -> Callable[[Maker], Maker]:
    """Register a maker under the name of its function."""

    def register(function: Maker) -> Maker:
        MAKERS[function.__name__.replace("_", "-")] = (title, function)
        return function

    return register


def simple(name: str, title: str, files: Callable[[], Files]) -> None:
    """Register files that need no folder."""
    MAKERS[name] = (title, lambda _folder, _address: files())
