"""The shell of every page: style, navigation that keeps the way things are shown, and the language switch."""

from __future__ import annotations

from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from qn_geo import i18n, state
from qn_geo.errors import QnGeoError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streamlit.navigation.page import Page

_MARKDOWN: Final = r"\`*_{}[]()#+-.!|<>~$:&"
CSS: Final = Path(__file__).with_name("style.css")
ICON: Final = str(Path(__file__).with_name("icon.svg"))


@lru_cache(maxsize=1)
def _style() -> str:
    return f"<style>{CSS.read_text(encoding='utf-8')}</style>"


def title(lang: str) -> str:
    """Return the name of the product as the browser's tab shows it."""
    _ = i18n.translator(lang)
    return _("QN Geo · Quảng Ninh's economic zones")


def navigation(pages: Sequence[Page], chosen: Page, view: state.View) -> None:
    """Draw the bar of pages. Links carry the preferences, so a change of page keeps year, layers and language."""
    st.html(_style())
    _ = i18n.translator(view.lang)
    with st.container(key="nav", horizontal=True, vertical_alignment="center", gap="small"):
        st.html('<span class="qn-brand" translate="no">QN Geo</span>')
        params = state.preferences(view)
        for page in pages:
            with st.container(key=f"nav-{page.url_path or 'home'}{'-here' if page == chosen else ''}", width="content"):
                st.page_link(page, query_params=params)
        st.segmented_control(
            _("Language"),
            list(i18n.LANGUAGES),
            key=state.prepared("w-lang", view.lang),
            format_func=str.upper,
            on_change=_language,
            required=True,
            label_visibility="collapsed",
        )


def _language() -> None:
    if chosen := st.session_state["w-lang"]:
        state.update(lang=chosen)


@contextmanager
def guarded(lang: str) -> Iterator[None]:
    """Show a damaged or missing data file as a message that names file and remedy; the rest of the page goes on."""
    try:
        yield
    except QnGeoError as error:
        st.error(plain(error.message(lang)), icon=":material/error:")


def plain(text: str) -> str:
    """Keep text from data from being read as Markdown."""
    return "".join(f"\\{char}" if char in _MARKDOWN else char for char in text)
