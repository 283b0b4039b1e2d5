"""Rà soát: plots from a file to a sealed decision."""

from __future__ import annotations

import streamlit as st

from qn_geo import figures, state
from qn_geo.ui import mapbox, shell
from qn_geo.ui.review import case, listing, receiving


@st.fragment
@figures.pinned()
def page() -> None:
    """Draw the queue with its form, or one submission with its map, lists, sheet and decision."""
    view = state.current()
    shell.navigation(view)
    with st.container(key="review", gap="small"):
        left, right = st.columns([1.5, 1], gap="small")
        if view.case and case.known(view):
            one(view, left, right)
            return
        with right, st.container(key="panel", gap="small"), shell.guarded(view.lang):
            receiving.form(view)
        with left:
            mapbox.box(view)
        with shell.guarded(view.lang):
            receiving.queue(view)


def one(view: state.View, left: st.delta_generator.DeltaGenerator, right: st.delta_generator.DeltaGenerator) -> None:
    """Draw one submission: what has to come first, or map and lists beside what is chosen."""
    held = case.open_or_reading(view)
    if held is None:
        shown = None
        with right, st.container(key="panel", gap="small"), shell.guarded(view.lang):
            shown = case.before_review(view)
        with left:
            mapbox.box(view, shown)
        return
    listed = listing.Listed("", [])
    with left:
        mapbox.box(view, case.on_map(view, held))
        with shell.guarded(view.lang):
            listed = listing.lists(view, held)
    with right, st.container(key="panel", gap="small"), shell.guarded(view.lang):
        case.panel(view, held, listed)


page()
