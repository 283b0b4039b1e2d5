"""What a review can say of a plot: severities of findings, results, verdicts; their order, colours and names.

Colours follow the Okabe-Ito set and are never the only sign: the map adds a pattern, tables and lists the word.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qn_geo import i18n

if TYPE_CHECKING:
    from collections.abc import Sequence

SEVERITIES: Final = ("error", "warning", "info")
"""From the gravest on."""

SEVERITY_COLOURS: Final = {"error": "#b3261e", "warning": "#d97706", "info": "#1d4e89"}

RESULTS: Final = ("fail", "warn", "pass")
"""Of a plot: by its gravest finding; information leaves it passed."""

RESULT_COLOURS: Final = {"fail": "#d55e00", "warn": "#f0c05a", "pass": "#a8d5ba"}

VERDICTS: Final = ("accept", "return", "reject")
VERDICT_COLOURS: Final = {"accept": "#006d4e", "return": "#b45309", "reject": "#7f1d1d"}


def result_of(severities: Sequence[str]) -> str:
    """Return the result of a plot whose findings have these severities."""
    if "error" in severities:
        return "fail"
    return "warn" if "warning" in severities else "pass"


def severity_name(severity: str, lang: str) -> str:
    """Return the name of a finding's severity."""
    _ = i18n.translator(lang)
    return {"error": _("Error"), "warning": _("Warning"), "info": _("Information")}[severity]


def result_name(result: str, lang: str) -> str:
    """Return the name of a plot's result."""
    _ = i18n.translator(lang)
    return {"fail": _("Has errors"), "warn": _("To be looked at"), "pass": _("Passed")}[result]


def verdict_name(verdict: str | None, lang: str) -> str:
    """Return the name of a decision; None is one that is not taken yet."""
    _ = i18n.translator(lang)
    return {
        "accept": _("Accepted"),
        "return": _("Returned for correction"),
        "reject": _("Rejected"),
    }.get(verdict or "", _("Not decided"))
