from __future__ import annotations

import json
import sqlite3
from contextlib import closing

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely
from shapely.geometry import LineString, Point, Polygon, box

from qn_geo import crs
from qn_geo.errors import QnGeoError
from qn_geo.importing import shapes

PARK = box(106.80, 20.98, 106.83, 21.00)


def frame(geometry=PARK, system="EPSG:4326", **columns):
    columns = columns or {"zone_id": "kcn-song-khoai"}
    return gpd.GeoDataFrame({name: [value] for name, value in columns.items()}, geometry=[geometry], crs=system)


@pytest.fixture
def read(data_copy, tmp_path):
    """Write a frame to a file and read it as an offer."""

    def read_file(content, name="zones.geojson", layer=None):
        path = tmp_path / name
        if path.suffix == ".gpkg":
            pyogrio.write_dataframe(content, path, layer=layer or "zones")
        else:
            path.write_text(content if isinstance(content, str) else content.to_json(drop_id=True, to_wgs84=False))
        return shapes.read_shapes(path, data_copy)

    return read_file


def words(offer):
    return "\n".join(problem.message("en") for problem in offer.problems)


def test_geojson_without_a_reference_system_is_wgs84(read):
    offer = read(frame())
    assert offer.problems == []
    (row,) = offer.shapes["zones"]
    assert row.cells == {"zone_id": "kcn-song-khoai"}
    assert row.geometry.equals(PARK)


def test_vn2000_is_transformed_with_our_operation(read):
    offer = read(frame(crs.project(PARK), "EPSG:5899"), "in.gpkg", "zones")
    assert offer.problems == []
    assert offer.shapes["zones"][0].geometry.equals_exact(PARK, 1e-8)


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("system", ["EPSG:3405", "EPSG:5898", "EPSG:32648", "EPSG:3857", None])
def test_any_other_reference_system_is_refused(read, system):
    offer = read(frame(box(400000, 2300000, 401000, 2301000), system), "in.gpkg", "zones")
    assert "is not accepted" in words(offer)
    assert "EPSG:5899" in words(offer)
    assert not offer.shapes.get("zones")


@pytest.mark.parametrize(
    ("geometry", "said"),
    [
        (Polygon([(106.8, 21), (106.9, 21.1), (106.8, 21.1), (106.9, 21)]), "not valid"),
        (box(105.8, 21.0, 105.9, 21.1), "outside Quảng Ninh"),
        (box(20.98, 106.80, 21.00, 106.83), "outside Quảng Ninh"),
        (Point(106.8, 21.0), "does not fit the layer zones"),
        (Polygon(), "no geometry"),
        (None, "no geometry"),
    ],
)
def test_bad_geometry_is_refused(read, geometry, said):
    offer = read(frame(geometry), "in.gpkg", "zones")
    assert said in words(offer)
    assert offer.shapes["zones"] == []


def test_nan_coordinates_are_refused(read):
    with np.errstate(invalid="ignore"):
        ring = [(106.8, 21.0), (float("nan"), 21.0), (106.9, 21.1), (106.8, 21.0)]
        content = frame(Polygon(ring))
    offer = read(content, "in.gpkg", "zones")
    assert "not a number" in words(offer)


def test_projected_numbers_far_from_the_zone_are_refused(read):
    offer = read(frame(box(5e6, 2.3e6, 5.1e6, 2.4e6), "EPSG:5899"), "in.gpkg", "zones")
    assert "VN-2000 coordinates are missing or lie outside" in words(offer)


def test_heights_are_dropped(read):
    offer = read(frame(shapely.force_3d(PARK, 12.0)), "in.gpkg", "zones")
    assert not offer.shapes["zones"][0].geometry.has_z


@pytest.mark.parametrize(
    ("columns", "name", "layer"),
    [
        ({"zone_id": "kcn-song-khoai"}, "anything.geojson", "zones"),
        ({"link_id": "x"}, "transport.geojson", "transport"),
        ({"plot_id": "x", "zone_id": "kcn-song-khoai"}, "survey.geojson", "plots"),
    ],
)
def test_the_layer_is_told_by_name_or_columns(read, columns, name, layer):
    geometry = LineString([(106.8, 21.0), (106.9, 21.0)]) if layer == "transport" else PARK
    assert list(read(frame(geometry, **columns), name).shapes) == [layer]


def test_unknown_layers_and_columns_are_told(read):
    assert "not clear which layer" in words(read(frame(name="x"), "survey.geojson"))
    assert "column rent: there is no such column" in words(read(frame(zone_id="x", rent=3), "zones.geojson"))


def test_a_formula_in_a_property_is_refused(read):
    assert "holds a formula" in words(read(frame(zone_id='=cmd|" /C calc"!A0')))


def test_features_and_vertices_are_bounded(read, monkeypatch):
    monkeypatch.setattr(shapes, "MAX_COORDINATES", 4)
    assert "more than 4 vertices" in words(read(frame()))
    monkeypatch.setattr(shapes, "MAX_ROWS", 0)
    assert "more than 0 features" in words(read(frame()))


@pytest.mark.parametrize("content", ["", "{", "[]", json.dumps({"type": "FeatureCollection"})])
def test_what_is_no_geojson_is_refused(read, content):
    with pytest.raises(QnGeoError, match="cannot be opened"):
        read(content)


def test_a_text_file_named_gpkg_is_refused(data_copy, tmp_path):
    path = tmp_path / "in.gpkg"
    path.write_text("not a database")
    with pytest.raises(QnGeoError, match="cannot be opened"):
        shapes.read_shapes(path, data_copy)


VRT = '<OGRVRTDataSource><OGRVRTLayer name="zones"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>'


@pytest.mark.parametrize("name", ["zones.geojson", "zones.json", "zones.gpkg"])
def test_a_file_that_points_to_another_is_refused(data_copy, tmp_path, name):
    other = tmp_path / "other.geojson"
    other.write_text(frame().to_json(drop_id=True))
    path = tmp_path / name
    path.write_text(VRT.format(other))
    with pytest.raises(QnGeoError, match="cannot be opened"):
        shapes.read_shapes(path, data_copy)


def test_a_database_that_is_no_geopackage_is_refused(data_copy, tmp_path):
    path = tmp_path / "zones.gpkg"
    with closing(sqlite3.connect(path)) as database:
        database.execute("create table zones (zone_id text)")
        database.commit()
    with pytest.raises(QnGeoError, match="not a GeoPackage"):
        shapes.read_shapes(path, data_copy)


@pytest.mark.parametrize(
    "system",
    [
        {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}},
        {"type": "name", "properties": {"name": "http://127.0.0.1:9/crs"}},
        {"type": "name", "properties": {"name": "+proj=longlat +nadgrids=/etc/passwd"}},
        {"type": "name", "properties": {"name": ["EPSG:4326"]}},
        {"type": "name"},
        "EPSG:4326",
    ],
)
def test_a_reference_system_that_is_no_plain_name_is_refused(read, system):
    content = json.loads(frame().to_json(drop_id=True))
    with pytest.raises(QnGeoError, match="cannot be opened"):
        read(json.dumps({**content, "crs": system}))


@pytest.mark.parametrize(
    ("name", "system", "geometry"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", PARK),
        ("EPSG:4326", "EPSG:4326", PARK),
        ("urn:ogc:def:crs:EPSG::5899", "EPSG:5899", crs.project(PARK)),
    ],
)
def test_geojson_may_name_an_accepted_system(read, name, system, geometry):
    content = json.loads(frame(geometry, system).to_json(drop_id=True, to_wgs84=False))
    offer = read(json.dumps({**content, "crs": {"type": "name", "properties": {"name": name}}}))
    assert offer.problems == []
    assert offer.shapes["zones"][0].geometry.equals_exact(PARK, 1e-8)


def test_geojson_in_another_system_is_refused(read):
    content = json.loads(frame().to_json(drop_id=True))
    named = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    assert "EPSG::3857 is not accepted" in words(read(json.dumps({**content, "crs": named})))


def test_geojson_that_is_not_utf8_is_refused(data_copy, tmp_path):
    path = tmp_path / "zones.geojson"
    path.write_bytes(frame(zone_id="kcn-h\u00e9").to_json(drop_id=True, ensure_ascii=False).encode("latin-1"))
    with pytest.raises(QnGeoError, match="cannot be opened"):
        shapes.read_shapes(path, data_copy)


@pytest.mark.parametrize(
    "feature",
    [
        7,
        {"type": "Feature", "properties": 7, "geometry": None},
        {"type": "Feature", "properties": {"zone_id": "x"}, "geometry": {"type": "Polygon", "coordinates": 7}},
        {"type": "Feature", "properties": {"zone_id": ["x"]}, "geometry": PARK.__geo_interface__},
    ],
)
def test_a_damaged_feature_is_told(read, feature):
    content = json.dumps({"type": "FeatureCollection", "features": [feature]})
    try:
        told = words(read(content))
    except QnGeoError as error:
        told = error.message("en")
    assert any(text in told for text in ("cannot be opened", "no geometry", "holds a list"))


def test_deep_nesting_is_refused(read):
    with pytest.raises(QnGeoError, match="cannot be opened"):
        read("{" + '"a":[' * 100_000)


def test_a_geopackage_with_bytes_that_are_no_text_is_refused(data_copy, tmp_path):
    path = tmp_path / "zones.gpkg"
    pyogrio.write_dataframe(frame(zone_id="kcn-song-khoai"), path, layer="zones")
    content = path.read_bytes()
    assert b"kcn-song-khoai" in content
    path.write_bytes(content.replace(b"kcn-song-khoai", b"kcn-song-kho\xe9i"))
    assert "cannot be read" in words(shapes.read_shapes(path, data_copy))
