"""The audience's window: one scene a page, map, figures and chart, and nothing else.

The map is the first element on the page and stays it, so that its frame lives from scene to scene.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from qn_geo import figures, i18n, legend, sheets, state, stories, style
from qn_geo.charts.projected import projected, shortened
from qn_geo.errors import QnGeoError
from qn_geo.horizons import ahead, year_name
from qn_geo.ui import mapbox, panel, shell
from qn_geo.ui.presenting import steps

if TYPE_CHECKING:
    from qn_geo.charts import Chart
    from qn_geo.stories import Scene, Story

# In units of the style sheet, of which a window is 720 high.
COLUMN: Final = 600  # between a headline of one line and the foot
LINE: Final = 37  # of a headline
LETTERS: Final = 66  # in it
ENLARGED: Final = 1.23  # a pixel of a chart
AROUND_CHART: Final = 66  # its title and its note
FIGURE, LARGE_FIGURE = 80, 92  # a row of two, or one with a line of its own
TALLEST: Final = 430  # pixels of a chart whose letters can be read at the far end of the room
MOST_ALONE: Final = 4  # figures without a chart, very large
MOST_PUBLISHERS: Final = 5  # named in the foot; all stand in the list that opens
_SWATCH: Final = re.compile("%23([0-9a-f]{6})")
_RANGE: Final = re.compile(r"[\d.,]*\d–\d(?:[\d.,]*\d)?")  # 2021–2025: never on two lines


def page(view: state.View) -> None:
    """Draw the scene that the view asks for. Call it from a fragment: nothing else must be drawn anew.

    Args:
        view: The present view; its `story` and `scene` say what is shown.
    """
    styled()
    story = story_of(view)
    if story is None:
        return
    view, told = steps.opened(view, story)
    scene = following(told, view)
    with st.container(key="show"):
        on_map = st.container(key="show-map")
        with shell.guarded(view.lang):
            _slide(view, story, scene, chosen=view.zone if scene is not told else None)
        steps.listening(view, story, told)
        with on_map:  # the last to be told, so that its flight holds up nothing else
            with shell.guarded(view.lang):
                _legend(view)
            mapbox.map_only(view, {"show": True, "dark": view.dark})


def styled() -> None:
    """Give the page the style of a presentation."""
    st.html(shell.style())
    st.html(_style())


@lru_cache(maxsize=1)
def _style() -> str:
    return f"<style>{Path(__file__).with_name('show.css').read_text(encoding='utf-8')}</style>"


def story_of(view: state.View) -> Story | None:
    """Return the story of the view; where there is none to show, say why and offer the way back."""
    try:
        return stories.load(view.story or "")
    except QnGeoError as error:
        _ = i18n.translator(view.lang)
        st.error(shell.plain(error.message(view.lang)), icon=":material/error:")
        rest = isinstance(error, stories.StoryError) and error.rest
        if rest:
            st.info(_("If these are gone for good: a button in the editor removes them, and then it can be shown."))
        back, story_id = (_("Open in the editor"), view.story) if rest else (_("Back to the stories"), None)
        st.button(back, key="w-leave", on_click=_leave, args=(story_id,))
        return None


def _leave(story_id: str | None) -> None:
    state.update(mode=None, story=story_id, scene=1, staged=None)


def following(scene: Scene, view: state.View) -> Scene:
    """Return the scene about the zone the audience has asked for; the scene itself where nobody has asked."""
    chosen = view.zone
    if chosen is None or chosen == next(iter(scene.zones), None):
        return scene if view.year == scene.year else scene.model_copy(update={"year": view.year})
    told = [highlight.measure for highlight in stories.highlighted(scene, view.lang)]
    usual = [entry["measure"] for entry in figures.headline(chosen, view.year)]
    asked = tuple(f"{chosen}/{measure}" for measure in dict.fromkeys([*told, *usual]) if measure)
    change = {"zones": (chosen, *scene.zones[1:]), "year": view.year}
    every = scene.model_copy(update=change | {"figures": asked})
    known = [
        name for name, highlight in zip(asked, stories.highlighted(every, view.lang), strict=True) if highlight.figure
    ]
    return every.model_copy(update={"figures": tuple(known or asked)[: max(MOST_ALONE, len(told))]})


def _legend(view: state.View) -> None:
    told = legend.legend(view.layers, view.lang)
    if view.dark:
        told = _SWATCH.sub(lambda found: "%23" + style.NIGHT.get(f"#{found[1]}", f"#{found[1]}")[1:], told)
    with st.container(key="legend", gap=None):
        st.html(told)


def _slide(view: state.View, story: Story, scene: Scene, chosen: str | None) -> None:
    """Draw everything round the map: headline, figures, chart, sources."""
    chart = fitting(stories.chart(scene, view.lang), view.lang)
    source_ids = stories.sources(scene, view.lang, layers=False)
    shown = figure_list(scene, view.lang, source_ids)
    plan, size = _plan(scene, chart, len(shown))
    with st.container(key="show-head"):
        head = _RANGE.sub(r'<span class="qn-whole">\g<0></span>', sheets.escape(scene.headline))
        tone = "dark" if view.dark else "light"
        st.html(f'<h1 class="qn-headline" data-tone="{tone}" data-plan="{plan}">{head}</h1>')
    with st.container(key="show-figures"):
        if shown:
            st.html(sheets.template("show_figures", view.lang).render(figures=shown, size=size))
    with st.container(key="show-chart"):
        if chart:
            _chart(chart, view.lang, dark=view.dark)
    with st.container(key="show-foot"):
        st.html(_foot(view, story, source_ids, shown, chosen))


def fitting(chart: Chart | None, lang: str) -> Chart | None:
    """Return the chart without its empty rows where it is too tall for a slide; its note says so."""
    if chart is None:
        return None
    figure, gone = shortened(chart.figure, TALLEST)
    if not gone:
        return chart
    _ = i18n.translator(lang)
    note = _("Zones without data, not drawn: {count}.").format(count=gone)
    return replace(chart, figure=figure, note=f"{chart.note} {note}" if chart.note else note)


def _plan(scene: Scene, chart: Chart | None, count: int) -> tuple[str, str]:
    """Return where the figures stand, and how large.

    Returns:
        `column` above the chart, `row` under the map beside a chart that needs the whole column, `none` where the map
        has the page for itself; and `alone`, `large` or nothing.
    """
    if not (chart or count):
        return "none", ""
    free = COLUMN - LINE * (len(scene.headline) // LETTERS)
    if chart is None:
        return "column", "alone" if count <= MOST_ALONE else ""
    free -= AROUND_CHART + ENLARGED * chart.figure.layout.height
    if count and LARGE_FIGURE * count <= free:
        return "column", "large"
    return ("column" if FIGURE * math.ceil(count / 2) <= free else "row"), ""


def _chart(chart: Chart, lang: str, *, dark: bool) -> None:
    height = f":root {{ --chart-height: {chart.figure.layout.height:.0f}; }}"
    st.html(f'<style>{height}</style><h2 class="qn-chart-head">{sheets.escape(chart.title)}</h2>')
    with st.container(key="show-plot"):
        figure = projected(chart.figure, lang, dark=dark)
        st.plotly_chart(figure, key="w-show-plot", theme=None, config=panel.CHART_CONFIG, alt=chart.alt)
    if chart.note:
        st.html(f'<p class="qn-chart-note">{sheets.escape(chart.note)}</p>')


def figure_list(scene: Scene, lang: str, source_ids: list[str]) -> list[dict[str, Any]]:
    """Return the highlighted figures of a scene as their template wants them; marks are numbers of sources."""
    shown = []
    for highlight in stories.highlighted(scene, lang):
        marks = _marks(highlight.figure.source_id, source_ids) if highlight.figure else []
        told = {
            "label": highlight.label,
            "value": figures.bare_text(highlight.figure, lang, compact=True) if highlight.figure else highlight.value,
            "place": highlight.place_name,
            "detail": highlight.detail,
            "known": highlight.figure is not None,
            "marks": marks,
            "spans": _spans(marks),
        }
        shown.append(told)
    return shown


def _marks(source_id: str, source_ids: list[str]) -> list[int]:
    """Return the numbers under which the foot lists the documents of a figure; one document alone needs none."""
    known = [source_ids.index(each) + 1 for each in source_id.split(";") if each in source_ids]
    return sorted(known) if len(source_ids) > 1 else []


def _spans(marks: list[int]) -> str:
    """Write numbers shortly: `1,3–5`."""
    spans: list[list[int]] = []
    for mark in marks:
        if spans and mark == spans[-1][-1] + 1:
            spans[-1] = [spans[-1][0], mark]
        else:
            spans.append([mark])
    return ",".join("–".join(map(str, span)) for span in spans)


def _foot(
    view: state.View, story: Story, source_ids: list[str], shown: list[dict[str, Any]], chosen: str | None
) -> str:
    documents = sheets.documents(";".join(source_ids))
    marked = {mark for figure in shown for mark in figure["marks"]}
    publishers: dict[str, list[int]] = {}
    for number, document in enumerate(documents, start=1):
        marks = publishers.setdefault(document["publisher"] or document["title"], [])
        marks += [number] if number in marked else []
    return sheets.template("show_foot", view.lang).render(
        sources=documents,
        publishers={name: _spans(marks) for name, marks in list(publishers.items())[:MOST_PUBLISHERS]},
        others=max(0, len(publishers) - MOST_PUBLISHERS),
        horizon=year_name(view.year, view.lang) if ahead(view.year) else "",
        title=story.title,
        number=view.scene,
        total=len(story.scenes),
        chosen=figures.short_name(chosen, view.lang) if chosen else "",
        acts=_acts(view.lang),
        keys=_keys(view.lang),
    )


def _acts(lang: str) -> list[tuple[str, str]]:
    """Return what the buttons do, in their order, with their names."""
    _ = i18n.translator(lang)
    return [
        ("previous", _("Previous scene")),
        ("next", _("Next scene")),
        ("black", _("Black screen")),
        ("dark", _("Dark or light")),
        ("full", _("Full screen")),
        ("speaker", _("Presenter window")),
        ("keys", _("Keys")),
        ("leave", _("Leave")),
    ]


def _keys(lang: str) -> list[tuple[tuple[str, ...], str]]:
    """Return the card of keys: keys, and what they do."""
    _ = i18n.translator(lang)
    return [
        (("→", _("Space"), "Enter", "PgDn"), _("Next scene")),
        (("←", "Backspace", "PgUp"), _("Previous scene")),
        (("Home", "End"), _("First and last scene")),
        (("R",), _("Back to the scene")),
        (("B", "."), _("Black screen")),
        (("D",), _("Dark or light")),
        (("F",), _("Full screen")),
        (("S",), _("Presenter window")),
        (("Esc",), _("Leave full screen, then the presentation")),
    ]
