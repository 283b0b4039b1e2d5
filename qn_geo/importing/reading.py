"""Open a filled-in workbook or CSV file and read its tables, gathering every complaint instead of stopping early.

Files come from outside: sizes are bounded before anything is parsed, formulas are refused, nothing is executed.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
from typing import TYPE_CHECKING, Final

import openpyxl

from qn_geo.errors import QnGeoError
from qn_geo.importing import grids
from qn_geo.importing.offers import Offer, unusable

if TYPE_CHECKING:
    from pathlib import Path

MAX_BYTES: Final = 100 * 2**20
MAX_UNPACKED_BYTES: Final = 500 * 2**20
IGNORED_SHEETS: Final = frozenset({"readme", "lists"})


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
                grids.read(grids.Grid(f"{file.name} [{sheet.title}]", name, rows), data_dir, offer)
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
        grids.read(grids.Grid(file.name, file.stem.strip().casefold(), rows, comma=comma), data_dir, offer)
    except csv.Error as error:
        raise unusable(file, f"CSV bị hỏng: {error}.", f"the CSV is damaged: {error}.") from error
    return offer


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
