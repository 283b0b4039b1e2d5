"""Drawing series over years: lines or bars in one or two panels, each with its own unit and legend."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from qn_geo.charts.axes import FEW, short, ticks
from qn_geo.charts.canvas import LEADING, Box, long, wrapped
from qn_geo.charts.frame import FAINT, GRID
from qn_geo.style import INK, MUTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from qn_geo.charts.canvas import Canvas
    from qn_geo.charts.series import Mark, Panel, Plotted, Series

# Of the size of the letters.
_PLOT: Final = 13.0  # a panel's height where nothing else is asked for
_KEY: Final = 2.2  # the sign before a name in the legend
_BETWEEN: Final = 1.6  # names in the legend, and panels
_WIDEST: Final = 4.2  # a bar
_FOOT: Final = 1.9  # the years under a panel
_GAP: Final = 0.45

_YEAR: Final = 0.72  # of a year's width, for its bars
_SAMPLES: Final = 12  # of a line, where labels look out for it
_WIRE: Final = 0.8  # points of a line a pixel wide on screen

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Label:
    """What is to be written beside a point, and in which colour."""

    place: Place
    words: str
    colour: str


class _Plot:
    """A panel's field on the sheet: from years and values to millimetres."""

    def __init__(self, box: Box, panel: Panel, high: float) -> None:
        years = panel.years
        assert years is not None  # noqa: S101 - panels over years have them
        self.box, self.high = box, high
        self._first, self._last = years.low, years.high or years.low + 1

    @property
    def year(self) -> float:
        """Millimetres a year."""
        return (self.box.right - self.box.left) / (self._last - self._first)

    def x(self, year: float) -> float:
        return self.box.left + (year - self._first) * self.year

    def y(self, value: float) -> float:
        return self.box.bottom - (self.box.bottom - self.box.top) * value / self.high


def height(plotted: Plotted, wide: float, size: float) -> float:
    """Return a good height, millimetres, on so wide a sheet with so large letters."""
    heads = sum(_head(plotted, panel, wide, size) for panel in plotted.panels)
    return heads + len(plotted.panels) * size * (_PLOT + _FOOT) + (len(plotted.panels) - 1) * _BETWEEN * size


def draw(canvas: Canvas, plotted: Plotted, lang: str) -> None:
    """Draw the panels from the top down, their fields equally high and their years under each other."""
    size, panels = canvas.size, plotted.panels
    heads = [_head(plotted, panel, canvas.wide, size) for panel in panels]
    free = canvas.high - sum(heads) - len(panels) * _FOOT * size - (len(panels) - 1) * _BETWEEN * size
    field = free / len(panels)
    highs = [_high(panel, size * 1.6 / field) for panel in panels]
    numbers = [
        words for panel, high in zip(panels, highs, strict=True) for _at, words in ticks(panel.values, high, lang)
    ]
    left = max(map(canvas.long, numbers)) + 0.6 * size
    top = 0.0
    for panel, head, high in zip(panels, heads, highs, strict=True):
        _legend(canvas, plotted, panel, top)
        box = Box(left, top + head, canvas.wide - 0.5 * size, top + head + field)
        plot = _Plot(box, panel, high)
        _axes(canvas, panel, plot, lang)
        if plotted.kind == "bar":
            _bars(canvas, panel, plot, lang)
        else:
            _lines(canvas, panel, plot, lang)
        top = box.bottom + (_FOOT + _BETWEEN) * size


# --- legend


def _listed(plotted: Plotted, panel: Panel) -> list[Series]:
    return [series for series in panel.series if series.listed and series.name] if plotted.legend else []


def _head(plotted: Plotted, panel: Panel, wide: float, size: float) -> float:
    """Height of legend and unit over a panel."""
    last = max((row for _series, _x, row, _words in _entries(_listed(plotted, panel), wide, size)), default=-1) + 1
    unit = LEADING if panel.values.title else 0.3
    return size * (last * LEADING + unit + 0.7)


def _entries(listed: Sequence[Series], wide: float, size: float) -> Iterator[tuple[Series | None, float, int, str]]:
    """Yield each line of the legend: its series at the first line of a name, where it begins, its row, its words."""
    x, row = 0.0, 0
    for series in listed:
        lines = wrapped(series.name, wide - (_KEY + _GAP) * size, size)
        needed = (_KEY + _GAP) * size + max(long(line, size) for line in lines)
        if x and x + needed > wide:
            x, row = 0.0, row + 1
        for number, line in enumerate(lines):
            yield series if number == 0 else None, x, row + number, line
        row += len(lines) - 1
        x += needed + _BETWEEN * size


def _legend(canvas: Canvas, plotted: Plotted, panel: Panel, top: float) -> None:
    size, row = canvas.size, -1
    for series, x, row, words in _entries(_listed(plotted, panel), canvas.wide, size):
        base = top + row * canvas.line + size * 0.95
        if series is not None:
            _sign(canvas, plotted, series, x, base - size * 0.34)
        canvas.text(x + (_KEY + _GAP) * size, base, words)
    if panel.values.title:
        canvas.text(
            0, top + (row + 1) * canvas.line + size * (1.1 if row >= 0 else 0.95), panel.values.title, colour=FAINT
        )


def _sign(canvas: Canvas, plotted: Plotted, series: Series, x: float, y: float) -> None:
    """Draw what a series looks like."""
    wide, mark = _KEY * canvas.size, series.marks[-1]
    if plotted.kind == "bar":
        box = Box(x + 0.4 * wide, y - canvas.size * 0.4, x + wide, y + canvas.size * 0.4)
        canvas.bar(box, series.colour, hatched=all(each.hatched for each in series.marks))
        return
    if series.joined:
        canvas.stroke([x, x + wide], [y, y], series.colour, series.width * _WIRE, series.dash)
    canvas.mark(x + wide / 2, y, series.colour, hollow=mark.hollow, diamond=mark.diamond)


# --- axes


def _high(panel: Panel, label: float) -> float:
    """Value at the top of a panel; over the highest mark there is room for its label, of the field's height."""
    return panel.values.high or panel.highest / (1 - min(label, 0.4))


def _axes(canvas: Canvas, panel: Panel, plot: _Plot, lang: str) -> None:
    size, box = canvas.size, plot.box
    last = box.bottom + size
    for value, words in ticks(panel.values, plot.high, lang):
        y = plot.y(value)
        if last - y < size * 1.1 and value:
            continue
        last = y
        canvas.stroke([box.left, box.right], [y, y], MUTED if value == 0 else GRID, 0.6)
        canvas.text(box.left - 0.5 * size, y + size * 0.36, words, "right", colour=FAINT)
    base = box.bottom + size * 1.35
    taken: list[Box] = []
    for at, words in reversed(panel.years.ticks if panel.years else ()):
        place = canvas.box(plot.x(at), base, words, "center")
        if place.right <= canvas.wide and not any(place.meets(other, 0.5 * size) for other in taken):
            taken.append(canvas.text(plot.x(at), base, words, "center", colour=FAINT))


# --- bars


def _bars(canvas: Canvas, panel: Panel, plot: _Plot, lang: str) -> None:
    """Draw the bars of each year beside each other, and over them as many values as have room, the newest first."""
    slot = min(plot.year * _YEAR / len(panel.series), _WIDEST * canvas.size)
    bars: list[tuple[Mark, Box]] = []
    for number, series in enumerate(panel.series):
        shift = (number - (len(panel.series) - 1) / 2) * slot
        for mark in series.marks:
            middle = plot.x(mark.at) + shift
            half = slot * (0.5 if len(panel.series) == 1 else 0.46)
            bars.append((mark, Box(middle - half, plot.y(mark.value or 0), middle + half, plot.box.bottom)))
    for mark, bar in bars:
        canvas.bar(bar, mark.colour, hatched=mark.hatched, hollow=mark.hollow)
    taken = [bar for _mark, bar in bars]
    for mark, bar in sorted(bars, key=lambda each: (-each[0].at, -(each[0].value or 0))):
        middle, base = (bar.left + bar.right) / 2, bar.top - 0.35 * canvas.size
        words = short(mark.value or 0, lang)
        box = canvas.box(middle, base, words, "center")
        if box.right <= canvas.wide and not any(box.meets(other) for other in taken):
            taken.append(canvas.text(middle, base, words, "center", colour=INK))


# --- lines


def _lines(canvas: Canvas, panel: Panel, plot: _Plot, lang: str) -> None:
    """Draw lines and points, the chosen ones over the grey, and write names and last values beside them."""
    order = sorted(panel.series, key=lambda series: series.colour != MUTED)
    for series in order:
        places = _places(plot, series)
        if series.joined:
            xs, ys = zip(*places, strict=True)
            canvas.stroke(xs, ys, series.colour, series.width * _WIRE, series.dash)
        for (x, y), mark in zip(places, series.marks, strict=True):
            canvas.mark(x, y, series.colour, hollow=mark.hollow, diamond=mark.diamond)
    blocks = [_round(place, 0.4 * canvas.size) for series in order for place in _along(_places(plot, series), series)]
    taken: list[Box] = []
    for series in reversed(order):
        for mark, words in _labels(series, panel.values.suffix, lang):
            label = _Label((plot.x(mark.at), plot.y(mark.value or 0)), words, series.colour)
            _label(canvas, plot, label, taken, blocks)


def _labels(series: Series, suffix: str, lang: str) -> Iterator[tuple[Mark, str]]:
    """Yield what is written beside points: names the chart gives them, of listed series the last value, of few all."""
    for mark in series.marks:
        if mark.text:
            yield mark, mark.text
    if series.listed:
        last = series.marks[-1]
        for mark in reversed(series.marks) if last.diamond or len(series.marks) <= FEW else (last,):
            if mark.value is not None:
                yield mark, short(mark.value, lang) + suffix


def _places(plot: _Plot, series: Series) -> list[Place]:
    return [(plot.x(mark.at), plot.y(mark.value)) for mark in series.marks if mark.value is not None]


def _along(places: Sequence[Place], series: Series) -> Iterator[Place]:
    """Yield points along a line, its marks twice: a label may cross the line rather than hide a mark."""
    yield from places
    yield from places
    if series.joined:
        for (x0, y0), (x1, y1) in pairwise(places):
            for step in range(1, _SAMPLES):
                yield x0 + (x1 - x0) * step / _SAMPLES, y0 + (y1 - y0) * step / _SAMPLES


def _round(place: Place, reach: float) -> Box:
    return Box(place[0] - reach, place[1] - reach, place[0] + reach, place[1] + reach)


def _label(canvas: Canvas, plot: _Plot, label: _Label, taken: list[Box], blocks: Sequence[Box]) -> None:
    """Write a label near its point, where it touches no other and hides as little as can be; a hair joins it."""
    place, words = label.place, label.words
    sheet = Box(plot.box.left, plot.box.top - canvas.size * 1.2, canvas.wide, plot.box.bottom)
    best: tuple[float, float, float] | None = None
    for x, y, far in _candidates(canvas, place, words):
        box = canvas.box(x, y, words)
        if not box.within(sheet) or any(box.meets(other, 0.1 * canvas.size) for other in taken):
            continue
        cost = far + 2.0 * sum(box.meets(block) for block in blocks)
        if best is None or cost < best[0]:
            best = cost, x, y
    if best is None:
        return
    _cost, x, y = best
    box = canvas.box(x, y, words)
    nearest = min(max(place[0], box.left), box.right), min(max(place[1], box.top), box.bottom)
    if max(abs(nearest[0] - place[0]), abs(nearest[1] - place[1])) > canvas.size:
        canvas.stroke([place[0], nearest[0]], [place[1], nearest[1]], MUTED, 0.4)
    grey = label.colour == MUTED
    taken.append(canvas.text(x, y, words, colour=FAINT if grey else label.colour, bold=not grey))


def _candidates(canvas: Canvas, place: Place, words: str) -> Iterable[tuple[float, float, float]]:
    """Yield where a label may begin, and how far that is: beside, over and under its point, then further off."""
    wide, size = canvas.long(words, bold=True), canvas.size
    for reach in (0, 1, 2, 3, 4, 6):
        near = (0.55 + reach * 0.9) * size
        for dx, dy, cost in (
            (-wide / 2, -near, 0.0),
            (0.6 * size, 0.36 * size, 0.2),
            (-wide, -near, 0.3),
            (-wide / 2, near + 0.75 * size, 0.4),
            (-wide, near + 0.75 * size, 0.6),
            (0.0, -near, 0.5),
            (0.0, near + 0.75 * size, 0.7),
            (-wide - 0.6 * size, 0.36 * size, 0.5),
        ):
            yield place[0] + dx, place[1] + dy, cost + reach * 1.2
