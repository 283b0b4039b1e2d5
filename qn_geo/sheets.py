"""Sheets: what is known about a figure, a zone or a place, as HTML in which every text from data is escaped.

The templates run in an environment that escapes by itself; nothing is ever marked as safe. Definitions, sources and
contradicting figures open with the browser's own `<details>`, so reading them costs no rerun and works offline.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import escape as _escape

from qn_geo import crs, figures, i18n, landuse, layers, schema, style

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from jinja2 import Template

    from qn_geo.charts import Chart
    from qn_geo.compare import Row
    from qn_geo.figures import Figure
    from qn_geo.identify import Place

_MOST_OTHERS = 6
_ONE_LINE = 20  # characters: a cell no longer than this is not broken over lines


@lru_cache(maxsize=len(i18n.LANGUAGES))
def _environment(lang: str) -> Environment:
    """Return the templates' environment; one a language, because a template keeps the globals it is loaded with."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {
        "_": i18n.translator(lang),
        "missing": i18n.missing(lang),
        "date": lambda text: i18n.iso_date(text, None, lang),
    }
    return environment


def template(name: str, lang: str) -> Template:
    """Return a template in one language; whatever it is given comes out escaped."""
    return _environment(lang).get_template(f"{name}.html.j2")


def escape(text: str) -> str:
    """Return text as HTML that shows just this text."""
    return str(_escape(text))


def documents(source_ids: str) -> list[dict[str, Any]]:
    """Return title, publisher, date, reliability and a harmless address of each document in a `;` list."""
    found = []
    for source_id in schema.listed(source_ids):
        row = figures.source(source_id)
        address = str(row.get("url") or "")
        found.append(
            {
                "title": str(row.get("title") or source_id),
                "publisher": str(row.get("publisher") or ""),
                "date": str(row.get("date") or ""),
                "weak": str(row.get("tier") or "") in {"weak", "own"},
                # Data may come from anyone: only web addresses become links.
                "url": address if urlsplit(address).scheme in {"http", "https"} else "",
            }
        )
    return found


def explained(figure: Figure, lang: str, *, others: bool = True) -> dict[str, Any]:
    """Return everything behind a figure in words, with the claims beside it unless told otherwise."""
    beside = figures.alternatives(figure)[:_MOST_OTHERS] if others else []
    return figures.explain(figure, lang) | {
        "sources": documents(figure.source_id),
        "others": [explained(other, lang, others=False) for other in beside],
    }


def zone(zone_id: str, year: int, lang: str) -> str:
    """Return the sheet of one zone: legal basis, areas, developer, orientation, gaps and sources."""
    row = figures.book().zones[zone_id]
    areas = []
    for column in figures.AREAS:
        found = figures.attribute(zone_id, column)
        if found or column == "area_ha":
            told = explained(found, lang, others=False) if found else None
            areas.append({"label": figures.measure_name(column, lang), "figure": told})
    directions = layers.table("orientations").query("zone_id == @zone_id") if layers.available("orientations") else None
    lines = (
        []
        if directions is None
        else [
            {"text": i18n.text(line, "statement", lang), "horizon": line["horizon"]}
            for line in directions.to_dict("records")
        ]
    )
    direction_sources = "" if directions is None or directions.empty else str(directions.iloc[0]["source_id"])
    ancestors = reversed(figures.ancestors(zone_id))
    return template("zone", lang).render(
        zone_id=zone_id,
        developer=i18n.dated(str(row["developer"] or ""), lang),
        kind=style.kind_name(str(row["kind"]), lang),
        colour=style.ZONE_COLOURS[str(row["kind"])],
        status=style.status_name(str(row["status"] or ""), lang),
        quality=_zone_quality(zone_id, lang),
        lineage=" › ".join(figures.zone_name(parent, lang) for parent in ancestors),
        areas=areas,
        legal_basis=i18n.text(row, "legal_basis", lang),
        established=i18n.iso_date(row["established"], None, lang) if row["established"] else "",
        extent=i18n.text(row, "extent", lang),
        orientations=lines,
        orientation_source=documents(direction_sources)[0] if direction_sources else None,
        missing_measures=[figures.measure_name(measure, lang) for measure in figures.missing(zone_id, year)],
        note=figures.readable(i18n.text(row, "note", lang)),
        sources=documents(str(row["source_id"])),
    )


def _zone_quality(zone_id: str, lang: str) -> str:
    if not layers.available("zones"):
        return ""
    frame = layers.layer("zones")
    found = frame.loc[frame["zone_id"] == zone_id, "quality"]
    return "" if found.empty else style.quality_name(str(found.iloc[0]), lang)


def place(found: Place, lon: float, lat: float, lang: str, chosen: str | None = None) -> str:
    """Return everything at a point: commune, zones, land use, plot, and links and centres within 1 km.

    What is chosen there, as `kind:id`, has its own sheet and is no neighbour of itself.
    """
    north, east = crs.to_vn2000(lon, lat)
    near = [_near(row, metres, lang) for row, metres in _neighbours(found, chosen)]
    rows = [row for row in (found.commune, found.plot) if row]
    rows += [*found.zones, *found.landuse, *(row for row, _metres in (*found.links, *found.centres))]
    ids = schema.listed(*(row.get("source_id") for row in rows))
    return template("place", lang).render(
        lat=i18n.number(lat, lang, 5),
        lon=i18n.number(lon, lang, 5),
        north=i18n.number(north, lang, 1),
        east=i18n.number(east, lang, 1),
        commune=i18n.name(found.commune, lang) if found.commune else "",
        zones=[
            {
                "kind": row["kind"],
                "name": i18n.name(row, lang),
                "quality": style.quality_name(row["quality"], lang).split(":")[0],
            }
            for row in found.zones
        ],
        landuse=[_use(row, lang) for row in found.landuse],
        plot=_plot(found.plot, lang) if found.plot else None,
        near=near,
        unavailable=[error.message(lang) for error in found.unavailable],
        sources=documents(";".join(ids)),
    )


def _neighbours(found: Place, chosen: str | None) -> Iterator[tuple[Mapping[str, Any], float]]:
    """Yield links and centres once each: gates, ports and airports stand in both tables, under one id or one name."""
    seen = {(chosen or "").partition(":")[2]}
    for row, metres in (*found.links, *found.centres):
        names = {str(row.get("link_id") or row.get("centre_id")), str(row["name_vi"])}
        if not names & seen:
            yield row, metres
        seen |= names


def _near(row: Mapping[str, Any], metres: float, lang: str) -> dict[str, str]:
    return {
        "kind": style.mode_name(str(row.get("mode") or row.get("kind")), lang),
        "name": i18n.name(row, lang),
        "status": style.status_name(row.get("status"), lang),
        "distance": i18n.length(metres, lang),
        "accuracy": i18n.length(row.get("location_accuracy_m"), lang),
    }


def _use(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {
        "horizon": row["horizon"],
        "code": row["use_code"] or "",
        "name": i18n.text(row, "use_name", lang),
        "area": i18n.quantity(row["area_ha"], "ha", lang),
        "colour": landuse.colour(str(row["use_code"] or "")),
        "quality": style.quality_name(row["quality"], lang).split(":")[0],
    }


def _plot(row: Mapping[str, Any], lang: str) -> dict[str, Any]:
    return {
        "plot_id": row["plot_id"],
        "sheet": row["sheet"],
        "parcel": row["parcel"],
        "area": i18n.area(row["area_m2"], lang),
        "use": f"{row['use_code']} {landuse.name(str(row['use_code']), lang)}",
        "status": style.plot_status_name(row.get("status"), lang),
        "sector": figures.sector_name(str(row["sector"]), lang) if row.get("sector") else "",
    }


def comparison(rows: Iterable[Row], zone_ids: Iterable[str], lang: str) -> str:
    """Return zones side by side: what at least two of them publish first, each value opening its definition."""
    zones = list(zone_ids)
    shown = [
        {
            "label": row.label,
            "shared": row.shared,
            "cells": [
                {
                    "text": row.texts[zone_id],
                    "figure": explained(found, lang, others=False) if (found := row.values[zone_id]) else None,
                }
                for zone_id in zones
            ],
        }
        for row in rows
    ]
    names = [figures.short_name(zone_id, lang) for zone_id in zones]
    return template("comparison", lang).render(rows=shown, names=names)


def table(
    heads: Iterable[tuple[str, str]], rows: Iterable[tuple[str, Iterable[Any]]], lang: str, *, filter_label: str = ""
) -> str:
    """Return a table that the map's frame sorts, filters and listens to.

    Args:
        heads: Name of each column and how it sorts, "text" or "number"; empty where the page sorts.
        rows: The zone, or other thing as `kind:id`, a row chooses (empty for none), and its cells: a text, or a number
            to sort by with its text.
        lang: "vi" or "en".
        filter_label: Words in the search box over the table; no box when empty.
    """
    shown = [
        {
            "choose": choose,
            "cells": [
                {"kind": "num", "value": "" if cell[0] is None else cell[0], "text": cell[1]}
                if isinstance(cell, tuple)
                else _text_cell("" if i18n.is_missing(cell) else str(cell))
                for cell in cells
            ],
        }
        for choose, cells in rows
    ]
    columns = [{"name": name, "sort": sort} for name, sort in heads]
    return template("table", lang).render(heads=columns, rows=shown, filter=filter_label)


def _text_cell(text: str) -> dict[str, Any]:
    return {"kind": "short" if len(text) <= _ONE_LINE else "", "value": None, "text": text}


def under_chart(chart: Chart, lang: str) -> str:
    """Return what stands under a chart: its caution, its documents and its table twin."""
    rows = [[_cell(value, lang) for value in row] for row in chart.table.itertuples(index=False)]
    return (
        template("under_chart", lang)
        .render(note=chart.note, sources=documents(";".join(chart.sources)), heads=list(chart.table.columns), rows=rows)
        .strip()
    )


def _cell(value: Any, lang: str) -> str:
    if i18n.is_missing(value):
        return ""
    return i18n.number(value, lang) if isinstance(value, int | float) else str(value)


def source_line(source_ids: Iterable[str], lang: str) -> str:
    """Return the documents behind a chart or table: publishers in one line, titles on opening."""
    return template("sources", lang).render(sources=documents(";".join(source_ids)))
