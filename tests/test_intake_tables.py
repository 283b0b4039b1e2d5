"""Tables of every make: what parts the columns, where the header is, and numbers that are told as they stand."""

from __future__ import annotations

import datetime as dt
import io

import numpy as np
import openpyxl
import pytest

from qn_geo.errors import QnGeoError
from qn_geo.intake import delimiters, kinds, tables
from qn_geo.settings import settings
from tests import plot_files

X, Y = "2334567,12", "412345,67"


def read(folder, content, name="toa do.csv"):
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    kind = "xlsx" if content[:2] == b"PK" else kinds.recognise(path)
    return tables.read(path, kind)


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (f"STT;X;Y\n1;{X};{Y}\n", {"STT": ["1"], "X": [X], "Y": [Y]}),
        ("X,Y\n2334567.12,412345.67\n", {"X": ["2334567.12"], "Y": ["412345.67"]}),
        (f"X\tY\n{X}\t{Y}\n", {"X": [X], "Y": [Y]}),
        (f"X|Y\n{X}|{Y}\n", {"X": [X], "Y": [Y]}),
        (f"1 {X} {Y}\n2 {X} {Y}\n", {"A": ["1", "2"], "B": [X, X], "C": [Y, Y]}),
        ("1  2 334 567,12  412 345,67\n", {"A": ["1"], "B": ["2 334 567,12"], "C": ["412 345,67"]}),
        ("1 2 334 567,12 412 345,67\n", {"A": ["1"], "B": ["2 334 567,12"], "C": ["412 345,67"]}),
        (f"M1: X={X} Y={Y}\n", {"A": ["M1:"], "X": [X], "Y": [Y]}),
        ("2334567 412345; 2334568 412346\n", {"A": ["2334567 412345; 2334568 412346"]}),
        ("POLYGON((0 0, 1 0, 1 1, 0 0))\n", {"A": ["POLYGON((0 0, 1 0, 1 1, 0 0))"]}),
        ('id,wkt\n1,"POLYGON((0 0, 1 0, 1 1, 0 0))"\n', {"id": ["1"], "wkt": ["POLYGON((0 0, 1 0, 1 1, 0 0))"]}),
        ("1;2;3\n4;5\n", {"A": ["1", "4"], "B": ["2", "5"], "C": ["3", None]}),
        ("X;X;\n7;8;9\n", {"X": ["7"], "X (2)": ["8"], "C": ["9"]}),
        ("ten;loai\nA;ONT\n", {"ten": ["A"], "loai": ["ONT"]}),
    ],
)
def test_columns_are_parted_and_named(tmp_path, text, fields):
    [layer] = read(tmp_path, text)
    assert layer.fields == fields
    assert layer.encoding == "utf-8"
    assert list(layer.geometry) == [None] * len(layer.rows)


def test_titles_and_headers_of_several_rows(tmp_path):
    text = (
        f"BẢNG KÊ TỌA ĐỘ\n\nĐiểm\tTọa độ (m)\t\tCạnh\n\tX\tY\tS\n(1)\t(2)\t(3)\t(4)\n1\t{X}\t{Y}\t25,3\n2\t{X}\t{Y}\n"
    )
    [layer] = read(tmp_path, text)
    assert layer.fields == {"Điểm": ["1", "2"], "X": [X, X], "Y": [Y, Y], "S": ["25,3", None]}
    assert layer.rows == [6, 7]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_unicode_texts_are_certain(tmp_path, encoding):
    [layer] = read(tmp_path, "Loại đất;X\nĐất ở;1\n".encode(encoding))
    assert (layer.encoding, layer.fields["Loại đất"]) == ("utf-8", ["Đất ở"])


def test_other_bytes_come_as_latin1(tmp_path):
    [layer] = read(tmp_path, "Lo¹i ®Êt;X\n§Êt ë;1\n".encode("latin-1"))
    assert (layer.encoding, layer.fields["Lo¹i ®Êt"]) == (None, ["§Êt ë"])


def test_lines_are_those_of_the_file(tmp_path):
    [layer] = read(tmp_path, 'X;Y\n\n1;"a\nb"\n\n2;c\n')
    assert layer.rows == [3, 6]


# --- workbooks


def test_a_workbook_keeps_its_types(tmp_path):
    rows = [["TT", "X", "Ngày", "Đúng"], [1, 2334567.12, dt.date(2024, 5, 12), True], [2, None, None, False]]
    [layer] = read(tmp_path, plot_files.workbook(rows))
    assert layer.name == "Tọa độ"
    assert layer.fields == {
        "TT": [1, 2],
        "X": [2334567.12, None],
        "Ngày": ["2024-05-12T00:00:00", None],
        "Đúng": [1, 0],
    }


def test_hidden_and_empty_sheets_are_left_out(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["X", "Y"])
    book.active.append([1, 2])
    book.create_sheet("trong")
    hidden = book.create_sheet("an")
    hidden.append([1, 2])
    hidden.sheet_state = "hidden"
    made = io.BytesIO()
    book.save(made)
    assert [layer.name for layer in read(tmp_path, made.getvalue())] == ["Sheet"]


def test_formulas_that_were_never_computed_are_told(tmp_path):
    [layer] = read(tmp_path, plot_files.workbook([["X", "Y"], [1, "=A2*2"], [2, "=A3*2"]]))
    assert layer.fields["Y"] == [None, None]
    assert [(problem.row, "never computed" in problem.en) for problem in layer.problems] == [(2, True)]


@pytest.mark.parametrize(
    "content", [b"", b"X;Y\n", plot_files.workbook([]), plot_files.workbook([["X", "Y"]])], ids=["0", "1", "2", "3"]
)
def test_a_table_without_rows_is_told(tmp_path, content):
    with pytest.raises(QnGeoError, match=r"empty|no rows"):
        read(tmp_path, content)


@pytest.mark.parametrize(("setting", "told"), [("MAX_COLUMNS=2", "3 columns"), ("MAX_VERTICES=3", "4 rows")])
@pytest.mark.parametrize("workbook", [False, True])
def test_limits_are_those_of_the_settings(tmp_path, monkeypatch, setting, told, workbook):
    content = plot_files.workbook([[1, 2, 3]] * 5) if workbook else "1;2;3\n" * 5
    if "VERTICES" in setting:
        content = plot_files.workbook([[1, 2]] * 5) if workbook else "1;2\n" * 5
    monkeypatch.setenv(*f"QN_GEO_{setting}".split("="))
    settings.cache_clear()
    try:
        with pytest.raises(QnGeoError, match=told):
            read(tmp_path, content)
    finally:
        monkeypatch.undo()
        settings.cache_clear()


@pytest.mark.parametrize("delimiter", ["\t", ";", "|", ",", delimiters.SPACES])
def test_the_delimiter_is_found(delimiter):
    rows = np.arange(30).reshape(10, 3)
    point = "" if delimiter == "," else ",5"
    text = "\n".join(delimiter.join(f"{number}{point}" for number in row) for row in rows)
    assert delimiters.find(text) == delimiter
