"""Deciding: one plot or all of a list at once, refused when somebody else was quicker, sealed when it is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import streamlit as st

from qn_geo import decisions, dossier, i18n, outcomes, sheets
from qn_geo.decisions import TEXT_LIMIT, OutdatedError
from qn_geo.errors import QnGeoError
from qn_geo.ui.review import fields, person, work
from qn_geo.ui.shell import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qn_geo.decisions import Entry
    from qn_geo.dossier import Dossier
    from qn_geo.ui.review.listing import Listed

_SEEN, _VERDICT = "qn-seen-version", "w-verdict"
_NAMED: Final = 12  # plots of an outdated decision that are shown one by one


def form(held: Dossier, plot_id: str | None, listed: Listed, lang: str) -> None:
    """Draw the form for a decision.

    Args:
        held: The submission as it is shown; what is decided rests on just this.
        plot_id: The chosen plot, if any.
        listed: The list as it is filtered.
        lang: "vi" or "en".
    """
    _ = i18n.translator(lang)
    with st.container(key="decide", gap="small"):
        work.heading(_("Decision"))
        subject = f"decide:{held.id}:{plot_id}"
        _outcome(subject, lang)
        if not (plot_id or listed.plots):
            work.hint(_("Choose a plot, or filter the list."))
            return
        plots = _scope(held, plot_id, listed, lang)
        verdict = fields.choice(
            st.segmented_control,
            _("Decision"),
            outcomes.VERDICTS,
            key=_VERDICT,
            name=lambda name: verb(name, lang),
            label_visibility="collapsed",
            width="stretch",
        )
        st.text_area(
            _("Reason (needed unless accepted)"),
            key="w-reason",
            height=80,
            max_chars=TEXT_LIMIT,
            placeholder=_("what is wrong and what has to be mended"),
        )
        with st.container(horizontal=True, gap="small"):
            st.text_input(_("Note"), key="w-decision-note", max_chars=TEXT_LIMIT)
            person.ask(lang)
        seen = _errors_seen(held, plots, verdict, lang)
        # What counts is what stood here when the reviewer began, not what a keystroke has drawn anew since.
        if st.session_state.get(_SEEN, ("",))[0] != subject:
            st.session_state[_SEEN] = (subject, held.version)
        st.button(
            _("Record for {count} plots").format(count=i18n.number(len(plots), lang))
            if len(plots) > 1
            else _("Record the decision"),
            key="w-decide",
            type="primary",
            icon=":material/gavel:",
            disabled=verdict is None or not plots or not seen,
            on_click=_decide,
            args=(subject, held.id, plots, lang),
        )


def _scope(held: Dossier, plot_id: str | None, listed: Listed, lang: str) -> list[str]:
    """Draw the choice between the plot and the list, and return the plots of the chosen one.

    Of a list those without a decision are meant first. Another plot, another question: "all" is never carried over.
    """
    _ = i18n.translator(lang)
    scopes = {
        "plot": [plot_id] if plot_id else [],
        "open": [plot for plot in listed.plots if plot not in held.decided],
        "list": listed.plots,
    }
    decided = len(listed.plots) - len(scopes["open"])
    if not decided:
        del scopes["open"]
    whole = _("Every plot named in the list “{list}”, as filtered: {count}")
    if decided:
        whole = _("Every plot named in the list “{list}”, as filtered: {count}; decisions replaced: {decided}")
    names = {
        "plot": _("Plot {plot}").format(plot=plain(plot_id or "")),
        "open": _("Plots without a decision in the list “{list}”, as filtered: {count}").format(
            list=listed.name, count=i18n.number(len(scopes.get("open", ())), lang)
        ),
        "list": whole.format(
            list=listed.name, count=i18n.number(len(listed.plots), lang), decided=i18n.number(decided, lang)
        ),
    }
    chosen = fields.choice(
        st.radio,
        _("What for"),
        [name for name, plots in scopes.items() if plots],
        key=f"w-scope-{held.id}-{plot_id}",
        name=names.__getitem__,
        default="plot",
        label_visibility="collapsed",
    )
    return scopes.get(chosen, [])


def _errors_seen(held: Dossier, plots: Sequence[str], verdict: str | None, lang: str) -> bool:
    """Draw what accepting plots with errors needs; return whether the reviewer has said so, or it is not needed."""
    _ = i18n.translator(lang)
    if verdict != "accept":
        return True
    wrong = set(held.plots["plot_id"][np.array(held.summary["states"], dtype=object) == "fail"]) & set(plots)
    if not wrong:
        return True
    told = _("Accept nevertheless; of these plots with errors: {count}")
    return st.checkbox(told.format(count=i18n.number(len(wrong), lang)), key=f"w-errors-{hash(frozenset(wrong))}")


def verb(verdict: str, lang: str) -> str:
    """Return what the button of a verdict says."""
    _ = i18n.translator(lang)
    return {"accept": _("Accept"), "return": _("Return"), "reject": _("Reject")}[verdict]


def _decide(subject: str, case_id: str, plots: list[str], lang: str) -> None:
    _ = i18n.translator(lang)
    if _SEEN not in st.session_state:  # a second click, before the page has answered the first
        return
    said = {name: st.session_state.get(f"w-{name}") or "" for name in ("reason", "decision-note")}
    with work.attempt(subject):
        entries = decisions.store().decide(
            case_id,
            plots,
            st.session_state[_VERDICT],
            reason=said["reason"],
            note=said["decision-note"],
            who=person.identity(),
            seen=st.session_state.pop(_SEEN)[1],
        )
        told = _("Recorded, plots: {count}; sealed as entry {number}: {hash} …")
        last = entries[-1]
        work.succeeded(subject, told.format(count=len(entries), number=last.seq, hash=last.hash[:12]))
        st.session_state.update({_VERDICT: None, "w-reason": "", "w-decision-note": ""})


def _outcome(subject: str, lang: str) -> None:
    """Tell how the last decision went; of one that came too late, what was seen and what there is now."""
    _ = i18n.translator(lang)
    found = work.outcome(subject)
    if isinstance(found, str):
        st.success(plain(found), icon=":material/verified:")
    if not isinstance(found, QnGeoError):
        return
    work.show(found, lang)
    if isinstance(found, OutdatedError) and found.after:
        heads = [(_("Plot"), ""), (_("You saw"), ""), (_("There is now"), "")]
        rows: list[tuple[str, list[Any]]] = [
            ("", [plot, _told(found.before.get(plot), lang), _told(entry, lang)])
            for plot, entry in list(found.after.items())[:_NAMED]
        ]
        st.html(sheets.table(heads, rows, lang))
        if len(found.after) > _NAMED:
            st.caption(_("and {count} more").format(count=i18n.number(len(found.after) - _NAMED, lang)))


def _told(entry: Entry | None, lang: str) -> str:
    if entry is None:
        return outcomes.verdict_name(None, lang)
    who = dossier.signed(entry.who, lang, verified=entry.verified)
    parts = [outcomes.verdict_name(entry.verdict, lang), who, i18n.moment(entry.when, lang), entry.reason]
    return " · ".join(part for part in parts if part)
