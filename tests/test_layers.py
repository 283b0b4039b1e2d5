from __future__ import annotations

import json
import os
from concurrent.futures import ThreadPoolExecutor

import pandas as pd
import pytest
from shapely.geometry import Point

from qn_geo import layers, schema
from qn_geo.errors import DataFileError
from qn_geo.settings import settings

SECTORS = "sector,name_vi,name_en\nenergy,Năng lượng,Energy\ntextile,Dệt may,Textiles\n"
SQUARE = {"type": "Polygon", "coordinates": [[[107, 21], [107.1, 21], [107.1, 21.1], [107, 21]]]}


@pytest.fixture
def data(tmp_path, monkeypatch):
    folder = tmp_path / "data"
    (folder / "zones").mkdir(parents=True)
    (folder / "boundaries").mkdir()
    monkeypatch.setenv("QN_GEO_DATA_DIR", str(folder))
    settings.cache_clear()
    yield folder
    settings.cache_clear()


def _write(folder, name, content, *, later=0):
    path = folder / schema.path_of(name)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    if later:
        status = path.stat()
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + later))
    return path


def _collection(*features):
    lines = ",\n".join(json.dumps(feature) for feature in features)
    return f'{{"type":"FeatureCollection","name":"backdrop","features":[\n{lines}\n]}}\n'


def _feature(kind="land", geometry=SQUARE):
    return {"type": "Feature", "properties": {"kind": kind}, "geometry": geometry}


def test_a_table_comes_typed_and_complete(data):
    _write(data, "sectors.csv", SECTORS)
    frame = layers.table("sectors")
    assert list(frame.columns) == ["sector", "name_vi", "name_en"]
    assert frame["name_vi"].tolist() == ["Năng lượng", "Dệt may"]
    assert layers.table("sectors-table").equals(frame)


def test_numbers_words_and_gaps_keep_their_types():
    figures = layers.table("figures")
    assert figures["value"].dtype == "float64"
    assert figures["period"].map(lambda value: pd.isna(value) or isinstance(value, str)).all()
    codes = layers.table("landuse_codes")
    assert str(codes["r"].dtype) == "Int64"
    assert codes["r"].isna().any()


def test_cells_like_na_stay_text(data):
    _write(data, "sectors.csv", "sector,name_vi,name_en\nna,NA,None\n")
    assert layers.table("sectors").iloc[0].tolist() == ["na", "NA", "None"]


def test_a_layer_comes_as_geometry_in_wgs84(data):
    path = _write(data, "backdrop.geojson", _collection(_feature(), _feature("sea")))
    frame = layers.layer("backdrop")
    assert frame.crs == "EPSG:4326"
    assert frame["kind"].tolist() == ["land", "sea"]
    assert frame.geometry.geom_type.tolist() == ["Polygon", "Polygon"]
    assert layers.geojson("backdrop") == path.read_bytes()


def test_a_layer_without_features_keeps_its_columns(data):
    _write(data, "backdrop.geojson", _collection())
    assert list(layers.layer("backdrop").columns) == ["kind", "geometry"]
    assert len(layers.layer("backdrop")) == 0


def test_callers_cannot_change_what_others_see(data):
    _write(data, "sectors.csv", SECTORS)
    _write(data, "backdrop.geojson", _collection(_feature()))
    mine = layers.table("sectors")
    mine["name_vi"] = "x"
    mine.loc[0, "sector"] = "y"
    mine["more"] = 1
    assert layers.table("sectors").iloc[0].tolist() == ["energy", "Năng lượng", "Energy"]
    shapes = layers.layer("backdrop")
    shapes["geometry"] = [Point(0, 0)]
    shapes.loc[0, "kind"] = "z"
    assert layers.layer("backdrop").geometry.iloc[0].geom_type == "Polygon"
    assert layers.layer("backdrop")["kind"].tolist() == ["land"]


def test_a_changed_file_is_read_anew(data):
    _write(data, "sectors.csv", SECTORS)
    assert len(layers.table("sectors")) == 2
    before = layers.version("sectors")
    _write(data, "sectors.csv", SECTORS.replace("textile", "garment"), later=1)
    assert layers.table("sectors")["sector"].tolist() == ["energy", "garment"]
    assert layers.version("sectors") != before
    _write(data, "sectors.csv", SECTORS, later=2)
    assert layers.version("sectors") == before


def test_an_unchanged_file_is_read_once(data, monkeypatch):
    _write(data, "sectors.csv", SECTORS)
    calls = []
    read = layers.read_table
    monkeypatch.setattr(layers, "read_table", lambda *a, **k: calls.append(1) or read(*a, **k))
    with ThreadPoolExecutor(8) as pool:
        frames = list(pool.map(lambda _number: layers.table("sectors"), range(40)))
    assert len(calls) == 1
    assert all(frame.equals(frames[0]) for frame in frames)


def test_every_cache_is_bounded():
    for cached in (layers._table, layers._layer, layers._content, layers._hash):
        assert cached.cache_info().maxsize is not None


def test_a_missing_file_names_itself_and_the_remedy(data):
    with pytest.raises(DataFileError) as caught:
        layers.table("zones")
    assert caught.value.file == "data/zones/zones.csv"
    assert "git checkout data/zones/zones.csv" in caught.value.message("vi")
    assert "is missing" in caught.value.message("en")
    with pytest.raises(DataFileError) as caught:
        layers.layer("zones")
    assert "python -m qn_geo data build" in caught.value.message("vi")
    assert str(data) not in caught.value.message("en")


@pytest.mark.parametrize(
    ("content", "line", "message"),
    [
        (SECTORS + "power,Điện\n", 4, "2 cells"),
        (SECTORS + "a,b,c,d\n", 4, "4 cells"),
        (SECTORS.encode() + b"\xff\xfe,a,b\n", None, "cannot be read"),
        (SECTORS + 'power,"Điện,Power\n', None, "cannot be read"),
        (SECTORS + "energy,Điện,Power\n", None, "line 2, column sector: the value “energy” is repeated"),
        ("sector,name_vi,name_vi\na,b,c\n", None, "repeated column"),
        ("", None, "column sector: this column is missing"),
    ],
)
def test_a_damaged_table_says_where(data, content, line, message):
    _write(data, "sectors.csv", content)
    with pytest.raises(DataFileError) as caught:
        layers.table("sectors")
    assert caught.value.file == "data/zones/sectors.csv"
    assert caught.value.row == line
    assert message in caught.value.message("en")
    assert not layers.available("sectors")


def test_lines_are_counted_as_an_editor_shows_them(data):
    _write(data, "sectors.csv", 'sector,name_vi,name_en\nenergy,"Năng\nlượng",Energy\nBad Id,b,c\n')
    with pytest.raises(DataFileError, match=r"line 4, column sector"):
        layers.table("sectors")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read"),
        ("[]", "cannot be read"),
        ("[" * 100_000, "cannot be read"),
        (_collection(_feature()).replace('"land"', "[" * 980 + "]" * 980), "cannot be read"),
        ('{"type":"FeatureCollection"}', "cannot be read"),
        (_collection(_feature())[:150], "cannot be read"),
        (
            _collection(_feature(geometry={"type": "Polygon", "coordinates": [[[1, 2]]]})),
            "line 2: the feature has no usable geometry",
        ),
        (_collection(_feature(), _feature(geometry=None)), "line 3: the feature has no usable geometry"),
        (_collection(_feature(), _feature(kind="Đất")), "line 3, column kind"),
        (_collection({**_feature(), "properties": {}}), "column kind: this column is missing"),
    ],
)
def test_a_damaged_layer_says_where(data, content, message):
    _write(data, "backdrop.geojson", content)
    for use in (layers.layer, layers.geojson):
        with pytest.raises(DataFileError) as caught:
            use("backdrop")
        assert caught.value.file == "data/boundaries/backdrop.geojson"
        assert message in caught.value.message("en")
        assert "data build" in caught.value.message("vi")
    assert not layers.available("backdrop")


def test_bytes_and_hash_come_from_one_reading(data):
    path = _write(data, "backdrop.geojson", _collection(_feature()))
    assert layers.served("backdrop") == (layers.version("backdrop"), path.read_bytes())


def test_other_files_go_on_working(data):
    _write(data, "sectors.csv", SECTORS)
    _write(data, "backdrop.geojson", "{")
    assert layers.available("sectors")
    assert not layers.available("backdrop")
    assert not layers.available("zones")
    assert layers.version("backdrop")  # the file is there, whatever it holds


@pytest.mark.parametrize("use", [layers.table, layers.layer, layers.geojson, layers.version])
def test_unknown_names_are_refused(use):
    with pytest.raises(DataFileError, match="no data named"):
        use("nothing")
    assert not layers.available("nothing")


def test_a_table_is_no_layer():
    with pytest.raises(DataFileError, match="no data named"):
        layers.layer("figures")


def test_names_cannot_leave_the_data_folder():
    for name in ("../secrets", "/etc/passwd", "zones/zones"):
        with pytest.raises(DataFileError):
            layers.table(name)
        assert not layers.available(name)
