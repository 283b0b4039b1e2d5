"""Documents that have several ids are told once; what we know ourselves is no document."""

from __future__ import annotations

from qn_geo import figures


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


def test_what_we_know_ourselves_is_no_document():
    assert not figures.is_document("general-geography")
    assert figures.is_document("mh13")
