"""What can be measured of one plot: areas, and what it touches, lies on and lies near. All in EPSG:5899.

Indexes over a submission and over the reference layers are kept, so that the next plot costs milliseconds.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely
from pyproj import Geod

from qn_geo import crs, i18n, layers, rules
from qn_geo.rules.batch import Batch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from qn_geo.dossier import Dossier
    from qn_geo.rules import Context, Places

    Row = dict[str, Any]

TOUCH_M: Final = 0.01
"""Plots nearer than this touch: corners are given to the centimetre at best."""

_LEAST_M2: Final = 0.05  # rounds to 0.1 m², the last digit of a recorded area
_THERE: Final = ("operating", "building")
_KINDS: Final = {
    "expressway": ("expressway",),
    "national-road": ("national-road",),
    "railway": ("railway", "high-speed-railway"),
}


@dataclass(frozen=True)
class Seen:
    """A submission as the caches see it: by what its plots and findings are, whichever object holds them."""

    submission_id: str
    plots_hash: str
    findings_hash: str
    dossier: Dossier = field(compare=False, repr=False)


class Index:
    """The plots of a submission, to be found by row and by place, and its findings by row.

    Attributes:
        batch: The plots, with their areas and an index over the valid ones.
    """

    def __init__(self, dossier: Dossier) -> None:
        """Take the plots and findings of a dossier."""
        self.batch = Batch(dossier.plots)
        self._rows = dossier.plots["row"].to_numpy()
        self._findings = dossier.findings["rows"]

    def position(self, row: int) -> int:
        """Return where the plot of a row stands in the frame.

        Raises:
            KeyError: If there is no such row.
        """
        found = np.flatnonzero(self._rows == row)
        if not len(found):
            raise KeyError(row)
        return int(found[0])

    @cached_property
    def findings(self) -> Mapping[int, list[int]]:
        """Numbers of the findings about each row, gravest first; no key for none."""
        about: dict[int, list[int]] = {}
        for number, rows in enumerate(self._findings):
            for row in rows:
                about.setdefault(row, []).append(number)
        return about

    def neighbours(self, position: int) -> list[tuple[int, float, float]]:
        """Return the plots that touch or overlap a valid plot: position, overlap in m², shared border in metres.

        The largest overlap comes first, then the longest border; a border shorter than `TOUCH_M` is a corner.
        """
        batch, shape = self.batch, self.batch.given[position]
        near = batch.tree.query(shape, predicate="dwithin", distance=TOUCH_M)
        near = near[batch.sound[near] != position]
        others = batch.shapes[near]
        overlaps = shapely.area(shapely.intersection(shape, others))
        overlaps[overlaps < _LEAST_M2] = 0.0
        # Only the edges beside the plot count, and corners need not coincide for plots to share a border.
        beside = shapely.clip_by_rect(shapely.boundary(others), *(np.array(shape.bounds) + np.array([-1, -1, 1, 1])))
        along = shapely.buffer(beside, TOUCH_M, cap_style="flat")
        borders = shapely.length(shapely.intersection(shapely.boundary(shape), along))
        found = zip(batch.sound[near].tolist(), overlaps.tolist(), borders.tolist(), strict=True)
        return sorted(found, key=lambda item: (-item[1], -item[2], item[0]))


@dataclass(frozen=True)
class Near:
    """The nearest of a kind of line.

    Attributes:
        kind: "expressway", "national-road", "railway" or "shore".
        row: Its row in the layer; that of the shore has names only.
        metres: How far it is.
        accuracy_m: How far off the line may be drawn; None when that is not known.
    """

    kind: str
    row: Row
    metres: float
    accuracy_m: float | None

    @property
    def planned(self) -> bool:
        """Whether the line is only planned."""
        return self.kind != "shore" and self.row["status"] not in _THERE


class Surroundings:
    """What plots of a zone are compared with on a day.

    Attributes:
        context: What the rules use.
    """

    def __init__(self, context: Context) -> None:
        """Take what the rules use."""
        self.context = context

    @cached_property
    def _extents(self) -> Mapping[str, float]:
        """Area of the planned land of each zone, which tells what is nested in what."""
        sizes: dict[str, float] = {}
        cells = self.context.cells
        for row, size in zip(cells.rows, shapely.area(cells.shapes).tolist(), strict=True) if cells else ():
            sizes[row["zone_id"]] = sizes.get(row["zone_id"], 0.0) + size
        return sizes

    @cached_property
    def _trees(self) -> dict[str, shapely.STRtree]:
        known = {"cells": self.context.cells, "communes": self.context.communes}
        return {name: shapely.STRtree(places.shapes) for name, places in known.items() if places}

    def _under(self, name: str, places: Places | None, shape: BaseGeometry) -> list[tuple[Row, float]]:
        """Rows of places under a shape with the area in m² that lies on each, the largest first."""
        if places is None:
            return []
        found = self._trees[name].query(shape, predicate="intersects")
        areas = shapely.area(shapely.intersection(places.shapes[found], shape))
        pairs = zip(found.tolist(), areas.tolist(), strict=True)
        return [(places.rows[i], area) for i, area in sorted(pairs, key=lambda pair: -pair[1]) if area > 0]

    def uses(self, shape: BaseGeometry) -> list[tuple[Row, float]]:
        """Return a cell of each planned use under a shape and the area in m² that lies on that use.

        Zones nest and each has its own plan: the smallest zone speaks.
        """
        cells = self._under("cells", self.context.cells, shape)
        zone = min((row["zone_id"] for row, _ in cells), key=lambda zone: self._extents[zone], default=None)
        merged: dict[str, tuple[Row, float]] = {}
        for row, area in cells:
            if row["zone_id"] == zone:
                first, so_far = merged.get(row["use_code"], (row, 0.0))
                merged[row["use_code"]] = first, so_far + area
        return sorted(merged.values(), key=lambda pair: -pair[1])

    def communes(self, shape: BaseGeometry) -> list[tuple[Row, float]]:
        """Return the communes under a shape and the area in m² in each."""
        return self._under("communes", self.context.communes, shape)

    def distances(self, shape: BaseGeometry) -> list[Near]:
        """Return the nearest line of each kind that is there, and a planned one where that is nearer still."""
        links, shore, found = self.context.links, self.context.shore, []
        if links is not None:
            metres = shapely.distance(links.shapes, shape)
            metres[shapely.get_dimensions(links.shapes) != 1] = math.inf  # stations
            for kind, modes in _KINDS.items():
                pairs = zip(metres.tolist(), links.rows, strict=True)
                found += _nearest(kind, [(metre, row) for metre, row in pairs if row["mode"] in modes])
        if shore is not None:
            rule = self.context.rules.get("QN-COR-004")
            accuracy = rule.number("accuracy_m") if rule else None
            found.append(Near("shore", shore.rows[0], float(shapely.distance(shore.shapes[0], shape)), accuracy))
        return found


def _nearest(kind: str, lines: list[tuple[float, Row]]) -> list[Near]:
    ranked = sorted((line for line in lines if math.isfinite(line[0])), key=lambda line: line[0])
    there = next((i for i, (_, row) in enumerate(ranked) if row["status"] in _THERE), 0)
    chosen = sorted({0, there})[: len(ranked)]  # a plan is told besides what there is, where it is nearer
    return [Near(kind, ranked[i][1], ranked[i][0], ranked[i][1]["location_accuracy_m"]) for i in chosen]


class Register:
    """The register of plots."""

    def __init__(self) -> None:
        """Read the layer.

        Raises:
            DataFileError: If it cannot be read.
        """
        frame = layers.layer("plots")
        self._shapes: NDArray[np.object_] = crs.project(frame.geometry.to_numpy())
        self._tree = shapely.STRtree(self._shapes)
        self._frame = frame.drop(columns="geometry")

    def entry(self, shape: BaseGeometry) -> tuple[Row, float] | None:
        """Return the registered plot with the largest overlap and that overlap in m²; None when there is none."""
        found = self._tree.query(shape, predicate="intersects")
        areas = shapely.area(shapely.intersection(self._shapes[found], shape))
        if not len(found) or areas.max() < _LEAST_M2:
            return None
        row = self._frame.iloc[int(found[areas.argmax()])].to_dict()
        return {str(name): None if i18n.is_missing(value) else value for name, value in row.items()}, float(areas.max())


def index(dossier: Dossier) -> Index:
    """Return the index of a submission."""
    return _index(Seen(dossier.id, dossier.reading["plots_sha256"], dossier.findings_hash, dossier))


@lru_cache(maxsize=4)
def _index(seen: Seen) -> Index:
    return Index(seen.dossier)


def surroundings(zone_id: str | None, on: date) -> Surroundings:
    """Return what plots of a zone are compared with on a day.

    Raises:
        QnGeoError: As `rules.context`.
    """
    return _surroundings(zone_id, on, rules.version())


@lru_cache(maxsize=8)
def _surroundings(zone_id: str | None, on: date, _version: str) -> Surroundings:
    return Surroundings(rules.context(zone_id, on))


def register() -> Register:
    """Return the register of plots.

    Raises:
        DataFileError: If it cannot be read.
    """
    return _register(layers.version("plots"))


@lru_cache(maxsize=2)
def _register(_version: str) -> Register:
    return Register()


def ellipsoid_area_m2(shape: BaseGeometry) -> float:
    """Return the area of a valid shape on the ellipsoid, in m².

    Raises:
        QnGeoError: If it lies outside the projection.
    """
    degrees = shapely.orient_polygons(crs.unproject(shape))  # holes are told by the way their rings turn
    return abs(float(_ellipsoid().geometry_area_perimeter(degrees)[0]))


@lru_cache(maxsize=1)
def _ellipsoid() -> Geod:
    return Geod(ellps="WGS84")
