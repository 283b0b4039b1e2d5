"""One page for each of Móng Cái, Vân Đồn, Quảng Yên and Hải Hà: the same code under four addresses."""

from __future__ import annotations

from qn_geo import charts, i18n, state
from qn_geo.ui import exploring, panel, tables

# The zone each area is mostly about; its figures speak where the area's own are not published.
MAIN_ZONES = {
    "mong-cai": "kkt-mong-cai",
    "van-don": "kkt-van-don",
    "quang-yen": "kkt-quang-yen",
    "hai-ha": "kcn-texhong-hai-ha",
}


def draw_charts(view: state.View) -> None:
    """Draw one group of charts: how the zones stand now, or how the one in focus got there."""
    _ = i18n.translator(view.lang)
    lang, year = view.lang, view.year
    zone_ids = tables.zone_ids(view.area, view.year)
    focus = view.zone or MAIN_ZONES[view.area]
    group = panel.chart_groups({"now": _("By zone and use"), "time": _("Over time")}, view)
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


exploring.page(draw_charts, MAIN_ZONES[state.current().area])
