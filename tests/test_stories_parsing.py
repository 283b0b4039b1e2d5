"""Stories from files that anybody may have written: every mistake told, nothing run, nothing lost."""

from __future__ import annotations

import re
import time
import unicodedata
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given

from qn_geo import charts, stories, style
from qn_geo.horizons import YEARS
from qn_geo.stories import Look, Scene, Story, StoryError, dumped, parsed
from qn_geo.stories.story import AREAS
from tests.small_stories import full_scene, scene, story

DOCS = Path(__file__).parents[1] / "docs/stories.md"
FRAME = "title: T\nlang: vi\nscenes:\n"


def wrong(content):
    """The error of a file that cannot be used."""
    with pytest.raises(StoryError) as caught:
        parsed(content, "họp.yaml")
    return caught.value


def one_scene(fields):
    """A story of one scene with these lines in it."""
    return f"{FRAME}  - headline: Một\n    {fields}\n"


def test_every_mistake_is_told_with_file_scene_field_and_remedy_in_both_languages():
    error = wrong(
        "title: T\nlang: fr\nsceens: 1\nscenes:\n"
        "  - headline: Một\n    yeer: 2026\n    zones: [kcn-song-khoi]\n"
        "  - headline: Hai\n    chart: target\n    figures: [f9999, province/ccn_cuont]\n"
    )
    vi, en = error.message("vi"), error.message("en")
    assert error.file == "họp.yaml"
    assert len(error.problems) == 7
    for text in (
        "họp.yaml, dòng 2: mục lang: không có giá trị “fr”. Cách xử lý: chọn một trong: vi, en.",
        "dòng 3: mục sceens: không có mục nào tên như vậy. Cách xử lý: có phải “scenes”?",
        "dòng 6: cảnh 1 “Một”, mục yeer: không có mục nào tên như vậy. Cách xử lý: có phải “year”?",
        "dòng 7: cảnh 1 “Một”, mục zones.1: không có khu “kcn-song-khoi”. Cách xử lý: có phải “kcn-song-khoai”?",
        "dòng 9: cảnh 2 “Hai”, mục chart: không có giá trị “target”. Cách xử lý: có phải “targets”?",
        "dòng 10: cảnh 2 “Hai”, mục figures.1: không có số liệu “f9999”.",
        "cảnh 2 “Hai”, mục figures.2: không có chỉ tiêu “ccn_cuont”. Cách xử lý: có phải “ccn_count”?",
    ):
        assert text in vi
    for text in ("line 6: scene 1 “Một”, field yeer: there is no such field. Remedy: did you mean “year”?",):
        assert text in en
    assert [problem.row for problem in error.problems] == sorted(problem.row for problem in error.problems)


@pytest.mark.parametrize(
    ("fields", "field", "told", "remedy"),
    [
        ('year: "2030"', "year", "must be a whole number", "write it as 2026, no quotes"),
        ("year: 9999999999999", "year", "must be a whole number", "write it as 2026"),
        ("year:", "year", "is empty", "may be left out"),
        ("yeer:", "yeer", "there is no such field", "did you mean “year”"),
        ("area: [hai-ha]", "area", "must be text", "one text"),
        ("zones: [zzzz]", "zones.1", "there is no zone", "zones.csv"),
        ("zones: [kcn-khong-con]", "zones.1", "there is no zone", "copy the id"),
        ("figures: [province/registered_capital]", "figures.1", "there is no measure", "copy the id"),
        ("opacity: {zones: 60%}", "opacity.zones", "must be a number", "0.5"),
        ("year: 2031", "year", "there is no year 2031", "choose one of 2010-2026, 2030"),
        ("year: true", "year", "must be a whole number", "2026"),
        ("year: 2030.5", "year", "must be a whole number", "2026"),
        ("zones: kcn-song-khoai", "zones", "must be a list", "[a, b]"),
        ("zones: {a: b}", "zones", "must be a list", "[a, b]"),
        ("view: [1, 2]", "view", "must hold named fields", "name: value"),
        ("view: {lon: 107, lat: 21}", "view.zoom", "is missing", "add it"),
        ('view: {lon: "107", lat: 21, zoom: 9}', "view.lon", "must be a number", "no quotes"),
        ("view: {lon: 7, lat: 21, zoom: 9}", "view.lon", "must be 104 or more", "correct"),
        ("view: {lon: 107, lat: .nan, zoom: 9}", "view.lat", "must be a number", "21.5"),
        ("layers: [kktt]", "layers", "there is no value “kktt”", "did you mean “kkt”"),
        ("layers: [1]", "layers.1", "must be text", "quotes"),
        ("area: hai_ha", "area", "there is no value “hai_ha”", "did you mean “hai-ha”"),
        ("opacity: {zones: 2}", "opacity.zones", "must be 1 or less", "correct"),
        ("opacity: {zoness: 1}", "opacity", "there is no value “zoness”", "did you mean “zones”"),
        ("figures: [f0001, f0002, f0003, f0004, f0005, f0006, f0007]", "figures", "at most 6", "leave some out"),
        ("figures: [../../etc/passwd]", "figures.1", "is no id", "copy the id"),
        ("plot: '<b>'", "plot", "“<b>” is no id", "such as SK-001"),
        ("pick: row:1", "pick", "is no id", "such as link:cao-toc-1"),
        ("notes: [a]", "notes", "must be text", "quotes"),
        ('notes: "a\\0b"', "notes", "control characters", "type it again"),
        ('notes: "100\\u202e%"', "notes", "control characters", "type it again"),
        ("notes:", "notes", "is empty", "may be left out"),
        ("headline: Hai", "headline", "stands twice", "keep it once"),
        ("[a]: 1", "", "whose name is no text", "name: value"),
    ],
)
def test_a_mistake_in_a_field(fields, field, told, remedy):
    [text] = [problem.message("en") for problem in wrong(one_scene(fields)).problems]
    place = f", field {field}: " if field else ": "
    assert re.match(rf"họp\.yaml, line [45]: scene 1 “\w+”{re.escape(place)}", text), text
    assert told in text
    assert remedy in text.partition("Remedy: ")[2]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "the file is empty"),
        (b"null", "the file is empty"),
        (b"just text", "must hold named fields. Remedy: begin with title"),
        (b"[1, 2]", "must hold named fields. Remedy: begin with title"),
        (b"title: T\nlang: vi\nscenes: {headline: A}\n", "must be a list. Remedy: begin each scene with “- headline"),
        (b"title: T\nlang: vi\nscenes:\n", "is empty. Remedy: begin each scene with “- headline"),
        (FRAME.encode("utf-16"), "not text in UTF-8"),
        ("title: Họp".encode("cp1258", "replace") + b"\xff", "not text in UTF-8"),
        (b"title: a\x00b", "line 1: holds control characters"),
        (b"title: T\nlang: vi\x07\n", "line 2: holds control characters"),
        (b"title: 'T\n", "is no proper YAML"),
        (b"title: T\n\tlang: vi\n", "line 2: is no proper YAML"),
        (b"title: a: b\n", "line 1: is no proper YAML"),
        (b"a: &a [x]\nb: *a\n", "anchors or aliases"),
        (b"title: T\n<<: *x\n", "anchors or aliases"),
        (b"title: !!python/object/apply:os.system ['true']\n", "YAML's tags"),
        (b"title: !secret x\n", "YAML's tags"),
        (b"title: T\n---\ntitle: U\n", "line 2: the file holds more than one document"),
        (b"[" * 500_000, "too deep"),
        (b"{a: " * 200_000, "too deep"),
        (b"- a\n" * 240_000, "too many entries"),
        (b"# " + b"x" * 1_100_000, "larger than 1 MB"),
        (b"title: " + b"9" * 900_000, "is longer than 160 letters"),
        (b"title: " + b"1:" * 400_000 + b"1", "is longer than 160 letters"),
        ((FRAME + "  - headline: Một\n" * 61).encode(), "may hold at most 60"),
        ((FRAME + "  []\n").encode(), "field scenes: needs at least 1"),
        ((FRAME + "  - Một\n").encode(), "scene 1: must hold named fields"),
        ((FRAME + "  - headline: ' '\n").encode(), "scene 1, field headline: is empty"),
        ((FRAME + f"  - headline: {'a' * 161}\n").encode(), "is longer than 160 letters"),
        ((FRAME + "".join(f"    k{n}: 1\n" for n in range(900))).replace("    k0", "  - k0").encode(), "- …"),
    ],
)
def test_a_file_that_is_no_story_is_refused_at_once(content, told):
    begun = time.monotonic()
    error = wrong(content)
    assert time.monotonic() - begun < 5
    assert told in error.message("en")
    assert len(error.message("vi").splitlines()) <= 102


def test_a_story_that_only_names_what_is_gone_has_a_rest():
    error = wrong(
        FRAME + "  - headline: A\n  - headline: B\n    zones: [gone, kcn-hai-yen]\n    figures: [gone/x, f0227]\n"
    )
    assert error.rest == story(scene("A"), scene("B", zones=("kcn-hai-yen",), figures=("f0227",)), title="T")
    assert [(index, what.en) for index, what in error.gone] == [
        (1, "there is no zone “gone”."),
        (1, "there is no place “gone”."),
    ]
    other = wrong(FRAME + "  - headline: A\n    zones: [gone]\n    yeer: 2026\n")
    assert other.rest is None
    assert not other.gone


def test_laughs_are_refused_before_they_are_told():
    laughs = "a0: &a0 [lol]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    assert "anchors or aliases" in wrong(laughs).message("en")


def test_words_that_yaml_turns_into_something_else_stay_words():
    found = parsed(FRAME + "  - headline: no\n  - headline: 2021-10-12\n  - headline: 12:30\n", "a")
    assert [scene.headline for scene in found.scenes] == ["no", "2021-10-12", "12:30"]
    assert "must be text" in wrong(FRAME + "  - headline: 2021\n").message("en")


def test_letters_become_nfc_and_line_ends_one_kind():
    split = unicodedata.normalize("NFD", "Quảng Yên")
    found = parsed(f"\ufefftitle: {split}\r\nlang: vi\r\nscenes:\r\n  - headline: ' {split}  1 '\r\n".encode(), "a")
    assert found.title == "Quảng Yên"
    assert found.scenes[0].headline == "Quảng Yên 1"
    assert scene(notes="a \r\nb\u2028c\t \n\n").notes == "a\nb\nc"


def test_hostile_text_stays_text():
    text = "<script>alert(1)</script> {{ 7*7 }} $x$ =1+1"
    found = parsed(dumped(story(scene(text, notes=text))), "a")
    assert found.scenes[0].headline == found.scenes[0].notes == text


def test_lists_are_put_in_order_and_each_stands_once():
    found = scene(layers=["kcn", "areas", "kcn"], zones=["kcn-hai-yen", "kcn-hai-yen"], plots=["none", "leased"])
    assert found.layers == ("areas", "kcn")
    assert found.zones == ("kcn-hai-yen",)
    assert found.plots == ("leased", "none")


def test_a_story_is_written_as_a_person_would():
    assert dumped(story(full_scene(), scene("Kết luận"))) == (
        "title: Họp tháng 12\n"
        "lang: vi\n"
        "scenes:\n"
        "  - headline: 'Sông Khoai: gần 3 tỷ USD'\n"
        "    area: quang-yen\n"
        "    zones: [kcn-song-khoai, kcn-dong-mai]\n"
        "    plot: SK-001\n"
        "    pick: link:cao-toc-1\n"
        "    layers: [areas, kcn]\n"
        "    statuses: [operating]\n"
        "    plots: [leased, none]\n"
        "    opacity: {landuse: 0.5}\n"
        "    year: 2030\n"
        "    view: {lon: 106.81, lat: 20.978, zoom: 12.5}\n"
        "    figures: [f0227, kcn-song-khoai/occupancy_pct]\n"
        "    chart: targets\n"
        "    notes: |-\n"
        "      Nói: 3 tỷ USD.\n"
        "\n"
        "      Nguồn: báo chí, 12/2025.\n"
        "  - headline: Kết luận\n"
    )


def some(values, most):
    """Lists of some of these."""
    return st.lists(st.sampled_from(values), max_size=most)


def text(most):
    """Texts that pass, whatever is in them."""

    def passes(value):
        try:
            return bool(Story(title=value[:150], lang="vi", scenes=(scene(notes=value),)).title)
        except ValueError:
            return False

    return st.text(max_size=most).filter(passes)


LOOKS = st.builds(Look, lon=st.floats(104, 110), lat=st.floats(19, 23), zoom=st.floats(5, 20))
NOTES = st.one_of(st.just(""), text(120), st.lists(text(40), min_size=2, max_size=4).map("\n\n ".join))
SCENES = st.builds(
    Scene,
    headline=text(150),
    area=st.none() | st.sampled_from(AREAS),
    zones=some(["kcn-song-khoai", "kkt-van-don", "ccn-hai-yen"], 3),
    layers=st.none() | some(list(style.LAYER_BY_ID), 5),
    statuses=st.none() | some(style.STATUSES, 2),
    plots=st.none() | some(style.PLOT_STATUSES, 2),
    opacity=st.dictionaries(st.sampled_from(style.GROUPS), st.floats(0.1, 1), max_size=2),
    year=st.sampled_from(YEARS),
    view=st.none() | LOOKS,
    figures=some(["f0001", "province/kcn_count", "kkt-van-don/occupancy_pct"], 3),
    chart=st.none() | st.sampled_from(charts.NAMES),
    notes=NOTES,
)
STORIES = st.builds(
    Story, title=text(150), lang=st.sampled_from(["vi", "en"]), scenes=st.lists(SCENES, min_size=1, max_size=3)
)


@given(STORIES)
def test_what_is_written_is_read_back_the_same(told):
    assert parsed(dumped(told), "a") == told
    assert parsed(dumped(told).encode(), "a") == told


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_anything_else_is_refused_in_words(content):
    error = wrong(content)
    assert error.problems
    assert all(problem.vi and problem.en for problem in error.problems)


def test_the_example_of_the_documents_is_a_story():
    [example] = re.findall(r"^```yaml\n(.*?)^```", DOCS.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    found = parsed(example, "docs/stories.md")
    assert [scene.headline for scene in found.scenes][1] == "The plan for 2030"
    assert found.scenes[0].notes.count("\n") == 1
    assert parsed(dumped(found), "a") == found


def test_the_documents_name_every_field_layer_chart_and_year():
    page = DOCS.read_text("utf-8")
    words = set(re.findall(r"`([^`]+)`", page.rpartition("```")[2]))
    assert set(Scene.model_fields) <= set(re.findall(r"^\| `(\w+)` \|", page, re.MULTILINE))
    assert set(style.LAYER_BY_ID) | set(style.GROUPS) | set(style.STATUSES) | set(style.PLOT_STATUSES) <= words
    assert {name.removeprefix("comparison:") for name in charts.NAMES} <= words
    assert set(AREAS) <= words
    assert f"{YEARS[0]} to 2026, or a plan horizon: {', '.join(str(y) for y in YEARS if y > 2026)}" in page


def test_public_names_are_there():
    assert all(hasattr(stories, name) for name in stories.__all__)
