"""The pages to explore, one for the city and one for each area: map beside panel, tables below.

They differ in what the panel's charts show, which each page hands in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from qn_geo import figures, i18n, state
from qn_geo.schema import CITY
from qn_geo.ui import mapbox, panel, shell, tables

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@st.fragment
@figures.pinned()
def page(draw_charts: Callable[[state.View], None], first: Mapping[str, str], beside: str | None = None) -> None:
    """Draw map, panel and tables from the one view; every choice reruns only this.

    Args:
        draw_charts: Draws the charts of the panel.
        first: Name of the first chart of each group of charts.
        beside: Zone whose figures fill the gaps of the page's own place.
    """
    view = state.current()
    place = view.zone or (f"area-{view.area}" if view.area else CITY)
    _ = i18n.translator(view.lang)
    shell.navigation(view)
    mapbox.toolbar(view, first[panel.chart_group(first)])
    left, right = st.columns([1.72, 1], gap="small")
    with left:
        mapbox.box(view)
    with right, st.container(key="panel", gap="small"), shell.guarded(view.lang):
        panel.title(view, figures.zone_name(place, view.lang))
        hint = _("Choose a zone on the map, in a chart or in the table.")
        panel.sheet(view, hint, place, None if view.zone else beside)
        with st.container(key="charts", gap="small"):
            draw_charts(view)
    with shell.guarded(view.lang):
        tables.zones(view, figures.zone_ids(view.area, view.year))
    with shell.guarded(view.lang):
        tables.projects(view, place)
