"""Lay out what was sent so that a library can read it: archives unpacked, the parts of one file beside each other.

No name from outside reaches the disk: what belongs together is given a name of ours, in a folder of ours.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from qn_geo.errors import Problem, QnGeoError
from qn_geo.intake import archives, kinds, limits
from qn_geo.intake.kinds import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SHAPE_PARTS: Final = (".shx", ".dbf", ".prj", ".cpg")
MAPINFO_PARTS: Final = (".dat", ".map", ".id", ".ind", ".mid")
_PARTS: Final = {Kind.SHP: SHAPE_PARTS, Kind.MAPINFO: MAPINFO_PARTS}
_SUFFIX: Final = {Kind.GEOPARQUET: ".parquet", Kind.TEXT: ".txt"}
_GDB_FILE: Final = re.compile(r"(?:a[0-9a-f]{8}\.[a-z_]+|gdb|timestamps)", re.IGNORECASE)
_FEW: Final = 5


@dataclass(frozen=True, slots=True)
class Source:
    """One thing a library can open.

    Attributes:
        path: File, or folder of a file geodatabase.
        kind: What it is.
        name: What the sender calls it, for messages.
    """

    path: Path
    kind: Kind
    name: str


@dataclass(slots=True)
class Contents:
    """What was found in what was sent.

    Attributes:
        sources: Things to read, in the order they were sent.
        skipped: Why the other files are not read; pictures and documents beside data are no mistake.
    """

    sources: list[Source] = field(default_factory=list)
    skipped: list[Problem] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Item:
    """A file on our disk and the name it was sent under."""

    path: Path
    name: str

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix.lower()

    @property
    def stem(self) -> str:
        """Folder and name without extension, by which the parts of a file find each other."""
        return str(PurePosixPath(self.name).with_suffix("")).casefold()


def gather(path: Path) -> list[Path]:
    """Return a file together with the parts that lie beside it, or the files of a folder.

    Raises:
        QnGeoError: If there is nothing at this path.
    """
    if path.is_dir():
        return sorted(item for item in path.iterdir() if item.is_file() and not item.is_symlink())
    if not path.is_file():
        raise QnGeoError(
            "không tìm thấy tệp.",
            "there is no such file.",
            file=path.name,
            remedy_vi="kiểm tra đường dẫn.",
            remedy_en="check the path.",
        )
    parts = {*SHAPE_PARTS, *MAPINFO_PARTS} if path.suffix.lower() in {".shp", ".tab", ".mif"} else set()
    beside = [
        item
        for item in path.parent.iterdir()
        if item.stem.casefold() == path.stem.casefold() and item.suffix.lower() in parts and item != path
    ]
    return [path, *sorted(beside)]


def arrange(files: Sequence[tuple[str, Path]], folder: Path) -> Contents:
    """Lay out files in a folder of ours.

    Args:
        files: Name as sent and where it lies, of each file.
        folder: Where to write; must be empty.

    Raises:
        QnGeoError: If nothing can be read in it, or an archive is damaged, dangerous, protected or too large.
    """
    items: list[_Item] = []
    for name, path in files:
        limits.check_size(name, path.stat().st_size)
        if archives.is_plain(path, name):
            inside = archives.extract(path, name, folder / f"archive{len(items)}")
            items += [_Item(place, inner) for inner, place in inside]
        else:
            items.append(_Item(path, name))
    contents = _sort(items, folder)
    if not contents.sources:
        raise _nothing(contents, files[0][0] if len(files) == 1 else "")
    return contents


def _sort(items: Sequence[_Item], folder: Path) -> Contents:
    """Tell what each file is and put together what belongs together."""
    contents = Contents()
    found: list[tuple[_Item, Kind]] = []
    tables = [item for item in items if _GDB_FILE.fullmatch(PurePosixPath(item.name).name)]
    geodatabases = {
        PurePosixPath(item.name).parent for item in tables if item.suffix == ".gdbtable" and item.path.stat().st_size
    }
    loose = [item for item in items if PurePosixPath(item.name).parent not in geodatabases or item not in tables]
    for item in loose:
        try:
            kind = _kind(item)
        except QnGeoError as error:
            if item.suffix not in MAPINFO_PARTS:  # of which some are bare numbers
                contents.skipped.append(error.problem)
                continue
            kind = Kind.PART
        found.append((item, kind))
    for number, parent in enumerate(sorted(geodatabases)):
        target = folder / f"geodatabase{number}.gdb"
        mine = [item for item in tables if PurePosixPath(item.name).parent == parent]
        _put((item.path, target / PurePosixPath(item.name).name.lower()) for item in mine)
        contents.sources.append(Source(target, Kind.FILEGDB, str(parent) if parent.name else "geodatabase"))
    contents.sources += _together(found, folder)
    contents.skipped += [_no_table(source.name) for source in contents.sources if _lacks_table(source)]
    _check_parts(found, contents)
    return contents


def _kind(item: _Item) -> Kind:
    """Return the kind of one file, told under the name it was sent with."""
    try:
        kind = kinds.recognise(item.path)
    except QnGeoError as error:
        told = error.problem
        raise QnGeoError(
            told.vi, told.en, file=item.name, remedy_vi=told.remedy_vi, remedy_en=told.remedy_en
        ) from error
    if kind is not Kind.ZIP:
        return kind
    if not archives.is_plain(item.path, item.name):
        return Kind.XLSX
    raise QnGeoError(
        "tệp nén nằm trong tệp nén.",
        "this is an archive within an archive.",
        file=item.name,
        remedy_vi="giải nén rồi nén lại một lần, không lồng nhau.",
        remedy_en="unpack it and pack it again once, not nested.",
    )


def _together(found: Sequence[tuple[_Item, Kind]], folder: Path) -> list[Source]:
    """Place every file that can be opened, with its parts, in a folder of its own."""
    parts = [item for item, _ in found if item.suffix in {*SHAPE_PARTS, *MAPINFO_PARTS}]
    mains = [(item, kind) for item, kind in found if kind in kinds.LAYERS and item not in parts]
    # Notes and lists beside a map say something about it; alone they are the data.
    if any(kind not in {Kind.TEXT, Kind.CSV} for _, kind in mains):
        mains = [(item, kind) for item, kind in mains if kind not in {Kind.TEXT, Kind.CSV}]
    alone = {kind: sum(kind is other for _, other in mains) == 1 for kind in _PARTS}
    sources = []
    for number, (item, kind) in enumerate(mains):
        suffix = _suffix(item.path, kind)
        home = folder / f"source{number}"
        mine = [
            part
            for part in parts
            if part.suffix in _PARTS.get(kind, ()) and (part.stem == item.stem or alone.get(kind, False))
        ]
        _put([(item.path, home / f"plots{suffix}"), *((part.path, home / f"plots{part.suffix}") for part in mine)])
        sources.append(Source(home / f"plots{suffix}", kind, item.name))
    return sources


def _suffix(path: Path, kind: Kind) -> str:
    """Return the extension by which a library knows this kind."""
    if kind is Kind.MAPINFO:
        with path.open("rb") as stream:
            return ".mif" if stream.read(64).lstrip().lower().startswith(b"version") else ".tab"
    return _SUFFIX.get(kind, f".{kind}")


def _put(pairs: Iterable[tuple[Path, Path]]) -> None:
    """Copy files; a library may write beside what it reads, and the original must stay as it is."""
    for source, target in pairs:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target, follow_symlinks=True)


def _lacks_table(source: Source) -> bool:
    return source.kind is Kind.SHP and not source.path.with_suffix(".dbf").is_file()


def _no_table(name: str) -> Problem:
    return Problem(
        "thiếu tệp .dbf, các thửa không có thuộc tính.",
        "the .dbf is missing, so the plots have no attributes.",
        name,
        remedy_vi="nộp lại đủ .shp, .shx, .dbf, .prj.",
        remedy_en="send it again with .shp, .shx, .dbf and .prj.",
    )


def _check_parts(found: Sequence[tuple[_Item, Kind]], contents: Contents) -> None:
    """Say what is missing when only the parts of a file were sent."""
    parts = [item.name for item, kind in found if kind is Kind.PART]
    if parts and not contents.sources:
        contents.skipped.append(
            Problem(
                "đây chỉ là phần phụ của shapefile hoặc bảng MapInfo; thiếu tệp .shp hoặc .tab.",
                "this is only a part of a shapefile or MapInfo table; the .shp or .tab is missing.",
                file=", ".join(parts[:_FEW]),
                remedy_vi="nộp đủ .shp, .shx, .dbf, .prj cùng nhau, hoặc nén chung vào một ZIP.",
                remedy_en="send .shp, .shx, .dbf and .prj together, or in one ZIP.",
            )
        )


def _nothing(contents: Contents, name: str) -> QnGeoError:
    """Return the error for a delivery without anything to read: the only reason, or the names."""
    if len(contents.skipped) == 1:
        only = contents.skipped[0]
        return QnGeoError(only.vi, only.en, file=only.file, remedy_vi=only.remedy_vi, remedy_en=only.remedy_en)
    names = ", ".join(str(problem.file) for problem in contents.skipped[:_FEW]) or "-"
    return QnGeoError(
        f"không có tệp thửa đất nào đọc được (có: {names}).",
        f"there is no plot file that can be read (found: {names}).",
        file=name or None,
        remedy_vi="nộp GeoPackage, shapefile, DXF, GeoJSON, KML hoặc bảng tọa độ XLSX/CSV.",
        remedy_en="send GeoPackage, shapefile, DXF, GeoJSON, KML, or a coordinate table as XLSX or CSV.",
    )
