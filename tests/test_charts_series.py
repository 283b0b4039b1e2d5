"""What charts hold, read apart from Plotly: the figures of the records, in their order, with the ids they belong to."""

from __future__ import annotations

import pytest

from qn_geo import charts, figures, i18n
from qn_geo.charts import series
from qn_geo.charts.frame import ROUGH
from qn_geo.style import ACCENT, MUTED
from tests.small_figures import claim, project, use, zone
from tests.test_charts import HOSTILE, everything

YEAR = 2026
RATE = {"measure": "occupancy_pct", "unit": "pct"}
FACTORS = (1, 1_000, 1_000_000)  # large money and crowds are drawn in a larger unit


def marks(plotted):
    return [mark for panel in plotted.panels for each in panel.series for mark in each.marks]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_value_is_that_of_its_record(lang):
    compared = 0
    for name, chart in everything(lang):
        if name in {"targets", "start"}:  # shares of a reference, tested below
            continue
        plotted = series.read(chart)
        for mark in marks(plotted):
            found = figures.book().figures.get(mark.id) or figures.book().figures.get(mark.also)
            if mark.value is None:
                assert mark.text == i18n.missing(lang), name
            elif found is not None:
                compared += 1
                assert any(mark.value == pytest.approx(found.value / factor) for factor in FACTORS), (name, mark)
                if plotted.horizontal:
                    assert mark.hatched == (found.klass in ROUGH), name
                elif plotted.kind == "line":
                    assert mark.hollow == (found.klass in ROUGH), name
                    assert mark.diamond == (found.kind != "actual"), name
    assert compared > 200


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_chart_is_read_whole(lang):
    kinds = set()
    for name, chart in everything(lang):
        plotted = series.read(chart)
        kinds.add((plotted.kind, plotted.horizontal, len(plotted.panels)))
        if chart.empty:
            assert plotted.message, name
            continue
        assert len(marks(plotted)) == sum(len(trace.x) for trace in chart.figure.data), name
        for panel in plotted.panels:
            assert (panel.years is None) == plotted.horizontal, name
            for each in panel.series:
                assert [mark.at for mark in each.marks] == sorted(mark.at for mark in each.marks), name
                if panel.categories:
                    assert sum(mark is not None for mark in each.over(panel.categories)) == len(each.marks), name
            said = [each.name for each in panel.categories] + [each.name for each in panel.series]
            assert not any("<" in words or "&" in words.replace(" & ", "") for words in said), name
    assert kinds == {
        ("none", False, 0),
        ("bar", True, 1),
        ("bar", False, 1),
        ("bar", False, 2),
        ("line", False, 1),
        ("line", False, 2),
    }


def test_bars_of_zones_keep_gaps_in_their_place(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 40, "2025", **RATE), claim("f2", 20, "2024", zone_id="kcn-b", **RATE)])
    plotted = series.read(charts.occupancy_by_zone(["ccn-c", "kcn-a", "kcn-b"], "kcn-b", YEAR, "vi"))
    (panel,) = plotted.panels
    (bars,) = panel.series
    assert [each.name for each in panel.categories] == ["KCN A", "KCN B", "CCN C"]
    assert [each.bold for each in panel.categories] == [False, True, False]
    assert bars.values == (40, 20, None)
    assert [mark.id for mark in bars.marks] == ["kcn-a", "kcn-b", "ccn-c"]
    assert [mark.also for mark in bars.marks] == ["f1", "f2", ""]
    assert [mark.colour for mark in bars.marks] == [MUTED, ACCENT, MUTED]
    assert bars.marks[0].text == "40% · 2025"
    assert bars.marks[2].text == "chưa có số liệu"
    assert panel.values.ticks == ((0.0, "0%"), (50.0, "50%"), (100.0, "100%"))


def test_shares_of_a_target_know_their_line_and_both_numbers(monkeypatch):
    place = {"zone_id": "province", "measure": "population", "unit": "persons"}
    use(monkeypatch, figures=[claim("f1", 30, "2024", **place), claim("f2", 60, "2030", kind="target", **place)])
    (panel,) = series.read(charts.actual_vs_target(YEAR, "en", ["population"])).panels
    assert panel.reference == 100
    assert panel.above
    assert panel.categories[0].detail == "30 people (2024) / 60 people (2030)"
    assert panel.series[0].values == (50,)
    assert panel.values.title == "% of the target"


def test_two_currencies_are_two_panels(monkeypatch):
    dong = {"measure": "domestic_registered_vnd_bn", "unit": "vnd_bn"}
    rows = [claim(f"f{year}", year, str(year)) for year in (2022, 2023)]
    use(monkeypatch, figures=rows + [claim(f"d{year}", year * 10, str(year), **dong) for year in (2022, 2023)])
    plotted = series.read(charts.investment_cumulative("kcn-a", YEAR, "en"))
    assert [panel.values.title for panel in plotted.panels] == ["USD billion", "VND billion"]
    assert [panel.series[0].values for panel in plotted.panels] == [(2.022, 2.023), (20220, 20230)]
    assert [panel.series[0].name for panel in plotted.panels] == ["fdi_registered_usd_m", dong["measure"]]
    assert plotted.legend


def test_years_under_bars_have_no_holes(monkeypatch):
    new = {"measure": "fdi_new_usd_m"}
    use(monkeypatch, figures=[claim("f1", 5, "2021", **new), claim("f2", 7, "2024", **new)])
    (panel,) = series.read(charts.investment_new("kcn-a", YEAR, "vi")).panels
    assert [each.name for each in panel.categories] == ["2021", "2022", "2023", "2024"]
    shown = panel.series[0].over(panel.categories)
    assert [mark and mark.id for mark in shown] == ["f1", None, None, "f2"]


def test_dashes_and_hollow_marks_are_told(monkeypatch):
    rows = [
        claim("f1", 40, "2023", basis="industrial", **RATE),
        claim("f2", 50, "2024", basis="industrial", **RATE | {"class": "derived"}),
    ]
    use(monkeypatch, figures=rows)
    (panel,) = series.read(charts.occupancy_over_time("kcn-a", YEAR, "en", neighbours=[])).panels
    (line,) = panel.series
    assert (line.dash, line.joined, line.listed, line.colour) == ("dash", True, True, ACCENT)
    assert [mark.hollow for mark in line.marks] == [False, True]
    assert panel.years is not None
    assert panel.years.ticks[-1] == (2024.5, "2024")


def test_markup_in_data_is_text(monkeypatch):
    use(
        monkeypatch,
        zones=[zone("kcn-a", HOSTILE), zone("kcn-b", "B & <b>C</b>")],
        figures=[claim("f1", 5, zone_id="kcn-b"), claim("f2", 6)],
        projects=[project("p1", "kcn-a")],
    )
    (panel,) = series.read(charts.investment_by_zone(["kcn-a", "kcn-b"], None, YEAR, "vi")).panels
    # Short names carry nothing in brackets.
    assert [each.name for each in panel.categories] == [HOSTILE.replace("(1)", ""), "B & <b>C</b>"]


def test_a_name_broken_after_its_hyphen_is_whole_again():
    assert series._plain("Vân Đồn Airport North-<br>East IP") == "Vân Đồn Airport North-East IP"
    assert series._plain("KCN Texhong -<br>Hải Hà") == "KCN Texhong - Hải Hà"
