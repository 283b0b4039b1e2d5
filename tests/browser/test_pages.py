from __future__ import annotations

import json

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser.helpers import map_frame, open_page, settled, wait_state
from tests.conftest import DESKTOP, PHONE

PAGES = ["", "mong-cai", "van-don", "quang-yen", "hai-ha", "so-sanh", "nguon-so-lieu"]
SIZES = pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
HOSTILE = "<img src=x onerror=window.top.hacked=1>"


def loaded(page, url):
    page.goto(url)
    page.wait_for_selector(".st-key-sources, .st-key-zones table, .st-key-charts .main-svg")
    settled(page)


@SIZES
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_stays_at_home_and_fits(page, app_server, viewport, name, lang):
    """The page fixture fails on any request that leaves this machine and on any error in the console."""
    loaded(page, f"{app_server}/{name}?lang={lang}")
    if name != "nguon-so-lieu":
        map_frame(page)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= viewport["width"] + 1, "the page scrolls sideways"
    assert page.evaluate("document.fonts.load('16px Inter', 'Quảng Ninh ệ').then((faces) => faces.length > 0)")


@SIZES
@pytest.mark.parametrize("name", ["", "quang-yen?zone=kcn-song-khoai&at=106.8,20.97", "so-sanh", "nguon-so-lieu"])
def test_our_own_content_is_accessible(page, app_server, viewport, name):
    del viewport
    loaded(page, f"{app_server}/{name}")
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
    ours = []
    for violation in found:
        # Streamlit's own widgets are not ours to mend; what we draw as HTML, charts and the map's frame is.
        nodes = [
            node["html"]
            for node in violation["nodes"]
            if any("qn-" in str(part) for part in (node["target"], node["html"]))
        ]
        if violation["impact"] in {"serious", "critical"} and nodes:
            ours.append((violation["id"], nodes[:3]))
    assert ours == []


def test_the_map_has_the_largest_share_and_is_above_the_fold(page, app_server):
    open_page(page, f"{app_server}/quang-yen")
    box = page.query_selector(".st-key-map iframe").bounding_box()
    assert box["y"] + box["height"] <= 900
    assert box["width"] > 0.55 * 1440
    assert box["height"] > 0.6 * 900


@pytest.mark.usefixtures("viewport")
@pytest.mark.parametrize("viewport", [PHONE], ids=["phone"])
def test_on_a_phone_the_map_comes_before_the_figures(page, app_server):
    open_page(page, f"{app_server}/quang-yen")
    tops = [page.query_selector(f".st-key-{key}").bounding_box()["y"] for key in ("map", "figures", "charts", "zones")]
    assert tops == sorted(tops)
    assert tops[0] < 844 / 3


def test_markup_in_data_is_shown_not_run(page, data_copy, serve_copy, traffic):
    zones = data_copy / "zones" / "zones.geojson"
    layer = json.loads(zones.read_text(encoding="utf-8"))
    for feature in layer["features"]:
        feature["properties"]["name_vi"] = HOSTILE
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in layer.pop("features"))
    head = json.dumps(layer, ensure_ascii=False)[:-1]
    zones.write_text(f'{head},"features":[\n{lines}\n]}}\n', encoding="utf-8")
    for name in ("zones", "projects", "sources"):
        table = data_copy / "zones" / f"{name}.csv"
        text = table.read_text(encoding="utf-8")
        for old in ("Sông Khoai", "Jinko", "Vietnam.vn"):
            text = text.replace(old, HOSTILE)
        table.write_text(text, encoding="utf-8")
    with serve_copy() as url:
        frame = open_page(page, f"{url}/quang-yen?zone=kcn-song-khoai&at=106.81,20.975")
        box = page.query_selector(".st-key-map iframe").bounding_box()
        page.mouse.move(box["x"] + box["width"] / 3, box["y"] + box["height"] / 2)
        page.fill(".st-key-search input", "img")
        page.wait_for_selector(".st-key-hits")
        page.wait_for_timeout(1000)
        assert page.evaluate("window.hacked") is None
        assert page.evaluate("document.querySelectorAll('img[src=x]').length") == 0
        assert frame.evaluate("document.querySelectorAll('img[src=x]').length") == 0
        assert "<img" in page.inner_text(".st-key-panel")
    traffic.failures.clear()


def test_a_missing_layer_leaves_the_others(page, data_copy, serve_copy, traffic):
    (data_copy / "zones" / "transport.geojson").unlink()
    with serve_copy() as url:
        frame = open_page(page, f"{url}/quang-yen")
        frame.wait_for_function("document.querySelectorAll('.leaflet-qn-kcn-pane path').length > 0")
        frame.wait_for_function("document.querySelector('.qn-notice').textContent.includes('transport')")
    traffic.failures.clear()
    traffic.console.clear()


def test_no_network_but_this_machine(page, app_server, traffic):
    """The online basemap fails softly: a notice, and the built-in map stays."""
    frame = open_page(page, f"{app_server}/van-don")
    page.context.set_offline(offline=False)
    page.route(lambda url: "tile.openstreetmap.org" in url, lambda route: route.abort())
    page.locator(".st-key-layers label", has_text="OpenStreetMap").click()
    frame.wait_for_function("document.querySelector('.qn-notice').textContent.length > 10")
    wait_state(frame, "s.basemap === 'osm'")
    assert frame.evaluate("document.querySelectorAll('.leaflet-qn-land-pane canvas').length") == 1
    assert any("openstreetmap" in url for url in traffic.outside())
    for record in (traffic.requests, traffic.failures, traffic.console):
        record.clear()


def test_click_sheet_measures_and_coordinates(page, app_server):
    frame = open_page(page, f"{app_server}/van-don?at=107.4155,21.1205")
    assert "Cảng hàng không quốc tế Vân Đồn" in page.inner_text(".st-key-sheet")
    assert "1 km" in page.inner_text(".st-key-sheet")
    frame.click("a[data-key=measureLine]")
    for lon, lat in ((107.35, 21.0), (107.45, 21.0)):
        frame.evaluate("([x, y]) => void QN.map.fire('click', { latlng: L.latLng(y, x) })", [lon, lat])
    metres = float(frame.get_attribute(".qn-measure [data-m]", "data-m"))
    assert metres == pytest.approx(10_396.1, abs=3)  # EPSG:5899, by pyproj
    page.keyboard.press("Escape")
    box = page.query_selector(".st-key-map iframe").bounding_box()
    page.mouse.move(box["x"] + 300, box["y"] + 300)
    frame.wait_for_function("document.querySelector('.qn-coordinates').textContent.includes('VN-2000')")


def test_a_switch_acts_at_once_and_the_panel_stays_open(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen")
    depth = page.locator(".qn-depth summary")
    depth.scroll_into_view_if_needed()
    depth.click()
    slider = page.locator(".qn-depth input[data-group=zones]")
    slider.fill("50")
    wait_state(frame, "s.opacity.zones === 0.5")
    page.wait_for_function("decodeURIComponent(location.search).includes('opacity=zones:50')")
    assert page.locator(".qn-depth[open]").count() == 1
    page.locator(".qn-depth button[data-switch=up][data-group=boundaries]").click()
    wait_state(frame, "s.order[0] !== 'boundaries'")


def test_downloads_carry_their_sources(page, app_server):
    loaded(page, f"{app_server}/nguon-so-lieu")
    with page.expect_download() as waiting:
        page.locator(".st-key-downloads button", has_text="GEOJSON").click()
    assert b"FeatureCollection" in waiting.value.path().read_bytes()[:200]
