"""Read coordinates as people paste them: degrees in WGS 84 or metres in VN-2000, any order, point or comma."""

from __future__ import annotations

import re
from typing import Final

from qn_geo.crs import to_wgs84

# The windows of Quảng Ninh with some 30 km around. Latitude, longitude, northing and easting do not overlap, so the
# numbers themselves tell which is which, whatever order or letters (X is north on sheets, east in GIS) they come with.
_LATITUDE: Final = (20.3, 22.0)
_LONGITUDE: Final = (106.1, 108.5)
_NORTHING: Final = (2_245_000.0, 2_435_000.0)
_EASTING: Final = (325_000.0, 575_000.0)

_NUMBER: Final = re.compile(r"\d+(?:[.,]\d+)?")
# X of this province has seven digits and starts with 2, so 2.304.415 and 2,304,415 show the thousands separator.
_GROUPED: Final = re.compile(r"(?<!\d)2([.,])\d{3}\1\d{3}(?!\d)")
_DEGREES: Final = re.compile(
    r"""(\d{1,3}(?:[.,]\d+)?)\s*[°º˚]\s*
        (?:(\d{1,2}(?:[.,]\d+)?)\s*['′’´]\s*)?
        (?:(\d{1,2}(?:[.,]\d+)?)\s*(?:["″”]|'')\s*)?""",
    re.VERBOSE,
)
# Words and letters that come with coordinates, in both languages; any other word makes the query a name.
_WORDS: Final = re.compile(
    r"(?i)\b(?:x|y|n|e|b|đ|d|lat|lon|long|lng|latitude|longitude|vĩ độ|kinh độ|bắc|đông|north|east|northing|easting"
    r"|wgs\s?-?84|vn\s?-?2000|epsg:?\s?(?:5899|4326)|m)\b"
)


def parse(query: str) -> tuple[float, float] | None:
    """Return longitude and latitude (WGS 84 degrees) when the query is a position in or near the province.

    VN-2000 means EPSG:5899, the province's own zone; other zones are not guessed.
    """
    text = _WORDS.sub(" ", query)
    if re.search(r"[^\W\d_]", text):
        return None
    values = _sexagesimal(text) if re.search(r"[°º˚]", text) else _numbers(text)
    if len(values) != 2:  # noqa: PLR2004 - a position has two coordinates
        return None
    first, second = values
    for a, b in ((first, second), (second, first)):
        if _within(a, _LONGITUDE) and _within(b, _LATITUDE):
            return a, b
        if _within(a, _NORTHING) and _within(b, _EASTING):
            return to_wgs84(a, b)
    return None


def _numbers(text: str) -> list[float]:
    """Return plain numbers; a comma or point inside a number is its decimal sign unless it groups thousands."""
    grouped = _GROUPED.search(text)
    if grouped:
        mark = re.escape(grouped[1])
        text = re.sub(rf"(?<=\d){mark}(?=\d{{3}}(?!\d))", "", text)
    return [_float(number) for number in _NUMBER.findall(text)]


def _sexagesimal(text: str) -> list[float]:
    """Return degrees from degrees, minutes and seconds."""
    return [_float(d) + _float(m or "0") / 60 + _float(s or "0") / 3600 for d, m, s in _DEGREES.findall(text)]


def _float(number: str) -> float:
    return float(number.replace(",", "."))


def _within(value: float, window: tuple[float, float]) -> bool:
    return window[0] <= value <= window[1]
