"""No file takes the app down, writes elsewhere, asks another host, or goes without a word to the user."""

from __future__ import annotations

import tempfile
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from qn_geo.intake import worker
from qn_geo.settings import settings
from tests.hostile import MAKERS, trying

DOCUMENT = Path(__file__).parents[1] / "docs" / "hostile-files.md"
ROWS = {
    line.split("`")[1]: line for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if line.startswith("| `")
}


@pytest.fixture(scope="module")
def address():
    """A web server that notes who asks."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def handle(self):
            asked.append(self.rfile.readline())

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    assert asked == []


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder to work in, and limits that are soon reached."""
    for name, value in trying.LIMITS.items():
        monkeypatch.setenv(f"QN_GEO_{name}", value)
    monkeypatch.setenv("QN_GEO_REVIEW_DIR", str(tmp_path / "reviews"))
    (tmp_path / "jobs").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "jobs"))
    (tmp_path / "made").mkdir()
    settings.cache_clear()
    yield tmp_path
    monkeypatch.undo()
    settings.cache_clear()


def everything(folder):
    """Files below a folder with their content, and what strangers could have left around it."""
    inside = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    around = [*folder.parent.glob("*evil*"), *Path("/").glob("*evil*"), *Path.cwd().glob("*evil*")]
    return inside, around


@pytest.mark.parametrize("kind", sorted(MAKERS))
def test_a_hostile_file_is_told_and_does_no_harm(folder, address, kind, monkeypatch):
    if kind in trying.ENDLESS:
        monkeypatch.setenv("QN_GEO_READER_SECONDS", "2")
        settings.cache_clear()
    outcome = trying.send(kind, folder / "made", address)
    assert outcome.problems
    for problem in outcome.problems:
        assert problem.file
        assert problem.vi
        assert problem.en
        assert problem.remedy_vi
        assert problem.remedy_en
        assert str(folder) not in problem.message("en")
    assert outcome.seconds < settings().reader_seconds + 5
    assert trying.row(kind, outcome) == ROWS[kind]
    files, around = everything(folder)
    assert around == []
    assert list((folder / "jobs").iterdir()) == []  # the folder of the reading process is gone
    places = {path.relative_to(folder).parts[0] for path in files}
    assert places <= {"made", "reviews"}
    received = [path for path in files if "reviews" in path.parts]
    assert all(path.name == "submission.json" or path.parent.name == "received" for path in received)
    assert worker.run(int) == 0


def test_the_document_tells_of_every_kind_once():
    assert list(ROWS) == sorted(MAKERS)
    assert len(ROWS) >= 60
