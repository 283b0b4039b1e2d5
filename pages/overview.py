"""Toàn cảnh: the whole city, figures against targets, zones ranked, and the starting point of 2021."""

from __future__ import annotations

from qn_geo import charts, i18n, state
from qn_geo.schema import CITY
from qn_geo.ui import exploring, panel

FIRST = {"city": "city-occupancy", "rank": "ranking-investment", "start": "start-2021"}


def draw_charts(view: state.View) -> None:
    """Draw one group of charts: the city against its targets, or the zones ranked."""
    _ = i18n.translator(view.lang)
    lang, year = view.lang, view.year
    group = panel.chart_groups({"city": _("Whole city"), "rank": _("Ranking"), "start": _("Since 2021")}, view)
    if group == "city":
        panel.draw(lambda: charts.city_occupancy(year, lang), "city-occupancy", lang)
        panel.draw(lambda: charts.actual_vs_target(year, lang), "targets", lang)
    elif group == "rank":
        panel.draw(lambda: charts.ranking_investment(year, lang, view.zone), "rank-investment", lang)
        panel.draw(lambda: charts.ranking_occupancy(year, lang, view.zone), "rank-occupancy", lang)
        panel.draw(lambda: charts.projects_by_sector(CITY, year, lang), "sectors", lang)
    else:
        panel.draw(lambda: charts.start_2021(lang, year), "start-2021", lang)


exploring.page(draw_charts, FIRST)
