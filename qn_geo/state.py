"""One selection, shared by map, charts, tables, search and the address.

`View` is everything a person can choose. It is written to the address with every change and read back from it when a
page opens or the person goes back, so an address restores a view. Widgets never hold a choice of their own: before
each one is drawn its value is set from the view, and its callback only changes the view.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from qn_geo import i18n, layers, style
from qn_geo.compare import MOST
from qn_geo.horizons import THIS_YEAR, YEARS
from qn_geo.mapview import config
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

AREAS: Final = ("mong-cai", "van-don", "quang-yen", "hai-ha")
_YEARS: Final = {str(year): year for year in YEARS}
FAINTEST: Final = 0.1  # a layer that is on must not be invisible

_ID: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_PLOT: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
_PICK: Final = re.compile(r"(link|centre|commune|area|project):[a-z0-9][a-z0-9-]{0,79}|(row|finding):\d{1,7}")
_SCENE: Final = re.compile(r"[1-9]\d{0,2}")
_PRESENTING: Final = {"story", "mode", "scene", "dark", "lang"}  # all an address says then
ADJUST: Final = "adjust"  # on a page with a map: a scene of the story is being adjusted there
PRESENTED: Final = ("show", "speaker")  # on the presenting page, which without a mode is the editor
MODES: Final = (*PRESENTED, ADJUST)
_CASE: Final = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
_VIEW, _WRITTEN, _PAGE, _MOVE, _SEEN = "qn-view", "qn-written", "qn-page", "qn-move", "qn-seen"
_LOOKED, _PREPARED = "qn-looked", "qn-prepared"


@dataclass(frozen=True)
class View:
    """What is shown and chosen.

    Attributes:
        area: Slug of the area page, or None on the other pages.
        zone: `zone_id` of the chosen zone.
        plot: `plot_id` of the chosen plot.
        pick: Another chosen thing, as `link:`, `centre:`, `commune:`, `area:` or `project:` and its id; on the review
            page also `row:` and a plot's row, or `finding:` and a finding's number.
        at: Longitude and latitude (WGS 84) of the place asked about.
        year: Actual year or plan horizon.
        layers: Ids of the visible map layers.
        statuses: Visible statuses of transport and logistics.
        plots: Visible statuses of plots, `none` for those without one.
        opacity: Opacity by layer group, 0.1 to 1, only where it is not 1.
        order: Layer groups from the bottom of the map to its top.
        base: Basemap.
        lang: Language, `vi` or `en`.
        compared: Zones side by side on the comparison page.
        case: Id of the submission open on the review page.
        story: Id of the story that is edited or presented; it goes along from page to page.
        scene: Number of its scene, from 1.
        mode: What is done with it, one of `MODES`; None edits it.
        dark: Light on dark, for a dim room.
        staged: Which scene's choices this view has taken over; not in the address, so a new address takes them anew.
    """

    area: str | None = None
    zone: str | None = None
    plot: str | None = None
    pick: str | None = None
    at: tuple[float, float] | None = None
    year: int = THIS_YEAR
    layers: tuple[str, ...] = style.DEFAULT_LAYERS
    statuses: tuple[str, ...] = style.STATUSES
    plots: tuple[str, ...] = style.PLOT_STATUSES
    opacity: tuple[tuple[str, float], ...] = ()
    order: tuple[str, ...] = style.GROUPS
    base: str = "own"
    lang: str = "vi"
    compared: tuple[str, ...] = ()
    case: str | None = None
    story: str | None = None
    scene: int = 1
    mode: str | None = None
    dark: bool = False
    staged: str | None = None


def _identifier(text: str | None) -> str | None:
    return text if text and _ID.fullmatch(text) else None


def _some(text: str | None, allowed: Iterable[str], default: tuple[str, ...]) -> tuple[str, ...]:
    if text is None:
        return default
    wanted = set(text.split(","))
    return tuple(item for item in allowed if item in wanted)


def _point(text: str | None) -> tuple[float, float] | None:
    match = re.fullmatch(r"(-?\d{1,3}(?:\.\d{1,8})?),(-?\d{1,2}(?:\.\d{1,8})?)", text or "")
    if not match:
        return None
    lon, lat = float(match[1]), float(match[2])
    return (lon, lat) if 104 < lon < 110 and 19 < lat < 23 else None  # noqa: PLR2004 - the map's surroundings


def look(text: str | None) -> tuple[float, float, float] | None:
    """Read where the map looks, as an address says it: longitude, latitude (WGS 84) and zoom."""
    place, _, zoom = (text or "").rpartition(",")
    at = _point(place)
    return (*at, float(zoom)) if at and re.fullmatch(r"\d{1,2}(?:\.\d{1,2})?", zoom) else None


def _opacity(text: str | None) -> tuple[tuple[str, float], ...]:
    pairs = dict(re.findall(r"([a-z]+):(\d{2})(?=,|$)", text or ""))
    shares = {group: int(share) / 100 for group, share in pairs.items() if group in style.GROUPS}
    return tuple((group, share) for group, share in shares.items() if share >= FAINTEST)


def _zone_ids() -> set[str]:
    return set(layers.table("zones")["zone_id"]) if layers.available("zones-table") else set()


def from_query(params: Mapping[str, str], area: str | None) -> View:
    """Read a view from the parameters of an address; what is absent or unusable takes its default."""
    known = _zone_ids()
    order = tuple(group for group in params.get("order", "").split(",") if group in style.GROUPS)
    zone = _identifier(params.get("zone"))
    pick, plot = params.get("pick", ""), params.get("plot", "")
    compared = (item for item in params.get("zones", "").split(",") if item in known)
    return View(
        area=area,
        zone=zone if zone in known else None,
        plot=plot if _PLOT.fullmatch(plot) else None,
        pick=pick if _PICK.fullmatch(pick) else None,
        at=_point(params.get("at")),
        year=_YEARS.get(params.get("year", ""), THIS_YEAR),
        layers=_some(params.get("layers"), style.LAYER_BY_ID, style.DEFAULT_LAYERS),
        statuses=_some(params.get("status"), style.STATUSES, style.STATUSES),
        plots=_some(params.get("plots"), style.PLOT_STATUSES, style.PLOT_STATUSES),
        opacity=_opacity(params.get("opacity")),
        order=order if set(order) == set(style.GROUPS) else style.GROUPS,
        base=params.get("base", "own") if params.get("base") in config.basemaps() else "own",
        lang=params["lang"] if params.get("lang") in i18n.LANGUAGES else settings().language,
        compared=tuple(dict.fromkeys(compared))[:MOST],
        case=case if _CASE.fullmatch(case := params.get("case", "")) else None,
        story=_identifier(params.get("story")),
        scene=int(scene) if _SCENE.fullmatch(scene := params.get("scene", "")) else 1,
        mode=params.get("mode") if params.get("mode") in MODES else None,
        dark=params.get("dark") == "1",
    )


def preferences(view: View) -> dict[str, str]:
    """Return the parameters that go along when a person changes page: how things are shown, not what is chosen."""
    params = {}
    if view.year != THIS_YEAR:
        params["year"] = str(view.year)
    if view.layers != style.DEFAULT_LAYERS:
        params["layers"] = ",".join(view.layers)
    if view.statuses != style.STATUSES:
        params["status"] = ",".join(view.statuses)
    if view.plots != style.PLOT_STATUSES:
        params["plots"] = ",".join(view.plots)
    if view.opacity:
        params["opacity"] = ",".join(f"{group}:{round(share * 100)}" for group, share in view.opacity)
    if view.order != style.GROUPS:
        params["order"] = ",".join(view.order)
    if view.base != "own":
        params["base"] = view.base
    if view.lang != settings().language:
        params["lang"] = view.lang
    if view.story:
        params["story"] = view.story
    return params


def to_query(view: View) -> dict[str, str]:
    """Return the shortest parameters from which `from_query` reads the same view.

    While a story is presented its scene says everything else, and what is clicked in between is no place to go back to.
    """
    params = {key: value for key in ("case", "mode", "zone", "plot", "pick") if (value := getattr(view, key))}
    params |= {"scene": str(view.scene)} if view.scene > 1 else {}
    params |= {"dark": "1"} if view.dark else {}
    if view.at:
        params["at"] = f"{view.at[0]:.6f},{view.at[1]:.6f}"
    if view.compared:
        params["zones"] = ",".join(view.compared)
    params |= preferences(view)
    return {key: params[key] for key in params if key in _PRESENTING} if view.mode in PRESENTED else params


def language() -> str:
    """Return the language the address asks for, before anything else of it is read."""
    asked = st.query_params.get("lang")
    return asked if asked in i18n.LANGUAGES else settings().language


def current() -> View:
    """Return the view of this session; a zone that an import or a restore has removed is no longer chosen."""
    view: View = st.session_state.get(_VIEW, View())
    gone = {view.zone, *view.compared} - _zone_ids() - {None}
    if not gone:
        return view
    kept = tuple(zone for zone in view.compared if zone not in gone)
    return replace(view, zone=None if view.zone in gone else view.zone, compared=kept)


def page() -> str:
    """Return the address of the open page, without the query; empty for the first one."""
    return str(st.session_state.get(_PAGE, ""))


def sync(page: str, area: str | None) -> View:
    """Take over the address when it is not the one this session wrote: a new page, a pasted address, Back.

    Where the map looks (`view`) is kept in the address by the map's frame alone (`static/qn-view.js`), without a rerun.
    """
    params = st.query_params.to_dict()
    turned = look(params.pop("view", None))
    if st.session_state.get(_PAGE) != page or st.session_state.get(_WRITTEN) != params:
        view = from_query(params, area)
        if first := st.session_state.get(_PAGE) != page:
            _forget_widgets()
        st.session_state.update({_VIEW: view, _WRITTEN: params, _PAGE: page})
        if turned:
            _move({"view": turned, "fly": view.mode == ADJUST})  # a scene's own look comes in steps of the usual map
        else:
            move_to(_box(view), force=first)
    return current()


def update(**changes: Any) -> View:
    """Change the view and the address. Call it from callbacks only, so that everything is drawn from one state."""
    view = replace(current(), **changes)
    params = to_query(view)
    if params != st.session_state.get(_WRITTEN):  # else Back would lead here twice
        st.query_params.from_dict(params)
    st.session_state.update({_VIEW: view, _WRITTEN: params})
    return view


def stage(**changes: Any) -> View:
    """Change the view without a new address: for what the address already says in a word, such as a scene."""
    view = st.session_state[_VIEW] = replace(current(), **changes)
    return view


def prepared(key: str, value: object) -> str:
    """Set a widget's value before it is drawn, so that it always shows the view; return its key."""
    st.session_state.setdefault(_PREPARED, set()).add(key)
    if st.session_state.get(key) != value:
        st.session_state[key] = value
    return key


def _forget_widgets() -> None:
    """Let every widget be told its value again: on a new page the browser makes it anew and knows none."""
    for key in st.session_state.pop(_PREPARED, ()):
        st.session_state.pop(key, None)


def clear() -> None:
    """Forget what is chosen; keep how things are shown."""
    update(zone=None, plot=None, pick=None, at=None)


def open_case(case_id: str | None) -> None:
    """Open a submission on the review page, or go back to the queue; what was chosen is forgotten."""
    update(case=case_id, zone=None, plot=None, pick=None, at=None)


def choose_zone(zone_id: str | None) -> None:
    """Choose a zone from a chart, a table or the search box; the map goes there when it is out of sight."""
    if zone_id not in _zone_ids():
        return
    move_to(_box(update(zone=zone_id, plot=None, pick=None, at=None)))


def fresh_event(event: Mapping[str, Any] | None) -> bool:
    """Tell a new event of the map from one that was handled before; each carries a number of its own."""
    number = (event or {}).get("n")
    if not number or st.session_state.get(_SEEN) == number:
        return False
    st.session_state[_SEEN] = number
    return True


def last_event() -> str | None:
    """Return the number of the map's last handled event; the frame ignores answers to older ones."""
    return st.session_state.get(_SEEN)


def move_to(box: config.Box | None, *, force: bool = False) -> None:
    """Ask the map to show a box (west, south, east, north in WGS 84); without `force` only when it is out of sight."""
    if box:
        _move({"bbox": box, "force": force})


def look_once(key: str, box: config.Box | None) -> None:
    """Ask the map to show a box when something is opened; not again while it stays open, nor over an address's view.

    Args:
        key: What is opened.
        box: Its bounds (west, south, east, north in WGS 84); None moves nothing.
    """
    opened, first = st.session_state.get(_LOOKED) != key, _LOOKED not in st.session_state
    st.session_state[_LOOKED] = key
    if opened and not (first and "view" in (movement() or {})):
        move_to(box, force=True)


def fly_to(look: tuple[float, float, float] | None, box: config.Box) -> None:
    """Ask the map to fly to a place and zoom (longitude, latitude, zoom of a usual map), or else to fit a box."""
    _move({"view": look, "fly": True} if look else {"bbox": box, "force": True, "fly": True})


def _move(target: dict[str, Any]) -> None:
    number = st.session_state.get(_MOVE, {}).get("n", 0) + 1
    st.session_state[_MOVE] = {"n": number, **target}


def movement() -> dict[str, Any] | None:
    """Return the last asked movement of the map."""
    return st.session_state.get(_MOVE)


def _box(view: View) -> config.Box:
    if view.at and not view.zone:
        lon, lat = view.at
        return (lon - 0.03, lat - 0.03, lon + 0.03, lat + 0.03)
    return config.zones_box([view.zone] if view.zone else view.compared) or config.home_box(view.area)
