"""How features look on paper: colours, widths, dashes and hatches of the screen, its pixels turned to millimetres."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from qn_geo import i18n, landuse, style
from qn_geo.atlas.shown import status_in
from qn_geo.report.paper import Look

if TYPE_CHECKING:
    from collections.abc import Mapping

    from qn_geo.style import MapLayer

PIXEL: Final = 0.19
"""Millimetres on a sheet for a pixel of the screen: letters of 11 pixels are 2.1 mm high."""

NEAR: Final = 150_000
"""From this scale on parks are told by their outline alone: their fill would hide land use and plots."""

_TILES: Final = {  # as on the screen, in a square of 8 pixels
    "hatch": '<path d="M-2 2 2-2M0 8 8 0M6 10 10 6" stroke="{colour}" stroke-width="1.2"/>',
    "cross": '<path d="M0 0 8 8M0 8 8 0" stroke="{colour}" stroke-width="1"/>',
    "dots": '<circle cx="4" cy="4" r="1.2" fill="{colour}"/>',
}
_PATTERNED: Final = {
    *((kind, colour) for colour in style.ZONE_COLOURS.values() for kind in ("hatch", "dots")),
    *((kind, style.PLOT_COLOURS[status]) for status, kind in style.PLOT_PATTERNS.items()),
    ("hatch", style.EDGE),
    ("dots", style.EDGE),
}


@dataclass(frozen=True)
class Pen:
    """What turns the screen's pixels to millimetres on a map.

    Attributes:
        size: Letters, lines and marks are so many times as large as on a sheet held in the hand.
        scale: Scale denominator of the map.
        year: Year that is shown.
        area: Growth area the map is about.
    """

    size: float
    scale: int
    year: int
    area: str | None = None

    @property
    def pixel(self) -> float:
        """Millimetres for a pixel of the screen."""
        return PIXEL * self.size

    @property
    def near(self) -> bool:
        """Whether the map is near enough for what lies inside the zones."""
        return self.scale * self.size <= NEAR

    def dash(self, pixels: str) -> str:
        """Return a dash pattern of the screen in millimetres."""
        return " ".join(f"{float(part) * self.pixel:.2f}" for part in pixels.split())

    def look(self, line: str, width: float, *, dash: str = "", fill: str = "none", **more: float) -> Look:
        """Return how something looks whose width and dashes are told in pixels."""
        return Look(fill, line, round(width * self.pixel, 3), self.dash(dash), **more)

    def of(self, layer: MapLayer, row: Mapping[Any, Any]) -> Look:
        """Return how a feature of an area or line layer looks."""
        return _LOOKS[layer.source](self, row)

    def patterns(self) -> str:
        """Return the definitions of all hatches."""
        return "<defs>" + "".join(self._pattern(kind, colour) for kind, colour in sorted(_PATTERNED)) + "</defs>"

    def _pattern(self, kind: str, colour: str) -> str:
        return (
            f'<pattern id="{_name(kind, colour)}" width="8" height="8" patternUnits="userSpaceOnUse" '
            f'patternTransform="scale({self.pixel:.4f})"><rect width="8" height="8" fill="{colour}" '
            f'fill-opacity="0.15"/>{_TILES[kind].format(colour=colour)}</pattern>'
        )

    def icon(self, kind: str, *, pale: bool) -> str:
        """Return the mark of a point round (0, 0); pale where it does not operate yet."""
        colour, path = style.MARKERS[kind]
        inked = (
            f'fill="#fff" stroke="{colour}" stroke-width="1.6" stroke-dasharray="2.5 1.5"'
            if pale
            else f'fill="{colour}" stroke="#fff" stroke-width="1"'
        )
        return f'<path transform="scale({self.pixel:.4f}) translate(-8 -8)" d="{path}" {inked}/>'


def _name(kind: str, colour: str) -> str:
    return f"qn-{kind}-{colour.removeprefix('#')}"


def pattern(kind: str, colour: str) -> str:
    """Return the fill that names a hatch."""
    return f"url(#{_name(kind, colour)})"


def is_rough(row: Mapping[Any, Any]) -> bool:
    """Tell whether an outline is invented: hatched and dashed, so that nobody takes it for a boundary."""
    return row["quality"] in ("schematic", "demo")


def _commune(pen: Pen, _row: Mapping[Any, Any]) -> Look:
    return pen.look(style.BORDER, 0.8)


def _area(pen: Pen, row: Mapping[Any, Any]) -> Look:
    colour = style.AREA_COLOURS[row["area_id"]]
    tint = 0.2 if pen.area is None and not pen.near else 0.07
    return pen.look(colour, 1.8 if pen.near else 1.1, fill=colour, tint=tint)


def _landuse(pen: Pen, row: Mapping[Any, Any]) -> Look:
    code = row["use_code"]
    coded = not i18n.is_missing(code)
    fill, tint = (landuse.colour(code), 0.8) if coded else (landuse.NEUTRAL, style.UNCODED_OPACITY)
    return pen.look(style.EDGE, 0.7 if coded else 1.1, dash=style.LAYER_DASHES["landuse"], fill=fill, tint=tint)


def _plot(pen: Pen, row: Mapping[Any, Any]) -> Look:
    dash, status = style.LAYER_DASHES["plots"], row["status"]
    if i18n.is_missing(status):
        return pen.look(style.EDGE, 0.6, dash=dash, fill=landuse.colour(row["use_code"]), tint=0.45)
    colour, kind = style.PLOT_COLOURS[status], style.PLOT_PATTERNS.get(status)
    return pen.look(style.EDGE, 0.6, dash=dash, fill=pattern(kind, colour) if kind else colour)


def _zone(pen: Pen, row: Mapping[Any, Any]) -> Look:
    colour, dash = style.ZONE_COLOURS[row["kind"]], style.QUALITY_DASHES[row["quality"]]
    if row["kind"] == "KKT":
        return pen.look(colour, 1.6 if pen.near else 1.0, dash=dash, fill=colour, tint=0.04)
    if pen.near:
        return pen.look(colour, 2, dash=dash)
    future = status_in(row, pen.year) != "operating"
    fill = pattern("dots" if future else "hatch", colour) if is_rough(row) else colour
    return pen.look(colour, 1.6, dash=dash, fill=fill, tint=1 if is_rough(row) else 0.25)


def _way(pen: Pen, row: Mapping[Any, Any]) -> Look:
    mode, status = row["mode"], status_in(row, pen.year)
    rail = style.LAYER_DASHES["railway"] if mode.endswith("railway") else ""
    dash = rail if status == "operating" else style.STATUS_DASHES[status]
    return pen.look(style.MODE_COLOURS[mode], style.MODE_WIDTHS[mode], dash=dash)


_LOOKS: Final = {
    "communes": _commune,
    "areas": _area,
    "landuse": _landuse,
    "plots": _plot,
    "zones": _zone,
    "transport": _way,
}
