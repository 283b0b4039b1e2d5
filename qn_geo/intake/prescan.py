"""A look at files before a library reads them: what must not be followed, what is missing, which line is wrong."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from qn_geo.errors import Problem, QnGeoError

if TYPE_CHECKING:
    from pathlib import Path

_DEEPEST: Final = 100
"""Deepest nesting of XML elements; folders within folders of real files stay below twenty."""
_POINTS_ELSEWHERE: Final = re.compile(rb'(?i)\bfile\s+"|create\s+view|open\s+table|isseamless"\s*=\s*"true')
_TAB_BYTES: Final = 2**20


def xml(path: Path, name: str) -> list[Problem]:
    """Read an XML file through, without building anything from it.

    Args:
        path: Where it lies.
        name: What its sender calls it.

    Returns:
        Links to other places, which are not followed.

    Raises:
        QnGeoError: If it is not well-formed, declares entities or a document type, or is nested absurdly deep.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    links: list[int] = []
    depth = 0

    def start(tag: str, _attributes: object) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise _too_deep(name, parser.CurrentLineNumber)
        if tag.endswith("NetworkLink"):
            links.append(parser.CurrentLineNumber)

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    def doctype(*_: object) -> None:
        raise _declarations(name, parser.CurrentLineNumber)

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = doctype
    try:
        with path.open("rb") as stream:
            parser.ParseFile(stream)
    except (expat.ExpatError, ValueError, LookupError) as error:  # the last two: an encoding nobody knows
        raise _malformed(name, "XML", str(error), getattr(error, "lineno", None)) from error
    return [_link(name, line) for line in links]


def json_mistake(path: Path, name: str) -> QnGeoError | None:
    """Return the error of a JSON file that is none, with its line; None if nothing is wrong with it."""
    try:
        json.loads(path.read_bytes())
    except json.JSONDecodeError as error:
        return _malformed(name, "JSON", error.msg, error.lineno)
    except UnicodeDecodeError as error:
        return _malformed(name, "JSON", str(error), None)
    except RecursionError:
        return _too_deep(name, None)
    return None


def shapefile(path: Path, name: str) -> list[Problem]:
    """Complain about a .shp that is shorter than it says: the shapes behind the cut are missing."""
    with path.open("rb") as stream:
        said = 2 * int.from_bytes(stream.read(28)[24:28], "big")  # counted in words of 16 bits
    if said <= path.stat().st_size:
        return []
    return [
        Problem(
            "tệp .shp bị cắt cụt, thiếu hình của các thửa sau.",
            "the .shp is cut short; the shapes behind the cut are missing.",
            name,
            remedy_vi="sao chép hoặc tải lại tệp rồi nộp lại.",
            remedy_en="copy or download it again and send it once more.",
        )
    ]


def mapinfo(path: Path, name: str) -> None:
    """Refuse a MapInfo table that is a view of other tables or a set of them: it could point anywhere.

    Raises:
        QnGeoError: If it does.
    """
    with path.open("rb") as stream:
        if path.suffix == ".tab" and _POINTS_ELSEWHERE.search(stream.read(_TAB_BYTES)):
            raise QnGeoError(
                "bảng MapInfo này chỉ trỏ tới tệp khác (bảng ghép, khung nhìn hoặc ảnh).",
                "this MapInfo table only points to other files (a seamless table, a view or a picture).",
                file=name,
                remedy_vi="nộp chính các bảng gốc (.tab, .dat, .map, .id).",
                remedy_en="send the native tables themselves (.tab, .dat, .map, .id).",
            )


def _malformed(name: str, what: str, told: str, line: int | None) -> QnGeoError:
    return QnGeoError(
        f"{what} sai cú pháp ({told}).",
        f"the {what} is malformed ({told}).",
        file=name,
        row=line,
        remedy_vi="xuất lại từ phần mềm bản đồ; không sửa tệp bằng tay.",
        remedy_en="export it again from the map program; do not edit the file by hand.",
    )


def _declarations(name: str, line: int) -> QnGeoError:
    return QnGeoError(
        "tệp XML khai báo DOCTYPE hoặc thực thể (entity), có thể gây hại nên không đọc.",
        "the XML declares a DOCTYPE or entities, which can do harm; it is not read.",
        file=name,
        row=line,
        remedy_vi="xuất lại dạng KML hoặc GML thông thường.",
        remedy_en="export it again as plain KML or GML.",
    )


def _too_deep(name: str, line: int | None) -> QnGeoError:
    return QnGeoError(
        "các phần tử lồng nhau quá sâu.",
        "the elements are nested too deep.",
        file=name,
        row=line,
        remedy_vi="xuất lại từ phần mềm bản đồ.",
        remedy_en="export it again from the map program.",
    )


def _link(name: str, line: int) -> Problem:
    return Problem(
        "có liên kết tới tệp ở nơi khác (NetworkLink); không tải về.",
        "there is a link to a file elsewhere (NetworkLink); it is not fetched.",
        name,
        line,
        remedy_vi="mở trong Google Earth, lưu dữ liệu thật thành KML/KMZ rồi nộp.",
        remedy_en="open it in Google Earth, save the data itself as KML or KMZ and send that.",
    )
