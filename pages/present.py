"""Trình chiếu: stories made, presented to an audience, and followed on the presenter's own screen."""

from __future__ import annotations

import streamlit as st

from qn_geo import figures, state
from qn_geo.ui.presenting import show, speaker
from qn_geo.ui.stories import editor


@st.fragment
@figures.pinned()
def page() -> None:
    """Draw the editor, or one of the two windows of a presentation."""
    view = state.current()
    {"show": show.page, "speaker": speaker.page}.get(view.mode or "", editor.page)(view)


page()
