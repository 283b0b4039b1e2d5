"""A chart as it is thrown on a wall: text at least 7 to 1 against what is behind it, in a dim room light on dark.

How large it is, the page decides: it scales the picture as a whole, so that letters, marks and what the pointer finds
grow together.
"""

from __future__ import annotations

import re
from typing import Any, Final

import plotly.graph_objects as go

from qn_geo.charts.frame import FAINT, GRID, PAPER
from qn_geo.style import INK, NIGHT, NIGHT_PAPER

_DAY: Final = {FAINT: "#46525e"}
_NIGHT: Final = NIGHT | {FAINT: "#c3cdd6", GRID: "#33414d", PAPER: NIGHT_PAPER, INK: NIGHT[INK]}
_COLOUR: Final = re.compile(r"(?<=color:)\s*#[0-9a-f]{6}\b", re.IGNORECASE)  # in the small HTML of labels


def projected(figure: go.Figure, *, dark: bool = False) -> go.Figure:
    """Return a copy of a chart's figure for a projector.

    Args:
        figure: Figure of a `Chart`; it is not changed.
        dark: Light on dark.
    """
    tones = _NIGHT if dark else _DAY
    return go.Figure(_toned(figure.to_plotly_json(), tones, colour=False), _validate=False)


def _toned(value: Any, tones: dict[str, str], *, colour: bool) -> Any:
    """Give every colour its tone: whatever stands under a key of that name, and colours inside of texts."""
    if isinstance(value, dict):
        return {key: _toned(each, tones, colour=key.endswith("color")) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_toned(each, tones, colour=colour) for each in value]
    if not isinstance(value, str):
        return value
    if colour:
        return tones.get(value.lower(), value)
    return _COLOUR.sub(lambda found: tones.get(found[0].strip().lower(), found[0]), value)
