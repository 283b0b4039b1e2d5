from __future__ import annotations

import openpyxl
import pyogrio
import pytest

from qn_geo import importing
from qn_geo.errors import DataFileError, QnGeoError
from qn_geo.importing.targets import SHAPE_LAYERS, TEMPLATE_TABLES, read_rows
from qn_geo.importing.template import HEAD_LINES, MARK

pytestmark = pytest.mark.usefixtures("data_copy")


@pytest.fixture
def book(tmp_path):
    importing.write_template(tmp_path / "template.xlsx")
    return openpyxl.load_workbook(tmp_path / "template.xlsx")


def test_every_sheet_has_the_columns_of_its_table(book, data_copy):
    assert book.sheetnames == ["readme", *TEMPLATE_TABLES, "lists"]
    for stem in TEMPLATE_TABLES:
        assert [cell.value for cell in book[stem][1]] == read_rows(data_copy, f"zones/{stem}.csv")[0]


def test_meanings_and_example_are_marked(book):
    for stem in TEMPLATE_TABLES:
        assert book[stem]["A2"].value.startswith(MARK)
        assert book[stem]["A3"].value.startswith(MARK)
        assert book[stem]["B3"].value


def test_closed_columns_offer_their_values(book):
    choices = {choice.formula1 for choice in book["figures"].data_validations.dataValidation}
    assert len(choices) == 8  # zone, measure, precision, unit, kind, class, basis, source
    titles = [cell.value for cell in book["lists"][1]]
    column = titles.index("figures.kind") + 1
    assert [book["lists"].cell(line, column).value for line in (2, 3, 4)] == ["actual", "plan", "target"]


def test_periods_are_text_or_a_spreadsheet_makes_days_of_months(book):
    columns = [cell.value for cell in book["figures"][1]]
    cell = book["figures"].cell(HEAD_LINES + 1, columns.index("period") + 1)
    assert cell.number_format == "@"


def test_the_readme_explains_every_column_in_both_languages(book, data_copy):
    rows = [[cell.value for cell in row] for row in book["readme"].iter_rows()]
    explained = {(row[0], row[1]): (row[2], row[3]) for row in rows if row[1]}
    for stem in TEMPLATE_TABLES:
        for column in read_rows(data_copy, f"zones/{stem}.csv")[0]:
            assert all(explained[stem, column])


def test_an_untouched_template_holds_nothing_to_import(tmp_path):
    importing.write_template(tmp_path / "template.xlsx")
    with pytest.raises(QnGeoError, match="no row to import"):
        importing.prepare(tmp_path / "template.xlsx")


def test_a_filled_template_is_accepted(book, tmp_path):
    sheet = book["figures"]
    columns = [cell.value for cell in sheet[1]]
    row = {
        "zone_id": "kcn-song-khoai",
        "measure": "occupancy_pct",
        "period": "2026-11",
        "value": 61.5,
        "basis": "leasable",
    }
    for name, value in row.items():
        sheet.cell(HEAD_LINES + 1, columns.index(name) + 1).value = value
    book.save(tmp_path / "filled.xlsx")
    plan = importing.prepare(tmp_path / "filled.xlsx", source_title="Báo cáo 11/2026")
    assert plan.counts() == {"sources": (1, 0, 0), "figures": (1, 0, 0)}


def test_geopackage_has_empty_typed_layers_in_vn2000(tmp_path):
    out = tmp_path / "template.gpkg"
    importing.write_template(out)
    for layer in SHAPE_LAYERS.values():
        info = pyogrio.read_info(out, layer=layer.layer)
        assert (info["crs"], info["features"]) == ("EPSG:5899", 0)
        assert list(info["fields"]) == [layer.key, *layer.columns]
    with pytest.raises(QnGeoError, match="no row to import"):
        importing.prepare(out)


def test_a_file_is_not_replaced_unasked(tmp_path):
    out = tmp_path / "template.xlsx"
    out.write_text("mine")
    with pytest.raises(QnGeoError, match="exists"):
        importing.write_template(out)
    assert out.read_text() == "mine"
    importing.write_template(out, force=True)
    assert out.stat().st_size > 1000


@pytest.mark.parametrize("name", ["template.csv", "template", "missing/template.xlsx"])
def test_other_kinds_and_places_are_refused(name, tmp_path):
    with pytest.raises(QnGeoError):
        importing.write_template(tmp_path / name)


@pytest.mark.parametrize(
    ("file", "content"),
    [
        ("zones/figures.csv", ""),
        ("zones/figures.csv", None),
        ("zones/projects.csv", "project_id,name_vi\nx\n"),
        ("zones/zones.csv.record.json", "[]"),
        ("zones/zones.csv.record.json", '{"columns": [{}]}'),
    ],
)
def test_damaged_data_are_named(tmp_path, data_copy, file, content):
    path = data_copy / file
    head = path.read_text(encoding="utf-8").partition("\n")[0]
    path.write_text(f"{head}\n" if content is None else content, encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        importing.write_template(tmp_path / "template.xlsx")
    assert caught.value.file == file
    assert not (tmp_path / "template.xlsx").exists()
