"""What leaves the review: report, return files, the original, and the check of the sealed record."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from qn_geo import decisions, i18n, report
from qn_geo.intake import submission as submissions
from qn_geo.ui.review import work
from qn_geo.ui.shell import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from qn_geo.dossier import Dossier


def panel(held: Dossier, lang: str) -> None:
    """Draw the downloads, each made when somebody asks for it, and the check of the record."""
    _ = i18n.translator(lang)
    formats = {
        "gpkg": _("Return file: GeoPackage"),
        "dxf": _("Return file: DXF"),
        "xlsx": _("Return file: XLSX"),
    }
    with st.container(key="out", gap="small"):
        work.heading(_("Hand over"))
        with st.container(horizontal=True, gap="small"):
            _offer(_("Report (PDF)"), lambda: report.protocol(held, lang), f"{held.id}-{lang}.pdf")
            for fmt, label in formats.items():
                _offer(label, partial(report.returned, held, fmt, lang), f"{held.id}.{fmt}")
            files = held.submission.files
            name = files[0].name if len(files) == 1 else f"{held.id}.zip"
            _offer(_("File as received"), lambda: submissions.original(held.id)[0], name)
        if st.button(_("Verify the sealed record"), key="w-verify", icon=":material/policy:"):
            found = decisions.store().verify()
            (st.success if found.ok else st.error)(plain(found.message(lang)))


def _offer(label: str, make: Callable[[], bytes], name: str) -> None:
    st.download_button(
        label, data=make, file_name=name, key=f"w-out-{name.rsplit('.', 1)[-1]}-{label}", on_click="ignore"
    )
