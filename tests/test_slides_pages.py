"""A story on paper: a cover, a page a scene, figures as recorded, documents as footnotes, the look approved."""

from __future__ import annotations

import io
import re
from functools import lru_cache

import pypdf
import pytest

from qn_geo import figures, i18n, sheets, slides, stories
from qn_geo.profiles.documents import printable
from qn_geo.report.lettering import breakable
from qn_geo.report.typesetting import plain
from qn_geo.slides import fitting, telling
from qn_geo.slides.pages import PAGE
from tests import approved
from tests.slide_reading import SHIPPED


def squeezed(text):
    """Text without spaces: where lines are broken says nothing."""
    return re.sub(r"[\s\u200b]+", "", text)


@lru_cache(maxsize=len(SHIPPED))
def printed(story_id):
    """A story, its PDF, and the texts of its pages: the cover is the first, so the scenes have their own numbers."""
    story = stories.load(story_id)
    content = slides.pages(story)
    reader = pypdf.PdfReader(io.BytesIO(content))
    return story, content, reader, [squeezed(page.extract_text()) for page in reader.pages]


@pytest.fixture(scope="module", params=SHIPPED)
def made(request):
    return printed(request.param)


def test_a_cover_a_page_a_scene_and_then_the_documents(made):
    story, _content, reader, pages = made
    _ = i18n.translator(story.lang)
    for words in (story.title, *telling.cover(story)):
        assert squeezed(words) in pages[0]
    for number, scene in enumerate(story.scenes, start=1):
        assert squeezed(scene.headline) in pages[number]
    assert squeezed(_("Documents behind the maps")) in "".join(pages[len(story.scenes) + 1 :])
    for page in reader.pages:
        assert [float(side) * 25.4 / 72 for side in page.mediabox[2:]] == pytest.approx(PAGE, abs=0.1)


def test_every_page_bears_its_number(made):
    story, _content, _reader, pages = made
    foot = squeezed(f"QN Geo · {story.title}")
    assert foot not in pages[0]
    assert pages[0].endswith(f"1/{len(pages)}")
    for number, text in enumerate(pages[1:], start=2):
        assert text.count(f"{foot}{number}/{len(pages)}") == 1


def test_documents_without_room_are_listed_under_the_number_of_their_page():
    story, _content, _reader, pages = printed("hop-12-10-2021")
    _ = i18n.translator(story.lang)
    said = [
        number for number, text in enumerate(pages[1 : len(story.scenes) + 1], start=2) if "nằmởcáctrangcuối" in text
    ]
    listed = [
        number
        for number in range(1, len(pages) + 1)
        if squeezed(_("Page {number}, further documents").format(number=number)) in "".join(pages)
    ]
    assert said == listed != []


def test_every_figure_is_as_its_record_has_it_with_its_document_in_the_footnotes(made):
    story, _content, _reader, pages = made
    rest = "".join(pages[len(story.scenes) + 1 :])
    for number, scene in enumerate(story.scenes, start=1):
        told = telling.Told(number, scene, story.lang)
        for each in stories.highlighted(scene, story.lang):
            wanted = each.value if each.figure is None else figures.value_text(each.figure, story.lang)
            assert squeezed(plain(wanted)) in pages[number]
            if each.figure is not None:
                assert squeezed(figures.period_text(each.figure, story.lang)) in pages[number]
                assert squeezed(told.reference(each.figure.source_id)) in pages[number]
        assert squeezed(told.horizon) in pages[number]
        for source_id in told.cited:
            (document,) = sheets.documents(source_id)
            assert squeezed(plain(printable(document["title"]).rstrip("."))) in pages[number] + rest
            assert squeezed(plain(printable(document["publisher"].partition(" (")[0]))) in pages[number] + rest


def test_documents_of_the_maps_are_numbered_and_told_once(made):
    story, _content, _reader, pages = made
    _ = i18n.translator(story.lang)
    listed = "".join(pages[len(story.scenes) + 1 :]).partition(squeezed(_("Documents behind the maps")))[2]
    assert listed.startswith("1")
    assert squeezed("Hiểu biết địa lý chung") not in listed.replace(
        squeezed(_("Some places are set from general knowledge of the area.")), ""
    )
    twice = figures.source("mh100")["title"]
    assert listed.count(squeezed(twice)) <= 1


def test_addresses_are_broken_only_after_their_marks():
    told = breakable("Xem nhipsongdoanhnghiep.cuocsongantoan.vn https://a.vn/bai-viet?so=1&trang=2").split("\u200b")
    assert told == [
        "Xem nhipsongdoanhnghiep.",
        "cuocsongantoan.vn https://",
        "a.",
        "vn/",
        "bai-",
        "viet?",
        "so=",
        "1&",
        "trang=2",
    ]
    assert breakable("x" * 30) == "\u200b".join(["x" * 12, "x" * 12, "x" * 6])


def test_charts_are_drawn_with_their_numbers(made):
    story, _content, _reader, pages = made
    for number, scene in enumerate(story.scenes, start=1):
        told = telling.Told(number, scene, story.lang)
        if told.chart is None:
            continue
        assert squeezed(plain(told.chart.title)) in pages[number]
        texts = [mark.text for panel in told.plotted.panels for one in panel.series for mark in one.marks if mark.text]
        assert not texts or any(squeezed(text) in pages[number] for text in texts)


def test_pages_can_be_read_aloud_and_searched(made):
    story, content, reader, _pages = made
    assert b"pdfaid" in content
    assert reader.metadata.title == story.title
    assert reader.trailer["/Root"]["/Lang"].startswith(story.lang)
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    headings = [story.title, *(scene.headline for scene in story.scenes)]
    assert [entry.title for entry in reader.outline[: len(headings)]] == headings
    fonts = {str(font) for page in reader.pages for font in page["/Resources"]["/Font"]}
    assert fonts


@pytest.mark.parametrize(
    ("story_id", "number"),
    [("hop-12-10-2021", 1), ("hop-12-10-2021", 3), ("hop-12-10-2021", 10), ("occupancy-and-land", 4)],
)
def test_pages_look_as_approved(story_id, number):
    approved.compare(approved.page(printed(story_id)[1], number - 1), f"page-{story_id}-{number}")


def test_progress_is_told():
    story = stories.load(SHIPPED[0])
    told = []
    short = stories.Story(title=story.title, lang=story.lang, scenes=story.scenes[:2])
    slides.pages(short, progress=lambda done, count: told.append((done, count)))
    assert told == [(1, 2), (2, 2)]


def test_scenes_without_figures_documents_or_chart_have_a_page():
    scenes = [stories.Scene(headline=f"{number}", layers=("areas",)) for number in range(2)]
    reader = pypdf.PdfReader(io.BytesIO(slides.pages(stories.Story(title="Thử", lang="vi", scenes=scenes))))
    assert len(reader.pages) == 4


# --- how large text may be


def test_text_shrinks_in_steps_and_is_cut_only_at_the_last():
    words = "Các khu công nghiệp đã lấp đầy hơn một nửa diện tích đất cho thuê"
    assert fitting.fitted(words, (300, 20), (30, 20, 10)) == (words, 20)
    assert fitting.fitted(words, (1_000, 20), (30, 20, 10)) == (words, 30)
    cut, size = fitting.fitted(words, (60, 9), (30, 20, 12))
    assert size == 12
    assert cut.endswith("…")
    assert words.startswith(cut[:-1])
    assert not cut[:-1].endswith(" ")
    assert fitting.height(cut, 60, 12) <= 9.1


def test_long_words_are_broken_and_lines_are_counted():
    assert fitting.height("x" * 100, 20, 12) > 10 * fitting.height("x", 20, 12)
    assert fitting.height("a\nb", 20, 12) == 2 * fitting.height("a", 20, 12)
    assert fitting.on_one_line(["3.000 triệu USD"], 40, (30, 20, 10)) == 10
