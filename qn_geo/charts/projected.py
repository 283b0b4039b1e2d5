"""A chart as it is thrown on a wall: text at least 7 to 1 against what is behind it, in a dim room light on dark.

How large it is, the page decides: it scales the picture as a whole, so that letters, marks and what the pointer finds
grow together.
"""

from __future__ import annotations

import re
from typing import Any, Final

import plotly.graph_objects as go

from qn_geo.charts.axes import FEW, short
from qn_geo.charts.bars import THICKNESS
from qn_geo.charts.frame import FAINT, GRID, PAPER, TEXT_SIZE
from qn_geo.style import INK, NIGHT, NIGHT_PAPER

END: Final = float("inf")
_HIGH: Final = 0.9
_DAY: Final = {FAINT: "#46525e"}
_NIGHT: Final = NIGHT | {FAINT: "#c3cdd6", GRID: "#33414d", PAPER: NIGHT_PAPER, INK: NIGHT[INK]}
_COLOUR: Final = re.compile(r"(?<=color:)\s*#[0-9a-f]{6}\b", re.IGNORECASE)  # in the small HTML of labels


def projected(figure: go.Figure, lang: str, *, dark: bool = False) -> go.Figure:
    """Return a copy of a chart's figure for a projector, where no pointer brings values up.

    Args:
        figure: Figure of a `Chart`; it is not changed.
        lang: "vi" or "en", the language the chart was made in.
        dark: Light on dark.
    """
    plain = figure.to_plotly_json()
    for trace in plain["data"]:
        if trace["type"] == "scatter" and trace.get("showlegend", True) and "text" not in trace:
            trace.update(_valued(trace, plain["layout"], lang))
    return go.Figure(_toned(plain, _NIGHT if dark else _DAY, colour=False), _validate=False)


def _valued(trace: dict[str, Any], layout: dict[str, Any], lang: str) -> dict[str, Any]:
    """Return what writes values beside the points of a line: all of few, else the last one."""
    axis = layout["yaxis" + trace.get("yaxis", "y").removeprefix("y")]
    top = _HIGH * (axis.get("range") or (0.0, END))[1]  # over a point at the top the legend stands
    told = [short(value, lang) + (axis.get("ticksuffix") or "") for value in trace["y"]]
    return {
        "mode": trace["mode"] + "+text",
        "text": told if len(told) <= FEW else [""] * (len(told) - 1) + told[-1:],
        "textposition": ["middle right" if value > top else "top center" for value in trace["y"]],
        "textfont": {"size": TEXT_SIZE, "color": INK},
        "cliponaxis": False,
    }


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
    kept = {at for trace in bars if trace.get("orientation") == "h" for at in trace["y"]}
    every = sorted({at for trace in plain["data"] for at in trace["y"]}) if kept else []
    if layout["height"] <= tallest or len(kept) == len(every):
        return figure, 0
    now = _closed_up(every, kept, above="tickvals" not in layout["yaxis"])
    over = THICKNESS / 2 + 1  # how far over its bar a name of the whole width stands
    annotations = [
        note | {"y": now[note["y"] + over] - over} for note in layout.get("annotations", ()) if note["y"] + over in kept
    ]
    axis = layout["yaxis"] | {"range": [now[END], 0]}
    if "tickvals" in axis:
        names = dict(zip(every, axis["ticktext"], strict=True))
        axis |= {"tickvals": [now[at] for at in sorted(kept)], "ticktext": [names[at] for at in sorted(kept)]}
    height = layout["height"] - layout["yaxis"]["range"][0] + now[END]
    changed = layout | {"yaxis": axis, "annotations": annotations, "height": height}
    data = [trace | {"y": [now[at] for at in trace["y"]]} for trace in bars]
    return go.Figure(data, changed, _validate=False), len(every) - len(kept)


def _closed_up(every: list[float], kept: set[float], *, above: bool) -> dict[float, float]:
    """Return where each row that is kept stands once the others are gone, and where the last one ends (at `END`).

    Args:
        every: Places of all rows, from the top down, in the pixels in which `bars.ladder` lays them out.
        kept: Those of the rows that stay.
        above: Whether names stand above the bars, which then are at the foot of their rows.
    """
    places, before, now = {}, 0.0, 0.0
    for at in every:
        end = at + THICKNESS / 2 + 4 if above else 2 * at - before
        if at in kept:
            places[at] = now + at - before
            now += end - before
        before = end
    return places | {END: now}


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
