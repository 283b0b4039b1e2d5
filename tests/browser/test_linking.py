"""Choosing anywhere is choosing everywhere: map, charts, tables, figures, address."""

from __future__ import annotations

import pytest

from tests.browser.helpers import (
    click_element,
    click_place,
    in_sight,
    inside,
    map_frame,
    press,
    settled,
    state,
    switch,
    unfold,
    wait_state,
    wait_still,
)
from tests.conftest import DESKTOP, PHONE

ZONE = "kcn-song-khoai"
EVERYWHERE = pytest.mark.parametrize(
    ("device", "lang"),
    [(DESKTOP, "vi"), (DESKTOP, "en"), (PHONE, "vi"), (PHONE, "en")],
    ids=["desktop-vi", "desktop-en", "phone-vi", "phone-en"],
)
BOTH = pytest.mark.parametrize(("device", "lang"), [(DESKTOP, "vi"), (PHONE, "en")], ids=["desktop-vi", "phone-en"])
PARK = {"vi": "Khu công nghiệp", "en": "Industrial park"}


def paths(frame, layer):
    return frame.evaluate(f"document.querySelectorAll('.leaflet-qn-{layer}-pane path').length")


@EVERYWHERE
def test_click_on_the_map_chooses_the_zone_everywhere(page, visit, device, lang):
    frame = visit("/quang-yen")
    born = frame.evaluate("window.qnBorn")
    view = frame.evaluate("[QN.map.getCenter().lat, QN.map.getCenter().lng, QN.map.getZoom()]")
    before = page.inner_text(".st-key-chart-landuse")
    page.evaluate("document.querySelector('.st-key-panel').scrollTo(0, 400)")
    click_place(page, frame, *inside(frame, ZONE))
    frame.wait_for_function("document.querySelectorAll('.leaflet-qn-high-pane path').length > 0")
    wait_state(frame, f"s.zone === '{ZONE}'")
    page.wait_for_selector(f".st-key-sheet [data-zone={ZONE}]")
    assert PARK[lang] in page.inner_text(f".st-key-sheet [data-zone={ZONE}] header")
    assert "Sông Khoai" in page.inner_text(".st-key-panel-head")
    assert f"zone={ZONE}" in page.url
    page.wait_for_function("(old) => document.querySelector('.st-key-chart-landuse').innerText !== old", arg=before)
    page.wait_for_selector(f".st-key-zones tr[data-choose={ZONE}][aria-selected=true]")
    assert frame.evaluate("window.qnBorn") == born, "the map was rebuilt"
    assert frame.evaluate("[QN.map.getCenter().lat, QN.map.getCenter().lng, QN.map.getZoom()]") == view, "the map moved"
    if device is DESKTOP:
        assert page.evaluate("document.querySelector('.st-key-panel').scrollTop") == 0, "the sheet is out of sight"


@EVERYWHERE
def test_click_on_a_bar_highlights_and_goes_there(page, visit):
    frame = visit("/quang-yen?at=106.9,20.83")
    born = frame.evaluate("window.qnBorn")
    click_element(page, page.locator(".st-key-chart-investment .barlayer .point path").first)
    wait_state(frame, "s.zone !== null")
    chosen = state(frame)["zone"]
    page.wait_for_selector(f".st-key-sheet [data-zone={chosen}]")
    assert paths(frame, "high") > 0
    wait_still(frame)
    lon, lat = inside(frame, chosen)
    assert frame.evaluate("([x, y]) => QN.map.getBounds().contains([y, x])", [lon, lat])
    assert frame.evaluate("window.qnBorn") == born, "the map was rebuilt"


@EVERYWHERE
def test_row_of_the_table_chooses_and_shows_the_map(page, visit):
    frame = visit("/quang-yen")
    row = page.locator(".st-key-zones tr[data-choose=kcn-dong-mai]")
    click_element(page, row.locator("td").first)
    assert frame.evaluate("QN.chosen.zone") == "kcn-dong-mai", "the map answers before the server"
    wait_state(frame, "s.zone === 'kcn-dong-mai'")
    page.wait_for_selector(".st-key-sheet [data-zone=kcn-dong-mai]")
    in_sight(page, ".st-key-map iframe")
    assert row.get_attribute("aria-selected") == "true"
    assert "zone=kcn-dong-mai" in page.url


def test_row_of_a_project_opens_its_sheet(page, visit):
    frame = visit("/quang-yen")
    row = page.locator(".st-key-projects tr[data-choose='project:prj-lite-on']")
    row.click()
    wait_state(frame, f"s.pick === 'project:prj-lite-on' && s.zone === '{ZONE}'")
    page.wait_for_function("document.querySelector('.st-key-panel-head').innerText.includes('Lite-On')")
    assert row.get_attribute("aria-selected") == "true"


def test_the_keyboard_chooses_a_row(page, visit):
    frame = visit("/quang-yen")
    page.focus(f".st-key-zones tr[data-choose={ZONE}]")
    page.keyboard.press("Enter")
    wait_state(frame, f"s.zone === '{ZONE}'")


@EVERYWHERE
def test_year_slider_moves_map_charts_and_figures(page, visit):
    frame = visit("/quang-yen?zone=kcn-song-khoai&year=2021")
    frame.wait_for_function("document.querySelectorAll('.leaflet-qn-ccn-pane path').length > 0")
    clusters = paths(frame, "ccn")
    told = {part: page.inner_text(f".st-key-{part}") for part in ("figures", "chart-investment", "zones")}
    page.locator(".st-key-year input").focus()
    for _ in range(2):
        page.keyboard.press("ArrowLeft")
    wait_state(frame, "s.year === 2019")
    for part, before in told.items():
        page.wait_for_function(
            "([part, before]) => document.querySelector(`.st-key-${part}`).innerText !== before", arg=[part, before]
        )
    # The cluster of Đông Mai was set up in 2021.
    frame.wait_for_function(f"document.querySelectorAll('.leaflet-qn-ccn-pane path').length === {clusters - 1}")
    settled(page)
    assert "year=2019" in page.url


@pytest.mark.parametrize("lang", ["en"])
def test_the_year_survives_a_change_of_language(page, visit):
    frame = visit("/quang-yen?year=2050")
    page.locator(".st-key-w-lang button", has_text="VI").click()
    wait_state(frame, "s.lang === 'vi'")
    settled(page)
    assert state(frame)["year"] == 2050
    assert page.get_attribute(".st-key-year input", "aria-valuetext") == "quy hoạch đến 2050"


@EVERYWHERE
def test_layer_switch_changes_map_and_legend(page, visit):
    frame = visit("/van-don")
    legend = page.locator(".st-key-legend [data-key='layer:expressway']")
    legend.wait_for()
    assert paths(frame, "expressway") > 0
    switch(page, "expressway")
    wait_state(frame, "!s.visible.includes('expressway')")
    legend.wait_for(state="detached")
    assert paths(frame, "expressway") == 0
    settled(page)
    assert "layers=" in page.url


@BOTH
def test_opacity_and_order_act_on_the_map_at_once_and_the_panel_stays_open(page, visit):
    frame = visit("/quang-yen")
    unfold(page.locator(".qn-depth input[data-group=zones]")).fill("50")
    assert frame.evaluate("QN.map.getPane('qn-kcn').style.opacity") == "0.5", "the map answers before the server"
    wait_state(frame, "s.opacity.zones === 0.5")
    page.wait_for_function("decodeURIComponent(location.search).includes('opacity=zones:50')")
    settled(page)
    assert page.is_visible(".qn-depth input[data-group=zones]")
    above = "+QN.map.getPane('qn-communes').style.zIndex > +QN.map.getPane('qn-landuse').style.zIndex"
    assert not frame.evaluate(above)
    page.click(".qn-depth button[data-switch=up][data-group=boundaries]")
    assert frame.evaluate(above), "the map answers before the server"
    wait_state(frame, "s.order[0] !== 'boundaries'")
    page.wait_for_function("location.search.includes('order=landuse')")
    settled(page)
    assert page.is_visible(".qn-depth input[data-group=zones]")


@pytest.mark.parametrize("way", ["key", "button", "key in the map"])
def test_clearing(page, visit, way):
    frame = visit(f"/quang-yen?zone={ZONE}")
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
    assert paths(frame, "high") == 0


@pytest.mark.parametrize(("form", "place"), [("print", "page"), ("print", "map"), ("add", "list"), ("add", "map")])
def test_esc_closes_an_open_form_before_it_clears(page, visit, form, place):
    frame = visit(f"/quang-yen?zone={ZONE}")
    wait_state(frame, f"s.zone === '{ZONE}'")
    page.locator(f".st-key-w-{form} button:visible").first.click()
    page.wait_for_selector(".st-key-drawer")
    settled(page)
    if place == "list":
        page.locator(".st-key-drawer [role=combobox]").first.click()
        page.wait_for_selector("[role=option]")
        page.keyboard.press("Escape")
        page.wait_for_selector("[role=option]", state="detached")
        assert page.is_visible(".st-key-drawer"), "only the list in it closes"
    if place == "map":
        frame.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))")
    else:
        page.keyboard.press("Escape")
    page.wait_for_selector(".st-key-drawer", state="detached")
    settled(page)
    assert f"zone={ZONE}" in page.url
    page.keyboard.press("Escape")
    wait_state(frame, "s.zone === null")


def test_no_echo(page, visit):
    frame = visit("/quang-yen")
    click_place(page, frame, *inside(frame, ZONE))
    wait_state(frame, f"s.zone === '{ZONE}'")
    settled(page)
    frame.evaluate("window.seen = window.qnApplied")
    page.wait_for_timeout(1500)
    assert frame.evaluate("window.qnApplied === window.seen"), "the map is given state again and again"


@pytest.mark.parametrize("lang", ["en"])
def test_address_restores_the_view_and_back_works(page, visit):
    frame = visit(f"/quang-yen?zone={ZONE}&year=2023&layers=kkt,kcn,expressway&opacity=zones:50")
    wait_state(frame, "s.year === 2023")
    now = state(frame)
    assert (now["zone"], now["lang"], now["visible"]) == (ZONE, "en", ["kkt", "kcn", "expressway"])
    assert now["opacity"] == {"zones": 0.5}
    switch(page, "expressway")
    wait_state(frame, "!s.visible.includes('expressway')")
    settled(page)
    page.go_back()
    wait_state(frame, "s.visible.includes('expressway')")
    assert state(frame)["zone"] == ZONE


@BOTH
def test_a_change_of_page_keeps_how_things_are_shown_and_forgets_the_choice(page, visit, lang):
    visit(f"/quang-yen?zone={ZONE}&year=2023&layers=kkt,kcn&opacity=zones:50")
    link = page.locator(".st-key-nav a[href*='van-don']")
    link.scroll_into_view_if_needed()
    link.click()
    page.wait_for_url("**/van-don*")
    settled(page)
    frame = map_frame(page)
    wait_state(frame, "s.area === 'van-don'")
    now = state(frame)
    assert (now["year"], now["lang"], now["visible"], now["opacity"]) == (2023, lang, ["kkt", "kcn"], {"zones": 0.5})
    assert now["zone"] is None
    assert "year=2023" in page.url
    assert "zone=" not in page.url
    # What is changed on the new page goes along, too.
    page.locator(".st-key-w-lang button", has_text="EN" if lang == "vi" else "VI").click()
    wait_state(frame, f"s.lang !== '{lang}'")
    settled(page)
    page.locator(".st-key-nav a[href*='hai-ha']").click()
    page.wait_for_url("**/hai-ha*")
    frame = map_frame(page)
    wait_state(frame, f"s.area === 'hai-ha' && s.lang !== '{lang}' && s.year === 2023")


@pytest.mark.parametrize(("device", "lang"), [(PHONE, "vi"), (PHONE, "en")], ids=["vi", "en"])
def test_on_a_phone_a_chip_on_the_map_leads_to_the_sheet(page, visit, lang):
    frame = visit("/quang-yen")
    click_place(page, frame, *inside(frame, ZONE))
    frame.wait_for_function("document.querySelector('.qn-notice').textContent.includes('↓')")
    assert PARK[lang].lower() in frame.inner_text(".qn-notice").lower()
    wait_state(frame, f"s.zone === '{ZONE}'")
    page.wait_for_selector(f".st-key-sheet [data-zone={ZONE}]")
    assert page.locator(".st-key-panel-head").bounding_box()["y"] > 844 / 2
    chip = frame.locator(".qn-notice").bounding_box()
    press(page, chip["x"] + chip["width"] / 2, chip["y"] + chip["height"] / 2)
    page.wait_for_function("document.querySelector('.st-key-panel-head').getBoundingClientRect().top < 100")
    in_sight(page, ".st-key-panel-head")
    assert state(frame)["zone"] == ZONE, "the tap went through to the map"


@BOTH
def test_an_emptied_comparison_stays_empty_until_zones_are_chosen(page, visit, lang):
    frame = visit("/so-sanh")
    wait_state(frame, "s.compared.length === 2")
    assert page.locator(".qn-compare").count() > 0
    box = page.locator(".st-key-compared")
    for _ in range(2):
        box.locator("input").press("Backspace")
        settled(page)
    wait_state(frame, "s.compared.length === 0")
    page.wait_for_selector(".qn-compare", state="detached")
    assert {"vi": "ít nhất hai", "en": "at least two"}[lang] in box.inner_text()
    assert paths(frame, "high") == 0
    for name in ("Hải Yên", "Việt Hưng"):
        box.locator("input").fill(name)
        page.locator("[role=option]", has_text=name).first.click()
        settled(page)
    wait_state(frame, "s.compared.length === 2")
    heads = page.locator(".qn-compare").first.locator("thead").inner_text()
    assert "Hải Yên" in heads
    assert "Việt Hưng" in heads
    page.wait_for_function("new URLSearchParams(location.search).get('zones')?.split(',').length === 2")


def test_tables_sort_and_filter(page, visit):
    visit("/quang-yen")
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
