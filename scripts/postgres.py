"""Find PostgreSQL on this machine or get it, and run a server of our own that lasts as long as the tests.

Standard library only, like the rest of the set-up. The product needs no PostgreSQL; its tests do.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import browser

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIABLE = "QN_GEO_POSTGRES"
PROGRAMS = ("initdb", "postgres", "pg_isready")
# Debian keeps the server out of PATH; Homebrew and the macOS app do the same.
FOLDERS = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)
START_SECONDS = 60
STOP_SECONDS = 60
REMEDY = (
    "The tests of the review's database need PostgreSQL and did not find it.\n"
    "  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install postgresql\n"
    "  macOS:           brew install postgresql@17\n"
    f"  in an unusual place:  give the folder of initdb and postgres in the variable {VARIABLE}"
)
# The server ends and its folder goes when our end of the pipe closes: also when the tests are killed.
# It is told to end at once: tidying up what goes with the folder can take half a minute.
KEEPER = '"$@" & server=$!; read -r _; kill -QUIT $server; wait $server; rm -rf "$PWD"'


class NoPostgresError(Exception):
    """There is no usable PostgreSQL; the message says how to get one."""


def _version(folder: Path) -> tuple[int, ...]:
    """Order /usr/lib/postgresql/9.6/bin before /usr/lib/postgresql/15/bin."""
    digits = "".join(letter if letter.isdigit() else " " for letter in str(folder))
    return tuple(int(number) for number in digits.split())


def find() -> Path | None:
    """Folder of the server's programs, or None. The variable QN_GEO_POSTGRES goes first, then the newest."""
    if chosen := os.environ.get(VARIABLE):
        folders = [Path(chosen)]
    else:
        known = (path for pattern in FOLDERS for path in Path("/").glob(pattern.lstrip("/")))
        on_path = shutil.which("initdb")
        folders = [*sorted(known, key=_version, reverse=True), *([Path(on_path).parent] if on_path else [])]
    return next((path for path in folders if all(os.access(path / name, os.X_OK) for name in PROGRAMS)), None)


def ensure() -> Path:
    """Find PostgreSQL or get it with apt.

    Raises:
        NoPostgresError: There is none, with the remedy.
    """
    if found := find():
        return found
    if os.environ.get(VARIABLE):
        raise NoPostgresError(f"{VARIABLE}={os.environ[VARIABLE]} has no {', '.join(PROGRAMS)}.\n{REMEDY}")
    if browser.apt("postgresql") and (found := find()):
        return found
    raise NoPostgresError(REMEDY)


def _as_user() -> dict[str, str]:
    """Who the server runs as: it refuses to be root, and Debian's package makes a user for it."""
    return {"user": "postgres", "group": "postgres"} if os.geteuid() == 0 else {}


@contextmanager
def cluster(programs: Path) -> Iterator[str]:
    """A server of its own in a temporary folder; yields its SQLAlchemy address.

    It listens on a socket in that folder and on no port, so any number of them run beside each other.

    Args:
        programs: What `find` returned.

    Raises:
        NoPostgresError: The server does not start; with the end of its log.
    """
    user = _as_user()
    folder = Path(tempfile.mkdtemp(prefix="qn-geo-pg-"))
    server = None
    try:
        if user:
            shutil.chown(folder, **user)
        _create(programs, folder, user)
        server = _start(programs, folder, user)
        yield f"postgresql://qn_geo@/postgres?host={folder}"
    finally:
        if server is not None:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def _create(programs: Path, folder: Path, user: dict[str, str]) -> None:
    options = ("--username=qn_geo", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync")
    command = [programs / "initdb", "--pgdata", folder / "data", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **user)
    if done.returncode:
        raise NoPostgresError(f"initdb failed:\n{done.stderr}")


def _start(programs: Path, folder: Path, user: dict[str, str]) -> subprocess.Popen[bytes]:
    """Start the server and wait until it answers."""
    words = ("-c", "listen_addresses=", "-c", "fsync=on", "-c", "max_connections=60")
    command = [programs / "postgres", "-D", folder / "data", "-k", folder, *words]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            ["/bin/sh", "-c", KEEPER, "sh", *command],
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl+C is for the tests; they end the server in their own time
            **user,
        )
    deadline = time.monotonic() + START_SECONDS
    ask = [programs / "pg_isready", "--quiet", "--host", folder]
    while subprocess.run(ask, cwd=folder, check=False).returncode:
        if time.monotonic() > deadline:
            text = (folder / "log").read_text(errors="replace")
            _stop(server)
            raise NoPostgresError(f"PostgreSQL did not start:\n{text[-2000:]}")
        time.sleep(0.1)
    return server


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.stdin.close()
    try:
        server.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
