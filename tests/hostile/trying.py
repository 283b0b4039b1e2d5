"""Send a hostile file the way a user does, and note what the user sees."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qn_geo import intake
from qn_geo.errors import Problem, QnGeoError
from qn_geo.intake import submission
from tests.hostile import MAKERS, archives, drawings, json_files, markup, stores, tables  # noqa: F401 - they register

if TYPE_CHECKING:
    from pathlib import Path

LIMITS = {
    "MAX_UPLOAD_MB": "100",
    "MAX_UNPACKED_MB": "50",
    "MAX_PLOTS": "5000",
    "MAX_VERTICES": "100000",
    "READER_MEMORY_MB": "1500",
    "READER_SECONDS": "60",
}
"""Settings the files are tried with."""
ENDLESS = {"gpkg-endless", "dxf-blocks"}
"""Kinds that only the limit of time stops; they are given two seconds."""


@dataclass(frozen=True)
class Outcome:
    """What came of one kind: an error or not, the problems in the user's words, and the seconds it took."""

    refused: bool
    problems: list[Problem]
    seconds: float


def send(kind: str, folder: Path, address: str) -> Outcome:
    """Hand the files in and inspect them, as the review page does."""
    files = MAKERS[kind][1](folder, address)
    start = time.monotonic()
    try:
        problems = intake.inspect(submission.receive(list(files.items()), "test")).problems
    except QnGeoError as error:
        return Outcome(refused=True, problems=[error.problem], seconds=time.monotonic() - start)
    return Outcome(refused=False, problems=problems, seconds=time.monotonic() - start)


def row(kind: str, outcome: Outcome) -> str:
    """Return the line of docs/hostile-files.md; what a library said is left out."""
    vi, en = MAKERS[kind][0].split(" | ")
    first = outcome.problems[0]
    place = f"`{_plain(str(first.file))[:60]}`" + (f":{first.row}" if first.row else "")
    told = [f"{_plain(text)} **{_plain(remedy)}**" for text, remedy in _languages(first)]
    return f"| `{kind}` | {vi} | {en} | {place} | {told[0]} | {told[1]} |"


def _languages(problem: Problem) -> list[tuple[str, str]]:
    return [(problem.vi, problem.remedy_vi), (problem.en, problem.remedy_en)]


def _plain(text: str) -> str:
    text = re.sub(r" \((?!.*\bNaN\b)[^()]*(?:\([^()]*\)[^()]*)*\)(?=[.,;:])", "", text)
    return re.sub(r"[\x00-\x1f]", "?", text).replace("|", "\\|").replace("<", "&lt;")[:200]
