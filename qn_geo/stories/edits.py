"""Changes of a story, as functions from one story to the next.

Two windows may edit the same draft, so a number alone can point at another scene than the person saw. Give `was`, the
scene as the person saw it: the change then finds it wherever it has moved to, and is refused when it is gone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qn_geo.errors import QnGeoError
from qn_geo.stories.story import MOST_SCENES, Story

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qn_geo.stories.story import Scene

_RELOAD: Final = ("tải lại trang để thấy nội dung mới nhất.", "reload the page to see the newest content.")


class SceneGoneError(QnGeoError):
    """The scene to change is no longer there, or no longer what the person saw."""


def added(story: Story, scene: Scene, at: int | None = None) -> Story:
    """Return the story with a scene more, before the scene at index `at`, else at the end.

    Raises:
        QnGeoError: If the story has as many scenes as there may be.
    """
    if len(story.scenes) >= MOST_SCENES:
        raise QnGeoError(
            f"Bài trình chiếu đã có {MOST_SCENES} cảnh, không thêm được nữa.",
            f"The story has {MOST_SCENES} scenes already, there is no room for more.",
            remedy_vi="xóa bớt cảnh hoặc bắt đầu bài trình chiếu mới.",
            remedy_en="delete some scenes or begin another story.",
        )
    at = len(story.scenes) if at is None else at
    return _with(story, (*story.scenes[:at], scene, *story.scenes[at:]))


def moved(story: Story, index: int, to: int, *, was: Scene | None = None) -> Story:
    """Return the story with one scene at another place; `to` is its index afterwards, held within the story."""
    index = _found(story, index, was)
    rest = [*story.scenes[:index], *story.scenes[index + 1 :]]
    rest.insert(max(0, min(to, len(rest))), story.scenes[index])
    return _with(story, rest)


def replaced(story: Story, index: int, scene: Scene, *, was: Scene | None = None) -> Story:
    """Return the story with another scene in the place of one."""
    index = _found(story, index, was)
    return _with(story, (*story.scenes[:index], scene, *story.scenes[index + 1 :]))


def without(story: Story, index: int, *, was: Scene | None = None) -> Story:
    """Return the story without one scene.

    Raises:
        QnGeoError: If it is the only one.
    """
    index = _found(story, index, was)
    if len(story.scenes) == 1:
        raise QnGeoError(
            "Bài trình chiếu phải có ít nhất một cảnh.",
            "A story must have at least one scene.",
            remedy_vi="thêm cảnh khác trước, hoặc xóa cả bài trình chiếu.",
            remedy_en="add another scene first, or delete the whole story.",
        )
    return _with(story, (*story.scenes[:index], *story.scenes[index + 1 :]))


def duplicated(story: Story, index: int, *, was: Scene | None = None) -> Story:
    """Return the story with a copy of one scene behind it."""
    index = _found(story, index, was)
    return added(story, story.scenes[index], index + 1)


def titled(story: Story, title: str) -> Story:
    """Return the story under another title.

    Raises:
        pydantic.ValidationError: If the title is empty or too long.
    """
    return Story(title=title, lang=story.lang, scenes=story.scenes)


def _with(story: Story, scenes: Iterable[Scene]) -> Story:
    return Story(title=story.title, lang=story.lang, scenes=tuple(scenes))


def _found(story: Story, index: int, was: Scene | None) -> int:
    """Where the scene stands now; of several that are alike, the one nearest to where it was."""
    places = [place for place, scene in enumerate(story.scenes) if was in (None, scene)]
    if (was is None and index not in places) or not places:
        raise SceneGoneError(
            "Cảnh này đã bị đổi hoặc xóa ở cửa sổ khác; chưa có gì bị ghi đè.",
            "This scene was changed or deleted in another window; nothing was overwritten.",
            remedy_vi=_RELOAD[0],
            remedy_en=_RELOAD[1],
        )
    return min(places, key=lambda place: abs(place - index))
