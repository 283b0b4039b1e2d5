"""Everything that has a name, folded and ready to be compared with what somebody types."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from qn_geo import i18n, layers, style
from qn_geo.errors import DataFileError
from qn_geo.search.text import canonical, fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Bounds = tuple[float, float, float, float]

# Layers and tables the index is made from; a change in any of them makes a new index.
SOURCES: Final = (
    "communes",
    "former_units",
    "areas",
    "zones-table",
    "zones",
    "projects",
    "transport",
    "logistics-table",
)
# Leading words of a name that say what kind of thing it is, in canonical form; the longer ones first.
_KIND_WORDS: Final = ("kkt cua khau", "kkt ven bien", "kkt", "kcn", "ccn", "phuong", "thi tran", "xa", "dac khu")


@dataclass(frozen=True)
class Place:
    """Where something lies: a point in it and its bounds, WGS 84 degrees."""

    lon: float
    lat: float
    bbox: Bounds


@dataclass(frozen=True)
class Entry:
    """One thing that can be found; titles and subtitles by language, keys folded, and the zone it is or lies in."""

    kind: str
    id: str
    titles: dict[str, str]
    subtitles: dict[str, str]
    keys: tuple[str, ...]
    place: Place | None
    zone_id: str | None = None


@dataclass(frozen=True)
class Index:
    """Entries and a flat list of their keys; `owners[i]` is the entry of `keys[i]`."""

    entries: tuple[Entry, ...]
    keys: tuple[str, ...]
    owners: tuple[int, ...]


def index() -> Index:
    """Return the index over the present state of the data. A missing or damaged file only takes its own rows away."""
    return _index(tuple(_version(source) for source in SOURCES))


@lru_cache(maxsize=2)
def _index(versions: tuple[str | None, ...]) -> Index:
    """Build the index; `versions` is the cache key."""
    del versions
    makers = (_communes, _former_units, _areas, _zones, _projects, _links, _centres)
    entries = tuple(entry for maker in makers for entry in _readable(maker))
    pairs = [(key, i) for i, entry in enumerate(entries) for key in entry.keys]
    return Index(entries, tuple(key for key, _ in pairs), tuple(i for _, i in pairs))


def _readable(maker: Callable[[], Iterator[Entry]]) -> list[Entry]:
    try:
        return list(maker())
    except DataFileError:
        return []


def _version(source: str) -> str | None:
    try:
        return layers.version(source)
    except DataFileError:
        return None


def _communes() -> Iterator[Entry]:
    for row in _features("communes"):
        subtitles = _both(lambda _, __: _("Commune-level unit"))
        yield Entry("commune", row["code"], _names(row), subtitles, _keys(row["name_vi"], row["name_en"]), _place(row))


def _former_units() -> Iterator[Entry]:
    now = {row["code"]: row for row in _features("communes")}
    for row in _rows(layers.table("former_units")):
        # A unit that kept its name is found under that name as it is today.
        if row["code"] in now and f"{row['former_kind']} {row['former_name']}" != now[row["code"]]["name_vi"]:
            yield _former_unit(row, now[row["code"]])


def _former_unit(row: dict[str, Any], present: dict[str, Any]) -> Entry:
    title = f"{row['former_kind']} {row['former_name']}"
    district = row["former_district"]
    subtitles = _both(
        lambda _, lang: _("former unit of {district}, now {name}").format(
            district=district, name=i18n.name(present, lang)
        )
    )
    titles = dict.fromkeys(i18n.LANGUAGES, title)
    return Entry("former", row["code"], titles, subtitles, _keys(title, row["former_name"]), _place(present))


def _areas() -> Iterator[Entry]:
    for row in _features("areas"):
        subtitles = _both(lambda _, __: _("Area: former district"))
        keys = _keys(row["name_vi"], row["name_en"], *_districts(row["name_vi"]))
        yield Entry("area", row["area_id"], _names(row), subtitles, keys, _place(row))


def _districts(name: str) -> list[str]:
    """Return what the former district of this name was called in full ("Thị xã Quảng Yên"), as the units tell it."""
    if not layers.available("former_units"):
        return []
    known = layers.table("former_units")["former_district"].unique().tolist()
    return [district for district in known if district.endswith(f" {name}")]


def zone_places() -> dict[str, Place | None]:
    """Return where each zone lies: its shape where it has one, else its published coordinate, else None."""
    places = {row["zone_id"]: _published(row) for row in _rows(layers.table("zones"))}
    # Without the shapes the coordinates still lead there.
    with suppress(DataFileError):
        places |= {row["zone_id"]: _place(row) for row in _features("zones")}
    return places


def _zones() -> Iterator[Entry]:
    places = zone_places()
    for row in _rows(layers.table("zones")):
        subtitles = _described(style.kind_name, row["kind"], row["status"])
        keys = _keys(row["name_vi"], row["name_en"], row["zone_id"].replace("-", " "))
        zone_id = row["zone_id"]
        yield Entry("zone", zone_id, _names(row), subtitles, keys, places.get(zone_id), zone_id)


def _projects() -> Iterator[Entry]:
    zones = {row["zone_id"]: row for row in _rows(layers.table("zones"))}
    places = _whereabouts(zones)
    for row in _rows(layers.table("projects")):
        investor = "" if i18n.is_missing(row["investor"]) else str(row["investor"])
        subtitles = _project_subtitles(zones.get(row["zone_id"]), investor)
        keys = _keys(row["name_vi"], row["name_en"], investor)
        zone_id = row["zone_id"] if row["zone_id"] in zones else None
        yield Entry("project", row["project_id"], _names(row), subtitles, keys, places.get(row["zone_id"]), zone_id)


def _whereabouts(zones: dict[str, dict[str, Any]]) -> dict[str, Place | None]:
    """Return where to look for what lies in each zone or area: the zone, else the nearest one round it."""
    places = zone_places()
    for zone_id, row in zones.items():
        above: dict[str, Any] | None = row
        while above and not places[zone_id]:
            places[zone_id] = places.get(above["zone_id"])
            above = zones.get(above["parent_id"])
    with suppress(DataFileError):
        places |= {f"area-{row['area_id']}": _place(row) for row in _features("areas")}
    return places


def _project_subtitles(zone: dict[str, Any] | None, investor: str) -> dict[str, str]:
    where = _both(lambda _, lang: i18n.name(zone, lang) if zone else _("Project outside the listed zones"))
    return {lang: f"{text} · {investor}" if investor else text for lang, text in where.items()}


def _links() -> Iterator[Entry]:
    for row in _features("transport"):
        subtitles = _described(style.mode_name, row["mode"], row["status"])
        yield Entry("link", row["link_id"], _names(row), subtitles, _keys(row["name_vi"], row["name_en"]), _place(row))


def _centres() -> Iterator[Entry]:
    for row in _rows(layers.table("logistics")):
        subtitles = _described(style.mode_name, row["kind"], row["status"])
        keys = _keys(row["name_vi"], row["name_en"])
        yield Entry("centre", row["centre_id"], _names(row), subtitles, keys, _published(row))


def _both(make: Callable[[Callable[[str], str], str], str]) -> dict[str, str]:
    """Return a text in every language; `make` gets the language's translator and its code."""
    return {lang: make(i18n.translator(lang), lang) for lang in i18n.LANGUAGES}


def _described(naming: Callable[[str, str], str], kind: str, status: str | None) -> dict[str, str]:
    """Return "kind · status" in every language."""
    status = None if i18n.is_missing(status) else status
    return _both(lambda _, lang: f"{naming(kind, lang)} · {style.status_name(status, lang)}")


def _features(layer_id: str) -> list[dict[str, Any]]:
    """Return the rows of a layer with their geometry under "geometry"."""
    return _rows(layers.layer(layer_id))


def _rows(frame: Any) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = frame.to_dict("records")
    return rows


def _names(row: dict[str, Any]) -> dict[str, str]:
    return {lang: i18n.name(row, lang) for lang in i18n.LANGUAGES}


def _keys(*texts: Any) -> tuple[str, ...]:
    """Return canonical forms: of each text, of what stands before its brackets, and of that without its kind."""
    keys: list[str] = []
    for text in texts:
        if i18n.is_missing(text):
            continue
        whole, main = canonical(fold(text)), canonical(fold(str(text).partition("(")[0]))
        kind = next((word for word in _KIND_WORDS if main.startswith(f"{word} ")), "")
        keys += [whole, main, main.removeprefix(kind).strip()]
    return tuple(dict.fromkeys(key for key in keys if key))


def _place(row: dict[str, Any]) -> Place:
    shape = row["geometry"]
    inside = shape.representative_point()
    return Place(inside.x, inside.y, shape.bounds)


def _published(row: dict[str, Any]) -> Place | None:
    """Return the coordinate in a table row, if it has one."""
    if i18n.is_missing(row["lon"]) or i18n.is_missing(row["lat"]):
        return None
    return around(float(row["lon"]), float(row["lat"]))


def around(lon: float, lat: float, margin: float = 0.005) -> Place:
    """Return a position with about half a kilometre around it, so that zooming to it shows its surroundings."""
    return Place(lon, lat, (lon - margin, lat - margin, lon + margin, lat + margin))
