from __future__ import annotations

import threading
import time

import pytest

from qn_geo import jobs
from qn_geo.errors import QnGeoError


def ended(job):
    deadline = time.monotonic() + 10
    while not job.finished:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    return job


@pytest.fixture
def key(request):
    yield request.node.name
    jobs.forget(request.node.name)


def test_a_job_reports_and_is_found_by_its_key(key):
    go = threading.Event()

    def work(job):
        job.report("reading", 3, 10)
        go.wait(10)

    job = jobs.start(key, work)
    while not job.stage:
        time.sleep(0.005)
    assert jobs.find(key) is job
    assert (job.stage, job.done, job.total, job.finished) == ("reading", 3, 10, False)
    assert jobs.start(key, work) is job, "one at a time"
    jobs.forget(key)
    assert jobs.find(key) is job, "a running job is not forgotten"
    go.set()
    ended(job)
    jobs.forget(key)
    assert jobs.find(key) is None


def test_cancel_stops_at_the_next_report(key):
    counted = []

    def work(job):
        for number in range(100_000):
            job.report("checking", number, 100_000)
            counted.append(number)
            time.sleep(0.001)

    job = jobs.start(key, work)
    while not counted:
        time.sleep(0.005)
    job.cancel()
    assert ended(job).error is None
    assert job.cancelled
    assert len(counted) < 100_000


def test_errors_are_kept_for_the_page(key, caplog):
    problem = QnGeoError("hỏng", "broken")

    def fail(error):
        raise error

    assert ended(jobs.start(key, lambda _job: fail(problem))).error is problem
    unforeseen = ended(jobs.start(key, lambda _job: fail(ZeroDivisionError("x / 0")))).error
    assert "x / 0" in unforeseen.message("en")
    assert "ZeroDivisionError" in caplog.text
