"""What is handed over after a meeting: the story as PPTX with editable charts, and as PDF."""

from __future__ import annotations

from functools import partial

import streamlit as st

from qn_geo import i18n, slides, stories
from qn_geo.ui import making
from qn_geo.ui.review import work
from qn_geo.ui.stories import words


def going_out(lang: str, story_id: str) -> None:
    """Draw the files of a story, each made when somebody asks for it.

    Args:
        lang: Language of the page; the files speak the story's own.
        story_id: Id of the story.
    """
    _ = i18n.translator(lang)
    story, name = stories.load(story_id), words.file_name(stories.load(story_id).title)
    subject = making.of_data(story_id, stories.version(story_id))
    with st.container(key="handing-over", gap="small"):
        work.heading(_("Hand over"))
        with st.container(horizontal=True, gap="small"):
            making.file(f"pptx:{subject}", _("PowerPoint"), f"{name}.pptx", partial(slides.deck, story), lang)
            making.file(f"pdf:{subject}", _("PDF"), f"{name}.pdf", partial(slides.pages, story), lang)
