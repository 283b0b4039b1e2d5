"""In which zones plots lie, to be offered where nobody has said it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from qn_geo import crs, layers

if TYPE_CHECKING:
    from numpy.typing import NDArray

_MOST: Final = 0.5


def zones(placed: NDArray[np.object_]) -> list[tuple[str, float]]:
    """Return the zones that hold more than half of some plots, a smaller one before the larger around it.

    Args:
        placed: Shapes in EPSG:5899; missing ones are passed over.

    Returns:
        Zone and the share of plots whose middle lies in it, 0 to 1. Nothing when the zones cannot be read: this is
        only an offer.
    """
    there = placed[~(shapely.is_missing(placed) | shapely.is_empty(placed))]
    if not len(there) or not layers.available("zones"):
        return []
    ids, outlines = _outlines(layers.version("zones"))
    inside = shapely.STRtree(shapely.centroid(there)).query(outlines, predicate="intersects")[0]
    shares = np.bincount(inside, minlength=len(ids)) / len(there)
    return [(ids[place], float(shares[place])) for place in np.flatnonzero(shares > _MOST).tolist()]


@lru_cache(maxsize=2)
def _outlines(_version: str) -> tuple[list[str], NDArray[np.object_]]:
    """Return the zones with their outlines in EPSG:5899, the smallest first."""
    frame = layers.layer("zones")
    outlines = crs.project(frame.geometry.to_numpy())
    order = np.argsort(shapely.area(outlines), kind="stable")
    return frame["zone_id"].iloc[order].tolist(), outlines[order]
