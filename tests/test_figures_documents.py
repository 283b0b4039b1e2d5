"""Documents that have several ids are told once; what we know ourselves is no document."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

from qn_geo import figures
from qn_geo.figures.documents import _same


def test_an_article_with_several_ids_is_told_once_with_its_fullest_date():
    assert figures.merged("mh100;pv51") == ["mh100"]
    assert figures.merged("pv39", "mh74") == ["mh74"]
    assert figures.merged("pv57") == ["vq22"]


def test_copies_of_an_article_are_one_and_files_on_a_shelf_are_not():
    assert figures.merged("pv17;vq42") == ["pv17"]
    assert figures.merged("R11;R12") == ["R11", "R12"]


def test_order_is_that_of_the_first_mention_and_unknown_ids_stay():
    assert figures.merged("vq22;x", "mh100;pv57") == ["vq22", "x", "mh100"]


def test_no_address_is_told_twice():
    kept = figures.merged(*figures.book().sources)
    assert figures.merged(*kept) == kept
    told = [figures.source(each)["url"] for each in kept if figures.source(each)["url"]]
    assert len({url for url in told if "//github.com/" not in url}) == len(
        [url for url in told if "//github.com/" not in url]
    )


@dataclass(eq=False)
class Known:
    sources: dict


def book_of(*rows):
    names = ("title", "date", "url")
    return Known({row[0]: dict(zip(names, row[1:], strict=True)) for row in rows})


LONG = "Quảng Ninh attracts investment"


def test_what_is_like_two_documents_makes_them_one_in_any_order():
    rows = [
        ("a", LONG, "2020", "http://x/1"),
        ("b", "Another", "2021", "http://x/2"),
        ("c", LONG, "2020", "http://x/2"),
    ]
    for some in permutations(rows):
        assert len(set(_same(book_of(*some)).values())) == 1


def test_titles_that_say_little_and_pages_without_a_date_are_not_taken_for_copies():
    rows = [("a", "Báo cáo", "2020", "http://x/1"), ("b", "Báo cáo", "2020", "http://y/2")]
    rows += [("c", LONG, "", "http://x/3"), ("d", LONG, "", "http://y/4"), ("e", "", "", "")]
    assert _same(book_of(*rows)) == {each: each for each in "abcde"}


def test_what_we_know_ourselves_is_no_document():
    assert not figures.is_document("general-geography")
    assert figures.is_document("mh13")
