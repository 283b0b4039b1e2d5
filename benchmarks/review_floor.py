"""The plot review against the plain way to write it: overlap, zone and plan with `geopandas.overlay`.

`naive` is what the checks must beat while saying the same; `review` measures both.
"""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qn_geo import rules
from qn_geo.crs import TM3
from qn_geo.rules.batch import mean_width
from qn_geo.rules.coverage import tolerance
from qn_geo.schema import submitted

ON = date(2026, 11, 23)
WEST, SOUTH = 414_000.0, 2_320_000.0
SIZE_M, SHAKE_M = 30.0, 5.0
BLOCK = 12  # plots from one strip of road to the next
USES = ("SKK", "SKN", "SKK", "SKN")
ONE_IN = 100  # plots that are made wrong
COMPARED = ("QN-GEO-010", "QN-GEO-012", "QN-CRS-002", "QN-LU-004")


def plots(count: int, seed: int = 0) -> gpd.GeoDataFrame:
    """A cadastral sheet of about `count` four-cornered plots, roads among them, one in a hundred grown too large."""
    random = np.random.default_rng(seed)
    side = max(round(np.sqrt(count)), 2)
    corner = np.stack(np.meshgrid(*[np.arange(side + 1) * SIZE_M] * 2, indexing="ij"), -1)
    corner = np.round(corner + random.uniform(-SHAKE_M, SHAKE_M, corner.shape) + [WEST, SOUTH], 3)
    ring = [corner[:-1, :-1], corner[1:, :-1], corner[1:, 1:], corner[:-1, 1:]]
    shapes = shapely.polygons(np.stack(ring, axis=2).reshape(-1, 4, 2))
    total = len(shapes)
    where = np.arange(total)
    column, row = where // side, where % side
    use = np.array(USES, dtype=object)[_plan_column(column, side)]
    use[(column % BLOCK == 0) | (row % BLOCK == 0)] = "DGT"
    grown = random.choice(total, total // ONE_IN, replace=False)
    areas = np.round(shapely.area(shapes), 1)
    shapes[grown] = shapely.buffer(shapes[grown], random.uniform(0.02, 1, len(grown)), join_style="mitre")
    use[random.choice(total, total // ONE_IN, replace=False)] = "TMD"
    return submitted.frame(
        {
            "sheet_no": (where // 500 + 1).astype(str).tolist(),
            "parcel_no": (where % 500 + 1).astype(str).tolist(),
            "area_m2": areas,
            "landuse_code": use.tolist(),
            "commune_code": _communes(shapes),
        },
        list(shapes),
    )


def context(frame: gpd.GeoDataFrame) -> rules.Context:
    """The product's own references, but an official zone that cuts a row off, and an official plan in four strips."""
    west, south, east, north = frame.total_bounds
    known = rules.context(None, ON)
    zone = {"name_vi": "KCN", "name_en": "Park", "kind": "KKT", "area_ha": None, "quality": "official"}
    # Outlines with many corners, as surveyed ones have.
    outline = shapely.segmentize(shapely.box(west - 50, south - 50, east + 50, north - SIZE_M * 1.5), 20)
    lines = np.linspace(west - 50, east + 50, len(USES) + 1)
    cells = [shapely.segmentize(shapely.box(a, south - 50, b, north + 50), 20) for a, b in pairwise(lines)]
    rows = [{"zone_id": "kkt-a", "horizon": 2030, "use_code": code, "quality": "official"} for code in USES]
    shapes = np.array([outline], dtype=object)
    given = {
        name: getattr(known, name) for name in ("on", "scale", "rules", "communes", "former", "codes", "links", "shore")
    }
    return rules.Context(
        **given, zone=rules.Places((zone,), shapes), cells=rules.Places(tuple(rows), np.array(cells, dtype=object))
    )


def ours(frame: gpd.GeoDataFrame, known: rules.Context) -> gpd.GeoDataFrame:
    """All checks of the product."""
    return rules.check(frame, known)


def naive(frame: gpd.GeoDataFrame, known: rules.Context) -> pd.DataFrame:
    """Overlaps, plots beyond the zone, and uses against the plan: rule, plots and measure of each."""
    usable = frame[["plot_id", "landuse_code", "geometry"]].copy()
    found = [_overlaps(usable, known), _beyond(usable, known), _against_plan(usable, known)]
    return pd.concat(found, ignore_index=True)


def compared(findings: pd.DataFrame) -> dict[tuple[str, tuple[str, ...]], float]:
    """The findings both versions make, with their areas; gaps are ours alone."""
    chosen = findings[findings["rule"].isin(COMPARED)]
    if "message_en" in chosen:
        chosen = chosen[~chosen["message_en"].str.contains("apart")]
    rows = zip(chosen["rule"], chosen["plots"], chosen["measure"], strict=True)
    return {(rule, tuple(sorted(ids))): round(float(measure), 4) for rule, ids, measure in rows}


def _communes(shapes: Any) -> list[str | None]:
    """The code of the unit each plot lies in."""
    units = rules.context(None, ON).communes
    assert units is not None  # noqa: S101 - the product's own data
    plot, unit = shapely.STRtree(units.shapes).query(shapely.point_on_surface(shapes), predicate="within")
    codes: list[str | None] = [None] * len(shapes)
    for place, index in zip(plot.tolist(), unit.tolist(), strict=True):
        codes[place] = units.rows[index]["code"]
    return codes


def _plan_column(column: Any, side: int) -> Any:
    return np.minimum(column * len(USES) // side, len(USES) - 1)


def _overlaps(usable: gpd.GeoDataFrame, known: rules.Context) -> pd.DataFrame:
    numbered = usable[["geometry"]].assign(n=np.arange(len(usable)))
    common = gpd.overlay(numbered, numbered, how="intersection", keep_geom_type=True)
    common = common[common["n_1"] < common["n_2"]]
    areas = common.geometry.area.to_numpy()
    widths = mean_width(areas, common.geometry.length.to_numpy())
    noise = known.rules["QN-GEO-010"].number("noise_width_m")
    real = (areas >= known.rules["QN-GEO-010"].value("rounding", known.on, 0) / 2) & (widths >= noise)
    wide = widths > tolerance(known)
    ids = usable["plot_id"].to_numpy(dtype=object)
    pairs = [(ids[a], ids[b]) for a, b in zip(common["n_1"], common["n_2"], strict=True)]
    rule, measure = np.where(wide, "QN-GEO-010", "QN-GEO-012"), np.where(wide, areas, widths)
    return pd.DataFrame({"rule": rule, "plots": pairs, "measure": measure})[real]


def _beyond(usable: gpd.GeoDataFrame, known: rules.Context) -> pd.DataFrame:
    assert known.zone is not None  # noqa: S101 - as made above
    zone = gpd.GeoDataFrame(geometry=known.zone.shapes, crs=TM3)
    outside = gpd.overlay(usable, zone, how="difference")
    areas = outside.geometry.area.to_numpy()
    wide = (areas >= known.rules["QN-CRS-002"].value("rounding", known.on, 0) / 2) & (
        mean_width(areas, outside.geometry.length.to_numpy()) > tolerance(known)
    )
    plots_ = [(name,) for name in outside["plot_id"]]
    return pd.DataFrame({"rule": "QN-CRS-002", "plots": plots_, "measure": areas})[wide]


def _against_plan(usable: gpd.GeoDataFrame, known: rules.Context) -> pd.DataFrame:
    assert known.cells is not None  # noqa: S101 - as made above
    cells = gpd.GeoDataFrame(list(known.cells.rows), geometry=known.cells.shapes, crs=TM3)
    rule = known.rules["QN-LU-004"]
    under = gpd.overlay(usable, cells, how="intersection", keep_geom_type=True)
    under["area"] = under.geometry.area
    inside = under["landuse_code"].isin(rule.listed("in_parks")) & under["use_code"].isin(rule.listed("parks"))
    under["agreed"] = under["area"].where((under["landuse_code"] == under["use_code"]) | inside, 0.0)
    sums = under.groupby("plot_id")[["area", "agreed"]].sum()
    whole = usable.set_index("plot_id").geometry.area.reindex(sums.index)
    share = rule.number("share_pct") / 100
    wrong = sums[(sums["area"] >= share * whole) & (sums["agreed"] < share * sums["area"] - 1e-6)]
    return pd.DataFrame(
        {"rule": rule.code, "plots": [(name,) for name in wrong.index], "measure": wrong["area"].to_numpy()}
    )
