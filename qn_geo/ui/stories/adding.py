"""From any page with a map into a story: what is shown becomes a scene, without leaving the page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import streamlit as st

from qn_geo import figures, horizons, i18n, sheets, state, stories, style, things
from qn_geo.errors import QnGeoError
from qn_geo.stories.story import HEADLINE_LETTERS, TITLE_LETTERS
from qn_geo.ui import drawer, shell
from qn_geo.ui.review import fields, work
from qn_geo.ui.stories import drafting, looks, scenes, words

if TYPE_CHECKING:
    from qn_geo.stories import Scene

_OPEN, _SUBJECT, _NEW = "w-add", "add", ""


def asks(view: state.View) -> str | None:
    """Return what the map's frame is to tell while a view may become a scene; None while it may not."""
    return looks.EVERY if view.mode == state.ADJUST or drawer.is_open(_OPEN) else None


def button(view: state.View, chart: str | None) -> None:
    """Draw the button with the form that adds this view to a story.

    Args:
        view: What is shown and chosen.
        chart: Name of the chart that stands first beside the map.
    """
    looks.visited(view)
    _ = i18n.translator(view.lang)
    if form := drawer.drawer(_("Add to a story"), _OPEN, "playlist_add", view.lang):
        with form, st.container(key="adding", gap="small"), shell.guarded(view.lang):
            _form(view, chart)


def _form(view: state.View, chart: str | None) -> None:
    _ = i18n.translator(view.lang)
    target = _target(view)
    if target == _NEW:
        meeting = _("Meeting of {date}").format(date=words.today(view.lang))
        title = _key("title", meeting)
        st.text_input(_("Title of the new story"), meeting, key=title, max_chars=TITLE_LETTERS)
    else:
        title = ""
    place = scenes.headline(view, view.lang)
    headline = _key("headline", place)
    st.text_input(
        _("Headline: what is to be seen here"),
        place,
        key=headline,
        max_chars=HEADLINE_LETTERS,
        help=_("Place and year stand there to begin with. Better is the finding itself, in one sentence."),
    )
    kept = f"w-add-chart-{chart}"
    told = fields.choice(
        st.selectbox,
        _("Chart"),
        words.chart_names(),
        key=kept,
        name=lambda name: words.chart_name(name, view.lang),
        default=chart or "",
    )
    st.html(_summary(view, told))
    st.button(
        _("Add scene"),
        key="w-add-scene",
        type="primary",
        icon=":material/add:",
        on_click=_add,
        args=(view, target, title, headline, kept, chart),
    )
    _outcome(view)


def _summary(view: state.View, chart: str) -> str:
    """Return in a line what the scene will show; a year that is not the present one stands out."""
    _ = i18n.translator(view.lang)
    chosen = [figures.short_name(zone, view.lang) for zone in scenes.zones(view)]
    told = [
        scenes.place_name(view.area, view.lang),
        horizons.year_name(view.year, view.lang),
        ", ".join(chosen) or (things.name(view.pick, view.lang) if view.pick else ""),
        _("layers: {shown}/{all}").format(shown=len(view.layers), all=len(style.MAP_LAYERS)),
        _("figures: {count}").format(count=len(words.usual(scenes.from_view(view, None, view.lang)))),
        words.chart_name(chart, view.lang),
    ]
    place, year, *rest = (sheets.escape(part) for part in told if part)
    year = year if view.year == horizons.THIS_YEAR else f"<b>{year}</b>"
    head, line = sheets.escape(_("The scene:")), " · ".join((place, year, *rest))
    return f'<p class="qn-adds">{head} {line}</p>'


def _target(view: state.View) -> str:
    """Draw the choice of the story: the open one, else a new one; drafts, which may be other people's, are offered."""
    _ = i18n.translator(view.lang)
    known = {entry.id: entry for entry in stories.listed() if not entry.problem}
    offered = [view.story] if view.story in known else []
    offered += [entry.id for entry in known.values() if entry.origin == "draft" and entry.id != view.story]
    names = words.distinct({story_id: _name(known[story_id], view.lang) for story_id in offered if story_id})
    chosen: str = fields.choice(
        st.selectbox,
        _("Story"),
        [*names, _NEW],
        key=f"w-add-story-{view.story}",
        name=lambda story_id: names.get(story_id, _("New story")),
        default=view.story if view.story in names else _NEW,
    )
    return chosen


def _name(entry: stories.Entry, lang: str) -> str:
    _ = i18n.translator(lang)
    count = _("scenes: {count}").format(count=i18n.number(entry.scenes, lang))
    return f"{entry.title} · {count}"


def _key(name: str, suggestion: str) -> str:
    """Return the key of a text field that begins with a suggestion; another suggestion makes another field."""
    return f"w-add-{name}-{crc32(suggestion.encode()):08x}"


def _add(view: state.View, target: str, title: str, headline: str, kept: str, chart: str | None) -> None:  # noqa: PLR0913, PLR0917 - what the form holds
    """Add the scene to the story, which is the open one from then on."""
    said = st.session_state
    with work.attempt(_subject(view)):
        plain = scenes.from_view(view, None, view.lang)
        scene = scenes.from_view(view, looks.of(plain, looks.now()), view.lang, said.get(kept, chart) or None)
        scene = drafting.changed(scene, headline=said[headline], figures=words.usual(scene))
        if target == _NEW:
            story = drafting.begun(said[title], view.lang, scene)
        else:
            state.update(story=target)
            story = drafting.edit(lambda story: stories.added(story, scene))
        work.succeeded(_subject(view), str(len(story.scenes)))


def _subject(view: state.View) -> str:
    """Return what an adding is about: on another view its outcome would be taken for that one's."""
    return f"{_SUBJECT} {scenes.headline(view, 'vi')}"


def _outcome(view: state.View) -> None:
    """Draw how the last adding went, and the way to the editor."""
    done = work.outcome(_subject(view))
    if isinstance(done, QnGeoError):
        work.show(done, view.lang)
    elif done and view.story:
        _ = i18n.translator(view.lang)
        story = stories.load(view.story)
        with st.container(key="added", horizontal=True, vertical_alignment="center", gap="small"):
            _done(_("Scene {number} of “{title}” is there.").format(number=done, title=story.title))
            to_editor(view, int(done), _("Open the story"))


def _done(said: str) -> None:
    """Say quietly what was done."""
    st.html(f'<p class="qn-done" role="status">{sheets.escape(said)}</p>')


def to_editor(view: state.View, number: int, label: str) -> None:
    """Draw the way to a scene in the editor."""
    if page := shell.page_at("trinh-chieu"):
        st.page_link(page, label=label, query_params=state.preferences(view) | {"scene": str(number)})


def adjusting(view: state.View) -> None:
    """Draw, above the map, which scene is being adjusted and the button that puts this view in its place."""
    _ = i18n.translator(view.lang)
    with st.container(key="adjusting", horizontal=True, vertical_alignment="center", gap="small"):
        story = stories.load(view.story or "")
        number = min(view.scene, len(story.scenes))
        scene = story.scenes[number - 1]
        drafting.see(story)
        said = _("Adjusting scene {number} of {total}: {headline}")
        said = said.format(number=number, total=len(story.scenes), headline=scene.headline)
        st.html(f"<p>{sheets.escape(said)}</p>")
        st.button(
            _("Replace the scene by this view"),
            key="w-replace",
            type="primary",
            icon=":material/published_with_changes:",
            on_click=_replace,
            args=(view, number - 1),
        )
        to_editor(view, number, _("Back to the editor"))
        done = work.outcome("adjust")
        if isinstance(done, QnGeoError):
            work.show(done, view.lang)
        elif done:
            _done(_("The scene shows this view now."))


def _replace(view: state.View, index: int) -> None:
    with work.attempt("adjust"):
        take(index, view, looks.now())
        work.succeeded("adjust", "done")


def take(index: int, view: state.View, looked: looks.Looked | None) -> None:
    """Let a scene show another view; its texts, figures and chart stay.

    Raises:
        QnGeoError: If the scene is gone or was changed in another window, or it cannot be written.
    """
    was = drafting.seen(index)
    framed = _reframed(was, view, looked)
    drafting.edit(lambda story: stories.replaced(story, index, framed, was=was))


def _reframed(scene: Scene, view: state.View, looked: looks.Looked | None) -> Scene:
    """Return a scene as a view shows it; headline and figures nobody chose become the new one's."""
    framed = scenes.from_view(view, None, view.lang)
    plain = any(scene.headline == scenes.headline_of(scene, lang) for lang in i18n.LANGUAGES)
    texts = {name: getattr(scene, name) for name in ("notes", "figures", "chart")}
    texts |= {} if plain else {"headline": scene.headline}
    texts |= {"figures": words.usual(framed)} if scene.figures == words.usual(scene) else {}
    look = scenes.from_view(view, looks.of(framed, looked), view.lang).view
    return drafting.changed(framed, view=look, **texts)
