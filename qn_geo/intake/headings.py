"""Lines that name the plot whose corners follow them: "Lô A1", "Thửa đất số 12", "Plot B"."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from qn_geo.search.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLOT: Final = r"(?:lô|lo|ô|thửa|thua|khu|plot|lot|parcel)(?:\s+(?:đất|dat))?(?:\s+(?:số|so))?\s*[:.\-]?\s*"
# Not X1 or Y: those head columns of coordinates.
_NUMBERED: Final = re.compile(rf"(?i)(?:^|\s){_PLOT}(?![xy]\d*(?:\s|$))[a-z]{{0,6}}[-./]?\d[\w./-]*")
_LETTERED: Final = re.compile(rf"(?i:{_PLOT})(?![XY]$)[A-Z]{{1,4}}")
_COORDINATE: Final = re.compile(r"\d{5,}|\d[.,]\d{3,}|\d{1,3}(?: \d{3}){1,2}(?!\S)")
_LETTERS: Final = re.compile(r"[^\W\d_]+")


def names_plot(text: str) -> bool:
    """Return whether a line names a plot and holds no corner.

    A line of column heads ("Lô X Y") names none, nor does a corner with its plot's name in front.
    """
    line = unicodedata.normalize("NFC", text).strip()
    if _COORDINATE.search(line):
        return False
    return _NUMBERED.search(line) is not None or _LETTERED.fullmatch(line) is not None


def lone(cells: Sequence[object]) -> str | None:
    """Return the only filled cell of a row when it is a text with letters, else None."""
    filled = [cell for cell in cells if cell is not None]
    text = filled[0] if len(filled) == 1 else None
    return text if isinstance(text, str) and _LETTERS.match(text.strip()) else None


def alike(one: str, other: str) -> bool:
    """Return whether two lines are of one kind: begin with the same word, or have letters and figures alike."""
    return fold(one).split()[:1] == fold(other).split()[:1] or _form(one) == _form(other)


def _form(text: str) -> str:
    return re.sub(r"\d+", "9", _LETTERS.sub("a", text.strip()))
