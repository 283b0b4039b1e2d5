"""Entry point: `streamlit run app.py` serves the pages and our own routes on one port."""

import streamlit as st

from qn_geo.routes import routes

app = st.App("pages/main.py", routes=routes())
