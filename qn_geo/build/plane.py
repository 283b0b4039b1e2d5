"""Between the plane in which shapes are made (EPSG:5899, metres) and the degrees in which files keep them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from shapely.geometry import MultiPolygon, Polygon

from qn_geo.build.writing import DECIMALS
from qn_geo.crs import project, unproject

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

M2_PER_HA = 10_000.0
# Pieces below this are the crumbs of clipping, not places.
CRUMB_M2 = 400.0
# Overlays are worked on a grid of a centimetre: far below what a file holds, far above floating point noise.
GRID_M = 0.01


def to_file(geometry: BaseGeometry) -> BaseGeometry:
    """Return a plane geometry in WGS 84 as it will be written: six decimals, valid, in one canonical order.

    Every corner is rounded by itself, so neighbours round the corners they share alike.
    """
    degrees = shapely.transform(unproject(geometry), lambda corners: np.round(corners, DECIMALS))
    if not (degrees.is_valid and project(degrees).is_valid):
        # Rounding can fold a needle over itself; what is mended is below the size of a stone.
        degrees = shapely.make_valid(degrees, method="structure", keep_collapsed=False)
    return shapely.orient_polygons(shapely.normalize(degrees), exterior_cw=False)


def minus(shape: BaseGeometry, other: BaseGeometry) -> BaseGeometry:
    """Return the areas of one geometry outside another, without the needles that floating point leaves along edges."""
    return areal(shapely.difference(shape, other, grid_size=GRID_M))


def hectares(geometry: BaseGeometry) -> float:
    """Return the area in hectares of a plane geometry (EPSG:5899)."""
    return float(geometry.area) / M2_PER_HA


def file_hectares(geometry: BaseGeometry) -> float:
    """Return the area in hectares, measured in EPSG:5899, of a WGS 84 geometry."""
    return hectares(project(geometry))


def polygons(geometry: BaseGeometry) -> list[Polygon]:
    """Return the polygons of any geometry, largest first, without crumbs."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    found = [part for part in parts if isinstance(part, Polygon) and part.area > CRUMB_M2]
    return sorted(found, key=lambda part: (-part.area, part.bounds))


def areal(geometry: BaseGeometry) -> Polygon | MultiPolygon:
    """Return only the areal parts of a geometry, as one polygon where there is one."""
    parts = polygons(geometry)
    return parts[0] if len(parts) == 1 else MultiPolygon(parts)
