"""Words for figures: what a measure, a class, a basis and a zone are called, and everything behind one figure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from qn_geo import i18n
from qn_geo.figures.claims import Figure, book
from qn_geo.schema import ALL_PARKS, ALL_ZONES, CITY, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

_SOURCE_ID = re.compile(r"\b(?:[a-z]{1,2}\d{1,3}|R\d{2}|pv-geo\d|natural-earth)\b")

SHORT = {
    "vi": (
        ("Khu kinh tế cửa khẩu", "KKT"),
        ("Khu kinh tế ven biển", "KKT"),
        ("Khu kinh tế", "KKT"),
        ("Khu công nghiệp - dịch vụ", "KCN"),
        ("Khu công nghiệp -", "KCN"),
        ("Khu công nghiệp", "KCN"),
        ("Cụm công nghiệp", "CCN"),
    ),
    "en": (
        ("Border Gate Economic Zone", "EZ"),
        ("Coastal Economic Zone", "EZ"),
        ("Economic Zone", "EZ"),
        ("Service Industrial Park", "IP"),
        ("Industrial Park", "IP"),
        ("Industrial Cluster", "IC"),
    ),
}

# Units that only repeat what the name of a measure says is counted ("FDI projects: 139 projects").
_NAMED_BY_MEASURE = frozenset(
    {
        "berths",
        "clusters",
        "cooperatives",
        "enterprises",
        "investors",
        "jobs",
        "parks",
        "plans",
        "ports",
        "projects",
        "tenants",
        "units",
        "vehicles",
        "workers",
        "zones",
    }
)
_CURRENCY = re.compile(r" \((?:USD|VND)\)$")


def source(source_id: str) -> Mapping[str, str]:
    """Row of `sources.csv`; of several ids joined by ";" the first. Empty when the id is unknown."""
    return book().source(source_id)


def readable(note: str) -> str:
    """A note as a reader needs it: ids of sources, by which the tables refer to each other, become their publishers."""

    def publisher(match: re.Match[str]) -> str:
        row = book().sources.get(match[0])
        name = (row["publisher"] or row["title"]) if row else match[0]
        return str(name).partition(" (")[0].strip("()")  # the id mostly stands in brackets itself

    return _SOURCE_ID.sub(publisher, note)


def source_ids(figures: list[Figure]) -> list[str]:
    """Every document behind these figures, each once, in the order of the figures."""
    return listed(*(figure.source_id for figure in figures))


def value_text(figure: Figure, lang: str, *, compact: bool = False) -> str:
    """Value with its unit, both ends where the source gives a range; `compact` shortens large money for headlines."""
    return i18n.quantity(figure.value, figure.unit, lang, figure.value_max, compact=compact)


def bare_text(figure: Figure, lang: str, *, compact: bool = False, beside: float = 0) -> str:
    """Value to stand beside the name of its measure: of a count only the number, for the name says what is counted.

    Args:
        figure: The figure.
        lang: `vi` or `en`.
        compact: Shorten large money.
        beside: Largest number of the same chart, so that all its texts have one unit.
    """
    if figure.unit not in _NAMED_BY_MEASURE:
        return i18n.quantity(figure.value, figure.unit, lang, figure.value_max, compact=compact, beside=beside)
    ends = (figure.value, figure.value_max)
    return "–".join(dict.fromkeys(i18n.number(end, lang) for end in ends if end is not None))


def period_text(figure: Figure, lang: str) -> str:
    """Period as a reader writes it: `12/10/2021`, `2020-2022` for a sum over years, or that the date is not known.

    What the table of zones states holds as long as the zone's legal documents do.
    """
    _ = i18n.translator(lang)
    if figure.figure_id.startswith("zone:"):
        return _("in force")
    return i18n.iso_date(figure.period, figure.precision, lang, figure.period_start)


def class_name(klass: str, lang: str) -> str:
    """What a class of figures is called."""
    _ = i18n.translator(lang)
    return {
        "official": _("official"),
        "reported": _("reported by the press"),
        "derived": _("derived by us"),
        "estimated": _("estimated"),
        "demo": _("demo"),
    }[klass]


def kind_name(kind: str, lang: str) -> str:
    """Whether a figure is a fact, a plan or a target, in words."""
    _ = i18n.translator(lang)
    return {"actual": _("actual"), "plan": _("plan"), "target": _("target")}[kind]


def basis_name(basis: str, lang: str) -> str:
    """What a rate is over, in words; empty for a measure that has only one basis."""
    _ = i18n.translator(lang)
    return {
        "leasable": _("over leasable land"),
        "industrial": _("over industrial land"),
        "whole": _("over the whole area"),
        "phase": _("over one phase only"),
        "cluster": _("over the clusters' land"),
        "equipped": _("over land already equipped"),
        "unstated": _("base not stated"),
        "": "",
    }[basis]


def measure_name(measure: str, lang: str) -> str:
    """Name of a measure: from `measures.csv`, or of the few made from zones and projects; else the id itself."""
    found = book().measures.get(measure)
    return _pick(found.name_vi, found.name_en, lang) if found else _own_measures(lang).get(measure, (measure, ""))[0]


def bare_name(measure: str, lang: str) -> str:
    """Name of a measure without a currency in brackets, to stand beside a value or a unit that tells it."""
    return _CURRENCY.sub("", measure_name(measure, lang))


def scope_name(measure: str, lang: str) -> str:
    """What a sum of capital or a number of projects takes in, in a word or two; empty for other measures."""
    _ = i18n.translator(lang)
    return {
        "investment_registered_usd_m": _("all"),
        "investment_registered_vnd_bn": _("all"),
        "fdi_registered_usd_m": "FDI",
        "domestic_registered_vnd_bn": _("domestic"),
        "projects_capital_usd_m": _("known"),
        "projects_capital_vnd_bn": _("known"),
        "projects_total": _("all"),
        "fdi_projects": "FDI",
        "secondary_projects": _("tenants"),
    }.get(measure, "")


def definition(measure: str, lang: str) -> str:
    """What a measure counts; empty for one that `measures.csv` lacks."""
    found = book().measures.get(measure)
    if found is None:
        return _own_measures(lang).get(measure, (measure, ""))[1]
    return _pick(found.definition_vi, found.definition_en, lang)


def _pick(vi: str, en: str, lang: str) -> str:
    return i18n.text({"text_vi": vi, "text_en": en}, "text", lang)


def _own_measures(lang: str) -> dict[str, tuple[str, str]]:
    """Name and definition of the measures that come from the tables of zones and projects."""
    _ = i18n.translator(lang)
    legal = _("As stated in the zone's legal documents.")
    summed = _("Sum over the projects we know of, never the whole; revoked and proposed projects are not counted.")
    return {
        "area_ha": (_("Area"), legal),
        "land_ha": (_("Land area"), legal),
        "sea_ha": (_("Sea area"), legal),
        "industrial_land_ha": (_("Industrial land"), legal),
        "projects_known": (_("Known projects"), summed),
        "projects_capital_usd_m": (_("Capital of known projects, USD"), summed),
        "projects_capital_vnd_bn": (_("Capital of known projects, VND"), summed),
    }


def sector_name(sector: str, lang: str) -> str:
    """Name of a sector of projects; the id itself where it has no name."""
    _ = i18n.translator(lang)
    row = book().sectors.get(sector)
    return i18n.name(row, lang) if row else sector or _("sector not stated")


def zone_name(zone_id: str, lang: str) -> str:
    """Full name of a zone, a group of zones, an area or the city."""
    zones, places = book().zones, _places(lang)
    return i18n.name(zones[zone_id], lang) if zone_id in zones else places.get(zone_id, zone_id)


def short_name(zone_id: str, lang: str) -> str:
    """Name for an axis or a label, as on the map: kind abbreviated, nothing in brackets (`KCN Sông Khoai`)."""
    return abbreviated(zone_name(zone_id, lang), lang)


def abbreviated(name: str, lang: str) -> str:
    """Shorten the full name of a zone, without looking at any data."""
    text = re.sub(r"\s*\(.*?\)", "", name)
    for long, short in SHORT["vi" if lang == "vi" else "en"]:
        text = text.replace(long, short)
    return text.strip()


def _places(lang: str) -> dict[str, str]:
    _ = i18n.translator(lang)
    return {
        CITY: _("Quảng Ninh"),
        ALL_ZONES: _("all economic zones and parks"),
        ALL_PARKS: _("all industrial parks"),
        "area-mong-cai": "Móng Cái",
        "area-van-don": "Vân Đồn",
        "area-quang-yen": "Quảng Yên",
        "area-hai-ha": "Hải Hà",
        "area-ha-long": "Hạ Long",
        "area-cam-pha": "Cẩm Phả",
        "area-lien-hoa": "Liên Hòa",
    }


def explain(figure: Figure, lang: str) -> dict[str, Any]:
    """Everything behind a figure, in words.

    Returns:
        `measure`, `zone`, `value`, `period`, `kind`, `class` (its id), `class_name`, `definition`, `basis`, `note`, and
        the document: `source_id`, `document` (title), `publisher`, `date` (ISO), `url`; `sources` lists all documents
        as rows of `sources.csv` when a figure has several. Texts are not escaped for HTML.
    """
    document = source(figure.source_id)
    return {
        "figure_id": figure.figure_id,
        "measure": measure_name(figure.measure, lang),
        "zone": zone_name(figure.zone_id, lang),
        "value": bare_text(figure, lang),
        "period": period_text(figure, lang),
        "kind": kind_name(figure.kind, lang),
        "class": figure.klass,
        "class_name": class_name(figure.klass, lang),
        "definition": definition(figure.measure, lang),
        "basis": basis_name(figure.basis, lang),
        "note": _pick(figure.note_vi, figure.note_en, lang),
        "source_id": figure.source_id,
        "document": document.get("title", ""),
        "publisher": document.get("publisher", ""),
        "date": document.get("date", ""),
        "url": document.get("url", ""),
        "sources": [source(source_id) for source_id in source_ids([figure])],
    }
