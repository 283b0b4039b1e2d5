"""What lies at a point: commune, areas, zones, land use, plot, and links and logistics centres within a kilometre."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import shapely
from shapely import STRtree

from qn_geo import catalog, i18n, layers
from qn_geo.crs import project
from qn_geo.errors import DataFileError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

NEARBY_M: Final = 1000.0
# What completes the rows of a layer: record id of a table with more columns, its key and the same key in the layer.
# Plots are completed from the shapes an authority brought in, which know their documents.
_COMPANIONS: Final = {
    "zones": ("zones-table", "zone_id", "zone_id"),
    "landuse": ("landuse-table", "row_id", "row_id"),
    "plots": ("official", "feature_id", "plot_id"),
    "transport": ("transport-table", "link_id", "link_id"),
    "logistics": ("logistics-table", "centre_id", "centre_id"),
}
# Layers whose record names the documents behind every row. A demo plot has none: it is invented.
_SOURCED_BY_RECORD: Final = {"communes"}

Row = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """Everything at a point. Rows are plain dicts with the columns of layer and table; empty is None.

    Every row has `source_id`, ids of documents parted by semicolons; that of a demo plot is None.

    Attributes:
        commune: The commune-level unit, None at sea.
        zones: Zones, the smallest first.
        landuse: Land-use cells of the plan in force in the year asked for, the smallest first.
        plot: The plot of the demo register.
        links: Transport links within 1 km with their distance in metres (EPSG:5899), the nearest first.
        centres: Logistics centres within 1 km, in the same way.
        unavailable: Why layers are missing from the answer: their files are absent or damaged.
    """

    commune: Row | None = None
    zones: list[Row] = field(default_factory=list)
    landuse: list[Row] = field(default_factory=list)
    plot: Row | None = None
    links: list[tuple[Row, float]] = field(default_factory=list)
    centres: list[tuple[Row, float]] = field(default_factory=list)
    unavailable: list[DataFileError] = field(default_factory=list)


@dataclass(frozen=True)
class _Located:
    """A layer in EPSG:5899, its rows from the smallest shape to the largest."""

    rows: tuple[Row, ...]
    tree: STRtree


def at(lon: float, lat: float, year: int | None = None) -> Place:
    """Return what lies at a point.

    Args:
        lon: Longitude in degrees (WGS 84).
        lat: Latitude in degrees.
        year: Year or plan horizon that decides which land-use plan is shown: of each zone the nearest horizon from
            that year on, else the newest; None takes the newest.

    Raises:
        QnGeoError: The position is missing or far outside Vietnam.
    """
    point = project(shapely.Point(lon, lat))
    unavailable: list[DataFileError] = []

    def ask(layer_id: str, answer: Callable[[_Located, shapely.Point], list[Any]]) -> list[Any]:
        try:
            return answer(_located(layer_id), point)
        except DataFileError as error:
            unavailable.append(error)
            return []

    return Place(
        commune=next(iter(ask("communes", _holding)), None),
        zones=ask("zones", _holding),
        landuse=_in_force(ask("landuse", _holding), year),
        plot=next(iter(ask("plots", _holding)), None),
        links=ask("transport", _near),
        centres=ask("logistics", _near),
        unavailable=unavailable,
    )


def _holding(located: _Located, point: shapely.Point) -> list[Row]:
    """Rows whose shape holds the point, the smallest first."""
    return [dict(located.rows[i]) for i in sorted(located.tree.query(point, predicate="intersects").tolist())]


def _near(located: _Located, point: shapely.Point) -> list[tuple[Row, float]]:
    """Rows within a kilometre with their distance in metres, the nearest first."""
    found = located.tree.query(point, predicate="dwithin", distance=NEARBY_M)
    metres = shapely.distance(located.tree.geometries[found], point)
    ranked = sorted(zip(metres.tolist(), found.tolist(), strict=True))
    return [(dict(located.rows[i]), distance) for distance, i in ranked]


def _in_force(cells: list[Row], year: int | None) -> list[Row]:
    """Of each zone's cells keep those of the plan in force: the nearest horizon from the year on, else the newest."""
    if not cells:
        return []
    everything = _located("landuse").rows

    def in_force(zone_id: str) -> int | None:
        known = [row["horizon"] for row in everything if row["zone_id"] == zone_id and row["horizon"] is not None]
        ahead = [horizon for horizon in known if year is not None and horizon >= year]
        return min(ahead) if ahead else max(known, default=None)

    # A cell without a horizon belongs to no plan that could replace it.
    return [cell for cell in cells if cell["horizon"] in (None, in_force(cell["zone_id"]))]


def _located(layer_id: str) -> _Located:
    companion = _COMPANIONS[layer_id][0] if layer_id in _COMPANIONS else ""
    return _locate(layer_id, layers.version(layer_id), layers.version(companion) if _usable(companion) else None)


def _usable(companion: str) -> bool:
    """A companion that cannot be read must not take its layer away."""
    return bool(companion) and layers.available(companion)


@lru_cache(maxsize=16)
def _locate(layer_id: str, version: str, companion_version: str | None) -> _Located:
    """Project a layer and index it; the versions are the cache key, so a changed file makes a new index."""
    del version
    frame = layers.layer(layer_id)
    shapes = project(frame.geometry.to_numpy())
    rows = [_plain(row) for row in frame.drop(columns=frame.geometry.name).to_dict("records")]
    if companion_version:
        rows = _completed(rows, *_COMPANIONS[layer_id])
    sources = ";".join(catalog.record(layer_id).sources) if layer_id in _SOURCED_BY_RECORD else None
    # Lines and points have no area; the sort is stable, so they keep the order of the file.
    order = sorted(range(len(rows)), key=shapely.area(shapes).tolist().__getitem__)
    return _Located(tuple({"source_id": sources} | rows[i] for i in order), STRtree(shapes[order]))


def _completed(rows: list[Row], companion: str, their_key: str, own_key: str) -> list[Row]:
    """Add the columns that only the companion has; where both have one, the layer's value stands."""
    frame = layers.layer(companion).drop(columns="geometry") if companion == "official" else layers.table(companion)
    known = {row[their_key]: _plain(row) for row in frame.to_dict("records")}
    return [known.get(row[own_key], {}) | row for row in rows]


def _plain(row: Mapping[Any, Any]) -> Row:
    return {str(name): None if i18n.is_missing(value) else value for name, value in row.items()}
