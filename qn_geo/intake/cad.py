"""Plots out of drawings: from closed lines and hatches, or from the line work of a cadastral sheet.

A cadastral sheet draws a boundary once for both neighbours, and leaves it out where a road or a bank is the limit; its
plots are the faces of all these lines together. In plans each plot or land-use cell is a closed line or a hatch of its
own, and the layer is its class.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from qn_geo import crs
from qn_geo.errors import Problem, QnGeoError
from qn_geo.intake import labels
from qn_geo.intake.raw import RawLayer
from qn_geo.search.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

PARCEL_LEVEL: Final = 10
# Phụ lục 21 of Thông tư 26/2024/TT-BTNMT: boundaries of parcels, railway limit, road limit, bank, canal, dyke foot.
BOUNDARY_LEVELS: Final = frozenset({PARCEL_LEVEL, 21, 23, 31, 32, 38})
_FRAMES: Final = frozenset({54, 63})  # sheet division and frame
_FRAME_NAMES: Final = re.compile(r"\b(?:khung|frame|viewport|defpoints|ban do|chu giai|legend|luoi|grid)\b")
_LEVEL: Final = re.compile(r"(?i)(?:lv|lev|level|lop)?[\s_-]*0*(\d{1,2})")
_CLOSED_POINTS: Final = 4
_GRID: Final = 0.001  # lines that miss each other by less than a millimetre meet
_OVER: Final = 0.05  # metres or drawing units that a line may run over another one
_ENCLOSED: Final = 3
_COVERED: Final = 0.3
_NAMED: Final = 5
_AREA, _LINE = 2, 1  # dimensions


@dataclass(slots=True)
class _Drawing:
    """All elements of a drawing: shape, layer name and level, text, and the row it came from."""

    geometry: NDArray[np.object_]
    layers: list[str]
    levels: list[int | None]
    texts: list[str | None]
    rows: list[int]


def polygons(raw: Sequence[RawLayer]) -> RawLayer:
    """Return the plots of a drawing with what is written in them.

    The fields are "Layer", those of `labels.FIELDS` that any plot has, and "Text" for the rest of the writing.

    Args:
        raw: Layers of the drawing as the reader gives them, texts decoded.

    Raises:
        QnGeoError: If nothing in the drawing is closed.
    """
    drawing = _drawing(raw)
    if PARCEL_LEVEL in {drawing.levels[place] for place in _with_dimension(drawing, _LINE, _AREA)}:
        shapes, owners, problems = _faces(drawing, BOUNDARY_LEVELS)
    else:
        shapes, owners, problems = _closed(drawing)
        if not len(shapes):
            shapes, owners, problems = _faces(drawing, None)
    if not len(shapes):
        raise _nothing_closed(raw)
    written = [
        place for place, text in enumerate(drawing.texts) if text and shapely.get_type_id(drawing.geometry[place]) == 0
    ]
    fields, outside = labels.join(
        shapes,
        drawing.geometry[written],
        [str(drawing.texts[place]) for place in written],
        [drawing.levels[place] for place in written],
    )
    if outside and len(outside) < len(written):
        problems += [_homeless(len(outside), drawing.rows[written[outside[0]]])]
    given: dict[str, list[object]] = {"Layer": [drawing.layers[owner] for owner in owners]}
    given |= {name: values for name, values in fields.items() if any(value is not None for value in values)}
    first = raw[0]
    return RawLayer(
        name=first.name,
        kind=first.kind,
        fields=given,
        geometry=shapes,
        rows=[drawing.rows[owner] for owner in owners],
        system=first.system,
        encoding=first.encoding,
        fonts=[],
        problems=[*(problem for layer in raw for problem in layer.problems), *problems],
    )


def _drawing(raw: Sequence[RawLayer]) -> _Drawing:
    drawing = _Drawing(np.empty(0, dtype=object), [], [], [], [])
    for layer in raw:
        blank: list[object] = [None] * len(layer.rows)
        names = layer.fields.get("Layer") or layer.fields.get("Level") or blank
        drawing.layers += ["" if name is None else str(name) for name in names]
        drawing.texts += [text if isinstance(text, str) else None for text in layer.fields.get("Text") or blank]
        drawing.rows += layer.rows
    drawing.geometry = np.concatenate([layer.geometry for layer in raw]) if raw else drawing.geometry
    drawing.levels = [int(found[1]) if (found := _LEVEL.fullmatch(name.strip())) else None for name in drawing.layers]
    return drawing


def _with_dimension(drawing: _Drawing, *dimensions: int) -> list[int]:
    """Return the elements that are lines or areas and no part of a frame, with finite coordinates."""
    wanted = np.isin(shapely.get_dimensions(drawing.geometry), dimensions)
    wanted &= np.isfinite(shapely.bounds(drawing.geometry)).all(axis=1) & ~shapely.is_empty(drawing.geometry)
    return [
        place
        for place in np.flatnonzero(wanted).tolist()
        if drawing.levels[place] not in _FRAMES and not _FRAME_NAMES.search(fold(drawing.layers[place]))
    ]


def _closed(drawing: _Drawing) -> tuple[NDArray[np.object_], list[int], list[Problem]]:
    """Return hatches and closed lines as polygons, each place once, without what only encloses the others."""
    owners, shapes, open_ = [], [], []
    for place in _with_dimension(drawing, _LINE, _AREA):
        shape = drawing.geometry[place]
        if shapely.get_dimensions(shape) == _AREA:
            owners.append(place)
            shapes.append(shape)
        elif shape.geom_type == "LineString" and shapely.get_num_points(shape) >= _CLOSED_POINTS:
            if shape.is_closed:
                owners.append(place)
                shapes.append(shapely.Polygon(shape))
            else:
                open_.append(place)
    made = np.asarray([*shapes, None], dtype=object)[:-1]
    kept = _different(made)
    made, owners = made[kept], [owners[place] for place in kept]
    enclosing = _enclosing(made, [drawing.layers[owner] for owner in owners])
    problems = [_left_out(drawing.rows[owners[place]], drawing.layers[owners[place]]) for place in enclosing]
    kept = sorted(set(range(len(made))) - set(enclosing))
    # Open lines with corners are drawn beside closed plots all the time; on the plots' own layers they are slips.
    classes = {drawing.layers[owners[place]] for place in kept}
    problems += _not_closed([drawing.rows[place] for place in open_ if drawing.layers[place] in classes])
    return made[kept], [owners[place] for place in kept], problems


def _different(shapes: NDArray[np.object_]) -> list[int]:
    """Return the first of each set of equal shapes: a hatch lies in its own outline."""
    seen: dict[bytes, int] = {}
    for place, key in enumerate(
        shapely.to_wkb(shapely.normalize(shapely.set_precision(shapes, _GRID, mode="pointwise")))
    ):
        seen.setdefault(key, place)
    return list(seen.values())


def _enclosing(shapes: NDArray[np.object_], layers: Sequence[str]) -> list[int]:
    """Return shapes that hold several others of other layers and are largely covered by them: outlines of a whole."""
    tree = shapely.STRtree(shapes)
    inner: dict[int, list[int]] = {}
    sound = shapes.copy()
    sound[~shapely.is_valid(shapes)] = None  # for the checks to tell; they cannot be held against others
    for outer, held in tree.query(sound, predicate="contains").T.tolist():
        if outer != held and layers[outer] != layers[held]:
            inner.setdefault(outer, []).append(held)
    area = shapely.area(shapes)
    return [
        outer
        for outer, held in inner.items()
        if len(held) >= _ENCLOSED and float(area[held].sum()) >= _COVERED * float(area[outer])
    ]


def _faces(drawing: _Drawing, levels: frozenset[int] | None) -> tuple[NDArray[np.object_], list[int], list[Problem]]:
    """Return the faces that lines make together, on some levels or on all layers; and complain about loose ends."""
    used = [
        place for place in _with_dimension(drawing, _LINE, _AREA) if levels is None or drawing.levels[place] in levels
    ]
    lines = shapely.boundary(drawing.geometry[used])
    is_line = shapely.get_dimensions(drawing.geometry[used]) == _LINE
    lines = np.where(is_line, drawing.geometry[used], lines)
    noded = shapely.unary_union(lines, grid_size=_GRID)
    parts = shapely.get_parts(noded)
    faces, _, dangles, _ = shapely.polygonize_full(parts)
    shapes = shapely.get_parts(faces)
    if not len(shapes):
        return shapes, [], []
    # A face takes the row of the nearest line it was drawn with; parcel boundaries come before roads and banks.
    order = sorted(range(len(used)), key=lambda place: drawing.levels[used[place]] != PARCEL_LEVEL)
    tree = shapely.STRtree(drawing.geometry[[used[place] for place in order]])
    first = np.full(len(shapes), len(order))
    np.minimum.at(first, *tree.query(shapes, predicate="intersects"))
    owners = [used[order[line]] for line in first.tolist()]
    loose = shapely.get_parts(dangles)
    problems = []
    if len(loose):
        nearest = shapely.STRtree(drawing.geometry[used]).nearest(loose)
        problems = _not_closed(sorted({drawing.rows[used[place]] for place in np.unique(nearest).tolist()}))
    crossed = [[drawing.rows[used[place]] for place in pair] for pair in _crossed(lines).tolist()]
    return shapes, owners, [*problems, *([_cut_up(len(crossed), min(map(min, crossed)))] if crossed else [])]


def _crossed(lines: NDArray[np.object_]) -> NDArray[np.intp]:
    """Return which two lines run across each other without a corner there, one row a place."""
    parts, of_part = shapely.get_parts(lines, return_index=True)
    ends, part = crs.edges(parts)
    edges: Any = shapely.linestrings(ends)
    pairs = shapely.STRtree(edges).query(edges, predicate="crosses")
    pairs = pairs[:, pairs[0] < pairs[1]]
    place = shapely.intersection(*edges[pairs])
    # A line drawn a hair too far over another is none that cuts it.
    nearest = shapely.distance(place[:, None], shapely.points(np.concatenate(ends[pairs], axis=1))).min(axis=1)
    crossing: NDArray[np.intp] = of_part[part[pairs[:, nearest > _OVER]]].T
    return crossing


def _not_closed(rows: Sequence[int]) -> list[Problem]:
    """Complain about lines with loose ends; the first few are named one by one."""
    return [
        Problem(
            f"đường ranh không khép kín ({len(rows)} đường như vậy trong bản vẽ).",
            f"a boundary line is not closed ({len(rows)} such in the drawing).",
            row=row,
            remedy_vi="nối đầu đường vào ranh giới bên cạnh hoặc khép kín đường.",
            remedy_en="join its end to the boundary beside it, or close the line.",
        )
        for row in rows[:_NAMED]
    ]


def _cut_up(count: int, row: int) -> Problem:
    return Problem(
        f"đường ranh cắt ngang nhau ở {count} chỗ không có đỉnh: mỗi mảnh bị cắt ra được đọc thành một lô riêng.",
        f"boundary lines cross at {count} place(s) without a corner: every piece cut off is read as a plot of its own.",
        row=row,
        remedy_vi="nếu các lô chồng nhau, hãy vẽ mỗi lô bằng một polyline khép kín để đo được phần chồng.",
        remedy_en="if plots overlap, draw each as a closed polyline, so that the overlap is measured.",
    )


def _left_out(row: int, layer: str) -> Problem:
    return Problem(
        f"đường bao ở lớp “{layer}” chứa các lô khác nên không được coi là lô.",
        f"the outline on layer “{layer}” holds the other plots, so it is not taken for a plot.",
        row=row,
    )


def _homeless(count: int, row: int) -> Problem:
    return Problem(
        f"{count} dòng chữ không nằm trong lô nào nên không được ghép.",
        f"{count} text(s) stand in no plot and were not joined.",
        row=row,
    )


def _nothing_closed(raw: Sequence[RawLayer]) -> QnGeoError:
    return QnGeoError(
        "bản vẽ không có đường khép kín hay mảng tô nào làm thành lô.",
        "nothing in the drawing is closed: there are no closed lines, hatches or faces.",
        row=raw[0].rows[0] if raw and raw[0].rows else None,
        remedy_vi="vẽ ranh lô bằng polyline khép kín, hoặc nối các đường ranh ở lớp 10, rồi xuất lại DXF.",
        remedy_en="draw plots as closed polylines, or join the boundary lines of level 10, and export the DXF again.",
    )
