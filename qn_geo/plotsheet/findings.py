"""One finding: in a line of a plot's sheet, and as a sheet of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from qn_geo import i18n, outcomes, rules, sheets
from qn_geo.plotsheet import wording

if TYPE_CHECKING:
    from qn_geo.dossier import Dossier
    from qn_geo.rules import Rule

    Part = dict[str, Any]

_MOST: Final = 40  # plots that are named; the map shows all


def finding(dossier: Dossier, number: int, lang: str) -> str:
    """Return one finding: what was measured against which limit, why, how to mend it, on which ground, which plots.

    Args:
        dossier: The submission.
        number: Place in `dossier.findings`, from 0.
        lang: "vi" or "en".

    Raises:
        IndexError: If there is no such finding.
        DataFileError: If the rules cannot be read.
    """
    found = dossier.findings.iloc[number]
    rule = rules.registry().get(found["rule"])
    here = list(zip(found["rows"], found["plots"], strict=False))
    gone = found["plots"][len(here) :]
    unnamed = max(0, len(here) - _MOST) + max(0, len(gone) - _MOST)
    return sheets.template("finding", lang).render(
        found=brief(dossier, number, lang),
        measures=_measures(found, lang),
        rule=_ground(rule, lang) if rule else None,
        plots=here[:_MOST],
        gone=gone[:_MOST],
        count=i18n.number(len(found["plots"]), lang),
        unnamed=i18n.number(unnamed, lang) if unnamed else "",
    )


def brief(dossier: Dossier, number: int, lang: str) -> Part:
    """Return what a line about a finding shows. A rule that is no longer known has no title."""
    found = dossier.findings.iloc[number]
    rule = rules.registry().get(found["rule"])
    return {
        "number": number,
        "code": found["rule"],
        "severity": outcomes.severity_name(found["severity"], lang),
        "colour": outcomes.SEVERITY_COLOURS[found["severity"]],
        "title": rule.text("title", lang) if rule else "",
        "message": found[f"message_{lang}"],
    }


def _measures(found: Any, lang: str) -> list[tuple[str, str]]:
    _ = i18n.translator(lang)
    if found["unit"] == "plots":  # how many plots are concerned stands over their list
        return []
    pairs = ((_("Measured"), found["measure"]), (_("Limit"), found["limit"]))
    return [(name, wording.quantity(value, found["unit"], lang)) for name, value in pairs if not i18n.is_missing(value)]


def _ground(rule: Rule, lang: str) -> Part:
    _ = i18n.translator(lang)
    trust = {
        "confirmed": _("confirmed in the document"),
        "knowledge": _("professional knowledge, to be verified against the document"),
        "own": _("our own screening value, not a regulation"),
    }
    start, end = (i18n.iso_date(day, None, lang) if day else "" for day in (rule.effective_from, rule.effective_to))
    return {
        "explanation": rule.text("explanation", lang),
        "fix": rule.text("fix", lang),
        "legal_source": rule.legal_source,
        "confidence": trust[rule.confidence],
        "valid": _span(start, end, lang),
    }


def _span(start: str, end: str, lang: str) -> str:
    _ = i18n.translator(lang)
    if start and end:
        return f"{start}–{end}"
    if end:
        return _("until {date}").format(date=end)
    return _("from {date}").format(date=start) if start else ""
