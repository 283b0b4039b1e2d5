from __future__ import annotations

import json

import geopandas as gpd
import pytest

from qn_geo import cli, decisions
from qn_geo.settings import settings
from tests.small_plots import grid, numbered


@pytest.fixture
def review_dir(tmp_path, monkeypatch):
    monkeypatch.setenv("QN_GEO_REVIEW_DIR", str(tmp_path / "reviews"))
    monkeypatch.delenv("QN_GEO_DATABASE_URL", raising=False)
    settings.cache_clear()
    yield tmp_path / "reviews"
    decisions.store().close()
    settings.cache_clear()


@pytest.fixture
def plots_file(tmp_path):
    """Write thirty plots; say which codes they carry."""

    def write(code="SKK"):
        plots = numbered(grid(6, 5))
        columns = {"SoTo": plots["sheet_no"], "SoThua": plots["parcel_no"], "DienTich": plots["area_m2"], "MDSD": code}
        path = tmp_path / "plots.gpkg"
        gpd.GeoDataFrame(columns, geometry=plots.geometry, crs=5899).to_file(path)
        return str(path)

    return write


def test_exit_codes_say_how_it_came_out(plots_file, tmp_path, capfdbinary):
    assert cli.run(["check", plots_file()]) == 0
    assert json.loads(capfdbinary.readouterr().out)["plots"] == 30
    assert cli.run(["check", plots_file("XYZ"), "--format", "csv"]) == 1
    assert b"XYZ" in capfdbinary.readouterr().out
    junk = tmp_path / "junk.gpkg"
    junk.write_bytes(b"nothing of the kind")
    assert cli.run(["--lang", "en", "check", str(junk)]) == 2
    said = capfdbinary.readouterr().err.decode()
    assert "junk.gpkg" in said
    assert "Remedy" in said
    assert cli.run(["check", plots_file(), "--format", "docx"]) == 2


def test_output_goes_to_a_file(plots_file, tmp_path):
    out = tmp_path / "out.html"
    assert cli.run(["--lang", "vi", "check", plots_file(), "--format", "html", "--out", str(out)]) == 0
    assert "Đạt" in out.read_text(encoding="utf-8")


def test_audit_verifies_saves_and_brings_back(review_dir, tmp_path, capsys):
    assert cli.run(["--lang", "en", "audit", "verify"]) == 0
    saved = tmp_path / "saved.zip"
    assert cli.run(["--lang", "en", "audit", "backup", str(saved)]) == 0
    assert str(saved) in capsys.readouterr().out
    assert cli.run(["--lang", "en", "audit", "restore", str(saved), "--replace"]) == 0
    assert review_dir.is_dir()
