"""Where maps look, as their frames tell it: asked for while somebody adds a view or adjusts a scene, else never.

The frame keeps what a hand has turned to in the address without a rerun (`static/qn-view.js`), and Streamlit does not
send that address along. So a frame whose state says `tell` reports it: the present look, and the last one of the page
named by `before`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from qn_geo import state
from qn_geo.ui.stories import scenes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qn_geo.mapview import config
    from qn_geo.stories import Scene

_NOW, _BEFORE, _LAST = "qn-look-now", "qn-look-before", "qn-look-page"
_SAME: Final = 1e-3  # degrees by which two boxes of one place may differ: the browser and the server round on their own

EVERY, BY_HAND = "every", "hand"
"""What a frame is to tell: every look, or only what a hand has turned to."""


@dataclass(frozen=True)
class Looked:
    """Where a map looks.

    Attributes:
        at: Longitude, latitude (WGS 84) and zoom.
        box: The box it was sent to; None once a hand has moved it, or where it was sent to a point.
    """

    at: scenes.LookAt
    box: config.Box | None


def hear(event: Mapping[str, Any]) -> None:
    """Keep what a frame tells. It belongs to the user's browser: what it says is checked like an address."""
    for name, key in (("now", _NOW), ("before", _BEFORE)):
        if name in event:
            st.session_state[key] = (state.page(), _read(event[name]))


def _read(told: Any) -> Looked | None:
    if not isinstance(told, dict) or (at := state.look(str(told.get("look")))) is None:
        return None
    box = told.get("box")
    edges = isinstance(box, list) and len(box) == 4 and all(isinstance(edge, (int, float)) for edge in box)  # noqa: PLR2004 - west, south, east, north
    return Looked(at, tuple(box) if edges else None)  # type: ignore[arg-type]


def now() -> Looked | None:
    """Return where the map of this page looks; None while its frame has not told."""
    page, looked = st.session_state.get(_NOW, (None, None))
    return looked if page == state.page() else None


def forget() -> None:
    """Forget where the map looks: it is sent somewhere else."""
    st.session_state.pop(_NOW, None)


def of(scene: Scene, looked: Looked | None) -> scenes.LookAt | None:
    """Return what a scene must keep of where a map looks; None where it would look there by itself, in any size."""
    if looked is None:
        return None
    near = zip(looked.box, scenes.box(scene), strict=True) if looked.box else ()
    return None if looked.box and all(abs(one - other) < _SAME for one, other in near) else looked.at


def visited(view: state.View) -> None:
    """Remember what a page with a map shows, for whoever goes to the editor next."""
    st.session_state[_LAST] = (state.page(), view)


def last() -> tuple[str, state.View, Looked | None] | None:
    """Return page, view and look of the map seen last; None where none was seen in this session."""
    if _LAST not in st.session_state:
        return None
    page, view = st.session_state[_LAST]
    return page, view, st.session_state.get(_BEFORE, (None, None))[1]
