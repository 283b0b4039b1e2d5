"""Words, numbers, money, areas and dates in Vietnamese and English; the only place that formats them.

English message texts are the message ids; Vietnamese ones stand in `locale/vi/LC_MESSAGES/messages.po`,
compiled in memory so that there is no second file to forget. Formatting never rounds on its own: a figure
shows every digit it was published with, and only `digits` or `compact` shorten it.
"""

from __future__ import annotations

import gettext
import io
import math
import re
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from babel.dates import format_date
from babel.messages import mofile, pofile

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

LANGUAGES: Final = {"vi": "Tiếng Việt", "en": "English"}
LOCALE_DIR: Final = Path(__file__).parent / "locale"

# Every decimal of 15 significant digits survives a binary float and back; what a float shows beyond them is noise.
_SIGNIFICANT: Final = 15
_SQUARE_METRES_PER_HECTARE: Final = 10_000
_METRES_PER_KILOMETRE: Final = 1_000
_SMALL_LENGTH_M: Final = 10
_LARGE_AREA_HA: Final = 100
_PERIOD: Final = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
# A date as tables hold it, inside a sentence: "2016-03" or "2016-03-29", but no span of years and no part of a number.
_MACHINE_DATE: Final = re.compile(r"(?<![\w/.-])(?:19|20)\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?(?![\w/-])")

# A date as Vietnamese documents write it, with or without leading zeros: "6/8/2018" or "8/2018". No quarter
# ("quý 4/2024") and no scale of a map ("1/2000").
_SLASHED_DATE: Final = re.compile(
    r"(?<![\w/.-])(?<!quý )(?!1/2000\b)(?:(0?[1-9]|[12]\d|3[01])/)?(0?[1-9]|1[0-2])/((?:19|20)\d\d)(?![\w/-])"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """How a unit is written: its name in both languages, and both texts around a number ("{}")."""

    vi: str
    en: str
    vi_form: str
    en_form: str
    en_one: str


def _unit(vi: str, en: str, *, one: str = "", vi_form: str = "", en_form: str = "") -> Unit:
    vi_form = vi_form or f"{{}} {vi}"
    en_form = en_form or f"{{}} {en}"
    return Unit(vi, en, vi_form, en_form, f"{{}} {one}" if one else en_form)


UNITS: Final[dict[str, Unit]] = {
    "usd_m": _unit("triệu USD", "USD million", en_form="USD {} m"),
    "vnd_bn": _unit("tỷ đồng", "VND billion", en_form="VND {} bn"),
    "usd": _unit("USD", "USD", en_form="USD {}"),
    "pct": _unit("%", "%", vi_form="{}%", en_form="{}%"),
    "ha": _unit("ha", "ha"),
    "km": _unit("km", "km"),
    "km2": _unit("km²", "km²"),
    "projects": _unit("dự án", "projects", one="project"),
    "persons": _unit("người", "people", one="person"),
    "workers": _unit("lao động", "workers", one="worker"),
    "million_visits": _unit("triệu lượt khách", "million visits"),
    "tonnes": _unit("tấn", "tonnes", one="tonne"),
    "mt_year": _unit("triệu tấn/năm", "million tonnes a year"),
    "million_t": _unit("triệu tấn", "million tonnes"),
    "teu_m": _unit("triệu TEU", "million TEU"),
    "parks": _unit("khu công nghiệp", "industrial parks", one="industrial park"),
    "zones": _unit("khu kinh tế", "economic zones", one="economic zone"),
    "clusters": _unit("cụm công nghiệp", "industrial clusters", one="industrial cluster"),
    "enterprises": _unit("doanh nghiệp", "enterprises", one="enterprise"),
    "vehicles": _unit("phương tiện", "vehicles", one="vehicle"),
    "units": _unit("căn", "units", one="unit"),
    "usd_m2": _unit("USD/m²", "USD/m²"),
    "usd_m2_year": _unit("USD/m²/năm", "USD/m² a year"),
    "usd_m3": _unit("USD/m³", "USD/m³"),
    "m3_day": _unit("m³/ngày đêm", "m³ a day"),
    "mva": _unit("MVA", "MVA"),
    "jobs": _unit("việc làm", "jobs", one="job"),
    "plans": _unit("đồ án quy hoạch", "plans", one="plan"),
    "investors": _unit("nhà đầu tư", "investors", one="investor"),
    "tenants": _unit("đơn vị thuê", "tenants", one="tenant"),
    "cooperatives": _unit("hợp tác xã", "cooperatives", one="cooperative"),
    "dwt": _unit("DWT", "DWT"),
    "berths": _unit("cầu bến", "berths", one="berth"),
    "ports": _unit("bến cảng", "ports", one="port"),
    "m": _unit("m", "m"),
    "m2": _unit("m²", "m²"),
    "degrees": _unit("độ", "degrees", one="degree"),
    "vertices": _unit("đỉnh", "vertices", one="vertex"),
    "plots": _unit("lô đất", "plots", one="plot"),
    "million_persons": _unit("triệu người", "million people"),
}

# Headlines and axes may shorten large money: from the threshold on, divided by 1 000 and shown with one decimal.
COMPACT: Final[dict[str, tuple[int, Unit]]] = {
    "usd_m": (1_000, _unit("tỷ USD", "USD billion", en_form="USD {} bn")),
    "vnd_bn": (100_000, _unit("nghìn tỷ đồng", "VND trillion", en_form="VND {} tn")),
}


def check_language(lang: str) -> str:
    """Return `lang` if the product speaks it.

    Raises:
        ValueError: If it is neither "vi" nor "en".
    """
    if lang not in LANGUAGES:
        raise ValueError(f"unknown language {lang!r}; known: {', '.join(LANGUAGES)}")
    return lang


@lru_cache(maxsize=len(LANGUAGES))
def translator(lang: str) -> Callable[[str], str]:
    """Return the function that turns an English message into `lang`.

    By convention the result is called `_` and takes literal strings, which is how the messages are collected.

    Raises:
        ValueError: If the language is unknown.
    """
    if check_language(lang) == "en":
        return str
    with (LOCALE_DIR / lang / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = pofile.read_po(file, locale=lang)
    compiled = io.BytesIO()
    mofile.write_mo(compiled, catalogue)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled).gettext


def is_missing(value: object) -> bool:
    """Return whether a cell is empty: None, NaN, NaT, pandas' NA or an empty text."""
    # NaN and NaT differ from themselves; pandas' NA answers neither yes nor no.
    try:
        return value is None or bool(value == "") or bool(value != value)  # noqa: PLR0124
    except TypeError:
        return True


def missing(lang: str) -> str:
    """Return what is shown where no figure is known."""
    _ = translator(lang)
    return _("no data")


def _decimal(value: Any) -> Decimal:
    if isinstance(value, (int, Decimal)):
        return Decimal(value)
    value = float(value)
    if not math.isfinite(value):
        raise ValueError(f"not a finite number: {value}")
    return Decimal(format(value, f".{_SIGNIFICANT}g"))


def number(value: Any, lang: str, digits: int | None = None) -> str:
    """Format a number: 1.234,5 in Vietnamese, 1,234.5 in English.

    Args:
        value: An int, float, Decimal or NumPy number; an empty value gives `missing`.
        lang: "vi" or "en".
        digits: Decimals to show, rounded half up; None shows all that the number has (to 15 significant digits).

    Raises:
        ValueError: If the number is infinite or the language unknown.
    """
    check_language(lang)
    if is_missing(value):
        return missing(lang)
    exact = _decimal(value)
    if digits is not None:
        exact = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    shown = f"{exact:,f}"
    if digits is None and "." in shown:
        shown = shown.rstrip("0").rstrip(".")
    if not exact:
        shown = shown.removeprefix("-")
    return shown.translate({ord(","): ".", ord("."): ","}) if lang == "vi" else shown


def quantity(  # noqa: PLR0913 - a range, and how it is to be shown
    value: Any, unit: str, lang: str, value_max: Any = None, *, compact: bool = False, beside: float = 0
) -> str:
    """Format a figure with its unit, or a range of them.

    Args:
        value: The number, in the unit; the low end of a range.
        unit: One of `UNITS`.
        lang: "vi" or "en".
        value_max: High end of the range, if there is one.
        compact: Shorten large money to one decimal of the next larger unit ("3,0 tỷ USD"); for headlines only.
        beside: Largest number of the same chart, in `unit`: what stands beside it is shortened like it ("0,19 tỷ USD").

    Raises:
        ValueError: If unit or language is unknown, or a number infinite.
    """
    if unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r}")
    given = [_decimal(end) for end in (value, value_max) if not is_missing(end)]
    if not given:
        return missing(lang)
    form, digits = UNITS[unit], None
    if compact and unit in COMPACT and max(beside, *map(float, map(abs, given))) >= COMPACT[unit][0]:
        form, given = COMPACT[unit][1], [end / 1000 for end in given]
        digits = 1 if any(abs(end) >= 1 for end in given) else 2
    numbers = list(dict.fromkeys(number(end, lang, digits) for end in given))
    english = form.en_one if numbers == ["1"] else form.en_form
    shown = (form.vi_form if check_language(lang) == "vi" else english).format("–".join(numbers))
    _ = translator(lang)
    return _("up to {value}").format(value=shown) if is_missing(value) else shown


def percent(value: Any, lang: str, digits: int | None = None) -> str:
    """Format a rate given in percent (57.87 gives "57,87%"); an empty value gives `missing`."""
    return missing(lang) if is_missing(value) else f"{number(value, lang, digits)}%"


def unit_name(unit: str, lang: str) -> str:
    """Return a unit's name for an axis or a column head.

    Raises:
        ValueError: If unit or language is unknown.
    """
    if unit not in UNITS:
        raise ValueError(f"unknown unit {unit!r}")
    return UNITS[unit].vi if check_language(lang) == "vi" else UNITS[unit].en


def _single_date(period: str, lang: str) -> str:
    match = _PERIOD.fullmatch(period)
    if not match:
        raise ValueError(f"not an ISO date: {period!r}")
    year, month, day = match.groups()
    if not month:
        return year
    moment = date(int(year), int(month), int(day or 1))
    if lang == "vi":
        return moment.strftime("%d/%m/%Y" if day else "%m/%Y")
    return format_date(moment, "d MMM y" if day else "MMM y", locale="en")


def iso_date(period: Any, precision: str | None, lang: str, start: Any = None) -> str:
    """Format an ISO period for reading: 12/10/2021, 10/2021, 2021, "đến 2030"; 12 Oct 2021, Oct 2021, 2021, "by 2030".

    Args:
        period: `2021-10-12`, `2021-10` or `2021`; empty when unknown.
        precision: day, month, year, horizon or unknown; None takes it from the length of `period`.
        lang: "vi" or "en".
        start: First day, month or year, where the figure covers a span.

    Raises:
        ValueError: If a period is not an ISO date or the language is unknown.
    """
    check_language(lang)
    _ = translator(lang)
    if is_missing(period) or precision == "unknown":
        return _("date unknown")
    end = _single_date(str(period), lang)
    if not is_missing(start) and str(start) != str(period):
        return f"{_single_date(str(start), lang)}–{end}"
    return _("by {period}").format(period=end) if precision == "horizon" else end


def moment(when: datetime, lang: str) -> str:
    """Format a day with its time in the zone it is given in: 12/10/2021 14:05; 12 Oct 2021 14:05."""
    return f"{_single_date(when.date().isoformat(), lang)} {when:%H:%M}"


def length(metres: Any, lang: str) -> str:
    """Format a measured length: metres below a kilometre, kilometres with two decimals from there on."""
    if is_missing(metres):
        return missing(lang)
    if round(metres) < _METRES_PER_KILOMETRE:
        return f"{number(metres, lang, 1 if metres < _SMALL_LENGTH_M else 0)} m"
    return f"{number(metres / _METRES_PER_KILOMETRE, lang, 2)} km"


def area(square_metres: Any, lang: str) -> str:
    """Format a measured area: m² below a hectare, hectares with two decimals, from 100 ha on with one."""
    if is_missing(square_metres):
        return missing(lang)
    if round(square_metres) < _SQUARE_METRES_PER_HECTARE:
        return f"{number(square_metres, lang, 0)} m²"
    hectares = square_metres / _SQUARE_METRES_PER_HECTARE
    return f"{number(hectares, lang, 1 if hectares >= _LARGE_AREA_HA else 2)} ha"


def text(row: Any, stem: str, lang: str) -> str:
    """Return a row's text in `lang` from its columns `<stem>_vi` and `<stem>_en`, the other language where empty.

    Dates in it are written as readers of the language write them (see `dated`).

    Args:
        row: A mapping or pandas Series.
        stem: Column name without language, such as "name" or "note".
        lang: "vi" or "en".

    Returns:
        The text, empty if there is none in either language.
    """
    other = "en" if check_language(lang) == "vi" else "vi"
    for column in (f"{stem}_{lang}", f"{stem}_{other}"):
        value = row.get(column)
        if not is_missing(value):
            return dated(str(value), lang)
    return ""


def dated(sentence: str, lang: str) -> str:
    """Return a sentence with its dates, held as 2016-03-29 or 2016-03, written as readers of the language do.

    In Vietnamese, days and months that the documents write with one digit get two, as everywhere else.
    """

    def written(found: re.Match[str]) -> str:
        try:
            return _single_date(found[0], lang)
        except ValueError:  # such as 30 February: somebody's number, not ours to read
            return found[0]

    def padded(found: re.Match[str]) -> str:
        return "/".join(part.zfill(2) for part in found.groups() if part)

    told = _MACHINE_DATE.sub(written, sentence)
    return _SLASHED_DATE.sub(padded, told) if lang == "vi" else told


def name(row: Any, lang: str) -> str:
    """Return a row's name in `lang`."""
    return text(row, "name", lang)
