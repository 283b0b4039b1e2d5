from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pytest

from qn_geo import cli, dossier
from tests.small_plots import grid, numbered

pytest_plugins = "tests.review_fixtures"


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


def test_audit_verifies_saves_and_brings_back(reviews, tmp_path, capsys):
    assert cli.run(["--lang", "en", "audit", "verify"]) == 0
    saved = tmp_path / "saved.zip"
    assert cli.run(["--lang", "en", "audit", "backup", str(saved)]) == 0
    assert str(saved) in capsys.readouterr().out
    assert cli.run(["--lang", "en", "audit", "restore", str(saved), "--replace"]) == 0
    assert reviews.is_dir()


@pytest.mark.parametrize("ending", ["gpkg", "dxf", "xlsx"])
def test_return_file_is_written_in_the_format_of_its_ending(placed, tmp_path, capsys, ending):
    dossier.check(placed)
    out = tmp_path / f"back.{ending}"
    assert cli.run(["--lang", "en", "review", "return", placed, "-o", str(out)]) == 0
    assert f"Written: {out}" in capsys.readouterr().out
    assert out.stat().st_size > 5_000


def test_report_is_written(placed, tmp_path):
    dossier.check(placed)
    out = tmp_path / "report.pdf"
    assert cli.run(["--lang", "vi", "review", "pdf", placed, "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"%PDF")


def test_nothing_goes_out_that_was_not_checked(placed, tmp_path, capsys):
    out = tmp_path / "report.pdf"
    assert cli.run(["--lang", "en", "review", "pdf", placed, "-o", str(out)]) == 2
    assert "was not checked" in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["pdf", "20260101-000000-abcdef", "-o", "a.pdf"], "there is no submission"),
        (["return", "20260101-000000-abcdef", "-o", "a.docx"], ".gpkg, .dxf, .xlsx"),
        (["return", "20260101-000000-abcdef"], "--out"),
    ],
)
@pytest.mark.usefixtures("reviews")
def test_what_cannot_go_out_is_told(capsys, arguments, said):
    assert cli.run(["--lang", "en", "review", *arguments]) == 2
    assert said in capsys.readouterr().err
    assert not list(Path().glob("a.*"))
