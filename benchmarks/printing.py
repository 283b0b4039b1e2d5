"""Speed and memory of what is handed over: a map sheet, a zone's profile, a story of twelve scenes as slides.

Each is held against the bare libraries drawing the same number of shapes and charts (`printing_floor`), in turn, in
the same process; memory is that of a process of its own. `python -m benchmarks.printing` measures these rows alone.
"""

from __future__ import annotations

import argparse
import multiprocessing
import statistics
import sys
import time
from typing import TYPE_CHECKING, Any

from benchmarks import printing_floor
from benchmarks.figures import row, table
from benchmarks.review import peak_mb
from qn_geo import atlas, charts, profiles, slides, stories, style
from qn_geo.atlas.shown import FINEST
from qn_geo.charts import series
from qn_geo.horizons import THIS_YEAR
from qn_geo.profiles.pictures import charts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from qn_geo.stories import Scene

LANG = "vi"
AREAS = ("quang-yen", "mong-cai", "van-don", "hai-ha")
ZONES = ("kcn-song-khoai", "kcn-dong-mai", "kcn-hai-yen", "kcn-viet-hung", "kcn-cai-lan", "kcn-texhong-hai-ha")
SCENES = 12
SHEET_MM, PROFILE_MM, SLIDE_MM = (316.0, 264.0), (178.0, 90.0), (190.0, 130.0)
SLIDE_DPI = 220


def shapes(shown: atlas.Shown, size: tuple[float, float]) -> str:
    """The shapes of a map of this size in millimetres, of the layers that are drawn at its scale."""
    bounds = atlas.bounds(shown)
    scale = (bounds[2] - bounds[0]) / size[0] * 1000
    drawn = [name for name in shown.layers if scale <= FINEST.get(style.LAYER_BY_ID[name].source, scale)]
    return printing_floor.map_svg(drawn, bounds, *size)


def sheet(turn: int) -> bytes:
    """An A3 map sheet of an area."""
    area = AREAS[turn % len(AREAS)]
    return atlas.sheet(atlas.Shown(area=area), LANG, title=f"{area} {turn}", paper="A3")


def bare_sheet(turn: int) -> bytes:
    """Its shapes on a page."""
    return printing_floor.pages([[shapes(atlas.Shown(area=AREAS[turn % len(AREAS)]), SHEET_MM)]])


def profile(turn: int) -> bytes:
    """The profile of a zone."""
    return profiles.profile(ZONES[turn % len(ZONES)], LANG)


def bare_profile(turn: int) -> bytes:
    """Its map and charts on two pages."""
    zone = ZONES[turn % len(ZONES)]
    drawn = [printing_floor.chart_svg(values(chart)) for chart in charts_of(zone, LANG, THIS_YEAR)]
    return printing_floor.pages([[shapes(atlas.Shown(zones=(zone,)), PROFILE_MM)], drawn], "210mm", "297mm")


def story(turn: int) -> stories.Story:
    """Twelve scenes of the stories that come with the app, others each time."""
    shipped = [stories.load(entry.id) for entry in stories.listed() if entry.origin == "shipped"]
    every = [scene for each in shipped if each.lang == LANG for scene in each.scenes]
    turned = [every[(turn + place) % len(every)] for place in range(SCENES)]
    return stories.Story(title=f"Bench {turn}", lang=LANG, scenes=tuple(turned))


def deck(turn: int) -> bytes:
    """A story of twelve scenes as slides, none of its maps drawn before."""
    sys.modules["qn_geo.slides.deck"]._png.cache_clear()  # type: ignore[attr-defined]  # noqa: SLF001
    return slides.deck(story(turn))


def bare_deck(turn: int) -> bytes:
    """As many slides with the same shapes and charts."""
    return printing_floor.deck([_bare_slide(scene) for scene in story(turn).scenes])


def _bare_slide(scene: Scene) -> tuple[bytes, list[float]]:
    drawn = shapes(atlas.Shown(layers=scene.visible, zones=scene.zones, area=scene.area), SLIDE_MM)
    chart = stories.chart(scene, LANG)
    return printing_floor.png(drawn, SLIDE_DPI), values(chart) if chart else []


def values(chart: charts.Chart) -> list[float]:
    """The numbers a chart draws."""
    return [
        mark.value
        for panel in series.read(chart).panels
        for line in panel.series
        for mark in line.marks
        if mark.value is not None
    ]


def _memory(make: Callable[[int], bytes], answer: Any) -> None:
    before = peak_mb()
    make(0)
    answer.put(peak_mb() - before)


def memory_mb(make: Callable[[int], bytes]) -> float:
    """How much more memory a file takes at its worst than a process that has loaded the same modules."""
    start = multiprocessing.get_context("spawn")
    answer: Any = start.Queue()
    process = start.Process(target=_memory, args=(make, answer))
    process.start()
    used = float(answer.get(timeout=300))
    process.join()
    return used


def timed(ours: Callable[[int], bytes], bare: Callable[[int], bytes], runs: int) -> tuple[float, float]:
    """Median seconds of both, in turn, of something else each time: Typst remembers what it has set before.

    The first round warms up.
    """
    found: tuple[list[float], list[float]] = ([], [])
    for index in range(runs + 1):
        for times, make in zip(found, (ours, bare), strict=True):
            start = time.perf_counter()
            make(index)
            if index:
                times.append(time.perf_counter() - start)
    return statistics.median(found[0]), statistics.median(found[1])


def rows(runs: int) -> list[dict[str, Any]]:
    """All figures of what is handed over."""
    found = []
    for name, ours, bare in (
        ("map sheet A3 (PDF)", sheet, bare_sheet),
        ("zone profile (PDF)", profile, bare_profile),
        (f"story of {SCENES} scenes (PPTX)", deck, bare_deck),
    ):
        taken, floor = timed(ours, bare, runs)
        found.append(row(name, taken, "s", floor, 2))
        if sys.platform == "linux":
            found.append(row(f"{name}: peak memory", memory_mb(ours), "MB", memory_mb(bare), None))
    return found


def main() -> None:
    """Measure what is handed over alone and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="counted runs of each figure (the median is told)")
    print(table(rows(parser.parse_args().runs)))


if __name__ == "__main__":
    main()
