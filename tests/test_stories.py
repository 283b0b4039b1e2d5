"""What scenes show and say, how they are edited, and the stories that come with the app: every number is a record."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from qn_geo import charts, figures, stories, style
from qn_geo.errors import QnGeoError
from qn_geo.stories.story import MOST_SCENES
from tests.small_stories import scene, story

DATA = Path(__file__).parents[1] / "data/stories"
PAIRS = {
    "hop-12-10-2021": "meeting-12-10-2021",
    "bon-vung-dong-luc": "four-growth-areas",
    "lap-day-va-dat": "occupancy-and-land",
}
SHIPPED = [*PAIRS, *PAIRS.values()]
MONTH = r"(?:January|March|April|June|July|October|November|December|[A-Z][a-z]{2})"
# Numbers that are no figures: days and months, years, numbers of documents, phases of a park, an address.
NO_FIGURE = re.compile(
    rf"\b\d{{1,2}}/\d{{1,2}}/\d{{4}}\b|\b\d{{1,2}}/\d{{4}}\b|\b(?:\d{{1,2}} )?{MONTH} \d{{4}}\b"
    r"|\b\d+/(?:\d{4}/)?QĐ-TTg|\b(?:giai đoạn|phase) \d\b|tintuc24hexpress\.com|\b20[0-5]\d\b|\bquý I\b"
)


def numbers(text, lang):
    """Numbers of a text with the decimals they are written with."""
    thousands, decimal = (".", ",") if lang == "vi" else (",", ".")
    written = rf"\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\{decimal}\d+)?|\d+(?:\{decimal}\d+)?"
    for found in re.findall(written, NO_FIGURE.sub(" ", text)):
        plain = found.replace(thousands, "").replace(decimal, ".")
        yield float(plain), len(plain.partition(".")[2])


def known(item, lang):
    """Values that a scene's figures have: as published, US dollars in billions too, and what its chart counts."""
    for told in stories.highlighted(item, lang):
        if told.figure:
            for value in filter(None, (told.figure.value, told.figure.value_max)):
                yield value
                if told.figure.unit == "usd_m":
                    yield value / 1000
    chart = stories.chart(item, lang)
    if chart:
        yield from (value for value, _decimals in numbers(chart.title, lang))


def is_known(value, decimals, values):
    return any(round(candidate, decimals) == value if decimals else candidate == value for candidate in values)


def test_numbers_are_read_as_they_are_written():
    assert list(numbers("18.842,56 ha, 4/31, 3–4% (07/2025), 12/10/2021", "vi")) == [
        (18842.56, 2),
        (4, 0),
        (31, 0),
        (3, 0),
        (4, 0),
    ]
    assert list(numbers("USD 9,285.4 m on 3 Nov 2025, Decision 80/QĐ-TTg", "en")) == [(9285.4, 1)]
    assert is_known(9.29, 2, [9.2854])
    assert not is_known(9, 0, [9.2854])


@pytest.mark.parametrize("name", SHIPPED)
def test_every_number_of_a_shipped_story_is_one_of_its_figures(name):
    told = stories.load(name)
    strange = [
        (number, value)
        for number, item in enumerate(told.scenes, 1)
        for text in (item.headline, item.notes)
        for value, decimals in numbers(text, told.lang)
        if not is_known(value, decimals, list(known(item, told.lang)))
    ]
    assert strange == []


@pytest.mark.parametrize("name", SHIPPED)
def test_a_shipped_story_can_be_presented(name):
    told = stories.load(name)
    assert 5 <= len(told.scenes) <= 9
    for item in told.scenes:
        assert len(item.headline) <= 95, item.headline
        assert 60 <= len(item.notes.split()) <= 150, item.headline
        assert 2 <= len(item.figures) <= 5
        assert set(item.visible) < set(style.LAYER_BY_ID), "not everything at once"
        assert {"Nguồn:", "Source:"} & set(item.notes.split())
        assert item.chart is None or not stories.chart(item, told.lang).empty
        assert stories.sources(item, told.lang)


@pytest.mark.parametrize("name", SHIPPED)
def test_highlights_say_their_date_and_basis_and_never_mix_currencies(name):
    told = stories.load(name)
    for item in told.scenes:
        shown = [highlight for highlight in stories.highlighted(item, told.lang) if highlight.figure]
        assert len({"usd_m", "vnd_bn"} & {highlight.figure.unit for highlight in shown}) <= 1
        for highlight in shown:
            assert highlight.detail.startswith(figures.period_text(highlight.figure, told.lang))
            assert figures.basis_name(highlight.figure.basis, told.lang) in highlight.detail


@pytest.mark.parametrize(("vi", "en"), PAIRS.items())
def test_both_languages_tell_the_same(vi, en):
    one, other = stories.load(vi), stories.load(en)
    assert (one.lang, other.lang) == ("vi", "en")
    words = {"headline", "notes"}
    assert [item.model_dump(exclude=words) for item in one.scenes] == [
        item.model_dump(exclude=words) for item in other.scenes
    ]
    for here, there in zip(one.scenes, other.scenes, strict=True):
        for field in words:
            assert {value for value, _d in numbers(getattr(here, field), "vi")} == {
                value for value, _d in numbers(getattr(there, field), "en")
            }, here.headline


def test_all_shipped_stories_are_on_the_list():
    found = {entry.id: entry for entry in stories.listed() if entry.origin == "shipped"}
    assert set(found) == set(SHIPPED) == {path.stem for path in DATA.glob("*.yaml")}
    assert not any(entry.problem for entry in found.values())


@pytest.mark.parametrize("name", SHIPPED)
def test_the_record_names_the_documents_of_the_figures(name):
    record = json.loads((DATA / f"{name}.yaml.record.json").read_text("utf-8"))
    told = stories.load(name)
    wanted = [
        highlight.figure
        for item in told.scenes
        for highlight in stories.highlighted(item, told.lang)
        if highlight.figure
    ]
    assert record["sources"] == figures.source_ids(wanted)


def test_highlights_are_figures_or_the_gap():
    item = scene(figures=("f0091", "province/ccn_count", "kkt-van-don/occupancy_pct"))
    mean, clusters, gap = stories.highlighted(item, "vi")
    assert (mean.label, mean.place_name, mean.value) == ("Tỷ lệ lấp đầy", "Các KCN", "57,87%")
    assert mean.detail == "11/2025 · không rõ cơ sở tính · báo chí đưa tin"
    assert (clusters.measure, clusters.value) == ("ccn_count", "13 cụm công nghiệp")
    assert (gap.figure, gap.place_name, gap.value, gap.detail) == (None, "KKT Vân Đồn", "chưa có số liệu", "")
    assert stories.highlighted(item, "en")[2].value == "no data"


def test_a_place_and_measure_speak_for_the_year_of_the_scene():
    def value(year, reference="province/ccn_count"):
        [told] = stories.highlighted(scene(figures=(reference,), year=year), "en")
        return told.figure and (told.figure.kind, told.figure.value)

    assert value(2021) == ("actual", 7)
    assert value(2026) == ("actual", 13)
    assert value(2030) == ("plan", 36)
    assert value(2030, "kkt-quang-yen/area_ha") == ("actual", 13303)
    assert value(2010, "group-kcn/occupancy_pct") is None
    assert value(2030, "f0511") == ("actual", 7)
    assert value(2030, "kcn-song-khoai/fdi_registered_usd_m") == ("actual", 3000), "its target was for 2023"


def test_the_figures_of_a_measure_that_is_gone_are_named_by_their_id():
    told = stories.highlighted(scene(figures=("f9999",)), "vi")
    assert [(item.label, item.figure, item.value) for item in told] == [("f9999", None, "chưa có số liệu")]


def test_chart_and_sources_of_a_scene():
    item = scene(zones=("kcn-song-khoai",), figures=("f0227",), chart="investment-cumulative", layers=("kcn",))
    assert item.subject == charts.Subject(2026, None, ("kcn-song-khoai",))
    assert stories.chart(item, "vi") == charts.named("investment-cumulative", item.subject, "vi")
    named = stories.sources(item, "vi", layers=False)
    assert named[0] == "vq25"
    assert len(set(named)) == len(named)
    assert stories.sources(item, "vi")[: len(named)] == named
    assert len(stories.sources(item, "vi")) > len(named)
    assert stories.chart(scene(), "vi") is None
    assert stories.sources(scene(layers=()), "vi") == []


def test_what_is_left_out_is_as_usual():
    assert scene().visible == style.DEFAULT_LAYERS
    assert scene(layers=()).visible == ()
    assert (scene().year, scene().view, scene().opacity) == (2026, None, {})


def test_a_layer_without_a_record_has_no_documents(data_copy):
    (data_copy / "zones/zones.geojson.record.json").unlink()
    assert stories.sources(scene(layers=("kcn",)), "vi") == []


def told(edited):
    return [item.headline for item in edited.scenes]


def test_edits_give_a_new_story_and_leave_the_old_one():
    old = story(scene("A"), scene("B"), scene("C"))
    assert told(stories.added(old, scene("D"))) == ["A", "B", "C", "D"]
    assert told(stories.added(old, scene("D"), at=0)) == ["D", "A", "B", "C"]
    assert told(stories.moved(old, 0, 2)) == ["B", "C", "A"]
    assert told(stories.moved(old, 2, 0)) == ["C", "A", "B"]
    assert told(stories.moved(old, 1, 99)) == ["A", "C", "B"]
    assert told(stories.replaced(old, 1, scene("X"))) == ["A", "X", "C"]
    assert told(stories.without(old, 1)) == ["A", "C"]
    assert told(stories.duplicated(old, 0)) == ["A", "A", "B", "C"]
    assert stories.titled(old, " Tên  mới ").title == "Tên mới"
    assert told(old) == ["A", "B", "C"]


def test_an_edit_finds_the_scene_a_person_saw_wherever_it_is_now():
    seen = story(scene("A"), scene("B"), scene("C"))
    now = stories.added(stories.moved(seen, 1, 2), scene("N"), at=0)  # N A C B
    b = seen.scenes[1]
    assert told(stories.without(now, 1, was=b)) == ["N", "A", "C"]
    assert told(stories.replaced(now, 1, scene("X"), was=b)) == ["N", "A", "C", "X"]
    assert told(stories.moved(now, 1, 0, was=b)) == ["B", "N", "A", "C"]
    twins = story(b, scene("A"), b)
    assert told(stories.without(twins, 2, was=b)) == ["B", "A"]
    assert told(stories.duplicated(twins, 0, was=b)) == ["B", "B", "A", "B"]


@pytest.mark.parametrize("index", [-1, 2])
def test_a_scene_that_is_gone_is_not_changed(index):
    old = story(scene("A"), scene("B"))
    for edit in (
        lambda: stories.without(old, index),
        lambda: stories.moved(old, index, 0),
        lambda: stories.replaced(old, 0, scene("X"), was=scene("C")),
    ):
        with pytest.raises(stories.SceneGoneError, match="nothing was overwritten"):
            edit()


def test_the_last_scene_stays_and_there_is_room_for_so_many():
    with pytest.raises(QnGeoError, match="at least one scene"):
        stories.without(story(scene("A")), 0)
    full = story(*(scene(str(number)) for number in range(MOST_SCENES)))
    for edit in (lambda: stories.added(full, scene("X")), lambda: stories.duplicated(full, 0)):
        with pytest.raises(QnGeoError, match="no room for more"):
            edit()


@pytest.mark.parametrize(
    "fields", [{"headline": ""}, {"headline": "a" * 161}, {"area": "x"}, {"chart": "x"}, {"year": 2031}, {"other": 1}]
)
def test_a_scene_made_in_the_app_is_held_to_the_same_rules(fields):
    with pytest.raises(ValidationError):
        stories.Scene(**{"headline": "A"} | fields)
