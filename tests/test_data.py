"""The data of the repository itself: every record opened, every file compared."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from pathlib import Path

import pytest

from qn_geo import catalog, layers, schema, stories

DATA = Path(__file__).parents[1] / "data"
RECORDS = sorted(DATA.glob("*/*.record.json"))
# The province with its waters, and around it what the backdrop shows and the railway from Hà Nội crosses.
PROVINCE = (106.4, 20.4, 108.6, 21.8)
SURROUNDINGS = (105.5, 20.0, 109.0, 22.5)
WINDOWS = {
    "transport": SURROUNDINGS,
    "natural-earth-land": (102.9, 18.5, 111.7, 23.7),
    "backdrop": (102.9, 18.5, 111.7, 23.7),
}

# Lists that are our own words and arithmetic: nothing in them is taken from a document.
OWN_LISTS = {"measures", "sectors", "sources"}


def _record(path):
    return json.loads(path.read_text("utf-8"))


def _file(path):
    return path.with_name(path.name.removesuffix(schema.SUFFIX))


def _content(path, record):
    """Rows and columns of a file: of a story its scenes, and the fields that any of them has."""
    if _file(path).suffix == ".yaml":
        scenes = stories.load(record["id"]).scenes
        used = {name for scene in scenes for name in scene.model_dump(exclude_defaults=True)}
        return len(scenes), [name for name in stories.Scene.model_fields if name in used]
    is_layer = _file(path).suffix == ".geojson"
    frame = layers.layer(record["id"]) if is_layer else layers.table(_file(path).stem)
    return len(frame), [name for name in frame.columns if name != "geometry"]


@pytest.fixture(scope="module")
def source_ids():
    return set(layers.table("sources")["source_id"])


def test_data_check_finds_nothing():
    assert [problem.message("en") for problem in catalog.check()] == []


def test_every_file_has_a_record_and_every_record_a_file():
    files = {
        path
        for path in DATA.rglob("*")
        if path.is_file() and ".history" not in path.parts and path.suffix != ".md" and path not in RECORDS
    }
    assert files == {_file(path) for path in RECORDS}


def test_all_files_of_the_product_are_there():
    assert {_file(path).name for path in RECORDS} >= set(schema.SCHEMAS) - schema.OPTIONAL


def test_record_ids_are_unique():
    ids = [_record(path)["id"] for path in RECORDS]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: _file(path).name)
def test_file_is_what_its_record_says(path, source_ids):
    record, content = _record(path), _file(path).read_bytes()
    assert record["file"] == _file(path).name
    assert record["sha256"] == hashlib.sha256(content).hexdigest()
    is_layer = _file(path).suffix == ".geojson"
    rows, columns = _content(path, record)
    assert record["rows"] == rows > 0
    assert [column["name"] for column in record["columns"]] == columns
    assert record["crs"] == ("EPSG:4326" if is_layer else None)
    assert record["sources"] or record["id"] in OWN_LISTS
    assert set(record["sources"]) <= source_ids
    assert record["licence"]


@pytest.mark.parametrize("path", [DATA / "README.md", *sorted(DATA.glob("[!.]*/*.*"))], ids=lambda path: path.name)
def test_text_is_composed_unicode_with_plain_line_ends(path):
    text = path.read_text("utf-8")
    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text
    assert text.endswith("\n")


@pytest.mark.parametrize("name", [name for name in schema.SCHEMAS if name.endswith(".geojson")])
def test_layer_lies_in_the_province_in_order_of_its_ids(name):
    if name in schema.OPTIONAL:
        assert not (DATA / schema.path_of(name)).exists(), "the repository itself holds no import"
        return
    frame = layers.layer(schema.id_of(name))
    west, south, east, north = WINDOWS.get(schema.id_of(name), PROVINCE)
    assert frame.total_bounds[0] > west
    assert frame.total_bounds[1] > south
    assert frame.total_bounds[2] < east
    assert frame.total_bounds[3] < north
    assert frame.geometry.is_valid.all()
    assert not frame.geometry.is_empty.any()
    first = frame.columns[0]
    assert frame[first].is_monotonic_increasing


@pytest.mark.parametrize("name", [name for name in schema.SCHEMAS if name.endswith(".geojson")])
def test_coordinates_have_at_most_six_decimals(name):
    if name in schema.OPTIONAL:
        return
    coordinates = layers.layer(schema.id_of(name)).get_coordinates().to_numpy()
    assert abs(coordinates.round(6) - coordinates).max() < 1e-9


def test_counts_of_the_published_lists():
    assert len(layers.layer("communes")) == 54
    assert set(layers.layer("areas")["area_id"]) == {"mong-cai", "van-don", "quang-yen", "hai-ha"}
    assert len(layers.table("transport")) == len(layers.layer("transport")) == 53
    assert len(layers.table("logistics")) == 31
    assert layers.table("zones")["kind"].value_counts().to_dict() == {"KCN": 20, "CCN": 11, "KKT": 5}


def test_titles_of_documents_hold_no_remark_of_ours():
    remark = r"(?i)\b(?:rendering|version|edition|summary|copy|thesis|template|amended by)\b[^()]*\)?$"
    titles = layers.table("sources").set_index("source_id")["title"]
    assert titles[titles.str.contains(remark)].to_dict() == {}


def test_every_plot_is_marked_as_demo():
    plots = layers.layer("plots")
    assert set(plots["quality"]) == {"demo"}
    assert 1000 < len(plots) < 10_000


def test_every_located_zone_and_centre_is_on_the_map():
    centres = layers.table("logistics")
    assert set(layers.layer("logistics")["centre_id"]) == set(centres.loc[centres["lon"].notna(), "centre_id"])
    zones = layers.table("zones")
    drawable = zones["lon"].notna() & zones["area_ha"].notna()
    assert set(layers.layer("zones")["zone_id"]) >= set(zones.loc[drawable, "zone_id"])
