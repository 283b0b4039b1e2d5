"""Land-use cells: published areas to 0.5 %, inside their zone, side by side; nothing where nothing is published."""

from __future__ import annotations

import json
from itertools import combinations

import pytest
import shapely

from qn_geo.build.landuse import manner
from qn_geo.build.plane import hectares
from qn_geo.build.precincts import VAN_DON
from qn_geo.build.reading import read_shapes, read_table
from qn_geo.crs import project
from tests.conftest import ROOT

DATA = ROOT / "data"
TABLE = {row["row_id"]: row for row in read_table(DATA, "zones/landuse.csv")}
ZONES = {row["zone_id"]: (row, geometry) for row, geometry in read_shapes(DATA, "zones/zones.geojson")}
CELLS = {row["cell_id"]: (row, geometry) for row, geometry in read_shapes(DATA, "zones/landuse.geojson")}
NOTES = json.loads((DATA / "zones" / "landuse.geojson.record.json").read_text(encoding="utf-8"))["notes"]
# Its published parts add up to 668.81 ha of 660.
TOO_MUCH = ("kcn-texhong-hai-ha", 2014)


def test_cells_repeat_their_rows():
    for row, _ in CELLS.values():
        table = TABLE[row["row_id"]]
        assert table["role"] in {"use", "total"}
        for name in ("zone_id", "use_name_vi", "use_name_en", "source_id"):
            assert row[name] == table[name]
        assert (row["use_code"] or "") == table["use_code"]
        assert row["area_ha"] == float(table["area_ha"])
        assert str(row["horizon"] or "") == table["horizon"]


@pytest.mark.parametrize("cell_id", sorted(CELLS))
def test_area_is_the_published_one(cell_id):
    row, geometry = CELLS[cell_id]
    if (row["zone_id"], row["horizon"]) == TOO_MUCH:
        assert hectares(geometry) == pytest.approx(row["area_ha"] * 660 / 668.81, rel=5e-3)
        assert "668" in NOTES[row["row_id"]]["vi"]
    else:
        assert hectares(geometry) == pytest.approx(row["area_ha"], rel=5e-3)


@pytest.mark.parametrize("cell_id", sorted(CELLS))
def test_cell_lies_inside_its_zone(cell_id):
    row, geometry = CELLS[cell_id]
    assert geometry.difference(ZONES[row["zone_id"]][1]).area < 1e-3 * geometry.area + 50


def test_cells_of_one_partition_lie_side_by_side():
    for one, other in combinations(CELLS.values(), 2):
        if one[0]["zone_id"] == other[0]["zone_id"]:
            shared = one[1].intersection(other[1]).area  # a decimetre along the edges: six decimals of a degree
            assert shared < 1e-3 * min(one[1].area, other[1].area), (one[0]["cell_id"], other[0]["cell_id"])


def test_every_published_use_of_a_drawn_zone_is_drawn_or_explained():
    missing = {
        row_id
        for row_id, row in TABLE.items()
        if row["role"] == "use"
        and row["zone_id"] in ZONES
        and row_id not in {cell["row_id"] for cell, _ in CELLS.values()}
    }
    assert missing <= set(NOTES)
    assert {TABLE[row_id]["group"] for row_id in missing} <= {"land-sea", "monbay"}


def test_a_total_is_drawn_only_where_nothing_else_is():
    totals = [row for row, _ in CELLS.values() if TABLE[row["row_id"]]["role"] == "total"]
    for row in totals:
        uses = [other for other in TABLE.values() if other["zone_id"] == row["zone_id"] and other["role"] == "use"]
        assert not uses
        assert row["quality"] == ZONES[row["zone_id"]][0]["quality"]
    assert {"kcn-bach-dang", "ccn-yen-than", "kkt-bac-phong-sinh"} <= {row["zone_id"] for row in totals}


def test_nothing_is_invented():
    published = {row["zone_id"] for row in TABLE.values()}
    assert {row["zone_id"] for row, _ in CELLS.values()} <= published
    drawn = {row["row_id"] for row, _ in CELLS.values()}
    assert not [row_id for row_id in drawn if TABLE[row_id]["role"] == "part"]


def test_precincts_name_rows_of_the_table():
    names = {row["use_name_vi"] for row in TABLE.values() if row["zone_id"] == "kkt-van-don" and row["role"] == "use"}
    assert {name for precinct in VAN_DON for name, _ in precinct.rows} <= names


def test_airport_lies_over_its_runway():
    airport = next(geometry for row, geometry in CELLS.values() if row["use_name_en"] == "Vân Đồn airport")
    ends = shapely.MultiPoint([(107.4095, 21.1088), (107.4215, 21.1321)])
    assert airport.contains(project(ends))


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("DGT", "Đất giao thông", "road"),
        ("DKV", "Cây xanh", "green"),
        ("SKK", "Dịch vụ gì đó", "lots"),
        ("", "Trung tâm điều hành", "gate"),
        ("", "Đất công trình đầu mối hạ tầng kỹ thuật", "far"),
        ("", "Giai đoạn 1", "lots"),
    ],
)
def test_manner_of_a_use(code, name, expected):
    assert manner({"use_code": code, "use_name_vi": name}) == expected
