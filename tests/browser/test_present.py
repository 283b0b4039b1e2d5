"""A whole presentation by keyboard, with no network: every scene, the audience's questions, the presenter's window."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe

from qn_geo import stories
from qn_geo.charts.projected import shortened
from qn_geo.mapview import config
from qn_geo.ui.presenting.show import TALLEST
from tests.browser.helpers import inside, map_frame, on_screen, settled, wait_state, wait_still
from tests.conftest import LOCAL_HOSTS, PHONE

STORY = "hop-12-10-2021"
AREAS = "bon-vung-dong-luc"  # its scenes have zones
HALL = {"viewport": {"width": 1920, "height": 1080}}
SIZES = [(1920, 1080), (1440, 900), (1366, 768)]


@pytest.fixture
def device():
    return HALL


def stay_at_home(route):
    """Let nothing out but what goes to this machine; the page fixture fails on any attempt."""
    if urlsplit(route.request.url).hostname in LOCAL_HOSTS | {None}:
        route.continue_()
    else:
        route.abort()


@pytest.fixture
def present(page, app_server):
    """Open a story in the audience's window; its frame comes back, marked so that another one would be noticed."""
    page.route("**/*", stay_at_home)

    def opened(story=STORY, **query):
        more = "".join(f"&{key}={value}" for key, value in query.items())
        page.goto(f"{app_server}/trinh-chieu?story={story}&mode=show{more}")
        page.wait_for_selector(".qn-headline")
        frame = map_frame(page)
        settled(page)
        wait_still(frame)
        frame.evaluate("window.sameFrame = true")
        return frame

    return opened


def number(page):
    """Number of the scene on the slide, or in the presenter's window."""
    told = page.text_content(".qn-number b, .qn-now h2")
    return int(told.split("·")[-1].split("/")[0])


def wait_number(page, wanted):
    page.wait_for_function(
        "(n) => document.querySelector('.qn-number b, .qn-now h2')?.textContent.match(/(\\d+)(?=\\/|$)/)?.[1] === n",
        arg=str(wanted),
    )
    settled(page)


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


def flag(page, name):
    return page.evaluate("(name) => name in document.documentElement.dataset", name)


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


CONTRAST = {"runOnly": ["color-contrast-enhanced"], "rules": {"color-contrast-enhanced": {"enabled": True}}}
LUMINANCE = """
  const lum = (colour) => {
    const [r, g, b] = colour.match(/[\\d.]+/g).map((v) => v / 255);
    const linear = (v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  };"""
CHART_TEXTS = f"""() => {{ {LUMINANCE}
  const paper = lum(getComputedStyle(document.querySelector('.st-key-show')).backgroundColor);
  const texts = [...document.querySelectorAll('.st-key-show-plot text')];
  return texts.filter((text) => text.textContent.trim() && !text.closest('.bars')).map((text) => {{
    const ink = lum(getComputedStyle(text).fill);
    return [text.textContent, (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05)];
  }});
}}"""


@pytest.mark.parametrize("tone", ["light", "dark"])
def test_contrast_of_all_text_is_seven_to_one(page, present, tone):
    frame = present()
    if tone == "dark":
        page.keyboard.press("d")
        frame.wait_for_function("'dark' in document.documentElement.dataset")
        assert "dark=1" in page.url
    for at in range(1, len(stories.load(STORY).scenes) + 1):
        wait_number(page, at)
        found = Axe().run(page, context=".st-key-show", options=CONTRAST)
        assert [
            (node["target"], node["any"][0]["message"]) for v in found.response["violations"] for node in v["nodes"]
        ] == []
        pale = [told for told in page.evaluate(CHART_TEXTS) if told[1] < 7]
        assert pale == []
        page.keyboard.press("ArrowRight")


SIZES_OF_TYPE = """() => {
  const size = (part) => parseFloat(getComputedStyle(part).fontSize), all = (s) => [...document.querySelectorAll(s)];
  const scale = (part) => part.getBoundingClientRect().width / part.offsetWidth;
  const told = (part) => part.textContent.trim() && part.checkVisibility({ visibilityProperty: true });
  const plot = document.querySelector('.st-key-show-plot .js-plotly-plot');
  const own = all('.st-key-show :is(h1, h2, p, span, b, dt, li, summary, sup)').filter(
    (part) => told(part) && !part.closest('.qn-wait, .st-key-show-plot'));
  return {
    all: Math.min(...own.map(size)),
    headline: size(document.querySelector('.qn-headline')),
    figure: Math.min(...all('.qn-shown b').map(size)),
    chart: Math.min(...[...plot.querySelectorAll('text')].filter(told).map(size)) * scale(plot),
    map: scale(document.querySelector('.st-key-show .st-key-map iframe')),
  };
}"""
ON_THE_MAP = """() => {
  const parts = document.querySelectorAll('.qn-label, .leaflet-control-scale-line, .leaflet-control-attribution');
  return Math.min(...[...parts].map((part) => parseFloat(getComputedStyle(part).fontSize)));
}"""


def test_type_is_large_enough_for_a_hall(page, present):
    frame = present(scene=4)
    sizes = page.evaluate(SIZES_OF_TYPE)
    assert 44 <= sizes["headline"] <= 52
    assert sizes["figure"] >= 40
    assert sizes["chart"] >= 20
    assert sizes["all"] >= 16
    assert frame.evaluate(ON_THE_MAP) * sizes["map"] >= 16


MISPLACED = """() => {
  const slide = ['.qn-headline', '.st-key-show .st-key-map', '.st-key-legend', '.qn-shown',
    '.st-key-show-plot .js-plotly-plot', '.qn-chart-note', '.qn-foot'];
  const boxes = slide.map((s) => [s, document.querySelector(s)?.getBoundingClientRect()]).filter(([, b]) => b?.height);
  const wrong = boxes.filter(([, b]) => b.right > innerWidth + 1 || b.bottom > innerHeight + 1).map(([s]) => s);
  const meet = (a, b) => a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1;
  for (const [s, a] of boxes) for (const [t, b] of boxes) if (s < t && meet(a, b)) wrong.push(`${s} and ${t}`);
  if (document.documentElement.scrollHeight > innerHeight) wrong.push('the page scrolls');
  return wrong;
}"""


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_nothing_scrolls_or_covers_anything(page, present, width, height):
    page.set_viewport_size({"width": width, "height": height})
    present(AREAS)
    for at in range(1, len(stories.load(AREAS).scenes) + 1):
        wait_number(page, at)
        assert page.evaluate(MISPLACED) == [], f"scene {at}"
        page.keyboard.press("ArrowRight")


def test_the_enlarged_chart_is_hit_where_it_is_seen(page, present):
    frame = present(scene=4)
    bar = page.locator(".st-key-show-plot .barlayer .point path").nth(2)
    box = bar.bounding_box()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_selector(".st-key-show-plot .hoverlayer text")
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    wait_state(frame, f"s.zone !== null && s.zone !== '{stories.load(STORY).scenes[3].zones[0]}'")
    page.wait_for_function("'qnOff' in document.documentElement.dataset")


SWIPE = """() => {
  const head = document.querySelector('.qn-headline');
  const finger = (clientX) => new Touch({ identifier: 1, target: head, clientX, clientY: 40 });
  const touch = (type, touches, changed) =>
    head.dispatchEvent(new TouchEvent(type, { bubbles: true, touches, changedTouches: changed }));
  touch('touchstart', [finger(300)], [finger(300)]);
  touch('touchend', [], [finger(80)]);
}"""


@pytest.mark.parametrize("device", [PHONE])
def test_on_a_phone_everything_stands_below_each_other_and_a_swipe_goes_on(page, present):
    present(scene=4)
    tops = [
        page.locator(part).bounding_box()["y"]
        for part in (".qn-headline", ".st-key-map", ".qn-shown", ".qn-chart-head")
    ]
    assert tops == sorted(tops)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.evaluate(SWIPE)
    wait_number(page, 5)
    page.click(".qn-does [data-show=previous]")
    wait_number(page, 4)
