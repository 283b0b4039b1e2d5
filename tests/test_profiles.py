"""Profiles: exactly two pages a zone, every figure as its record has it, its document among the notes."""

from __future__ import annotations

import io
import re

import pypdf
import pytest

from qn_geo import figures, i18n, profiles
from qn_geo.figures import profile as facts
from qn_geo.horizons import THIS_YEAR
from qn_geo.profiles import printing
from qn_geo.profiles.content import MOST_FIGURES
from qn_geo.profiles.documents import Documents
from qn_geo.report.typesetting import plain
from qn_geo.schema import listed
from tests import approved

SOME = ("kkt-van-don", "kkt-quang-yen", "kcn-song-khoai", "kcn-texhong-hai-ha", "ccn-quang-duc", "kcn-phuong-nam")
A4 = (595, 842)


def squeezed(text):
    """Text without spaces: where lines are broken says nothing."""
    return re.sub(r"[\s\u200b]+", "", text)


def said(page):
    return squeezed(page.extract_text())


def printed(words):
    return squeezed(plain(words))


def shown(zone_id):
    """Figures a profile must show: the headlines, and whatever else is known."""
    entries = {each["measure"]: each["figure"] for each in figures.headline(zone_id, THIS_YEAR)}
    others = [measure for group in facts.EXPECTED[figures.kind_of(zone_id)] for measure in group]
    for measure in (*others, *figures.AREAS):
        if measure not in entries and (found := figures.known(zone_id, measure, THIS_YEAR)):
            entries[measure] = found
    return dict(sorted(entries.items(), key=lambda each: each[1] is None)[:MOST_FIGURES])


@pytest.fixture(scope="module", params=["vi", "en"])
def booklet(request):
    """The whole booklet in one language: the file read back, the text of its pages, what was told while it was made."""
    told = []
    made = profiles.booklet(request.param, progress=lambda done, total: told.append((done, total)))
    reader = pypdf.PdfReader(io.BytesIO(made))
    return request.param, reader, [said(page) for page in reader.pages], told


def test_the_booklet_has_two_pages_for_every_zone(booklet):
    lang, reader, pages, _told = booklet
    zones = printing._ordered(figures.book().zones)
    assert len(reader.pages) == 2 + 2 * len(zones)
    assert {tuple(round(side) for side in page.mediabox[2:]) for page in reader.pages} == {A4}
    for number, zone_id in enumerate(zones):
        for page in pages[2 + 2 * number : 4 + 2 * number]:
            assert printed(figures.zone_name(zone_id, lang)) in page, zone_id


def test_every_figure_of_every_zone_stands_in_the_booklet(booklet):
    lang, _reader, pages, _told = booklet
    for number, zone_id in enumerate(printing._ordered(figures.book().zones)):
        first, second = pages[2 + 2 * number : 4 + 2 * number]
        for measure, figure in shown(zone_id).items():
            name = figures.bare_name(measure, lang) if figure else figures.measure_name(measure, lang)
            value = figures.value_text(figure, lang) if figure else i18n.missing(lang)
            assert printed(name) in first, (zone_id, measure)
            assert printed(value) in first, (zone_id, measure, value)
        for measure in figures.missing(zone_id, THIS_YEAR):
            assert printed(figures.measure_name(measure, lang)) in second, (zone_id, measure)
        if figures.missing(zone_id, THIS_YEAR):
            assert printed(i18n.missing(lang)) in second, zone_id


def test_the_booklet_can_be_found_through(booklet):
    lang, reader, pages, told = booklet
    zones = printing._ordered(figures.book().zones)
    areas = reader.outline[::2]
    assert len(areas) == 5
    entries = [entry for group in reader.outline[1::2] for entry in group]
    assert [squeezed(entry.title) for entry in entries] == [printed(figures.zone_name(each, lang)) for each in zones]
    assert [reader.get_destination_page_number(entry) for entry in entries] == [2 + 2 * at for at in range(len(zones))]
    contents, listed_here = reader.pages[1], pages[1]
    links = [each.get_object() for each in contents["/Annots"] if each.get_object()["/Subtype"] == "/Link"]
    assert len(links) == len(zones)
    for number, zone_id in enumerate(zones):
        assert printed(figures.zone_name(zone_id, lang)) in listed_here
        assert str(3 + 2 * number) in listed_here
    assert told == [(done, len(zones)) for done in range(len(zones) + 1)]


def test_the_booklet_is_a_document_to_keep(booklet):
    lang, reader, _pages, _told = booklet
    assert reader.metadata is not None
    assert reader.metadata.title
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == lang
    described = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part>2<", described)
    assert re.search(r"pdfaid:conformance>A<", described)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("zone_id", SOME)
def test_every_figure_has_its_document_among_the_notes(zone_id, lang):
    reader = pypdf.PdfReader(io.BytesIO(profiles.profile(zone_id, lang)))
    assert len(reader.pages) == 2
    assert reader.metadata is not None
    assert reader.metadata.title == figures.zone_name(zone_id, lang)
    first, documents = said(reader.pages[0]), Documents(lang)
    documents.cite(figures.book().zones[zone_id]["source_id"])
    found = [figure for figure in shown(zone_id).values() if figure]
    for figure in sorted(found, key=lambda figure: bool(figure.parts)):
        numbers = documents.cite(figure.source_id)
        about = printed(figures.value_text(figure, lang)) + printed(figures.period_text(figure, lang))
        assert about in first, figure.figure_id
        assert squeezed(f"[{numbers}]") in first[first.index(about) :], figure.figure_id
    notes = {each["number"]: each for each in documents.rows()}
    direct, pages, addresses = len(first_page(zone_id, lang)), [said(page) for page in reader.pages], linked(reader)
    for figure in found:
        for source_id in listed(figure.source_id):
            number = int(documents.cite(source_id))
            title = printed(notes[number]["title"])
            assert f"{number}{title[:8]}" in pages[number > direct], (figure.figure_id, source_id)
            assert not notes[number]["url"] or notes[number]["url"].rstrip("/") in addresses, source_id


def first_page(zone_id, lang):
    """Documents that the figures of the first page cite themselves."""
    documents = Documents(lang)
    documents.cite(figures.book().zones[zone_id]["source_id"])
    for figure in shown(zone_id).values():
        if figure and not figure.parts:
            documents.cite(figure.source_id)
    return documents.rows()


def linked(reader):
    return {
        str(each.get_object()["/A"]["/URI"]).rstrip("/")
        for page in reader.pages
        for each in page.get("/Annots", ())
        if "/URI" in each.get_object().get("/A", {})
    }


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_projects_are_told_largest_first_and_the_rest_is_counted(lang):
    page = said(pypdf.PdfReader(io.BytesIO(profiles.profile("kcn-song-khoai", lang))).pages[1])
    known = [row for row in figures.known_projects("kcn-song-khoai", THIS_YEAR) if row["capital_usd_m"] is not None]
    order = sorted(known, key=lambda row: -row["capital_usd_m"])
    places = [page.index(printed(i18n.name(row, lang))) for row in order[:5]]
    assert places == sorted(places)
    for row in order[:5]:
        assert printed(i18n.quantity(row["capital_usd_m"], "usd_m", lang)) in page
    rest = re.search(r"và(\d+)dựánđãbiếtkhác|and(\d+)moreknownprojects", page)
    assert rest
    listed_here = sum(
        printed(i18n.name(row, lang)) in page for row in figures.known_projects("kcn-song-khoai", THIS_YEAR)
    )
    assert listed_here + int(rest[1] or rest[2]) == len(figures.known_projects("kcn-song-khoai", THIS_YEAR))


def test_pictures_say_what_they_show():
    reader = pypdf.PdfReader(io.BytesIO(profiles.profile("kcn-texhong-hai-ha", "en")))
    texts = alternatives(reader.trailer["/Root"]["/StructTreeRoot"])
    assert any(text.startswith("Map of Texhong") for text in texts)
    assert sum("chart" in text.lower() or "over time" in text for text in texts) >= 3


def alternatives(node):
    """Alternative texts of a PDF's structure."""
    node = node.get_object()
    if isinstance(node, list):
        return [text for each in node for text in alternatives(each)]
    if not isinstance(node, dict):
        return []
    return ([str(node["/Alt"])] if "/Alt" in node else []) + (alternatives(node["/K"]) if "/K" in node else [])


def test_a_zone_that_is_not_known_is_an_error():
    with pytest.raises(KeyError):
        profiles.profile("kcn-atlantis", "vi")


def test_a_booklet_of_some_zones():
    reader = pypdf.PdfReader(io.BytesIO(profiles.booklet("vi", ["ccn-quang-duc", "kkt-mong-cai"])))
    assert len(reader.pages) == 6
    assert "MóngCái" in said(reader.pages[2])


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("zone_id", ["kkt-van-don", "kcn-song-khoai", "ccn-quang-duc"])
def test_pages_look_as_approved(zone_id, lang):
    made = profiles.profile(zone_id, lang)
    for number in (0, 1):
        approved.compare(approved.page(made, number), f"profile-{zone_id}-{lang}-{number + 1}", tolerance=0.03)


@pytest.mark.parametrize(("lang", "doubt"), [("vi", "không tính vào tổng"), ("en", "counted in no sum")])
def test_a_project_that_counts_in_no_sum_says_so(lang, doubt):
    page = said(pypdf.PdfReader(io.BytesIO(profiles.profile("kcn-phuong-nam", lang))).pages[1])
    assert squeezed(doubt) in page
