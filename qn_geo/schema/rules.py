"""What a cell, or a row, must be: pandera checks, each with the words that tell a person what is wrong."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any, Final

import pandera.pandas as pa

from qn_geo.i18n import UNITS
from qn_geo.schema.words import LAT_WINDOW, LON_WINDOW, ZONE_GROUPS, values

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

_ONE_OF: Final = "one of: "
_SLUG: Final = r"[a-z0-9]+(?:-[a-z0-9]+)*"
_SOURCE: Final = r"[A-Za-z0-9][A-Za-z0-9._-]*"
_NUMBER: Final = r"-?\d+(?:\.\d+)?"
_YEARS: Final = (1900, 2100)
# Beyond these nothing is real, and within them no sum or ratio leaves what a float holds.
_SMALLEST: Final = 1e-9
_LARGEST: Final = 1e12
_HIGHEST_PCT: Final = 1000
_MONEY: Final = ("usd_m", "vnd_bn", "usd")
_LENGTH_OF: Final = {"day": 10, "month": 7, "year": 4, "horizon": 4}

# Rule to what is said when it is broken, in Vietnamese and English.
MESSAGES: Final = {
    "tidy": (
        "có khoảng trắng lạ, ký tự điều khiển hoặc chữ chưa ở dạng NFC",
        "has stray spaces, control characters or letters not in NFC form",
    ),
    "slug": ("không phải mã chữ thường không dấu, nối bằng gạch ngang", "is not an id of lower-case words and hyphens"),
    "zone id": ("không phải mã khu (kkt-..., kcn-..., ccn-...)", "is not a zone id (kkt-..., kcn-..., ccn-...)"),
    "place id": (
        "không phải mã khu, nhóm khu, khu vực hay province",
        "is not the id of a zone, a group, an area or province",
    ),
    "commune code": ("không phải mã xã gồm năm chữ số", "is not a commune code of five digits"),
    "date": (
        "không phải ngày ISO từ 1900 đến 2100 (2021-10-12, 2021-10 hoặc 2021)",
        "is not an ISO date between 1900 and 2100 (2021-10-12, 2021-10 or 2021)",
    ),
    "years": ("không phải năm (2030) hoặc nhiều năm (2030/2040)", "is not a year (2030) or several (2030/2040)"),
    "sources": (
        "không phải danh sách mã nguồn cách nhau bằng dấu chấm phẩy",
        "is not a list of source ids parted by semicolons",
    ),
    "url": ("không phải địa chỉ http hoặc https", "is not an http or https address"),
    "unit": ("không có trong danh mục đơn vị", "is not in the list of units"),
    "check": (
        "không phải mã kiểm tra (QN-GEO-001)",
        "is not the code of a check (QN-GEO-001)",
    ),
    "parameters": (
        'không phải danh sách tham số dạng "tên=giá trị;tên=giá trị"',
        'is not a list of parameters of the form "name=value;name=value"',
    ),
    "colour": ("không phải màu dạng #RRGGBB", "is not a colour of the form #RRGGBB"),
    "byte": ("không nằm trong khoảng 0 đến 255", "is not between 0 and 255"),
    "positive": ("phải lớn hơn 0", "must be above 0"),
    "size": (
        "không phải là 0 hay số hữu hạn có độ lớn từ 10⁻⁹ đến 10¹²",
        "is neither 0 nor a finite number of a size between 10⁻⁹ and 10¹²",
    ),
    "percentage": (
        "tỷ lệ phần trăm phải từ 0 đến 1000 (tốc độ tăng: từ -1000 đến 1000)",
        "a percentage must be between 0 and 1000 (growth: between -1000 and 1000)",
    ),
    "money": ("số tiền không được âm", "an amount of money must not be negative"),
    "not negative": ("không được âm", "must not be negative"),
    "longitude": ("là kinh độ nằm ngoài vùng Quảng Ninh", "is a longitude outside Quảng Ninh's surroundings"),
    "latitude": ("là vĩ độ nằm ngoài vùng Quảng Ninh", "is a latitude outside Quảng Ninh's surroundings"),
    "year": ("không phải năm từ 1900 đến 2100", "is not a year between 1900 and 2100"),
    "waypoints": (
        'không phải chuỗi điểm dạng "kinh độ vĩ độ; kinh độ vĩ độ"',
        'is not a list of points of the form "lon lat; lon lat"',
    ),
    "range": ("giá trị cao nhất nhỏ hơn giá trị thấp nhất", "the high end of the range is below the low end"),
    "precision": ("độ chính xác thời gian không khớp với thời điểm", "the precision does not fit the period"),
    "span": ("thời điểm bắt đầu sau thời điểm kết thúc", "the span starts after its end"),
    "both coordinates": (
        "kinh độ, vĩ độ và sai số vị trí phải cùng có hoặc cùng trống",
        "longitude, latitude and accuracy must be given together or not at all",
    ),
    "own parent": ("khu không thể nằm trong chính nó", "a zone cannot lie in itself"),
    "kind of id": ("loại khu không khớp với mã khu", "the kind does not fit the id"),
    "colour parts": ("màu hex không khớp với r, g, b", "the hex colour does not fit r, g, b"),
}


def wording(rule: str) -> tuple[str, str]:
    """Return what to say, in Vietnamese and English, about a value that breaks a rule."""
    if rule.startswith(_ONE_OF):
        known = rule.removeprefix(_ONE_OF)
        return f"không thuộc danh mục: {known}", f"is not one of: {known}"
    return MESSAGES.get(rule, (f"không đạt điều kiện {rule}", f"breaks the rule {rule}"))


def _each(rule: str, holds: Callable[[Any], bool]) -> pa.Check:
    return pa.Check(holds, error=rule, element_wise=True)


def _row(rule: str, holds: Callable[[pd.DataFrame], pd.Series]) -> pa.Check:
    return pa.Check(holds, error=rule, ignore_na=False)


def _is_tidy(value: str) -> bool:
    return value.isprintable() and value == value.strip() and unicodedata.is_normalized("NFC", value)


def _is_date(value: str) -> bool:
    match = re.fullmatch(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", value)
    if not match or not _YEARS[0] <= int(match[1]) <= _YEARS[1]:
        return False
    try:
        date(*(int(part or 1) for part in match.groups()))
    except ValueError:
        return False
    return True


def _matches(rule: str, pattern: str) -> pa.Check:
    compiled = re.compile(pattern)
    return _each(rule, lambda value: compiled.fullmatch(value) is not None)


def _between(rule: str, low: float, high: float) -> pa.Check:
    return _each(rule, lambda value: low <= value <= high)


TIDY: Final = _each("tidy", _is_tidy)
SLUG: Final = _matches("slug", _SLUG)
ZONE_ID: Final = _matches("zone id", rf"(?:kkt|kcn|ccn)-{_SLUG}")
PLACE_ID: Final = _matches("place id", rf"(?:kkt|kcn|ccn|area)-{_SLUG}|{'|'.join(ZONE_GROUPS)}")
COMMUNE_CODE: Final = _matches("commune code", r"\d{5}")
DATE: Final = _each("date", _is_date)
YEARS: Final = _matches("years", r"(?:19|20)\d{2}(?:/(?:19|20)\d{2})*")
SOURCES: Final = _matches("sources", rf"{_SOURCE}(?:;{_SOURCE})*")
URL: Final = _matches("url", r"https?://\S+")
UNIT: Final = _each("unit", lambda value: value in UNITS)
CHECK: Final = _matches("check", r"QN-[A-Z]{2,4}-\d{3}")
PARAMETERS: Final = _matches("parameters", r"[a-z0-9_]+=[^=;]+(?:;[a-z0-9_]+=[^=;]+)*")
COLOUR: Final = _matches("colour", r"#[0-9A-F]{6}")
BYTE: Final = _between("byte", 0, 255)
POSITIVE: Final = _each("positive", lambda value: value > 0)
LONGITUDE: Final = _between("longitude", *LON_WINDOW)
LATITUDE: Final = _between("latitude", *LAT_WINDOW)
YEAR: Final = _between("year", *_YEARS)
SIZE: Final = _each("size", lambda value: value == 0 or _SMALLEST <= abs(value) <= _LARGEST)
WAYPOINTS: Final = _matches("waypoints", rf"{_NUMBER} {_NUMBER}(?:; {_NUMBER} {_NUMBER})*")


def one_of(literal: object) -> pa.Check:
    """Return the check that a cell holds a word of one of the closed lists."""
    known = values(literal)
    return pa.Check.isin(known, error=_ONE_OF + ", ".join(known))


def in_order(low: str, high: str) -> pa.Check:
    """Return the check that where both columns are known, `high` is not below `low`."""
    return _row("range", lambda rows: rows[low].isna() | rows[high].isna() | (rows[high] >= rows[low]))


def _fits_precision(rows: pd.DataFrame) -> pd.Series:
    wanted = rows["precision"].map(_LENGTH_OF)
    unknown = (rows["precision"] == "unknown") & rows["period"].isna()
    return unknown | (rows["period"].str.len() == wanted)


def _fits_percentage(rows: pd.DataFrame) -> pd.Series:
    lowest = rows["measure"].str.contains("growth", na=False).map({True: -_HIGHEST_PCT, False: 0})
    highest = rows["value_max"].fillna(rows["value"])
    return (rows["unit"] != "pct") | ((rows["value"] >= lowest) & (highest <= _HIGHEST_PCT))


PERCENTAGE: Final = _row("percentage", _fits_percentage)
MONEY: Final = _row("money", lambda rows: ~rows["unit"].isin(_MONEY) | (rows["value"] >= 0))
PRECISION: Final = _row("precision", _fits_precision)
# ISO dates sort as text; a year against its own first day is compared at the shorter length.
SPAN: Final = _row(
    "span",
    lambda rows: (
        rows["period_start"].isna() | rows["period"].isna() | (rows["period_start"].str[:4] <= rows["period"].str[:4])
    ),
)
BOTH_COORDINATES: Final = _row(
    "both coordinates",
    lambda rows: (
        (rows["lon"].isna() == rows["lat"].isna()) & (rows["lon"].isna() == rows["location_accuracy_m"].isna())
    ),
)
OWN_PARENT: Final = _row("own parent", lambda rows: rows["parent_id"].isna() | (rows["parent_id"] != rows["zone_id"]))
KIND_OF_ID: Final = _row("kind of id", lambda rows: rows["zone_id"].str[:3] == rows["kind"].str.lower())


def _fits_parts(rows: pd.DataFrame) -> pd.Series:
    parts = rows[["r", "g", "b"]]
    absent = parts.isna().all(axis=1) & rows["hex"].isna()
    numbers = parts.fillna(0).astype(int)
    shown = [f"#{r:02X}{g:02X}{b:02X}" for r, g, b in numbers.itertuples(index=False)]
    return absent | (parts.notna().all(axis=1) & (rows["hex"] == shown).fillna(value=False))


COLOUR_PARTS: Final = _row("colour parts", _fits_parts)
