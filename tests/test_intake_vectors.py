"""Layers come out of every format whole: numbers, texts, shapes, system, and what is wrong with single features."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from qn_geo.errors import QnGeoError
from qn_geo.intake import kinds, shapes, vectors
from qn_geo.intake.kinds import Kind
from qn_geo.settings import settings
from tests import plot_files

TCVN3 = "§Êt ë"
FORMATS = ("gpkg", "shp", "geojson", "kml", "mif", "tab", "gdb", "gml", "parquet")
TOLERANCE = {"tab": 0.05, "kml": 1e-6}


def read(path, **options):
    kind = Kind.FILEGDB if path.is_dir() else kinds.recognise(path)
    return vectors.read(path, kind, **options)


def refused(path):
    with pytest.raises(QnGeoError) as caught:
        read(path)
    assert caught.value.problem.remedy_vi
    return caught.value.problem


def geojson(folder, *features, **members):
    path = folder / "thua.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(features), **members}), encoding="utf-8")
    return path


def feature(geometry, **properties):
    return {"type": "Feature", "properties": properties, "geometry": geometry}


@pytest.mark.parametrize("suffix", FORMATS)
def test_every_format_gives_the_same_plots(tmp_path, suffix):
    frame = plot_files.plots(8)
    [layer] = read(plot_files.write(frame, tmp_path / f"thua.{suffix}"))
    assert layer.rows == list(range(1, 9))
    assert layer.fields["SoThua"] == [str(n) for n in range(1, 9)]
    assert layer.fields["DienTich"] == [400.0] * 8
    assert layer.encoding == "utf-8"
    assert layer.fields["MDSD"][1] == "Đất ở"
    assert layer.fonts == layer.problems == []
    expected = np.asarray((frame.to_crs(4326) if suffix == "kml" else frame).geometry)
    overlap = shapely.area(shapely.intersection(layer.geometry, expected)) / shapely.area(expected)
    assert overlap == pytest.approx(1, abs=TOLERANCE.get(suffix, 1e-9))


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "geojson", "gml", "gdb", "parquet"])
def test_the_system_is_the_one_stored(tmp_path, suffix):
    [layer] = read(plot_files.write(plot_files.plots(), tmp_path / f"thua.{suffix}"))
    assert layer.system == "EPSG:5899"


@pytest.mark.parametrize("suffix", ["tab", "mif"])
def test_a_system_without_a_code_comes_as_text(tmp_path, suffix):
    [layer] = read(plot_files.write(plot_files.plots(), tmp_path / f"thua.{suffix}"))
    assert "107.75" in layer.system


@pytest.mark.parametrize("suffix", ["gpkg", "shp", "mif", "parquet"])
def test_no_system_is_none(tmp_path, suffix):
    frame = plot_files.plots().set_crs(None, allow_override=True)
    [layer] = read(plot_files.write(frame, tmp_path / f"thua.{suffix}"))
    assert layer.system is None


def test_a_geojson_that_names_no_system_has_none(tmp_path):
    [layer] = read(geojson(tmp_path, feature({"type": "Point", "coordinates": [107.0, 21.0]})))
    assert layer.system is None


def test_layers_of_a_geopackage_are_all_read_or_one(tmp_path):
    path = tmp_path / "thua.gpkg"
    for name in ("hien trang", "quy hoach"):
        plot_files.write(plot_files.plots(), path, layer=name)
    pyogrio.write_dataframe(plot_files.plots().drop(columns="geometry"), path, layer="bang")
    assert [layer.name for layer in read(path)] == ["hien trang", "quy hoach"]
    assert [layer.name for layer in read(path, layer="quy hoach")] == ["quy hoach"]


@pytest.mark.parametrize("suffix", ["shp", "tab", "mif"])
def test_old_encodings_come_as_bytes(tmp_path, suffix):
    frame = plot_files.plots().assign(MDSD=[TCVN3, "ONT", "Ph\xadêng", "\x80\x9f"])
    path = plot_files.write(frame, tmp_path / f"thua.{suffix}", encoding="ISO-8859-1")
    path.with_suffix(".cpg").unlink(missing_ok=True)
    [layer] = read(path)
    assert layer.encoding is None
    assert layer.fields["MDSD"] == [TCVN3, "ONT", "Ph\xadêng", "\x80\x9f"]


def test_a_code_page_file_that_lies_is_not_believed(tmp_path):
    frame = plot_files.plots().assign(MDSD=TCVN3)
    path = plot_files.write(frame, tmp_path / "thua.shp", encoding="ISO-8859-1")
    path.with_suffix(".cpg").write_text("UTF-8", encoding="ascii")
    [layer] = read(path)
    assert (layer.encoding, layer.fields["MDSD"][0]) == (None, TCVN3)


def test_numbers_and_gaps_keep_their_kind(tmp_path):
    frame = plot_files.plots().assign(n=[1, 2, 3, 4], gap=[1.5, None, 2.5, None], yes=[True, False, True, False])
    frame.loc[0, "MDSD"] = None
    frame["day"] = np.datetime64("2024-05-12")
    [layer] = read(plot_files.write(frame, tmp_path / "thua.gpkg"))
    assert layer.fields["n"] == [1, 2, 3, 4]
    assert layer.fields["gap"] == [1.5, None, 2.5, None]
    assert layer.fields["yes"] == [1, 0, 1, 0]
    assert layer.fields["MDSD"][0] is None
    assert str(layer.fields["day"][0]).startswith("2024-05-12")


# --- drawings


def test_a_dxf_gives_lines_and_texts_with_their_fonts(tmp_path):
    [layer] = read(plot_files.dxf(tmp_path))
    assert (layer.encoding, layer.system) == (None, None)
    assert layer.fields["Layer"][:3] == ["10", "11", "13"]
    assert layer.fields["Text"] == [None, TCVN3, "12", None]  # a hatch has the name of its pattern
    assert layer.fonts == [None, "vntimeh.ttf", "VNI-Times", None]
    assert [shape.geom_type for shape in layer.geometry] == ["LineString", "Point", "Point", "Polygon"]


def test_the_family_of_a_font_counts_more_than_its_file(tmp_path):
    path = plot_files.dxf(tmp_path)
    content = path.read_bytes().replace(b"vntimeh.ttf\n", b"times.ttf\n1001\nACAD\n1000\n.VnTimeH\n", 1)
    path.write_bytes(content)
    assert read(path)[0].fonts[1] == ".VnTimeH"


@pytest.mark.parametrize(("version", "encoding"), [("R2000", None), ("R2018", "utf-8")])
def test_a_dxf_since_2007_is_utf8(tmp_path, version, encoding):
    [layer] = read(plot_files.dxf(tmp_path, version))
    assert layer.encoding == encoding
    assert layer.fields["Text"][1] == ("Đất ở" if encoding else TCVN3)


def test_a_binary_dxf_is_read(tmp_path):
    [layer] = read(plot_files.dxf(tmp_path, binary=True))
    assert layer.fields["Text"][1] == TCVN3


def test_a_dgn_gives_levels_texts_and_fonts(tmp_path):
    [layer] = read(plot_files.dgn(tmp_path))
    assert layer.fields["Level"][-1] == 13
    assert layer.fields["Text"][-1] == TCVN3
    assert layer.fonts[-1] == "ENGINEERING"
    assert layer.encoding is None


# --- what is wrong with single features


def wkb(*rings):
    """A polygon as bytes, whatever its rings are like."""
    content = struct.pack("<BII", 1, 3, len(rings))
    for ring in rings:
        content += struct.pack("<I", len(ring)) + b"".join(struct.pack("<dd", *corner) for corner in ring)
    return content


SQUARE = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0), (0.0, 0.0)]


def decoded(*values):
    made = np.full(len(values), None, dtype=object)
    made[:] = values
    return shapes.decode(made, "thua.gpkg")


@pytest.mark.parametrize(
    ("content", "told", "kept"),
    [
        (None, "no geometry", False),
        (shapely.to_wkb(shapely.Polygon()), "no geometry", False),
        (wkb(SQUARE[:-1]), "was not closed", True),
        (wkb([*SQUARE[:2], (1.0, float("nan")), *SQUARE[3:]]), "no number", False),
        (wkb([(0.0, float("inf")), *SQUARE[1:-1], (0.0, float("inf"))]), "no number", False),
        (wkb([(1e300, 0.0), *SQUARE[1:-1], (1e300, 0.0)]), "larger than any system", False),
        (b"\x01\x03\x00", "damaged", False),
        (b"garbage", "damaged", False),
        (struct.pack("<BII6d", 1, 8, 3, 0, 0, 1, 1, 2, 0), "damaged", False),
    ],
)
def test_features_nothing_can_be_computed_with_are_told_by_row(content, told, kept):
    geometry, problems, same = decoded(wkb(SQUARE), content)
    assert same is (content is None)
    assert [(told in problem.en, problem.file, problem.row) for problem in problems] == [(True, "thua.gpkg", 2)]
    assert geometry[0].area == 1
    assert (geometry[1] is not None) is kept


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Error occurred in /build/gdal/ogr/filegdbtable.cpp at line 667", "damaged. Remedy"),
        ("/build/gdal/ogr/dxf.cpp, 855: error at line 581 of /inbox/a.dxf", "(error at line 581 of a.dxf). "),
        ("/inbox/a.dxf: no layers", "(a.dxf: no layers). "),
    ],
)
def test_what_a_library_says_is_told_without_its_paths_and_ours(said, told):
    error = shapes.unreadable(Path("/inbox/a.dxf"), "a.dxf", ValueError(said))
    assert told in error.message("en")


def test_good_shapes_are_those_of_the_file():
    assert decoded(wkb(SQUARE), wkb(SQUARE))[1:] == ([], True)


def test_heights_and_measures_are_dropped():
    deep = shapely.to_wkb(shapely.from_wkt("POLYGON ZM ((0 0 5 1, 1 0 5 1, 1 1 5 1, 0 0 5 1))"))
    geometry, problems, same = decoded(deep)
    assert not problems
    assert not same
    assert not shapely.has_z(geometry)[0]
    assert not shapely.has_m(geometry)[0]


def test_many_rows_of_one_mistake_are_told_in_one_line():
    _, problems, _ = decoded(*[None] * 80)
    assert len(problems) == shapes.MOST_TOLD + 1
    assert "30 more rows" in problems[-1].en


def test_a_ring_of_too_few_points_in_a_file_is_told(tmp_path):
    shape = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}
    [layer] = read(geojson(tmp_path, feature(shape), feature(None)))
    assert {problem.row for problem in layer.problems} == {1, 2}
    assert [shape is None for shape in layer.geometry] == [False, True]  # closed, and for the rules to judge


# --- whole files that are refused


@pytest.mark.parametrize(
    ("limit", "told"),
    [("MAX_PLOTS=3", "4 plots"), ("MAX_VERTICES=10", "20 vertices"), ("MAX_COLUMNS=2", "columns")],
)
@pytest.mark.parametrize("suffix", ["gpkg", "parquet", "geojson"])
def test_limits_are_those_of_the_settings(tmp_path, monkeypatch, limit, told, suffix):
    path = plot_files.write(plot_files.plots(), tmp_path / f"thua.{suffix}")
    monkeypatch.setenv(*f"QN_GEO_{limit}".split("="))
    settings.cache_clear()
    try:
        assert told in refused(path).en
    finally:
        monkeypatch.undo()
        settings.cache_clear()


def test_malformed_json_is_told_with_its_line(tmp_path):
    path = tmp_path / "thua.geojson"
    path.write_text('{"type": "FeatureCollection",\n"features": [\n{"type": "Feature",,}]}', encoding="utf-8")
    problem = refused(path)
    assert (problem.file, problem.row) == ("thua.geojson", 3)


def test_malformed_xml_is_told_with_its_line(tmp_path):
    path = tmp_path / "thua.kml"
    path.write_text("<kml>\n<Document>\n<Placemark></Document></kml>", encoding="utf-8")
    assert refused(path).row == 3


def test_a_geopackage_without_plots_is_told(tmp_path):
    pyogrio.write_dataframe(plot_files.plots().drop(columns="geometry"), tmp_path / "bang.gpkg")
    assert "no layer with features" in refused(tmp_path / "bang.gpkg").en


def test_parquet_without_geometry_is_told(tmp_path):
    plot_files.plots().drop(columns="geometry").to_parquet(tmp_path / "bang.parquet")
    assert "no geometry column" in refused(tmp_path / "bang.parquet").en


def test_geoparquet_with_native_geometry_is_read(tmp_path):
    frame = plot_files.plots()
    frame.to_parquet(tmp_path / "thua.parquet", geometry_encoding="geoarrow")
    [layer] = read(tmp_path / "thua.parquet")
    assert gpd.GeoSeries(layer.geometry).area.tolist() == [400.0] * 4


def test_a_map_table_that_points_elsewhere_is_refused(tmp_path):
    path = tmp_path / "thua.tab"
    path.write_text('!table\n!version 300\nDefinition Table\n  File "/etc/passwd"\n  Type "RASTER"\n', encoding="ascii")
    assert "points to other files" in refused(path).en


def test_messages_do_not_tell_where_files_lie(tmp_path):
    path = plot_files.write(plot_files.plots(), tmp_path / "thua.gpkg")
    path.write_bytes(path.read_bytes()[:5000])
    assert str(tmp_path) not in refused(path).en
