"""Charts on a wall: colours that can be read in a bright and in a dim room, and no rows that say nothing."""

from __future__ import annotations

import json
import re

import plotly.graph_objects as go
import pytest

from qn_geo import charts
from qn_geo.charts.projected import projected, shortened
from qn_geo.style import NIGHT_PAPER

CITY = charts.Subject(2026)
WIDE = ["investment", "occupancy"]  # of the whole city: a row for every park


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return sum(
        weight * (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4)
        for weight, part in zip((0.2126, 0.7152, 0.0722), parts, strict=True)
    )


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def inks(figure):
    """Colours of axes, legends, labels and of the small HTML in them."""
    plain = figure.to_plotly_json()
    found = set(re.findall(r"color:\s*(#[0-9a-f]{6})", json.dumps(plain["layout"], default=str)))
    found |= {plain["layout"]["font"]["color"]}
    for axis in ("xaxis", "yaxis"):
        found |= {plain["layout"].get(axis, {}).get("tickfont", {}).get("color", plain["layout"]["font"]["color"])}
    return found


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("name", charts.NAMES)
def test_text_stands_out_seven_to_one(name, dark):
    figure = charts.named(name, CITY, "vi").figure
    shown = projected(figure, "vi", dark=dark)
    paper = NIGHT_PAPER if dark else "#ffffff"
    assert [colour for colour in inks(shown) if contrast(colour, paper) < 7] == []
    go.Figure(shown.to_plotly_json())  # valid as Plotly sees it


@pytest.mark.parametrize("name", charts.NAMES)
def test_the_chart_itself_is_not_changed(name):
    figure = charts.named(name, CITY, "vi").figure
    before = figure.to_json()
    projected(figure, "vi", dark=True)
    shortened(figure, 100)
    assert figure.to_json() == before


@pytest.mark.parametrize("name", WIDE)
def test_a_chart_too_tall_loses_its_empty_rows_only(name):
    figure = charts.named(name, CITY, "vi").figure
    shown, gone = shortened(figure, 430)
    bars = [trace for trace in figure.data if trace.type == "bar"]
    assert gone == len(figure.layout.yaxis.tickvals) - len({at for bar in bars for at in bar.y}) > 0
    assert shown.layout.height < figure.layout.height
    assert [list(bar.x) for bar in shown.data] == [list(bar.x) for bar in bars]
    names = dict(zip(figure.layout.yaxis.tickvals, figure.layout.yaxis.ticktext, strict=True))
    kept = dict(zip(shown.layout.yaxis.tickvals, shown.layout.yaxis.ticktext, strict=True))
    for was, now in zip(bars, shown.data, strict=True):
        assert [names[at] for at in was.y] == [kept[at] for at in now.y], "a bar has got another's name"


def test_rows_with_long_names_close_up_too():
    figure = charts.named("comparison:industrial_land_ha", CITY, "en").figure
    shown, gone = shortened(figure, 430)
    assert gone > 0
    assert shown.layout.height <= 430
    (bars,) = shown.data
    assert len(shown.layout.annotations) == len(bars.y)
    was = {note.y: note.text for note in figure.layout.annotations}
    names = [was[at - 8.5] for at in next(trace for trace in figure.data if trace.type == "bar").y]
    assert [note.text for note in shown.layout.annotations] == names
    assert [note.y + 8.5 for note in shown.layout.annotations] == pytest.approx(list(bars.y))
    assert list(bars.y) == sorted(bars.y)


@pytest.mark.parametrize("name", ["targets", "city-occupancy", "sectors"])
def test_a_chart_that_fits_or_has_no_empty_rows_stays_as_it_is(name):
    figure = charts.named(name, CITY, "vi").figure
    assert shortened(figure, 430) == (figure, 0)
    assert shortened(figure, 10)[1] == 0


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_values_stand_beside_the_points_of_a_line_all_of_few_else_the_last(lang):
    plotted = projected(charts.named("city-occupancy", CITY, lang).figure, lang)
    told = {trace.name: trace.text for trace in plotted.data}
    assert all("text" in trace.mode for trace in plotted.data)
    assert ("57,87%" if lang == "vi" else "57.87%") in [text for texts in told.values() for text in texts]
    long = go.Figure(
        go.Scatter(x=[1, 2, 3, 4], y=[1.0, 2.0, 3.0, 1234.5], mode="lines+markers"), {"yaxis": {"title": "ha"}}
    )
    assert projected(long, lang).data[0].text == ("", "", "", "1.235" if lang == "vi" else "1,235")
    assert long.data[0].text is None
