"""Errors a user can act on: what is wrong, where, and what to do, in Vietnamese and English.

This module stands below the translation catalogues, because reading those can fail too. So every
message is written in both languages where it is raised.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROW = {"vi": "dòng", "en": "line"}
_COLUMN = {"vi": "cột", "en": "column"}
_REMEDY = {"vi": "Cách xử lý", "en": "Remedy"}


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one file, in words for the person who must mend it.

    Attributes:
        vi: What is wrong, in Vietnamese.
        en: The same in English.
        file: The file's path or name, if it is about a file.
        row: Line number as a text editor or spreadsheet shows it (the header of a table is line 1).
        column: Column or property name.
        remedy_vi: What to do, in Vietnamese; empty when the message already says it.
        remedy_en: The same in English.
    """

    vi: str
    en: str
    file: str | None = None
    row: int | None = None
    column: str | None = None
    remedy_vi: str = ""
    remedy_en: str = ""

    def message(self, lang: str) -> str:
        """Return place, problem and remedy as one text.

        Args:
            lang: "vi" or "en"; anything else is shown in English.
        """
        lang = "vi" if lang == "vi" else "en"
        place = [self.file] if self.file else []
        if self.row is not None:
            place.append(f"{_ROW[lang]} {self.row}")
        if self.column:
            place.append(f"{_COLUMN[lang]} {self.column}")
        what, remedy = (self.vi, self.remedy_vi) if lang == "vi" else (self.en, self.remedy_en)
        text = f"{', '.join(place)}: {what}" if place else what
        return f"{text} {_REMEDY[lang]}: {remedy}" if remedy else text


class QnGeoError(Exception):
    """Base of all errors meant for the user.

    Args:
        vi: What is wrong, in Vietnamese.
        en: The same in English.
        file: The file it is about.
        row: Line number in that file, header included.
        remedy_vi: What to do, in Vietnamese.
        remedy_en: The same in English.
    """

    def __init__(  # noqa: PLR0913 - a message has two languages, a place and a remedy
        self,
        vi: str,
        en: str,
        file: str | None = None,
        row: int | None = None,
        *,
        remedy_vi: str = "",
        remedy_en: str = "",
    ) -> None:
        """Keep the message in both languages; the English one is what a traceback shows."""
        self.problem = Problem(vi, en, file=file, row=row, remedy_vi=remedy_vi, remedy_en=remedy_en)
        super().__init__(self.problem.message("en"))

    @property
    def file(self) -> str | None:
        """The file the error is about."""
        return self.problem.file

    @property
    def row(self) -> int | None:
        """The line number in that file."""
        return self.problem.row

    def message(self, lang: str) -> str:
        """Return place, problem and remedy in one language ("vi" or "en")."""
        return self.problem.message(lang)


class CancelledError(QnGeoError):
    """The user stopped the work; nothing was changed."""


class DataFileError(QnGeoError):
    """A data file is missing, damaged or not what its schema says."""


class RecordError(DataFileError):
    """A data file's record is missing, damaged, or does not describe the file."""


class ImportRejectedError(QnGeoError):
    """A file offered for import was refused; every reason is kept, not only the first.

    Args:
        problems: All problems found, in the order of the file.
        file: The refused file.
    """

    def __init__(self, problems: Sequence[Problem], file: str | None = None) -> None:
        """Keep all problems."""
        self.problems = list(problems)
        count = len(self.problems)
        super().__init__(
            f"Không nhập được tệp, có {count} lỗi; chưa có gì bị thay đổi.",
            f"The file was not imported, {count} problem(s) found; nothing was changed.",
            file=file,
        )

    def message(self, lang: str) -> str:
        """Return the summary and every problem, one a line."""
        return "\n".join([super().message(lang), *(f"- {problem.message(lang)}" for problem in self.problems)])
