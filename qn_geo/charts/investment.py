"""Charts of investment. US dollars and VND never share an axis, published and our own sums never a line.

Where a place has no published series, the projects we know of stand in: a lower bound, drawn hollow or hatched.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from qn_geo import figures, i18n
from qn_geo.charts.bars import fill, highlight, ladder, zone_bar
from qn_geo.charts.frame import (
    HEIGHT,
    ROUGH,
    SECOND,
    Chart,
    cached,
    empty,
    figure,
    hover,
    legend_height,
    line,
    notes,
    rough_note,
    table,
    time_axis,
    value_axis,
)
from qn_geo.style import ACCENT, MUTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qn_geo.figures import Figure

CUMULATIVE = {
    "usd_m": ("fdi_registered_usd_m", "investment_registered_usd_m", "fdi_registered_known_usd_m"),
    "vnd_bn": ("domestic_registered_vnd_bn", "investment_registered_vnd_bn", "investment_attracted_vnd_bn"),
}
COLOURS = (ACCENT, SECOND, MUTED)
GREW = (2, 20)  # times the start: a multiple worth a headline
GAP = 0.3  # share of the height between two panels: the upper one's years and the lower one's legend
TWO_PANELS = 330  # pixels


@dataclass(frozen=True, slots=True)
class Panel:
    """One currency: its unit and its traces' series, each with name, colour and points."""

    unit: str
    series: tuple[tuple[str, str, tuple[Figure, ...]], ...]

    @property
    def points(self) -> list[Figure]:
        """All points of the panel."""
        return [point for _, _, points in self.series for point in points]


@cached
def investment_cumulative(zone_id: str, year: int | None, lang: str) -> Chart:
    """Registered capital over time: US dollars above, VND below, each with its own axis."""
    _ = i18n.translator(lang)
    panels = _published(zone_id, year, lang) or _known(zone_id, year, lang)
    if not panels:
        return empty(_("Registered capital"), lang)
    traces, layout = _stack(panels, lang, _lines)
    shown = [point for panel in panels for point in panel.points]
    title = _growth(panels[0].series[0][2], lang)
    ours = any(_is_sum(point) for point in shown)
    return Chart(
        title=title,
        figure=figure(traces, lang, **layout),
        table=table(shown, lang),
        sources=figures.source_ids(shown),
        alt=_("Registered capital of {zone} over time. {finding}.").format(
            zone=figures.short_name(zone_id, lang), finding=title
        ),
        note=notes(
            _("Dotted: the projects we know of added up, a lower bound and not the published total.") if ours else "",
            rough_note(shown, lang),
        ),
    )


def _published(zone_id: str, year: int | None, lang: str) -> list[Panel]:
    """Published series of each currency; a single point is given the known projects of its currency for company."""
    panels = []
    for unit, measures in CUMULATIVE.items():
        found = [
            (figures.measure_name(measure, lang), tuple(points))
            for measure in measures
            if (points := figures.series(zone_id, measure, year))
        ]
        if found and max(len(points) for _, points in found) == 1:
            found += _sums(zone_id, unit, year, lang)
        if found:
            panels.append(_panel(unit, found))
    return panels


def _known(zone_id: str, year: int | None, lang: str) -> list[Panel]:
    """Known projects of each currency, for a place without any published sum."""
    found = {unit: _sums(zone_id, unit, year, lang) for unit in CUMULATIVE}
    return [_panel(unit, sums) for unit, sums in found.items() if sums]


def _panel(unit: str, found: Sequence[tuple[str, tuple[Figure, ...]]]) -> Panel:
    return Panel(unit, tuple((name, colour, points) for (name, points), colour in zip(found, COLOURS, strict=False)))


def _sums(zone_id: str, unit: str, year: int | None, lang: str) -> list[tuple[str, tuple[Figure, ...]]]:
    points = _known_by_year(zone_id, unit, year)
    return [(figures.measure_name(points[0].measure, lang), points)] if points else []


def _is_sum(point: Figure) -> bool:
    return point.figure_id.startswith("sum:")


def _known_by_year(zone_id: str, unit: str, year: int | None) -> tuple[Figure, ...]:
    return tuple(figures.known_capital_by_year(zone_id, "usd" if unit == "usd_m" else "vnd", year))


def _growth(points: Sequence[Figure], lang: str) -> str:
    """Title of a cumulative series: where it stands, and against its start where it has at least doubled.

    A sum of ours is a lower bound, which says nothing about growth; and what grew from nearly nothing is no news.
    """
    _ = i18n.translator(lang)
    first, last = points[0], points[-1]
    words = {
        "measure": figures.bare_name(last.measure, lang),
        "value": figures.value_text(last, lang, compact=True),
        "period": figures.period_text(last, lang),
    }
    published = not {first.klass, last.klass} & ROUGH
    if published and first.value and GREW[0] <= last.value / first.value <= GREW[1]:
        words["times"] = i18n.number(round(last.value / first.value, 1), lang)
        words["start"] = figures.period_text(first, lang)
        return _("{measure}: {value} ({period}), {times} times {start}").format(**words)
    return _("{measure}: {value} ({period})").format(**words)


def _lines(panel: Panel, divisor: float, lang: str) -> list[dict[str, Any]]:
    return [
        line(points, name, colour, lang, divisor, line={"color": colour, "width": 2, "dash": _dash(points)})
        for name, colour, points in panel.series
    ]


def _dash(points: Sequence[Figure]) -> str:
    return "dot" if _is_sum(points[0]) else "solid"


def _stack(panels: Sequence[Panel], lang: str, draw: Any) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """One or two panels above each other on the same years, each with its own axis and legend."""
    shown = [point for panel in panels for point in panel.points]
    names = [name for panel in panels for name, _, _ in panel.series]
    layout: dict[str, Any] = {"showlegend": len(names) > 1}
    traces: list[dict[str, Any]] = []
    domains = [[0.0, 1.0]] if len(panels) == 1 else [[0.5 + GAP / 2, 1.0], [0.0, 0.5 - GAP / 2]]
    for place, (panel, domain) in enumerate(zip(panels, domains, strict=True), start=1):
        suffix = "" if place == 1 else str(place)
        divisor, values = value_axis(panel.unit, max(point.value for point in panel.points), lang)
        layout["yaxis" + suffix] = values | {"domain": domain, "anchor": "x" + suffix}
        layout["xaxis" + suffix] = time_axis(shown, anchor="y" + suffix)
        if place > 1:
            layout["legend" + suffix] = {
                "orientation": "h",
                "x": 0,
                "y": domain[1] + 0.02,
                "yanchor": "bottom",
                "itemclick": False,
                "itemdoubleclick": False,
            }
        home = {"xaxis": "x" + suffix, "yaxis": "y" + suffix, "legend": "legend" + suffix}
        traces += [trace | home for trace in draw(panel, divisor, lang)]
    layout["height"] = TWO_PANELS if len(panels) > 1 else HEIGHT + legend_height(names)
    return traces, layout


@cached
def investment_new(zone_id: str, year: int | None, lang: str) -> Chart:
    """Capital drawn in each year: FDI in US dollars above, domestic capital in VND below; parts of a year hatched."""
    _ = i18n.translator(lang)
    drawn = figures.new_investment(zone_id, year)
    panels = [
        Panel("usd_m", _named((ACCENT, _("FDI, new in the year"), drawn.fdi, drawn.fdi_ytd))),
        Panel(
            "vnd_bn",
            _named(
                (SECOND, _("Domestic, new in the year"), drawn.domestic, drawn.domestic_ytd),
                (MUTED, _("All investment, new in the year"), drawn.total, drawn.total_ytd),
            ),
        ),
    ]
    panels = [panel for panel in panels if panel.series]
    if not panels:
        return _new_from_projects(zone_id, year, lang)
    title = _newest_year(panels[0], lang)
    return _new_chart(zone_id, panels, title, _("Hatched bars run only from 1 January to the month shown."), lang)


def _named(
    *groups: tuple[str, str, Sequence[Figure], Sequence[Figure]],
) -> tuple[tuple[str, str, tuple[Figure, ...]], ...]:
    """Series for a panel: whole and part years of one kind together; empty ones left out."""
    return tuple((name, colour, (*whole, *part)) for colour, name, whole, part in groups if whole or part)


def _newest_year(panel: Panel, lang: str) -> str:
    _ = i18n.translator(lang)
    newest = max(panel.series[0][2], key=lambda point: point.sort_date)
    part = "_ytd_" in newest.measure
    text = _("{name}: {value} (to {period})") if part else _("{name}: {value} ({period})")
    return text.format(
        name=figures.bare_name(newest.measure, lang),
        value=figures.value_text(newest, lang, compact=True),
        period=figures.period_text(newest, lang),
    )


def _new_from_projects(zone_id: str, year: int | None, lang: str) -> Chart:
    """Capital of the known projects by the year of their certificate, where no yearly figure is published."""
    _ = i18n.translator(lang)
    panels = []
    for unit, colour, name in (
        ("usd_m", ACCENT, _("Known projects, USD")),
        ("vnd_bn", SECOND, _("Known projects, VND")),
    ):
        sums = _known_by_year(zone_id, unit, year)
        steps = tuple(
            replace(point, value=point.value - before)
            for point, before in zip(sums, (0.0, *(point.value for point in sums)), strict=False)
        )
        if steps:
            panels.append(Panel(unit, ((name, colour, steps),)))
    if not panels:
        return empty(_("New investment by year"), lang)
    note = _("No yearly figure is published; the bars add up the projects we know of by the year of their certificate.")
    return _new_chart(zone_id, panels, _("Known projects by the year of their certificate"), note, lang)


def _new_chart(zone_id: str, panels: Sequence[Panel], title: str, note: str, lang: str) -> Chart:
    _ = i18n.translator(lang)
    traces, layout = _stack(panels, lang, _yearly)
    shown = [point for panel in panels for point in panel.points]
    return Chart(
        title=title,
        figure=figure(traces, lang, **layout),
        table=table(shown, lang),
        sources=figures.source_ids(shown),
        alt=_("Bar chart of the capital {zone} drew in each year. {finding}.").format(
            zone=figures.short_name(zone_id, lang), finding=title
        ),
        note=note if any(_partial(point) for point in shown) else None,
    )


def _partial(point: Figure) -> bool:
    """Whether a bar does not tell the whole year."""
    return "_ytd_" in point.measure or _is_sum(point)


def _yearly(panel: Panel, divisor: float, lang: str) -> list[dict[str, Any]]:
    traces = []
    for name, colour, points in panel.series:
        traces.append(
            {
                "type": "bar",
                "name": name,
                "x": [(point.year or 0) + 0.5 for point in points],
                "y": [point.value / divisor for point in points],
                "marker": fill([colour] * len(points), [_partial(point) for point in points]),
                "customdata": [[point.figure_id, point.zone_id] for point in points],
                "hovertext": [hover(point, lang, name) for point in points],
                "hoverinfo": "text",
            }
        )
    return traces


@cached
def investment_by_zone(
    zone_ids: Sequence[str], selected: str | None, year: int | None, lang: str, currency: Literal["usd", "vnd"] = "usd"
) -> Chart:
    """Registered capital of these zones as bars, the highest first.

    Published capital where there is any, else the sum over the known projects, hatched. Zones nest, so bars may hold
    the same money twice and must not be added up.
    """
    _ = i18n.translator(lang)
    known = {
        zone_id: point for zone_id in zone_ids if (point := figures.registered(zone_id, currency, year)) is not None
    }
    title = _("Registered capital in USD by zone") if currency == "usd" else _("Registered capital in VND by zone")
    if not known:
        return empty(title, lang)
    order = sorted(known.values(), key=lambda point: (-point.value, point.zone_id))
    without = [zone_id for zone_id in zone_ids if zone_id not in known]
    return _zone_chart(order, without, selected, title, lang)


@cached
def ranking_investment(year: int | None, lang: str, selected: str | None = None) -> Chart:
    """All zones by registered capital in US dollars, the highest ten; the note counts the zones without a figure."""
    _ = i18n.translator(lang)
    zones = figures.book().zones
    known = [point for zone_id in zones if (point := figures.registered(zone_id, "usd", year)) is not None]
    if not known:
        return empty(_("Registered capital in USD by zone"), lang)
    order = sorted(known, key=lambda point: (-point.value, point.zone_id))
    title = _("Registered capital in USD by zone")
    chart = _zone_chart(order[:10], [], selected, title, lang)
    gap = _("Zones without a figure in USD: {count}.").format(count=len(zones) - len(known))
    return replace(chart, note=f"{chart.note} {gap}")


def _zone_chart(order: Sequence[Figure], without: Sequence[str], selected: str | None, title: str, lang: str) -> Chart:
    _ = i18n.translator(lang)
    bars = [
        zone_bar(point.zone_id, point, _bar_text(point, order[0], lang), lang, highlight(point.zone_id, selected))
        for point in order
    ] + [zone_bar(zone_id, None, "", lang) for zone_id in without]
    return Chart(
        title=title,
        figure=ladder(bars, order[0].unit, lang, selected=selected),
        table=table(list(order), lang, by="zone_id", without=without),
        sources=figures.source_ids(list(order)),
        alt=_("Bar chart of registered capital. {finding}.").format(finding=title),
        note=notes(
            _("After each bar: what it counts; known: the sum over the projects we know of, a lower bound."),
            rough_note(order, lang, hatched=True),
            _("Zones lie inside one another: do not add the bars."),
        ),
    )


def _bar_text(point: Figure, highest: Figure, lang: str) -> str:
    value = figures.bare_text(point, lang, compact=True, beside=highest.value)
    return " · ".join(filter(None, [value, figures.scope_name(point.measure, lang), point.period[:4]]))
