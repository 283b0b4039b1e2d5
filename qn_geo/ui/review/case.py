"""One submission on the review page: its summary, what is chosen of it, the decision, and what goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from qn_geo import decisions, dossier, i18n, jobs, outcomes, plotsheet, rules, sheets, state
from qn_geo.errors import Problem, QnGeoError
from qn_geo.intake import Choices, encodings
from qn_geo.intake import submission as submissions
from qn_geo.mapview import reviewed
from qn_geo.ui import panel as beside
from qn_geo.ui import shell
from qn_geo.ui.review import deciding, fields, going_out, listing, reading, work

if TYPE_CHECKING:
    from qn_geo.dossier import Dossier

_COMPARED: Final = "qn-compared"


def known(view: state.View) -> bool:
    """Tell whether there is such a submission; where there is none, say so over the queue."""
    with shell.guarded(view.lang):
        decisions.store().get(view.case or "")
        return True
    return False


def open_or_reading(view: state.View) -> Dossier | None:
    """Return the submission when its plots have been read and checked; None while something has to come first."""
    case = decisions.store().get(view.case or "")
    running = jobs.find(work.checking(case.id))
    if (running is not None and not running.finished) or case.state == "received":
        return None
    if st.session_state.get(reading.REREADING) == case.id:
        return None
    try:
        held = dossier.open_dossier(case.id)
    except QnGeoError:  # told where it can be read again
        return None
    return held if held.findings_hash else None


def before_review(view: state.View) -> dict[str, Any] | None:
    """Draw what has to come first: confirming what the file means, or waiting for the checks. Return the map's part."""
    case = decisions.store().get(view.case or "")
    head(view, case.name)
    key = work.checking(case.id)
    job = jobs.find(key)
    if job is not None and not job.finished:
        if not job.wait(work.PATIENCE):
            work.watch(key, view.lang)
            return None
        if job.error is None:
            st.rerun(scope="app")
    if job is not None and job.error is not None:
        work.show(job.error, view.lang)
    elif case.state == "placed":  # stopped between reading and checking
        work.start_check(case.id, None, None)
        work.watch(key, view.lang)
        return None
    before = None
    if case.state != "received":
        with shell.guarded(view.lang):
            before = _read_before(case)
            if case.state != "placed" and st.session_state.get(reading.REREADING) != case.id:  # nobody asked for it
                _tell_changed(view.lang)
    return reading.panel(view, before)


def _tell_changed(lang: str) -> None:
    _ = i18n.translator(lang)
    told = _("What is stored of this submission was changed since it was checked. Read the file as received once more.")
    st.warning(told, icon=":material/gpp_maybe:")


def _read_before(case: decisions.Case) -> Choices | None:
    """Return what was confirmed when a submission was read.

    Raises:
        QnGeoError: If what is stored is damaged.
    """
    return Choices(**submissions.plots(submissions.find(case.id))[1]["choices"])


def head(view: state.View, title: str) -> None:
    """Draw the name of the submission and the way back to the queue."""
    _ = i18n.translator(view.lang)
    with st.container(key="panel-head", horizontal=True, vertical_alignment="center"):
        st.html(f'<h2 class="qn-title">{sheets.escape(title)}</h2>')
        st.button(_("All submissions"), key="w-queue", icon=":material/list:", on_click=state.open_case, args=(None,))


def on_map(view: state.View, held: Dossier) -> dict[str, Any]:
    """Return what the map's frame needs to draw a submission."""
    compared = held.earlier is not None and st.session_state.get(f"{_COMPARED}-{held.id}", True)
    state.look_once(f"case:{held.id}:{held.reading['plots_sha256']}", reviewed.box(listing.shapes(held, view.pick)))
    old = held.earlier if compared else None
    return {"id": held.id, "v": reviewed.version(held), "d": held.version.entry, "old": old}


def panel(view: state.View, held: Dossier, listed: listing.Listed) -> None:
    """Draw the panel of a submission that was checked.

    Args:
        view: The view; `pick` is the chosen plot or finding.
        held: The submission.
        listed: The list as it is filtered.
    """
    head(view, held.title(view.lang))
    job = jobs.find(work.checking(held.id))
    if job is not None and job.error is not None:  # what was found before still stands
        work.show(job.error, view.lang)
        jobs.forget(work.checking(held.id))
    summary(view, held)
    plot = finding(view, held)
    deciding.form(held, None if plot is None else str(plot["plot_id"]), listed, view.lang)
    sheet(view, held, plot)
    going_out.panel(held, view.lang)


def summary(view: state.View, held: Dossier) -> None:
    """Draw how the submission came out, how it was read, and what it is compared with."""
    lang = view.lang
    _ = i18n.translator(lang)
    counts = held.summary["counts"]
    with st.container(key="summary", gap="small"):
        st.html(
            sheets.template("summary", lang).render(
                results=[
                    (outcomes.result_name(name, lang), i18n.number(counts[name], lang), outcomes.RESULT_COLOURS[name])
                    for name in outcomes.RESULTS
                ],
                decided=[
                    (outcomes.verdict_name(name, lang), i18n.number(number, lang), outcomes.VERDICT_COLOURS[name])
                    for name, number in _decided(held).items()
                ],
                not_made=i18n.number(len(missed), lang) if (missed := rules.not_made(held.findings)) else "",
                left=i18n.number(len(held.plots) - len(held.decided), lang),
                system=held.reading["system"][lang],
                reason=held.reading["system"][f"reason_{lang}"],
                encodings=", ".join(map(encodings.label, dict.fromkeys(held.reading["encodings"].values()))),
                who=dossier.signed(held.case.who, lang, verified=held.case.verified),
                received=i18n.moment(held.case.received, lang),
                note=held.case.note,
                problems=[
                    Problem(**problem).message(lang) for problem in held.reading["problems"][: reading.PROBLEMS_SHOWN]
                ],
                sha256=held.submission.sha256,
            )
        )
        if held.outdated:
            told = _("The rules, the law of the day or the plots compared with have changed since the check.")
            st.warning(told, icon=":material/update:")
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            _comparison(view, held)
            if held.outdated:
                st.button(
                    _("Check again"),
                    key="w-recheck",
                    icon=":material/refresh:",
                    on_click=work.start_check,
                    args=(held.id, None, held.earlier),
                )
            st.button(_("Read again"), key="w-reread", icon=":material/tune:", on_click=_reread, args=(held.id,))


def _decided(held: Dossier) -> dict[str, int]:
    verdicts = [entry.verdict for entry in held.decided.values()]
    return {name: verdicts.count(name) for name in outcomes.VERDICTS if name in verdicts}


def _reread(case_id: str) -> None:
    st.session_state[reading.REREADING] = case_id


def _comparison(view: state.View, held: Dossier) -> None:
    """Draw the choice of what to compare with; a new one runs the checks again."""
    lang = view.lang
    _ = i18n.translator(lang)
    others = [case for case in decisions.store().queue() if case.id != held.id and case.counts]
    others.sort(key=lambda case: case.zone_id != held.case.zone_id)
    names = {"": _("nothing"), dossier.REGISTER: _("the register of plots")}
    names |= {case.id: f"{i18n.moment(case.received, lang)} · {case.name}" for case in others}
    key = f"w-compare-{held.id}"
    fields.put(key, held.earlier or "")
    fields.choice(
        st.selectbox,
        _("Compared with"),
        list(names),
        key=key,
        name=names.__getitem__,
        default="",
        then=lambda earlier: work.start_check(held.id, None, earlier or None),
        width=330,
    )
    if held.earlier is not None:
        st.toggle(_("Swipe on the map"), value=True, key=f"{_COMPARED}-{held.id}")


def finding(view: state.View, held: Dossier) -> Any | None:
    """Draw the chosen finding; return the row of the plot that is decided on, the finding's first or the chosen one."""
    kind, _colon, number = (view.pick or "").partition(":")
    rows = [int(number)] if kind == "row" else []
    if kind == "finding" and int(number) < len(held.findings):
        rows = list(held.findings["rows"].iloc[int(number)][:1])
        with st.container(key="finding"):
            st.html(plotsheet.finding(held, int(number), view.lang))
    chosen = held.plots.loc[held.plots["row"].isin(rows), ["row", "plot_id"]]
    return None if chosen.empty else chosen.iloc[0]


def sheet(view: state.View, held: Dossier, plot: Any | None) -> None:
    """Draw all that is known of a plot, or of the place that was asked about."""
    _ = i18n.translator(view.lang)
    if plot is None:
        beside.sheet(view, _("Choose a plot on the map or a finding in the list."))
        return
    with st.container(key="sheet"):
        st.html(plotsheet.sheet(held, int(plot["row"]), view.lang))
