from __future__ import annotations

import pandas as pd
import pytest

from qn_geo import landuse
from qn_geo.intake import columns, uses
from tests.test_intake_proposals import layer


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Đất khu công nghiệp", "SKK"),
        ("đất ở tại nông thôn", "ONT"),
        ("DAT O TAI DO THI", "ODT"),
        ("Đất  trồng cây hàng năm khác", "HNK"),
        ("SKK", "SKK"),
        ("skk", "skk"),
        ("Đất công nghiệp", "Đất công nghiệp"),
        ("SKK+DGT", "SKK+DGT"),
        (None, None),
    ],
)
def test_official_names_become_codes(text, code):
    made, named = uses.coded([text])
    assert list(made) == [code]
    assert named == (text != code)


def test_every_name_of_one_code_is_known_and_others_stay():
    table = landuse.codes()
    made, _ = uses.coded(list(table["name_vi"]))
    assert list(made) == list(table["code"])


def test_a_name_of_two_codes_stays(monkeypatch):
    table = pd.DataFrame({"code": ["A", "B", "C"], "name_vi": ["Đất x", "đất X", "Đất y"]})
    monkeypatch.setattr(landuse, "codes", lambda: table)
    uses._by_name.cache_clear()
    try:
        assert list(uses.coded(["Đất x", "Đất y"])[0]) == ["Đất x", "C"]
    finally:
        uses._by_name.cache_clear()


def test_the_names_are_kept_and_the_change_is_told():
    raw = layer({"LoaiDat": ["Đất khu công nghiệp", "SKK", None, "Đất an ninh"]})
    made, problems = columns.canonical(raw, {"LoaiDat": "landuse_code"}, pd.Series([1.0] * 4).to_numpy())
    assert list(made["landuse_code"]) == ["SKK", "SKK", None, "CAN"]
    assert list(made["x_LoaiDat"]) == ["Đất khu công nghiệp", "SKK", None, "Đất an ninh"]
    [told] = problems
    assert told.vi.startswith("2 lô ghi tên loại đất, đã đổi thành mã")
    assert told.column == "LoaiDat"


def test_a_column_of_codes_is_not_doubled():
    raw = layer({"LoaiDat": ["SKK", "DGT"]})
    made, problems = columns.canonical(raw, {"LoaiDat": "landuse_code"}, pd.Series([1.0] * 2).to_numpy())
    assert "x_LoaiDat" not in made
    assert problems == []
