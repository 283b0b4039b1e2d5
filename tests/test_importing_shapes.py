from __future__ import annotations

import json

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
