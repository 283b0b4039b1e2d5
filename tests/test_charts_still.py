"""Charts on paper: nothing beyond the edge, no text on another, real text, the same file each time."""

from __future__ import annotations

import html
import io
import os
import re
import subprocess
import sys
import unicodedata
from itertools import combinations
from pathlib import Path

import pypdf
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image

from qn_geo import charts, figures
from qn_geo.charts import canvas, series, still
from qn_geo.report import typesetting
from tests import approved
from tests.small_figures import claim, use, zone
from tests.test_charts import HOSTILE, everything

YEAR = 2026
RATE = {"measure": "occupancy_pct", "unit": "pct"}
PAGE = """
#let data = json(bytes(sys.inputs.data))
#set document(title: "Chart")
#set text(lang: "vi", font: "Inter")
#image(bytes(data.svg), alt: "chart")
"""


def texts(sheet):
    """Each text of a sheet with its box as Matplotlib finds it, millimetres from the left and from the top."""
    found = []
    dpi = sheet.figure.dpi = 400
    renderer = FigureCanvasAgg(sheet.figure).get_renderer()
    for artist in sheet.figure.axes[0].texts:
        box = artist.get_window_extent(renderer)
        left, right = (edge / dpi * canvas.INCH for edge in (box.x0, box.x1))
        base = sheet.figure.axes[0].transData.transform((0, artist.get_position()[1]))[1]
        top = sheet.high - (base / dpi * canvas.INCH + 0.72 * sheet.size)  # capitals: accents may reach higher
        found.append((artist.get_text(), canvas.Box(left, top, right, top + 0.72 * sheet.size)))
    return found


def check(name, sheet):
    found = texts(sheet)
    edge = canvas.Box(-0.6, -0.1, sheet.wide + 0.6, sheet.high + 0.1)
    for words, box in found:
        assert box.within(edge), (name, words, box, sheet.wide, sheet.high)
        assert unicodedata.is_normalized("NFC", words)
    for (words, box), (others, other) in combinations(found, 2):
        assert not box.meets(other, -0.05), (name, words, others)


@pytest.mark.parametrize("wide", [58, 86, 178])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_text_stays_on_the_sheet_and_off_other_text(lang, wide):
    for name, chart in everything(lang):
        plotted = series.read(chart)
        sheet = still.drawn(plotted, wide, None, lang)
        check(name, sheet)
        if wide == 86 and not chart.empty:
            check(f"{name}, lower", still.drawn(plotted, wide, max(sheet.high * 0.8, 34), lang))
            check(f"{name}, higher", still.drawn(plotted, wide, sheet.high * 1.5, lang))


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_name_and_text_of_the_chart_stands_on_the_sheet(lang):
    for name, chart in everything(lang):
        plotted = series.read(chart)
        written = " ".join(words for words, _box in texts(still.drawn(plotted, 86, None, lang)))
        letters = written.replace(" ", "")
        for panel in plotted.panels:
            wanted = [each.name for each in panel.categories] if plotted.horizontal else []
            wanted += [mark.text for each in panel.series for mark in each.marks if plotted.horizontal]
            for words in wanted:
                for part in words.split(" · "):
                    assert part.replace(" ", "") in letters, (name, part)
            if plotted.legend:
                for each in panel.series:
                    assert not each.listed or each.name.replace(" ", "") in letters, (name, each.name)


def test_the_same_chart_is_the_same_file():
    chart = charts.investment_cumulative("kkt-van-don", YEAR, "vi")
    first = still.svg(chart, 86, 60, "vi")
    assert still.svg(chart, 86, 60, "vi") == first
    assert first.startswith("<svg ")
    assert 'width="86mm" height="60mm"' in first
    assert "<dc:date>" not in first


def test_text_is_text_in_inter_and_survives_typesetting(tmp_path):
    chart = charts.ranking_investment(YEAR, "vi", "kcn-song-khoai")
    drawn = still.svg(chart, 86, None, "vi")
    assert "KCN Sông Khoai</text>" in drawn
    assert "font-family: Inter" in drawn or "font-family: 'Inter'" in drawn
    template = tmp_path / "page.typ"
    template.write_text(PAGE, encoding="utf-8")
    page = pypdf.PdfReader(io.BytesIO(typesetting.pdf(template, {"svg": drawn}))).pages[0]
    said = page.extract_text()
    assert "KCN Sông Khoai" in said
    assert "3,0 tỷ USD" in said
    assert {font["/BaseFont"].split("+")[1] for font in fonts_of(page)} == {"Inter-Regular", "Inter-SemiBold"}


def fonts_of(page):
    seen, waiting = [], [page["/Resources"]]
    while waiting:
        held = waiting.pop()
        seen += [font.get_object() for font in held.get("/Font", {}).values()]
        waiting += [
            inner["/Resources"]
            for inner in (form.get_object() for form in held.get("/XObject", {}).values())
            if "/Resources" in inner
        ]
    return seen


def test_png_has_the_size_asked_for():
    chart = charts.city_occupancy(YEAR, "en")
    picture = Image.open(io.BytesIO(still.png(chart, 100, 50, "en", dpi=254)))
    assert picture.size == (1000, 500)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_what_goes_out_alone_says_title_note_and_sources(lang):
    chart = charts.city_occupancy(YEAR, lang)
    alone = still.whole(chart, 160, None, lang)
    assert chart.title in alone
    assert chart.note
    written = html.unescape(" ".join(re.findall(r">([^<>]+)</text>", alone)))
    for words in (chart.note, *(figures.source(each)["publisher"] for each in chart.sources)):
        assert words in written
    assert 'width="160mm"' in alone
    assert still.whole(charts.ranking_investment(YEAR, lang), 160, None, lang).count("…") == 1  # too many documents


def test_rows_without_room_are_counted_and_the_chosen_one_stays(monkeypatch):
    zones = [zone(f"kcn-{number:02}", f"Khu công nghiệp số {number}") for number in range(20)]
    rows = [claim(f"f{number}", 1000 - number, zone_id=f"kcn-{number:02}") for number in range(20)]
    use(monkeypatch, zones=zones, figures=rows)
    chart = charts.investment_by_zone([row["zone_id"] for row in zones], "kcn-19", YEAR, "vi")
    said = [words for words, _box in texts(still.drawn(series.read(chart), 80, 40, "vi"))]
    shown = [words for words in said if words.startswith("KCN số")]
    assert shown[-1] == "KCN số 19"
    assert f"… và {20 - len(shown)} mục nữa" in said


def test_long_and_hostile_names_are_wrapped_or_broken(monkeypatch):
    names = [HOSTILE, "Cụm công nghiệp " + "rất dài " * 12, "Một_từ_dài_không_có_chỗ_ngắt_" * 4]
    use(
        monkeypatch,
        zones=[zone(f"kcn-{number}", name) for number, name in enumerate(names)],
        figures=[
            claim(f"f{number}{year}", 30 + 10 * number, str(year), zone_id=f"kcn-{number}", basis="industrial", **RATE)
            for number in range(3)
            for year in (2023, 2024)
        ],
    )
    ids = [f"kcn-{number}" for number in range(3)]
    for chart in (
        charts.occupancy_by_zone(ids, "kcn-0", YEAR, "vi"),
        charts.comparison(ids, "occupancy_pct", YEAR, "vi"),
        charts.occupancy_over_time("kcn-1", YEAR, "vi", neighbours=[]),
    ):
        check(chart.title, still.drawn(series.read(chart), 86, None, "vi"))
        assert "<img" not in still.svg(chart, 86, None, "vi")


def test_letters_the_font_lacks_are_marked(monkeypatch):
    use(monkeypatch, zones=[zone("kcn-a", "Khu 工业园 $x^2$")], figures=[claim("f1", 5), claim("f2", 5, "2023")])
    drawn = still.svg(charts.investment_by_zone(["kcn-a"], None, YEAR, "vi"), 86, None, "vi")
    assert "Khu □□□ $x^2$" in drawn


def test_drawing_leaves_nothing_behind(tmp_path):
    """A process that draws writes no folder for Matplotlib, and one that only imports charts does not load it."""
    code = (
        "import sys; from qn_geo import charts; from qn_geo.charts import still;"
        "assert 'matplotlib' not in sys.modules;"
        "still.svg(charts.city_occupancy(2026, 'vi'), 86, None, 'vi'); assert 'matplotlib.pyplot' not in sys.modules"
    )
    places = {"HOME": tmp_path, "TMPDIR": tmp_path, "XDG_CACHE_HOME": tmp_path, "XDG_CONFIG_HOME": tmp_path}
    held = {name: value for name, value in os.environ.items() if name != "MPLCONFIGDIR"}
    environment = held | {name: str(place) for name, place in places.items()}
    root = Path(__file__).resolve().parents[1]
    subprocess.run([sys.executable, "-c", code], check=True, cwd=root, env=environment)  # noqa: S603 - own code
    assert not [each for each in tmp_path.rglob("*") if each.name.startswith(("matplotlib", "fontlist", "qn-geo"))]


def test_charts_look_as_approved():
    rows = (
        ("chart-cumulative", charts.investment_cumulative("kkt-mong-cai", YEAR, "vi")),
        ("chart-new", charts.investment_new("kkt-mong-cai", YEAR, "vi")),
        ("chart-ranking", charts.ranking_investment(YEAR, "vi", "kcn-song-khoai")),
        ("chart-targets", charts.actual_vs_target(YEAR, "vi")),
        ("chart-occupancy", charts.city_occupancy(YEAR, "vi")),
    )
    for name, chart in rows:
        approved.compare(still.png(chart, 86, None, "vi", dpi=150), name, tolerance=0.02)
