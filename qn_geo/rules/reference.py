"""What plots are held against: zone, communes, plan, roads, shore and codes, all in EPSG:5899, and the day."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from qn_geo import clock, i18n, layers
from qn_geo.crs import project
from qn_geo.errors import DataFileError, QnGeoError
from qn_geo.rules.registry import registry
from qn_geo.schema import submitted
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    import geopandas as gpd
    from numpy.typing import NDArray

    from qn_geo.rules.registry import Rule

Row = dict[str, Any]

_BORDER_M: Final = 300.0  # the neighbouring land was fitted to our border; closer than this, a border is no shore
_LINKS: Final = ("expressway", "national-road", "railway", "high-speed-railway")


@dataclass(frozen=True, eq=False)
class Places:
    """Rows of a layer with their shapes in EPSG:5899.

    Attributes:
        rows: Columns of the layer, one dict a shape; empty cells are None.
        shapes: The shapes, in the same order.
    """

    rows: tuple[Row, ...]
    shapes: NDArray[np.object_]

    def where(self, wanted: Callable[[Row], bool]) -> Places:
        """Return the rows that are wanted."""
        kept = [index for index, row in enumerate(self.rows) if wanted(row)]
        return Places(tuple(self.rows[index] for index in kept), self.shapes[kept])


@dataclass(frozen=True, eq=False)
class Context:
    """Everything a check may look at besides the plots. A reference that is None cannot be checked against.

    Attributes:
        on: The day whose law counts.
        scale: Scale denominator of the cadastral map.
        rules: The checks by code.
        zone_id: The zone the plots are said to lie in.
        zone: That zone's row (kind, names, area_ha, quality) and outline.
        communes: Today's commune-level units (code, names).
        former: Rows of the former units, for codes that are no longer in use or mean another place now.
        codes: Land-use codes by code.
        cells: Land-use cells of the plan in force on the day, of the zone or, without one, of all zones.
        links: Expressways, national roads and railways.
        shore: The shore line as one row.
        earlier: The plots of an earlier submission or of the register.
        unavailable: Why references are missing that should be there.
    """

    on: date
    scale: int
    rules: Mapping[str, Rule]
    zone_id: str | None = None
    zone: Places | None = None
    communes: Places | None = None
    former: tuple[Row, ...] | None = None
    codes: Mapping[str, Row] | None = None
    cells: Places | None = None
    links: Places | None = None
    shore: Places | None = None
    earlier: gpd.GeoDataFrame | None = None
    unavailable: tuple[DataFileError, ...] = field(default=())


def context(zone_id: str | None = None, on: date | None = None, earlier: gpd.GeoDataFrame | None = None) -> Context:
    """Return what plots of a zone are held against, from the product's layers.

    Args:
        zone_id: The zone the plots are said to lie in; None leaves out the checks that need one.
        on: The day whose law counts; today by default.
        earlier: Plots to compare with, in the shape of `qn_geo.schema.submitted` (see `register`).

    Raises:
        QnGeoError: If there is no such zone.
        DataFileError: If the checks themselves (rules.csv, limits.csv) cannot be read. Any other file that is missing
            or damaged only leaves out the checks that need it.
    """
    day = on or clock.today()
    unavailable: list[DataFileError] = []

    def ask(read: Callable[[], Any]) -> Any:
        try:
            return read()
        except DataFileError as error:
            unavailable.append(error)
            return None

    return Context(
        on=day,
        scale=settings().map_scale,
        rules=registry(),
        zone_id=zone_id,
        zone=ask(lambda: _zone(zone_id)) if zone_id else None,
        communes=ask(lambda: _places("communes")),
        former=ask(lambda: tuple(_rows(layers.table("former_units")))),
        codes=ask(lambda: {row["code"]: row for row in _rows(layers.table("landuse_codes"))}),
        cells=ask(lambda: _cells(zone_id, day.year)),
        links=ask(lambda: _places("transport").where(lambda row: row["mode"] in _LINKS)),
        shore=ask(_shore),
        earlier=earlier,
        unavailable=tuple(dict.fromkeys(unavailable)),
    )


def register(zone_id: str | None = None) -> gpd.GeoDataFrame:
    """Return the plots of the register, of one zone or all, as a frame that can be compared with.

    Raises:
        DataFileError: If the register cannot be read.
    """
    frame = layers.layer("plots")
    if zone_id is not None:
        frame = frame[frame["zone_id"] == zone_id]
    names = {"plot_id": "plot_id", "sheet": "sheet_no", "parcel": "parcel_no", "use_code": "landuse_code"}
    columns = {own: frame[name].to_numpy(dtype=object) for name, own in names.items()}
    columns["area_m2"] = frame["area_m2"].to_numpy()
    return submitted.frame(columns, project(frame.geometry.to_numpy()))


def _zone(zone_id: str) -> Places | None:
    """A zone known only from the table has no outline: None."""
    found = _places("zones").where(lambda row: row["zone_id"] == zone_id)
    if found.rows:
        return found
    if zone_id not in set(layers.table("zones")["zone_id"]):
        raise QnGeoError(
            f"Không có khu nào mang mã “{zone_id}”.",
            f"There is no zone with the id “{zone_id}”.",
            remedy_vi="dùng mã như kcn-dong-mai, ghi ở địa chỉ trang của khu.",
            remedy_en="use an id such as kcn-dong-mai, as in the address of the zone's page.",
        )
    return None


def _cells(zone_id: str | None, year: int) -> Places:
    """Cells with a code, of each zone's nearest plan horizon from the year on, else its newest.

    A zone without cells of its own lies in the plan of the zone around it.
    """
    cells = _places("landuse").where(lambda row: row["use_code"] is not None)
    horizons: dict[str, set[int]] = {}
    for row in cells.rows:
        horizons.setdefault(row["zone_id"], set()).add(row["horizon"])
    in_force = {
        zone: min((horizon for horizon in known if horizon >= year), default=max(known))
        for zone, known in horizons.items()
    }
    if zone_id is not None:
        nearest = next((zone for zone in _lineage(zone_id) if zone in in_force), None)
        in_force = {zone: horizon for zone, horizon in in_force.items() if zone == nearest}
    return cells.where(lambda row: row["horizon"] == in_force.get(row["zone_id"], 0))


def _lineage(zone_id: str) -> Iterator[str]:
    """A zone and the zones around it, the nearest first; the catalogue's check keeps zones from nesting in circles."""
    parents = layers.table("zones").dropna(subset="parent_id").set_index("zone_id")["parent_id"].to_dict()
    above: str | None = zone_id
    while above is not None:
        yield above
        above = parents.pop(above, None)


def _shore() -> Places:
    return _shore_of(layers.version("city"), layers.version("backdrop"))


@lru_cache(maxsize=2)
def _shore_of(_city: str, _backdrop: str) -> Places:
    """The outline of the city where no neighbouring land adjoins."""
    outline = shapely.boundary(shapely.union_all(_places("city").shapes))
    neighbours = shapely.union_all(shapely.buffer(_places("backdrop").shapes, _BORDER_M, quad_segs=2))
    return Places(
        ({"name_vi": "bờ biển", "name_en": "the shore"},), np.array([shapely.difference(outline, neighbours)])
    )


def _places(layer_id: str) -> Places:
    return _projected(layer_id, layers.version(layer_id))


@lru_cache(maxsize=16)
def _projected(layer_id: str, _version: str) -> Places:
    frame = layers.layer(layer_id)
    # Not prepared: a prepared shape must not be asked by two runs at once, and these are shared by all.
    return Places(tuple(_rows(frame.drop(columns="geometry"))), project(frame.geometry.to_numpy()))


def _rows(frame: Any) -> list[Row]:
    return [
        {str(name): None if i18n.is_missing(value) else value for name, value in row.items()}
        for row in frame.to_dict("records")
    ]
