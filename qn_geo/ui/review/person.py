"""Who sits at the page: signed in, or a name that is typed and marked as unverified wherever it appears."""

from __future__ import annotations

from typing import Final

import streamlit as st

from qn_geo import i18n
from qn_geo.decisions import Identity

_TYPED: Final = "qn-typed-name"


def signed_in() -> str | None:
    """Return the name of the user who is signed in, None where sign-in is not configured or nobody is."""
    if not getattr(st.user, "is_logged_in", False):
        return None
    return str(st.user.get("name") or st.user.get("email") or "") or None


def ask(lang: str) -> None:
    """Draw the field for the name, or the name of the user who is signed in."""
    _ = i18n.translator(lang)
    if name := signed_in():
        st.caption(_("Signed in as {name}").format(name=name))
        return
    # The name outlives the field, which is drawn at several places, never at two at once.
    st.text_input(
        _("Your name"),
        value=st.session_state.get(_TYPED, ""),
        key="w-name",
        on_change=_keep,
        placeholder=_("first and last name"),
        help=_("Nobody is signed in: the name is kept as typed and marked “unverified” in every export."),
        max_chars=200,
    )


def _keep() -> None:
    st.session_state[_TYPED] = st.session_state["w-name"]


def identity() -> Identity:
    """Return who acts now.

    Raises:
        QnGeoError: If no usable name was typed.
    """
    if name := signed_in():
        return Identity(name, verified=True)
    return Identity(str(st.session_state.get("w-name", st.session_state.get(_TYPED, ""))), verified=False)
