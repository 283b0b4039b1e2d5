from __future__ import annotations

from dataclasses import replace

import pytest

from qn_geo import charts, i18n, state, stories
from qn_geo.ui.stories import looks, scenes, words
from tests.small_stories import full_scene, scene, story, story_dir
from tests.test_pages import opened, text
from tests.test_pages_review import HOSTILE, field

__all__ = ["story_dir"]  # a fixture that every test here asks for by name
pytest_plugins = ["tests.review_fixtures"]
pytestmark = pytest.mark.usefixtures("story_dir", "reviews", "at_home")


@pytest.fixture
def at_home(root, monkeypatch):
    """The pages' scripts are found from the repository."""
    monkeypatch.chdir(root)


@pytest.fixture
def draft():
    """Id of a draft with three scenes."""
    return stories.begin(story(scene("một", area="quang-yen"), scene("hai", year=2030), scene("ba")))


def editor(story_id=None, **query):
    return opened("present.py", None, **({"story": story_id} if story_id else {}), **query)


def keyed(elements, key):
    (found,) = [element for element in elements if element.key.startswith(key)]
    return found


def headlines(story_id):
    return [each.headline for each in stories.load(story_id).scenes]


def open_story(test):
    """Id of the story in the address: as it was set, or as the page wrote it."""
    story_id = test.query_params["story"]
    return story_id if isinstance(story_id, str) else story_id[0]


# ---- views and scenes ------------------------------------------------------------------------------------------------


def test_a_view_becomes_a_scene_and_the_scene_the_same_view():
    view = state.View(
        area="quang-yen",
        zone="kcn-song-khoai",
        compared=("kcn-song-khoai", "kcn-dong-mai"),
        plot="SK-001",
        year=2030,
        layers=("areas", "kcn"),
        statuses=("operating",),
        plots=("leased",),
        opacity=(("zones", 0.5),),
    )
    made = scenes.from_view(view, (106.8, 20.9, 12.5), "vi", "landuse")
    assert made.zones == ("kcn-song-khoai", "kcn-dong-mai")
    assert (made.view.lon, made.view.lat, made.view.zoom) == (106.8, 20.9, 12.5)
    assert made.chart == "landuse"
    assert replace(state.View(), **scenes.onto(made)) == view


def test_what_is_as_usual_is_not_written_into_a_scene():
    made = scenes.from_view(state.View(), None, "en")
    assert (made.layers, made.statuses, made.plots, made.view) == (None, None, None, None)
    assert made.headline == "Quảng Ninh, year 2026"
    assert scenes.from_view(state.View(pick="row:3"), None, "vi").pick is None, "of the review page"
    assert scenes.from_view(state.View(), (100.0, 20.0, 9), "vi").view is None, "beyond the map"


def test_a_look_is_kept_only_where_the_scene_would_not_look_there_by_itself():
    made = scene("một", zones=("kcn-song-khoai",))
    west, south, east, north = scenes.box(made)
    at = (106.8, 20.9, 12.0)
    assert looks.of(made, looks.Looked(at, (west, south + 1e-6, east, north))) is None
    assert looks.of(made, looks.Looked(at, (west - 0.5, south, east, north))) == at
    assert looks.of(made, looks.Looked(at, None)) == at
    assert looks.of(made, None) is None


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_every_chart_has_a_name_of_its_own(lang):
    names = [words.chart_name(name, lang) for name in words.chart_names()]
    assert len(set(names)) == len(names) == len(charts.NAMES) + 1
    assert not set(names) & set(charts.NAMES)


def test_only_what_a_place_publishes_is_offered_and_what_is_chosen_stays():
    offered = words.published(scene("một", zones=("kcn-song-khoai",), figures=("kcn-song-khoai/population",)), "vi")
    assert "kcn-song-khoai/occupancy_pct" in offered
    assert "chưa có số liệu" in offered["kcn-song-khoai/population"]
    assert all(reference.startswith("kcn-song-khoai/") for reference in offered)
    assert len(set(offered.values())) == len(offered), "Streamlit tells options apart by their labels"


# ---- the list --------------------------------------------------------------------------------------------------------


def test_the_list_shows_drafts_and_shipped_stories_and_opens_them(draft):
    test = editor()
    shown = text(test)
    assert "Họp tháng 12" in shown
    shipped = next(entry for entry in stories.listed() if entry.origin == "shipped")
    assert shipped.title in shown
    test.button(key=f"w-edit-{draft}").click().run()
    assert open_story(test) == draft
    assert field(test.text_area, "w-headline").value == "một"


def test_a_story_that_is_not_there_says_so_over_the_list():
    test = editor("gone-for-good")
    assert "gone-for-good" in test.error[0].value.replace("\\", "")
    assert test.button(key="w-new")


@pytest.fixture
def incomplete(draft, story_dir):
    """Path of the draft, whose second scene names a zone and a figure that are not in the data."""
    path = story_dir / "drafts" / f"{draft}.yaml"
    gone = "year: 2030\n    zones: [gone, kcn-hai-yen]\n    figures: [f99999]"
    path.write_text(path.read_text("utf-8").replace("year: 2030", gone), "utf-8")
    return path


def test_a_story_that_names_what_is_gone_opens_and_is_mended_by_a_button(incomplete):
    before = incomplete.read_text("utf-8")
    test = editor()
    assert "không còn trong dữ liệu" in text(test)
    assert not [button for button in test.button if button.key == f"w-show-{incomplete.stem}"]
    test.button(key=f"w-edit-{incomplete.stem}").click().run()
    assert "2 chỗ" in test.warning[0].value
    marked = [keyed(test.button, f"w-scene-{number}").label for number in (1, 2, 3)]
    assert ["red" in label for label in marked] == [False, True, False]
    assert all(name in marked[1] for name in ("gone", "f99999"))
    assert not test.text_area, "nothing can be changed yet"
    keyed(test.button, "w-scene-2").click().run()
    assert incomplete.read_text("utf-8") == before, "looking changes nothing"
    test.button(key="w-mend").click().run()
    assert not test.warning
    assert stories.load(incomplete.stem).scenes[1] == scene("hai", year=2030, zones=("kcn-hai-yen",))
    assert field(test.text_area, "w-headline").value == "hai"


@pytest.mark.parametrize("mode", ["show", "speaker"])
def test_a_story_that_names_what_is_gone_is_not_presented_but_leads_to_the_editor(mode, incomplete):
    test = editor(incomplete.stem, mode=mode, lang="en")
    assert "there is no zone" in test.error[0].value
    test.button(key="w-leave").click().run()
    assert "not in the data" in test.warning[0].value


def test_a_new_story_is_a_draft_with_the_city(draft):
    test = editor()
    test.button(key="w-new").click().run()
    made = open_story(test)
    assert made != draft
    assert stories.is_draft(made)
    assert headlines(made) == ["Quảng Ninh, năm 2026"]


def test_a_draft_is_deleted_only_when_that_is_confirmed(draft):
    test = editor()
    test.button(key=f"w-delete-{draft}").click().run()
    assert all(entry.id != draft for entry in stories.listed())
    assert not test.error


def test_an_upload_becomes_a_draft_or_tells_every_mistake():
    test = editor()
    test.file_uploader(key="w-story-file-0").upload("bad.yaml", b"title: x\nlang: de\nscenes: []\n").run()
    told = test.error[0].value.replace("\\", "").replace("\u2060", "")
    assert "bad.yaml" in told
    assert "lang" in told
    assert "scenes" in told
    content = stories.dumped(story(full_scene()))
    test.file_uploader(key="w-story-file-1").upload("good.yaml", content.encode()).run()
    assert stories.load(open_story(test)) == story(full_scene())


# ---- the editor ------------------------------------------------------------------------------------------------------


def test_scenes_are_moved_copied_deleted_and_brought_back(draft):
    test = editor(draft)
    test.button(key="w-move-arrow_downward").click().run()
    assert headlines(draft) == ["hai", "một", "ba"]
    assert test.query_params["scene"] == "2", "the moved scene stays open"
    keyed(test.selectbox, "w-place-").set_value(3).run()
    assert headlines(draft) == ["hai", "ba", "một"]
    test.button(key="w-copy").click().run()
    assert headlines(draft) == ["hai", "ba", "một", "một"]
    test.button(key="w-remove").click().run()
    test.button(key="w-remove").click().run()
    assert headlines(draft) == ["hai", "ba"]
    test.button(key="w-undo").click().run()
    assert headlines(draft) == ["hai", "ba", "một"]
    test.button(key="w-scene-1").click().run()
    test.button(key="w-insert").click().run()
    assert headlines(draft) == ["hai", "Quảng Ninh, quy hoạch đến 2030", "ba", "một"]
    assert stories.load(draft).scenes[1].year == 2030, "it shows what the scene before it shows"


def test_every_field_of_a_scene_is_edited(draft):
    test = editor(draft)
    field(test.text_area, "w-headline").set_value("Quảng Yên dẫn đầu").run()
    field(test.text_area, "w-notes").set_value("dòng một\ndòng hai").run()
    keyed(test.selectbox, "w-chart-").set_value("investment").run()
    keyed(test.multiselect, "w-figures-").set_value(["area-quang-yen/fdi_projects"]).run()
    test.text_input(key="w-title").set_value("Họp giao ban").run()
    field(test.button_group, "w-story-lang").set_value("en").run()
    assert not test.error
    now = stories.load(draft)
    assert (now.title, now.lang) == ("Họp giao ban", "en")
    edited = now.scenes[0]
    assert (edited.headline, edited.notes) == ("Quảng Yên dẫn đầu", "dòng một\ndòng hai")
    assert (edited.chart, edited.figures) == ("investment", ("area-quang-yen/fdi_projects",))
    assert now.scenes[1:] == story(scene("hai", year=2030), scene("ba")).scenes


def test_what_cannot_be_kept_is_told_at_its_field_and_the_old_text_stays(draft):
    test = editor(draft)
    field(test.text_area, "w-headline").set_value("  ").run()
    assert len(test.error) == 1
    assert headlines(draft)[0] == "một"
    assert field(test.text_area, "w-headline").value == "một"
    test.button(key="w-scene-2").click().run()
    assert not test.error, "it was about another scene"


def test_another_windows_work_is_kept(draft):
    test = editor(draft)
    stories.change(draft, lambda now: stories.replaced(now, 0, scene("một", area="quang-yen", notes="của cửa sổ kia")))
    field(test.text_area, "w-headline").set_value("của cửa sổ này").run()
    assert not test.error, "they changed different fields"
    first = stories.load(draft).scenes[0]
    assert (first.headline, first.notes) == ("của cửa sổ này", "của cửa sổ kia")
    stories.change(draft, lambda now: stories.replaced(now, 0, scene("kia")))
    field(test.text_area, "w-headline").set_value("này").run()
    assert "này" in test.error[0].value, "what was typed is repeated"
    assert headlines(draft)[0] == "kia"


def test_another_language_changes_words_and_nothing_else(draft):
    test = editor(draft, lang="vi", scene="2")
    keyed(test.selectbox, "w-chart-").set_value("targets").run()
    before = stories.load(draft)
    for lang in ("en", "vi", "en"):
        test.button_group(key="w-lang").set_value(lang).run()
        assert keyed(test.selectbox, "w-chart-").value == "targets"
        assert field(test.text_area, "w-headline").value == "hai"
        assert not test.error
    assert stories.load(draft) == before


def test_a_story_that_comes_with_the_app_is_copied_by_the_first_change():
    shipped = next(entry for entry in stories.listed() if entry.origin == "shipped")
    test = editor(shipped.id)
    assert all(entry.origin == "shipped" for entry in stories.listed()), "looking makes no copy"
    test.text_input(key="w-title").set_value("Bản của tôi").run()
    copy = open_story(test)
    assert stories.origin(copy) == shipped.id
    assert stories.load(shipped.id).title == shipped.title
    test.button(key="w-save").click().run()
    assert open_story(test) == "ban-cua-toi"
    assert test.button(key="w-save").disabled


def test_the_last_scene_is_opened_when_an_address_asks_for_one_beyond(draft):
    assert field(editor(draft, scene="60").text_area, "w-headline").value == "ba"


def test_markup_from_a_story_stays_text():
    hostile = stories.begin(story(scene(HOSTILE, notes=HOSTILE), title=HOSTILE))
    for test in (editor(hostile), editor()):
        assert HOSTILE not in text(test)
        assert not any("<img" in button.label.replace("\\<", "") for button in test.button)


# ---- from the pages with a map ---------------------------------------------------------------------------------------


def adding(page="area.py", area="quang-yen", **query):
    test = opened(page, area, **query)
    test.button(key="w-add").click().run()
    return test


def test_a_view_is_added_to_a_new_story_and_the_next_to_the_same():
    test = adding(zone="kcn-song-khoai", year="2025")
    assert keyed(test.text_input, "w-add-headline").value == "KCN Sông Khoai, năm 2025"
    keyed(test.text_input, "w-add-title").set_value("Họp").run()
    test.button(key="w-add-scene").click().run()
    assert not test.error
    draft = open_story(test)
    made = stories.load(draft)
    assert made.title == "Họp"
    assert made.scenes[0].zones == ("kcn-song-khoai",)
    assert (made.scenes[0].area, made.scenes[0].year, made.scenes[0].chart) == ("quang-yen", 2025, "investment")
    assert "cảnh 1" in text(test)
    keyed(test.text_input, "w-add-headline").set_value("Sông Khoai thu hút nhiều vốn nhất").run()
    test.button(key="w-add-scene").click().run()
    assert "cảnh 2" in text(test)
    assert headlines(draft)[1] == "Sông Khoai thu hút nhiều vốn nhất"


def test_the_chart_offered_is_the_one_on_the_screen():
    test = adding()
    assert keyed(test.selectbox, "w-add-chart").value == "investment"
    test.button_group(key="w-charts").set_value("time").run()
    test.run()
    assert keyed(test.selectbox, "w-add-chart").value == "investment-cumulative"
    test = adding("compare.py", None, zones="kcn-song-khoai,kcn-dong-mai")
    assert keyed(test.selectbox, "w-add-chart").value.startswith("comparison:")
    test.button(key="w-add-scene").click().run()
    assert stories.load(open_story(test)).scenes[0].zones == ("kcn-song-khoai", "kcn-dong-mai")


def test_an_open_story_is_offered_first_and_hostile_titles_are_text(draft):
    stories.begin(story(title=HOSTILE))
    test = adding(story=draft)
    target = keyed(test.selectbox, "w-add-story")
    assert target.value == draft
    assert len(target.options) == 3
    test.button(key="w-add-scene").click().run()
    assert headlines(draft)[-1] == "Quảng Yên, năm 2026"
    assert HOSTILE not in text(test)


def test_a_scene_is_replaced_by_the_view_of_a_page_and_its_texts_stay(draft):
    stories.change(draft, lambda now: stories.replaced(now, 1, scene("hai", notes="nói", chart="targets", year=2030)))
    test = opened("area.py", "van-don", story=draft, scene="2", mode="adjust", zone="kkt-van-don")
    test.button(key="w-replace").click().run()
    assert not test.error
    replaced = stories.load(draft).scenes[1]
    assert (replaced.area, replaced.zones, replaced.year) == ("van-don", ("kkt-van-don",), 2026)
    assert (replaced.headline, replaced.notes, replaced.chart) == ("hai", "nói", "targets")


def test_adjusting_a_story_that_is_gone_leaves_the_page_standing():
    test = opened("area.py", "van-don", story="gone", scene="2", mode="adjust")
    assert "gone" in test.error[0].value
    assert "qn-table" in text(test)
