"""Charts over years: bars beside each other in each year, or lines over days as the calendar has them."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from qn_geo.charts import axes
from qn_geo.charts.canvas import long
from qn_geo.slides.drawn import LETTER, Drawn, Frame, Point, Series, cell, hexed, ladder, look
from qn_geo.slides.words import line
from qn_geo.style import INK, MUTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from qn_geo.charts.series import Mark, Panel, Plotted
    from qn_geo.charts.series import Series as Read
    from qn_geo.slides.boxes import Box
    from qn_geo.slides.drawn import Side

Rect = tuple[float, float, float, float]

_FOOT: Final = 2.0 * LETTER  # the years
_TITLE: Final = 1.7 * LETTER  # the unit, turned
_KEY: Final = 11.0  # millimetres of a sign in the legend and round its name
_ROW: Final = 1.55 * LETTER  # of the legend
_HEAD: Final = 1.5 * LETTER  # over the highest bar or point, for its label
_MARK: Final = 1.6  # half a mark, millimetres
_WIRE: Final = 0.4  # half a line
_SAMPLES: Final = 24  # of a line between two points
_YEAR: Final = 0.62  # of a year's width, for its bars
_WIDEST: Final = 16.0  # a bar
_BEFORE: Final = 0.2  # of a year, before the first point
_EPOCH: Final = date(1899, 12, 30)  # day 0 of spreadsheets
_MIDDLE: Final = (7, 2)  # day of the middle of a year
_EMU: Final = 12_700  # a point
_DASHES: Final = {"solid": "solid", "dash": "dash", "dashdot": "dashDot", "dot": "sysDot", "longdash": "lgDash"}


def columns(plotted: Plotted, panel: Panel, box: Box, source: Callable[[Mark], str], lang: str) -> Drawn:
    """Return bars of each year, labelled from the newest back as far as labels have room; all panels have all years."""
    places = [category.at for each in plotted.panels for category in each.categories]
    years = {year + 0.5: number for number, year in enumerate(range(int(min(places)), int(max(places)) + 1))}
    frame, key, highest, step, form = _field(panel, box, lang, legend=plotted.legend)
    slot = frame.wide * box.wide / len(years) * (1 if len(panel.series) == 1 else _YEAR / len(panel.series))
    series = []
    for each in panel.series:
        free, points = math.inf, []
        for mark in sorted(each.marks, key=lambda mark: -mark.at):
            words = axes.short(mark.value or 0, lang)
            middle, half = years[mark.at] * frame.wide * box.wide / len(years), max(long(words, LETTER), 0.0) / 2
            fits = (len(panel.series) == 1 or 2 * half <= slot) and middle + half <= free
            free = middle - half - 1 if fits else free
            points.append(_bar(years[mark.at], mark, words if fits else "", source))
        colour = hexed(each.colour)
        whole = all(point.fill == "hatched" for point in points)
        series.append(Series(_name(each, panel), tuple(reversed(points)), colour, "hatched" if whole else "solid"))
    return Drawn(
        categories=tuple(str(int(at)) for at in years),
        series=tuple(series),
        plot=frame,
        highest=highest,
        step=step,
        form=form,
        unit=panel.values.title,
        legend=key,
        gap=_gap(frame.wide * box.wide / len(years), len(panel.series)),
    )


def _gap(year: float, bars: int) -> int:
    """Return the room between the bars of a year and the next, per cent of a bar: no bar is wider than a thumb."""
    bar = min(year * _YEAR / bars, _WIDEST)
    return min(round((year - bars * bar) / bar * 100), 500)


def _name(series: Read, panel: Panel) -> str:
    return line(series.name) or panel.values.title or "%"


def _bar(row: int, mark: Mark, words: str, source: Callable[[Mark], str]) -> Point:
    return Point(row, cell(mark.value or 0.0), words, hexed(mark.colour), look(mark), source(mark))


def lines(plotted: Plotted, panel: Panel, box: Box, source: Callable[[Mark], str], lang: str) -> Drawn:
    """Return lines over days; a bare year stands in its middle, as on screen, and its label under it."""
    places = sorted({mark.at for each in panel.series for mark in each.marks})
    rows = {at: number for number, at in enumerate(places)}
    frame, key, highest, step, form = _field(panel, box, lang, legend=plotted.legend)
    first, last, years = _span(panel, places)
    plot = _Plot(frame, box, (first, last), highest)
    labels = plot.labels(panel, lang)
    return Drawn(
        categories=tuple(day(at) for at in places),
        forms=tuple("yyyy" if at % 1 == 0.5 else "mm/yyyy" for at in places),  # noqa: PLR2004 - the middle of a year
        series=tuple(_line(each, rows, panel, source, labels) for each in panel.series),
        plot=frame,
        highest=highest,
        step=step,
        form=form,
        unit=panel.values.title,
        legend=key,
        span=(first, last, years),
    )


def _line(
    each: Read, rows: dict[float, int], panel: Panel, source: Callable[[Mark], str], labels: dict[int, tuple[str, Side]]
) -> Series:
    grey = each.colour == MUTED
    points = []
    for mark in each.marks:
        if mark.value is None:
            continue
        words, side = labels.get(id(mark), ("", "t"))
        points.append(
            Point(
                row=rows[mark.at],
                value=cell(mark.value),
                label=words,
                colour=hexed(mark.colour),
                fill=look(mark),
                source=source(mark),
                diamond=mark.diamond,
                side=side,
                ink=hexed(INK if grey else each.colour),
                bold=int(not grey),
            )
        )
    return Series(
        name=_name(each, panel),
        points=tuple(points),
        colour=hexed(each.colour),
        fill=points[-1].fill,
        diamond=points[-1].diamond,
        dash=_DASHES[each.dash],
        width=int(each.width * 1.1 * _EMU),
        joined=each.joined,
        listed=each.listed and bool(each.name),
    )


def day(at: float) -> int:
    """Return a year with its fraction as the day a spreadsheet counts."""
    year, share = int(at), at % 1
    if share == 0.5:  # noqa: PLR2004 - a bare year
        return (date(year, *_MIDDLE) - _EPOCH).days
    return (date(year, 1, 1) + timedelta(days=round(share * 366)) - _EPOCH).days


def _span(panel: Panel, places: Sequence[float]) -> tuple[int, int, int]:
    """Return first and last day of the axis and its step; it begins in the middle of a year, where its label stands."""
    axis = panel.years
    assert axis is not None  # noqa: S101 - panels over years have one
    labelled = [at for at, _text in axis.ticks]
    step = round(labelled[1] - labelled[0]) if len(labelled) > 1 else 1
    low = min(math.ceil(axis.low - 0.5), math.floor(places[0] - 0.5 - _BEFORE))
    low -= (low - math.floor(labelled[-1])) % -step if step > 1 else 0
    high = max(axis.high or places[-1], places[-1] + 0.4)
    return day(low + 0.5), day(high), step


def _field(panel: Panel, box: Box, lang: str, *, legend: bool) -> tuple[Frame, Frame | None, float, float, str]:
    """Return the field of bars or lines, the legend's, and the axis of values: its end, step and format."""
    listed = [each for each in panel.series if each.listed and each.name] if legend else []
    rows = 0
    if listed:
        widest = max(long(each.name, LETTER) for each in listed) + _KEY
        rows = math.ceil(len(listed) / max(1, int(box.wide // widest)))
    head = rows * _ROW + (1.0 if rows else 0.0)
    free = box.high - head - _FOOT
    highest = panel.values.high or panel.highest / (1 - min(_HEAD / free, 0.4))
    numbers = max(long(words, LETTER) for _at, words in axes.ticks(panel.values, highest, lang))
    left = numbers + 2.5 + (_TITLE if panel.values.title else 0)
    step, form = ladder(panel.values, highest, lang)
    field = Frame(left / box.wide, head / box.high, 1 - (left + 3) / box.wide, free / box.high, inner=True)
    return field, Frame(0.0, 0.0, 1.0, head / box.high) if listed else None, highest, step, form


class _Plot:
    """The field in millimetres, where labels look for room."""

    def __init__(self, frame: Frame, box: Box, span: tuple[int, int], highest: float) -> None:
        self.wide, self.high = frame.wide * box.wide, frame.high * box.high
        self._first, self._last, self._highest = *span, highest

    def at(self, mark: Mark) -> tuple[float, float]:
        """Return where a mark lies, from the left and from the top."""
        x = (day(mark.at) - self._first) / (self._last - self._first) * self.wide
        return x, self.high * (1 - (mark.value or 0) / self._highest)

    def labels(self, panel: Panel, lang: str) -> dict[int, tuple[str, Side]]:
        """Return the label of each mark that has one and room for it, by the mark's identity."""
        taken = [self._round(self.at(mark), _MARK) for each in panel.series for mark in each.marks]
        wires = [self._round(place, _WIRE) for each in panel.series if each.joined for place in self._along(each)]
        found: dict[int, tuple[str, Side]] = {}
        for each in sorted(panel.series, key=lambda each: each.colour == MUTED):
            for mark, words in _worded(each, panel.values.suffix, lang):
                free = [(side, rect) for side, rect in self._sides(mark, words) if self._free(rect, taken)]
                clear = [(side, rect) for side, rect in free if self._free(rect, wires)]
                if mark is each.marks[-1]:
                    clear += free  # better across a line than not at all
                if clear:
                    side, rect = clear[0]
                    taken.append(rect)
                    found[id(mark)] = (line(words), side)
        return found

    @staticmethod
    def _round(place: tuple[float, float], reach: float) -> Rect:
        x, y = place
        return x - reach, y - reach, x + reach, y + reach

    def _along(self, series: Read) -> Iterator[tuple[float, float]]:
        """Yield places along a line."""
        for (x0, y0), (x1, y1) in pairwise(self.at(mark) for mark in series.marks):
            for step in range(1, _SAMPLES):
                yield x0 + (x1 - x0) * step / _SAMPLES, y0 + (y1 - y0) * step / _SAMPLES

    def _sides(self, mark: Mark, words: str) -> Iterator[tuple[Side, Rect]]:
        (x, y), half, high = self.at(mark), long(words, LETTER, bold=True) / 2, LETTER * 1.2
        yield "t", (x - half, y - _MARK - high, x + half, y - _MARK - 0.1)
        yield "r", (x + _MARK + 0.1, y - high / 2, x + _MARK + 2 * half, y + high / 2)
        yield "b", (x - half, y + _MARK + 0.1, x + half, y + _MARK + high)
        yield "l", (x - _MARK - 2 * half, y - high / 2, x - _MARK - 0.1, y + high / 2)

    def _free(self, rect: Rect, taken: Sequence[Rect]) -> bool:
        left, top, right, bottom = rect
        inside = left >= 0 and right <= self.wide + 3 and top >= -1 and bottom <= self.high
        return inside and not any(
            left < other[2] and right > other[0] and top < other[3] and bottom > other[1] for other in taken
        )


def _worded(series: Read, suffix: str, lang: str) -> Iterator[tuple[Mark, str]]:
    """Yield what is written beside points, the newest first: names the chart gives them, of listed series values."""
    for mark in reversed(series.marks):
        if mark.text:
            yield mark, mark.text
        elif series.listed and mark.value is not None:
            yield mark, axes.short(mark.value, lang) + suffix
