"""Charts on paper: the picture on screen as SVG with real text, or as PNG, at an exact size in millimetres.

A page sets title, note and sources itself; a picture that goes out alone carries them along (`whole`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qn_geo import figures, i18n
from qn_geo.charts import rows, years
from qn_geo.charts.canvas import LEADING, POINT, Canvas, wrapped
from qn_geo.charts.frame import FAINT
from qn_geo.charts.series import Plotted, read
from qn_geo.report import typesetting
from qn_geo.style import INK

if TYPE_CHECKING:
    from qn_geo.charts.frame import Chart

_TITLE: Final = 1.35  # size of a title, of that of the letters in the picture
_BELOW: Final = 0.9  # size of note and sources
_MARGIN: Final = 4.0  # millimetres round a picture that goes out alone
_MOST_LINES: Final = 9  # of note and sources
_EMPTY: Final = 4.0  # height of a sentence that nothing is published, of the size of its letters


def svg(chart: Chart, width_mm: float, height_mm: float | None, lang: str, *, size_pt: float = 8) -> str:
    """Return the picture of a chart as SVG: title, note and sources are the page's to set.

    Args:
        chart: The chart.
        width_mm: Width of the picture.
        height_mm: Height of the picture; None takes what its content needs. Rows that have no room are counted.
        lang: "vi" or "en", the language the chart was made in.
        size_pt: Size of its letters.

    Raises:
        QnGeoError: If the font files are not installed.
    """
    return drawn(read(chart), width_mm, height_mm, lang, size_pt).svg()


def whole(chart: Chart, width_mm: float, height_mm: float | None, lang: str, *, size_pt: float = 8) -> str:
    """Return a chart as SVG that can stand alone: on white, with its title over it, its note and sources under it.

    Args:
        chart: The chart.
        width_mm: Width of the whole.
        height_mm: Height of the whole; None takes what its content needs.
        lang: "vi" or "en", the language the chart was made in.
        size_pt: Size of the letters in the picture.

    Raises:
        QnGeoError: If the font files are not installed.
    """
    wide = width_mm - 2 * _MARGIN
    title = _lines([chart.title], wide, size_pt * _TITLE, bold=True)
    below = _lines([chart.note or "", *_sources(chart, lang)], wide, size_pt * _BELOW)
    around = title.high + below.high + 3 * _MARGIN
    plotted = read(chart)
    free = None if height_mm is None else max(height_mm - around, _EMPTY * size_pt * POINT)
    picture = drawn(plotted, wide, free, lang, size_pt)
    high = around + picture.high
    tops = (_MARGIN, _MARGIN * 1.25 + title.high, _MARGIN * 2 + title.high + picture.high)
    parts = "".join(
        part.svg().replace("<svg ", f'<svg x="{_MARGIN:g}" y="{top:.3f}" ', 1).replace("mm", "", 2)
        for part, top in zip((title, picture, below), tops, strict=True)
    )
    head = f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm:g}mm" height="{high:g}mm" '
    return f'{head}viewBox="0 0 {width_mm:g} {high:g}"><rect width="100%" height="100%" fill="#fff"/>{parts}</svg>\n'


def png(  # noqa: PLR0913 - as whole
    chart: Chart, width_mm: float, height_mm: float | None, lang: str, *, size_pt: float = 8, dpi: float = 300
) -> bytes:
    """Return a chart that can stand alone as PNG."""
    return typesetting.png(whole(chart, width_mm, height_mm, lang, size_pt=size_pt), dpi)


def _lines(texts: list[str], wide: float, size_pt: float, *, bold: bool = False) -> Canvas:
    """Return a sheet with paragraphs, as high as they are; what is too long is cut, and says so."""
    size = size_pt * POINT
    lines = [line for text in texts for line in wrapped(text, wide - 2 * size, size, bold=bold)]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 1], lines[_MOST_LINES - 1] + " …"]
    canvas = Canvas(wide, max(len(lines), 0.1) * size * LEADING, size_pt)
    for number, line in enumerate(lines):
        canvas.text(0, size + number * canvas.line, line, colour=INK if bold else FAINT, bold=bold)
    return canvas


def _sources(chart: Chart, lang: str) -> list[str]:
    """Return the line that names publisher and date of each document, in full where few do."""
    _ = i18n.translator(lang)
    told = [
        ", ".join(filter(None, [row.get("publisher") or row.get("title"), i18n.iso_date(row["date"], None, lang)]))
        if row.get("date")
        else row.get("publisher") or row.get("title", "")
        for row in map(figures.source, chart.sources)
    ]
    said = "; ".join(dict.fromkeys(filter(None, told)))
    return [_("Sources") + ": " + said] if said else []


def height(chart: Chart, width_mm: float, *, size_pt: float = 8) -> float:
    """Return the height in millimetres that a chart's content needs at a width."""
    return _height(read(chart), width_mm, size_pt)


def filled(chart: Chart, width_mm: float, room_mm: float, *, size_pt: float = 8) -> float:
    """Return how much of the room a chart fills, in millimetres: bars end somewhere, columns and curves reach on."""
    plotted = read(chart)
    if plotted.kind == "none" or not plotted.horizontal:
        return room_mm
    return min(rows.height(plotted.panels[0], width_mm, size_pt * POINT, loose=True), room_mm)


def drawn(plotted: Plotted, width_mm: float, height_mm: float | None, lang: str, size_pt: float = 8) -> Canvas:
    """Return the sheet with the chart on it."""
    canvas = Canvas(width_mm, height_mm or _height(plotted, width_mm, size_pt), size_pt)
    if plotted.kind == "none":
        lines = wrapped(plotted.message, width_mm, canvas.size)
        for number, line in enumerate(lines):
            y = canvas.high / 2 + canvas.size * 0.36 + (number - (len(lines) - 1) / 2) * canvas.line
            canvas.text(width_mm / 2, y, line, "center", colour=FAINT)
    elif plotted.horizontal:
        rows.draw(canvas, plotted.panels[0], lang)
    else:
        years.draw(canvas, plotted, lang)
    return canvas


def _height(plotted: Plotted, width_mm: float, size_pt: float) -> float:
    size = size_pt * POINT
    if plotted.kind == "none":
        return _EMPTY * size
    return (
        rows.height(plotted.panels[0], width_mm, size) if plotted.horizontal else years.height(plotted, width_mm, size)
    )
