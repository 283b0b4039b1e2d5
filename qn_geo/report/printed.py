"""The printed report of a review: A4, one language, maps to scale, findings, decisions, and the hashes that prove them.

Set by Typst from a template beside this file, with a font from the front-end packages: text can be selected and read
aloud, nothing is fetched, and what comes from files is data that Typst never takes for markup.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qn_geo import clock, i18n, outcomes, rules
from qn_geo.dossier import signed
from qn_geo.report import maps, tables, typesetting
from qn_geo.report.returning import accepted_despite_errors, evidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from collections.abc import Set as AbstractSet

    from qn_geo.decisions import Entry
    from qn_geo.dossier import Dossier
    from qn_geo.report.paper import Frame

MOST_CUT_OUTS: Final = 12
"""The worst findings get a map of their own, so many."""
MOST_FINDINGS: Final = 5_000
"""Findings in the table; a longer one is nobody's reading, and the workbook holds them all."""

_TEMPLATE: Final = Path(__file__).with_name("printed.typ")
_LISTED: Final = 12  # plots of one finding
_DECIDED: Final = 300  # plots of one decision


def protocol(dossier: Dossier, lang: str) -> bytes:
    """Return the report of a checked submission as PDF (PDF/A-2a).

    Args:
        dossier: A submission that was checked.
        lang: "vi" or "en".

    Raises:
        QnGeoError: If the font files are not installed.
    """
    return typesetting.pdf(_TEMPLATE, _content(dossier, lang))


def _content(dossier: Dossier, lang: str) -> dict[str, Any]:
    _ = i18n.translator(lang)
    numbers = {position: number for number, position in enumerate(worst(dossier), start=1)}
    drawn, frame, strays = maps.sheet(dossier, numbers, lang)
    left, despite = len(dossier.findings) - MOST_FINDINGS, accepted_despite_errors(dossier)
    return {
        "lang": lang,
        "id": dossier.id,
        "subtitle": dossier.title(lang),
        "printed": i18n.moment(clock.now(), lang),
        "words": _words(lang),
        "outdated": dossier.outdated,
        "results": _results(dossier, lang),
        "verdicts": _verdicts(dossier, lang),
        "locator": {"svg": maps.locator(dossier)},
        "evidence": evidence(dossier, lang),
        "rules": _rules(dossier, lang),
        "map": {"svg": drawn, "width": maps.SHEET[0], "scale": _scale(frame, lang), "strays": _strays(strays, lang)},
        "legend": _legend(dossier, lang),
        "signs": {severity: {"svg": maps.sign(severity)} for severity in outcomes.SEVERITIES},
        "cut_outs": [_cut_out(dossier, position, number, lang) for position, number in numbers.items()],
        "findings": _findings(dossier, numbers, lang),
        "more": _("Further findings, in the workbook: {count}.").format(count=i18n.number(left, lang))
        if left > 0
        else "",
        "decisions": [_decision(dossier, group, despite, lang) for group in _together(dossier.history)],
    }


def worst(dossier: Dossier) -> list[int]:
    """Return the positions of the findings that get a map: errors, then warnings, of each rule its first in turn."""
    found = dossier.findings.reset_index(drop=True)
    found = found[(found["severity"] != "info") & found.geometry.notna() & ~found.geometry.is_empty]
    turn = found.groupby("rule").cumcount()
    rank = found["severity"].map(outcomes.SEVERITIES.index)
    order = found.assign(turn=turn, rank=rank).sort_values(["rank", "turn"], kind="stable").index
    return sorted(order[:MOST_CUT_OUTS].tolist())


def _words(lang: str) -> dict[str, Any]:
    _ = i18n.translator(lang)
    return {
        "title": _("Plot review report"),
        "printed": _("Printed"),
        "page": _("Page"),
        "of": _("of"),
        "outdated": _("Rules, law or plots have changed since this check. Check again before deciding."),
        "evidence": _("Evidence"),
        "rules": _("Findings by rule"),
        "none": _("Nothing was found."),
        "fix": _("How to mend it"),
        "rule_head": [_("Severity"), _("Rule"), _("What is checked"), _("Legal source"), _("Count")],
        "map": _("Map"),
        "map_alt": _("Map of the plots by result, with the trouble spots"),
        "locator_alt": _("Where in Quảng Ninh the plots lie"),
        "plane": _("VN-2000 / TM-3 107°45' (EPSG:5899); grid in metres: X (north) at the left, Y (east) below"),
        "numbers": _("Numbers are those of the findings shown on the next pages."),
        "cut_outs": _("The gravest findings"),
        "findings": _("All findings"),
        "finding_head": [_("No."), _("Severity"), _("Rule"), _("Plots"), _("Finding")],
        "decisions": _("Decisions"),
        "undecided": _("No plot has been decided yet."),
        "decision_head": [_("Entry"), _("Decision"), _("Plots and reason"), _("Decided by"), _("Decided on")],
        "verify": _(
            "Below each decision stands the hash of its newest entry; python -m qn_geo audit verify examines them."
        ),
    }


def _results(dossier: Dossier, lang: str) -> list[dict[str, Any]]:
    _ = i18n.translator(lang)
    counts, idle = dossier.summary["counts"], len(rules.not_made(dossier.findings))
    total = {"name": _("Plots"), "count": i18n.number(len(dossier.plots), lang), "swatch": None, "note": ""}
    # Passed says little where checks are missing.
    notes = {"pass": _("Checks not made: {count}").format(count=i18n.number(idle, lang))} if idle else {}
    return [
        total,
        *(
            {
                "name": outcomes.result_name(result, lang),
                "count": i18n.number(counts[result], lang),
                "swatch": {"svg": maps.swatch(result)},
                "note": notes.get(result, ""),
            }
            for result in outcomes.RESULTS
        ),
    ]


def _verdicts(dossier: Dossier, lang: str) -> list[dict[str, str]]:
    held = [entry.verdict for entry in dossier.decided.values()]
    named = [(verdict, held.count(verdict)) for verdict in outcomes.VERDICTS]
    return [
        {"name": outcomes.verdict_name(verdict, lang), "count": i18n.number(count, lang)}
        for verdict, count in [*named, (None, len(dossier.plots) - len(held))]
    ]


def _rules(dossier: Dossier, lang: str) -> list[dict[str, Any]]:
    known = rules.registry()
    counted = dossier.findings.groupby(["rule", "severity"], sort=False).size()
    return [
        {
            "code": code,
            "severity": severity,
            "name": outcomes.severity_name(severity, lang),
            "title": known[code].text("title", lang) if code in known else "",
            "fix": known[code].text("fix", lang) if code in known else "",
            "source": known[code].legal_source if code in known else "",
            "count": i18n.number(count, lang),
        }
        for (code, severity), count in counted.items()
    ]


def _legend(dossier: Dossier, lang: str) -> list[dict[str, Any]]:
    _ = i18n.translator(lang)
    results = [(outcomes.result_name(result, lang), maps.swatch(result), 6) for result in outcomes.RESULTS]
    present = set(dossier.findings["severity"])
    severities = [
        (outcomes.severity_name(severity, lang), maps.sign(severity), 4)
        for severity in outcomes.SEVERITIES
        if severity in present and severity != "info"
    ]
    quality = maps.outline_quality(dossier.zone_id)
    zone = [(_outline_name(quality, lang), maps.zone_sign(quality), 8)] if quality else []
    return [{"name": name, "svg": drawn, "width": width} for name, drawn, width in results + severities + zone]


def _outline_name(quality: str, lang: str) -> str:
    _ = i18n.translator(lang)
    if quality in maps.RELIABLE:
        return _("Outline of the zone")
    if quality == "approximate":
        return _("Outline of the zone (approximate, not official)")
    return _("Outline of the zone (schematic, not official)")


def _scale(frame: Frame, lang: str) -> str:
    _ = i18n.translator(lang)
    return _("Scale 1:{denominator}").format(denominator=i18n.number(frame.scale, lang))


def _strays(count: int, lang: str) -> str:
    _ = i18n.translator(lang)
    return _("Plots too far away to be on the map: {count}").format(count=i18n.number(count, lang)) if count else ""


def _cut_out(dossier: Dossier, position: int, number: int, lang: str) -> dict[str, Any]:
    row = dossier.findings.iloc[position]
    known = rules.registry()
    drawn = maps.cut_out(dossier, position, lang)
    return {
        "number": number,
        "severity": row["severity"],
        "name": outcomes.severity_name(row["severity"], lang),
        "code": row["rule"],
        "title": known[row["rule"]].text("title", lang) if row["rule"] in known else "",
        "plots": tables.listed(row["plots"], _LISTED),
        "message": row[f"message_{lang}"],
        "svg": drawn[0] if drawn else None,
        "width": maps.CUT_OUT[0],
        "scale": _scale(drawn[1], lang) if drawn else "",
    }


def _findings(dossier: Dossier, numbers: Mapping[int, int], lang: str) -> list[dict[str, Any]]:
    shown = dossier.findings.head(MOST_FINDINGS)
    return [
        {
            "number": numbers.get(position, ""),
            "severity": severity,
            "name": outcomes.severity_name(severity, lang),
            "code": code,
            "plots": tables.listed(plots, _LISTED),
            "message": message,
        }
        for position, (severity, code, plots, message) in enumerate(
            zip(shown["severity"], shown["rule"], shown["plots"], shown[f"message_{lang}"], strict=True)
        )
    ]


def _together(history: Iterable[Entry]) -> list[list[Entry]]:
    """Return the entries grouped as they were decided: one decision may be about thousands of plots."""
    groups: dict[tuple[object, ...], list[Entry]] = {}
    for entry in history:
        key = entry.when_utc, entry.who, entry.verified, entry.verdict, entry.reason, entry.note, entry.findings_hash
        groups.setdefault(key, []).append(entry)
    return list(groups.values())


def _decision(dossier: Dossier, group: list[Entry], despite: AbstractSet[int], lang: str) -> dict[str, Any]:
    _ = i18n.translator(lang)
    first, last = group[0], group[-1]
    replaced = sum(dossier.decided.get(entry.plot_id) != entry for entry in group)
    failed = [entry.plot_id for entry in group if entry.seq in despite]
    remarks = [
        _("Accepted despite errors: {plots}").format(plots=tables.listed(failed, _DECIDED)) if failed else "",
        _("Rests on other findings than those of this report.") if dossier.superseded(first) else "",
        _("Replaced by a later decision: {count}").format(count=i18n.number(replaced, lang)) if replaced else "",
    ]
    return {
        "entry": str(first.seq) if first is last else f"{first.seq}–{last.seq}",
        "verdict": outcomes.verdict_name(first.verdict, lang),
        "count": i18n.number(len(group), lang),
        "plots": tables.listed((entry.plot_id for entry in group), _DECIDED),
        "reason": first.reason,
        "note": first.note,
        "remarks": [remark for remark in remarks if remark],
        "who": signed(first.who, lang, verified=first.verified),
        "when": i18n.moment(first.when, lang),
        "hash": last.hash,
    }
