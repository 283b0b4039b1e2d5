"""The tables under the map: zones, the table twin of the map, and projects. A click in a row chooses its zone."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from qn_geo import exports, figures, i18n, layers, schema, search, sheets, style
from qn_geo.ui.shell import guarded

if TYPE_CHECKING:
    from collections.abc import Callable

    from qn_geo.state import View

Heads = list[tuple[str, str]]
Rows = list[tuple[str, list[Any]]]


def zones(view: View, ids: tuple[str, ...]) -> None:
    """Draw the zones with their newest figures."""
    _ = i18n.translator(view.lang)
    with st.container(key="zones", gap="small"), guarded(view.lang):
        heading(_("Zones"), len(ids))
        if view.area is None:
            st.html(f'<p class="qn-note">{sheets.escape(_counted(ids, view.lang))}</p>')
        drawn = layers.version("zones") if layers.available("zones") else ""
        heads, rows = _zone_rows((*figures.version(), drawn), ids, view.year, view.lang)
        st.html(sheets.table(heads, rows, view.lang, filter_label=_("Filter")))
        _download(lambda: _plain_frame(heads, rows), _sources(ids), _("Zones"), view.lang)


def _counted(ids: tuple[str, ...], lang: str) -> str:
    """Say what the table lists and why the numbers of zones on the cards are others."""
    _ = i18n.translator(lang)
    rows = [figures.book().zones[zone_id] for zone_id in ids]
    kinds = ", ".join(f"{sum(row['kind'] == kind for row in rows)} {kind}" for kind in style.ZONE_COLOURS)
    operating = sum(row["status"] == "operating" for row in rows)
    said = _(
        "Listed are {kinds} that a document names, {operating} of them operating, the others being built or planned; "
        "the cards above count those set up by their own date."
    )
    return said.format(kinds=kinds, operating=operating)


@lru_cache(maxsize=64)
def _zone_rows(_version: tuple[str, ...], ids: tuple[str, ...], year: int, lang: str) -> tuple[Heads, Rows]:
    _ = i18n.translator(lang)
    heads: Heads = [(_("Zone"), "text"), (_("Kind"), "text"), (_("Status"), "text"), (_("Area (ha)"), "number")]
    heads += [(name, "number") for name in _figure_heads(lang)]
    heads.append((_("Shape on the map"), "text"))
    drawn = layers.layer("zones").set_index("zone_id")["quality"] if layers.available("zones") else {}
    rows: Rows = []
    for zone_id in ids:
        zone = figures.book().zones[zone_id]
        quality = drawn.get(zone_id)
        cells: list[Any] = [
            figures.short_name(zone_id, lang),
            zone["kind"],
            style.status_name(zone["status"], lang),
            (zone["area_ha"], i18n.number(zone["area_ha"], lang) if zone["area_ha"] is not None else ""),
            *(_figure_cell(figure, lang) for figure in _zone_figures(zone_id, year)),
            style.quality_name(quality, lang).split(":")[0] if quality else _("not drawn"),
        ]
        rows.append((zone_id, cells))
    return heads, rows


def _plain_frame(heads: Heads, rows: Rows) -> pd.DataFrame:
    """Return a table's cells as a frame, numbers as numbers."""
    cells = [[cell[0] if isinstance(cell, tuple) else cell for cell in row] for _zone, row in rows]
    return pd.DataFrame(cells, columns=[name for name, _sort in heads])


def heading(text: str, count: int) -> None:
    """Draw the heading of a table with the number of its rows."""
    st.html(f'<h3 class="qn-title">{sheets.escape(text)} ({count})</h3>')


def _sources(ids: tuple[str, ...]) -> list[str]:
    zones = figures.book().zones
    return schema.listed(*(zones[zone_id]["source_id"] for zone_id in ids))


def _download(make: Callable[[], pd.DataFrame], ids: list[str], title: str, lang: str) -> None:
    """Offer a table as a file; it is made when somebody asks for it, not on every rerun."""
    _ = i18n.translator(lang)
    st.download_button(
        _("Download this table (XLSX)"),
        data=lambda: exports.dataframe_bytes(make(), "xlsx", ids, title),
        file_name=f"qn-geo-{search.fold(title).replace(' ', '-')}.xlsx",
        key=f"w-xlsx-{title}",
        icon=":material/download:",
        on_click="ignore",
    )


def _figure_heads(lang: str) -> list[str]:
    """Return the heads of what `_zone_figures` answers."""
    _ = i18n.translator(lang)
    return [
        _("Occupancy (%)"),
        _("Registered capital (USD million)"),
        _("Registered capital (VND billion)"),
        _("Projects"),
        _("Workers"),
    ]


def _zone_figures(zone_id: str, year: int) -> list[figures.Figure | None]:
    """Return the same figures of a zone as its cards and charts show; each says what it takes in."""
    return [
        figures.best(zone_id, "occupancy_pct", year),
        figures.registered(zone_id, "usd", year),
        figures.registered(zone_id, "vnd", year),
        figures.project_count(zone_id, year),
        figures.best(zone_id, "workers", year),
    ]


def _figure_cell(figure: figures.Figure | None, lang: str) -> tuple[float | None, str]:
    if figure is None:
        return None, ""
    scope = figures.scope_name(figure.measure, lang) or figures.basis_name(figure.basis, lang)
    told = ", ".join(filter(None, [figures.period_text(figure, lang), scope]))
    return figure.value, f"{i18n.number(figure.value, lang)} ({told})"


def projects(view: View, place_id: str) -> None:
    """Draw the projects of a place; revoked and merely proposed ones are listed but not counted."""
    _ = i18n.translator(view.lang)
    with st.container(key="projects", gap="small"), guarded(view.lang):
        frame = figures.projects(place_id, view.year)
        heading(_("Projects"), len(frame))
        st.html(_project_table(figures.version(), place_id, view.year, view.lang))
        ids = schema.listed(*frame["source_id"])
        if below := sheets.source_line(ids, view.lang).strip():
            st.html(below)
        _download(lambda: _project_frame(frame, view.lang), ids, _("Projects"), view.lang)


@lru_cache(maxsize=64)
def _project_table(_version: tuple[str, ...], place_id: str, year: int, lang: str) -> str:
    _ = i18n.translator(lang)
    frame = figures.projects(place_id, year)
    table = _project_frame(frame, lang)
    numbers = {_("million USD"), _("billion VND"), "ha"}
    heads = [(name, "number" if name in numbers or name == _("Year") else "text") for name in table.columns]
    rows = []
    for project_id, values in zip(frame["project_id"], table.itertuples(index=False), strict=True):
        cells = [
            _number_cell(value, lang, plain=name == _("Year")) if sort == "number" else value
            for (name, sort), value in zip(heads, values, strict=True)
        ]
        rows.append((f"project:{project_id}", cells))
    return sheets.table(heads, rows, lang, filter_label=_("Filter by sector, status, investor …"))


def _number_cell(value: Any, lang: str, *, plain: bool) -> tuple[float | None, str]:
    """Return a number to sort by and its text; a year is written without separators."""
    if i18n.is_missing(value):
        return None, ""
    return float(value), str(int(value)) if plain else i18n.number(value, lang)


def _project_frame(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return projects as readers see them; capital stays in the currency it was published in."""
    _ = i18n.translator(lang)
    known, rows = figures.book().zones, frame.to_dict("records")
    return pd.DataFrame(
        {
            _("Project"): [i18n.name(row, lang) for row in rows],
            _("Zone"): [figures.short_name(row["zone_id"], lang) if row["zone_id"] in known else "" for row in rows],
            _("Investor"): frame["investor"],
            _("Sector"): [figures.sector_name(_text(row["sector"]), lang) for row in rows],
            _("million USD"): frame["capital_usd_m"],
            _("billion VND"): frame["capital_vnd_bn"],
            _("Year"): frame["year"],
            "ha": frame["area_ha"],
            _("Status"): [style.status_name(_text(row["status"]), lang) for row in rows],
            _("Counted"): [_("yes") if row["counted"] == "yes" else _("no") for row in rows],
            _("Note"): [figures.readable(i18n.text(row, "note", lang)) for row in rows],
        },
        index=frame.index,
    )


def _text(value: Any) -> str:
    return "" if i18n.is_missing(value) else str(value)
