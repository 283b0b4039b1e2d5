"""Tables of coordinates and attributes: CSV, workbooks, and lists pasted into a text box.

What is a header and what parts the columns is found out; what the columns mean is not decided here.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
import warnings
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import openpyxl
from openpyxl.utils import get_column_letter

from qn_geo.errors import Problem, QnGeoError
from qn_geo.intake import delimiters, headings, limits
from qn_geo.intake.kinds import Kind
from qn_geo.intake.raw import RawLayer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import IO

    from openpyxl.workbook import Workbook

_Row = tuple[int, list[Any]]
"""Line in the file, and the cells."""

_LAST_ROW: Final = 1_048_576
_LONGEST_FIELD: Final = 2**24
_HEADER_ROWS: Final = 3
_NUMBER: Final = re.compile(r"[-+]?\d[\d .,'\u00a0\u202f]*(?:[eE][-+]?\d+)?")
_LABELLED: Final = re.compile(r"([A-Za-z]\w*)\s*[=:]\s*([-+]?\d[\d .,]*)")
_SHAPE: Final = re.compile(
    r"\s*(?:SRID=\d+;)?\s*(?:MULTI)?(?:POLYGON|LINESTRING|POINT|GEOMETRYCOLLECTION)\b", re.IGNORECASE
)
_PAIRS: Final = re.compile(r"[-+\d.,\s;|()]+")
_COUNTED: Final = re.compile(r"\(?(\d{1,2})\)?")
_FEWEST: Final = 2
_LONG: Final = 20
"""From this length on, a cell of digits and separators is a list of corners, not a label."""
_SAMPLED_ROWS: Final = 50


def read(path: Path, kind: str, *, name: str = "") -> list[RawLayer]:
    """Return the sheets of a workbook, or the one table of a text file.

    Geometry is all None; what can be made of the columns is for others to say. Texts of workbooks and of valid UTF-8
    are certain, others are bytes read as Latin-1. A table without a header has the column names A, B, C.

    Args:
        path: The file.
        kind: "csv", "text" or "xlsx".
        name: What its sender calls it, for messages; the name of the file by default.

    Raises:
        QnGeoError: If it is damaged, holds no rows, or more than the settings allow.
    """
    name = name or path.name
    if kind == Kind.XLSX:
        return _workbook(path, name)
    text, encoding = _decoded(path.read_bytes())
    rows = _filled(_lines(text, name), name)
    layer = _layer("", Kind(kind), rows, name)
    if layer is None:
        raise _no_rows(name)
    layer.encoding = encoding
    return [layer]


def _decoded(content: bytes) -> tuple[str, str | None]:
    """Return a text file as text, and its encoding if that is certain."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace"), "utf-8"
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        return content.decode("latin-1"), None


def _lines(text: str, name: str) -> Iterator[_Row]:
    """Yield the lines of a text as cells.

    Raises:
        QnGeoError: If quotes or lengths are such that the table cannot be parted.
    """
    delimiter = delimiters.find(text)
    if len(delimiter) != 1:
        for line, content in enumerate(text.splitlines(), start=1):
            yield line, [content.strip()] if headings.names_plot(content) else delimiters.split(content, delimiter)
        return
    csv.field_size_limit(_LONGEST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        raise QnGeoError(
            f"bảng CSV bị hỏng ({error}).",
            f"the CSV is damaged ({error}).",
            file=name,
            row=line,
            remedy_vi="mở bằng phần mềm bảng tính và lưu lại dạng CSV UTF-8 hoặc .xlsx.",
            remedy_en="open it in a spreadsheet program and save it as CSV UTF-8 or .xlsx.",
        ) from error


def _workbook(path: Path, name: str) -> list[RawLayer]:
    """Read every visible sheet that has rows."""
    with warnings.catch_warnings(), path.open("rb") as stream:
        warnings.simplefilter("ignore")  # openpyxl tells of pictures and validations it leaves out
        try:
            layers = [layer for layer in _sheets(_opened(stream), name) if layer is not None]
            for layer in layers:
                layer.problems += _formulas(stream, layer, name)
        except (QnGeoError, MemoryError):
            raise
        except Exception as error:  # openpyxl lets many kinds through for a damaged workbook
            raise _damaged(name, error) from error
    if not layers:
        raise _no_rows(name)
    return layers


def _opened(stream: IO[bytes], *, formulas: bool = False) -> Workbook:
    return openpyxl.load_workbook(stream, read_only=True, data_only=not formulas, keep_links=False)


def _sheets(book: Workbook, name: str) -> Iterator[RawLayer | None]:
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        sheet.reset_dimensions()  # what a sheet says of its own size may be a lie
        # A row beyond the last one a spreadsheet can have is made up, and so are the billion blank ones before it.
        rows = enumerate(islice(sheet.iter_rows(values_only=True), _LAST_ROW), start=1)
        cells = ((line, [_plain(value) for value in row]) for line, row in rows)
        yield _layer(str(sheet.title), Kind.XLSX, _filled(cells, f"{name} [{sheet.title}]"), name)


def _plain(value: Any) -> str | int | float | None:
    """Return the value of a cell as text, number or nothing. Dates come as ISO text: many are numbers gone wrong."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    return value if value is None or isinstance(value, (int, str)) else str(value)


def _formulas(stream: IO[bytes], layer: RawLayer, name: str) -> list[Problem]:
    """Complain about columns that are empty because their formulas were never computed."""
    empty = [column for column, values in layer.fields.items() if all(value is None for value in values)]
    if not empty:
        return []
    sheet = _opened(stream, formulas=True)[layer.name]
    sheet.reset_dimensions()
    for line, row in enumerate(sheet.iter_rows(max_row=layer.rows[0] + _SAMPLED_ROWS, values_only=True), start=1):
        if line >= layer.rows[0] and any(isinstance(value, str) and value.startswith("=") for value in row):
            return [
                Problem(
                    "có công thức chưa được tính, ô đọc thành trống.",
                    "there are formulas that were never computed; their cells are read as empty.",
                    f"{name} [{layer.name}]",
                    line,
                    remedy_vi="mở bằng phần mềm bảng tính, lưu lại, hoặc dán dạng giá trị.",
                    remedy_en="open it in a spreadsheet program and save it, or paste as values.",
                )
            ]
    return []


def _filled(rows: Iterable[_Row], name: str) -> list[_Row]:
    """Return the rows that are not blank, without blank cells at their ends, within the limits.

    Raises:
        QnGeoError: If there are too many rows or columns.
    """
    filled: list[_Row] = []
    for line, row in rows:
        cells = [None if cell is None or (isinstance(cell, str) and not cell.strip()) else cell for cell in row]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            limits.check_columns(name, len(cells))
            filled.append((line, cells))
            limits.check_rows(name, len(filled))
    return filled


def _layer(sheet: str, kind: Kind, rows: Sequence[_Row], name: str) -> RawLayer | None:
    """Return a table as a layer, or None when it has no rows."""
    header, data = _header(rows)
    if not data:
        return None
    width = max(len(header), *(len(cells) for _, cells in data))
    limits.check_columns(name, width)
    columns: list[list[object]] = [[None] * len(data) for _ in range(width)]
    for index, (_, cells) in enumerate(data):
        for column, cell in enumerate(cells):
            columns[column][index] = cell
    header = header or [_label(values) for values in columns]
    fields = dict(zip(_names(header, width), columns, strict=True))
    return RawLayer(
        name=sheet,
        kind=str(kind),
        fields={
            column: values
            for column, values in fields.items()
            if column in header or any(v is not None for v in values)
        },
        geometry=np.full(len(data), None, dtype=object),
        rows=[line for line, _ in data],
        system=None,
        encoding="utf-8",
        fonts=[],
        problems=[],
    )


def _is_data(cell: object) -> bool:
    """Whether a cell holds a number or a shape, which no header does."""
    if isinstance(cell, str):
        text = cell.strip()
        if _NUMBER.fullmatch(text) or _LABELLED.fullmatch(text) or _SHAPE.match(text):
            return True
        return len(text) >= _LONG and _PAIRS.fullmatch(text) is not None
    return cell is not None


def _label(values: list[object]) -> str:
    """Return the label that every cell of a column carries before its number, as in "X = 2334567.12", and remove it."""
    found = [_LABELLED.fullmatch(value.strip()) if isinstance(value, str) else None for value in values]
    labels = {match.group(1) if match else "" for match in found}
    if len(labels) != 1 or "" in labels:
        return ""
    values[:] = [match.group(2) for match in found if match]
    return labels.pop()


def _is_numbering(cells: Sequence[object]) -> bool:
    """Whether a row only counts the columns: (1) (2) (3)."""
    found = [_COUNTED.fullmatch(str(cell).strip()) for cell in cells if cell is not None]
    counted = [int(match.group(1)) for match in found if match]
    return len(counted) == len(found) > _FEWEST and counted == list(range(1, len(found) + 1))


def _header(rows: Sequence[_Row]) -> tuple[list[str], list[_Row]]:
    """Return the column names, empty ones where there are none, and the rows below.

    Titles above the header are dropped, but not the name of the first plot. A header can take up to three rows, with
    "Coordinates" above "X" and "Y"; the lowest name counts.
    """
    first = next((index for index, (_, cells) in enumerate(rows) if _holds_data(cells)), None)
    if first is None:  # nothing but text: the first row names the columns
        first, names = 1, list(range(len(rows[:1])))
    else:
        names = [
            index
            for index in range(max(0, first - _HEADER_ROWS), first)
            if sum(cell is not None for cell in rows[index][1]) >= _FEWEST and not _is_numbering(rows[index][1])
        ]
    header: list[str] = []
    for index in names:
        for column, cell in enumerate(rows[index][1]):
            header += [""] * (column + 1 - len(header))
            header[column] = " ".join(str(cell).split()) if cell is not None else header[column]
    heads = [rows[index][1] for index in names]
    below = [row for row in rows[first:] if row[1] not in heads]  # they are often repeated above each plot
    if names and below and _is_numbering(below[0][1]):
        below = below[1:]
    return header, [*_first_plot(rows[:first], below), *below]


def _holds_data(cells: Sequence[object]) -> bool:
    """Whether a row is below the header; one that only names a plot can stand above it too."""
    name = headings.lone(cells)
    return any(map(_is_data, cells)) and not (name is not None and headings.names_plot(name))


def _first_plot(above: Sequence[_Row], below: Sequence[_Row]) -> list[_Row]:
    """Return the row above the first corners that names their plot, if there is one: others are titles."""
    for row in reversed(above):
        name = headings.lone(row[1])
        if name is None:
            continue
        later = (headings.lone(cells) for _, cells in below)
        if headings.names_plot(name) or any(other is not None and headings.alike(name, other) for other in later):
            return [row]
        break
    return []


def _names(header: Sequence[str], width: int) -> list[str]:
    """Return a name for every column, each only once."""
    names: list[str] = []
    for column in range(max(width, 0)):
        name = header[column] if column < len(header) and header[column] else get_column_letter(column + 1)
        again = 2
        unique = name
        while unique in names:
            unique = f"{name} ({again})"
            again += 1
        names.append(unique)
    return names


def _no_rows(name: str) -> QnGeoError:
    return QnGeoError(
        "bảng không có dòng dữ liệu nào.",
        "the table has no rows of data.",
        file=name,
        remedy_vi="kiểm tra trang tính và nộp lại.",
        remedy_en="check the sheet and send it again.",
    )


def _damaged(name: str, error: Exception) -> QnGeoError:
    told = f"{type(error).__name__}: {error}"[:200]
    return QnGeoError(
        f"bảng tính bị hỏng ({told}).",
        f"the workbook is damaged ({told}).",
        file=name,
        remedy_vi="mở bằng phần mềm bảng tính rồi lưu lại.",
        remedy_en="open it in a spreadsheet program and save it again.",
    )
