from __future__ import annotations

import math
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qn_geo.importing import cells


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (None, ""),
        (12, "12"),
        (12.0, "12"),
        (0.1 + 0.2, "0.3"),
        (57.87, "57.87"),
        (-3.5, "-3.5"),
        (datetime(2021, 10, 12), "2021-10-12"),  # noqa: DTZ001 - spreadsheets have no time zone
        (date(2021, 10, 12), "2021-10-12"),
        ("  Sông\u00a0 Khoai\n", "Sông Khoai"),
        ("So\u0302ng", "Sông"),
        ("Sông\u200b Khoai\u202e", "Sông Khoai"),
        ("(Xóa)", cells.EMPTIED),
        ("(clear)", cells.EMPTIED),
    ],
)
def test_text(value, expected):
    assert cells.text(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        '=HYPERLINK("http://x.y")',
        "  =1+1",
        "\u200b=1+1",
        True,
        math.nan,
        math.inf,
        datetime(2021, 10, 12, 7, 30),  # noqa: DTZ001
        "a\x07b",
        "x" * 5000,
    ],
)
def test_text_refuses(value):
    with pytest.raises(cells.CellError) as raised:
        cells.text(value)
    assert raised.value.vi
    assert raised.value.en


@pytest.mark.parametrize(
    ("cell", "comma", "expected"),
    [
        ("", False, ""),
        ("1234.5", False, "1234.5"),
        ("1234.50", False, "1234.5"),
        ("1.234", False, "1.234"),
        ("-3", False, "-3"),
        ("1e3", False, "1000"),
        ("57,87", True, "57.87"),
        ("1.234,5", True, "1234.5"),
        ("57.87", True, "57.87"),
    ],
)
def test_number(cell, comma, expected):
    assert cells.number(cell, comma=comma) == expected


@pytest.mark.parametrize(
    ("cell", "comma"),
    [("57,87", False), ("1,234.5", False), ("12 ha", False), ("nan", False), ("inf", False), ("1.234", True)],
)
def test_number_refuses_what_is_none_or_could_be_two(cell, comma):
    with pytest.raises(cells.CellError):
        cells.number(cell, comma=comma)


def test_period_undoes_what_a_spreadsheet_makes_of_a_month():
    assert cells.period("2021-10-01", "month") == "2021-10"
    assert cells.period("2021-01-01", "year") == "2021"
    assert cells.period("2021-10-01", "day") == "2021-10-01"
    assert cells.period("2021-10-12", "month") == "2021-10-12"


@given(st.text())
def test_text_gives_clean_text_or_a_complaint(raw):
    try:
        cleaned = cells.text(raw)
    except cells.CellError:
        return
    assert cleaned in ("", cells.EMPTIED) or (cleaned == cleaned.strip() and not cleaned.startswith("="))
    assert cells.text(cleaned) == cleaned if cleaned != cells.EMPTIED else True


@given(st.floats(min_value=-1e15, max_value=1e15))
def test_numbers_survive_to_fifteen_digits(value):
    written = cells.number(cells.text(value), comma=False)
    assert float(written) == pytest.approx(value, rel=1e-14)
