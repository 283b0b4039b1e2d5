"""A story made by hand, as before a meeting: views from several pages, edited, kept, saved, handed on."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe

from qn_geo import stories
from qn_geo.ui.stories import words
from tests.browser.helpers import map_frame, on_screen, open_page, settled, wait_state, wait_still
from tests.browser.test_pages import RULES, bad
from tests.browser.test_view import drag, look
from tests.conftest import DESKTOP, PHONE

FINDING = "Quảng Yên dẫn đầu về vốn FDI đăng ký"
HOSTILE = "<img src=x onerror=alert(1)>"


def click(page, key):
    """Press a button; Streamlit draws those with a tooltip twice, one for fingers."""
    page.locator(f"{key} button:visible").first.click()
    page.wait_for_timeout(150)  # until the page knows that the server is at work
    settled(page)


def go(page, name, address):
    page.locator(".st-key-nav a", has_text=name).first.click()
    page.wait_for_url(f"**/{address}*")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    frame = map_frame(page)
    settled(page)
    wait_still(frame)
    return frame


def add(page, headline=None):
    """Add what is shown to the story; the form stays open from page to page."""
    if not page.locator(".st-key-adding").count():
        click(page, ".st-key-w-add")
        page.wait_for_selector(".st-key-adding")
    page.wait_for_timeout(700)  # the frame tells where it looks once it has come to rest
    settled(page)
    if headline:
        page.fill('[class*="st-key-w-add-headline"] input', headline)
    click(page, ".st-key-w-add-scene")
    page.wait_for_selector(".qn-done")
    return page.locator(".qn-done").inner_text()


def edited(page):
    """Wait for the editor with its map."""
    page.wait_for_selector(".st-key-story-head")
    frame = map_frame(page)
    settled(page)
    wait_still(frame)
    return frame


def headlines(page):
    return [text.split("\n")[0].split(". ", 1)[1] for text in page.locator(".st-key-scenes button").all_inner_texts()]


def type_in(page, key, text):
    page.fill(f"{key} textarea", text)
    page.keyboard.press("Tab")
    page.wait_for_timeout(150)
    settled(page)


def downloaded(page):
    with page.expect_download() as waiting:
        page.locator(".st-key-w-yaml button:visible").first.click()
    return stories.parsed(waiting.value.path().read_bytes(), waiting.value.suggested_filename)


def upload(page, name, content):
    file = {"name": name, "mimeType": "application/yaml", "buffer": content.encode()}
    page.set_input_files("[data-testid=stFileUploader] input", file)


def speak(page, language, save):
    """Change the language of the page."""
    page.locator(".st-key-w-lang").get_by_text(language, exact=True).click()
    page.wait_for_selector(f".st-key-w-save:has-text('{save}')")
    settled(page)


def made(page, app_server):
    """Make a story of two scenes, from the overview and an area, and open it."""
    open_page(page, f"{app_server}/")
    add(page, "Toàn thành phố")
    go(page, "Quảng Yên", "quang-yen")
    add(page, FINDING)
    page.locator(".st-key-added a").click()
    return edited(page)


def test_a_story_is_made_from_scratch_and_handed_on(page, app_server):
    open_page(page, f"{app_server}/")
    assert "cảnh 1" in add(page, "Toàn thành phố")
    frame = go(page, "Quảng Yên", "quang-yen")
    drag(page, -120, -60)
    turned = look(frame)
    assert "cảnh 2" in add(page)
    go(page, "So sánh", "so-sanh")
    assert "cảnh 3" in add(page)
    assert page.url.split("?")[0].endswith("/so-sanh"), "the page is not left"
    page.locator(".st-key-added a").click()
    edited(page)
    assert headlines(page)[:2] == ["Toàn thành phố", "Quảng Yên, năm 2026"]

    click(page, ".st-key-w-scene-2")
    type_in(page, '[class*="st-key-w-headline-"]', FINDING)
    type_in(page, '[class*="st-key-w-notes-"]', "Nói chậm.\nNhấn mạnh KCN Sông Khoai.")
    page.locator('[class*="st-key-w-figures"] input').click()
    page.get_by_role("option").first.click()
    settled(page)
    page.keyboard.press("Escape")
    click(page, ".st-key-w-move-arrow_upward")
    assert headlines(page)[:2] == [FINDING, "Toàn thành phố"]

    page.reload()
    edited(page)
    assert headlines(page)[0] == FINDING
    assert page.input_value('[class*="st-key-w-notes-"] textarea').startswith("Nói chậm.")
    before = headlines(page)
    click(page, ".st-key-w-remove")
    page.wait_for_selector(".st-key-undo")
    settled(page)
    assert headlines(page) == [headline for headline in before if headline != FINDING]
    click(page, ".st-key-w-undo")
    page.wait_for_selector(".st-key-undo", state="detached")
    settled(page)
    assert headlines(page) == before

    speak(page, "EN", "Save")
    assert headlines(page)[0] == FINDING
    speak(page, "VI", "Lưu")

    told = downloaded(page)
    first = told.scenes[0]
    assert first.headline == FINDING
    assert (first.area, first.chart) == ("quang-yen", "investment")
    came_along = words.usual(first)
    assert first.figures[:-1] == came_along, "one more was chosen"
    assert first.figures[-1] not in came_along
    assert [first.view.lon, first.view.lat] == pytest.approx(turned[:2], abs=1e-4)
    assert told.scenes[1].chart == "city-occupancy"
    assert len(told.scenes[2].zones) == 2


def test_a_story_is_saved_downloaded_and_uploaded(page, app_server):
    made(page, app_server)
    click(page, ".st-key-w-save")
    page.wait_for_function("!location.search.includes('story=d-')")
    told = downloaded(page)
    assert [scene.headline for scene in told.scenes] == ["Toàn thành phố", FINDING]
    click(page, ".st-key-w-shelf")
    click(page, ".st-key-w-upload")
    upload(page, "tu-tep.yaml", stories.dumped(told.model_copy(update={"title": "Từ tệp"})))
    edited(page)
    assert page.input_value(".st-key-w-title input") == "Từ tệp"
    assert headlines(page) == ["Toàn thành phố", FINDING]
    page.go_back()
    page.wait_for_selector(".st-key-shelf-head")
    page.wait_for_selector(".st-key-shelf-draft :text('Từ tệp')")


def test_a_scene_is_adjusted_on_its_own_page(page, app_server):
    made(page, app_server)
    page.locator(".st-key-scene-map a").click()
    page.wait_for_url("**/quang-yen*mode=adjust*")
    page.wait_for_selector(".js-plotly-plot .main-svg")
    frame = map_frame(page)
    settled(page)
    drag(page, 80, 40)
    settled(page)
    page.wait_for_timeout(700)
    settled(page)
    turned = look(frame)
    click(page, ".st-key-w-replace")
    page.wait_for_selector(".st-key-adjusting .qn-done")
    page.locator(".st-key-adjusting a").click()
    frame = edited(page)
    assert look(frame)[:2] == pytest.approx(turned[:2], abs=1e-3)
    scene = downloaded(page).scenes[1]
    assert [scene.view.lon, scene.view.lat] == pytest.approx(turned[:2], abs=1e-4)
    assert scene.headline == FINDING, "its texts stay"


def test_the_view_seen_last_and_the_extent_of_the_preview_are_taken_over(page, app_server):
    made(page, app_server)
    frame = go(page, "Vân Đồn", "van-don")
    drag(page, -60, 30)
    seen = look(frame)
    page.wait_for_timeout(600)
    page.locator(".st-key-nav a", has_text="Trình chiếu").first.click()
    frame = edited(page)
    page.wait_for_timeout(700)
    settled(page)
    click(page, ".st-key-w-take")
    wait_state(frame, "s.area === 'van-don'")
    wait_still(frame)
    taken = downloaded(page).scenes[0]
    assert (taken.area, taken.headline) == ("van-don", "Toàn thành phố")
    assert [taken.view.lon, taken.view.lat] == pytest.approx(seen[:2], abs=1e-4)
    assert look(frame)[:2] == pytest.approx(seen[:2], abs=1e-3)

    assert page.locator(".st-key-w-keep button:visible").first.is_disabled()
    drag(page, 40, 20)
    page.wait_for_selector(".st-key-w-keep button:not([disabled])")
    settled(page)
    turned = look(frame)
    click(page, ".st-key-w-keep")
    kept = downloaded(page).scenes[0]
    assert [kept.view.lon, kept.view.lat] == pytest.approx(turned[:2], abs=1e-4)


def test_two_windows_do_not_write_over_each_other(page, app_server, browser):
    made(page, app_server)
    other = browser.new_page()
    other.goto(page.url)
    edited(other)
    type_in(other, '[class*="st-key-w-notes-"]', "của cửa sổ kia")
    type_in(page, '[class*="st-key-w-headline-"]', "của cửa sổ này")
    scene = downloaded(page).scenes[1]
    assert (scene.headline, scene.notes) == ("của cửa sổ này", "của cửa sổ kia")
    type_in(other, '[class*="st-key-w-headline-"]', "trái ý")
    told = other.locator(".st-key-scene-form [data-testid=stAlert]").inner_text()
    assert "trái ý" in told, "what was typed is not lost"
    assert downloaded(page).scenes[1].headline == "của cửa sổ này"
    other.close()


def test_mistakes_in_a_file_are_told_with_scene_and_field(page, app_server):
    page.goto(f"{app_server}/trinh-chieu?story=khong-co")
    page.wait_for_selector(".st-key-shelf-shipped")
    settled(page)
    assert "khong-co" in page.locator("[data-testid=stAlert]").inner_text()
    click(page, ".st-key-w-upload")
    upload(page, "sai.yaml", f"title: x\nlang: vi\nscenes:\n  - headline: '{HOSTILE}'\n    chart: no-such\n")
    alert = page.locator("[data-testid=stAlert]", has_text="sai.yaml")
    alert.wait_for()
    assert "cảnh 1" in alert.inner_text()
    assert "chart" in alert.inner_text()
    assert HOSTILE in alert.inner_text(), "markup stays text"


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_the_editor_and_the_form_are_accessible_and_fit(page, app_server, device):
    open_page(page, f"{app_server}/quang-yen?zone=kcn-song-khoai")
    click(page, ".st-key-w-add")
    page.wait_for_selector(".st-key-adding")
    settled(page)
    assert bad(Axe().run(page, options=RULES)) == []
    add(page, FINDING)
    page.locator(".st-key-added a").click()
    frame = edited(page)
    assert bad(Axe().run(page, options=RULES)) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= device["viewport"]["width"]
    x, y = on_screen(page, frame, 106.8, 20.98)
    page.mouse.click(x, y)
    settled(page)
    assert "zone=" not in page.url, "a click on the preview chooses nothing"
