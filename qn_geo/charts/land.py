"""Land-use structure of a zone in the official colours, the plan in force beside the others."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pandas as pd

from qn_geo import figures, i18n, landuse
from qn_geo.charts.bars import Bar, ladder
from qn_geo.charts.frame import Chart, cached, empty, numbers, wrap
from qn_geo.schema import listed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = Mapping[str, Any]

MOST = 9  # bars; the table holds all
SPLIT = "land-sea"
BUILT = "construction"


@cached
def landuse_structure(zone_id: str, year: int | None, lang: str) -> Chart:
    """Uses of a zone's land in the plan in force, in hectares; the same use in other plans outlined beside it.

    Land against sea is drawn only where nothing finer is published: it would dwarf everything else.
    """
    _ = i18n.translator(lang)
    now, other = _rows(zone_id, year)
    title = _("Land-use structure")
    if not now:
        return empty(title, lang)
    kept = _ordered(now, other)
    drawn = kept[:MOST]
    largest = max(now, key=lambda row: row["area_ha"])
    title = _("Largest use: {use}, {area} ({period})").format(
        use=_use(largest, lang), area=_area(largest, lang), period=_horizon(largest)
    )
    planned = {row["row_id"] for row in other}
    codes = any(row["use_code"] for row in drawn)
    notes = (
        [_("Colours are the official ones of the land-use code; grey where the source names none.")] if codes else []
    )
    if planned:
        notes.append(_("Outlined: another plan horizon."))
    if len(kept) > MOST:
        notes.append(_("Smaller uses that stand in the table only: {count}.").format(count=len(kept) - MOST))
    return Chart(
        title=title,
        figure=ladder([_bar(row, lang, planned=row["row_id"] in planned) for row in drawn], "ha", lang),
        table=_table(kept, lang),
        sources=listed(*(row["source_id"] for row in kept)),
        alt=_("Bar chart of the land uses of {zone}. {finding}.").format(
            zone=figures.short_name(zone_id, lang), finding=title
        ),
        note=" ".join(notes) or None,
    )


def _rows(zone_id: str, year: int | None) -> tuple[list[Row], list[Row]]:
    """Rows in force and rows of other plans, without totals; land and sea only where nothing finer is known."""

    def wanted(rows: Sequence[Row]) -> list[Row]:
        return [row for row in rows if row["role"] == "use" or row["group"] == BUILT]

    roles = ("use", "part")
    now, other = wanted(figures.landuse(zone_id, year, roles)), wanted(figures.other_horizons(zone_id, year, roles))
    if any(row["group"] != SPLIT for row in now):
        now = [row for row in now if row["group"] != SPLIT]
        other = [row for row in other if row["group"] != SPLIT]
    return now, other


def _ordered(now: Sequence[Row], other: Sequence[Row]) -> list[Row]:
    """The largest use first, the same use in other plans right below it."""
    largest: dict[str, float] = {}
    for row in [*now, *other]:
        largest[row["use_name_vi"]] = max(row["area_ha"], largest.get(row["use_name_vi"], 0))
    return sorted([*now, *other], key=lambda row: (-largest[row["use_name_vi"]], row["use_name_vi"], row["horizon"]))


def _bar(row: Row, lang: str, *, planned: bool) -> Bar:
    return Bar(
        id=row["row_id"],
        name=_use(row, lang),
        value=row["area_ha"],
        text=f"{_area(row, lang)} · {_horizon(row)}",
        hover=_hover(row, lang),
        detail=row["use_code"],  # several uses have the same official colour: the code tells them apart
        colour=landuse.colour(row["use_code"]),
        outlined=planned,
        also=row["zone_id"],
    )


def _hover(row: Row, lang: str) -> str:
    publisher = figures.source(row["source_id"]).get("publisher", "")
    head = " ".join(filter(None, [row["use_code"], _use(row, lang)]))
    return "<br>".join(
        [wrap(head, 46), f"<b>{html.escape(_area(row, lang))}</b>", html.escape(_horizon(row)), wrap(publisher, 46)]
    )


def _use(row: Row, lang: str) -> str:
    return i18n.text(row, "use_name", lang)


def _area(row: Row, lang: str) -> str:
    return i18n.quantity(row["area_ha"], "ha", lang, row["area_ha_max"])


def _horizon(row: Row) -> str:
    return str(int(row["horizon"]))


def _table(rows: Sequence[Row], lang: str) -> pd.DataFrame:
    _ = i18n.translator(lang)
    columns = {
        _("Use"): [_use(row, lang) for row in rows],
        _("Code"): [row["use_code"] for row in rows],
        _("Horizon"): [_horizon(row) for row in rows],
        _("Area (ha)"): numbers((row["area_ha"] for row in rows), lang),
        _("Up to (ha)"): numbers((row["area_ha_max"] for row in rows), lang),
        _("Source"): [figures.source(row["source_id"]).get("title", "") for row in rows],
        _("Note"): [i18n.text(row, "note", lang) for row in rows],
    }
    return pd.DataFrame(columns, index=pd.Index([row["row_id"] for row in rows], name="id"))
