"""Write the files a person fills in: a workbook for tables, a GeoPackage for geometry.

Column meanings come from the data records, closed lists from the schema, ids from the present tables, and each example
is a row that is really there: nothing in a template can disagree with what an import accepts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation

from qn_geo import crs
from qn_geo.build import official
from qn_geo.errors import QnGeoError
from qn_geo.i18n import UNITS
from qn_geo.importing.targets import (
    SHAPE_LAYERS,
    TABLES,
    TEMPLATE_TABLES,
    ShapeLayer,
    damaged,
    known_ids,
    read_record,
    read_rows,
)
from qn_geo.schema import words
from qn_geo.settings import settings

if TYPE_CHECKING:
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

MARK: Final = "#"
EXAMPLE: Final = f"{MARK} ví dụ / example"
PREPARED_ROWS: Final = 500  # rows that are formatted and carry drop-down lists
WIDEST: Final = 40
HEAD_LINES: Final = 3
CODED: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("figures", "precision"): words.values(words.Precision),
    ("figures", "unit"): tuple(UNITS),
    ("figures", "kind"): words.values(words.FigureKind),
    ("figures", "class"): words.values(words.FigureClass),
    ("figures", "basis"): words.values(words.Basis),
    ("projects", "status"): words.values(words.ProjectStatus),
    ("projects", "counted"): words.values(words.YesNo),
    ("zones", "kind"): words.values(words.ZoneKind),
    ("zones", "area"): words.values(words.AreaOrOther),
    ("zones", "status"): words.values(words.Status),
    ("sources", "tier"): words.values(words.Tier),
}
README: Final = (
    (
        "Điền các trang figures, projects, zones, sources; trang nào không cần thì để nguyên.",
        "Fill in the sheets figures, projects, zones, sources; leave the ones you do not need as they are.",
    ),
    (
        "Không đổi dòng đầu (tên cột). Dòng bắt đầu bằng # chỉ để giải thích, không được nhập.",
        "Keep the first line (column names). Lines that start with # only explain and are not imported.",
    ),
    (
        "Ô trống: giữ nguyên giá trị đang có. Muốn xóa giá trị, ghi (xóa).",
        "An empty cell leaves the present value. To empty it, write (clear).",
    ),
    (
        "Dòng mới: để trống mã (figure_id, project_id, source_id); dòng đã có được nhận ra theo nội dung.",
        "New lines: leave ids (figure_id, project_id, source_id) empty; present ones are recognised by content.",
    ),
    (
        "Mỗi dòng cần nguồn: điền source_id, hoặc nhập với --source “tên văn bản”.",
        "Every line needs a source: fill in source_id, or import with --source “title of the document”.",
    ),
    (
        "Số ghi dạng 1234.5; thời điểm ghi 2025-11-30, 2025-11 hoặc 2025. Không dùng công thức.",
        "Write numbers as 1234.5 and periods as 2025-11-30, 2025-11 or 2025. No formulas.",
    ),
    (
        "Kiểm tra: python -m qn_geo data import TỆP. Ghi vào dữ liệu: thêm --yes.",
        "To check: python -m qn_geo data import FILE. To write: add --yes.",
    ),
)


def write_template(out: Path, *, force: bool = False) -> None:
    """Write a template to fill in.

    Args:
        out: .xlsx for tables or .gpkg for geometry.
        force: Replace an existing file.

    Raises:
        QnGeoError: If the kind is unknown, the file exists, or the folder cannot be written.
    """
    writers = {".xlsx": _write_workbook, ".gpkg": _write_geopackage}
    writer = writers.get(out.suffix.casefold())
    if writer is None:
        raise QnGeoError(
            "tệp mẫu chỉ có dạng .xlsx hoặc .gpkg.", "a template is an .xlsx or a .gpkg file.", file=out.name
        )
    if out.exists() and not force:
        raise QnGeoError(
            "tệp đã có.",
            "the file exists.",
            file=str(out),
            remedy_vi="chọn tên khác, hoặc thêm --force để thay.",
            remedy_en="choose another name, or add --force to replace it.",
        )
    try:
        out.unlink(missing_ok=True)
        writer(out)
    except (OSError, pyogrio.errors.DataSourceError) as error:
        raise QnGeoError(f"không ghi được: {error}.", f"cannot be written: {error}.", file=str(out)) from error


def _write_workbook(out: Path) -> None:
    data_dir = settings().data_dir
    book = Workbook()
    readme = book.active
    readme.title = "readme"
    _fill_readme(readme, data_dir)
    lists = book.create_sheet("lists")
    for stem in TEMPLATE_TABLES:
        _fill_sheet(book.create_sheet(stem), stem, data_dir, lists)
    book.move_sheet("lists", offset=len(TEMPLATE_TABLES))
    book.save(out)


def _columns(data_dir: Path, stem: str) -> list[dict[str, Any]]:
    columns: list[dict[str, Any]] = read_record(data_dir, TABLES[stem].file)["columns"]
    return columns


def _fill_readme(sheet: Worksheet, data_dir: Path) -> None:
    for vi, en in README:
        sheet.append([vi])
        sheet.append([en])
    sheet.append([])
    sheet.append(["sheet", "column", "nghĩa", "meaning", "giá trị / values"])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for stem in TEMPLATE_TABLES:
        for column in _columns(data_dir, stem):
            allowed = ", ".join(CODED.get((stem, column["name"]), ()))
            sheet.append([stem, column["name"], column["vi"], column["en"], allowed])
    for letter, width in zip("ABCDE", (12, 20, 60, 60, 60), strict=True):
        sheet.column_dimensions[letter].width = width


def _allowed(data_dir: Path, stem: str, column: str) -> list[str]:
    """Return the values a column may hold, when they can be listed."""
    if (stem, column) in CODED:
        return list(CODED[stem, column])
    target = TABLES[stem].references.get(column)
    found = known_ids(data_dir, target) if target else set()
    return sorted({*found, *words.ZONE_GROUPS} if column == "zone_id" else found)


def _fill_sheet(sheet: Worksheet, stem: str, data_dir: Path, lists: Worksheet) -> None:
    """Write column names, meanings, an example and drop-down lists."""
    columns = _columns(data_dir, stem)
    present, rows = read_rows(data_dir, TABLES[stem].file)
    names = [column["name"] for column in columns]
    if not rows or set(names) - set(present):
        raise damaged(TABLES[stem].file, ", ".join(sorted(set(names) - set(present))) or "0 rows")
    example = rows[0]
    meanings = [f"{column['vi']} / {column['en']}" for column in columns]
    sheet.append(names)
    sheet.append([f"{MARK} {meanings[0]}", *meanings[1:]])
    sheet.append([EXAMPLE, *(example[name] or None for name in names[1:])])
    shade = PatternFill("solid", fgColor="F4F2EE")
    for index, column in enumerate(columns, start=1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = min(WIDEST, max(14, len(column["name"]) + 4))
        sheet.cell(1, index).font = Font(bold=True, color="0B5C8A")
        for line in (2, 3):
            sheet.cell(line, index).font = Font(italic=True, color="5A6570")
            sheet.cell(line, index).fill = shade
            sheet.cell(line, index).alignment = Alignment(wrap_text=line == 2, vertical="top")  # noqa: PLR2004
        if column["type"] in ("string", "date"):  # or a spreadsheet makes 2025-11 a day and 00123 a number
            for line in range(HEAD_LINES, PREPARED_ROWS + HEAD_LINES + 1):
                sheet.cell(line, index).number_format = "@"
        if allowed := _allowed(data_dir, stem, column["name"]):
            _add_choice(sheet, letter, _list_range(lists, f"{stem}.{column['name']}", allowed))
    sheet.freeze_panes = sheet.cell(HEAD_LINES + 1, 2)


def _list_range(lists: Worksheet, title: str, allowed: list[str]) -> str:
    """Write a list into the sheet of lists and return its address."""
    index = 1 if lists.cell(1, 1).value is None else lists.max_column + 1
    lists.cell(1, index).value = title
    for line, value in enumerate(allowed, start=2):
        lists.cell(line, index).value = value
    letter = get_column_letter(index)
    return f"{quote_sheetname(lists.title)}!${letter}$2:${letter}${len(allowed) + 1}"


def _add_choice(sheet: Worksheet, letter: str, address: str) -> None:
    """Offer a list without forbidding other values: a new source or zone may stand in the same file."""
    choice = DataValidation(type="list", formula1=f"={address}", allow_blank=True, showErrorMessage=False)
    choice.add(f"{letter}{HEAD_LINES + 1}:{letter}{HEAD_LINES + PREPARED_ROWS}")
    sheet.add_data_validation(choice)


def _write_geopackage(out: Path) -> None:
    explained = []
    for layer in SHAPE_LAYERS.values():
        columns = (layer.key, *layer.columns)
        empty = gpd.GeoDataFrame(
            {column: pd.Series(dtype="str") for column in columns}, geometry=gpd.GeoSeries([], crs=crs.TM3), crs=crs.TM3
        )
        pyogrio.write_dataframe(empty, out, layer=layer.layer, driver="GPKG", geometry_type=_geometry_type(layer))
        explained += [(layer.layer, column, *_meaning(column)) for column in columns]
    readme = pd.DataFrame(explained, columns=["layer", "column", "nghia", "meaning"])
    pyogrio.write_dataframe(readme, out, layer="readme", driver="GPKG")


def _geometry_type(layer: ShapeLayer) -> str:
    """Return the type of an empty layer; transport holds lines and points."""
    return "Unknown" if "Point" in layer.kinds and len(layer.kinds) > 1 else layer.kinds[-1]


def _meaning(column: str) -> tuple[str, str]:
    known = {item.name: (item.vi, item.en) for item in official.LAYER.columns}
    return known.get(column, ("Mã đối tượng đã có trong dữ liệu, hoặc mã mới", "Id of the feature, present or new"))
