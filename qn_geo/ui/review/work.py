"""Long steps of the review page: begun in the background, watched with stage and count, stopped on demand."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from qn_geo import dossier, i18n, jobs, rules, sheets
from qn_geo.errors import CancelledError, QnGeoError
from qn_geo.ui.shell import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qn_geo.intake import Choices
    from qn_geo.jobs import Job

_OUTCOME: Final = "qn-outcome"
PATIENCE: Final = 0.8
"""Seconds in which most files are done: waited for, so that no progress bar flashes up."""


def checking(case_id: str) -> str:
    """Return the key of the job that reads and checks a submission."""
    return f"check:{case_id}"


def start_check(case_id: str, choices: Choices | None, earlier_id: str | None) -> None:
    """Read the plots anew (unless `choices` is None) and hold them against the rules, in the background."""

    def work(job: Job) -> None:
        told: dict[str, Any] = {"progress": job.report, "cancelled": job.cancelled}
        if choices is not None:
            dossier.place(case_id, choices, **told)
        dossier.check(case_id, earlier_id=earlier_id, **told)

    jobs.forget(checking(case_id))
    jobs.start(checking(case_id), work)


def done(key: str, work: Callable[[Job], Any], lang: str) -> Job | None:
    """Return a job that has ended, beginning it when there is none; None while it runs, and its progress is drawn."""
    job = jobs.find(key) or jobs.start(key, work)
    if job.wait(PATIENCE):
        return job
    watch(key, lang)
    return None


@st.fragment(run_every=0.4)
def watch(key: str, lang: str) -> None:
    """Draw how far a job is, with a button to stop it; draw the page anew once it has ended."""
    job = jobs.find(key)
    if job is None or job.finished:
        st.rerun(scope="app")
    _ = i18n.translator(lang)
    with st.container(key="progress"):
        st.progress(min(1.0, job.done / job.total) if job.total else 0.0, text=plain(_told(job, lang)))
        st.button(_("Stop"), key="w-stop", icon=":material/cancel:", on_click=job.cancel, disabled=job.cancelled())


def _told(job: Job, lang: str) -> str:
    _ = i18n.translator(lang)
    if job.cancelled():
        return _("Stopping …")
    rule = rules.registry().get(job.stage)
    stage = (
        _("Checking: {rule}").format(rule=rule.text("title", lang))
        if rule
        else {
            "reading": _("Reading the file"),
            "placing": _("Placing the plots"),
            "filling": _("Gathering plots and findings"),
            "writing": _("Writing the file"),
        }.get(job.stage, _("Working"))
    )
    count = f" ({i18n.number(job.done, lang)}/{i18n.number(job.total, lang)})" if job.total > 1 else ""
    return f"{stage}{count} …"


@contextmanager
def attempt(subject: str) -> Iterator[None]:
    """Keep an error of a callback for the page to show; what was typed stays in its fields.

    Args:
        subject: What was attempted; only where the same is on the screen is the outcome shown.
    """
    st.session_state.pop(_OUTCOME, None)
    try:
        yield
    except QnGeoError as error:
        st.session_state[_OUTCOME] = (subject, error)


def succeeded(subject: str, told: str) -> None:
    """Keep what an attempt has done for the page to tell."""
    st.session_state[_OUTCOME] = (subject, told)


def outcome(subject: str) -> QnGeoError | str | None:
    """Return how the last attempt went, if it was about this: an error, or what was done."""
    about, found = st.session_state.get(_OUTCOME, ("", None))
    return found if about == subject else None


def show(error: QnGeoError, lang: str) -> None:
    """Draw an error: what is wrong, in which file and row, and what to do about it."""
    if isinstance(error, CancelledError):
        st.info(plain(error.message(lang)), icon=":material/cancel:")
    else:
        st.error(plain(error.message(lang)), icon=":material/error:")


def hint(text: str) -> None:
    """Draw what there is to do where nothing else is to be seen."""
    st.html(f'<p class="qn-hint">{sheets.escape(text)}</p>')


def heading(text: str) -> None:
    """Draw the heading of a part of the panel."""
    st.html(f'<h3 class="qn-title">{sheets.escape(text)}</h3>')
