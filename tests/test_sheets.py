from __future__ import annotations

from dataclasses import replace

import pytest

from qn_geo import charts, compare, figures, identify, layers, sheets

LANGS = ["vi", "en"]
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("zone_id", sorted(layers.table("zones")["zone_id"]))
def test_every_zone_has_a_sheet_with_sources(zone_id, lang):
    html = sheets.zone(zone_id, 2026, lang)
    assert f'data-zone="{zone_id}"' in html
    assert sheets.escape(zone_id) in html


@pytest.mark.parametrize("lang", LANGS)
def test_a_place_tells_what_is_there_and_near(lang):
    html = sheets.place(identify.at(106.7847, 20.8629, 2026), 106.7847, 20.8629, lang)
    assert "Liên Hòa" in html
    assert "VN-2000" in html


def test_what_is_chosen_is_no_neighbour_of_itself_and_each_thing_stands_once():
    lon, lat = 107.4155, 21.1205
    at = identify.at(lon, lat, 2026)
    assert sheets.place(at, lon, lat, "en").count("Vân Đồn International Airport") == 1
    assert "Vân Đồn International Airport" not in sheets.place(at, lon, lat, "en", "link:airport-van-don")
    twin = {**at.centres[0][0], "centre_id": "another-id"}
    doubled = replace(at, centres=[*at.centres, (twin, 0.0)])
    assert sheets.place(doubled, lon, lat, "en").count("Vân Đồn International Airport") == 1


def test_everything_from_data_is_escaped():
    row = {
        "zone_id": "kkt-x",
        "name_vi": HOSTILE,
        "name_en": HOSTILE,
        "kind": "KKT",
        "quality": "schematic",
        "source_id": HOSTILE,
    }
    place = identify.Place(commune={"name_vi": HOSTILE}, zones=[row])
    assert "<img" not in sheets.table([(HOSTILE, "text")], [(HOSTILE, [HOSTILE, (1.0, HOSTILE)])], "vi")
    assert "<img" not in sheets.place(place, 107.0, 21.0, "vi")
    assert sheets.escape(HOSTILE) in sheets.place(place, 107.0, 21.0, "vi")


def test_only_web_addresses_become_links(monkeypatch):
    monkeypatch.setattr(
        figures, "source", lambda _id: {"title": "t", "url": "javascript:alert(1)", "publisher": "p", "date": ""}
    )
    assert "javascript" not in sheets.source_line(["x"], "vi")


@pytest.mark.parametrize("lang", LANGS)
def test_languages_do_not_mix(lang):
    other = {"vi": "en", "en": "vi"}[lang]
    sheets.source_line(["pv03"], other)
    html = sheets.source_line(["pv03"], lang)
    assert ("Nguồn" in html) == (lang == "vi")


@pytest.mark.parametrize("lang", LANGS)
def test_a_comparison_puts_what_is_shared_first(lang):
    zones = ["kcn-song-khoai", "kcn-texhong-hai-ha"]
    html = sheets.comparison(compare.comparable(zones, 2026, lang), zones, lang)
    shared, alone = html.split('<details class="qn-more">')
    assert shared.count('scope="row"') == sum(row.shared for row in compare.comparable(zones, 2026, lang))
    assert 'scope="row"' in alone


def test_a_table_sorts_numbers_by_value_and_says_what_is_missing():
    html = sheets.table(
        [("Khu", "text"), ("ha", "number")], [("kcn-x", ["X", (1234.5, "1.234,5")]), ("", ["Y", (None, "")])], "vi"
    )
    assert 'data-v="1234.5"' in html
    assert 'data-choose="kcn-x"' in html
    assert html.count("data-choose") == 1
    assert "qn-none" in html


def test_a_short_text_is_not_broken_over_lines():
    html = sheets.table(
        [("Khu", "text"), ("", "text")], [("", ["Đang hoạt động", "một ghi chú dài đến vài dòng"])], "vi"
    )
    assert '<td class="short">Đang hoạt động</td><td>một' in html


def test_a_chart_comes_with_caution_documents_and_twin():
    chart = charts.ranking_investment(2026, "vi")
    html = sheets.under_chart(chart, "vi")
    assert html.count("<tr>") == len(chart.table) + 1
    assert "Nguồn" in html
    assert sheets.escape(chart.note) in html


def test_notes_name_publishers_not_ids():
    note = figures.readable("Capacity from pv102, coordinate: pv-geo2, also 5 ha and xx999")
    assert "pv102" not in note
    assert "pv-geo2" not in note
    assert "5 ha" in note
    assert "xx999" in note
