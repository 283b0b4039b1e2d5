"""What a slide looks like: contrast, size of type, nothing covered or cut off, on a projector and on a phone."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from qn_geo import stories
from tests.browser.helpers import wait_state
from tests.browser.presenting import AREAS, HALL, STORY, wait_number
from tests.conftest import PHONE

SIZES = [(1920, 1080), (1440, 900), (1366, 768)]


@pytest.fixture
def device():
    return HALL


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


LINES = """(headline) => {
  const h1 = document.querySelector('.qn-headline');
  h1.innerHTML = headline;
  const range = document.createRange();
  range.selectNodeContents(h1);
  const rights = {};
  for (const { top, right } of range.getClientRects()) {
    const line = Math.round(top);
    rights[line] = Math.max(rights[line] ?? 0, right);
  }
  const box = h1.getBoundingClientRect();
  const widths = Object.values(rights).map((right) => (right - box.left) / box.width);
  return [widths, h1.querySelector('span').getClientRects().length];
}"""


@pytest.mark.parametrize("words", range(3, 9))
def test_a_long_headline_uses_the_width_and_breaks_in_no_range(page, present, words):
    present(scene=4)
    told = f"{'vốn đầu tư ' * words}giai đoạn <span class='qn-whole'>2021–2025</span> tăng mạnh ở cả bốn vùng động lực"
    widths, pieces = page.evaluate(LINES, told)
    assert pieces == 1
    assert len(widths) == 1 or widths[0] > 0.75
