from __future__ import annotations

import copy
import unicodedata
from typing import get_args

import pandas as pd
import pytest
from pydantic import ValidationError

from qn_geo import layers, schema
from qn_geo.i18n import UNITS
from qn_geo.schema import Record, rules, words

ZONE = {
    "zone_id": "kcn-thu",
    "kind": "KCN",
    "name_vi": "Khu công nghiệp Thử",
    "name_en": "Thử Industrial Park",
    "area": "quang-yen",
    "established": "2018-08-06",
    "area_ha": "714.35",
    "lon": "106.85",
    "lat": "20.95",
    "location_accuracy_m": "900",
    "status": "operating",
    "source_id": "g01;pv02",
}
FIGURE = {
    "figure_id": "f0001",
    "zone_id": "kcn-thu",
    "measure": "occupancy_pct",
    "period": "2021-10-12",
    "precision": "day",
    "value": "57.87",
    "unit": "pct",
    "kind": "actual",
    "class": "official",
    "basis": "leasable",
    "source_id": "g01",
}
CODE = {
    "code": "SKK",
    "name_vi": "Đất khu công nghiệp",
    "name_en": "Industrial park land",
    "group": "non-agricultural",
    "r": "255",
    "g": "170",
    "b": "160",
    "hex": "#FFAAA0",
    "status": "current",
    "legal_source": "08/2024/TT-BTNMT",
    "confidence": "confirmed",
    "source_id": "R17",
}
RECORD = {
    "id": "sectors",
    "file": "sectors.csv",
    "title_vi": "Ngành",
    "title_en": "Sectors",
    "description_vi": "Danh mục ngành.",
    "description_en": "List of sectors.",
    "sources": ["own"],
    "licence": "CC-BY-4.0",
    "date": "2026-11-23",
    "rows": 1,
    "crs": None,
    "quality": None,
    "generated": False,
    "columns": [{"name": "sector", "type": "string", "unit": None, "vi": "Mã", "en": "Id"}],
    "sha256": "0" * 64,
}


def _table(name, *rows):
    return pd.DataFrame(
        [{column: row.get(column) for column in schema.SCHEMAS[name].columns} for row in rows], dtype="str"
    )


def _check(name, *rows):
    return schema.validate(schema.SCHEMAS[name], _table(name, *rows), file=name)


def _messages(name, *rows):
    _frame, problems = _check(name, *rows)
    return [problem.message("en") for problem in problems]


def test_a_good_row_is_converted_to_its_types():
    frame, problems = _check("zones.csv", ZONE)
    assert problems == []
    assert frame.loc[0, "area_ha"] == 714.35
    assert pd.isna(frame.loc[0, "parent_id"])
    codes, problems = _check("landuse_codes.csv", CODE)
    assert problems == []
    assert str(codes.dtypes["r"]) == "Int64"
    assert codes.loc[0, "r"] == 255


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"zone_id": None}, "zones.csv, line 2, column zone_id: must not be empty."),
        ({"kind": "KCX"}, "zones.csv, line 2, column kind: the value “KCX” is not one of: KKT, KCN, CCN."),
        ({"area_ha": "many"}, "zones.csv, line 2, column area_ha: the value “many” is not a number."),
        ({"area_ha": "-1"}, "zones.csv, line 2, column area_ha: the value “-1.0” must be above 0."),
        ({"zone_id": "kcn-Thử"}, "column zone_id: the value “kcn-Thử” is not a zone id"),
        ({"established": "06/08/2018"}, "column established: the value “06/08/2018” is not an ISO date"),
        ({"established": "0205"}, "column established: the value “0205” is not an ISO date between 1900 and 2100"),
        ({"established": "2101-01-01"}, "is not an ISO date between 1900 and 2100"),
        ({"area_ha": "inf"}, "column area_ha: the value “inf” is neither 0 nor a finite number"),
        ({"area_ha": "2e12"}, "column area_ha: the value “2000000000000.0” is neither 0 nor a finite number"),
        ({"area_ha": "1e-300"}, "column area_ha: the value “1e-300” is neither 0 nor a finite number"),
        ({"established": "2018-02-30"}, "column established: the value “2018-02-30” is not an ISO date"),
        ({"source_id": "g01, pv02"}, "column source_id: the value “g01, pv02” is not a list of source ids"),
        ({"lon": "20.95"}, "column lon: the value “20.95” is a longitude outside"),
        ({"lat": None}, "zones.csv, line 2: longitude, latitude and accuracy must be given together or not at all."),
        ({"name_vi": "Khu  "}, "column name_vi: the value “Khu  ” has stray spaces"),
        ({"note_vi": "a\nb"}, "column note_vi: the value “a\nb” has stray spaces"),
        ({"name_vi": unicodedata.normalize("NFD", "Thử")}, "letters not in NFC form"),
        ({"parent_id": "kcn-thu"}, "line 2: a zone cannot lie in itself."),
        ({"kind": "CCN"}, "line 2: the kind does not fit the id."),
    ],
)
def test_a_wrong_zone_is_named_with_line_column_and_reason(change, message):
    found = _messages("zones.csv", {**ZONE, **change})
    assert any(message in text for text in found), found


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"precision": "year"}, "the precision does not fit the period"),
        ({"precision": "unknown"}, "the precision does not fit the period"),
        ({"period": None}, "the precision does not fit the period"),
        ({"value_max": "50"}, "the high end of the range is below the low end"),
        ({"period_start": "2022"}, "the span starts after its end"),
        ({"unit": "acre"}, "is not in the list of units"),
        ({"zone_id": "somewhere"}, "is not the id of a zone, a group, an area or province"),
        ({"period": "0205", "precision": "year"}, "is not an ISO date between 1900 and 2100"),
        ({"period_start": "9999"}, "is not an ISO date between 1900 and 2100"),
        ({"value": "inf"}, "is neither 0 nor a finite number"),
        ({"value": "-inf"}, "is neither 0 nor a finite number"),
        ({"value_max": "inf"}, "is neither 0 nor a finite number"),
        ({"value": "-0.5"}, "a percentage must be between 0 and 1000"),
        ({"value": "1001"}, "a percentage must be between 0 and 1000"),
        ({"value_max": "1001"}, "a percentage must be between 0 and 1000"),
        ({"value": "-1001", "measure": "grdp_growth_pct"}, "a percentage must be between 0 and 1000"),
        ({"value": "-1", "unit": "usd_m", "measure": "fdi_new_usd_m"}, "an amount of money must not be negative"),
        ({"value": None}, "must not be empty"),
        ({"class": "rumour"}, "is not one of: official"),
    ],
)
def test_a_wrong_figure_is_told(change, message):
    found = _messages("figures.csv", {**FIGURE, **change})
    assert any(message in text for text in found), found


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"period": None, "precision": "unknown"},
        {"period": "2030", "precision": "horizon", "kind": "plan"},
        {"value_max": "60"},
        {"value": "0"},
        {"value": "150"},
        {"value": "-3.5", "measure": "grdp_growth_pct"},
        {"value": "0", "unit": "usd_m", "measure": "fdi_new_usd_m"},
        {"zone_id": "province"},
        {"zone_id": "area-cam-pha"},
        {"zone_id": "group-kkt-kcn"},
        {"period": "2025", "period_start": "2021", "precision": "year"},
    ],
)
def test_right_figures_pass(change):
    assert _messages("figures.csv", {**FIGURE, **change}) == []


@pytest.mark.parametrize("change", [{"hex": "#FFAAA1"}, {"hex": None}, {"r": None}])
def test_a_colour_must_agree_with_its_parts(change):
    assert any("does not fit r, g, b" in text for text in _messages("landuse_codes.csv", {**CODE, **change}))


def test_every_problem_is_told_at_once_in_the_order_of_lines():
    found = _messages("zones.csv", {**ZONE, "kind": "X"}, ZONE, {**ZONE, "status": "open", "area": "hanoi"})
    places = [text.partition(":")[0] for text in found]
    assert places == [
        "zones.csv, line 2",
        "zones.csv, line 2, column kind",
        "zones.csv, line 2, column zone_id",
        "zones.csv, line 3, column zone_id",
        "zones.csv, line 4, column area",
        "zones.csv, line 4, column status",
        "zones.csv, line 4, column zone_id",
    ]
    assert any("“kcn-thu” is repeated" in text for text in found)


def test_missing_foreign_and_displaced_columns_are_told_by_name():
    frame = _table("sectors.csv", {"sector": "energy", "name_vi": "Năng lượng", "name_en": "Energy"})
    sectors = schema.SCHEMAS["sectors.csv"]
    _frame, problems = schema.validate(sectors, frame.drop(columns="name_en").assign(colour="red"), file="s")
    assert sorted(problem.message("vi") for problem in problems) == [
        "s, dòng 1, cột colour: cột này không có trong quy định của tệp.",
        "s, dòng 1, cột name_en: thiếu cột này.",
    ]
    _frame, problems = schema.validate(sectors, frame[["name_vi", "sector", "name_en"]], file="s")
    assert {problem.en for problem in problems} == {"this column is out of order."}


def test_given_line_numbers_are_used():
    frame = _table("sectors.csv", {"sector": "Wrong Id", "name_vi": "a", "name_en": "b"})
    _frame, problems = schema.validate(schema.SCHEMAS["sectors.csv"], frame, file="s", lines=[17])
    assert [problem.row for problem in problems] == [17]


def test_first_words_are_short():
    _frame, problems = _check("zones.csv", *({**ZONE, "zone_id": f"kcn-{i}", "kind": "X"} for i in range(5)))
    assert schema.first_words(problems, "vi").endswith("và 7 lỗi khác.")
    assert schema.first_words(problems, "en", limit=99).count("line") == 10


def test_rules_speak_both_languages():
    for vi, en in [*rules.MESSAGES.values(), rules.wording("one of: a, b"), rules.wording("unheard of")]:
        assert vi
        assert en
        assert vi != en


def test_every_id_leads_to_its_file_and_back():
    for name in schema.SCHEMAS:
        assert schema.file_of(schema.id_of(name)) == name
    assert schema.id_of("zones.csv") == "zones-table"
    assert schema.id_of("zones.geojson") == "zones"
    assert schema.file_of("landuse_codes") == "landuse_codes.csv"
    assert schema.file_of("nothing") is None
    assert schema.path_of("communes.geojson") == "boundaries/communes.geojson"
    assert schema.path_of("zones.csv") == "zones/zones.csv"
    assert schema.path_of("limits.csv") == "rules/limits.csv"


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("code", "QN-GEO-1", "code of a check"),
        ("severity", "fatal", "one of"),
        ("confidence", "sure", "one of"),
        ("parameters", "width", "name=value"),
        ("effective_from", "2027-13-01", "ISO date"),
        ("title_vi", None, "empty"),
    ],
)
def test_a_broken_row_of_checks_is_told(column, value, message):
    table = layers.table("rules").astype(object)
    table.loc[0, column] = value
    assert [problem.column for problem in schema.validate(schema.SCHEMAS["rules.csv"], table, file="rules.csv")[1]] == [
        column
    ]
    assert message in schema.validate(schema.SCHEMAS["rules.csv"], table, file="rules.csv")[1][0].en


def test_generated_files_are_layers_and_sources_are_not():
    assert "zones.geojson" in schema.GENERATED
    assert "communes.geojson" not in schema.GENERATED
    assert set(schema.SCHEMAS) >= schema.GENERATED | schema.OPTIONAL


def test_closed_lists_are_plain_words():
    lists = [value for name, value in vars(words).items() if name[0].isupper() and get_args(value)]
    assert len(lists) > 15
    assert all(word == word.strip() and word for literal in lists for word in words.values(literal))
    assert len(UNITS) == 40


def test_a_record_knows_its_file(tmp_path):
    record = Record.model_validate({**RECORD, "folder": tmp_path})
    assert record.path == tmp_path / "sectors.csv"
    assert (record.stem, record.is_layer) == ("sectors", False)
    assert (record.title("vi"), record.description("en")) == ("Ngành", "List of sectors.")
    assert record.model_dump(mode="json") == {**RECORD, "notes": {}}


@pytest.mark.parametrize("field", list(RECORD))
def test_a_record_lacks_nothing(field, tmp_path):
    broken = {key: value for key, value in RECORD.items() if key != field}
    with pytest.raises(ValidationError, match=field):
        Record.model_validate({**broken, "folder": tmp_path})


@pytest.mark.parametrize(
    "change",
    [{"sha256": "abc"}, {"rows": -1}, {"crs": "EPSG:3857"}, {"quality": "good"}, {"title_vi": ""}, {"colour": "red"}],
)
def test_a_record_holds_only_sense(change, tmp_path):
    with pytest.raises(ValidationError):
        Record.model_validate({**RECORD, **change, "folder": tmp_path})


def test_a_record_describes_columns_fully(tmp_path):
    broken = copy.deepcopy(RECORD)
    del broken["columns"][0]["vi"]
    with pytest.raises(ValidationError, match="vi"):
        Record.model_validate({**broken, "folder": tmp_path})
