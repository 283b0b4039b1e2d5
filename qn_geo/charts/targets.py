"""Where the city stands against its plans, and against the starting point of the meeting of 12 October 2021."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from qn_geo import figures, i18n
from qn_geo.charts.bars import THICKNESS, Bar, ladder
from qn_geo.charts.frame import FAINT, TEXT_SIZE, Chart, cached, empty, hover
from qn_geo.horizons import THIS_YEAR, ahead
from qn_geo.schema import CITY, ZONE_GROUPS
from qn_geo.style import ACCENT, INK

if TYPE_CHECKING:
    from collections.abc import Sequence

    import plotly.graph_objects as go

    from qn_geo.figures import Figure

CITY_TARGETS = (
    "kcn_count",
    "ccn_count",
    "ccn_area_ha",
    "fdi_new_usd_m",
    "manufacturing_share_pct",
    "grdp_per_capita_usd",
    "seaport_cargo_million_t",
)
MEETING = "meeting-2021-10-12"
REFERENCE = {"type": "line", "x0": 100, "x1": 100, "line": {"color": INK, "width": 2}}
CROWDED = (80, 100)  # a text after a bar of this length would stand on the line
LEAST = 108  # per cent: the axis always reaches beyond the line
HIGHEST = 200  # per cent; longer bars are cut there, their number tells


@dataclass(frozen=True, slots=True)
class Pair:
    """A figure and the one it is measured against: a target, or the starting point."""

    now: Figure | None
    reference: Figure

    @property
    def share(self) -> float | None:
        """Per cent of the reference that is reached."""
        return None if self.now is None or not self.reference.value else 100 * self.now.value / self.reference.value


@cached
def actual_vs_target(year: int | None, lang: str, measures: Sequence[str] = CITY_TARGETS) -> Chart:
    """How much of each target is reached, in per cent of it; measures without both a target and a fact are left out.

    A target whose year has passed is measured against that year; one still ahead against the newest figure. For a plan
    horizon only the targets for it and beyond count: what was due before it has no place there.
    """
    _ = i18n.translator(lang)
    pairs = [pair for measure in measures if (pair := _target(measure, year)) is not None]
    if not pairs:
        return empty(_("Against the targets"), lang)
    shares = [pair.share for pair in pairs if pair.share is not None]
    said = _("{count} targets for {years}: {low} to {high} reached")
    title = (said if len(pairs) > 1 else _("The target for {years}: {low} reached")).format(
        count=len(pairs),
        years=_years(pairs),
        low=i18n.percent(min(shares), lang, 0),
        high=i18n.percent(max(shares), lang, 0),
    )
    return Chart(
        title=title,
        figure=_shares(pairs, _("% of the target"), lang),
        table=_table(pairs, _("Target"), lang),
        sources=figures.source_ids([point for pair in pairs for point in _both(pair)]),
        alt=_("Bars of how much of each target is reached. {finding}.").format(finding=title),
        note=_("The line marks the target; where it is a range, its low end."),
    )


def _target(measure: str, year: int | None) -> Pair | None:
    for place in ZONE_GROUPS:
        for goal in figures.goals(place, measure, year):
            due = goal.year or 0
            if year is not None and due < year and ahead(year):
                continue
            now = figures.best(place, measure, min(filter(None, (goal.year, year)), default=None), basis=goal.basis)
            passed = year is not None and due <= min(year, THIS_YEAR)
            if now is not None and not (passed and _is_yearly(measure) and now.year != goal.year):
                return Pair(now, goal)
    return None


def _years(pairs: Sequence[Pair]) -> str:
    """Return the years of the targets, the first and the last where they differ."""
    years = sorted({pair.reference.period[:4] or "?" for pair in pairs})
    return "–".join(dict.fromkeys((years[0], years[-1])))


def _is_yearly(measure: str) -> bool:
    found = figures.book().measures.get(measure)
    return found is not None and found.flow == "new"


@cached
def start_2021(lang: str, year: int | None = None) -> Chart:
    """The figures the meeting of 12 October 2021 started from, and the newest ones of the same scope."""
    _ = i18n.translator(lang)
    start = [point for point in figures.book().figures.values() if point.source_id == MEETING]
    if not start:
        return empty(_("Starting point of 12 October 2021"), lang)
    pairs = [Pair(_later(point, year), point) for point in sorted(start, key=_meeting_order)]
    moved = [pair for pair in pairs if pair.share is not None]
    title = _("Starting point of 12 October 2021")
    if moved:
        most = max(moved, key=lambda pair: pair.share or 0)
        title = _("Since 12 October 2021: {measure} {then} → {now}").format(
            measure=figures.bare_name(most.reference.measure, lang),
            then=_bare(most.reference, lang),
            now=_bare(most.now or most.reference, lang),
        )
    return Chart(
        title=title,
        figure=_shares(pairs, _("12 October 2021 = 100"), lang),
        table=_table(pairs, _("12 October 2021"), lang),
        sources=figures.source_ids([point for pair in pairs for point in _both(pair)]),
        alt=_("Bars of the newest figures against those of the meeting of 12 October 2021. {finding}.").format(
            finding=title
        ),
        note=_("Only figures of the same scope are set against the start; where none is newer, there is no bar."),
    )


def _meeting_order(point: Figure) -> tuple[bool, str, str]:
    return (point.zone_id != CITY, point.unit, point.figure_id)


def _later(start: Figure, year: int | None) -> Figure | None:
    """Newest claim for the same zone, measure and basis, if it is newer than the start."""
    point = figures.best(start.zone_id, start.measure, year, basis=start.basis)
    return point if point is not None and point.sort_date > start.sort_date else None


def _both(pair: Pair) -> list[Figure]:
    return [point for point in (pair.now, pair.reference) if point is not None]


def _shares(pairs: Sequence[Pair], axis_title: str, lang: str) -> go.Figure:
    """Bars in per cent of the reference, which is a line at 100."""
    drawn = ladder(
        [_bar(pair, lang) for pair in pairs],
        "pct",
        lang,
        tickvals=[0, 50, 100, 150, 200],
        title={"text": html.escape(axis_title), "font": {"size": TEXT_SIZE, "color": FAINT}, "standoff": 6},
    )
    drawn.layout.xaxis.range = [0, max(drawn.layout.xaxis.range[1], LEAST)]
    marks = [place for trace in drawn.data if trace.type == "bar" for place in trace.y]
    drawn.layout.shapes = [REFERENCE | {"y0": at - THICKNESS / 2, "y1": at + THICKNESS / 2 + 3} for at in marks]
    return drawn


def _bar(pair: Pair, lang: str) -> Bar:
    _ = i18n.translator(lang)
    name = figures.bare_name(pair.reference.measure, lang)
    before = hover(pair.reference, lang, name if pair.now is None else "")
    return Bar(
        id=(pair.now or pair.reference).figure_id,
        name=name,
        value=None if pair.share is None else min(pair.share, HIGHEST),
        text=i18n.percent(pair.share, lang, 0) if pair.now else _("nothing newer"),
        hover=f"{hover(pair.now, lang, name)}<br>{before}" if pair.now else before,
        colour=ACCENT,
        detail=_numbers(pair, lang),
        inside=pair.share is not None and CROWDED[0] <= pair.share < CROWDED[1],
        also=pair.reference.zone_id,
    )


def _numbers(pair: Pair, lang: str) -> str:
    """Both numbers with their years: `13 (2025) / 36 (2030)` against a target, `7 → 13 (2025)` since a start."""
    if pair.now is None:
        return _bare(pair.reference, lang)
    now = _short(pair.now, lang)
    if pair.reference.kind != "actual":
        return f"{now} / {_short(pair.reference, lang)}"
    return f"{_bare(pair.reference, lang)} → {now}"


def _short(point: Figure, lang: str) -> str:
    return f"{_bare(point, lang)} ({point.period[:4] or '?'})"


def _bare(point: Figure, lang: str) -> str:
    return figures.bare_text(point, lang, compact=True)


def _table(pairs: Sequence[Pair], reference: str, lang: str) -> pd.DataFrame:
    _ = i18n.translator(lang)
    columns = {
        _("Measure"): [figures.measure_name(pair.reference.measure, lang) for pair in pairs],
        _("Zone"): [figures.zone_name(pair.reference.zone_id, lang) for pair in pairs],
        reference: [_dated(pair.reference, lang) for pair in pairs],
        _("Newest figure"): [_dated(pair.now, lang) if pair.now else i18n.missing(lang) for pair in pairs],
        _("Share"): [i18n.percent(pair.share, lang, 0) for pair in pairs],
        _("Source"): [figures.source(pair.reference.source_id).get("title", "") for pair in pairs],
    }
    return pd.DataFrame(columns, index=pd.Index([pair.reference.figure_id for pair in pairs], name="id"))


def _dated(point: Figure, lang: str) -> str:
    return f"{figures.bare_text(point, lang)} ({figures.period_text(point, lang)})"
