"""A sheet of paper in millimetres that charts are drawn on with Matplotlib, its text measured with its own font.

Matplotlib is used through its objects only and keeps no state between pictures; it is loaded with the first of them.
"""

from __future__ import annotations

import io
import os
import re
import tempfile
import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, Literal

from qn_geo.charts.frame import PAPER
from qn_geo.report.lettering import fonts, settable, width
from qn_geo.style import INK

if TYPE_CHECKING:
    from collections.abc import Sequence

Align = Literal["left", "center", "right"]

INCH: Final = 25.4
POINT: Final = INCH / 72  # millimetres
ASCENT: Final = 0.76  # of the size: from the line letters stand on to the top of capitals, of accented ones nearly
DESCENT: Final = 0.22
LEADING: Final = 1.28  # from line to line, of the size
BOLD: Final = 600

_FILES: Final = {400: "400Regular/Inter_400Regular.ttf", BOLD: "600SemiBold/Inter_600SemiBold.ttf"}
_HEAD: Final = re.compile(r".*?<svg [^>]*?(?=viewBox)", re.DOTALL)
_DASHES: Final[dict[str, Any]] = {
    "solid": "solid",
    "dash": (0, (4, 2)),
    "dashdot": (0, (4, 2, 1, 2)),
    "dot": (0, (1, 1.6)),
    "longdash": (0, (7, 2)),
}


_LOADING: Final = threading.Lock()  # the environment belongs to all threads


@lru_cache(maxsize=1)
def _matplotlib() -> Any:
    """Return the library, loaded without a trace: neither does it read a user's settings nor leave a list of fonts."""
    with _LOADING, tempfile.TemporaryDirectory(prefix="qn-geo-") as folder:
        before = os.environ.get("MPLCONFIGDIR")
        os.environ["MPLCONFIGDIR"] = folder
        try:
            import matplotlib.figure  # noqa: PLC0415 - it takes half a second, and few who import charts draw them
        finally:
            os.environ.pop("MPLCONFIGDIR", None)
            os.environ |= {} if before is None else {"MPLCONFIGDIR": before}
    # Text stays text, and the same chart is the same file.
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "qn-geo", "hatch.linewidth": 0.55})
    return matplotlib


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on the sheet, millimetres from the left and from the top."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: Box, apart: float = 0.0) -> bool:
        """Return whether two boxes overlap, or lie nearer to each other than `apart`."""
        return (
            self.left < other.right + apart
            and other.left < self.right + apart
            and self.top < other.bottom + apart
            and other.top < self.bottom + apart
        )

    def within(self, other: Box) -> bool:
        """Return whether the box lies inside another."""
        return (
            self.left >= other.left
            and self.right <= other.right
            and self.top >= other.top
            and self.bottom <= other.bottom
        )


class Canvas:
    """The sheet.

    Attributes:
        wide: Width, millimetres.
        high: Height, millimetres.
        size: Height of its letters, millimetres.
        texts: Where texts stand.
        figure: Matplotlib's picture.
    """

    def __init__(self, wide: float, high: float, size_pt: float) -> None:
        """Take a sheet of this size in millimetres, with letters of so many points."""
        self.wide, self.high, self.size = wide, high, size_pt * POINT
        self.texts: list[Box] = []
        self.figure = _matplotlib().figure.Figure(figsize=(wide / INCH, high / INCH))
        self._axes = self.figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(0, wide)
        self._axes.set_ylim(high, 0)

    @property
    def line(self) -> float:
        """From one line of text to the next, millimetres."""
        return self.size * LEADING

    def long(self, words: str, *, bold: bool = False) -> float:
        """Return how long words are on one line, millimetres."""
        return long(words, self.size, bold=bold)

    def box(self, x: float, y: float, words: str, align: Align = "left", *, bold: bool = False) -> Box:
        """Return the box of words that stand on `y`."""
        wide = self.long(words, bold=bold)
        left = x - {"left": 0.0, "center": wide / 2, "right": wide}[align]
        return Box(left, y - self.size * ASCENT, left + wide, y + self.size * DESCENT)

    def text(  # noqa: PLR0913 - what a text looks like
        self, x: float, y: float, words: str, align: Align = "left", *, colour: str = INK, bold: bool = False
    ) -> Box:
        """Write words on one line whose letters stand on `y`, and return their box."""
        weight = BOLD if bold else 400
        font = _matplotlib().font_manager.FontProperties(
            family="Inter", weight=weight, size=self.size / POINT, fname=str(fonts() / _FILES[weight])
        )
        self._add(
            _matplotlib().text.Text(
                x, y, settable(words), color=colour, fontproperties=font, ha=align, va="baseline", parse_math=False,
                transform=self._axes.transData,
            )
        )  # fmt: skip
        box = self.box(x, y, settable(words), align, bold=bold)
        self.texts.append(box)
        return box

    def bar(self, box: Box, colour: str, *, hatched: bool = False, hollow: bool = False) -> None:
        """Draw a bar: solid, hatched, or nothing but an outline."""
        face = PAPER if hatched or hollow else colour
        style = {"hatch": "///////"} if hatched else {}
        place = (box.left, box.top), box.right - box.left, box.bottom - box.top
        self._add(_matplotlib().patches.Rectangle(*place, facecolor=face, edgecolor=colour, linewidth=0.7, **style))

    def stroke(
        self,
        xs: Sequence[float],
        ys: Sequence[float],
        colour: str,
        points: float,
        dash: str = "solid",
    ) -> None:
        """Draw a line of so many points' width."""
        self._add(
            _matplotlib().lines.Line2D(
                xs, ys, color=colour, linewidth=points, linestyle=_DASHES[dash], solid_joinstyle="round"
            )
        )

    def mark(self, x: float, y: float, colour: str, *, hollow: bool = False, diamond: bool = False) -> None:
        """Draw the mark of a point: round for a fact, a diamond for a plan or target, hollow where it is ours."""
        self._add(
            _matplotlib().lines.Line2D(
                [x], [y], marker="D" if diamond else "o", markersize=self.size / POINT * (0.5 if diamond else 0.58),
                markerfacecolor=PAPER if hollow else colour, markeredgecolor=colour, markeredgewidth=1.0, linestyle="",
            )
        )  # fmt: skip

    def _add(self, artist: Any) -> None:
        artist.set_clip_on(False)
        artist.set_zorder(len(self._axes.get_children()))  # what comes later lies on top
        self._axes.add_artist(artist)

    def svg(self) -> str:
        """Return the sheet as SVG whose size is in millimetres, with text as text."""
        out = io.StringIO()
        no_traces = {"Date": None, "Creator": None, "Format": None, "Type": None}
        self.figure.savefig(out, format="svg", transparent=True, metadata=no_traces)
        head = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        size = f'width="{self.wide:g}mm" height="{self.high:g}mm" '
        return _HEAD.sub(head + size, out.getvalue(), count=1)


def long(words: str, size: float, *, bold: bool = False) -> float:
    """Return how long words are on one line at a letter size, both in millimetres."""
    return width(words, BOLD if bold else 400) * size


def wrapped(words: str, room: float, size: float, *, bold: bool = False) -> list[str]:
    """Return words on as many lines as they need at a letter size; a word longer than a line is broken."""
    lines: list[str] = []
    for word in words.split():
        joined = f"{lines[-1]} {word}" if lines else word
        if lines and long(joined, size, bold=bold) <= room:
            lines[-1] = joined
            continue
        *full, rest = _broken(word, room, size, bold=bold)
        lines += [*full, rest]
    return lines


def _broken(word: str, room: float, size: float, *, bold: bool) -> list[str]:
    parts = [""]
    for letter in word:
        if parts[-1] and long(parts[-1] + letter, size, bold=bold) > room:
            parts.append("")
        parts[-1] += letter
    return parts
