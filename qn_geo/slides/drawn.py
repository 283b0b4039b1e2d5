"""A native chart before it is XML: its cells, looks and labels, and where in its frame everything lies."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from qn_geo import i18n
from qn_geo.charts import axes
from qn_geo.charts.canvas import POINT
from qn_geo.style import INK

if TYPE_CHECKING:
    from qn_geo.charts.series import Axis, Mark

SIZE: Final = 12
"""Points of all text in a chart."""
LETTER: Final = SIZE * POINT
"""The same in millimetres."""

_LCID: Final = {"vi": "42A", "en": "409"}  # numbers of the languages in formats

Fill = Literal["solid", "hatched", "hollow", "outline"]
Side = Literal["outEnd", "inEnd", "t", "b", "l", "r"]


@dataclass(frozen=True, slots=True)
class Frame:
    """A part of a chart's frame, as shares of its width and height from its upper left corner."""

    x: float
    y: float
    wide: float
    high: float
    inner: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """A bar or point.

    Attributes:
        row: Of the workbook, from 0.
        value: As it stands in the cell.
        label: What stands beside it; or empty.
        colour: As `rrggbb`.
        fill: Solid; hatched where the number is ours or tells only part; hollow for plans and for points that are ours;
            outline for what others are held against.
        source: Title of its document.
        diamond: A plan or target.
        side: Where its label stands.
        ink: Colour of its label.
        bold: Whether that is bold.
    """

    row: int
    value: float
    label: str
    colour: str
    fill: Fill
    source: str
    diamond: bool = False
    side: Side = "outEnd"
    ink: str = INK.lstrip("#")
    bold: int = 0

    @property
    def guid(self) -> str:
        """An id for the field that shows its label, which the format asks for."""
        return f"{{{uuid.uuid5(uuid.NAMESPACE_OID, f'{self.row} {self.label}')}}}".upper()


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together; `fill` and `diamond` are those of the legend."""

    name: str
    points: tuple[Point, ...]
    colour: str
    fill: Fill = "solid"
    diamond: bool = False
    dash: str = "solid"
    width: int = 0
    joined: bool = False
    listed: bool = True


@dataclass(frozen=True)
class Drawn:
    """A chart.

    Attributes:
        categories: Names, or days as the number a spreadsheet holds them by.
        forms: How the cells of days are shown; empty for names.
        series: Its series.
        plot: Field of the bars or lines, without their axes.
        highest: End of the axis of values.
        step: Between its numbers.
        form: How its numbers are written.
        unit: Its title.
        across: Bars run from left to right.
        legend: Where the legend stands, if there is one.
        span: First and last day of the axis and the years between its labels, for lines.
        size: Points of its text.
        left_out: Names that had no room.
        gap: Room between bars, per cent of a bar.
    """

    categories: tuple[str, ...] | tuple[int, ...]
    series: tuple[Series, ...]
    plot: Frame
    highest: float
    step: float
    form: str
    unit: str
    forms: tuple[str, ...] = ()
    across: bool = False
    legend: Frame | None = None
    span: tuple[int, int, int] | None = None
    size: int = SIZE
    left_out: int = 0
    gap: int = 60


def cell(value: float) -> float:
    """Return a number as a spreadsheet keeps it, to 15 digits, so that chart and workbook hold the same."""
    return float(f"{value:.15g}")


def look(mark: Mark) -> Fill:
    """Return how a mark is filled."""
    return "hatched" if mark.hatched else "hollow" if mark.hollow else "solid"


def hexed(colour: str) -> str:
    """Return `#rrggbb` as chart XML writes it."""
    return colour.lstrip("#").upper()


def ladder(axis: Axis, high: float, lang: str) -> tuple[float, str]:
    """Return the step between an axis' numbers and their format, which ends with the axis' own last number."""
    places = [at for at, _text in axes.ticks(axis, high, lang)]
    step = places[1] - places[0] if len(places) > 1 else (axis.step or high)
    last = places[-1] if axis.ticks else None
    step = max(step, 1.0) if high >= 1 else step  # labels tell the decimals
    return step, number_format(step, axis.suffix, lang, last)


def number_format(step: float, suffix: str, lang: str, last: float | None = None) -> str:
    """Return a format whose thousands are parted as readers of the language expect, whatever the computer's setting.

    A comma in a format means what the computer is set to. Literal marks between the digits do not; decimals cannot be
    written so, and are given the language, which not every program heeds.
    """
    end = f'"{suffix}"' if suffix else ""
    if last is not None:
        return f'[<={last:g}]0{end};""'
    if step % 1:
        return f"[$-{_LCID[lang]}]0.{'0' * (2 if (step * 10) % 1 else 1)}{end}"
    mark = f'"{i18n.number(1_000, lang)[1]}"'
    return f"[>=1000000]0{mark}000{mark}000{end};[>=1000]0{mark}000{end};0{end}"
