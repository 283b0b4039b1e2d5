"""What the map itself offers: names under the pointer, what lies at a point, measuring, home and full screen."""

from __future__ import annotations

import pytest
from shapely import LineString, Point, Polygon

from qn_geo.crs import project
from tests.browser.helpers import click_place, inside, on_screen, press, settled, state, unfold, wait_state, wait_still
from tests.browser.test_linking import BOTH, ZONE

CORNERS = [
    (-70, -120),
    (60, -120),
    (60, -40),
    (-70, -40),
]  # pixels from the middle of the map: nothing lies over it there


def middle(page):
    box = page.locator(".st-key-map iframe").bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize(
    ("lang", "name", "quality"),
    [("vi", "Khu công nghiệp Sông Khoai", "sơ đồ"), ("en", "Sông Khoai Industrial Park", "schematic")],
    ids=["vi", "en"],
)
def test_the_pointer_is_told_name_and_quality(page, visit, name, quality):
    frame = visit("/quang-yen?layers=kcn")
    page.mouse.move(*on_screen(page, frame, *inside(frame, ZONE)))
    frame.wait_for_selector(".qn-tip:visible")
    told = frame.inner_text(".qn-tip")
    assert name in told
    assert quality in told
    page.mouse.move(5, 5)
    frame.wait_for_selector(".qn-tip", state="hidden")


def test_the_pointer_is_told_coordinates(page, visit):
    frame = visit("/van-don")
    before = frame.inner_text(".qn-coordinates")
    x, y = middle(page)
    page.mouse.move(x + 40, y)
    frame.wait_for_function("(old) => document.querySelector('.qn-coordinates').innerText !== old", arg=before)
    texts = frame.locator(".qn-coordinates b").all_inner_texts()
    lat, lon, north, east = (
        float(number.replace(".", "").replace(",", ".")) for text in texts for number in text.split(";")
    )
    real = project(Point(lon, lat))
    assert (north, east) == pytest.approx((real.y, real.x), abs=1.5), "five decimals of a degree are a metre"


@BOTH
def test_a_click_tells_what_lies_within_a_kilometre(page, visit, lang):
    frame = visit("/van-don?at=107.4155,21.1205")
    wait_still(frame)
    click_place(page, frame, 107.4155, 21.1265)
    wait_state(frame, "s.at && Math.abs(s.at[1] - 21.1265) < 0.0005")
    settled(page)
    sheet = page.locator(".st-key-sheet article", has_text="WGS 84")
    assert {"vi": "Trong bán kính 1 km", "en": "Within 1 km"}[lang] in sheet.inner_text()
    line = sheet.locator(
        "li", has_text={"vi": "Cảng hàng không quốc tế Vân Đồn", "en": "Vân Đồn International Airport"}[lang]
    )
    metres = int("".join(sign for sign in line.locator("b").inner_text() if sign.isdigit()))
    airport, asked = project(Point(107.4155, 21.1205)), project(Point(state(frame)["at"]))
    assert metres == pytest.approx(airport.distance(asked), abs=1)
    assert 500 < metres < 800


@BOTH
@pytest.mark.parametrize("kind", ["line", "area"])
def test_measuring(page, visit, lang, kind):
    """What the browser measures by proj4js is what pyproj says of the same places."""
    frame = visit("/van-don")
    page.locator(".st-key-map iframe").scroll_into_view_if_needed()
    frame.click(f"a[data-key=measure{kind.capitalize()}]")
    frame.evaluate("window.measured = []; void QN.map.on('click', (e) => measured.push([e.latlng.lng, e.latlng.lat]))")
    x, y = middle(page)
    for number, (right, down) in enumerate(CORNERS, start=1):
        press(page, x + right, y + down)
        frame.wait_for_function(f"measured.length === {number}")
        page.wait_for_timeout(350)  # two clicks in a hurry would be a double click
    placed = frame.evaluate("measured")
    if kind == "line":
        told, real = float(frame.get_attribute(".qn-measure [data-m]", "data-m")), project(LineString(placed)).length
    else:
        told, real = float(frame.get_attribute(".qn-measure [data-m2]", "data-m2")), project(Polygon(placed)).area
    assert told == pytest.approx(real, rel=1e-6)
    assert {"vi": "Chiều dài" if kind == "line" else "Diện tích", "en": "Length" if kind == "line" else "Area"}[
        lang
    ] in frame.inner_text(".qn-measure")
    assert frame.evaluate("window.qnState.at") is None, "measuring must not choose"
    frame.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'Escape'}))")
    assert not frame.is_visible(".qn-measure")
    assert not frame.evaluate("QN.map.getContainer().classList.contains('qn-measuring')")


def test_home_brings_the_whole_area_back(visit):
    frame = visit(f"/quang-yen?zone={ZONE}")
    wait_still(frame)
    box = "[[window.qnState.home[1], window.qnState.home[0]], [window.qnState.home[3], window.qnState.home[2]]]"
    assert not frame.evaluate(f"QN.map.getBounds().contains({box})")
    frame.click("a[data-key=home]")
    frame.wait_for_function(f"QN.map.getBounds().contains({box})")
    wait_state(frame, f"s.zone === '{ZONE}'")


def test_full_screen_takes_map_layers_and_legend(page, visit):
    frame = visit("/quang-yen")
    frame.click("a[data-key=full]")
    page.wait_for_function("document.fullscreenElement?.querySelector('.st-key-layers, .st-key-legend') != null")
    assert page.evaluate("document.fullscreenElement.contains(document.querySelector('.st-key-map iframe'))")
    frame.click("a[data-key=full]")
    page.wait_for_function("document.fullscreenElement === null")


@BOTH
def test_the_online_basemap_fails_softly(page, visit, traffic, lang):
    """Without the internet there is a notice, and the built-in map stays."""
    frame = visit("/van-don")
    page.route("**/tile.openstreetmap.org/**", lambda route: route.abort("internetdisconnected"))
    unfold(page.locator(".st-key-layers input[value=osm]")).click()
    told = {"vi": "Không tải được", "en": "cannot be reached"}[lang]
    frame.wait_for_function("(told) => document.querySelector('.qn-notice').textContent.includes(told)", arg=told)
    wait_state(frame, "s.basemap === 'osm'")
    assert frame.evaluate("document.querySelectorAll('.leaflet-qn-land-pane canvas').length") == 1
    assert frame.evaluate("document.querySelectorAll('.leaflet-qn-kkt-pane path').length") > 0
    page.click(".st-key-layers input[value=own]")
    wait_state(frame, "s.basemap === 'own'")
    settled(page)
    assert any("openstreetmap" in url for url in traffic.outside())
    traffic.forgive()


@pytest.mark.parametrize("form", ["add", "print"])
def test_nothing_lies_over_the_language_switch_once_a_form_is_open(page, visit, form):
    visit("/quang-yen")
    page.locator(f".st-key-w-{form} button:visible").first.click()
    page.wait_for_selector(".st-key-drawer")
    page.wait_for_timeout(600)  # a tooltip would have come by now: the pointer still lies on the button
    over = """(button) => { const { x, y, width, height } = button.getBoundingClientRect();
        return button.contains(document.elementFromPoint(x + width / 2, y + height / 2)); }"""
    assert page.locator(".st-key-w-lang button").evaluate_all(f"(all) => all.map({over})") == [True, True]
