"""Projects of a place by sector."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from qn_geo import figures, i18n
from qn_geo.charts.bars import Bar, ladder
from qn_geo.charts.frame import Chart, cached, empty, numbers
from qn_geo.schema import listed
from qn_geo.style import ACCENT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

MOST = 9  # bars; the table holds all


@cached
def projects_by_sector(place_id: str, year: int | None, lang: str) -> Chart:
    """How many projects we know of in each sector, with their capital in US dollars; nested zones are included."""
    _ = i18n.translator(lang)
    known = [project for project in figures.known_projects(place_id, year) if project["counted"] == "yes"]
    if not known:
        return empty(_("Projects by sector"), lang, _("no project known"))
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for project in known:
        groups.setdefault(project["sector"], []).append(project)
    order = sorted(groups.items(), key=lambda item: (-len(item[1]), item[0]))
    title = _("Known projects: {count}, most in {sector}").format(
        count=len(known), sector=figures.sector_name(order[0][0], lang)
    )
    most = len(order[0][1])
    notes = [_("Only projects we know of; revoked and proposed ones are not counted.")]
    if len(order) > MOST:
        notes.append(_("Smaller sectors that stand in the table only: {count}.").format(count=len(order) - MOST))
    return Chart(
        title=title,
        figure=ladder([_bar(*group, lang) for group in order[:MOST]], "projects", lang, dtick=max(1, most // 4)),
        table=_table(order, lang),
        sources=listed(*(project["source_id"] for project in known)),
        alt=_("Bar chart of projects by sector. {finding}.").format(finding=title),
        note=" ".join(notes),
    )


def _bar(sector: str, found: Sequence[Mapping[str, Any]], lang: str) -> Bar:
    name = figures.sector_name(sector, lang)
    text = " · ".join(filter(None, [str(len(found)), _money(found, lang)]))
    hover = f"<b>{html.escape(name)}</b><br>{html.escape(text)}"
    return Bar(id=sector, name=name, value=len(found), text=text, hover=hover, colour=ACCENT)


def _money(found: Sequence[Mapping[str, Any]], lang: str) -> str:
    capital = _capital(found, "usd")
    return i18n.quantity(capital, "usd_m", lang, compact=True) if capital else ""


def _capital(found: Sequence[Mapping[str, Any]], currency: Literal["usd", "vnd"]) -> float | None:
    return _sum(figures.counted_capital(project, currency) for project in found)


def _table(groups: Sequence[tuple[str, list[Mapping[str, Any]]]], lang: str) -> pd.DataFrame:
    _ = i18n.translator(lang)
    columns = {
        _("Sector"): [figures.sector_name(sector, lang) for sector, _found in groups],
        _("Projects"): numbers((len(found) for _sector, found in groups), lang),
        _("Known capital (USD million)"): numbers((_capital(found, "usd") for _sector, found in groups), lang),
        _("Known capital (VND billion)"): numbers((_capital(found, "vnd") for _sector, found in groups), lang),
        _("Known land (ha)"): numbers(
            (_sum(project["area_ha"] for project in found) for _sector, found in groups), lang
        ),
    }
    return pd.DataFrame(columns, index=pd.Index([sector for sector, _ in groups], name="id"))


def _sum(values: Iterable[float | None]) -> float | None:
    stated = [value for value in values if value is not None]
    return sum(stated) if stated else None
