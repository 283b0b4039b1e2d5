"""Forms that open under a button of the toolbar and stay open while a person works on, even on the next page.

Not Streamlit's popover: it reports being closed by the click on a link, and the page just left is drawn again then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from qn_geo import i18n

if TYPE_CHECKING:
    from streamlit.delta_generator import DeltaGenerator

_OPEN: Final = "qn-drawer"


def is_open(key: str) -> bool:
    """Tell whether the form of a button is open; at most one is."""
    return bool(st.session_state.get(_OPEN) == key)


def drawer(label: str, key: str, icon: str, lang: str) -> DeltaGenerator | None:
    """Draw the button of a form; without a tooltip, which would lie over the language switch.

    Args:
        label: What it says.
        key: Key of the button, by which the form is known.
        icon: Name of its icon.
        lang: "vi" or "en".

    Returns:
        What the form is drawn in; None while it is closed.
    """
    st.button(label, key=key, icon=f":material/{icon}:", on_click=_toggle, args=(key,))
    if not is_open(key):
        return None
    _ = i18n.translator(lang)
    form = st.container(key="drawer", gap="small")
    with form, st.container(key="drawer-head", horizontal=True, vertical_alignment="center"):
        st.html(f'<h3 class="qn-title">{label}</h3>')
        st.button("", key="w-drawer-close", icon=":material/close:", help=_("Close"), on_click=_toggle, args=(key,))
    return form


def close() -> None:
    """Close whatever form is open."""
    st.session_state[_OPEN] = None


def _toggle(key: str) -> None:
    st.session_state[_OPEN] = None if is_open(key) else key
