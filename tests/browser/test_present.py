"""A whole presentation by keyboard, with no network: every scene, the audience's questions, the presenter's window."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from qn_geo import stories
from qn_geo.charts.projected import shortened
from qn_geo.mapview import config
from qn_geo.ui.presenting.show import TALLEST
from tests.browser.helpers import inside, map_frame, on_screen, wait_state, wait_still
from tests.browser.presenting import AREAS, HALL, STORY, flag, number, wait_number


@pytest.fixture
def device():
    return HALL


def look(frame):
    """Centre and zoom of the map, once it stands still."""
    wait_still(frame)
    return frame.evaluate("(() => { const c = QN.map.getCenter(); return [c.lng, c.lat, QN.map.getZoom()]; })()")


def wait_look(frame, wanted):
    """Wait until the map is back at a centre and zoom."""
    frame.wait_for_function(
        "([lon, lat, zoom]) => { const c = QN.map.getCenter(), near = (a, b) => Math.abs(a - b) < 1e-4;"
        " return near(c.lng, lon) && near(c.lat, lat) && near(QN.map.getZoom(), zoom); }",
        arg=wanted,
    )


def looks_there(frame, scene):
    """Whether the map shows where the scene looks."""
    lon, lat, zoom = look(frame)
    if scene.view:
        return (lon, lat, zoom) == pytest.approx((scene.view.lon, scene.view.lat, scene.view.zoom), abs=1e-3)
    box = config.zones_box(scene.zones)
    if box:
        return frame.evaluate("([w, s, e, n]) => QN.map.getBounds().contains([[s, w], [n, e]])", list(box))
    west, south, east, north = config.home_box(scene.area)
    return abs(lon - (west + east) / 2) < (east - west) / 4 and abs(lat - (south + north) / 2) < (north - south) / 4


def test_every_scene_by_keyboard(page, present):
    story = stories.load(STORY)
    frame = present()
    for at, scene in enumerate(story.scenes, start=1):
        wait_number(page, at)
        assert page.text_content(".qn-number") == f"{at}/{len(story.scenes)}"
        assert page.text_content(".qn-headline") == scene.headline
        wait_state(frame, f"String(s.visible) === '{','.join(scene.visible)}' && s.year === {scene.year}")
        assert looks_there(frame, scene), f"scene {at} looks elsewhere"
        shown = page.locator(".qn-shown dd b").all_text_contents()
        assert len(shown) == len(scene.figures)
        chart = stories.chart(scene, story.lang)
        if chart:
            assert page.text_content(".qn-chart-head") == chart.title
            figure, _ = shortened(chart.figure, TALLEST)
            points = sum(len(trace.x) for trace in figure.data)
            drawn = "document.querySelectorAll('.st-key-show-plot :is(.barlayer, .scatterlayer .points) path').length"
            page.wait_for_function(f"{drawn} >= {points}")
        else:
            assert page.locator(".qn-chart-head").count() == 0
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    assert number(page) == len(story.scenes), "after the last scene comes none"
    page.keyboard.press("Home")
    wait_number(page, 1)
    page.keyboard.press("End")
    wait_number(page, len(story.scenes))
    assert frame.evaluate("window.sameFrame"), "the map was rebuilt"


@pytest.mark.parametrize("key", ["ArrowRight", " ", "PageDown", "Enter"])
def test_keys_and_clickers_go_on_and_back_also_from_within_the_map(page, present, key):
    frame = present()
    page.keyboard.press(key)
    wait_number(page, 2)
    page.mouse.click(*on_screen(page, frame, 106.6, 21.45))
    wait_state(frame, "s.at !== null")
    assert page.evaluate("document.activeElement.tagName") == "IFRAME"
    page.keyboard.press(key)
    wait_number(page, 3)
    for back, at in (("PageUp", 2), ("Backspace", 1)):
        page.keyboard.press(back)
        wait_number(page, at)
    page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(300)
    assert number(page) == 1


def test_ten_presses_in_a_second_end_on_the_right_scene(page, present):
    frame = present()
    asked = []
    page.on("websocket", lambda socket: socket.on("framesent", asked.append))
    for key in ["ArrowRight"] * 8 + ["ArrowLeft"] * 2:
        page.keyboard.press(key)
        page.wait_for_timeout(60)
    wait_number(page, 7)
    page.wait_for_timeout(500)
    assert number(page) == 7
    assert looks_there(frame, stories.load(STORY).scenes[6])
    assert "scene=7" in page.url


def test_typing_is_not_meant_for_the_presentation(page, present):
    present()
    page.evaluate("document.body.append(Object.assign(document.createElement('input'), { id: 'typed' }))")
    page.evaluate("document.querySelector('#typed').focus()")
    page.keyboard.type("b d r 3")
    assert page.input_value("#typed") == "b d r 3"
    assert number(page) == 1
    assert not flag(page, "qnBlack")


def test_black_full_screen_card_of_keys_and_leaving(page, present):
    present(scene=2)
    for key in ("b", "."):
        page.keyboard.press(key)
        assert flag(page, "qnBlack")
        assert page.evaluate("getComputedStyle(document.body, '::after').backgroundColor") == "rgb(0, 0, 0)"
        page.keyboard.press("ArrowRight" if key == "." else key)
        assert not flag(page, "qnBlack")
    assert number(page) == 2, "the key that ends the black shows the scene again"
    page.keyboard.press("?")
    assert page.is_visible(".qn-card-of-keys")
    page.keyboard.press("Escape")
    assert not page.is_visible(".qn-card-of-keys")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("Escape")
    page.wait_for_function("document.fullscreenElement === null")
    assert page.is_visible(".qn-headline")
    page.keyboard.press("Escape")
    page.wait_for_selector(".st-key-show", state="detached")
    assert "mode=" not in page.url


def test_questions_of_the_audience_and_back_to_the_scene(page, present):
    frame = present(AREAS, scene=7)
    scene = stories.load(AREAS).scenes[6]
    before, figures = look(frame), page.inner_text(".qn-shown")
    assert not flag(page, "qnOff")
    frame.evaluate("void QN.map.setView([20.97, 106.83], 11.5, { animate: false })")
    wait_still(frame)
    page.mouse.click(*on_screen(page, frame, *inside(frame, "kcn-dong-mai")))
    wait_state(frame, "s.zone === 'kcn-dong-mai'")
    page.wait_for_function("(old) => document.querySelector('.qn-shown').innerText !== old", arg=figures)
    assert "Đông Mai" in page.inner_text(".qn-shown")
    assert "Đông Mai" in page.inner_text(".qn-off")
    assert parse_qs(urlsplit(page.url).query)["scene"] == ["7"]
    page.keyboard.press("r")
    wait_state(frame, f"s.zone === '{scene.zones[0]}'")
    page.wait_for_function("!('qnOff' in document.documentElement.dataset)")
    wait_look(frame, before)
    assert page.inner_text(".qn-shown") == figures
    assert frame.evaluate("window.sameFrame")


def test_a_map_moved_by_hand_is_marked_and_returns_too(page, present):
    frame = present(scene=2)
    before = look(frame)
    x, y = on_screen(page, frame, *before[:2])
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 200, y - 90, steps=5)
    page.mouse.up()
    page.wait_for_function("'qnOff' in document.documentElement.dataset")
    assert look(frame) != pytest.approx(before, abs=1e-4)
    assert "view=" not in page.url
    page.click(".qn-off [data-show=back]")
    page.wait_for_function("!('qnOff' in document.documentElement.dataset)")
    wait_look(frame, before)


def test_a_scene_has_its_address_and_back_and_reload_keep_it(page, present):
    frame = present()
    for at in (2, 3):
        page.keyboard.press("ArrowRight")
        wait_number(page, at)
    assert parse_qs(urlsplit(page.url).query) == {"story": [STORY], "mode": ["show"], "scene": ["3"]}
    page.go_back()
    wait_number(page, 2)
    assert looks_there(frame, stories.load(STORY).scenes[1])
    page.keyboard.press("ArrowRight")
    wait_number(page, 3)
    page.reload()
    map_frame(page)
    wait_number(page, 3)
    present(scene=999)
    assert number(page) == len(stories.load(STORY).scenes)


def test_two_windows_stay_in_step(page, present, traffic):
    present()
    with page.context.expect_page() as opening:
        page.keyboard.press("s")
    speaker = opening.value
    traffic.watch(speaker)
    speaker.wait_for_selector(".qn-speaker")
    scenes = stories.load(STORY).scenes
    wait_number(speaker, 1)
    assert scenes[1].headline in speaker.inner_text(".qn-then")
    assert scenes[0].notes.splitlines()[0] in speaker.inner_text(".qn-said")
    speaker.keyboard.press("PageDown")
    wait_number(page, 2)
    wait_number(speaker, 2)
    page.keyboard.press("ArrowRight")
    wait_number(speaker, 3)
    speaker.click("[data-show='go:6']")
    wait_number(page, 6)
    speaker.keyboard.press("b")
    page.wait_for_function("'qnBlack' in document.documentElement.dataset")
    assert speaker.is_visible(".qn-blacked")
    speaker.keyboard.press("b")
    page.wait_for_function("!('qnBlack' in document.documentElement.dataset)")
    speaker.reload()
    wait_number(speaker, 6)
    page.reload()
    map_frame(page)
    wait_number(page, 6)
    page.keyboard.press("ArrowLeft")
    wait_number(speaker, 5)
    assert speaker.inner_text("[data-clock]")
    assert speaker.inner_text("[data-elapsed]").startswith("0")
    speaker.close()


def test_a_presenter_window_opened_later_takes_the_scene_of_the_audience(page, present, app_server, traffic):
    present(scene=4)
    later = page.context.new_page()
    traffic.watch(later)
    later.goto(f"{app_server}/trinh-chieu?story={STORY}&mode=speaker")
    wait_number(later, 4)
    assert number(page) == 4
    later.close()


def test_a_hand_that_stops_a_flight_leaves_no_map_without_names(page, present):
    frame = present()
    page.keyboard.press("ArrowRight")
    frame.wait_for_selector(".qn-flying")
    box = page.locator(".st-key-map iframe, iframe[title*=folium]").first.bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 200)
    page.mouse.down()
    page.mouse.move(box["x"] + 60, box["y"] + 210, steps=3)
    page.mouse.up()
    frame.wait_for_selector(".qn-flying", state="detached")
    wait_still(frame)
    assert frame.locator(".qn-label").count() > 0
