from __future__ import annotations

import threading
import time

import pytest

from qn_geo import jobs
from qn_geo.errors import CancelledError, QnGeoError

PATIENCE = 10


@pytest.fixture
def key(request):
    yield request.node.name
    jobs.forget(request.node.name)


def test_a_job_reports_and_is_found_by_its_key(key):
    begun, go = threading.Event(), threading.Event()

    def work(job):
        job.report("reading", 3, 10)
        begun.set()
        go.wait(PATIENCE)
        return "read"

    job = jobs.start(key, work)
    assert begun.wait(PATIENCE)
    assert jobs.find(key) is job
    assert (job.stage, job.done, job.total, job.finished) == ("reading", 3, 10, False)
    assert jobs.start(key, work) is job, "one at a time"
    assert not job.wait(0)
    jobs.forget(key)
    assert jobs.find(key) is job, "a running job is not forgotten"
    go.set()
    assert job.wait(PATIENCE)
    assert (job.result, job.error) == ("read", None)
    jobs.forget(key)
    assert jobs.find(key) is None


def test_cancel_stops_at_the_next_report(key):
    counted = threading.Event()

    def work(job):
        while True:
            job.report("checking", 1, 2)
            counted.set()
            time.sleep(0.001)

    job = jobs.start(key, work)
    assert counted.wait(PATIENCE)
    job.cancel()
    assert job.wait(PATIENCE)
    assert isinstance(job.error, CancelledError)
    assert job.result is None


def test_errors_are_kept_for_the_page(key, caplog):
    problem = QnGeoError("hỏng", "broken")

    def ended(error):
        def fail(_job):
            raise error

        job = jobs.start(key, fail)
        assert job.wait(PATIENCE)
        return job.error

    assert ended(problem) is problem
    assert "x / 0" in ended(ZeroDivisionError("x / 0")).message("en")
    assert "ZeroDivisionError" in caplog.text


def test_of_ended_jobs_only_the_newest_are_kept(monkeypatch):
    monkeypatch.setattr(jobs, "_JOBS", {})
    monkeypatch.setattr(jobs, "_KEPT", 3)
    for number in range(10):
        assert jobs.start(str(number), lambda _job: None).wait(PATIENCE)
    assert list(jobs._JOBS) == ["6", "7", "8", "9"]
