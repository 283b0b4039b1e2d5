"""A map on a sheet of paper: exact scale, grid, legend, sources, and what is needed to trust it, as PDF."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from qn_geo.atlas.picture import picture
from qn_geo.report import typesetting

if TYPE_CHECKING:
    from datetime import date

    from qn_geo.atlas.shown import Bounds, Shown

PAPERS: Final = {"A4": (210, 297), "A3": (297, 420), "A2": (420, 594), "A1": (594, 841), "A0": (841, 1189)}
"""Width and height of a sheet held upright, millimetres."""

_TEMPLATE: Final = Path(__file__).with_name("sheet.typ")


def sheet(  # noqa: PLR0913 - what a sheet may be
    shown: Shown,
    lang: str,
    *,
    title: str,
    paper: str = "A4",
    landscape: bool = True,
    scale: int | None = None,
    centre: tuple[float, float] | None = None,
    bounds: Bounds | None = None,
    printed: date | None = None,
) -> bytes:
    """Return a map sheet as PDF (PDF/A-2a): vector, its text selectable, its fonts embedded.

    Args:
        shown: What the map shows.
        lang: "vi" or "en".
        title: Title of the sheet.
        paper: One of `PAPERS`.
        landscape: Whether the sheet lies on its long side.
        scale: Scale denominator, 500 to 1 000 000; None takes the largest usual one at which the bounds are seen whole.
        centre: Longitude and latitude (WGS 84) of the middle of the map; None takes that of the bounds.
        bounds: What is to be seen, in EPSG:5899; None takes what the map is about.
        printed: Day of printing; None means today.

    Raises:
        QnGeoError: If paper or scale are unknown, or what is to be seen fits at no scale.
    """
    wide, high = sorted(PAPERS[paper], reverse=landscape)
    made = picture(shown, lang, wide, high, scale=scale, bounds=bounds)
    content = {"lang": lang, "title": title, "width": wide, "height": high, "map": {"svg": made.svg}}
    return typesetting.pdf(_TEMPLATE, content)
