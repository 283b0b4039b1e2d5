"""QN-GEO, single plots: closed, valid, no repeated corners or spikes, not tiny, not narrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from qn_geo.rules.batch import LINES, first_of, mean_width
from qn_geo.rules.finding import Finding
from qn_geo.rules.wording import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from qn_geo.rules.batch import Batch
    from qn_geo.rules.reference import Context
    from qn_geo.rules.registry import Rule

_CROSSING: Final = "Self-intersection"
# What the geometry library says is wrong, in words.
_REASONS: Final = {
    "Ring Self-intersection": ("ranh giới chạm hoặc đi lại chính nó", "the boundary touches or repeats itself"),
    "Hole lies outside shell": ("có lỗ nằm ngoài lô", "a hole lies outside the plot"),
    "Holes are nested": ("có lỗ nằm trong lỗ khác", "a hole lies in another hole"),
    "Nested shells": ("có phần nằm trong phần khác", "a part lies in another part"),
    "Interior is disconnected": ("các lỗ cắt rời bên trong lô", "holes cut the inside of the plot apart"),
    "Duplicate Rings": ("có hai vòng trùng nhau", "two rings coincide"),
    "Too few points in geometry component": ("có vòng quá ít điểm", "a ring has too few points"),
}
_OTHER: Final = ("hình không hợp lệ", "the shape is not valid")


def missing(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots without any usable area, except lines that are merely open."""
    lines = _open_lines(batch, context.rules["QN-GEO-002"].value("closing-gap", context.on, 0))
    del rule
    for index in np.flatnonzero(~batch.usable).tolist():
        if index in lines:
            continue
        vi, en = _why_unusable(batch.given[index])
        yield Finding((index,), f"Lô không có hình dùng được: {vi}.", f"The plot has no usable shape: {en}.")


def not_closed(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Boundaries drawn as a line whose ends do not meet."""
    limit = rule.value("closing-gap", context.on, 0)
    for index, gap in _open_lines(batch, limit).items():
        shown = number(gap, 3)
        yield Finding(
            (index,),
            f"Điểm đầu và điểm cuối của ranh giới cách nhau {shown.vi} m.",
            f"First and last point of the boundary are {shown.en} m apart.",
            measure=gap,
            unit="m",
            limit=limit,
            shape=shapely.linestrings(shapely.get_coordinates(batch.given[index])[[-1, 0]]),
        )


def crossing(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Boundaries that cross themselves."""
    del rule, context
    for index, reason, spot in _invalid(batch):
        if reason == _CROSSING:
            yield Finding((index,), "Ranh giới lô tự cắt.", "The boundary crosses itself.", shape=spot)


def laid_wrongly(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Other invalid shapes: holes and parts in the wrong place, rings that touch themselves."""
    del rule, context
    for index, reason, spot in _invalid(batch):
        if reason != _CROSSING:
            vi, en = _REASONS.get(reason, _OTHER)
            yield Finding((index,), f"Hình lô vẽ sai: {vi}.", f"The plot is drawn wrongly: {en}.", shape=spot)


def repeated(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Corner points on top of the one before."""
    del context
    corners, near = batch.corners, rule.number("near_m")
    first = corners.edges
    short = first[corners.lengths <= near]
    limit = number(near * 1000)
    for index, points in _by_plot(batch, corners.owner, short):
        count = len(points)
        yield Finding(
            (index,),
            f"{count} điểm ranh giới trùng với điểm liền trước (cách không quá {limit.vi} mm).",
            f"{count} corner point(s) coincide with the one before (within {limit.en} mm).",
            measure=count,
            unit="vertices",
            limit=0,
            shape=shapely.multipoints(corners.points[points]),
        )


def spikes(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Corner points where the boundary turns back on itself."""
    del context
    limit = rule.number("angle_deg")
    tips, angles = _tips(batch, rule.number("near_m"), limit)
    sharpest = dict(zip(tips.tolist(), angles.tolist(), strict=True))
    for index, points in _by_plot(batch, batch.corners.owner, tips):
        angle = min(sharpest[point] for point in points.tolist())
        shown = number(angle)
        yield Finding(
            (index,),
            f"Ranh giới có {len(points)} gai nhọn, góc nhỏ nhất {shown.vi}°.",
            f"The boundary has {len(points)} spike(s), the sharpest of {shown.en}°.",
            measure=angle,
            unit="degrees",
            limit=limit,
            shape=shapely.multipoints(batch.corners.points[points]),
        )


def tiny(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots of next to no area."""
    del context
    limit = rule.number("min_area_m2")
    areas = batch.areas[batch.sound]
    wanted = number(limit)
    for place in np.flatnonzero(areas < limit).tolist():
        shown = number(areas[place])
        yield Finding(
            (int(batch.sound[place]),),
            f"Diện tích lô chỉ {shown.vi} m², nhỏ hơn {wanted.vi} m².",
            f"The plot has only {shown.en} m², less than {wanted.en} m².",
            measure=float(areas[place]),
            unit="m2",
            limit=limit,
            shape=batch.shapes[place],
        )


def narrow(batch: Batch, rule: Rule, context: Context) -> Iterator[Finding]:
    """Plots that are strips, unless they are told to be tiny already."""
    limit = rule.number("min_width_m")
    areas = batch.areas[batch.sound]
    widths = mean_width(areas, batch.perimeters)
    big = areas >= context.rules["QN-GEO-007"].number("min_area_m2")
    wanted = number(limit)
    for place in np.flatnonzero((widths < limit) & big).tolist():
        shown = number(widths[place])
        yield Finding(
            (int(batch.sound[place]),),
            f"Bề rộng trung bình của lô chỉ {shown.vi} m, nhỏ hơn {wanted.vi} m.",
            f"The plot is only {shown.en} m wide on average, less than {wanted.en} m.",
            measure=float(widths[place]),
            unit="m",
            limit=limit,
            shape=batch.shapes[place],
        )


def _open_lines(batch: Batch, limit: float) -> dict[int, float]:
    """Positions of lines whose ends are further apart than the limit, with the distance."""
    found = {}
    for index in np.flatnonzero(np.isin(shapely.get_type_id(batch.given), LINES)).tolist():
        points = shapely.get_coordinates(batch.given[index])
        gap = float(np.hypot(*(points[-1] - points[0]))) if len(points) else 0.0
        if np.isfinite(points).all() and gap > limit:
            found[index] = gap
    return found


def _why_unusable(shape: Any) -> tuple[str, str]:
    if shape is None or shapely.is_empty(shape):
        return "trống", "it is empty"
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return "có tọa độ không phải là số hữu hạn", "some coordinates are not finite numbers"
    return "chỉ có điểm hoặc đường, không có vùng", "it holds points or lines, no area"


def _invalid(batch: Batch) -> list[tuple[int, str, Any]]:
    """Position, reason and place of every invalid shape."""
    wrong = np.flatnonzero(batch.usable & ~batch.valid)
    found = []
    for index, told in zip(wrong.tolist(), shapely.is_valid_reason(batch.given[wrong]).tolist(), strict=True):
        reason, _, place = told.partition("[")
        east, _, north = place.rstrip("]").partition(" ")
        found.append((index, reason, shapely.Point(float(east), float(north)) if north else None))
    return found


def _by_plot(batch: Batch, owner: NDArray[np.intp], points: NDArray[np.intp]) -> Iterator[tuple[int, NDArray[np.intp]]]:
    """Group corner points by plot: position of the plot in the frame, its points."""
    if not len(points):
        return
    owners = owner[points]
    for group in np.split(points, first_of(owners)[1:]):
        yield int(batch.sound[owner[group[0]]]), group


def _tips(batch: Batch, near: float, limit_deg: float) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Corners where the boundary turns back by less than the limit, and the angles in degrees.

    Repeated corners are passed over, so that they neither hide a spike nor make one.
    """
    corners = batch.corners
    first = corners.edges
    kept = first[corners.lengths > near]  # edges with a length
    east, north = (corners.points[kept + 1] - corners.points[kept]).T.copy()  # columns on their own: twice as fast
    ring = corners.ring[kept]
    # The edge before the first one of a ring is its last.
    starts = first_of(ring)
    before = np.arange(len(kept)) - 1
    before[starts] = np.r_[starts[1:], len(kept)] - 1
    dot = -(east[before] * east + north[before] * north)
    cross = north[before] * east - east[before] * north
    sharp = np.flatnonzero((dot > 0) & (np.abs(cross) <= dot))  # less than 45°; the rest is not worth an angle
    angles = np.degrees(np.arctan2(np.abs(cross[sharp]), dot[sharp]))
    below = angles < limit_deg
    return kept[sharp[below]], angles[below]
