"""Figures with sources: which one to show, the claims beside it, series, rankings, sums, projects and land use.

The rule that picks among contradicting claims is written in `qn_geo.figures.claims`.
"""

from __future__ import annotations

from qn_geo.figures.answers import Outlook, alternatives, best, ranking, series, series_by_basis, targets
from qn_geo.figures.claims import BASES, CLASSES, Figure, Measure, book, pinned, version
from qn_geo.figures.holdings import (
    Total,
    ancestors,
    attribute,
    combine,
    counted_capital,
    descendants,
    known_capital,
    known_capital_by_year,
    known_count,
    known_projects,
    members,
    projects,
    total,
)
from qn_geo.figures.land import landuse, other_horizons
from qn_geo.figures.profile import NewInvestment, area_place, headline, kind_of, known, missing, new_investment
from qn_geo.figures.words import (
    basis_name,
    class_name,
    definition,
    explain,
    kind_name,
    measure_name,
    period_text,
    sector_name,
    short_name,
    source,
    source_ids,
    value_text,
    zone_name,
)

__all__ = [
    "BASES",
    "CLASSES",
    "Figure",
    "Measure",
    "NewInvestment",
    "Outlook",
    "Total",
    "alternatives",
    "ancestors",
    "area_place",
    "attribute",
    "basis_name",
    "best",
    "book",
    "class_name",
    "combine",
    "counted_capital",
    "definition",
    "descendants",
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
    "period_text",
    "pinned",
    "projects",
    "ranking",
    "sector_name",
    "series",
    "series_by_basis",
    "short_name",
    "source",
    "source_ids",
    "targets",
    "total",
    "value_text",
    "version",
    "zone_name",
]
