"""Layers of map files and drawings, with nothing taken for granted.

Whole columns pass from the library to lists; nothing is done feature by feature. The drivers GDAL may use, and that it
fetches nothing, is set in `limits.ENVIRONMENT` for the process that reads.
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyogrio
import pyogrio.errors

from qn_geo.errors import Problem, QnGeoError
from qn_geo.intake import arrow, drawings, limits, parquet, prescan, shapes
from qn_geo.intake.kinds import CAD, Kind
from qn_geo.intake.raw import RawLayer

if TYPE_CHECKING:
    from pathlib import Path

_DRIVERS: Final = {
    Kind.GPKG: {"GPKG"},
    Kind.SHP: {"ESRI Shapefile"},
    Kind.GEOJSON: {"GeoJSON"},
    Kind.KML: {"LIBKML"},
    Kind.DXF: {"DXF"},
    Kind.DGN: {"DGN"},
    Kind.MAPINFO: {"MapInfo File"},
    Kind.FILEGDB: {"OpenFileGDB"},
    Kind.GML: {"GML"},
}
_NAMED: Final = frozenset({Kind.GPKG, Kind.KML, Kind.FILEGDB, Kind.GML})
"""Kinds whose layers have names."""
_MADE_BY_GDAL: Final = {
    Kind.KML: {
        "id", "timestamp", "begin", "end", "altitudeMode", "tessellate", "extrude", "visibility", "drawOrder", "icon",
        "snippet",
    },
    Kind.DXF: {"OGR_STYLE"},
    Kind.DGN: {"OGR_STYLE", "ULink"},
}  # fmt: skip
_WITH_STYLE: Final = {
    Kind.DXF: "SELECT *, OGR_STYLE FROM entities",
    Kind.DGN: "SELECT *, OGR_STYLE FROM elements",
}
_RECODED: Final = re.compile(rb'charset\s+"?(?:windows(?!vietnamese)|iso8859)', re.IGNORECASE)
"""Character sets of MapInfo that GDAL turns into Unicode; it passes on others as they are, UTF-8 too."""
_HEADER_BYTES: Final = 1_000
_LATIN1: Final = "ISO-8859-1"
_UTF8: Final = "utf-8"
_SYSTEM_MEMBER: Final = re.compile(rb'"crs"\s*:\s*\{')
_ENDS_BYTES: Final = 65_536
_DBF_HEADER: Final = slice(8, 10)


def read(path: Path, kind: str, layer: str | None = None, *, name: str = "") -> list[RawLayer]:
    """Return the layers of a file.

    Args:
        path: The file, or the folder of a file geodatabase; named so that GDAL knows it, as `unpack.arrange` does.
        kind: What it is.
        layer: Only the layer of this name; all that can hold plots by default.
        name: What its sender calls it, for messages; the name of the file by default.

    Raises:
        QnGeoError: If it cannot be read, holds no layer, or more than the settings allow.
    """
    name = name or path.name
    if kind == Kind.GEOPARQUET:
        return [parquet.read(path, name)]
    seen = prescan.xml(path, name) if kind in {Kind.KML, Kind.GML} else []
    if kind == Kind.SHP:
        seen = prescan.shapefile(path, name)
    if kind == Kind.MAPINFO:
        prescan.mapinfo(path, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # GDAL's remarks on single features; what matters is found by looking
            found = [_layer(path, Kind(kind), one, name) for one in _layers(path, Kind(kind), layer)]
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pa.ArrowException, OSError) as error:
        if isinstance(error, MemoryError):
            raise
        raise (kind == Kind.GEOJSON and prescan.json_mistake(path, name)) or shapes.unreadable(
            path, name, error
        ) from error
    found = [layer for layer in found if layer.rows]
    if not found:
        raise _no_layer(name, seen)
    found[0].problems = seen + found[0].problems
    return found


def _layers(path: Path, kind: Kind, layer: str | None) -> list[str | None]:
    """Return the names of the layers to read; None for the only one of a kind that has no names."""
    if kind not in _NAMED:
        return [None]
    spatial = [str(one) for one, geometry in pyogrio.list_layers(path) if geometry is not None]
    return [one for one in spatial if layer is None or one == layer]


def _layer(path: Path, kind: Kind, layer: str | None, name: str) -> RawLayer:
    """Read one layer."""
    info = pyogrio.read_info(path, layer=layer)
    if info["driver"] not in _DRIVERS[kind]:
        raise shapes.unreadable(path, name, ValueError(info["driver"]))
    limits.check_columns(name, len(info["fields"]))
    limits.check_features(name, info["features"], kind)
    options, encoding = _options(path, kind)
    if kind in CAD:
        options |= {"sql": _WITH_STYLE[kind], "sql_dialect": "OGRSQL"}
    else:
        options["layer"] = layer
    meta, table = pyogrio.read_arrow(path, max_features=limits.max_features(kind) + 1, **options)
    limits.check_features(name, table.num_rows, kind)
    shape_column = meta["geometry_name"] or "wkb_geometry"
    geometry, problems, same = shapes.decode(arrow.wkb(table, shape_column), name)
    raw = table.drop_columns([shape_column]) if shape_column in table.column_names else table
    valid = arrow.is_valid(raw)
    fields = {column: arrow.values(raw[column], valid=valid) for column in raw.column_names}
    return RawLayer(
        name=layer or "",
        kind=str(kind),
        fields=_tidy(kind, fields),
        geometry=geometry,
        rows=list(range(1, table.num_rows + 1)),
        system=_system(path, kind, meta["crs"]),
        encoding=encoding if valid else None,
        fonts=_fonts(path, kind, fields),
        problems=problems,
        wkb=table[shape_column] if same and shape_column in table.column_names else None,
    )


def _options(path: Path, kind: Kind) -> tuple[dict[str, Any], str | None]:
    """Return how to open a file so that no text is lost, and the encoding its texts have if they are valid in it."""
    if kind == Kind.SHP:
        return ({"encoding": _UTF8}, _UTF8) if _dbf_is_utf8(path) else ({"encoding": _LATIN1}, None)
    if kind == Kind.DXF:
        utf8 = drawings.is_utf8(path)
        pyogrio.set_gdal_config_options({"DXF_ENCODING": "UTF-8" if utf8 else _LATIN1})
        return {}, _UTF8 if utf8 else None
    if kind == Kind.DGN:
        return {"ENCODING": _LATIN1}, None
    if kind == Kind.MAPINFO:
        with path.open("rb") as stream:
            recoded = _RECODED.search(stream.read(_HEADER_BYTES)) is not None
        return {}, None if recoded else _UTF8
    return {"WRITE_GFS": "NO"} if kind == Kind.GML else {}, _UTF8


def _dbf_is_utf8(path: Path) -> bool:
    """Whether the code page file beside a shapefile says UTF-8 and the records are; many say it and are not."""
    page, table = path.with_suffix(".cpg"), path.with_suffix(".dbf")
    if not (page.is_file() and table.is_file()):
        return False
    with page.open("rb") as stream:
        said = stream.read(64)
    if b"utf8" not in said.lower().replace(b"-", b"") and said.strip() != b"65001":
        return False
    content = table.read_bytes()
    try:
        content[int.from_bytes(content[_DBF_HEADER], "little") :].decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _tidy(kind: Kind, fields: dict[str, list[object]]) -> dict[str, list[object]]:
    """Leave out what GDAL made up, and the pattern names that it gives hatches for a text."""
    if kind == Kind.DXF:
        fields["Text"] = [
            None if isinstance(what, str) and "AcDbHatch" in what else text
            for what, text in zip(fields["SubClasses"], fields["Text"], strict=True)
        ]
    return {name: values for name, values in fields.items() if name not in _MADE_BY_GDAL.get(kind, ())}


def _fonts(path: Path, kind: Kind, fields: dict[str, list[object]]) -> list[str | None]:
    if kind == Kind.DXF:
        return drawings.dxf_fonts(path, fields["EntityHandle"])
    return drawings.style_fonts(fields["OGR_STYLE"]) if kind == Kind.DGN else []


def _system(path: Path, kind: Kind, told: str | None) -> str | None:
    """Return the reference system the file itself names. GDAL names WGS 84 for any GeoJSON, as the standard does."""
    if kind == Kind.GEOJSON and not _names_system(path):
        return None
    if not told or told.startswith(("LOCAL_CS", "ENGCRS")):
        return None
    return told


def _names_system(path: Path) -> bool:
    """Whether a GeoJSON has a member that names its system, which stands at the beginning or the end."""
    with path.open("rb") as stream:
        head = stream.read(_ENDS_BYTES)
        stream.seek(max(0, path.stat().st_size - _ENDS_BYTES))
        return _SYSTEM_MEMBER.search(head) is not None or _SYSTEM_MEMBER.search(stream.read()) is not None


# --- messages


def _no_layer(name: str, seen: list[Problem]) -> QnGeoError:
    if seen:
        only = seen[0]
        return QnGeoError(only.vi, only.en, file=name, row=only.row, remedy_vi=only.remedy_vi, remedy_en=only.remedy_en)
    return QnGeoError(
        "tệp không có lớp dữ liệu nào có đối tượng và hình.",
        "the file has no layer with features and geometry.",
        file=name,
        remedy_vi="kiểm tra đã xuất đúng lớp thửa đất chưa.",
        remedy_en="check that the layer of plots was exported.",
    )
