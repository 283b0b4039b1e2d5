"""Work on files from outside in a process of its own, where a crash or a hang cannot take the app down.

On Linux a small server is started once, imports what reading needs, and is forked for every file, which takes some
milliseconds. Elsewhere a fresh process waits for the next file. Either way a file has its process to itself, with a
folder that vanishes afterwards; neither streamlit nor the app's own start is imported there.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

from qn_geo.errors import CancelledError, QnGeoError
from qn_geo.garbage import collected_later
from qn_geo.intake import limits, practice
from qn_geo.settings import ROOT, settings

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_Error = tuple[type[QnGeoError], tuple[Any, ...], dict[str, Any]] | str
"""One of our errors in parts, what a library said, or nothing: the memory was not enough."""

_FORKS: Final = sys.platform == "linux"
_AT_ONCE: Final = threading.BoundedSemaphore(2)  # each may use all the memory a reader is allowed
_LOOK_SECONDS: Final = 0.1
_RESULT: Final = ".result"


def run(
    function: Callable[..., T],
    *args: Any,
    file: str = "",
    progress: Callable[[str, int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> T:
    """Return what a function returns, called in the process that reads.

    Args:
        function: A function of a module; called with `args`, and with `progress` by keyword when one is given.
        args: Anything that can be pickled.
        file: Name of the file it is about, for messages.
        progress: Told of stage, done and total, in this process.
        cancelled: Asked ten times a second whether to stop.

    Raises:
        QnGeoError: What the function raised; or that the file took too long, too much memory, or crashed the reader.
        CancelledError: If `cancelled` said so.
    """
    with _AT_ONCE, tempfile.TemporaryDirectory(prefix="qn-geo-", ignore_cleanup_errors=True) as folder:
        known = {name: value for name, value in os.environ.items() if name.startswith("QN_GEO_")}
        connection, process = _connect()
        with contextlib.closing(connection):
            pid = None
            try:
                pid = connection.recv()
                connection.send((known, folder, function, args, progress is not None))
                error = _watch(connection, file, progress, cancelled)
                if error is None:
                    return _loaded(Path(folder, _RESULT))  # type: ignore[no-any-return]
            except (EOFError, OSError, pickle.UnpicklingError) as broken:
                raise _crashed(file) from broken
            finally:
                _end(pid, process)
    raise _rebuilt(error, file)


@collected_later()
def _loaded(path: Path) -> Any:
    """Read a result."""
    with path.open("rb") as stream:
        return pickle.load(stream)  # noqa: S301 - our own process wrote it


def _watch(
    connection: Connection,
    file: str,
    progress: Callable[[str, int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> _Error | None:
    """Wait for the end of the work; return the error if it failed."""
    latest = time.monotonic() + settings().reader_seconds
    while True:
        if cancelled is not None and cancelled():
            raise CancelledError("đã dừng theo yêu cầu.", "stopped as asked.", file=file or None)
        if connection.poll(_LOOK_SECONDS):
            what, value = connection.recv()
            if what == "end":
                return value  # type: ignore[no-any-return]
            if progress is not None:
                progress(*value)
        if time.monotonic() > latest:
            raise _too_long(file)


def _end(pid: int | None, process: subprocess.Popen[bytes] | None) -> None:
    """End the process that reads, whatever it does; it may have ended by itself."""
    if process is not None:
        process.kill()
        process.wait()
    elif pid is not None:
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)


def _rebuilt(error: _Error, file: str) -> QnGeoError:
    """Return the error that was raised over there."""
    if isinstance(error, str):
        return _failed(file, error) if error else _too_big(file)
    kind, args, known = error
    again = kind.__new__(kind)
    again.args = args
    again.__dict__.update(known)
    return again


# --- messages


def _too_long(file: str) -> QnGeoError:
    seconds = settings().reader_seconds
    return QnGeoError(
        f"đọc tệp quá {seconds} giây nên đã dừng.",
        f"reading the file took more than {seconds} seconds and was stopped.",
        file=file or None,
        remedy_vi="chia thành tệp nhỏ hơn, hoặc xuất lại sang GeoPackage.",
        remedy_en="split it into smaller files, or export it again as GeoPackage.",
    )


def _too_big(file: str) -> QnGeoError:
    megabytes = settings().reader_memory_mb
    return QnGeoError(
        f"đọc tệp cần hơn {megabytes} MB bộ nhớ nên đã dừng.",
        f"reading the file needs more than {megabytes} MB of memory and was stopped.",
        file=file or None,
        remedy_vi="chia thành tệp nhỏ hơn, bỏ các cột không cần.",
        remedy_en="split it into smaller files, leave out columns nobody needs.",
    )


def _crashed(file: str) -> QnGeoError:
    megabytes = settings().reader_memory_mb
    return QnGeoError(
        f"tiến trình đọc tệp đã dừng đột ngột: tệp bị hỏng, hoặc cần hơn {megabytes} MB bộ nhớ.",
        f"the reading process broke off: the file is damaged, or needs more than {megabytes} MB of memory.",
        file=file or None,
        remedy_vi="mở tệp bằng phần mềm đã tạo ra nó và lưu lại; nếu tệp lớn thì chia nhỏ.",
        remedy_en="open the file in the program that made it and save it again; split it if it is large.",
    )


def _failed(file: str, told: str) -> QnGeoError:
    return QnGeoError(
        f"không đọc được tệp ({told}).",
        f"the file cannot be read ({told}).",
        file=file or None,
        remedy_vi="mở tệp bằng phần mềm đã tạo ra nó, kiểm tra và lưu lại.",
        remedy_en="open the file in the program that made it, check it and save it again.",
    )


# --- the app's side: starting processes


_Started = tuple[subprocess.Popen[bytes], socket.socket]
"""A process and our end of the socket to it."""


class _Pool:
    """The server that forks, or where there is none, the process that waits for the next file."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.server: _Started | None = None
        self.waiting: _Started | None = None


_POOL: Final = _Pool()


def warm() -> None:
    """Start what the first file would have to wait for, without waiting."""
    with _POOL.lock:
        if _FORKS:
            _server()
        elif _POOL.waiting is None:
            _POOL.waiting = _start("once")


def _connect() -> tuple[Connection, subprocess.Popen[bytes] | None]:
    """Return a connection to a process that waits for one task, and the process where it is a child of ours."""
    if not _FORKS:
        warm()
        with _POOL.lock:
            (process, ours), _POOL.waiting = _POOL.waiting or _start("once"), None
        warm()
        return Connection(ours.detach()), process
    ours, theirs = socket.socketpair()
    with theirs, _POOL.lock:
        try:
            socket.send_fds(_server(), [b"+"], [theirs.fileno()])
        except OSError:  # it has ended since
            socket.send_fds(_server(again=True), [b"+"], [theirs.fileno()])
    return Connection(ours.detach()), None


def _server(*, again: bool = False) -> socket.socket:
    """Return the socket on which the forking server takes orders."""
    if _POOL.server is not None and (again or _POOL.server[0].poll() is not None):
        stop()
    if _POOL.server is None:
        _POOL.server = _start("serve")
    return _POOL.server[1]


def stop() -> None:
    """End the server or the waiting process; the next file starts a new one."""
    for process, ours in filter(None, (_POOL.server, _POOL.waiting)):
        ours.close()  # the sign to end
        process.kill()
        process.wait()
    _POOL.server = _POOL.waiting = None


atexit.register(stop)


def _start(task: str) -> _Started:
    """Start a Python that runs a function of this module with its end of a socket."""
    windows = os.name == "nt"
    ours, theirs = socket.socketpair()
    with theirs:
        process = subprocess.Popen(  # noqa: S603 - our own code
            [sys.executable, "-c", f"from qn_geo.intake import worker; worker.{task}({theirs.fileno()})"],
            cwd=ROOT,
            env=os.environ | limits.ENVIRONMENT,
            stdin=subprocess.PIPE if windows else subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=() if windows else (theirs.fileno(),),
            start_new_session=True,  # Ctrl+C in the terminal is the app's business
        )
        if process.stdin is not None:
            process.stdin.write(theirs.share(process.pid))  # type: ignore[attr-defined,unused-ignore]
            process.stdin.close()
    return process, ours


# --- the reading side


def serve(handle: int) -> None:
    """Fork for every connection that comes, until the app closes the socket or ends."""
    control = socket.socket(fileno=handle)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the children
    practice.read()
    gc.freeze()  # pages of what is loaded stay shared
    while True:
        sign, handles, _, _ = socket.recv_fds(control, 1, 1)
        if not sign:
            return
        if os.fork() == 0:
            control.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _work(Connection(handles[0]))
        os.close(handles[0])


def once(handle: int) -> None:
    """Do one task."""
    practice.read()
    if os.name == "nt":
        _work(Connection(socket.fromshare(sys.stdin.buffer.read()).detach()))  # type: ignore[attr-defined,unused-ignore]
    _work(Connection(handle))


def _work(connection: Connection) -> NoReturn:
    """Do what the connection says, tell the result, and end this process."""
    limits.drop_output()
    gc.disable()  # looking for rubbish among a million new objects takes longer than this process lives
    with contextlib.suppress(EOFError, OSError):  # the app has gone
        connection.send(os.getpid())
        known, folder, function, args, told = connection.recv()
        _settle(known, folder)
        more = {"progress": lambda *how: connection.send(("progress", how))} if told else {}
        error, _result = _outcome(function, args, more)  # held: nobody should wait until all its shapes are taken apart
        connection.send(("end", error))
        os._exit(0)
    os._exit(1)


def _settle(known: dict[str, str], folder: str) -> None:
    """Take over the app's settings, make the folder the place for everything written, and set the limits."""
    for name in [name for name in os.environ if name.startswith("QN_GEO_")]:
        del os.environ[name]
    os.environ.update(known)
    settings.cache_clear()
    os.chdir(folder)
    os.environ["CPL_TMPDIR"] = os.environ["TMPDIR"] = tempfile.tempdir = folder
    limits.confine()


def _outcome(function: Callable[..., Any], args: tuple[Any, ...], more: dict[str, Any]) -> tuple[_Error | None, Any]:
    """Call the function and leave its result in the folder; return the error if there was one, and the result."""
    try:
        result = function(*args, **more)
        with Path(_RESULT).open("wb") as stream:  # through a socket, large results take ten times as long
            pickle.dump(result, stream, protocol=pickle.HIGHEST_PROTOCOL)
    except QnGeoError as error:
        return (type(error), error.args, error.__dict__), None
    except MemoryError:
        return "", None
    except Exception as error:  # noqa: BLE001 - libraries raise anything over a damaged file
        return f"{type(error).__name__}: {error}"[:300], None
    return None, result
