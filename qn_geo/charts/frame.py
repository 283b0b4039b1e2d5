"""What all charts share: the Chart record, the layout, axes over time and over values, hover texts, table twins.

Charts are drawn for a column about 400 pixels wide. The page prints the title, the source and the note; the picture
holds none of them. Figures are made from plain dictionaries without Plotly's validation, which costs ten times as much
as the rest (a chart is rebuilt at each click); the tests validate every one.
"""

from __future__ import annotations

import html
import textwrap
from dataclasses import dataclass
from functools import lru_cache, wraps
from typing import TYPE_CHECKING, Any, ParamSpec

import pandas as pd
import plotly.graph_objects as go

from qn_geo import figures, i18n
from qn_geo.style import INK, MUTED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from qn_geo.figures import Figure

P = ParamSpec("P")

FONT = "Inter Variable, Inter, Segoe UI, Arial, sans-serif"
TEXT_SIZE = 11  # pixels; nothing in a chart is smaller
GRID = "#e6e3dc"
FAINT = "#5c6873"  # axis text: 5.6 to 1 on white
PAPER = "#ffffff"
SECOND = "#0072b2"  # a second series of the selected place, apart from the accent for colour-blind readers too
HEIGHT = 240
WIDTH = 400  # pixels of the column the charts are drawn for
LETTER = 6.1  # pixels a letter takes on average
LEGEND_ROW = 19  # pixels
MOST_LABELS = 8  # steps between the years named on the time axis
FEWEST_YEARS = 5  # the time axis is never shorter
ROUGH = frozenset({"derived", "estimated", "demo"})
"""Classes drawn hollow or hatched: the number is ours or a guess."""

DASHES = {"": "solid", "leasable": "solid", "industrial": "dash", "whole": "dashdot", "unstated": "dot"}
OTHER_DASH = "longdash"


@dataclass(frozen=True)
class Chart:
    """A chart with all that must stand around it. Cached and shared: neither figure nor table may be changed.

    Attributes:
        title: The finding or the measure, in words.
        figure: Plotly figure; the first element of each point's `customdata` is the id to select.
        table: The same numbers as a table, heads and cells as texts in the reader's language; its index holds the ids
            to select.
        sources: Ids in `sources.csv`, each once.
        alt: One sentence for those who do not see the picture.
        note: A caution the reader needs, or None.
        empty: Nothing is published: the picture holds only that sentence.
    """

    title: str
    figure: go.Figure
    table: pd.DataFrame
    sources: list[str]
    alt: str
    note: str | None = None
    empty: bool = False


def cached(build: Callable[P, Chart]) -> Callable[P, Chart]:
    """Keep the last 256 charts of a kind for as long as the data stay the same. Arguments may be lists."""

    @lru_cache(maxsize=256)
    def keep(_version: tuple[str, ...], args: Any, kwargs: Any) -> Chart:
        with figures.pinned():
            return build(*args, **dict(kwargs))

    @wraps(build)
    def chart(*args: P.args, **kwargs: P.kwargs) -> Chart:
        return keep(
            figures.version(),
            tuple(_hashable(value) for value in args),
            tuple((name, _hashable(value)) for name, value in sorted(kwargs.items())),
        )

    return chart


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def figure(traces: Sequence[Mapping[str, Any]], lang: str, **layout: Any) -> go.Figure:
    """A Plotly figure in the house layout; `layout` adds to it."""
    base: dict[str, Any] = {
        "height": HEIGHT,
        "margin": {"l": 8, "r": 10, "t": 8, "b": 8, "pad": 3},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"family": FONT, "size": TEXT_SIZE, "color": INK},
        "separators": ",." if lang == "vi" else ".,",
        "showlegend": False,
        "hovermode": "closest",
        "hoverlabel": {
            "bgcolor": PAPER,
            "bordercolor": GRID,
            "align": "left",
            "font": {"family": FONT, "size": 12, "color": INK},
        },
        "legend": {
            "orientation": "h",
            "x": 0,
            "xanchor": "left",
            "y": 1.02,
            "yanchor": "bottom",
            "font": {"size": TEXT_SIZE, "color": INK},
            "itemclick": False,
            "itemdoubleclick": False,
        },
        "bargap": 0.28,
        "dragmode": False,
        # The pointer promises a choice: only where a click chooses a zone.
        "clickmode": "event" if any(map(_chooses, traces)) else "none",
        "template": {},
    }
    # A click is an event, the highlight comes from the selection in the address: nothing may fade by itself.
    data = [{"unselected": {"marker": {"opacity": 1}}} | dict(trace) for trace in traces]
    return go.Figure(data=data, layout=base | layout, _validate=False)


def _chooses(trace: Mapping[str, Any]) -> bool:
    return any(ids[0] in figures.book().zones for ids in trace.get("customdata", ()))


def legend_height(names: Iterable[str]) -> int:
    """Pixels that the rows of a legend need beyond the first, so that the plot under it keeps its height."""
    used, rows = 0.0, 1
    for name in names:
        width = 45 + LETTER * len(name)
        if used and used + width > WIDTH - 60:
            rows, used = rows + 1, 0.0
        used += width
    return LEGEND_ROW * (rows - 1)


def empty(title: str, lang: str, message: str = "") -> Chart:
    """A chart of something that nobody has published: says so, and keeps the place."""
    _ = i18n.translator(lang)
    text = message or i18n.missing(lang)
    blank = {"visible": False, "range": [0, 1]}
    return Chart(
        title=title,
        figure=figure([], lang, height=90, xaxis=blank, yaxis=blank, annotations=[_centred(text)]),
        table=pd.DataFrame(),
        sources=[],
        alt=f"{title}: {text}",
        empty=True,
    )


def _centred(text: str) -> dict[str, Any]:
    place = {"x": 0.5, "y": 0.5, "xref": "paper", "yref": "paper", "showarrow": False}
    return place | {"text": html.escape(text), "font": {"color": FAINT, "size": 12}}


def value_axis(unit: str, highest: float, lang: str, **more: Any) -> tuple[float, dict[str, Any]]:
    """Axis of values from zero, its title the unit; large money is shown in the next larger unit.

    Returns:
        The number to divide values by, and the axis.
    """
    divisor, title = scale(unit, highest, lang)
    axis = {
        "title": {"text": html.escape(title), "font": {"size": TEXT_SIZE, "color": FAINT}, "standoff": 6},
        "rangemode": "tozero",
        "gridcolor": GRID,
        "zeroline": False,
        "tickfont": {"size": TEXT_SIZE, "color": FAINT},
        "tickformat": ",~f",
        "nticks": 5,
        "fixedrange": True,
        "automargin": True,
    }
    if unit == "pct":
        axis |= {"title": None, "ticksuffix": "%"}
    return divisor, axis | more


def scale(unit: str, highest: float, lang: str) -> tuple[float, str]:
    """Number to divide by and name of the unit that suits the highest value."""
    _ = i18n.translator(lang)
    money = {unit: (least, 1_000, getattr(form, lang)) for unit, (least, form) in i18n.COMPACT.items()}
    large = money | {
        "persons": (1_000_000, 1_000_000, _("million persons")),
        "tonnes": (1_000_000, 1_000_000, _("million tonnes")),
    }
    if unit in large and highest >= large[unit][0]:
        return large[unit][1], large[unit][2]
    return 1, i18n.unit_name(unit, lang)


def time_axis(points: Iterable[Figure], **more: Any) -> dict[str, Any]:
    """Axis of years whose labels stand under the middle of each year; few years are not stretched over the width."""
    years = [point.year for point in points if point.year is not None]
    first, last = min(years), max(years)
    steps = (1, 2, 5, 10, 25)
    step = next((size for size in steps if (last - first) / size <= MOST_LABELS), -(-(last - first) // MOST_LABELS))
    shown = list(range(last - (last - first) // step * step, last + 1, step))
    spare = max(0.0, (FEWEST_YEARS - (last - first + 1)) / 2)
    axis = {
        "range": [first - spare - 0.15, last + spare + 1.15],
        "tickvals": [year + 0.5 for year in shown],
        "ticktext": [str(year) for year in shown],
        "showgrid": False,
        "zeroline": False,
        "linecolor": MUTED,
        "tickfont": {"size": TEXT_SIZE, "color": FAINT},
        "fixedrange": True,
        "automargin": True,
    }
    return axis | more


def moment(point: Figure) -> float:
    """Place on the time axis: a day or month where it lies, a bare year in the middle of that year."""
    end = point.sort_date
    if "-" not in point.period:
        return end.year + 0.5
    return end.year + (end.timetuple().tm_yday - 1) / 366


def wrap(text: str, width: int) -> str:
    """Text on as many lines as it needs, escaped for Plotly's small HTML."""
    return "<br>".join(html.escape(line) for line in textwrap.wrap(text, width)) or ""


def hover(point: Figure, lang: str, head: str = "") -> str:
    """What a point says under the pointer: value, period, basis, class and document."""
    document = figures.source(point.source_id)
    doubt = figures.class_name(point.klass, lang)
    lines = [
        f"<b>{html.escape(figures.value_text(point, lang))}</b>",
        html.escape(
            " · ".join(filter(None, [figures.period_text(point, lang), figures.basis_name(point.basis, lang)]))
        ),
        wrap(" · ".join(filter(None, [doubt, document.get("publisher", "")])), 46),
    ]
    return "<br>".join(([wrap(head, 46)] if head else []) + lines)


def markers(points: Sequence[Figure], colour: str, size: int = 8) -> dict[str, Any]:
    """Round marks for facts and diamonds for plans and targets; hollow where the number is ours."""
    return {
        "color": [PAPER if point.klass in ROUGH else colour for point in points],
        "symbol": ["circle" if point.kind == "actual" else "diamond" for point in points],
        "size": size,
        "line": {"color": colour, "width": 1.6},
    }


def rough_note(points: Iterable[Figure], lang: str, *, hatched: bool = False) -> str:
    """What hollow marks, or hatched bars, mean among these points; empty where there are none."""
    _ = i18n.translator(lang)
    found = {point.klass for point in points} & ROUGH
    if not found:
        return ""
    said = _("Hatched: {classes}.") if hatched else _("Hollow marks: {classes}.")
    return said.format(classes=", ".join(figures.class_name(each, lang) for each in figures.CLASSES if each in found))


def notes(*sentences: str) -> str | None:
    """The sentences there are, as one note; None where there is none."""
    return " ".join(filter(None, sentences)) or None


def line(
    points: Sequence[Figure], name: str, colour: str, lang: str, divisor: float = 1, **more: Any
) -> dict[str, Any]:
    """Trace of one series over time, oldest first."""
    ordered = sorted(points, key=moment)
    trace = {
        "type": "scatter",
        "mode": "lines+markers" if len(ordered) > 1 else "markers",
        "name": html.escape(name),
        "x": [moment(point) for point in ordered],
        "y": [point.value / divisor for point in ordered],
        "line": {"color": colour, "width": 2, "dash": DASHES.get(ordered[0].basis, OTHER_DASH)},
        "marker": markers(ordered, colour),
        "customdata": [[point.figure_id, point.zone_id] for point in ordered],
        "hovertext": [hover(point, lang, name) for point in ordered],
        "hoverinfo": "text",
        "cliponaxis": False,
    }
    return trace | more


def table(points: Sequence[Figure], lang: str, *, by: str = "figure_id", without: Sequence[str] = ()) -> pd.DataFrame:
    """Table twin of a chart: what, where, when, how much, of which class, from whom; all cells are texts.

    Args:
        points: Figures in the order of the table.
        lang: `vi` or `en`.
        by: Attribute of the figure that becomes the index, for selecting by row.
        without: Zones that have no figure; each gets a row that says so.
    """
    _ = i18n.translator(lang)
    gap = [i18n.missing(lang)] * len(without)
    blank = [""] * len(without)
    rows = {
        _("Zone"): [figures.zone_name(each, lang) for each in [*(point.zone_id for point in points), *without]],
        _("Measure"): [figures.measure_name(point.measure, lang) for point in points] + gap,
        _("Period"): [figures.period_text(point, lang) for point in points] + blank,
        _("Value"): [_range(point, lang) for point in points] + blank,
        _("Unit"): [i18n.unit_name(point.unit, lang) for point in points] + blank,
        _("Kind"): [figures.kind_name(point.kind, lang) for point in points] + blank,
        _("Basis"): [figures.basis_name(point.basis, lang) for point in points] + blank,
        _("Class"): [figures.class_name(point.klass, lang) for point in points] + blank,
        _("Source"): [figures.source(point.source_id).get("title", "") for point in points] + blank,
    }
    ids = [*(getattr(point, by) for point in points), *without]
    return pd.DataFrame(rows, index=pd.Index(ids, name="id", dtype="object"))


def _range(point: Figure, lang: str) -> str:
    ends = [point.value] if point.value_max is None else [point.value, point.value_max]
    return "–".join(dict.fromkeys(numbers(ends, lang)))


def numbers(values: Iterable[float | None], lang: str) -> list[str]:
    """Cells of a table twin: numbers as the reader writes them, empty where unknown."""
    return ["" if value is None else i18n.number(value, lang) for value in values]
