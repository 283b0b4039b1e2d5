"""What a file means, for a person to confirm: layer, reference system, encodings, columns. Nothing goes on before.

Every answer is proposed with its reason; a system that is not certain has to be chosen, and is seen on the map first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pandas as pd
import streamlit as st

from qn_geo import figures, i18n, intake, jobs, sheets, state
from qn_geo.intake import Choices, encodings, planes, systems
from qn_geo.intake import submission as submissions
from qn_geo.mapview import reviewed
from qn_geo.schema import submitted
from qn_geo.ui.review import fields, receiving, work
from qn_geo.ui.shell import plain

if TYPE_CHECKING:
    from qn_geo.intake import Inspection, LayerInspection
    from qn_geo.intake.systems import Proposal
    from qn_geo.jobs import Job

_OTHER: Final = -1
_LIKELY: Final = 5  # proposals shown with their reasons; all systems are behind "Another one"
PROBLEMS_SHOWN: Final = 20
"""Notes about a file that are listed one by one."""


def panel(view: state.View, before: Choices | None) -> dict[str, Any] | None:
    """Draw what was found in a submission and ask to confirm it; return what the map shows of it.

    Args:
        view: The view; `case` is the submission.
        before: What was confirmed when it was read the last time, if it was.
    """
    _ = i18n.translator(view.lang)
    submission = submissions.find(view.case or "")
    before = before or Choices(zone_id=submission.zone_id)
    zone = receiving.zone_field(f"w-read-zone-{submission.id}", view, before.zone_id or "")

    def inspect(job: Job) -> Inspection:
        choices = Choices(zone_id=zone)
        return intake.inspect(submission, choices, progress=job.report, cancelled=job.cancelled)

    job = work.done(f"inspect:{submission.id}:{zone}", inspect, view.lang)
    if job is None:
        return None
    if job.error is not None:
        work.show(job.error, view.lang)
        key = f"inspect:{submission.id}:{zone}"
        st.button(_("Try again"), key="w-again", icon=":material/refresh:", on_click=jobs.forget, args=(key,))
        st.caption(_("The file is kept as it came. Send this message back to whoever sent the file."))
        return None
    inspection: Inspection = job.result
    layer = _layer(inspection, submission.id, before, view.lang)
    if zone is None:
        _offer_zone(layer, submission.id, view.lang)
    key = f"{submission.id}-{layer.name}"
    number, system, swapped = _system(layer, f"{key}-{zone}", before, view.lang)
    choices = Choices(
        layer=layer.name,
        zone_id=zone,
        system=system,
        swapped=swapped,
        encodings=_encodings(layer, key, before, view.lang),
        columns=_columns(layer, key, before, view.lang),
    )
    _problems(inspection, layer, view.lang)
    with st.container(horizontal=True, gap="small"):
        st.button(
            _("Read and check; plots: {count}").format(count=i18n.number(layer.count, view.lang)),
            key="w-confirm",
            type="primary",
            icon=":material/fact_check:",
            disabled=system is None,
            on_click=_confirm,
            args=(submission.id, choices),
        )
        if st.session_state.get(REREADING) == submission.id:
            st.button(_("Cancel"), key="w-cancel-reading", on_click=st.session_state.pop, args=(REREADING, None))
    if system is None:
        st.caption(_("Choose the reference system first: the map shows where each one puts the plots."))
    return _on_map(layer, submission.id, number)


def _offer_zone(layer: LayerInspection, case_id: str, lang: str) -> None:
    """Offer the zone most plots lie in by the likeliest system: it makes that system certain, or shows it wrong."""
    _ = i18n.translator(lang)
    for zone_id, share in layer.zones[:1]:
        told = _("{share} of the plots lie in {zone}: choose it")
        st.button(
            told.format(share=i18n.percent(100 * share, lang, 0), zone=plain(figures.zone_name(zone_id, lang))),
            key="w-offer-zone",
            icon=":material/location_on:",
            on_click=fields.put,
            args=(f"w-read-zone-{case_id}", zone_id),
        )


def _confirm(case_id: str, choices: Choices) -> None:
    work.start_check(case_id, choices, None)
    st.session_state.pop(REREADING, None)
    state.open_case(case_id)


REREADING: Final = "qn-rereading"
"""Where the session keeps the id of a submission that is being read again."""


def _layer(inspection: Inspection, case_id: str, before: Choices, lang: str) -> LayerInspection:
    _ = i18n.translator(lang)
    layers = {layer.name: layer for layer in sorted(inspection.layers, key=lambda layer: -layer.count)}
    if len(layers) == 1:
        return inspection.main
    chosen = fields.choice(
        st.selectbox,
        _("Layer"),
        list(layers),
        key=f"w-layer-{case_id}",
        name=lambda name: f"{name} ({i18n.number(layers[name].count, lang)})",
        default=before.layer if before.layer in layers else inspection.main.name,
    )
    return layers[chosen]


def _system(layer: LayerInspection, key: str, before: Choices, lang: str) -> tuple[int | None, str | None, bool | None]:
    """Draw the proposals; return the number of the chosen one, its code, and whether north comes first."""
    _ = i18n.translator(lang)
    work.heading(_("Reference system"))
    likely = layer.systems[:_LIKELY]
    again = [n for n, one in enumerate(likely) if (one.system, one.swapped) == (before.system, before.swapped)]
    chosen = fields.choice(
        st.radio,
        _("Reference system"),
        [*range(len(likely)), _OTHER],
        key=f"w-system-{key}",
        name=lambda number: _("Another one") if number == _OTHER else _label(likely[number], lang),
        default=next(iter(again), 0 if layer.certain else None),
        then=lambda number: _look(layer, number),
        captions=[*(plain(_reason(proposal, lang)) for proposal in likely), ""],
        label_visibility="collapsed",
    )
    if not likely:
        st.warning(plain(_("In none of the known systems do the numbers lie in Quảng Ninh.")))
    elif layer.certain:
        st.caption(_("The first proposal is the only one that fits; change it only if you know better."))
    if chosen == _OTHER:
        code = fields.choice(
            st.selectbox,
            _("Which one"),
            list(planes.PLANES),
            key=f"w-other-{key}",
            name=lambda code: f"{getattr(planes.PLANES[code], lang)} · {code}",
        )
        return None, code, None
    if chosen is None:
        return None, None, None
    return chosen, likely[chosen].system, likely[chosen].swapped


def _label(proposal: Proposal, lang: str) -> str:
    return f"**{plain(getattr(proposal, lang))}** · {plain(proposal.system)}"


def _reason(proposal: Proposal, lang: str) -> str:
    return proposal.reason_vi if lang == "vi" else proposal.reason_en


def _look(layer: LayerInspection, number: int | None) -> None:
    if number is not None and number != _OTHER:
        state.move_to(reviewed.box(systems.place(layer.sample, layer.systems[number])), force=True)


def _encodings(layer: LayerInspection, key: str, before: Choices, lang: str) -> dict[str, str]:
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
        chosen[name] = fields.choice(
            st.selectbox,
            plain(name),
            [*names, *(step for step in encodings.STEPS if step not in names)],
            key=f"w-encoding-{key}-{name}",
            name=encodings.label,
            default=before.encodings.get(name, names[0]),
        )
        # Each apart: a text that runs from right to left must not turn the others round.
        samples = [sheets.escape(encodings.decode(text, chosen[name])) for text in layer.raw_samples.get(name, ())]
        st.html('<p class="qn-note">' + " · ".join(f"“<bdi>{sample}</bdi>”" for sample in samples) + "</p>")
    return chosen


def _columns(layer: LayerInspection, key: str, before: Choices, lang: str) -> dict[str, str]:
    """Draw what each column means; return the corrected ones."""
    _ = i18n.translator(lang)
    kept_key, base_key = f"qn-columns-{key}", f"qn-columns-{key}-{lang}"
    meant = {name: canonical or "" for name, canonical in layer.columns.items()}
    now: dict[str, str] = st.session_state.get(kept_key, meant | dict(before.columns))
    # The table begins with what is settled when a language is entered: it forgets its own changes with its words.
    if base_key not in st.session_state:
        for other in i18n.LANGUAGES:
            st.session_state.pop(f"qn-columns-{key}-{other}", None)
        st.session_state[base_key] = now
    names = {name: getattr(field, lang) for name, field in submitted.FIELDS.items() if name != "row"}
    names[""] = _("(kept as it is)")
    codes = {meaning: name for name, meaning in names.items()}
    known = sum(1 for canonical in st.session_state[base_key].values() if canonical)  # else the label closes the fold
    label = _("Columns: {known} recognised, {kept} kept as they are").format(known=known, kept=len(now) - known)
    twice = sorted(
        {names[canonical] for canonical in now.values() if canonical and list(now.values()).count(canonical) > 1}
    )
    with st.expander(label, expanded=bool(twice)):
        if layer.knowledge:
            told = _("Guessed from names that no document confirms, please check: {columns}")
            st.caption(plain(told.format(columns=", ".join(sorted(layer.knowledge)))))
        if twice:
            st.error(plain(_("Several columns mean the same: {columns}").format(columns=", ".join(twice))))
        column, meaning = _("Column of the file"), _("Meaning")
        base: dict[str, str] = st.session_state[base_key]
        after = st.data_editor(
            pd.DataFrame({column: list(base), meaning: [names[canonical] for canonical in base.values()]}),
            hide_index=True,
            disabled=[column],
            key=f"w-columns-{key}-{lang}",
            column_config={meaning: st.column_config.SelectboxColumn(options=list(codes), required=True)},
        )
    st.session_state[kept_key] = now = {row[column]: codes[row[meaning]] for row in after.to_dict("records")}
    return {name: canonical for name, canonical in now.items() if canonical != meant[name]}


def _problems(inspection: Inspection, layer: LayerInspection, lang: str) -> None:
    _ = i18n.translator(lang)
    found = [*inspection.skipped, *layer.problems]
    if not found:
        return
    with st.expander(_("Noticed while reading ({count})").format(count=len(found)), expanded=True):
        texts = [sheets.escape(problem.message(lang)) for problem in found[:PROBLEMS_SHOWN]]
        st.html('<ul class="qn-list">' + "".join(f"<li>{text}</li>" for text in texts) + "</ul>")
        if len(found) > PROBLEMS_SHOWN:
            st.caption(_("and {count} more").format(count=len(found) - PROBLEMS_SHOWN))


def _on_map(layer: LayerInspection, case_id: str, number: int | None) -> dict[str, Any] | None:
    """Keep the places of all proposals for the map; return what asks for them. The first look goes to the likeliest."""
    if not layer.systems:
        return None
    key = f"{case_id}-{abs(hash((layer.name, tuple(proposal.system for proposal in layer.systems))))}"
    reviewed.keep_preview(key, layer)
    placed = systems.place(layer.sample, layer.systems[number or 0])
    state.look_once(f"read:{key}", reviewed.box(placed))
    return {"id": case_id, "preview": key, "chosen": number}
