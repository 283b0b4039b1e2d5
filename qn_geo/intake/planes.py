"""The coordinate systems that plots of Quảng Ninh arrive in, and the way from each to EPSG:5899.

All ways are written out: VN-2000 systems differ only in their projection, what stands on WGS 84 goes through operation
EPSG:6960, and Hanoi 1972 through EPSG's "Hanoi 1972 to WGS 84 (1)". PROJ is never left to choose one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

import numpy as np
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from qn_geo import crs

if TYPE_CHECKING:
    from collections.abc import Mapping

Datum = Literal["vn2000", "wgs84", "hanoi72"]
Kind = Literal["degrees", "tm", "mercator"]


@dataclass(frozen=True, slots=True)
class Plane:
    """A coordinate system, first coordinate east or longitude, second north or latitude.

    Attributes:
        code: "EPSG:" and a number, or "TM:" and meridian, scale, false easting, false northing and datum, "/" between.
        vi: Name in Vietnamese.
        en: Name in English.
        kind: Degrees, transverse Mercator, or the Mercator of web maps.
        datum: What it stands on.
        meridian: Central meridian in degrees.
        scale: Scale on it.
        false_east: Metres added to eastings.
        false_north: Metres added to northings.
    """

    code: str
    vi: str
    en: str
    kind: Kind = "tm"
    datum: Datum = "vn2000"
    meridian: float = 0.0
    scale: float = 0.9999
    false_east: float = 500_000.0
    false_north: float = 0.0

    def to_tm3(self, points: crs.FloatArray) -> crs.FloatArray:
        """Return points, two columns, in EPSG:5899; what cannot be placed becomes infinite."""
        if self.code == crs.TM3:
            return points
        east, north = _transformer(self).transform(points[:, 0], points[:, 1])
        return np.column_stack([east, north])


def _tm3(code: str, meridian: float, words: str) -> Plane:
    return Plane(code, f"VN-2000 kinh tuyến trục {words}, múi 3°", f"VN-2000 / TM-3 {words}", meridian=meridian)


def _utm(code: str, zone: int, datum: Datum) -> Plane:
    name = "VN-2000" if datum == "vn2000" else "WGS 84"
    meridian = zone * 6.0 - 183.0
    return Plane(code, f"{name} múi 6°, UTM {zone}", f"{name} / UTM {zone}N", "tm", datum, meridian, 0.9996)


# From the likeliest to the least likely, which decides among equals: first what the province prescribes, then the
# zones of the topographic maps and the old cadastre, then the neighbours' meridians.
PLANES: Final[Mapping[str, Plane]] = {
    plane.code: plane
    for plane in (
        _tm3(crs.TM3, 107.75, "107°45'"),
        Plane(crs.WGS84, "WGS 84, độ", "WGS 84, degrees", "degrees", "wgs84"),
        _tm3("EPSG:5898", 108.0, "108°"),
        _tm3("EPSG:5897", 105.0, "105°"),
        _utm("EPSG:3405", 48, "vn2000"),
        _utm("EPSG:3406", 49, "vn2000"),
        _tm3("EPSG:9216", 107.5, "107°30'"),
        _tm3("EPSG:9215", 107.25, "107°15'"),
        _tm3("EPSG:9214", 107.0, "107°"),
        _tm3("EPSG:9210", 105.75, "105°45'"),
        _tm3("EPSG:9211", 106.0, "106°"),
        _tm3("EPSG:9213", 106.5, "106°30'"),
        _tm3("EPSG:9217", 108.25, "108°15'"),
        _utm("EPSG:32648", 48, "wgs84"),
        _utm("EPSG:32649", 49, "wgs84"),
        Plane("EPSG:4756", "VN-2000, độ", "VN-2000, degrees", "degrees", "vn2000"),
        Plane(
            "TM:107.75/0.9999/500000/0/wgs84",
            "WGS 84 chiếu thẳng lên kinh tuyến 107°45' (quên chuyển hệ quy chiếu)",
            "WGS 84 projected straight to meridian 107°45' (datum shift forgotten)",
            "tm",
            "wgs84",
            107.75,
        ),
        Plane("EPSG:3857", "Mercator của bản đồ web", "Web Mercator", "mercator", "wgs84"),
        # 107-45 read as a decimal number.
        _tm3("TM:107.45/0.9999/500000/0/vn2000", 107.45, "107,45° (107°45' đọc nhầm)"),
        Plane(
            "EPSG:2044", "Hà Nội-72, Gauss múi 18", "Hanoi 1972 / Gauss 18", "tm", "hanoi72", 105.0, 1.0, 18_500_000.0
        ),
    )
}
"""Systems by code."""

_TOWGS84_SIGN: Final = ("-191.9", "-192.8")  # the published shifts of VN-2000 begin so, those of WGS 84 do not exist
_WGS84_NAME: Final = re.compile(r"(?i)wgs|world geodetic|pseudo")
_HANOI_NAME: Final = re.compile(r"(?i)h[aà]\s?n[oộ]i")
_TM_CODE: Final = re.compile(r"TM:([\d.]+)/([\d.]+)/(-?[\d.]+)/(-?[\d.]+)/(vn2000|wgs84)")
_SCALE_3: Final = 0.9999
_LONGEST: Final = 20_000  # characters of a definition; a real one has about a thousand
_ELLIPSOID: Final[Mapping[Datum, str]] = {"vn2000": "WGS84", "wgs84": "WGS84", "hanoi72": "krass"}
# EPSG:1544, "Hanoi 1972 to WGS 84 (1)".
_HANOI: Final = (
    "+step +proj=push +v_3 +step +proj=cart +ellps=krass +step +proj=helmert +x=-17.51 +y=-108.32 +z=-62.39 "
    "+step +inv +proj=cart +ellps=WGS84 +step +proj=pop +v_3 "
)
_SHIFTS: Final[Mapping[Datum, str]] = {
    "vn2000": "",
    "wgs84": crs.FROM_WGS84,
    "hanoi72": _HANOI + crs.FROM_WGS84,
}


@lru_cache(maxsize=64)
def _transformer(plane: Plane) -> Transformer:
    ellipsoid = _ELLIPSOID[plane.datum]
    if plane.kind == "degrees":
        back = "+step +proj=unitconvert +xy_in=deg +xy_out=rad "
    elif plane.kind == "mercator":
        back = "+step +inv +proj=webmerc +ellps=WGS84 "
    else:
        back = (
            f"+step +inv +proj=tmerc +lat_0=0 +lon_0={plane.meridian} +k={plane.scale} "
            f"+x_0={plane.false_east} +y_0={plane.false_north} +ellps={ellipsoid} "
        )
    return Transformer.from_pipeline(f"+proj=pipeline {back}{_SHIFTS[plane.datum]}+step {crs.PLANE}")


@lru_cache(maxsize=64)
def stored(definition: str) -> Plane | None:
    """Return the system that a file's own definition means.

    The projection is trusted more than the name of the datum, which many programs fill with WGS 84 by habit; whether
    the datum was named WGS 84 is kept all the same.

    Args:
        definition: Authority code, WKT or PROJ text; or a code as in `Plane`.

    Returns:
        None if it cannot be read or means nothing that a plot file of this country comes in.
    """
    if definition in PLANES:
        return PLANES[definition]
    if (written := _TM_CODE.fullmatch(definition)) is not None:
        meridian, scale, east, north = map(float, written.groups()[:4])
        return _transverse(meridian, scale, east, north, "wgs84" if written[5] == "wgs84" else "vn2000")
    if len(definition) > _LONGEST:
        return None
    try:
        return _understood(CRS.from_user_input(definition))
    except (CRSError, ValueError, KeyError, AttributeError, TypeError):
        return None


def _understood(system: CRS) -> Plane | None:
    bare = system.source_crs if system.is_bound and system.source_crs is not None else system
    datum = _datum(system, bare)
    if bare.is_geographic:
        return PLANES[crs.WGS84 if datum == "wgs84" else "EPSG:4756"] if datum != "hanoi72" else None
    operation = bare.coordinate_operation
    if operation is not None and "Pseudo Mercator" in operation.method_name:
        return PLANES["EPSG:3857"]
    metres = all(axis.unit_conversion_factor == 1 for axis in bare.axis_info)
    if operation is None or operation.method_name != "Transverse Mercator" or not metres:
        return None
    values = {parameter.name: float(parameter.value) for parameter in operation.params}
    if values["Latitude of natural origin"] != 0:
        return None
    return _transverse(
        values["Longitude of natural origin"],
        values["Scale factor at natural origin"],
        values["False easting"],
        values["False northing"],
        datum,
    )


def _datum(system: CRS, bare: CRS) -> Datum:
    """Return the datum by the shift written in the definition, else by name; unnamed ones are taken for VN-2000."""
    if system.is_bound and system.coordinate_operation is not None:
        shift = [f"{part:.1f}" for part in system.coordinate_operation.towgs84]
        if shift and shift[0] in _TOWGS84_SIGN:
            return "vn2000"
    geodetic = bare.geodetic_crs
    names = f"{geodetic.name if geodetic else ''} {bare.datum.name if bare.datum else ''}"
    if _HANOI_NAME.search(names):
        return "hanoi72"
    # "Unknown based on WGS 84 ellipsoid" names the ellipsoid, which VN-2000 shares.
    plain = re.sub(r"(?i)unknown[\w ]*ellipsoid|vn[-_ ]?2000.*", "", names)
    return "wgs84" if _WGS84_NAME.search(plain) else "vn2000"


def meant(named: Plane) -> Plane:
    """Return the system a file means by one it names: 3° planes are VN-2000 ones, whatever datum is written."""
    if named.kind == "tm" and named.datum == "wgs84" and named.scale == _SCALE_3:
        return _transverse(named.meridian, named.scale, named.false_east, named.false_north, "vn2000")
    return named


def _transverse(meridian: float, scale: float, east: float, north: float, datum: Datum) -> Plane:
    for plane in PLANES.values():
        same = (plane.meridian, plane.scale, plane.false_east, plane.false_north)
        if plane.kind == "tm" and plane.datum == datum and np.allclose(same, (meridian, scale, east, north), rtol=1e-9):
            return plane
    name = "WGS 84" if datum == "wgs84" else "VN-2000"
    figures = f"{meridian:g}/{scale:g}/{east:g}/{north:g}/{datum}"
    label = f"{name} / TM {meridian:g}°, k {scale:g}, {east:g}, {north:g}"
    return Plane(f"TM:{figures}", label, label, "tm", datum, meridian, scale, east, north)
