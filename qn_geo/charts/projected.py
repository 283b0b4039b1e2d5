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


def shortened(figure: go.Figure, tallest: float) -> tuple[go.Figure, int]:
    """Leave out the rows that only say that nothing is published, where a chart of bars is too tall to be read.

    Args:
        figure: Figure of a `Chart`; it is not changed.
        tallest: Pixels it may have.

    Returns:
        The figure, and how many rows were left out.
    """
    plain = figure.to_plotly_json()
    layout, bars = plain["layout"], [trace for trace in plain["data"] if trace["type"] == "bar"]
    names = layout.get("yaxis", {})
    kept = {at for trace in bars for at in trace["y"]}
    if layout["height"] <= tallest or "ticktext" not in names or not kept < set(names["tickvals"]):
        return figure, 0
    rows: dict[float, tuple[float, str]] = {}  # the place of a row before: its place now, its name
    before = now = 0.0
    for at, name in zip(names["tickvals"], names["ticktext"], strict=True):
        height = 2 * (at - before)
        before += height
        if at in kept:
            rows[at] = (now + height / 2, name)
            now += height
    around = layout["height"] - before
    places, texts = zip(*rows.values(), strict=True)
    axis = names | {"tickvals": places, "ticktext": texts, "range": [now, 0]}
    data = [trace | {"y": [rows[at][0] for at in trace["y"]]} for trace in bars]
    shown = go.Figure(data, layout | {"yaxis": axis, "height": around + now}, _validate=False)
    return shown, len(names["tickvals"]) - len(rows)


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
