"""What a filled-in file holds once it is read: rows, shapes, and every complaint about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qn_geo.errors import Problem, QnGeoError

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Row:
    """One row as offered: where it stands, and the cells that are not empty, as text."""

    place: str
    line: int
    cells: dict[str, str]

    def problem(self, vi: str, en: str, column: str | None = None, remedy_vi: str = "", remedy_en: str = "") -> Problem:
        """Return a complaint about this row."""
        return Problem(vi, en, self.place, self.line, column, remedy_vi, remedy_en)


@dataclass(frozen=True)
class ShapeRow(Row):
    """A row with geometry, in WGS 84 once it has been checked."""

    geometry: BaseGeometry


@dataclass
class Offer:
    """What a file holds: rows by table, shapes by layer, and all complaints so far."""

    tables: dict[str, list[Row]] = field(default_factory=dict)
    shapes: dict[str, list[ShapeRow]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def unusable(file: Path, vi: str, en: str, remedy_vi: str = "", remedy_en: str = "") -> QnGeoError:
    """Return the error for a file that cannot be read at all."""
    return QnGeoError(vi, en, file=file.name, remedy_vi=remedy_vi, remedy_en=remedy_en)
