"""Find LibreOffice on this machine or get it, and let it turn slides into a PDF.

Standard library only, like the rest of the set-up. The product needs no LibreOffice; its tests look at slides with it.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import browser

VARIABLE = "QN_GEO_OFFICE"
NAMES = ("soffice", "libreoffice")
PLACES = (
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice*/program/soffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
)
WINDOWS_PLACES = "LibreOffice/program/soffice.com"
PACKAGE = "libreoffice-impress"
CONVERT_SECONDS = 300
REMEDY = (
    "The tests of slides need LibreOffice Impress and did not find it.\n"
    "  Debian, Ubuntu:  sudo apt-get update && sudo apt-get install libreoffice-impress\n"
    "  elsewhere:       install LibreOffice from libreoffice.org\n"
    f"  in an unusual place:  give the path of soffice in the variable {VARIABLE}"
)


class NoOfficeError(Exception):
    """There is no usable LibreOffice; the message says how to get one."""


def find() -> Path | None:
    """Path of soffice, or None. The variable QN_GEO_OFFICE goes first."""
    if chosen := os.environ.get(VARIABLE):
        return Path(chosen) if Path(chosen).is_file() else None
    on_path = [Path(path) for name in NAMES if (path := shutil.which(name))]
    placed = [path for place in PLACES for path in sorted(Path("/").glob(place.lstrip("/")), reverse=True)]
    programs = [Path(root) / WINDOWS_PLACES for root in map(os.environ.get, ("PROGRAMFILES", "PROGRAMW6432")) if root]
    return next((path for path in [*on_path, *placed, *programs] if path.is_file()), None)


def ensure() -> Path:
    """Find LibreOffice or get it with apt.

    Raises:
        NoOfficeError: There is none, with the remedy.
    """
    if found := find():
        return found
    if os.environ.get(VARIABLE):
        raise NoOfficeError(f"{VARIABLE}={os.environ[VARIABLE]} is no file.\n{REMEDY}")
    if browser.apt(PACKAGE) and (found := find()):
        return found
    raise NoOfficeError(REMEDY)


def pdf(program: Path, document: Path) -> Path:
    """Convert a document to a PDF beside it, with a profile of its own so that a running LibreOffice is not asked.

    Args:
        program: What `find` returned.
        document: What LibreOffice can open.

    Raises:
        NoOfficeError: LibreOffice fails or makes nothing; with what it said.
    """
    with tempfile.TemporaryDirectory(prefix="qn-geo-office-", ignore_cleanup_errors=True) as profile:
        options = (
            f"-env:UserInstallation={Path(profile).as_uri()}",
            "--headless",
            "--norestore",
            "--convert-to",
            "pdf",
        )
        command = [program, *options, "--outdir", document.parent, document]
        done = subprocess.run(command, capture_output=True, text=True, timeout=CONVERT_SECONDS, check=False)
    made = document.with_suffix(".pdf")
    if done.returncode or not made.is_file():
        raise NoOfficeError(f"LibreOffice could not convert {document.name}:\n{done.stdout}{done.stderr}")
    return made
