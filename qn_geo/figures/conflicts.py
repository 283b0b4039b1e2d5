"""Conflicts: figures that others of the place, or of a zone inside it, do not bear out. They are told, never mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qn_geo import i18n
from qn_geo.figures.answers import best
from qn_geo.figures.claims import book
from qn_geo.figures.holdings import AREA_PREFIX, known_capital, members
from qn_geo.figures.profile import OUR_SUMS, REGISTERED
from qn_geo.figures.words import bare_text, period_text, short_name, value_text

if TYPE_CHECKING:
    from qn_geo.figures.claims import Figure

# A lower bound of a part is as good as its total to show that the whole is too small.
LOWER_BOUNDS = {"fdi_registered_usd_m": ("fdi_registered_known_usd_m",)}
_SUMMED = {measure: currency for currency, measures in REGISTERED.items() for measure in measures}


def conflict(figure: Figure, year: int, lang: str) -> str:
    """Say that a zone inside a figure's place is told to have more than the whole; empty where none is."""
    part = larger_inside(figure, year)
    if part is None:
        return ""
    _ = i18n.translator(lang)
    return _("Does not agree with {zone} inside it, which alone has {value} ({period}).").format(
        zone=short_name(part.zone_id, lang), value=bare_text(part, lang), period=period_text(part, lang)
    )


def reckoning(figure: Figure, year: int, lang: str) -> str:
    """Say what capital comes to the other way, as recorded or over the known projects; empty where both agree.

    Args:
        figure: Registered capital of a zone, or our sum over its known projects; any other figure has no other way.
        year: Last year that counts.
        lang: "vi" or "en".
    """
    _ = i18n.translator(lang)
    if figure.measure in OUR_SUMS:
        measures = REGISTERED[OUR_SUMS[figure.measure]]
        bounds = (each for measure in measures for each in (measure, *LOWER_BOUNDS.get(measure, ())))
        other = next(filter(None, (best(figure.zone_id, each, year) for each in bounds)), None)
        said = _("Only projects that state their capital; reckoned otherwise {value} ({period}).")
    else:
        currency = _SUMMED.get(figure.measure)
        other = known_capital(figure.zone_id, currency, year) if currency else None
        said = _("The known projects that state their capital ({count}) add up to {value}.")
    if other is None or value_text(other, lang) == value_text(figure, lang):
        return ""
    period, count = period_text(other, lang), i18n.number(len(other.parts), lang)
    return said.format(value=value_text(other, lang), period=period, count=count)


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
