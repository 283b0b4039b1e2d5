"""Checks of plots: what is wrong with a submission, where, and on which ground.

    from qn_geo import rules
    findings = rules.check(plots, rules.context("kcn-dong-mai"))

`plots` is a frame of `qn_geo.schema.submitted`; `findings` has one row a finding. Checks and the dated figures of law
they use are data: `data/rules/rules.csv` and `data/rules/limits.csv`.
"""

from __future__ import annotations

from qn_geo.rules.engine import CHECKS, check
from qn_geo.rules.finding import as_records, findings_hash, not_made, summary
from qn_geo.rules.reference import Context, Places, context, register
from qn_geo.rules.registry import Limit, Rule, registry, version

__all__ = [
    "CHECKS",
    "Context",
    "Limit",
    "Places",
    "Rule",
    "as_records",
    "check",
    "context",
    "findings_hash",
    "not_made",
    "register",
    "registry",
    "summary",
    "version",
]
