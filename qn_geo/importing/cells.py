"""One cell of a filled-in file to the text the data directory stores, or a complaint."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import date, datetime, time
from typing import Any, Final

LONGEST: Final = 4_000
CLEAR: Final = frozenset({"(xóa)", "(xoá)", "(clear)"})
# Internally a cell to be emptied carries this; no user text can, because control characters are refused.
EMPTIED: Final = "\x00"

_PLAIN_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?")
_COMMA_NUMBER: Final = re.compile(r"[+-]?(\d{1,3}(\.\d{3})+|\d+),\d+")
_GROUPED_NUMBER: Final = re.compile(r"[+-]?\d{1,3}(\.\d{3})+")


class CellError(ValueError):
    """A cell cannot be taken.

    Args:
        vi: Why, in Vietnamese.
        en: Why, in English.
        remedy_vi: What to do, in Vietnamese.
        remedy_en: The same in English.
    """

    def __init__(self, vi: str, en: str, remedy_vi: str = "", remedy_en: str = "") -> None:  # noqa: D107 - the class says it
        super().__init__(en)
        self.vi, self.en, self.remedy_vi, self.remedy_en = vi, en, remedy_vi, remedy_en


def formula() -> CellError:
    """Return the complaint about a formula, which a file could use to run something where it is opened next."""
    return CellError(
        "ô chứa công thức.",
        "the cell holds a formula.",
        "chép rồi dán dạng giá trị (Paste Special, Values).",
        "copy it and paste as values (Paste Special, Values).",
    )


def broken() -> CellError:
    """Return the complaint about a spreadsheet error such as #REF!."""
    return CellError(
        "ô chứa mã lỗi của bảng tính.",
        "the cell holds a spreadsheet error.",
        "nhập lại giá trị.",
        "enter the value again.",
    )


def no_text() -> CellError:
    """Return the complaint about a list or binary data where a text or a number belongs."""
    return CellError(
        "ô chứa danh sách hoặc dữ liệu nhị phân.",
        "the cell holds a list or binary data.",
        "ghi bằng chữ hoặc số.",
        "write a text or a number.",
    )


def too_long(limit: int) -> CellError:
    """Return the complaint about a cell with more characters than its column may have."""
    return CellError(
        f"ô dài hơn {limit} ký tự.", f"the cell is longer than {limit} characters.", "viết gọn lại.", "shorten it."
    )


def text(value: Any) -> str:
    """Return a spreadsheet value as text: NFC, trimmed, dates as ISO, whole numbers without a point.

    Raises:
        CellError: If it is a formula, a truth value, not finite, too long or holds control characters.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        raise CellError(
            "ô chứa TRUE hoặc FALSE.", "the cell holds TRUE or FALSE.", "ghi bằng chữ.", "write it in words."
        )
    if isinstance(value, (int, float)):
        return _number_text(float(value)) if isinstance(value, float) else str(value)
    if isinstance(value, datetime):
        if value.time() != time():
            raise CellError(
                "ô chứa giờ trong ngày.", "the cell holds a time of day.", "chỉ ghi ngày.", "write the date only."
            )
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return _clean(str(value))


def _number_text(value: float) -> str:
    if not math.isfinite(value):
        raise CellError("số không hữu hạn (NaN hoặc vô cùng).", "the number is not finite (NaN or infinite).")
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else format(value, ".15g")  # noqa: PLR2004


def _clean(raw: str) -> str:
    visible = "".join(letter for letter in unicodedata.normalize("NFC", raw) if unicodedata.category(letter) != "Cf")
    cleaned = " ".join(visible.split())
    if cleaned.startswith("="):
        raise formula()
    if any(unicodedata.category(letter) in {"Cc", "Cs", "Co", "Cn"} for letter in cleaned):
        raise CellError(
            "ô chứa ký tự điều khiển.", "the cell holds control characters.", "gõ lại nội dung.", "type the text again."
        )
    if len(cleaned) > LONGEST:
        raise too_long(LONGEST)
    return EMPTIED if cleaned.casefold() in CLEAR else cleaned


def number(cell: str, *, comma: bool) -> str:
    """Return a number as the data directory writes it.

    Args:
        cell: Result of `text`.
        comma: Whether the file is one where a comma parts decimals (a CSV parted by semicolons).

    Raises:
        CellError: If it is no number, or could be read in two ways.
    """
    if cell in ("", EMPTIED):
        return cell
    if comma and _GROUPED_NUMBER.fullmatch(cell):
        raise CellError(
            f"“{cell}” có thể hiểu hai cách (dấu chấm ngăn nghìn hay thập phân).",
            f"“{cell}” can be read in two ways (thousands or decimals).",
            "bỏ dấu chấm ngăn nghìn.",
            "leave out the thousands separator.",
        )
    if comma and _COMMA_NUMBER.fullmatch(cell):
        cell = cell.replace(".", "").replace(",", ".")
    if not _PLAIN_NUMBER.fullmatch(cell):
        raise CellError(
            f"“{cell}” không phải là số.",
            f"“{cell}” is not a number.",
            "ghi dạng 1234.5, không dấu ngăn nghìn, không đơn vị.",
            "write it as 1234.5, without thousands separators or units.",
        )
    value = float(cell)
    return _number_text(value)


def period(cell: str, precision: str) -> str:
    """Return an ISO period; a spreadsheet turns `2021-10` into the first of the month, which `precision` tells."""
    if precision == "month" and re.fullmatch(r"\d{4}-\d{2}-01", cell):
        return cell[:7]
    if precision in ("year", "horizon") and re.fullmatch(r"\d{4}-01-01", cell):
        return cell[:4]
    return cell
