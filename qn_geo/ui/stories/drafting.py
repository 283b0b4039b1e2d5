"""Changing a story from the page: always as a draft, always on its newest content, never over another window's work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st
from pydantic import ValidationError

from qn_geo import state, stories
from qn_geo.errors import QnGeoError
from qn_geo.stories import Scene, SceneGoneError, Story
from qn_geo.stories.wording import told
from qn_geo.ui.review import work

if TYPE_CHECKING:
    from collections.abc import Callable

_SEEN, _UNDO, _FORM = "qn-story-seen", "qn-story-undo", "qn-story-form"
HEAD: Final = "story"
"""What messages at the head of the editor are about; those of a field have its name."""


def see(story: Story) -> None:
    """Remember what this window shows: a change is made to what was seen, or refused."""
    st.session_state[_SEEN] = story


def go(**changes: Any) -> None:
    """Change the view, from a callback."""
    state.update(**changes)


def seen(index: int) -> Scene:
    """Return a scene as this window knows it."""
    story: Story = st.session_state[_SEEN]
    return story.scenes[min(index, len(story.scenes) - 1)]


def edit(act: Callable[[Story], Story]) -> Story:
    """Change the story of the view; one that is no draft is copied first, and the copy is what is open then.

    Raises:
        QnGeoError: If the story is gone, the change is refused, or it cannot be written.
    """
    story_id = state.current().story or ""
    if stories.is_draft(story_id):
        story = stories.change(story_id, act)
    else:
        story = act(stories.load(story_id))
        state.update(story=stories.begin(story, of=story_id))
    see(story)
    return story


def begun(title: str, lang: str, scene: Scene) -> Story:
    """Begin a story with one scene and open it.

    Raises:
        QnGeoError: If the title cannot be used, or the draft cannot be written.
    """
    story: Story = _valid(lambda: Story(title=title, lang=lang, scenes=(scene,)))  # type: ignore[arg-type]
    state.update(story=stories.begin(story))
    see(story)
    return story


def about(index: int, field: str) -> str:
    """Return what messages about a field of a scene are known by."""
    return f"{field}-{index}"


def form(story: Story, index: int) -> int:
    """Return a number for the fields of the open scene: another one whenever they show what was not typed into them.

    What a field of another scene still held in the browser can then never be written into this one.
    """
    held: tuple[int, tuple[str | None, int, Scene] | None] = st.session_state.get(_FORM, (0, None))
    shown = (state.current().story, index, story.scenes[index])
    if held[1] != shown:
        st.session_state[_FORM] = held = (held[0] + 1, shown)
    return held[0]


def put(index: int, field: str, value: Any) -> None:
    """Set one field of a scene, from a callback; what is wrong with it is told under the field.

    Another window may have changed other fields of the scene, which are kept, or the same one, which is not written
    over: then the message repeats what was typed here.
    """
    was = seen(index)

    def act(story: Story) -> Story:
        if was not in story.scenes and _only_others(story, index, field):
            return stories.replaced(story, index, changed(story.scenes[index], **{field: value}))
        return stories.replaced(story, index, changed(was, **{field: value}), was=was)

    with work.attempt(about(index, field)):
        try:
            edit(act)
            number, _shown = st.session_state.get(_FORM, (0, None))
            st.session_state[_FORM] = (number, (state.current().story, index, changed(was, **{field: value})))
        except SceneGoneError as error:
            raise _kept(error, value) if isinstance(value, str) and value else error from None


def _only_others(story: Story, index: int, field: str) -> bool:
    """Tell whether the scene still stands where it was seen, with other fields changed."""
    known: Story = st.session_state[_SEEN]
    same = len(story.scenes) == len(known.scenes)
    return same and getattr(story.scenes[index], field) == getattr(known.scenes[index], field)


def _kept(error: QnGeoError, text: str) -> QnGeoError:
    problem = error.problem
    return QnGeoError(
        f"{problem.vi} Nội dung bạn vừa gõ: “{text}”.",
        f"{problem.en} What you typed: “{text}”.",
        remedy_vi=problem.remedy_vi,
        remedy_en=problem.remedy_en,
    )


def changed(scene: Scene, **changes: Any) -> Scene:
    """Return a scene with some fields changed.

    Raises:
        QnGeoError: If a value cannot be used; says why.
    """
    valid: Scene = _valid(lambda: Scene(**dict(scene) | changes))
    return valid


def _valid(make: Callable[[], Any]) -> Any:
    """Make a story or a scene of what somebody gave; what is wrong is told without its path in a file."""
    try:
        return make()
    except ValidationError as error:
        what = told(error)[0][1]
        kept_vi, kept_en = f"Nội dung này {what.vi}", f"This text {what.en}"
        raise QnGeoError(kept_vi, kept_en, remedy_vi=what.remedy_vi, remedy_en=what.remedy_en) from error


def mend() -> None:
    """Take out of the open story what is not in the data any more, from a callback."""
    with work.attempt(HEAD):
        state.update(story=stories.mended(state.current().story or ""))


def retitle(title: str) -> None:
    """Give the story another title, from a callback."""
    with work.attempt("title"):
        edit(lambda story: _valid(lambda: stories.titled(story, title)))


def speak(lang: str) -> None:
    """Set the language of the story, from a callback."""
    with work.attempt(HEAD):
        edit(lambda story: story.model_copy(update={"lang": lang}))


def insert(make: Callable[[Scene], Scene]) -> None:
    """Add a scene behind the open one, made from it, and open it."""
    index = _index()
    with work.attempt(HEAD):
        edit(lambda story: stories.added(story, make(seen(index)), index + 1))
        state.update(scene=index + 2)


def move(to: int) -> None:
    """Move the open scene to an index; it stays open."""
    index, was = _open()
    with work.attempt(HEAD):
        story = edit(lambda story: stories.moved(story, index, to, was=was))
        state.update(scene=max(0, min(to, len(story.scenes) - 1)) + 1)


def step(by: int) -> None:
    """Move the open scene by so many places."""
    move(_index() + by)


def duplicate() -> None:
    """Copy the open scene; the copy is open then."""
    index, was = _open()
    with work.attempt(HEAD):
        edit(lambda story: stories.duplicated(story, index, was=was))
        state.update(scene=index + 2)


def remove() -> None:
    """Delete the open scene; `undo` brings it back."""
    index, was = _open()
    with work.attempt(HEAD):
        story = edit(lambda story: stories.without(story, index, was=was))
        st.session_state[_UNDO] = (state.current().story, index, was)
        state.update(scene=min(index, len(story.scenes) - 1) + 1)


def undone(story_id: str) -> tuple[int, Scene] | None:
    """Return the scene of this story that was deleted last and may come back, and its index."""
    of, index, scene = st.session_state.get(_UNDO, (None, 0, None))
    return (index, scene) if of == story_id else None


def undo() -> None:
    """Bring the scene back that was deleted last."""
    _of, index, scene = st.session_state.pop(_UNDO)
    with work.attempt(HEAD):
        edit(lambda story: stories.added(story, scene, min(index, len(story.scenes))))
        state.update(scene=index + 1)


def _index() -> int:
    known: Story = st.session_state[_SEEN]
    return min(state.current().scene, len(known.scenes)) - 1


def _open() -> tuple[int, Scene]:
    """Index of the open scene, and the scene as this window knows it."""
    return _index(), seen(_index())
