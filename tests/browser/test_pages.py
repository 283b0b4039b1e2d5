"""Every page, on a desk and on a phone, in both languages: it opens, fits, stays at home and is accessible."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.helpers import click_place, inside, map_frame, open_page, settled, wait_state, wait_still
from tests.browser.test_linking import BOTH, EVERYWHERE, ZONE
from tests.conftest import DESKTOP, PHONE

PAGES = ["", "mong-cai", "van-don", "quang-yen", "hai-ha", "so-sanh", "ra-soat", "trinh-chieu", "nguon-so-lieu"]
WITHOUT_MAP = {"trinh-chieu", "nguon-so-lieu"}
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}


def loaded(page, url):
    page.goto(url)
    page.wait_for_selector(
        ".st-key-sources, .st-key-zones table, .st-key-charts .main-svg, .st-key-queue, .st-key-shelf-shipped"
    )
    settled(page)


@EVERYWHERE
@pytest.mark.parametrize("name", PAGES)
def test_every_page_stays_at_home_and_fits(page, address, device, lang, name):
    """The page fixture fails on any request that leaves this machine and on any error in the console."""
    loaded(page, address(f"/{name}"))
    if name not in WITHOUT_MAP:
        map_frame(page)
    wide = page.evaluate(
        "Math.max(document.documentElement.scrollWidth, document.querySelector('[data-testid=stMain]').scrollWidth)"
    )
    assert wide <= device["viewport"]["width"], "the page scrolls sideways"
    assert page.evaluate("document.fonts.load('16px Inter', 'Quảng Ninh ệ').then((faces) => faces.length > 0)")
    assert (
        page.title()
        == {"vi": "QN Geo · Các khu kinh tế Quảng Ninh", "en": "QN Geo · Quảng Ninh's economic zones"}[lang]
    )


@BOTH
@pytest.mark.parametrize("name", ["", "quang-yen", "so-sanh"])
def test_a_page_in_use_stays_at_home(page, visit, traffic, name):
    """Plots near by, a choice and a search: everything is fetched from this machine."""
    frame = visit(f"/{name}")
    point = inside(frame, ZONE)
    frame.evaluate("([x, y]) => void QN.map.setView([y, x], 14, { animate: false })", point)
    frame.wait_for_function("QN.sources.plots?.features.length > 0")
    frame.wait_for_selector(".leaflet-qn-plots-pane canvas")
    click_place(page, frame, *point)
    wait_state(frame, f"s.zone === '{ZONE}'")
    page.fill(".st-key-search input", "hai ha")
    page.wait_for_selector(".st-key-hits button")
    page.locator(".st-key-hits button").first.click()
    wait_state(frame, "s.pick !== null || s.zone !== null")
    wait_still(frame)
    settled(page)
    assert any("/qn/layers/plots.json" in url for url in traffic.requests)
    assert traffic.outside() == []


def bad(found):
    return [
        (violation["id"], node["target"], node["html"][:200])
        for violation in found.response["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize(
    ("lang", "name"),
    [
        ("en", "?zone=kcn-hai-yen"),
        ("vi", "quang-yen?zone=kcn-song-khoai&at=106.8,20.97"),
        ("en", "so-sanh"),
        ("vi", "trinh-chieu"),
        ("vi", "nguon-so-lieu"),
    ],
    ids=["overview", "area", "comparison", "stories", "sources"],
)
def test_everything_is_accessible(page, address, name):
    """Streamlit's widgets and Plotly's charts included: nothing serious is left out, folded parts are opened."""
    loaded(page, address(f"/{name}"))
    targets = [page]
    if name not in WITHOUT_MAP:
        targets.append(map_frame(page))
        targets[1].click("a[data-key=measureLine]")
        page.fill(".st-key-search input", "hai ha")
        page.wait_for_selector(".st-key-hits button")
        settled(page)
    page.evaluate("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
    assert [trouble for target in targets for trouble in bad(Axe().run(target, options=RULES))] == []


def test_the_map_has_the_largest_share_and_is_above_the_fold(page, app_server):
    open_page(page, f"{app_server}/quang-yen")
    box = page.query_selector(".st-key-map iframe").bounding_box()
    assert box["y"] + box["height"] <= 900
    assert box["width"] > 0.55 * 1440
    assert box["height"] > 0.6 * 900


@pytest.mark.parametrize("device", [PHONE], ids=["phone"])
def test_on_a_phone_the_map_comes_before_the_figures(page, visit):
    visit("/quang-yen")
    tops = [page.query_selector(f".st-key-{key}").bounding_box()["y"] for key in ("map", "figures", "charts", "zones")]
    assert tops == sorted(tops)
    assert tops[0] < 844 / 3


def test_year_and_language_stay_from_page_to_page(page, app_server):
    """A new page makes its controls anew in the browser: each must be told what is chosen, however often it happens."""
    page.goto(f"{app_server}/?lang=vi&year=2025")
    map_frame(page)
    for name in ("Quảng Yên", "Hải Hà", "So sánh", "Vân Đồn"):
        page.locator(".st-key-nav-pages").get_by_text(name, exact=True).click()
        page.wait_for_selector(f".st-key-nav-here :text-is('{name}')")
        map_frame(page)
        settled(page)
        assert page.locator(".st-key-year").inner_text().startswith("2025")
        assert page.locator(".st-key-w-lang button").first.get_attribute("aria-checked") == "true"
