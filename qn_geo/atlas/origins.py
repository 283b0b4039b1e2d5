"""Where what a map shows comes from, how old it is and how true."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qn_geo import catalog, figures, i18n, layers, style
from qn_geo.atlas.shown import seen
from qn_geo.schema import CITY

if TYPE_CHECKING:
    from qn_geo.atlas.shown import Shown
    from qn_geo.report.paper import Frame

_TIERS: Final = ("official", "agency", "own", "press", "weak", "")
_WITHOUT_SOURCES: Final = ("communes", "areas", "plots")  # whose features name no documents, but whose records do


def sources(frame: Frame, shown: Shown) -> list[str]:
    """Return the ids of the documents behind what can be seen, each once, official ones first."""
    told: dict[str, None] = {}
    zones = layers.table("zones").set_index("zone_id")["source_id"]
    for layer in reversed(seen(frame, shown)):
        for row in layer.rows:
            own = zones.get(row["zone_id"]) if layer.layer.source in ("zones", "plots") else row.get("source_id")
            if isinstance(own, str):
                told |= dict.fromkeys(own.split(";"))
    told |= dict.fromkeys(catalog.record("city").sources)
    return sorted(told, key=lambda source: _TIERS.index(figures.source(source).get("tier") or ""))


def quality(frame: Frame, shown: Shown, lang: str) -> str:
    """Return how true the shapes in the window are, in a sentence."""
    _ = i18n.translator(lang)
    found = {row["quality"] for layer in seen(frame, shown) for row in layer.rows if layer.layer.source == "zones"}
    if found & {"schematic", "demo"}:
        return _("Outlines of zones are schematic: not for boundaries, areas or land records.")
    return _("Boundaries are generalised: this is not a cadastral document.")


def alternative(frame: Frame, shown: Shown, lang: str) -> str:
    """Return what the map shows, for those who cannot see it."""
    _ = i18n.translator(lang)
    visible = [style.layer_name(layer.layer.id, lang) for layer in seen(frame, shown)]
    return _("Map of {place}, {year}. Visible: {layers}.").format(
        place=place_name(shown, lang), year=shown.year, layers=", ".join(visible) or "–"
    )


def place_name(shown: Shown, lang: str) -> str:
    """Return the name of what a map is about."""
    if shown.zones:
        return ", ".join(figures.short_name(zone, lang) for zone in shown.zones)
    return figures.zone_name(f"area-{shown.area}" if shown.area else CITY, lang)
