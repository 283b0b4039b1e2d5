"""The demo register of one park: its parcels with land-use codes, statuses, tenants, sheet and parcel numbers."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from qn_geo.build.coverage import Parcel, polygons
from qn_geo.build.parks import programme
from qn_geo.build.subdivision import GREEN, LOT, ROAD, SERVICE, TECHNICAL, Dimensions, subdivide

if TYPE_CHECKING:
    from shapely.geometry import Point
    from shapely.geometry.base import BaseGeometry

    from qn_geo.build.parks import Park

# Lots of 1 to 4 ha in parks, 0.2 to 1 ha in clusters; road reserves are tuned to the programme from these widths.
PARK = Dimensions(depth=150, lot=20_000, smallest=10_000, largest=40_000, block=400, main=50, collector=28, street=22)
CLUSTER = Dimensions(depth=68, lot=4_500, smallest=2_000, largest=10_000, block=170, main=24, collector=15, street=12)
# Cadastral sheets at 1:2000 cover one square kilometre.
SHEET_M = 1000.0
# Parcels are numbered along bands of this height, from the north-west corner of a sheet.
BAND_M = 100.0
# How far, in metres, the order in which lots are taken strays from the distance to the gate.
WANDER_M = 350.0
# Of the occupied land this share is still being built on; of the vacant land this share is spoken for.
BUILDING_SHARE = 0.12
RESERVED_SHARE = 0.08


@dataclass(frozen=True)
class Plot:
    """A parcel with what the register says about it."""

    parcel: Parcel
    use_code: str
    status: str | None = None
    sector: str | None = None
    sheet: int = 0
    number: int = 0


def register(park: Park, outline: BaseGeometry, gate: Point) -> list[Plot]:
    """Return the plots of one park.

    Args:
        park: What is published about it.
        outline: Its outline in EPSG:5899.
        gate: Where the nearest main road is; the main axis opens towards it.

    Raises:
        ValueError: The outline cannot hold the published land to let.
    """
    seed = int.from_bytes(hashlib.sha256(park.zone_id.encode()).digest()[:8], "big")
    rng = np.random.default_rng(seed)
    wanted = programme(park, outline.area)
    parcels: list[Parcel] = []
    for piece in polygons(outline):
        size = CLUSTER if park.cluster else PARK
        parcels += subdivide(piece, wanted.times(piece.area / outline.area), size, gate, rng)
    return _numbered(_occupied(park, parcels, outline.area, rng))


def _occupied(park: Park, parcels: list[Parcel], drawn_m2: float, rng: np.random.Generator) -> list[Plot]:
    """Give every parcel its land-use code, and lots their status and tenants."""
    lots = sorted((p for p in parcels if p.use == LOT), key=lambda p: p.reach + rng.uniform(0, WANDER_M))
    code = "SKN" if park.cluster else "SKK"
    others = [p for p in parcels if p.use != LOT]
    plots = [Plot(parcel, _code(parcel, others)) for parcel in others]
    leased = park.leased_m2(sum(lot.geometry.area for lot in lots), drawn_m2)
    if leased is None:
        return plots + [Plot(lot, code) for lot in lots]
    taken = _chosen(lots, leased)
    # The last to come are still building; the next to come have reserved.
    building = set(map(id, _chosen(taken[::-1], BUILDING_SHARE * leased)))
    free = [lot for lot in lots if not any(lot is other for other in taken)]
    reserved = set(map(id, _chosen(free, RESERVED_SHARE * sum(lot.geometry.area for lot in free))))
    sectors = _sectors(park.tenants, len(taken), rng)
    for lot, sector in zip(taken, sectors, strict=True):
        plots.append(Plot(lot, code, "building" if id(lot) in building else "leased", sector))
    return plots + [Plot(lot, code, "reserved" if id(lot) in reserved else "vacant") for lot in free]


def _code(parcel: Parcel, others: list[Parcel]) -> str:
    """Return the land-use code of what is not to let; of technical works the largest parcel treats waste water."""
    if parcel.use == TECHNICAL:
        largest = max((p for p in others if p.use == TECHNICAL), key=lambda p: p.geometry.area)
        return "DRA" if parcel is largest else "DNL"
    return {ROAD: "DGT", GREEN: "DKV", SERVICE: "TMD"}[parcel.use]


def _chosen(lots: list[Parcel], area: float) -> list[Parcel]:
    """Return lots from the front of the list whose sum is `area` square metres within half a lot."""
    taken: list[Parcel] = []
    left = area
    for lot in lots:
        if left >= lot.geometry.area / 2:
            taken.append(lot)
            left -= lot.geometry.area
    return taken


def _sectors(tenants: dict[str, int], count: int, rng: np.random.Generator) -> list[str | None]:
    """Return a sector for each occupied lot in proportion to the park's projects, neighbours often alike."""
    if not tenants:
        return [None] * count
    names = list(tenants)
    quotas = np.array(list(tenants.values())) / sum(tenants.values()) * count
    numbers = np.floor(quotas).astype(int)
    for i in np.argsort(numbers - quotas, kind="stable")[: count - int(numbers.sum())]:
        numbers[i] += 1
    ordered = [name for i in rng.permutation(len(names)) for name in [names[i]] * int(numbers[i])]
    return list(ordered)


def _numbered(plots: list[Plot]) -> list[Plot]:
    """Number sheets from the north-west and parcels along bands, there and back, as a surveyor walks."""
    middles = {id(plot): plot.parcel.geometry.representative_point() for plot in plots}

    def cell(plot: Plot) -> tuple[int, int]:
        middle = middles[id(plot)]
        return -int(middle.y // SHEET_M), int(middle.x // SHEET_M)

    def walk(plot: Plot) -> tuple[int, float, float]:
        middle = middles[id(plot)]
        band = -int(middle.y // BAND_M)
        return band, middle.x if band % 2 == 0 else -middle.x, middle.y

    numbered: list[Plot] = []
    for sheet, place in enumerate(sorted({cell(plot) for plot in plots}), start=1):
        there = sorted((plot for plot in plots if cell(plot) == place), key=walk)
        numbered += [replace(plot, sheet=sheet, number=number) for number, plot in enumerate(there, start=1)]
    return numbered
