"""The map box: search, year, map, layer panel and legend. Everything here writes the view and draws from it."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from qn_geo import horizons, i18n, layers, legend, search, sheets, state, switches, things
from qn_geo.mapview import config, frame
from qn_geo.ui import printing
from qn_geo.ui.shell import guarded, plain
from qn_geo.ui.stories import adding, looks

MAP_HEIGHT: Final = 560  # the style sheet fits it to the window; this is what a browser without it shows
_MOST_HITS: Final = 8
_LISTS: Final = {"visible": "layers", "statuses": "status", "plots": "plots", "order": "order"}
_FIELDS: Final = {
    "visible": "layers",
    "statuses": "statuses",
    "plots": "plots",
    "order": "order",
    "basemap": "base",
    "opacity": "opacity",
}
_CHOSEN: Final = "qn-hit-chosen"


def map_state(view: state.View) -> dict[str, Any]:
    """Return what the controller in the frame draws from: a few hundred bytes, no geometry."""
    return {
        "lang": view.lang,
        "area": view.area,
        "home": config.home_box(view.area),
        "visible": view.layers,
        "statuses": view.statuses,
        "plots": view.plots,
        "opacity": dict(view.opacity),
        "order": view.order,
        "basemap": view.base,
        "year": view.year,
        "zone": view.zone or things.zone_of(view.pick),
        "compared": view.compared,
        "plot": view.plot,
        "pick": view.pick,
        "at": view.at,
        "move": state.movement(),
        "ack": state.last_event(),
    }


def _on_event() -> None:
    event: dict[str, Any] = st.session_state.get(frame.KEY) or {}
    if not state.fresh_event(event):
        return
    if event["t"] == "clear":
        state.clear()
        return
    if event["t"] == "look":
        looks.hear(event)
        return
    # The frame belongs to the user's browser: what it says is checked like an address.
    heard = state.from_query(_as_query(event), None)
    if event["t"] == "zone":
        state.choose_zone(heard.zone)
    elif event["t"] == "case":
        state.open_case(heard.case)
    elif event["t"] == "pick":
        state.update(zone=None, plot=None, pick=heard.pick, at=None)
        if zone := things.zone_of(heard.pick):
            state.move_to(config.zones_box([zone]))
    elif event["t"] == "click":
        state.update(zone=heard.zone, plot=heard.plot, pick=heard.pick, at=heard.at)
    elif event["t"] == "view":
        state.update(**{field: getattr(heard, field) for name, field in _FIELDS.items() if name in event})


def _as_query(event: dict[str, Any]) -> dict[str, str]:
    """Write an event the way an address says the same."""
    query = {key: str(event[key]) for key in ("case", "zone", "plot", "pick") if event.get(key)}
    if "lon" in event:
        query["at"] = f"{float(event['lon']):.6f},{float(event['lat']):.6f}"
    query |= {key: ",".join(map(str, event[name])) for name, key in _LISTS.items() if name in event}
    if "basemap" in event:
        query["base"] = str(event["basemap"])
    if "opacity" in event:
        query["opacity"] = ",".join(f"{group}:{float(share) * 100:.0f}" for group, share in event["opacity"].items())
    return query


def toolbar(view: state.View, chart: str | None = None) -> None:
    """Draw what stands above the map: the search box, the year slider, and the way into a story.

    Args:
        view: What is shown and chosen.
        chart: Name of the chart that stands first beside the map.
    """
    with guarded(view.lang), st.container(key="toolbar", horizontal=True, vertical_alignment="center", gap="medium"):
        _search_box(view.lang)
        _year(view)
        adding.button(view, chart)
        printing.button(view, chart)
    if view.mode == state.ADJUST:
        with guarded(view.lang):
            adding.adjusting(view)


@st.fragment
def _search_box(lang: str) -> None:
    if st.session_state.pop(_CHOSEN, False):
        st.rerun(scope="app")  # map, charts and tables stand outside this fragment
    _ = i18n.translator(lang)
    with st.container(key="search"):
        query = st.text_input(
            _("Search"),
            key="w-search",
            placeholder=_("Find a place, zone, project, coordinates, plot (sheet 2 parcel 15) …"),
            icon=":material/search:",
            label_visibility="collapsed",
            live="250ms",
        )
        if not query or not query.strip():
            return
        hits = _hits(query, lang)
        with st.container(key="hits", gap=None):
            if not hits:
                st.caption(
                    _("Nothing found. Try another spelling, a former name, coordinates, or a plot: sheet 2 parcel 15.")
                )
            for number, hit in enumerate(hits):
                label = (
                    f"**{plain(hit.title)}**  \n:small[{plain(hit.subtitle)}]"
                    if hit.subtitle
                    else f"**{plain(hit.title)}**"
                )
                st.button(label, key=f"w-hit-{number}", type="tertiary", on_click=_choose, args=(hit,), width="stretch")


def _hits(query: str, lang: str) -> list[search.Hit]:
    """Return the best hits; among plots of the same number those of the area on the page come first."""
    area = state.current().area
    here = set(layers.table("zones").query("area == @area")["zone_id"]) if area else set()
    found = search.search(query, lang, limit=5 * _MOST_HITS)
    found.sort(key=lambda hit: hit.kind == "plot" and hit.zone_id not in here)
    return found[:_MOST_HITS]


def _choose(hit: search.Hit) -> None:
    at = (hit.lon, hit.lat) if hit.lon is not None and hit.lat is not None else None
    st.session_state.update({"w-search": "", _CHOSEN: True})
    if hit.kind == "zone":
        state.choose_zone(hit.id)
        return
    kinds = {
        "link": "link",
        "centre": "centre",
        "commune": "commune",
        "former": "commune",
        "area": "area",
        "project": "project",
    }
    pick = f"{kinds[hit.kind]}:{hit.id}" if hit.kind in kinds else None
    zone = hit.zone_id if hit.kind in {"plot", "project"} else None
    state.update(zone=zone, plot=hit.id if hit.kind == "plot" else None, pick=pick, at=at)
    state.move_to(hit.bbox, force=True)


def _year(view: state.View) -> None:
    _ = i18n.translator(view.lang)

    def label(year: Any) -> str:
        return _("plan to {year}").format(year=year) if year in horizons.HORIZONS else str(year)

    with st.container(key="year"):
        st.select_slider(
            _("Year"),
            list(horizons.YEARS),
            # The labels speak a language, so each language has a slider of its own: a relabelled one forgets its value.
            key=state.prepared(f"w-year-{view.lang}", view.year),
            format_func=label,
            on_change=_set_year,
            args=(f"w-year-{view.lang}",),
            help=_("Actual years, then plan horizons: map, charts and figures follow."),
            label_visibility="collapsed",
        )
        st.html(_scale(view.lang))


def _scale(lang: str) -> str:
    """Return what stands under the slider: its ends, and where what has happened ends and plans begin."""
    _ = i18n.translator(lang)
    past = _("Year: {first}–{last}, what happened").format(first=horizons.YEARS[0], last=horizons.THIS_YEAR)
    plans = _("plans {first}–{last}").format(first=horizons.HORIZONS[0], last=horizons.HORIZONS[-1])
    share = (len(horizons.ACTUAL_YEARS) - 0.5) / (len(horizons.YEARS) - 1)
    ends = "".join(f"<span>{sheets.escape(end)}</span>" for end in (past, plans))
    return f'<p class="qn-scale" style="--break:{share:.2%}" aria-hidden="true">{ends}</p>'


def _damages(lang: str) -> None:
    """Name every file behind the map that cannot be used; reading it raises what is wrong and how to mend it."""
    for source in config.SOURCES:
        if not layers.available(source):
            with guarded(lang):
                layers.layer(source)
    if not layers.available("landuse-codes"):
        with guarded(lang):
            layers.table("landuse_codes")


def _set_year(key: str) -> None:
    state.update(year=st.session_state[key])


def box(view: state.View, review: dict[str, Any] | None = None) -> None:
    """Draw the map with its layer panel over it and its legend under it.

    Args:
        view: What is shown and chosen.
        review: What `static/qn-review.js` is to show of a submission.
    """
    with st.container(key="mapbox", gap="small"):
        map_only(view, {"review": review, "tell": None if review else adding.asks(view) or printing.asks()})
        with guarded(view.lang):
            _layer_panel(view)
        with guarded(view.lang):
            _legend(view, reviewing=bool(review))
        _damages(view.lang)


def map_only(view: state.View, more: dict[str, Any]) -> None:
    """Draw the map with nothing over it; `more` adds to its state."""
    with st.container(key="map"):
        st.html(_waiting(view.lang))
        frame.show(map_state(view) | more, height=MAP_HEIGHT, on_event=_on_event)


def _legend(view: state.View, *, reviewing: bool) -> None:
    with st.container(key="legend", gap=None):
        st.html(legend.legend(view.layers, view.lang, reviewing=reviewing))


def _layer_panel(view: state.View) -> None:
    with st.container(key="layers"):
        st.html(switches.layer_panel(config.basemaps(), view.lang))


def _waiting(lang: str) -> str:
    """Return what stands in the map's place until its frame is ready; the style sheet shows the remedy late."""
    _ = i18n.translator(lang)
    loading = sheets.escape(_("Loading the map …"))
    remedy = sheets.escape(
        _("The map has not opened yet. Reload the page; if that does not help, ask whoever runs QN Geo to restart it.")
    )
    return f'<div class="qn-wait" role="status"><p>{loading}</p><p class="qn-late">{remedy}</p></div>'
