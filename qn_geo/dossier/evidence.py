"""Findings as they are stored beside the plots, and what decides whether they still stand."""

from __future__ import annotations

import hashlib
import io
import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd

from qn_geo import layers, rules
from qn_geo.dossier.plots import apart
from qn_geo.errors import DataFileError, QnGeoError
from qn_geo.intake import submission as submissions
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from qn_geo.intake.submission import Submission

    Progress = Callable[[str, int, int], None]
    Cancelled = Callable[[], bool]

REGISTER: Final = "register"
"""What stands for the register of plots where an earlier submission could be named."""

FINDINGS: Final = "findings.parquet"
"""File of a submission's findings."""


def judge(  # noqa: PLR0913 - as `check`, with what a submission knows of itself
    raw: gpd.GeoDataFrame,
    zone_id: str | None,
    on: date,
    earlier_id: str | None = None,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> gpd.GeoDataFrame:
    """Return what the rules find in plots: of a submission or of any file, so that both give the same hash.

    Args:
        raw: Plots as read.
        zone_id: Zone they are to lie in.
        on: Day whose law applies.
        earlier_id: As of `qn_geo.dossier.check`, like all that follows.
        progress: The same.
        cancelled: The same.

    Raises:
        CancelledError: If `cancelled` said so.
        QnGeoError: If what to compare with cannot be read.
    """
    context = rules.context(zone_id, on, earlier_plots(earlier_id, zone_id))
    return rules.check(apart(raw), context, progress=progress, cancelled=cancelled)


def keep(submission: Submission, found: gpd.GeoDataFrame) -> None:
    """Store findings, with what is told of them in `attrs`, in the place of what was there.

    Raises:
        QnGeoError: If there is no room on the disk.
    """
    content = io.BytesIO()
    found.to_parquet(content)
    submissions.keep(submission, FINDINGS, content.getvalue())


def renamed(found: gpd.GeoDataFrame, plots: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return findings with the unique ids of their plots; ids of plots that vanished stay behind them."""
    ids = dict(zip(plots["row"].tolist(), plots["plot_id"], strict=True))
    named = [
        (*(ids.get(row, name) for row, name in zip(rows, names, strict=False)), *names[len(rows) :])
        for rows, names in zip(found["rows"], found["plots"], strict=True)
    ]
    return found.assign(plots=pd.Series(named, index=found.index, dtype=object))


def hash_of(said: Mapping[str, Any]) -> str:
    """Return a hash of how a file was read: every choice, reason and note of it, and the hash of its plots."""
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def stored(submission: Submission, said: Mapping[str, Any]) -> gpd.GeoDataFrame | None:
    """Return the findings of a submission; None when there are none, or they are not what the rules made.

    Args:
        submission: The submission.
        said: How its file was read; findings made of another reading are none.
    """
    try:
        found = gpd.read_parquet(submission.folder / FINDINGS)
        for name, kind in (("plots", str), ("rows", int)):
            found[name] = [tuple(map(kind, values)) for values in found[name]]
        whole = _is_told(found.attrs) and found.attrs["reading"] == hash_of(said)
        whole = whole and rules.findings_hash(found) == found.attrs["findings_hash"]
    except (OSError, ValueError, TypeError, KeyError):  # not there, or damaged: either way it is checked again
        return None
    return found if whole else None  # what was changed by hand is no evidence


def _is_told(attrs: Mapping[Any, Any]) -> bool:
    """Return whether all is there that is told of findings; errors come from what is not even of its kind."""
    days = date.fromisoformat(attrs["on"]), datetime.fromisoformat(attrs["at"])
    words = attrs["key"], attrs["rules_version"], attrs["earlier"] or ""
    return all(days) and all(isinstance(word, str) for word in words)


def earlier_plots(earlier_id: str | None, zone_id: str | None) -> gpd.GeoDataFrame | None:
    """Return the plots to compare with; arguments as of `qn_geo.dossier.check`, None for nothing.

    Raises:
        QnGeoError: If there is no such submission, or its plots cannot be read.
    """
    if earlier_id is None:
        return None
    return rules.register(zone_id) if earlier_id == REGISTER else submissions.plots(submissions.find(earlier_id))[0]


def ground(said: Mapping[str, Any], earlier_id: str | None, on: date) -> str:
    """Return a hash of everything that decides the findings: rules, law of the day, plots, what they are held against.

    The day itself is not in it: findings of yesterday stand until a figure of law begins or ends.
    """
    law = {
        code: [rule.applies(on), *(limit.in_force(on) for limit in rule.limits)]
        for code, rule in rules.registry().items()
    }
    parts = [rules.version(), said["plots_sha256"], said["choices"]["zone_id"], settings().map_scale, on.year, law]
    return hashlib.sha256(json.dumps([*parts, earlier_id, _earlier_hash(earlier_id)]).encode()).hexdigest()


def _earlier_hash(earlier_id: str | None) -> str:
    try:
        if earlier_id == REGISTER:
            return layers.version("plots")
        return submissions.plots(submissions.find(earlier_id))[1]["plots_sha256"] if earlier_id else ""
    except (QnGeoError, DataFileError):  # it is gone: the comparison no longer stands
        return "gone"
