"""The search box: what is found is chosen and shown, by finger, mouse or keyboard."""

from __future__ import annotations

import pytest

from tests.browser.helpers import inside, settled, state, wait_state, wait_still
from tests.browser.test_linking import BOTH, EVERYWHERE, ZONE

HITS = ".st-key-hits button"


def look_for(page, query):
    page.fill(".st-key-search input", query)
    page.wait_for_selector(HITS)
    page.wait_for_timeout(400)  # the hits of the last letter
    settled(page)


@EVERYWHERE
def test_search_chooses_and_zooms(page, visit):
    frame = visit("/quang-yen")
    look_for(page, "kcn sông khoi")
    page.locator(HITS, has_text="Sông Khoai").first.click()
    wait_state(frame, f"s.zone === '{ZONE}'")
    page.wait_for_selector(f".st-key-sheet [data-zone={ZONE}]")
    page.wait_for_selector(".st-key-hits", state="detached")
    wait_still(frame)
    lon, lat = inside(frame, ZONE)
    assert frame.evaluate("([x, y]) => QN.map.getBounds().contains([y, x])", [lon, lat])


@BOTH
def test_a_plot_is_found_by_sheet_and_parcel(page, visit):
    frame = visit("/quang-yen")
    look_for(page, "kcn-song-khoai-1-1")
    page.locator(HITS, has_text="demo").first.click()
    wait_state(frame, "s.plot !== null")
    plot = state(frame)["plot"]
    wait_still(frame)
    frame.wait_for_function(
        "(id) => QN.map.getZoom() >= 12 && QN.sources.plots.features.some((f) => f.properties.plot_id === id)", arg=plot
    )
    page.wait_for_function("(id) => document.querySelector('.st-key-sheet').innerText.includes(id)", arg=plot)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_keyboard_walks_through_the_hits(page, visit):
    frame = visit("/quang-yen")
    look_for(page, "hai ha")
    focused = f"[...document.querySelectorAll('{HITS}')].indexOf(document.activeElement)"
    for key, place in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0), ("ArrowUp", -1), ("ArrowDown", 0)):
        page.keyboard.press(key)
        assert page.evaluate(focused) == place, key
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("ArrowDown")
    second = page.locator(HITS).nth(1).inner_text().splitlines()[0]
    page.keyboard.press("Enter")
    page.wait_for_function(
        "(name) => document.querySelector('.st-key-panel-head').innerText.includes(name)", arg=second
    )
    assert any(state(frame)[key] for key in ("zone", "pick"))


def test_enter_takes_the_first_hit(page, visit):
    frame = visit("/quang-yen")
    page.fill(".st-key-search input", "song khoai")
    page.keyboard.press("Enter")
    wait_state(frame, f"s.zone === '{ZONE}'")


@pytest.mark.parametrize("on_a_hit", [False, True])
def test_esc_first_empties_the_search_box_then_clears_the_choice(page, visit, on_a_hit):
    frame = visit(f"/quang-yen?zone={ZONE}")
    look_for(page, "hai ha")
    if on_a_hit:
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.wait_for_selector(HITS, state="detached")
    settled(page)
    assert page.input_value(".st-key-search input") == ""
    assert state(frame)["zone"] == ZONE
    page.keyboard.press("Escape")
    wait_state(frame, "s.zone === null")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_nothing_found_says_what_to_try(page, visit, lang):
    visit("/")
    page.fill(".st-key-search input", "zzzqqxx")
    page.wait_for_selector(".st-key-hits")
    told = {"vi": "Không tìm thấy", "en": "Nothing found"}[lang]
    page.wait_for_function("(told) => document.querySelector('.st-key-hits').innerText.includes(told)", arg=told)
