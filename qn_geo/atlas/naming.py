"""Which names stand on a map, in what letters, and which go first."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from qn_geo import figures, i18n, style
from qn_geo.atlas import placing
from qn_geo.atlas.placing import Letters, Name, Room
from qn_geo.atlas.shown import plane
from qn_geo.crs import to_vn2000
from qn_geo.report.lettering import settable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

    from qn_geo.atlas.looks import Pen
    from qn_geo.atlas.placing import Box, Spot
    from qn_geo.atlas.shown import Layer, Shown
    from qn_geo.report.paper import Frame

_LETTERS: Final = {  # as on the screen (qn.css)
    "area": Letters(15, "#37424d", 700),
    "KKT": Letters(12.5, "#46297a", 600),
    "KCN": Letters(11.5, "#8c1d18", 600),
    "CCN": Letters(10.5, "#0b5a54", 600),
    "commune": Letters(10, "#6b7280"),
    "use": Letters(10.5, "#4b5563"),
    "plot": Letters(9.5, style.INK),
    "centre": Letters(10, "#33415c"),
    "sea": Letters(13, "#58809a", italic=True),
}
_RANKS: Final = {"KKT": 80, "KCN": 75, "CCN": 65}
_CHOSEN: Final = 50  # added to the rank of what is outlined
# Largest scale denominators, on a sheet held in the hand, at which names find room.
_FROM: Final = {"KKT": 3e6, "KCN": 1.2e6, "CCN": 6e5, "centre": 6e5, "use": 9e4, "plot": 6e3, "commune": 6e5}
_AREAS_FROM: Final = 300_000  # nearer than that an area is as large as the sheet
_BROKEN: Final = 17  # letters in a line; longer names stand on two
_HALF_ICON: Final = 8.5  # pixels
_NUMBERED: Final = {
    "vi": (("Quốc lộ", "QL"), ("Đường tỉnh", "ĐT")),
    "en": (("National Road", "QL"), ("Provincial road", "ĐT")),
}
_ROAD_SIZE: Final = 9.5
_LEAST_ROAD: Final = 1.8  # names of roads are no smaller, millimetres


def names(
    frame: Frame, pen: Pen, shown: Shown, found: Sequence[Layer], lang: str, taken: Sequence[Box]
) -> Iterator[str]:
    """Yield the names that find room, as SVG; the most important take their places first."""
    half = _HALF_ICON * pen.pixel
    places = [
        frame.paper(shapely.get_coordinates(layer.shapes)).tolist() for layer in found if layer.layer.shape == "point"
    ]
    marks = [(x - half, y - half, x + half, y + half) for some in places for x, y in some]
    room = Room(frame, list(taken), marks)
    wanted = list(_wanted(frame, pen, shown, found, lang))
    for name in sorted(wanted, key=lambda name: (-name.rank, name.lines)):
        yield room.place(name)


def _wanted(frame: Frame, pen: Pen, shown: Shown, found: Sequence[Layer], lang: str) -> Iterator[Name]:
    def fits(kind: str) -> bool:
        return frame.scale * pen.size <= _FROM[kind]

    yield from _seas(frame, pen, lang)
    covered = any(layer.layer.source == "plots" for layer in found)
    for layer in found:
        source = layer.layer.source
        for row, shape in zip(layer.rows, layer.shapes.tolist(), strict=True):
            if source == "zones":
                named = row["zone_id"] in shown.zones
                if named or fits(row["kind"]):
                    yield _of_zone(frame, pen, row, shape, lang, named=named)
            elif layer.layer.shape == "point":
                if fits("centre"):
                    yield _of_point(frame, pen, i18n.name(row, lang), shape)
            elif source == "transport":
                yield _of_road(frame, pen, row, shape, lang)
            elif source == "landuse" and fits("use") and not covered and not i18n.is_missing(row["use_code"]):
                yield _in(frame, pen, "use", row["use_code"], shape, 50, within=shape)
            elif source == "plots" and fits("plot"):
                yield _in(frame, pen, "plot", f"{row['sheet']}/{row['parcel']}", shape, 40, within=shape)
            elif source == "areas" and frame.scale * pen.size > _AREAS_FROM:
                yield _in(frame, pen, "area", i18n.name(row, lang), shape, 100, over=True)
    if fits("commune"):
        table, shapes = plane("communes")
        near = np.flatnonzero(shapely.intersects(shapes, shapely.box(*frame.bounds))).tolist()
        for number in near:
            row = table.iloc[number]
            rank = 30 + min(9.0, row["area_km2"] / 60)
            yield _in(frame, pen, "commune", i18n.name(row, lang), shapes[number], rank)


def _made(pen: Pen, kind: str, words: str, spots: Any, rank: float, **more: Any) -> Name:
    letters = _LETTERS[kind]
    lines = placing.broken(settable(words), _BROKEN if kind not in ("area", "sea") else 99)
    name = Name(lines, letters, letters.size * pen.pixel, (), rank, **more)
    return Name(lines, letters, name.height, spots(name.extent), rank, **more)


def _in(  # noqa: PLR0913 - the same
    frame: Frame, pen: Pen, kind: str, words: str, shape: BaseGeometry, rank: float, **more: Any
) -> Name:
    def spots(extent: tuple[float, float]) -> list[Spot]:
        found = placing.in_area(frame, shape, extent, beside=False)
        return found[:1] if "within" in more else found

    return _made(pen, kind, words, spots, rank, **more)


def _of_zone(  # noqa: PLR0913 - the same
    frame: Frame, pen: Pen, row: Mapping[Any, Any], shape: BaseGeometry, lang: str, *, named: bool
) -> Name:
    kind = row["kind"]

    def spots(extent: tuple[float, float]) -> list[Spot]:
        return placing.in_area(frame, shape, extent, beside=kind != "KKT" or named)

    words = figures.abbreviated(i18n.name(row, lang), lang)
    return _made(pen, kind, words, spots, _RANKS[kind] + _CHOSEN * named, over=True)


def _of_point(frame: Frame, pen: Pen, words: str, shape: BaseGeometry) -> Name:
    x, y = frame.paper(shapely.get_coordinates(shape))[0].tolist()
    half = _HALF_ICON * pen.pixel
    box = x - half, y - half, x + half, y + half
    return _made(pen, "centre", words, lambda extent: placing.around(box, extent), 55)


def _of_road(frame: Frame, pen: Pen, row: Mapping[Any, Any], shape: BaseGeometry, lang: str) -> Name:
    """The number of a numbered road on a plate; the name of another along its course."""
    colour, words = style.MODE_COLOURS[row["mode"]], settable(i18n.name(row, lang))
    letters = Letters(_ROAD_SIZE, colour, 600)
    height = max(letters.size * pen.pixel, _LEAST_ROAD)
    if number := _number(words, lang):
        return Name((number,), letters, height, placing.on_line(frame, shape), 58, plate=colour)
    words = re.split(r", | \(", words)[0]
    bare = Name((words,), letters, height, (), 57)
    off = 0.75 * height + style.MODE_WIDTHS[row["mode"]] / 2 * pen.pixel
    spots = [spot for side in (off, -off) for spot in placing.along(frame, shape, bare.extent[0], off=side)]
    return Name((words,), letters, height, spots, 57 if row["mode"] == "expressway" else 48)


def _number(words: str, lang: str) -> str:
    """Return the number of a road as its plates have it; nothing for a road without one."""
    for long, short in _NUMBERED[lang]:
        if found := re.match(rf"{long} (\d+[A-Z]?)\b", words):
            return f"{short}.{found[1]}"
    return ""


def _seas(frame: Frame, pen: Pen, lang: str) -> Iterator[Name]:
    west, south, east, north = frame.bounds
    for sea in style.SEAS:
        y, x = to_vn2000(sea["lon"], sea["lat"])
        if west < x < east and south < y < north:
            left, top = frame.paper(np.array([[x, y]]))[0].tolist()
            yield _made(pen, "sea", str(sea[f"name_{lang}"]), lambda _extent, at=(left, top, 0.0): [at], 60)
