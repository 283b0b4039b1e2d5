"""Whatever a task does to its process, the app goes on and the user is told what to do."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import pytest

from qn_geo.errors import DataFileError, QnGeoError
from qn_geo.intake import worker
from qn_geo.settings import settings

linux = pytest.mark.skipif(sys.platform != "linux", reason="limits of memory exist on Linux only")


def double(number):
    return 2 * number


def crash():
    ctypes.string_at(0)


def hang():
    time.sleep(600)


def spin():
    while True:
        pass


def hoard():
    return len(bytearray(8 * 2**30))


def grumble():
    raise DataFileError("sai", "wrong", file="a.shp", row=3, remedy_vi="sửa", remedy_en="mend")


def stumble():
    raise KeyError("x")


def count_up(total, progress):
    for done in range(total):
        progress("reading", done, total)
    return total


def scribble():
    Path("left.txt").write_text("x", encoding="utf-8")
    with tempfile.NamedTemporaryFile(delete=False) as file:
        file.write(b"x")
    return os.getcwd(), file.name  # noqa: PTH109 - as a library sees it


def modules():
    return sorted(sys.modules)


def seen_limit():
    return settings().max_plots


@pytest.fixture
def seconds(monkeypatch):
    monkeypatch.setenv("QN_GEO_READER_SECONDS", "1")
    settings.cache_clear()
    yield
    monkeypatch.undo()
    settings.cache_clear()


def told(function, *args):
    with pytest.raises(QnGeoError) as caught:
        worker.run(function, *args, file="thua.zip")
    problem = caught.value.problem
    assert problem.vi
    assert problem.remedy_vi
    assert problem.remedy_en
    assert worker.run(double, 21) == 42  # the next file is read as if nothing had been
    return caught.value


def test_a_result_comes_back():
    assert worker.run(double, 21) == 42
    assert len(worker.run(bytes, 30_000_000)) == 30_000_000


def test_our_errors_come_back_as_they_are():
    error = told(grumble)
    assert isinstance(error, DataFileError)
    assert (error.file, error.row, error.message("vi")) == ("a.shp", 3, "a.shp, dòng 3: sai Cách xử lý: sửa")


@pytest.mark.parametrize("function", [crash, stumble, os.abort])
def test_a_crash_is_told_with_the_file(function):
    assert told(function).file == "thua.zip"


@pytest.mark.usefixtures("seconds")
@pytest.mark.parametrize("function", [hang, spin])
def test_a_hang_is_ended(function):
    start = time.monotonic()
    assert "1" in told(function).message("vi")
    assert time.monotonic() - start < 5


@linux
def test_memory_is_limited():
    assert "MB" in told(hoard).message("en")


def test_progress_is_told_and_a_task_can_be_cancelled():
    stages = []
    assert worker.run(count_up, 3, progress=lambda *how: stages.append(how)) == 3
    assert stages == [("reading", 0, 3), ("reading", 1, 3), ("reading", 2, 3)]
    start = time.monotonic()
    with pytest.raises(worker.CancelledError):
        worker.run(hang, cancelled=lambda: True)
    assert time.monotonic() - start < 3


def test_what_a_progress_report_raises_ends_the_task():
    def stop(*_):
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        worker.run(count_up, 3, progress=stop)
    assert worker.run(double, 1) == 2


def test_what_a_task_writes_vanishes():
    for place in worker.run(scribble):
        assert not Path(place).exists()


def test_streamlit_is_not_loaded_and_reading_is_ready():
    loaded = set(worker.run(modules))
    assert "streamlit" not in loaded
    assert {"pyogrio", "geopandas", "openpyxl", "pyarrow.parquet"} <= loaded


def test_settings_are_the_apps_own_of_now(monkeypatch):
    worker.run(double, 1)
    monkeypatch.setenv("QN_GEO_MAX_PLOTS", "7")
    assert worker.run(seen_limit) == 7


def test_a_server_that_died_is_started_again():
    worker.warm()
    if worker._POOL.server is not None:
        worker._POOL.server[0].kill()
        worker._POOL.server[0].wait()
    assert worker.run(double, 1) == 2


def test_several_files_at_once():
    results = []
    threads = [threading.Thread(target=lambda n=n: results.append(worker.run(double, n))) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [0, 2, 4, 6, 8, 10]


@linux
def test_a_warm_reader_answers_at_once():
    worker.run(double, 1)
    taken = []
    for _ in range(5):
        start = time.monotonic()
        worker.run(double, 1)
        taken.append(time.monotonic() - start)
    assert min(taken) < 0.3


def test_where_nothing_forks_a_process_waits_for_the_next_file(monkeypatch):
    monkeypatch.setattr(worker, "_FORKS", False)
    assert worker.run(double, 21) == 42
    assert told(crash).file == "thua.zip"
    worker.stop()


@linux
def test_nothing_is_left_running_when_the_app_is_killed():
    code = (
        "import threading, time; from qn_geo.intake import worker; from tests.test_intake_worker import hang\n"
        "worker.run(int); threading.Thread(target=worker.run, args=(hang,), daemon=True).start(); time.sleep(0.5)\n"
        "print(worker._POOL.server[0].pid, flush=True); time.sleep(60)"
    )
    app = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, cwd=Path(__file__).parents[1])  # noqa: S603
    server = int(app.stdout.readline())
    children = Path(f"/proc/{server}/task/{server}/children").read_text(encoding="ascii").split()
    assert children
    app.kill()
    app.communicate()
    latest = time.monotonic() + 10
    while any(Path(f"/proc/{pid}/fd").exists() and _alive(pid) for pid in [server, *children]):
        assert time.monotonic() < latest
        time.sleep(0.05)


def _alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False
