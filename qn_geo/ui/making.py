"""Files that take a while: made in the background when somebody asks, watched, then offered for download."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from qn_geo import atlas, figures, i18n, jobs
from qn_geo.ui.review import work

if TYPE_CHECKING:
    from collections.abc import Callable

    from qn_geo.jobs import Job

    Told = Callable[[int, int], None]


def file(subject: str, label: str, name: str, make: Callable[[Told], bytes], lang: str) -> None:
    """Draw the button that makes a file; then how far it is, and the download once it is there.

    Args:
        subject: What the file is made of; another subject is another file. Everybody who asks for the same gets it.
        label: What the button says.
        name: Name of the file.
        make: Makes the content, telling how many parts are done of how many.
        lang: "vi" or "en".
    """
    key = f"make:{subject}"
    job = jobs.find(key)
    if job is None:
        st.button(label, key=f"w-{key}", icon=":material/description:", on_click=_start, args=(key, make))
    elif not job.wait(work.PATIENCE):
        work.watch(key, lang)
    elif job.error:
        work.show(job.error, lang)
        jobs.forget(key)
    else:
        offer(name, job.result, lang)


def offer(name: str, content: bytes | Callable[[], Any], lang: str) -> None:
    """Draw the download of a file; a function makes it only when somebody asks for it."""
    _ = i18n.translator(lang)
    st.download_button(
        _("Download {name}").format(name=name),
        data=content,
        file_name=name,
        key=f"w-file-{name}",
        type="primary",
        icon=":material/download:",
        on_click="ignore",
    )


def of_data(*parts: object) -> str:
    """Return a subject made of these parts and of all data: a file stays right only while the data stay."""
    return ":".join(map(str, (*parts, *figures.version(), *atlas.version())))


def _start(key: str, make: Callable[[Told], bytes]) -> None:
    def work(job: Job) -> bytes:
        return make(lambda done, total: job.report("making", done, total))

    jobs.start(key, work)
