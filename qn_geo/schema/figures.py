"""Files of figures: measures, figures and their sources, projects, orientations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qn_geo.schema import columns, rules, words

if TYPE_CHECKING:
    import pandera.pandas as pa


def figures() -> dict[str, pa.DataFrameSchema]:
    """Return the schemas of measures, figures and their sources."""
    return {
        "measures.csv": columns.file(
            {
                "measure": columns.key(),
                **columns.names(),
                "unit": columns.text(rules.UNIT),
                "theme": columns.text(rules.SLUG),
                "flow": columns.word(words.Flow),
                "definition_vi": columns.text(),
                "definition_en": columns.text(),
            }
        ),
        "figures.csv": columns.file(
            {
                "figure_id": columns.key(),
                "zone_id": columns.text(rules.PLACE_ID),
                "measure": columns.text(),
                "period": columns.text(rules.DATE, optional=True),
                "period_start": columns.text(rules.DATE, optional=True),
                "precision": columns.word(words.Precision),
                "value": columns.number(),
                "value_max": columns.number(optional=True),
                "unit": columns.text(rules.UNIT),
                "kind": columns.word(words.FigureKind),
                "class": columns.word(words.FigureClass),
                "basis": columns.word(words.Basis, optional=True),
                **columns.sourced(),
                **columns.notes(),
            },
            rules.in_order("value", "value_max"),
            rules.PERCENTAGE,
            rules.MONEY,
            rules.PRECISION,
            rules.SPAN,
        ),
        "sources.csv": columns.file(
            {
                "source_id": columns.key(rules.SOURCES),
                "title": columns.text(),
                "publisher": columns.text(optional=True),
                "date": columns.text(rules.DATE, optional=True),
                "url": columns.text(rules.URL, optional=True),
                "tier": columns.word(words.Tier),
                **columns.notes(),
            }
        ),
    }


def projects() -> dict[str, pa.DataFrameSchema]:
    """Return the schemas of projects with their sectors, and the zones' orientations."""
    return {
        "projects.csv": columns.file(
            {
                "project_id": columns.key(rules.SLUG),
                **columns.names(),
                "zone_id": columns.text(rules.PLACE_ID, optional=True),
                "investor": columns.text(optional=True),
                "country": columns.text(optional=True),
                "capital_usd_m": columns.number(rules.POSITIVE, optional=True),
                "capital_vnd_bn": columns.number(rules.POSITIVE, optional=True),
                "year": columns.integer(rules.YEAR, optional=True),
                "sector": columns.text(rules.SLUG, optional=True),
                "area_ha": columns.area_ha(),
                "status": columns.word(words.ProjectStatus, optional=True),
                "counted": columns.word(words.YesNo),
                **columns.sourced(),
                **columns.notes(),
            }
        ),
        "sectors.csv": columns.file({"sector": columns.key(rules.SLUG), **columns.names()}),
        "orientations.csv": columns.file(
            {
                "zone_id": columns.text(rules.PLACE_ID),
                "theme": columns.text(rules.SLUG),
                "statement_vi": columns.text(),
                "statement_en": columns.text(),
                "horizon": columns.text(rules.YEARS, optional=True),
                **columns.sourced(),
            }
        ),
    }
