"""Find plots the way people name them: by id, or by sheet and parcel ("tờ 12 thửa 345"), with or without the park."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from rapidfuzz import fuzz

from qn_geo import layers
from qn_geo.errors import DataFileError
from qn_geo.search.text import canonical, fold

if TYPE_CHECKING:
    from qn_geo.search.index import Index

_SHEET: Final = r"(?:to(?: ban do)?|sheet)(?: so| no| number)? (?P<sheet>\d+)"
_PARCEL: Final = r"(?:thua(?: dat)?|parcel|plot|lot)(?: so| no| number)? (?P<parcel>\d+)"
# On folded text. In a bare "song khoai 12 345" the numbers stand last, as in an id.
_NAMED: Final = (
    re.compile(rf"\b{_SHEET} (?:va |and )?{_PARCEL}\b"),
    re.compile(rf"\b{_PARCEL} (?:va |and )?{_SHEET}\b"),
    re.compile(r"(?:(?<=[a-z] )|^)(?P<sheet>\d+) (?P<parcel>\d+)$"),
)
# Words that may stand between a park's name and its plot and say nothing.
_FILLERS: Final = re.compile(r"\b(?:o|tai|thuoc|trong|cua|in|of|at|lo dat)\b")
# Resemblance of names, 0 to 100, below which a word beside the numbers names no park.
_PARK_MATCH: Final = 75.0
_ANY_PARK: Final = 97.0


@dataclass(frozen=True)
class _Register:
    """Rows of the plots layer by folded id and by sheet and parcel."""

    rows: list[dict[str, Any]]
    by_id: dict[str, int]
    by_number: dict[tuple[str, str], list[int]]


def find(folded: str, places: Index) -> list[tuple[dict[str, Any], float]]:
    """Return the plots that the folded query names, best first, with a score of 0 to 100.

    Rows are those of the plots layer, geometry included. Nothing is returned where the register cannot be read.
    """
    try:
        register = _register(layers.version("plots"))
    except DataFileError:
        return []
    if folded in register.by_id:
        return [(register.rows[register.by_id[folded]], 100.0)]
    for pattern in _NAMED:
        match = pattern.search(folded)
        if match:
            park = _FILLERS.sub(" ", folded[: match.start()] + " " + folded[match.end() :])
            numbers = _number(match["sheet"]), _number(match["parcel"])
            rows = [register.rows[i] for i in register.by_number.get(numbers, [])]
            return _of_park(rows, " ".join(park.split()), places)
    return []


def _of_park(rows: list[dict[str, Any]], park: str, places: Index) -> list[tuple[dict[str, Any], float]]:
    """Keep the plots of the park named beside the numbers; without a name every park's plot is as good."""
    if not park:
        return [(row, _ANY_PARK) for row in rows]
    fits: dict[str, float] = {}
    for key, owner in zip(places.keys, places.owners, strict=True):
        entry = places.entries[owner]
        if entry.kind == "zone":
            fits[entry.id] = max(fits.get(entry.id, 0.0), fuzz.ratio(canonical(park), key))
    best = max(fits.values(), default=0.0)
    return [(row, fits[row["zone_id"]]) for row in rows if fits.get(row["zone_id"], 0.0) >= max(_PARK_MATCH, best)]


@lru_cache(maxsize=2)
def _register(version: str) -> _Register:
    """Read the plots; `version` is the cache key."""
    del version
    rows: list[dict[str, Any]] = layers.layer("plots").to_dict("records")
    by_number: dict[tuple[str, str], list[int]] = {}
    for i, row in enumerate(rows):
        by_number.setdefault((_number(row["sheet"]), _number(row["parcel"])), []).append(i)
    return _Register(rows, {fold(row["plot_id"]): i for i, row in enumerate(rows)}, by_number)


def _number(text: Any) -> str:
    """Return a sheet or parcel number without leading zeros; official registers may have letters in it."""
    return fold(str(text)).lstrip("0")
