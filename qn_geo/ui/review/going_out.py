"""What leaves the review: report, return files, the original, and the check of the sealed record."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import streamlit as st

from qn_geo import decisions, i18n, jobs, report
from qn_geo.intake import submission as submissions
from qn_geo.ui.review import work
from qn_geo.ui.shell import plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from qn_geo.dossier import Dossier
    from qn_geo.jobs import Job

QUICK: Final = 8_000
"""Plots up to which every file is made within two seconds: it comes with the click."""


def panel(held: Dossier, lang: str) -> None:
    """Draw the downloads, each made when somebody asks for it, and the check of the record."""
    _ = i18n.translator(lang)
    labels = {
        "pdf": _("Report (PDF)"),
        "gpkg": _("Return file: GeoPackage"),
        "dxf": _("Return file: DXF"),
        "xlsx": _("Return file: XLSX"),
    }
    keys = {fmt: f"out:{held.id}:{held.version.entry}:{held.findings_hash}:{lang}:{fmt}" for fmt in labels}
    with st.container(key="out", gap="small"):
        work.heading(_("Hand over"))
        found = {key: job for key in keys.values() if (job := jobs.find(key))}
        running = [key for key, job in found.items() if not job.finished]
        with st.container(horizontal=True, gap="small"):
            for fmt, label in labels.items():
                if len(held.plots) <= QUICK or fmt == "gpkg":  # GDAL is quick with any number
                    _offer(label, partial(_made, held, fmt, lang), _file(held, fmt, lang))
                else:
                    _ask(label, held, fmt, keys[fmt], lang, waiting=bool(running))
            files = held.submission.files
            name = files[0].name if len(files) == 1 else f"{held.id}.zip"
            _offer(_("File as received"), lambda: submissions.original(held.id)[0], name)
        for key in running[:1]:
            work.watch(key, lang)
        for key, job in found.items():
            if job.error is not None:
                work.show(job.error, lang)
                jobs.forget(key)
        if st.button(_("Verify the sealed record"), key="w-verify", icon=":material/policy:"):
            verdict = decisions.store().verify()
            (st.success if verdict.ok else st.error)(plain(verdict.message(lang)))


def _file(held: Dossier, fmt: str, lang: str) -> str:
    return f"{held.id}-{lang}.pdf" if fmt == "pdf" else f"{held.id}.{fmt}"


def _made(held: Dossier, fmt: str, lang: str, job: Job | None = None) -> bytes:
    if fmt != "pdf":
        return report.returned(held, fmt, lang, job.report if job else None)
    if job is not None:
        job.report("writing", 0, 1)
    return report.protocol(held, lang)


def _ask(  # noqa: PLR0913 - what is to be made, and how it is told
    label: str, held: Dossier, fmt: str, key: str, lang: str, *, waiting: bool
) -> None:
    """Draw the button that has a large file made; once it is made, the one that saves it and lets go of it."""
    _ = i18n.translator(lang)
    job = jobs.find(key)
    if job is not None and job.result is not None:
        st.download_button(
            _("Save {file}").format(file=fmt.upper()),
            data=job.result,
            file_name=_file(held, fmt, lang),
            key=f"w-save-{fmt}-{lang}",
            type="primary",
            icon=":material/download:",
            on_click=jobs.forget,
            args=(key,),
        )
        return
    st.button(
        label,
        key=f"w-make-{fmt}-{lang}",
        on_click=_start,
        args=(key, partial(_made, held, fmt, lang)),
        disabled=waiting,
    )


def _start(key: str, make: Callable[[Job], bytes]) -> None:
    jobs.start(key, make)


def _offer(label: str, make: Callable[[], bytes], name: str) -> None:
    st.download_button(
        label, data=make, file_name=name, key=f"w-out-{name.rsplit('.', 1)[-1]}-{label}", on_click="ignore"
    )
