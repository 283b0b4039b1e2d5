"""What every page that shows a map and a chart has to pay, with the stock libraries and nothing of ours."""

import folium
import plotly.graph_objects as go
import streamlit as st
from streamlit_folium import st_folium

st.set_page_config(layout="wide")


class LocalMap(folium.Map):
    """A stock map whose Leaflet is served here, so that the floor needs no network either."""

    default_js = [("leaflet", "/qn/assets/leaflet/leaflet.js")]  # noqa: RUF012 - folium declares it so
    default_css = [("leaflet", "/qn/assets/leaflet/leaflet.css")]  # noqa: RUF012 - folium declares it so


@st.fragment
def answer() -> None:
    """Count clicks: the cheapest rerun there is."""
    st.session_state.count = st.session_state.get("count", 0) + bool(st.button("again"))
    st.html(f'<b id="count">{st.session_state.count}</b>')


left, right = st.columns(2)
with left:
    st_folium(
        LocalMap(location=[21, 107.3], zoom_start=9, tiles=None),
        key="map",
        height=500,
        use_container_width=True,
        returned_objects=[],
    )
with right:
    st.plotly_chart(go.Figure(go.Bar(x=["a"], y=[1])), key="bar")
answer()
