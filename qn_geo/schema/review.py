"""Files of the plot review: the checks, and the figures of law they hold plots against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qn_geo.schema import columns, rules, words

if TYPE_CHECKING:
    import pandera.pandas as pa


def review() -> dict[str, pa.DataFrameSchema]:
    """Return the schemas of checks and limits."""
    in_force = {
        "effective_from": columns.text(rules.DATE, optional=True),
        "effective_to": columns.text(rules.DATE, optional=True),
    }
    return {
        "rules.csv": columns.file(
            {
                "code": columns.key(rules.CHECK),
                "severity": columns.word(words.Severity),
                "title_vi": columns.text(),
                "title_en": columns.text(),
                "explanation_vi": columns.text(),
                "explanation_en": columns.text(),
                "fix_vi": columns.text(),
                "fix_en": columns.text(),
                "legal_source": columns.text(optional=True),
                **in_force,
                "confidence": columns.word(words.RuleConfidence),
                "parameters": columns.text(rules.PARAMETERS, optional=True),
                **columns.sourced(),
            }
        ),
        "limits.csv": columns.file(
            {
                "rule_id": columns.key(),
                "check": columns.text(optional=True),
                "case": columns.text(rules.SLUG, optional=True),
                "height_m": columns.number(optional=True),
                "area_m2": columns.number(optional=True),
                "road_m": columns.number(optional=True),
                "subject": columns.text(),
                "quantity": columns.text(),
                "operator": columns.text(),
                "threshold": columns.text(optional=True),
                "threshold_num": columns.number(optional=True),
                "unit": columns.text(optional=True),
                "applies_to": columns.text(optional=True),
                "legal_source": columns.text(optional=True),
                **in_force,
                "confidence": columns.word(words.Confidence),
                **columns.sourced(),
                "note": columns.text(optional=True),
            }
        ),
    }
