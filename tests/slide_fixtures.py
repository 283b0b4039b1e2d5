"""LibreOffice for the tests of slides; modules load it with `pytest_plugins`."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from types import ModuleType

SCRIPTS = Path(__file__).resolve().parents[1] / "scripts"


@pytest.fixture(scope="session")
def office() -> ModuleType:
    """The script that runs LibreOffice. None on this machine is a failure, never a skip."""
    if str(SCRIPTS) not in sys.path:
        sys.path.append(str(SCRIPTS))
    script = import_module("office")
    if script.find() is None:
        pytest.fail(script.REMEDY, pytrace=False)
    return script


@pytest.fixture
def converted(office, tmp_path):
    """Return what LibreOffice makes of a deck: a PDF."""

    def convert(deck):
        path = tmp_path / "deck.pptx"
        path.write_bytes(deck)
        return office.pdf(office.find(), path).read_bytes()

    return convert
