from __future__ import annotations

import csv
import re
import zipfile

import openpyxl
import pytest

from qn_geo.errors import QnGeoError
from qn_geo.importing import grids, reading

FIGURE = {"zone_id": "kcn-song-khoai", "measure": "occupancy_pct", "period": "2026-11", "value": 61.5}


def workbook(path, **sheets):
    """Write a workbook: sheet name -> rows of values."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


@pytest.fixture
def read(data_copy, tmp_path):
    def read_sheets(**sheets):
        return reading.read_workbook(workbook(tmp_path / "in.xlsx", **sheets), data_copy)

    return read_sheets


def words(offer):
    return [problem.message("en") for problem in offer.problems]


def test_a_sheet_is_read_by_its_name(read):
    offer = read(figures=[list(FIGURE), list(FIGURE.values())])
    assert offer.problems == []
    (row,) = offer.tables["figures"]
    assert (row.place, row.line) == ("in.xlsx [figures]", 2)
    assert row.cells == {**FIGURE, "value": "61.5"}


def test_a_sheet_is_recognised_by_its_columns(read):
    offer = read(Sheet1=[["Figure_ID", " measure ", "value", "period"], [None, "occupancy_pct", 1, "2026"]])
    assert offer.problems == []
    assert list(offer.tables) == ["figures"]


def test_blank_and_marked_rows_are_passed_over(read):
    rows = [list(FIGURE), ["# nghĩa / meaning"], ["# ví dụ / example", "x"], [None] * 4, list(FIGURE.values())]
    (row,) = read(figures=rows).tables["figures"]
    assert row.line == 5


def test_readme_lists_and_empty_sheets_are_passed_over(read):
    offer = read(readme=[["anything"]], lists=[["x"], ["y"]], figures=[], other=[[None]])
    assert (offer.tables, offer.problems) == ({}, [])


def test_every_complaint_is_gathered(read):
    rows = [list(FIGURE), ["kcn-song-khoai", "=1+1", "2026", "about 5"], ["#REF!", None, None, 3]]
    offer = read(figures=rows, nonsense=[["a", "b", "c"], [1, 2, 3]], projects=[["name_vi", "captial"], ["x", 1]])
    text = "\n".join(words(offer))
    assert "[figures], line 2, column measure: the cell holds a formula" in text
    assert "[figures], line 2, column value: “about 5” is not a number" in text
    assert "[figures], line 3, column zone_id: the cell holds a spreadsheet error" in text
    assert "[nonsense], line 1: it is not clear which table this is" in text
    assert "[projects], line 1, column captial: there is no such column" in text
    assert len(offer.problems) == 5


def test_columns_may_not_occur_twice(read):
    offer = read(figures=[["zone_id", "value", "Value"], ["kcn-song-khoai", 1, 2]])
    assert ["occurs twice" in text for text in words(offer)] == [True]


def test_a_cell_under_no_column_is_told(read):
    offer = read(figures=[["zone_id", None, "value"], ["kcn-song-khoai", "lost", 2]])
    assert ["under no column name" in text for text in words(offer)] == [True]


def test_rows_are_bounded(read, monkeypatch):
    monkeypatch.setattr(grids, "MAX_ROWS", 3)
    offer = read(figures=[list(FIGURE), *[list(FIGURE.values())] * 5])
    assert ["more than 3 rows" in text for text in words(offer)] == [True]
    assert len(offer.tables["figures"]) == 3


def test_cells_after_many_blank_rows_are_told(read, monkeypatch):
    monkeypatch.setattr(grids, "BLANK_ROWS_AT_END", 5)
    head = [list(FIGURE), list(FIGURE.values())]
    offer = read(figures=[*head, *[[None]] * 6, list(FIGURE.values())])
    assert words(offer)[0].startswith("in.xlsx [figures], line 9: there are cells after 6 blank rows.")
    assert len(offer.tables["figures"]) == 1
    offer = read(figures=[*head, *[[None]] * 4, list(FIGURE.values()), *[[" "]] * 6])
    assert (len(offer.tables["figures"]), offer.problems) == (2, [])


def test_cells_beyond_the_last_column_are_told(read, monkeypatch):
    monkeypatch.setattr(grids, "MAX_COLUMNS", 6)
    offer = read(figures=[list(FIGURE), [*FIGURE.values(), None, None, None, None, "lost"]])
    assert ["line 2: there is a cell beyond column 6" in text for text in words(offer)] == [True]
    assert read(figures=[list(FIGURE), [*FIGURE.values(), None, None, None, None, " "]]).problems == []


def test_long_names_are_refused(read):
    rows = [["name_vi", "zone_id", "note_vi"], ["x" * 200, "z", "y" * 999], ["x" * 201, "z", None]]
    assert [text.split(": ")[1] for text in words(read(projects=rows))] == [
        "the cell is longer than 200 characters. Remedy"
    ]


def rewritten(path, **parts):
    """Change the parts of a workbook: end of the part's name -> function of its text."""
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in held.items():
            change = parts.get(name.rpartition("/")[2].removesuffix(".xml"))
            archive.writestr(name, change(content.decode()).encode() if change else content)
    return path


@pytest.fixture
def book(tmp_path):
    return workbook(tmp_path / "in.xlsx", figures=[list(FIGURE), *[list(FIGURE.values())] * 30])


def test_a_sheet_is_read_beyond_the_size_it_claims(book, data_copy):
    stale = rewritten(book, sheet1=lambda text: re.sub('<dimension ref="[^"]*"', '<dimension ref="A1:B2"', text))
    offer = reading.read_workbook(stale, data_copy)
    assert len(offer.tables["figures"]) == 30
    assert offer.tables["figures"][0].cells == {**FIGURE, "value": "61.5"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text[: len(text) // 2],
        lambda text: text.replace('r="B3"', 'r="?!"'),
        lambda text: text.replace(
            "<worksheet", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><worksheet", 1
        ).replace("<sheetData>", "<sheetData>&a;"),
        lambda text: text.replace('r="3"', 'r="x"'),
    ],
)
def test_a_damaged_sheet_is_refused(spoil, book, data_copy):
    with pytest.raises(QnGeoError, match="the workbook is damaged") as caught:
        reading.read_workbook(rewritten(book, sheet1=spoil), data_copy)
    assert caught.value.file == "in.xlsx"


def test_a_made_up_row_number_does_not_keep_us(book, data_copy, monkeypatch):
    monkeypatch.setattr(grids, "LAST_ROW", 50)
    far = rewritten(book, sheet1=lambda text: text.replace('<row r="31"', '<row r="99999999999"'))
    offer = reading.read_workbook(far, data_copy)
    assert len(offer.tables["figures"]) == 29
    assert ["line 51: there are cells after" in text for text in words(offer)] == [True]


def test_a_bomb_is_not_unpacked(data_copy, tmp_path, monkeypatch):
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 2_000_000)
    monkeypatch.setattr(reading, "MAX_UNPACKED_BYTES", 1_000_000)
    with pytest.raises(QnGeoError, match="unpacks to more than"):
        reading.read_workbook(path, data_copy)


@pytest.mark.parametrize("content", [b"", b"not a zip", b"PK\x05\x06" + b"\0" * 18])
def test_what_is_no_workbook_is_refused(content, data_copy, tmp_path):
    path = tmp_path / "in.xlsx"
    path.write_bytes(content)
    with pytest.raises(QnGeoError, match=r"not an XLSX|damaged"):
        reading.read_workbook(path, data_copy)


def test_size_is_bounded(tmp_path, monkeypatch):
    path = tmp_path / "in.csv"
    with pytest.raises(QnGeoError, match="no such file"):
        reading.check_size(path)
    path.write_bytes(b"x" * 11)
    monkeypatch.setattr(reading, "MAX_BYTES", 10)
    with pytest.raises(QnGeoError, match="larger than"):
        reading.check_size(path)


def csv_offer(path, data_dir, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return reading.read_csv(path, data_dir)


def test_csv_parted_by_commas(data_copy, tmp_path):
    offer = csv_offer(tmp_path / "figures.csv", data_copy, 'zone_id,value,note_vi\nkcn-song-khoai,1.5,"a, b"\n')
    (row,) = offer.tables["figures"]
    assert row.cells == {"zone_id": "kcn-song-khoai", "value": "1.5", "note_vi": "a, b"}


def test_csv_parted_by_semicolons_has_decimal_commas(data_copy, tmp_path):
    text = "\ufeffzone_id;value\r\nkcn-song-khoai;1.234,5\r\nkcn-song-khoai;1.234\r\n"
    offer = csv_offer(tmp_path / "figures.csv", data_copy, text)
    assert [row.cells.get("value") for row in offer.tables["figures"]] == ["1234.5", None]
    assert ["two ways" in text for text in words(offer)] == [True]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1258"])
def test_csv_must_be_utf8(encoding, data_copy, tmp_path):
    with pytest.raises(QnGeoError, match="not UTF-8"):
        csv_offer(tmp_path / "figures.csv", data_copy, "zone_id,note_vi\nx,\u0103\u0111\n", encoding)


def test_damaged_csv_is_refused(data_copy, tmp_path):
    with pytest.raises(QnGeoError, match="damaged"):
        csv_offer(tmp_path / "figures.csv", data_copy, 'zone_id,note_vi\nx,"open\n')


def test_a_field_beyond_the_limit_is_refused(data_copy, tmp_path):
    with pytest.raises(QnGeoError, match="damaged"):
        csv_offer(tmp_path / "figures.csv", data_copy, "zone_id,note_vi\nx," + "y" * (csv.field_size_limit() + 1))
