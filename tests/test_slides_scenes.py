"""Slides and pages of scenes of every shape and with hostile texts: nothing overflows, nothing breaks the file."""

from __future__ import annotations

import io
import re

import openxml_audit
import pypdf
import pypdfium2
import pytest
from pptx import Presentation
from pptx.util import Emu

from qn_geo import i18n, slides, stories
from qn_geo.charts import series
from qn_geo.slides import boxes, fitting
from tests.slide_reading import by_index, chart_frames, notes, opened, table_texts

pytest_plugins = "tests.slide_fixtures"

FIGURES = (
    "kcn-song-khoai/occupancy_pct",
    "kcn-song-khoai/area_ha",
    "kcn-song-khoai/fdi_registered_usd_m",
    "kkt-van-don/workers",  # nobody has published it
    "kkt-mong-cai/area_ha",
    "province/kcn_count",
)
LAYERS = ("areas", "kkt")
LONG = "Bảy mươi hai doanh nghiệp thứ cấp đã thuê đất trong các khu công nghiệp " * 2
WORD = "Xkhôngcókhoảngtrắng" * 8
HOSTILE = (
    "<script>alert(1)</script> & \"'",
    "=cmd|'/c calc'!A1",
    "مرحبا بالعالم 12/10/2021",
    "🏭🚢 khu công nghiệp 👩‍👩‍👧",
    "{{ 7*7 }} #set page(fill: red) $x$ `y` \\u0000",
    WORD[:160],
    LONG[:160],
    "a" * 160,
    "W" * 160,
)


def scene(headline="Sông Khoai", **fields):
    return stories.Scene(headline=headline, **({"layers": LAYERS} | fields))


def story(*scenes, lang="vi", title="Thử"):
    return stories.Story.model_construct(title=title, lang=lang, scenes=scenes)


def raw(text):
    """A scene whose texts nobody has checked, as none comes out of a file."""
    return stories.Scene.model_construct(**dict(scene()) | {"headline": text, "notes": f"{text}\n{text}"})


@pytest.fixture(scope="module")
def shapes_of_scenes():
    """A deck with scenes of no to six figures, with a chart and without."""
    scenes = [
        scene(f"{count}", figures=FIGURES[:count], chart=chart) for chart in (None, "sectors") for count in range(7)
    ]
    made = story(*scenes)
    content = slides.deck(made)
    return made, content, opened(content)


def test_figures_and_charts_stand_where_the_scene_has_them(shapes_of_scenes):
    made, _content, read = shapes_of_scenes
    for each, slide in zip(made.scenes, list(read.slides)[1:], strict=True):
        told = " ".join(table_texts(slide))
        for highlight in stories.highlighted(each, "vi"):
            assert highlight.value in told
        assert len(chart_frames(slide)) == (each.chart is not None)
        assert (i18n.missing("vi") in told) == (len(each.figures) > 3)


def inner(shape):
    return Emu(shape.width).mm, Emu(shape.height).mm


def test_texts_fit_their_boxes(shapes_of_scenes):
    hostile = opened(slides.deck(story(*(scene(text, figures=FIGURES, chart="start-2021") for text in HOSTILE))))
    for slide in [*list(shapes_of_scenes[2].slides)[1:], *list(hostile.slides)[1:]]:
        for shape in slide.placeholders:
            if shape.has_text_frame and shape.placeholder_format.idx != boxes.NUMBER:
                assert fits(shape.text_frame, inner(shape)), (shape.name, shape.text_frame.text)
        for table in (shape.table for shape in slide.shapes if shape.has_table):
            for row in table.rows:
                for cell, column in zip(row.cells, table.columns, strict=True):
                    room = Emu(column.width).mm - 5.0, Emu(row.height).mm
                    assert fits(cell.text_frame, room), cell.text_frame.text


def fits(frame, room):
    high = 0.0
    for paragraph in frame.paragraphs:
        size = max((run.font.size.pt for run in paragraph.runs if run.font.size), default=10)
        bold = any(run.font.bold for run in paragraph.runs)
        high += fitting.height(paragraph.text, room[0], size, bold=bold)
    return high <= room[1] + 0.1


def test_sizes_are_those_of_a_meeting_room(shapes_of_scenes):
    for slide in list(shapes_of_scenes[2].slides)[1:]:
        (headline,) = slide.shapes.title.text_frame.paragraphs
        assert headline.runs[0].font.size.pt in {28, 30}
        for table in (shape.table for shape in slide.shapes if shape.has_table):
            for cell in table.iter_cells():
                assert all(run.font.size.pt >= 12 for each in cell.text_frame.paragraphs for run in each.runs)


@pytest.mark.parametrize("text", [*HOSTILE, "trái\x00tim\x08 \x1b[31m \x0b", "\ud800 nửa \ufffe"])
def test_hostile_texts_break_no_file(text, tmp_path):
    made = story(raw(text))
    path = tmp_path / "deck.pptx"
    path.write_bytes(slides.deck(made))
    found = openxml_audit.validate_pptx(path)
    assert found.is_valid, [str(error) for error in found.errors]
    read = opened(path.read_bytes())
    told = read.slides[1].shapes.title.text_frame.text
    assert told
    assert not {letter for letter in told + notes(read.slides[1]) if ord(letter) < 32} - {"\n"}
    if text in HOSTILE:
        assert told.rstrip("…") == text[: len(told.rstrip("…"))]
    assert len(pypdf.PdfReader(io.BytesIO(slides.pages(made))).pages) >= 1


def test_long_notes_are_whole_and_smaller():
    text = "\n".join(f"{number}. {LONG}" for number in range(50))[:9_000]
    read = opened(slides.deck(story(scene(notes=text))))
    assert notes(read.slides[1]).startswith(" ".join(text.split("\n")[0].split()))
    assert len(notes(read.slides[1])) > 7_000
    first = read.slides[1].notes_slide.notes_text_frame.paragraphs[0]
    assert first.runs[0].font.size.pt == 8


def test_a_chart_without_anything_published_is_a_gap_among_the_figures():
    read = opened(slides.deck(story(scene(area="van-don", chart="comparison:workers"))))
    slide = read.slides[1]
    assert not chart_frames(slide)
    assert i18n.missing("vi") in table_texts(slide)
    assert boxes.CAPTION not in by_index(slide)


def test_two_panels_are_two_charts():
    read = opened(slides.deck(story(scene(zones=("kkt-mong-cai",), chart="investment-cumulative"))))
    upper, lower = chart_frames(read.slides[1])
    assert upper.top + upper.height <= lower.top
    assert upper.is_placeholder
    assert [frame.chart.value_axis.axis_title.text_frame.text for frame in (upper, lower)] == ["tỷ USD", "tỷ đồng"]


def test_libreoffice_draws_everything_inside_the_slide(shapes_of_scenes, converted):
    document = pypdfium2.PdfDocument(converted(shapes_of_scenes[1]))
    assert len(document) == len(shapes_of_scenes[0].scenes) + 1
    for number in range(len(document)):
        page, text = document[number], document[number].get_textpage()
        wide, high = page.get_size()
        for place in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(place)
            assert -1 <= left <= right <= wide + 1
            assert -1 <= bottom <= top <= high + 1
        text.close()
    document.close()


@pytest.mark.parametrize(("lang", "name"), [("vi", "occupancy"), ("en", "comparison:area_ha"), ("vi", "investment")])
def test_rows_without_room_are_counted_as_they_are_drawn(lang, name):
    one = scene("Tất cả các khu", year=2026, chart=name)
    told = stories.chart(one, lang)
    rows = len(series.read(told).panels[0].categories)
    slide = Presentation(io.BytesIO(slides.deck(story(one, lang=lang)))).slides[1]
    [drawn] = [len(list(shape.chart.plots[0].categories)) for shape in slide.shapes if shape.has_chart]
    said = " ".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    [left] = [int(found) for found in re.findall(r"… (?:và|and) (\d+) (?:dòng|more)", said)] or [0]
    assert drawn + left == rows
