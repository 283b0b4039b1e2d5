"""How large text may be in its box: measured in the product's own font, which is nearly as wide as Arial or wider."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qn_geo.charts.canvas import POINT, long, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LEADING: Final = 1.2
"""From line to line of Arial, of its size."""
_CUT: Final = "…"
_WIDER: Final = 1.05  # some digits of Arial are, than those measured
_HAIR: Final = 0.01  # millimetres that rounding may cost


def height(text: str, room: float, size: float, *, bold: bool = False) -> float:
    """Return how high a text is set, millimetres.

    Args:
        text: One paragraph a line.
        room: Width of its box without margins, millimetres.
        size: Of its letters, points.
        bold: Whether it is bold.
    """
    lines = sum(max(len(wrapped(line, room / _WIDER, size * POINT, bold=bold)), 1) for line in text.split("\n"))
    return lines * LEADING * size * POINT


def on_one_line(texts: Iterable[str], room: float, sizes: Sequence[float]) -> float:
    """Return the first size at which each of these bold texts stands on one line; the last where none does."""
    widest = max(long(text, POINT, bold=True) for text in texts) * _WIDER
    return next((size for size in sizes if widest * size <= room), sizes[-1])


def headline_of(text: str, room: tuple[float, float], sizes: Sequence[float]) -> tuple[str, float]:
    """Return a bold text and its size: on one line where the first two sizes bring it there, else as `fitted`."""
    size = on_one_line([text], room[0], [*sizes[:2], 0])
    return (text, size) if size else fitted(text, room, sizes, bold=True)


def fitted(text: str, room: tuple[float, float], sizes: Sequence[float], *, bold: bool = False) -> tuple[str, float]:
    """Return a text and the first size at which it fits; at the last size it is cut where it does not.

    Args:
        text: One paragraph a line.
        room: Width and height of its box without margins, millimetres.
        sizes: Points, the largest first.
        bold: Whether it is bold.
    """
    wide, high = room
    for size in sizes:
        if height(text, wide, size, bold=bold) <= high + _HAIR:
            return text, size
    return _cut(text, room, sizes[-1], bold=bold), sizes[-1]


def _cut(text: str, room: tuple[float, float], size: float, *, bold: bool) -> str:
    """Return as much of a text as fits, and a mark that it goes on."""
    fits, fails = 0, len(text)
    while fails - fits > 1:
        middle = (fits + fails) // 2
        if height(text[:middle].rstrip() + _CUT, room[0], size, bold=bold) <= room[1] + _HAIR:
            fits = middle
        else:
            fails = middle
    kept = text[:fits].rstrip()
    word = kept.rsplit(" ", 1)[0]
    return (word if len(word) > len(kept) / 2 else kept) + _CUT
