"""Charts that PowerPoint draws and people can edit: what `charts.series` reads, as chart XML over a small workbook.

Labels are cells of that workbook, so they say on every computer what the screen says, and are edited beside their
numbers. Colours, hatches and hollow marks are those on screen.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from qn_geo import figures, i18n
from qn_geo.charts.frame import FAINT, GRID
from qn_geo.slides.across import across
from qn_geo.slides.drawn import hexed
from qn_geo.slides.upright import columns, lines
from qn_geo.slides.words import LOCALES
from qn_geo.style import INK, MUTED

if TYPE_CHECKING:
    from collections.abc import Callable

    from jinja2 import Template

    from qn_geo.charts import Chart
    from qn_geo.charts.series import Mark, Panel, Plotted
    from qn_geo.slides.boxes import Box
    from qn_geo.slides.drawn import Drawn, Point, Series

SHEET: Final = "Data"
_WIDEST: Final = 60  # letters of a column


@dataclass(frozen=True)
class Native:
    """A chart as python-pptx takes one: its XML and its workbook."""

    xml: bytes
    xlsx_blob: bytes
    left_out: int

    def xml_bytes(self, _kind: object) -> bytes:
        """Return the XML, whatever kind is asked for."""
        return self.xml


def native(chart: Chart, plotted: Plotted, panel: Panel, box: Box, lang: str) -> Native:
    """Return one panel of a chart for a frame of this size.

    Args:
        chart: The chart.
        plotted: What it shows.
        panel: The panel.
        box: The frame.
        lang: "vi" or "en", the language the chart was made in.
    """
    drawn = _drawn(plotted, panel, box, _sources(chart, lang), lang)
    return Native(_xml(drawn, lang), _workbook(drawn, lang), drawn.left_out)


def _drawn(plotted: Plotted, panel: Panel, box: Box, source: Callable[[Mark], str], lang: str) -> Drawn:
    if plotted.horizontal:
        return across(panel, box, source, lang)
    return (columns if plotted.kind == "bar" else lines)(plotted, panel, box, source, lang)


def _sources(chart: Chart, lang: str) -> Callable[[Mark], str]:
    """Return what names the document behind a mark: that of its figure, else of its row in the chart's table."""
    _ = i18n.translator(lang)
    known, column = figures.book().figures, _("Source")
    titles = dict(zip(chart.table.index, chart.table[column], strict=True)) if column in chart.table else {}

    def source(mark: Mark) -> str:
        found = known.get(mark.also) or known.get(mark.id)
        return str(figures.source(found.source_id).get("title") or "") if found else str(titles.get(mark.id) or "")

    return source


@lru_cache(maxsize=1)
def _template() -> Template:
    folder = FileSystemLoader(Path(__file__).parent)
    made = Environment(loader=folder, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return made.get_template("chart.xml.j2")


def _xml(drawn: Drawn, lang: str) -> bytes:
    rows, count = len(drawn.categories), len(drawn.series)
    first, last, years = drawn.span or (0, 0, 0)
    text = _template().render(
        lang=LOCALES[lang],
        size=drawn.size * 100,
        ink=hexed(INK),
        faint=hexed(FAINT),
        muted=hexed(MUTED),
        across=drawn.across,
        gap=drawn.gap,
        dates=drawn.span is not None,
        first=first,
        last=last,
        years=years,
        categories=drawn.categories,
        rows_at=_cells(0, rows),
        series=[_told(series, place, count, rows) for place, series in enumerate(drawn.series)],
        plot=drawn.plot,
        legend=drawn.legend,
        highest=repr(drawn.highest),
        step=repr(drawn.step),
        form=drawn.form,
        unit=drawn.unit,
        gridline="" if drawn.across else hexed(GRID),
    )
    return text.strip().encode()


def _cells(column: int, rows: int, *, head: bool = False) -> str:
    letter = get_column_letter(column + 1)
    return f"{SHEET}!${letter}$1" if head else f"{SHEET}!${letter}$2:${letter}${rows + 1}"


def _told(series: Series, place: int, count: int, rows: int) -> dict[str, Any]:
    """Return a series as the template needs it: looks, cells, and which points look another way."""
    values: list[float | None] = [None] * rows
    for point in series.points:
        values[point.row] = point.value
    return {
        "name": series.name,
        "place": place,
        "colour": series.colour,
        "fill": series.fill,
        "diamond": series.diamond,
        "dash": series.dash,
        "width": series.width,
        "joined": series.joined,
        "listed": series.listed,
        "points": [_point(point, series) for point in series.points],
        "cells": values,
        "name_at": _cells(1 + place, rows, head=True),
        "values_at": _cells(1 + place, rows),
        "labels_at": _cells(1 + count + 2 * place, rows),
    }


def _point(point: Point, series: Series) -> dict[str, Any]:
    same = (point.colour, point.fill, point.diamond) == (series.colour, series.fill, series.diamond)
    return {
        "row": point.row,
        "label": point.label,
        "guid": point.guid,
        "side": point.side,
        "ink": point.ink,
        "bold": point.bold,
        "colour": point.colour,
        "fill": point.fill,
        "diamond": point.diamond,
        "differs": not same,
    }


def _workbook(drawn: Drawn, lang: str) -> bytes:
    """Return the workbook behind a chart: names, the values of each series, then its labels and documents."""
    _ = i18n.translator(lang)
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = SHEET
    columns: list[list[Any]] = [["", *drawn.categories]]
    rows = len(drawn.categories)
    columns += [
        _column(series.name, rows, {point.row: point.value for point in series.points}) for series in drawn.series
    ]
    for series in drawn.series:
        ends = {point.row: point.label for point in series.points}, {point.row: point.source for point in series.points}
        columns += [_column(head, rows, cells) for head, cells in zip((_("Label"), _("Source")), ends, strict=True)]
    for number, values in enumerate(columns, start=1):
        for row, value in enumerate(values, start=1):
            if value is None or value == "":
                continue
            cell = sheet.cell(row, number, value)
            if isinstance(value, str):
                cell.data_type = "s"  # never a formula, whatever the text
        longest = max(len(str(value or "")) for value in values)
        sheet.column_dimensions[get_column_letter(number)].width = min(longest, _WIDEST) + 2
    for row, form in enumerate(drawn.forms, start=2):
        sheet.cell(row, 1).number_format = form
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _column(head: str, rows: int, cells: dict[int, Any]) -> list[Any]:
    return [head, *(cells.get(row) for row in range(rows))]
