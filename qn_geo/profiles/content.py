"""What the profile of a zone says: everything but its pictures, as texts in one language with numbered documents."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from qn_geo import figures, i18n, layers, style
from qn_geo.figures.profile import EXPECTED
from qn_geo.profiles.documents import Documents, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from qn_geo.charts import Chart
    from qn_geo.figures import Figure

MOST_FIGURES: Final = 12
MOST_PROJECTS: Final = 24
MOST_PLANS: Final = 8
MOST_NEIGHBOURS: Final = 14
MOST_LINES: Final = 6
LONGEST: Final = 620
"""Letters of a fact or note; the app shows the rest."""


@dataclass(frozen=True)
class Content:
    """A profile without its pictures.

    Attributes:
        zone_id: The zone.
        texts: What the template sets.
        charts: Charts in the order they are worth showing.
        quality: How true its shape on the map is; empty where nobody has published where it lies.
    """

    zone_id: str
    texts: dict[str, Any]
    charts: tuple[Chart, ...]
    quality: str


def shape_quality(zone_id: str) -> str:
    """Return how true the shape of a zone is; empty where nobody has published where it lies."""
    if not layers.available("zones"):
        return ""
    frame = layers.layer("zones")
    found = frame.loc[frame["zone_id"] == zone_id, "quality"]
    return "" if found.empty else str(found.iloc[0])


def content(zone_id: str, charts: Iterable[Chart], lang: str, year: int) -> Content:
    """Return what a profile says.

    Args:
        zone_id: A zone.
        charts: Its charts, the most telling first.
        lang: "vi" or "en".
        year: Last year that counts for what has happened; plans are those ahead of it.
    """
    row, drawn, documents = figures.book().zones[zone_id], tuple(charts), Documents(lang)
    quality = shape_quality(zone_id)
    cited = documents.cite(row["source_id"])
    shown = _figures(zone_id, year)
    # Our sums go over many documents: those are listed on the second page, with the projects.
    order = sorted((found for _measure, found in shown if found), key=lambda found: bool(found.parts))
    for found in order:
        if not found.parts:
            documents.cite(found.source_id)
    first = len(documents)
    projects = _projects(zone_id, year)
    texts = {
        "id": zone_id,
        "first": first,
        "kind": style.kind_name(row["kind"], lang),
        "colour": style.ZONE_COLOURS[row["kind"]],
        "area": area_name(row["area"], lang),
        "name": figures.zone_name(zone_id, lang),
        "short": figures.short_name(zone_id, lang),
        "status": style.status_name(row["status"], lang),
        "lineage": " › ".join(figures.zone_name(each, lang) for each in reversed(figures.ancestors(zone_id))),
        "facts": _facts(row, cited, lang),
        "figures": [_card(measure, found, year, lang, documents) for measure, found in shown],
        "note": _shortened(figures.readable(i18n.text(row, "note", lang))),
        "charts": [_chart(chart, documents) for chart in drawn],
        "orientation": _orientation(zone_id, lang, documents),
        "plans": [_plan(found, lang, documents) for found in figures.outlook_of([zone_id], year)[:MOST_PLANS]],
        "gaps": [figures.measure_name(measure, lang) for measure in figures.missing(zone_id, year)],
        "projects": [_project(each, lang, documents) for each in projects[:MOST_PROJECTS]],
        "projects_known": len(projects),
    }
    last = len(documents)
    neighbours = [_neighbour(each, lang, documents) for each in _beside(zone_id, year)]
    ends = {"last": last, "neighbours": neighbours, "documents": documents.rows()}
    return Content(zone_id, texts | ends, drawn, quality)


def _shortened(text: str) -> str:
    return textwrap.shorten(text, LONGEST, placeholder=" …")


def area_name(area: str, lang: str) -> str:
    """Return the name of a growth area, or of all zones outside of them."""
    _ = i18n.translator(lang)
    return _("Outside the four growth areas") if area == "other" else figures.zone_name(f"area-{area}", lang)


def _facts(row: Mapping[str, Any], cited: str, lang: str) -> list[tuple[str, str, str]]:
    """Return what the zone's documents say, each with its label and their numbers."""
    _, missing = i18n.translator(lang), i18n.missing(lang)
    established = i18n.iso_date(row["established"], None, lang) if row["established"] else missing
    told = [
        (_("Legal basis"), _shortened(i18n.text(row, "legal_basis", lang)) or missing),
        (_("Established"), established),
        (_("Developer"), i18n.dated(str(row["developer"] or ""), lang) or missing),
        (_("Extent"), _shortened(i18n.text(row, "extent", lang)) or missing),
    ]
    return [(label, text, "" if text == missing else cited) for label, text in told]


def _figures(zone_id: str, year: int) -> list[tuple[str, Figure | None]]:
    """Return the headline figures, those that nobody published too, and after them whatever else is known."""
    shown: dict[str, Figure | None] = {entry["measure"]: entry["figure"] for entry in figures.headline(zone_id, year)}
    others = [measure for group in EXPECTED[figures.kind_of(zone_id)] for measure in group]
    for measure in (*others, *figures.AREAS):
        if measure not in shown and (found := figures.known(zone_id, measure, year)) is not None:
            shown[measure] = found
    order = sorted(shown.items(), key=lambda each: each[1] is None)
    return order[:MOST_FIGURES]


def _card(measure: str, found: Figure | None, year: int, lang: str, documents: Documents) -> dict[str, Any]:
    if found is None:
        return {"label": figures.measure_name(measure, lang), "value": i18n.missing(lang), "missing": True}
    told = (
        figures.period_text(found, lang),
        figures.basis_name(found.basis, lang),
        figures.class_name(found.klass, lang),
    )
    return {
        "label": figures.bare_name(measure, lang),
        "value": figures.value_text(found, lang),
        "missing": False,
        "about": " · ".join(filter(None, told)),
        "cited": documents.cite(found.source_id),
        "conflict": figures.conflict(found, year, lang),
        "otherwise": figures.reckoning(found, year, lang),
    }


def _chart(chart: Chart, documents: Documents) -> dict[str, Any]:
    return {"title": chart.title, "note": chart.note or "", "alt": chart.alt, "cited": documents.cite(*chart.sources)}


def _orientation(zone_id: str, lang: str, documents: Documents) -> list[dict[str, str]]:
    if not layers.available("orientations"):
        return []
    table = layers.table("orientations")
    rows = table[table["zone_id"] == zone_id].to_dict("records")
    return [
        {
            "text": i18n.text(row, "statement", lang),
            "horizon": str(row["horizon"] or ""),
            "cited": documents.cite(str(row["source_id"])),
        }
        for row in rows[:MOST_LINES]
    ]


def _plan(found: Figure, lang: str, documents: Documents) -> dict[str, str]:
    about = f"{figures.kind_name(found.kind, lang)}, {figures.period_text(found, lang)}"
    return {
        "label": figures.bare_name(found.measure, lang),
        "value": figures.value_text(found, lang),
        "about": about,
        "cited": documents.cite(found.source_id),
    }


def _projects(zone_id: str, year: int) -> list[Mapping[str, Any]]:
    """Return known projects: those with capital in dollars, the largest first, then those in VND, then the others.

    What is only proposed, or was revoked, comes last.
    """

    def size(project: Mapping[str, Any]) -> tuple[bool, bool, float, bool, float, str]:
        usd, vnd = project["capital_usd_m"], project["capital_vnd_bn"]
        return project["counted"] != "yes", usd is None, -(usd or 0), vnd is None, -(vnd or 0), project["project_id"]

    return sorted(figures.known_projects(zone_id, year), key=size)


def _project(row: Mapping[str, Any], lang: str, documents: Documents) -> dict[str, str]:
    usd, vnd = row["capital_usd_m"], row["capital_vnd_bn"]
    capital = i18n.missing(lang)
    if usd is not None:
        capital = i18n.quantity(usd, "usd_m", lang)
    elif vnd is not None:
        capital = i18n.quantity(vnd, "vnd_bn", lang)
    return {
        "name": i18n.name(row, lang),
        "by": printable(row["investor"]),
        "doubt": _doubt(row, lang),
        "sector": figures.sector_name(row["sector"], lang),
        "year": str(int(row["year"])) if row["year"] is not None else "",
        "capital": capital,
        "cited": documents.cite(row["source_id"]),
    }


def _doubt(row: Mapping[str, Any], lang: str) -> str:
    """Return why a project counts in no sum; empty for one that does."""
    _ = i18n.translator(lang)
    if row["counted"] == "yes":
        return ""
    state = style.status_name(row["status"], lang) if row["status"] else ""
    return ", ".join(filter(None, [state, _("counted in no sum")]))


def _beside(zone_id: str, year: int) -> list[str]:
    """Return the other zones of the area."""
    zones = figures.book().zones
    return [each for each in figures.zone_ids(zones[zone_id]["area"], year) if each != zone_id][:MOST_NEIGHBOURS]


def _neighbour(zone_id: str, lang: str, documents: Documents) -> dict[str, str]:
    row, size = figures.book().zones[zone_id], figures.known(zone_id, "area_ha")
    return {
        "name": figures.short_name(zone_id, lang),
        "kind": style.kind_name(row["kind"], lang),
        "status": style.status_name(row["status"], lang),
        "size": figures.value_text(size, lang) if size else i18n.missing(lang),
        "cited": documents.cite(size.source_id) if size else "",
    }
