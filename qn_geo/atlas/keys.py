"""Where the legend of a picture stands: in columns beside or below the map, whichever leaves the map more room."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING, Final

from qn_geo import style
from qn_geo.atlas.signs import HIGH, WIDE
from qn_geo.report import lettering, paper

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from qn_geo.atlas.signs import Sign

_LETTERS: Final = 2.3  # millimetres on a sheet held in the hand: 6.5 points, and no print is smaller
_LEADING: Final = 1.18
_GAP: Final = 0.5  # between entries
_COLUMNS: Final = (46.0, 37.0)  # how wide columns may be
_COLUMN_GAP: Final = 3.0
_PAD: Final = 3.0  # between map and legend
_SMALLER: Final = (1.0, 0.88, 0.78, 0.7)
_LEAST_MAP: Final = 0.4  # of the picture, rather,
_SMALLEST_MAP: Final = 0.25  # than this
_READABLE: Final = 0.7  # how much larger letters count against a larger map
_HEAD = "head"
_TIGHTER: Final = 0.95
_SLACK: Final = 0.1


@dataclass(frozen=True)
class Place:
    """How a picture is divided.

    Attributes:
        width: Width of the map, millimetres.
        height: Its height.
        corner: Upper left corner of the legend.
        room: Width of the legend; 0 where there is none.
        tall: Its largest height.
        columns: Its columns.
        size: Its letters are so many times as large as on a sheet held in the hand,
        smaller: and so many times as large as those of the map.
    """

    width: float
    height: float
    corner: tuple[float, float] = (0, 0)
    room: float = 0
    tall: float = 0
    columns: int = 1
    size: float = 1
    smaller: float = 1

    def legend(self, signs: Sequence[Sign], note: str) -> str:
        """Return the legend in its place, in smaller letters where it was longer than expected."""
        if not self.room:
            return ""
        drawn, tall = _block(signs, note, self)
        if tall > self.tall + _SLACK:
            return replace(self, size=self.size * _TIGHTER, smaller=self.smaller * _TIGHTER).legend(signs, note)
        return _moved(drawn, *self.corner)


@dataclass(frozen=True)
class _Line:
    """An entry, a heading or the closing note: its lines of words, and the room it takes."""

    words: tuple[str, ...]
    height: float
    sign: Sign | None = None
    kind: str = ""


def divide(signs: Sequence[Sign], note: str, extent: tuple[float, float], size: float, aspect: float) -> Place:
    """Divide a picture between map and legend.

    Args:
        signs: The legend.
        note: A sentence at its end.
        extent: Width and height of the picture, millimetres.
        size: Letters are so many times as large as on a sheet held in the hand.
        aspect: Width of what is to be seen, of its height.
    """
    whole = extent[0] * extent[1]
    every = [
        place
        for smaller in _SMALLER
        if smaller == max(_SMALLER) or size * smaller >= 1
        for column in _COLUMNS
        for place in _places(signs, note, extent, column, size * smaller, smaller)
    ]
    for share in (_LEAST_MAP, _SMALLEST_MAP):
        if found := [place for place in every if place.width * place.height >= share * whole]:
            return max(found, key=lambda place: min(place.width / aspect, place.height) * place.smaller**_READABLE)
    return Place(*extent)  # a picture too small for its legend is better without one


def _places(  # noqa: PLR0913, PLR0917 - what a place depends on
    signs: Sequence[Sign], note: str, extent: tuple[float, float], column: float, size: float, smaller: float
) -> Iterator[Place]:
    wide, high = extent
    column, gap, pad = column * size, _COLUMN_GAP * size, _PAD * size
    lines = list(_lines(signs, note, column, size))
    for count in (1, 2):
        taken = count * (column + gap) - gap
        if taken + pad < wide * (1 - _SMALLEST_MAP) and _height(lines, count) <= high:
            yield Place(wide - taken - pad, high, (wide - taken, 0), taken, high, count, size, smaller)
    count = max(int((wide + gap) / (column + gap)), 1)
    tall = _height(list(_lines(signs, note, (wide - (count - 1) * gap) / count, size)), count)
    if tall + pad < high * (1 - _SMALLEST_MAP):
        yield Place(wide, high - tall - pad, (0, high - tall), wide, tall, count, size, smaller)


def _moved(drawn: str, x: float, y: float) -> str:
    return f'<g transform="translate({x:.2f} {y:.2f})">{drawn}</g>'


def _block(signs: Sequence[Sign], note: str, place: Place) -> tuple[str, float]:
    """Return the legend in columns, filled one after the other, and its height."""
    count, size, smaller = place.columns, place.size, place.smaller
    column = (place.room - (count - 1) * _COLUMN_GAP * size) / count
    lines = list(_lines(signs, note, column, size))
    tall = _height(lines, count)
    drawn, number, y = "", 0, 0.0
    for index, line in enumerate(lines):
        needed = line.height + (lines[index + 1].height if line.kind == _HEAD else 0)
        if y and y + needed > tall + 0.01 and number < count - 1:
            number, y = number + 1, 0.0
        drawn += _moved(_drawn(line, size, smaller), number * (column + _COLUMN_GAP * size), y)
        y += line.height
    return drawn, tall


def _height(lines: Sequence[_Line], count: int) -> float:
    """Return the least height at which so many columns hold all lines; a heading is never the last of a column."""
    whole = sum(line.height for line in lines)
    tall = max(whole / count, max((line.height for line in lines), default=0))
    while _columns(lines, tall) > count:
        tall += 0.5
    return tall


def _columns(lines: Sequence[_Line], tall: float) -> int:
    number, y = 1, 0.0
    for index, line in enumerate(lines):
        needed = line.height + (lines[index + 1].height if line.kind == _HEAD else 0)
        if y and y + needed > tall + 0.01:
            number, y = number + 1, 0.0
        y += line.height
    return number


def _lines(signs: Sequence[Sign], note: str, column: float, size: float) -> Iterator[_Line]:
    letters, row = _LETTERS * size, HIGH * size
    beside = column - (WIDE + 1.6) * size
    for group, some in groupby(signs, key=lambda sign: sign.group):
        yield _Line((group,), (_LETTERS * 1.6 + 0.4) * size, kind=_HEAD)
        for sign in some:
            words = wrapped(sign.label, beside / letters)
            yield _Line(words, max(len(words) * letters * _LEADING, row) + _GAP * size, sign)
    if note:
        words = wrapped(note, column / (_LETTERS * size))
        yield _Line(words, (len(words) * _LETTERS * _LEADING + 1.2) * size)


def wrapped(words: str, longest: float) -> tuple[str, ...]:
    """Return words in lines that are at most so many times as long as their letters are high."""
    lines: list[str] = []
    for word in lettering.settable(words).split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and lettering.width(longer) <= longest:
            lines[-1] = longer
        else:
            lines.append(word)
    return tuple(lines)


def _drawn(line: _Line, size: float, smaller: float) -> str:
    if line.sign is None:
        letters, weight = _LETTERS * size, 600 if line.kind else 400
        top = line.height - 0.8 * letters if line.kind else 1.2 * size + letters / 2
        return "".join(
            paper.text(
                (0, top + i * letters * _LEADING),
                words,
                letters,
                colour="#52606d",
                weight=weight,
                rim=False,
                anchor="start",
            )
            for i, words in enumerate(line.words)
        )
    letters, row = _LETTERS * size, HIGH * size
    middle = max(row, len(line.words) * letters * _LEADING) / 2
    first = middle - (len(line.words) - 1) / 2 * letters * _LEADING
    sign = f'<g transform="translate(0 {middle - row / 2:.2f}) scale({smaller:g})">{line.sign.inner}</g>'
    return sign + "".join(
        paper.text(
            ((WIDE + 1.6) * size, first + i * letters * _LEADING),
            words,
            letters,
            colour=style.INK,
            rim=False,
            anchor="start",
        )
        for i, words in enumerate(line.words)
    )
