"""The return file for the submitter: plots with findings and decisions as GeoPackage, DXF or XLSX.

Coordinates are the legal ones, EPSG:5899 (VN-2000 / TM-3 107°45'), x east and y north. Names and addresses of land
users go out only where the setting `show_personal` allows it. Text can never run as a formula.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

import pandas as pd

from qn_geo import decisions, exports, figures, i18n, outcomes
from qn_geo.dossier import signed
from qn_geo.garbage import bring_back, collected_later, set_aside
from qn_geo.intake import encodings
from qn_geo.report import cad, tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from collections.abc import Set as AbstractSet

    from qn_geo.decisions import Entry
    from qn_geo.dossier import Dossier

    Progress = Callable[[str, float, int], None]
    _Filled = Callable[[float], None]

RETURN_FORMATS: Final = ("gpkg", "dxf", "xlsx")
_FILLING: Final = 0.5  # share of the time that goes by before a drawing or workbook is written


@collected_later()
def returned(dossier: Dossier, fmt: str, lang: str, progress: Progress | None = None) -> bytes:
    """Return what goes back to the submitter, with texts in `lang`.

    Args:
        dossier: A submission that was checked.
        fmt: "gpkg" (layers `plots` and `findings`, tables `decisions` and `evidence`), "dxf" (see
            `qn_geo.report.cad`) or "xlsx" (sheets of findings, plots, decisions and evidence).
        lang: "vi" or "en".
        progress: Told the stage, "filling" or "writing", the share that is done, and 1.

    Raises:
        ValueError: If the format is unknown.
    """
    if fmt not in RETURN_FORMATS:
        raise ValueError(f"unknown format {fmt!r}; known: {', '.join(RETURN_FORMATS)}")
    filled = partial(_tell, progress)
    try:
        return {"gpkg": _geopackage, "dxf": _drawing, "xlsx": _workbook}[fmt](dossier, lang, filled)
    finally:
        bring_back()


def _tell(progress: Progress | None, share: float) -> None:
    if progress is not None:
        set_aside()  # what was made so far
        progress("filling" if share < 1 else "writing", _FILLING * share, 1)


def evidence(dossier: Dossier, lang: str) -> list[tuple[str, str]]:
    """Return what proves which file was judged by which rules, and which decisions count: name and value, a line each.

    The ledger's newest entry is its own, not the submission's: whoever holds this paper can tell later that no entry
    up to there was changed or taken out.
    """
    _ = i18n.translator(lang)
    submission, reading, zone = dossier.submission, dossier.reading, dossier.zone_id
    reason = reading["system"][f"reason_{lang}"]
    newest = decisions.store().newest()
    return [
        (_("Submission"), dossier.id),
        (_("File"), submission.name),
        (_("SHA-256 of the file"), submission.sha256),
        (_("Received"), i18n.moment(dossier.case.received, lang)),
        (_("Submitted by"), signed(dossier.case.who, lang, verified=dossier.case.verified)),
        (_("Zone"), f"{figures.zone_name(zone, lang)} ({zone})" if zone else "–"),
        (_("Reference system"), f"{reading['system']['system']} · {reason}" if reason else reading["system"]["system"]),
        (
            _("Encoding of the texts"),
            ", ".join(map(encodings.label, dict.fromkeys(reading["encodings"].values()))) or "–",
        ),
        (_("Rules as of"), i18n.iso_date(dossier.on.isoformat(), "day", lang) if dossier.on else "–"),
        (_("Version of the rules"), dossier.rules_version or "–"),
        (_("SHA-256 of the findings"), dossier.findings_hash or "–"),
        (_("Newest entry of the ledger"), f"{newest[0]} · {newest[1]}"),
    ]


def plot_table(dossier: Dossier, lang: str) -> pd.DataFrame:
    """Return one row a plot: as `tables.plot_table`, and the decision in force."""
    _ = i18n.translator(lang)
    table = tables.plot_table(dossier.plots, dossier.findings, lang)
    entries = [dossier.decided.get(plot_id) for plot_id in dossier.plots["plot_id"]]
    despite = accepted_despite_errors(dossier)
    table[_("Decision")] = [verdict_name(entry, despite, lang) for entry in entries]
    table[_("Reason")] = [entry.reason if entry else "" for entry in entries]
    table[_("Decided by")] = [signed(entry.who, lang, verified=entry.verified) if entry else "" for entry in entries]
    table[_("Decided on")] = [i18n.moment(entry.when, lang) if entry else "" for entry in entries]
    return table


def decision_table(dossier: Dossier, lang: str) -> pd.DataFrame:
    """Return every decision ever taken on the submission, oldest first, with the hashes that chain it to the ledger."""
    _ = i18n.translator(lang)
    despite = accepted_despite_errors(dossier)
    rows = [
        (
            entry.seq,
            entry.plot_id,
            verdict_name(entry, despite, lang),
            entry.reason,
            entry.note,
            signed(entry.who, lang, verified=entry.verified),
            i18n.moment(entry.when, lang),
            _("yes") if dossier.superseded(entry) else "",
            entry.findings_hash,
            entry.rules_version,
            entry.previous_hash,
            entry.hash,
        )
        for entry in dossier.history
    ]
    heads = (
        _("Entry of the ledger"),
        _("Plot"),
        _("Decision"),
        _("Reason"),
        _("Note"),
        _("Decided by"),
        _("Decided on"),
        _("On other findings"),
        _("SHA-256 of the findings"),
        _("Version of the rules"),
        _("Hash of the entry before"),
        _("Hash of the entry"),
    )
    return pd.DataFrame(rows, columns=list(heads), dtype=object)


def accepted_despite_errors(dossier: Dossier) -> frozenset[int]:
    """Return the numbers of the entries that accept a plot although these very findings hold an error against it."""
    states = zip(dossier.plots["plot_id"], dossier.summary["states"], strict=True)
    failed = {plot_id for plot_id, state in states if state == "fail"}
    return frozenset(
        entry.seq
        for entry in dossier.history
        if entry.verdict == "accept" and entry.plot_id in failed and not dossier.superseded(entry)
    )


def verdict_name(entry: Entry | None, despite: AbstractSet[int], lang: str) -> str:
    """Return the name of a decision, None for one not taken yet; an acceptance despite errors says so.

    Args:
        entry: The decision.
        despite: What `accepted_despite_errors` returned.
        lang: "vi" or "en".
    """
    _ = i18n.translator(lang)
    if entry is not None and entry.seq in despite:
        return _("Accepted despite errors")
    return outcomes.verdict_name(entry.verdict if entry else None, lang)


def _workbook(dossier: Dossier, lang: str, filled: _Filled) -> bytes:
    _ = i18n.translator(lang)
    return exports.workbook(
        {
            _("Findings"): tables.finding_table(dossier.findings, lang),
            _("Plots"): plot_table(dossier, lang),
            _("Decisions"): decision_table(dossier, lang),
            _("Evidence"): pd.DataFrame(evidence(dossier, lang), columns=[_("Evidence"), _("Value")]),
        },
        filled,
    )


def _geopackage(dossier: Dossier, lang: str, _filled: _Filled) -> bytes:
    return tables.geopackage(
        dossier.plots,
        plot_table(dossier, lang),
        dossier.findings,
        tables.finding_table(dossier.findings, lang),
        evidence(dossier, lang),
        decisions=decision_table(dossier, lang).astype("str"),
    )


def _drawing(dossier: Dossier, lang: str, filled: _Filled) -> bytes:
    return cad.drawing(dossier, evidence(dossier, lang), lang, filled)
