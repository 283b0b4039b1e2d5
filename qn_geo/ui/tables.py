"""The tables under the map: zones, and projects. A click in a row chooses its zone."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from qn_geo import exports, figures, i18n, layers, sheets, state, style
from qn_geo.ui.shell import guarded

if TYPE_CHECKING:
    from collections.abc import Callable

_MEASURES = ("occupancy_pct", "fdi_registered_usd_m", "investment_registered_vnd_bn", "projects_total", "workers")


def zone_ids(area: str | None) -> tuple[str, ...]:
    """Return the zones of an area, or all of them: kinds from the largest to the smallest, then by name."""
    rows = figures.book().zones.values()
    kinds = list(style.ZONE_COLOURS)
    kept = [row for row in rows if area is None or row["area"] == area]
    return tuple(row["zone_id"] for row in sorted(kept, key=lambda row: (kinds.index(row["kind"]), row["zone_id"])))


def zones(view: state.View, zone_ids: tuple[str, ...]) -> None:
    """Draw the zones with their newest figures; the table twin of the map."""
    _ = i18n.translator(view.lang)
    with st.container(key="zones", gap="small"), guarded(view.lang):
        st.html(f'<h3 class="qn-title">{_("Zones")} ({len(zone_ids)})</h3>')
        frame = _zone_frame(figures.version(), zone_ids, view.year, view.lang).copy()
        frame.insert(0, "", ["●" if zone_id == view.zone else "" for zone_id in zone_ids])
        st.dataframe(
            frame,
            key="w-zones",
            hide_index=True,
            on_select=_row("w-zones", zone_ids),
            selection_mode=["single-row", "single-cell"],
            column_config=_columns(view.lang),
            height=min(320, 37 + 35 * len(zone_ids)),
            alt=_("Zones with area, occupancy, investment, projects and workers"),
        )


def _row(key: str, ids: tuple[str, ...]) -> Callable[[], None]:
    def choose() -> None:
        selection = st.session_state[key]["selection"]
        rows = list(selection["rows"]) or [cell[0] for cell in selection["cells"]]
        if rows and ids[rows[0]]:
            state.choose_zone(ids[rows[0]])

    return choose


@lru_cache(maxsize=64)
def _zone_frame(_version: tuple[str, ...], zone_ids: tuple[str, ...], year: int, lang: str) -> pd.DataFrame:
    _ = i18n.translator(lang)
    drawn = layers.layer("zones").set_index("zone_id")["quality"] if layers.available("zones") else {}
    rows = []
    for zone_id in zone_ids:
        zone = figures.book().zones[zone_id]
        best = {measure: figures.best(zone_id, measure, year) for measure in _MEASURES}
        row: dict[str, Any] = {
            _("Zone"): figures.short_name(zone_id, lang),
            _("Kind"): zone["kind"],
            _("Status"): style.status_name(zone["status"], lang),
            "ha": zone["area_ha"],
        }
        for measure, figure in best.items():
            row[figures.measure_name(measure, lang)] = figure.value if figure else None
            if measure == "occupancy_pct":
                row[_("as of")] = figures.period_text(figure, lang) if figure else ""
        quality = drawn.get(zone_id)
        row[_("Shape on the map")] = style.quality_name(quality, lang).split(":")[0] if quality else _("not drawn")
        rows.append(row)
    return pd.DataFrame(rows)


def _columns(lang: str) -> dict[str, Any]:
    number = st.column_config.NumberColumn
    config: dict[str, Any] = {"": st.column_config.TextColumn(width=28), "ha": number(format="localized")}
    for measure in _MEASURES:
        unit = i18n.unit_name("pct" if measure.endswith("_pct") else figures.book().measures[measure].unit, lang)
        name = figures.measure_name(measure, lang)
        config[name] = number(f"{name} ({unit})" if unit not in name else name, format="localized")
    return config


def projects(view: state.View, place_id: str) -> None:
    """Draw the projects of a place with filters by sector and status; revoked and proposed ones are marked."""
    _ = i18n.translator(view.lang)
    with st.container(key="projects", gap="small"), guarded(view.lang):
        frame = figures.projects(place_id, view.year)
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.html(f'<h3 class="qn-title">{_("Projects")} ({len(frame)})</h3>')
            sector = _filter(
                _("Sector"), "w-sector", frame["sector"], lambda key: sheets.sector_name(key, view.lang), view.lang
            )
            status = _filter(
                _("Status"), "w-status", frame["status"], lambda key: style.status_name(key, view.lang), view.lang
            )
        if sector:
            frame = frame[frame["sector"] == sector]
        if status:
            frame = frame[frame["status"] == status]
        shown = project_frame(frame, view.lang)
        st.dataframe(
            shown,
            key="w-projects",
            hide_index=True,
            on_select=_row("w-projects", tuple(frame["zone_id"].fillna(""))),
            selection_mode=["single-row", "single-cell"],
            height=min(360, 37 + 35 * max(len(shown), 1)),
            alt=_("Investment projects with investor, sector, capital, year and status"),
        )
        ids = list(dict.fromkeys(part for text in frame["source_id"] for part in str(text).split(";")))
        st.html(sheets.source_line(ids, view.lang))
        st.download_button(
            _("Download this table (XLSX)"),
            data=lambda: exports.dataframe_bytes(shown, "xlsx", ids, _("Projects")),
            file_name=f"qn-geo-projects-{place_id}.xlsx",
            type="tertiary",
        )


def _filter(label: str, key: str, values: pd.Series[str], name: Callable[[str], str], lang: str) -> str | None:
    _ = i18n.translator(lang)
    options = sorted(values.dropna().unique(), key=name)
    chosen: str | None = st.selectbox(
        label, options, index=None, key=key, format_func=name, placeholder=_("all"), width=220
    )
    return chosen


def project_frame(frame: pd.DataFrame, lang: str) -> pd.DataFrame:
    """Return projects as readers see them; capital stays in the currency it was published in."""
    _ = i18n.translator(lang)
    rows = [
        {
            _("Project"): i18n.name(row, lang),
            _("Zone"): figures.short_name(row["zone_id"], lang) if not i18n.is_missing(row["zone_id"]) else "",
            _("Investor"): "" if i18n.is_missing(row["investor"]) else row["investor"],
            _("Sector"): sheets.sector_name(row["sector"], lang),
            _("million USD"): row["capital_usd_m"],
            _("billion VND"): row["capital_vnd_bn"],
            _("Year"): row["year"],
            "ha": row["area_ha"],
            _("Status"): style.status_name(None if i18n.is_missing(row["status"]) else row["status"], lang),
            _("Counted"): _("yes") if row["counted"] == "yes" else _("no"),
            _("Note"): i18n.text(row, "note", lang),
        }
        for row in frame.to_dict("records")
    ]
    return pd.DataFrame(rows)
