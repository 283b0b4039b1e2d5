"""The documents of a profile, numbered in the order they are first cited."""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any, Final

from qn_geo import figures, i18n, sheets
from qn_geo.report.lettering import UNKNOWN, settable

_RUN: Final = 3  # so many numbers in a row are written as from and to
_BRACKETS: Final = re.compile(r"\s*\([^)]*\)")

_LETTERS: Final = tuple(map(re.compile, ("[\u3040-\u30ff]", "[\uac00-\ud7a3]", "[\u4e00-\u9fff]")))
"""Kana, Hangul, and the Chinese letters that Japanese has too."""


class Documents:
    """Documents cited so far."""

    def __init__(self, lang: str) -> None:
        """Begin with none."""
        self._lang = lang
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        """How many are cited so far."""
        return len(self._numbers)

    def cite(self, *source_ids: str) -> str:
        """Return the numbers of documents, such as `1, 4–6`, having numbered those that are new.

        Args:
            source_ids: Ids in `sources.csv`, each argument one or several joined by ";".
        """
        documents = figures.merged(*source_ids)
        numbers = sorted({self._numbers.setdefault(each, len(self._numbers) + 1) for each in documents})
        runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
        return ", ".join(f"{run[0]}–{run[-1]}" if len(run) >= _RUN else ", ".join(map(str, run)) for run in runs)

    def rows(self) -> list[dict[str, Any]]:
        """Return number, title, publisher, date and a harmless address of each document."""
        return [
            {
                "number": number,
                "title": title(document["title"], self._lang),
                "publisher": printable(document["publisher"]),
                "date": i18n.iso_date(document["date"], None, self._lang) if document["date"] else "",
                "url": document["url"],
            }
            for source_id, number in self._numbers.items()
            for document in sheets.documents(source_id)
        ]


def title(text: str, lang: str) -> str:
    """Return the title of a document; where the font lacks its letters, in which language it is."""
    _ = i18n.translator(lang)
    if found := printable(text):
        return found
    names = (_("(title in Japanese)"), _("(title in Korean)"), _("(title in Chinese)"))
    told = (name for letters, name in zip(_LETTERS, names, strict=True) if letters.search(text))
    return next(told, _("(title in another script)"))


def printable(text: str) -> str:
    """Return text without the brackets whose letters the font does not have; empty where more of it cannot be set."""
    kept = _BRACKETS.sub(lambda found: found[0] if _known(found[0]) else "", text).strip()
    return kept if _known(kept) else ""


def _known(text: str) -> bool:
    """Return whether the font has all letters of a text."""
    return UNKNOWN not in settable(text)
