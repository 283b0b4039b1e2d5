"""Plot review in the browser: from a file to a sealed decision, as a reviewer in Vietnam does it."""

from __future__ import annotations

import pytest

from tests.browser.helpers import click_element, map_frame, press, settled, wait_state
from tests.conftest import DESKTOP, PHONE
from tests.old_encodings import tcvn3
from tests.plot_files import pack, plots, shapefile

BOTH_SIZES = pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=["desktop", "phone"])


def old_shapefile(folder):
    """A zipped shapefile as an office sends it: TCVN3, no .prj, no .cpg; two plots overlap."""
    frame = plots(8)
    frame["GhiChu"] = [tcvn3("đất trống, đã giải phóng mặt bằng")] * 8
    frame["TenChu"] = [tcvn3("Nguyễn Thị Hường")] * 8
    frame.loc[2, "geometry"] = frame.geometry[2].buffer(2, join_style="mitre")
    frame.loc[5, "DienTich"] = 650.0
    parts = shapefile(folder, frame, encoding="ISO-8859-1")
    return pack({name: content for name, content in parts.items() if not name.endswith((".prj", ".cpg"))})


def submit(page, name, content, who="Trần Thị Lan"):
    page.set_input_files(
        ".st-key-receive input[type=file]", {"name": name, "mimeType": "application/zip", "buffer": content}
    )
    page.wait_for_selector(f".st-key-receive :text('{name}')")
    settled(page)
    page.fill(".st-key-w-name input", who)
    page.keyboard.press("Tab")
    settled(page)
    page.locator(".st-key-w-receive button").click()
    page.wait_for_selector(".st-key-w-confirm button")
    settled(page)


def confirm(page, choice=0):
    page.locator('[class*="st-key-w-system"] [role=radiogroup] label').nth(choice).click()
    settled(page)
    page.locator(".st-key-w-confirm button").click()
    page.wait_for_selector(".st-key-listing")
    settled(page)


def decide(page, verdict=None, reason="", *, told="niêm phong"):
    if verdict:
        page.locator('[class*="st-key-w-verdict"]').get_by_text(verdict, exact=True).click()
        settled(page)
    if reason:
        page.fill(".st-key-w-reason textarea", reason)
        page.keyboard.press("Tab")
        settled(page)
    page.locator(".st-key-w-decide button").click()
    page.wait_for_selector(f".st-key-decide [data-testid=stAlert]:has-text('{told}')")
    settled(page)


def rows(page):
    return page.locator(".st-key-listing tr[data-choose]")


def handed_over(page):
    """Everything that goes out can be downloaded and is what it says."""
    for label, start in (("PDF", b"%PDF-"), ("GeoPackage", b"SQLite"), ("DXF", b"  0"), ("XLSX", b"PK")):
        with page.expect_download() as waiting:
            page.locator(".st-key-out").get_by_role("button", name=label).click()
        assert waiting.value.path().read_bytes().startswith(start), label


@BOTH_SIZES
def test_from_an_old_file_to_a_verified_record(page, app_server, tmp_path, device):
    page.goto(f"{app_server}/ra-soat")
    map_frame(page)
    name = f"dot-1-{device['viewport']['width']}.zip"
    submit(page, name, old_shapefile(tmp_path))
    panel = page.locator(".st-key-panel")
    assert "“đất trống, đã giải phóng mặt bằng”" in panel.inner_text()
    assert page.locator(".st-key-w-confirm button").is_disabled(), "without .prj nothing goes on unasked"
    confirm(page)
    frame = map_frame(page)
    wait_state(frame, "s.review && s.review.v")
    frame.wait_for_function("QNReview.find('row:1')")

    # A finding in the list: outlined on the map, told beside it, and its plot with it.
    rows(page).filter(has_text="QN-GEO-010").first.click()
    wait_state(frame, "(s.pick || '').startsWith('finding:')")
    settled(page)
    told = page.locator(".st-key-sheet").inner_text()
    assert "Hai lô chồng lên nhau" in told
    assert "Hường" not in page.content(), "names of land users stay out"
    page.keyboard.press("n")
    wait_state(frame, "s.pick === 'finding:1'")

    # A plot on the map: its sheet, and a decision that needs a reason.
    page.locator('[class*="st-key-w-listing"] button').nth(1).click()
    settled(page)
    place = frame.evaluate("QNGeometry.inner(QNReview.find('row:3').geometry)")
    page.locator(".st-key-map iframe").scroll_into_view_if_needed()
    frame.evaluate("([x, y]) => void QN.map.setView([y, x], 18, { animate: false })", place)
    box = page.locator(".st-key-map iframe").bounding_box()
    x, y = frame.evaluate("([x, y]) => { const p = QN.map.latLngToContainerPoint([y, x]); return [p.x, p.y]; }", place)
    press(page, box["x"] + x, box["y"] + y)
    wait_state(frame, "s.pick === 'row:3'")
    settled(page)
    decide(page, "Trả lại", told="phải có lý do")
    decide(page, reason="Chồng lên lô bên cạnh, đo lại cạnh phía đông.")  # what was chosen is still there
    frame.wait_for_function("window.qnState.review.d > 0")

    # All the others at once.
    click_element(page, page.locator('[class*="st-key-w-decided"] input'))
    option = page.get_by_role("option").filter(has_text="Chưa quyết định")
    option.wait_for()
    click_element(page, option)
    page.wait_for_function("document.querySelectorAll('.st-key-listing tr[data-choose]').length === 7")
    settled(page)
    click_element(page, page.locator('[class*="st-key-w-scope"] [role=radiogroup] label').last)
    page.wait_for_selector(".st-key-w-decide button:has-text('7 lô')")
    page.locator('[class*="st-key-w-verdict"]').get_by_text("Chấp nhận", exact=True).click()
    click_element(page, page.locator('[class*="st-key-w-errors"] label'))  # some have errors: that has to be said
    decide(page)
    page.wait_for_selector(".st-key-summary:has-text('7 Chấp nhận')")
    page.locator(".st-key-w-verify button").click()
    page.wait_for_selector(".st-key-out [data-testid=stAlert]")
    assert "Sổ nguyên vẹn" in page.locator(".st-key-out").inner_text()
    handed_over(page)
    page.locator(".st-key-w-queue button").click()
    page.wait_for_selector(f".st-key-queue tr:has-text('{name}'):has-text('Đã trả lại')")


def test_a_late_decision_is_refused_with_both_versions(page, app_server, tmp_path, browser):
    page.goto(f"{app_server}/ra-soat")
    map_frame(page)
    submit(page, "hai-nguoi.zip", old_shapefile(tmp_path))
    confirm(page)
    case = page.url
    other = browser.new_page()
    for window, who, verdict in ((other, "Phạm Văn Bình", "Từ chối"), (page, "Trần Thị Lan", "Chấp nhận")):
        window.goto(f"{case}&pick=row:1")
        map_frame(window)
        window.fill(".st-key-w-name input", who)
        window.keyboard.press("Tab")
        settled(window)
        window.locator('[class*="st-key-w-verdict"]').get_by_text(verdict, exact=True).click()
        settled(window)
        window.fill(".st-key-w-reason textarea", f"ý kiến của {who}")
        window.keyboard.press("Tab")
        settled(window)
    decide(page)
    other.locator(".st-key-w-decide button").click()
    other.wait_for_selector(".st-key-decide table")
    told = other.locator(".st-key-decide").inner_text()
    assert "chưa được ghi" in told
    assert "Chưa quyết định" in told, "what was seen"
    assert "Chấp nhận · Trần Thị Lan" in told, "what there is now"
    assert other.input_value(".st-key-w-reason textarea") == "ý kiến của Phạm Văn Bình", "what was typed is kept"
    other.close()


def test_what_cannot_be_read_says_so_and_stays_in_the_queue(page, app_server):
    page.goto(f"{app_server}/ra-soat")
    map_frame(page)
    page.set_input_files(
        ".st-key-receive input[type=file]", {"name": "banve.dwg", "mimeType": "x/y", "buffer": b"AC1032" + bytes(2000)}
    )
    page.wait_for_selector(".st-key-receive :text('banve.dwg')")
    settled(page)
    page.locator(".st-key-w-receive button").click()
    settled(page)
    assert "họ và tên" in page.locator(".st-key-receive [data-testid=stAlert]").inner_text(), "who hands it in?"
    page.fill(".st-key-w-name input", "Trần Thị Lan")
    page.keyboard.press("Tab")
    settled(page)
    page.locator(".st-key-w-receive button").click()
    page.wait_for_selector(".st-key-panel [data-testid=stAlert]")
    settled(page)
    told = page.locator(".st-key-panel [data-testid=stAlert]").inner_text()
    assert "banve.dwg" in told
    assert "DXF" in told
    page.locator(".st-key-w-queue button").click()
    page.wait_for_selector(".st-key-queue tr:has-text('banve.dwg')")


def test_another_language_keeps_what_is_chosen(page, app_server, tmp_path):
    """Streamlit knows options by their labels: a choice must outlive other words, in the browser too."""

    def speak(name):
        page.locator(".st-key-w-lang").get_by_text(name, exact=True).click()
        page.wait_for_selector(f".st-key-w-lang button[aria-checked=true]:has-text('{name}')")
        settled(page)

    page.goto(f"{app_server}/ra-soat")
    map_frame(page)
    submit(page, "ngon-ngu.zip", old_shapefile(tmp_path))
    page.locator('[class*="st-key-w-system"] [role=radiogroup] label').first.click()
    settled(page)
    for name in ("EN", "VI", "EN"):
        speak(name)
        assert page.locator('[class*="st-key-w-system"] input[type=radio]').first.is_checked()
    page.locator(".st-key-w-confirm button").click()
    page.wait_for_selector(".st-key-listing")
    settled(page)
    page.locator('[class*="st-key-w-listing"] button').nth(1).click()
    settled(page)
    rows(page).nth(2).click()
    page.wait_for_selector('[class*="st-key-w-verdict"]')
    settled(page)
    page.locator('[class*="st-key-w-verdict"] button').nth(1).click()
    settled(page)
    for name in ("VI", "EN", "VI"):
        speak(name)
        page.wait_for_selector('[class*="st-key-w-verdict"] button[aria-checked=true]')
        assert page.locator('[class*="st-key-w-verdict"] button').nth(1).get_attribute("aria-checked") == "true"
        assert page.locator('[class*="st-key-w-listing"] button').nth(1).get_attribute("aria-checked") == "true"
    assert page.locator(".st-key-summary").count() == 1, "no check has begun anew"
