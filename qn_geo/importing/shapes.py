"""Read official geometry from GeoPackage or GeoJSON and refuse what is not fit to be drawn as official."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyogrio
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from qn_geo import crs
from qn_geo.errors import Problem, QnGeoError
from qn_geo.importing import cells
from qn_geo.importing.grids import MAX_ROWS
from qn_geo.importing.offers import Offer, Row, ShapeRow, unusable
from qn_geo.importing.reading import IGNORED_SHEETS
from qn_geo.importing.targets import COMMUNES, SHAPE_LAYERS, ShapeLayer, read_geometries

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

MAX_COORDINATES: Final = 5_000_000
# The city's outline is generalised and ports lie off the shore; a wrong zone or meridian misses by far more than this.
AROUND_DEGREES: Final = 0.3
# PROJ names WGS 84 with either order of axes; GIS files always store longitude first.
ACCEPTED: Final = {"EPSG:4326": crs.WGS84, "OGC:CRS84": crs.WGS84, "EPSG:5899": crs.TM3}


# A GeoJSON file may name its reference system in these two ways; anything else would have to be looked up somewhere.
_SYSTEM_NAME: Final = re.compile(r"(urn:ogc:def:crs:(EPSG|OGC):[\d.]{0,9}:|EPSG:|OGC:)[A-Za-z0-9]{1,12}")
# A GeoPackage is an SQLite database that says so here (with the version in the two oldest ones).
_SQLITE: Final = b"SQLite format 3\0"
_APPLICATION: Final = slice(68, 72)
_GEOPACKAGE: Final = {b"GPKG", b"GP10", b"GP11"}
# Nothing an offered file says may make the reader ask the network.
_OFFLINE: Final = {"CPL_CURL_ENABLED": "NO", "GDAL_HTTP_TIMEOUT": "1", "OGR_SQLITE_LIST_VIRTUAL_OGR": "NO"}
_DAMAGES: Final = (RuntimeError, ValueError, TypeError, KeyError, shapely.errors.GEOSException)


@dataclass(frozen=True)
class _Frame:
    """What one feature is judged by: its layer, the file's reference system, and where it must lie."""

    layer: ShapeLayer
    system: str
    window: Sequence[float]


@dataclass(frozen=True)
class _Content:
    """One layer of a file as it is: its name, its reference system, field names, and each feature's cells and shape."""

    name: str
    system: str | None
    fields: list[str]
    rows: Sequence[Sequence[Any]]
    geometries: NDArray[Any]


def read_shapes(file: Path, data_dir: Path) -> Offer:
    """Read the layers of a GeoPackage, or the one layer of a GeoJSON file.

    Which of the two it is must be plain from the file's first bytes: a reader that guesses would also follow files
    that point to others, on this machine or elsewhere.

    Raises:
        QnGeoError: If the file is neither, or cannot be read.
    """
    offer = Offer()
    window = surroundings(data_dir)
    if file.suffix.casefold() == ".gpkg":
        contents, several = _geopackage(file, offer)
    else:
        contents, several = [_geojson(file)], False
    for content in contents:
        _take_layer(content, f"{file.name} [{content.name}]" if several else file.name, file.stem, window, offer)
    return offer


def _cannot_open(file: Path, error: Exception | str) -> QnGeoError:
    return unusable(file, f"không mở được: {error}.", f"cannot be opened: {error}.")


def _geojson(file: Path) -> _Content:
    """Read a feature collection.

    Raises:
        QnGeoError: If it is none, or refers to a reference system instead of naming it.
    """
    try:
        collection = json.loads(file.read_bytes().decode("utf-8-sig"))
        features = collection["features"]
        properties = [feature.get("properties") or {} for feature in features]
        fields = list(dict.fromkeys(str(name) for held in properties for name in held))
        texts = [json.dumps(feature.get("geometry")) for feature in features]
        geometries = shapely.from_geojson(np.asarray(texts, dtype=object), on_invalid="ignore")
        system = _named_system(collection.get("crs"))
    except (*_DAMAGES, AttributeError, RecursionError) as error:
        raise _cannot_open(file, error) from error
    rows = [[held.get(field) for field in fields] for held in properties]
    name = collection.get("name")
    return _Content(name if isinstance(name, str) else "", system, fields, rows, shapely.force_2d(geometries))


def _named_system(given: Any) -> str:
    """Return the name of a GeoJSON file's reference system; without one it is WGS 84.

    Raises:
        ValueError: If it is not named, such as a link to a description of it.
    """
    if given is None:
        return crs.WGS84
    name = given["properties"]["name"] if given["type"] == "name" else ""
    if not (isinstance(name, str) and _SYSTEM_NAME.fullmatch(name)):
        raise ValueError("crs: " + json.dumps(given, ensure_ascii=False)[:100])
    return name


def _geopackage(file: Path, offer: Offer) -> tuple[list[_Content], bool]:
    """Read the layers of a GeoPackage, and tell whether there are several.

    Raises:
        QnGeoError: If it is no GeoPackage.
    """
    with file.open("rb") as stream:
        head = stream.read(_APPLICATION.stop)
    if not head.startswith(_SQLITE) or head[_APPLICATION] not in _GEOPACKAGE:
        raise _cannot_open(file, "not a GeoPackage")
    pyogrio.set_gdal_config_options(_OFFLINE)
    try:
        names = [str(name) for name, _kind in pyogrio.list_layers(file) if name not in IGNORED_SHEETS]
    except _DAMAGES as error:
        raise _cannot_open(file, error) from error
    contents = []
    for name in names:
        place = f"{file.name} [{name}]" if len(names) > 1 else file.name
        try:
            if (content := _geopackage_layer(file, name, place, offer)) is not None:
                contents.append(content)
        except _DAMAGES as error:
            offer.problems.append(Problem(f"không đọc được lớp: {error}.", f"cannot be read: {error}.", place))
    return contents, len(names) > 1


def _geopackage_layer(file: Path, name: str, place: str, offer: Offer) -> _Content | None:
    info = pyogrio.read_info(file, layer=name, force_feature_count=True)
    if info["driver"] != "GPKG":
        raise ValueError(info["driver"])
    if info["features"] > MAX_ROWS:
        offer.problems.append(_too_many(place))
        return None
    _meta, _fids, blobs, columns = pyogrio.raw.read(file, layer=name, force_2d=True, datetime_as_string=True)
    with np.errstate(invalid="ignore"):  # NaN coordinates are told to the user later
        geometries = shapely.from_wkb(blobs, on_invalid="ignore")
    rows = [[column[index] for column in columns] for index in range(len(geometries))]
    return _Content(name, info["crs"], [str(field) for field in info["fields"]], rows, geometries)


def surroundings(data_dir: Path) -> tuple[float, float, float, float]:
    """Return the window official geometry must lie in: the communes' bounds and a margin, in degrees."""
    west, south, east, north = shapely.total_bounds(list(read_geometries(data_dir, COMMUNES, "code").values()))
    return west - AROUND_DEGREES, south - AROUND_DEGREES, east + AROUND_DEGREES, north + AROUND_DEGREES


def _take_layer(content: _Content, place: str, stem: str, window: Sequence[float], offer: Offer) -> None:
    """Add the sound features of a layer to the offer, and what is wrong with the others."""
    if not content.rows:
        return
    fields = [field.casefold() for field in content.fields]
    layer = _recognise(content.name, stem, fields)
    system = _system(content.system)
    if len(content.rows) > MAX_ROWS:
        offer.problems.append(_too_many(place))
    elif layer is None:
        offer.problems.append(_unknown_layer(place))
    elif system is None:
        offer.problems.append(_wrong_system(place, content.system))
    elif int(shapely.get_num_coordinates(content.geometries).sum()) > MAX_COORDINATES:
        offer.problems.append(
            Problem(f"có hơn {MAX_COORDINATES} đỉnh.", f"more than {MAX_COORDINATES} vertices.", place)
        )
    else:
        unknown = [field for field in fields if field not in {layer.key, *layer.columns} and field != "fid"]
        offer.problems += [_unknown_column(place, field, layer) for field in unknown]
        rows = offer.shapes.setdefault(layer.layer, [])
        for index, geometry in enumerate(content.geometries):
            row = Row(place, index + 1, {})
            for field, value in zip(fields, content.rows[index], strict=True):
                _take_cell(row, field, value, offer.problems)
            checked = _checked(row, geometry, _Frame(layer, system, window), offer.problems)
            if checked is not None:
                rows.append(checked)


def _too_many(place: str) -> Problem:
    return Problem(f"có hơn {MAX_ROWS} đối tượng.", f"more than {MAX_ROWS} features.", place)


def _recognise(name: str, stem: str, fields: Sequence[str]) -> ShapeLayer | None:
    """Return the layer meant: by the layer's or file's name, else the only one whose id column is there."""
    for candidate in (name.strip().casefold(), stem.strip().casefold()):
        if candidate in SHAPE_LAYERS:
            return SHAPE_LAYERS[candidate]
    fitting = [layer for layer in SHAPE_LAYERS.values() if layer.key in fields]
    if len(fitting) > 1:  # plots and cells also carry the id of their zone
        fitting = [layer for layer in fitting if layer.parts]
    return fitting[0] if len(fitting) == 1 else None


def _system(name: str | None) -> str | None:
    """Return WGS84 or TM3, or None for every other or unnamed system."""
    if not name:
        return None
    try:
        authority = CRS.from_user_input(name).to_authority(min_confidence=100)
    except CRSError:
        return None
    return ACCEPTED.get(":".join(authority)) if authority else None


def _take_cell(row: Row, field: str, value: Any, problems: list[Problem]) -> None:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return
    plain = value.item() if isinstance(value, np.generic) else value
    try:
        if isinstance(plain, (list, dict, bytes)):
            raise cells.no_text()
        taken = cells.text(plain)
    except cells.CellError as error:
        problems.append(row.problem(error.vi, error.en, field, error.remedy_vi, error.remedy_en))
        return
    if taken and field != "fid":
        row.cells[field] = taken


def _checked(row: Row, geometry: BaseGeometry | None, frame: _Frame, problems: list[Problem]) -> ShapeRow | None:
    """Return the row with its geometry in WGS 84, or complain and return None."""
    complaint = _fault(geometry, frame.layer)
    if complaint is None and geometry is not None:
        try:
            placed = crs.unproject(geometry) if frame.system == crs.TM3 else geometry
        except QnGeoError as error:
            problems.append(row.problem(error.problem.vi, error.problem.en))
            return None
        window = frame.window
        west, south, east, north = placed.bounds
        if west >= window[0] and south >= window[1] and east <= window[2] and north <= window[3]:
            return ShapeRow(row.place, row.line, row.cells, placed)
        complaint = (
            "hình nằm ngoài Quảng Ninh và vùng lân cận.",
            "the shape lies outside Quảng Ninh and its surroundings.",
            "kiểm tra hệ tọa độ (EPSG:5899 hoặc EPSG:4326) và thứ tự trục (đông trước, bắc sau).",
            "check the reference system (EPSG:5899 or EPSG:4326) and the order of axes (east, then north).",
        )
    if complaint is not None:
        problems.append(row.problem(*complaint[:2], None, *complaint[2:]))
    return None


def _fault(geometry: BaseGeometry | None, layer: ShapeLayer) -> tuple[str, str, str, str] | None:
    """Return what is wrong with a geometry itself, as Vietnamese, English and the remedies, or None."""
    if geometry is None or geometry.is_empty:
        return "không có hình.", "there is no geometry.", "vẽ hình hoặc bỏ dòng này.", "draw it or leave the row out."
    if geometry.geom_type not in layer.kinds:
        kinds = ", ".join(layer.kinds)
        return (
            f"kiểu hình {geometry.geom_type} không dùng được ở lớp {layer.layer}.",
            f"geometry type {geometry.geom_type} does not fit the layer {layer.layer}.",
            f"dùng {kinds}.",
            f"use {kinds}.",
        )
    if not np.isfinite(shapely.get_coordinates(geometry)).all():
        return (
            "có tọa độ không phải là số (NaN hoặc vô cùng).",
            "a coordinate is not a number (NaN or infinite).",
            "sửa đỉnh đó.",
            "mend that vertex.",
        )
    if not geometry.is_valid:
        reason = shapely.is_valid_reason(geometry)
        return (
            f"hình không hợp lệ ({reason}).",
            f"the geometry is not valid ({reason}).",
            "sửa bằng công cụ Fix geometries.",
            "mend it with a Fix geometries tool.",
        )
    return None


def _unknown_layer(place: str) -> Problem:
    names = ", ".join(SHAPE_LAYERS)
    return Problem(
        "không nhận ra lớp này là gì.",
        "it is not clear which layer this is.",
        place,
        remedy_vi=f"đặt tên lớp hoặc tệp là một trong: {names}.",
        remedy_en=f"name the layer or the file one of: {names}.",
    )


def _wrong_system(place: str, name: str | None) -> Problem:
    return Problem(
        f"hệ tọa độ {name or 'không ghi'} không được nhận.",
        f"the reference system {name or '(none named)'} is not accepted.",
        place,
        remedy_vi="chuyển sang VN-2000 kinh tuyến trục 107°45', múi 3° (EPSG:5899) hoặc WGS 84 (EPSG:4326).",
        remedy_en="convert to VN-2000 / TM-3 107°45' (EPSG:5899) or WGS 84 (EPSG:4326).",
    )


def _unknown_column(place: str, field: str, layer: ShapeLayer) -> Problem:
    known = ", ".join((layer.key, *layer.columns))
    return Problem(
        "không có cột này.",
        "there is no such column.",
        place,
        column=field,
        remedy_vi=f"dùng các cột: {known}.",
        remedy_en=f"use the columns: {known}.",
    )
