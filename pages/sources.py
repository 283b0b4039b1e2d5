"""Nguồn số liệu: every data file with its record, every figure with its document, and downloads."""

from __future__ import annotations

import streamlit as st

from qn_geo import i18n, state
from qn_geo.ui import library, shell


@st.fragment
def page() -> None:
    """Draw the three lists; each is filtered on its own."""
    view = state.current()
    shell.navigation(view)
    _ = i18n.translator(view.lang)
    with st.container(key="sources", gap="small"):
        title = _("Where every layer, figure and rule comes from")
        st.html(f'<h2 class="qn-title">{title}</h2>')
        chosen = st.segmented_control(
            _("Show"),
            ["files", "figures", "documents"],
            default="files",
            key="w-list",
            required=True,
            format_func={"files": _("Data files"), "figures": _("Figures"), "documents": _("Documents")}.__getitem__,
            label_visibility="collapsed",
        )
        with shell.guarded(view.lang):
            {"files": library.files, "figures": library.figure_list, "documents": library.documents}[chosen](view.lang)


page()
