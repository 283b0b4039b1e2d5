"""The pictures of a profile: its map, and which charts are worth their room."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from qn_geo import atlas, charts, figures, i18n, style
from qn_geo.charts import series
from qn_geo.horizons import THIS_YEAR
from qn_geo.profiles.fitting import WIDE

if TYPE_CHECKING:
    from qn_geo.charts import Chart

OWN: Final = ("investment-cumulative", "landuse", "occupancy-over-time", "sectors", "investment-new")
"""Charts of a zone itself, the most telling first."""

BESIDE: Final = ("investment", "occupancy")
"""Charts of a zone among those of its area, for zones of which little is published."""

MOST: Final = 4
_TELLING: Final = 2  # a chart of fewer marks tells no more than a figure
_LARGE_M: Final = 20_000.0  # zones of such extent need no surroundings to be found
_LEAST_M: Final = 9_000.0  # a map is never of less
_ELSEWHERE: Final = "other"
_OF_THE_CITY: Final = ("areas", "kkt", "kcn", "ccn", "national-road", "expressway", "airport", "border-gate", "port")


def charts_of(zone_id: str, lang: str, year: int) -> tuple[Chart, ...]:
    """Return the charts of a zone that show something; where they are few, the zone among its neighbours."""
    about = charts.Subject(year, figures.book().zones[zone_id]["area"], (zone_id,))
    own = [chart for name in OWN if _tells(chart := charts.named(name, about, lang))]
    if len(own) >= MOST:
        return tuple(own[:MOST])
    beside = [chart for name in BESIDE if _tells(chart := charts.named(name, about, lang), 1)]
    kept = own + beside
    return tuple(kept[: len(kept) // 2 * 2 if len(kept) > 1 else 1][:MOST])


def _tells(chart: Chart, least: int = _TELLING) -> bool:
    """Return whether a chart shows enough values; neighbours on a line chart, which no legend names, do not count."""
    if chart.empty:
        return False
    marks = [
        mark
        for panel in series.read(chart).panels
        for each in panel.series
        if each.listed or not each.name
        for mark in each.marks
        if mark.value is not None
    ]
    return len(marks) >= least


def map_of(zone_id: str, lang: str, height: float, quality: str) -> dict[str, Any]:
    """Return the map of a zone; where nobody published its place, that of its area or of the whole city."""
    area = figures.book().zones[zone_id]["area"]
    _ = i18n.translator(lang)
    if quality:
        note = _("Shape of the zone: {quality}.").format(quality=style.quality_name(quality, lang))
        return _map((zone_id,), None, lang, height, atlas.version()) | {"note": note}
    note = _("No document says where this zone lies. The map shows {place}.")
    place = figures.short_name("province" if area == _ELSEWHERE else f"area-{area}", lang)
    return _map((), None if area == _ELSEWHERE else area, lang, height, atlas.version()) | {
        "note": note.format(place=place)
    }


def city_map(lang: str, height: float) -> dict[str, Any]:
    """Return the map of all zones, for a cover."""
    shown = atlas.Shown(layers=("areas", "kkt", "kcn", "ccn", "expressway"), year=THIS_YEAR)
    drawn = atlas.picture(shown, lang, WIDE, height, legend=False)
    return {"svg": drawn.svg, "width": WIDE, "height": height, "alt": drawn.alt}


@lru_cache(maxsize=8)
def _map(
    zones: tuple[str, ...], area: str | None, lang: str, height: float, _version: tuple[str, ...]
) -> dict[str, Any]:
    layers = tuple(layer for layer in style.DEFAULT_LAYERS if layer != "plots")  # plots are demo
    layers = layers if zones or area else _OF_THE_CITY
    shown = atlas.Shown(layers=layers, year=THIS_YEAR, zones=zones, area=area)
    drawn = atlas.picture(shown, lang, WIDE, height, bounds=_round(atlas.bounds(shown)) if zones else None)
    return {"svg": drawn.svg, "width": WIDE, "height": height, "alt": drawn.alt}


def _round(bounds: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    """Return bounds with so much around them that a reader sees where the zone lies."""
    west, south, east, north = bounds
    extent = max(east - west, north - south)
    more = max(extent * (0.35 if extent < _LARGE_M else 0.04), (_LEAST_M - extent) / 2)
    return west - more, south - more, east + more, north + more
