"""What the open scene will look like: its map, which a hand may turn, and its chart."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from qn_geo import i18n, state, stories
from qn_geo.mapview import frame
from qn_geo.ui import mapbox, panel
from qn_geo.ui.stories import drafting, looks, scenes

if TYPE_CHECKING:
    from qn_geo.stories import Scene, Story

_STANDS: Final = "qn-preview"


def draw(view: state.View, story: Story, number: int, *, fixed: bool = False) -> None:
    """Draw map and chart of a scene, in the language of the story.

    Args:
        view: The present view.
        story: The story.
        number: Number of the open scene, from 1.
        fixed: Whether nothing can be changed yet, the map's extent neither.
    """
    scene = story.scenes[number - 1]
    _fly(view, scene, number)
    shown = replace(view, **scenes.onto(scene), lang=story.lang)
    last = looks.last()
    asks = {"tell": looks.BY_HAND, "before": last[0] if last else "-"}
    with st.container(key="preview", gap="small"):
        with st.container(key="map"):
            frame.show(mapbox.map_state(shown) | asks, height=mapbox.MAP_HEIGHT, on_event=_on_event)
        if not fixed:
            _extent(view, scene, number - 1)
        if name := scene.chart:
            panel.draw(lambda: stories.chart(scene, story.lang) or _never(name), "preview", story.lang)


def _never(name: str) -> Any:
    raise KeyError(name)


def _fly(view: state.View, scene: Scene, number: int) -> None:
    """Send the map to a scene when it is opened, or looks elsewhere than before."""
    stands = (view.story, number, scene.view, scene.zones, scene.area)
    if st.session_state.get(_STANDS) == stands:
        return
    st.session_state[_STANDS] = stands
    looks.forget()
    at = (scene.view.lon, scene.view.lat, scene.view.zoom) if scene.view else None
    state.fly_to(at, scenes.box(scene))


def _on_event() -> None:
    """Hear where the map was turned to; a click chooses nothing here."""
    event: dict[str, Any] = st.session_state.get(frame.KEY) or {}
    if state.fresh_event(event) and event["t"] == "look":
        looks.hear(event)


def _extent(view: state.View, scene: Scene, index: int) -> None:
    """Draw the buttons that keep what the map was turned to, and that let it fit by itself again."""
    _ = i18n.translator(view.lang)
    turned = looks.now()
    with st.container(key="extent", horizontal=True, gap="small"):
        st.button(
            _("Keep this extent"),
            key="w-keep",
            icon=":material/crop_free:",
            type="primary" if turned else "secondary",
            disabled=turned is None,
            help=_("Turn the map to what the audience is to see."),
            on_click=_keep,
            args=(index,),
        )
        if scene.view:
            st.button(
                _("Fit to the place"),
                key="w-fit",
                icon=":material/fit_screen:",
                on_click=drafting.put,
                args=(index, "view", None),
            )


def _keep(index: int) -> None:
    if turned := looks.now():
        scene = drafting.seen(index)
        drafting.put(index, "view", scenes.look_at(looks.of(scene, turned)))
