"""What is known about where plots should lie, and how well a reading of their coordinates agrees with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from qn_geo import crs, i18n, layers
from qn_geo.errors import QnGeoError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from qn_geo.crs import FloatArray

WINDOW: Final = (359_079.0, 2_278_675.0, 541_499.0, 2_401_062.0)
"""Longitude 106.40 to 108.15, latitude 20.60 to 21.70 in EPSG:5899: west, south, east, north in metres."""

NEAR_ZONE_M: Final = 1_000.0  # outlines of zones are drawn by hand; a wrong meridian is 26 km off
NEAR_COMMUNE_M: Final = 500.0
NEAR_LAND_M: Final = 1_000.0  # ports and reclaimed land lie before the shore
SUPPORTED: Final = 0.8
CONTRADICTED: Final = 0.5
_ON_LAND: Final = 0.05
_FEWEST_CODES: Final = 3
_MEASURED: Final = 20

_EXACT: Final = frozenset({"official", "digitised"})
_LARGE_M2: Final = 5_000.0  # smaller recorded areas are too coarsely rounded to tell 3° from 6°
_LARGE_PLOTS: Final = 50
_COMPUTED: Final = 2e-5  # an area this close was computed from the file's own numbers and tells nothing


@dataclass(slots=True)
class Evidence:
    """What is known beside the numbers. Geometries are in EPSG:5899.

    Attributes:
        stored: Reference system the file names, as code or WKT.
        zone: Outline of the zone the plots are said to lie in.
        zone_vi: Its name in Vietnamese.
        zone_en: The same in English.
        zone_exact: Whether the outline is good enough to tell 200 m.
        communes: Outlines by commune code.
        codes: Commune code the file gives for each feature, None where it gives none; empty when it has no such column.
        areas: Area the file records for each feature, in square metres, NaN where it gives none; None without a column.
        x_column: Column of a table that is called X, if its numbers are taken as first coordinates.
    """

    stored: str | None = None
    zone: BaseGeometry | None = None
    zone_vi: str = ""
    zone_en: str = ""
    zone_exact: bool = False
    communes: Mapping[str, BaseGeometry] = field(default_factory=dict)
    codes: Sequence[str | None] = ()
    areas: FloatArray | None = None
    x_column: str | None = None
    _land: shapely.STRtree | None = None

    @property
    def land(self) -> shapely.STRtree:
        """The communes' outlines as a tree."""
        if self._land is None:
            self._land = shapely.STRtree(list(self.communes.values()))
        return self._land


@dataclass(frozen=True, slots=True)
class Fit:
    """How well placed points agree with what is known; shares are 0 to 1.

    Attributes:
        land: Share at most a kilometre off the land of the province; 1 when no communes are known.
        zone: Share in or near the zone; None when no zone is known.
        commune: Share in or near the commune of their code; None when too few codes are known.
        strict: Mean share strictly inside, of the outlines that are exact; None without any.
        metres: Median distance from the zone, else from the commune of their code; NaN when neither is known.
    """

    land: float
    zone: float | None
    commune: float | None
    strict: float | None
    metres: float

    @property
    def shares(self) -> list[float]:
        """What is known of the expected place."""
        return [share for share in (self.zone, self.commune) if share is not None]

    @property
    def place(self) -> float:
        """Mean agreement with the expected place; 0 when none is known."""
        return sum(self.shares) / len(self.shares) if self.shares else 0.0

    @property
    def supported(self) -> bool:
        """Whether an expected place is known and all that is known speaks for this reading."""
        return bool(self.shares) and min(self.shares) >= SUPPORTED

    @property
    def plausible(self) -> bool:
        """Whether nothing that is known speaks against this reading."""
        return self.land >= _ON_LAND and all(share >= CONTRADICTED for share in self.shares)


def known(zone_id: str | None = None) -> Evidence:
    """Return what is known of the place: the zone, if one is said, and all communes.

    Raises:
        QnGeoError: If there is no such zone.
        DataFileError: If zones or communes cannot be read.
    """
    communes = _outlines(layers.version("communes"))
    if zone_id is None:
        return Evidence(communes=communes)
    zones = layers.layer("zones")
    found = zones[zones["zone_id"] == zone_id]
    if found.empty:
        raise QnGeoError(f"Không có khu “{zone_id}”.", f"There is no zone “{zone_id}”.")
    zone = found.iloc[0]
    return Evidence(
        zone=crs.project(zone.geometry),
        zone_vi=i18n.name(zone, "vi"),
        zone_en=i18n.name(zone, "en"),
        zone_exact=zone["quality"] in _EXACT,
        communes=communes,
    )


@lru_cache(maxsize=2)
def _outlines(_version: str) -> Mapping[str, BaseGeometry]:
    frame = layers.layer("communes")
    return dict(zip(frame["code"], crs.project(frame.geometry.to_numpy()), strict=True))


def inside_window(placed: FloatArray) -> NDArray[np.bool_]:
    """Return which points in EPSG:5899 lie in the province's window."""
    west, south, east, north = WINDOW
    within: NDArray[np.bool_] = (
        (placed[:, 0] >= west) & (placed[:, 0] <= east) & (placed[:, 1] >= south) & (placed[:, 1] <= north)
    )
    return within


def fit(placed: FloatArray, rows: NDArray[np.intp], evidence: Evidence) -> Fit:
    """Hold points in EPSG:5899 against the evidence.

    Args:
        placed: Points, two columns.
        rows: Which feature each point stands for.
        evidence: What is known.
    """
    finite = np.isfinite(placed).all(axis=1)
    points, rows = np.asarray(shapely.points(placed[finite]), dtype=object), rows[finite]
    count = len(placed)
    land, commune, strict, metres = 1.0, None, [], np.nan
    if evidence.communes:
        near = np.unique(evidence.land.query(points, predicate="dwithin", distance=NEAR_LAND_M)[0])
        land = len(near) / count
    coded = _coded(rows, evidence)
    if coded is not None:
        which, outlines = coded
        commune = float(np.mean(shapely.dwithin(outlines, points[which], NEAR_COMMUNE_M)))
        metres = _median(points[which], outlines)
        strict.append(float(np.mean(shapely.intersects(outlines, points[which]))))
    zone = None
    if evidence.zone is not None:
        shapely.prepare(evidence.zone)
        zone = float(np.count_nonzero(shapely.dwithin(evidence.zone, points, NEAR_ZONE_M)) / count)
        metres = _median(points, np.full(len(points), evidence.zone))
        if evidence.zone_exact:
            strict.append(float(np.mean(shapely.intersects(evidence.zone, points))))
    return Fit(land, zone, commune, sum(strict) / len(strict) if strict else None, metres)


def _median(points: NDArray[np.object_], outlines: NDArray[np.object_]) -> float:
    """Return the median distance from outlines; of some points, because measuring takes longer than comparing."""
    step = max(1, len(points) // _MEASURED)
    return float(np.median(shapely.distance(points[::step], outlines[::step]))) if len(points) else float("nan")


def _coded(rows: NDArray[np.intp], evidence: Evidence) -> tuple[NDArray[np.intp], NDArray[np.object_]] | None:
    """Return which points have a known commune code, and the outlines of these; None when they are too few."""
    if not len(evidence.codes):
        return None
    codes = [evidence.codes[row] for row in rows]
    which = [place for place, code in enumerate(codes) if code in evidence.communes]
    if len(which) < min(_FEWEST_CODES, len(codes)) or not which:
        return None
    outlines = np.asarray([evidence.communes[str(codes[place])] for place in which], dtype=object)
    shapely.prepare(outlines)
    return np.asarray(which), outlines


def large_plots(geometry: NDArray[np.object_], evidence: Evidence) -> NDArray[np.intp]:
    """Return features whose recorded area is exact enough to be compared with the plane they are drawn in."""
    if evidence.areas is None:
        return np.empty(0, dtype=np.intp)
    polygons = shapely.get_dimensions(geometry) == 2  # noqa: PLR2004 - areas have two dimensions
    return np.flatnonzero(polygons & (np.nan_to_num(evidence.areas) >= _LARGE_M2))[:_LARGE_PLOTS]


def area_misfit(own: FloatArray, placed: FloatArray, recorded: FloatArray) -> float | None:
    """Return by which share areas differ from the recorded ones once placed; None when that tells nothing.

    Args:
        own: Areas in the file's own plane, square metres.
        placed: Areas in EPSG:5899.
        recorded: Areas as recorded.
    """
    if not len(recorded) or abs(np.median(own / recorded) - 1) < _COMPUTED:
        return None
    return float(abs(np.median(placed / recorded) - 1))
