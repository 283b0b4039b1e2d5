"""Read official geometry from GeoPackage or GeoJSON and refuse what is not fit to be drawn as official."""

from __future__ import annotations

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
from qn_geo.importing.reading import IGNORED_SHEETS, MAX_ROWS, Offer, Row, ShapeRow, unusable
from qn_geo.importing.targets import COMMUNES, SHAPE_LAYERS, ShapeLayer, read_json

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

MAX_COORDINATES: Final = 5_000_000
# The city's outline is generalised and ports lie off the shore; a wrong zone or meridian misses by far more than this.
AROUND_DEGREES: Final = 0.3
# PROJ names WGS 84 with either order of axes; GIS files always store longitude first.
ACCEPTED: Final = {"EPSG:4326": crs.WGS84, "OGC:CRS84": crs.WGS84, "EPSG:5899": crs.TM3}


@dataclass(frozen=True)
class _Frame:
    """What one feature is judged by: its layer, the file's reference system, and where it must lie."""

    layer: ShapeLayer
    system: str
    window: Sequence[float]


def read_shapes(file: Path, data_dir: Path) -> Offer:
    """Read the layers of a GeoPackage, or the one layer of a GeoJSON file.

    Raises:
        QnGeoError: If the file cannot be opened.
    """
    try:
        names = [str(name) for name, _kind in pyogrio.list_layers(file) if name not in IGNORED_SHEETS]
    except pyogrio.errors.DataSourceError as error:
        raise unusable(file, f"không mở được: {error}.", f"cannot be opened: {error}.") from error
    offer = Offer()
    window = surroundings(data_dir)
    for name in names:
        place = f"{file.name} [{name}]" if len(names) > 1 else file.name
        try:
            _read_layer(file, name, place, window, offer)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, shapely.errors.GEOSException) as error:
            offer.problems.append(Problem(f"không đọc được lớp: {error}.", f"cannot be read: {error}.", place))
    return offer


def surroundings(data_dir: Path) -> tuple[float, float, float, float]:
    """Return the window official geometry must lie in: the communes' bounds and a margin, in degrees."""
    shapes = [shapely.geometry.shape(item["geometry"]) for item in read_json(data_dir, COMMUNES)["features"]]
    west, south, east, north = shapely.total_bounds(shapes)
    return west - AROUND_DEGREES, south - AROUND_DEGREES, east + AROUND_DEGREES, north + AROUND_DEGREES


def _read_layer(file: Path, name: str, place: str, window: Sequence[float], offer: Offer) -> None:
    info = pyogrio.read_info(file, layer=name, force_feature_count=True)
    if info["features"] == 0:
        return
    if info["features"] > MAX_ROWS:
        offer.problems.append(Problem(f"có hơn {MAX_ROWS} đối tượng.", f"more than {MAX_ROWS} features.", place))
        return
    layer = _recognise(name, file.stem, [str(field).casefold() for field in info["fields"]])
    if layer is None:
        offer.problems.append(_unknown_layer(place))
        return
    system = _system(info["crs"])
    if system is None:
        offer.problems.append(_wrong_system(place, info["crs"]))
        return
    _meta, _fids, blobs, columns = pyogrio.raw.read(file, layer=name, force_2d=True, datetime_as_string=True)
    fields = [str(field).casefold() for field in info["fields"]]
    unknown = [field for field in fields if field not in {layer.key, *layer.columns} and field != "fid"]
    offer.problems += [_unknown_column(place, field, layer) for field in unknown]
    with np.errstate(invalid="ignore"):  # NaN coordinates are told to the user below
        geometries = shapely.from_wkb(blobs, on_invalid="ignore")
    if int(shapely.get_num_coordinates(geometries).sum()) > MAX_COORDINATES:
        offer.problems.append(
            Problem(f"có hơn {MAX_COORDINATES} đỉnh.", f"more than {MAX_COORDINATES} vertices.", place)
        )
        return
    frame = _Frame(layer, system, window)
    rows = offer.shapes.setdefault(layer.layer, [])
    for index, geometry in enumerate(geometries):
        row = Row(place, index + 1, {})
        for field, column in zip(fields, columns, strict=True):
            _take_cell(row, field, column[index], offer.problems)
        checked = _checked(row, geometry, frame, offer.problems)
        if checked is not None:
            rows.append(checked)


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
