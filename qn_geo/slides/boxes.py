"""Where everything stands on a slide: boxes in millimetres, one set for each kind of scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WIDE: Final = 338.667
HIGH: Final = 190.5

TITLE, SUBTITLE, SOURCE, NUMBER, MAP, FIGURES, CAPTION, CHART, NOTE, HORIZON = 0, 1, 10, 11, 12, 13, 14, 15, 16, 17
"""Numbers by which the placeholders of a layout and of its slides are matched."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a slide, millimetres from the left and from the top."""

    x: float
    y: float
    wide: float
    high: float

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return self.y + self.high

    def below(self, y: float, high: float) -> Box:
        """Return a box of the same width elsewhere."""
        return Box(self.x, y, self.wide, high)


_LEFT: Final = 14.0
_ACROSS: Final = WIDE - 2 * _LEFT
_TOP, _BOTTOM = 39.0, 172.5
_GAP: Final = 7.0
_CAPTION: Final = 11.0
_NOTE: Final = 9.0

RULE: Final = Box(_LEFT, 0, 26, 2.6)
HEADLINE: Final = Box(_LEFT, 8, _ACROSS, 26)
SOURCES: Final = Box(_LEFT, 175.5, _ACROSS - 24, 11)
PAGE: Final = Box(WIDE - _LEFT - 20, 175.5, 20, 11)
TIMES: Final = Box(_LEFT, 3.2, _ACROSS, 4.8)
COVER: Final = {
    TITLE: Box(_LEFT, 43, 106, 68),
    SUBTITLE: Box(_LEFT, 117, 106, 30),
    MAP: Box(130, 32, WIDE - _LEFT - 130, 128),
    NOTE: Box(130, 161, WIDE - _LEFT - 130, 9),
    NUMBER: PAGE,
}
COVER_RULE: Final = Box(_LEFT, 32, 26, 2.6)

_MAP: Final = 166.0  # width of a map beside a chart
_STRIP: Final = 27.0  # height of figures side by side, unless they need another


def _beside(wide: float, top: float = _TOP) -> dict[int, Box]:
    return {MAP: Box(_LEFT, top, wide, _BOTTOM - top)}


def _chart(top: float) -> dict[int, Box]:
    """Boxes of a map and a chart beside each other under a line."""
    x = _LEFT + _MAP + _GAP
    wide = WIDE - _LEFT - x
    return _beside(_MAP, top) | {
        CAPTION: Box(x, top, wide, _CAPTION),
        CHART: Box(x, top + _CAPTION, wide, _BOTTOM - top - _CAPTION - _NOTE),
        NOTE: Box(x, _BOTTOM - _NOTE, wide, _NOTE),
    }


def strip(high: float) -> dict[int, Box]:
    """Return the boxes of map and chart under figures side by side that need so much height."""
    return {FIGURES: Box(_LEFT, _TOP, _ACROSS, high)} | _chart(_TOP + high + 4)


SCENES: Final = {
    "map": _beside(_ACROSS),
    "figures": _beside(196) | {FIGURES: Box(_LEFT + 196 + _GAP, _TOP, _ACROSS - 196 - _GAP, _BOTTOM - _TOP)},
    "chart": _chart(_TOP),
    "strip": strip(_STRIP),
}
"""Boxes of each layout of scenes by placeholder; headline, documents and number are the same everywhere."""


def layout(figures: int, *, chart: bool) -> str:
    """Return the layout for a scene with so many figures."""
    return ("strip" if chart else "figures") if figures else ("chart" if chart else "map")
