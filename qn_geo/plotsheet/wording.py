"""Numbers on the sheets: rounded to what can be measured, and never so long that they break a line or the program."""

from __future__ import annotations

import math
from typing import Final

from qn_geo import i18n

_MOST: Final = 1e15  # files may hold anything; beyond this a number has no digits to show one by one
_PRECISE: Final = 3  # digits of a number below 1


def number(value: float, lang: str, digits: int) -> str:
    """Return a number with so many decimals; an absurd one by its magnitude only, an empty one as missing."""
    if i18n.is_missing(value) or abs(value) < _MOST:
        return i18n.number(value, lang, digits)
    return f"{value:.3g}"


def area(square_metres: float, lang: str) -> str:
    """Return an area as registers record it: square metres with one decimal."""
    shown = number(square_metres, lang, 1)
    return shown if i18n.is_missing(square_metres) else f"{shown} m²"


def off(value: float | None, against: float | None, lang: str) -> str:
    """Return how much an area differs from another, in m² and percent of that other; empty when one is not known."""
    if value is None or against is None or not math.isfinite(value - against):
        return ""
    difference = value - against
    share = f" ({_signed(100 * difference / against, lang, 2)}%)" if against else ""
    return f"{_signed(difference, lang, 1)} m²{share}"


def quantity(value: float, unit: str, lang: str) -> str:
    """Return a value of a file or finding with its unit, if it has one, and no more digits than it deserves."""
    if i18n.is_missing(value):
        return i18n.missing(lang)
    if not math.isfinite(value) or abs(value) >= _MOST:
        return f"{value:.3g} {i18n.unit_name(unit, lang) if unit else ''}".strip()
    rounded = round(value, 2) if abs(value) >= 1 else float(f"{value:.{_PRECISE}g}")
    return i18n.quantity(rounded, unit, lang) if unit else i18n.number(rounded, lang)


def _signed(value: float, lang: str, digits: int) -> str:
    sign = "" if not round(value, digits) else "+" if value > 0 else "−"
    return f"{sign}{number(abs(value), lang, digits)}"
