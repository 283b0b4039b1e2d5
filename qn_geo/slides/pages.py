"""The same story on paper: a cover and a landscape page a scene, with the documents of its figures as footnotes."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from qn_geo import atlas, figures, i18n, sheets
from qn_geo.charts import still
from qn_geo.profiles.documents import printable, title
from qn_geo.report import typesetting
from qn_geo.slides import telling
from qn_geo.slides.boxes import Box
from qn_geo.slides.fitting import fitted, headline_of, height, on_one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qn_geo.slides.telling import Told
    from qn_geo.stories import Story

PAGE: Final = (297.0, 210.0)
"""Width and height of a page, millimetres."""

_TEMPLATE: Final = Path(__file__).with_name("pages.typ")
_SIDE: Final = 14.0
_WIDE: Final = PAGE[0] - 2 * _SIDE
_RULE: Final = Box(_SIDE, 0, 22, 2.2)
_FOOTER: Final = Box(_SIDE, 201, _WIDE, 4)
_TIMES: Final = Box(_SIDE, 5.5, _WIDE, 4)
_COVER_RULE: Final = Box(_SIDE, 44, 22, 2.2)
_TITLE: Final = Box(_SIDE, 54, 86, 130)
_TITLE_HIGH: Final = 90.0  # of its box, which holds the lines under the title too
_TITLES: Final = (28, 24, 20, 16)
_COVER_MAP: Final = Box(106, 44, PAGE[0] - _SIDE - 106, 117)
_COVER_NOTE: Final = Box(_COVER_MAP.x, _COVER_MAP.bottom + 2, _COVER_MAP.wide, 12)
_TOP, _BOTTOM = 12.0, 197.0
_GAP: Final = 5.0
_HEADLINES: Final = (22, 20, 18, 16, 14)
_HEADLINE: Final = 20.0  # height of a headline at most
_VALUES: Final = (18, 16, 14, 12, 11, 10)
_TEXT: Final = 8.5  # points of what stands under a value
_TILE: Final = 88.0  # width of a figure at most
_INSET: Final = 4.5  # in a tile, beside its text
_VALUE_GAP: Final = 2.2  # between a value and its name
_MAP: Final = 150.0  # width of a map beside a chart
_CAPTIONS: Final = (10, 9, 8)
_CAPTION: Final = 9.0
_NOTE: Final = 7.5
_FOOT: Final = 7.0  # points of a footnote
_NUMBER: Final = 6.0  # millimetres before it
_HIGHEST_FOOT: Final = 46.0
_COLUMN: Final = (_WIDE - 7.0) / 2  # footnotes stand in two
_BETWEEN: Final = 1.1 + 0.3  # footnotes
_CHART_TEXT: Final = 8.0
_HAIR: Final = 0.01


def pages(story: Story, progress: Callable[[int, int], None] | None = None) -> bytes:
    """Return a story as PDF/A-2a: a cover, a page a scene, then the documents of its maps.

    Args:
        story: The story.
        progress: Told after each page how many of how many are done.

    Raises:
        DataFileError: If a layer of a map cannot be used.
        QnGeoError: If the font files are not installed.
    """
    _ = i18n.translator(story.lang)
    scenes, lists, maps, remarks = [], [], dict[str, None](), dict[str, None]()
    with figures.pinned():
        for number, scene in enumerate(story.scenes, start=1):
            told = telling.Told(number, scene, story.lang)
            made, rest, picture = _scene(told)
            scenes.append(made)
            if rest:
                lists.append(
                    {"heading": _("Page {number}, further documents").format(number=number + 1), "entries": rest}
                )
            maps |= dict.fromkeys(picture.sources)
            remarks |= dict.fromkeys(filter(None, [picture.remark]))
            if progress:
                progress(number, len(story.scenes))
        entries = [_document(str(number), each, story.lang) for number, each in enumerate(maps, start=1)]
    content = {
        "lang": story.lang,
        "title": story.title,
        "page": PAGE,
        "cover": _cover(story),
        "rule": _box(_RULE),
        "footer": _box(_FOOTER),
        "scenes": scenes,
        "lists": [*lists, {"heading": _("Documents behind the maps"), "entries": entries}],
        "remarks": list(remarks),
        "words": {"sources": _("Sources")},
    }
    return typesetting.pdf(_TEMPLATE, content)


def _cover(story: Story) -> dict[str, Any]:
    """Return the first page: title, product, scenes and day beside a map of the city, as on the first slide."""
    words, size = fitted(story.title, (_TITLE.wide, _TITLE_HIGH), _TITLES, bold=True)
    picture = atlas.picture(telling.COVER_MAP, story.lang, _COVER_MAP.wide, _COVER_MAP.high, legend=False)
    return {
        "title": {"text": words, "size": size, "box": _box(_TITLE)},
        "lines": telling.cover(story),
        "map": _picture(picture.svg, _COVER_MAP, f"{picture.alt} {picture.quality}"),
        "note": {"text": picture.quality, "box": _box(_COVER_NOTE)},
        "rule": _box(_COVER_RULE),
    }


def _scene(told: Told) -> tuple[dict[str, Any], list[dict[str, str]], atlas.Picture]:
    """Return a page, its documents that have no room there, and its map."""
    headline, size = headline_of(told.scene.headline, (_WIDE, _HEADLINE), _HEADLINES)
    top = Box(_SIDE, _TOP, _WIDE, height(headline, _WIDE, size, bold=True))
    figures, strip = _figures(told, top.bottom + _GAP)
    columns, rest, foot = _foot(told)
    numbers = told.reference(";".join(told.cited[-len(rest) :])) if rest else ""
    begin = (strip + _GAP) if figures else top.bottom + _GAP
    end = (foot.y if foot else _BOTTOM) - _GAP
    wide = _WIDE if told.chart is None else _MAP
    place = Box(_SIDE, begin, wide, end - begin)
    picture = atlas.picture(told.shown, told.lang, place.wide, place.high, bounds=told.bounds)
    _ = i18n.translator(told.lang)
    more = _("Documents {numbers} stand on the last pages.").format(numbers=numbers) if rest else ""
    page = {
        "headline": {"text": headline, "size": size, "box": _box(top)},
        "horizon": {"text": told.horizon, "box": _box(_TIMES)},
        "figures": figures,
        "map": _picture(picture.svg, place, f"{picture.alt} {picture.quality}"),
        "chart": _chart(told, begin, end),
        "documents": columns,
        "foot": _box(foot) if foot else None,
        "more": more,
    }
    return page, rest, picture


def _box(box: Box) -> dict[str, float]:
    return {"x": box.x, "y": box.y, "wide": box.wide, "high": box.high}


def _picture(svg: str, place: Box, alt: str) -> dict[str, Any]:
    return {"svg": svg, "width": place.wide, "height": place.high, "alt": alt, "box": _box(place)}


def _figures(told: Told, top: float) -> tuple[list[dict[str, Any]], float]:
    """Return the figures side by side, and where they end."""
    found = told.figures
    if not found:
        return [], top
    wide = min(_WIDE / len(found), _TILE)
    room = wide - _INSET
    size = on_one_line((each.value for each in found), room, _VALUES)
    tiles = []
    for place, each in enumerate(found):
        name = ", ".join(filter(None, [each.label, each.place_name]))
        reference = told.reference(each.figure.source_id) if each.figure else ""
        detail = " ".join(filter(None, [each.detail, reference]))
        high = height(each.value, room, size, bold=True) + _VALUE_GAP + height(name, room, _TEXT, bold=True)
        high += height(detail, room, _TEXT) if detail else 0.0
        tiles.append((Box(_SIDE + place * wide, top, wide, high), each, name, detail))
    high = max(box.high for box, *_rest in tiles)
    drawn = [
        {
            "box": _box(box.below(top, high)),
            "value": each.value,
            "size": size,
            "gap": _VALUE_GAP,
            "known": each.figure is not None,
            "name": name,
            "detail": detail,
        }
        for box, each, name, detail in tiles
    ]
    return drawn, top + high


def _chart(told: Told, top: float, bottom: float) -> dict[str, Any] | None:
    if told.chart is None:
        return None
    x = _SIDE + _MAP + _GAP + 2
    wide = PAGE[0] - _SIDE - x
    caption, size = fitted(told.chart.title, (wide, _CAPTION), _CAPTIONS, bold=True)
    note = told.chart.note or ""
    note_high = height(note, wide, _NOTE) + 1.5 if note else 0.0
    head = height(caption, wide, size, bold=True) + 2.0
    room = bottom - top - head - note_high
    place = Box(x, top + head, wide, still.filled(told.chart, wide, room, size_pt=_CHART_TEXT))
    return {
        "caption": {"text": caption, "size": size, "box": _box(Box(x, top, wide, head))},
        "note": {"text": note, "box": _box(Box(x, place.bottom + 1.5, wide, note_high))},
    } | _picture(still.svg(told.chart, place.wide, place.high, told.lang, size_pt=_CHART_TEXT), place, told.chart.alt)


def _foot(told: Told) -> tuple[list[list[dict[str, str]]], list[dict[str, str]], Box | None]:
    """Return the footnotes in columns, those that have no room, and where they stand."""
    if not told.cited:
        return [], [], None
    documents = [_document(str(number), each, told.lang) for number, each in enumerate(told.cited, start=1)]
    room = _HIGHEST_FOOT - 6.0
    kept = next(count for count in range(len(documents), -1, -1) if _needed(documents[:count]) <= room)
    high = _needed(documents[:kept]) + 3.0 + (4.0 if kept < len(documents) else 0.0)
    return _split(documents[:kept]), documents[kept:], Box(_SIDE, _BOTTOM - high, _WIDE, high)


def _document(number: str, source_id: str, lang: str) -> dict[str, str]:
    found = sheets.documents(source_id)[0]
    return {
        "number": number,
        "title": title(found["title"], lang).rstrip("."),
        "publisher": printable(found["publisher"].partition(" (")[0]),
        "date": i18n.iso_date(found["date"], None, lang) if found["date"] else "",
        "host": (urlsplit(found["url"]).hostname or "").removeprefix("www."),
        "url": found["url"],
    }


def _split(documents: Sequence[dict[str, str]]) -> list[list[dict[str, str]]]:
    """Return documents in columns of about the same height, in their order."""
    half = sum(map(_high, documents)) / 2
    columns: list[list[dict[str, str]]] = [[], []]
    used = 0.0
    for each in documents:
        columns[int(used + _high(each) / 2 > half + _HAIR)].append(each)
        used += _high(each)
    return columns


def _needed(documents: Sequence[dict[str, str]]) -> float:
    return max((sum(map(_high, column)) for column in _split(documents)), default=0.0) if documents else 0.0


def _high(document: dict[str, str]) -> float:
    about = ", ".join(filter(None, (document["publisher"], document["date"], document["host"])))
    return height(f"{document['title']}. {about}", _COLUMN - _NUMBER, _FOOT) + _BETWEEN
