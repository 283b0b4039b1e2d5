from __future__ import annotations

import io
import json
from datetime import date

import ezdxf
import geopandas as gpd
import pandas as pd
import pyogrio
import pytest

from qn_geo import dossier, i18n, report
from qn_geo.errors import QnGeoError
from qn_geo.intake import Choices, read_file
from qn_geo.settings import settings
from tests.small_plots import grid, numbered
from tests.small_reviews import LAN

pytest_plugins = "tests.review_fixtures"

ON = date(2026, 11, 23)
EVIL = "<img src=x onerror=alert(1)>"


@pytest.fixture
def broken(tmp_path):
    """A GeoPackage of thirty plots: one code is unknown and hostile, one recorded area is far off."""
    plots = numbered(grid(6, 5))
    frame = gpd.GeoDataFrame(
        {
            "SoTo": plots["sheet_no"],
            "SoThua": plots["parcel_no"],
            "DienTich": plots["area_m2"],
            "MDSD": plots["landuse_code"],
            "TenChu": "Nguyễn Văn A",
        },
        geometry=plots.geometry,
        crs=5899,
    )
    frame.loc[5, "DienTich"] = 5000
    frame.loc[6, "MDSD"] = EVIL
    frame.loc[7, "SoThua"] = "=1+1"
    path = tmp_path / "lô đất.gpkg"
    frame.to_file(path)
    return path


@pytest.fixture
def checked(broken):
    return report.check_file(broken, on=ON)


def test_json_is_for_programs(checked):
    read = json.loads(report.written(checked, "json", "vi"))
    assert list(read) == ["submission", "crs", "encoding", "plots", "problems", "findings"]
    assert (read["crs"], read["plots"], read["submission"]["rules_date"]) == ("EPSG:5899", 30, "2026-11-23")
    keys = ["rule", "severity", "plots", "measure", "unit", "limit", "message_vi", "message_en", "lon", "lat"]
    assert all(list(finding) == keys for finding in read["findings"])
    assert {"QN-ATT-003", "QN-LU-001"} <= {finding["rule"] for finding in read["findings"]}


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_spreadsheets_run_nothing(checked, lang):
    table = pd.read_csv(io.BytesIO(report.written(checked, "csv", lang)), dtype=str)
    assert len(table) == len(checked.findings)
    assert not table.map(lambda cell: isinstance(cell, str) and cell.startswith("=")).to_numpy().any()


def test_geopackage_has_plots_findings_and_evidence(checked, tmp_path):
    path = tmp_path / "out.gpkg"
    path.write_bytes(report.written(checked, "gpkg", "en"))
    assert {name for name, _kind in pyogrio.list_layers(path)} == {"plots", "findings", "evidence"}
    plots = gpd.read_file(path, layer="plots")
    assert plots.crs.to_epsg() == 5899
    assert (len(plots), plots["Result"].tolist().count("Has errors")) == (30, 1)
    assert len(gpd.read_file(path, layer="findings")) == len(checked.findings)


def test_names_of_land_users_stay_inside_unless_allowed(checked, monkeypatch):
    assert "Nguyễn".encode() not in b"".join(report.written(checked, fmt, "vi") for fmt in report.FORMATS)
    monkeypatch.setenv("QN_GEO_SHOW_PERSONAL", "true")
    settings.cache_clear()
    try:
        assert "Nguyễn".encode() in report.written(checked, "gpkg", "vi")
    finally:
        monkeypatch.undo()
        settings.cache_clear()


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_page_escapes_everything(checked, lang):
    page = report.written(checked, "html", lang).decode()
    assert EVIL not in page
    assert "&lt;img" in page
    assert "http" not in page.replace("http-equiv", ""), "it needs nothing from elsewhere"
    assert checked.sha256 in page


def test_unknown_format(checked):
    with pytest.raises(ValueError, match="docx"):
        report.written(checked, "docx", "vi")


def test_a_doubtful_system_is_asked_for_never_taken(broken, tmp_path):
    nameless = tmp_path / "nameless.shp"
    gpd.read_file(broken).drop(columns="TenChu").to_file(nameless, encoding="utf-8")
    nameless.with_suffix(".prj").unlink()
    with pytest.raises(QnGeoError) as refused:
        report.check_file(nameless, on=ON)
    assert "--crs" in refused.value.message("vi")
    assert "km off" in refused.value.message("en")
    assert report.check_file(nameless, system="EPSG:5899", on=ON).reading["system"]["system"] == "EPSG:5899"
    assert report.check_file(nameless, take_first=True, on=ON).reading["system"]["system"] == "EPSG:5899"


@pytest.fixture
def shared(tmp_path):
    """A drawing whose plots lie between common lines: several of them come from one row; one line is left open."""
    document = ezdxf.new("R2010")
    lines = [[(0, 0), (0, 100), (300, 100), (300, 0), (0, 0)], [(100, 0), (100, 100)], [(200, 0), (200, 100)]]
    for line in [*lines, [(250, 20), (250, 60)]]:
        points = [(403_000 + x, 2_304_400 + y) for x, y in line]
        document.modelspace().add_lwpolyline(points, dxfattribs={"layer": "10"})
    document.saveas(tmp_path / "to.dxf")
    return tmp_path / "to.dxf"


@pytest.mark.usefixtures("reviews")
def test_a_file_is_judged_as_its_submission_would_be(shared):
    assert read_file(shared, Choices(system="EPSG:5899"))[0]["row"].duplicated().any()
    checked = report.check_file(shared, system="EPSG:5899")
    case = dossier.receive(shared, LAN)
    dossier.place(case.id, Choices(system="EPSG:5899"))
    held = dossier.check(case.id)
    assert checked.findings_hash == held.findings_hash
    assert checked.plots["plot_id"].tolist() == held.plots["plot_id"].tolist()
    assert checked.findings["plots"].tolist() == held.findings["plots"].tolist()
    assert {name: held.case.counts[name] for name in held.summary["counts"]} == held.summary["counts"]
    assert checked.reading["problems"] == held.reading["problems"] != []


def test_notes_of_reading_go_out(shared):
    checked = report.check_file(shared, system="EPSG:5899")
    assert "is not closed" in report.written(checked, "html", "en").decode()
    assert "không khép kín" in report.written(checked, "json", "en").decode()
