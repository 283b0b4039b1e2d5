"""Small plots and what they are held against, in metres around one corner, so that every answer is known by heart."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import shapely

from qn_geo import rules
from qn_geo.schema import submitted

EAST, NORTH = 420_000.0, 2_320_000.0  # on land, in Quảng Ninh
ON = date(2026, 11, 23)


def at(shape):
    """A shape drawn around (0, 0), at its place on the map."""
    return None if shape is None else shapely.transform(shape, lambda points: points + np.array([EAST, NORTH]))


def box(west, south, east, north):
    """A rectangle in metres from the corner."""
    return at(shapely.box(west, south, east, north))


def polygon(*points):
    """A polygon of corners in metres from the corner."""
    return at(shapely.Polygon(points))


def plots(*shapes, **columns):
    """A frame of plots with ids p1, p2, ... unless they are given."""
    ids = {"plot_id": [f"p{i + 1}" for i in range(len(shapes))]}
    return submitted.frame({**ids, **columns}, list(shapes))


def places(*rows_and_shapes):
    """A reference layer of (row, shape) pairs."""
    rows, shapes = zip(*rows_and_shapes, strict=True)
    return rules.Places(tuple(rows), np.array(shapes, dtype=object))


def context(**known):
    """A context that knows only what is given."""
    return rules.Context(**({"on": ON, "scale": 500, "rules": rules.registry()} | known))


def check(frame, code=None, **known):
    """The findings of one check, or of all."""
    found = rules.check(frame, context(**known))
    return found if code is None else found[found["rule"] == code].reset_index(drop=True)


def about_plots(found):
    """Findings without the informations about the file as a whole."""
    return found[found["rows"].map(len) > 0]


def told(found):
    """Rule and plots of each finding about plots."""
    rows = about_plots(found)
    return list(zip(rows["rule"], rows["plots"], strict=True))


def grid(columns, rows, seed=0, size=30.0, shake=5.0):
    """A clean coverage of plots that share their corners, about `size` metres wide."""
    random = np.random.default_rng(seed)
    corner = np.stack(np.meshgrid(np.arange(columns + 1) * size, np.arange(rows + 1) * size, indexing="ij"), -1)
    corner = np.round(corner + random.uniform(-shake, shake, corner.shape) + [EAST, NORTH], 3)
    ring = [corner[:-1, :-1], corner[1:, :-1], corner[1:, 1:], corner[:-1, 1:], corner[:-1, :-1]]
    return shapely.polygons(np.stack(ring, axis=2).reshape(-1, 5, 2))


def numbered(shapes, **columns):
    """Plots of one sheet, numbered, with their true areas and an industrial code."""
    count = len(shapes)
    filled = {
        "sheet_no": ["7"] * count,
        "parcel_no": [str(i + 1) for i in range(count)],
        "area_m2": np.round(shapely.area(shapes), 1),
        "landuse_code": ["SKK"] * count,
    }
    return submitted.frame(filled | columns, list(shapes))


CODES = {
    code: {"code": code, "name_vi": f"Đất {code}", "name_en": f"{code} land", "parent": parent, "status": status}
    for code, parent, status in (
        ("NNP", None, "current and legacy"),
        ("CHN", "NNP", "current and legacy"),
        ("HNK", "CHN", "current and legacy"),
        ("BHK", "HNK", "legacy"),
        ("PNN", None, "current and legacy"),
        ("CSK", "PNN", "current and legacy"),
        ("SKK", "CSK", "current and legacy"),
        ("SKN", "CSK", "current and legacy"),
        ("TMD", "CSK", "current and legacy"),
        ("DGT", "PNN", "current and legacy"),
        ("ONT", "PNN", "current and legacy"),
        ("CLN", "NNP", "current and legacy"),
        ("DDD", "PNN", "current"),
        ("DDT", "PNN", "legacy"),
        ("MVB", None, "legacy"),
    )
}


def missing(value):
    """Whether a cell is empty."""
    return pd.isna(value)
