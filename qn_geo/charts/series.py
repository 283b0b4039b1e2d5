"""What a chart shows, apart from how Plotly says it: series, marks, names, axes. The one reader of its dictionaries.

Pictures on paper and native charts on slides are made from this, so that they hold what the screen holds.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from qn_geo.charts.frame import PAPER
from qn_geo.style import MUTED

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from qn_geo.charts.frame import Chart

_MARKUP = re.compile(r"<[^>]*>")
_HYPHEN = re.compile(r"(?<=\w)-<br>(?=\w)")  # a line was broken after a hyphen, where no space stood
_DETAIL = re.compile(r"<span[^>]*>(.*?)</span>")


@dataclass(frozen=True, slots=True)
class Mark:
    """One bar or point.

    Attributes:
        id: What a click selects: a zone, a figure, a sector, a row of land use.
        also: Second id, such as that of the figure behind a zone's bar; or empty.
        at: Place on the axis of names, or the year with its fraction; half past a year is its middle.
        value: In the unit of the value axis; None where nothing is published.
        text: What stands beside it; a gap says here that nothing is published.
        colour: Of its fill and outline.
        hatched: A bar whose number is ours or tells only part.
        hollow: Nothing but an outline: a plan beside what is in force, or a point whose number is ours.
        inside: The text stands in the bar's end instead of after it.
        diamond: A plan or a target among facts.
    """

    id: str
    also: str
    at: float
    value: float | None
    text: str
    colour: str
    hatched: bool = False
    hollow: bool = False
    inside: bool = False
    diamond: bool = False


@dataclass(frozen=True, slots=True)
class Series:
    """Marks that belong together.

    Attributes:
        name: In the legend; empty where a chart has one series only.
        marks: In the order of the axis.
        colour: Of line and legend.
        dash: `solid`, `dash`, `dashdot`, `dot` or `longdash`: what a rate is over, or that it is our sum.
        joined: Whether a line joins the points.
        width: Of that line, in pixels on screen.
        listed: Whether the legend names it.
    """

    name: str
    marks: tuple[Mark, ...]
    colour: str
    dash: str = "solid"
    joined: bool = False
    width: float = 2.0
    listed: bool = True

    @property
    def values(self) -> tuple[float | None, ...]:
        """Values of the marks."""
        return tuple(mark.value for mark in self.marks)

    def over(self, categories: Sequence[Category]) -> tuple[Mark | None, ...]:
        """Return the mark at each category, None where the series has none."""
        marks = {mark.at: mark for mark in self.marks}
        return tuple(marks.get(category.at) for category in categories)


@dataclass(frozen=True, slots=True)
class Category:
    """A name on the axis of names: a zone, a use, a measure, or a year under bars.

    Attributes:
        at: Its place on the axis.
        name: The name.
        detail: Fainter text after the name, or empty.
        bold: It is the chosen one.
    """

    at: float
    name: str
    detail: str = ""
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis.

    Attributes:
        title: Unit, or what is shown; may be empty.
        suffix: After each number, such as the per cent sign.
        low: Its start.
        high: Its end; None where the values decide.
        ticks: Places with their texts; empty where the values decide.
        step: Distance between ticks; None where the values decide.
    """

    title: str = ""
    suffix: str = ""
    low: float = 0.0
    high: float | None = None
    ticks: tuple[tuple[float, str], ...] = ()
    step: float | None = None


@dataclass(frozen=True, slots=True)
class Panel:
    """Series on one pair of axes.

    Attributes:
        series: All of one kind.
        categories: Names along the axis; empty where points lie on a time axis.
        values: Axis of the values.
        years: Time axis; None where names stand instead.
        above: Names stand above the bars instead of before them.
        reference: Value of a line that bars are held against, such as the target; or None.
    """

    series: tuple[Series, ...]
    categories: tuple[Category, ...]
    values: Axis
    years: Axis | None = None
    above: bool = False
    reference: float | None = None

    @property
    def highest(self) -> float:
        """Largest value; 1 where there is none above zero."""
        return max((value for each in self.series for value in each.values if value is not None), default=1.0) or 1.0


@dataclass(frozen=True, slots=True)
class Plotted:
    """A chart's content.

    Attributes:
        kind: `bar` or `line`; `none` where nothing is published.
        horizontal: Bars run from left to right.
        panels: From the top down, each with its own unit.
        legend: Whether a legend names the series.
        message: What stands instead of a picture where nothing is published; else empty.
        height: On screen, pixels.
    """

    kind: Literal["bar", "line", "none"]
    horizontal: bool
    panels: tuple[Panel, ...]
    legend: bool
    message: str = ""
    height: float = 240.0


def read(chart: Chart) -> Plotted:
    """Return what a chart shows, with texts free of markup."""
    drawn = chart.figure.to_dict()
    traces, layout = drawn["data"], drawn["layout"]
    height = float(layout["height"])
    if not traces:
        message = _plain(layout["annotations"][0]["text"])
        return Plotted("none", horizontal=False, panels=(), legend=False, message=message, height=height)
    if layout["yaxis"].get("range", [0, 1])[1] == 0:  # rows are counted from the top down
        return Plotted("bar", horizontal=True, panels=(_ladder(traces, layout),), legend=False, height=height)
    kind: Literal["bar", "line"] = "bar" if traces[0]["type"] == "bar" else "line"
    homes = list(dict.fromkeys(trace.get("yaxis", "y") for trace in traces))
    panels = tuple(
        _over_time([trace for trace in traces if trace.get("yaxis", "y") == home], layout, home[1:]) for home in homes
    )
    return Plotted(kind, horizontal=False, panels=panels, legend=bool(layout["showlegend"]), height=height)


def _ladder(traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any]) -> Panel:
    """Bars with names: marks without a value are a trace of their own in Plotly, here they stand in their place."""
    marks = sorted((mark for trace in traces for mark in _marks(trace, "y", "x")), key=lambda mark: mark.at)
    above = bool(layout.get("annotations"))
    if above:
        texts = [each["text"] for each in sorted(layout["annotations"], key=lambda each: each["y"])]
    else:
        texts = list(layout["yaxis"]["ticktext"])
    shapes = layout.get("shapes") or ()
    return Panel(
        series=(Series("", tuple(marks), marks[0].colour, listed=False),),
        categories=tuple(_category(mark.at, text) for mark, text in zip(marks, texts, strict=True)),
        values=_axis(layout["xaxis"]),
        above=above,
        reference=float(shapes[0]["x0"]) if shapes else None,
    )


def _category(at: float, text: str) -> Category:
    found = _DETAIL.search(text)
    return Category(at, _plain(_DETAIL.sub("", text)), _plain(found[1]) if found else "", "<b>" in text)


def _over_time(traces: Sequence[Mapping[str, Any]], layout: Mapping[str, Any], suffix: str) -> Panel:
    bars = traces[0]["type"] == "bar"
    series = tuple(_series(trace) for trace in traces)
    years = sorted({int(mark.at) for each in series for mark in each.marks})
    names = tuple(Category(year + 0.5, str(year)) for year in range(years[0], years[-1] + 1)) if bars else ()
    return Panel(series, names, _axis(layout["yaxis" + suffix]), years=_axis(layout["xaxis" + suffix]))


def _series(trace: Mapping[str, Any]) -> Series:
    line = trace.get("line", {})
    marks = tuple(sorted(_marks(trace, "x", "y"), key=lambda mark: mark.at))
    return Series(
        name=_plain(trace.get("name", "")),
        marks=marks,
        colour=line.get("color", marks[0].colour),
        dash=line.get("dash", "solid"),
        joined="lines" in trace.get("mode", ""),
        width=line.get("width", 2.0),
        listed=trace.get("showlegend", True),
    )


def _marks(trace: Mapping[str, Any], along: str, values: str) -> Iterable[Mark]:
    """Marks of a trace; a ladder's gaps are a trace of points among bars, without a value."""
    marker, count = trace["marker"], len(trace[along])
    bar = trace["type"] == "bar"
    gap = not bar and values == "x"
    edges = _each(marker.get("line", {}).get("color", marker["color"]), count)
    fills = _each(marker["color"], count)
    hatches = _each(marker.get("pattern", {}).get("shape", ""), count)
    symbols = _each(marker.get("symbol", "circle"), count)
    places = _each(trace.get("textposition", ""), count)
    texts = _each(trace.get("text", ""), count)
    for number, at in enumerate(trace[along]):
        ids = trace["customdata"][number]
        yield Mark(
            id=str(ids[0]),
            also=str(ids[1]),
            at=float(at),
            value=None if gap else float(trace[values][number]),
            text=_plain(texts[number]),
            colour=MUTED if gap else edges[number],
            hatched=bool(hatches[number]),
            hollow=gap or (fills[number] == PAPER and edges[number] != PAPER),
            inside=places[number] == "inside",
            diamond="diamond" in symbols[number],
        )


def _each(value: Any, count: int) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value] * count


def _axis(axis: Mapping[str, Any]) -> Axis:
    title = axis.get("title") or {}
    low, high = axis.get("range") or (0.0, None)
    ticks = axis.get("tickvals") or ()
    suffix = axis.get("ticksuffix") or ""
    texts = axis.get("ticktext") or [f"{each:g}{suffix}" for each in ticks]
    return Axis(
        title=_plain(title.get("text") or "") if isinstance(title, dict) else _plain(title),
        suffix=suffix,
        low=float(low),
        high=None if high is None else float(high),
        ticks=tuple((float(at), _plain(str(text))) for at, text in zip(ticks, texts, strict=True)),
        step=axis.get("dtick"),
    )


def _plain(text: str) -> str:
    """Text as it was before it became Plotly's small HTML, on one line."""
    return " ".join(html.unescape(_MARKUP.sub(" ", _HYPHEN.sub("-", text))).split())
