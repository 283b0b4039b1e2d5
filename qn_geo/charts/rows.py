"""Drawing bars with names before or above them and texts after them: rankings, structures, shares of a target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from qn_geo import i18n
from qn_geo.charts.axes import ticks
from qn_geo.charts.canvas import ASCENT, LEADING, Box, long, wrapped
from qn_geo.charts.frame import FAINT, PAPER
from qn_geo.style import INK, MUTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qn_geo.charts.canvas import Canvas
    from qn_geo.charts.series import Category, Mark, Panel

# Of the size of the letters.
_ROW: Final = 2.1  # a row whose name is one line
_THICK: Final = 1.3  # a bar
_GAP: Final = 0.5  # between a name, its bar and the text after it
_NEXT: Final = 0.7  # between rows whose names stand above the bars
_NAME: Final = 0.35  # between a name and the bar under it
_TICKS: Final = 1.9  # the axis with its numbers
_STRETCH: Final = 0.9  # rows are set so much wider apart, at most, where there is room

_PARTS: Final = " · "  # between the parts of a text after a bar
_NAMES: Final = 0.37  # of the width, for names at most
_TEXTS: Final = 0.8  # of the room for bars, for the texts after them at most
_ROUNDING: Final = 0.05  # millimetres
_BEYOND: Final = 1.08  # the axis reaches so far beyond a line to hold bars against


@dataclass(frozen=True, slots=True)
class _Row:
    """A bar as it is set: lines of its name, lines after it, and its height in millimetres."""

    category: Category
    mark: Mark
    name: list[str]
    detail: list[str]
    text: list[str]
    high: float


@dataclass(frozen=True, slots=True)
class _Field:
    """Where bars lie: left and right end in millimetres, and the value at the right one."""

    left: float
    right: float
    most: float

    def at(self, value: float) -> float:
        return self.left + (self.right - self.left) * value / self.most


def height(panel: Panel, wide: float, size: float, *, loose: bool = False) -> float:
    """Return how high the rows and their axis are, millimetres, on so wide a sheet with so large letters.

    `loose` sets the rows as far apart as they ever are: what room there is beyond that stays empty.
    """
    apart = _STRETCH * size if loose else 0.0
    return sum(row.high + apart for row in _rows(panel, wide, size)) + _axis_height(panel, size)


def draw(canvas: Canvas, panel: Panel, lang: str) -> None:
    """Draw the bars; rows that have no room are counted, the chosen one stays."""
    rows = _rows(panel, canvas.wide, canvas.size)
    room = canvas.high - _axis_height(panel, canvas.size)
    shown, rest = _fitting(rows, room, canvas.line)
    spare = room - sum(row.high for row in shown) - (canvas.line if rest else 0)
    apart = min(spare / len(shown), _STRETCH * canvas.size)
    field = _field(panel, shown, canvas)
    top = 0.0
    for row in shown:
        _draw(canvas, panel, row, field, (top, top + row.high + apart))
        top += row.high + apart
    if rest:
        _ = i18n.translator(lang)
        said = _("… and {count} more").format(count=rest)
        canvas.text(field.left, top + canvas.size, said, colour=FAINT)
        top += canvas.line
    _axis(canvas, panel, field, top, lang)


def _rows(panel: Panel, wide: float, size: float) -> list[_Row]:
    names = 0.0 if panel.above else _names_width(panel, wide, size)
    field = wide - names - _GAP * size
    rows = []
    for category, mark in zip(panel.categories, panel.series[0].marks, strict=True):
        text = _after_bar(mark.text, field * _TEXTS, size)
        beside = max(_THICK * size, len(text) * LEADING * size)
        if not panel.above:
            name = wrapped(category.name, names, size, bold=category.bold)
            high = max(_ROW * size, len(name) * LEADING * size + _GAP * size, beside + _GAP * size)
            rows.append(_Row(category, mark, name, [], text, high))
            continue
        name = wrapped(category.name, wide, size, bold=category.bold)
        joined = long(f"{name[-1]}   {category.detail}", size, bold=category.bold) <= wide
        detail = [category.detail] if joined else wrapped(category.detail, wide, size)
        lines = len(name) + (0 if joined else len(detail))
        rows.append(_Row(category, mark, name, detail, text, lines * LEADING * size + beside + (_NAME + _NEXT) * size))
    return rows


def _after_bar(text: str, room: float, size: float) -> list[str]:
    """Return the text after a bar on lines that break between its parts."""
    lines: list[str] = []
    for part in text.split(_PARTS):
        joined = f"{lines[-1]}{_PARTS}{part}" if lines else part
        if lines and long(joined, size) <= room:
            lines[-1] = joined
        else:
            lines += wrapped(part, room, size)
    return lines


def _names_width(panel: Panel, wide: float, size: float) -> float:
    """Return the width of the column of names: of the longest line they need."""
    most = _NAMES * wide
    lines = [
        long(line, size, bold=category.bold)
        for category in panel.categories
        for line in wrapped(category.name, most, size, bold=category.bold)
    ]
    return min(max(lines), most) + 0.01  # a hair, or rounding would break the longest again


def _axis_height(panel: Panel, size: float) -> float:
    return size * (_TICKS + (LEADING if panel.values.title else 0))


def _fitting(rows: Sequence[_Row], room: float, line: float) -> tuple[list[_Row], int]:
    """Return the rows that have room, the chosen one among them, and how many are left out."""
    if sum(row.high for row in rows) <= room + _ROUNDING:
        return list(rows), 0
    room -= line
    order = sorted(rows, key=lambda row: not row.category.bold)
    kept: list[_Row] = []
    for row in order:
        if sum(each.high for each in kept) + row.high > room:
            break
        kept.append(row)
    kept = kept or [order[0]]
    return [row for row in rows if row in kept], len(rows) - len(kept)


def _field(panel: Panel, rows: Sequence[_Row], canvas: Canvas) -> _Field:
    """Return the bars' field, with an axis at whose end no text after a bar is cut off."""
    names = 0.0 if panel.above else _names_width(panel, canvas.wide, canvas.size) + _GAP * canvas.size
    left, right = names + 0.1, canvas.wide - 0.2
    reference = panel.reference or 0.0
    needed = [panel.highest * 1.03, reference * _BEYOND]
    for row in rows:
        after = max((canvas.long(line) for line in row.text), default=0.0) + 2 * _GAP * canvas.size
        start = max(row.mark.value or 0.0, reference)
        needed.append(start * (right - left) / (right - left - after))
    return _Field(left, right, max(needed))


def _draw(canvas: Canvas, panel: Panel, row: _Row, field: _Field, span: tuple[float, float]) -> None:
    """Draw a row between two heights: its name, its bar or the mark of a gap, and the text after it."""
    size, mark = canvas.size, row.mark
    if panel.above:
        y = span[1] - _NEXT * size - max(_THICK * size, len(row.text) * canvas.line) / 2
        _name_above(canvas, row, y)
    else:
        y = sum(span) / 2
        _block(canvas, field.left - _GAP * size, y, row.name, "right", bold=row.category.bold)
    if mark.value is None:
        canvas.mark(field.left + size * 0.3, y, MUTED, hollow=True)
        _block(canvas, field.left + size * 1.0, y, row.text, "left", colour=FAINT)
        return
    bar = Box(field.left, y - _THICK * size / 2, field.at(mark.value), y + _THICK * size / 2)
    canvas.bar(bar, mark.colour, hatched=mark.hatched, hollow=mark.hollow)
    reference = None if panel.reference is None else field.at(panel.reference)
    if reference is not None:
        canvas.stroke([reference, reference], [bar.top - 0.25 * size, bar.bottom + 0.25 * size], INK, 1.5)
    _after(canvas, row, bar, y, reference)


def _after(canvas: Canvas, row: _Row, bar: Box, y: float, reference: float | None) -> None:
    """Write the text after a bar; one that would stand on the line goes into the bar, or behind the line."""
    gap = _GAP * canvas.size
    start = bar.right + gap
    end = start + max((canvas.long(line) for line in row.text), default=0.0)
    if reference is not None and bar.right <= reference + gap and end + gap > reference:
        if bar.right - bar.left > end - start + 2 * gap and not (row.mark.hatched or row.mark.hollow):
            _block(canvas, bar.right - gap, y, row.text, "right", colour=PAPER)
            return
        start = reference + gap
    _block(canvas, start, y, row.text, "left")


def _name_above(canvas: Canvas, row: _Row, y: float) -> None:
    """Write name and detail over the bar, both on one line where there is room."""
    beside = max(_THICK * canvas.size, len(row.text) * canvas.line) / 2
    base = y - beside - (_NAME + 0.1) * canvas.size
    last = row.name[-1]
    apart = canvas.long(f"{last}   ", bold=row.category.bold)
    joined = len(row.detail) == 1 and canvas.long(f"{last}   {row.detail[0]}", bold=row.category.bold) <= canvas.wide
    lines = [(line, INK) for line in row.name] + ([] if joined else [(line, FAINT) for line in row.detail])
    for number, (line, colour) in enumerate(lines, start=1 - len(lines)):
        bold = row.category.bold and colour == INK
        canvas.text(0, base + number * canvas.line, line, colour=colour, bold=bold)
    if joined and row.detail[0]:
        canvas.text(apart, base, row.detail[0], colour=FAINT)


def _block(  # noqa: PLR0913 - where a block of text stands and what it looks like
    canvas: Canvas, x: float, y: float, lines: Sequence[str], align: str, *, colour: str = INK, bold: bool = False
) -> None:
    """Write lines so that their middle lies at `y`."""
    first = y - (len(lines) - 1) * canvas.line / 2 + canvas.size * ASCENT / 2 - 0.02 * canvas.size
    for number, line in enumerate(lines):
        canvas.text(x, first + number * canvas.line, line, align, colour=colour, bold=bold)  # type: ignore[arg-type]


def _axis(canvas: Canvas, panel: Panel, field: _Field, top: float, lang: str) -> None:
    """Write the numbers along the values, as many as do not touch, and the unit."""
    size = canvas.size
    base = top + size * 1.35
    canvas.stroke([field.left, field.left], [0, top], MUTED, 0.6)
    taken: list[Box] = []
    for value, words in ticks(panel.values, field.most, lang):
        half = canvas.long(words) / 2
        x = min(max(field.at(value), half), canvas.wide - half)
        box = canvas.box(x, base, words, "center")
        if not any(box.meets(other, size * 0.6) for other in taken):
            canvas.text(x, base, words, "center", colour=FAINT)
            canvas.stroke([field.at(value)] * 2, [top, top + 0.3 * size], MUTED, 0.6)
            taken.append(box)
    if panel.values.title:
        canvas.text(field.left, base + canvas.line, panel.values.title, colour=FAINT)
