"""Where the ticks of an axis of values stand, and how the numbers in a drawn chart are written."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from qn_geo import i18n

if TYPE_CHECKING:
    from qn_geo.charts.series import Axis

_MOST: Final = 5  # steps between ticks
_SHORT: Final = 5  # letters a number may have to be written in full
FEW: Final = 3
"""Points of a series that all have their values beside them; of more only the last has."""
_DECIMALS: Final = ((1_000, 0), (1, 1), (0, 2))  # of longer ones from this size on


def ticks(axis: Axis, high: float, lang: str) -> list[tuple[float, str]]:
    """Return places and texts along an axis from zero to `high`: those it names itself, else round numbers."""
    if axis.ticks:
        return [(at, text) for at, text in axis.ticks if axis.low <= at <= high]
    step = axis.step or _step(high)
    return [
        (at * step, i18n.number(round(at * step, 6), lang) + axis.suffix) for at in range(math.floor(high / step) + 1)
    ]


def _step(high: float) -> float:
    """Return 1, 2, 2.5 or 5 times a power of ten, at which there are few ticks."""
    power = 10.0 ** math.floor(math.log10(high / _MOST))
    return next(base * power for base in (1, 2, 2.5, 5, 10) if base * power * _MOST >= high * 0.9999)


def short(value: float, lang: str) -> str:
    """Return a number as it stands beside a mark: in full where that is short, else rounded."""
    full = i18n.number(value, lang)
    digits = next(decimals for least, decimals in _DECIMALS if abs(value) >= least)
    return full if len(full) <= _SHORT else i18n.number(value, lang, digits)
