"""Highlighted figures as native tables: in a column beside the map, or side by side above map and chart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Mm

from qn_geo import i18n
from qn_geo.charts.canvas import POINT, long
from qn_geo.charts.frame import FAINT, GRID
from qn_geo.slides.fitting import LEADING, fitted, height, on_one_line
from qn_geo.slides.words import Run, describe, write
from qn_geo.style import ACCENT, INK

if TYPE_CHECKING:
    from qn_geo.slides.boxes import Box
    from qn_geo.slides.telling import Told
    from qn_geo.stories import Highlight

_PLAIN: Final = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"  # PowerPoint's style without lines and fills
_VALUES: Final = (24, 22, 20, 18, 16, 14, 12)
_TEXT: Final = 12
_PAD: Final = 2.5  # millimetres inside a cell, left and right of its text
_LINE: Final = LEADING * _TEXT * POINT
_TALLEST: Final = 28.0  # a row of a column of figures
_WIDEST: Final = 103.6  # a figure beside others
_HIGHEST: Final = 42.0  # of figures side by side
_AIR: Final = 1.2  # a table's letters need a little more than their lines


def strip_height(told: Told, wide: float) -> float:
    """Return the height that figures side by side need on so wide a slide, millimetres."""
    room = _tile(told, wide) - 2 * _PAD
    value = on_one_line((each.value for each in told.figures), room, _VALUES)
    words = ([height(text, room, _TEXT, bold=bold) for text, bold in _words(each, told)] for each in told.figures)
    return min(LEADING * value * POINT + max(map(sum, words)) + _AIR, _HIGHEST)


def _tile(told: Told, wide: float) -> float:
    return min(wide / len(told.figures), _WIDEST)


def strip(placeholder: Any, told: Told, box: Box) -> None:
    """Fill a table with figures side by side: value, what it is, when and how sure."""
    found, wide = told.figures, _tile(told, box.wide)
    table = _table(placeholder, told, 1, len(found), (wide * len(found), box.high))
    for cells in table.columns:
        cells.width = Mm(wide)
    room = wide - 2 * _PAD
    value = on_one_line((each.value for each in found), room, _VALUES)
    for place, each in enumerate(found):
        left = room, box.high - LEADING * value * POINT - _AIR
        _fill(table.cell(0, place), [[_value(each, value)], *_about(each, told, left)], told.lang, "t")
        _edge(table.cell(0, place), "L", ACCENT, 1.5)


def column(placeholder: Any, told: Told, box: Box) -> None:
    """Fill a table with a figure a row: its value, and beside it what it is, when and how sure."""
    found = told.figures
    high = min(box.high / len(found), _TALLEST)
    values = min(max(long(each.value, _VALUES[0] * POINT, bold=True) for each in found) + 3 * _PAD, 0.44 * box.wide)
    value = on_one_line((each.value for each in found), values - 2 * _PAD, _VALUES)
    table = _table(placeholder, told, len(found), 2, (box.wide, high * len(found)))
    table.columns[0].width, table.columns[1].width = Mm(values), Mm(box.wide - values)
    room = box.wide - values - 2 * _PAD, high - _AIR
    for row, each in enumerate(found):
        _fill(table.cell(row, 0), [[_value(each, value)]], told.lang, "ctr")
        _fill(table.cell(row, 1), _about(each, told, room), told.lang, "ctr")
        for place in (0, 1):
            _edge(table.cell(row, place), "B", GRID, 0.75)


def _value(each: Highlight, size: float) -> Run:
    """Return a value; where nothing is published that is said as plainly, but smaller and fainter."""
    if each.figure is None:
        return Run(each.value, min(size, 16), bold=False, colour=FAINT)
    return Run(each.value, size, bold=True, colour=INK)


def _words(each: Highlight, told: Told) -> list[tuple[str, bool]]:
    """Return what a figure is, and when and how sure with its document, each with whether it is bold."""
    name = ", ".join(filter(None, [each.label, each.place_name]))
    reference = told.reference(each.figure.source_id) if each.figure else ""
    detail = " ".join(filter(None, [each.detail, reference]))
    return [(name, True), *([(detail, False)] if detail else [])]


def _about(each: Highlight, told: Told, room: tuple[float, float]) -> list[list[Run]]:
    """Return the same as paragraphs, cut where there is too little room; what it is goes before when."""
    wide, high = room
    paragraphs = []
    words = _words(each, told)
    for number, (text, bold) in enumerate(words):
        kept = _LINE * (len(words) - number - 1)
        text, size = fitted(text, (wide, max(high - kept, _LINE)), (_TEXT,), bold=bold)  # noqa: PLW2901
        high -= height(text, wide, size, bold=bold)
        paragraphs.append([Run(text, size, bold=bold, colour=INK if bold else FAINT)])
    return paragraphs


def _table(placeholder: Any, told: Told, rows: int, columns: int, size: tuple[float, float]) -> Any:
    _ = i18n.translator(told.lang)
    frame = placeholder.insert_table(rows, columns)
    frame.width, frame.height = Mm(size[0]), Mm(size[1])
    frame.name = _("Figures")
    describe(frame, ": ".join([_("Highlighted figures"), "; ".join(told.sentence(each) for each in told.figures)]))
    properties = frame.table._tbl.tblPr
    for name in list(properties.attrib):
        del properties.attrib[name]
    properties.find(qn("a:tableStyleId")).text = _PLAIN
    for row in frame.table.rows:
        row.height = Mm(size[1] / rows)
    return frame.table


def _fill(cell: Any, paragraphs: list[list[Run]], lang: str, anchor: str) -> None:
    cell.margin_left = cell.margin_right = Mm(_PAD)
    cell.margin_top = cell.margin_bottom = 0
    write(cell.text_frame, paragraphs, lang)
    cell._tc.get_or_add_tcPr().set("anchor", anchor)


def _edge(cell: Any, side: str, colour: str, points: float) -> None:
    """Draw one edge of a cell."""
    edge = parse_xml(
        f'<a:ln{side} {nsdecls("a")} w="{round(points * 12_700)}"><a:solidFill><a:srgbClr '
        f'val="{colour.lstrip("#").upper()}"/></a:solidFill></a:ln{side}>'
    )
    cell._tc.get_or_add_tcPr().insert(0, edge)
