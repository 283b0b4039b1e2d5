"""The server's part of presenting: scenes by address, what is drawn, and the wishes that keys send."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from qn_geo import state, stories, style
from qn_geo.charts import Chart
from qn_geo.settings import settings
from qn_geo.ui.presenting import show, steps
from qn_geo.ui.stories import scenes

STORY = "hop-12-10-2021"
SCRIPT = """
import runpy
from qn_geo import state
state.sync("trinh-chieu", None)
runpy.run_path("pages/present.py")
"""
HOSTILE = """
title: "<script>alert(1)</script> & co"
lang: en
scenes:
  - headline: "<img src=x onerror=alert(1)> rises"
    notes: |
      <b>slowly</b>
      :material/home: **bold**
  - headline: "Second"
    zones: [kcn-song-khoai]
    chart: investment
    figures: [kcn-song-khoai/area_ha, kcn-song-khoai/public_works_usd_m]
    year: 2025
"""


@pytest.fixture(autouse=True)
def at_home(root, monkeypatch):
    monkeypatch.chdir(root)


@pytest.fixture
def own(tmp_path, monkeypatch):
    """Write a story of one's own; its id comes back."""
    monkeypatch.setenv("QN_GEO_STORY_DIR", str(tmp_path))
    settings.cache_clear()

    def write(text, name="own"):
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        return name

    yield write
    settings.cache_clear()


def opened(**query):
    test = AppTest.from_string(SCRIPT, default_timeout=60)
    for key, value in {"mode": "show", "story": STORY, **query}.items():
        test.query_params[key] = str(value)
    test.run()
    assert not test.exception, test.exception
    return test


def text(test):
    return " ".join(element.proto.body for element in test.get("html"))


def view(test):
    return test.session_state["qn-view"]


@pytest.mark.parametrize("mode", ["show", "speaker"])
@pytest.mark.parametrize("scene", [1, 4, 9])
def test_a_scene_is_drawn_from_its_address_alone(mode, scene):
    test = opened(mode=mode, scene=scene)
    assert not test.error
    told = stories.load(STORY).scenes[scene - 1]
    assert told.headline in text(test)
    assert not [name for name, value in scenes.onto(told).items() if getattr(view(test), name) != value]


def test_a_number_beyond_the_last_shows_the_last():
    test = opened(scene=99)
    assert view(test).scene == len(stories.load(STORY).scenes)


def test_every_highlighted_figure_stands_there_with_its_value():
    story = stories.load(STORY)
    for number, scene in enumerate(story.scenes, start=1):
        drawn = text(opened(scene=number))
        for figure in show.figure_list(scene, story.lang, stories.sources(scene, story.lang, layers=False)):
            assert f"<b>{figure['value']}</b>" in drawn


def test_what_a_story_says_is_only_text(own):
    name = own(HOSTILE)
    for mode in ("show", "speaker"):
        drawn = text(opened(story=name, mode=mode))
        assert "<img" not in drawn.replace('<img src="data:', "")
        assert "<script>alert" not in drawn
        assert "&lt;img src=x" in drawn
    assert "&lt;b&gt;slowly" in drawn


def test_a_gap_is_called_a_gap_and_the_story_speaks_its_own_language(own):
    drawn = text(opened(story=own(HOSTILE), scene=2))
    assert "qn-gap-in-data" in drawn
    assert "no data" in drawn.lower()


def test_a_story_that_is_gone_says_so_and_offers_the_way_back():
    test = opened(story="nothing-here")
    assert test.error
    test.button(key="w-leave").click().run()
    assert not test.exception
    assert view(test).mode is None


def test_a_broken_story_names_its_field(own):
    test = opened(story=own("title: x\nlang: vi\nscenes: [{headline: a, chart: pie}]"))
    assert "chart" in test.error[0].value


@pytest.mark.parametrize("mode", ["show", "speaker"])
def test_a_story_that_names_what_is_gone_says_that_the_editor_takes_it_out(own, mode):
    gone = own("title: x\nlang: vi\nscenes: [{headline: a, zones: [kcn-khong-con]}]")
    test = opened(story=gone, mode=mode, lang="en")
    assert "did you mean" not in test.error[0].value
    assert "removes them" in test.info[0].value
    assert not opened(story="nothing-here").info


def test_a_range_of_numbers_stays_on_one_line_and_nothing_else_does(own):
    headline = "Vốn 2021–2025, tăng 57,87–63,20 %, họp 12-10-2021, KCN A-B <b>1.000–2"
    drawn = text(opened(story=own(f"title: x\nlang: vi\nscenes: [{{headline: '{headline}'}}]")))
    assert re.findall('<span class="qn-whole">(.*?)</span>', drawn) == ["2021–2025", "57,87–63,20", "1.000–2"]
    assert "KCN A-B &lt;b&gt;" in drawn


@pytest.mark.parametrize("dark", ["", "1"])
def test_dark_is_in_the_address(dark):
    test = opened(dark=dark)
    assert f'data-tone="{"dark" if dark else "light"}"' in text(test)
    assert state.to_query(view(test)).get("dark", "") == dark


def test_the_address_of_a_scene_says_nothing_else():
    test = opened(scene=4)
    assert set(state.to_query(view(test))) == {"mode", "story", "scene"}


def test_what_is_chosen_meanwhile_is_off_the_scene_and_followed():
    scene = stories.load("bon-vung-dong-luc").scenes[6]
    here = state.View(story="bon-vung-dong-luc", scene=7, lang="vi", **scenes.onto(scene))
    assert not steps.strayed(here, scene)
    assert show.following(scene, here) == scene
    asked = replace(here, zone="kcn-dong-mai")
    assert steps.strayed(asked, scene)
    followed = show.following(scene, asked)
    assert followed.zones[0] == "kcn-dong-mai"
    assert {place.split("/")[0] for place in followed.figures} == {"kcn-dong-mai"}
    assert followed.headline == scene.headline


@pytest.mark.parametrize("name", [entry.id for entry in stories.listed() if entry.origin == "shipped"])
def test_charts_of_shipped_stories_can_be_read_at_the_far_end(name):
    story = stories.load(name)
    for scene in story.scenes:
        chart = show.fitting(stories.chart(scene, story.lang), story.lang)
        assert chart is None or isinstance(chart, Chart)
        assert chart is None or chart.figure.layout.height <= show.TALLEST


@pytest.mark.parametrize(("marks", "told"), [([], ""), ([2], "2"), ([1, 2, 3, 5], "1–3,5"), ([4, 5], "4–5")])
def test_marks_are_written_shortly(marks, told):
    assert show._spans(marks) == told


def test_night_keeps_the_hue_and_lifts_the_dark():
    for colour, night in style.NIGHT.items():
        assert night.startswith("#"), colour
        assert len(night) == 7
