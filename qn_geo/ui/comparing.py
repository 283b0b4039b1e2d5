"""The comparison page: which zones, and all their comparable figures in one table."""

from __future__ import annotations

import streamlit as st

from qn_geo import figures, horizons, i18n, sheets, state
from qn_geo.compare import FEWEST, MOST, comparable
from qn_geo.mapview import config

_TOUCHED = "qn-compared-touched"
_SHOWN = "qn-compared-shown"


def choice(view: state.View) -> tuple[str, ...]:
    """Draw the choice of two to four zones and return it; the two with the most foreign capital to begin with."""
    _ = i18n.translator(view.lang)
    begun = view.compared or st.session_state.get(_TOUCHED)
    chosen = view.compared if begun else _default(view)
    if st.session_state.get(_SHOWN) != chosen:
        st.session_state[_SHOWN] = chosen
        state.move_to(config.zones_box(chosen), force=True)
    with st.container(key="compared"):
        st.multiselect(
            _("Zones to compare (two to four)"),
            figures.zone_ids(None, horizons.YEARS[-1]),
            key=state.prepared("w-compared", list(chosen)),
            format_func=lambda zone_id: figures.short_name(zone_id, view.lang),
            max_selections=MOST,
            select_all=False,
            on_change=_changed,
        )
        if len(chosen) < FEWEST:
            st.caption(_("Choose at least two zones."))
    return chosen


def _default(view: state.View) -> tuple[str, ...]:
    leading = [figure.zone_id for figure in figures.ranking("fdi_registered_usd_m", view.year, kinds=["KCN"])]
    return tuple(dict.fromkeys([*view.compared, *leading]))[:FEWEST]


def _changed() -> None:
    st.session_state[_TOUCHED] = True  # from now on an empty choice is a choice
    state.update(compared=tuple(st.session_state["w-compared"]))


def table(view: state.View, zone_ids: tuple[str, ...]) -> None:
    """Draw every figure that at least one of the zones has; each value opens with its definition and source."""
    rows = comparable(zone_ids, view.year, view.lang)
    with st.container(key="figures"):
        st.html(sheets.comparison(rows, zone_ids, view.lang))
