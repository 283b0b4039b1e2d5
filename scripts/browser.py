"""Find Chromium or Chrome on this machine, or get one.

Standard library only: the set-up uses it before anything is installed; browser tests and screenshots use it later.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

VARIABLE = "QN_GEO_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
APT_NAMES = ("chromium", "chromium-browser")
REMEDY = (
    "The browser tests need Chromium or Google Chrome and found neither.\n"
    "  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install chromium\n"
    "  elsewhere:       install Google Chrome, or run: .venv/bin/python -m playwright install chromium\n"
    f"  in an unusual place:  give its path in the variable {VARIABLE}"
)


class NoBrowserError(Exception):
    """There is no usable browser; the message says how to get one."""


def _windows_paths() -> list[Path]:
    roots = (os.environ.get(name) for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"))
    return [Path(root) / "Google/Chrome/Application/chrome.exe" for root in roots if root]


def _macos_paths() -> list[Path]:
    folders = (Path("/Applications"), Path.home() / "Applications")
    programs = ("Google Chrome.app/Contents/MacOS/Google Chrome", "Chromium.app/Contents/MacOS/Chromium")
    return [folder / program for folder in folders for program in programs]


def _playwright_paths() -> list[Path]:
    """Where `playwright install chromium` puts its build, newest first."""
    system = platform.system()
    default = {
        "Windows": Path(os.environ.get("LOCALAPPDATA", "")) / "ms-playwright",
        "Darwin": Path.home() / "Library/Caches/ms-playwright",
    }.get(system, Path.home() / ".cache/ms-playwright")
    folder = Path(os.environ.get("PLAYWRIGHT_BROWSERS_PATH", default))
    patterns = (
        "chromium-*/chrome-*/chrome",
        "chromium-*/chrome-*/chrome.exe",
        "chromium-*/chrome-*/*.app/Contents/MacOS/*",
    )
    found = [path for pattern in patterns for path in folder.glob(pattern)]
    return sorted(found, reverse=True)


def _answers(path: Path) -> bool:
    """Whether the program starts: Ubuntu's chromium-browser is a stub that does not when its snap is missing."""
    if not path.is_file():
        return False
    if platform.system() == "Windows":
        return True  # chrome.exe has no --version there, it opens a window
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def find() -> Path | None:
    """Path of a browser that starts, or None. The variable QN_GEO_BROWSER goes first."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen) if _answers(Path(chosen)) else None
    on_path = [Path(path) for name in NAMES if (path := shutil.which(name))]
    placed = {"Windows": _windows_paths, "Darwin": _macos_paths}.get(platform.system(), list)()
    return next((path for path in [*on_path, *placed, *_playwright_paths()] if _answers(path)), None)


def launch_arguments() -> list[str]:
    """Arguments a browser needs here: root and containers have no sandbox, and /dev/shm is often tiny."""
    if platform.system() == "Linux":
        return ["--no-sandbox", "--disable-dev-shm-usage"]
    return []


def apt(*packages: str) -> bool:
    """Install Debian packages, as root or through sudo; say whether that worked."""
    if not shutil.which("apt-get"):
        return False
    prefix = []
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            return False
        prefix = ["sudo"]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"Installing {' '.join(packages)} with apt-get", flush=True)
    for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", *packages]):
        done = subprocess.run([*prefix, *command], env=environment, stdout=subprocess.DEVNULL, check=False)
        if done.returncode:
            return False
    return True


def ensure(python: Path | str = sys.executable) -> Path:
    """Find a browser or get one: apt on Debian and Ubuntu, else playwright's own build.

    Args:
        python: the interpreter that has the playwright package.

    Raises:
        NoBrowserError: none could be had, with the remedy.
    """
    if found := find():
        return found
    if os.environ.get(VARIABLE):
        raise NoBrowserError(f"{VARIABLE}={os.environ[VARIABLE]} does not start.\n{REMEDY}")
    for name in APT_NAMES:
        if apt(name) and (found := find()):
            return found
    print("Getting Chromium with playwright", flush=True)
    subprocess.run([python, "-m", "playwright", "install", "chromium"], check=False)
    if found := find():
        return found
    raise NoBrowserError(REMEDY)
