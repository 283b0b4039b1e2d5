"""A whole map as one picture: with legend, scale bar, north arrow and the note how true it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from qn_geo.atlas import origins
from qn_geo.atlas.drawing import drawn
from qn_geo.atlas.shown import bounds as bounds_of
from qn_geo.report import paper, typesetting
from qn_geo.report.paper import Frame

if TYPE_CHECKING:
    from qn_geo.atlas.shown import Bounds, Shown
    from qn_geo.atlas.signs import Sign

_INCH: Final = 25.4


@dataclass(frozen=True)
class Picture:
    """A map as a picture.

    Attributes:
        svg: SVG document in millimetres; its text falls back to usual fonts.
        frame: Window of the map in it.
        signs: Its legend.
        sources: Ids of the documents behind what can be seen.
        quality: How true the shapes are, in a sentence.
        alt: What it shows, for those who cannot see it.
    """

    svg: str
    frame: Frame
    signs: list[Sign]
    sources: list[str]
    quality: str
    alt: str


def picture(  # noqa: PLR0913 - what a picture may be
    shown: Shown,
    lang: str,
    width_mm: float,
    height_mm: float,
    *,
    scale: int | None = None,
    bounds: Bounds | None = None,
    legend: bool = True,
    size: float = 1.0,
) -> Picture:
    """Return a map as a picture of exactly this size.

    Args:
        shown: What the map shows.
        lang: "vi" or "en".
        width_mm: Width of the picture.
        height_mm: Height of the picture.
        scale: Scale denominator; None takes the largest at which the bounds are seen whole.
        bounds: What is to be seen, in EPSG:5899; None takes what the map is about.
        legend: Whether it has a legend and the note how true it is.
        size: Letters, lines and marks are so many times as large as on a sheet held in the hand; 1.6 suits a slide.

    Raises:
        DataFileError: If a layer cannot be used.
        QnGeoError: If the font files are not installed.
    """
    west, south, east, north = bounds or bounds_of(shown)
    needed = max((east - west) / width_mm, (north - south) / height_mm) * 1000
    found = scale or _rounded(needed)
    frame = Frame((west + east) / 2, (south + north) / 2, width_mm, height_mm, found)
    groups, signs = drawn(frame, shown, lang, size=size)
    inside = [*groups, paper.scale_bar(frame, lang), paper.north_arrow(frame, lang)]
    return Picture(
        paper.svg(frame, inside), frame, signs, origins.sources(frame, shown), origins.quality(frame, shown, lang), ""
    )


def _rounded(needed: float) -> int:
    """Return a scale denominator of two digits that is not below the needed one."""
    unit = 10 ** (math.floor(math.log10(max(needed, 10))) - 1)
    return math.ceil(needed / unit) * unit


def png(drawn_: Picture, dpi: float = 300) -> bytes:
    """Return a picture as PNG of so many pixels an inch.

    Raises:
        QnGeoError: If the font files are not installed.
    """
    return typesetting.png(drawn_.svg, dpi)
