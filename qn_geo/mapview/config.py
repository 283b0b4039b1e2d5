"""What the map's frame needs to know once: layers, addresses, colours and words. Served as one JSON document."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from qn_geo import crs, figures, i18n, landuse, layers, outcomes, style
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Box = tuple[float, float, float, float]
"""West, south, east, north in WGS 84."""

HOME: Final = (106.40, 20.66, 108.12, 21.68)  # the whole city with its islands
LIMITS: Final = (103.1, 18.7, 111.5, 23.5)  # beyond this the built-in map knows no land
AREA_BOXES: Final = {
    "mong-cai": (107.70, 21.33, 108.12, 21.67),
    "van-don": (107.25, 20.68, 107.72, 21.29),
    "quang-yen": (106.74, 20.80, 106.97, 21.05),
    "hai-ha": (107.50, 21.25, 107.84, 21.66),
}
SCRIPTS: Final = (
    "leaflet/leaflet.js",
    "proj4/proj4.js",
    "qn/qn-geometry.js",
    "qn/qn-draw.js",
    "qn/qn-labels.js",
    "qn/qn-tools.js",
    "qn/qn-many.js",
    "qn/qn-review.js",
    "qn/qn-link.js",
    "qn/qn-view.js",
    "qn/qn-map.js",
)
STYLES: Final = ("leaflet/leaflet.css", "qn/qn.css")
SOURCES: Final = ("backdrop", "city", "communes", "areas", "zones", "landuse", "transport", "logistics", "plots")
ONLINE_BASEMAPS: Final = {
    "osm": {
        "url": "https://tile.openstreetmap.org/{z}/{x}/{y}.png",
        "attribution": "© OpenStreetMap contributors (ODbL)",
    },
    "satellite": {
        "url": "https://server.arcgisonline.com/ArcGIS/rest/services/World_Imagery/MapServer/tile/{z}/{y}/{x}",
        "attribution": "Esri, Maxar, Earthstar Geographics",
    },
}


def zones_box(zone_ids: Iterable[str]) -> Box | None:
    """Return the bounds of these zones' geometry; None where none is drawn."""
    if not layers.available("zones"):
        return None
    frame = layers.layer("zones")
    found = frame.loc[frame["zone_id"].isin(list(zone_ids))]
    if found.empty:
        return None
    west, south, east, north = (float(edge) for edge in found.total_bounds)
    return west, south, east, north


def home_box(area: str | None) -> Box:
    """Return the box of an area page, or of the whole city."""
    return AREA_BOXES.get(area or "", HOME)


def basemaps() -> tuple[str, ...]:
    """Return the basemaps a user may choose; the first is our own and needs no network."""
    return ("own", *ONLINE_BASEMAPS) if settings().online_basemaps else ("own",)


def _strings(lang: str) -> dict[str, Any]:
    _ = i18n.translator(lang)
    return {
        "home": _("Back to the whole view"),
        "full": _("Full screen"),
        "measureLine": _("Measure a length"),
        "measureArea": _("Measure an area"),
        "measureStart": _("Click to add points"),
        "measureHint": _("double click to finish, Esc to close"),
        "area": _("Area"),
        "place": _("This place"),
        "perimeter": _("Perimeter"),
        "length": _("Length"),
        "zoomIn": _("Zoom in"),
        "zoomOut": _("Zoom out"),
        "offline": _("The online basemap cannot be reached. The built-in map stays."),
        "layerFailed": _("Layer {layer} cannot be loaded; the others go on working."),
        "kinds": {layer.id: style.layer_name(layer.id, lang) for layer in style.MAP_LAYERS},
        "divider": _("Left of the line the earlier plots, right of it this submission"),
        "sides": [_("Earlier"), _("This submission")],
        "outcomes": {result: outcomes.result_name(result, lang) for result in outcomes.RESULTS}
        | {verdict: outcomes.verdict_name(verdict, lang) for verdict in outcomes.VERDICTS},
        "qualities": {
            shape: {quality: style.quality_name(quality, lang, shape) for quality in style.QUALITY_DASHES}
            for shape in ("polygon", "line", "point")
        },
    }


def source_url(source: str) -> str:
    """Return the address of a layer; it changes with the content, so a browser may keep it for ever."""
    version = layers.version(source) if layers.available(source) else "missing"
    return f"/qn/layers/{source}.json?v={version}"


def document() -> dict[str, Any]:
    """Return the map's configuration; cached until a data file changes.

    Without the table of land-use codes every use is grey: the page names the damaged file, and the map goes on.
    """
    tables = tuple(layers.version(name) if layers.available(name) else "" for name in ("landuse-codes", "zones-table"))
    return _document(tuple(source_url(source) for source in SOURCES), tables, settings().online_basemaps)


def _zone_names() -> dict[str, dict[str, str]]:
    """Return the short names of every zone, also of those that are not drawn."""
    rows = layers.table("zones").to_dict("records") if layers.available("zones-table") else []
    return {
        row["zone_id"]: {lang: figures.abbreviated(i18n.name(row, lang), lang) for lang in i18n.LANGUAGES}
        for row in rows
    }


def _tones(night: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Return the colours that are others in a dim room, under the names by which the frame's scripts know them."""
    other = (lambda colour: night.get(colour, colour)) if night else (lambda colour: colour)
    own = {
        "accent": style.ACCENT,
        "ink": style.INK,
        "edge": style.EDGE,
        "land": style.LAND,
        "neighbour": style.NEIGHBOUR,
        "sea": style.SEA,
        "border": style.BORDER,
        "coast": style.COAST,
        "city": style.CITY,
        "halo": style.HALO,
    }
    palettes = {"colours": own, "areas": style.AREA_COLOURS, "zones": style.ZONE_COLOURS, "modes": style.MODE_COLOURS}
    return {name: {key: other(colour) for key, colour in palette.items()} for name, palette in palettes.items()} | {
        "markers": {kind: (other(colour), path) for kind, (colour, path) in style.MARKERS.items()}
    }


@lru_cache(maxsize=4)
def _document(urls: tuple[str, ...], _tables: tuple[str, ...], online: bool) -> dict[str, Any]:  # noqa: FBT001 - a cache key
    codes = sorted(set(landuse.codes()["code"])) if layers.available("landuse-codes") else []
    return {
        "home": HOME,
        "limits": LIMITS,
        "tm3": crs.TM3_PROJ4,
        "sources": {source: {"url": url} for source, url in zip(SOURCES, urls, strict=True)},
        "layers": [
            {
                "id": layer.id,
                "group": layer.group,
                "source": layer.source,
                "shape": layer.shape,
                "where": layer.where,
                "min_zoom": layer.min_zoom,
            }
            for layer in style.MAP_LAYERS
        ],
        "zoneNames": _zone_names(),
        "basemaps": ONLINE_BASEMAPS if online else {},
        **_tones(),
        "night": _tones(style.NIGHT),
        "plots": style.PLOT_COLOURS,
        "plotPatterns": style.PLOT_PATTERNS,
        "widths": style.MODE_WIDTHS,
        "uncodedOpacity": style.UNCODED_OPACITY,
        "layerDashes": style.LAYER_DASHES,
        "dashes": style.QUALITY_DASHES,
        "statusDashes": style.STATUS_DASHES,
        "results": outcomes.RESULT_COLOURS,
        "verdicts": outcomes.VERDICT_COLOURS,
        "severities": outcomes.SEVERITY_COLOURS,
        "landuse": {"": landuse.NEUTRAL, **{code: landuse.colour(code) for code in codes}},
        "seas": style.SEAS,
        "strings": {lang: _strings(lang) for lang in i18n.LANGUAGES},
    }
