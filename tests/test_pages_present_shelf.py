"""What is on the list of stories, and what the form of a new scene says it will be."""

from __future__ import annotations

from collections import Counter

import pytest

from qn_geo import state, stories
from qn_geo.ui.stories import adding, words
from tests.small_stories import scene, story, story_dir
from tests.test_pages import opened, text
from tests.test_pages_present import at_home, keyed

__all__ = ["at_home", "story_dir"]  # fixtures that every test here asks for by name
pytest_plugins = ["tests.review_fixtures"]
pytestmark = pytest.mark.usefixtures("story_dir", "reviews", "at_home")


def test_a_file_that_cannot_be_read_is_deleted_only_when_that_is_confirmed(story_dir):
    kept = stories.begin(story(scene()))
    broken = story_dir / "hong.yaml"
    broken.write_text("title: [", encoding="utf-8")
    test = opened("present.py", None)
    assert broken.exists(), "the list itself deletes nothing"
    test.button(key="w-delete-hong").click().run()
    assert not test.error
    assert not broken.exists()
    assert stories.load(kept)


def test_a_file_whose_name_may_mean_another_one_is_not_deleted(story_dir):
    draft = stories.begin(story(scene()))
    for name in ("hop.yaml", "hop.yml", f"{draft}.yaml", "bon-vung-dong-luc.yaml", "A <b>.yaml"):
        (story_dir / name).write_text("title: [", encoding="utf-8")
    test = opened("present.py", None)
    deleting = sorted(button.key for button in test.button if button.key and button.key.startswith("w-delete-"))
    assert deleting == [f"w-delete-{draft}", "w-delete-hop"]
    assert "A &lt;b&gt;.yaml" in text(test)
    assert len(test.error) == 5, "every one of them is told"


def added(year, **query):
    """What the form says of the scene it would make."""
    test = opened("area.py", "quang-yen", year=year, lang="en", **query)
    test.button(key="w-add").click().run()
    return test, next(element.proto.body for element in test.get("html") if "qn-adds" in element.proto.body)


def test_the_form_says_what_is_added():
    test, told = added("2026", zone="kcn-song-khoai")
    assert (
        "Quảng Yên · year 2026 · Sông Khoai IP · layers: 18/19 · figures: 4 · Registered capital, zone by zone" in told
    )
    keyed(test.selectbox, "w-add-chart").set_value("").run()
    assert "layers: 18/19 · figures: 4 · No chart" in text(test)


def test_a_year_carried_over_stands_out_in_the_form():
    assert "Quảng Yên · <b>plan to 2040</b> · layers" in added("2040")[1]
    assert "<b>year 2012</b>" in added("2012", layers="kcn")[1]


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"area": "quang-yen", "zones": ("kcn-song-khoai",)}, {"kcn-song-khoai": 4}),
        ({"zones": ("kcn-song-khoai", "kcn-texhong-hai-ha")}, {"kcn-song-khoai": 2, "kcn-texhong-hai-ha": 2}),
        ({"zones": ("kcn-song-khoai", "kcn-dong-mai", "kcn-viet-hung", "kcn-cai-lan")}, None),
        ({"area": "van-don", "year": 2030}, {"area-van-don": 0, "kkt-van-don": 4}),
        ({}, {"province": 3, "group-kkt-kcn": 1}),
    ],
)
def test_a_new_scene_highlights_what_introduces_its_places(where, expected):
    new = scene("một", **where)
    found = words.usual(new)
    told = stories.highlighted(new.model_copy(update={"figures": found}), "vi")
    assert all(highlight.figure for highlight in told), "a figure, never a gap"
    if expected is not None:
        assert Counter(reference.partition("/")[0] for reference in found) == Counter(expected)
    assert len(found) == len(set(found)) <= 6
    if new.year == 2030:
        assert {highlight.figure.kind for highlight in told} <= {"plan", "target"}


def test_a_new_scene_says_what_stands_beside_the_map():
    beside = opened("overview.py", None).get("html")
    cards = next(element.proto.body for element in beside if "qn-cards" in element.proto.body)
    for told in stories.highlighted(scene("một", figures=words.usual(scene("một"))), "vi"):
        assert told.label in cards
        assert told.value.split()[0] in cards


def test_figures_nobody_chose_follow_the_view_that_takes_the_place_of_a_scene():
    before = scene("một", area="van-don", year=2026)
    view = state.View(area="van-don", year=2030)
    usual = before.model_copy(update={"figures": words.usual(before)})
    assert adding._reframed(usual, view, None).figures == words.usual(scene("hai", area="van-don", year=2030))
    chosen = before.model_copy(update={"figures": ("kkt-van-don/area_ha",)})
    assert adding._reframed(chosen, view, None).figures == ("kkt-van-don/area_ha",)


def test_zones_side_by_side_are_introduced_by_the_same_measures():
    found = words.usual(scene("một", zones=("kcn-song-khoai", "kcn-texhong-hai-ha")))
    measures = [reference.partition("/")[2] for reference in found]
    assert sorted(measures) == sorted(2 * list(dict.fromkeys(measures)))
