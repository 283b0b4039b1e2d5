"""Geometries as they come out of a file: decoded, flat, and free of what nothing can be computed with."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import numpy as np
import shapely

from qn_geo import crs
from qn_geo.errors import Problem, QnGeoError
from qn_geo.intake import limits

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

MOST_TOLD: Final = 50
"""Most rows complained about for one and the same reason."""

_IN_BRACKETS: Final = re.compile(r"\(.*\)", re.DOTALL)  # SQL, mostly
_LIBRARY_FILE: Final = re.compile(r"(?:Error occurred in )?/\S+\.(?:cpp|c|h)\b(?:,? (?:at line )?\d+)?:? ?")

_Words = tuple[str, str, str, str]
_MISSING: Final[_Words] = (
    "đối tượng không có hình.",
    "the feature has no geometry.",
    "vẽ hình cho đối tượng hoặc xóa dòng này.",
    "draw its shape or delete the row.",
)
_UNREADABLE: Final[_Words] = (
    "hình bị hỏng hoặc thuộc loại không hỗ trợ, bị bỏ qua.",
    "the geometry is damaged or of a kind we do not read; it is left out.",
    "vẽ lại thành vùng (polygon).",
    "draw it again as a polygon.",
)
_CLOSED: Final[_Words] = (
    "đường bao chưa khép kín, đã được khép khi đọc.",
    "the ring was not closed; it was closed on reading.",
    "khép kín ranh giới trong phần mềm vẽ.",
    "close the boundary in the drawing program.",
)
_NOT_FINITE: Final[_Words] = (
    "tọa độ không phải là số (NaN hoặc vô cực), hình bị bỏ qua.",
    "a coordinate is no number (NaN or infinite); the geometry is left out.",
    "sửa tọa độ rồi nộp lại.",
    "correct the coordinates and send it again.",
)
_ABSURD: Final[_Words] = (
    "tọa độ quá lớn, không hệ tọa độ nào có, hình bị bỏ qua.",
    "a coordinate is larger than any system has; the geometry is left out.",
    "sửa tọa độ rồi nộp lại.",
    "correct the coordinates and send it again.",
)


def decode(wkb: NDArray[np.object_], file: str) -> tuple[NDArray[np.object_], list[Problem], bool]:
    """Return geometries of WKB, None where there is none that can be used, and what is wrong with which row.

    Last comes whether the geometries are those of the WKB, every one of them.

    Args:
        wkb: Bytes or None, one entry a feature.
        file: Name of the file, for messages.

    Raises:
        QnGeoError: If there are more vertices than the settings allow.
    """
    geometry = _geometries(wkb, "ignore")
    given = wkb != None  # noqa: E711 - element by element
    problems: list[Problem] = []
    failed = given & (geometry == None)  # noqa: E711
    if failed.any():
        geometry[failed] = _geometries(wkb[failed], "fix")
        problems += told(failed & (geometry != None), _CLOSED, file)  # noqa: E711
        problems += told(failed & (geometry == None), _UNREADABLE, file)  # noqa: E711
    cleaned, more = clean(geometry, file, missing=~given)
    return cleaned, problems + more, cleaned is geometry and not failed.any()


@np.errstate(invalid="ignore")  # NaN is told by the row
def _geometries(wkb: NDArray[np.object_], on_invalid: Literal["ignore", "fix"]) -> NDArray[np.object_]:
    try:
        return shapely.from_wkb(cast("Any", wkb), on_invalid=on_invalid)  # type: ignore[no-any-return]
    except NotImplementedError:  # one is a curve, of which shapely wants to know nothing
        geometry = np.full(len(wkb), None, dtype=object)
        for row, content in enumerate(wkb):
            with contextlib.suppress(NotImplementedError):
                geometry[row] = shapely.from_wkb(content, on_invalid=on_invalid)
        return geometry


def clean(
    geometry: NDArray[np.object_], file: str, missing: NDArray[np.bool_] | None = None
) -> tuple[NDArray[np.object_], list[Problem]]:
    """Return geometries in two dimensions, None in place of those nothing can be computed with, and the reasons.

    Args:
        geometry: Geometries or None; the same array comes back when all of them are good.
        file: Name of the file, for messages.
        missing: Which are complained about as missing; all that are None by default.

    Raises:
        QnGeoError: If there are more vertices than the settings allow.
    """
    limits.check_vertices(file, int(shapely.get_num_coordinates(geometry).sum()))
    deep, empty = shapely.has_z(geometry) | shapely.has_m(geometry), shapely.is_empty(geometry)
    if (deep | empty).any():
        geometry = geometry.copy()
        geometry[deep] = shapely.force_2d(geometry[deep])
        geometry[empty] = None
    absent = (geometry == None) & ~empty if missing is None else missing  # noqa: E711
    problems = told(absent | empty, _MISSING, file)
    if not crs.all_within(geometry, limits.FARTHEST):
        points, owner = shapely.get_coordinates(geometry, return_index=True)
        with np.errstate(invalid="ignore"):
            tame = (np.abs(points) <= limits.FARTHEST).all(axis=1)
        endless = _rows(owner[~np.isfinite(points).all(axis=1)], len(geometry))
        far = _rows(owner[~tame], len(geometry)) & ~endless
        geometry = geometry.copy()
        geometry[endless | far] = None
        problems += told(endless, _NOT_FINITE, file) + told(far, _ABSURD, file)
    return geometry, problems


def _rows(owners: NDArray[np.int64], count: int) -> NDArray[np.bool_]:
    mask = np.zeros(count, dtype=bool)
    mask[owners] = True
    return mask


def told(
    which: Any, words: Sequence[str], file: str, number: Callable[[int], int] = lambda index: index + 1
) -> list[Problem]:
    """Return one problem for each marked row, and one for all rows beyond the first `MOST_TOLD`.

    Args:
        which: True for the rows to complain about.
        words: Complaint in Vietnamese and English, remedy in Vietnamese and English.
        file: Name of the file.
        number: Row number of a position; positions count from 0, features from 1.
    """
    vi, en, remedy_vi, remedy_en = words
    rows = np.flatnonzero(which)
    problems = [
        Problem(vi, en, file, number(int(row)), remedy_vi=remedy_vi, remedy_en=remedy_en) for row in rows[:MOST_TOLD]
    ]
    if (rest := len(rows) - MOST_TOLD) > 0:
        problems.append(
            Problem(
                f"còn {rest} dòng khác: {vi}",
                f"{rest} more rows: {en}",
                file,
                remedy_vi=remedy_vi,
                remedy_en=remedy_en,
            )
        )
    return problems


def unreadable(path: Path, name: str, error: Exception) -> QnGeoError:
    """Return the error for a file a library cannot read, in its words but without our paths."""
    told = _IN_BRACKETS.sub("", str(error).replace(str(path), name).replace(str(path.parent), ""))
    told = _LIBRARY_FILE.sub("", told)[:150].rstrip(". ")
    why = f" ({told})" if told else ""
    return QnGeoError(
        f"không đọc được tệp, có thể đã hỏng{why}.",
        f"the file cannot be read, it may be damaged{why}.",
        file=name,
        remedy_vi="mở bằng phần mềm đã tạo ra nó, kiểm tra rồi xuất lại.",
        remedy_en="open it in the program that made it, check it and export it again.",
    )
