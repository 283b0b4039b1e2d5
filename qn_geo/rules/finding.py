"""Findings: what one check says about one or several plots, and all of them as one frame."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qn_geo.crs import TM3, unproject
from qn_geo.errors import QnGeoError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely.geometry.base import BaseGeometry

    from qn_geo.rules.registry import Confidence, Rule, Severity

RANKS: Final = {"error": 0, "warning": 1, "info": 2}
COLUMNS: Final = ("rule", "severity", "plots", "rows", "measure", "unit", "limit", "message_vi", "message_en")

_TELLING: Final = ("QN-SYS-002", "QN-PARK-000")  # rules that name checks which were not made
_CODE: Final = re.compile(r"QN-[A-Z]+-\d{3}")
_DIGITS: Final = 6  # of a measure in the hash: far below a square millimetre, far above the noise of two machines
# Said at the end of every message that rests on less than a document we have seen.
_CAVEATS: Final = {
    "knowledge": (
        " (Theo hiểu biết chuyên môn, cần đối chiếu văn bản.)",
        " (From professional knowledge; verify against the document.)",
    ),
    "own": (" (Mức sàng lọc của hệ thống, không phải quy định.)", " (Our screening value, not a regulation.)"),
}


@dataclass(slots=True)
class Finding:
    """One complaint of a check.

    Attributes:
        where: Positions of the plots in the frame; empty when it is about the whole file.
        vi: What is wrong, in Vietnamese.
        en: The same in English.
        measure: What was measured, in `unit`.
        unit: Unit, as in `qn_geo.i18n`.
        limit: What it was held against, in the same unit.
        shape: Trouble spot, a geometry in EPSG:5899; None without one.
        severity: When not the rule's own.
        confidence: When not the rule's own.
        gone: Ids of plots that are not in the frame.
    """

    where: tuple[int, ...]
    vi: str
    en: str
    measure: float = math.nan
    unit: str = ""
    limit: float = math.nan
    shape: Any = None
    severity: Severity | None = None
    confidence: Confidence | None = None
    gone: tuple[str, ...] = ()


def findings_frame(found: Iterable[tuple[Rule, Finding]], plots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return findings as a frame, sorted by severity and rule; within a rule the check's own order stays.

    Checks order their findings by row, those that compare plots by how bad they are.

    Args:
        found: Findings with the rules that made them.
        plots: The plots they are about.
    """
    ranked = sorted(found, key=lambda item: (RANKS[item[1].severity or item[0].severity], item[0].code))
    ids, rows = (plots[name].tolist() for name in ("plot_id", "row"))  # plain values are found three times as fast
    caveats = [_CAVEATS.get(item.confidence or rule.confidence, ("", "")) for rule, item in ranked]
    # Built column by column: a wrong dtype guessed from an empty column would change the hash of a clean file.
    columns = {
        "rule": pd.Series([rule.code for rule, _ in ranked], dtype="str"),
        "severity": pd.Series([item.severity or rule.severity for rule, item in ranked], dtype="str"),
        "plots": pd.Series([(*[ids[i] for i in item.where], *item.gone) for _, item in ranked], dtype=object),
        "rows": pd.Series([tuple([rows[i] for i in item.where]) for _, item in ranked], dtype=object),
        "measure": pd.Series([item.measure for _, item in ranked], dtype="float64"),
        "unit": pd.Series([item.unit for _, item in ranked], dtype="str"),
        "limit": pd.Series([item.limit for _, item in ranked], dtype="float64"),
        "message_vi": pd.Series(
            [item.vi + more[0] for (_, item), more in zip(ranked, caveats, strict=True)], dtype="str"
        ),
        "message_en": pd.Series(
            [item.en + more[1] for (_, item), more in zip(ranked, caveats, strict=True)], dtype="str"
        ),
    }
    shapes = np.array([item.shape for _, item in ranked], dtype=object)
    return gpd.GeoDataFrame(columns, geometry=shapes, crs=TM3)


def as_records(findings: gpd.GeoDataFrame) -> list[dict[str, Any]]:
    """Return findings as plain dicts for JSON: the columns, and `lon`, `lat` of the trouble spot (None without one)."""
    places = _places(findings.geometry.to_numpy())
    rows = findings[list(COLUMNS)].to_dict("records")
    return [
        {name: _plain(value) for name, value in row.items() if name != "rows"} | {"lon": lon, "lat": lat}
        for row, (lon, lat) in zip(rows, places, strict=True)
    ]


def findings_hash(findings: gpd.GeoDataFrame) -> str:
    """Return the SHA-256 of what the findings say, the same on every machine.

    The trouble spots are left out: they follow from plots and rule, and their last digits differ between versions of
    the geometry library.
    """
    rows = findings[list(COLUMNS)].to_dict("records")
    plain = [{name: _plain(value, _DIGITS) for name, value in row.items()} for row in rows]
    text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def summary(plots: gpd.GeoDataFrame, findings: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return how a submission came out.

    Returns:
        `states`: of each plot, in order, "fail" (an error), "warn" (a warning) or "pass";
        `counts`: plots by state; `rules`: findings by rule; `severities`: findings by severity;
        `file`: findings about the file as a whole, not about plots.
    """
    worst = dict.fromkeys(plots["row"].tolist(), 2)
    for rows, severity in zip(findings["rows"], findings["severity"], strict=True):
        rank = RANKS[severity]
        for row in rows:
            worst[row] = min(worst.get(row, rank), rank)
    states = [("fail", "warn", "pass")[worst[row]] for row in plots["row"].tolist()]
    return {
        "states": states,
        "counts": {"pass": 0, "warn": 0, "fail": 0} | Counter(states),
        "rules": dict(Counter(findings["rule"].tolist())),
        "severities": dict.fromkeys(RANKS, 0) | Counter(findings["severity"].tolist()),
        "file": sum(not rows for rows in findings["rows"]),
    }


def not_made(findings: gpd.GeoDataFrame) -> list[str]:
    """Return the codes of the checks that were not made, as the findings that say so name them."""
    told = findings["message_en"][findings["rule"].isin(_TELLING)]
    return sorted({code for message in told for code in _CODE.findall(message)})


def _places(shapes: Sequence[BaseGeometry | None]) -> list[tuple[float | None, float | None]]:
    places: list[tuple[float | None, float | None]] = [(None, None)] * len(shapes)
    points = shapely.point_on_surface(np.asarray(shapes, dtype=object))
    for index in np.flatnonzero(~(shapely.is_missing(points) | shapely.is_empty(points))).tolist():
        try:
            point = unproject(points[index])
        except QnGeoError:  # far outside the projection: that is what the finding says
            continue
        places[index] = (round(point.x, _DIGITS), round(point.y, _DIGITS))
    return places


def _plain(value: Any, digits: int | None = None) -> Any:
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            return None
        # Adding zero turns -0.0 into 0.0.
        return value if digits is None else round(value, digits) + 0.0
    return value
