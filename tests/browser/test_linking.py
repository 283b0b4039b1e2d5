from __future__ import annotations

import pytest

from tests.browser.helpers import click_element, click_place, inside, open_page, settled, state, wait_state, wait_still
from tests.conftest import DESKTOP, PHONE

ZONE = "kcn-song-khoai"


def test_click_on_the_map_chooses_the_zone_everywhere(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen")
    born = frame.evaluate("window.qnBorn")
    view = frame.evaluate("[QN.map.getCenter().lat, QN.map.getCenter().lng, QN.map.getZoom()]")
    before = page.inner_text(".st-key-chart-landuse")
    click_place(page, frame, *inside(frame, ZONE))
    frame.wait_for_function("document.querySelectorAll('.leaflet-qn-high-pane path').length > 0")
    wait_state(frame, f"s.zone === '{ZONE}'")
    page.wait_for_selector(f".st-key-sheet [data-zone={ZONE}]")
    assert f"zone={ZONE}" in page.url
    assert "Sông Khoai" in page.inner_text(".st-key-panel-head")
    page.wait_for_function("(old) => document.querySelector('.st-key-chart-landuse').innerText !== old", arg=before)
    assert frame.evaluate("window.qnBorn") == born, "the map was rebuilt"
    assert frame.evaluate("[QN.map.getCenter().lat, QN.map.getCenter().lng, QN.map.getZoom()]") == view, "the map moved"


def test_click_on_a_bar_highlights_and_goes_there(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen?at=106.9,20.83")
    born = frame.evaluate("window.qnBorn")
    bars = page.locator(".st-key-chart-investment .barlayer .point path")
    click_element(page, bars.first)
    wait_state(frame, "s.zone !== null")
    chosen = state(frame)["zone"]
    wait_still(frame)
    assert frame.evaluate(
        "(id) => { const f = QN.sources.zones.features.find((z) => z.properties.zone_id === id); if (!f) return true;"
        "const [x, y] = QNGeometry.inner(f.geometry); return QN.map.getBounds().contains([y, x]); }",
        chosen,
    )
    assert frame.evaluate("window.qnBorn") == born


def test_row_of_the_table_chooses(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen")
    row = page.locator(".st-key-zones tr[data-choose=kcn-dong-mai]")
    row.click()
    assert frame.evaluate("QN.chosen.zone") == "kcn-dong-mai", "the map answers before the server"
    wait_state(frame, "s.zone !== null")
    settled(page)
    assert "zone=" in page.url


def test_row_of_a_project_opens_its_sheet(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen")
    row = page.locator(".st-key-projects tr[data-choose='project:prj-lite-on']")
    row.click()
    wait_state(frame, f"s.pick === 'project:prj-lite-on' && s.zone === '{ZONE}'")
    page.wait_for_function("document.querySelector('.st-key-panel-head').innerText.includes('Lite-On')")
    assert row.get_attribute("aria-selected") == "true"


def test_the_year_survives_a_change_of_language(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen?year=2050&lang=en")
    page.locator(".st-key-w-lang button", has_text="VI").click()
    wait_state(frame, "s.lang === 'vi'")
    settled(page)
    assert state(frame)["year"] == 2050
    assert page.get_attribute(".st-key-year input", "aria-valuetext") == "quy hoạch đến 2050"


def test_esc_in_the_search_box_keeps_the_choice(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen?zone={ZONE}")
    page.fill(".st-key-search input", "zzzqq")
    page.keyboard.press("Escape")
    settled(page)
    assert state(frame)["zone"] == ZONE


def test_tables_sort_and_filter(page, app_server):
    open_page(page, f"{app_server}/quang-yen")
    head = page.locator(".st-key-zones th[data-sort=number]").first
    for order, direction in ((sorted, "ascending"), (lambda v: sorted(v, reverse=True), "descending")):
        head.click()
        assert head.get_attribute("aria-sort") == direction
        values = page.eval_on_selector_all(".st-key-zones tbody tr", "rows => rows.map((r) => r.cells[3].dataset.v)")
        numbers = [float(value) for value in values if value]
        assert numbers == order(numbers)
        assert not any(values[len(numbers) :]), "what is missing stays at the end"
    page.fill(".st-key-projects .qn-filter", "thiet bi dien mat troi")
    rows = page.locator(".st-key-projects tbody tr:visible")
    assert 0 < rows.count() < page.locator(".st-key-projects tbody tr").count()
    assert all("điện mặt trời" in text for text in rows.all_inner_texts())


@pytest.mark.parametrize("way", ["key", "button", "key in the map"])
def test_clearing(page, app_server, way):
    frame = open_page(page, f"{app_server}/quang-yen?zone={ZONE}")
    wait_state(frame, f"s.zone === '{ZONE}'")
    if way == "key":
        page.keyboard.press("Escape")
    elif way == "button":
        page.click(".st-key-w-clear button")
    else:
        frame.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))")
    wait_state(frame, "s.zone === null")
    settled(page)
    assert "zone=" not in page.url


def test_no_echo(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen")
    click_place(page, frame, *inside(frame, ZONE))
    wait_state(frame, f"s.zone === '{ZONE}'")
    settled(page)
    frame.evaluate("window.applied = 0; const old = QN.state; window.seen = window.qnApplied")
    page.wait_for_timeout(1500)
    assert frame.evaluate("window.qnApplied === window.seen"), "the map is given state again and again"


def test_address_restores_the_view_and_back_works(page, app_server):
    address = f"{app_server}/quang-yen?zone={ZONE}&year=2023&layers=kkt,kcn,expressway&lang=en&opacity=zones:50"
    frame = open_page(page, address)
    wait_state(frame, "s.year === 2023")
    now = state(frame)
    assert (now["zone"], now["lang"], now["visible"]) == (ZONE, "en", ["kkt", "kcn", "expressway"])
    assert now["opacity"] == {"zones": 0.5}
    page.locator(".st-key-layers label", has_text="Expressways").click()
    wait_state(frame, "!s.visible.includes('expressway')")
    settled(page)
    page.go_back()
    wait_state(frame, "s.visible.includes('expressway')")
    assert state(frame)["zone"] == ZONE


def test_year_slider_moves_map_charts_and_figures(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen?zone={ZONE}&year=2026")
    before = page.inner_text(".st-key-figures")
    thumb = page.locator(".st-key-year input")
    thumb.focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    wait_state(frame, "s.year === 2022")
    page.wait_for_function("(before) => document.querySelector('.st-key-figures').innerText !== before", arg=before)
    assert "year=2022" in page.url


def test_layer_switch_changes_map_and_legend(page, app_server):
    frame = open_page(page, f"{app_server}/van-don")
    assert "Đường cao tốc" in page.inner_text(".st-key-legend")
    page.locator(".st-key-layers label", has_text="Đường cao tốc").click()
    wait_state(frame, "!s.visible.includes('expressway')")
    page.wait_for_function("!document.querySelector('.st-key-legend').innerText.includes('Đường cao tốc')")
    assert "layers=" in page.url


@pytest.mark.usefixtures("viewport")
@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("query", ["song khoai", "kcn sông khoi"])
def test_search_chooses_and_zooms(page, app_server, query):
    frame = open_page(page, f"{app_server}/quang-yen")
    page.fill(".st-key-search input", query)
    page.wait_for_selector(".st-key-hits button")
    page.locator(".st-key-hits button", has_text="Sông Khoai").first.click()
    wait_state(frame, f"s.zone === '{ZONE}'")
    wait_still(frame)
    lon, lat = inside(frame, ZONE)
    assert frame.evaluate("([x, y]) => QN.map.getBounds().contains([y, x])", [lon, lat])
