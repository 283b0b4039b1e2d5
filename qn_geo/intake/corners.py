"""Plots out of tables: shapes as WKT, all corners of a plot in one cell, or a row for each corner.

Coordinates stay in the order of the columns (X before Y): which of them is north is found from the numbers later. On
Vietnamese sheets X is north, in exports of GIS programs it is east, so the name proves nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from qn_geo.errors import Problem, QnGeoError
from qn_geo.intake import numbers, runs
from qn_geo.search.text import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from qn_geo.crs import FloatArray
    from qn_geo.intake.raw import RawLayer

_WKT: Final = re.compile(r"\s*(?:SRID=\d+;)?\s*((?:MULTI)?(?:POLYGON|LINESTRING)|GEOMETRYCOLLECTION)\b", re.IGNORECASE)
_SRID: Final = re.compile(r"\s*SRID=\d+;", re.IGNORECASE)
# First and second coordinate by the folded name of the column. Where words say which is which, the order of the file
# stands; between X and Y it is the alphabet.
_PAIRS: Final = (
    (
        {"x", "toado x", "xvn2000", "x vn2000", "toa do x", "coord x"},
        {"y", "toado y", "yvn2000", "y vn2000", "toa do y", "coord y"},
    ),
    (
        {"north", "northing", "bac", "x bac", "n", "lat", "latitude", "vi do", "vido"},
        {"east", "easting", "dong", "y dong", "e", "lon", "long", "lng", "longitude", "kinh do", "kinhdo"},
    ),
)
_UNITS: Final = re.compile(r"[(\[{].*?[)\]}]|\bm\b")
_LARGE: Final = 10_000.0  # edges are shorter, coordinates in metres larger
_LATITUDES: Final = (20.0, 22.5)
_LONGITUDES: Final = (105.5, 109.0)
_MOSTLY: Final = 0.6
_CORNERS: Final = 3
_CHUNKS: Final = re.compile(r"[;|\n\r]+|\)\s*,?\s*\(")
_LABEL: Final = re.compile(r"[A-Za-zÀ-ỹ]+\w*\s*[:=]\s*")
_TOKENS: Final = re.compile(r"[-+]?\d[\d.,]*\d|[-+]?\d")
_MADE: Final = frozenset({"x", "y"})


def polygons(raw: RawLayer) -> RawLayer:
    """Return a table's plots, one a row, with their shapes in the numbers of the table.

    Args:
        raw: A table with decoded texts and names, as `tables.read` gives it.

    Raises:
        QnGeoError: If no column holds coordinates.
    """
    if any(shape is not None for shape in raw.geometry):
        return raw
    if (column := _wkt_column(raw)) is not None:
        return _from_wkt(raw, column)
    pair = _coordinate_columns(raw)
    if pair is not None:
        return runs.plots(raw, *pair)
    if (column := _column_of(raw, lambda value: len(_cell(value)) >= _CORNERS)) is not None:
        return _from_cells(raw, column)
    raise _no_coordinates(raw)


def x_column(raw: RawLayer) -> str | None:
    """Return the column of corners that is called X, whose numbers `polygons` takes as first coordinates."""
    if any(shape is not None for shape in raw.geometry) or _wkt_column(raw) is not None:
        return None
    first, _ = _coordinate_columns(raw) or (None, None)
    return first if first is not None and _plain(first) in _PAIRS[0][0] else None


def _wkt_column(raw: RawLayer) -> str | None:
    return _column_of(raw, lambda value: _WKT.match(value) is not None)


def _column_of(raw: RawLayer, holds: Callable[[str], bool]) -> str | None:
    """Return the first column most of whose filled cells hold something."""
    for name, values in raw.fields.items():
        texts = [value for value in values if isinstance(value, str) and value.strip()]
        if texts and len(texts) >= _MOSTLY * sum(value is not None for value in values):
            some = texts[:: max(1, len(texts) // 50)]
            if sum(map(holds, some)) >= _MOSTLY * len(some):
                return name
    return None


def _without(raw: RawLayer, column: str, geometry: NDArray[np.object_], problems: list[Problem]) -> RawLayer:
    fields = {name: values for name, values in raw.fields.items() if name != column}
    return replace(raw, fields=fields, geometry=geometry, problems=[*raw.problems, *problems])


def _from_wkt(raw: RawLayer, column: str) -> RawLayer:
    texts = [_SRID.sub("", value) if isinstance(value, str) else None for value in raw.fields[column]]
    with np.errstate(invalid="ignore"):
        shapes = shapely.force_2d(shapely.from_wkt(np.asarray(texts, dtype=object), on_invalid="ignore"))
    problems = [
        Problem(
            "không đọc được hình dạng WKT.",
            "the shape in WKT cannot be read.",
            row=raw.rows[index],
            column=column,
            remedy_vi="xuất lại cột hình dạng từ phần mềm GIS.",
            remedy_en="export the column of shapes again from the GIS program.",
        )
        for index, text in enumerate(texts)
        if text and text.strip() and shapes[index] is None
    ]
    return _without(raw, column, shapes, problems)


def _from_cells(raw: RawLayer, column: str) -> RawLayer:
    geometry = np.full(len(raw.rows), None, dtype=object)
    problems: list[Problem] = []
    for index, value in enumerate(raw.fields[column]):
        points = _cell(value) if isinstance(value, str) else np.empty((0, 2))
        if len(points) >= _CORNERS and np.isfinite(points).all():
            geometry[index] = shapely.Polygon(points)
        else:
            problems.append(runs.too_few(raw.rows[index], column))
    return _without(raw, column, geometry, problems)


def _cell(text: str) -> FloatArray:
    """Return the corners written in one cell: "X1 Y1; X2 Y2; ...", numbered or not; empty when it holds none."""
    chunks = [chunk for chunk in _CHUNKS.split(_LABEL.sub(" ", text)) if _TOKENS.search(chunk)]
    rows = [_numbers(chunk) for chunk in chunks]
    if len(rows) == 1:
        flat = rows[0]
        rows = [flat[place : place + 2] for place in range(0, len(flat), 2)]
    rows = [row[-2:] if len(row) == 3 and len(row[0]) <= _CORNERS else row for row in rows]  # noqa: PLR2004 - a number before a pair
    if not rows or any(len(row) != 2 for row in rows):  # noqa: PLR2004 - a corner has two coordinates
        return np.empty((0, 2))
    return numbers.parse([token for row in rows for token in row]).reshape(-1, 2)


def _numbers(chunk: str) -> list[str]:
    """Return the numbers of a piece of text, where a comma may part them or be their decimal sign."""
    words = chunk.replace("(", " ").replace(")", " ").split()
    parted = [word.strip(",") for word in words]
    commas = [word.count(",") for word in parted]
    if any("." in word for word in parted) or (len(parted) == 1 and commas[0] % 2 == 1 and commas[0] != _CORNERS):
        return _TOKENS.findall(chunk.replace(",", " "))
    if len(parted) == 1 and commas[0] == _CORNERS:  # 2381094,362,522595,136
        pieces = parted[0].split(",")
        return [f"{pieces[0]},{pieces[1]}", f"{pieces[2]},{pieces[3]}"]
    return [word for word in parted if _TOKENS.fullmatch(word)]


def _coordinate_columns(raw: RawLayer) -> tuple[str, str] | None:
    """Return the columns of first and second coordinates, by name if it is plain, else by their numbers."""
    folded = {_plain(name): name for name in reversed(raw.fields)}
    order = list(raw.fields)
    for firsts, seconds in _PAIRS:
        first = next((folded[key] for key in folded if key in firsts), None)
        second = next((folded[key] for key in folded if key in seconds), None)
        if first is not None and second is not None:
            by_name = _MADE.isdisjoint({fold(first), fold(second)}) and order.index(second) < order.index(first)
            return (second, first) if by_name else (first, second)
    likely = [name for name in order if _is_coordinate(raw.fields[name])]
    pairs = sorted(pairwise(likely), key=lambda pair: order.index(pair[1]) - order.index(pair[0]))
    return pairs[0] if pairs else None


def _plain(name: str) -> str:
    """Return a column's name without marks, case, and units."""
    return fold(_UNITS.sub(" ", name.replace("_", " ")))


def _is_coordinate(values: Sequence[object]) -> bool:
    filled = [value for value in values if value is not None]
    found = numbers.parse(filled[:: max(1, len(filled) // 200)])
    found = found[np.isfinite(found)]
    if len(found) < _MOSTLY * min(len(filled), 200) or not len(found):
        return False
    low, high = float(found.min()), float(found.max())
    degrees = any(window[0] <= low and high <= window[1] for window in (_LATITUDES, _LONGITUDES))
    return degrees or float(np.median(found)) >= _LARGE


def _no_coordinates(raw: RawLayer) -> QnGeoError:
    place = f"[{raw.name}] " if raw.name else ""
    return QnGeoError(
        f"{place}bảng không có tọa độ: không thấy cột X và Y, cột WKT hay ô chứa danh sách điểm.",
        f"{place}the table has no coordinates: no columns X and Y, no WKT, no cells with lists of corners.",
        remedy_vi="mỗi điểm một dòng với cột X (bắc) và Y (đông), hoặc mỗi lô một ô “X1 Y1; X2 Y2; …”.",
        remedy_en="give each corner a row with columns X (north) and Y (east), or each plot a cell “X1 Y1; X2 Y2; …”.",
    )
