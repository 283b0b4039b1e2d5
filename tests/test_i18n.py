from __future__ import annotations

import ast
import re
import string
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from babel.messages import pofile
from babel.messages.extract import extract_from_file
from babel.numbers import parse_decimal
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qn_geo import i18n

ROOT = Path(__file__).parents[1]
CATALOGUE = i18n.LOCALE_DIR / "vi" / "LC_MESSAGES" / "messages.po"
SOURCES = sorted([*(ROOT / "qn_geo").rglob("*.py"), *(ROOT / "pages").rglob("*.py"), *ROOT.glob("app.py")])
TEMPLATES = sorted((ROOT / "qn_geo").rglob("*.j2"))
UNITS = [
    *("usd_m", "vnd_bn", "usd", "pct", "ha", "km", "km2", "projects", "persons", "workers", "million_visits", "tonnes"),
    *("mt_year", "million_t", "teu_m", "parks", "zones", "clusters", "enterprises", "vehicles", "units", "usd_m2"),
    *("usd_m2_year", "usd_m3", "m3_day", "mva", "jobs", "plans", "investors", "tenants", "cooperatives", "dwt"),
    *("berths", "ports", "m", "m2", "degrees", "vertices", "plots", "million_persons"),
]


# `_` translates at once, `N_` marks a text that is translated later.
MARKS = {"_": None, "N_": None}


def _extracted():
    found = {}
    for method, paths in (("python", SOURCES), ("jinja2", TEMPLATES)):
        for path in paths:
            for line, message, _comments, _context in extract_from_file(method, path, keywords=MARKS):
                found.setdefault(message, f"{path.relative_to(ROOT)}:{line}")
    return found


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_no_text_hides_inside_an_f_string(path):
    """Before Python 3.12 the collector cannot look into f-strings: a text there would stay English."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.JoinedStr):
            calls = [call for call in ast.walk(node) if isinstance(call, ast.Call)]
            assert not [call for call in calls if getattr(call.func, "id", "") in MARKS], f"{path}:{node.lineno}"


def _catalogue():
    with CATALOGUE.open("rb") as file:
        return pofile.read_po(file, locale="vi", abort_invalid=True)


def test_texts_are_collected_from_code_and_templates():
    places = {place.rpartition(":")[0].rpartition(".")[2] for place in _extracted().values()}
    assert places == {"py", "j2"}


def test_every_text_on_screen_has_a_vietnamese_translation():
    catalogue = _catalogue()
    lacking = {
        message: place
        for message, place in _extracted().items()
        if message not in catalogue or not catalogue[message].string or catalogue[message].fuzzy
    }
    assert lacking == {}


def test_no_translation_is_fuzzy_or_stale():
    catalogue = _catalogue()
    wanted = _extracted()
    assert [message.id for message in catalogue if message.id and message.fuzzy] == []
    assert [message.id for message in catalogue if message.id and message.id not in wanted] == []
    assert list(catalogue.obsolete) == []


def test_translations_keep_their_placeholders():
    def fields(text):
        return sorted(field for _text, field, _spec, _conversion in string.Formatter().parse(text) if field is not None)

    wrong = [m.id for m in _catalogue() if m.id and fields(m.id) != fields(m.string)]
    assert wrong == []


def test_catalogue_and_sources_are_in_composed_unicode():
    paths = [CATALOGUE, *SOURCES, *TEMPLATES]
    assert [p.name for p in paths if not unicodedata.is_normalized("NFC", p.read_text("utf-8"))] == []


def _called_without_literal(tree, names):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
            texts = [argument.value for argument in node.args if isinstance(argument, ast.Constant)]
            if len(node.args) != 1 or node.keywords or not all(isinstance(text, str) for text in texts) or not texts:
                yield node.lineno


def test_only_literal_texts_are_translated():
    wrong = []
    for path in SOURCES:
        text = path.read_text("utf-8")
        # Where texts are marked with N_, it is those that must be literal; `_` then gets them from a variable.
        names = {"N_"} if "N_(" in text else {"_"}
        wrong += [f"{path.relative_to(ROOT)}:{line}" for line in _called_without_literal(ast.parse(text), names)]
    for path in TEMPLATES:
        wrong += [
            f"{path.name}: {call}" for call in re.findall(r"\b_\((?![\"'][^\"']*[\"']\)).*", path.read_text("utf-8"))
        ]
    assert wrong == []


def test_translator_speaks_both_languages():
    assert i18n.translator("vi")("no data") == "chưa có số liệu"
    assert i18n.translator("en")("no data") == "no data"
    assert i18n.missing("vi") == "chưa có số liệu"
    with pytest.raises(ValueError, match="unknown language 'fr'"):
        i18n.translator("fr")


@given(st.integers(-(10**18), 10**18))
@settings(deadline=None)
def test_a_shown_integer_reads_back_as_itself(value):
    for lang in i18n.LANGUAGES:
        assert parse_decimal(i18n.number(value, lang), locale=lang, strict=True) == value


@given(st.decimals(-(10**10), 10**10, places=4))
@settings(deadline=None)
def test_a_shown_decimal_reads_back_as_itself(value):
    for lang in i18n.LANGUAGES:
        for given_as in (value, float(value)):
            assert parse_decimal(i18n.number(given_as, lang), locale=lang, strict=True) == value


@given(st.floats(-1e9, 1e9), st.integers(0, 4))
@example(100000000.97144973, 4)
@settings(deadline=None)
def test_a_rounded_number_is_within_half_a_unit_of_its_last_digit(value, digits):
    shown = i18n.number(value, "vi", digits)
    fraction = shown.partition(",")[2]
    assert len(fraction) == digits
    meant = Decimal(f"{value:.15g}")  # what a float shows beyond 15 digits is noise
    assert abs(parse_decimal(shown, locale="vi", strict=True) - meant) <= Decimal("0.5").scaleb(-digits)


@given(st.floats(0, 1e7).map(lambda x: round(x, 2)), st.sampled_from(UNITS))
@settings(deadline=None)
def test_a_quantity_shows_the_figure_it_was_given(value, unit):
    for lang in i18n.LANGUAGES:
        shown = i18n.quantity(value, unit, lang)
        digits = re.search(r"\d[\d.,]*", shown).group()
        assert parse_decimal(digits, locale=lang, strict=True) == Decimal(repr(value))


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (1234.5, "1.234,5", "1,234.5"),
        (0.1 + 0.2, "0,3", "0.3"),
        (1200.0, "1.200", "1,200"),
        (-0.0, "0", "0"),
        (Decimal("2.50"), "2,5", "2.5"),
        (np.float64(13303.25), "13.303,25", "13,303.25"),
        (np.int64(54), "54", "54"),
        (None, "chưa có số liệu", "no data"),
        (float("nan"), "chưa có số liệu", "no data"),
        (pd.NA, "chưa có số liệu", "no data"),
    ],
)
def test_number(value, vi, en):
    assert (i18n.number(value, "vi"), i18n.number(value, "en")) == (vi, en)


def test_number_rounds_half_up_and_refuses_infinity():
    assert i18n.number(2.5, "vi", 0) == "3"
    assert i18n.number(-0.001, "vi", 1) == "0,0"
    with pytest.raises(ValueError, match="finite"):
        i18n.number(float("inf"), "vi")


@pytest.mark.parametrize(
    ("arguments", "vi", "en"),
    [
        ((865.6, "usd_m"), "865,6 triệu USD", "USD 865.6 m"),
        ((9285.4, "usd_m"), "9.285,4 triệu USD", "USD 9,285.4 m"),
        ((4229, "vnd_bn"), "4.229 tỷ đồng", "VND 4,229 bn"),
        ((456600, "vnd_bn"), "456.600 tỷ đồng", "VND 456,600 bn"),
        ((57.87, "pct"), "57,87%", "57.87%"),
        ((10000, "usd"), "10.000 USD", "USD 10,000"),
        ((1, "projects"), "1 dự án", "1 project"),
        ((21, "projects"), "21 dự án", "21 projects"),
        ((3, "units"), "3 căn", "3 units"),
    ],
)
def test_quantity_is_exact_by_default(arguments, vi, en):
    assert (i18n.quantity(*arguments, "vi"), i18n.quantity(*arguments, "en")) == (vi, en)


@pytest.mark.parametrize(
    ("arguments", "vi", "en"),
    [
        ((865.6, "usd_m"), "865,6 triệu USD", "USD 865.6 m"),
        ((2950, "usd_m"), "3,0 tỷ USD", "USD 3.0 bn"),
        ((98509.5, "vnd_bn"), "98.509,5 tỷ đồng", "VND 98,509.5 bn"),
        ((456600, "vnd_bn"), "456,6 nghìn tỷ đồng", "VND 456.6 tn"),
        ((1234567, "ha"), "1.234.567 ha", "1,234,567 ha"),
    ],
)
def test_quantity_shortens_large_money_for_headlines(arguments, vi, en):
    shown = tuple(i18n.quantity(*arguments, lang, compact=True) for lang in ("vi", "en"))
    assert shown == (vi, en)


def test_quantity_shows_ranges_with_an_en_dash():
    assert i18n.quantity(310000, "persons", "vi", 320000) == "310.000\N{EN DASH}320.000 người"
    assert i18n.quantity(900, "usd_m", "en", 1200, compact=True) == "USD 0.9\N{EN DASH}1.2 bn"
    assert i18n.quantity(5, "ha", "vi", 5) == "5 ha"
    assert i18n.quantity(None, "ha", "vi", 500) == "đến 500 ha"
    assert i18n.quantity(500, "ha", "vi", float("nan")) == "500 ha"


def test_quantity_without_a_figure_says_so_and_an_unknown_unit_is_refused():
    assert i18n.quantity(None, "ha", "vi") == "chưa có số liệu"
    with pytest.raises(ValueError, match="unknown unit 'acre'"):
        i18n.quantity(1, "acre", "en")
    with pytest.raises(ValueError, match="unknown unit"):
        i18n.unit_name("acre", "en")


def test_units_are_the_closed_list_and_named_in_both_languages():
    assert list(i18n.UNITS) == UNITS
    assert all(i18n.unit_name(unit, lang) for unit in UNITS for lang in i18n.LANGUAGES)
    assert i18n.unit_name("vnd_bn", "vi") == "tỷ đồng"


def test_percent():
    assert (i18n.percent(57.87, "vi"), i18n.percent(57.87, "en", 1)) == ("57,87%", "57.9%")
    assert i18n.percent(None, "vi") == "chưa có số liệu"


@pytest.mark.parametrize(
    ("arguments", "vi", "en"),
    [
        (("2021-10-12", "day"), "12/10/2021", "12 Oct 2021"),
        (("2021-10", "month"), "10/2021", "Oct 2021"),
        (("2021", "year"), "2021", "2021"),
        (("2030", "horizon"), "đến 2030", "by 2030"),
        (("2012-04-10", None), "10/04/2012", "10 Apr 2012"),
        ((2021, None), "2021", "2021"),
        ((None, "unknown"), "không rõ thời điểm", "date unknown"),
        ((float("nan"), None), "không rõ thời điểm", "date unknown"),
    ],
)
def test_iso_date(arguments, vi, en):
    assert (i18n.iso_date(*arguments, "vi"), i18n.iso_date(*arguments, "en")) == (vi, en)


def test_moment():
    when = datetime(2026, 11, 3, 9, 5, tzinfo=UTC)
    assert (i18n.moment(when, "vi"), i18n.moment(when, "en")) == ("03/11/2026 09:05", "3 Nov 2026 09:05")


def test_iso_date_shows_a_span():
    assert i18n.iso_date("2025", "year", "vi", "2021") == "2021\N{EN DASH}2025"
    assert i18n.iso_date("2025", "year", "vi", "2025") == "2025"


@pytest.mark.parametrize("period", ["12/10/2021", "2021-13", "2021-02-30", "soon"])
def test_iso_date_refuses_what_is_no_date(period):
    with pytest.raises(ValueError, match=r"not an ISO date|month|day"):
        i18n.iso_date(period, None, "vi")


@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)))
@settings(deadline=None)
def test_days_read_back(day):
    shown = i18n.iso_date(day.isoformat(), "day", "vi")
    assert date(*(int(part) for part in reversed(shown.split("/")))) == day


@pytest.mark.parametrize(
    ("metres", "shown"),
    [(9.96, "10,0 m"), (850.4, "850 m"), (999.7, "1,00 km"), (12345, "12,35 km"), (None, "chưa có số liệu")],
)
def test_length(metres, shown):
    assert i18n.length(metres, "vi") == shown


@pytest.mark.parametrize(
    ("square_metres", "shown"),
    [
        (850.2, "850 m²"),
        (9999.6, "1,00 ha"),
        (123456, "12,35 ha"),
        (133_030_000, "13.303,0 ha"),
        (None, "chưa có số liệu"),
    ],
)
def test_area(square_metres, shown):
    assert i18n.area(square_metres, "vi") == shown


@pytest.mark.parametrize(
    ("sentence", "vi", "en"),
    [
        ("20% từ 2024-06)", "20% từ 06/2024)", "20% từ Jun 2024)"),
        ("648 (2016-03); 2014-04-25, x", "648 (03/2016); 25/04/2014, x", "648 (Mar 2016); 25 Apr 2014, x"),
        ("352/QĐ (29/3/2018), 8/2025", "352/QĐ (29/03/2018), 08/2025", "352/QĐ (29/3/2018), 8/2025"),
        ("1/2000, quý 4/2024, 9/2020/QĐ", "1/2000, quý 4/2024, 9/2020/QĐ", "1/2000, quý 4/2024, 9/2020/QĐ"),
        ("four phases 2019-2025", "four phases 2019-2025", "four phases 2019-2025"),
        ("12/2019-06/QĐ, 2021-02-30", "12/2019-06/QĐ, 2021-02-30", "12/2019-06/QĐ, 2021-02-30"),
    ],
)
def test_dates_inside_a_sentence_are_written_for_readers(sentence, vi, en):
    assert (i18n.dated(sentence, "vi"), i18n.dated(sentence, "en")) == (vi, en)
    assert i18n.text({"note_vi": sentence}, "note", "vi") == vi


def test_name_falls_back_to_the_other_language():
    row = pd.Series({"name_vi": "Móng Cái", "name_en": None, "note_vi": float("nan"), "note_en": ""})
    assert (i18n.name(row, "vi"), i18n.name(row, "en")) == ("Móng Cái", "Móng Cái")
    assert i18n.text(row, "note", "vi") == ""
    assert i18n.text({"note_en": "late"}, "note", "vi") == "late"
    with pytest.raises(ValueError, match="unknown language"):
        i18n.name(row, "fr")
