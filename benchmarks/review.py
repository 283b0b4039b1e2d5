"""Speed and memory of the plot review: a hundred thousand plots from a file to all findings, and a rerun of its page.

Floors are measured in the same run, in turn with what they are held against: `pyogrio.read_dataframe` of the file, and
the same overlap, zone and plan checks written with `geopandas.overlay` (`review_floor`). The findings of both must be
the same, or there is no figure. `python -m benchmarks.review` measures these rows alone.
"""

from __future__ import annotations

import argparse
import gc
import multiprocessing
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyogrio

from benchmarks import review_floor
from benchmarks.figures import row, table
from qn_geo import decisions, dossier, intake, rules
from qn_geo.decisions import Identity
from qn_geo.intake import Answers, evidence, proposals, reading
from qn_geo.settings import ROOT, settings

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd

MANY, FEW, PAGE = 100_000, 10_000, 3_000
NAIVE_RUNS = 3  # each takes as long as all the others together
NAMES = {
    "sheet_no": "SoTo",
    "parcel_no": "SoThua",
    "area_m2": "DienTich",
    "landuse_code": "LoaiDat",
    "commune_code": "MaXa",
}
SCRIPT = """
import runpy
from qn_geo import state
state.sync("review.py", None)
runpy.run_path("pages/review.py")
"""


def written(folder: Path, count: int) -> Path:
    """A GeoPackage of about `count` plots, as an office sends it."""
    path = folder / f"plots-{count}.gpkg"
    plots = review_floor.plots(count)
    plots[[*NAMES, "geometry"]].rename(columns=NAMES).to_file(path)
    return path


def clock(run: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds of a run, and what it gave. Each begins with nothing left to search through from the one before."""
    gc.collect()
    start = time.perf_counter()
    result = run()
    return time.perf_counter() - start, result


def read(path: Path) -> gpd.GeoDataFrame:
    """The plots of a file as the command line reads them: seen, answered and made in the process that reads."""
    return intake.read_file(path, Answers())[0]


def chain(path: Path, runs: int) -> dict[str, list[float]]:
    """Seconds of reading, checking and both floors; the first round warms up.

    Reading alternates with pyogrio's. The plain overlays come last: the memory they leave would slow what follows.
    """
    known = review_floor.context(read(path))
    found: dict[str, list[float]] = {"plain read": [], "read": [], "checks": [], "naive": []}
    for index in range(runs + 1):
        plain, _frame = clock(lambda: pyogrio.read_dataframe(path))
        taken, frame = clock(lambda: read(path))
        checks, findings = clock(lambda frame=frame: rules.check(frame, known))
        if index:
            for name, seconds in (("plain read", plain), ("read", taken), ("checks", checks)):
                found[name].append(seconds)
    for _run in range(min(runs, NAIVE_RUNS)):
        naive, same = clock(lambda: review_floor.naive(frame, known))
        found["naive"].append(naive)
        if review_floor.compared(findings) != review_floor.compared(same):
            raise SystemExit("the checks and the plain overlays found different things: no figure")
    return found


def peak_mb() -> float:
    """Most memory this process has had, in MB (Linux only; what the system's other calls tell is inherited)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) / 1024


def _memory(path: Path, folder: Path, whole: bool, answer: Any) -> None:  # noqa: FBT001 - an argument of a process
    """In a process of its own: how much more memory a file takes at its worst than an empty process has."""
    evidence.known()
    known = review_floor.context(review_floor.plots(100))
    before = peak_mb()
    if whole:
        found = reading.read([(path.name, path)], folder / "laid-out")
        rules.check(proposals.Reading(found.layers[0], evidence.known()).canonical().frame, known)
    else:
        pyogrio.read_dataframe(path)
    answer.put(peak_mb() - before)


def memory_mb(path: Path, folder: Path, *, whole: bool) -> float:
    """Peak memory of reading and checking a file in one process, or of reading it with pyogrio alone."""
    start = multiprocessing.get_context("spawn")
    answer: Any = start.Queue()
    process = start.Process(target=_memory, args=(path, folder, whole, answer))
    process.start()
    used = float(answer.get(timeout=600))
    process.join()
    return used


def page_ms(path: Path, folder: Path, runs: int) -> float:
    """Milliseconds the server spends on drawing the review page for another plot, without those of an empty script."""
    from streamlit.testing.v1 import AppTest  # noqa: PLC0415

    os.chdir(ROOT)
    os.environ["QN_GEO_REVIEW_DIR"] = str(folder / "reviews")
    os.environ.pop("QN_GEO_DATABASE_URL", None)
    settings.cache_clear()
    case = dossier.receive(path, Identity("Bench", verified=False))
    dossier.place(case.id)
    dossier.check(case.id)

    def middle(script: str) -> float:
        test = AppTest.from_string(script, default_timeout=60)
        test.query_params["case"] = case.id
        times = []
        for index in range(runs + 2):
            test.query_params["pick"] = f"row:{index + 1}"
            times.append(clock(test.run)[0])
            if test.exception:
                raise SystemExit(str(test.exception[0].value))
        return 1000 * statistics.median(times[2:])

    needed = middle(SCRIPT) - middle("import streamlit")
    decisions.store().close()
    return needed


def rows(runs: int) -> list[dict[str, Any]]:
    """All figures of the review."""
    with tempfile.TemporaryDirectory(prefix="qn-geo-bench-") as name:
        folder = Path(name)
        many, few = written(folder, MANY), written(folder, FEW)
        of_many, of_few = (
            {what: statistics.median(times) for what, times in chain(path, runs).items()} for path in (many, few)
        )
        total = [taken["read"] + taken["checks"] for taken in (of_many, of_few)]
        counts = [pyogrio.read_info(path)["features"] for path in (many, few)]
        linux = sys.platform == "linux"
        peaks = [memory_mb(many, folder, whole=whole) for whole in (True, False)] if linux else []
        page = page_ms(written(folder, PAGE), folder, 2 * runs)
        growth = total[0] / total[1], counts[0] / counts[1]
    return [
        row("review of 100 000 plots: reading and all checks", total[0], "s", of_many["plain read"], 4),
        row("review of 100 000 plots: all checks", of_many["checks"], "s", of_many["naive"], 0.2),
        row("review of 100 000 plots, as a multiple of 10 000", growth[0], "times", growth[1], 1.2),
        *([row("review of 100 000 plots: peak memory", peaks[0], "MB", peaks[1], None)] if peaks else []),
        row("review page of 3 000 plots: server time of a rerun", page, "ms", None, 60),
    ]


def main() -> None:
    """Measure the review alone and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each figure (the median is told)")
    print(table(rows(parser.parse_args().runs)))


if __name__ == "__main__":
    main()
