"""Speed and memory of the running app and of the plot review, each figure as a ratio to its floor in the same run.

The floor (`benchmarks/floor`) is measured by the same browser on the same machine in alternation with the app, so a
slow machine slows both. Prints a table and writes `benchmarks/results.json`. Memory is read from /proc, so its row is
measured on Linux only.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import pstats
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "scripts")]

import browser as browser_script  # noqa: E402 - from scripts/
from playwright.sync_api import sync_playwright  # noqa: E402

from benchmarks import presenting, printing, review  # noqa: E402
from benchmarks.figures import row, table  # noqa: E402
from tests.browser.helpers import inside, map_frame, settled  # noqa: E402
from tests.conftest import free_port, healthy  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Frame, Page

DEBOUNCE_MS = 250  # what streamlit-folium waits before it reports a click
SESSIONS = 8
WARM_UP = 2
CHARTS = 3
PROC = Path("/proc")
ZONES = {  # parks that both bar charts list, with the words their labels show
    "kcn-song-khoai": "Sông Khoai",
    "kcn-dong-mai": "Đông Mai",
    "kcn-bac-tien-phong": "Bắc Tiền Phong",
    "kcn-bach-dang": "Bạch Đằng",
}


@contextmanager
def serving(script: Path) -> Iterator[tuple[str, int]]:
    """Serve a Streamlit app; yield its address and process id."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(script),
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    command += ["--browser.gatherUsageStats", "false"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for_port(port, process)
        yield f"http://localhost:{port}", process.pid
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the app answers; an app that died ends the bench."""
    while not healthy(port):
        if process.poll() is not None:
            sys.exit("the app did not start; try: python -m qn_geo serve")
        time.sleep(0.1)


def clock(act: Callable[[], Any], done: Callable[[], Any]) -> float:
    """Milliseconds from an act to the moment its effect is there."""
    start = time.perf_counter()
    act()
    done()
    return (time.perf_counter() - start) * 1000


def opened(chromium: Browser, url: str, charts: int, *, ours: bool) -> float:
    """Milliseconds to open a page in a new browser profile until map and charts are complete."""
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()

    def done() -> None:
        page.wait_for_selector("iframe[title*=folium]")
        frame = page.query_selector("iframe[title*=folium]").content_frame()
        if ours:
            frame.wait_for_function("window.qnApplied && document.querySelectorAll('.qn-label').length > 0", polling=20)
        else:
            frame.wait_for_function("!!document.querySelector('.leaflet-container')", polling=20)
        drawn = (
            "[...document.querySelectorAll('.js-plotly-plot')].filter((plot) => plot.querySelector('.main-svg')).length"
        )
        page.wait_for_function(f"{drawn} >= {charts}", polling=20)

    elapsed = clock(lambda: page.goto(url), done)
    context.close()
    return elapsed


def empty_rerun(page: Page) -> float:
    """Milliseconds of a fragment rerun that does nothing."""
    count = int(page.inner_text("#count"))
    return clock(
        page.get_by_text("again").click,
        lambda: page.wait_for_function(f"document.querySelector('#count').innerText === '{count + 1}'", polling=5),
    )


def map_click(page: Page, frame: Frame, zone: str) -> float:
    """Milliseconds from a click on the map until the sheet is that zone's and the charts have marked it."""
    lon, lat = inside(frame, zone)
    frame.evaluate("([x, y]) => void QN.map.setView([y, x], 12, { animate: false })", [lon, lat])
    page.wait_for_timeout(500)
    at = frame.evaluate(
        "([x, y]) => { const p = QN.map.latLngToContainerPoint([y, x]); return [p.x, p.y]; }", [lon, lat]
    )
    box = page.query_selector(".st-key-map iframe").bounding_box()
    marked = " && ".join(
        f"[...document.querySelectorAll('.st-key-chart-{chart} .ytick text')]"
        f".some((text) => text.innerHTML.includes('bold') && text.textContent.includes('{ZONES[zone]}'))"
        for chart in ("investment", "occupancy")
    )
    return clock(
        lambda: page.mouse.click(box["x"] + at[0], box["y"] + at[1]),
        lambda: page.wait_for_function(
            f"document.querySelector('.st-key-sheet [data-zone={zone}]') && {marked}", polling=5
        ),
    )


def chart_click(page: Page, frame: Frame, index: int) -> float:
    """Milliseconds from a click on a bar to the zone's outline on the map."""
    bar = page.locator(".st-key-chart-investment .barlayer .point path").nth(index)
    bar.scroll_into_view_if_needed()
    page.wait_for_timeout(100)
    at = bar.bounding_box()
    before = frame.evaluate("QN.chosen.zone")
    return clock(
        # Plotly lays a transparent plane over the bars, so the click goes to the place, not to the element.
        lambda: page.mouse.click(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2),
        lambda: frame.wait_for_function(
            f"QN.chosen.zone && QN.chosen.zone !== '{before}' && document.querySelector('.leaflet-qn-high-pane path')",
            polling=5,
        ),
    )


def layer_switch(page: Page, frame: Frame) -> float:
    """Milliseconds from a click on a layer's box to the changed map."""
    box = page.locator(".st-key-layers [data-switch=layer][value=coastal-road]")
    if not box.is_visible():
        page.locator("[data-fold=transport] > summary").click()
    drawn = "document.querySelectorAll('.leaflet-qn-coastal-road-pane path').length"
    before = frame.evaluate(drawn)
    return clock(box.click, lambda: frame.wait_for_function(f"{drawn} !== {before}", polling=5))


def memory(pid: int) -> float:
    """Resident memory of a process in MB (Linux only)."""
    status = (PROC / f"{pid}/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1]) / 1024


def session_cost(chromium: Browser, url: str, pid: int, selector: str) -> float:
    """Megabytes that each further session costs the server."""
    contexts = []

    def add() -> None:
        context = chromium.new_context(viewport={"width": 1440, "height": 900})
        page = context.new_page()
        page.goto(url)
        page.wait_for_selector(selector)
        settled(page)
        contexts.append(context)

    add()
    add()
    before = memory(pid)
    for _ in range(SESSIONS):
        add()
    cost = (memory(pid) - before) / SESSIONS
    for context in contexts:
        context.close()
    return cost


PAGE = """
import cProfile, runpy
from qn_geo import state
profile = cProfile.Profile()
state.sync("quang-yen", "quang-yen")
{start}
runpy.run_path("pages/area.py")
{stop}
"""


def server_time(runs: int) -> tuple[float, str]:
    """Milliseconds the server spends on drawing the whole area page for another zone, and where they go.

    Streamlit's test driver runs the page without a browser; the same run of an empty script is taken off.
    """
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415

    os.chdir(ROOT)

    def times(script: str) -> list[float]:
        test = AppTest.from_string(script, default_timeout=60)
        measured = []
        for index in range(runs + len(ZONES) + 1):
            test.query_params["zone"] = list(ZONES)[index % len(ZONES)]
            start = time.perf_counter()
            test.run()
            measured.append((time.perf_counter() - start) * 1000)
        return measured[len(ZONES) + 1 :]

    own = sys.modules["__main__"]
    net = statistics.median(times(PAGE.format(start="", stop=""))) - statistics.median(times("import streamlit"))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "last.prof"
        times(PAGE.format(start="profile.enable()", stop=f"profile.disable(); profile.dump_stats({str(path)!r})"))
        text = io.StringIO()
        pstats.Stats(str(path), stream=text).sort_stats("cumulative").print_stats(
            re.escape(str(ROOT)) + r".(qn_geo|pages)", 20
        )
    sys.modules["__main__"] = own  # the test driver puts its script there, and a process started later would run it
    return net, text.getvalue().replace(f"{ROOT}/", "")


def measure_opening(chromium: Browser, area: str, floor: str, runs: int) -> dict[str, list[float]]:
    """Open the area page and the floor in turn, each time in a new profile; the first of each warms the server."""
    ours, theirs = [], []
    for _ in range(runs + 1):
        ours.append(opened(chromium, area, CHARTS, ours=True))
        theirs.append(opened(chromium, floor, 1, ours=False))
    return {"open": ours[1:], "open floor": theirs[1:]}


def measure_links(chromium: Browser, area: str, floor: str, runs: int) -> dict[str, list[float]]:
    """Click on map, chart and layer in turn, each beside an empty rerun; the first rounds warm up."""
    empty = chromium.new_page()
    empty.goto(floor)
    empty.wait_for_selector("#count")
    page = chromium.new_page(viewport={"width": 1440, "height": 900})
    page.goto(area)
    frame = map_frame(page)
    page.wait_for_selector(".st-key-chart-landuse")
    settled(page)
    samples: dict[str, list[float]] = {"rerun floor": [], "map": [], "bar": [], "layer": []}
    for index in range(runs + WARM_UP):
        values = [empty_rerun(empty), map_click(page, frame, list(ZONES)[index % len(ZONES)])]
        page.wait_for_timeout(600)
        values.append(chart_click(page, frame, 3 * (index % 2)))  # a bar of another zone than the click before
        page.wait_for_timeout(900)
        values.append(layer_switch(page, frame))
        page.wait_for_timeout(400)
        if index >= WARM_UP:
            for name, value in zip(samples, values, strict=True):
                samples[name].append(value)
    page.close()
    empty.close()
    return samples


def main() -> None:
    """Measure everything, print the table, write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each figure (the median is told)")
    runs = parser.parse_args().runs
    with (
        sync_playwright() as playwright,
        serving(ROOT / "benchmarks" / "floor" / "app.py") as (floor, floor_pid),
        serving(ROOT / "app.py") as (app, app_pid),
    ):
        executable = browser_script.find()
        chromium = playwright.chromium.launch(executable_path=executable, args=browser_script.launch_arguments())
        area = f"{app}/quang-yen"
        samples = measure_opening(chromium, area, floor, runs) | measure_links(chromium, area, floor, runs * 2)
        samples |= presenting.measure(chromium, app, floor, empty_rerun, runs * 2)
        costs = []
        if PROC.is_dir():
            ours = session_cost(chromium, area, app_pid, ".st-key-chart-landuse")
            theirs = session_cost(chromium, floor, floor_pid, "#count")
            costs = [row("memory of each further session", ours, "MB", theirs, 10)]
        else:
            print("Memory is measured on Linux only: left out.")
        chromium.close()
    server, profile = server_time(runs * 2)
    middle = {name: statistics.median(values) for name, values in samples.items()}
    rerun = middle["rerun floor"]
    rows = [
        row("open an area page: map and charts complete", middle["open"], "ms", middle["open floor"], 1.3),
        row("click on the map to updated charts", middle["map"], "ms", rerun + DEBOUNCE_MS, 1.2),
        row("click on a chart to map highlight", middle["bar"], "ms", rerun, 1.6),
        row("switch a layer", middle["layer"], "ms", rerun, 1.5),
        row("scene change in presenting", middle["scene"], "ms", middle["scene floor"], 2),
        row("server time of a linked rerun", server, "ms", None, 60),
        *costs,
        *review.rows(runs),
        *printing.rows(runs),
    ]
    results = json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
    (ROOT / "benchmarks" / "results.json").write_text(results, encoding="utf-8")
    print(table(rows))
    print("\nWhere the server's time goes:\n" + profile)


if __name__ == "__main__":
    main()
