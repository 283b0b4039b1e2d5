"""The build makes every generated file again, byte for byte, and says what is wrong when it cannot."""

from __future__ import annotations

import json
import shutil

import pytest
from shapely.geometry import LineString, Point, box, shape

from qn_geo.build import STEPS, build_all
from qn_geo.build.checking import SOURCES
from qn_geo.build.official import NOTHING
from qn_geo.build.reading import read_table, row_sources, waypoints
from qn_geo.build.writing import Column, Feature, Layer, feature_collection, write_layer
from qn_geo.errors import DataFileError, QnGeoError
from qn_geo.schema import path_of
from tests.conftest import ROOT

DATA = ROOT / "data"
GENERATED = sorted(
    path.relative_to(DATA).as_posix().removesuffix(".record.json")
    for path in DATA.glob("*/*.record.json")
    if json.loads(path.read_text(encoding="utf-8"))["generated"]
)
LAYER = Layer("trial", "zones/trial.geojson", "a", "b", "c", "d", "demo", (Column("id", "string", "mã", "id"),))


def features(folder, file):
    return json.loads((folder / file).read_text(encoding="utf-8"))["features"]


@pytest.fixture(scope="module")
def rebuilt(tmp_path_factory):
    """The data directory after its generated files were thrown away and made again."""
    folder = tmp_path_factory.mktemp("build") / "data"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns(".history"))
    for file in GENERATED:
        (folder / file).unlink()
        (folder / f"{file}.record.json").unlink()
    return folder, build_all(folder)


def test_all_generated_files_are_known_and_written(rebuilt):
    _, written = rebuilt
    assert set(written) == {name for file in GENERATED for name in (file, f"{file}.record.json")}
    assert {"boundaries/city.geojson", "zones/zones.geojson", "zones/plots.geojson"} <= set(written)


@pytest.mark.parametrize("file", [name for file in GENERATED for name in (file, f"{file}.record.json")])
def test_build_repeats_every_byte(rebuilt, file):
    folder, _ = rebuilt
    assert (folder / file).read_bytes() == (DATA / file).read_bytes(), f"{file}: run `python -m qn_geo data build`"


def test_only_the_steps_asked_for_run(data_copy):
    assert build_all(data_copy, ["transport"]) == ["zones/transport.geojson", "zones/transport.geojson.record.json"]


def test_unknown_step_names_the_known_ones(tmp_path):
    with pytest.raises(QnGeoError) as caught:
        build_all(tmp_path, ["roads"])
    assert "roads" in caught.value.message("vi")
    assert all(step in caught.value.message("en") for step in STEPS)


@pytest.mark.parametrize("step", [step for step in STEPS if step != "plots"])
def test_missing_source_is_named(tmp_path, step):
    with pytest.raises(DataFileError) as caught:
        build_all(tmp_path, [step])
    assert caught.value.file in {"boundaries/communes.geojson", *(f"zones/{name}.csv" for name in STEPS)}
    assert caught.value.message("vi") != caught.value.message("en")


def test_damaged_source_is_named(data_copy):
    (data_copy / "zones" / "transport.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(DataFileError) as caught:
        build_all(data_copy, ["transport"])
    assert caught.value.file == "zones/transport.csv"


@pytest.mark.parametrize("file", [path_of(name) for name in (*SOURCES, "official.geojson")])
@pytest.mark.parametrize("spoil", ["empty", "headless", "column", "half"])
def test_nothing_is_built_from_a_source_against_its_schema(data_copy, file, spoil):
    path = data_copy / file
    if not path.exists():
        path.write_text(json.dumps({"type": "FeatureCollection", "features": [{"properties": {"layer": 1}}]}))
    lines = path.read_text(encoding="utf-8").splitlines()
    table = file.endswith(".csv")
    spoilt = {
        "empty": f"{lines[0]}\n" if table else "[]",
        "headless": "\n".join(lines[1:]) if table else '{"features": [{"geometry": null}]}',
        "column": path.read_text(encoding="utf-8").replace(lines[0].split(",")[0], "other", 1) if table else "{}",
        "half": path.read_text(encoding="utf-8")[:-60],
    }
    path.write_text(spoilt[spoil], encoding="utf-8")
    before = {made: made.read_bytes() for made in data_copy.rglob("*") if made.is_file()}
    with pytest.raises(DataFileError) as caught:
        build_all(data_copy)
    assert caught.value.file == file
    assert {made: made.read_bytes() for made in data_copy.rglob("*") if made.is_file()} == before


def test_plots_are_not_made_from_an_empty_zone_layer(data_copy):
    (data_copy / "zones/zones.geojson").write_text('{"type": "FeatureCollection", "features": []}')
    with pytest.raises(DataFileError, match="it has no rows") as caught:
        build_all(data_copy, ["plots"])
    assert caught.value.file == "zones/zones.geojson"


def test_every_link_and_located_centre_is_drawn():
    links = {row["link_id"]: row for row in read_table(DATA, "zones/transport.csv")}
    drawn = {item["properties"]["link_id"]: item for item in features(DATA, "zones/transport.geojson")}
    assert drawn.keys() == links.keys()
    for link_id, item in drawn.items():
        places = waypoints(links[link_id]["waypoints"])
        expected = Point(places[0]) if len(places) == 1 else LineString(places)
        assert shape(item["geometry"]).hausdorff_distance(expected) < 2e-6
        exact = float(links[link_id]["location_accuracy_m"]) <= 600
        assert item["properties"]["quality"] == ("approximate" if exact else "schematic")
    centres = {row["centre_id"]: row for row in read_table(DATA, "zones/logistics.csv") if row["lon"]}
    located = {item["properties"]["centre_id"]: item["geometry"] for item in features(DATA, "zones/logistics.geojson")}
    assert located.keys() == centres.keys()
    for centre_id, geometry in located.items():
        row = centres[centre_id]
        assert geometry["coordinates"] == pytest.approx([float(row["lon"]), float(row["lat"])], abs=1e-6)


def test_official_shapes_take_the_place_of_drawn_ones(data_copy):
    given = {
        ("zones", "ccn-yen-than"): box(107.40, 21.35, 107.41, 21.36),
        ("zones", "kcn-hoanh-bo"): box(107.00, 21.05, 107.02, 21.07),
        ("transport", "bridge-lai-xuan"): Point(106.61, 21.02),
        ("logistics", "logistics-quang-yen"): Point(106.8, 20.9),
    }
    official = [
        {
            "type": "Feature",
            "properties": {**NOTHING, "layer": layer, "feature_id": key, "source_id": "g10"},
            "geometry": geometry.__geo_interface__,
        }
        for (layer, key), geometry in given.items()
    ]
    path = data_copy / "zones" / "official.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": official}), encoding="utf-8")
    build_all(data_copy, ["zones", "transport", "logistics"])
    for (layer, key), geometry in given.items():
        items = features(data_copy, f"zones/{layer}.geojson")
        item = next(item for item in items if key in item["properties"].values())
        assert item["properties"]["quality"] == "official"
        assert shape(item["geometry"]).hausdorff_distance(geometry) < 2e-6
        record = json.loads((data_copy / "zones" / f"{layer}.geojson.record.json").read_text(encoding="utf-8"))
        assert "g10" in record["sources"]


def test_official_cells_replace_all_of_their_zone_and_horizon(data_copy):
    cell = {
        "type": "Feature",
        "properties": {
            **NOTHING,
            "layer": "landuse",
            "feature_id": "cell-1",
            "zone_id": "kcn-hai-yen",
            "horizon": "2016",
            "use_code": "SKK",
            "source_id": "g01",
        },
        "geometry": box(107.91, 21.535, 107.92, 21.54).__geo_interface__,
    }
    path = data_copy / "zones" / "official.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [cell]}), encoding="utf-8")
    build_all(data_copy, ["landuse"])
    cells = [item["properties"] for item in features(data_copy, "zones/landuse.geojson")]
    own = [cell for cell in cells if cell["zone_id"] == "kcn-hai-yen"]
    assert [(cell["cell_id"], cell["quality"], cell["use_name_en"]) for cell in own] == [
        ("cell-1", "official", "Industrial park land")
    ]


def test_writing_is_one_feature_a_line_with_its_record(tmp_path):
    made = [Feature({"id": name}, Point(107.1234567, 21)) for name in ("a", "b")]
    paths = write_layer(tmp_path, LAYER, made, ["s1", "s2", "s1"], {"a": {"vi": "ghi", "en": "note"}})
    lines = paths[0].read_text(encoding="utf-8").splitlines()
    assert lines[1] == (
        '{"type":"Feature","properties":{"id":"a"},"geometry":{"type":"Point","coordinates":[107.123457,21.0]}},'
    )
    assert len(lines) == 4
    record = json.loads(paths[1].read_text(encoding="utf-8"))
    assert record["rows"] == 2
    assert record["sources"] == ["s1", "s2"]
    assert record["notes"] == {"a": {"vi": "ghi", "en": "note"}}


def test_writing_refuses_other_columns():
    with pytest.raises(ValueError, match="trial"):
        feature_collection(LAYER, [Feature({"name": "x"}, Point(0, 0))])


def test_source_ids_are_split_and_sorted():
    assert row_sources([{"source_id": "b; a"}, {"source_id": "a;c"}, {"source_id": ""}]) == ["a", "b", "c"]
