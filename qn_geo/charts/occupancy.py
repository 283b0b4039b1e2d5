"""Charts of occupancy. Rates over different land are different measures: never on one line, and each bar says which."""

from __future__ import annotations

import html
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from qn_geo import figures, i18n
from qn_geo.charts.bars import highlight, ladder, zone_bar
from qn_geo.charts.frame import (
    FAINT,
    HEIGHT,
    SECOND,
    TEXT_SIZE,
    Chart,
    cached,
    empty,
    figure,
    legend_height,
    line,
    moment,
    notes,
    rough_note,
    table,
    time_axis,
    value_axis,
)
from qn_geo.style import ACCENT, MUTED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from qn_geo.figures import Figure

MEASURE = "occupancy_pct"
PARKS = "group-kcn"
RATED = ("KCN", "CCN")
HALVES = {"tickvals": [0, 50, 100], "ticktext": ["0%", "50%", "100%"], "tickangle": 0}
QUARTERS = {"tickvals": [0, 25, 50, 75, 100], "ticktext": ["0%", "25%", "50%", "75%", "100%"]}


@cached
def occupancy_over_time(zone_id: str, year: int | None, lang: str, neighbours: Sequence[str] | None = None) -> Chart:
    """Occupancy of a zone over time, one line a basis, beside its neighbours in grey.

    Args:
        zone_id: Zone, area or group.
        year: Last year that counts.
        lang: `vi` or `en`.
        neighbours: Zones to draw in grey; None takes the parks of the same area and the mean of all parks.
    """
    _ = i18n.translator(lang)
    own = figures.series_by_basis(zone_id, MEASURE, year)
    others = [
        points
        for other in (_neighbours(zone_id) if neighbours is None else neighbours)
        if other != zone_id and (points := figures.series(other, MEASURE, year))
    ]
    title = _("Occupancy over time")
    if not own and not others:
        return empty(title, lang)
    traces = [_neighbour(points, lang) for points in others]
    best = figures.best(zone_id, MEASURE, year)
    traces += _own(own, best, lang)
    shown = [point for points in (*own.values(), *others) for point in points]
    name = figures.short_name(zone_id, lang)
    if best is None:
        title = _("{zone}: no occupancy published").format(zone=name)
    else:
        title = _("Occupancy {value} ({period})").format(
            value=figures.value_text(best, lang), period=figures.period_text(best, lang)
        )
    return Chart(
        title=title,
        figure=figure(traces, lang, **_over_time(shown, [label(points[0], lang) for points in own.values()], lang)),
        table=table(shown, lang),
        sources=figures.source_ids(shown),
        alt=_("Line chart of occupancy of {zone} and of others ({count}). {finding}.").format(
            zone=name, count=len(others), finding=title
        ),
        note=notes(_apart(lang) if len({point.basis for point in shown}) > 1 else "", rough_note(shown, lang)),
    )


def _own(own: Mapping[str, Sequence[Figure]], best: Figure | None, lang: str) -> list[dict[str, Any]]:
    """One line a basis: the accent for the one that is shown elsewhere, a second colour for the others."""
    return [
        line(points, label(points[0], lang), ACCENT if best and basis == best.basis else SECOND, lang)
        for basis, points in own.items()
    ]


def _over_time(shown: Sequence[Figure], names: Sequence[str], lang: str) -> dict[str, Any]:
    """Layout of rates over time with a legend of these names."""
    _divisor, values = value_axis("pct", 100, lang, range=[0, 104], **QUARTERS)
    height = HEIGHT + legend_height(names)
    return {"height": height, "showlegend": True, "xaxis": time_axis(shown), "yaxis": values}


def _neighbour(points: Sequence[Figure], lang: str) -> dict[str, Any]:
    """Thin grey line of another zone, named at its last point instead of in the legend."""
    name = figures.short_name(points[0].zone_id, lang)
    trace = line(points, label(points[0], lang), MUTED, lang)
    return trace | {
        "mode": trace["mode"] + "+text",
        "line": trace["line"] | {"width": 1.3},
        "text": [""] * (len(points) - 1) + [html.escape(name)],
        "textposition": "top left" if len(points) > 1 else "top center",
        "textfont": {"color": FAINT, "size": TEXT_SIZE},
        "customdata": [[point.zone_id, point.figure_id] for point in sorted(points, key=moment)],
        "showlegend": False,
    }


def _apart(lang: str) -> str:
    _ = i18n.translator(lang)
    return _("Rates over different land cannot be compared; each has its own line.")


def _neighbours(zone_id: str) -> list[str]:
    zones = figures.book().zones
    zone = zones.get(zone_id)
    if zone is None:
        return [PARKS]
    return [other for other, row in zones.items() if row["area"] == zone["area"] and row["kind"] in RATED] + [PARKS]


def label(point: Figure, lang: str) -> str:
    """Name of a line: the zone, and what its rate is over."""
    name = figures.short_name(point.zone_id, lang)
    return f"{name}, {figures.basis_name(point.basis, lang)}" if point.basis else name


@cached
def occupancy_by_zone(zone_ids: Sequence[str], selected: str | None, year: int | None, lang: str) -> Chart:
    """Latest occupancy of these zones as bars, by basis and then the highest first; the others below, saying so."""
    rated = [zone_id for zone_id in zone_ids if figures.kind_of(zone_id) in RATED]
    known = _ranked(rated, year)
    without = [zone_id for zone_id in rated if zone_id not in {point.zone_id for point in known}]
    return _bars(known, without, selected, lang)


@cached
def ranking_occupancy(year: int | None, lang: str, selected: str | None = None) -> Chart:
    """All parks and clusters with a published occupancy, by basis and then the highest first; the title counts all."""
    _ = i18n.translator(lang)
    rated = [zone_id for zone_id in figures.book().zones if figures.kind_of(zone_id) in RATED]
    known = _ranked(rated, year)
    if not known:
        return empty(_("Occupancy by zone"), lang)
    return replace(_bars(known, [], selected, lang), title=_count(len(known), len(rated), lang))


def _ranked(zone_ids: Sequence[str], year: int | None) -> list[Figure]:
    """Best figures, rates over the same land together, the highest first."""
    known = figures.ranking(MEASURE, year, zone_ids)
    return sorted(known, key=lambda point: (figures.BASES.index(point.basis), -point.value))


def _count(known: int, rated: int, lang: str) -> str:
    _ = i18n.translator(lang)
    return _("Occupancy is published for {count} of {total} parks and clusters").format(count=known, total=rated)


def _bars(known: Sequence[Figure], without: Sequence[str], selected: str | None, lang: str) -> Chart:
    _ = i18n.translator(lang)
    if not known and not without:
        return empty(_("Occupancy by zone"), lang)
    bars = [
        zone_bar(point.zone_id, point, _bar_text(point, lang), lang, highlight(point.zone_id, selected))
        for point in known
    ] + [zone_bar(zone_id, None, "", lang) for zone_id in without]
    title = _count(len(known), len(bars), lang)
    return Chart(
        title=title,
        figure=ladder(bars, "pct", lang, selected=selected, **HALVES),
        table=table(list(known), lang, by="zone_id", without=without),
        sources=figures.source_ids(list(known)),
        alt=_("Bar chart of occupancy. {finding}.").format(finding=title),
        note=notes(
            _("The text after each bar says what the rate is over; rates over different land cannot be compared.")
            if known
            else "",
            rough_note(known, lang, hatched=True),
        ),
    )


def _bar_text(point: Figure, lang: str) -> str:
    return " · ".join(filter(None, [figures.value_text(point, lang), short_basis(point.basis, lang), point.period[:4]]))


def short_basis(basis: str, lang: str) -> str:
    """What a rate is over, short enough to stand after a bar."""
    _ = i18n.translator(lang)
    return {
        "leasable": _("leasable"),
        "industrial": _("industrial land"),
        "whole": _("whole area"),
        "phase": _("one phase"),
        "cluster": _("cluster land"),
        "equipped": _("equipped land"),
        "unstated": _("base unknown"),
        "": "",
    }[basis]


@cached
def city_occupancy(year: int | None, lang: str) -> Chart:
    """Mean occupancy of all industrial parks over time with the targets set for it."""
    _ = i18n.translator(lang)
    outlook = figures.targets(PARKS, MEASURE, year)
    own = figures.series_by_basis(PARKS, MEASURE, year)
    if not own:
        return empty(_("Mean occupancy of the industrial parks"), lang)
    traces = _own(own, outlook.actual[-1], lang)
    if outlook.ahead:
        traces.append(line(outlook.ahead, _("target"), MUTED, lang, mode="markers"))
    shown = [*(point for points in own.values() for point in points), *outlook.ahead]
    last = outlook.actual[-1]
    title = _("Industrial parks are {value} let ({period})").format(
        value=figures.value_text(last, lang), period=figures.period_text(last, lang)
    )
    return Chart(
        title=title,
        figure=figure(traces, lang, **_over_time(shown, [trace["name"] for trace in traces], lang)),
        table=table(shown, lang),
        sources=figures.source_ids(shown),
        alt=_("Line chart of the mean occupancy of all industrial parks. {finding}.").format(finding=title),
        note=notes(_apart(lang) if len(own) > 1 else "", rough_note(shown, lang)),
    )
