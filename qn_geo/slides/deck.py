"""Slides: a story as PowerPoint, with native charts and tables, sharp maps, and each figure's document in the notes."""

from __future__ import annotations

import io
import math
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from xml.sax.saxutils import quoteattr

from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.util import Mm

from qn_geo import atlas, figures, i18n
from qn_geo.charts.canvas import POINT
from qn_geo.report import typesetting
from qn_geo.slides import boxes, master, telling
from qn_geo.slides.boxes import CAPTION, CHART, FIGURES, HORIZON, MAP, NOTE, NUMBER, SOURCE, SUBTITLE, TITLE, Box
from qn_geo.slides.fitting import LEADING, fitted, headline_of, height
from qn_geo.slides.native import native
from qn_geo.slides.tables import column, strip, strip_height
from qn_geo.slides.words import LOCALES, Run, clean, describe, in_language, line, unbroken, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pptx.presentation import Presentation as Deck

    from qn_geo.slides.native import Native
    from qn_geo.slides.telling import Told
    from qn_geo.stories import Story

DPI: Final = 220
"""Pixels an inch of the maps at their size on the slide."""
MAP_SIZE: Final = 1.6
"""Letters of the maps, of those on a sheet held in the hand."""

_NOTE_SIZES: Final = (12, 11, 10, 9, 8)
_NOTE_ROOM: Final = (150.0, 112.0)  # of the notes on their page, millimetres
_LETTER: Final = 0.55  # width of an average letter, of its size
_CAPTION_SIZES: Final = (14, 13, 12)
_TITLE_SIZES: Final = (36, 32, 28, 24, 20)
_APART: Final = 4.0  # between two charts, millimetres
_UNDER: Final = 6.0  # from the title of a cover to what stands under it
_AIR: Final = 1.5  # between a chart and its note


def deck(story: Story, progress: Callable[[int, int], None] | None = None) -> bytes:
    """Return a story as PPTX: a title, and a slide for each scene.

    Args:
        story: The story.
        progress: Told after each slide how many of how many are done.

    Raises:
        DataFileError: If a layer of a map cannot be used.
        QnGeoError: If the font files are not installed.
    """
    made, layouts = master.blank(story.lang)
    _properties(made, story)
    with figures.pinned():
        _cover(made.slides.add_slide(layouts[master.COVER]), story)
        for drawn in _drawn(story):
            _scene(made.slides.add_slide(layouts[drawn.kind]), drawn, len(story.scenes))
            if progress:
                progress(drawn.told.number, len(story.scenes))
    _notes_master(made, story.lang)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


class _Drawn(NamedTuple):
    """What a slide is made of.

    Attributes:
        told: What the scene tells.
        kind: Layout of the slide.
        places: Its boxes.
        picture: The map.
        png: The map as pixels, once it is finished.
    """

    told: Told
    kind: str
    places: dict[int, Box]
    picture: atlas.Picture
    png: Future[bytes]


def _drawn(story: Story) -> Iterator[_Drawn]:
    """Draw one map after the other; while the next one is drawn, another thread turns the last into pixels."""
    with ThreadPoolExecutor(1) as pool:
        waiting = None
        for number, scene in enumerate(story.scenes, start=1):
            told = telling.Told(number, scene, story.lang)
            kind = boxes.layout(len(told.figures), chart=told.chart is not None)
            places = boxes.SCENES[kind]
            if kind == "strip":
                places = boxes.strip(strip_height(told, places[FIGURES].wide))
            wide, high = _room(places[MAP])
            picture = atlas.picture(told.shown, told.lang, wide, high, bounds=told.bounds, size=MAP_SIZE)
            last, waiting = waiting, _Drawn(told, kind, places, picture, pool.submit(_png, picture.svg))
            if last:
                yield last
        if waiting:
            yield waiting


def _properties(made: Deck, story: Story) -> None:
    told, now = made.core_properties, datetime.now(UTC).replace(tzinfo=None)
    told.title, told.author, told.last_modified_by = line(story.title), "QN Geo", "QN Geo"
    told.subject, told.keywords, told.comments = "", "", ""
    told.language, told.created, told.modified, told.revision = LOCALES[story.lang], now, now, 1


def _notes_master(made: Deck, lang: str) -> None:
    """Give the page of notes our theme and language; it exists once a slide has notes."""
    part = made.notes_master.part
    master.paint(part)
    in_language(part._element, lang)


def _cover(slide: Any, story: Story) -> None:
    _ = i18n.translator(story.lang)
    words, size = fitted(line(story.title), _room(boxes.COVER[TITLE]), _TITLE_SIZES, bold=True)
    places = _named(slide)
    write(places[TITLE].text_frame, [[Run(words, size)]], story.lang)
    below = boxes.COVER[TITLE].y + height(words, boxes.COVER[TITLE].wide, size, bold=True) + _UNDER
    under = _moved(places[SUBTITLE], boxes.COVER[SUBTITLE].below(below, boxes.COVER[SUBTITLE].high))
    write(under.text_frame, [[Run(words)] for words in telling.cover(story)], story.lang)
    box = boxes.COVER[MAP]
    picture = atlas.picture(telling.COVER_MAP, story.lang, box.wide, box.high, legend=False, size=MAP_SIZE)
    _put_map(places[MAP], picture, _png(picture.svg), box, story.lang)
    _put_note(places[NOTE], picture.quality, boxes.COVER[NOTE], story.lang)
    _number(slide, 1, len(story.scenes) + 1, story.lang)
    notes = [_("Map"), picture.quality]
    write(slide.notes_slide.notes_text_frame, [[Run(words)] for words in notes], story.lang)


def _room(box: Box) -> tuple[float, float]:
    return box.wide, box.high


def _scene(slide: Any, drawn: _Drawn, count: int) -> None:
    """Fill a slide; a placeholder that stays empty is taken away."""
    told, kind, places, picture, png = drawn
    shapes = _named(slide)
    headline, size = headline_of(line(told.scene.headline), _room(boxes.HEADLINE), master.HEADLINE_SIZES)
    write(shapes[TITLE].text_frame, [[Run(unbroken(headline), size)]], told.lang)
    if told.horizon:
        write(shapes[HORIZON].text_frame, [[Run(told.horizon)]], told.lang)
    else:
        _remove(shapes[HORIZON])
    _put_map(shapes[MAP], picture, png.result(), places[MAP], told.lang)
    if told.figures:
        (strip if kind == "strip" else column)(_moved(shapes[FIGURES], places[FIGURES]), told, places[FIGURES])
    if told.chart is not None:
        _put_chart(slide, shapes, told, places)
    _sources(shapes[SOURCE], told, picture)
    _number(slide, told.number + 1, count + 1, told.lang)
    _speak(slide, told, picture)


def _named(slide: Any) -> dict[int, Any]:
    """Return the placeholders of a slide by their number, called what those of its layout are called."""
    names = {each.placeholder_format.idx: each.name for each in slide.slide_layout.placeholders}
    shapes = {shape.placeholder_format.idx: shape for shape in slide.placeholders}
    for number, shape in shapes.items():
        shape.name = names[number]
    return shapes


def _moved(shape: Any, box: Box) -> Any:
    """Return a shape moved to a box."""
    shape.left, shape.top, shape.width, shape.height = (Mm(value) for value in (box.x, box.y, box.wide, box.high))
    return shape


def _put_map(placeholder: Any, picture: atlas.Picture, png: bytes, box: Box, lang: str) -> None:
    _ = i18n.translator(lang)
    shape = _moved(placeholder.insert_picture(io.BytesIO(png)), box)
    shape.crop_left = shape.crop_right = shape.crop_top = shape.crop_bottom = 0  # it is as large as its box
    shape.name = _("Map")
    describe(shape, f"{picture.alt} {picture.quality}")


@lru_cache(maxsize=24)
def _png(svg: str) -> bytes:
    """Return a map as pixels; the same one again costs nothing, as when only words of a story were changed."""
    return typesetting.png(svg, DPI)


def _put_chart(slide: Any, shapes: dict[int, Any], told: Told, places: dict[int, Box]) -> None:
    """Put heading, panels and note where a chart belongs."""
    _ = i18n.translator(told.lang)
    chart = told.chart
    assert chart is not None  # noqa: S101 - the layout has a chart because the scene has one
    title, size = fitted(line(chart.title), _room(places[CAPTION]), _CAPTION_SIZES, bold=True)
    write(_moved(shapes[CAPTION], places[CAPTION]).text_frame, [[Run(title, size)]], told.lang)
    note, more = line(chart.note or ""), _("… and {count} more; all are in the notes.")
    box, made = _panels(told, places, note)
    said, left_out = note, 0
    while (found := sum(each.left_out for _own, each in made)) > left_out:  # saying so takes room from rows as well
        left_out = found
        said = f"{more.format(count=left_out)} {note}".rstrip()
        box, made = _panels(told, places, said)
    name = _("Chart")
    for number, (own, each) in enumerate(made):
        frame = _frame(slide, shapes[CHART], each, own, first=number == 0)
        frame.name = f"{name} {number + 1}"
        describe(frame, chart.alt)
    top = box.bottom + _AIR
    _put_note(shapes[NOTE], said, places[NOTE].below(top, places[NOTE].bottom - top), told.lang)


def _panels(told: Told, places: dict[int, Box], note: str) -> tuple[Box, list[tuple[Box, Native]]]:
    """Return the box above a note, and the panels of a chart below each other in it."""
    chart, plotted, box = told.chart, told.plotted, _above_note(places, note)
    assert chart is not None  # noqa: S101 - as above
    assert plotted is not None  # noqa: S101
    high = (box.high - _APART * (len(plotted.panels) - 1)) / len(plotted.panels)
    owns = [box.below(box.y + number * (high + _APART), high) for number in range(len(plotted.panels))]
    return box, [
        (own, native(chart, plotted, panel, own, told.lang)) for own, panel in zip(owns, plotted.panels, strict=True)
    ]


def _above_note(places: dict[int, Box], note: str) -> Box:
    """Return the chart's box, ending above its note."""
    box, foot = places[CHART], places[NOTE]
    needed = height(note, foot.wide, master.SOURCE_SIZE) + _AIR if note else 0.0
    return box.below(box.y, foot.bottom - needed - box.y)


def _frame(slide: Any, placeholder: Any, made: Any, box: Box, *, first: bool) -> Any:
    """Return a frame with a chart: the first one in the placeholder, another one beside it."""
    if first:
        return _moved(placeholder, box).insert_chart(None, made)
    return slide.shapes.add_chart(None, Mm(box.x), Mm(box.y), Mm(box.wide), Mm(box.high), made)


def _put_note(placeholder: Any, note: str, box: Box, lang: str) -> None:
    if not note:
        _remove(placeholder)
        return
    words, size = fitted(note, _room(box), (master.SOURCE_SIZE,))
    write(_moved(placeholder, box).text_frame, [[Run(words, size)]], lang)


def _remove(shape: Any) -> None:
    shape._element.getparent().remove(shape._element)


def _sources(placeholder: Any, told: Told, picture: atlas.Picture) -> None:
    """Name the documents as far as they fit; the notes hold all of them in full."""
    _ = i18n.translator(told.lang)
    *cited, map_line = telling.brief(told, picture)
    head, rest = _("Sources"), _("… all in the notes")
    for count in range(len(cited), -1, -1):
        named = [*cited[:count], *([rest] if count < len(cited) else []), map_line]
        said = f"{head}: {' · '.join(named)}"
        if height(said, boxes.SOURCES.wide, master.SOURCE_SIZE) <= boxes.SOURCES.high:
            break
    write(placeholder.text_frame, [[Run(said)]], told.lang)


def _number(slide: Any, number: int, count: int, lang: str) -> None:
    """Add the slide's number, which python-pptx leaves out."""
    _ = i18n.translator(lang)
    shape_id = max(int(found) for found in slide.shapes._spTree.xpath("//@id") if found.isdigit()) + 1
    name, words = _("Slide number"), f'<a:rPr lang="{LOCALES[lang]}"/><a:t>'
    slide.shapes._spTree.append(
        parse_xml(
            f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="{shape_id}" name={quoteattr(name)}/><p:cNvSpPr>'
            f'<a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="sldNum" idx="{NUMBER}"/></p:nvPr></p:nvSpPr>'
            f'<p:spPr/><p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:fld id="{_FIELD}" type="slidenum">'
            f"{words}{number}</a:t></a:fld><a:r>{words} / {count}</a:t></a:r></a:p></p:txBody></p:sp>"
        )
    )


_FIELD: Final = "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}"


def _speak(slide: Any, told: Told, picture: atlas.Picture) -> None:
    """Write the notes, as large as their page allows."""
    lines = [clean(words) for words in telling.notes(told, picture)]
    size = next((size for size in _NOTE_SIZES if _notes_height(lines, size) <= _NOTE_ROOM[1]), _NOTE_SIZES[-1])
    write(slide.notes_slide.notes_text_frame, [[Run(words, size)] if words else [] for words in lines], told.lang)


def _notes_height(lines: list[str], size: float) -> float:
    """Return about how high notes are: they may be many, and a line more or less does not matter."""
    letters = _NOTE_ROOM[0] / (size * POINT * _LETTER)
    return sum(max(math.ceil(len(words) / letters), 1) for words in lines) * LEADING * size * POINT
