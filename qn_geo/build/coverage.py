"""Parcels as a clean coverage: no gaps, no overlaps, every corner shared by all who meet there (plane metres)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import shapely
from shapely import STRtree
from shapely.geometry import Polygon

# A piece this small is no parcel.
_CRUMB_M2 = 250.0
# Half a decimetre: below what six decimals of a degree can hold, above floating point noise.
_GRID_M = 0.05


@dataclass(frozen=True)
class Parcel:
    """One piece of the park; `reach` is its distance in metres from the gate, the order in which a park fills."""

    geometry: Polygon
    use: str
    reach: float = 0.0


def polygons(shape: Any) -> list[Polygon]:
    """Return the polygons of any shape, without the points and lines an intersection may leave."""
    parts = shapely.get_parts(shapely.get_parts(shape))
    return [part for part in parts.tolist() if isinstance(part, Polygon) and part.area > 0]


def settle(parcels: list[Parcel], park: Polygon) -> list[Parcel]:
    """Make a clean coverage: every corner on a neighbour's side becomes a corner of that neighbour too.

    Without that, rounding coordinates would open gaps along long sides.
    """
    lines = shapely.union_all([*(p.geometry.boundary for p in parcels), park.boundary], grid_size=_GRID_M)
    faces = polygons(shapely.polygonize([lines]))
    tree = STRtree([p.geometry for p in parcels])
    owned: dict[int, list[Polygon]] = {}
    for face in faces:
        centre = face.representative_point()
        if not park.intersects(centre):
            continue  # a lake or an enclave: a hole of the park is a face too
        hits = tree.query(centre, predicate="intersects")
        owner = int(hits[0]) if len(hits) else int(tree.nearest(centre))
        owned.setdefault(owner, []).append(face)
    whole = ((i, shapely.union_all(pieces)) for i, pieces in sorted(owned.items()))
    return _tidied([replace(parcels[i], geometry=p) for i, shape in whole for p in polygons(shape)])


def _tidied(parcels: list[Parcel]) -> list[Parcel]:
    """Give crumbs to the neighbour they share the longest side with, one of the same use where there is one."""
    kept = [parcel for parcel in parcels if parcel.geometry.area >= _CRUMB_M2]
    for crumb in (parcel for parcel in parcels if parcel.geometry.area < _CRUMB_M2):
        sides = [crumb.geometry.intersection(parcel.geometry).length for parcel in kept]
        touching = [i for i, side in enumerate(sides) if side > 0]
        i = max(touching, key=lambda i: (kept[i].use == crumb.use, sides[i]))
        kept[i] = replace(kept[i], geometry=polygons(shapely.union(kept[i].geometry, crumb.geometry))[0])
    return kept
