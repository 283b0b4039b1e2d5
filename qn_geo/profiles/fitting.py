"""How the two pages of a profile are filled: how large the map and the charts are, and how many projects have room."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

PAGE: Final = 268.0
"""Height of a page between its margins, millimetres."""

WIDE: Final = 178.0
"""Width of a page between its margins."""

HALF: Final = 86.0
"""Width of one of two charts side by side."""

_SPARE: Final = 1.5  # room that is left free, for what was rounded
_MAP_AROUND: Final = 14.0  # between the map and what stands over and under it, with its note
_MAP: Final = (45.0, 165.0)
_SMALL_MAP: Final = 95.0  # for a larger one documents are told on one line each
_RUNNING: Final = 4.0  # under the head of the second page
_UNDER_CHARTS: Final = 5.5
_BETWEEN_CHARTS: Final = 5.0
_CHART_GAP: Final = 1.6  # between a title, its chart and the note under it
_CHART: Final = 62.0  # more than this no chart is promised
_OVER_DOCUMENTS: Final = 4.0
_GROWN: Final = 1.3  # a chart is drawn so many times as high as it needs, at most
_SHRUNK: Final = 0.72
_MANY_PROJECTS: Final = 5  # a row of charts may cost no more projects than leave so many


@dataclass(frozen=True)
class Second:
    """How the second page is filled.

    Attributes:
        charts: Height of each chart that is shown, millimetres.
        projects: How many projects are listed.
        short: Whether its documents stand in one line each.
        beside: Whether the zones beside this one are listed.
    """

    charts: tuple[float, ...] = ()
    projects: int = 0
    short: bool = True
    beside: bool = False


@dataclass(frozen=True)
class Fit:
    """How the pages are filled.

    Attributes:
        map_height: Height of the map, millimetres.
        short: Whether the documents of the first page stand in one line each.
        second: The second page.
    """

    map_height: float
    short: bool
    second: Second


def fit(measured: Mapping[str, Any], natural: Sequence[float]) -> Fit:
    """Return how the pages are filled.

    Args:
        measured: Heights of everything but the pictures, as the template tells them.
        natural: Height each chart's content needs.
    """
    free = PAGE - _SPARE - measured["front"] - _MAP_AROUND
    short = free - measured["first"][0] < _SMALL_MAP
    map_height = min(max(free - measured["first"][int(short)], _MAP[0]), _MAP[1])
    tries = [
        found
        for short_second in (False, True)
        for count in sorted({len(natural), min(2, len(natural)), 0}, reverse=True)
        if (found := _second(measured, natural[:count], short=short_second)) is not None
    ]
    second = max(tries, key=lambda found: _worth(found, measured), default=Second())
    return Fit(round(map_height, 1), short, second)


def _worth(found: Second, measured: Mapping[str, Any]) -> tuple[int, int, bool, int]:
    """Return what a page is worth: some projects first, then charts, then documents in full, then more projects."""
    some = min(found.projects, _MANY_PROJECTS, len(measured["rows"]))
    return some, len(found.charts), not found.short, found.projects


def _second(measured: Mapping[str, Any], natural: Sequence[float], *, short: bool) -> Second | None:
    """Return how a second page with these charts is filled; None where they do not fit."""
    documents = measured["second"][int(short)]
    free = PAGE - _SPARE - measured["running"] - _RUNNING - (documents + _OVER_DOCUMENTS if documents else 0.0)
    pairs = [range(at, min(at + 2, len(natural))) for at in range(0, len(natural), 2)]
    free -= sum(max(measured[part][each] for each in pair) for pair in pairs for part in ("heads", "feet"))
    free -= 2 * _CHART_GAP * len(pairs) + _BETWEEN_CHARTS * max(len(pairs) - 1, 0) + (_UNDER_CHARTS if pairs else 0)
    needed = [min(max(natural[each] for each in pair), _CHART) for pair in pairs]
    if free - _SHRUNK * sum(needed) < max(measured["side"], measured["list"]):
        return None
    projects, used = _listed(measured, max(measured["side"], free - sum(needed)))
    rest = free - max(used, measured["side"])
    more = None if measured["beside"] is None else measured["beside"] - documents
    beside = projects == len(measured["rows"]) and more is not None and rest - sum(needed) >= more
    rest -= more if beside and more is not None else 0.0
    grown = min(rest / sum(needed), _GROWN) if needed else 1.0
    heights = tuple(round(needed[at // 2] * grown, 1) for at in range(len(natural)))
    return Second(heights, projects, short, beside)


def _listed(measured: Mapping[str, Any], room: float) -> tuple[int, float]:
    """Return how many projects have room, and the room they take."""
    used, count = float(measured["list"]), 0
    for row in measured["rows"]:
        if used + row > room:
            break
        used, count = used + row, count + 1
    return count, used
