"""Sheets of what is neither a zone nor a plot: a transport link, a logistics centre, a commune, a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from qn_geo import catalog, figures, i18n, layers, sheets, style

if TYPE_CHECKING:
    from collections.abc import Mapping

_TABLES: Final = {
    "link": ("transport", "link_id"),
    "centre": ("logistics", "centre_id"),
    "project": ("projects", "project_id"),
}
_LAYERS: Final = {"commune": ("communes", "code"), "area": ("areas", "area_id")}

Facts = list[tuple[str, str]]


def row(pick: str) -> Mapping[str, Any] | None:
    """Return the row of a chosen thing, given as `kind:id`; None when there is none.

    Raises:
        DataFileError: The table or layer that holds it is missing or damaged.
    """
    kind, _colon, key = pick.partition(":")
    if kind in _TABLES:
        stem, column = _TABLES[kind]
        frame = layers.table(stem)
    elif kind in _LAYERS:
        stem, column = _LAYERS[kind]
        frame = layers.layer(stem).drop(columns="geometry")
    else:
        return None
    found = frame.loc[frame[column] == key]
    return None if found.empty else {str(name): _plain(value) for name, value in found.iloc[0].items()}


def _plain(value: Any) -> Any:
    return None if i18n.is_missing(value) else value


def zone_of(pick: str | None) -> str | None:
    """Return the zone a chosen project lies in, so that the map can outline it; None for anything else."""
    if not pick or not pick.startswith("project:") or not layers.available("projects"):
        return None
    found = row(pick)
    return found["zone_id"] if found else None


def name(pick: str, lang: str) -> str:
    """Return the name of a chosen thing, empty when it is not known."""
    found = row(pick)
    return i18n.name(found, lang) if found else ""


def sheet(pick: str, lang: str) -> str:
    """Return the sheet of a chosen thing as HTML, empty when it is not known."""
    found = row(pick)
    if found is None:
        return ""
    kind = pick.partition(":")[0]
    title, facts = {"link": _link, "centre": _centre, "project": _project, "commune": _place, "area": _place}[kind](
        found, lang
    )
    return sheets.template("thing", lang).render(
        kind=title,
        status=style.status_name(found["status"], lang) if found.get("status") else "",
        facts=facts,
        note=figures.readable(i18n.text(found, "note", lang)),
        sources=sheets.documents(found.get("source_id") or _of_layer(kind)),
    )


def _of_layer(kind: str) -> str:
    """Sources of a whole layer, for rows that name none of their own."""
    known = catalog.records().get(_LAYERS[kind][0]) if kind in _LAYERS else None
    return ";".join(known.sources) if known else ""


def _link(found: Mapping[str, Any], lang: str) -> tuple[str, Facts]:
    _ = i18n.translator(lang)
    length = found["length_km"]
    opened = found["opened"]
    return style.mode_name(found["mode"], lang), [
        (_("Length"), i18n.quantity(length, "km", lang) if length is not None else ""),
        (_("Lanes"), i18n.number(found["lanes"], lang) if found["lanes"] is not None else ""),
        (_("Opened"), i18n.iso_date(opened, None, lang) if opened else ""),
        (_("Course"), found["from_to"] or ""),
        (_("Drawn to within"), i18n.length(found["location_accuracy_m"], lang)),
    ]


def _centre(found: Mapping[str, Any], lang: str) -> tuple[str, Facts]:
    _ = i18n.translator(lang)
    zone = found["zone_id"]
    return style.mode_name(found["kind"], lang), [
        (_("Zone"), figures.zone_name(zone, lang) if zone else ""),
        (_("Area"), i18n.quantity(found["area_ha"], "ha", lang) if found["area_ha"] is not None else ""),
        (_("Capacity"), i18n.text(found, "capacity", lang)),
        (_("Drawn to within"), i18n.length(found["location_accuracy_m"], lang) if found["lon"] is not None else ""),
    ]


def _project(found: Mapping[str, Any], lang: str) -> tuple[str, Facts]:
    _ = i18n.translator(lang)
    zone = found["zone_id"]
    placed = zone_of(f"project:{found['project_id']}") in set(layers.layer("zones")["zone_id"])
    capital = [
        i18n.quantity(found[column], unit, lang)
        for column, unit in (("capital_usd_m", "usd_m"), ("capital_vnd_bn", "vnd_bn"))
        if found[column] is not None
    ]
    return _("Project"), [
        (_("Zone"), figures.zone_name(zone, lang) if zone else ""),
        *([] if placed else [(_("Location"), _("not published: the map can show only the zone or area round it"))]),
        (_("Investor"), found["investor"] or ""),
        (_("Sector"), figures.sector_name(found["sector"] or "", lang)),
        (_("Capital as published"), " · ".join(capital)),
        (_("Year"), str(int(found["year"])) if found["year"] is not None else ""),
        (_("Area"), i18n.quantity(found["area_ha"], "ha", lang) if found["area_ha"] is not None else ""),
        (_("Counted in sums"), _("yes") if found["counted"] == "yes" else _("no")),
    ]


def _place(found: Mapping[str, Any], lang: str) -> tuple[str, Facts]:
    _ = i18n.translator(lang)
    facts = [(_("Published area"), i18n.quantity(found["area_km2"], "km2", lang))]
    if "code" in found:
        former = layers.table("former_units").query("code == @found['code']")
        names = ", ".join(f"{row['former_kind']} {row['former_name']}" for row in former.to_dict("records"))
        facts += [(_("Unit code"), found["code"]), *([(_("Merged from"), names)] if names else [])]
    return _("Commune") if "code" in found else _("Growth area"), facts
