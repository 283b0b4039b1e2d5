"""Where the map looks, and the groups of the layer panel: both act in the browser, without a rerun of their own."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.helpers import map_frame, open_page, settled, wait_state, wait_still

ZONE = "kcn-song-khoai"


def look(frame: Any) -> list[float]:
    """Centre and zoom of the map."""
    return frame.evaluate("(() => { const c = QN.map.getCenter(); return [c.lng, c.lat, QN.map.getZoom()]; })()")


def drag(page: Any, dx: int, dy: int) -> None:
    """Drag the map and wait until the address says so."""
    before = page.url
    box = page.locator(".st-key-map iframe").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=5)
    page.mouse.up()
    page.wait_for_function("(old) => location.href !== old && location.search.includes('view=')", arg=before)


def test_what_a_hand_turned_to_survives_reload_and_back(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen")
    assert "view=" not in page.url, "the page's own fit needs no address"
    drag(page, -120, -60)
    first = look(frame)
    page.locator(f".st-key-zones tr[data-choose={ZONE}]").click()
    wait_state(frame, f"s.zone === '{ZONE}'")
    wait_still(frame)
    drag(page, 90, 40)
    second = look(frame)
    page.reload()
    frame = map_frame(page)
    assert look(frame) == pytest.approx(second, abs=1e-4)
    page.go_back()
    wait_state(frame, "s.zone === null")
    assert look(frame) == pytest.approx(first, abs=1e-4)


def test_links_and_the_home_button_leave_the_look_behind(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen?view=106.9,20.9,12.5")
    assert look(frame) == pytest.approx([106.9, 20.9, 12.5])
    frame.click("a[data-key=home]")
    page.wait_for_function("!location.search.includes('view=')")
    drag(page, -50, 0)
    page.locator(".st-key-nav a", has_text="Hải Hà").click()
    page.wait_for_url("**/hai-ha")
    settled(page)
    wait_state(map_frame(page), "s.area === 'hai-ha'")
    page.wait_for_timeout(600)  # longer than the frame waits before it writes
    assert "view=" not in page.url


def test_a_group_goes_and_comes_back_as_it_was(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen")
    group = page.locator("[data-switch=group][value=transport]")
    count = page.locator(".qn-group", has=group).locator(".qn-count")
    assert group.evaluate("(box) => [box.checked, box.indeterminate]") == [True, True]
    was = count.inner_text()
    group.click()
    wait_state(frame, "!s.visible.includes('expressway')")
    settled(page)
    assert count.inner_text().startswith("0/")
    group.focus()
    page.keyboard.press("Space")
    wait_state(frame, "s.visible.includes('expressway') && !s.visible.includes('bridge')")
    assert count.inner_text() == was


def test_an_open_group_stays_open_in_the_other_language_and_on_the_next_page(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen")
    page.locator("[data-fold=transport] > summary").click()
    page.locator(".st-key-w-lang button", has_text="EN").click()
    wait_state(frame, "s.lang === 'en'")
    page.wait_for_selector("[data-fold=transport][open] >> text=Expressways")
    page.locator(".st-key-nav a", has_text="Hải Hà").click()
    page.wait_for_url("**/hai-ha*")
    page.wait_for_selector("[data-fold=transport][open] >> text=Expressways")


@pytest.mark.parametrize(("width", "unfolded"), [(1440, 1), (390, 0)])
def test_the_panel_begins_open_where_it_lies_over_the_map(page, app_server, width, unfolded):
    page.set_viewport_size({"width": width, "height": 844})
    open_page(page, f"{app_server}/quang-yen")
    assert page.locator(".qn-layers[open]").count() == unfolded
    assert not page.locator(".qn-wait").is_visible()


@pytest.mark.parametrize("name", ["", "van-don", "quang-yen", "hai-ha"])
def test_on_a_phone_the_area_stands_in_the_middle_of_what_is_seen(page, app_server, name):
    page.set_viewport_size({"width": 390, "height": 844})
    frame = open_page(page, f"{app_server}/{name}")
    above, beneath = frame.evaluate(
        """() => { const { home } = window.qnState, y = (lat) => QN.map.latLngToContainerPoint([lat, home[0]]).y;
            const bar = document.querySelector('.leaflet-bottom.leaflet-left').getBoundingClientRect();
            return [y(home[3]), bar.top - y(home[1])]; }"""
    )
    assert abs(above - beneath) < 60


def test_land_use_says_which_plans_are_shown(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen?lang=en")
    page.wait_for_function("/^plans 20\\d\\d(–20\\d\\d)?$/.test(document.querySelector('[data-horizons]').textContent)")
    page.locator("[data-switch=layer][value=landuse]").click()
    wait_state(frame, "!s.visible.includes('landuse')")
    page.wait_for_function("document.querySelector('[data-horizons]').textContent === ''")


def test_plots_have_a_switch_for_each_status(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen?view=106.786,20.989,14")
    frame.wait_for_function("QN.sources.plots?.features.length > 0")
    page.locator("[data-fold=plots] > summary").click()
    for status in ("vacant", "none"):
        page.locator(f"[data-switch=plot][value={status}]").click()
    wait_state(frame, "String(s.plots) === 'leased,building,reserved'")
    page.wait_for_function("new URLSearchParams(location.search).get('plots') === 'leased,building,reserved'")
    page.wait_for_function("document.querySelector('[data-key=\"plot:vacant\"]').hidden")
    assert page.locator("[data-key='plot:leased']").is_visible()
    whole = page.locator("[data-switch=layer][value=plots]")
    assert whole.evaluate("(box) => [box.checked, box.indeterminate]") == [True, True]
    frame = open_page(page, page.url)
    wait_state(frame, "String(s.plots) === 'leased,building,reserved'")


FAR = ["kkt-mong-cai", "kcn-song-khoai"]
ROUND = """async (ids) => {
  await QN.sources.zones.waiting;
  const boxes = QN.sources.zones.features.filter((f) => ids.includes(f.properties.zone_id)).map((f) => f.bbox);
  const at = (lon, lat) => QN.map.latLngToContainerPoint([lat, lon]), size = QN.map.getSize();
  const corners = boxes.map(([w, s, e, n]) => {
    const [from, to] = [at(w, n), at(e, s)];
    return { left: from.x, top: from.y, right: to.x, bottom: to.y };
  });
  const gaps = corners.flatMap((c) => [c.left, c.top, size.x - c.right, size.y - c.bottom]);
  const covered = QNView.covers().some((o) => corners.some((c) =>
    c.left < o.right && o.left < c.right && c.top < o.bottom && o.top < c.bottom));
  return [Math.min(...gaps) / Math.min(size.x, size.y), covered];
}"""


@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["desktop", "phone"])
def test_zones_far_apart_stand_clear_of_the_edge_and_of_what_lies_over_the_map(page, app_server, size):
    page.set_viewport_size(dict(zip(("width", "height"), size, strict=True)))
    page.goto(f"{app_server}/so-sanh?zones={','.join(FAR)}")
    frame = map_frame(page)
    settled(page)
    wait_still(frame)
    room, covered = frame.evaluate(ROUND, FAR)
    assert room > 0.09
    assert not covered
