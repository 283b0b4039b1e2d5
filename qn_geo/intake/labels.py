"""What is written inside a plot of a drawing: number, area, land class, name.

On cadastral sheets the level says which is which; elsewhere it is told from the text and the plot's own area. The
number stands above the bar, the area below it, the land class under or beside them.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

import shapely

from qn_geo import landuse
from qn_geo.intake import numbers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    import numpy as np
    from numpy.typing import NDArray

FIELDS: Final = ("plot_id", "parcel_no", "area_m2", "landuse_code")
"""What a label can give, by canonical name."""

# Phụ lục 21 of Thông tư 26/2024/TT-BTNMT.
_LEVELS: Final = {13: "parcel_no", 4: "area_m2", 2: "landuse_code"}
_PIECES: Final = re.compile(r"[\n\r/|]+|\\P")
_NUMBER: Final = re.compile(r"\d{1,6}[a-z]?")
_AREA: Final = re.compile(r"(?:S|DT|diện tích)?\s*[:=]?\s*(\d[\d .,]*)\s*(m2|m²|ha)?", re.IGNORECASE)
_NAME: Final = re.compile(
    r"(?:(?:lô|ô|lot)\s*)?[A-ZĐ]{1,6}\d?\s*[-._]?\s*\d{1,4}(?:[-.]\d{1,4})?[a-zA-Z]?", re.IGNORECASE
)
_CODES: Final = re.compile(r"[A-Z]{2,4}(?:\s*\+\s*[A-Z]{2,4})*")
_AS_LARGE: Final = 0.2
_MILLIMETRES: Final = 1e-6  # square metres of a square millimetre


def join(
    polygons: NDArray[np.object_],
    points: NDArray[np.object_],
    texts: Sequence[str],
    levels: Sequence[int | None],
) -> tuple[dict[str, list[object]], list[int]]:
    """Return what the texts say of each polygon, and which texts stand in none.

    A text belongs to the smallest polygon around it.

    Args:
        polygons: Shapes in the numbers of the drawing.
        points: Where the texts stand.
        texts: The texts, decoded.
        levels: Level of each, None where it has no number.

    Returns:
        Values by canonical name, and what remains of the texts as "Text"; indices of the texts outside.
    """
    area = shapely.area(polygons)
    held: dict[int, list[int]] = {}
    for text, polygon in shapely.STRtree(polygons).query(points, predicate="intersects").T.tolist():
        held.setdefault(text, []).append(polygon)
    inside: list[list[int]] = [[] for _ in polygons]
    for text, candidates in held.items():
        inside[min(candidates, key=lambda polygon: float(area[polygon]))].append(text)
    heights = shapely.get_y(points)
    codes = frozenset(landuse.codes()["code"])
    fields: dict[str, list[object]] = {name: [None] * len(polygons) for name in (*FIELDS, "Text")}
    for polygon, members in enumerate(inside):
        members.sort(key=lambda text: -float(heights[text]))  # from top to bottom, as read
        said = _read([(texts[text], levels[text]) for text in members], float(area[polygon]), codes)
        for name, value in said.items():
            fields[name][polygon] = value
    return fields, [text for text in range(len(texts)) if text not in held]


def _read(lines: Sequence[tuple[str, int | None]], area: float, codes: AbstractSet[str]) -> dict[str, object]:
    """Return what the lines of a label say, by canonical name."""
    said: dict[str, object] = {}
    rest: list[str] = []
    for text, level in lines:
        for piece in filter(None, map(str.strip, _PIECES.split(text))):
            name = _LEVELS.get(level) if level is not None else None
            if name is None or not _fits(name, piece):
                name = _meaning(piece, area, codes, said)
            if name is None or name in said:
                rest.append(piece)
            else:
                said[name] = _amount(piece, area) if name == "area_m2" else piece
    if rest:
        said["Text"] = "; ".join(rest)
    return said


def _fits(name: str, piece: str) -> bool:
    pattern = {"parcel_no": _NUMBER, "area_m2": _AREA, "landuse_code": _CODES}[name]
    return pattern.fullmatch(piece) is not None


def _meaning(piece: str, area: float, codes: AbstractSet[str], said: dict[str, object]) -> str | None:
    """Return what a piece of text tells, by its look and the size of the plot."""
    classes = {part.strip() for part in piece.split("+")}
    if _CODES.fullmatch(piece) and classes <= codes:
        return "landuse_code"
    found = _AREA.fullmatch(piece)
    if found is not None and (found[2] or "parcel_no" in said or _off(_amount(piece, area), area) <= _AS_LARGE):
        return "area_m2"
    if _NUMBER.fullmatch(piece):
        return "parcel_no"
    return "plot_id" if _NAME.fullmatch(piece) else None


def _amount(piece: str, area: float) -> float:
    """Return an area in square metres; of the ways to read its decimal sign, the one nearer the plot's own size."""
    found = _AREA.fullmatch(piece)
    if found is None:
        return math.nan
    figure = f"{found[1].strip()} {found[2] or ''}"
    read = [float(numbers.read([figure], decimal).values[0]) for decimal in (None, ",", ".")]
    return min(read, key=lambda amount: _off(amount, area))


def _off(amount: float, area: float) -> float:
    """Return by which share an amount differs from a plot's area, drawn in metres or millimetres."""
    sizes = [size for size in (area, area * _MILLIMETRES) if size > 0]
    return min((abs(math.log(amount / size)) for size in sizes if amount > 0), default=math.inf)
