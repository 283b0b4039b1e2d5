"""Slides: a valid file with real placeholders, every figure as its record has it, its document in the notes."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections import Counter

import openxml_audit
import pypdf
import pypdfium2
import pytest
from lxml import etree
from PIL import Image
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.util import Emu, Mm

from qn_geo import figures, horizons, i18n, sheets, stories
from qn_geo.slides import boxes, deck, master, telling
from qn_geo.slides.words import LOCALES
from tests.slide_reading import SHIPPED, by_index, cells, chart_frames, notes, opened, shipped, table_texts

pytest_plugins = "tests.slide_fixtures"

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
TYPES = "[Content_Types].xml"


def squeezed(text):
    return " ".join(text.split())


@pytest.fixture(scope="module", params=SHIPPED)
def made(request):
    """A shipped story, its deck, and that deck read back."""
    story, content = shipped(request.param)
    return story, content, opened(content)


# --- what is on the slides


def test_a_title_and_a_slide_for_each_scene(made):
    story, _content, read = made
    titles = [slide.shapes.title.text_frame.text.replace("\u2060", "") for slide in read.slides]
    assert titles == [story.title, *(scene.headline for scene in story.scenes)]


def test_every_figure_stands_on_its_slide_as_its_record_has_it_and_its_document_in_the_notes(made):
    story, _content, read = made
    for number, scene in enumerate(story.scenes, start=1):
        slide = read.slides[number]
        told, told_notes = squeezed(" ".join(table_texts(slide))), squeezed(notes(slide))
        for each in stories.highlighted(scene, story.lang):
            assert each.value in told, (scene.headline, each.label)
            if each.figure is None:
                assert each.value == i18n.missing(story.lang)
                continue
            record = each.figure
            assert each.value == figures.value_text(record, story.lang)
            assert figures.period_text(record, story.lang) in told
            assert f"{each.value} · {figures.period_text(record, story.lang)}" in told_notes
            assert figures.class_name(record.klass, story.lang) in told_notes
            for document in sheets.documents(";".join(figures.merged(record.source_id))):
                assert squeezed(document["title"]).rstrip(".") in told_notes
                assert document["url"] in told_notes


def test_every_row_of_a_chart_stands_in_the_notes_with_its_document(made):
    story, _content, read = made
    for number, scene in enumerate(story.scenes, start=1):
        chart = stories.chart(scene, story.lang)
        if chart is None or chart.empty:
            continue
        told = squeezed(notes(read.slides[number]))
        titles = {
            figures.source(each)["title"]: figures.source(*figures.merged(each))["title"] for each in chart.sources
        }
        _ = i18n.translator(story.lang)
        for row in chart.table.to_dict("records"):
            source = row.pop(_("Source"), "")
            assert squeezed(" · ".join(str(value) for value in row.values() if not i18n.is_missing(value))) in told
            assert squeezed(titles.get(source, source)).rstrip(".") in told
        for source_id in figures.merged(*chart.sources):
            assert telling.citation(source_id, story.lang) in told


def records(panel):
    """Marks of a panel that show a figure as it is published, with its record."""
    known = figures.book().figures
    for series in panel.series:
        for mark in series.marks:
            record = known.get(mark.also) or known.get(mark.id)
            if record is not None and mark.value is not None and panel.reference is None:
                yield mark, record


def test_the_workbook_behind_a_chart_holds_the_figures(made):
    story, _content, read = made
    checked = 0
    for number, scene in enumerate(story.scenes, start=1):
        told, frames = telling.Told(number, scene, story.lang), chart_frames(read.slides[number])
        for panel, frame in zip(told.plotted.panels if told.chart else (), frames, strict=True):
            rows = cells(frame)
            for place, series in enumerate(panel.series, start=1):
                drawn = Counter(row[place] for row in rows[1:] if row[place] is not None)
                known = Counter(float(f"{mark.value:.15g}") for mark in series.marks if mark.value is not None)
                assert drawn <= known
                assert drawn == known or len(rows) - 1 < len(series.marks), "only rows without room are left out"
                assert [row[place] for row in rows[1:]] == list(frame.chart.plots[0].series[place - 1].values)
            sources = {cell for row in rows for cell in row}
            for mark, record in records(panel):
                assert any(mark.value * scale == pytest.approx(record.value) for scale in (1, 1e3, 1e6))
                if float(f"{mark.value:.15g}") in {
                    row[place] for row in rows for place in range(1, len(panel.series) + 1)
                }:
                    assert figures.source(record.source_id)["title"] in sources
                checked += 1
    assert checked


def test_the_documents_are_named_on_the_slide(made):
    story, _content, read = made
    for number, scene in enumerate(story.scenes, start=1):
        said = by_index(read.slides[number])[boxes.SOURCE].text_frame.text
        cited = stories.sources(scene, story.lang, layers=False)
        assert ("[1] " in said) == bool(cited)


def test_plan_horizons_are_named_and_no_other_year(made):
    story, _content, read = made
    for scene, slide in zip(story.scenes, list(read.slides)[1:], strict=True):
        said = by_index(slide).get(boxes.HORIZON)
        assert (said is not None) == horizons.ahead(scene.year)
        if said is not None:
            assert said.text_frame.text.lower() == horizons.year_name(scene.year, story.lang)


def test_every_slide_has_its_number_and_the_cover_tells_how_true_its_map_is(made):
    story, _content, read = made
    count = len(story.scenes) + 1
    told = [next(shape for shape in slide.placeholders if "sldNum" in shape._element.xml) for slide in read.slides]
    assert [shape.text_frame.text for shape in told] == [f"{number} / {count}" for number in range(1, count + 1)]
    assert by_index(read.slides[0])[boxes.NOTE].text_frame.text in notes(read.slides[0])


def test_no_document_is_told_twice_and_own_knowledge_is_a_remark(made):
    story, _content, read = made
    for number, slide in enumerate(list(read.slides)[1:], start=1):
        said = notes(slide).splitlines()
        cited = telling.Told(number, story.scenes[number - 1], story.lang).cited
        assert len({figures.source(each)["title"].casefold() for each in cited}) == len(cited)
        assert not any(line.startswith("Hiểu biết địa lý chung") for line in said)


def test_maps_are_sharp(made):
    _story, _content, read = made
    for slide in read.slides:
        (picture,) = [shape for shape in slide.shapes if shape.shape_type == 13 or hasattr(shape, "image")]
        wide, high = Image.open(io.BytesIO(picture.image.blob)).size
        assert wide / Emu(picture.width).inches >= 219
        assert high / Emu(picture.height).inches >= 219
        assert {picture.crop_left, picture.crop_right, picture.crop_top, picture.crop_bottom} == {0}


# --- the file


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert packed.testzip() is None
        return {name: packed.read(name) for name in packed.namelist()}


def test_the_file_holds_to_the_schemas_of_office(made, tmp_path):
    path = tmp_path / "deck.pptx"
    path.write_bytes(made[1])
    found = openxml_audit.validate_pptx(path)
    assert found.is_valid, [str(error) for error in found.errors]


def test_parts_parse_relations_resolve_and_types_are_told(made):
    found = parts(made[1])
    types = etree.fromstring(found[TYPES])
    told = {each.get("PartName", "").lstrip("/") for each in types} | {each.get("Extension") for each in types}
    for name, content in found.items():
        if name.endswith((".xml", ".rels")):
            etree.fromstring(content)
        assert name == TYPES or name in told or name.rpartition(".")[2] in told, name
        if name.endswith(".rels"):
            folder = posixpath.dirname(posixpath.dirname(name))
            for relation in etree.fromstring(content):
                if relation.get("TargetMode") != "External":
                    target = relation.get("Target")
                    assert posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/") in found, (name, target)
    assert not [name for name in found if "printerSettings" in name or "thumbnail" in name]


def test_shapes_have_their_own_numbers_and_what_is_seen_is_described(made):
    _story, _content, read = made
    for slide in read.slides:
        numbers = [shape.shape_id for shape in slide.shapes]
        assert len(set(numbers)) == len(numbers)
        for shape in slide.shapes:
            if not shape.has_text_frame:
                described = shape._element.xpath(".//p:cNvPr")[0]
                assert len(described.get("descr", "")) > 20, shape.name
                assert described.get("name")


def test_no_placeholder_is_left_empty_and_each_slide_has_its_number(made):
    story, _content, read = made
    for number, slide in enumerate(list(read.slides)[1:], start=2):
        for shape in slide.placeholders:
            assert not shape.has_text_frame or shape.text_frame.text.strip(), shape.name
        assert by_index(slide)[boxes.NUMBER].text_frame.text == f"{number} / {len(story.scenes) + 1}"


def test_every_run_says_its_language(made):
    story, content, _read = made
    folders = ("ppt/slides/", "ppt/notesSlides/", "ppt/charts/", "ppt/slideLayouts/")
    for name, part in parts(content).items():
        if name.startswith(folders) and name.endswith(".xml"):
            for run in etree.fromstring(part).iter(f"{A}rPr", f"{A}endParaRPr", f"{A}defRPr"):
                assert run.get("lang") == LOCALES[story.lang], name


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_the_master_is_ours(lang):
    read, layouts = master.blank(lang)
    assert list(layouts) == [master.COVER, "strip", "chart", "figures", "map"]
    assert len(read.slide_layouts) == len(layouts)
    kinds = {shape.placeholder_format.type for shape in read.slide_master.placeholders}
    assert kinds == {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.SLIDE_NUMBER}
    theme = read.slide_master.part.part_related_by(master._relation(read.slide_master.part, "/theme")).blob
    root = etree.fromstring(theme)
    assert {font.get("typeface") for font in root.iter(f"{A}latin")} == {"Arial"}
    assert root.get("name") == "QN Geo"
    assert root.find(f".//{A}accent1/{A}srgbClr").get("val") == "C2410C"
    for key, layout in layouts.items():
        found = {shape.placeholder_format.idx: shape for shape in layout.placeholders}
        wanted = (
            boxes.COVER
            if key == master.COVER
            else boxes.SCENES[key] | {boxes.TITLE: 0, boxes.SOURCE: 0, boxes.NUMBER: 0, boxes.HORIZON: 0}
        )
        assert found.keys() == wanted.keys()
        for shape in found.values():
            assert 0 <= shape.left <= Mm(boxes.WIDE) - shape.width + 1
            assert 0 <= shape.top <= Mm(boxes.HIGH) - shape.height + 1
            assert shape.name


@pytest.mark.parametrize("kind", list(boxes.SCENES))
def test_boxes_of_a_layout_do_not_meet(kind):
    found = [*boxes.SCENES[kind].values(), boxes.HEADLINE, boxes.TIMES, boxes.SOURCES, boxes.PAGE]
    for place, one in enumerate(found):
        for other in found[place + 1 :]:
            beside = one.x + one.wide <= other.x + 0.01 or other.x + other.wide <= one.x + 0.01
            assert beside or one.bottom <= other.y + 0.01 or other.bottom <= one.y + 0.01


def test_progress_is_told_and_properties_are_ours():
    story, _content = shipped(SHIPPED[0])
    told = []
    short = stories.Story(title=story.title, lang=story.lang, scenes=story.scenes[:2])
    read = opened(deck(short, progress=lambda done, count: told.append((done, count))))
    assert told == [(1, 2), (2, 2)]
    assert (read.core_properties.title, read.core_properties.author) == (story.title, "QN Geo")
    assert read.core_properties.language == LOCALES[story.lang]


# --- LibreOffice


@pytest.mark.parametrize("story_id", ["hop-12-10-2021", "four-growth-areas"])
def test_libreoffice_opens_the_deck_and_shows_a_page_for_each_slide(story_id, converted):
    story, content = shipped(story_id)
    pdf = converted(content)
    pages = [squeezed(page.extract_text()) for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) == len(story.scenes) + 1
    for scene, said in zip(story.scenes, pages[1:], strict=True):
        assert scene.headline.split()[0] in said
    document = pypdfium2.PdfDocument(pdf)
    for number in range(len(document)):
        seen = document[number].render(scale=0.3).to_pil().convert("L")
        assert 0.01 < sum(seen.histogram()[:200]) / (seen.width * seen.height) < 0.9  # neither empty nor a black box
    document.close()
