"""Names on the map: the chosen always, zones before what lies in them, codes in their own cell, nothing cut off."""

from __future__ import annotations

from tests.browser.helpers import open_page

LABELS = """() => [...document.querySelectorAll('.qn-label')].map((label) => {
  const box = label.getBoundingClientRect();
  const whole = box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight;
  return { text: label.textContent, kind: label.className, whole };
})"""


def labels(frame):
    """Wait until names are drawn and return them with whether they stand whole in the map."""
    frame.wait_for_selector(".qn-label")
    return frame.evaluate(LABELS)


def test_compared_zones_are_named_and_no_name_is_cut(page, app_server):
    frame = open_page(page, f"{app_server}/so-sanh?zones=kcn-song-khoai,kcn-texhong-hai-ha")
    frame.wait_for_function(
        "[...document.querySelectorAll('.qn-label')].some((l) => l.textContent.includes('Texhong'))"
    )
    found = labels(frame)
    assert {"KCN Sông Khoai", "KCN Texhong - Hải Hà"} <= {each["text"] for each in found}
    assert not [each["text"] for each in found if not each["whole"]]


def test_codes_of_land_use_stay_away_under_plots_and_plots_are_in_the_legend(page, app_server):
    frame = open_page(page, f"{app_server}/quang-yen?zone=kcn-song-khoai")
    frame.wait_for_function("QN.map.getZoom() >= 13 && QN.sources.plots?.features.length")
    page.wait_for_selector(".st-key-legend [data-key='plotuse:DGT']")
    assert not [each for each in labels(frame) if each["kind"].endswith(" use")]
    page.locator("[data-switch=layer][value=plots]").evaluate("box => box.click()")
    frame.wait_for_function("document.querySelectorAll('.qn-label.use').length > 0")
