"""Bars across: names before them, what they count after them, as many rows as can be read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from qn_geo import i18n
from qn_geo.charts.canvas import POINT, long, wrapped
from qn_geo.slides.drawn import Drawn, Frame, Point, Series, cell, hexed, ladder, look
from qn_geo.slides.fitting import LEADING
from qn_geo.slides.words import line
from qn_geo.style import INK

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qn_geo.charts.series import Category, Mark, Panel
    from qn_geo.slides.boxes import Box

_SHARES: Final = (0.3, 0.36, 0.42, 0.48, 0.56, 0.66)  # of the width, for names
_SIZES: Final = (12, 11, 10)
_LABEL: Final = 0.55  # of the room for bars, at most, for the labels after them
_BETWEEN: Final = (0.6, 0.08)  # rows, of the size of letters; the closer only where a row or two had no room else
_APART: Final = 1.3  # from one number under the bars to the next, of its width: closer ones are turned
_AXIS: Final = 1.7  # numbers under the bars, of the size of letters
_UNIT: Final = 1.5
_GAP: Final = 2.0  # millimetres round names and labels
_THICK: Final = 0.64  # a bar, of its row
_THICKEST: Final = 10.0  # millimetres
_BEYOND: Final = 1.06


@dataclass(frozen=True, slots=True)
class _Row:
    """A bar as it is set: lines of its name, and the label after it."""

    category: Category
    mark: Mark
    name: str
    label: str


@dataclass(frozen=True, slots=True)
class _Way:
    """One way to set the rows: letters, width of the names, rows that have room, lines of the longest, room between."""

    size: int
    names: float
    kept: list[_Row]
    lines: int
    between: float


def across(panel: Panel, box: Box, source: Callable[[Mark], str], lang: str) -> Drawn:
    """Return the bars of a panel of names that have room; the chosen one stays, rows without a value go first."""
    way = _best(panel, box)
    letter = way.size * POINT
    foot = (_AXIS + (_UNIT if panel.values.title else 0)) * letter
    field = box.wide - way.names - _GAP
    highest = _highest(panel, way, field)
    step, form = ladder(panel.values, highest, lang)
    longest = long(i18n.number(round(highest), lang) + panel.values.suffix, letter) * _APART
    while step * field / highest < longest and step * 2 <= highest:
        step *= 2
    points = tuple(_point(number, row, source) for number, row in enumerate(way.kept) if row.mark.value is not None)
    colour = points[0].colour if points else hexed(panel.series[0].colour)
    series = [Series(panel.values.title or "%", points, colour)]
    if panel.reference is not None:
        series.append(_reference(panel.reference, panel.values.title, points))
    return Drawn(
        categories=tuple(row.name for row in way.kept),
        series=tuple(series),
        plot=Frame(way.names / box.wide, 0.0, field / box.wide, (box.high - foot) / box.high, inner=True),
        highest=highest,
        step=step,
        form=form,
        unit=panel.values.title,
        size=way.size,
        across=True,
        left_out=len(panel.categories) - len(way.kept),
        gap=_between((box.high - foot) / len(way.kept)),
    )


def _between(row: float) -> int:
    """Return the room between bars, per cent of a bar: few rows have no thicker bars than many."""
    bar = min(row * _THICK, _THICKEST)
    return min(round((row - bar) / bar * 100), 500)


def _reference(value: float, name: str, points: Sequence[Point]) -> Series:
    """Return what bars are held against as outlines round them."""
    outlines = tuple(Point(point.row, value, "", hexed(INK), "outline", "") for point in points)
    return Series(name, outlines, hexed(INK), "outline")


def _point(number: int, row: _Row, source: Callable[[Mark], str]) -> Point:
    mark = row.mark
    inside = mark.inside and not (mark.hatched or mark.hollow)
    return Point(
        row=number,
        value=cell(mark.value or 0.0),
        label=row.label,
        colour=hexed(mark.colour),
        fill=look(mark),
        source=source(mark),
        side="inEnd" if inside else "outEnd",
        ink="FFFFFF" if inside else hexed(INK),
    )


def _best(panel: Panel, box: Box) -> _Way:
    """Return the way of the largest letters that leaves no value out; else of the smallest the one that shows most.

    Rows stand closer where this gives room to a value, or to the last rows without one.
    """
    foot = _AXIS + (_UNIT if panel.values.title else 0)
    ways = [
        _way(rows, size, share * box.wide, box.high - foot * size * POINT, between)
        for between in _BETWEEN
        for size in _SIZES
        for rows in (_rows(panel, apart=False), _rows(panel, apart=True))
        for share in _SHARES
        if _labels_fit(rows, size, box.wide * (1 - share))
    ]
    count = sum(value is not None for value in panel.series[0].values)
    whole = [way for way in ways if sum(row.mark.value is not None for row in way.kept) == count]
    if whole:
        best = min(whole, key=lambda way: (-way.between, -way.size, -len(way.kept), way.lines))
        closer = [way for way in whole if way.size == best.size and len(way.kept) == len(panel.categories)]
        return min(closer, key=lambda way: (-way.between, way.lines), default=best)
    smallest = [way for way in ways if way.size == _SIZES[-1]]
    return max(smallest, key=lambda way: (len(way.kept), way.between))


def _rows(panel: Panel, *, apart: bool) -> list[_Row]:
    """Return the rows; what must be known beside a number stands under the name, or `apart`, after the bar."""
    rows = []
    for category, mark in zip(panel.categories, panel.series[0].marks, strict=True):
        value, _dot, more = mark.text.partition(" · ")
        under = mark.text if mark.value is None else "" if apart else more
        detail = line(" · ".join(filter(None, [category.detail, under])))
        name = "\n".join(filter(None, [line(category.name), detail]))
        rows.append(_Row(category, mark, name, line(mark.text if apart else value)))
    return rows


def _labels_fit(rows: list[_Row], size: int, field: float) -> bool:
    longest = max((long(row.label, size * POINT) for row in rows if row.mark.value is not None), default=0.0)
    return longest <= _LABEL * field or all(" · " not in row.label for row in rows)


def _way(rows: list[_Row], size: int, wide: float, room: float, between: float) -> _Way:
    """Return the rows for which there is room, all as high as the highest; rows without a value go first."""
    order = sorted(rows, key=lambda row: (not row.category.bold, row.mark.value is None))
    high = 0.0
    kept: list[_Row] = []
    for row in order:
        needed = (len(_lines(row, size, wide - 2 * _GAP)) * LEADING + between) * size * POINT
        if kept and max(high, needed) * (len(kept) + 1) > room:
            break
        high = max(high, needed)
        kept.append(row)
    kept = [row for row in rows if row in kept]
    lines = [_lines(row, size, wide - 2 * _GAP) for row in kept]
    names = max(long(part, size * POINT) for each in lines for part in each) + 2 * _GAP
    return _Way(size, names, kept, max(map(len, lines)), between)


def _lines(row: _Row, size: int, room: float) -> list[str]:
    return [part for words in row.name.split("\n") for part in wrapped(words, room, size * POINT)]


def _highest(panel: Panel, way: _Way, field: float) -> float:
    """Return the end of the axis, at which every label has room after its bar."""
    needed = [panel.highest * _BEYOND, (panel.reference or 0) * _BEYOND]
    for row in way.kept:
        after = long(row.label, way.size * POINT) + _GAP
        if row.mark.value is not None and not row.mark.inside:
            needed.append(row.mark.value * field / max(field - after, field / 4))
    return max(needed)
