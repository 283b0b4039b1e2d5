"""The shell of every page: style, navigation that keeps the way things are shown, and the language switch."""

from __future__ import annotations

import logging
from contextlib import contextmanager, nullcontext
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import streamlit as st

from qn_geo import i18n, state
from qn_geo.errors import QnGeoError
from qn_geo.style import ACCENT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from streamlit.navigation.page import Page

_PAGES, _SPOKEN = "qn-pages", "qn-spoken"
_LOG = logging.getLogger(__name__)
_MARKDOWN: Final = r"\`*_{}[]()#+-.!|<>~$&"
CSS: Final = Path(__file__).with_name("style.css")
FIRST: Final = "toan-canh"
ICON: Final = str(Path(__file__).with_name("icon.svg"))


@lru_cache(maxsize=1)
def style() -> str:
    """Return the style sheet of every page."""
    accent = f":root {{ --accent: {ACCENT}; }}"  # the one colour that charts and map must share with the page
    return f"<style>{accent}\n{CSS.read_text(encoding='utf-8')}</style>"


def title(lang: str) -> str:
    """Return the name of the product as the browser's tab shows it."""
    _ = i18n.translator(lang)
    return _("QN Geo · Quảng Ninh's economic zones")


def announce(pages: Sequence[Page], chosen: Page) -> None:
    """Tell `navigation` which pages there are and which is open; it is drawn by the page itself."""
    st.session_state[_PAGES] = (tuple(pages), chosen)


def page_at(address: str) -> Page | None:
    """Return the page of an address, None where the app has none such; the first page has an address, too."""
    pages, _chosen = st.session_state.get(_PAGES, ((), None))
    named = {page.url_path or FIRST: page for page in pages}
    return named.get(address or FIRST)


def navigation(view: state.View) -> None:
    """Draw the bar of pages and the language switch.

    Links carry the preferences, so a change of page keeps year, layers and language. Pages draw the bar inside their
    fragment: the links must follow a choice that reruns nothing else.
    """
    if st.session_state.pop(_SPOKEN, False):
        st.rerun(scope="app")  # the names of the pages stand outside the fragment
    st.html(style())
    _ = i18n.translator(view.lang)
    pages, chosen = st.session_state.get(_PAGES, ((), None))
    with st.container(key="nav", horizontal=True, vertical_alignment="center", gap="small"):
        st.html('<span class="qn-brand" translate="no">QN Geo</span>')
        params = state.preferences(view)
        with st.container(key="nav-pages", horizontal=True, gap="small"):
            for page in pages:
                with st.container(key="nav-here", width="content") if page == chosen else nullcontext():
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
        st.session_state[_SPOKEN] = True


@contextmanager
def guarded(lang: str) -> Iterator[None]:
    """Show what goes wrong in one part of a page as a message in its place; the other parts go on.

    A damaged or missing data file is named with its remedy. Anything unforeseen goes to the log with its trace, and
    the reader is told which command finds the cause.
    """
    _ = i18n.translator(lang)
    try:
        yield
    except QnGeoError as error:
        st.error(plain(error.message(lang)), icon=":material/error:")
    except Exception:  # noqa: BLE001 - one broken row must not take the page; Streamlit's signals are no Exceptions
        _LOG.exception("a part of the page cannot be drawn")
        told = _("This part cannot be drawn. To find the cause, run: python -m qn_geo data check")
        st.error(told, icon=":material/error:")


def plain(text: str) -> str:
    """Keep text from data from being read as Markdown."""
    escaped = "".join(f"\\{char}" if char in _MARKDOWN else char for char in text)
    # Lines stay lines; and a word joiner, so that :material/...: is no icon.
    return escaped.replace("\n", "  \n").replace(":", ":\u2060")
