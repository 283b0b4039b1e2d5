"""Find places old and new, zones, projects, links, centres, plots and coordinates from one line of text.

With or without diacritics, typos forgiven. The index is in memory and made anew when a data file changes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from rapidfuzz import fuzz, process

from qn_geo import i18n
from qn_geo.crs import to_vn2000
from qn_geo.search import coordinates, plots
from qn_geo.search.index import around, index
from qn_geo.search.text import canonical, fold

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from qn_geo.search.index import Bounds, Entry, Index

__all__ = ["Hit", "fold", "search"]

# Scores: an exact name is 100; a typo or a part of a name stays below a name that begins with the query.
_BEGINNING: Final = 95.0
_WORDS: Final = 90.0
_FUZZY: Final = 0.9
_INSIDE: Final = 0.92  # the query resembles a part of the name
_AROUND: Final = 0.85  # the name resembles a part of the query
_LOWEST: Final = 64.0
# What is so much worse than the best is noise beside it.
_FALL: Final = 20.0
# Shorter queries and names are only matched letter by letter: three letters resemble everything.
_FUZZY_LENGTH: Final = 4
# Shorter queries must resemble a whole name: nearly every five letters stand somewhere inside one ("plot" in "pilot").
_PART_LENGTH: Final = 6
# Longer than anything that has a name; what follows is only work.
_LONGEST: Final = 200
# Among equals, what is larger or more often meant comes first.
_ORDER: Final = ("coordinate", "plot", "area", "zone", "commune", "centre", "link", "former", "project")


@dataclass(frozen=True)
class Hit:
    """A search result.

    Attributes:
        kind: commune, former, area, zone, project, link, centre, plot or coordinate.
        id: Id of the thing in its table; of a former unit, the code of the present commune it belongs to.
        title: Its name.
        subtitle: What it is, or where.
        lon: Longitude of a point in it, WGS 84 degrees; None where no location is published.
        lat: Latitude of that point.
        bbox: West, south, east, north in WGS 84 degrees.
        score: 0 to 100, how well it matches.
        zone_id: Zone it is or lies in, for zones, plots and projects of a listed zone; else None.
    """

    kind: str
    id: str
    title: str
    subtitle: str
    lon: float | None
    lat: float | None
    bbox: Bounds | None
    score: float
    zone_id: str | None = None


def search(query: str, lang: str, limit: int = 12) -> list[Hit]:
    """Return what the query may mean, best first; nothing for an empty query.

    Args:
        query: What was typed: a name, "tờ 12 thửa 345", a plot id, or coordinates in WGS 84 or VN-2000 (EPSG:5899);
            only its first 200 characters count.
        lang: "vi" or "en", the language of titles and subtitles; queries are understood in both.
        limit: Most results to return.

    Raises:
        ValueError: If the language is unknown.
    """
    i18n.check_language(lang)
    query = query[:_LONGEST]
    position = coordinates.parse(query)
    if position is not None:
        return [_coordinate(*position, lang)][:limit]
    folded = fold(query)
    if not folded:
        return []
    everything = index()
    hits = [_plot(row, score, everything, lang) for row, score in plots.find(folded, everything)]
    hits += [_named(entry, score, lang) for entry, score in _matches(canonical(folded), everything)]
    hits.sort(key=lambda hit: (-round(hit.score, 1), _ORDER.index(hit.kind), hit.title, hit.id))
    return _distinct(hit for hit in hits if hit.score >= hits[0].score - _FALL)[:limit]


def _distinct(hits: Iterable[Hit]) -> list[Hit]:
    """Drop repetitions: gates, ports and airports stand among the links and among the centres."""
    seen: dict[Hashable, Hit] = {}
    for hit in hits:
        seen.setdefault(hit.id if hit.kind in {"link", "centre"} else (hit.kind, hit.id, hit.title), hit)
    return list(seen.values())


def _matches(query: str, everything: Index) -> list[tuple[Entry, float]]:
    """Score every entry by its best key and keep those worth showing; `query` is in canonical form."""
    if not everything.keys:
        return []
    plain, sorted_words, part = (
        process.cdist([query], everything.keys, scorer=scorer, dtype=np.float32)[0]
        for scorer in (fuzz.ratio, fuzz.token_sort_ratio, fuzz.partial_ratio)
    )
    whole = np.maximum(plain, sorted_words)
    best: dict[int, float] = {}
    for i, (key, owner) in enumerate(zip(everything.keys, everything.owners, strict=True)):
        score = _score(query, key, float(whole[i]), float(part[i]))
        if score >= _LOWEST and score > best.get(owner, 0.0):
            best[owner] = score
    return [(everything.entries[owner], score) for owner, score in best.items()]


def _score(query: str, key: str, whole: float, part: float) -> float:
    """Rate one key from 0 to 100: exact, begins with the query, has its words, resembles it."""
    if key == query:
        return 100.0
    # Of two names that begin alike the one with less after it is the better guess.
    rest = min(4.0, 0.1 * (len(key) - len(query)))
    if key.startswith(query):
        return _BEGINNING - rest
    words = key.split()
    if all(any(word.startswith(piece) for word in words) for piece in query.split()):
        return _WORDS - rest
    if min(len(query), len(key)) < _FUZZY_LENGTH or not any(letter.isalpha() for letter in query):
        return 0.0
    if len(query) < _PART_LENGTH:
        return _FUZZY * whole
    return _FUZZY * max(whole, part * (_INSIDE if len(query) <= len(key) else _AROUND))


def _named(entry: Entry, score: float, lang: str) -> Hit:
    place = entry.place
    lon, lat, bbox = (place.lon, place.lat, place.bbox) if place else (None, None, None)
    return Hit(entry.kind, entry.id, entry.titles[lang], entry.subtitles[lang], lon, lat, bbox, score, entry.zone_id)


def _plot(row: dict[str, Any], score: float, everything: Index, lang: str) -> Hit:
    _ = i18n.translator(lang)
    parks = (entry.titles[lang] for entry in everything.entries if (entry.kind, entry.id) == ("zone", row["zone_id"]))
    title = _("Sheet {sheet}, parcel {parcel}").format(sheet=row["sheet"], parcel=row["parcel"])
    where = _("demo plot in {park}") if row["quality"] == "demo" else _("plot in {park}")
    subtitle = where.format(park=next(parks, row["zone_id"]))
    inside = row["geometry"].representative_point()
    bounds = row["geometry"].bounds
    return Hit("plot", row["plot_id"], title, subtitle, inside.x, inside.y, bounds, score, row["zone_id"])


def _coordinate(lon: float, lat: float, lang: str) -> Hit:
    north, east = to_vn2000(lon, lat)
    title = f"WGS 84: {i18n.number(lat, lang, 6)}; {i18n.number(lon, lang, 6)}"
    subtitle = f"VN-2000: X {i18n.number(north, lang, 2)}; Y {i18n.number(east, lang, 2)}"
    return Hit("coordinate", f"{lat:.6f},{lon:.6f}", title, subtitle, lon, lat, around(lon, lat).bbox, 100.0)
