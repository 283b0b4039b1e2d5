from __future__ import annotations

import csv
import io
import json
import zipfile

import geopandas as gpd
import numpy as np
import openpyxl
import pandas as pd
import pyogrio
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from qn_geo import catalog, exports, layers

NASTY = ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=x", "<img src=x onerror=alert(1)>"]
SAFE = ["'" + text.replace("\r", "\n") for text in NASTY[:-1]] + [NASTY[-1]]


def _zip(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def _sheets(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    return {sheet.title: [[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets}


def _opened(content, tmp_path, layer):
    path = tmp_path / "layer.gpkg"
    path.write_bytes(content)
    return pyogrio.read_dataframe(path, layer=layer)


def test_a_table_as_csv_brings_its_sources_and_its_record():
    files = _zip(exports.table_bytes("zones", "csv"))
    assert list(files) == ["data.csv", "sources.csv", "record.json"]
    data = pd.read_csv(io.BytesIO(files["data.csv"]))
    assert data["zone_id"].tolist() == layers.table("zones")["zone_id"].tolist()
    assert data["area_ha"].sum() == pytest.approx(layers.table("zones")["area_ha"].sum())
    record = json.loads(files["record.json"])
    assert record["id"] == "zones-table"
    assert "folder" not in record
    sources = pd.read_csv(io.BytesIO(files["sources.csv"]))
    assert sources["source_id"].tolist() == list(catalog.record_of("zones.csv").sources)
    assert sources["title"].notna().all()


def test_a_table_as_workbook_has_three_sheets():
    sheets = _sheets(exports.table_bytes("zones", "xlsx"))
    assert list(sheets) == ["Data", "Sources", "Record"]
    assert sheets["Data"][0] == list(layers.table("zones").columns)
    assert len(sheets["Data"]) == len(layers.table("zones")) + 1
    record = {row[0]: row[1] for row in sheets["Record"]}
    assert record["title_vi"] == catalog.record_of("zones.csv").title_vi
    assert "ha" in record["column area_ha"]


def test_a_layer_as_geojson_keeps_its_features_and_carries_its_record():
    exported = json.loads(exports.layer_bytes("zones", "geojson"))
    original = json.loads(layers.geojson("zones"))
    assert exported["type"] == "FeatureCollection"
    assert exported["features"] == original["features"]
    assert exported["record"]["id"] == "zones"
    assert {row["source_id"] for row in exported["sources"]} == set(catalog.record("zones").sources)
    assert gpd.read_file(io.BytesIO(exports.layer_bytes("zones", "geojson"))).crs == "EPSG:4326"


def test_a_layer_as_geopackage_holds_shapes_sources_and_record(tmp_path):
    content = exports.layer_bytes("zones", "gpkg")
    shapes = _opened(content, tmp_path, "zones")
    original = layers.layer("zones")
    assert shapes.crs == "EPSG:4326"
    assert shapes["zone_id"].tolist() == original["zone_id"].tolist()
    # A GeoPackage layer has one geometry type, so single polygons come back as collections of one.
    assert shapely.equals(shapes.geometry.to_numpy(), original.geometry.to_numpy()).all()
    assert set(_opened(content, tmp_path, "sources")["source_id"]) == set(catalog.record("zones").sources)
    record = _opened(content, tmp_path, "record").set_index("field")["value"]
    assert record["id"] == "zones"


def test_a_layer_as_csv_has_shapes_and_a_point_inside_each():
    data = pd.read_csv(io.BytesIO(_zip(exports.layer_bytes("zones", "csv"))["data.csv"]))
    shapes = shapely.from_wkt(data["wkt"])
    original = layers.layer("zones").geometry.to_numpy()
    assert shapely.hausdorff_distance(shapes, original).max() < 2e-6
    assert shapely.intersects_xy(original, data["lon"], data["lat"]).all()


def test_a_layer_as_workbook_fits_its_cells():
    data = _sheets(exports.layer_bytes("communes", "xlsx"))["Data"]
    assert data[0][-2:] == ["lon", "lat"]
    assert "wkt" not in data[0]
    assert max(len(str(cell)) for row in data for cell in row) < 32767


@pytest.mark.parametrize("fmt", exports.LAYER_FORMATS)
@pytest.mark.parametrize("layer_id", ["transport", "logistics"])
def test_every_kind_of_geometry_goes_into_every_format(layer_id, fmt):
    assert len(exports.layer_bytes(layer_id, fmt)) > 1000


@pytest.mark.parametrize(
    ("fmt", "make"), [(fmt, lambda fmt: exports.layer_bytes("zones", fmt)) for fmt in exports.LAYER_FORMATS]
)
def test_the_same_data_give_the_same_bytes(fmt, make):
    assert make(fmt) == make(fmt)


def test_text_that_looks_like_a_formula_is_disarmed_and_numbers_are_not():
    frame = pd.DataFrame({"=name": NASTY, "change": [-1.5] * len(NASTY), "count": [-3] * len(NASTY)})
    text = _zip(exports.dataframe_bytes(frame, "csv", [], "=title"))["data.csv"].decode()
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows == [["'=name", "change", "count"], *([safe, "-1.5", "-3"] for safe in SAFE)]
    content = exports.dataframe_bytes(frame, "xlsx", [], "=title")
    sheets = _sheets(content)
    assert [row[0] for row in sheets["Data"][1:]] == SAFE
    assert [row[1:] for row in sheets["Data"][1:]] == [[-1.5, -3]] * len(NASTY)
    assert sheets["Record"][1] == ["title", "'=title"]
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


@given(st.text(min_size=1))
@settings(deadline=None)
def test_no_text_is_left_to_start_like_a_formula(text):
    safe = exports.safe_text(text)
    assert not safe.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert safe in (text, "'" + text)


def test_unknown_cells_stay_empty_and_whole_numbers_stay_whole():
    frame = pd.DataFrame(
        {
            "text": ["Móng Cái", None],
            "whole": pd.array([2021, pd.NA], dtype="Int64"),
            "float": [7000.0, np.nan],
            "ill": ["a\x00b", "c"],
        }
    )
    files = _zip(exports.dataframe_bytes(frame, "csv", ["unheard-of"], "t"))
    assert files["data.csv"].decode() == "text,whole,float,ill\nMóng Cái,2021,7000,ab\n,,,c\n"
    assert files["sources.csv"].decode().splitlines()[1].startswith("unheard-of")
    assert _sheets(exports.dataframe_bytes(frame, "xlsx", [], "t"))["Data"][1:] == [
        ["Móng Cái", 2021, 7000, "ab"],
        [None, None, None, "c"],
    ]
    assert json.loads(files["record.json"]) == {"title": "t", "rows": 2, "columns": ["text", "whole", "float", "ill"]}


def test_exports_work_while_the_table_of_sources_is_broken(data_copy):
    (data_copy / "zones/sources.csv").write_text("nonsense\n", "utf-8")
    sheets = _sheets(exports.table_bytes("sectors", "xlsx"))
    assert sheets["Sources"][0] == ["source_id"]
    assert len(sheets["Sources"]) == len(catalog.record("sectors").sources) + 1


@pytest.mark.parametrize(
    "make",
    [
        lambda: exports.layer_bytes("zones", "shp"),
        lambda: exports.table_bytes("zones", "gpkg"),
        lambda: exports.dataframe_bytes(pd.DataFrame(), "pdf", [], "t"),
    ],
)
def test_unknown_formats_are_refused(make):
    with pytest.raises(ValueError, match="unknown format"):
        make()
