"""Long work in the background, one at a time for each subject, with stage, count and a way to stop it.

A page can be reloaded, or closed, while a job goes on: it is found again by its key.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qn_geo.errors import QnGeoError

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG = logging.getLogger(__name__)


class CancelledError(Exception):
    """The person asked to stop."""


@dataclass
class Job:
    """One piece of work.

    Attributes:
        stage: What is being done, a word the page translates; empty before the first report.
        done: How many of `total` things of the stage are done.
        total: How many there are; 0 while nobody knows.
        error: What went wrong, once it has.
        finished: Whether it has ended, well or not.
    """

    stage: str = ""
    done: int = 0
    total: int = 0
    error: QnGeoError | None = None
    finished: bool = False
    _stop: threading.Event = field(default_factory=threading.Event)

    def report(self, stage: str, done: int, total: int) -> None:
        """Say how far the work is; raises `CancelledError` when it is to stop."""
        if self._stop.is_set():
            raise CancelledError
        self.stage, self.done, self.total = stage, done, total

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Whether it was asked to stop."""
        return self._stop.is_set()


_JOBS: dict[str, Job] = {}
_LOCK = threading.Lock()


def find(key: str) -> Job | None:
    """Return the job of a subject, running or ended, or None."""
    return _JOBS.get(key)


def start(key: str, work: Callable[[Job], Any]) -> Job:
    """Start work on a subject, or return what is running on it already.

    Args:
        key: What the work is about.
        work: Called with the job in a thread of its own; calls `job.report` as it goes.
    """
    with _LOCK:
        running = _JOBS.get(key)
        if running is not None and not running.finished:
            return running
        job = _JOBS[key] = Job()
    threading.Thread(target=_carry_out, args=(job, work), name=f"job {key}", daemon=True).start()
    return job


def forget(key: str) -> None:
    """Drop an ended job, once its outcome was seen."""
    with _LOCK:
        job = _JOBS.get(key)
        if job is not None and job.finished:
            del _JOBS[key]


def _carry_out(job: Job, work: Callable[[Job], Any]) -> None:
    try:
        work(job)
    except CancelledError:
        pass
    except QnGeoError as error:
        job.error = error
    except Exception as error:  # noqa: BLE001 - a thread has nobody else to tell
        _LOG.exception("a job failed")
        job.error = QnGeoError(
            f"Lỗi không lường trước: {error}.",
            f"Unforeseen error: {error}.",
            remedy_vi="xem nhật ký của máy chủ.",
            remedy_en="see the log of the server.",
        )
    finally:
        job.finished = True
