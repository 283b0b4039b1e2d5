"""What parts the columns of a text table. A comma can be a decimal one, a space can part thousands."""

from __future__ import annotations

import csv
import re
from collections import Counter
from typing import Final

SPACES: Final = "  "
"""Two or more spaces."""
WORDS: Final = " +"
"""Any spaces, but not those that part the thousands of a number."""
NOTHING: Final = ""
"""Every line is one cell."""

_SAMPLE: Final = 200
_SAMPLE_CHARACTERS: Final = 200_000
_STEADY: Final = 0.8
_PAIR: Final = re.compile(r"\s*[\d.,]+\s+[\d.,]+\s*")
_SPACED: Final = re.compile(r"\s*(?:[-+]?\d+,\d+|[^\s,;]+)(?:\s+(?:\w+[=:]\s*)?[-+]?\d[\d ]*(?:,\d+)?)+\s*")
_TOKEN: Final = re.compile(r"[-+]?\d{1,3}(?: \d{3})+(?:[.,]\d+)?(?!\S)|\S+")
_SHAPE: Final = re.compile(r"\b(?:POLYGON|LINESTRING|POINT)\b", re.IGNORECASE)


def find(text: str) -> str:
    """Return what parts the columns: a character, or one of the constants above."""
    lines = [line for line in text[:_SAMPLE_CHARACTERS].splitlines() if line.strip()][:_SAMPLE]
    for delimiter in "\t;|,":
        if _parts(lines, delimiter):
            return delimiter
    if any(_SHAPE.search(line) for line in lines) or _pairs(lines):
        return NOTHING
    if _steady([len(split(line, SPACES)) for line in lines]):
        return SPACES
    return WORDS


def split(line: str, delimiter: str) -> list[str]:
    """Part a line at spaces, of which `find` said so."""
    if delimiter == NOTHING:
        return [line.strip()]
    if delimiter == SPACES:
        return re.split(r"\s{2,}|\t", line.strip())
    return _TOKEN.findall(line)


def _parts(lines: list[str], delimiter: str) -> bool:
    """Whether a character parts most lines into equally many cells, and the cells make sense."""
    if not any(delimiter in line for line in lines):
        return False
    try:
        rows = list(csv.reader(lines, delimiter=delimiter))
    except csv.Error:
        return False
    if delimiter == "," and sum(bool(_SPACED.fullmatch(line)) for line in lines) * 2 > len(lines):
        return False  # decimal commas between spaces
    if delimiter in ";|" and _pairs(lines):
        return False
    if any(cell.count("(") != cell.count(")") for row in rows for cell in row):
        return False  # within a shape
    return _steady([len(row) for row in rows if row])


def _pairs(lines: list[str]) -> bool:
    """Whether the lines are plots, with their corners as pairs of numbers one behind the other."""
    cells = [cell for line in lines for cell in re.split(r"[;|]", line) if cell.strip()]
    pairs = sum(bool(_PAIR.fullmatch(cell)) for cell in cells)
    return any(";" in line or "|" in line for line in lines) and pairs > _STEADY * len(cells)


def _steady(widths: list[int]) -> bool:
    """Whether most rows are equally wide and wider than one cell; titles and remarks may differ."""
    if not widths:
        return False
    usual, times = Counter(widths).most_common(1)[0]
    wide = sum(width > 1 for width in widths)
    return usual > 1 and (times >= _STEADY * len(widths) or (wide >= _STEADY * len(widths) and times * 2 >= wide))
