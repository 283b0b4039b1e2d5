"""Who sits at the page: signed in, or a name that is typed and marked as unverified wherever it appears."""

from __future__ import annotations

from typing import Final

import streamlit as st

from qn_geo import i18n
from qn_geo.decisions import NAME_LIMIT, Identity
from qn_geo.errors import QnGeoError
from qn_geo.ui.shell import plain

_TYPED: Final = "qn-typed-name"


def signed_in() -> str | None:
    """Return the name of the user who is signed in, None where nobody is."""
    if not getattr(st.user, "is_logged_in", False):
        return None
    return str(st.user.get("name") or st.user.get("email") or "") or None


def _sign_in_is_configured() -> bool:
    return hasattr(st.user, "is_logged_in")  # Streamlit has it only where `[auth]` stands in its secrets


def ask(lang: str) -> None:
    """Draw who acts: the user who is signed in, the way to sign in, or the field for a name."""
    _ = i18n.translator(lang)
    if name := signed_in():
        st.caption(_("Signed in as {name}").format(name=plain(name)))
    elif _sign_in_is_configured():
        st.button(_("Sign in"), key="w-sign-in", icon=":material/login:", on_click=st.login)
    else:
        # The name outlives the field, which is drawn at several places, never at two at once.
        st.text_input(
            _("Your name"),
            value=st.session_state.get(_TYPED, ""),
            key="w-name",
            on_change=_keep,
            placeholder=_("first and last name"),
            help=_("Nobody is signed in: the name is kept as typed and marked “unverified” in every export."),
            max_chars=NAME_LIMIT,
        )


def _keep() -> None:
    st.session_state[_TYPED] = st.session_state["w-name"]


def identity() -> Identity:
    """Return who acts now.

    Raises:
        QnGeoError: If nobody is signed in although sign-in is configured, or no usable name was typed.
    """
    if name := signed_in():
        return Identity(name, verified=True)
    if _sign_in_is_configured():
        raise QnGeoError(
            "Bạn chưa đăng nhập.",
            "You are not signed in.",
            remedy_vi="đăng nhập rồi gửi lại; nội dung đã nhập vẫn còn.",
            remedy_en="sign in and send it again; what you typed is kept.",
        )
    return Identity(str(st.session_state.get("w-name", st.session_state.get(_TYPED, ""))), verified=False)
