from __future__ import annotations

import json

import pytest
from shapely.geometry import box, mapping

from qn_geo.build import official
from qn_geo.errors import DataFileError


def shape(layer, feature_id, **properties):
    names = {column.name: None for column in official.LAYER.columns}
    told = {**names, "layer": layer, "feature_id": feature_id, "source_id": "s1", **properties}
    return {"type": "Feature", "properties": told, "geometry": mapping(box(107, 21, 107.1, 21.1))}


@pytest.fixture
def write(tmp_path):
    def write_shapes(*features):
        path = tmp_path / official.LAYER.file
        path.parent.mkdir()
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return tmp_path

    return write_shapes


def test_without_an_import_there_is_nothing(tmp_path):
    assert official.read(tmp_path) == []
    assert official.overrides(tmp_path, "zones") == {}
    assert official.pieces(tmp_path, "plots") == {}
    assert official.sources(tmp_path, "zones") == []


def test_each_layer_gets_its_own(write):
    folder = write(shape("zones", "kcn-a"), shape("transport", "road-a", source_id="s2"))
    assert list(official.overrides(folder, "zones")) == ["kcn-a"]
    assert official.overrides(folder, "zones")["kcn-a"].equals(box(107, 21, 107.1, 21.1))
    assert official.sources(folder, "transport") == ["s2"]
    assert len(official.read(folder)) == 2


def test_pieces_are_grouped_by_zone_and_horizon(write):
    folder = write(
        shape("landuse", "c1", zone_id="kcn-a", horizon="2030"),
        shape("landuse", "c2", zone_id="kcn-a", horizon="2040"),
        shape("landuse", "c3", zone_id="kcn-a", horizon="2040"),
        shape("plots", "p1", zone_id="kcn-a"),
    )
    grouped = {key: [item.id for item in items] for key, items in official.pieces(folder, "landuse").items()}
    assert grouped == {("kcn-a", "2030"): ["c1"], ("kcn-a", "2040"): ["c2", "c3"]}
    assert list(official.pieces(folder, "plots")) == [("kcn-a", "")]


@pytest.mark.parametrize("content", ["{", "[]", '{"features": [{"properties": {}}]}'])
def test_a_damaged_file_names_the_way_back(tmp_path, content):
    path = tmp_path / official.LAYER.file
    path.parent.mkdir()
    path.write_text(content)
    with pytest.raises(DataFileError, match="data history"):
        official.read(tmp_path)
