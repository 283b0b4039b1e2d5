"""What a layer tells besides its proposals, for a person to judge them by."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from qn_geo import layers
from qn_geo.errors import QnGeoError
from qn_geo.intake import encodings, evidence, planes, proposals, tables, vectors
from qn_geo.intake.proposals import Choices
from tests.test_intake_proposals import ZONE, layer, old_shapefile, plots


def test_two_columns_cannot_mean_the_same():
    raw = layer({"DT1": [1.0, 2.0], "DT2": [3.0, 4.0]})
    both = {"DT1": "area_m2", "DT2": "area_m2"}
    with pytest.raises(QnGeoError, match="“DT1” and “DT2”, are both chosen to be “Recorded area") as caught:
        proposals.Reading(raw, evidence.known(), Choices(columns=both)).inspection()
    assert "hai cột “DT1” và “DT2”" in caught.value.problem.vi
    assert caught.value.problem.remedy_vi
    with pytest.raises(QnGeoError, match="both chosen"):
        proposals.Reading(raw, evidence.known(), Choices(columns=both)).canonical()
    of_another_layer = {"DT1": "area_m2", "elsewhere": "area_m2", "DT2": ""}
    assert (
        proposals.Reading(raw, evidence.known(), Choices(columns=of_another_layer)).canonical().frame["area_m2"][1] == 2
    )


def test_texts_as_read_can_be_shown_in_any_encoding(tmp_path):
    raw = vectors.read(old_shapefile(tmp_path, plots(), "tcvn3"), "shp")
    found = proposals.Reading(raw, evidence.known(ZONE), Choices(encodings={"TenChu": "vni"})).inspection()
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
    made = proposals.Reading(raw, evidence.known(ZONE)).canonical()
    assert made.system.swapped != east_first
    assert made.frame.area.to_numpy() == pytest.approx([2_000])
    words = f"Cột “{names[0]}” chứa tọa độ đông, trái với quy ước X là bắc; đã đọc đảo trục."
    assert (words in made.system.reason_vi) == told
    assert ("holds eastings" in made.system.reason_en) == told
    chosen = proposals.Reading(raw, evidence.known(), Choices(system="EPSG:5899")).canonical()
    assert (words in chosen.system.reason_vi) == told


@pytest.mark.parametrize(
    ("code", "meridian", "wgs84"),
    [
        ("EPSG:5899", False, False),
        ("EPSG:4326", False, True),
        ("EPSG:5898", True, False),
        ("EPSG:32648", True, True),
        ("EPSG:4756", True, False),
        ("TM:107.75/0.9999/500000/0/wgs84", False, True),
    ],
)
def test_what_is_converted_is_told(code, meridian, wgs84):
    plane = planes.PLANES[code]
    shapes = shapely.transform(
        plots().geometry.to_numpy(),
        lambda points: (
            np.column_stack(planes._transformer(plane).transform(points[:, 0], points[:, 1], direction="INVERSE"))
            if code != "EPSG:5899"
            else points
        ),
    )
    raw = layer({"a": list("abcdef")}, shapes, system=None)
    choices = Choices(system=code)
    made = proposals.Reading(raw, evidence.known(ZONE), choices).canonical()
    found = proposals.Reading(raw, evidence.known(ZONE), choices).inspection()
    for problems in (made.problems, found.problems):
        words = " ".join(problem.vi for problem in problems)
        assert ("tệp không theo kinh tuyến trục của tỉnh (107°45')" in words) == meridian
        assert ("tọa độ WGS 84 đã chuyển sang VN-2000, sai số khoảng 1 m" in words) == wgs84


def test_nothing_is_told_of_a_conversion_while_the_system_is_open():
    shapes = plots().to_crs(4756).geometry.to_numpy()
    found = proposals.Reading(layer({"a": list("abcdef")}, shapes, system=None), evidence.known()).inspection()
    assert not found.certain
    assert found.problems == []


def test_the_zones_around_the_plots_are_offered_the_smallest_first():
    found = proposals.Reading(layer({"a": list("abcdef")}), evidence.known()).inspection()
    assert found.zones == [("kcn-song-khoai", 1.0), ("kkt-quang-yen", 1.0)]
    away = shapely.transform(plots().geometry.to_numpy(), lambda points: points - (30_000, 30_000))
    assert proposals.Reading(layer({"a": list("abcdef")}, away), evidence.known()).inspection().zones == []


def test_zones_are_an_offer_only(monkeypatch):
    monkeypatch.setattr(layers, "available", lambda _: False)
    assert proposals.Reading(layer({"a": list("abcdef")}), evidence.known()).inspection().zones == []


def test_the_sample_is_from_all_over_the_file():
    """Plots listed street by street: 100 rows of 200."""
    row, column = np.divmod(np.arange(20_000), 200)
    shapes = shapely.box(390_000 + column * 40, 2_310_000 + row * 80, 390_030 + column * 40, 2_310_070 + row * 80)
    found = proposals.Reading(layer({"a": ["x"] * 20_000}, shapes), evidence.known()).inspection()
    assert len(found.sample) == 200
    middles = shapely.get_coordinates(shapely.centroid(found.sample))
    cells = np.unique(((middles - (390_000, 2_310_000)) // (800, 800)).astype(int), axis=0)
    assert len(cells) >= 90  # of a hundred


def test_a_sample_passes_over_what_has_no_place():
    shapes = [None, *plots(3).geometry, shapely.Polygon()]
    assert len(proposals.Reading(layer({"a": list("abcde")}, shapes), evidence.known()).inspection().sample) == 3
