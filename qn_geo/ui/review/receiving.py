"""The way in: files and pasted corners are received as they are, and all submissions stand in one queue."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from qn_geo import decisions, dossier, figures, i18n, sheets, state
from qn_geo.errors import QnGeoError
from qn_geo.ui import tables
from qn_geo.ui.review import fields, person, work

_ROUND, _SUBJECT = "qn-form-round", "receive"
_PASTED: Final = "toa-do-dan-vao.txt"


def form(view: state.View) -> None:
    """Draw the form for a new submission."""
    _ = i18n.translator(view.lang)
    number = st.session_state.get(_ROUND, 0)  # a new round gives empty fields
    with st.container(key="receive", gap="small"):
        work.heading(_("New submission"))
        if isinstance(error := work.outcome(_SUBJECT), QnGeoError):
            work.show(error, view.lang)
        with st.container(key=f"files-{view.lang}"):
            st.file_uploader(
                _("Plot files: all parts of a shapefile together, or one ZIP"),
                accept_multiple_files=True,
                key=f"w-files-{number}",
                help=_("GeoPackage, shapefile, GeoJSON, KML, DXF, DGN V7, MapInfo, file geodatabase, GML, CSV, XLSX …"),
            )
        with st.expander(_("Or paste a list of corners")):
            st.text_area(
                _("Corners: name of the plot, X (north), Y (east); one line each"),
                key=f"w-corners-{number}",
                placeholder="L1  2318450,12  412300,55\nL1  2318462,40  412355,10\n…",
                height=150,
            )
        zone_field(f"w-zone-{number}", view)
        person.ask(view.lang)
        st.text_input(_("Note"), key=f"w-note-{number}", max_chars=1000)
        st.button(
            _("Receive and read"), key="w-receive", type="primary", icon=":material/upload_file:", on_click=_receive
        )


def zone_field(key: str, view: state.View, default: str = "") -> str | None:
    """Draw the choice of the zone that plots lie in; the id in its label lets it be found without marks."""
    _ = i18n.translator(view.lang)

    def name(zone: str) -> str:
        return f"{figures.short_name(zone, view.lang)} · {zone.replace('-', ' ')}" if zone else _("not known")

    zone: str = fields.choice(
        st.selectbox,
        _("Zone the plots lie in"),
        ["", *figures.zone_ids(None, view.year)],
        key=key,
        name=name,
        default=default,
        help=_("It is evidence for the reference system, and what the plots are held against."),
    )
    return zone or None


def _receive() -> None:
    number = st.session_state.get(_ROUND, 0)
    said: dict[str, Any] = {
        name: st.session_state.get(f"w-{name}-{number}") for name in ("files", "corners", "zone", "note")
    }
    files = [(file.name, file.getvalue()) for file in said["files"] or []]
    if (said["corners"] or "").strip():
        files.append((_PASTED, said["corners"].encode()))
    with work.attempt(_SUBJECT):
        case = dossier.receive(files, person.identity(), said["zone"] or None, said["note"] or "")
        st.session_state[_ROUND] = number + 1
        state.open_case(case.id)


def queue(view: state.View) -> None:
    """Draw all submissions, the newest first; a click opens one."""
    _ = i18n.translator(view.lang)
    cases = dossier.queue()
    with st.container(key="queue", gap="small"):
        tables.heading(_("Submissions"), len(cases))
        if not cases:
            work.hint(_("Nothing has been received yet."))
            return
        heads = [
            (_("File"), "text"),
            (_("Zone"), "text"),
            (_("State"), "text"),
            (_("Plots"), "number"),
            (_("With errors"), "number"),
            (_("To be looked at"), "number"),
            (_("Passed"), "number"),
            (_("Decided"), "number"),
            (_("From"), "text"),
            (_("Received"), "number"),
        ]
        rows = [(f"case:{case.id}", _cells(case, view.lang)) for case in cases]
        st.html(sheets.table(heads, rows, view.lang, filter_label=_("Filter")))


def _cells(case: decisions.Case, lang: str) -> list[Any]:
    count = case.counts.get
    numbers = [count("plots"), count("fail"), count("warn"), count("pass"), sum(case.decided.values())]
    return [
        case.name,
        figures.short_name(case.zone_id, lang) if case.zone_id else "",
        state_name(case.state, lang),
        *((value, i18n.number(value, lang)) if case.counts and value is not None else (None, "") for value in numbers),
        dossier.signed(case.who, lang, verified=case.verified),
        (case.received_at.timestamp(), f"{i18n.moment(case.received, lang)} ({age(case, lang)})"),
    ]


def age(case: decisions.Case, lang: str) -> str:
    """Return how long ago a submission was received: in days, hours or minutes."""
    _ = i18n.translator(lang)
    minutes = int(case.age.total_seconds() // 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return _("{count} min ago").format(count=minutes)
    if minutes < 24 * 60:
        return _("{count} h ago").format(count=minutes // 60)
    return _("{count} d ago").format(count=minutes // (24 * 60))


def state_name(name: str, lang: str) -> str:
    """Return how far a submission is, in words."""
    _ = i18n.translator(lang)
    return {
        "received": _("Received"),
        "placed": _("Read"),
        "checked": _("Checked"),
        "decided": _("Decided"),
        "returned": _("Returned"),
    }[name]
