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
_RUNNING: Final = 4.0  # under the head of the second page
_UNDER_CHARTS: Final = 5.5
_BETWEEN_CHARTS: Final = 5.0
_OVER_DOCUMENTS: Final = 4.0
_GROWN: Final = 1.3  # a chart is drawn so many times as high as it needs, at most
_SHRUNK: Final = 0.72
_MANY_PROJECTS: Final = 6  # a row of charts may cost no more projects than leave so many


@dataclass(frozen=True)
class Fit:
    """How the pages are filled, in millimetres.

    Attributes:
        map_height: Height of the map.
        charts: Height of each chart that is shown.
        projects: How many projects are listed.
        short_first: Whether the documents of the first page stand in one line each.
        short_second: The same for the second page.
    """

    map_height: float
    charts: tuple[float, ...]
    projects: int
    short_first: bool
    short_second: bool


def fit(measured: Mapping[str, Any], natural: Sequence[float]) -> Fit:
    """Return how the pages are filled.

    Args:
        measured: Heights of everything but the pictures, as the template tells them.
        natural: Height each chart's content needs.
    """
    free = PAGE - _SPARE - measured["front"] - _MAP_AROUND
    short_first = free - measured["first"][0] < _MAP[0] + 25
    map_height = min(max(free - measured["first"][int(short_first)], _MAP[0]), _MAP[1])
    tries = [
        found
        for short in (False, True)
        for count in sorted({len(natural), min(2, len(natural)), 0}, reverse=True)
        if (found := _second(measured, natural[:count], short=short)) is not None
    ]
    charts, projects, short_second = max(tries, key=lambda found: _worth(found, measured), default=((), 0, True))
    return Fit(round(map_height, 1), charts, projects, short_first, short_second)


def _worth(found: tuple[tuple[float, ...], int, bool], measured: Mapping[str, Any]) -> tuple[int, int, bool, int]:
    """Return what a page is worth: some projects first, then charts, then documents in full, then more projects."""
    charts, projects, short = found
    return min(projects, _MANY_PROJECTS, len(measured["rows"])), len(charts), not short, projects


def _second(
    measured: Mapping[str, Any], natural: Sequence[float], *, short: bool
) -> tuple[tuple[float, ...], int, bool] | None:
    """Return heights of charts and number of projects for a second page with these charts; None where they don't fit."""
    free = PAGE - _SPARE - measured["running"] - _RUNNING
    documents = measured["second"][int(short)]
    free -= documents + _OVER_DOCUMENTS if documents else 0.0
    pairs = [range(at, min(at + 2, len(natural))) for at in range(0, len(natural), 2)]
    heads = sum(max(measured["charts"][each] for each in pair) for pair in pairs)
    heads += _BETWEEN_CHARTS * max(len(pairs) - 1, 0) + (_UNDER_CHARTS if pairs else 0)
    needed = [max(natural[each] for each in pair) for pair in pairs]
    least = free - heads - _SHRUNK * sum(needed)
    if least < measured["side"]:
        return None
    usual = max(measured["side"], free - heads - sum(needed))
    projects, used = _listed(measured, usual)
    rest = free - heads - max(used, measured["side"])
    grown = min(rest / sum(needed), _GROWN) if needed else 1.0
    heights = tuple(round(max(needed[at // 2] * grown, 1.0), 1) for at in range(len(natural)))
    return heights, projects, short


def _listed(measured: Mapping[str, Any], room: float) -> tuple[int, float]:
    """Return how many projects have room, and the room they take."""
    used, count = float(measured["list"]), 0
    for row in measured["rows"]:
        if used + row > room:
            break
        used, count = used + row, count + 1
    return count, used
