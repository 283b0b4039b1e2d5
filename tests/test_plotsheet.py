from __future__ import annotations

import dataclasses
import math
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from qn_geo import dossier, i18n, plotsheet
from qn_geo.crs import project
from qn_geo.decisions import Identity
from qn_geo.decisions import store as open_store
from qn_geo.layers import layer
from qn_geo.plotsheet import measuring
from tests.small_dossiers import opened
from tests.small_plots import ON, at, box, plots, polygon

pytest_plugins = ["tests.review_fixtures"]

LANGS = ["vi", "en"]


def entry(plot_id, verdict, **known):
    """A decision as the sheet needs it."""
    plain = {"who": "Lan", "verified": True, "reason": "", "note": "", "hash": "ab12" * 16}
    plain |= {"when_local": "2026-11-20T08:05:00+07:00", "findings_hash": "f" * 64}
    return SimpleNamespace(plot_id=plot_id, verdict=verdict, **(plain | known))


@pytest.mark.parametrize("lang", LANGS)
def test_every_plot_and_finding_of_a_submission_has_its_sheet(placed, lang):
    held = dossier.check(placed)
    for row in held.plots["row"].tolist():
        text = plotsheet.sheet(held, row, lang)
        assert "Nguyễn" not in text
        assert "CCCD" not in text
        assert "Ghi chú lô" in text
    for number in range(len(held.findings)):
        assert held.findings["rule"].iloc[number] in plotsheet.finding(held, number, lang)
    first = plotsheet.sheet(held, 2, lang)
    assert "7-2#2" in first
    assert 'data-choose="row:1"' in first
    assert 'data-choose="finding:0"' in first
    with pytest.raises(KeyError):
        plotsheet.sheet(held, 99, lang)
    with pytest.raises(IndexError):
        plotsheet.finding(held, 99, lang)


def test_decisions_stand_newest_first_and_say_on_what_they_rest(placed):
    held = dossier.check(placed)
    first = held.plots["plot_id"].iloc[0]
    lan, minh = Identity("Trần Thị Lan", verified=False), Identity("Phạm Văn Minh", verified=True)
    open_store().decide(placed, [first], "return", reason="sai <b>diện tích</b>", who=lan, seen=held.version)
    held = dossier.open_dossier(placed)
    open_store().decide(placed, [first], "accept", note="đã sửa", who=minh, seen=held.version)
    held = dossier.open_dossier(placed)
    text = plotsheet.sheet(held, 1, "en")
    assert text.index("Phạm Văn Minh") < text.index("Trần Thị Lan (unverified)")
    assert "sai &lt;b&gt;diện tích&lt;/b&gt;" in text
    assert held.history[0].hash[:12] in text
    assert held.history[0].hash not in text
    assert "former findings" not in text
    later = dataclasses.replace(held, findings_hash="other")
    assert plotsheet.sheet(later, 1, "en").count("former findings") == 3
    assert "No decision yet" in plotsheet.sheet(held, 2, "en")


def test_before_the_first_check_nothing_is_said_to_have_passed():
    frame = plots(box(0, 0, 10, 10))
    before, after = (plotsheet.sheet(opened(frame, checked=state), 1, "en") for state in (False, True))
    assert "Not checked" in before
    assert "Passed" not in before
    assert "Passed" in after
    assert "Nothing was found" in after


def test_areas_are_told_with_what_they_differ_by():
    frame = plots(box(0, 0, 40, 50), area_m2=[2500.0], area_legal_m2=[1999.96])
    text = plotsheet.sheet(opened(frame), 1, "vi")
    assert "2.000,0 m²" in text
    assert "−500,0 m² (−20,00%)" in text
    assert "0,0 m² (0,00%)" in text
    text = plotsheet.sheet(opened(plots(box(0, 0, 40, 50))), 1, "vi")
    assert i18n.missing("vi") in text
    assert "Theo giấy tờ" not in text


def test_neighbours_with_borders_overlaps_and_corners():
    frame = plots(
        box(0, 0, 20, 20),
        box(20, 5, 40, 15),  # its corners are none of ours
        box(10, 18, 30, 40),  # overlaps by 10 x 2
        box(-20, -20, 0, 0),  # meets at a corner
        box(0, -10, 20, -0.004),  # 4 mm away
        box(0, 20.05, 10, 30),  # 5 cm away: a gap
        None,
        polygon((0, 0), (10, 10), (10, 0), (0, 10)),
    )
    found = {place: (area, border) for place, area, border in measuring.Index(opened(frame)).neighbours(0)}
    assert list(found) == [2, 4, 1, 3]
    assert found[2][0] == pytest.approx(20)
    assert found[4] == (0, pytest.approx(20, abs=0.05))
    assert found[1] == (0, pytest.approx(10, abs=0.05))
    assert found[3] == (0, pytest.approx(0, abs=0.05))
    text = plotsheet.sheet(opened(frame), 1, "en")
    for said in ("overlap 20.0 m²", "border 10.0 m", "meets at a corner", 'data-choose="row:3"', "Neighbours (4)"):
        assert said in text
    assert "No other plot" in plotsheet.sheet(opened(plots(box(0, 0, 5, 5))), 1, "en")


def test_many_neighbours_are_counted_not_listed():
    frame = plots(box(0, 0, 300, 10), *(box(10 * i, 10, 10 * i + 10, 20) for i in range(30)))
    text = plotsheet.sheet(opened(frame), 1, "en")
    assert text.count('data-choose="row:') == 20
    assert "and 10 more" in text


def test_the_plan_stands_with_shares_and_with_what_it_leaves_open():
    park = project(layer("landuse").query("zone_id == 'kcn-dong-mai'").geometry.to_numpy()[0])
    east, north = shapely.get_coordinates(park)[0]
    frame = plots(shapely.box(east - 300, north - 300, east + 300, north + 300))
    text = plotsheet.sheet(opened(frame, zone_id="kcn-dong-mai"), 1, "en")
    assert "plan of 2020" in text
    assert "SKK" in text
    assert "no planned use known" in text
    far = plotsheet.sheet(opened(plots(box(0, 0, 9, 9)), zone_id="kcn-dong-mai"), 1, "en")
    assert "No plan with land-use codes" in far


def test_register_entry_with_the_largest_overlap():
    frame = layer("plots").query("zone_id == 'kcn-song-khoai'")
    shapes = project(frame.geometry.to_numpy())
    row, overlap = measuring.register().entry(shapes[3])
    assert row["plot_id"] == frame["plot_id"].iloc[3]
    assert overlap == pytest.approx(shapes[3].area)
    text = plotsheet.sheet(opened(plots(shapes[3])), 1, "en")
    assert row["plot_id"] in text
    assert ">demo<" in text
    assert "covers 100.0% of this plot" in text
    assert measuring.register().entry(box(0, 0, 1, 1)) is None
    assert "Not in the register" in plotsheet.sheet(opened(plots(box(0, 0, 9, 9))), 1, "en")


def test_attributes_are_those_of_the_file():
    frame = plots(
        box(0, 0, 9, 9),
        box(20, 0, 29, 9),
        landuse_code=["ONT+CLN", None],
        floors=[3.0, 2.0],
        height_m=[12.345678, math.nan],
        **{"sheet_no": ["7", None], "x_Hệ số": [1.25, math.nan], "x_Ghi chú": ["<script>", None], "x_Số": [10**20, 1]},
    )
    text = plotsheet.sheet(opened(frame), 1, "vi")
    for said in ("ONT+CLN", "Đất ở tại nông thôn", "12,35 m", "tờ 7", "1,25", "&lt;script&gt;", "1e+20", "Hệ số"):
        assert said in text, said
    assert "Khoảng lùi" not in text, "the file has no such column"
    assert "<script" not in text
    second = plotsheet.sheet(opened(frame), 2, "vi")
    assert second.count(i18n.missing("vi")) >= 4


NOWHERE = {
    "none": None,
    "empty": shapely.Polygon(),
    "line": shapely.LineString([(0, 0), (1, 1)]),
    "nan": [(0, 0), (math.nan, 1), (1, 1)],
    "infinite": [(0, 0), (math.inf, 1), (1, 1)],
    "absurd": shapely.box(1e300, 1e300, 2e300, 2e300),
    "far": shapely.box(5e6, 20.9, 5e6 + 1, 21),
}
ILL = {
    "bow": polygon((0, 0), (10, 10), (10, 0), (0, 10)),
    "flat": polygon((0, 0), (10, 0), (5, 0)),
    "hole outside": at(shapely.Polygon([(0, 0), (9, 0), (9, 9)], [[(20, 20), (21, 20), (21, 21)]])),
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("shape", NOWHERE.values(), ids=NOWHERE.keys())
def test_a_plot_that_is_nowhere_has_a_sheet(shape, lang):
    with np.errstate(invalid="ignore"):
        shape = shapely.Polygon(shape) if isinstance(shape, list) else shape
    frame = plots(shape, box(0, 0, 9, 9), area_m2=[math.inf, 1e30])
    text = plotsheet.sheet(opened(frame), 1, lang)
    assert "qn-gap" in text
    assert "EPSG:5899" in text
    assert "1e+30" in plotsheet.sheet(opened(frame), 2, lang)


@pytest.mark.parametrize("shape", ILL.values(), ids=ILL.keys())
def test_a_plot_that_is_not_valid_still_has_a_place(shape):
    text = plotsheet.sheet(opened(plots(shape, box(0, 0, 9, 9))), 1, "en")
    assert "not valid" in text
    assert "Commune" in text
    assert "at sea" not in text
    assert "Neighbours" not in text


def test_a_plot_in_another_province_is_outside_the_city():
    text = plotsheet.sheet(opened(plots(shapely.box(300_000, 2_320_000, 300_020, 2_320_020))), 1, "en")
    assert "at sea or outside the city" in text
    assert "km</b>" in text


@pytest.mark.parametrize("name", ["landuse", "transport", "plots", "communes", "city", "zones", "landuse_codes"])
def test_a_missing_layer_takes_nothing_else_away(name, data_copy):
    for path in data_copy.rglob(f"{name}.*"):
        if path.suffix in {".geojson", ".csv"}:
            path.unlink()
    text = plotsheet.sheet(opened(plots(box(0, 0, 9, 9), landuse_code=["SKK"])), 1, "en")
    assert "81.0 m²" in text
    assert "SKK" in text
    assert (name == "zones") != (f"{name}." in text), "what nothing here needs is not missed"


def test_indexes_are_kept_by_content_not_by_object():
    held = opened(plots(box(0, 0, 9, 9)))
    again = dataclasses.replace(held, history=[entry("p1", "reject", reason="x")])
    assert measuring.index(held) is measuring.index(again)
    assert measuring.index(held) is not measuring.index(dataclasses.replace(held, findings_hash="e"))
    assert measuring.surroundings(None, ON) is measuring.surroundings(None, ON)
    assert "Rejected" in plotsheet.sheet(again, 1, "en")
