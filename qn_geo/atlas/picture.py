"""A whole map as one picture: with legend, scale bar, north arrow and the note how true it is."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from qn_geo import figures
from qn_geo.atlas import origins
from qn_geo.atlas.drawing import drawn
from qn_geo.atlas.keys import Place, divide
from qn_geo.atlas.looks import Pen
from qn_geo.atlas.shown import bounds as bounds_of
from qn_geo.atlas.shown import seen
from qn_geo.atlas.signs import signs as signs_of
from qn_geo.report import furniture, paper, typesetting
from qn_geo.report.paper import Frame

if TYPE_CHECKING:
    from qn_geo.atlas.shown import Bounds, Shown
    from qn_geo.atlas.signs import Sign

_LARGEST_ARROW: Final = 1.2
_TURNS: Final = 6  # after so many the legend may be a line longer than its room


@dataclass(frozen=True)
class Picture:
    """A map as a picture.

    Attributes:
        svg: SVG document in millimetres, for pages and PNG; to be handed over as a file it is `portable`.
        frame: Window of the map in it.
        signs: Its legend.
        sources: Ids of the documents behind what can be seen.
        quality: How true the shapes are, in a sentence.
        remark: What rests on no document, in a sentence; empty where all does.
        alt: What it shows, for those who cannot see it.
    """

    svg: str
    frame: Frame
    signs: list[Sign]
    sources: list[str]
    quality: str
    remark: str
    alt: str

    @property
    def portable(self) -> str:
        """The SVG as other programs show it rightly: words fall back to usual fonts, their rims are copies."""
        return paper.portable(self.svg)


@figures.pinned()
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
    wanted = bounds or bounds_of(shown)
    place = _divided(shown, lang, wanted, Place(width_mm, height_mm), scale, size) if legend else None
    frame = _fitted(wanted, place or Place(width_mm, height_mm), scale)
    found = seen(frame, shown)
    groups, signs = drawn(frame, shown, lang, found=found, size=size, taken=furniture.corners(frame, size=size))
    inside = [
        *groups,
        furniture.scale_bar(frame, lang, size=size),
        furniture.north_arrow(frame, lang, size=min(size, _LARGEST_ARROW)),
    ]
    note = origins.quality(found, lang)
    keys = place.legend(signs, note) if place else ""
    return Picture(
        paper.document(width_mm, height_mm, paper.window(frame, inside) + keys),
        frame,
        signs,
        origins.sources(found),
        note,
        origins.remark(found, lang),
        origins.alternative(found, shown, lang),
    )


def _divided(  # noqa: PLR0913, PLR0917 - what a picture is made from
    shown: Shown, lang: str, wanted: Bounds, whole: Place, scale: int | None, size: float
) -> Place:
    """Return how a picture is divided: the window decides on the legend, and the room that leaves on the window.

    Where one asks for the other in turn, the legend has room for the entries of both.
    """
    aspect, place = (wanted[2] - wanted[0]) / (wanted[3] - wanted[1]), whole
    known: dict[tuple[str, str], Sign] = {}
    for turn in range(_TURNS):
        frame = _fitted(wanted, place, scale)
        pen = Pen(size, frame.scale, shown.year, shown.area)
        found = seen(frame, shown)
        told = {(sign.group, sign.label): sign for sign in signs_of(pen, shown, found, lang)}
        known = known | told if turn > 1 else told
        before = place
        place = divide(
            sorted(known.values(), key=lambda sign: sign.group),
            origins.quality(found, lang),
            (whole.width, whole.height),
            size,
            aspect,
        )
        if place == before:
            break
    return place


def _fitted(wanted: Bounds, place: Place, scale: int | None) -> Frame:
    """Return the window of this size in whose middle lies what is wanted."""
    west, south, east, north = wanted
    needed = max((east - west) / place.width, (north - south) / place.height) * 1000
    return Frame((west + east) / 2, (south + north) / 2, place.width, place.height, scale or _rounded(needed))


def _rounded(needed: float) -> int:
    """Return a scale denominator of two digits that is not below the needed one."""
    unit = 10 ** (math.floor(math.log10(max(needed, 10))) - 1)
    return int(math.ceil(needed / unit) * unit)


def png(drawn_: Picture, dpi: float = 300) -> bytes:
    """Return a picture as PNG of so many pixels an inch.

    Raises:
        QnGeoError: If the font files are not installed.
    """
    return typesetting.png(drawn_.svg, dpi)
