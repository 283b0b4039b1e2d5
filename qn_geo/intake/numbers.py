"""Numbers as people and spreadsheets write them: decimal comma or point, grouped thousands, units, and mangled ones.

Which sign is the decimal one is decided for a whole column, because "1.234" alone can be either. What was lost before
the file came here (a number turned into a date, digits cut by 2.38E+06) is told, never made up.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from qn_geo.crs import FloatArray

_UNITS: Final = {"m2": 1.0, "m²": 1.0, "m": 1.0, "%": 1.0, "tầng": 1.0, "ha": 10_000.0, "km2": 1e6, "km²": 1e6}
"""Units behind a number, and what makes metres or square metres of it."""

_SPACES: Final = re.compile(r"[\s'’\u00a0\u2007\u2009\u202f_]+")
_PARTS: Final = re.compile(r"([-+]?)([\d.,]*\d[.,]?)(?:[eE]([-+]?\d{1,3}))?\s*([^\d\s.,].*)?")
_GROUPED: Final = re.compile(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*")
_DATE: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ].*)?")
# Excel shows days since this one as dates. A date of our time was typed as 12.5 or 1/12 and is lost; one far away is a
# number that only looks like a date.
_DAY_ZERO: Final = dt.date(1899, 12, 30)
_OUR_TIME: Final = (1950, 2100)
_FEW_DIGITS: Final = 8  # a northing has seven before its decimals
_GROUP: Final = 3


@dataclass(slots=True)
class Column:
    """A column read as numbers.

    Attributes:
        values: The numbers, NaN where a cell is empty or could not be read; areas in square metres, lengths in metres.
        decimal: The decimal sign found, "," or "."; empty when the column has none.
        doubtful: Whether the sign could as well group thousands, by all that the column shows.
        unread: Indices of cells that are no number.
        lost: Indices of cells whose number was damaged before: turned into a date, or rounded by an exponent.
    """

    values: FloatArray
    decimal: str = ""
    doubtful: bool = False
    unread: list[int] = field(default_factory=list)
    lost: list[int] = field(default_factory=list)


def parse(values: Sequence[object]) -> FloatArray:
    """Return a column as numbers, NaN where there is none; see `read`."""
    return read(values).values


def read(values: Sequence[object], decimal: str | None = None) -> Column:
    """Return a column as numbers, with all that is doubtful about it.

    Args:
        values: Numbers, texts and None.
        decimal: The decimal sign, "," or "."; found out by default.
    """
    if set(map(type, values)) <= {float, type(None)}:
        plain = np.asarray(values, dtype=float)
        return Column(np.where(np.isfinite(plain), plain, np.nan))
    texts = {value for value in values if isinstance(value, str)}
    found, doubtful = _decimal(texts)
    sign = found if decimal is None else decimal
    known = {text: _cell(text, sign) for text in texts}
    column = Column(np.full(len(values), np.nan), sign, doubtful and decimal is None)
    for index, value in enumerate(values):
        if isinstance(value, str):
            number, lost = known[value]
        else:
            number, lost = _number(value), False
        column.values[index] = number
        if lost:
            column.lost.append(index)
        elif math.isnan(number) and not _is_blank(value):
            column.unread.append(index)
    return column


def _is_blank(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip(" -–—.")) or value != value  # noqa: PLR0124 - NaN


def _number(value: object) -> float:
    if not isinstance(value, (int, float, np.number)):
        return math.nan
    try:
        number = float(value)
    except OverflowError:
        return math.nan
    return number if math.isfinite(number) else math.nan


def _bare(text: str) -> str:
    return _SPACES.sub("", text.strip()).replace("−", "-").replace("–", "-")


def _decimal(texts: Iterable[str]) -> tuple[str, bool]:
    """Return the decimal sign of a column and whether it is a guess.

    A sign that stands once with other than three digits behind it, or behind four digits, or behind the other sign,
    can only be the decimal one; a sign that stands twice only groups thousands.
    """
    sure: set[str] = set()
    open_: set[str] = set()
    for text in texts:
        found = _PARTS.fullmatch(_bare(text))
        if found is None or found[3]:
            continue
        digits = found[2]
        points, commas = digits.count("."), digits.count(",")
        if points and commas:
            last = max(digits.rfind("."), digits.rfind(","))
            sure.add(digits[last])
        elif points + commas > 1:
            sure.add("," if points else ".")
        elif points + commas == 1:
            sign = "." if points else ","
            (open_ if _GROUPED.fullmatch(digits) and not digits.startswith("0") else sure).add(sign)
    if len(sure) == 1:
        return sure.pop(), False
    if sure:  # both signs at once: each cell is read by itself
        return "", True
    # Nothing but 1.234 or 1,234. In Vietnamese the point groups and the comma is decimal.
    return ("," if open_ else ""), bool(open_)


def _cell(text: str, decimal: str) -> tuple[float, bool]:
    """Return the number of a text, and whether it was damaged before."""
    if (date := _DATE.fullmatch(text.strip())) is not None:
        return _of_date(date)
    found = _PARTS.fullmatch(_bare(text))
    unit = _UNITS.get((found[4] or "m").casefold().strip("()")) if found else None
    if found is None or unit is None:
        return math.nan, False
    sign, digits, exponent, _ = found.groups()
    point = "," if exponent and "," in digits else "." if exponent else decimal
    pointed = _pointed(digits, point)
    number = float(f"{sign}{pointed}e{exponent or 0}") * unit if pointed else math.nan
    rounded = bool(exponent) and sum(map(str.isdigit, digits)) < _FEW_DIGITS
    return (number, rounded) if math.isfinite(number) else (math.nan, False)


def _pointed(digits: str, decimal: str) -> str | None:
    """Return digits with a point for the decimal sign and no grouping; None where the groups are none of thousands."""
    signs = [letter for letter in digits if letter in ".,"]
    if len(set(signs)) > 1:  # the last one is decimal, whatever the column says
        decimal = signs[-1]
    elif len(signs) > 1:
        decimal = ""
    elif signs and not decimal:
        decimal = signs[0] if len(digits) - digits.index(signs[0]) - 1 != _GROUP else ""
    whole, _, fraction = digits.rpartition(decimal) if decimal and decimal in digits else (digits, "", "")
    if not (_GROUPED.fullmatch(whole) or whole.isdecimal() or not whole):
        return None
    return f"{whole.replace('.', '').replace(',', '') or '0'}.{fraction or '0'}"


def _of_date(found: re.Match[str]) -> tuple[float, bool]:
    try:
        date = dt.date(*map(int, found.groups()))
    except ValueError:
        return math.nan, False
    if _OUR_TIME[0] <= date.year <= _OUR_TIME[1]:
        return math.nan, True
    return float((date - _DAY_ZERO).days), False
