"""Native charts: the kinds, colours, hatches and labels of the screen, over a workbook that can be edited."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta

import pytest
from lxml import etree
from openpyxl import load_workbook

from qn_geo import charts
from qn_geo.charts import series
from qn_geo.charts.canvas import POINT, long
from qn_geo.slides import across, drawn, upright
from qn_geo.slides.boxes import Box
from qn_geo.slides.native import native
from qn_geo.style import ACCENT

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
C15 = "{http://schemas.microsoft.com/office/drawing/2012/chart}"
BOX = Box(180, 60, 140, 80)


def made(name, lang="vi", *, change=None, box=BOX, **about):
    """A chart by name as native charts, one for each panel: its XML and the rows of its workbook."""
    chart = charts.named(name, charts.Subject(**({"year": 2026} | about)), lang)
    plotted = series.read(chart)
    found = []
    for panel in plotted.panels:
        panel = change(panel) if change else panel  # noqa: PLW2901
        one = native(chart, plotted, panel, box, lang)
        sheet = load_workbook(io.BytesIO(one.xlsx_blob)).active
        found.append((etree.fromstring(one.xml), sheet, one, panel))
    return found


def points(root, number=0):
    return {int(each.find(f"{C}idx").get("val")): each for each in list(root.iter(f"{C}ser"))[number].iter(f"{C}dPt")}


def labels(root):
    return [text.text for label in root.iter(f"{C}dLbl") for text in label.iter(f"{A}t")]


def test_bars_across_read_from_the_top_with_names_values_and_labels():
    ((root, sheet, one, panel),) = made("ranking-occupancy")
    assert root.find(f".//{C}barDir").get("val") == "bar"
    assert root.find(f".//{C}catAx/{C}scaling/{C}orientation").get("val") == "maxMin"
    assert one.left_out == 0
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    for row, category, mark in zip(rows, panel.categories, panel.series[0].marks, strict=True):
        assert row[0].startswith(category.name)
        assert row[1] == mark.value
        assert mark.text == " · ".join([row[2], row[0].partition("\n")[2]]).rstrip(" ·")
        assert row[3]
    assert labels(root) == [row[2] for row in rows]


def test_numbers_that_are_ours_are_hatched_in_the_colours_of_the_screen():
    ((root, _sheet, _one, panel),) = made("ranking-occupancy", zones=("kcn-song-khoai",))
    looks = points(root)
    first = root.find(f".//{C}ser/{C}spPr")
    for place, mark in enumerate(panel.series[0].marks):
        look = looks[place].find(f"{C}spPr") if place in looks else first
        assert (look.find(f"{A}pattFill") is not None) == mark.hatched
        assert look.find(f".//{A}srgbClr").get("val") == mark.colour.lstrip("#").upper()
    assert ACCENT.lstrip("#").upper() in {each.get("val") for each in root.iter(f"{A}srgbClr")}


def test_plans_are_hollow():
    ((root, _sheet, _one, panel),) = made("landuse", area="van-don", zones=("kkt-van-don",), box=replace(BOX, high=200))
    looks = points(root)
    hollow = [place for place, mark in enumerate(panel.series[0].marks) if mark.hollow]
    assert hollow
    assert {looks[place].find(f"{C}spPr/{A}solidFill/{A}srgbClr").get("val") for place in hollow} == {"FFFFFF"}


def test_gaps_are_empty_cells_that_say_so_in_their_name():
    ((root, sheet, _one, panel),) = made("occupancy", area="quang-yen", box=replace(BOX, high=200))
    gaps = [place for place, mark in enumerate(panel.series[0].marks) if mark.value is None]
    assert gaps
    kept = {int(point.get("idx")) for point in root.find(f".//{C}val").iter(f"{C}pt")}
    assert kept.isdisjoint(gaps)
    for place in gaps:
        assert sheet.cell(place + 2, 2).value is None
        assert sheet.cell(place + 2, 1).value.endswith("chưa có số liệu")


def test_rows_without_room_are_counted_and_the_chosen_one_stays():
    ((_root, sheet, one, panel),) = made("occupancy", zones=("ccn-kim-sen",), change=chosen_last)
    names = [row[0] for row in sheet.iter_rows(min_row=2, max_col=1, values_only=True)]
    assert one.left_out == len(panel.categories) - len(names) > 0
    assert any(name.startswith(panel.categories[-1].name) for name in names)
    assert sum(bool(row[1]) for row in sheet.iter_rows(min_row=2, values_only=True)) >= 3, "values go before gaps"


def chosen_last(panel):
    return replace(panel, categories=(*panel.categories[:-1], replace(panel.categories[-1], bold=True)))


def test_shares_of_a_target_lie_in_outlines():
    ((root, sheet, _one, panel),) = made("targets")
    assert panel.reference == 100
    _own, outline = root.iter(f"{C}ser")
    assert outline.find(f"{C}spPr/{A}noFill") is not None
    assert {float(value.text) for value in outline.find(f"{C}val").iter(f"{C}v")} == {100.0}
    assert root.find(f".//{C}overlap").get("val") == "100"
    assert {row[2] for row in sheet.iter_rows(min_row=2, values_only=True) if row[1] is not None} == {100}


def test_lines_stand_at_their_days():
    ((root, sheet, _one, panel),) = made("occupancy-over-time", area="quang-yen", zones=("kcn-song-khoai",))
    assert root.find(f".//{C}dateAx/{C}majorTimeUnit").get("val") == "years"
    first, last = (int(root.find(f".//{C}dateAx/{C}scaling/{C}{end}").get("val")) for end in ("min", "max"))
    days = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert all(first < day < last if isinstance(day, int) else True for day in days)
    for place, one in enumerate(panel.series, start=1):
        told = [row[place] for row in sheet.iter_rows(min_row=2, values_only=True) if row[place] is not None]
        assert told == [mark.value for mark in sorted(one.marks, key=lambda mark: mark.at)]
    hidden = [each.find(f"{C}idx").get("val") for each in root.iter(f"{C}legendEntry")]
    assert hidden == [str(place) for place, one in enumerate(panel.series) if not one.listed]
    assert root.find(f".//{C}dispBlanksAs").get("val") == "span"


@pytest.mark.parametrize(
    ("at", "day"),
    [(2021.5, date(2021, 7, 2)), (2021.0, date(2021, 1, 1)), (2025 + (334 - 1) / 366, date(2025, 11, 30))],
)
def test_a_bare_year_stands_in_its_middle_and_a_day_where_it_lies(at, day):
    assert date(1899, 12, 30) + timedelta(days=upright.day(at)) == day


def test_columns_of_both_panels_have_the_same_years():
    (_upper, usd, *_), (_lower, vnd, *_) = made("investment-new")
    years = [[row[0] for row in sheet.iter_rows(min_row=2, values_only=True)] for sheet in (usd, vnd)]
    assert years[0] == years[1] == [str(year) for year in range(int(years[0][0]), int(years[0][-1]) + 1)]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_chart_there_is_becomes_valid_xml(lang):
    for name in charts.NAMES:
        for about in ({}, {"area": "van-don"}, {"zones": ("kkt-mong-cai", "kkt-van-don")}):
            for root, sheet, _one, panel in made(name, lang, **about):
                assert len(list(root.iter(f"{C}ser"))) == len(panel.series) + (panel.reference is not None)
                titles = [text.text for title in root.iter(f"{C}title") for text in title.iter(f"{A}t")]
                assert titles == ([panel.values.title] if panel.values.title else [])
                for one, reference in zip(root.iter(f"{C}ser"), root.iter(f"{C15}f"), strict=True):
                    column = reference.text.split("!$")[1][0]
                    texts = {cell.value for cell in sheet[column][1:] if cell.value}
                    assert {text.text for label in one.iter(f"{C}dLbl") for text in label.iter(f"{A}t")} == texts


def test_texts_are_never_formulas_nor_markup():
    def hostile(panel):
        names = tuple(replace(each, name="=1+1 <b>&") for each in panel.categories)
        marks = tuple(replace(mark, text="=cmd|'/c'!A1 \x00\x08") for mark in panel.series[0].marks)
        return replace(panel, categories=names, series=(replace(panel.series[0], marks=marks),))

    ((root, sheet, *_),) = made("sectors", change=hostile)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)} == {"s"}
    assert sheet["A2"].value.startswith("=1+1 <b>&")
    assert labels(root)[0] == "=cmd|'/c'!A1"


@pytest.mark.parametrize(
    ("step", "suffix", "lang", "last", "form"),
    [
        (1_000, "", "vi", None, '[>=1000000]0"."000"."000;[>=1000]0"."000;0'),
        (50, "%", "en", None, '[>=1000000]0","000","000"%";[>=1000]0","000"%";0"%"'),
        (25, "%", "vi", 100, '[<=100]0"%";""'),
        (0.5, "", "vi", None, "[$-42A]0.0"),
        (0.25, "", "en", None, "[$-409]0.00"),
    ],
)
def test_numbers_of_an_axis_are_written_as_the_language_does_on_any_computer(step, suffix, lang, last, form):
    assert drawn.number_format(step, suffix, lang, last) == form


def test_few_bars_are_no_thicker_than_many():
    assert across._between(40.0) == 300
    assert across._between(10.0) == pytest.approx(56, abs=1)
    assert across._between(100.0) == 500


def test_numbers_under_bars_stand_apart():
    for wide in (60, 90, 140):
        ((root, _sheet, _one, _panel),) = made("ranking-investment", box=Box(180, 60, wide, 80))
        axis = root.find(f".//{C}valAx")
        step, highest = (float(axis.find(f".//{C}{name}").get("val")) for name in ("majorUnit", "max"))
        field = float(root.find(f".//{C}plotArea/{C}layout//{C}w").get("val")) * wide
        size = int(root.find(f".//{C}valAx//{A}defRPr").get("sz")) / 100 * POINT
        assert step * field / highest >= long(f"{round(highest):,}", size) or step * 2 > highest


def test_rows_stand_closer_rather_than_stay_away():
    heights = (100, 89, 70, 50)
    left = [made("targets", box=Box(0, 0, 140, high))[0][2].left_out for high in heights]
    assert left[:2] == [0, 0]
    assert left == sorted(left)
