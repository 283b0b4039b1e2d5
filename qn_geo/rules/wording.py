"""Numbers and lists inside the messages of findings, in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from qn_geo import i18n

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN: Final = 40  # characters of a value of the file that are quoted
_LISTED: Final = 5
_VIETNAMESE: Final = {ord(","): ".", ord("."): ","}


class Both(NamedTuple):
    """One text in Vietnamese and English."""

    vi: str
    en: str


def number(value: float, digits: int = 2) -> Both:
    """Return a number with at most so many decimals: 1.234,5 and 1,234.5."""
    # As `i18n.number` writes it, but a hundred thousand findings hold half a million numbers, and exact decimals
    # take twenty times as long.
    shown = f"{value:,.{digits}f}"
    if digits:
        shown = shown.rstrip("0").removesuffix(".")
    shown = "0" if shown == "-0" else shown
    return Both(shown.translate(_VIETNAMESE), shown)


def quoted(value: object) -> Both:
    """Return a value of the file in quotation marks, shortened."""
    text = str(value)
    text = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return Both(f"“{text}”", f"“{text}”")


def listed(values: Iterable[object]) -> Both:
    """Return the first values as a list, and how many more there are."""
    texts = [str(value) for value in values]
    first, more = ", ".join(texts[:_LISTED]), len(texts) - _LISTED
    if more <= 0:
        return Both(first, first)
    return Both(f"{first} và {number(more).vi} lô khác", f"{first} and {number(more).en} more")


def day(iso: str) -> Both:
    """Return an ISO day for reading."""
    return Both(i18n.iso_date(iso, None, "vi"), i18n.iso_date(iso, None, "en"))
