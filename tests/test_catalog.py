from __future__ import annotations

import hashlib
import json

import pandas as pd
import pytest

from qn_geo import catalog, layers, schema
from qn_geo.catalog.references import REFERENCES, check_references
from qn_geo.errors import RecordError


def _record_path(data, name):
    return data / (schema.path_of(name) + schema.SUFFIX)


def _edit_record(data, name, **changes):
    path = _record_path(data, name)
    record = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**record, **changes}, ensure_ascii=False), "utf-8")


def _replace(data, name, old, new, *, keep_hash=True):
    """Change a file, and by default its record's hash with it, so that only the change itself is wrong."""
    path = data / schema.path_of(name)
    content = path.read_bytes()
    assert old.encode() in content
    path.write_bytes(content.replace(old.encode(), new.encode(), 1))
    if keep_hash:
        _edit_record(data, name, sha256=hashlib.sha256(path.read_bytes()).hexdigest())


def _told(lang="en"):
    return [problem.message(lang) for problem in catalog.check()]


def test_records_are_found_by_id():
    records = catalog.records()
    assert len(records) == len(set(records)) > 15
    assert all(key == record.id for key, record in records.items())
    zones = catalog.record("zones")
    assert (zones.file, zones.crs, zones.generated) == ("zones.geojson", "EPSG:4326", True)
    assert catalog.record_of("zones.csv").id == "zones-table"
    assert zones.rows == len(layers.layer("zones"))


def test_an_unknown_record_is_refused():
    with pytest.raises(RecordError, match="nothing"):
        catalog.record("nothing")


@pytest.mark.usefixtures("data_copy")
def test_a_whole_copy_is_in_order():
    assert _told() == []


def test_an_endlessly_nested_record_is_told(data_copy):
    _record_path(data_copy, "sectors.csv").write_text("[" * 100_000, "utf-8")
    assert any("sectors.csv.record.json" in text and "cannot be read" in text for text in _told())
    assert "zones" in catalog.records()


def test_a_damaged_record_is_told_and_hides_no_other(data_copy):
    _record_path(data_copy, "sectors.csv").write_text("{", "utf-8")
    _edit_record(data_copy, "zones.csv", licence=None, rows="many")
    records = catalog.records()
    assert "sectors" not in records
    assert "zones-table" not in records
    assert "zones" in records
    told = _told()
    assert any("zones/sectors.csv.record.json" in text for text in told)
    assert any("licence" in text and "rows" in text for text in told)
    assert layers.available("sectors"), "the table itself goes on working"


def test_records_that_are_no_objects_are_told(data_copy):
    _record_path(data_copy, "sectors.csv").write_text("[]", "utf-8")
    assert any("not a JSON object" in text for text in _told())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sha256": "0" * 64}, "the content differs from the record's hash"),
        ({"rows": 3}, "rows, the record says 3"),
        ({"id": "zones"}, "the record says id is zones, not sectors"),
        ({"crs": "EPSG:4326"}, "the record says crs is EPSG:4326, not None"),
        ({"quality": "official"}, "the record says quality is True, not False"),
        ({"generated": True}, "the record says generated is True, not False"),
        ({"columns": []}, "the columns differ from the record: name_en, name_vi, sector"),
        ({"sources": ["nobody"]}, "names sources that are not in sources.csv: nobody"),
    ],
)
def test_a_record_that_does_not_fit_is_told(data_copy, change, message):
    _edit_record(data_copy, "sectors.csv", **change)
    assert any(message in text and "sectors.csv" in text for text in _told()), _told()


def test_two_records_with_one_id_are_told(data_copy):
    _edit_record(data_copy, "sectors.csv", id="figures")
    assert any("the record id figures is taken twice" in text for text in _told())


def test_a_missing_file_and_a_missing_record_are_told(data_copy):
    (data_copy / "zones/zones.geojson").unlink()
    _record_path(data_copy, "sectors.csv").unlink()
    for name in ("zones/measures.csv", "zones/measures.csv.record.json"):
        (data_copy / name).unlink()
    told = _told()
    assert [text for text in told if "zones.geojson: the data file is missing" in text]
    assert [text for text in told if "zones/sectors.csv: the file has no record" in text]
    assert [text for text in told if "zones/measures.csv: the data file is missing" in text]


def test_a_stray_file_is_told_but_prose_and_history_are_not(data_copy):
    (data_copy / "zones/new.csv").write_text("a\n", "utf-8")
    (data_copy / "zones/why.md").write_text("# why\n", "utf-8")
    (data_copy / ".history").mkdir()
    (data_copy / ".history/old.csv").write_text("a\n", "utf-8")
    assert _told() == ["data/zones/new.csv: the file has no record."]


def test_a_recorded_file_without_schema_is_told(data_copy):
    (data_copy / "zones/new.csv").write_text("a\n", "utf-8")
    record = json.loads(_record_path(data_copy, "sectors.csv").read_text("utf-8"))
    (data_copy / "zones/new.csv.record.json").write_text(
        json.dumps({**record, "id": "new", "file": "new.csv"}), "utf-8"
    )
    assert _told() == ["data/zones/new.csv: no schema knows this file."]


def test_problems_are_gathered_from_all_files(data_copy):
    _replace(data_copy, "sectors.csv", "energy", "Energy Sector", keep_hash=False)
    (data_copy / "boundaries/city.geojson").write_text("{\n", "utf-8")
    _edit_record(data_copy, "figures.csv", rows=1)
    told = " ".join(_told())
    for name in ("sectors.csv", "city.geojson", "figures.csv"):
        assert name in told
    vi = " ".join(_told("vi"))
    assert "mã băm" in vi
    assert "Cách xử lý" in vi


def test_bytes_that_a_diff_cannot_show_are_told(data_copy):
    path = data_copy / "zones/sectors.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert any("must be UTF-8 without BOM, with LF" in text for text in _told())


def test_decomposed_letters_are_told(data_copy):
    first = layers.table("sectors")["name_vi"].iloc[0]
    _replace(data_copy, "sectors.csv", first, first + " e\N{COMBINING ACUTE ACCENT}")
    assert any("not in NFC form" in text for text in _told())


def test_bad_geometry_is_told_with_its_line(data_copy):
    path = data_copy / "boundaries/areas.geojson"
    lines = path.read_text("utf-8").splitlines()
    bow = {"type": "Polygon", "coordinates": [[[107, 21], [107.1, 21.1], [107.1, 21], [107, 21.1], [107, 21]]]}
    far = {"type": "Polygon", "coordinates": [[[21, 107], [21, 107.1], [21.1, 107], [21, 107]]]}
    for number, geometry in ((1, bow), (2, far)):
        feature = json.loads(lines[number].removesuffix(","))
        lines[number] = json.dumps({**feature, "geometry": geometry}) + ","
    path.write_text("\n".join(lines) + "\n", "utf-8")
    told = _told()
    assert any("areas.geojson, line 2: the geometry is not valid (Self-intersection" in text for text in told)
    assert any("areas.geojson, line 3: the geometry lies outside" in text for text in told)


def test_features_on_one_line_are_told(data_copy):
    path = data_copy / "boundaries/areas.geojson"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")), ensure_ascii=False) + "\n", "utf-8")
    assert any("must hold one feature a line" in text for text in _told())


FRAMES = {
    "zones.csv": pd.DataFrame(
        {"zone_id": ["kkt-a", "kcn-b", "kcn-c"], "parent_id": ["kcn-c", "kkt-a", "kcn-b"], "source_id": ["s1"] * 3}
    ),
    "sources.csv": pd.DataFrame({"source_id": ["s1", "s2"]}),
    "measures.csv": pd.DataFrame({"measure": ["occupancy_pct"], "unit": ["pct"]}),
    "figures.csv": pd.DataFrame(
        {
            "zone_id": ["kcn-b", "province", "area-ha-long", "kcn-none"],
            "measure": ["occupancy_pct", "occupancy_pct", "nothing", "occupancy_pct"],
            "unit": ["pct", "ha", "pct", "pct"],
            "source_id": ["s1;s2", "s1", "s3", "s1;s4"],
        }
    ),
}


def test_references_that_lead_nowhere_are_told_with_line_and_column():
    told = [problem.message("en") for problem in check_references([], FRAMES)]
    place = "zones/figures.csv, line"
    expected = [
        f"{place} 4, column measure: “nothing” is not in measures.csv.",
        f"{place} 5, column zone_id: “kcn-none” is not in zones.csv.",
        f"{place} 4, column source_id: “s3” is not in sources.csv.",
        f"{place} 5, column source_id: “s4” is not in sources.csv.",
        f"{place} 3, column unit: the unit ha is not the unit pct of measure occupancy_pct.",
    ]
    for text in expected:
        assert [item for item in told if item.endswith(text)], text
    circles = [item for item in told if "lies in itself through its parents" in item]
    assert len(circles) == 3
    assert len(told) == len(expected) + len(circles)


def test_references_of_absent_files_are_passed_over():
    assert check_references([], {"figures.csv": FRAMES["figures.csv"]}) == []


def test_references_name_columns_that_exist():
    for reference in REFERENCES:
        assert reference.column in schema.SCHEMAS[reference.file].columns
        assert reference.key in schema.SCHEMAS[reference.target].columns
