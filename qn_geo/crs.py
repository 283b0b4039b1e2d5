"""VN-2000 and WGS 84: Quảng Ninh's plane system and the one transformation used to reach it.

Legal areas and lengths are plane ones in EPSG:5899 (VN-2000 / TM-3 107°45'). Between the datums
PROJ knows two operations, 0.7 m apart, and may take either; so operation EPSG:6960 (the parameters
of Quyết định 05/2007/QĐ-BTNMT, coordinate-frame rotation, accuracy about 1 m) is written out here.

On Vietnamese sheets X is north and Y is east. Geometries keep the order of GIS files, east then north.
There and back returns a point within 1 mm: a plane point carries no height, so the shift is not exactly reversible.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, TypeVar, overload

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

from qn_geo.errors import QnGeoError

WGS84: Final = "EPSG:4326"
TM3: Final = "EPSG:5899"
OPERATION: Final = 6960  # its parameters follow

_SHIFT_M: Final = (-191.90441429, -39.30318279, -111.45032835)
_ROTATION_ARCSEC: Final = (-0.00928836, 0.01975479, -0.00427372)
_SCALE_PPM: Final = 0.252906278

FROM_WGS84: Final = (
    "+step +proj=push +v_3 "
    "+step +proj=cart +ellps=WGS84 "
    f"+step +inv +proj=helmert +x={_SHIFT_M[0]} +y={_SHIFT_M[1]} +z={_SHIFT_M[2]} "
    f"+rx={_ROTATION_ARCSEC[0]} +ry={_ROTATION_ARCSEC[1]} +rz={_ROTATION_ARCSEC[2]} +s={_SCALE_PPM} "
    "+convention=coordinate_frame "
    "+step +inv +proj=cart +ellps=WGS84 "
    "+step +proj=pop +v_3 "
)
"""Steps of a PROJ pipeline from WGS 84 to VN-2000, both longitude and latitude in radians."""
PLANE: Final = "+proj=tmerc +lat_0=0 +lon_0=107.75 +k=0.9999 +x_0=500000 +y_0=0 +ellps=WGS84"
"""The projection of EPSG:5899, from VN-2000."""

_PIPELINE: Final = f"+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad {FROM_WGS84}+step {PLANE}"
# The same for proj4js, which takes rotations in the position-vector convention: with the opposite signs.
_TOWGS84: Final = (*_SHIFT_M, *(-angle for angle in _ROTATION_ARCSEC), _SCALE_PPM)
TM3_PROJ4: Final = f"{PLANE} +towgs84={','.join(map(str, _TOWGS84))} +units=m +no_defs"

# Far from its meridian PROJ still answers, with numbers that mean nothing here. The windows hold all of Vietnam and
# little more, so that swapped coordinates, other systems' millimetres and NaN are refused instead of drawn somewhere.
_LON_WINDOW: Final = (97.75, 117.75)
_LAT_WINDOW: Final = (0.0, 40.0)
_EAST_WINDOW: Final = (-700_000.0, 1_700_000.0)
_NORTH_WINDOW: Final = (-1_000.0, 4_600_000.0)
_POLYGON: Final = int(shapely.GeometryType.POLYGON)

FloatArray = npt.NDArray[np.float64]
GeometryArray = npt.NDArray[np.object_]
G = TypeVar("G", bound=BaseGeometry)


@lru_cache(maxsize=1)
def _transformer() -> Transformer:
    return Transformer.from_pipeline(_PIPELINE)


def _inside(values: FloatArray, window: tuple[float, float]) -> bool:
    # NaN compares false, so it is refused together with everything outside the window.
    return bool(np.all((values >= window[0]) & (values <= window[1])))


def _forward(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]:
    if not (_inside(lon, _LON_WINDOW) and _inside(lat, _LAT_WINDOW)):
        raise QnGeoError(
            "Tọa độ WGS 84 bị thiếu hoặc nằm ngoài vùng Việt Nam (kinh độ 97,75-117,75; vĩ độ 0-40).",
            "WGS 84 coordinates are missing or lie outside Vietnam's region (longitude 97.75-117.75, latitude 0-40).",
            remedy_vi="kiểm tra giá trị và thứ tự kinh độ, vĩ độ.",
            remedy_en="check the values and the order longitude, latitude.",
        )
    east, north = _transformer().transform(lon, lat)
    return np.asarray(east), np.asarray(north)


def _inverse(east: FloatArray, north: FloatArray) -> tuple[FloatArray, FloatArray]:
    if not (_inside(east, _EAST_WINDOW) and _inside(north, _NORTH_WINDOW)):
        raise QnGeoError(
            "Tọa độ VN-2000 bị thiếu hoặc nằm ngoài phạm vi múi chiếu kinh tuyến trục 107°45'.",
            "VN-2000 coordinates are missing or lie outside the zone of meridian 107°45'.",
            remedy_vi="kiểm tra giá trị và thứ tự X (bắc), Y (đông).",
            remedy_en="check the values and the order X (north), Y (east).",
        )
    lon, lat = _transformer().transform(east, north, direction="INVERSE")
    return np.asarray(lon), np.asarray(lat)


@overload
def to_vn2000(lon: float, lat: float) -> tuple[float, float]: ...
@overload
def to_vn2000(lon: FloatArray, lat: FloatArray) -> tuple[FloatArray, FloatArray]: ...
def to_vn2000(lon: Any, lat: Any) -> tuple[Any, Any]:
    """Convert WGS 84 degrees to VN-2000 / TM-3 107°45' metres.

    Args:
        lon: Longitude in degrees, a number or an array.
        lat: Latitude in degrees, of the same shape.

    Returns:
        X (north) and Y (east) in metres, in the order of Vietnamese sheets.

    Raises:
        QnGeoError: If a value is missing, infinite or far outside Vietnam (as after swapping lon and lat).
    """
    east, north = _forward(np.asarray(lon, dtype=float), np.asarray(lat, dtype=float))
    return (north, east) if north.ndim else (float(north), float(east))


@overload
def to_wgs84(x_north: float, y_east: float) -> tuple[float, float]: ...
@overload
def to_wgs84(x_north: FloatArray, y_east: FloatArray) -> tuple[FloatArray, FloatArray]: ...
def to_wgs84(x_north: Any, y_east: Any) -> tuple[Any, Any]:
    """Convert VN-2000 / TM-3 107°45' metres to WGS 84 degrees.

    Args:
        x_north: X, the northing in metres, a number or an array.
        y_east: Y, the easting in metres, of the same shape.

    Returns:
        Longitude and latitude in degrees.

    Raises:
        QnGeoError: If a value is missing, infinite or outside the projection's zone (as after swapping X and Y).
    """
    lon, lat = _inverse(np.asarray(y_east, dtype=float), np.asarray(x_north, dtype=float))
    return (lon, lat) if lon.ndim else (float(lon), float(lat))


def _forward_points(points: FloatArray) -> FloatArray:
    return np.column_stack(_forward(points[:, 0], points[:, 1]))


def _inverse_points(points: FloatArray) -> FloatArray:
    return np.column_stack(_inverse(points[:, 0], points[:, 1]))


@overload
def project(geometry: G) -> G: ...
@overload
def project(geometry: GeometryArray) -> GeometryArray: ...
def project(geometry: Any) -> Any:
    """Return a WGS 84 geometry, or an array of them, in EPSG:5899 (x east, y north, metres; heights are dropped).

    Raises:
        QnGeoError: As `to_vn2000`.
    """
    return shapely.transform(geometry, _forward_points)


@overload
def unproject(geometry: G) -> G: ...
@overload
def unproject(geometry: GeometryArray) -> GeometryArray: ...
def unproject(geometry: Any) -> Any:
    """Return an EPSG:5899 geometry (x east, y north), or an array of them, in WGS 84 longitude and latitude.

    Raises:
        QnGeoError: As `to_wgs84`.
    """
    return shapely.transform(geometry, _inverse_points)


@np.errstate(invalid="ignore", over="ignore")
def all_within(geometry: GeometryArray, most: float) -> bool:
    """Tell whether every coordinate of these shapes is a number, and none larger than `most` either way.

    Of areas without holes, lengths and bounds tell that five times as fast as all their corners: a coordinate that is
    no number hides in bounds, but leaves no length a number.
    """
    if (shapely.get_num_interior_rings(geometry) == 0).all() and (shapely.get_type_id(geometry) == _POLYGON).all():
        bounds = shapely.bounds(geometry)
        if (np.abs(bounds) <= most).all() and np.isfinite(shapely.length(geometry)).all():
            return True
    return bool((np.abs(shapely.get_coordinates(geometry)) <= most).all())


def edges(lines: GeometryArray) -> tuple[FloatArray, npt.NDArray[np.intp]]:
    """Return the straight pieces of lines in one part: both ends of each (piece, end, axis), and whose piece it is."""
    points, owner = shapely.get_coordinates(lines, return_index=True)
    first = np.flatnonzero(owner[1:] == owner[:-1])
    return np.stack([points[first], points[first + 1]], axis=1), owner[first]


@overload
def plane_area_m2(geometry: BaseGeometry) -> float: ...
@overload
def plane_area_m2(geometry: GeometryArray) -> FloatArray: ...
def plane_area_m2(geometry: Any) -> Any:
    """Return the legal area of a WGS 84 geometry, or an array of them: the plane area in EPSG:5899, in square metres.

    Raises:
        QnGeoError: As `to_vn2000`.
    """
    area = shapely.area(project(geometry))
    return area if np.ndim(area) else float(area)


@overload
def plane_length_m(geometry: BaseGeometry) -> float: ...
@overload
def plane_length_m(geometry: GeometryArray) -> FloatArray: ...
def plane_length_m(geometry: Any) -> Any:
    """Return the length of a WGS 84 line, or the perimeter of an area: plane length in EPSG:5899, in metres.

    Raises:
        QnGeoError: As `to_vn2000`.
    """
    length = shapely.length(project(geometry))
    return length if np.ndim(length) else float(length)
