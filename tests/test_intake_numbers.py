from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qn_geo.intake import numbers

COORDINATES = st.decimals(300_000, 2_500_000, places=3)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (["2 381 094,362", "522595,1"], [2381094.362, 522595.1]),
        (["2\u00a0381\u00a0094,362"], [2381094.362]),
        (["2.381.094,362"], [2381094.362]),
        (["2,381,094.362"], [2381094.362]),
        (["2381094.362", "403010.161"], [2381094.362, 403010.161]),
        (["2'381'094.4"], [2381094.4]),
        (["1.234", "5.6"], [1.234, 5.6]),
        (["1.234", "5,6"], [1234, 5.6]),
        (["2.381.094"], [2381094]),
        (["0.123"], [0.123]),
        (["-5", "−5", "+5"], [-5, -5, 5]),
        (["12,5 ha", "3ha", "0,01 km2"], [125_000, 30_000, 10_000]),
        (["100 m2", "1.200,5 m²", "40%", "5 tầng", "7 m"], [100, 1200.5, 40, 5, 7]),
        (["2,3810943620E+06", "2.381094362e6"], [2381094.362, 2381094.362]),
        (["3330-10-24T00:00:00"], [522595]),  # a number shown as a date
        ([1, 2.5, None, np.float64(3)], [1, 2.5, math.nan, 3]),
        (["1,", ".5"], [1, 0.5]),
        ([10**400, "1" * 400, float("inf"), "1e999"], [math.nan, math.nan, math.nan, math.nan]),
        ([], []),
    ],
)
def test_ways_to_write_numbers(written, meant):
    assert numbers.parse(written) == pytest.approx(meant, nan_ok=True)


def test_what_can_be_either_is_said():
    assert numbers.read(["1.234", "5.678"]).doubtful
    assert numbers.parse(["1.234", "5.678"]) == pytest.approx([1234, 5678])  # as Vietnamese has it
    assert numbers.read(["1,234"]).doubtful
    assert numbers.parse(["1,234"]) == pytest.approx([1.234])
    assert not numbers.read(["1.234"], decimal=".").doubtful
    assert numbers.read(["1.234"], decimal=".").values == pytest.approx([1.234])
    assert numbers.read(["12,5", "3.5"]).doubtful  # both signs in one column
    assert numbers.parse(["12,5", "3.5"]) == pytest.approx([12.5, 3.5])


def test_what_spreadsheets_damaged_is_said():
    column = numbers.read(["2026-05-12T00:00:00", "2.38E+06", "2381094.362"])
    assert column.lost == [0, 1]
    assert math.isnan(column.values[0])
    assert column.values[1] == 2.38e6


def test_what_is_no_number_is_said():
    column = numbers.read(["12", "abc", "", "-", None, "12 mẫu", "1.2.3,4,5", object()])
    assert column.unread == [1, 5, 6, 7]


@settings(deadline=None)
@given(st.lists(COORDINATES, min_size=1, max_size=20), st.sampled_from(["", " ", "\u00a0", "."]))
def test_decimal_comma_comes_back(values, thousands):
    written = [f"{value:,.3f}".replace(",", "T").replace(".", ",").replace("T", thousands) for value in values]
    assert numbers.parse(written) == pytest.approx([float(value) for value in values])


@settings(deadline=None)
@given(st.lists(st.one_of(st.text(max_size=30), st.floats(), st.integers(), st.none()), max_size=10))
def test_nothing_breaks_it(values):
    column = numbers.read(values)
    assert len(column.values) == len(values)
    assert not np.isinf(column.values).any()
