"""Which names stand on a map, in what letters, and which go first."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import shapely

from qn_geo import figures, i18n, layers, style
from qn_geo.atlas import placing
from qn_geo.atlas.placing import Letters, Name, Room
from qn_geo.atlas.shown import plane
from qn_geo.crs import to_vn2000
from qn_geo.report.lettering import settable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    from qn_geo.atlas.looks import Pen
    from qn_geo.atlas.placing import Box, Spot
    from qn_geo.atlas.shown import Layer, Shown
    from qn_geo.report.paper import Frame

    Row = Mapping[Any, Any]
    Extent = tuple[float, float]

_LETTERS: Final = {  # as on the screen (qn.css)
    "area": Letters(15, "#37424d", 700),
    "KKT": Letters(12.5, "#46297a", 600),
    "KCN": Letters(11.5, "#8c1d18", 600),
    "CCN": Letters(10.5, "#0b5a54", 600),
    "commune": Letters(10, "#6b7280"),
    "use": Letters(10.5, "#4b5563"),
    "plot": Letters(9.5, style.INK),
    "centre": Letters(10, "#33415c"),
    "neighbour": Letters(10, "#958d78"),
    "sea": Letters(13, "#58809a", italic=True),
}
_RANKS: Final = {"KKT": 80, "KCN": 75, "CCN": 65}
_CHOSEN: Final = 50  # added to the rank of what is outlined
# Largest scale denominators, on a sheet held in the hand, at which names find room.
_FROM: Final = {"KKT": 3e6, "KCN": 1.2e6, "CCN": 6e5, "centre": 6e5, "use": 9e4, "plot": 6e3, "commune": 1.5e6}
_AREAS_FROM: Final = 300_000  # nearer than that an area is as large as the sheet
_BROKEN: Final = 17  # letters in a line; longer names stand on two,
_ON_TWO: Final = ("KKT", "KCN", "CCN", "commune", "centre")  # if they are names of these
_APART: Final = 45.0  # from one plate of a road to the next, millimetres
_HEART_M: Final = 50.0  # metres by which the middle of a commune may be away from the best place
_HALF_ICON: Final = 8.5  # pixels
_NUMBERED: Final = {
    "vi": (("Quốc lộ", "QL"), ("Đường tỉnh", "ĐT")),
    "en": (("National Road", "QL"), ("Provincial road", "ĐT")),
}
_ROAD_SIZE: Final = 9.5
_LEAST_ROAD: Final = 1.8  # names of roads are no smaller, millimetres


def names(  # noqa: PLR0913 - what is named, how and where not
    frame: Frame, pen: Pen, shown: Shown, found: Sequence[Layer], lang: str, *, taken: Sequence[Box] = ()
) -> Iterator[str]:
    """Yield the names that find room, as SVG; the most important take their places first.

    Args:
        frame: The window.
        pen: How large things are drawn.
        shown: What the map shows.
        found: What of it lies in the window.
        lang: "vi" or "en".
        taken: Boxes on paper where no name may stand.
    """
    half = _HALF_ICON * pen.pixel
    places = [
        frame.paper(shapely.get_coordinates(layer.shapes)).tolist() for layer in found if layer.layer.shape == "point"
    ]
    marks = [(x - half, y - half, x + half, y + half) for some in places for x, y in some]
    ways = [layer.shapes for layer in found if layer.layer.shape == "line"]
    room, namer = (
        Room(frame, list(taken), marks, np.concatenate(ways) if ways else np.array([])),
        _Namer(frame, pen, shown, lang, _parks(found)),
    )
    for name in sorted(namer.wanted(found), key=lambda name: (-name.rank, name.lines)):
        yield room.place(name)


def _parks(found: Sequence[Layer]) -> NDArray[np.object_]:
    """Return the areas that have names of their own, which names of larger areas keep off."""
    shapes = [layer.shapes for layer in found if layer.layer.id in ("kcn", "ccn")]
    return np.concatenate(shapes) if shapes else np.array([], dtype=object)


@lru_cache(maxsize=2)
def _communes(_version: str) -> tuple[list[Row], NDArray[np.object_], list[BaseGeometry]]:
    """Return the communes: what is known of them, their shapes, and the middles of the largest circles in those."""
    table, shapes = plane("communes")
    circles = (shapely.maximum_inscribed_circle(shape, tolerance=_HEART_M) for shape in shapes.tolist())
    hearts = [shapely.get_point(circle, 0) for circle in circles]
    return table[["name_vi", "name_en", "area_km2"]].to_dict("records"), shapes, hearts


@dataclass(frozen=True)
class _Namer:
    """Makes names for what lies in a window.

    Attributes:
        frame: The window.
        pen: How large things are drawn.
        shown: What the map shows.
        lang: "vi" or "en".
        parks: What names of larger areas keep off.
    """

    frame: Frame
    pen: Pen
    shown: Shown
    lang: str
    parks: NDArray[np.object_]

    def wanted(self, found: Sequence[Layer]) -> Iterator[Name]:
        """Yield all names that may stand on the map."""
        yield from self._waters()
        yield from self._neighbours()
        yield from self._communes()
        makers = {
            "areas": self._areas,
            "zones": self._zones,
            "landuse": self._uses,
            "plots": self._plots,
            "transport": self._ways,
            "points": self._points,
        }
        if any(layer.layer.source == "plots" for layer in found):
            del makers["landuse"]  # plots hide the cells that codes would name
        for layer in found:
            make = makers.get("points" if layer.layer.shape == "point" else layer.layer.source)
            if make is not None:
                for row, shape in zip(layer.rows, layer.shapes.tolist(), strict=True):
                    yield from make(row, shape)

    def _fits(self, kind: str) -> bool:
        return self.frame.scale * self.pen.size <= _FROM[kind]

    def _made(self, kind: str, words: str, spots: Callable[[Extent], list[Spot]], rank: float, **more: Any) -> Name:
        letters = _LETTERS[kind]
        lines = placing.broken(settable(words), _BROKEN if kind in _ON_TWO else len(words))
        name = Name(lines, letters, letters.size * self.pen.pixel, (), rank, **more)
        return replace(name, spots=spots(name.extent))

    def _areas(self, row: Row, shape: BaseGeometry) -> Iterator[Name]:
        if self.frame.scale * self.pen.size > _AREAS_FROM:
            spots = partial(placing.in_area, self.frame, shape, without=self._smaller(shape))
            yield self._made("area", i18n.name(row, self.lang), spots, 100, over=True)

    def _zones(self, row: Row, shape: BaseGeometry) -> Iterator[Name]:
        kind, named = row["kind"], row["zone_id"] in self.shown.zones
        if named or self._fits(kind):
            without = self._smaller(shape)
            spots = partial(placing.in_area, self.frame, shape, beside=kind != "KKT", without=without)
            words = figures.abbreviated(i18n.name(row, self.lang), self.lang)
            yield self._made(kind, words, spots, _RANKS[kind] + _CHOSEN * named, over=True)

    def _smaller(self, shape: BaseGeometry) -> BaseGeometry | None:
        """Return the parks near an area that are smaller, as one; None where there are none."""
        near = shapely.intersects(shapely.box(*shapely.bounds(self.parks).reshape(-1, 4).T), shapely.box(*shape.bounds))
        found = self.parks[near & (shapely.area(self.parks) < shape.area)]
        return shapely.union_all(found) if len(found) else None

    def _uses(self, row: Row, shape: BaseGeometry) -> Iterator[Name]:
        if self._fits("use") and not i18n.is_missing(row["use_code"]):
            yield self._made("use", row["use_code"], self._core(shape), 50, within=shape)

    def _plots(self, row: Row, shape: BaseGeometry) -> Iterator[Name]:
        if self._fits("plot"):
            yield self._made("plot", f"{row['sheet']}/{row['parcel']}", self._core(shape), 40, within=shape)

    def _core(self, shape: BaseGeometry) -> Callable[[Extent], list[Spot]]:
        return lambda extent: placing.in_area(self.frame, shape, extent)[:1]

    def _communes(self) -> Iterator[Name]:
        if not self._fits("commune"):
            return
        rows, shapes, hearts = _communes(layers.version("communes"))
        for number in np.flatnonzero(shapely.intersects(shapes, shapely.box(*self.frame.bounds))).tolist():
            row = rows[number]
            spots = partial(self._in_commune, shapes[number], hearts[number])
            yield self._made("commune", i18n.name(row, self.lang), spots, 30 + min(9.0, row["area_km2"] / 60))

    def _in_commune(self, shape: BaseGeometry, heart: BaseGeometry, extent: Extent) -> list[Spot]:
        """Return where the name of a commune may stand: round its heart, unless that is out of sight or in a park."""
        seen = shapely.box(*self.frame.bounds).contains(heart) and not shapely.intersects(self.parks, heart).any()
        if not seen:
            return placing.in_area(self.frame, shape, extent, without=self._smaller(shape))
        x, y = self.frame.paper(shapely.get_coordinates(heart))[0].tolist()
        return placing.near((x, y), extent)

    def _points(self, row: Row, shape: BaseGeometry) -> Iterator[Name]:
        if self._fits("centre"):
            x, y = self.frame.paper(shapely.get_coordinates(shape))[0].tolist()
            half = _HALF_ICON * self.pen.pixel
            spots = partial(placing.around, (x - half, y - half, x + half, y + half))
            yield self._made("centre", i18n.name(row, self.lang), spots, 55)

    def _ways(self, row: Row, shape: BaseGeometry) -> Iterator[Name]:
        """The number of a numbered road on a plate; the name of another along its course."""
        colour, words = style.MODE_COLOURS[row["mode"]], settable(i18n.name(row, self.lang))
        letters = Letters(_ROAD_SIZE, colour, 600)
        height = max(letters.size * self.pen.pixel, _LEAST_ROAD)
        if number := _number(words, self.lang):
            spots = placing.on_line(self.frame, shape)
            yield Name((number,), letters, height, spots, 58, plate=colour, apart=_APART * self.pen.size, on_lines=True)
            return
        rank = 57 if row["mode"] == "expressway" else 48
        name = Name((re.split(r", | \(", words)[0],), letters, height, (), rank, on_lines=True)
        off = 1.0 * height + (style.MODE_WIDTHS[row["mode"]] / 2 + 1) * self.pen.pixel
        follow = partial(placing.along, self.frame, shape, name.extent[0], bend=0.25 * height)
        yield replace(name, spots=[spot for side in (off, -off) for spot in follow(off=side)])

    def _waters(self) -> Iterator[Name]:
        for sea in style.SEAS:
            yield self._made("sea", sea[f"name_{self.lang}"], self._at([(sea["lon"], sea["lat"])]), 60)

    def _neighbours(self) -> Iterator[Name]:
        for neighbour in style.NEIGHBOURS:
            words = neighbour[f"name_{self.lang}"].upper()
            yield self._made("neighbour", words, self._at(neighbour["places"]), 20)

    def _at(self, places: Iterable[tuple[float, float]]) -> Callable[[Extent], list[Spot]]:
        plane_ = [to_vn2000(lon, lat)[::-1] for lon, lat in places]
        spots = [(x, y, 0.0) for x, y in self.frame.paper(np.array(plane_)).tolist()]
        return lambda _extent: spots


def _number(words: str, lang: str) -> str:
    """Return the number of a road as its plates have it; nothing for a road without one."""
    for long, short in _NUMBERED[lang]:
        if found := re.match(rf"{long} (\d+[A-Z]?)\b", words):
            return f"{short}.{found[1]}"
    return ""
