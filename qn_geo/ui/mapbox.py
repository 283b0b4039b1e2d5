"""The map box: search, year, map, layer panel and legend. Everything here writes the view and draws from it."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from qn_geo import i18n, layers, legend, search, state, style
from qn_geo.mapview import config, frame
from qn_geo.ui.shell import plain

MAP_HEIGHT: Final = 560  # the style sheet fits it to the window; this is what a browser without it shows
_MOST_HITS: Final = 8
_CHOSEN: Final = "qn-hit-chosen"


def map_state(view: state.View) -> dict[str, Any]:
    """Return what the controller in the frame draws from: a few hundred bytes, no geometry."""
    return {
        "lang": view.lang,
        "area": view.area,
        "home": state.home_box(view.area),
        "visible": view.layers,
        "statuses": view.statuses,
        "opacity": dict(view.opacity),
        "order": view.order,
        "basemap": view.base,
        "year": view.year,
        "zone": view.zone,
        "compared": view.compared,
        "plot": view.plot,
        "pick": view.pick,
        "at": view.at,
        "move": state.movement(),
    }


def _on_event() -> None:
    event: dict[str, Any] = st.session_state.get(frame.KEY) or {}
    if not state.fresh_event(event):
        return
    if event["t"] == "clear":
        state.clear()
    elif event["t"] == "click":
        # The frame belongs to the user's browser: what it says is checked like an address.
        said = {key: str(event[key]) for key in ("zone", "plot", "pick") if event.get(key)}
        said["at"] = f"{float(event['lon']):.6f},{float(event['lat']):.6f}"
        heard = state.from_query(said, None)
        state.update(zone=heard.zone, plot=heard.plot, pick=heard.pick, at=heard.at)


def toolbar(view: state.View) -> None:
    """Draw the search box and the year slider above the map."""
    with st.container(key="toolbar", horizontal=True, vertical_alignment="center", gap="medium"):
        _search_box(view.lang)
        _year(view)


@st.fragment
def _search_box(lang: str) -> None:
    if st.session_state.pop(_CHOSEN, False):
        st.rerun(scope="app")  # map, charts and tables stand outside this fragment
    _ = i18n.translator(lang)
    with st.container(key="search"):
        query = st.text_input(
            _("Search"),
            key="w-search",
            placeholder=_("Find a place, zone, project, plot, coordinates …"),
            icon=":material/search:",
            label_visibility="collapsed",
            max_chars=200,
            live="250ms",
        )
        if not query or not query.strip():
            return
        hits = search.search(query, lang, limit=_MOST_HITS)
        with st.container(key="hits", gap=None):
            if not hits:
                st.caption(_("Nothing found. Try another spelling, a former name, or coordinates."))
            for number, hit in enumerate(hits):
                label = (
                    f"**{plain(hit.title)}**  \n:small[{plain(hit.subtitle)}]"
                    if hit.subtitle
                    else f"**{plain(hit.title)}**"
                )
                if st.button(
                    label, key=f"w-hit-{number}", type="tertiary", on_click=_choose, args=(hit,), width="stretch"
                ):
                    st.rerun(scope="app")


def _choose(hit: search.Hit) -> None:
    at = (hit.lon, hit.lat) if hit.lon is not None and hit.lat is not None else None
    st.session_state.update({"w-search": "", _CHOSEN: True})
    if hit.kind == "zone":
        state.choose_zone(hit.id)
        return
    kinds = {"link": "link", "centre": "centre", "commune": "commune", "former": "commune", "area": "area"}
    pick = f"{kinds[hit.kind]}:{hit.id}" if hit.kind in kinds else None
    state.update(zone=_zone_of(hit), plot=hit.id if hit.kind == "plot" else None, pick=pick, at=at)
    state.move_to(hit.bbox, force=True)


def _zone_of(hit: search.Hit) -> str | None:
    """Return the zone a plot or a project lies in, so that its sheet and charts come along."""
    if hit.kind == "plot":
        return hit.id.rsplit("-", 2)[0]
    if hit.kind == "project":
        zones = layers.table("projects").set_index("project_id")["zone_id"]
        zone = zones.get(hit.id)
        return zone if zone in set(layers.table("zones")["zone_id"]) else None
    return None


def _year(view: state.View) -> None:
    _ = i18n.translator(view.lang)

    def label(year: Any) -> str:
        return _("plan to {year}").format(year=year) if year in state.HORIZONS else str(year)

    with st.container(key="year"):
        st.select_slider(
            _("Year"),
            list(state.YEARS),
            key=state.prepared("w-year", view.year),
            format_func=label,
            on_change=_set_year,
            help=_("Actual years, then plan horizons: map, charts and figures follow."),
            label_visibility="collapsed",
        )


def _set_year() -> None:
    state.update(year=st.session_state["w-year"])


def box(view: state.View) -> None:
    """Draw the map with its layer panel over it and its legend under it."""
    with st.container(key="mapbox", gap="small"):
        with st.container(key="map"):
            frame.show(map_state(view), height=MAP_HEIGHT, on_event=_on_event)
        _layer_panel(view)
        _legend(view)


def _legend(view: state.View) -> None:
    _ = i18n.translator(view.lang)
    with st.container(key="legend", gap=None):
        st.html(legend.legend(view.layers, view.lang))
        if layers.available("zones") and layers.available("zones-table"):
            absent = len(layers.table("zones")) - len(layers.layer("zones"))
            st.caption(_("{count} zones have no published location: they are listed, not drawn.").format(count=absent))


def _layer_panel(view: state.View) -> None:
    _ = i18n.translator(view.lang)
    with st.container(key="layers"), st.expander(_("Map layers"), expanded=not _on_phone()):
        for group in style.GROUPS:
            st.html(f'<p class="qn-group">{style.group_name(group, view.lang)}</p>')
            for layer in style.MAP_LAYERS:
                if layer.group == group:
                    st.checkbox(
                        style.layer_name(layer.id, view.lang),
                        key=state.prepared(f"w-layer-{layer.id}", layer.id in view.layers),
                        on_change=_switch_layer,
                        args=(layer.id,),
                    )
        st.html(f'<p class="qn-group">{_("Status of links and centres")}</p>')
        for status in style.STATUSES:
            st.checkbox(
                style.status_name(status, view.lang),
                key=state.prepared(f"w-status-{status}", status in view.statuses),
                on_change=_switch_status,
                args=(status,),
            )
        _basemap(view)
        _depth(view)


def _on_phone() -> bool:
    """Tell a phone by what its browser says: there the panel starts closed, so that map and figures come first."""
    return "Mobile" in (st.context.headers.get("User-Agent") or "")


def _switch_layer(layer_id: str) -> None:
    shown = set(state.current().layers) ^ {layer_id}
    state.update(layers=tuple(layer.id for layer in style.MAP_LAYERS if layer.id in shown))


def _switch_status(status: str) -> None:
    shown = set(state.current().statuses) ^ {status}
    state.update(statuses=tuple(item for item in style.STATUSES if item in shown))


def _basemap(view: state.View) -> None:
    _ = i18n.translator(view.lang)
    names = {"own": _("Built in (offline)"), "osm": "OpenStreetMap", "satellite": _("Satellite")}
    if len(config.basemaps()) > 1:
        st.radio(
            _("Basemap"),
            list(config.basemaps()),
            key=state.prepared("w-base", view.base),
            format_func=lambda base: names[base],
            on_change=_set_base,
        )


def _set_base() -> None:
    state.update(base=st.session_state["w-base"])


def _depth(view: state.View) -> None:
    """Opacity and order of the layer groups; drawn only when opened."""
    _ = i18n.translator(view.lang)
    with st.popover(_("Opacity and order"), key="w-depth", on_change="rerun", width="stretch") as depth:
        if not depth.open:
            return
        opacity = dict(view.opacity)
        for group in reversed(view.order):
            with st.container(horizontal=True, vertical_alignment="bottom"):
                st.slider(
                    style.group_name(group, view.lang),
                    10,
                    100,
                    key=state.prepared(f"w-opacity-{group}", round(opacity.get(group, 1) * 100)),
                    step=10,
                    format="%d%%",
                    on_change=_set_opacity,
                    args=(group,),
                )
                st.button("↑", key=f"w-up-{group}", help=_("Move up"), on_click=_shift, args=(group, 1))
                st.button("↓", key=f"w-down-{group}", help=_("Move down"), on_click=_shift, args=(group, -1))


def _set_opacity(group: str) -> None:
    shares = dict(state.current().opacity) | {group: st.session_state[f"w-opacity-{group}"] / 100}
    state.update(opacity=tuple((key, share) for key, share in shares.items() if share < 1))


def _shift(group: str, step: int) -> None:
    order = list(state.current().order)
    place = order.index(group)
    target = min(max(place + step, 0), len(order) - 1)
    order.insert(target, order.pop(place))
    state.update(order=tuple(order))
