"""The documents of a profile, numbered in the order they are first cited."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from qn_geo import i18n, sheets
from qn_geo.report.lettering import UNKNOWN, settable
from qn_geo.schema import listed

_RUN = 3  # so many numbers in a row are written as from and to


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
        numbers = sorted({self._numbers.setdefault(each, len(self._numbers) + 1) for each in listed(*source_ids)})
        runs = [[number for _, number in run] for _, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0])]
        return ", ".join(f"{run[0]}–{run[-1]}" if len(run) >= _RUN else ", ".join(map(str, run)) for run in runs)

    def _title(self, title: str) -> str:
        """Return a title, or that it is in letters which the font does not have."""
        _ = i18n.translator(self._lang)
        return title if _known(title) else _("(title in another script)")

    def rows(self) -> list[dict[str, Any]]:
        """Return number, title, publisher, date and a harmless address of each document."""
        return [
            {
                "number": number,
                "title": self._title(document["title"]),
                "publisher": _publisher(document["publisher"]),
                "date": i18n.iso_date(document["date"], None, self._lang) if document["date"] else "",
                "url": document["url"],
            }
            for source_id, number in self._numbers.items()
            for document in sheets.documents(source_id)
        ]


def _publisher(name: str) -> str:
    return name if _known(name) else name.partition(" (")[0]


def _known(text: str) -> bool:
    """Return whether the font has all letters of a text."""
    return UNKNOWN not in settable(text)
