from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qn_geo.intake import naming
from qn_geo.schema import submitted


def test_every_name_leads_to_a_canonical_column():
    for table in (naming.SEEN, naming.KNOWLEDGE):
        for canonical, names in table.items():
            assert canonical in submitted.FIELDS
            for name in names:
                assert naming.propose([name]) == {name: canonical}, name
    assert {*naming.SEEN, *naming.KNOWLEDGE} == set(submitted.FIELDS) - {"row"}


@pytest.mark.parametrize("canonical", [name for name in submitted.FIELDS if name != "row"])
def test_our_own_names_are_known(canonical):
    assert naming.propose([canonical]) == {canonical: canonical}


@pytest.mark.parametrize(
    ("names", "meant"),
    [
        (["so_to", "SO_THUA", "Số Thửa"], ["sheet_no", "parcel_no", None]),
        (
            ["SOHIEUTOBA", "SOHIEUTO_1", "SOTHUTUTHU", "SOTHUTUT_1"],
            ["sheet_no", "old_sheet_no", "parcel_no", "old_parcel_no"],
        ),
        (["SoHieuToBa", "SHBANDO"], [None, "sheet_no"]),
        (["DIENTICH", "DIENTICHPH", "KYHIEUMUCD"], ["area_m2", "area_legal_m2", "landuse_code"]),
        (["Diện tích (ha)", "Diện tích (m2)"], [None, "area_m2"]),
        (["Shape_Area", "DienTich"], [None, "area_m2"]),
        (["Shape_Area"], ["area_m2"]),
        (["Mật độ xây dựng (%)", "Tầng cao", "Khoảng lùi (m)"], ["density_pct", "floors", "setback_m"]),
        (["Loại đất", "Tên chủ", "Địa chỉ", "Mã xã"], ["landuse_code", "holder", "address", "commune_code"]),
        (["STT", "X", "Y", "MauSo", "", "(m2)"], [None] * 6),
    ],
)
def test_names(names, meant):
    assert list(naming.propose(names).values()) == meant


def test_what_is_knowledge_is_said():
    assert not naming.is_knowledge("SOHIEUTOBA")
    assert not naming.is_knowledge("DIEN_TICH")
    assert naming.is_knowledge("MDXD")


def test_hectares():
    assert [naming.in_hectares(name) for name in ("Diện tích (ha)", "DT_ha", "Thửa", "Hạng", "area")] == [
        True,
        True,
        False,
        False,
        False,
    ]


@settings(deadline=None)
@given(st.lists(st.text(max_size=15), unique=True, max_size=30))
def test_no_canonical_column_twice(names):
    given_ = [canonical for canonical in naming.propose(names).values() if canonical]
    assert len(given_) == len(set(given_))
