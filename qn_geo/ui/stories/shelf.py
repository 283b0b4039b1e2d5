"""All stories in one list: present, edit, download and delete them, begin a new one, or take one from a file."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from qn_geo import clock, i18n, sheets, state, stories
from qn_geo.errors import QnGeoError
from qn_geo.stories import StoryError
from qn_geo.ui import shell
from qn_geo.ui.review import work
from qn_geo.ui.stories import drafting, scenes, words

if TYPE_CHECKING:
    from qn_geo.stories import Entry

_SUBJECT, _ROUND = "shelf", "qn-story-round"
_LARGEST_MB: Final = 1
_ORDER: Final = ("draft", "own", "shipped")


def page(view: state.View) -> None:
    """Draw the list of stories."""
    _ = i18n.translator(view.lang)
    with st.container(key="shelf-head", horizontal=True, vertical_alignment="center", gap="small"):
        title = _("Stories for meetings")
        st.html(f'<h2 class="qn-title">{sheets.escape(title)}</h2>')
        st.button(_("New story"), key="w-new", type="primary", icon=":material/add:", on_click=_begin, args=(view,))
        with st.popover(_("Upload"), icon=":material/upload:", key="w-upload"):
            _upload(view)
    if isinstance(error := work.outcome(_SUBJECT), QnGeoError):
        work.show(error, view.lang)
    entries = stories.listed()
    if not entries:
        work.hint(_("No stories yet. Begin one here, or add what you see from any page with a map."))
    titles = {entry.id: f"“{entry.title}”" for entry in entries}
    heads = {"draft": _("Drafts, not yet saved"), "own": _("Saved"), "shipped": _("Ready-made")}
    for origin in _ORDER:
        chosen = [entry for entry in entries if entry.origin == origin]
        # Those in the reader's language first.
        chosen.sort(key=lambda entry: origin == "shipped" and entry.lang != view.lang)
        if chosen:
            with st.container(key=f"shelf-{origin}", gap=None):
                st.html(f'<h3 class="qn-title">{sheets.escape(heads[origin])}</h3>')
                for entry in chosen:
                    with shell.guarded(view.lang):
                        _row(entry, titles, view)


def _row(entry: Entry, titles: dict[str, str], view: state.View) -> None:
    row = f"shelf-row-{entry.origin}-{entry.id if entry.scenes else entry.title}"  # files may differ in their ending
    with st.container(key=row, horizontal=True, vertical_alignment="center", gap="small"):
        st.html(_about(entry, titles, view.lang))
        if entry.scenes:
            _ways(entry, view.lang)
        if entry.origin != "shipped" and (entry.problem is None or isinstance(entry.problem, StoryError)):
            _deleting(entry, view.lang)  # of a file with an unusable name the id may lead to another one
    if entry.problem and not entry.scenes:
        work.show(entry.problem, view.lang)


def _ways(entry: Entry, lang: str) -> None:
    """Draw what can be done with a story; one that names what is gone can only be opened."""
    _ = i18n.translator(lang)
    ways = ((_("Present"), "play_arrow", "show"), (_("Edit"), "edit", None))
    for label, icon, mode in ways[bool(entry.problem) :]:
        st.button(
            label,
            key=f"w-{mode or 'edit'}-{entry.id}",
            icon=f":material/{icon}:",
            on_click=drafting.go,
            kwargs={"story": entry.id, "scene": 1, "mode": mode},
            help=_("Your first change makes a copy of your own.") if not mode and entry.origin == "shipped" else None,
        )
    if not entry.problem:
        download(entry.id, key=f"w-yaml-{entry.id}", label="", help=_("Download as YAML"))


def _about(entry: Entry, titles: dict[str, str], lang: str) -> str:
    _ = i18n.translator(lang)
    told = [_("scenes: {count}").format(count=i18n.number(entry.scenes, lang))] if entry.scenes else []
    told += [{"vi": "Tiếng Việt", "en": "English"}[entry.lang]] if entry.lang else []
    if entry.changed:
        told.append(i18n.moment(entry.changed.astimezone(clock.LEGAL_TIME), lang))
    if entry.origin == "draft" and entry.scenes and (of := stories.origin(entry.id)):
        told.append(_("copy of {story}").format(story=titles.get(of, of)))
    line = sheets.escape(" · ".join(told))
    gone = _("names zones or figures no longer in the data") if entry.problem and entry.scenes else ""
    line += f"<em>{sheets.escape(gone)}</em>"
    return f'<p class="qn-story"><b>{sheets.escape(entry.title)}</b><small>{line}</small></p>'


def download(story_id: str, *, key: str, label: str, help: str | None = None) -> None:  # noqa: A002 - theirs
    """Draw the button that downloads a story as it is now, as the file that can be uploaded again."""
    name = words.file_name(stories.load(story_id).title)
    st.download_button(
        label,
        data=lambda: stories.dumped(stories.load(story_id)).encode("utf-8"),
        file_name=f"{name}.yaml",
        mime="application/yaml",
        key=key,
        icon=":material/download:",
        help=help,
        on_click="ignore",
    )


def _deleting(entry: Entry, lang: str) -> None:
    _ = i18n.translator(lang)
    with st.popover("", icon=":material/delete:", key=f"w-ask-{entry.id}", help=_("Delete")):
        st.markdown(_("Delete “{title}”? This cannot be undone.").format(title=shell.plain(entry.title)))
        st.button(_("Delete"), key=f"w-delete-{entry.id}", type="primary", on_click=_delete, args=(entry.id,))


def _delete(story_id: str) -> None:
    with work.attempt(_SUBJECT):
        stories.delete(story_id)


def _begin(view: state.View) -> None:
    """Begin a story with the whole city as its first scene."""
    _ = i18n.translator(view.lang)
    with work.attempt(_SUBJECT):
        first = scenes.from_view(state.View(lang=view.lang), None, view.lang)
        drafting.begun(_("Meeting of {date}").format(date=words.today(view.lang)), view.lang, first)
        state.update(scene=1)


def _upload(view: state.View) -> None:
    _ = i18n.translator(view.lang)
    number = st.session_state.get(_ROUND, 0)  # a new round gives an empty field
    with st.container(key=f"files-{view.lang}"):
        st.file_uploader(
            _("A story as a YAML file"),
            type=["yaml", "yml"],
            key=f"w-story-file-{number}",
            max_upload_size=_LARGEST_MB,
            on_change=partial(_receive, f"w-story-file-{number}"),
        )
    work.hint(_("It becomes a draft; what is wrong in it is told with scene and field."))


def _receive(key: str) -> None:
    file = st.session_state.get(key)
    if file is None:
        return
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    with work.attempt(_SUBJECT):
        story = stories.parsed(file.getvalue(), file.name)
        state.update(story=stories.begin(story), scene=1)
