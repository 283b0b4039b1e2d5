"""One page for each of Móng Cái, Vân Đồn, Quảng Yên and Hải Hà: the same code under four addresses."""

from __future__ import annotations

from functools import partial

from qn_geo import charts, i18n, state
from qn_geo.ui import exploring, panel

GROUPS = {
    "now": ("investment", "occupancy", "landuse"),
    "time": ("investment-cumulative", "investment-new", "occupancy-over-time", "sectors"),
}


def draw_charts(view: state.View) -> None:
    """Draw one group of charts: how the zones stand now, or how the one in focus got there."""
    _ = i18n.translator(view.lang)
    about = charts.Subject(view.year, view.area, (view.zone,) if view.zone else ())
    group = panel.chart_groups({"now": _("By zone and use"), "time": _("Over time")}, view)
    for name in GROUPS[group]:
        panel.draw(partial(charts.named, name, about, view.lang), name, view.lang)


FIRST = {group: names[0] for group, names in GROUPS.items()}
exploring.page(draw_charts, FIRST, charts.MAIN_ZONES[state.current().area])
