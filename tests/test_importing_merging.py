from __future__ import annotations

import pytest

from qn_geo.importing import merging
from qn_geo.importing.offers import Offer, Row
from qn_geo.importing.targets import TABLES, csv_bytes, read_rows

OCCUPANCY = {
    "zone_id": "kcn-song-khoai",
    "measure": "occupancy_pct",
    "period": "2026-11",
    "value": "61.5",
    "basis": "leasable",
    "source_id": "vq01",
}
PROJECT = {"name_vi": "Nhà máy thử", "zone_id": "kcn-song-khoai", "source_id": "vq01", "status": "planned"}


@pytest.fixture
def merge(data_copy):
    """Merge rows into tables: `merge(figures=[{...}])` gives the result by table and the complaints."""

    def merge_rows(source_id=None, **tables):
        offer = Offer(
            {stem: [Row("in", line, row) for line, row in enumerate(rows, 2)] for stem, rows in tables.items()}
        )
        merged = merging.merge_tables(data_copy, offer, source_id)
        return merged, [problem.message("en") for problem in offer.problems]

    return merge_rows


@pytest.fixture
def known_source(data_copy):
    return read_rows(data_copy, "zones/sources.csv")[1][0]["source_id"]


def test_what_goes_without_saying_is_filled_in(merge, known_source):
    merged, problems = merge(
        figures=[{**OCCUPANCY, "source_id": known_source}], projects=[{**PROJECT, "source_id": known_source}]
    )
    assert problems == []
    (figure,) = merged["figures"].changes
    row = merged["figures"].rows[figure.id]
    assert (row["unit"], row["kind"], row["class"], row["precision"]) == ("pct", "actual", "official", "month")
    (project,) = merged["projects"].changes
    assert project.id == "prj-nha-may-thu"
    assert merged["projects"].rows[project.id]["counted"] == "yes"


@pytest.mark.parametrize(
    ("period", "kind", "precision"),
    [("2026-11-30", "actual", "day"), ("2026", "actual", "year"), ("2030", "plan", "horizon")],
)
def test_precision_follows_from_the_period(merge, known_source, period, kind, precision):
    merged, problems = merge(figures=[{**OCCUPANCY, "period": period, "kind": kind, "source_id": known_source}])
    assert problems == []
    assert merged["figures"].rows[merged["figures"].changes[0].id]["precision"] == precision


def test_figures_are_numbered_on(merge, known_source, data_copy):
    last = max(row["figure_id"] for row in read_rows(data_copy, "zones/figures.csv")[1])
    rows = [{**OCCUPANCY, "source_id": known_source, "period": period} for period in ("2026-10", "2026-11")]
    changes = merge(figures=rows)[0]["figures"].changes
    assert [change.id for change in changes] == [f"f{int(last[1:]) + 1:04d}", f"f{int(last[1:]) + 2:04d}"]


def test_a_row_without_id_is_recognised_by_its_content(merge, data_copy):
    present = read_rows(data_copy, "zones/projects.csv")[1][0]
    same = {column: value for column, value in present.items() if value and column != "project_id"}
    merged, problems = merge(projects=[same])
    assert problems == []
    assert (merged["projects"].changes, merged["projects"].unchanged) == ([], 1)


def test_a_changed_cell_is_told_with_old_and_new(merge, data_copy):
    present = next(row for row in read_rows(data_copy, "zones/zones.csv")[1] if row["area_ha"])
    merged, problems = merge(zones=[{"zone_id": present["zone_id"], "area_ha": "777"}])
    assert problems == []
    (change,) = merged["zones"].changes
    assert (change.id, change.action, change.fields) == (
        present["zone_id"],
        "changed",
        (("area_ha", present["area_ha"], "777"),),
    )


def test_numbers_written_otherwise_are_the_same(merge, data_copy):
    present = next(row for row in read_rows(data_copy, "zones/zones.csv")[1] if row["area_ha"])
    merged = merge(zones=[{"zone_id": present["zone_id"], "area_ha": f"{float(present['area_ha']):.3f}"}])[0]
    assert merged["zones"].changes == []


def test_a_cell_can_be_cleared_and_an_empty_one_leaves_what_is_there(merge, data_copy):
    present = next(row for row in read_rows(data_copy, "zones/zones.csv")[1] if row["developer"] and row["note_vi"])
    merged = merge(zones=[{"zone_id": present["zone_id"], "developer": "\x00"}])[0]
    row = merged["zones"].rows[present["zone_id"]]
    assert (row["developer"], row["note_vi"]) == ("", present["note_vi"])


def test_no_change_gives_the_same_bytes(merge, data_copy):
    for stem, table in TABLES.items():
        first = read_rows(data_copy, table.file)[1][0]
        merged = merge(**{stem: [{table.key: first[table.key]}]})[0][stem]
        assert csv_bytes(merged.columns, merged.rows.values()) == (data_copy / table.file).read_bytes()


@pytest.mark.parametrize(
    ("stem", "cells", "said"),
    [
        ("figures", {"zone_id": "kcn-song-khoaj"}, "did you mean “kcn-song-khoai”?"),
        ("figures", {"measure": "rents"}, "column measure: there is no “rents”"),
        ("figures", {"source_id": "nowhere"}, "column source_id: there is no “nowhere”"),
        ("figures", {"source_id": ""}, "--source"),
        ("figures", {"unit": "ha"}, "the unit of this measure is pct"),
        ("figures", {"kind": "guess"}, "is not one of: actual, plan, target"),
        ("figures", {"period": "11/2026"}, "is not an ISO date"),
        ("figures", {"value": ""}, "column value: must not be empty"),
        ("figures", {"value_max": "3"}, "high end of the range"),
        ("projects", {"sector": "magic"}, "column sector: there is no “magic”"),
        ("zones", {"zone_id": ""}, "column zone_id: must not be empty"),
        ("zones", {"zone_id": "kcn-moi", "parent_id": "kkt-nowhere"}, "column parent_id: there is no"),
    ],
)
def test_complaints(merge, known_source, stem, cells, said):
    whole = {"figures": OCCUPANCY, "projects": PROJECT, "zones": {"kind": "KCN", "name_vi": "Khu", "area": "other"}}
    row = {name: value for name, value in ({**whole[stem], "source_id": known_source} | cells).items() if value}
    problems = merge(**{stem: [row]})[1]
    assert any(said in text and text.startswith("in, line 2") for text in problems), problems


def test_the_same_row_twice_is_refused(merge, known_source):
    row = {**OCCUPANCY, "source_id": known_source}
    assert "already stands in line 2" in merge(figures=[row, {**row, "value": "70"}])[1][0]


def test_what_a_file_adds_may_be_referred_to_in_the_same_file(merge):
    zone = {
        "zone_id": "kcn-moi",
        "kind": "KCN",
        "name_vi": "KCN mới",
        "area": "other",
        "status": "planned",
        "source_id": "so1",
    }
    source = {"source_id": "so1", "title": "Quyết định thành lập"}
    figure = {**OCCUPANCY, "zone_id": "kcn-moi", "source_id": "so1"}
    merged, problems = merge(zones=[zone], sources=[source], figures=[figure])
    assert problems == []
    assert merged["zones"].rows["kcn-moi"]["name_en"] == "KCN mới"
    assert merged["sources"].rows["so1"]["tier"] == "official"


def test_rows_without_a_source_take_the_named_one(merge, known_source):
    row = {column: value for column, value in OCCUPANCY.items() if column != "source_id"}
    merged, problems = merge(known_source, figures=[row])
    assert problems == []
    assert merged["figures"].rows[merged["figures"].changes[0].id]["source_id"] == known_source
