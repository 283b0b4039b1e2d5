"""From scene to scene: what the keys ask for, and a view that is what a scene says.

Keys, clickers, fingers and the second window are the business of `static/qn-present.js`, which runs in the page and
asks for scenes here. Both windows have their own session and draw the same story.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from qn_geo import mapview, state, stories
from qn_geo.errors import QnGeoError
from qn_geo.ui.stories import scenes

if TYPE_CHECKING:
    from collections.abc import Callable

    from qn_geo.stories import Scene, Story

_KEY: Final = "qn-keys"
_NAME: Final = "qn_present"
_SCRIPT: Final = Path(mapview.__file__).with_name("static") / "qn-present.js"


def opened(view: state.View, story: Story) -> tuple[state.View, Scene]:
    """Return the view of the asked scene, in the story's language, and that scene.

    A scene is taken over when it is come to, by a key or by its address; what is clicked afterwards stays until the
    next scene. A number beyond the last scene means the last.
    """
    number = min(view.scene, len(story.scenes))
    scene = story.scenes[number - 1]
    if view.staged != (staged := f"{number}@{stories.version(view.story or '')}"):
        view = state.stage(scene=number, staged=staged, **scenes.onto(scene))
        _look(scene)
    _prepare(view.story or "", staged.partition("@")[2])
    return replace(view, lang=story.lang, scene=number), scene


def strayed(view: state.View, scene: Scene) -> bool:
    """Tell whether something else is chosen than the scene says: the audience has asked a question."""
    return any(getattr(view, name) != value for name, value in scenes.onto(scene).items())


def listening(view: state.View, story: Story, scene: Scene) -> None:
    """Let the page hear keys, fingers and the other window."""
    _component()(
        key=_KEY,
        data={
            "mode": view.mode,
            "story": view.story,
            "scene": view.scene,
            "total": len(story.scenes),
            "lang": view.lang,
            "dark": view.dark,
            "off": strayed(view, scene),
            "stamp": (state.movement() or {}).get("n", 0),
        },
        on_do_change=_asked,
    )


def _component() -> Callable[..., Any]:
    return st.components.v2.component(_NAME, js=_script(), isolate_styles=False)


@lru_cache(maxsize=1)
def _script() -> str:
    return _SCRIPT.read_text(encoding="utf-8")


def _asked() -> None:
    """Do what the page asks for. It belongs to the user's browser: what it says is checked like an address."""
    # The keys live a moment longer than the scene they steer, such as when its story was deleted elsewhere.
    wish = st.session_state.get(_KEY, {}).get("do") or {}
    view = state.current()
    if "scene" in wish:
        state.update(scene=state.from_query({"scene": str(wish["scene"])}, None).scene)
    elif "dark" in wish:
        state.update(dark=bool(wish["dark"]))
    elif "leave" in wish:
        state.update(mode=None, staged=None)
    elif "back" in wish and view.story:
        with suppress(QnGeoError):  # the page itself says that the story is gone
            told = stories.load(view.story).scenes
            scene = told[min(view.scene, len(told)) - 1]
            state.update(**scenes.onto(scene))
            _look(scene)


def _look(scene: Scene) -> None:
    """Send the map where the scene looks, else to its zones, else to its area, else to the whole city."""
    look = (scene.view.lon, scene.view.lat, scene.view.zoom) if scene.view else None
    state.fly_to(look, scenes.box(scene))


@lru_cache(maxsize=8)
def _prepare(story_id: str, _version: str) -> None:
    """Draw every chart of a story once in the background: the next scene finds its own ready."""
    story = stories.load(story_id)

    def prepare() -> None:
        for scene in story.scenes:
            stories.chart(scene, story.lang)

    Thread(target=prepare, daemon=True, name="charts of a story").start()
