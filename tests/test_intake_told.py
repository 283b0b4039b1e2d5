"""What a layer tells besides its proposals, for a person to judge them by."""

from __future__ import annotations

import pytest

from qn_geo.errors import QnGeoError
from qn_geo.intake import encodings, proposals, tables, vectors
from qn_geo.intake.proposals import Choices
from tests.test_intake_proposals import ZONE, layer, old_shapefile, plots


def test_two_columns_cannot_mean_the_same():
    raw = layer({"DT1": [1.0, 2.0], "DT2": [3.0, 4.0]})
    both = {"DT1": "area_m2", "DT2": "area_m2"}
    with pytest.raises(QnGeoError, match="“DT1” and “DT2”, are both chosen to be “Recorded area") as caught:
        proposals.inspect_layer(raw, proposals.evidence(), Choices(columns=both))
    assert "hai cột “DT1” và “DT2”" in caught.value.problem.vi
    assert caught.value.problem.remedy_vi
    with pytest.raises(QnGeoError, match="both chosen"):
        proposals.canonical(raw, Choices(columns=both), proposals.evidence())
    of_another_layer = {"DT1": "area_m2", "elsewhere": "area_m2", "DT2": ""}
    assert proposals.canonical(raw, Choices(columns=of_another_layer), proposals.evidence()).frame["area_m2"][1] == 2


def test_texts_as_read_can_be_shown_in_any_encoding(tmp_path):
    raw = vectors.read(old_shapefile(tmp_path, plots(), "tcvn3"), "shp")
    found = proposals.inspect_layer(raw, proposals.evidence(ZONE), Choices(encodings={"TenChu": "vni"}))
    [text] = found.raw_samples["TenChu"]
    assert encodings.decode(text, "tcvn3") == "Công ty Cổ phần Đầu tư Sông Khoai"
    for encoding in encodings.STEPS:
        assert encodings.decode(text, encoding)
    assert found.raw_samples["KyHieuMucD"] == ("SKK",)
    assert "DienTich" not in found.raw_samples


def test_texts_beyond_ascii_are_shown_first():
    assert encodings.samples(["a", "b", None, 3, "c", "", "d", "§Êt", "§Êt"]) == ("§Êt", "a", "b")
    assert encodings.samples([1.0, None]) == ()


@pytest.mark.parametrize(
    ("names", "east_first", "told"),
    [
        (("X", "Y"), True, True),
        (("X (m)", "Y (m)"), True, True),
        (("X", "Y"), False, False),
        (("Đông", "Bắc"), True, False),
    ],
)
def test_eastings_under_x_are_told(tmp_path, names, east_first, told):
    rows = [";".join(("Lô", *names))]
    for east, north in plots(1).geometry[0].exterior.coords[:-1]:
        first, second = (east, north) if east_first else (north, east)
        rows.append(f"A;{first:.2f};{second:.2f}")
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8")
    raw = tables.read(tmp_path / "a.csv", "csv")[0]
    made = proposals.canonical(raw, Choices(), proposals.evidence(ZONE))
    assert made.system.swapped != east_first
    assert made.frame.area.to_numpy() == pytest.approx([2_000])
    words = f"Cột “{names[0]}” chứa tọa độ đông, trái với quy ước X là bắc; đã đọc đảo trục."
    assert (words in made.system.reason_vi) == told
    assert ("holds eastings" in made.system.reason_en) == told
    chosen = proposals.canonical(raw, Choices(system="EPSG:5899"), proposals.evidence())
    assert (words in chosen.system.reason_vi) == told
