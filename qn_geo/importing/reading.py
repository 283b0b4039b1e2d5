"""Read a filled-in file into rows and shapes, gathering every complaint instead of stopping at the first.

Files come from outside: sizes are bounded before anything is parsed, formulas are refused, nothing is executed.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import openpyxl

from qn_geo.errors import Problem, QnGeoError
from qn_geo.importing import cells
from qn_geo.importing.targets import TABLES, TEMPLATE_TABLES, Table, number_columns, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

MAX_BYTES: Final = 100 * 2**20
MAX_UNPACKED_BYTES: Final = 500 * 2**20
MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 200
# A sheet can be "used" down to its last row by formatting alone; this many blank rows mean its end, and what comes
# after them is told, not read. A row number beyond the last row of a spreadsheet is made up.
BLANK_ROWS_AT_END: Final = 1_000
LAST_ROW: Final = 1_048_576
LONGEST_NAME: Final = 200
NAMES: Final = frozenset({"name_vi", "name_en", "use_name_vi", "use_name_en"})
IGNORED_SHEETS: Final = frozenset({"readme", "lists"})
FEWEST_COMMON_COLUMNS: Final = 3


@dataclass(frozen=True)
class Row:
    """One row as offered: where it stands, and the cells that are not empty, as text."""

    place: str
    line: int
    cells: dict[str, str]

    def problem(self, vi: str, en: str, column: str | None = None, remedy_vi: str = "", remedy_en: str = "") -> Problem:
        """Return a complaint about this row."""
        return Problem(vi, en, self.place, self.line, column, remedy_vi, remedy_en)


@dataclass(frozen=True)
class ShapeRow(Row):
    """A row with geometry, in WGS 84 once it has been checked."""

    geometry: BaseGeometry


@dataclass
class Offer:
    """What a file holds: rows by table, shapes by layer, and all complaints so far."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    shapes: dict[str, list[ShapeRow]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def unusable(file: Path, vi: str, en: str, remedy_vi: str = "", remedy_en: str = "") -> QnGeoError:
    """Return the error for a file that cannot be read at all."""
    return QnGeoError(vi, en, file=file.name, remedy_vi=remedy_vi, remedy_en=remedy_en)


def check_size(file: Path) -> None:
    """Refuse a file that is missing or larger than we read.

    Raises:
        QnGeoError: With the limit.
    """
    if not file.is_file():
        raise unusable(file, "không tìm thấy tệp.", "there is no such file.", "kiểm tra đường dẫn.", "check the path.")
    if file.stat().st_size > MAX_BYTES:
        limit = MAX_BYTES // 2**20
        raise unusable(
            file,
            f"tệp lớn hơn {limit} MB.",
            f"the file is larger than {limit} MB.",
            "chia thành nhiều tệp nhỏ hơn.",
            "split it into smaller files.",
        )


def read_workbook(file: Path, data_dir: Path) -> Offer:
    """Read the sheets of an XLSX file.

    Raises:
        QnGeoError: If it is no workbook, is protected by a password, or unpacks to more than we read.
    """
    _check_zip(file)
    # openpyxl warns of what it leaves out (drawings, validation extensions); none of it concerns the cells.
    warnings.filterwarnings("ignore", category=UserWarning, module="openpyxl")
    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=False, keep_links=False)
    except Exception as error:  # openpyxl lets many kinds through for a damaged workbook
        raise _damaged_workbook(file, error) from error
    offer = Offer()
    try:
        for sheet in book.worksheets:
            name = sheet.title.strip().casefold()
            if name not in IGNORED_SHEETS:
                sheet.reset_dimensions()  # what a sheet says of its own size may be out of date
                rows = (tuple(row) for row in sheet.iter_rows())
                _read_grid(_Grid(f"{file.name} [{sheet.title}]", name, rows), data_dir, offer)
    except QnGeoError:
        raise
    except Exception as error:  # sheets are parsed while they are read
        raise _damaged_workbook(file, error) from error
    finally:
        book.close()
    return offer


def _damaged_workbook(file: Path, error: Exception) -> QnGeoError:
    told = f"{type(error).__name__}: {error}"
    return unusable(
        file,
        f"bảng tính bị hỏng ({told}).",
        f"the workbook is damaged ({told}).",
        "mở bằng phần mềm bảng tính rồi lưu lại.",
        "open it in a spreadsheet program and save it again.",
    )


def read_csv(file: Path, data_dir: Path) -> Offer:
    """Read a CSV file, parted by commas or, as Vietnamese Excel writes it, by semicolons.

    Raises:
        QnGeoError: If it is not UTF-8.
    """
    try:
        content = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise unusable(
            file,
            "tệp không phải UTF-8.",
            "the file is not UTF-8.",
            "lưu lại dạng “CSV UTF-8”.",
            "save it again as “CSV UTF-8”.",
        ) from error
    head = content.split("\n", 1)[0]
    comma = head.count(";") > head.count(",")
    offer = Offer()
    try:
        rows = csv.reader(io.StringIO(content, newline=""), delimiter=";" if comma else ",", strict=True)
        _read_grid(_Grid(file.name, file.stem.strip().casefold(), rows, comma=comma), data_dir, offer)
    except csv.Error as error:
        raise unusable(file, f"CSV bị hỏng: {error}.", f"the CSV is damaged: {error}.") from error
    return offer


@dataclass(frozen=True)
class _Grid:
    """Rows of raw cells, with the name that may say which table it is."""

    place: str
    name: str
    rows: Iterable[Sequence[Any]]
    comma: bool = False


def _check_zip(file: Path) -> None:
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
    except (zipfile.BadZipFile, OSError) as error:
        raise unusable(
            file,
            "không phải bảng tính XLSX, hoặc có mật khẩu.",
            "not an XLSX workbook, or protected by a password.",
            "lưu lại dạng .xlsx không mật khẩu.",
            "save it again as .xlsx without a password.",
        ) from error
    if unpacked > MAX_UNPACKED_BYTES:
        limit = MAX_UNPACKED_BYTES // 2**20
        raise unusable(file, f"nội dung giải nén lớn hơn {limit} MB.", f"the content unpacks to more than {limit} MB.")


def _raw(cell: Any) -> Any:
    """Return the value of a workbook or CSV cell.

    Raises:
        CellError: If a workbook cell is a formula or an error.
    """
    if isinstance(cell, str):
        return cell
    if cell.data_type == "f":
        raise cells.formula()
    if cell.data_type == "e":
        raise cells.broken()
    return cell.value


def _filled(grid: _Grid, problems: list[Problem]) -> Iterator[tuple[int, Sequence[Any]]]:
    """Yield line number and cells of the rows that are neither blank nor marked with "#" as examples.

    Ends at the first filled cell beyond what is read, with a complaint.
    """
    blank = 0
    for line, row in enumerate(grid.rows, start=1):
        values = [getattr(cell, "value", cell) for cell in row]
        if all(value is None or str(value).strip() == "" for value in values):
            blank += 1
            if line <= LAST_ROW:
                continue
        if blank >= BLANK_ROWS_AT_END or line > LAST_ROW:
            problems.append(_beyond_rows(grid.place, line, blank))
            return
        if any(value is not None and str(value).strip() for value in values[MAX_COLUMNS:]):
            problems.append(_beyond_columns(grid.place, line))
            return
        blank = 0
        first = str(values[0] if values[0] is not None else "").lstrip()
        if not first.startswith("#") or getattr(row[0], "data_type", "") == "e":
            yield line, row[:MAX_COLUMNS]


def _beyond_rows(place: str, line: int, blank: int) -> Problem:
    return Problem(
        f"có dữ liệu sau {blank} dòng trống.",
        f"there are cells after {blank} blank rows.",
        place,
        line,
        remedy_vi="xóa các dòng trống, hoặc xóa ô thừa ở cuối trang.",
        remedy_en="delete the blank rows, or the stray cells at the end of the sheet.",
    )


def _beyond_columns(place: str, line: int) -> Problem:
    return Problem(
        f"có ô sau cột thứ {MAX_COLUMNS}.",
        f"there is a cell beyond column {MAX_COLUMNS}.",
        place,
        line,
        remedy_vi="xóa ô thừa, hoặc chuyển vào cột có tên.",
        remedy_en="delete the stray cell, or move it to a named column.",
    )


def _read_grid(grid: _Grid, data_dir: Path, offer: Offer) -> None:
    """Read one sheet or CSV file into the offer."""
    filled = _filled(grid, offer.problems)
    head_line, head = next(filled, (0, ()))
    if not head_line:
        return
    header = _header(head)
    table = _recognise(grid.name, header, data_dir)
    if table is None:
        names = ", ".join(TEMPLATE_TABLES)
        offer.problems.append(
            Problem(
                "không nhận ra bảng này là gì.",
                "it is not clear which table this is.",
                grid.place,
                head_line,
                remedy_vi=f"đặt tên trang tính là {names}, dòng đầu là tên cột như trong tệp mẫu.",
                remedy_en=f"name the sheet {names}, with the template's column names in the first line.",
            )
        )
        return
    columns = read_rows(data_dir, table.file)[0]
    unknown = [name for name in header if name and name not in columns]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    offer.problems += [_bad_column(grid.place, head_line, name, columns) for name in unknown]
    offer.problems += [
        Problem("cột lặp lại.", "the column occurs twice.", grid.place, head_line, name) for name in twice
    ]
    if not unknown and not twice:
        rows = _rows(grid, filled, header, number_columns(data_dir, table), offer.problems)
        offer.tables.setdefault(table.stem, []).extend(rows)


def _header(head: Sequence[Any]) -> list[str]:
    names = [str(getattr(cell, "value", cell) or "").strip().casefold() for cell in head]
    while names and not names[-1]:
        names.pop()
    return names


def _bad_column(place: str, line: int, name: str, columns: Sequence[str]) -> Problem:
    known = ", ".join(columns)
    return Problem(
        "không có cột này.",
        "there is no such column.",
        place,
        line,
        name,
        f"dùng các cột: {known}.",
        f"use the columns: {known}.",
    )


def _recognise(name: str, header: Sequence[str], data_dir: Path) -> Table | None:
    """Return the table a sheet is meant for: by its name, else the only one that has all its columns."""
    if name in TABLES:
        return TABLES[name]
    given = {column for column in header if column}
    if len(given) < FEWEST_COMMON_COLUMNS:
        return None
    fitting = [table for table in TABLES.values() if given <= set(read_rows(data_dir, table.file)[0])]
    return fitting[0] if len(fitting) == 1 else None


def _rows(
    grid: _Grid,
    filled: Iterator[tuple[int, Sequence[Any]]],
    header: Sequence[str],
    numbers: set[str],
    problems: list[Problem],
) -> Iterator[Row]:
    """Yield the rows of a recognised sheet, complaining about cells that cannot be taken."""
    for count, (line, raw) in enumerate(filled, start=1):
        if count > MAX_ROWS:
            problems.append(
                Problem(
                    f"có hơn {MAX_ROWS} dòng.",
                    f"there are more than {MAX_ROWS} rows.",
                    grid.place,
                    remedy_vi="chia thành nhiều tệp.",
                    remedy_en="split it into several files.",
                )
            )
            return
        row = Row(grid.place, line, {})
        for index, cell in enumerate(raw):
            name = header[index] if index < len(header) else ""
            try:
                value = cells.text(_raw(cell))
                if name in numbers:
                    value = cells.number(value, comma=grid.comma)
                if name in NAMES and len(value) > LONGEST_NAME:
                    raise cells.too_long(LONGEST_NAME)
            except cells.CellError as error:
                problems.append(row.problem(error.vi, error.en, name or None, error.remedy_vi, error.remedy_en))
                continue
            if value and not name:
                problems.append(row.problem("ô nằm ngoài các cột có tên.", "the cell is under no column name."))
            elif value:
                row.cells[name] = value
        if "period" in row.cells:
            row.cells["period"] = cells.period(row.cells["period"], row.cells.get("precision", ""))
        yield row
