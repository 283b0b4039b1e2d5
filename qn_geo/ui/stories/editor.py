"""The editor: the list of stories, or one story with its scenes, the form of the open one, and a preview of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from qn_geo import horizons, i18n, sheets, state, stories
from qn_geo.errors import QnGeoError
from qn_geo.stories.story import MOST_SCENES, TITLE_LETTERS
from qn_geo.ui import drawer, shell
from qn_geo.ui.review import work
from qn_geo.ui.stories import drafting, form, going_out, preview, scenes, shelf

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qn_geo.stories import Scene, Story
    from qn_geo.stories.complaints import Told
    from qn_geo.stories.parsing import Gone

_SAVED = "saved"


def page(view: state.View) -> None:
    """Draw the editor. Call it from a fragment: every choice reruns only this.

    Args:
        view: The present view; without a story, or with one that cannot be opened, the list of stories is drawn.
    """
    shell.navigation(view)
    with st.container(key="stories", gap="small"):
        story, gone = _opened(view)
        with shell.guarded(view.lang):
            if story is None:
                shelf.page(view)
            elif gone:
                _incomplete(view, story, gone)
            else:
                _story(view, story)


def _opened(view: state.View) -> tuple[Story | None, Sequence[Gone]]:
    """Return the story of the view as far as it can be shown, and what it names that is not in the data."""
    if view.story is None:
        return None, ()
    try:
        return stories.load(view.story), ()
    except QnGeoError as error:
        if isinstance(error, stories.StoryError) and error.rest:
            return error.rest, error.gone
        work.show(error, view.lang)
        return None, ()


def _incomplete(view: state.View, story: Story, gone: Sequence[Gone]) -> None:
    """Draw a story that names what is not in the data any more: to look at, until somebody takes that out."""
    _ = i18n.translator(view.lang)
    number = min(view.scene, len(story.scenes))
    with st.container(key="story-head", horizontal=True, vertical_alignment="center", gap="small"):
        st.button(_("All stories"), key="w-shelf", icon=":material/arrow_back:", on_click=_leave)
        st.html(f'<h2 class="qn-title">{sheets.escape(story.title)}</h2>')
    told = _("This story names zones or figures that are not in the data (any more): {count}, marked at their scenes.")
    more = _("Its file still holds them. Until they are removed it cannot be changed, presented or handed over.")
    then = _("Without them a chart may speak of other zones: look at headline and chart of these scenes, then save.")
    st.warning(f"{told.format(count=len(gone))} {more} {then}", icon=":material/link_off:")
    st.button(_("Remove what no longer exists"), key="w-mend", type="primary", on_click=drafting.mend)
    if isinstance(error := work.outcome(drafting.HEAD), QnGeoError):
        work.show(error, view.lang)
    left, right = st.columns([0.95, 1.25], gap="medium")
    with left, shell.guarded(view.lang):
        _scenes(view, story, number, gone)
    with right, shell.guarded(view.lang):
        work.heading(_("The scene without them"))
        preview.draw(view, story, number, fixed=True)


def _story(view: state.View, story: Story) -> None:
    drafting.see(story)
    drawer.close()  # it would lie over what a scene is adjusted with
    number = min(view.scene, len(story.scenes))
    _head(view, story)
    left, middle, right = st.columns([0.95, 1.15, 1.25], gap="medium")
    with left, shell.guarded(view.lang):
        _scenes(view, story, number)
        going_out.going_out(view.lang, view.story or "")
    with middle, shell.guarded(view.lang):
        form.scene(view, story, number)
    with right, shell.guarded(view.lang):
        preview.draw(view, story, number)


def _head(view: state.View, story: Story) -> None:
    """Draw title and language of the story, how far it is saved, and what can be done with it as a whole."""
    _ = i18n.translator(view.lang)
    story_id = view.story or ""
    with st.container(key="story-head", horizontal=True, vertical_alignment="center", gap="small"):
        st.button(_("All stories"), key="w-shelf", icon=":material/arrow_back:", on_click=_leave)
        st.text_input(
            _("Title"),
            story.title,
            key=state.prepared("w-title", story.title),
            max_chars=TITLE_LETTERS,
            on_change=_retitle,
            label_visibility="collapsed",
        )
        st.segmented_control(
            _("Language of the story"),
            list(i18n.LANGUAGES),
            default=story.lang,
            key=f"w-story-lang-{story.lang}",
            format_func=str.upper,
            on_change=_speak,
            args=(f"w-story-lang-{story.lang}",),
            required=True,
            label_visibility="collapsed",
            help=_("Language of the story"),
        )
        st.button(
            _("Save"),
            key="w-save",
            icon=":material/save:",
            on_click=_save,
            disabled=not stories.is_draft(story_id),
        )
        shelf.download(story_id, key="w-yaml", label="", help=_("Download as YAML"))
        st.button(
            _("Present"),
            key="w-present",
            type="primary",
            icon=":material/play_arrow:",
            on_click=drafting.go,
            kwargs={"scene": 1, "mode": "show"},
        )
    with st.container(key="story-said", gap="small"):  # always there: what comes and goes must not move the map's frame
        st.html(f'<p class="qn-note" role="status">{sheets.escape(_state(view))}</p>')
        for subject in ("title", drafting.HEAD):
            if isinstance(error := work.outcome(subject), QnGeoError):
                work.show(error, view.lang)
        _undo(view)


def _state(view: state.View) -> str:
    """Say how far the story is saved."""
    _ = i18n.translator(view.lang)
    story_id = view.story or ""
    if work.outcome(_SAVED) == story_id:
        return _("Saved. It is on the list for everybody.")
    if stories.is_draft(story_id):
        return _("Draft: every change is kept at once, even if the page is closed. Save puts it on the list.")
    shipped = any(entry.id == story_id and entry.origin == "shipped" for entry in stories.listed())
    if shipped:
        return _("Ready-made: your first change makes a copy of your own.")
    return _("Saved. Your first change makes a draft; saving that puts it in the place of this one.")


def _undo(view: state.View) -> None:
    _ = i18n.translator(view.lang)
    if gone := drafting.undone(view.story or ""):
        with st.container(key="undo", horizontal=True, vertical_alignment="center", gap="small"):
            said = _("Scene deleted: {headline}").format(headline=gone[1].headline)
            st.html(f'<p role="status">{sheets.escape(said)}</p>')
            st.button(_("Undo"), key="w-undo", icon=":material/undo:", on_click=drafting.undo)


def _leave() -> None:
    state.update(story=None, scene=1, mode=None)


def _retitle() -> None:
    drafting.retitle(st.session_state["w-title"])


def _speak(key: str) -> None:
    if chosen := st.session_state[key]:
        drafting.speak(chosen)


def _save() -> None:
    with work.attempt(drafting.HEAD):
        story_id = stories.save(state.current().story or "")
        state.update(story=story_id)
        work.succeeded(_SAVED, story_id)


def _scenes(view: state.View, story: Story, number: int, gone: Sequence[Gone] = ()) -> None:
    """Draw the scenes in their order, with what they name that is gone; a click opens one."""
    _ = i18n.translator(view.lang)
    with st.container(key="scenes", gap=None):
        for place, scene in enumerate(story.scenes, start=1):
            with st.container(key="scene-here" if place == number else f"scene-{place}", gap=None):
                st.button(
                    _row(scene, place, view.lang, [told for index, told in gone if index == place - 1]),
                    key=f"w-scene-{place}",
                    type="tertiary",
                    width="stretch",
                    on_click=drafting.go,
                    kwargs={"scene": place},
                )
    if len(story.scenes) < MOST_SCENES and not gone:
        st.button(_("New scene behind this one"), key="w-insert", icon=":material/add:", on_click=_insert)


def _row(scene: Scene, place: int, lang: str, gone: Sequence[Told]) -> str:
    """Return number, headline, what is shown and what is missing, as the text of a button."""
    _ = i18n.translator(lang)
    about = [form.where(scene, lang), horizons.year_name(scene.year, lang)]
    about += [_("chart")] if scene.chart else []
    missing = form.missing(scene, lang)
    lines = [f"**{place}.** {shell.plain(scene.headline)}", f":small[{shell.plain(' · '.join(about))}]"]
    lines += [f":small[:red[:material/link_off: {shell.plain(told.vi if lang == 'vi' else told.en)}]]" for told in gone]
    if missing:
        lines.append(f":small[:orange[{shell.plain(' · '.join(missing))}]]")
    return "  \n".join(lines)


def _insert() -> None:
    """Put a scene behind the open one that shows the same place and says nothing yet."""
    lang = state.current().lang

    def plain(scene: Scene) -> Scene:
        headline = scenes.headline_of(scene, lang)
        return drafting.changed(scene, headline=headline, figures=(), chart=None, notes="")

    drafting.insert(plain)
