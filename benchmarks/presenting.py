"""How long a change of scene takes, in turn with an empty fragment rerun in the same browser."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from tests.browser.helpers import map_frame, settled

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Browser, Page

STORY = "bon-vung-dong-luc"
SCENES = {"ArrowLeft": 7, "ArrowRight": 8}  # another area, zone, figures and chart, from near to near across the city
WARM_UP = 4
PAUSE_MS = 2000  # by then the flight is over
SLIDE = """() => {
  const parts = '.qn-headline, .qn-shown, .qn-chart-head, .qn-number b, .st-key-show-plot .main-svg:has(text)';
  window.slide = () => [...document.querySelectorAll(parts)].map((part) => part.textContent);
  const map = document.querySelector('.st-key-map iframe').contentWindow;
  map.QN.map.on('movestart', () => { window.flying = true; });
}"""


def scene_change(page: Page, key: str) -> float:
    """Milliseconds from the key until headline, figures, number and chart are the next scene's and the map flies."""
    page.evaluate("() => { window.before = slide(); window.flying = false; }")
    start = time.perf_counter()
    page.keyboard.press(key)
    page.wait_for_function("flying && slide().every((text, i) => text !== before[i])", polling=5)
    return (time.perf_counter() - start) * 1000


def measure(
    chromium: Browser, app: str, floor: str, empty_rerun: Callable[[Page], float], runs: int
) -> dict[str, list[float]]:
    """Change between two scenes and rerun the empty fragment in turn; the first rounds warm up."""
    empty = chromium.new_page()
    empty.goto(floor)
    empty.wait_for_selector("#count")
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.goto(f"{app}/trinh-chieu?story={STORY}&mode=show&scene={SCENES['ArrowLeft']}")
    map_frame(page)
    page.wait_for_selector(".st-key-show-plot .main-svg")
    settled(page)
    page.evaluate(SLIDE)
    samples: dict[str, list[float]] = {"scene": [], "scene floor": []}
    for index in range(runs + WARM_UP):
        change = scene_change(page, list(SCENES)[1 - index % 2])
        page.wait_for_timeout(PAUSE_MS)
        floor_now = empty_rerun(empty)
        page.wait_for_timeout(PAUSE_MS // 4)
        if index >= WARM_UP:
            samples["scene"].append(change)
            samples["scene floor"].append(floor_now)
    page.close()
    empty.close()
    return samples
