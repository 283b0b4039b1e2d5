"""What a map shows: layers, year, statuses and what is outlined, and which features of them lie in a window."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from qn_geo import layers, style
from qn_geo.crs import project
from qn_geo.horizons import THIS_YEAR

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray

    from qn_geo.report.paper import Frame
    from qn_geo.style import MapLayer

Bounds = tuple[float, float, float, float]

FINEST: Final = {"plots": 40_000, "landuse": 300_000}
"""Largest scale denominator at which a source is drawn: beyond it its features are specks."""

_PICKED: Final = {
    "link": ("transport", "link_id"),
    "centre": ("logistics", "centre_id"),
    "commune": ("communes", "code"),
    "area": ("areas", "area_id"),
}
_ROOM: Final = 0.04  # free room round what a map is about, of its size
_ROOM_OF_MANY: Final = 0.14  # round several zones: none may hide in a corner, below the arrow or the scale bar
_SMALLEST_M: Final = 400.0
_EDGE_MM: Final = 1.0  # what only touches the edge of a map cannot be seen
_SPECK_MM2: Final = 4.0  # of land use that plots leave uncovered


@dataclass(frozen=True)
class Shown:
    """What a map shows, as a person has chosen it on the screen.

    Attributes:
        layers: Ids of the visible map layers.
        year: Actual year or plan horizon.
        zones: Zones to be outlined; the first is the chosen one.
        plot: Plot to be outlined.
        statuses: Visible statuses of transport and logistics.
        plots: Visible statuses of plots, `none` for those without one.
        opacity: Opacity by layer group, where it is not 1.
        area: Slug of the growth area the map is about.
        pick: Another thing to be outlined, as `link:`, `centre:`, `commune:` or `area:` and its id.
    """

    layers: tuple[str, ...] = style.DEFAULT_LAYERS
    year: int = THIS_YEAR
    zones: tuple[str, ...] = ()
    plot: str | None = None
    statuses: tuple[str, ...] = style.STATUSES
    plots: tuple[str, ...] = style.PLOT_STATUSES
    opacity: Mapping[str, float] = field(default_factory=dict)
    area: str | None = None
    pick: str | None = None


@dataclass(frozen=True)
class Layer:
    """The features of one layer that lie in a window.

    Attributes:
        layer: The layer.
        rows: Their properties, as mappings.
        shapes: Their geometry in EPSG:5899, whole, one for each row.
    """

    layer: MapLayer
    rows: list[Mapping[Any, Any]]
    shapes: NDArray[np.object_]


def bounds(shown: Shown) -> Bounds:
    """Return what the map is about with a little room: its zones, else its area, else the city, in EPSG:5899.

    Raises:
        DataFileError: If a layer cannot be used.
    """
    wanted = [
        ("zones", "zone_id", shown.zones),
        ("plots", "plot_id", (shown.plot,)),
        ("areas", "area_id", (shown.area,)),
    ]
    found = (chosen(source, key, ids) for source, key, ids in wanted if any(ids))
    shapes = next((shapes for shapes in found if len(shapes)), plane("city")[1])
    west, south, east, north = shapely.total_bounds(shapes).tolist()
    share = _ROOM_OF_MANY if len(shown.zones) > 1 else _ROOM
    room = max(share * max(east - west, north - south), (_SMALLEST_M - (east - west)) / 2)
    return west - room, south - room, east + room, north + room


def version() -> tuple[str, ...]:
    """Return what tells one state of the data behind maps from another."""
    sources = dict.fromkeys(["backdrop", "city", "communes", *(layer.source for layer in style.MAP_LAYERS)])
    return tuple(layers.version(source) if layers.available(source) else "" for source in sources)


def plane(source: str) -> tuple[gpd.GeoDataFrame, NDArray[np.object_]]:
    """Return a source's table and its geometry in EPSG:5899; both are shared and may not be changed.

    Raises:
        DataFileError: If it cannot be used.
    """
    return _plane(source, layers.version(source))


@lru_cache(maxsize=24)
def _plane(source: str, _version: str) -> tuple[gpd.GeoDataFrame, NDArray[np.object_]]:
    table = layers.layer(source)
    return table, project(table.geometry.to_numpy())


@lru_cache(maxsize=24)
def _rows(source: str, _version: str) -> list[Mapping[Any, Any]]:
    rows: list[Mapping[Any, Any]] = layers.layer(source).drop(columns="geometry").to_dict("records")
    return rows


def chosen(source: str, key: str, ids: Sequence[str | None]) -> NDArray[np.object_]:
    """Return the geometry of the features whose `key` is among `ids`, in the order of these."""
    frame, shapes = plane(source)
    places = {value: number for number, value in enumerate(frame[key])}
    found: NDArray[np.object_] = shapes[[places[wanted] for wanted in ids if wanted in places]]
    return found


def picked(shown: Shown) -> NDArray[np.object_]:
    """Return the geometry of what else is outlined."""
    kind, _, identifier = (shown.pick or "").partition(":")
    return chosen(*_PICKED[kind], (identifier,)) if kind in _PICKED else np.array([], dtype=object)


def seen(frame: Frame, shown: Shown) -> list[Layer]:
    """Return the layers of which something lies in the window, from the bottom up, with what lies in it."""
    visible = [layer for layer in style.MAP_LAYERS if layer.id in shown.layers and worthwhile(layer, frame.scale)]
    found = [layer for layer in (_seen(frame, layer, shown) for layer in visible) if layer.rows]
    plots = [layer.shapes for layer in found if layer.layer.source == "plots"]
    return [_uncovered(frame, layer, plots[0]) if plots and layer.layer.id == "landuse" else layer for layer in found]


def _uncovered(frame: Frame, layer: Layer, plots: NDArray[np.object_]) -> Layer:
    """Return land use without what plots hide."""
    window = shapely.box(*frame.bounds)
    left = shapely.area(shapely.difference(shapely.intersection(layer.shapes, window), shapely.union_all(plots)))
    kept = np.flatnonzero(left * (1000 / frame.scale) ** 2 > _SPECK_MM2).tolist()
    return Layer(layer.layer, [layer.rows[number] for number in kept], layer.shapes[kept])


def worthwhile(layer: MapLayer, scale: int) -> bool:
    """Tell whether a layer makes sense at a scale."""
    return scale <= FINEST.get(layer.source, scale)


def _seen(frame: Frame, layer: MapLayer, shown: Shown) -> Layer:
    table, shapes = plane(layer.source)
    west, south, east, north = frame.bounds
    edge = _EDGE_MM * frame.scale / 1000
    window = shapely.box(west + edge, south + edge, east - edge, north - edge)
    # Of communes only the lines are drawn.
    fits = shapely.intersects(shapely.boundary(shapes) if layer.id == "communes" else shapes, window)
    for column, values in layer.where.items():
        fits &= table[column].isin(values).to_numpy()
    dimension = {"polygon": 2, "line": 1, "point": 0}[layer.shape]
    fits &= shapely.get_dimensions(shapes) == dimension
    rows = _rows(layer.source, layers.version(layer.source))
    kept = [number for number in np.flatnonzero(fits).tolist() if _counts(rows[number], layer.source, shown)]
    if layer.source == "landuse":
        ruling = in_force(rows, shown.year)
        kept = [number for number in kept if rows[number]["horizon"] == ruling[rows[number]["zone_id"]]]
    return Layer(layer, [rows[number] for number in kept], shapes[kept])


def _counts(row: Mapping[Any, Any], source: str, shown: Shown) -> bool:
    """Tell whether a feature is shown in the chosen year and among the chosen statuses."""
    if source == "zones":
        return (begun(row) or 0) <= shown.year
    if source in ("transport", "logistics"):
        status = status_in(row, shown.year)
        return ("planned" if status == "proposed" else status) in shown.statuses
    if source == "plots":
        return (row["status"] if isinstance(row["status"], str) else "none") in shown.plots
    return True


def begun(row: Mapping[Any, Any]) -> int | None:
    """Return the year in which something was opened or established; None when it is not known."""
    told = row.get("opened") or row.get("established")
    return int(told[:4]) if isinstance(told, str) else None


def status_in(row: Mapping[Any, Any], year: int) -> str:
    """Return a thing's status; what opens after the chosen year is planned, whatever its present status."""
    later = (begun(row) or 0) > year
    told = row.get("status")
    return "planned" if later else told if isinstance(told, str) else "operating"


def in_force(rows: Sequence[Mapping[Any, Any]], year: int) -> dict[str, int]:
    """Return each zone's plan in force: that of the nearest horizon not before the year, else of the newest."""
    horizons: dict[str, set[int]] = {}
    for row in rows:
        horizons.setdefault(row["zone_id"], set()).add(int(row["horizon"]))
    return {
        zone: min((horizon for horizon in told if horizon >= year), default=max(told))
        for zone, told in horizons.items()
    }
