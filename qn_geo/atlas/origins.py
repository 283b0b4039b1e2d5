"""Where what a map shows comes from, how old it is and how true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qn_geo import catalog, figures, i18n, layers, style
from qn_geo.horizons import ahead
from qn_geo.schema import CITY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qn_geo.atlas.shown import Layer, Shown

_TIERS: Final = ("official", "agency", "own", "press", "weak", "")
_TITLE: Final = 90  # letters of a document's title


def sources(found: Sequence[Layer]) -> list[str]:
    """Return the ids of the documents behind what can be seen, each once, official ones first."""
    told = _behind(found) | dict.fromkeys(catalog.record("city").sources)
    documents = filter(figures.is_document, figures.merged(*told))
    return sorted(documents, key=lambda source: _TIERS.index(figures.source(source).get("tier") or ""))


def _behind(found: Sequence[Layer]) -> dict[str, None]:
    """Return the ids of the sources of what can be seen, as they are recorded."""
    told: dict[str, None] = {}
    zones = layers.table("zones").set_index("zone_id")["source_id"]
    for layer in reversed(found):
        for row in layer.rows:
            own = zones.get(row["zone_id"]) if layer.layer.source in ("zones", "plots") else row.get("source_id")
            if isinstance(own, str):
                told |= dict.fromkeys(own.split(";"))
    return told


def quality(found: Sequence[Layer], lang: str) -> str:
    """Return how true the shapes in the window are, in a sentence or two."""
    _ = i18n.translator(lang)
    told = {row["quality"] for layer in found for row in layer.rows if layer.layer.source == "zones"}
    rough = _(
        "Outlines of zones are schematic and not official: no cadastral document, no proof of boundaries or areas."
    )
    said = rough if told & {"schematic", "demo"} else _("Boundaries are generalised: this is no cadastral document.")
    demo = any(layer.layer.source == "plots" for layer in found)
    invented = _("Plots are invented for demonstration.")
    return f"{said} {invented}" if demo else said


def remark(found: Sequence[Layer], lang: str) -> str:
    """Return what is to be said beside the documents: that something rests on none; empty where all does."""
    _ = i18n.translator(lang)
    if all(map(figures.is_document, _behind(found))):
        return ""
    return _("Some places are set from general knowledge of the area.")


def dated(found: Sequence[Layer]) -> str:
    """Return the day of the newest data that can be seen (ISO)."""
    used, known = {layer.layer.source for layer in found} | {"city"}, catalog.records()
    return max(str(known[source].date) for source in used if source in known)


def citation(source_id: str, lang: str) -> str:
    """Return a document as a sheet names it: publisher, title cut to a line or two, date."""
    row = figures.source(source_id)
    title = str(row.get("title") or source_id)
    short = title if len(title) <= _TITLE else f"{title[: _TITLE - 1].rsplit(' ', 1)[0]}…"
    when = row.get("date")
    day = i18n.iso_date(when, None, lang) if isinstance(when, str) and when else ""
    publisher = str(row.get("publisher") or "").partition(" (")[0]  # in brackets stands where a copy was read
    return ", ".join(part for part in (publisher, short, day) if part)


def subtitle(shown: Shown, lang: str) -> str:
    """Return what a map is about and the year it shows."""
    _ = i18n.translator(lang)
    place = place_name(shown, lang)
    if ahead(shown.year):
        return _("{place}, plans for {year}").format(place=place, year=shown.year)
    return _("{place}, as of {year}").format(place=place, year=shown.year)


def alternative(found: Sequence[Layer], shown: Shown, lang: str) -> str:
    """Return what the map shows, for those who cannot see it."""
    _ = i18n.translator(lang)
    visible = [style.layer_name(layer.layer.id, lang) for layer in found]
    return _("Map of {place}, {year}. Visible: {layers}.").format(
        place=place_name(shown, lang), year=shown.year, layers=", ".join(visible) or "–"
    )


def place_name(shown: Shown, lang: str) -> str:
    """Return the name of what a map is about."""
    if shown.zones:
        return ", ".join(figures.short_name(zone, lang) for zone in shown.zones)
    return figures.zone_name(f"area-{shown.area}" if shown.area else CITY, lang)
