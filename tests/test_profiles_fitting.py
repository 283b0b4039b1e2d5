"""How the pages of a profile are filled, and how documents are numbered."""

from __future__ import annotations

import pytest

from qn_geo.profiles import fitting
from qn_geo.profiles.documents import Documents, printable, title

MEASURED = {
    "front": 100.0,
    "first": [30.0, 15.0],
    "second": [60.0, 30.0],
    "running": 8.0,
    "heads": [4.0] * 4,
    "feet": [6.0] * 4,
    "side": 30.0,
    "list": 12.0,
    "rows": [8.0] * 30,
    "beside": None,
}


def used(measured, found):
    """Height of the second page."""
    pairs = found.charts[::2]
    charts = sum(height + 10 + 3.2 for height in pairs) + 5 * max(len(pairs) - 1, 0) + (5.5 if pairs else 0)
    projects = 12 + 8 * found.projects
    return 8 + 4 + charts + max(projects, measured["side"]) + 4 + measured["second"][int(found.short)]


def test_much_to_say_fills_the_page_and_no_more():
    found = fitting.fit(MEASURED, [45.0, 50.0, 40.0, 42.0])
    assert len(found.second.charts) == 4
    assert found.second.projects >= 5
    assert fitting.PAGE - 12 < used(MEASURED, found.second) <= fitting.PAGE


def test_documents_give_way_before_charts_do_and_charts_before_projects():
    many = MEASURED | {"second": [150.0, 75.0]}
    found = fitting.fit(many, [45.0, 50.0, 40.0, 42.0])
    assert found.second.short
    assert found.second.projects >= 5
    assert used(many, found.second) <= fitting.PAGE


def test_little_to_say_lists_the_neighbours():
    little = MEASURED | {"rows": [], "beside": 70.0, "second": [20.0, 12.0]}
    found = fitting.fit(little, [30.0, 30.0]).second
    assert found.beside
    assert not found.short
    assert found.charts[0] > 30


def test_the_map_takes_what_is_left_of_the_first_page():
    assert fitting.fit(MEASURED, []).map_height == round(fitting.PAGE - 1.5 - 100 - 14 - 30, 1)
    crowded = MEASURED | {"front": 140.0, "first": [60.0, 25.0]}
    found = fitting.fit(crowded, [])
    assert found.short
    assert found.map_height == round(fitting.PAGE - 1.5 - 140 - 14 - 25, 1)


def test_documents_are_numbered_as_they_are_cited():
    documents = Documents("en")
    assert documents.cite("b") == "1"
    assert documents.cite("a;b", "c") == "1–3"
    assert documents.cite("d;e") == "4, 5"
    assert documents.cite("a;d;e") == "2, 4, 5"
    assert documents.cite("") == ""
    assert len(documents) == 5
    assert [row["number"] for row in documents.rows()] == [1, 2, 3, 4, 5]


def test_what_the_font_lacks_is_left_out():
    assert printable("Ashu Business (チー, wisebk.com)") == "Ashu Business"
    assert printable("Báo Quảng Ninh (bản in)") == "Báo Quảng Ninh (bản in)"
    assert printable("工业园") == ""


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Đất công nghiệp", "Đất công nghiệp"),
        ("工业园", "(title in Chinese)"),
        ("日本トムソン、新工場", "(title in Japanese)"),
        ("꽝닌성 FDI 最적지", "(title in Korean)"),
        ("สวนอุตสาหกรรม", "(title in another script)"),
    ],
)
def test_a_title_without_letters_names_its_language(text, told):
    assert title(text, "en") == told
