"""Rows of corners parted into plots: by the plot's name, or by where a list ends and the next begins."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from qn_geo.errors import Problem, QnGeoError
from qn_geo.intake import headings, naming, numbers
from qn_geo.search.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from qn_geo.crs import FloatArray
    from qn_geo.intake.raw import RawLayer

_KEYS: Final = ("plot_id", "sheet_no", "parcel_no", "source_id")
_ORDERS: Final = re.compile(
    r"stt|tt|so thu tu|(?:ten |so hieu |so |sh )?(?:diem|dinh|goc|moc)|point|pt|no|corner|order|vertex"
)
_EDGES: Final = re.compile(r"canh|chieu dai|khoang cach|edge|length|distance")
_TOTALS: Final = re.compile(r"\b(?:dien tich|area|tong|cong|total|dt)\b")
_FIGURE: Final = re.compile(r"\d")
_CORNERS: Final = 3
_AREA: Final = "area_m2"


def plots(raw: RawLayer, first: str, second: str) -> RawLayer:
    """Return one row a plot from one row a corner.

    A plot ends where its name changes; without names, where the numbering starts again, the first corner is repeated,
    a line without coordinates names the next one, or lines are left blank.

    Args:
        raw: The table.
        first: Column of first coordinates.
        second: Column of second coordinates.

    Raises:
        QnGeoError: If no plot has three corners.
    """
    columns = [numbers.read(raw.fields[name]) for name in (first, second)]
    points = np.column_stack([column.values for column in columns])
    blank = _blank(raw, first), _blank(raw, second)
    empty = blank[0] & blank[1]
    for row in np.flatnonzero(blank[0] ^ blank[1]).tolist():  # a sum or a plot's name may stand in one of the columns
        alone = headings.lone([values[row] for values in raw.fields.values()])
        empty[row] = alone is not None or _TOTALS.search(fold(_words(raw, row))) is not None
    order = next((name for name in raw.fields if _ORDERS.fullmatch(fold(name)) and name not in {first, second}), None)
    groups, labels = _groups(raw, points, empty, order)
    if all(len(rows) < _CORNERS for rows in groups):
        raise _only_points(raw)
    shapes, problems = _shapes(raw, points, groups, columns, order)
    others = [
        name
        for name in raw.fields
        if name not in {first, second, order}
        and not (_EDGES.search(fold(name)) and naming.propose([name])[name] is None)
    ]
    fields: dict[str, list[object]] = {name: [_first(raw.fields[name], rows) for rows in groups] for name in others}
    proposed = set(naming.propose(others).values())
    for name, values in labels.items():
        if any(value is not None for value in values) and name not in proposed:
            fields[name] = list(values)
    return replace(
        raw,
        fields=fields,
        geometry=shapes,
        rows=[raw.rows[rows[0]] for rows in groups],
        problems=[*raw.problems, *problems],
    )


def _is_total(words: str) -> bool:
    """Return whether a line sums up the plot above; one that names the next may have such words behind the name."""
    folded = fold(words)
    found = _TOTALS.search(folded)
    return found is not None and (found.start() == 0 or not headings.names_plot(words))


def _words(raw: RawLayer, row: int) -> str:
    return " ".join(value for values in raw.fields.values() if isinstance(value := values[row], str))


def _blank(raw: RawLayer, column: str) -> NDArray[np.bool_]:
    """Return the rows with no figure in a column: titles and sums between the corners, not damaged coordinates."""
    values = raw.fields[column]
    return np.array([value is None or (isinstance(value, str) and not _FIGURE.search(value)) for value in values])


def _first(values: Sequence[object], rows: Sequence[int]) -> object:
    return next((values[row] for row in rows if values[row] is not None), None)


def _groups(
    raw: RawLayer, points: FloatArray, empty: NDArray[np.bool_], order: str | None
) -> tuple[list[list[int]], dict[str, list[object]]]:
    """Return the rows of each plot, and what lines between them say: names and areas."""
    keys = _keys(raw)
    numbered = numbers.parse(raw.fields[order]).tolist() if order else None
    places = [tuple(point) for point in points.tolist()]
    groups: list[list[int]] = []
    said: dict[str, list[object]] = {"plot_id": [], _AREA: []}
    current: dict[object, list[int] | None] = {}
    title: str | None = None
    for row, place in enumerate(places):
        key = keys[row] if keys else None
        if empty[row]:
            words = _words(raw, row)
            if groups and _is_total(words):
                said[_AREA][-1] = said[_AREA][-1] or _amount(raw, row, words)
                current[key] = None
            elif words:
                title, current[key] = words, None
            continue
        group = current.get(key)
        if group is None or (keys is None and _restarts(row, group, numbered, raw.rows)):
            group = []
            groups.append(group)
            said["plot_id"].append(title)
            said[_AREA].append(None)
            title = None
        group.append(row)
        current[key] = None if len(group) > _CORNERS and place == places[group[0]] else group
    return groups, said


def _keys(raw: RawLayer) -> list[tuple[object, ...]] | None:
    """Return what names each row's plot, blank cells filled from above as merged cells leave them; None without any."""
    proposed = naming.propose(raw.fields)
    used = [name for name, canonical in proposed.items() if canonical in _KEYS]
    used = [name for name in used if proposed[name] != "source_id" or len(used) == 1]
    if not used:
        return None
    filled: list[list[object]] = []
    for name in used:
        last: object = None
        column = []
        for value in raw.fields[name]:
            last = value if value is not None else last
            column.append(last)
        filled.append(column)
    return list(zip(*filled, strict=True))


def _restarts(row: int, group: Sequence[int], numbered: Sequence[float] | None, lines: Sequence[int]) -> bool:
    """Return whether the next plot begins at a row although the list before it was not closed."""
    if len(group) < _CORNERS:
        return False
    if lines[row] - lines[group[-1]] > 1:
        return True
    if numbered is None or numbered[row] != numbered[group[0]]:
        return False
    # The first number once more: the next plot's, unless it closes this one.
    return row + 1 < len(lines) and numbered[row + 1] != numbered[row]


def _amount(raw: RawLayer, row: int, words: str) -> object:
    """Return the area in a line that gives a sum: from its text, else the number beside it."""
    found = re.search(r"\d[\d.,\s]*(?:m2|m²|ha)?", words)
    if found:
        return found[0].strip()
    return next((value for values in raw.fields.values() if isinstance(value := values[row], (int, float))), None)


def _shapes(
    raw: RawLayer,
    points: FloatArray,
    groups: Sequence[Sequence[int]],
    columns: Sequence[numbers.Column],
    order: str | None,
) -> tuple[NDArray[np.object_], list[Problem]]:
    """Return a polygon for each group of rows, None where a corner is missing, and what is wrong."""
    shapes = np.full(len(groups), None, dtype=object)
    lost = {row for column in columns for row in column.lost}
    problems = [_damaged(raw.rows[row]) for row in sorted(lost)]
    finite = [all(map(math.isfinite, place)) for place in points.tolist()]
    for index, rows in enumerate(groups):
        broken = [row for row in rows if not finite[row]]
        problems += [_no_number(raw.rows[row]) for row in broken if row not in lost]
        if broken:
            continue
        ring = points[_ordered(raw, rows, order)]
        if len(set(map(tuple, ring.tolist()))) < _CORNERS:
            problems.append(too_few(raw.rows[rows[0]], None))
            continue
        shapes[index] = shapely.Polygon(ring)
    return shapes, problems


def _ordered(raw: RawLayer, rows: Sequence[int], order: str | None) -> list[int]:
    """Return the rows of a plot in the order of their numbers, when these are numbers and each stands once."""
    if order is None:
        return list(rows)
    found = numbers.parse([raw.fields[order][row] for row in rows])
    if np.isnan(found).any() or len(np.unique(found)) != len(found):
        return list(rows)
    return [rows[place] for place in np.argsort(found, kind="stable")]


def too_few(row: int, column: str | None) -> Problem:
    """Return the complaint about a plot with fewer than three corners."""
    return Problem(
        "lô có ít hơn ba điểm khác nhau.",
        "the plot has fewer than three different corners.",
        row=row,
        column=column,
        remedy_vi="ghi đủ các điểm ranh giới của lô.",
        remedy_en="give all corners of the plot.",
    )


def _no_number(row: int) -> Problem:
    return Problem(
        "thiếu tọa độ hoặc tọa độ không phải là số; lô này chưa có hình.",
        "a coordinate is missing or no number; the plot has no shape.",
        row=row,
        remedy_vi="ghi lại cả X và Y của điểm này.",
        remedy_en="give both X and Y of this corner.",
    )


def _damaged(row: int) -> Problem:
    return Problem(
        "bảng tính đã đổi tọa độ này thành ngày hoặc làm tròn.",
        "a spreadsheet turned this coordinate into a date or rounded it.",
        row=row,
        remedy_vi="định dạng cột là số hoặc văn bản rồi nhập lại giá trị.",
        remedy_en="format the column as numbers or text and enter the value again.",
    )


def _only_points(raw: RawLayer) -> QnGeoError:
    return QnGeoError(
        "mỗi lô trong bảng có ít hơn ba điểm nên không có ranh giới.",
        "every plot in the table has fewer than three corners, so there are no boundaries.",
        row=raw.rows[0] if raw.rows else None,
        remedy_vi="ghi mỗi điểm ranh giới một dòng, kèm tên lô ở một cột.",
        remedy_en="give each corner a row, with the plot's name in a column.",
    )
