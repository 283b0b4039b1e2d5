"""The maps of a review report: all plots on one sheet, and a cut-out for each of the worst findings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from qn_geo import layers, outcomes, style
from qn_geo.crs import project
from qn_geo.report import furniture, paper
from qn_geo.report.lettering import settable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import geopandas as gpd
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from qn_geo.dossier import Dossier

_Place = tuple[float, float]

SHEET: Final = (178.0, 212.0)
"""Width and height of the sheet's map on A4, millimetres, rim included."""

CUT_OUT: Final = (86.0, 52.0)
"""The same of a cut-out."""

LOCATOR: Final = (50.0, 32.0)
"""The same of the little map that says where in the city."""

RELIABLE: Final = frozenset({"official", "digitised"})
"""Qualities of an outline that is what a document shows."""

PATTERNS: Final = "".join(
    f'<pattern id="{result}" width="{step}" height="{step}" patternUnits="userSpaceOnUse" '
    f'patternTransform="rotate({turn})"><rect width="{step}" height="{step}" fill="{colour}" opacity="0.3"/>'
    f'<path d="M0 0V{step}" stroke="{colour}" stroke-width="0.5"/></pattern>'
    for result, step, turn in (("fail", 1.2, 45), ("warn", 1.8, -45))
    for colour in (outcomes.RESULT_COLOURS[result],)
)
"""Results of plots are told by hatching as well as by colour: on a black and white print too."""

_FILLS: Final = {"fail": "url(#fail)", "warn": "url(#warn)", "pass": "#e3f1ea"}
_LABEL: Final = (1.4, 2.4)  # smallest and largest letters of a plot's id, millimetres
_MOST_LABELS: Final = 400
_BADGE: Final = 2.1  # half a badge
_BAR: Final = 20.0  # longest scale bar of a cut-out
_RING: Final = 2.6  # round a spot smaller than that, millimetres
_FILLED: Final = 0.95  # widest label, of the largest circle in its plot
_SMALLEST_WINDOW_M: Final = 24.0
_STRAY: Final = 20.0  # plots so many times farther off than usual are left off the map,
_FEW: Final = 0.05  # unless they are more than this share
_SHAPES: Final = {  # of a badge, round (0, 0), 1 to the edge: nobody needs to tell the colours apart
    "error": '<circle r="1"',
    "warning": '<path d="M0-1.25L1.25 0 0 1.25-1.25 0z"',
    "info": '<path d="M-.9-.9h1.8v1.8h-1.8z"',
}


def sheet(dossier: Dossier, numbers: Mapping[int, int], lang: str) -> tuple[str, paper.Frame, int]:
    """Return the map of all plots by result, its frame, and how many plots lie too far off to be on it.

    Args:
        dossier: A submission that was checked.
        numbers: Number on the map by position of the finding.
        lang: "vi" or "en".
    """
    drawn = dossier.plots.geometry.to_numpy()
    bounds, strays = _bounds(drawn)
    frame = paper.fit(bounds, SHEET[0] - furniture.RIM, SHEET[1] - furniture.RIM, margin=10, least=0.4)
    labels = _labels(frame, dossier.plots, bar=furniture.bar_length(frame)[1])
    badges = _badges(frame, dossier.findings, numbers, list(labels))
    inside = [
        _plots(frame, drawn, np.asarray(dossier.summary["states"])),
        _zone(frame, dossier.zone_id),
        *_spots(frame, dossier.findings),
        *(words for place, words in labels.items() if _clear(place, list(badges))),
        *reversed(badges.values()),
        furniture.scale_bar(frame, lang),
        furniture.north_arrow(frame, lang),
    ]
    return paper.svg(frame, inside, furniture.grid(frame, lang), PATTERNS, furniture.RIM), frame, strays


def cut_out(dossier: Dossier, position: int, lang: str) -> tuple[str, paper.Frame] | None:
    """Return the map of one finding and its frame; None for a finding without a place."""
    row = dossier.findings.iloc[position]
    spot = row["geometry"]
    if spot is None or spot.is_empty:
        return None
    frame = _window(dossier, row)
    near = dossier.plots.iloc[np.sort(dossier.plots.sindex.query(shapely.box(*frame.bounds)))]
    concerned = near["plot_id"].isin(row["plots"]).to_numpy()
    colour = outcomes.SEVERITY_COLOURS[row["severity"]]
    shapes = near.geometry.to_numpy()
    bar = furniture.bar_length(frame, _BAR)[1]
    inside = [
        paper.shapes(frame, shapes[~concerned], paper.Look("#f5f5f2", style.EDGE, 0.15)),
        paper.shapes(frame, shapes[concerned], paper.Look("#fdf1dc", style.INK, 0.3)),
        paper.shapes(frame, [spot], paper.Look(colour, colour, 0.5, opacity=0.7)),
        _ring(frame, spot, colour),
        *_labels(frame, near, bar=bar, beside=spot, always=concerned).values(),
        furniture.scale_bar(frame, lang, longest=_BAR),
    ]
    return paper.svg(frame, inside), frame


def _window(dossier: Dossier, row: Any) -> paper.Frame:
    """Return the frame round a finding's spot; round its plots where the spot is only a mark in them."""
    shown = [row["geometry"]]
    if shapely.get_dimensions(shown[0]) == 0:
        shown += dossier.plots.geometry[dossier.plots["plot_id"].isin(row["plots"])].tolist()
    west, south, east, north = shapely.total_bounds(shown).tolist()
    room = max(_SMALLEST_WINDOW_M - max(east - west, north - south), 0) / 2
    return paper.fit((west - room, south - room, east + room, north + room), *CUT_OUT, margin=5, least=1)


def locator(dossier: Dossier) -> str | None:
    """Return a little map of the city with a mark where the plots are; None when they are nowhere."""
    bounds, _strays = _bounds(dossier.plots.geometry.to_numpy())
    city = project(layers.layer("city").geometry.to_numpy())
    frame = paper.fit(shapely.total_bounds(city).tolist(), *LOCATOR, margin=2)
    place = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    x, y = frame.paper(np.array([place]))[0].tolist()
    mark = f'<circle cx="{x:.2f}" cy="{y:.2f}" r="1.6" fill="none" stroke="{style.ACCENT}" stroke-width="0.6"/>'
    return paper.svg(
        frame,
        [
            f'<rect width="{frame.width}" height="{frame.height}" fill="{style.SEA}"/>',
            paper.shapes(frame, city, paper.Look(style.LAND, style.CITY, 0.15)),
            mark + f'<circle cx="{x:.2f}" cy="{y:.2f}" r="0.5" fill="{style.ACCENT}"/>',
        ],
    )


def _bounds(drawn: NDArray[np.object_]) -> tuple[tuple[float, float, float, float], int]:
    """Return the window of all plots, and how many were left out because they lie far from all others."""
    boxes = shapely.bounds(drawn).reshape(-1, 4)
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    if not len(boxes):
        return (420_000.0, 2_300_000.0, 421_000.0, 2_301_000.0), 0
    middle = np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2])
    away = np.hypot(*(middle - np.median(middle, axis=0)).T)
    usual = np.median(away) + np.median(np.hypot(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]))
    near = boxes[away <= _STRAY * max(float(usual), 1.0)]
    if len(boxes) - len(near) > max(_FEW * len(boxes), 1):  # several places rather than a few mistakes
        near = boxes
    west, south = near[:, :2].min(axis=0).tolist()
    east, north = near[:, 2:].max(axis=0).tolist()
    return (west, south, east, north), len(boxes) - len(near)


def _plots(frame: paper.Frame, drawn: NDArray[np.object_], results: NDArray[np.str_]) -> str:
    return "".join(
        paper.shapes(frame, drawn[results == result], paper.Look(_FILLS[result], style.INK, 0.12))
        for result in reversed(outcomes.RESULTS)
    )


def _zone(frame: paper.Frame, zone_id: str | None) -> str:
    zones = layers.layer("zones")
    shapes = project(zones.geometry[zones["zone_id"] == zone_id].to_numpy())
    return paper.shapes(frame, shapes, paper.Look("none", style.INK, 0.6, _dashes(outline_quality(zone_id))))


def outline_quality(zone_id: str | None) -> str | None:
    """Return how true the outline of a zone is (see `qn_geo.schema.words.Quality`); None where none is drawn."""
    zones = layers.layer("zones")
    found: list[str] = zones["quality"][zones["zone_id"] == zone_id].tolist()
    return found[0] if found else None


def _dashes(quality: str | None) -> str:
    """A boundary's dash and dot for an outline one can rely on, plain short dashes for any other."""
    return "4 1.2 0.8 1.2" if quality in RELIABLE else "1.4 1"


def _spots(frame: paper.Frame, findings: gpd.GeoDataFrame) -> list[str]:
    """Trouble spots, the gravest on top."""
    shapes, severities = findings.geometry.to_numpy(), findings["severity"].to_numpy()
    return [
        paper.shapes(frame, shapes[severities == severity], paper.Look(colour, colour, 0.35, opacity=0.75))
        for severity, colour in reversed(list(outcomes.SEVERITY_COLOURS.items()))
        if severity != "info"  # whole corridors and plan cells: they would cover what is wrong
    ]


def _is_tiny(frame: paper.Frame, spot: BaseGeometry) -> bool:
    west, south, east, north = shapely.bounds(spot).tolist()
    return max(east - west, north - south) / frame.scale * 1000 < _RING  # type: ignore[no-any-return]


def _ring(frame: paper.Frame, spot: BaseGeometry, colour: str) -> str:
    """A ring round a spot too small to see."""
    if not _is_tiny(frame, spot):
        return ""
    x, y = frame.spot(spot)
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{_RING}" fill="none" stroke="{colour}" stroke-width="0.4"/>'


def _labels(
    frame: paper.Frame,
    plots: gpd.GeoDataFrame,
    *,
    bar: float,
    beside: BaseGeometry | None = None,
    always: NDArray[np.bool_] | None = None,
) -> dict[_Place, str]:
    """Return the ids of plots by place: in the widest part of what can be seen of each, where there is room.

    Args:
        frame: The window.
        plots: The plots.
        bar: Length of the scale bar, which needs the corner to itself.
        beside: A spot that may have a ring round it.
        always: Plots that are named even where there is little room.
    """
    shapes = plots.geometry.to_numpy()
    kept = shapely.is_valid(shapes)
    shapes = shapely.clip_by_rect(np.where(kept, shapes, None), *frame.bounds)
    kept &= shapely.area(shapes) > 0
    if kept.sum() > _MOST_LABELS:
        return {}
    ring = frame.spot(beside) if beside is not None and _is_tiny(frame, beside) else None
    drawn: dict[_Place, str] = {}
    for index in np.flatnonzero(kept).tolist():
        word, circle = settable(plots["plot_id"].iloc[index]), shapely.maximum_inscribed_circle(shapes[index])
        size = min(_LABEL[1], _FILLED * 2 * circle.length / frame.scale * 1000 / max(paper.width_of(word, 1.0), 1.0))
        size = max(size, _LABEL[0]) if always is not None and always[index] else size
        x, y = frame.paper(shapely.get_coordinates(circle)[:1])[0].tolist()
        if ring and math.dist(ring, (x, y)) < 2 * _RING:
            y = ring[1] + 1.8 * _RING
        if size >= _LABEL[0] and not (x > frame.width - bar - 13 and y > frame.height - 10):
            drawn[x, y] = paper.text((x, y), word, size)
    return drawn


def _badges(
    frame: paper.Frame, findings: gpd.GeoDataFrame, numbers: Mapping[int, int], labels: Sequence[_Place]
) -> dict[_Place, str]:
    """Return numbered marks by place: each beside its spot, tied to it by a line; the gravest find room first."""
    drawn: dict[_Place, str] = {}
    for position, number in numbers.items():
        row = findings.iloc[position]
        spot = frame.spot(row["geometry"])
        if not _on(frame, spot, 0):
            continue
        round_it = [
            (spot[0] + away * math.cos(math.radians(turn)), spot[1] + away * math.sin(math.radians(turn)))
            for away in (4.0, 6.0, 8.0, 11.0, 14.0, 18.0)
            for turn in range(-45, 315, 45)
        ]
        free = [place for place in round_it if _on(frame, place, _BADGE + 0.5) and _clear(place, list(drawn))]
        # Rather a little farther off than over the name of a plot.
        place = next((place for place in free if _clear(place, labels)), free[0] if free else None)
        if place:
            drawn[place] = badge(place, number, row["severity"], tied=spot)
    return drawn


def _on(frame: paper.Frame, place: _Place, edge: float) -> bool:
    return edge <= place[0] <= frame.width - edge and edge <= place[1] <= frame.height - edge


def _clear(place: _Place, others: Sequence[_Place]) -> bool:
    return all(math.dist(place, other) > 2.3 * _BADGE for other in others)


def badge(place: _Place, number: int, severity: str, *, tied: _Place | None = None) -> str:
    """Return a numbered mark whose shape and colour tell the severity."""
    x, y = place
    colour = outcomes.SEVERITY_COLOURS[severity]
    line = ""
    if tied is not None:
        line = f'<path d="M{x:.2f} {y:.2f}L{tied[0]:.2f} {tied[1]:.2f}" stroke="{colour}" stroke-width="0.3"/>'
        line += f'<circle cx="{tied[0]:.2f}" cy="{tied[1]:.2f}" r="0.5" fill="{colour}"/>'
    shape = f'<g transform="translate({x:.2f} {y:.2f}) scale({_BADGE})">{_SHAPES[severity]}'
    shape += f' fill="{colour}" stroke="#fff" stroke-width="0.15"/></g>'
    return line + shape + paper.text(place, str(number), 2.0, colour="#fff", rim=False)


def swatch(result: str) -> str:
    """Return a field with the hatching of a plot's result, for legends."""
    line = f'fill="{_FILLS[result]}" stroke="{style.INK}" stroke-width="0.2"'
    return _mark(f'<rect x="0.2" y="0.2" width="5.6" height="3.6" {line}/>', 6)


def sign(severity: str) -> str:
    """Return the mark of a severity, for legends and tables."""
    colour = outcomes.SEVERITY_COLOURS[severity]
    return _mark(f'<g transform="translate(2 2) scale(1.4)">{_SHAPES[severity]} fill="{colour}"/></g>', 4)


def zone_sign(quality: str) -> str:
    """Return the line of a zone's outline of a quality, for legends."""
    dashes = _dashes(quality)
    return _mark(f'<path d="M0 2H8" stroke="{style.INK}" stroke-width="0.6" stroke-dasharray="{dashes}"/>', 8)


def _mark(drawn: Any, width: int) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="4mm" viewBox="0 0 {width} 4">'
        f"<defs>{PATTERNS}</defs>{drawn}</svg>"
    )
