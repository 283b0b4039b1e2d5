"""What leaves the review: the original, the file for the submitter, the report, and the record's own check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from qn_geo import i18n
from qn_geo.intake import submission as submissions
from qn_geo.ui.review import deciding, work

if TYPE_CHECKING:
    from qn_geo.dossier import Dossier


def panel(held: Dossier, lang: str) -> None:
    """Draw the downloads; each is made when somebody asks for it."""
    _ = i18n.translator(lang)
    with st.container(key="out", gap="small"):
        work.heading(_("Hand over"))
        with st.container(horizontal=True, gap="small"):
            st.download_button(
                _("File as received"),
                data=lambda: submissions.original(held.id)[0],
                file_name=held.submission.files[0].name if len(held.submission.files) == 1 else f"{held.id}.zip",
                key="w-out-original",
                on_click="ignore",
            )
        deciding.ledger(lang)
