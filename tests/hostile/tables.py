"""Tables, and what is no data at all."""

from __future__ import annotations

import io
import zipfile

from tests import plot_files
from tests.hostile import NOISE, OLE, simple
from tests.hostile.markup import LAUGHS
from tests.plot_files import pack

simple(
    "csv-columns",
    "CSV một triệu cột | CSV of a million columns",
    lambda: {"a.csv": b";".join(b"%d" % n for n in range(1_000_000)) + b"\n1;2\n"},
)
simple(
    "csv-quote",
    "CSV có dấu nháy không đóng | CSV with a quote that never closes",
    lambda: {"a.csv": b'X;Y\n1;"' + b"2;3\n" * 5_000_000},
)
simple("csv-zeros", "CSV có byte 0 | CSV with zero bytes", lambda: {"a.csv": b"X;Y\n1;\x002\n"})
simple(
    "csv-rows", "CSV quá nhiều dòng | CSV of too many rows", lambda: {"a.csv": b"X;Y\n" + b"2310000;404000\n" * 120_000}
)
simple("csv-header", "CSV chỉ có dòng tiêu đề | CSV of a header only", lambda: {"a.csv": b"X;Y\n"})


def altered(part, change):
    """A workbook one part of which was changed."""
    with zipfile.ZipFile(io.BytesIO(plot_files.workbook([["X", "Y"], [2310000, 404000]]))) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    return pack(content | {part: change(content[part])})


SHEET = "xl/worksheets/sheet1.xml"
simple(
    "xlsx-entities",
    "XLSX nhân thực thể | XLSX that multiplies entities",
    lambda: {"a.xlsx": altered(SHEET, lambda old: f"<!DOCTYPE x [{LAUGHS}]>".encode() + old)},
)
simple(
    "xlsx-bomb",
    "XLSX phình to khi giải nén | XLSX that swells when unpacked",
    lambda: {"a.xlsx": altered(SHEET, lambda old: old.replace(b"</sheetData>", b" " * 60_000_000 + b"</sheetData>"))},
)
simple(
    "xlsx-columns",
    "XLSX có ô ở cột 16.384 | XLSX with a cell in column 16,384",
    lambda: {"a.xlsx": altered(SHEET, lambda old: old.replace(b'r="B2"', b'r="XFD2"'))},
)
simple(
    "xlsx-damaged",
    "XLSX có trang tính hỏng | XLSX with a damaged sheet",
    lambda: {"a.xlsx": altered(SHEET, lambda old: old[:200])},
)
simple(
    "xlsx-rows",
    "XLSX khai dòng thứ một tỷ | XLSX that claims row one billion",
    lambda: {
        "a.xlsx": altered(
            SHEET,
            lambda old: (
                old.replace(b'<row r="2"', b'<row r="1000000000"')
                .replace(b'"A2"', b'"A1000000000"')
                .replace(b'"B2"', b'"B1000000000"')
            ),
        )
    },
)
simple("xlsx-truncated", "XLSX tải dở | incomplete XLSX", lambda: {"a.xlsx": plot_files.workbook([["X"], [1]])[:-400]})
simple("xlsx-empty", "XLSX rỗng | empty XLSX", lambda: {"a.xlsx": plot_files.workbook([])})
simple(
    "xlsx-password",
    "XLSX có mật khẩu | XLSX with a password",
    lambda: {"a.xlsx": OLE + "EncryptedPackage".encode("utf-16-le")},
)
simple(
    "xls",
    "Excel đời cũ | old Excel",
    lambda: {"a.xlsx": OLE + "Workbook".encode("utf-16-le")},
)
simple(
    "docx",
    "văn bản Word | Word document",
    lambda: {"a.xlsx": pack({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"})},
)


simple("pdf", "PDF | PDF", lambda: {"thua.shp": b"%PDF-1.7\n"})
simple("picture", "ảnh chụp | picture", lambda: {"thua.geojson": b"\xff\xd8\xff\xe0\x00\x10JFIF"})
simple("rar", "RAR | RAR", lambda: {"thua.zip": b"Rar!\x1a\x07\x01\x00"})
simple(
    "program", "chương trình đổi tên | a program under another name", lambda: {"thua.gpkg": b"MZ\x90\x00" + NOISE[:500]}
)
simple("noise", "rác ngẫu nhiên | noise", lambda: {"thua.gpkg": NOISE})
simple("zeros", "toàn số không | nothing but zeros", lambda: {"thua.gpkg": bytes(100_000)})
simple("empty", "tệp rỗng | empty file", lambda: {"thua.gpkg": b""})
simple(
    "name-elsewhere", "tên tệp dẫn ra ngoài | file name that leads elsewhere", lambda: {"../../evil.gpkg": NOISE[:100]}
)
simple(
    "name-odd",
    "tên tệp có xuống dòng và mã HTML | file name with line breaks and HTML",
    lambda: {"<b>\n\x1b[31mevil.gpkg": NOISE[:100]},
)
