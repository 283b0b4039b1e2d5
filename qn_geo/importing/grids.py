"""Read rows of raw cells as a table of ours: find out which, then take each cell or say why it cannot be taken."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from qn_geo.errors import Problem
from qn_geo.importing import cells
from qn_geo.importing.offers import Row
from qn_geo.importing.targets import TABLES, TEMPLATE_TABLES, Table, number_columns, read_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from qn_geo.importing.offers import Offer

MAX_ROWS: Final = 50_000
MAX_COLUMNS: Final = 200
# A sheet can be "used" down to its last row by formatting alone; this many blank rows mean its end, and what comes
# after them is told, not read. A row number beyond the last row of a spreadsheet is made up.
BLANK_ROWS_AT_END: Final = 1_000
LAST_ROW: Final = 1_048_576
LONGEST_NAME: Final = 200
NAMES: Final = frozenset({"name_vi", "name_en", "use_name_vi", "use_name_en"})
FEWEST_COMMON_COLUMNS: Final = 3


@dataclass(frozen=True)
class Grid:
    """Rows of raw cells, with the name that may say which table it is."""

    place: str
    name: str
    rows: Iterable[Sequence[Any]]
    comma: bool = False


def read(grid: Grid, data_dir: Path, offer: Offer) -> None:
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


def _filled(grid: Grid, problems: list[Problem]) -> Iterator[tuple[int, Sequence[Any]]]:
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
    grid: Grid,
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
