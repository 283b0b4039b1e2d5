"""The presenter's window: this scene and the next, notes, clock, and all scenes to jump to.

It stays in step with the audience's window by itself (`static/qn-present.js`); here only its own session is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from qn_geo import figures, i18n, sheets, stories
from qn_geo.schema import CITY
from qn_geo.ui import shell
from qn_geo.ui.presenting import steps
from qn_geo.ui.presenting.show import figure_list, story_of, styled

if TYPE_CHECKING:
    from qn_geo import state
    from qn_geo.stories import Scene, Story


def page(view: state.View) -> None:
    """Draw the presenter's window for the scene the view asks for. Call it from a fragment."""
    styled()
    story = story_of(view)
    if story is None:
        return
    view, scene = steps.opened(view, story)
    with st.container(key="speaker"):
        with shell.guarded(view.lang):
            st.html(_head(view, story))
            st.html(_scenes(view, story))
        steps.listening(view, story, scene)


def _head(view: state.View, story: Story) -> str:
    _ = i18n.translator(view.lang)
    acts = [
        ("previous", _("Previous scene")),
        ("next", _("Next scene")),
        ("black", _("Black screen")),
        ("dark", _("Dark or light")),
        ("back", _("Back to the scene")),
        ("speaker", _("Audience window")),
    ]
    tone = "dark" if view.dark else "light"
    return sheets.template("speaker_head", view.lang).render(title=story.title, acts=acts, tone=tone)


def _scenes(view: state.View, story: Story) -> str:
    following = story.scenes[view.scene : view.scene + 1]
    return sheets.template("speaker", view.lang).render(
        now=_preview(story.scenes[view.scene - 1], view.lang),
        then=_preview(following[0], view.lang) if following else None,
        number=view.scene,
        total=len(story.scenes),
        headlines=[scene.headline for scene in story.scenes],
    )


def _preview(scene: Scene, lang: str) -> dict[str, Any]:
    """Return what a scene shows, in words."""
    chart = stories.chart(scene, lang)
    places = scene.zones or ((f"area-{scene.area}",) if scene.area else (CITY,))
    return {
        "headline": scene.headline,
        "figures": figure_list(scene, lang, []),
        "chart": chart.title if chart else "",
        "place": ", ".join(figures.short_name(place, lang) for place in places),
        "year": scene.year,
        "notes": scene.notes,
    }
