"""The plots of one run, prepared once for all checks: usable shapes, their corners, areas and an index."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, TypeVar

import numpy as np
import pandas as pd
import shapely
from shapely import STRtree

from qn_geo.crs import all_within

if TYPE_CHECKING:
    from collections.abc import Callable

    import geopandas as gpd
    from numpy.typing import NDArray

T = TypeVar("T")
_POLYGON, _MULTIPOLYGON = int(shapely.GeometryType.POLYGON), int(shapely.GeometryType.MULTIPOLYGON)
AT_ONCE: Final = 2
"""Threads: most of the work is the geometry library's, which leaves the interpreter to others meanwhile."""
LINES: Final = (int(shapely.GeometryType.LINESTRING), int(shapely.GeometryType.LINEARRING))


@dataclass(frozen=True, eq=False)
class Corners:
    """All corner points of a set of shapes, ring after ring, each ring ending where it began.

    Attributes:
        points: x east and y north in metres, one row a corner.
        ring: Number of the ring of each corner.
        shape: Position of the shape of each ring.
        outer: Whether each ring is the outside of a part.
    """

    points: NDArray[np.float64]
    ring: NDArray[np.intp]
    shape: NDArray[np.intp]
    outer: NDArray[np.bool_]

    @cached_property
    def owner(self) -> NDArray[np.intp]:
        """Position of the shape of each corner."""
        return self.shape[self.ring]

    @cached_property
    def edges(self) -> NDArray[np.intp]:
        """Positions of the corners where an edge to the next corner starts."""
        return np.flatnonzero(self.ring[1:] == self.ring[:-1])

    @cached_property
    def lengths(self) -> NDArray[np.float64]:
        """Metres of each edge."""
        steps = np.diff(self.points, axis=0)
        return np.asarray(np.hypot(steps[:, 0], steps[:, 1])[self.edges])


def first_of(groups: NDArray[Any]) -> NDArray[np.intp]:
    """Return where each run of equal numbers begins."""
    return np.flatnonzero(np.r_[True, groups[1:] != groups[:-1]]) if len(groups) else np.zeros(0, dtype=np.intp)


def corners(shapes: NDArray[np.object_]) -> Corners:
    """Return the corner points of polygons and multipolygons."""
    plain = (shapely.get_type_id(shapes) == _POLYGON) & (shapely.get_num_interior_rings(shapes) == 0)
    # Nearly all plots are one ring: taking their corners straight from them is ten times faster.
    simple, other = np.flatnonzero(plain), np.flatnonzero(~plain)
    points, ring = shapely.get_coordinates(shapes[simple], return_index=True)
    parts, of_part = shapely.get_parts(shapes[other], return_index=True)
    rings, of_ring = shapely.get_rings(parts, return_index=True)
    more_points, more_ring = shapely.get_coordinates(rings, return_index=True)
    outer = np.ones(len(simple) + len(of_ring), dtype=bool)
    outer[len(simple) + 1 :] = of_ring[1:] != of_ring[:-1]  # the outside of a part comes first
    return Corners(
        np.concatenate([points, more_points]),
        np.concatenate([ring, more_ring + len(simple)]),
        np.concatenate([simple, other[of_part[of_ring]]]),
        outer,
    )


class Batch:
    """Plots in the order of their frame. Positions (`int`) count in that frame.

    Attributes:
        plots: The frame (`qn_geo.schema.submitted`).
        count: How many plots.
        given: The geometries as they are in the frame.
    """

    def __init__(self, plots: gpd.GeoDataFrame) -> None:
        """Take a frame of plots in EPSG:5899."""
        self.plots = plots
        self.count = len(plots)
        self.given: NDArray[np.object_] = plots.geometry.to_numpy()
        self._kept: dict[str, Any] = {}
        self._locks: defaultdict[str, Lock] = defaultdict(Lock)

    def prepare(self) -> None:
        """Make what nearly every check needs, before several begin."""
        _made = self.shapes
        with ThreadPoolExecutor(AT_ONCE) as pool:
            made = [pool.submit(getattr, self, name) for name in ("tree", "corners", "areas")]
        for each in made:
            each.result()

    def once(self, name: str, make: Callable[[], T]) -> T:
        """Return what several checks share, made by the first that asks; others that run meanwhile wait."""
        with self._locks[name]:
            if name not in self._kept:
                self._kept[name] = make()
        made: T = self._kept[name]
        return made

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return a column of numbers, NaN where empty."""
        values: NDArray[np.float64] = self.plots[name].to_numpy(dtype=float)
        return values

    def texts(self, name: str) -> NDArray[np.object_]:
        """Return a column of texts, None where empty."""
        return self.once(f"texts {name}", lambda: self._texts(name))

    def _texts(self, name: str) -> NDArray[np.object_]:
        texts = self.plots[name].to_numpy(dtype=object, na_value=None)
        return np.asarray(np.where(texts == "", None, texts), dtype=object)

    def has(self, name: str) -> bool:
        """Tell whether any plot has a value in a column."""
        return bool(self.plots[name].notna().any())

    def codes(self, name: str) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
        """Return a column of texts as numbers and the distinct texts they stand for; -1 where empty."""
        return self.once(f"codes {name}", lambda: self._codes(name))

    def _codes(self, name: str) -> tuple[NDArray[np.intp], NDArray[np.object_]]:
        numbers, found = pd.factorize(self.plots[name])
        texts = found.to_numpy(dtype=object)
        if (texts == "").any():  # empty as well; else Arrow is left to number them, three times as fast
            numbers, texts = pd.factorize(self.texts(name))
        return np.asarray(numbers, dtype=np.intp), np.asarray(texts, dtype=object)

    @cached_property
    def usable(self) -> NDArray[np.bool_]:
        """Which plots have an area at all: a polygon, not empty, with finite coordinates."""
        kind = shapely.get_type_id(self.given)
        some: NDArray[np.bool_] = ((kind == _POLYGON) | (kind == _MULTIPOLYGON)) & ~shapely.is_empty(self.given)
        if not all_within(self.given[some], np.finfo(float).max):
            points, owner = shapely.get_coordinates(self.given[some], return_index=True)
            some[np.flatnonzero(some)[owner[~np.isfinite(points).all(axis=1)]]] = False
        return some

    @cached_property
    def valid(self) -> NDArray[np.bool_]:
        """Which plots can be measured against others: usable and valid."""
        valid = self.usable.copy()
        with ThreadPoolExecutor(AT_ONCE) as pool:  # it takes longest of all that comes before the first check
            halves = np.array_split(self.given[valid], AT_ONCE)
            valid[valid] = np.concatenate(list(pool.map(shapely.is_valid, halves)))
        return valid

    @cached_property
    def sound(self) -> NDArray[np.intp]:
        """Positions of the valid plots."""
        return np.flatnonzero(self.valid)

    @cached_property
    def shapes(self) -> NDArray[np.object_]:
        """Shapes of the valid plots, in the order of `sound`."""
        return self.given[self.sound]

    @cached_property
    def tree(self) -> STRtree:
        """Index over `shapes`."""
        return STRtree(self.shapes)

    @cached_property
    def extent(self) -> NDArray[np.float64]:
        """West, south, east and north end of `shapes`."""
        return np.asarray(shapely.total_bounds(self.shapes))

    @cached_property
    def areas(self) -> NDArray[np.float64]:
        """Plane area of every plot in m², NaN where there is none or the shape is not valid."""
        areas = np.full(self.count, np.nan)
        areas[self.sound] = shapely.area(self.shapes)
        return areas

    @cached_property
    def perimeters(self) -> NDArray[np.float64]:
        """Length of the boundaries of `shapes` in metres."""
        return np.asarray(shapely.length(self.shapes))

    @cached_property
    def corners(self) -> Corners:
        """Corner points of `shapes`."""
        return corners(self.shapes)

    @cached_property
    def points(self) -> NDArray[np.object_]:
        """A point inside each of `shapes`."""
        points: Any = shapely.point_on_surface(self.shapes)
        return np.asarray(points, dtype=object)


def mean_width(area: NDArray[np.float64], perimeter: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the short side of the rectangle with the same area and perimeter, in metres.

    A shape too round for any such rectangle has a quarter of its perimeter.
    """
    quarter = np.asarray(perimeter, dtype=float) / 4
    # The other form of the solution (a difference) would lose all digits of a thin shape.
    long_side = quarter + np.sqrt(np.maximum(quarter**2 - area, 0))
    return np.minimum(np.divide(area, long_side, out=np.zeros_like(quarter), where=long_side > 0), quarter)
