"""Horizontal bars with a name before and a text after each: the form of all rankings and structures."""

from __future__ import annotations

import html
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from qn_geo import figures, i18n
from qn_geo.charts.frame import FAINT, PAPER, ROUGH, TEXT_SIZE, WIDTH, figure, hover, value_axis, wrap
from qn_geo.style import ACCENT, INK, MUTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from qn_geo.figures import Figure

NAME_WIDTH = 24  # characters of a name on one line before the bar
LONG_NAME = 30  # names longer than this stand above the bars, on the whole width
WHOLE_WIDTH = 58  # characters of a name and its detail on one line above the bar
LINE = 14  # pixels a line of a name takes
ROW = 24  # pixels of a row whose name is one line
THICKNESS = 15  # pixels of a bar
DIGIT = 5.6  # pixels a letter of the text after a bar takes on average: figures, points and spaces are narrow
AROUND = 54  # pixels above and below the rows: ticks, unit, margins
PLOT = 235  # pixels left for bars and the texts after them once the names before them have theirs


@dataclass(frozen=True, slots=True)
class Bar:
    """One row.

    Attributes:
        id: What a click selects.
        name: Text before the bar.
        value: Length, in the unit of the chart; None for a row that only says that nothing is published.
        text: Text after the bar.
        hover: Text under the pointer, already escaped.
        colour: Fill and outline.
        hatched: The number is ours or tells only part.
        outlined: Nothing but an outline: a plan beside what is in force.
        detail: Second, fainter line of the name.
        inside: The text stands in the bar's end instead of after it.
        also: Second id, such as that of the figure.
    """

    id: str
    name: str
    value: float | None
    text: str
    hover: str
    colour: str = MUTED
    hatched: bool = False
    outlined: bool = False
    detail: str = ""
    inside: bool = False
    also: str = ""


def zone_bar(zone_id: str, point: Figure | None, text: str, lang: str, colour: str = MUTED) -> Bar:
    """Row of a zone: its short name, its figure, hatched where the number is ours."""
    name = figures.short_name(zone_id, lang)
    if point is None:
        missing = i18n.missing(lang)
        return Bar(zone_id, name, None, missing, html.escape(f"{name}: {missing}"))
    return Bar(
        zone_id,
        name,
        point.value,
        text,
        hover(point, lang, name),
        colour,
        hatched=point.klass in ROUGH,
        also=point.figure_id,
    )


def highlight(zone_id: str, selected: str | None) -> str:
    """Colour of a zone among others: the accent for the selected one, grey for the rest."""
    return ACCENT if zone_id == selected else MUTED


def ladder(bars: Sequence[Bar], unit: str, lang: str, *, selected: str | None = None, **axis: Any) -> go.Figure:
    """Figure of horizontal bars from the top down; `axis` adds to the axis of values.

    Names stand before the bars, or above them where one is long or has a detail. Rows are placed in pixels, so that a
    name of two lines gets the room it needs.
    """
    above = any(bar.detail or len(bar.name) > LONG_NAME for bar in bars)
    highest = max((bar.value for bar in bars if bar.value is not None), default=1.0) or 1.0
    divisor, values = value_axis(unit, highest, lang)
    width = WIDTH - 40 if above else PLOT
    values |= {"range": [0, room(bars, highest, width) / divisor], "rangemode": "normal", "showgrid": False} | axis
    names = [_name(bar, above=above, bold=bar.id == selected) for bar in bars]
    lines = [LINE * (name.count("<br>") + 1) for name in names]
    heights = [height + THICKNESS + 10 if above else max(ROW, height + 8) for height in lines]
    ends = list(accumulate(heights))
    centres = [
        end - THICKNESS / 2 - 4 if above else end - height / 2 for end, height in zip(ends, heights, strict=True)
    ]
    rows = list(zip(bars, centres, strict=True))
    traces = [_bars([(bar, at) for bar, at in rows if bar.value is not None], divisor)]
    traces.append(_gaps([(bar, at) for bar, at in rows if bar.value is None]))
    labels = {"showticklabels": False} if above else {"tickvals": centres, "ticktext": names}
    return figure(
        [trace for trace in traces if trace["y"]],
        lang,
        height=AROUND + ends[-1],
        xaxis=values,
        yaxis=labels | {"range": [ends[-1], 0]} | NAMES,
        annotations=[_above(name, at) for name, at in zip(names, centres, strict=True)] if above else [],
    )


NAMES = {
    "showgrid": False,
    "zeroline": False,
    "tickfont": {"size": TEXT_SIZE, "color": INK},
    "ticks": "",
    "ticklabelstandoff": 6,
    "fixedrange": True,
    "automargin": True,
}


def _name(bar: Bar, *, above: bool, bold: bool) -> str:
    if not above:
        text = wrap(bar.name, NAME_WIDTH)
        return f"<b>{text}</b>" if bold else text
    joined = len(bar.name) + len(bar.detail) + 2 <= WHOLE_WIDTH
    name, detail = wrap(bar.name, WHOLE_WIDTH), html.escape(bar.detail)
    faint = f"<span style='color:{FAINT}'>{detail}</span>" if detail else ""
    return ("  " if joined else "<br>").join(filter(None, [f"<b>{name}</b>" if bold else name, faint]))


def _above(name: str, centre: float) -> dict[str, Any]:
    """A name right above its bar, from the left edge on."""
    return {
        "text": name,
        "x": 0,
        "y": centre - THICKNESS / 2 - 1,
        "xref": "paper",
        "yref": "y",
        "xanchor": "left",
        "yanchor": "bottom",
        "align": "left",
        "showarrow": False,
        "borderpad": 0,
        "font": {"size": TEXT_SIZE, "color": INK},
    }


def room(bars: Sequence[Bar], highest: float, width: float) -> float:
    """Length of the axis at which no text after a bar is cut off, on a plot of so many pixels."""
    texts = [min(DIGIT * (len(bar.text) + 1), width * 0.75) for bar in bars]
    ends = [(bar.value or 0) * width / (width - text) for bar, text in zip(bars, texts, strict=True)]
    return max([highest * 1.05, *ends])


def fill(colours: Sequence[str], hatched: Sequence[bool]) -> dict[str, Any]:
    """Marker of bars: solid, or hatched where the number is ours or tells only part."""
    return {
        "color": list(colours),
        "line": {"color": list(colours), "width": 1},
        "pattern": {
            "shape": ["/" if each else "" for each in hatched],
            "bgcolor": PAPER,
            "size": 5,
            "solidity": 0.35,
        },
    }


def _bars(rows: Sequence[tuple[Bar, float]], divisor: float) -> dict[str, Any]:
    marker = fill([bar.colour for bar, _ in rows], [bar.hatched for bar, _ in rows])
    marker["color"] = [PAPER if bar.outlined else bar.colour for bar, _ in rows]
    return {
        "type": "bar",
        "orientation": "h",
        "y": [at for _, at in rows],
        "x": [(bar.value or 0) / divisor for bar, _ in rows],
        "width": THICKNESS,
        "marker": marker,
        "text": [html.escape(bar.text) for bar, _ in rows],
        "textposition": ["inside" if bar.inside else "outside" for bar, _ in rows],
        "insidetextanchor": "end",
        "textangle": 0,
        "textfont": {"color": [PAPER if bar.inside else INK for bar, _ in rows], "size": TEXT_SIZE},
        "cliponaxis": False,
        "constraintext": "none",
        "customdata": [[bar.id, bar.also] for bar, _ in rows],
        "hovertext": [bar.hover for bar, _ in rows],
        "hoverinfo": "text",
    }


def _gaps(rows: Sequence[tuple[Bar, float]]) -> dict[str, Any]:
    """Trace of the rows without a value: they say so, and can be clicked like the others."""
    return {
        "type": "scatter",
        "mode": "markers+text",
        "x": [0] * len(rows),
        "y": [at for _, at in rows],
        "marker": {"symbol": "circle-open", "size": 6, "color": MUTED},
        "text": [" " + html.escape(bar.text) for bar, _ in rows],
        "textposition": "middle right",
        "textfont": {"color": FAINT, "size": TEXT_SIZE},
        "customdata": [[bar.id, bar.also] for bar, _ in rows],
        "hovertext": [bar.hover for bar, _ in rows],
        "hoverinfo": "text",
        "cliponaxis": False,
    }
