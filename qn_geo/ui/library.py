"""The lists of the sources page: data files with their records, figures with their documents, documents."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

import pandas as pd
import streamlit as st

from qn_geo import catalog, exports, figures, i18n, layers, search, style
from qn_geo.ui.shell import plain


def files(lang: str) -> None:
    """List the data files; the chosen one opens with its record, columns and downloads."""
    _ = i18n.translator(lang)
    records = list(catalog.records().values())
    frame = pd.DataFrame(
        {
            _("File"): [record.file for record in records],
            _("Title"): [i18n.text(vars(record), "title", lang) for record in records],
            _("Rows"): [record.rows for record in records],
            _("Quality"): [_quality(record, lang) for record in records],
            "CRS": [record.crs or "" for record in records],
            _("Licence"): [licence_name(record.licence, lang) for record in records],
            _("Date"): [i18n.iso_date(record.date, None, lang) for record in records],
            _("Made by code"): [_("yes") if record.generated else _("no") for record in records],
        }
    )
    kept = _kept(frame, "w-find-file", lang)
    st.dataframe(
        frame.loc[kept].style.format({_("Rows"): partial(i18n.number, lang=lang)}),
        hide_index=True,
        height="content",
        column_config=_widths(frame, (185, 325, 75, 85, 90, 415, 95, 105)),
        alt=_("Data files with rows, quality, licence and date"),
    )
    shown = [records[index] for index in kept]
    if not shown:
        return
    record = st.selectbox(
        _("Open a file"),
        shown,
        format_func=lambda item: f"{item.file} · {i18n.text(vars(item), 'title', lang)}",
        key="w-file",
    )
    if record:
        _record(record, lang)


def _quality(record: catalog.Record, lang: str) -> str:
    """Return the quality of a file's shapes in a word; what it means is told where the file is opened."""
    return style.quality_name(record.quality, lang).split(":")[0] if record.quality else ""


def licence_name(licence: str, lang: str) -> str:
    """Return a licence in the reader's language; one that an authority brought in stands as it was written."""
    _ = i18n.translator(lang)
    return {
        "Public domain": _("Public domain"),
        "CC-BY-4.0": "CC BY 4.0",
        "Facts compiled from the named sources; our wording CC BY 4.0": _(
            "Facts compiled from the named sources; our wording CC BY 4.0"
        ),
        "MIT (underlying data: vietnamese-provinces-database, thanglequoc, MIT; our generalisation MIT)": _(
            "MIT (underlying data: vietnamese-provinces-database, thanglequoc, MIT; our generalisation MIT)"
        ),
    }.get(licence, licence)


def _widths(frame: pd.DataFrame, pixels: tuple[int, ...], **more: Any) -> dict[Any, Any]:
    """Return the columns' settings: their widths, so that what names a row is never cut, and `more` of some."""
    return {
        name: st.column_config.Column(width=width) for name, width in zip(frame.columns, pixels, strict=True)
    } | more


def _record(record: catalog.Record, lang: str) -> None:
    _ = i18n.translator(lang)
    st.markdown(plain(i18n.text(vars(record), "description", lang)))
    columns = [
        {_("Column"): c["name"], _("Type"): c["type"], _("Unit"): c.get("unit") or "", _("Meaning"): c[lang]}
        for c in record.columns
    ]
    table = pd.DataFrame(columns)
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        column_config=_widths(table, (150, 90, 90, 620)),
        alt=_("Columns of the file"),
    )
    facts = [style.quality_name(record.quality, lang)] if record.quality else []
    st.caption(plain(" · ".join([*facts, licence_name(record.licence, lang), f"SHA-256 {record.sha256}"])))
    formats = ("yaml",) if record.is_story else exports.LAYER_FORMATS if record.is_layer else exports.TABLE_FORMATS
    with st.container(key="downloads", horizontal=True):
        for fmt in formats:
            st.download_button(
                _("Download {format}").format(format=fmt.upper()),
                data=partial(_bytes, record, fmt),
                file_name=f"qn-geo-{record.id}.{'zip' if fmt == 'csv' else fmt}",
                key=f"w-download-{fmt}",
                on_click="ignore",
            )
    if not record.is_story:
        st.caption(_("Every download carries its record and its sources: as sheets, tables or files beside the data."))


def _bytes(record: catalog.Record, fmt: str) -> bytes:
    if record.is_story:
        return record.path.read_bytes()
    if record.is_layer:
        return exports.layer_bytes(record.id, fmt)
    return exports.table_bytes(record.stem, fmt)


def figure_list(lang: str) -> None:
    """List every figure with its document; the search goes over all columns."""
    _ = i18n.translator(lang)
    frame = _figures(figures.version(), lang)
    kept = _kept(frame, "w-find-figure", lang)
    st.caption(
        _("{count} of {all} figures").format(count=i18n.number(len(kept), lang), all=i18n.number(len(frame), lang))
    )
    st.dataframe(
        frame.loc[kept],
        hide_index=True,
        height=560,
        column_config=_widths(
            frame,
            (175, 320, 150, 95, 80, 120, 150, 320, 320, 180, 70, 60),
            **{_("Address"): st.column_config.LinkColumn(display_text=_("open"), width=70)},
        ),
        alt=_("Figures with zone, period, value, class and document"),
    )
    with st.expander(_("How the figure shown by default is chosen")):
        st.markdown(
            _(
                "Contradicting figures all stay. Shown first is, of the same zone, measure, kind and basis: the newest "
                "period up to the chosen year; then the stronger class (official, reported, derived, estimated); then "
                "the newer source. Rates over different bases are never mixed. The others are one click away."
            )
        )


@lru_cache(maxsize=4)
def _figures(_version: tuple[str, ...], lang: str) -> pd.DataFrame:
    _ = i18n.translator(lang)
    rows = []
    for figure in figures.book().figures.values():
        told = figures.explain(figure, lang)
        rows.append(
            {
                _("Zone"): figures.short_name(figure.zone_id, lang),
                _("Measure"): told["measure"],
                _("Value"): told["value"],
                _("Period"): told["period"],
                _("Kind"): told["kind"],
                _("Class"): told["class_name"],
                _("Basis"): told["basis"],
                _("Note"): told["note"],
                _("Document"): told["document"],
                _("Publisher"): told["publisher"],
                _("Address"): told["url"] if str(told["url"]).startswith(("http://", "https://")) else "",
                "id": figure.figure_id,
            }
        )
    return pd.DataFrame(rows)


def documents(lang: str) -> None:
    """List every document that a figure, a zone, a layer or a rule rests on."""
    _ = i18n.translator(lang)
    table = layers.table("sources")
    frame = pd.DataFrame(
        {
            _("Title"): table["title"],
            _("Publisher"): table["publisher"].fillna(""),
            _("Date"): [("" if i18n.is_missing(date) else i18n.iso_date(date, None, lang)) for date in table["date"]],
            _("Reliability"): [tier_name(tier, lang) for tier in table["tier"]],
            _("Address"): table["url"].where(table["url"].fillna("").str.match(r"https?://"), ""),
            _("Note"): [i18n.text(row, "note", lang) for row in table.to_dict("records")],
            "id": table["source_id"],
        }
    )
    kept = _kept(frame, "w-find-document", lang)
    st.dataframe(
        frame.loc[kept],
        hide_index=True,
        height=560,
        column_config=_widths(
            frame,
            (420, 250, 100, 140, 70, 400, 140),
            **{_("Address"): st.column_config.LinkColumn(display_text=_("open"), width=70)},
        ),
        alt=_("Documents with publisher, date and address"),
    )


def tier_name(tier: str, lang: str) -> str:
    """Return how reliable a source is, in words."""
    _ = i18n.translator(lang)
    return {
        "official": _("official text"),
        "agency": _("public body"),
        "press": _("press"),
        "weak": _("weak"),
        "own": _("own estimate"),
    }.get(tier, tier)


def _kept(frame: pd.DataFrame, key: str, lang: str) -> list[Any]:
    """Draw a search box and return the index of the rows that hold every word of it, marks and case aside."""
    _ = i18n.translator(lang)
    query = st.text_input(_("Filter"), key=key, placeholder=_("Type any words, with or without marks"), live="300ms")
    words = search.fold(query or "").split()
    if not words:
        return list(frame.index)
    texts = [search.fold(" ".join(map(str, row))) for row in frame.itertuples(index=False)]
    return [index for index, text in zip(frame.index, texts, strict=True) if all(word in text for word in words)]
