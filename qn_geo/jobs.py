"""Long work in the background, one at a time for each subject, with stage, count and a way to stop it.

A page can be reloaded, or closed, while a job goes on: it is found again by its key, and so is its result.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from qn_geo.errors import CancelledError, QnGeoError

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG = logging.getLogger(__name__)
_KEPT: Final = 16  # ended jobs whose result may still be asked for


@dataclass(eq=False)
class Job:
    """One piece of work.

    Attributes:
        stage: What is being done, a word the page translates; empty before the first report.
        done: How many of `total` things of the stage are done; where `total` is 1, the share of the whole.
        total: How many there are; 0 while nobody knows.
        result: What the work returned, once it has ended well.
        error: What went wrong, once it has; `CancelledError` when it was stopped.
    """

    stage: str = ""
    done: float = 0
    total: int = 0
    result: Any = None
    error: QnGeoError | None = None
    _stop: threading.Event = field(default_factory=threading.Event)
    _ended: threading.Event = field(default_factory=threading.Event)

    def report(self, stage: str, done: float, total: int) -> None:
        """Say how far the work is.

        Raises:
            CancelledError: If it is to stop.
        """
        if self.cancelled():
            raise CancelledError("đã dừng theo yêu cầu.", "stopped as asked.")
        self.stage, self.done, self.total = stage, done, total

    def cancel(self) -> None:
        """Ask the work to stop at its next report."""
        self._stop.set()

    def cancelled(self) -> bool:
        """Tell whether it was asked to stop."""
        return self._stop.is_set()

    @property
    def finished(self) -> bool:
        """Whether it has ended, well or not."""
        return self._ended.is_set()

    def wait(self, seconds: float) -> bool:
        """Wait for the end, but no longer than so many seconds; return whether it has ended."""
        return self._ended.wait(seconds)

    def carry_out(self, work: Callable[[Job], Any]) -> None:
        """Do the work and keep how it ended."""
        try:
            self.result = work(self)
        except QnGeoError as error:
            self.error = error
        except Exception as error:  # noqa: BLE001 - a thread has nobody else to tell
            _LOG.exception("a job failed")
            self.error = QnGeoError(
                f"Lỗi không lường trước: {error}.",
                f"Unforeseen error: {error}.",
                remedy_vi="xem nhật ký của máy chủ.",
                remedy_en="see the log of the server.",
            )
        finally:
            self._ended.set()


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
        ended = [known for known, other in _JOBS.items() if other.finished]
        for known in ended[: max(0, len(ended) - _KEPT)]:
            del _JOBS[known]
    threading.Thread(target=job.carry_out, args=(work,), name=f"job {key}", daemon=True).start()
    return job


def forget(key: str) -> None:
    """Drop an ended job, once its outcome was seen."""
    with _LOCK:
        job = _JOBS.get(key)
        if job is not None and job.finished:
            del _JOBS[key]
