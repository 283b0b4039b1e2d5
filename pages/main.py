"""The shell: page settings, the pages and their addresses, and the view shared by all of them."""

from __future__ import annotations

import streamlit as st

from qn_geo import i18n, state
from qn_geo.ui import shell

lang = state.language()
_ = i18n.translator(lang)
st.set_page_config(page_title=shell.title(lang), page_icon=shell.ICON, layout="wide", initial_sidebar_state="collapsed")

pages = [
    st.Page("overview.py", title=_("Overview"), url_path=shell.FIRST, default=True),
    st.Page("area.py", title="Móng Cái", url_path="mong-cai"),
    st.Page("area.py", title="Vân Đồn", url_path="van-don"),
    st.Page("area.py", title="Quảng Yên", url_path="quang-yen"),
    st.Page("area.py", title="Hải Hà", url_path="hai-ha"),
    st.Page("compare.py", title=_("Compare"), url_path="so-sanh"),
    st.Page("review.py", title=_("Review"), url_path="ra-soat"),
    st.Page("present.py", title=_("Present"), url_path="trinh-chieu"),
    st.Page("sources.py", title=_("Sources"), url_path="nguon-so-lieu"),
]
chosen = st.navigation(pages, position="hidden")
area = chosen.url_path if chosen.url_path in state.AREAS else None
state.sync(chosen.url_path, area)
shell.announce(pages, chosen)
chosen.run()
