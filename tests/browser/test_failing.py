"""When things go wrong: hostile text, damaged and missing files, other visitors, a server that goes away."""

from __future__ import annotations

import json

from tests.browser.helpers import (
    click_place,
    inside,
    map_frame,
    on_screen,
    open_page,
    settled,
    state,
    wait_state,
)
from tests.browser.test_linking import ZONE
from tests.conftest import free_port, serving

HOSTILE = "<img src=x onerror=window.top.hacked=1>"
MARK = "<img"


def spoil_layer(path, **spoiled):
    """Write these properties into every feature that has them, one feature a line as before."""
    layer = json.loads(path.read_text(encoding="utf-8"))
    for feature in layer["features"]:
        feature["properties"] |= {key: value for key, value in spoiled.items() if key in feature["properties"]}
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in layer.pop("features"))
    head = json.dumps(layer, ensure_ascii=False)[:-1]
    path.write_text(f'{head},"features":[\n{lines}\n]}}\n', encoding="utf-8")


def test_markup_in_data_is_shown_not_run(page, data_copy, serve_copy, traffic):
    spoil_layer(data_copy / "zones/zones.geojson", name_vi=HOSTILE)
    spoil_layer(data_copy / "zones/transport.geojson", name_vi=HOSTILE)
    spoil_layer(data_copy / "zones/plots.geojson", sector=HOSTILE, parcel=HOSTILE)
    for name in ("zones", "projects", "sources", "transport"):
        table = data_copy / f"zones/{name}.csv"
        text = table.read_text(encoding="utf-8")
        for old in ("Sông Khoai", "Jinko", "Vietnam.vn"):
            text = text.replace(old, HOSTILE)
        table.write_text(text, encoding="utf-8")
    with serve_copy() as url:
        frame = open_page(page, f"{url}/quang-yen?zone={ZONE}&at=106.81,20.975&layers=kcn,plots")
        for part in ("panel-head", "sheet", "chart-investment", "zones", "projects"):
            assert MARK in page.inner_text(f".st-key-{part}"), part
        plot = page.locator(".st-key-sheet li", has_text="minh họa").inner_text()
        assert plot.count(MARK) == 2, "parcel and sector of the plot"
        frame.evaluate("void QN.map.setView([20.975, 106.81], 11, { animate: false })")
        page.mouse.move(*on_screen(page, frame, *inside(frame, ZONE)))
        frame.wait_for_selector(".qn-tip:visible")
        assert MARK in frame.inner_text(".qn-tip")
        assert MARK in frame.inner_text(".leaflet-qn-names-pane")
        page.locator(".st-key-chart-investment .barlayer .point path").first.hover(force=True)
        page.fill(".st-key-search input", "img")
        page.wait_for_selector(".st-key-hits button")
        assert MARK in page.inner_text(".st-key-hits")
        page.goto(f"{url}/so-sanh?zones={ZONE},kcn-dong-mai")
        page.wait_for_selector(".qn-compare")
        assert MARK in page.inner_text(".qn-compare >> nth=0")
        map_frame(page)
        page.wait_for_timeout(500)  # what would run had time to
        assert page.evaluate("window.hacked") is None
        for target in (page, map_frame(page)):
            assert target.evaluate("document.querySelectorAll('img[src=x]').length") == 0
    traffic.failures.clear()


def test_a_missing_layer_leaves_the_others(page, data_copy, serve_copy, traffic):
    (data_copy / "zones/transport.geojson").unlink()
    with serve_copy() as url:
        frame = open_page(page, f"{url}/quang-yen")
        frame.wait_for_function("document.querySelectorAll('.leaflet-qn-kcn-pane path').length > 0")
        frame.wait_for_function("document.querySelector('.qn-notice').textContent.includes('transport')")
    traffic.forgive()


def test_a_damaged_table_is_named_in_both_languages_and_the_map_works(page, data_copy, serve_copy, traffic):
    (data_copy / "zones/figures.csv").write_bytes(b"\x00\xff not a table")
    with serve_copy() as url:
        for lang, remedy in (("vi", "Cách xử lý"), ("en", "Remedy")):
            page.goto(f"{url}/quang-yen?lang={lang}")
            frame = map_frame(page)
            page.wait_for_selector("[data-testid=stAlert]")
            told = page.inner_text("[data-testid=stAlert] >> nth=0")
            assert remedy in told
            assert "git checkout data/zones/figures.csv" in told, "to be copied as it stands"
            assert "Traceback" not in page.inner_text("body")
            click_place(page, frame, *inside(frame, ZONE))
            wait_state(frame, f"s.zone === '{ZONE}'")
    traffic.forgive()


def test_two_visitors_do_not_disturb_each_other(page, browser, app_server):
    mine = open_page(page, f"{app_server}/quang-yen?lang=vi")
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    other = context.new_page()
    theirs = open_page(other, f"{app_server}/quang-yen?lang=en&year=2023")
    click_place(other, theirs, *inside(theirs, ZONE))
    wait_state(theirs, f"s.zone === '{ZONE}'")
    click_place(page, mine, *inside(mine, "kcn-dong-mai"))
    wait_state(mine, "s.zone === 'kcn-dong-mai'")
    settled(other)
    here, there = state(mine), state(theirs)
    assert (here["zone"], here["lang"], here["year"]) == ("kcn-dong-mai", "vi", 2026)
    assert (there["zone"], there["lang"], there["year"]) == (ZONE, "en", 2023)
    assert other.locator(f".st-key-sheet [data-zone={ZONE}]").count() == 1
    context.close()


def test_after_a_restart_of_the_server_the_page_goes_on(page, tmp_path, traffic):
    port = free_port()
    with serving(tmp_path / "first.log", port) as url:
        frame = open_page(page, f"{url}/quang-yen?year=2023")
        click_place(page, frame, *inside(frame, ZONE))
        wait_state(frame, f"s.zone === '{ZONE}'")
        settled(page)
    with serving(tmp_path / "second.log", port):
        page.wait_for_selector("[data-test-connection-state=CONNECTED]")
        settled(page)
        frame = map_frame(page)
        click_place(page, frame, *inside(frame, "kcn-dong-mai"))
        page.wait_for_selector(".st-key-sheet [data-zone=kcn-dong-mai]")
        wait_state(frame, "s.zone === 'kcn-dong-mai' && s.year === 2023")
    traffic.forgive()
