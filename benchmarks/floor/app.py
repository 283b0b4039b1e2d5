"""The floor: an empty st_folium map beside a one-bar Plotly chart, and a fragment that does nothing but answer."""

import sys
from pathlib import Path

import streamlit as st

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from qn_geo.routes import routes

app = st.App("pages/main.py", routes=routes())
