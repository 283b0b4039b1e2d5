"""The panel beside the map: what is chosen, its figures and its charts.

A click on a chart chooses like a click on the map.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from qn_geo import cards, figures, i18n, identify, sheets, state, things
from qn_geo.ui.shell import guarded

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from qn_geo.charts import Chart

CHART_CONFIG: Final = {"displayModeBar": False, "scrollZoom": False, "displaylogo": False}
_GROUP: Final = "w-charts"


def title(view: state.View, text: str) -> None:
    """Draw the panel's head: what it is about, and the button that forgets the choice (also Esc)."""
    _ = i18n.translator(view.lang)
    if view.pick and not view.zone:
        with guarded(view.lang):
            text = things.name(view.pick, view.lang) or text
    chosen = view.zone or view.plot or view.pick or view.at
    with st.container(key="panel-head", horizontal=True, vertical_alignment="center"):
        st.html(f'<h2 class="qn-title">{sheets.escape(text)}</h2>')
        if chosen:
            st.button(_("Clear"), key="w-clear", icon=":material/close:", shortcut="Esc", on_click=state.clear)


def sheet(view: state.View, hint: str, place_id: str | None = None, beside: str | None = None) -> None:
    """Draw the sheet of the chosen zone or thing, the headline figures, and what lies at the point asked about.

    Args:
        view: What is chosen.
        hint: What to say while nothing is.
        place_id: Whose figures stand here; None draws none.
        beside: A place whose figures fill the gaps of the first.
    """
    with st.container(key="sheet", gap="small"):
        if view.zone:
            with guarded(view.lang):
                st.html(sheets.zone(view.zone, view.year, view.lang))
        if view.pick:
            with guarded(view.lang):
                if told := things.sheet(view.pick, view.lang):
                    st.html(told)
        if not (view.zone or view.pick or view.at):
            st.html(f'<p class="qn-hint">{sheets.escape(hint)}</p>')
        if place_id:
            _headline(view, place_id, beside)
        if view.at:
            with guarded(view.lang):
                _place(view)


def _headline(view: state.View, place_id: str, beside: str | None) -> None:
    """Draw the headline figures; under the sheet of something else, such as a project, they say whose they are."""
    with st.container(key="figures", gap="small"), guarded(view.lang):
        if view.pick and not view.zone:
            st.html(f'<h3 class="qn-title">{sheets.escape(figures.zone_name(place_id, view.lang))}</h3>')
        st.html(cards.headline(place_id, view.year, view.lang, beside))


def _place(view: state.View) -> None:
    _ = i18n.translator(view.lang)
    lon, lat = view.at or (0.0, 0.0)
    found = identify.at(lon, lat, view.year)
    here = [str(row["zone_id"]) for row in found.zones]
    if len(here) > 1:
        st.pills(
            _("Zones at this point"),
            here,
            key=state.prepared("w-here", view.zone if view.zone in here else None),
            format_func=lambda zone_id: figures.short_name(zone_id, view.lang),
            on_change=_choose_here,
        )
    st.html(sheets.place(found, lon, lat, view.lang, view.pick))


def _choose_here() -> None:
    state.update(zone=st.session_state["w-here"])


def draw(make: Callable[[], Chart], key: str, lang: str) -> None:
    """Draw one chart with its title, sources and table twin; a damaged file becomes a message in its place.

    Clicks on bars and points are heard by the map's frame, which knows every zone (see `static/qn-link.js`).
    """
    with st.container(key=f"chart-{key}", gap=None), guarded(lang):
        chart = make()
        st.html(f'<h4 class="qn-chart-title">{sheets.escape(chart.title)}</h4>')
        st.plotly_chart(chart.figure, key=f"w-chart-{key}", theme=None, config=CHART_CONFIG, alt=chart.alt)
        if below := sheets.under_chart(chart, lang):
            st.html(below)


def chart_group(groups: Collection[str]) -> str:
    """Return which of these groups of charts is open."""
    chosen: str = st.session_state.get(_GROUP, "")
    return chosen if chosen in groups else next(iter(groups))


def chart_groups(groups: dict[str, str], view: state.View) -> str:
    """Draw the choice among groups of charts, given as id to name; only the chosen group is drawn at all.

    Below it stands what the charts do not show, for a reader who looks at a plan horizon.
    """
    _ = i18n.translator(view.lang)
    chosen = st.segmented_control(
        _("Charts"),
        list(groups),
        default=next(iter(groups)),
        key=_GROUP,
        required=True,
        format_func=groups.__getitem__,
        label_visibility="collapsed",
        width="stretch",
    )
    if note := cards.facts_only(view.year, view.lang):
        st.html(note)
    return chosen
