"""The map: one constant folium document, driven by a few hundred bytes of state.

The component's identity is a hash of the generated script, so the document below never changes. Everything that
changes goes through the only dynamic feature group, whose script is a single call to the controller in the frame
(`static/qn-map.js`). The controller reports clicks itself through the component's own `Streamlit` object: that avoids
the component's 250 ms of waiting and carries the ids of what was hit, not only a position.

Importing this module registers the component with the running app, so only pages may import it, never `app.py`.
"""

from __future__ import annotations

import json
from typing import Any

import folium
from branca.element import MacroElement
from jinja2 import Template
from streamlit_folium import st_folium

from qn_geo.mapview.config import HOME, STYLES

KEY = "qn-map"


class _Install(MacroElement):
    """Hands the Leaflet map to the controller."""

    _template = Template(
        "{% macro script(this, kwargs) %}window.QN.install({{ this._parent.get_name() }});{% endmacro %}"
    )


class _State(MacroElement):
    """Hands the state to the controller; lives in the dynamic feature group."""

    _template = Template("{% macro script(this, kwargs) %}window.QN.state({{ this.payload }});{% endmacro %}")

    def __init__(self, state: dict[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # branca has no types
        self._name = "State"
        # ASCII only: the text is evaluated as a script, where U+2028 would end a line.
        self.payload = json.dumps(state, ensure_ascii=True, separators=(",", ":"))


class _Map(folium.Map):
    """A folium map whose scripts come from our own host: folium's default addresses are on public networks."""

    default_js = [("qn-map", "/qn/map/scripts.js")]  # noqa: RUF012 - folium declares it so
    default_css = [(path, f"/qn/assets/{path}") for path in STYLES]  # noqa: RUF012 - folium declares it so


def _document() -> folium.Map:
    lon, lat = (HOME[0] + HOME[2]) / 2, (HOME[1] + HOME[3]) / 2
    document = _Map(location=[lat, lon], zoom_start=9, tiles=None, min_zoom=8, max_zoom=19, zoom_snap=0.5)
    _Install().add_to(document)  # type: ignore[no-untyped-call]  # branca has no types
    return document


def show(state: dict[str, Any], *, height: int, on_event: Any) -> dict[str, Any] | None:
    """Draw the map in its present state.

    Args:
        state: What the controller needs to know (see `qn_geo.ui.mapbox.map_state`); no geometry.
        height: Height of the frame in pixels, the same on every rerun.
        on_event: Called, before the rerun, when the map reports an event; read it with `event`.

    Returns:
        The last event, as `event` gives it.
    """
    group = folium.FeatureGroup()
    _State(state).add_to(group)
    return st_folium(  # type: ignore[no-any-return]
        _document(),
        key=KEY,
        height=height,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=group,
        on_change=on_event,
    )
