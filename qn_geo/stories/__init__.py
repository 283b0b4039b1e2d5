"""Stories for a meeting: scenes that say what to show and what to say, in plain YAML files.

Stories that come with the app lie in the data folder, those people make in `settings().story_dir`. A story is edited as
a draft: a working copy in a file of its own, so that nothing is lost by a reload, and nothing published changes early.
"""

from __future__ import annotations

from qn_geo.stories.edits import SceneGoneError, added, duplicated, moved, replaced, titled, without
from qn_geo.stories.files import is_draft
from qn_geo.stories.parsing import StoryError, parsed
from qn_geo.stories.shelf import Entry, begin, change, delete, listed, load, mended, origin, save, version
from qn_geo.stories.story import Look, Scene, Story
from qn_geo.stories.telling import Highlight, chart, highlighted, resolved, sources
from qn_geo.stories.writing import dumped

__all__ = [
    "Entry",
    "Highlight",
    "Look",
    "Scene",
    "SceneGoneError",
    "Story",
    "StoryError",
    "added",
    "begin",
    "change",
    "chart",
    "delete",
    "dumped",
    "duplicated",
    "highlighted",
    "is_draft",
    "listed",
    "load",
    "mended",
    "moved",
    "origin",
    "parsed",
    "replaced",
    "resolved",
    "save",
    "sources",
    "titled",
    "version",
    "without",
]
