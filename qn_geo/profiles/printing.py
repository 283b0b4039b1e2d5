"""Setting profiles: first without pictures to learn how much room there is, then with pictures that fill it."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from qn_geo import figures, i18n, style
from qn_geo.charts import still
from qn_geo.charts.canvas import POINT, long
from qn_geo.horizons import THIS_YEAR
from qn_geo.profiles.content import Content, area_name, content
from qn_geo.profiles.fitting import HALF, WIDE, Fit, fit
from qn_geo.profiles.pictures import charts_of, city_map, map_of
from qn_geo.report import typesetting

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_TEMPLATE: Final = Path(__file__).with_name("zone.typ")
_CHART_PT: Final = 7.4
_COVER_MAP: Final = 104.0
_ONE_LINE: Final = 79.0  # millimetres of a document on one line
_DOCUMENT: Final = 7.0 * POINT  # size of its letters
_LONG_END: Final = 42  # letters of publisher and date; longer ones leave no room for the title


def profile(zone_id: str, lang: str, year: int = THIS_YEAR) -> bytes:
    """Return the profile of a zone as PDF (PDF/A-2a): two A4 pages.

    Args:
        zone_id: A zone.
        lang: "vi" or "en".
        year: Last year that counts for what has happened; plans are those ahead of it.

    Raises:
        KeyError: If there is no such zone.
        DataFileError: If a table or layer cannot be used.
        QnGeoError: If the font files are not installed.
    """
    with figures.pinned():
        name = figures.zone_name(zone_id, lang)
        found = _gathered([zone_id], lang, year)
        zones = [_drawn(each, how, lang) for each, how in zip(found, _fits(found, lang, year), strict=True)]
        return typesetting.pdf(_TEMPLATE, _whole(zones, lang, year) | {"title": name})


def booklet(
    lang: str,
    zone_ids: Sequence[str] | None = None,
    progress: Callable[[int, int], None] | None = None,
    year: int = THIS_YEAR,
) -> bytes:
    """Return the profiles of zones as one PDF with cover, contents, page numbers and outline.

    Args:
        lang: "vi" or "en".
        zone_ids: Zones; None takes all. They are ordered by area, then by kind and name.
        progress: Called with the number of zones that are done and their total; the last one is done with the PDF.
        year: Last year that counts for what has happened.

    Raises:
        KeyError: If there is no such zone.
        DataFileError: If a table or layer cannot be used.
        QnGeoError: If the font files are not installed.
    """
    tell = progress or (lambda _done, _total: None)
    with figures.pinned():
        ordered = _ordered(figures.book().zones if zone_ids is None else zone_ids)
        found = _gathered(ordered, lang, year)
        zones: list[dict[str, Any]] = []
        for each, how in zip(found, _fits(found, lang, year), strict=True):
            tell(len(zones), len(ordered))
            zones.append(_drawn(each, how, lang))
        made = typesetting.pdf(_TEMPLATE, _whole(zones, lang, year) | _binding(zones, lang, year))
    tell(len(ordered), len(ordered))
    return made


def _ordered(zone_ids: Sequence[str] | Any) -> list[str]:
    zones, areas, kinds = figures.book().zones, list(style.AREA_COLOURS), list(style.ZONE_COLOURS)

    def place(zone_id: str) -> tuple[int, int, str]:
        row = zones[zone_id]
        area = areas.index(row["area"]) if row["area"] in areas else len(areas)
        return area, kinds.index(row["kind"]), row["name_vi"]

    return sorted(zone_ids, key=place)


def _gathered(zone_ids: Sequence[str], lang: str, year: int) -> list[Content]:
    return [content(zone_id, charts_of(zone_id, lang, year), lang, year) for zone_id in zone_ids]


def _fits(found: Sequence[Content], lang: str, year: int) -> list[Fit]:
    """Return how the pages of each zone are filled."""
    zones = [_prepared(each, lang) for each in found]
    measured = typesetting.told(_TEMPLATE, _whole(zones, lang, year) | {"measure": True, "title": ""}, "measured")
    return [
        fit(heights, [still.height(chart, HALF, size_pt=_CHART_PT) for chart in each.charts])
        for each, heights in zip(found, measured, strict=True)
    ]


def _prepared(found: Content, lang: str) -> dict[str, Any]:
    """Return the texts of a zone, with what only the whole can say left empty."""
    _ = i18n.translator(lang)
    documents = [row | {"short": _short(row)} for row in found.texts["documents"]]
    about = _("largest first; US dollars and VND apart") if found.texts["projects"] else ""
    return found.texts | {"documents": documents, "projects_about": about, "begins": False}


def _short(document: dict[str, Any]) -> str:
    """Return a document on one line: as much of its title as has room."""
    said = ". ".join(filter(None, [document["title"], document["publisher"].partition(" (")[0], document["date"]]))
    if long(said, _DOCUMENT) <= _ONE_LINE:
        return said
    end = ", ".join(filter(None, [document["publisher"].partition(" (")[0], document["date"]]))
    end = f"… {end}" if end and len(end) < _LONG_END else "…"
    title = str(document["title"])
    while title and long(title + end, _DOCUMENT) > _ONE_LINE:
        title = title[:-1]
    return title.rstrip(" ,.-–:") + end


def _drawn(found: Content, how: Fit, lang: str) -> dict[str, Any]:
    """Return a zone with its pictures."""
    texts = _prepared(found, lang)
    wide = WIDE if len(how.second.charts) == 1 else HALF
    pictures = [
        {
            "svg": still.svg(chart, wide, height, lang, size_pt=_CHART_PT),
            "width": wide,
            "height": height,
            "alt": chart.alt,
        }
        for chart, height in zip(found.charts, how.second.charts, strict=False)
    ]
    return texts | {
        "map": map_of(found.zone_id, lang, how.map_height, found.quality),
        "charts": [told | {"picture": drawn} for told, drawn in zip(texts["charts"], pictures, strict=False)],
        "shown": how.second.projects,
        "short_first": how.short,
        "short_second": how.second.short,
        "beside": how.second.beside,
    }


def _whole(zones: list[dict[str, Any]], lang: str, year: int) -> dict[str, Any]:
    """Return what all pages share."""
    _ = i18n.translator(lang)
    return {
        "lang": lang,
        "measure": False,
        "booklet": False,
        "footer": _("Figures up to {year}; numbers in brackets are the documents below").format(year=year),
        "words": _words(lang),
        "zones": zones,
    }


def _words(lang: str) -> dict[str, str]:
    _ = i18n.translator(lang)
    return {
        "page": _("Page"),
        "of": _("of"),
        "part": _("Part of"),
        "figures": _("Key figures"),
        "figures_about": _("period · basis · class [document]"),
        "note": _("Note:"),
        "sources": _("Sources"),
        "project": _("Project, investor"),
        "projects": _("Projects"),
        "sector": _("Sector"),
        "year": _("Year"),
        "capital": _("Capital"),
        "no_project": _("no project known"),
        "more": _("and {count} more known projects"),
        "orientation": _("Orientation"),
        "plans": _("Plans and targets"),
        "gaps": _("Gaps"),
        "no_gaps": _("Everything a zone of this kind could be expected to publish is known."),
        "missing": i18n.missing(lang),
        "neighbours": _("Beside it in the same area"),
        "zone": _("Zone"),
        "kind": _("Kind"),
        "status": _("Status"),
        "size": _("Area"),
        "contents": _("Contents"),
    }


def _binding(zones: list[dict[str, Any]], lang: str, year: int) -> dict[str, Any]:
    """Return cover and contents of a booklet, and mark the first zone of each area."""
    _ = i18n.translator(lang)
    rows = figures.book().zones
    areas = []
    for area, group in groupby(zones, lambda zone: rows[zone["id"]]["area"]):
        members = list(group)
        members[0]["begins"] = True
        areas.append({"name": area_name(area, lang), "zones": [_entry(zone) for zone in members]})
    kinds = [(kind, [zone for zone in zones if rows[zone["id"]]["kind"] == kind]) for kind in style.ZONE_COLOURS]
    return {
        "booklet": True,
        "title": _("Profiles of the economic zones, industrial parks and clusters"),
        "subtitle": _("Quảng Ninh, figures up to {year}").format(year=year),
        "about": _(
            "Every figure names its period, its class and its document; what nobody published is said to be so."
        ),
        "counts": [
            {
                "count": str(len(members)),
                "name": style.layer_name(kind.lower(), lang),
                "colour": style.ZONE_COLOURS[kind],
            }
            for kind, members in kinds
        ],
        "areas": areas,
        "map": city_map(lang, _COVER_MAP),
    }


def _entry(zone: dict[str, Any]) -> dict[str, str]:
    return {"id": zone["id"], "name": zone["name"], "colour": zone["colour"]}
