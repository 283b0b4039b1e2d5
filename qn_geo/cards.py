"""Cards: the headline figures of a zone, an area or the city, as HTML in which every text from data is escaped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qn_geo import figures, horizons, i18n, sheets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qn_geo.figures import Figure


def cards(entries: Iterable[tuple[str, str, Figure | None]], year: int, lang: str) -> str:
    """Return headline figures as cards, those that are known first.

    Args:
        entries: Label, scope (empty where it is the place itself) and figure; a missing figure is said to be missing.
        year: Last year of the figures it is held against.
        lang: "vi" or "en".
    """
    shown = [
        {
            "label": label,
            "scope": scope,
            "figure": sheets.explained(figure, lang) if figure else None,
            "conflict": figures.conflict(figure, year, lang) if figure else "",
            "otherwise": figures.reckoning(figure, year, lang) if figure else "",
        }
        for label, scope, figure in entries
    ]
    shown.sort(key=lambda card: card["figure"] is None)
    return sheets.template("figures", lang).render(cards=shown)


def headline(place_id: str, year: int, lang: str, beside: str | None = None) -> str:
    """Return the headline cards of a zone, an area (`area-<slug>`) or the whole city (`province`).

    Args:
        place_id: What the figures are about.
        year: Actual year, or plan horizon: then plans and targets take the place of what has happened.
        lang: "vi" or "en".
        beside: A place whose figures fill the gaps, each marked with its name.
    """
    places = [place_id, *([beside] if beside else [])]
    if horizons.ahead(year):
        ahead = figures.outlook_of(places, year)
        if not ahead:
            return sheets.template("no_plan", lang).render(year=year)
        return cards(((_planned(figure, lang), _scope(figure, place_id, lang), figure) for figure in ahead), year, lang)
    found: dict[str, Figure | None] = {}
    for place in places:
        for entry in figures.headline(place, year):
            found[entry["measure"]] = found.get(entry["measure"]) or entry["figure"]
    return cards(
        ((_label(m, figure, lang), _scope(figure, place_id, lang), figure) for m, figure in found.items()), year, lang
    )


def facts_only(year: int, lang: str) -> str:
    """Return what to say over charts of what has happened while the reader looks at a plan horizon; else nothing."""
    if not horizons.ahead(year):
        return ""
    _ = i18n.translator(lang)
    said = _("The charts show what happened up to {now}; land use and targets name their own year. Plans: the cards.")
    return f'<p class="qn-note">{sheets.escape(said.format(now=horizons.THIS_YEAR))}</p>'


def _planned(figure: Figure, lang: str) -> str:
    return f"{figures.bare_name(figure.measure, lang)} · {figures.kind_name(figure.kind, lang)}"


def _label(measure: str, figure: Figure | None, lang: str) -> str:
    """Name over a card; the currency stands there only while no value tells it."""
    return (figures.bare_name if figure else figures.measure_name)(measure, lang)


def _scope(figure: Figure | None, place_id: str, lang: str) -> str:
    return figures.short_name(figure.zone_id, lang) if figure and figure.zone_id != place_id else ""
