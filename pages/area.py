"""One page for each of Móng Cái, Vân Đồn, Quảng Yên and Hải Hà: the same code under four addresses."""

from __future__ import annotations

import streamlit as st

from qn_geo import charts, figures, i18n, state
from qn_geo.ui import mapbox, panel, shell, tables

# The zone each area is mostly about; its figures speak where the area's own are not published.
MAIN_ZONES = {
    "mong-cai": "kkt-mong-cai",
    "van-don": "kkt-van-don",
    "quang-yen": "kkt-quang-yen",
    "hai-ha": "kcn-texhong-hai-ha",
}


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
        tables.zones(view, tables.zone_ids(view.area, view.year))
    with shell.guarded(view.lang):
        tables.projects(view, view.zone or f"area-{view.area}")


def side(view: state.View) -> None:
    """Draw the panel: the chosen zone, or the area where none is chosen."""
    _ = i18n.translator(view.lang)
    lang, area = view.lang, view.area
    with shell.guarded(lang):
        place = view.zone or f"area-{area}"
        panel.title(view, figures.zone_name(place, lang))
        panel.sheet(view, _("Choose a zone on the map, in a chart or in the table."))
        panel.headline(view, place, None if view.zone else MAIN_ZONES[area])
        focus = view.zone or MAIN_ZONES[area]
        draw_charts(view, focus)


def draw_charts(view: state.View, focus: str) -> None:
    """Draw one group of charts: how the zones stand now, or how the one in focus got there."""
    _ = i18n.translator(view.lang)
    lang, year = view.lang, view.year
    zone_ids = tables.zone_ids(view.area, view.year)
    with st.container(key="charts", gap="small"):
        group = panel.chart_groups({"now": _("By zone and use"), "time": _("Over time")}, lang)
        if group == "now":
            panel.draw(lambda: investment(zone_ids, view), "investment", lang)
            panel.draw(lambda: charts.occupancy_by_zone(zone_ids, view.zone, year, lang), "occupancy", lang)
            panel.draw(lambda: charts.landuse_structure(focus, year, lang), "landuse", lang)
        else:
            panel.draw(lambda: charts.investment_cumulative(focus, year, lang), "cumulative", lang)
            panel.draw(lambda: charts.investment_new(focus, year, lang), "new", lang)
            panel.draw(lambda: charts.occupancy_over_time(focus, year, lang, neighbours=zone_ids), "over-time", lang)
            panel.draw(lambda: charts.projects_by_sector(focus, year, lang), "sectors", lang)


def investment(zone_ids: tuple[str, ...], view: state.View) -> charts.Chart:
    """Return registered capital by zone: in US dollars, or in VND where nothing is published in dollars."""
    chart = charts.investment_by_zone(zone_ids, view.zone, view.year, view.lang)
    return charts.investment_by_zone(zone_ids, view.zone, view.year, view.lang, "vnd") if chart.empty else chart


page()
