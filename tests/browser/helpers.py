"""How the browser tests look at the app: the map's frame, its state, and waiting for both to agree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Locator, Page


def open_page(page: Page, url: str) -> Frame:
    """Open an address that shows a map; return the map's frame once map, charts and tables are drawn."""
    page.goto(url)
    frame = map_frame(page)
    page.wait_for_function("document.querySelectorAll('.js-plotly-plot .main-svg').length > 0")
    settled(page)
    return frame


def map_frame(page: Page) -> Frame:
    """The map's frame, ready and with its first state applied."""
    page.wait_for_function(  # asked from outside: a frame that is being replaced never gets ready itself
        "() => { const map = document.querySelector('.st-key-map iframe')?.contentWindow;"
        " return map?.qnReady === true && map.qnState !== undefined; }"
    )
    return page.query_selector(".st-key-map iframe").content_frame()


def settled(page: Page) -> None:
    """Wait until no script runs any more."""
    page.wait_for_function("!document.querySelector('[data-testid=stApp]').matches('[data-test-script-state=running]')")
    page.wait_for_timeout(150)


def state(frame: Frame) -> dict[str, Any]:
    """The state the map was last given."""
    return frame.evaluate("window.qnState")


def wait_state(frame: Frame, condition: str) -> None:
    """Wait for a condition on the map's state, written with `s`, as JavaScript."""
    frame.wait_for_function(f"(() => {{ const s = window.qnState; return s && ({condition}); }})()")


def wait_still(frame: Frame) -> None:
    """Wait until the map stands still after a flight."""
    frame.wait_for_function(
        """() => { const c = QN.map.getCenter(), z = QN.map.getZoom(), now = `${c.lat},${c.lng},${z}`;
           const same = window.qnLast === now; window.qnLast = now; return same && !QN.map._animatingZoom; }""",
        polling=200,
    )


def press(page: Page, x: float, y: float) -> None:
    """Press at a place in the window: a finger on a touch screen, the mouse elsewhere."""
    if page.evaluate("navigator.maxTouchPoints > 0"):
        page.touchscreen.tap(x, y)
    else:
        page.mouse.click(x, y)


def on_screen(page: Page, frame: Frame, lon: float, lat: float) -> tuple[float, float]:
    """Where in the window a place on the map is, in pixels."""
    iframe = page.locator(".st-key-map iframe")
    iframe.scroll_into_view_if_needed()
    box = iframe.bounding_box()
    x, y = frame.evaluate(
        "([lon, lat]) => { const p = QN.map.latLngToContainerPoint([lat, lon]); return [p.x, p.y]; }", [lon, lat]
    )
    scale = box["width"] / iframe.evaluate("(map) => map.offsetWidth")  # on a slide everything is larger
    return box["x"] + x * scale, box["y"] + y * scale


def click_place(page: Page, frame: Frame, lon: float, lat: float) -> None:
    """Click on the map at a place."""
    press(page, *on_screen(page, frame, lon, lat))


def click_element(page: Page, target: Locator) -> None:
    """Click where an element is: Plotly lays a transparent plane over its bars, which a direct click would hit."""
    target.scroll_into_view_if_needed()
    page.wait_for_timeout(200)
    box = target.bounding_box()
    press(page, box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def unfold(target: Locator) -> Locator:
    """Open every fold round something in the page; return it."""
    folded = target.locator("xpath=ancestor::details[not(@open)]")
    while folded.count():
        folded.first.locator("> summary").click()
    return target


def switch(page: Page, layer: str) -> None:
    """Turn a layer on or off in the layer panel."""
    unfold(page.locator(f".st-key-layers input[data-switch=layer][value={layer}]")).click()


def in_sight(page: Page, selector: str) -> None:
    """Wait until the top of an element stands in the window."""
    page.wait_for_function(
        "(s) => { const { top } = document.querySelector(s).getBoundingClientRect();"
        " return top > -2 && top < window.innerHeight; }",
        arg=selector,
    )


def inside(frame: Frame, zone_id: str) -> tuple[float, float]:
    """A point well inside a zone's shape, longitude and latitude."""
    return tuple(
        frame.evaluate(
            "async (id) => { await QN.sources.zones.waiting;"
            " const f = QN.sources.zones.features.find((z) => z.properties.zone_id === id);"
            " return QNGeometry.inner(f.geometry); }",
            zone_id,
        )
    )
