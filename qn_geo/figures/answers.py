"""Answers: which figure to show, the others beside it, and how it ran over time.

The rule that picks among contradicting claims is written in `qn_geo.figures.claims`. Every function takes years as
plain numbers: actual figures are answered as known at the end of that year, plans as they look from it.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qn_geo.figures.claims import BASES, Figure, book, last_day
from qn_geo.schema import listed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

ACTUAL = "actual"
AHEAD = ("target", "plan")


@dataclass(frozen=True, slots=True)
class Outlook:
    """A measure's past beside what was planned for it."""

    actual: tuple[Figure, ...]
    ahead: tuple[Figure, ...]


def best(
    zone_id: str, measure: str, year: int | None = None, kind: str = ACTUAL, basis: str | None = None
) -> Figure | None:
    """The claim to show by default.

    Args:
        zone_id: Zone, group, area id or `province`.
        measure: Id in `measures.csv`.
        year: Last year that counts for actual figures, the year to look ahead from for plans; None means no limit.
        kind: `actual`, `plan` or `target`.
        basis: What a rate is over; None lets the rule choose one basis.

    Returns:
        The figure, or None where nothing is published.
    """
    claims = _in_force(zone_id, measure, year, kind, basis)
    return claims[0] if claims else None


def alternatives(figure: Figure) -> list[Figure]:
    """The other claims for the same zone and measure: those of the same year and basis first, then the newest.

    Beside what happened stands only what happened, beside a target every target and plan.
    What only repeats a claim before it, the same number for the same period from the same document, is left out.
    """
    kinds = AHEAD if figure.kind in AHEAD else (figure.kind,)
    claims = [claim for kind in kinds for claim in book().claims.get((figure.zone_id, figure.measure, kind), ())]
    told = {_statement(figure)}
    others = []
    for claim in claims:
        statement = _statement(claim)
        if claim.figure_id != figure.figure_id and statement not in told:
            told.add(statement)
            others.append(claim)
    return sorted(others, key=lambda claim: (claim.year != figure.year, claim.basis != figure.basis))


def _statement(claim: Figure) -> tuple[object, ...]:
    """What a claim says and where; a document listed under two ids is known by its address."""
    sources = book().sources
    documents = [sources.get(part, {}).get("url") or part for part in listed(claim.source_id)]
    return (claim.value, claim.value_max, claim.unit, claim.basis, claim.period, claim.period_start, *documents)


def series(
    zone_id: str, measure: str, year: int | None = None, kind: str = ACTUAL, basis: str | None = None
) -> list[Figure]:
    """One basis over time, oldest first: the strongest claim of each period; undated claims are left out.

    Without a basis, the one that `best` chooses. Plans and targets are not cut at the year: they are about the future.
    """
    claims = _in_force(zone_id, measure, year, kind, basis)
    return _one_per_period(claim for claim in claims if claim.basis == claims[0].basis)


def series_by_basis(zone_id: str, measure: str, year: int | None = None, kind: str = ACTUAL) -> dict[str, list[Figure]]:
    """Every basis over time, each its own series, in the order of `BASES`: never to be joined by one line."""
    split: defaultdict[str, list[Figure]] = defaultdict(list)
    for claim in _known(zone_id, measure, year, kind):
        split[claim.basis].append(claim)
    points = {basis: _one_per_period(split[basis]) for basis in BASES if basis in split}
    return {basis: figures for basis, figures in points.items() if figures}


def ranking(
    measure: str,
    year: int | None = None,
    zone_ids: Iterable[str] | None = None,
    kinds: Iterable[str] | None = None,
    basis: str | None = None,
) -> list[Figure]:
    """Best figures of zones, highest first; zones without one are left out.

    Args:
        measure: Id in `measures.csv`.
        year: Last year that counts.
        zone_ids: Zones to rank; all of `zones.csv` when None.
        kinds: Keep only zones of these kinds (`KKT`, `KCN`, `CCN`).
        basis: Keep only rates over this basis.
    """
    zones = book().zones
    wanted = set(kinds) if kinds is not None else None
    found = [
        figure
        for zone_id in (zones if zone_ids is None else zone_ids)
        if (wanted is None or zones.get(zone_id, {}).get("kind") in wanted)
        and (figure := best(zone_id, measure, year, basis=basis)) is not None
    ]
    return sorted(found, key=lambda figure: (-figure.value, figure.zone_id))


def goals(zone_id: str, measure: str, year: int | None = None) -> list[Figure]:
    """Target and plan of a measure to look ahead to from a year: the nearer first, then as claims compete."""
    found = [figure for kind in AHEAD if (figure := best(zone_id, measure, year, kind)) is not None]
    return sorted(found, key=lambda figure: (figure.sort_date, book().weight(figure)))


def targets(zone_id: str, measure: str, year: int | None = None) -> Outlook:
    """What happened up to the year, and every target and plan ever set: one point per period and kind."""
    actual = series(zone_id, measure, year)
    ahead = [figure for kind in AHEAD for figure in series(zone_id, measure, kind=kind)]
    return Outlook(tuple(actual), tuple(sorted(ahead, key=lambda figure: figure.sort_date)))


def _known(zone_id: str, measure: str, year: int | None, kind: str) -> list[Figure]:
    """Claims that may speak for the year, strongest first."""
    claims = book().claims.get((zone_id, measure, kind), ())
    if kind != ACTUAL or year is None:
        return list(claims)
    return [claim for claim in claims if _known_since(claim) <= year]


def _known_since(claim: Figure) -> int:
    """Year from which a claim counts: its period, or for an undated claim the year of its source."""
    if claim.year is not None:
        return claim.year
    published = book().source(claim.source_id).get("date", "")
    return last_day(published).year if published else 9999


def _in_force(zone_id: str, measure: str, year: int | None, kind: str, basis: str | None) -> list[Figure]:
    """Claims that may speak for the year, the shown one first: all of its basis, then those of the other bases."""
    claims = _known(zone_id, measure, year, kind)
    if basis is not None:
        claims = [claim for claim in claims if claim.basis == basis]
    if not claims:
        return []
    if kind != ACTUAL and year is not None:
        horizons = [claim.year for claim in claims if claim.year is not None and claim.year >= year]
        nearest = min(horizons, default=claims[0].year)
        claims.sort(key=lambda claim: claim.year != nearest)
    shown = min((claim.basis for claim in claims if claim.year == claims[0].year), key=BASES.index)
    return sorted(claims, key=lambda claim: claim.basis != shown)


def _one_per_period(claims: Iterable[Figure]) -> list[Figure]:
    """The first claim of each period, oldest period first; a bare year that repeats a dated claim adds no point."""
    echoes = book().echoes
    points: dict[date, Figure] = {}
    for claim in claims:
        if claim.period and claim.figure_id not in echoes:
            points.setdefault(claim.sort_date, claim)
    return sorted(points.values(), key=lambda figure: figure.sort_date)
