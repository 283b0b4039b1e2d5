"""Entry point: `streamlit run app.py` serves the pages and our own routes on one port."""

import streamlit as st

from qn_geo.intake import worker
from qn_geo.routes import routes

worker.warm()  # the first file of the day should not wait for libraries
app = st.App("pages/main.py", routes=routes())
