"""Which sources are one document under several ids, and which are none: what we know ourselves."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from qn_geo.figures.claims import Book, book
from qn_geo.schema import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHELVES: Final = ("github.com",)
"""Hosts at whose addresses several documents lie, which are told apart by their titles."""
_OWN: Final = 20  # letters of a title that says more than "Report"


def merged(*source_ids: str) -> list[str]:
    """Return documents in the order they are first named, each once however many ids it has.

    Args:
        source_ids: Ids in `sources.csv`, each argument one or several joined by ";".
    """
    same = _same(book())
    return list(dict.fromkeys(same.get(each, each) for each in listed(*source_ids)))


def is_document(source_id: str) -> bool:
    """Tell whether a source can be looked up; what we know ourselves is said in a remark, not listed."""
    row = book().source(source_id)
    return row.get("tier") != "own" or bool(row.get("url"))


@lru_cache(maxsize=2)
def _same(known: Book) -> Mapping[str, str]:
    """Return the id under which each document is told: of those alike the first with the fullest date.

    Documents are alike that have an address in common, or a year and a title long enough to be one's own: an article
    is copied to other places. What is like two of them makes them one.
    """
    kept: dict[object, list[str]] = {}
    for source_id, row in known.sources.items():
        title, address = row["title"].casefold(), urlsplit(row["url"])
        at = (address.netloc, address.path, address.query, title if address.netloc in _SHELVES else "")
        copied = [("title", title, row["date"][:4])] if len(title) >= _OWN and row["date"] else []
        keys = [*copied, *([at] if address.netloc else []), source_id]
        alike = [*dict.fromkeys(each for key in keys for each in kept.get(key, ())), source_id]
        kept |= dict.fromkeys([*keys, *(key for key, those in kept.items() if those[0] in alike)], alike)
    return {
        source_id: max(alike, key=lambda each: len(known.sources[each]["date"]))
        for alike in kept.values()
        for source_id in alike
    }
