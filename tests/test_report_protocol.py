from __future__ import annotations

import io
import re
import unicodedata

import geopandas as gpd
import numpy as np
import pypdf
import pypdfium2
import pytest
import shapely

from qn_geo import decisions, dossier, i18n, layers, report, rules
from qn_geo.crs import project
from qn_geo.decisions import Identity
from qn_geo.errors import QnGeoError
from qn_geo.report import furniture, maps, paper, printed
from qn_geo.report.printed import MOST_CUT_OUTS, MOST_FINDINGS, worst
from qn_geo.settings import settings
from tests.small_plots import EAST, NORTH, box, grid, numbered
from tests.small_reviews import LAN, package, submitted

pytest_plugins = "tests.review_fixtures"
pytestmark = pytest.mark.usefixtures("reviews")

BAO = Identity("Phạm Quốc Bảo", verified=True)
EVIL = '#import "x.typ" *b* $x$ <img src=x onerror=alert(1)> [\\ ] @a `c` // 漢 😀 \u202e'
SHOWN = '#import "x.typ" *b* $x$ <img src=x onerror=alert(1)> [\\ ] @a `c` // □ □'
NAME, WHO = "#import*$.gpkg", "*Bold* #panic() <b>"
MM = 72 / 25.4


def text(pdf):
    """All text of a PDF, in one line, as it is copied out of it."""
    pages = (page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return " ".join(" ".join(pages).split())


def pages(pdf):
    return len(pypdf.PdfReader(io.BytesIO(pdf)).pages)


def opened(path, frame, **choices):
    """The dossier of a frame that was sent in and checked."""
    frame.to_file(path)
    return dossier.check(submitted(path, **choices))


def sent(plots):
    """Plots as they come in a file."""
    names = {"SoTo": "sheet_no", "SoThua": "parcel_no", "DienTich": "area_m2", "MDSD": "landuse_code"}
    return gpd.GeoDataFrame({own: plots[name] for own, name in names.items()}, geometry=plots.geometry, crs=5899)


@pytest.fixture
def reviewed(placed):
    """One plot accepted by a signed-in reviewer, another returned by one who typed a name."""
    checked, store = dossier.check(placed), decisions.store()
    store.decide(placed, ["7-1", "7-4"], "accept", who=BAO, seen=checked.version)
    store.decide(
        placed, ["7-6"], "return", reason="Đo lại ranh giới.", note="Đã báo.", who=LAN, seen=store.version(placed)
    )
    return dossier.open_dossier(placed)


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_report_says_what_was_found_decided_and_on_which_evidence(reviewed, lang):
    pdf = report.protocol(reviewed, lang)
    said = text(pdf)
    assert said == unicodedata.normalize("NFC", said)
    _ = i18n.translator(lang)
    expected = [
        _("Plot review report"),
        reviewed.id,
        "Unicode",
        reviewed.submission.sha256,
        reviewed.findings_hash,
        reviewed.rules_version,
        f"3 · {decisions.store().newest()[1]}",
        dossier.signed("Trần Thị Lan", lang, verified=False),
        "Phạm Quốc Bảo",
        "Đo lại ranh giới. Đã báo.",
        f"{_('Page')} 1 {_('of')} {pages(pdf)}",
        *(entry.hash for entry in reviewed.history[1:]),
    ]
    assert [words for words in expected if words not in said] == []
    lost = [
        message
        for message in reviewed.findings[f"message_{lang}"]
        if message.replace(" ", "") not in said.replace(" ", "")
    ]
    assert lost == []
    assert said.count(_("{name} (unverified)").format(name="Phạm Quốc Bảo")) == 0


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_pages_are_a4_tagged_and_bring_their_fonts(reviewed, lang):
    pdf = pypdf.PdfReader(io.BytesIO(report.protocol(reviewed, lang)))
    assert {tuple(round(float(side) / MM) for side in page.mediabox[2:]) for page in pdf.pages} == {(210, 297)}
    assert pdf.trailer["/Root"]["/Lang"].startswith(lang)
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    descriptors = [
        inner.get_object()["/FontDescriptor"]
        for page in pdf.pages
        for font in page["/Resources"]["/Font"].values()
        for inner in font.get_object()["/DescendantFonts"]
    ]
    assert descriptors
    assert all("Inter" in one["/FontName"] and {"/FontFile2", "/FontFile3"} & set(one) for one in descriptors)


@pytest.mark.parametrize(("side", "scale"), [(60, 400), (130, 1_000), (1_400, 10_000)])
def test_map_is_true_to_scale(tmp_path, side, scale):
    """Measured on the rendered page: the green of the one plot, which has no findings, from edge to edge."""
    square = sent(numbered(np.array([box(0, 0, side, side)], dtype=object)))
    pdf = report.protocol(opened(tmp_path / "a.gpkg", square), "en")
    assert f"Scale 1:{scale:,}" in text(pdf)
    ppi = 300
    green = maps._FILLS["pass"].removeprefix("#")
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        pixels = page.render(scale=ppi / 72).to_numpy()[:, :, ::-1]
        columns = (pixels == list(bytes.fromhex(green))).all(axis=2).sum(axis=0)
        found += [int((columns > 0.5 * columns.max()).sum())] if columns.max() > 200 else []
    line = 0.12  # half of the black outline lies inside on either side
    assert max(found) / ppi * 25.4 == pytest.approx(side * 1000 / scale - line, abs=0.25)


def test_what_is_clean_gets_a_short_report(tmp_path):
    clean = opened(tmp_path / "a.gpkg", sent(numbered(grid(3, 3))))
    none = clean.findings.iloc[:0]
    object.__setattr__(clean, "findings", none)
    pdf = report.protocol(clean, "vi")
    assert "Không phát hiện vấn đề nào." in text(pdf)
    assert "Chưa có lô nào được quyết định." in text(pdf)
    assert pages(pdf) <= 2


def test_thousands_of_findings_are_all_in_the_table(tmp_path):
    plots = numbered(grid(72, 72), area_m2=[1.0] * 72 * 72)
    many = opened(tmp_path / "a.gpkg", sent(plots))
    assert len(many.findings) > MOST_FINDINGS
    pdf = report.protocol(many, "en")
    said = " ".join(page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(pdf))
    assert said.count("QN-ATT-003") >= MOST_FINDINGS
    assert f"Further findings, in the workbook: {len(many.findings) - MOST_FINDINGS:,}." in said
    assert len(worst(many)) == MOST_CUT_OUTS


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_hostile_texts_are_only_texts(tmp_path, lang):
    path = package(tmp_path / "lo.gpkg", codes=[(1, EVIL)], parcels=[(2, EVIL), (3, "M" * 300), (4, "漢")])
    path = path.rename(tmp_path / NAME)
    checked, store = dossier.check(submitted(path)), decisions.store()
    reasons = {"reason": EVIL * 5, "note": "\n".join([EVIL] * 9)}
    store.decide(
        checked.id,
        checked.plots["plot_id"],
        "reject",
        **reasons,
        who=Identity(WHO, verified=False),
        seen=checked.version,
    )
    pdf = report.protocol(dossier.open_dossier(checked.id), lang)
    said = text(pdf)
    assert [words for words in (NAME, WHO, SHOWN, "7-□") if words not in said] == []
    for page in pypdfium2.PdfDocument(pdf):
        content = page.get_textpage()
        boxes = [content.get_charbox(index) for index in range(content.count_chars())]
        assert max(right for _left, _bottom, right, _top in boxes) < 196 * MM, "long words wrap"


def test_names_of_land_users_stay_inside(reviewed):
    assert "Nguy" not in text(report.protocol(reviewed, "vi"))


def test_decisions_taken_together_share_a_line_and_replaced_ones_say_so(reviewed, monkeypatch):
    store = decisions.store()
    store.decide(reviewed.id, ["7-4"], "reject", reason="Nhầm", who=BAO, seen=store.version(reviewed.id))
    said = text(report.protocol(dossier.open_dossier(reviewed.id), "en"))
    assert "7-1, 7-4 (2)" in said
    assert said.count("Replaced by a later decision: 1") == 1
    monkeypatch.setattr(dossier.rules, "findings_hash", lambda _found: "0" * 64)
    changed = text(report.protocol(dossier.check(reviewed.id), "en"))
    assert changed.count("Rests on other findings") == 3


def test_findings_that_no_longer_hold_are_marked(placed, monkeypatch):
    dossier.check(placed)
    monkeypatch.setattr(dossier.rules, "version", lambda: "other")
    assert "Check again before deciding" in text(report.protocol(dossier.open_dossier(placed), "en"))


def test_plots_without_shapes_and_far_away_are_no_obstacle(tmp_path):
    shapes = [box(0, 0, 30, 30), box(40, 0, 70, 30), box(0, 40, 30, 70), None, box(90_000, 0, 90_030, 30)]
    odd = opened(tmp_path / "a.gpkg", sent(numbered(np.array(shapes, dtype=object))))
    said = text(report.protocol(odd, "en"))
    assert "Plots too far away to be on the map: 1" in said


def test_missing_fonts_are_told_with_the_remedy(placed, tmp_path, monkeypatch):
    checked = dossier.check(placed)
    monkeypatch.setenv("QN_GEO_PACKAGE_DIR", str(tmp_path))
    settings.cache_clear()
    with pytest.raises(QnGeoError, match="make setup"):
        report.protocol(checked, "en")


@pytest.mark.parametrize(
    ("metres", "scale", "height"),
    [((100, 50), 750, 79), ((1_660, 1_000), 10_000, 112), ((100, 5_000), 30_000, 179), ((0, 0), 200, 60)],
)
def test_scale_and_height_follow_the_content(metres, scale, height):
    frame = paper.fit((EAST, NORTH, EAST + metres[0], NORTH + metres[1]), 178, 200, least=0.3)
    assert (frame.scale, frame.height) == (scale, height)
    west, south, east, north = frame.bounds
    assert shapely.box(west, south, east, north).contains(shapely.box(EAST, NORTH, EAST + metres[0], NORTH + metres[1]))
    corner = frame.paper(np.array([[west, north], [east, south]])).tolist()
    assert corner == [[0, 0], pytest.approx([frame.width, frame.height])]


def test_grid_and_scale_bar_say_true_metres():
    frame = paper.fit((EAST, NORTH, EAST + 1_000, NORTH + 1_000), 173, 200)
    lines = furniture.grid(frame, "vi")
    assert re.findall(r">(42\d\.\d00)<", lines)
    bar = furniture.scale_bar(frame, "en")
    widths = [float(width) for width in re.findall(r'<rect x="[\d.]+" y="[\d.]+" width="([\d.]+)" height="1.2"', bar)]
    metres = int(re.search(r">(\d+) m<", bar)[1])
    assert sum(widths) * frame.scale / 1000 == pytest.approx(metres, rel=0.001)


def test_long_words_are_copied_without_marks(tmp_path):
    path = package(tmp_path / "lo.gpkg", parcels=[(3, "M" * 60)]).rename(tmp_path / f"{'lo_dat_' * 6}.gpkg")
    said = text(report.protocol(dossier.check(submitted(path)), "vi"))
    assert path.name in said
    assert "\u200b" not in said


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_hashes_can_be_copied_as_they_are(reviewed, lang):
    said = text(report.protocol(reviewed, lang))
    assert not [mark for mark in said if unicodedata.category(mark) == "Cf"]
    hashes = [reviewed.submission.sha256, reviewed.findings_hash, reviewed.rules_version, reviewed.id]
    hashes += [decisions.store().newest()[1], *(entry.hash for entry in reviewed.history[1:])]
    assert [word for word in hashes if word not in said] == []


@pytest.mark.parametrize(("lang", "words"), [("vi", "Chấp nhận dù có lỗi"), ("en", "Accepted despite errors")])
def test_plots_accepted_despite_errors_are_marked(placed, lang, words):
    checked, store = dossier.check(placed), decisions.store()
    states = np.asarray(checked.summary["states"])
    bad, good = (checked.plots["plot_id"][states == state].iloc[0] for state in ("fail", "pass"))
    store.decide(placed, [bad, good], "accept", who=BAO, seen=checked.version)
    assert f"{words}: {bad} " in text(report.protocol(dossier.open_dossier(placed), lang))


def test_beside_passed_stands_how_many_checks_were_not_made(reviewed):
    count = len(rules.not_made(reviewed.findings))
    assert count
    assert f"{count} kiểm tra chưa thực hiện" in text(report.protocol(reviewed, "vi"))
    first = pypdf.PdfReader(io.BytesIO(report.protocol(reviewed, "en"))).pages[0].extract_text()
    assert f"Checks not made: {count}" in " ".join(first.split())


@pytest.mark.parametrize(
    ("quality", "words"),
    [
        ("official", "Ranh giới khu"),
        ("schematic", "Ranh giới khu (sơ đồ, không chính thức)"),
        ("approximate", "Ranh giới khu (gần đúng, không chính thức)"),
    ],
)
def test_the_outline_of_a_zone_says_how_true_it_is(quality, words):
    assert printed._outline_name(quality, "vi") == words
    assert (maps.zone_sign(quality) == maps.zone_sign("official")) == (quality == "official")


def test_a_schematic_outline_is_drawn_and_named_as_such(tmp_path):
    zone = "kcn-dong-mai"
    quality, zones = maps.outline_quality(zone), layers.layer("zones")
    outline = project(zones.geometry[zones["zone_id"] == zone].to_numpy())[0]
    plots = sent(numbered(np.array([shapely.box(*outline.bounds)], dtype=object)))
    plots.to_file(tmp_path / "lo.gpkg")
    checked = dossier.check(submitted(tmp_path / "lo.gpkg", zone))
    drawn = maps.sheet(checked, {}, "vi")[0]
    assert quality not in maps.RELIABLE
    assert f'stroke-dasharray="{maps._dashes(quality)}"' in drawn
    assert printed._outline_name(quality, "vi") in text(report.protocol(checked, "vi"))
