"""So sánh: two to four zones side by side, all comparable figures, on the same scale."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from qn_geo import cards, charts, figures, i18n, state
from qn_geo.compare import FEWEST
from qn_geo.ui import comparing, mapbox, panel, shell


@st.fragment
@figures.pinned()
def page() -> None:
    """Draw the choice of zones, the map, the table of figures and the charts."""
    view = state.current()
    shell.navigation(view)
    _ = i18n.translator(view.lang)
    with shell.guarded(view.lang):
        zone_ids = comparing.choice(view)
        shown = replace(view, compared=zone_ids)
        mapbox.toolbar(shown, _first(shown))
        left, right = st.columns([1.1, 1], gap="small")
        with left:
            mapbox.box(shown)
        with right, st.container(key="panel", gap="small"):
            panel.title(view, _("Side by side"))
            if len(zone_ids) >= FEWEST:
                comparing.table(view, zone_ids)
        if len(zone_ids) >= FEWEST:
            side_by_side(view, zone_ids)


def side_by_side(view: state.View, zone_ids: tuple[str, ...]) -> None:
    """Draw one chart a measure that any of the zones publishes, the zones in the same order and colours in each."""

    def chart(measure: str) -> charts.Chart:
        return charts.comparison(zone_ids, measure, view.year, view.lang)

    with st.container(key="charts"):
        if note := cards.facts_only(view.year, view.lang):
            st.html(note)
        columns = st.columns(3, gap="medium")
        for place, measure in enumerate(_measures(view, zone_ids)):
            with columns[place % len(columns)]:
                panel.draw(partial(chart, measure), measure, view.lang)


def _measures(view: state.View, zone_ids: tuple[str, ...]) -> list[str]:
    """Measures that any of the zones publishes."""
    return [
        measure for measure in charts.COMPARED if not charts.comparison(zone_ids, measure, view.year, view.lang).empty
    ]


def _first(view: state.View) -> str | None:
    """Name of the first chart of the page."""
    measures = _measures(view, view.compared) if len(view.compared) >= FEWEST else []
    return f"comparison:{measures[0]}" if measures else None


page()
