"""A map on a sheet of paper: exact scale, grid, legend, sources, and what is needed to trust it, as PDF."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from qn_geo import clock, crs, figures, i18n
from qn_geo.atlas import origins
from qn_geo.atlas.drawing import drawn
from qn_geo.atlas.shown import bounds as bounds_of
from qn_geo.atlas.shown import seen
from qn_geo.errors import QnGeoError
from qn_geo.report import furniture, typesetting
from qn_geo.report import paper as on_paper
from qn_geo.report.paper import Frame

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from qn_geo.atlas.shown import Bounds, Layer, Shown


class _Paper(NamedTuple):
    """A kind of paper and how a sheet of it is divided, millimetres.

    Attributes:
        short: Its short side.
        long: Its long side.
        size: How many times as large letters are as on a sheet held in the hand: large sheets hang on walls.
        margin: Room round the frame of the page; many printers leave 5 mm blank.
        panel: Width of what stands beside the map on a lying sheet.
        band: Height of what stands below it on an upright one.
        bar: Longest scale bar.
        documents: Sources that are named at most, as far as they find room; the rest is counted.
    """

    short: float
    long: float
    size: float
    margin: float
    panel: float
    band: float
    bar: float
    documents: int


_PAPERS: Final = {
    "A4": _Paper(210, 297, 1.0, 7, 62, 82, 42, 7),
    "A3": _Paper(297, 420, 1.0, 9, 72, 92, 60, 10),
    "A2": _Paper(420, 594, 1.3, 12, 98, 118, 80, 14),
    "A1": _Paper(594, 841, 1.7, 15, 132, 150, 100, 18),
    "A0": _Paper(841, 1189, 2.2, 20, 180, 195, 140, 24),
}
PAPERS: Final = {name: (paper.short, paper.long) for name, paper in _PAPERS.items()}
"""Width and height of a sheet held upright, millimetres."""

SCALES: Final = (500, 1_000_000)
"""Largest and smallest scale of a sheet, as denominators."""

_TEMPLATE: Final = Path(__file__).with_name("sheet.typ")
_GAP: Final = 4.0  # between the map and what stands beside it
_USUAL: Final = tuple(
    int(base * 10**power) for power in range(2, 6) for base in (1, 1.2, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 7.5, 8)
)
"""Scale denominators that are looked through when none is chosen; those below the largest scale are left out."""


@dataclass(frozen=True)
class _Layout:
    """Where things stand on a sheet, millimetres.

    Attributes:
        paper: What it is printed on.
        landscape: Whether it lies on its long side.
    """

    paper: _Paper
    landscape: bool

    @property
    def extent(self) -> tuple[float, float]:
        """Width and height of the sheet."""
        short, long = self.paper[:2]
        return (long, short) if self.landscape else (short, long)

    @property
    def size(self) -> float:
        """How many times as large letters are as on a sheet held in the hand."""
        return self.paper.size

    @property
    def rim(self) -> float:
        """Room round the map for the numbers of its grid."""
        return furniture.RIM * self.size

    @property
    def beside(self) -> float:
        """Width, on an upright sheet height, of what stands beside the map."""
        return self.paper.panel if self.landscape else self.paper.band

    @property
    def window(self) -> tuple[float, float]:
        """Width and height of the map."""
        wide, high = (side - 2 * (self.paper.margin + self.rim) for side in self.extent)
        taken = self.beside + _GAP * self.size
        return (wide - taken, high) if self.landscape else (wide, high - taken)


@figures.pinned()
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
        scale: Scale denominator within `SCALES`; what does not fit on the sheet at it is left out. None takes the
            largest usual one at which the bounds are seen whole.
        centre: Longitude and latitude (WGS 84) of the middle of the map; None takes that of the bounds.
        bounds: What is to be seen, in EPSG:5899; None takes what the map is about.
        printed: Day of printing; None means today.

    Raises:
        QnGeoError: If paper or scale are unknown, what is to be seen fits at no scale, or fonts are not installed.
        DataFileError: If a layer cannot be used.
    """
    if paper not in PAPERS:
        raise _unknown(paper)
    layout = _Layout(_PAPERS[paper], landscape)
    frame = _frame(layout, bounds or bounds_of(shown), scale, centre)
    day = printed or clock.today()
    found = seen(frame, shown)
    content = _content(shown, found, lang, title, layout, frame) | _about(layout, frame, shown, found, lang, day)
    return typesetting.pdf(_TEMPLATE, content)


def smallest(shown: Shown, paper: str, *, landscape: bool = True) -> int:
    """Return the scale denominator from which on all of what a map is about fits on a sheet.

    Raises:
        QnGeoError: If the paper is unknown.
        DataFileError: If a layer cannot be used.
    """
    if paper not in PAPERS:
        raise _unknown(paper)
    west, south, east, north = bounds_of(shown)
    wide, high = _Layout(_PAPERS[paper], landscape).window
    return math.ceil(max((east - west) / wide, (north - south) / high) * 1000)


def _frame(layout: _Layout, bounds: Bounds, scale: int | None, centre: tuple[float, float] | None) -> Frame:
    west, south, east, north = bounds
    wide, high = layout.window
    needed = max((east - west) / wide, (north - south) / high) * 1000
    usual = (*_USUAL, SCALES[1])
    found = next((near for near in usual if near >= max(needed, SCALES[0])), None) if scale is None else scale
    if found is None or not SCALES[0] <= found <= SCALES[1]:
        raise _unfit(found)
    middle = (west + east) / 2, (south + north) / 2
    if centre:
        middle = crs.to_vn2000(*centre)[::-1]
    return Frame(*middle, wide, high, found)


def _unknown(name: str) -> QnGeoError:
    known = ", ".join(PAPERS)
    return QnGeoError(
        f"Không có khổ giấy “{name}”.",
        f"There is no paper “{name}”.",
        remedy_vi=f"chọn một trong các khổ {known}.",
        remedy_en=f"choose one of {known}.",
    )


def _unfit(scale: int | None) -> QnGeoError:
    limits = {lang: [i18n.number(limit, lang) for limit in SCALES] for lang in i18n.LANGUAGES}
    if scale is None:
        return QnGeoError(
            "Phạm vi cần in quá rộng, không vừa tờ giấy ở bất kỳ tỷ lệ nào.",
            "What is to be printed is too wide and fits on the sheet at no scale.",
            remedy_vi=f"chọn phạm vi nhỏ hơn hoặc khổ giấy lớn hơn; tỷ lệ nhỏ nhất là 1:{limits['vi'][1]}.",
            remedy_en=f"choose a smaller extent or a larger paper; the smallest scale is 1:{limits['en'][1]}.",
        )
    return QnGeoError(
        f"Không in được ở tỷ lệ 1:{i18n.number(scale, 'vi')}.",
        f"The scale 1:{i18n.number(scale, 'en')} cannot be printed.",
        remedy_vi=f"chọn tỷ lệ từ 1:{limits['vi'][0]} đến 1:{limits['vi'][1]}.",
        remedy_en=f"choose a scale from 1:{limits['en'][0]} to 1:{limits['en'][1]}.",
    )


def _content(  # noqa: PLR0913, PLR0917 - what a sheet is made of
    shown: Shown, found: Sequence[Layer], lang: str, title: str, layout: _Layout, frame: Frame
) -> dict[str, Any]:
    """Return the map and its legend, and how the sheet is divided."""
    crosses = furniture.crosses(frame, size=layout.size)
    groups, signs = drawn(frame, shown, lang, found=found, size=layout.size, under=crosses)
    rim, grid = layout.rim, furniture.numbers(frame, lang, all_round=True, size=layout.size)
    return {
        "lang": lang,
        "title": title,
        "width": layout.extent[0],
        "height": layout.extent[1],
        "margin": layout.paper.margin,
        "size": layout.size,
        "landscape": layout.landscape,
        "panel": layout.beside,
        "map": {"svg": on_paper.svg(frame, groups, grid, rim=rim, all_round=True), "width": frame.width + 2 * rim},
        "bar": _bar(frame, lang, layout),
        "arrow": {"svg": on_paper.document(6, 12, furniture.arrow(lang), (-3, 3.2))},
        "legend": [
            {"group": sign.group, "name": sign.label, "svg": sign.svg, "width": sign.width_mm} for sign in signs
        ],
    }


def _bar(frame: Frame, lang: str, layout: _Layout) -> dict[str, Any]:
    """Return the scale bar with room for its numbers at both ends."""
    longest, size = layout.paper.bar, layout.size
    wide, high = furniture.bar_length(frame, longest)[1] + 9 * size, 5.4 * size
    drawn_ = furniture.bar(frame, lang, (1.2 * size, high - 0.3), longest=longest, size=size)
    return {"svg": on_paper.document(wide, high, drawn_), "width": wide}


def _about(  # noqa: PLR0913, PLR0917 - as above
    layout: _Layout, frame: Frame, shown: Shown, found: Sequence[Layer], lang: str, printed: date
) -> dict[str, Any]:
    """Return what is needed to trust the sheet: where its content comes from, how old and how true it is."""
    _ = i18n.translator(lang)
    documents = origins.sources(found)
    dates = {"data": i18n.iso_date(origins.dated(found), "day", lang), "printed": printed.isoformat()}
    return {
        "subtitle": origins.subtitle(shown, lang),
        "alt": origins.alternative(found, shown, lang),
        "scale": _("Scale 1:{denominator}").format(denominator=i18n.number(frame.scale, lang)),
        "quality": " ".join(filter(None, [origins.quality(found, lang), origins.remark(found, lang)])),
        "sources": [origins.citation(source, lang) for source in documents[: layout.paper.documents]],
        "count": len(documents),
        "meta": [
            _("VN-2000 / TM-3 107°45' (EPSG:5899), by operation EPSG:6960. Grid in metres: X north, Y east."),
            _("Data of {data}. Printed {printed}. QN Geo.").format(
                data=dates["data"], printed=i18n.iso_date(dates["printed"], "day", lang)
            ),
        ],
        "words": {
            "sources": _("Sources"),
            "more": _("and {count} more documents, listed in the app under Sources"),
            "bar": _("Scale bar"),
            "north": _("Grid north"),
        },
    }
