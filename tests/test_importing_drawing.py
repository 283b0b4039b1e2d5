from __future__ import annotations

import json

import geopandas as gpd
import pytest
from shapely.geometry import box

from qn_geo import importing
from qn_geo.build import official
from qn_geo.errors import DataFileError, ImportRejectedError
from qn_geo.importing import drawing

PARK = box(106.80, 20.98, 106.83, 21.00)
SOURCE = "Quyết định 1/QĐ-BQL"


@pytest.fixture
def prepare(data_copy, tmp_path):  # noqa: ARG001 - the data it reads
    """Plan the import of shapes: `prepare("zones", [{...}], [geometry])`."""

    def prepare_shapes(layer, rows, geometries, source=SOURCE):
        path = tmp_path / f"{layer}.geojson"
        path.write_text(gpd.GeoDataFrame(rows, geometry=geometries, crs="EPSG:4326").to_json(drop_id=True))
        return importing.prepare(path, source_title=source)

    return prepare_shapes


def complaints(raised):
    return "\n".join(problem.message("en") for problem in raised.value.problems)


def test_an_official_zone_replaces_the_schematic_one(prepare, data_copy):
    plan = prepare("zones", [{"zone_id": "kcn-song-khoai"}], [PARK])
    change = next(change for change in plan.changes if change.target == "zones.geojson")
    (column, old, new) = change.fields[0]
    assert (column, change.action) == ("geometry", "changed")
    assert old.startswith("schematic ")
    assert new == f"official {drawing.size(PARK)}"
    (feature,) = json.loads(plan.contents[official.LAYER.file])["features"]
    assert feature["properties"]["layer"] == "zones"
    assert feature["properties"]["feature_id"] == "kcn-song-khoai"
    assert feature["properties"]["source_id"].startswith("own-")
    record = json.loads(plan.contents[official.LAYER.file + ".record.json"])
    assert (record["quality"], record["rows"], record["generated"]) == ("official", 1, False)
    assert not (data_copy / official.LAYER.file).exists()


def test_sizes_are_plane_ones():
    assert drawing.size(PARK).endswith(" ha")
    assert drawing.size(PARK.boundary).endswith(" km")
    assert drawing.size(PARK.centroid) == "106.81500 20.99000"


@pytest.mark.parametrize(
    ("layer", "rows", "said"),
    [
        ("zones", [{"zone_id": "kcn-song-khoaj"}], "did you mean “kcn-song-khoai”"),
        ("zones", [{"zone_id": "kcn-song-khoai"}, {"zone_id": "kcn-song-khoai"}], "already stands in row 1"),
        ("zones", [{"zone_id": None}], "the id is missing"),
        ("zones", [{"zone_id": "kcn-song-khoai", "source_id": "nowhere"}], "there is no “nowhere”"),
        ("plots", [{"plot_id": "a"}], "column zone_id: must not be empty"),
        ("plots", [{"plot_id": "a", "zone_id": "kcn-song-khoai", "status": "sold"}], "“sold” is not one of"),
        ("plots", [{"plot_id": "a", "zone_id": "kcn-song-khoai", "sheet": "12a"}], "not a whole number"),
        ("landuse", [{"zone_id": "kcn-song-khoai", "horizon": 2040, "use_code": "???"}], "there is no “???”"),
        ("communes", [{"code": "99999"}], "there is no “99999”"),
    ],
)
def test_complaints(prepare, layer, rows, said):
    with pytest.raises(ImportRejectedError) as raised:
        prepare(layer, rows, [PARK] * len(rows))
    assert said in complaints(raised)


def test_a_source_must_be_named(prepare):
    with pytest.raises(ImportRejectedError) as raised:
        prepare("zones", [{"zone_id": "kcn-song-khoai"}], [PARK], source=None)
    assert "--source" in complaints(raised)


def test_plots_replace_all_plots_of_their_park(prepare, data_copy):
    rows = [
        {"plot_id": f"sk-{n}", "zone_id": "kcn-song-khoai", "sheet": 12, "parcel": n, "status": "leased"}
        for n in (1, 2)
    ]
    plan = prepare("plots", rows, [box(106.80, 20.98, 106.81, 20.99), box(106.81, 20.98, 106.82, 20.99)])
    change = next(change for change in plan.changes if change.target == "plots.geojson")
    assert (change.id, change.fields[0][2]) == ("kcn-song-khoai", "2 official")
    (data_copy / official.LAYER.file).write_bytes(plan.contents[official.LAYER.file])
    pieces = official.pieces(data_copy, "plots")
    assert [item.id for item in pieces["kcn-song-khoai", ""]] == ["sk-1", "sk-2"]
    assert pieces["kcn-song-khoai", ""][0].properties["sheet"] == "12"


def test_cells_without_id_get_one_by_zone_and_horizon(prepare):
    row = {"zone_id": "kcn-song-khoai", "horizon": 2040, "use_code": "SKK"}
    plan = prepare("landuse", [row], [PARK])
    (feature,) = json.loads(plan.contents[official.LAYER.file])["features"]
    assert feature["properties"]["feature_id"].startswith("kcn-song-khoai-2040-official-")
    assert feature["properties"]["horizon"] == "2040"


def test_a_commune_is_replaced_in_its_own_file(prepare, data_copy):
    plan = prepare("communes", [{"code": "06652"}], [PARK])
    before = (data_copy / "boundaries/communes.geojson").read_text(encoding="utf-8").splitlines()
    after = plan.contents["boundaries/communes.geojson"].decode().splitlines()
    changed = [line for line, other in zip(before, after, strict=True) if line != other]
    assert [json.loads(line.rstrip(","))["properties"]["code"] for line in changed] == ["06652"]
    assert official.LAYER.file not in plan.contents


def test_communes_are_written_as_they_were_read(data_copy):
    assert drawing.communes_bytes(data_copy, {}) == (data_copy / "boundaries/communes.geojson").read_bytes()


def test_the_same_shape_again_changes_nothing(prepare, data_copy):
    rows = [{"zone_id": "kcn-song-khoai"}]
    plan = prepare("zones", rows, [PARK])
    for path, content in plan.contents.items():
        (data_copy / path).write_bytes(content)
    again = prepare("zones", rows, [PARK])
    assert (again.changes, again.counts()) == ([], {"zones.geojson": (0, 0, 1)})


@pytest.mark.parametrize("plot", ["x/y", "lô-1", "-x", "x" * 81, "a b", "<b>"])
def test_a_plot_needs_an_id_that_an_address_can_carry(prepare, plot):
    with pytest.raises(ImportRejectedError) as caught:
        prepare("plots", [{"plot_id": plot, "zone_id": "kcn-song-khoai"}], [PARK])
    assert "cannot be the id of a plot" in complaints(caught)
    prepare("plots", [{"plot_id": "A.1_b-" + "x" * 74, "zone_id": "kcn-song-khoai"}], [PARK])


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("boundaries/communes.geojson", "[]"),
        ("boundaries/communes.geojson", '{"features": [{"properties": {}}]}'),
        ("boundaries/communes.geojson", '{"features": [{"properties": {"code": "1"}}]}'),
        ("zones/zones.geojson", '{"features": [{"properties": {"zone_id": "kcn-song-khoai"}}]}'),
        ("zones/zones.geojson", '{"features": [7]}'),
        ("zones/official.geojson", '{"features": [{"properties": null, "geometry": null}]}'),
        ("zones/zones.csv", "zone_id,name_vi\n"),
        ("zones/sources.csv", "source_id\ng01\n"),
    ],
)
def test_damaged_data_are_named(prepare, data_copy, file, content):
    (data_copy / file).write_text(content, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        prepare("zones", [{"zone_id": "kcn-song-khoai"}], [PARK])
    assert caught.value.file == file
