"""One palette, one list of map layers and one legend, shared by screen, charts and exports.

Colours of land use are the official ones and live in `qn_geo.landuse`; everything else that has a colour, a dash or a
hatch gets it here, so that no two places can disagree. Statuses and qualities are told by line or pattern as well as
by hue. Hues follow the Okabe-Ito set, which stays distinct for colour-blind readers.
"""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from qn_geo import i18n

ACCENT: Final = "#c2410c"  # the one saturated outline: whatever is selected
INK: Final = "#1f2933"
MUTED: Final = "#9aa5b1"
EDGE: Final = "#6b7280"  # round land use and plots, and of marks that belong to no one layer
LAND: Final = "#f4f0e6"
NEIGHBOUR: Final = "#e9e6dd"
SEA: Final = "#d8e7ef"
BORDER: Final = "#b8ab94"
COAST: Final = "#cfc9bb"  # round the neighbouring land
CITY: Final = "#8f8067"  # round the whole city
HALO: Final = "#ffffff"  # between an outline of the chosen and whatever lies under it

AREA_COLOURS: Final = {"mong-cai": "#0072b2", "van-don": "#009e73", "quang-yen": "#e69f00", "hai-ha": "#cc79a7"}
COMPARED_COLOURS: Final = ("#1d4e89", "#c98500", "#009e73", "#7c3aed", "#8c2d04", EDGE)
"""Of things side by side in one chart, as many as can be told apart: with any colour vision, light on dark too."""
ZONE_COLOURS: Final = {"KKT": "#5b3a8c", "KCN": "#b3261e", "CCN": "#0f766e"}
MODE_COLOURS: Final = {
    "expressway": "#c05600",
    "national-road": "#8a6d3b",
    "coastal-road": "#0e7490",
    "provincial-road": "#7a7f87",
    "railway": "#374151",
    "high-speed-railway": "#7c3aed",
}
MODE_WIDTHS: Final = {
    "expressway": 3.6,
    "national-road": 2.4,
    "coastal-road": 2.4,
    "provincial-road": 1.8,
    "railway": 2.0,
    "high-speed-railway": 2.4,
}
PLOT_COLOURS: Final = {"leased": "#1d4e89", "building": "#e08e0b", "vacant": "#ffffff", "reserved": "#8f7ac8"}
PLOT_PATTERNS: Final = {"building": "hatch", "reserved": "cross"}
UNCODED_OPACITY: Final = 0.16  # land use without an official code has no official colour: outlined, barely tinted
LAYER_DASHES: Final = {"landuse": "3 2", "plots": "2 1.5", "railway": "7 3"}  # whatever status and quality say
STATUS_DASHES: Final = {"operating": "", "building": "9 5", "planned": "2 6", "proposed": "1 7"}
QUALITY_DASHES: Final = {"official": "", "digitised": "", "approximate": "12 4", "schematic": "5 4", "demo": "2 3"}

NIGHT_PAPER: Final = "#0d141a"  # behind everything else in a dim room
_NIGHT_LIGHTNESS: Final = 0.68  # at which every hue of ours stands out 4.5 to 1 from the dark land


def _lighter(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    light = colorsys.hls_to_rgb(hue, max(lightness, _NIGHT_LIGHTNESS), saturation)
    return "#" + "".join(f"{round(part * 255):02x}" for part in light)


# Marker shapes as SVG paths in a 16 x 16 box: no font icons, so nothing is fetched.
MARKERS: Final = {
    "border-gate": ("#7f1d1d", "M8 1 15 8 8 15 1 8Z"),
    "border-crossing": ("#b45309", "M8 2.5 13.5 8 8 13.5 2.5 8Z"),
    "port": ("#1e3a8a", "M2.5 2.5h11v11h-11Z"),
    "dry-port": ("#4338ca", "M2 5h12v6H2Z"),
    "logistics-centre": ("#166534", "M8 1.5 15 14H1Z"),
    "bonded-yard": ("#4d7c0f", "M4.5 2h7L15 8l-3.5 6h-7L1 8Z"),
    "airport": ("#0f172a", "M8 .8 9.6 6 15 9v1.6L9.6 9.2 9.2 13l2 1.4v1H4.8v-1l2-1.4-.4-3.8L1 10.6V9l5.4-3Z"),
    "airport-cargo": ("#0f172a", "M8 .8 9.6 6 15 9v1.6L9.6 9.2 9.2 13l2 1.4v1H4.8v-1l2-1.4-.4-3.8L1 10.6V9l5.4-3Z"),
    "bridge": ("#475569", "M1 11V9Q8 1 15 9v2h-2V9.6Q8 5 3 9.6V11Z"),
    "railway": ("#374151", "M3 1.5h10v9L10.5 13H5.5L3 10.5Z"),
}

SEAS: Final[tuple[dict[str, Any], ...]] = (
    {"lon": 107.25, "lat": 20.86, "name_vi": "Vịnh Hạ Long", "name_en": "Hạ Long Bay"},
    {"lon": 107.56, "lat": 21.02, "name_vi": "Vịnh Bái Tử Long", "name_en": "Bái Tử Long Bay"},
    {"lon": 107.86, "lat": 21.13, "name_vi": "Vịnh Bắc Bộ", "name_en": "Gulf of Tonkin"},
)
"""Names of waters, and where they stand (WGS 84)."""
NEIGHBOURS: Final[tuple[dict[str, Any], ...]] = (
    {
        "name_vi": "Trung Quốc",
        "name_en": "China",
        "places": ((107.85, 21.72), (107.36, 21.73), (108.12, 21.63), (108.05, 21.56), (107.62, 21.66)),
    },
    {"name_vi": "Lạng Sơn", "name_en": "Lạng Sơn", "places": ((107.02, 21.52), (106.9, 21.42), (107.2, 21.6))},
    {"name_vi": "Bắc Ninh", "name_en": "Bắc Ninh", "places": ((106.62, 21.28), (106.75, 21.24), (106.5, 21.18))},
    {"name_vi": "Hải Phòng", "name_en": "Hải Phòng", "places": ((106.6, 20.88), (106.66, 20.95), (106.9, 20.76))},
)
"""Names of the city's neighbours on land, and where they may stand on a printed map (WGS 84), the best first."""

NIGHT: Final = {
    colour: _lighter(colour)
    for colour in (
        ACCENT,
        EDGE,
        *AREA_COLOURS.values(),
        *COMPARED_COLOURS,
        *ZONE_COLOURS.values(),
        *MODE_COLOURS.values(),
        *(colour for colour, _ in MARKERS.values()),
    )
} | {
    INK: "#f1f4f7",
    LAND: "#25323c",
    NEIGHBOUR: "#1a242c",
    SEA: "#0f1b24",
    BORDER: "#55636e",
    COAST: "#3a4852",
    CITY: "#93a1ac",
    HALO: NIGHT_PAPER,
}
"""Every colour that is another one in a dim room: the hue stays, what was dark becomes light. Land use and plots keep
theirs, which are official or told by pattern."""

Shape = Literal["polygon", "line", "point"]


@dataclass(frozen=True)
class MapLayer:
    """One switch in the layer panel.

    Attributes:
        id: Name in the address (`layers=`) and in the browser.
        group: Panel group; order and opacity belong to the group.
        source: Catalogue id of the GeoJSON it is drawn from.
        shape: What its features are.
        where: Property to accepted values; empty means every feature.
        default: Shown when the address does not say otherwise.
        min_zoom: Below this zoom nothing is drawn (and nothing is fetched).
    """

    id: str
    group: str
    source: str
    shape: Shape
    where: dict[str, tuple[str, ...]] = field(default_factory=dict)
    default: bool = True
    min_zoom: int = 0


def _transport(layer_id: str, shape: Shape, *modes: str, default: bool = True) -> MapLayer:
    return MapLayer(layer_id, "transport", "transport", shape, {"mode": modes}, default)


def _logistics(layer_id: str, *kinds: str, default: bool = True) -> MapLayer:
    return MapLayer(layer_id, "logistics", "logistics", "point", {"kind": kinds}, default)


# From the bottom of the map to its top.
MAP_LAYERS: Final = (
    MapLayer("communes", "boundaries", "communes", "polygon"),
    MapLayer("areas", "boundaries", "areas", "polygon"),
    MapLayer("landuse", "landuse", "landuse", "polygon"),
    MapLayer("plots", "plots", "plots", "polygon", min_zoom=12),
    MapLayer("kkt", "zones", "zones", "polygon", {"kind": ("KKT",)}),
    MapLayer("kcn", "zones", "zones", "polygon", {"kind": ("KCN",)}),
    MapLayer("ccn", "zones", "zones", "polygon", {"kind": ("CCN",)}),
    _transport("provincial-road", "line", "provincial-road"),
    _transport("national-road", "line", "national-road"),
    _transport("coastal-road", "line", "coastal-road"),
    _transport("railway", "line", "railway"),
    _transport("high-speed-railway", "line", "high-speed-railway"),
    _transport("expressway", "line", "expressway"),
    _transport("bridge", "point", "bridge", default=False),
    _transport("airport", "point", "airport"),
    _logistics("border-gate", "border-gate", "border-crossing"),
    _logistics("port", "port"),
    _logistics("dry-port", "dry-port", "bonded-yard"),
    _logistics("logistics-centre", "logistics-centre"),
)
GROUPS: Final = ("boundaries", "landuse", "plots", "zones", "transport", "logistics")
STATUSES: Final = ("operating", "building", "planned")
PLOT_STATUSES: Final = (*PLOT_COLOURS, "none")
DEFAULT_LAYERS: Final = tuple(layer.id for layer in MAP_LAYERS if layer.default)
LAYER_BY_ID: Final = {layer.id: layer for layer in MAP_LAYERS}


def layer_name(layer_id: str, lang: str) -> str:
    """Return the name of a map layer as the panel and the legend print it."""
    _ = i18n.translator(lang)
    return {
        "communes": _("Wards and communes"),
        "areas": _("Four growth areas"),
        "landuse": _("Land use in plans"),
        "plots": _("Plots (demo, when zoomed in)"),
        "kkt": _("Economic zones (KKT)"),
        "kcn": _("Industrial parks (KCN)"),
        "ccn": _("Industrial clusters (CCN)"),
        "provincial-road": _("Provincial roads"),
        "national-road": _("National roads"),
        "coastal-road": _("Coastal roads"),
        "railway": _("Railways"),
        "high-speed-railway": _("High-speed railways"),
        "expressway": _("Expressways"),
        "bridge": _("Bridges"),
        "airport": _("Airports"),
        "border-gate": _("Border gates and crossings"),
        "port": _("Seaports"),
        "dry-port": _("Dry ports and bonded yards"),
        "logistics-centre": _("Logistics centres"),
    }[layer_id]


def group_name(group: str, lang: str) -> str:
    """Return the heading of a layer group."""
    _ = i18n.translator(lang)
    return {
        "boundaries": _("Boundaries"),
        "landuse": _("Land use"),
        "plots": _("Plots"),
        "zones": _("Zones"),
        "transport": _("Transport"),
        "logistics": _("Logistics"),
    }[group]


def kind_name(kind: str, lang: str) -> str:
    """Return the name of a zone kind (KKT, KCN, CCN) in the singular."""
    _ = i18n.translator(lang)
    return {"KKT": _("Economic zone"), "KCN": _("Industrial park"), "CCN": _("Industrial cluster")}[kind]


def mode_name(mode: str, lang: str) -> str:
    """Return the name of a transport mode or of a kind of logistics centre."""
    _ = i18n.translator(lang)
    return {
        "expressway": _("Expressway"),
        "national-road": _("National road"),
        "coastal-road": _("Coastal road"),
        "provincial-road": _("Provincial road"),
        "railway": _("Railway"),
        "high-speed-railway": _("High-speed railway"),
        "bridge": _("Bridge"),
        "airport": _("Airport"),
        "airport-cargo": _("Airport"),
        "border-gate": _("Border gate"),
        "border-crossing": _("Border crossing"),
        "port": _("Port"),
        "dry-port": _("Dry port"),
        "bonded-yard": _("Bonded yard"),
        "logistics-centre": _("Logistics centre"),
    }[mode]


def status_name(status: str | None, lang: str) -> str:
    """Return the name of a status of a zone, a link, a centre or a project."""
    _ = i18n.translator(lang)
    return {
        "operating": _("Operating"),
        "building": _("Under construction"),
        "planned": _("Planned"),
        "proposed": _("Proposed"),
    }.get(status or "", i18n.missing(lang))


def plot_status_name(status: str | None, lang: str) -> str:
    """Return the name of a plot's status; a plot whose park publishes no occupancy has none."""
    _ = i18n.translator(lang)
    return {
        "leased": _("Leased"),
        "building": _("Being built on"),
        "vacant": _("Vacant"),
        "reserved": _("Reserved"),
    }.get(status or "", _("No status"))


def quality_name(quality: str, lang: str, shape: Shape = "polygon") -> str:
    """Return what the quality of a geometry means, in a few words: a line has a course and a point a place, no area."""
    _ = i18n.translator(lang)
    told = {
        "line": {
            "official": _("official course"),
            "approximate": _("approximate: about the right course"),
            "schematic": _("schematic: joins the right places, course simplified"),
        },
        "point": {
            "official": _("official position"),
            "approximate": _("approximate position"),
            "schematic": _("schematic: right neighbourhood, position assumed"),
        },
    }.get(shape, {})
    return (
        told.get(quality)
        or {
            "official": _("official boundary"),
            "digitised": _("digitised from a plan"),
            "approximate": _("approximate: right place, about the right shape"),
            "schematic": _("schematic: right area and neighbourhood, invented shape"),
            "demo": _("demo: invented"),
        }[quality]
    )
