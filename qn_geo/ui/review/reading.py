"""What a file means, for a person to confirm: layer, reference system, encodings, columns. Nothing goes on before.

Every answer is proposed with its reason; a system that is not certain has to be chosen, and is seen on the map first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from qn_geo import figures, i18n, intake, sheets, state
from qn_geo.intake import Choices, encodings, planes, systems
from qn_geo.intake import submission as submissions
from qn_geo.mapview import reviewed
from qn_geo.schema import submitted
from qn_geo.ui import tables
from qn_geo.ui.review import work
from qn_geo.ui.shell import plain

if TYPE_CHECKING:
    from qn_geo.intake import Inspection, LayerInspection
    from qn_geo.intake.systems import Proposal
    from qn_geo.jobs import Job

_OTHER: Final = -1
_LIKELY: Final = 5  # proposals shown with their reasons; all systems are behind "Another one"
_PROBLEMS_SHOWN: Final = 20


def panel(view: state.View, zone_id: str | None) -> dict[str, Any] | None:
    """Draw what was found in a submission and ask to confirm it; return what the map shows of it.

    Args:
        view: The view; `case` is the submission.
        zone_id: Zone that the plots were read for before, if any.
    """
    _ = i18n.translator(view.lang)
    submission = submissions.find(view.case or "")
    zone = _zone(view, submission, zone_id)

    def inspect(job: Job) -> Inspection:
        choices = Choices(zone_id=zone)
        return intake.inspect(submission, choices, progress=job.report, cancelled=job.cancelled)

    job = work.done(f"inspect:{submission.id}:{zone}", inspect, view.lang)
    if job is None:
        return None
    if job.error is not None:
        work.show(job.error, view.lang)
        st.caption(_("The file is kept as it came. Send this message back to whoever sent the file."))
        return None
    inspection: Inspection = job.result
    layer = _layer(inspection, submission.id, view.lang)
    said: dict[str, Any] = {"layer": layer.name, "zone_id": zone}
    number, said["system"], said["swapped"] = _system(layer, submission.id, zone, view.lang)
    said["encodings"] = _encodings(layer, submission.id, view.lang)
    said["columns"] = _columns(layer, submission.id, view.lang)
    _problems(inspection, layer, view.lang)
    st.button(
        _("Read and check {count} plots").format(count=i18n.number(layer.count, view.lang)),
        key="w-confirm",
        type="primary",
        icon=":material/fact_check:",
        disabled=said["system"] is None,
        on_click=_confirm,
        args=(submission.id, Choices(**said)),
    )
    if said["system"] is None:
        st.caption(_("Choose the reference system first: the map shows where each one puts the plots."))
    return _on_map(layer, submission.id, number)


def _confirm(case_id: str, choices: Choices) -> None:
    work.start_check(case_id, choices, None)
    st.session_state.pop(REREADING, None)
    state.open_case(case_id)


REREADING: Final = "qn-rereading"
"""Where the session keeps the id of a submission that is being read again."""


def _zone(view: state.View, submission: submissions.Submission, zone_id: str | None) -> str | None:
    _ = i18n.translator(view.lang)
    known = [None, *tables.zone_ids(None, view.year)]
    held = zone_id or submission.zone_id
    chosen: str | None = st.selectbox(
        _("Zone the plots lie in"),
        known,
        index=known.index(held) if held in known else 0,
        key=f"w-read-zone-{submission.id}",
        format_func=lambda zone: figures.zone_name(zone, view.lang) if zone else _("not known"),
    )
    return chosen


def _layer(inspection: Inspection, case_id: str, lang: str) -> LayerInspection:
    _ = i18n.translator(lang)
    layers = sorted(inspection.layers, key=lambda layer: -layer.count)
    if len(layers) == 1:
        return layers[0]
    return st.selectbox(
        _("Layer"),
        layers,
        key=f"w-layer-{case_id}",
        format_func=lambda layer: f"{plain(layer.name)} ({i18n.number(layer.count, lang)})",
    )


def _system(
    layer: LayerInspection, case_id: str, zone: str | None, lang: str
) -> tuple[int | None, str | None, bool | None]:
    """Draw the proposals; return the number of the chosen one, its code, and whether north comes first."""
    _ = i18n.translator(lang)
    work.heading(_("Reference system"))
    key = f"w-system-{case_id}-{layer.name}-{zone}"
    chosen = st.radio(
        _("Reference system"),
        [*range(len(layer.systems[:_LIKELY])), _OTHER],
        index=0 if layer.certain else None,
        key=key,
        format_func=lambda number: _("Another one") if number == _OTHER else _label(layer.systems[number], lang),
        captions=[*(plain(_reason(proposal, lang)) for proposal in layer.systems[:_LIKELY]), ""],
        on_change=_look,
        args=(key, layer),
        label_visibility="collapsed",
    )
    if not layer.systems:
        st.warning(plain(_("In none of the known systems do the numbers lie in Quảng Ninh.")))
    elif layer.certain:
        st.caption(_("The first proposal is certain; change it only if you know better."))
    if chosen == _OTHER:
        code = st.selectbox(
            _("Which one"),
            list(planes.PLANES),
            index=None,
            key=f"{key}-other",
            format_func=lambda code: f"{getattr(planes.PLANES[code], lang)} · {code}",
        )
        return None, code, None
    if chosen is None:
        return None, None, None
    return chosen, layer.systems[chosen].system, layer.systems[chosen].swapped


def _label(proposal: Proposal, lang: str) -> str:
    return f"**{plain(getattr(proposal, lang))}** · {plain(proposal.system)}"


def _reason(proposal: Proposal, lang: str) -> str:
    return proposal.reason_vi if lang == "vi" else proposal.reason_en


def _look(key: str, layer: LayerInspection) -> None:
    number = st.session_state.get(key)
    if number is not None and number != _OTHER:
        state.move_to(reviewed.box(systems.place(layer.sample, layer.systems[number])), force=True)


def _encodings(layer: LayerInspection, case_id: str, lang: str) -> dict[str, str]:
    """Draw the encodings of columns with letters beyond ASCII, three values each; return the chosen ones."""
    _ = i18n.translator(lang)
    open_ones = {
        name: found
        for name, found in layer.encodings.items()
        if len(found) > 1 or not all(sample.isascii() for sample in found[0].samples)
    }
    if not open_ones:
        return {}
    work.heading(_("Encoding of the texts"))
    chosen = {}
    for name, found in open_ones.items():
        names = [guess.encoding for guess in found]
        chosen[name] = st.selectbox(
            plain(name),
            [*names, *(step for step in encodings.STEPS if step not in names)],
            key=f"w-encoding-{case_id}-{layer.name}-{name}",
            format_func=encoding_name,
        )
        samples = next((guess.samples for guess in found if guess.encoding == chosen[name]), ())
        shown = " · ".join(f"“{sample}”" for sample in samples)
        st.caption(plain(shown) if shown else _("No sample: the values show after reading."))
    return chosen


def encoding_name(code: str) -> str:
    """Return what an encoding is called by those who use it; the names are the same in both languages."""
    names = {
        encodings.UNICODE: "Unicode",
        "utf-8": "UTF-8",
        "tcvn3": "TCVN3 (ABC)",
        "tcvn3-upper": "TCVN3 (.VnTimeH)",
        "vni": "VNI-Windows",
        "windows-1258": "Windows-1258",
    }
    return " → ".join(names.get(step, step) for step in code.split("+"))


def _columns(layer: LayerInspection, case_id: str, lang: str) -> dict[str, str]:
    """Draw what each column means; return the corrected ones."""
    _ = i18n.translator(lang)
    known = sum(1 for canonical in layer.columns.values() if canonical)
    label = _("Columns: {known} recognised, {kept} kept as they are").format(
        known=known, kept=len(layer.columns) - known
    )
    names = {name: getattr(field, lang) for name, field in submitted.FIELDS.items() if name != "row"}
    kept = _("(kept as it is)")
    codes = {meaning: name for name, meaning in names.items()} | {kept: ""}
    with st.expander(label):
        if layer.knowledge:
            told = _("Guessed from names that no document confirms, please check: {columns}")
            st.caption(plain(told.format(columns=", ".join(sorted(layer.knowledge)))))
        file_column, meaning_column = _("Column of the file"), _("Meaning")
        before = pd.DataFrame(
            {
                file_column: list(layer.columns),
                meaning_column: [names.get(canonical or "", kept) for canonical in layer.columns.values()],
            }
        )
        after = st.data_editor(
            before,
            hide_index=True,
            disabled=[file_column],
            key=f"w-columns-{case_id}-{layer.name}",
            column_config={
                meaning_column: st.column_config.SelectboxColumn(options=[kept, *names.values()], required=True)
            },
        )
    changed = before[meaning_column] != after[meaning_column]
    return {row[file_column]: codes[row[meaning_column]] for row in after[changed].to_dict("records")}


def _problems(inspection: Inspection, layer: LayerInspection, lang: str) -> None:
    _ = i18n.translator(lang)
    found = [*inspection.skipped, *layer.problems]
    if not found:
        return
    with st.expander(_("Noticed while reading ({count})").format(count=len(found)), expanded=True):
        texts = [sheets.escape(problem.message(lang)) for problem in found[:_PROBLEMS_SHOWN]]
        st.html('<ul class="qn-list">' + "".join(f"<li>{text}</li>" for text in texts) + "</ul>")
        if len(found) > _PROBLEMS_SHOWN:
            st.caption(_("and {count} more").format(count=len(found) - _PROBLEMS_SHOWN))


def _on_map(layer: LayerInspection, case_id: str, number: int | None) -> dict[str, Any] | None:
    """Keep the places of all proposals for the map; return what asks for them. The first look goes to the likeliest."""
    if not layer.systems:
        return None
    key = f"{case_id}-{abs(hash((layer.name, tuple(proposal.system for proposal in layer.systems))))}"
    reviewed.keep_preview(key, layer)
    placed = systems.place(layer.sample, layer.systems[number or 0])
    state.look_once(f"read:{key}", reviewed.box(placed))
    return {"id": case_id, "preview": key, "chosen": number}
