"""Map sheets, measured on the rendered page."""

from __future__ import annotations

import io
import re
import time
from datetime import date
from itertools import pairwise

import numpy as np
import pypdf
import pypdfium2
import pytest
import shapely
from PIL import Image

from qn_geo import atlas, i18n
from qn_geo.atlas.sheet import SCALES
from qn_geo.errors import QnGeoError
from tests import approved
from tests.test_atlas import CITY, PARK, zone

DPI = 400
MM = DPI / 25.4
DAY = date(2026, 11, 24)
TITLE = "KCN Sông Khoai: hiện trạng lấp đầy"


def printed(shown=PARK, lang="vi", **choices):
    return atlas.sheet(shown, lang, **{"title": TITLE, "printed": DAY} | choices)


def rendered(pdf, dpi=DPI):
    return np.asarray(Image.open(io.BytesIO(approved.page(pdf, dpi=dpi))).convert("RGB")).astype(int)


def text(pdf):
    return " ".join(pypdf.PdfReader(io.BytesIO(pdf)).pages[0].extract_text().split())


def dark_runs(line):
    """Where dark pixels of a row begin and end."""
    dark = np.concatenate([[0], (line.max(axis=1) < 110).astype(int), [0]])
    return list(zip(*(np.flatnonzero(np.diff(dark) == way).tolist() for way in (1, -1)), strict=True))


def bar_mm(page):
    """Length of the scale bar of a lying sheet: dark, white, dark, white, each as long as the others."""
    panel = page[: page.shape[0] // 2, int(page.shape[1] * 0.7) : int(page.shape[1] * 0.97)]
    for row in panel:
        runs = dark_runs(row)
        for (start, end), (after, last), (edge, close) in zip(runs, runs[1:], runs[2:], strict=False):
            field = end - start
            alike = abs(last - after - field) < 0.3 * MM and abs(after - end - field) < 0.5 * MM
            if field > 4 * MM and alike and abs(edge - last - field) < 0.5 * MM:
                return (close - start) / MM - 0.15  # half a line on both sides
    raise AssertionError("no scale bar")


@pytest.mark.parametrize("scale", [500, 3_000, 10_000, 250_000])
def test_scale_bar_is_as_long_as_it_says(scale):
    pdf = printed(lang="en", scale=scale)
    number, unit = re.search(r"0 [\d.]+ ([\d.]+) (k?m)\b", text(pdf)).groups()
    metres = float(number) * (1000 if unit == "km" else 1)
    assert bar_mm(rendered(pdf)) == pytest.approx(metres * 1000 / scale, abs=0.2)
    assert f"Scale 1:{scale:,}" in text(pdf)


def test_grid_and_shapes_are_true_to_scale():
    scale = 25_000
    page = rendered(printed(scale=scale))
    # The line of the chosen zone: nothing else on the left of the sheet has the accent colour.
    drawn = page[:, : int(page.shape[1] * 0.7)]
    accent = np.argwhere((np.abs(drawn - [0xC2, 0x41, 0x0C]) < 12).all(axis=2))
    (top, left), (bottom, right) = accent.min(axis=0), accent.max(axis=0)
    west, south, east, north = zone("kcn-song-khoai").bounds
    line = 3 * 0.19
    assert (right - left) / MM - line == pytest.approx((east - west) / scale * 1000, abs=0.2)
    assert (bottom - top) / MM - line == pytest.approx((north - south) / scale * 1000, abs=0.2)
    # Ticks above the map, beside its left edge: one every 1 000 m.
    above, beside = page[int((7 + 5 - 0.6) * MM)], page[:, int((7 + 5 - 0.6) * MM)]
    for strip in (above[: int(page.shape[1] * 0.7)], beside):
        places = [(start + end) / 2 for start, end in dark_runs(strip)]
        steps = [(after - before) / MM for before, after in pairwise(places[1:-1])]
        assert [step for step in steps if step > 20] == pytest.approx(
            [40.0] * len([s for s in steps if s > 20]), abs=0.1
        )
        assert sum(step > 20 for step in steps) >= 2


@pytest.mark.parametrize("paper", atlas.PAPERS)
@pytest.mark.parametrize("landscape", [True, False])
def test_paper_has_its_size(paper, landscape):
    pdf = printed(CITY, paper=paper, landscape=landscape)
    document = pypdfium2.PdfDocument(pdf)
    assert len(document) == 1
    size = [side * 25.4 / 72 for side in document[0].get_size()]
    assert size == pytest.approx(sorted(atlas.PAPERS[paper], reverse=landscape), abs=0.01)


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
@pytest.mark.parametrize("landscape", [True, False])
def test_sheet_says_what_is_needed_to_trust_it(lang, landscape):
    said = text(printed(lang=lang, scale=20_000, landscape=landscape))
    wanted = {
        "vi": [
            TITLE,
            "Tỷ lệ 1:20.000",
            "Nguồn số liệu",
            "UBND tỉnh Quảng Ninh",
            "EPSG:5899",
            "EPSG:6960",
            "24/11/2026",
        ],
        "en": [TITLE, "Scale 1:20,000", "Sources", "UBND tỉnh Quảng Ninh", "EPSG:5899", "EPSG:6960", "24 Nov 2026"],
    }[lang]
    assert [words for words in wanted if words not in said] == []
    truth = {"vi": "không phải tài liệu địa chính", "en": "no cadastral document"}[lang]
    assert truth in said
    grid = {"vi": "2.321.000", "en": "2,321,000"}[lang]
    assert said.count(grid) == 2  # at the left and at the right
    legend = {"vi": "Lô đất: đã cho thuê", "en": "Plot: leased"}[lang]
    assert legend in said


def test_sheet_is_vector_with_embedded_fonts():
    pdf = printed(CITY, paper="A3")
    kinds = {item.type for item in pypdfium2.PdfDocument(pdf)[0].get_objects(max_depth=15)}
    assert pypdfium2.raw.FPDF_PAGEOBJ_IMAGE not in kinds
    assert pypdfium2.raw.FPDF_PAGEOBJ_PATH in kinds
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    assert b"pdfaid" in reader.xmp_metadata.stream.get_data()
    fonts = [item.get_object() for item in reader.pages[0]["/Resources"].get("/Font", {}).values()]
    fonts += [
        font.get_object()
        for item in reader.pages[0]["/Resources"].get("/XObject", {}).values()
        for font in item.get_object().get("/Resources", {}).get("/Font", {}).values()
    ]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(descriptor)
        assert "Inter" in descriptor["/FontName"]
        assert "/ToUnicode" in font


def test_scale_is_found_or_kept_and_the_centre_too():
    found = int(re.search(r"1:([\d,]+)", text(printed(lang="en")))[1].replace(",", ""))
    smaller = int(re.search(r"1:([\d,]+)", text(printed(lang="en", paper="A3")))[1].replace(",", ""))
    assert SCALES[0] <= smaller < found <= 50_000
    aside = text(printed(scale=5_000, centre=(107.36, 21.07)))
    assert "KCN Sông Khoai" in aside  # only in the title
    assert "Khu đang chọn" not in aside
    assert "1:7.350" in text(printed(scale=7_350))


@pytest.mark.parametrize(
    ("choices", "vi", "en"),
    [
        ({"scale": 499}, "1:500 đến 1:1.000.000", "1:500 to 1:1,000,000"),
        ({"scale": 1_000_001}, "1:500 đến 1:1.000.000", "1:500 to 1:1,000,000"),
        ({"scale": 0}, "1:500 đến", "1:500 to"),
        ({"paper": "A9"}, "A4, A3, A2, A1, A0", "A4, A3, A2, A1, A0"),
        ({"bounds": (0, 0, 900_000, 900_000)}, "khổ giấy lớn hơn", "larger paper"),
    ],
)
def test_what_cannot_be_printed_is_told_with_a_remedy(choices, vi, en):
    with pytest.raises(QnGeoError) as caught:
        printed(**choices)
    assert vi in caught.value.message("vi")
    assert en in caught.value.message("en")


def test_the_largest_sheet_takes_seconds():
    start = time.perf_counter()
    pdf = printed(CITY, paper="A0", scale=50_000)
    assert time.perf_counter() - start < 10
    assert len(pdf) < 5_000_000


def test_hostile_titles_are_only_text():
    pdf = printed(title='#import "x" *b* <img> $x$ 漢 \u202e' + "M" * 60)
    assert '#import "x" *b* <img> $x$ □' in text(pdf)


def test_sources_that_find_no_room_are_counted():
    said = text(printed(CITY, lang="en"))
    assert re.search(r"and \d+ more documents", said)


@pytest.mark.parametrize(
    ("name", "shown", "lang", "choices"),
    [
        ("city", CITY, "vi", {"paper": "A3", "title": "Các khu kinh tế, khu công nghiệp Quảng Ninh"}),
        ("city-upright", CITY, "en", {"landscape": False, "title": "Economic zones and parks of Quảng Ninh"}),
        ("area", atlas.Shown(area="mong-cai"), "en", {"paper": "A3", "title": "Móng Cái"}),
        ("park", PARK, "vi", {"scale": 20_000, "title": "KCN Sông Khoai"}),
    ],
)
def test_sheets_look_as_approved(name, shown, lang, choices):
    approved.compare(approved.page(printed(shown, lang, **choices), dpi=90), f"sheet-{name}", 0.02)


def test_bounds_choose_the_window():
    west, south, east, north = atlas.bounds(atlas.Shown(area="van-don"))
    said = text(printed(CITY, bounds=(west, south, east, north)))
    assert "KKT Vân Đồn" in said
    assert "KCN Đông Triều" not in said
    assert shapely.box(west, south, east, north).area > 0
