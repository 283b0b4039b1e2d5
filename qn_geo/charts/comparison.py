"""One measure of several zones side by side, on one scale."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qn_geo import figures, i18n
from qn_geo.charts.bars import ladder, zone_bar
from qn_geo.charts.frame import (
    HEIGHT,
    Chart,
    cached,
    empty,
    figure,
    legend_height,
    line,
    notes,
    rough_note,
    table,
    time_axis,
    value_axis,
)
from qn_geo.charts.occupancy import HALVES, label, short_basis
from qn_geo.style import COMPARED_COLOURS, EDGE

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import plotly.graph_objects as go

    from qn_geo.figures import Figure

LINES_FROM = 2  # zones with at least two points each: below that bars tell more


@cached
def comparison(zone_ids: Sequence[str], measure: str, year: int | None, lang: str) -> Chart:
    """A measure over time where at least two zones have a series, else the newest figures as bars.

    Each zone keeps its place and colour in every chart of one comparison; among more zones than there are colours
    that can be told apart, none has one of its own.
    """
    _ = i18n.translator(lang)
    title = figures.measure_name(measure, lang)
    newest = {zone_id: figures.known(zone_id, measure, year) for zone_id in zone_ids}
    known = [point for point in newest.values() if point is not None]
    if not known:
        return empty(title, lang)
    series = {zone_id: figures.series(zone_id, measure, year) for zone_id in zone_ids}
    over_time = sum(len(points) > 1 for points in series.values()) >= LINES_FROM
    shown = [point for points in series.values() for point in points] if over_time else known
    most = max(known, key=lambda point: point.value_max or point.value)
    bases = {point.basis for point in shown}
    units = {point.unit for point in shown}
    return Chart(
        title=_("{measure}: highest {zone}, {value}").format(
            measure=figures.bare_name(measure, lang),
            zone=figures.short_name(most.zone_id, lang),
            value=figures.bare_text(most, lang, compact=True),
        )
        if len(known) > 1 and len(bases) == 1 and len(units) == 1 and [p.value for p in known].count(most.value) == 1
        else title,
        figure=_lines(series, lang) if over_time else _bars(newest, known[0].unit, lang),
        table=table(shown, lang, by="zone_id"),
        sources=figures.source_ids(shown),
        alt=_("{measure} of {zones} side by side.").format(
            measure=title, zones=", ".join(figures.short_name(zone_id, lang) for zone_id in zone_ids)
        ),
        note=notes(
            _("Rates over different land cannot be compared; the basis stands beside each.") if len(bases) > 1 else "",
            rough_note(shown, lang, hatched=not over_time),
        ),
    )


def _colours(count: int) -> Sequence[str]:
    return COMPARED_COLOURS[:count] if count <= len(COMPARED_COLOURS) else (EDGE,) * count


def _lines(series: Mapping[str, list[Figure]], lang: str) -> go.Figure:
    shown = [point for points in series.values() for point in points]
    divisor, values = value_axis(shown[0].unit, max(point.value for point in shown), lang)
    traces = [
        line(points, label(points[0], lang), colour, lang, divisor)
        | {"customdata": [[zone_id, point.figure_id] for point in points]}
        for colour, (zone_id, points) in zip(_colours(len(series)), series.items(), strict=True)
        if points
    ]
    height = HEIGHT + legend_height(trace["name"] for trace in traces)
    return figure(traces, lang, height=height, showlegend=True, xaxis=time_axis(shown), yaxis=values)


def _bars(newest: Mapping[str, Figure | None], unit: str, lang: str) -> go.Figure:
    highest = max(point.value for point in newest.values() if point is not None)
    bars = [
        zone_bar(zone_id, point, _text(point, highest, lang) if point else "", lang, colour)
        for colour, (zone_id, point) in zip(_colours(len(newest)), newest.items(), strict=True)
    ]
    axis: dict[str, Any] = HALVES if unit == "pct" else {}
    return ladder(bars, unit, lang, **axis)


def _text(point: Figure, highest: float, lang: str) -> str:
    value = figures.bare_text(point, lang, compact=True, beside=highest)
    return " · ".join(filter(None, [value, short_basis(point.basis, lang), point.period[:4]]))
