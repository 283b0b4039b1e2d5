"""What a proposal does to shapes: their numbers in EPSG:5899, and which of them it cannot be right for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from qn_geo import crs
from qn_geo.errors import QnGeoError
from qn_geo.intake import planes
from qn_geo.intake.evidence import inside_window

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from qn_geo.intake.evidence import Evidence
    from qn_geo.intake.planes import Plane

GeometryArray = crs.GeometryArray

_SAMPLE: Final = 200
_SPREAD_OVER: Final = 5_000
_MILLIMETRES: Final = 1e8  # a northing in millimetres is 2.3e9, an easting 4e8
_ABSURD: Final = 1e12
_EARTH_M: Final = 1e8
_STRAY_M: Final = 10_000.0


@dataclass(frozen=True, slots=True)
class Proposal:
    """One reading of the numbers.

    Attributes:
        system: Code of the system, as in `planes`; with a "+" and metres behind it when northings were cut.
        vi: Its name in Vietnamese.
        en: The same in English.
        swapped: Whether the file has north (latitude) first.
        factor: What the numbers are multiplied with to be metres: 0.001 for millimetres.
        offset: Metres added to northings whose leading digits were cut.
        certain: Whether nothing else is plausible; else somebody must confirm.
        reason_vi: Why, in Vietnamese.
        reason_en: The same in English.
        distance_km: How far this places the plots from the zone or the communes they should be in; NaN when unknown.
        apart_m: How far from where the first proposal places them.
        centre: Longitude and latitude (WGS 84) of their middle.
    """

    system: str
    vi: str
    en: str
    swapped: bool
    factor: float
    offset: float
    certain: bool
    reason_vi: str
    reason_en: str
    distance_km: float
    apart_m: float
    centre: tuple[float, float]

    @property
    def untouched(self) -> bool:
        """Whether the numbers are those of EPSG:5899 as they stand."""
        return self.system == crs.TM3 and not self.swapped and self.factor == 1


def place(geometry: GeometryArray, proposal: Proposal) -> GeometryArray:
    """Return shapes in EPSG:5899 as a proposal reads them; None where a coordinate is no number or not on Earth."""
    if not proposal.untouched or proposal.offset:
        plane = plane_of(proposal)

        def move(points: crs.FloatArray) -> crs.FloatArray:
            return moved(points, plane, proposal.swapped, proposal.factor, proposal.offset)

        geometry = shapely.transform(geometry, move)
    if not crs.all_within(geometry, _EARTH_M):
        coordinates, owners = shapely.get_coordinates(geometry, return_index=True)
        geometry = geometry.copy()
        geometry[owners[~(np.abs(coordinates) <= _EARTH_M).all(axis=1)]] = None
    return geometry


def strays(geometry: GeometryArray, proposal: Proposal, evidence: Evidence) -> NDArray[np.intp]:
    """Return features that a proposal places outside the province, or far from the zone most of them lie in.

    A file with such features mixes systems or orders, or has slips of the pen.
    """
    valid, centres = _centres(geometry)
    placed = moved(centres, plane_of(proposal), proposal.swapped, proposal.factor, proposal.offset)
    good = inside_window(placed)
    if evidence.zone is not None:
        west, south, east, north = shapely.bounds(evidence.zone)
        near = shapely.box(west - _STRAY_M, south - _STRAY_M, east + _STRAY_M, north + _STRAY_M)
        close = good & shapely.contains_xy(near, placed[:, 0], placed[:, 1])
        good = close if np.count_nonzero(close) > len(good) / 2 else good
    return valid[~good]


def plane_of(proposal: Proposal) -> Plane:
    """Return the system of a proposal.

    Raises:
        QnGeoError: If there is no such system.
    """
    plane = planes.stored(proposal.system.partition("+")[0])
    if plane is None:
        raise unknown(proposal.system)
    return plane


def moved(points: crs.FloatArray, plane: Plane, swapped: bool, factor: float, offset: float) -> crs.FloatArray:  # noqa: FBT001 - an axis order, not an option
    """Return points of a file in EPSG:5899; see `Proposal` for what the arguments mean."""
    ordered = points[:, ::-1] if swapped else points
    return plane.to_tm3(ordered * factor + (0.0, offset) if factor != 1 or offset else ordered)


def _centres(geometry: GeometryArray) -> tuple[NDArray[np.intp], crs.FloatArray]:
    """Return the features with usable numbers, and the middle of each one's bounds."""
    bounds = shapely.bounds(geometry)
    if len(bounds) and (bounds.min(axis=0) > 0).all() and bounds.max() < _ABSURD:  # nearly always; NaN is above nothing
        return np.arange(len(bounds)), (bounds[:, :2] + bounds[:, 2:]) / 2
    edges = np.ascontiguousarray(bounds.T)
    # Zero stands for "not filled in" in tables and for a slipped label in drawings.
    usable = np.logical_and.reduce(np.abs(edges) < _ABSURD) & np.logical_or.reduce(edges != 0)  # NaN is below nothing
    valid = np.flatnonzero(usable)
    kept = edges[:, valid]
    return valid, ((kept[:2] + kept[2:]) / 2).T


def sample(geometry: GeometryArray) -> tuple[NDArray[np.intp], crs.FloatArray]:
    """Return some hundred features from all over the file, and their centres."""
    some = _evenly(len(geometry))
    valid, centres = _centres(geometry[some])
    if len(valid) == len(some):
        return some, centres
    valid, centres = _centres(geometry)
    some = _evenly(len(valid))
    return valid[some], centres[some]


def _evenly(count: int) -> NDArray[np.intp]:
    return np.linspace(0, max(count - 1, 0), min(count, _SAMPLE)).astype(np.intp)


def spread(geometry: GeometryArray, most: int) -> GeometryArray:
    """Return at most so many shapes from all over the place they cover, in the order of the file.

    Every so-manieth row would be two strips of a file that lists its plots street by street.
    """
    valid, centres = _centres(geometry)
    if len(valid) > _SPREAD_OVER:  # ordering all of a large file takes a fifth of a second
        some = np.random.default_rng(0).choice(len(valid), _SPREAD_OVER, replace=False)
        valid, centres = valid[some], centres[some]
    if len(valid) > most:
        along = gpd.GeoSeries(shapely.points(centres)).hilbert_distance().to_numpy()
        valid = valid[np.argsort(along, kind="stable")[np.linspace(0, len(valid) - 1, most).astype(int)]]
    chosen: GeometryArray = geometry[np.sort(valid)]
    return chosen


def factor_of(points: crs.FloatArray) -> float:
    """Return what numbers are multiplied with to be metres or degrees: drawings are sometimes in millimetres."""
    return 0.001 if np.median(np.abs(points), axis=0).min() > _MILLIMETRES else 1.0


def unknown(system: str) -> QnGeoError:
    """Return the complaint about a system that is not understood."""
    return QnGeoError(
        f"Không hiểu hệ tọa độ “{system[:60]}”.",
        f"The coordinate system “{system[:60]}” is not understood.",
        remedy_vi="chọn một trong: " + ", ".join(planes.PLANES) + ".",
        remedy_en="choose one of: " + ", ".join(planes.PLANES) + ".",
    )
