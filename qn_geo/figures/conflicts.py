"""Conflicts: figures of a place that are smaller than those of a zone inside it. They are told, never mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qn_geo import i18n
from qn_geo.figures.answers import best
from qn_geo.figures.claims import book
from qn_geo.figures.holdings import AREA_PREFIX, members
from qn_geo.figures.words import bare_text, period_text, short_name

if TYPE_CHECKING:
    from qn_geo.figures.claims import Figure

# A lower bound of a part is as good as its total to show that the whole is too small.
LOWER_BOUNDS = {"fdi_registered_usd_m": ("fdi_registered_known_usd_m",)}


def conflict(figure: Figure, year: int, lang: str) -> str:
    """Say that a zone inside a figure's place is told to have more than the whole; empty where none is."""
    part = larger_inside(figure, year)
    if part is None:
        return ""
    _ = i18n.translator(lang)
    return _("Does not agree with {zone} inside it, which alone has {value} ({period}).").format(
        zone=short_name(part.zone_id, lang), value=bare_text(part, lang), period=period_text(part, lang)
    )


def larger_inside(figure: Figure, year: int | None = None) -> Figure | None:
    """The largest figure, of a zone wholly inside the place of this one, that exceeds it though it counts part of it.

    Documents differ in date and scope, so a whole may be told smaller than its part. Only stocks are compared (capital,
    projects, land, people): of a rate or a year's growth a part may well show more.

    Args:
        figure: An actual figure of a zone, an area or the city.
        year: Last year that counts for the parts.
    """
    measure = book().measures.get(figure.measure)
    if measure is None or measure.flow != "stock" or figure.kind != "actual":
        return None
    measures = (figure.measure, *LOWER_BOUNDS.get(figure.measure, ()))
    parts = (best(zone_id, each, year) for zone_id in _wholly_inside(figure.zone_id) for each in measures)
    most = figure.value if figure.value_max is None else figure.value_max
    larger = [part for part in parts if part is not None and part.unit == figure.unit and part.value > most]
    return max(larger, key=lambda part: part.value, default=None)


def _wholly_inside(place_id: str) -> list[str]:
    """Zones of a place; of an area only those that reach into no other, as an economic zone may."""
    zones = book().zones
    area = place_id.removeprefix(AREA_PREFIX)
    found = [zone_id for zone_id in members(place_id) if zone_id in zones and zone_id != place_id]
    if area == place_id:
        return found
    return [zone_id for zone_id in found if all(zones[each]["area"] == area for each in members(zone_id))]
