"""Figures with sources: which one to show, the claims beside it, series, rankings, projects and land use.

The rule that picks among contradicting claims is written in `qn_geo.figures.claims`.
"""

from __future__ import annotations

from qn_geo.figures.answers import Outlook, alternatives, best, ranking, series, series_by_basis, targets
from qn_geo.figures.claims import BASES, CLASSES, Figure, Measure, book, pinned, version
from qn_geo.figures.holdings import (
    ancestors,
    attribute,
    counted_capital,
    known_capital,
    known_capital_by_year,
    known_count,
    known_projects,
    members,
    projects,
)
from qn_geo.figures.land import landuse, other_horizons
from qn_geo.figures.profile import (
    AREAS,
    NewInvestment,
    headline,
    kind_of,
    known,
    missing,
    new_investment,
    outlook_of,
)
from qn_geo.figures.words import (
    basis_name,
    class_name,
    definition,
    explain,
    kind_name,
    measure_name,
    period_text,
    readable,
    sector_name,
    short_name,
    source,
    source_ids,
    value_text,
    zone_name,
)

__all__ = [
    "AREAS",
    "BASES",
    "CLASSES",
    "Figure",
    "Measure",
    "NewInvestment",
    "Outlook",
    "alternatives",
    "ancestors",
    "attribute",
    "basis_name",
    "best",
    "book",
    "class_name",
    "counted_capital",
    "definition",
    "explain",
    "headline",
    "kind_name",
    "kind_of",
    "known",
    "known_capital",
    "known_capital_by_year",
    "known_count",
    "known_projects",
    "landuse",
    "measure_name",
    "members",
    "missing",
    "new_investment",
    "other_horizons",
    "outlook_of",
    "period_text",
    "pinned",
    "projects",
    "ranking",
    "readable",
    "sector_name",
    "series",
    "series_by_basis",
    "short_name",
    "source",
    "source_ids",
    "targets",
    "value_text",
    "version",
    "zone_name",
]
