"""Toàn cảnh: the whole city, figures against targets, zones ranked, and the starting point of 2021."""

from __future__ import annotations

import streamlit as st

from qn_geo import charts, figures, i18n, state
from qn_geo.ui import mapbox, panel, shell, tables

CITY = "province"


@st.fragment
@figures.pinned()
def page() -> None:
    """Draw map, panel and tables from the one view; every choice reruns only this."""
    view = state.current()
    shell.navigation(view)
    mapbox.toolbar(view)
    left, right = st.columns([1.72, 1], gap="small")
    with left:
        mapbox.box(view)
    with right, st.container(key="panel", gap="small"):
        side(view)
    with shell.guarded(view.lang):
        tables.zones(view, tables.zone_ids(None, view.year))
    with shell.guarded(view.lang):
        tables.projects(view, view.zone or CITY)


def side(view: state.View) -> None:
    """Draw the panel: the chosen zone, or the city where none is chosen."""
    _ = i18n.translator(view.lang)
    lang = view.lang
    with shell.guarded(lang):
        place = view.zone or CITY
        panel.title(view, figures.zone_name(place, lang))
        panel.sheet(view, _("Choose a zone on the map, in a chart or in the table."))
        panel.headline(view, place)
        draw_charts(view)


def draw_charts(view: state.View) -> None:
    """Draw one group of charts: the city against its targets, or the zones ranked."""
    _ = i18n.translator(view.lang)
    lang, year = view.lang, view.year
    with st.container(key="charts", gap="small"):
        group = panel.chart_groups({"city": _("Whole city"), "rank": _("Ranking"), "start": _("Since 2021")}, lang)
        if group == "city":
            panel.draw(lambda: charts.city_occupancy(year, lang), "city-occupancy", lang)
            panel.draw(lambda: charts.actual_vs_target(year, lang), "targets", lang)
        elif group == "rank":
            panel.draw(lambda: charts.ranking_investment(year, lang, view.zone), "rank-investment", lang)
            panel.draw(lambda: charts.ranking_occupancy(year, lang, view.zone), "rank-occupancy", lang)
            panel.draw(lambda: charts.projects_by_sector(CITY, year, lang), "sectors", lang)
        else:
            panel.draw(lambda: charts.start_2021(lang, year), "start-2021", lang)


page()
