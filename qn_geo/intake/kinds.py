"""What kind of file something is, told by its content: names and extensions are never believed.

Kinds we do not read are known by sight too, so that the refusal can say what to export instead.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from qn_geo.errors import QnGeoError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEAD_BYTES: Final = 65_536
_OLE_BYTES: Final = 16 * 2**20
"""How far the directory of an OLE container is looked for."""


class Kind(StrEnum):
    """Kinds a file can be: the ones that hold plots, their containers, and parts that only help another file."""

    GPKG = "gpkg"
    SHP = "shp"
    GEOJSON = "geojson"
    KML = "kml"
    DXF = "dxf"
    DGN = "dgn"
    MAPINFO = "mapinfo"
    FILEGDB = "filegdb"
    GML = "gml"
    GEOPARQUET = "geoparquet"
    CSV = "csv"
    XLSX = "xlsx"
    TEXT = "text"
    ZIP = "zip"
    PART = "part"


LAYERS: Final = frozenset(Kind) - {Kind.ZIP, Kind.PART}
CAD: Final = frozenset({Kind.DXF, Kind.DGN})
TABLES: Final = frozenset({Kind.CSV, Kind.XLSX, Kind.TEXT})


@dataclass(frozen=True, slots=True)
class _Refused:
    """A kind we know and do not read: what it is, and what to send instead."""

    vi: str
    en: str
    remedy_vi: str
    remedy_en: str


_VECTOR: Final = (
    "xuất sang GeoPackage, shapefile, DXF (2010 trở lên) hoặc GeoJSON rồi nộp lại.",
    "export it as GeoPackage, shapefile, DXF (2010 or later) or GeoJSON and send that.",
)
_DRAWING: Final = (
    "trong phần mềm vẽ, xuất sang DXF (2010 trở lên), shapefile hoặc GML rồi nộp lại.",
    "export it from the drawing program as DXF (2010 or later), shapefile or GML and send that.",
)
_TABLE: Final = ("lưu lại dạng .xlsx hoặc CSV UTF-8.", "save it as .xlsx or CSV UTF-8.")
_UNPACKED: Final = (
    "giải nén rồi nộp tệp bên trong, hoặc nén lại dạng ZIP.",
    "unpack it and send what is inside, or pack it again as ZIP.",
)
_COORDINATES: Final = (
    "nộp tệp số của bản vẽ, hoặc bảng tọa độ góc thửa dạng XLSX/CSV; giữ bản này làm chứng từ.",
    "send the drawing's data file, or the corner coordinates as XLSX/CSV; keep this one as evidence.",
)


def _picture(name: str) -> _Refused:
    return _Refused(
        f"đây là ảnh {name}, không có ranh giới thửa dạng số.", f"this is a {name} picture, not data.", *_COORDINATES
    )


def _packed(name: str) -> _Refused:
    return _Refused(f"đây là tệp nén {name}.", f"this is a {name} archive.", *_UNPACKED)


def _program(vi: str = "đây là chương trình.", en: str = "this is a program.") -> _Refused:
    return _Refused(vi, en, *_VECTOR)


_DWG: Final = _Refused("đây là bản vẽ AutoCAD DWG.", "this is an AutoCAD DWG drawing.", *_DRAWING)
_DGN8: Final = _Refused("đây là bản vẽ MicroStation DGN V8.", "this is a MicroStation DGN V8 drawing.", *_DRAWING)
_ACCESS: Final = _Refused(
    "đây là cơ sở dữ liệu Access (geodatabase cá nhân).", "this is an Access database (personal geodatabase).", *_VECTOR
)
_HTML: Final = _Refused("đây là trang web, không phải dữ liệu.", "this is a web page, not data.", *_VECTOR)
_LAYERS_ONLY: Final = _Refused(
    "đây là tệp dự án bản đồ, chỉ trỏ tới dữ liệu nằm ở tệp khác.",
    "this is a map project, which only points to data in other files.",
    *_VECTOR,
)

_DWG_START: Final = re.compile(rb"AC(?:10\d\d|1\.\d+|2\.\d+)(?:[\x00-\x1f]|\Z)")
_TEXTS: Final = frozenset({b"%PDF", b"EXP  ", b"!workspace", b"{\\rtf", b"#!", b"PARE"})
"""First bytes that are text in the files they tell of too."""
_REFUSED: Final[tuple[tuple[bytes, _Refused], ...]] = (
    (b"%PDF", _Refused("đây là tệp PDF.", "this is a PDF.", *_COORDINATES)),
    (b"\x89PNG", _picture("PNG")),
    (b"\xff\xd8\xff", _picture("JPEG")),
    (b"GIF8", _picture("GIF")),
    (b"BM", _picture("BMP")),
    (b"II*\x00", _picture("TIFF")),
    (b"MM\x00*", _picture("TIFF")),
    (b"II+\x00", _picture("BigTIFF")),
    (b"RIFF", _picture("WebP")),
    (b"Rar!", _packed("RAR")),
    (b"7z\xbc\xaf\x27\x1c", _packed("7z")),
    (b"\x1f\x8b", _packed("GZIP")),
    (b"BZh", _packed("BZIP2")),
    (b"\xfd7zXZ", _packed("XZ")),
    (b"\x28\xb5\x2f\xfd", _packed("Zstandard")),
    (b"MSCF", _packed("CAB")),
    (b"MZ", _program()),
    (b"\x7fELF", _program()),
    (b"#!", _program("đây là tập lệnh.", "this is a script.")),
    (b"\x00\x01\x00\x00Standard", _ACCESS),
    (b"fgb", _Refused("đây là tệp FlatGeobuf.", "this is a FlatGeobuf file.", *_VECTOR)),
    (b"PARE", _Refused("đây là tệp Parquet có mật khẩu.", "this is an encrypted Parquet file.", *_VECTOR)),
    (b"EXP  ", _Refused("đây là tệp ArcInfo E00.", "this is an ArcInfo E00 file.", *_VECTOR)),
    (b"!workspace", _LAYERS_ONLY),
    (b"{\\rtf", _Refused("đây là văn bản RTF.", "this is an RTF document.", *_COORDINATES)),
)

_OLE: Final[tuple[tuple[str, _Refused], ...]] = (
    (
        "EncryptedPackage",
        _Refused("bảng tính có mật khẩu.", "the workbook is protected by a password.", *_TABLE),
    ),
    ("Workbook", _Refused("đây là bảng tính Excel đời cũ (.xls).", "this is an old Excel workbook (.xls).", *_TABLE)),
    ("WordDocument", _Refused("đây là văn bản Word.", "this is a Word document.", *_COORDINATES)),
    ("PowerPoint", _Refused("đây là bản trình chiếu PowerPoint.", "this is a PowerPoint deck.", *_COORDINATES)),
    ("Dgn", _DGN8),
)

_UNKNOWN: Final = _Refused("không nhận ra định dạng tệp.", "the format of the file is not known.", *_VECTOR)
_EMPTY: Final = _Refused("tệp rỗng.", "the file is empty.", "kiểm tra và nộp lại.", "check it and send it again.")


def recognise(path: Path) -> Kind:
    """Return what kind of file this is.

    Raises:
        QnGeoError: If it is nothing we read; says what it is, where known, and what to send instead.
    """
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    if not head:
        raise _refusal(path, _EMPTY)
    kind = _by_magic(path, head) or _by_text(path, head)
    if kind is None:
        raise _refusal(path, _UNKNOWN)
    return kind


def _refusal(path: Path, why: _Refused) -> QnGeoError:
    return QnGeoError(why.vi, why.en, file=path.name, remedy_vi=why.remedy_vi, remedy_en=why.remedy_en)


def _by_magic(path: Path, head: bytes) -> Kind | None:
    """Tell binary files."""
    for magic, reader in _READ.items():
        if head.startswith(magic):
            return reader(path, head)
    if _DWG_START.match(head):
        raise _refusal(path, _DWG)
    for magic, why in _REFUSED:
        # A table whose first column is called BM or MZ is no picture and no program.
        if head.startswith(magic) and (b"\x00" in head or magic in _TEXTS):
            raise _refusal(path, why)
    if head[257:262] == b"ustar":
        raise _refusal(path, _packed("TAR"))
    if _is_dbf(head) or _is_mapinfo_part(head):
        return Kind.PART
    return None


def _shape(_path: Path, head: bytes) -> Kind:
    """Tell a .shp from its indexes, which begin alike.

    The first record of a .shp has number 1, the first entry of a .shx offset 50; .sbn and .sbx fill what is zero.
    """
    index = head[100:104] == (50).to_bytes(4, "big") or head[4:24].strip(b"\x00")
    return Kind.PART if index else Kind.SHP


def _sqlite(path: Path, head: bytes) -> Kind:
    if head[68:72] in {b"GPKG", b"GP10", b"GP11"} or b"gpkg_contents" in head:
        return Kind.GPKG
    what = _Refused(
        "đây là cơ sở dữ liệu SQLite nhưng không phải GeoPackage.",
        "this is an SQLite database, but not a GeoPackage.",
        *_VECTOR,
    )
    raise _refusal(path, what)


def _ole(path: Path, head: bytes) -> Kind:
    """Tell what an OLE container holds by the names in its directory."""
    with path.open("rb") as stream:
        content = head + stream.read(_OLE_BYTES)
    for name, why in _OLE:
        if name.encode("utf-16-le") in content:
            raise _refusal(path, why)
    raise _refusal(path, _DGN8)


_READ: Final[dict[bytes, Callable[[Path, bytes], Kind]]] = {
    b"PK\x03\x04": lambda _path, _head: Kind.ZIP,
    b"PK\x05\x06": lambda _path, _head: Kind.ZIP,
    b"PK\x07\x08": lambda _path, _head: Kind.ZIP,
    b"SQLite format 3\x00": _sqlite,
    b"\x00\x00\x27\x0a": _shape,
    b"\x08\x09\xfe\x02": lambda _path, _head: Kind.DGN,
    b"\xc8\x09\xfe\x02": lambda _path, _head: Kind.DGN,
    b"\xd0\xcf\x11\xe0": _ole,
    b"AutoCAD Binary DXF": lambda _path, _head: Kind.DXF,
    b"PAR1": lambda _path, _head: Kind.GEOPARQUET,
}


def _is_dbf(head: bytes) -> bool:
    """Whether this is a dBASE table: version, a date that can be, and a header length that fits 32-byte fields."""
    if len(head) < 33 or head[0] not in {0x03, 0x30, 0x83, 0x8B, 0xF5}:  # noqa: PLR2004 - the shortest header there is
        return False
    size = int.from_bytes(head[8:10], "little")
    return head[2] <= 12 and head[3] <= 31 and size > 32 and size % 32 in {0, 1, 8}  # noqa: PLR2004 - month, day, header


def _is_mapinfo_part(head: bytes) -> bool:
    """Whether this is the .map of a MapInfo table, whose first block carries a magic number."""
    return head[256:260] == (42424242).to_bytes(4, "little")


def decoded(head: bytes) -> str | None:
    """Return the beginning of a text file as text, or None when it is no text. Unknown bytes come as Latin-1."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    if b"\x00" in head:
        return None
    controls = sum(head.count(byte) for byte in (*range(1, 9), *range(14, 27), *range(28, 32)))
    if controls > len(head) // 200:
        return None
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1")


_DXF_START: Final = re.compile(r"\s*(?:999\s*?\n[^\n]*\n\s*)*0\s*?\n\s*SECTION\b")
_ROOT: Final = re.compile(r"<(?:[\w.-]+:)?([A-Za-z_][\w.-]*)")
_XML_PROLOGUE: Final = re.compile(r"<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL)
_KML_ROOTS: Final = frozenset({"kml", "Document", "Folder", "Placemark"})
_MIF: Final = re.compile(r"version\s+\d+", re.IGNORECASE)
_PRJ: Final = ("PROJCS[", "GEOGCS[", "PROJCRS[", "GEOGCRS[", "LOCAL_CS[", "BOUNDCRS[", "COMPD_CS[")
_CPG: Final = re.compile(r"(?:utf-?8|\d{3,5}|(?:iso|ansi|windows|cp)[\w -]*\d+|latin\d?|big5|gbk)", re.IGNORECASE)


def _by_text(path: Path, head: bytes) -> Kind | None:
    """Tell text files."""
    text = decoded(head)
    if text is None:
        return None
    start = text.lstrip("\ufeff \t\r\n")
    if not start:
        raise _refusal(path, _EMPTY)
    if start[0] in "<{[":
        return _xml(path, start) if start[0] == "<" else _json(path, start)
    if _DXF_START.match(text):
        return Kind.DXF
    if start[:6].lower() == "!table" or _MIF.match(start):
        return Kind.MAPINFO
    if start.startswith(_PRJ) or _CPG.fullmatch(start.strip()):
        return Kind.PART
    return Kind.CSV if _has_delimiter(start) else Kind.TEXT


def _has_delimiter(text: str) -> bool:
    """Whether most of the first lines hold a delimiter of tables; a comma between digits may be a decimal one."""
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    return sum(bool(re.search(r"[;\t|]|,(?!\d)|\d,\d+,", line)) for line in lines) * 2 > len(lines)


def _xml(path: Path, start: str) -> Kind:
    root = _ROOT.search(_XML_PROLOGUE.sub("", start))
    name = root.group(1) if root else ""
    if name in _KML_ROOTS:
        return Kind.KML
    if "opengis.net/gml" in start or name in {"FeatureCollection", "featureMembers"}:
        return Kind.GML
    if name.lower() == "html" or start[:14].lower() == "<!doctype html":
        raise _refusal(path, _HTML)
    if name in {"qgis", "OGRVRTDataSource", "Map", "QLR", "qlr"}:
        raise _refusal(path, _LAYERS_ONLY)
    if not root:
        return Kind.KML  # the reader says what is wrong with the XML, with its line
    what = _Refused(
        f"đây là tệp XML “{name[:40]}”, không phải KML hay GML.",
        f"this is an XML file of “{name[:40]}”, neither KML nor GML.",
        *_VECTOR,
    )
    raise _refusal(path, what)


_GEOJSON_TYPES: Final = re.compile(
    r'"type"\s*:\s*"(?:Feature|FeatureCollection|(?:Multi)?(?:Point|LineString|Polygon)|GeometryCollection)"'
)


def _json(path: Path, start: str) -> Kind:
    """Tell GeoJSON from other JSON. What stands after the beginning is the reader's to judge."""
    if '"Topology"' in start[:2000] or '"esriGeometry' in start or '"spatialReference"' in start[:2000]:
        what = _Refused(
            "đây là TopoJSON hoặc Esri JSON, không phải GeoJSON.",
            "this is TopoJSON or Esri JSON, not GeoJSON.",
            *_VECTOR,
        )
        raise _refusal(path, what)
    if _GEOJSON_TYPES.search(start) or _is_broken_json(start):
        return Kind.GEOJSON
    what = _Refused("đây là tệp JSON nhưng không phải GeoJSON.", "this is JSON, but not GeoJSON.", *_VECTOR)
    raise _refusal(path, what)


def _is_broken_json(start: str) -> bool:
    """Whether a short text is no JSON at all: then the reader can name the line."""
    try:
        json.loads(start)
    except (ValueError, RecursionError):
        return True
    return False
