"""What holds for every chart: a valid picture, a table twin, sources, words in both languages, nothing from outside."""

from __future__ import annotations

import re

import pandas as pd
import plotly.graph_objects as go
import pytest

from qn_geo import charts, figures
from qn_geo.charts import frame
from tests.small_figures import TABLES, claim, project, use, zone

YEAR = 2026
AREAS = ("mong-cai", "van-don", "quang-yen", "hai-ha")
HOSTILE = "<img src=x onerror=alert(1)>"


def zones_of(area):
    return [zone_id for zone_id, row in figures.book().zones.items() if row["area"] == area]


def everything(lang):
    """Every chart of the product's own data, by a name for messages."""
    places = ["province", "group-kkt-kcn", "group-kcn", *(f"area-{area}" for area in AREAS), *figures.book().zones]
    for place in places:
        yield f"cumulative {place}", charts.investment_cumulative(place, YEAR, lang)
        yield f"new {place}", charts.investment_new(place, YEAR, lang)
        yield f"occupancy {place}", charts.occupancy_over_time(place, YEAR, lang)
        yield f"land use {place}", charts.landuse_structure(place, YEAR, lang)
        yield f"sectors {place}", charts.projects_by_sector(place, YEAR, lang)
    for area in AREAS:
        zones = zones_of(area)
        yield f"occupancy of {area}", charts.occupancy_by_zone(zones, zones[0], YEAR, lang)
        yield f"dollars of {area}", charts.investment_by_zone(zones, zones[0], YEAR, lang)
        yield f"dong of {area}", charts.investment_by_zone(zones, zones[0], YEAR, lang, "vnd")
    yield "targets", charts.actual_vs_target(YEAR, lang)
    yield "start", charts.start_2021(lang)
    yield "investment ranking", charts.ranking_investment(YEAR, lang, "kcn-song-khoai")
    yield "occupancy ranking", charts.ranking_occupancy(YEAR, lang, None)
    yield "city occupancy", charts.city_occupancy(YEAR, lang)
    for measure in ("occupancy_pct", "fdi_registered_usd_m", "population", "rent_usd_m2"):
        zones = ["kcn-song-khoai", "kcn-texhong-hai-ha", "kcn-dong-mai", "kkt-mong-cai"]
        yield f"comparison {measure}", charts.comparison(zones, measure, YEAR, lang)


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_chart_is_complete(lang):
    drawn = 0
    for name, chart in everything(lang):
        assert chart.title, name
        assert chart.alt, name
        figure = go.Figure(chart.figure.to_dict())  # validates every property
        assert figure.layout.title.text is None, name
        assert figure.layout.separators == (",." if lang == "vi" else ".,"), name
        if chart.empty:
            assert not figure.data, name
            continue
        drawn += 1
        assert chart.sources or not any(chart.figure.data[0].x), name  # a chart of gaps has none
        assert len(chart.sources) == len(set(chart.sources)), name
        assert set(chart.sources) <= set(figures.book().sources), name
        assert len(chart.table), name
        assert chart.table.index.name == "id", name
        for trace in figure.data:
            assert len(trace.customdata) == len(trace.hovertext) == len(trace.x), name
            assert all(row[0] for row in trace.customdata), name
            assert all(trace.hovertext), name
        axes = [axis for axis in (figure.layout.yaxis, figure.layout.xaxis) if axis.title.text or axis.ticksuffix]
        assert axes, f"{name}: no unit on an axis"
    assert drawn > 60


def test_no_text_in_a_chart_is_small():
    for name, chart in everything("vi"):
        picture = re.sub(r'"marker":\{[^}]*\}', "", chart.figure.to_json())
        sizes = [int(size) for size in re.findall(r'"size":(\d+)', picture)]
        fonts = [size for size in sizes if size > 8]  # markers and patterns are smaller than any text
        assert min(fonts) >= 11, name


def test_the_table_twin_holds_the_numbers_of_the_picture(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 500, "2022"), claim("f2", 1500, "2024")])
    chart = charts.investment_cumulative("kcn-a", YEAR, "en")
    assert list(chart.table.index) == ["f1", "f2"]
    assert list(chart.table["Value"]) == ["500", "1,500"]
    assert list(chart.figure.data[0].y) == [0.5, 1.5]  # an axis in billions, as the title
    assert [row[0] for row in chart.figure.data[0].customdata] == ["f1", "f2"]
    assert chart.sources == ["s1"]


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_cell_of_a_table_twin_is_a_text_in_the_readers_language(lang):
    for name, chart in everything(lang):
        cells = chart.table.to_numpy().ravel()
        assert all(isinstance(cell, str) for cell in cells), name
        assert "nan" not in set(cells), name


def test_numbers_of_a_table_twin_are_written_as_the_reader_does(monkeypatch):
    monkeypatch.setattr("qn_geo.landuse.colour", lambda _code: "#c9c9c9")
    row = {"row_id": "r1", "zone_id": "kcn-a", "horizon": 2030, "use_name_vi": "Đường", "use_name_en": "Roads"}
    use(
        monkeypatch,
        figures=[claim("f1", 1234.5, value_max=2000.0), claim("f2", 7, zone_id="kcn-b")],
        landuse=[row | {"area_ha": 1234.5, "role": "use", "group": "plan", "source_id": "s1"}],
    )
    ranges = charts.investment_by_zone(["kcn-a", "kcn-b", "ccn-c"], None, YEAR, "vi").table
    assert list(ranges["Giá trị"]) == ["1.234,5–2.000", "7", ""]
    land = charts.landuse_structure("kcn-a", YEAR, "en").table
    assert land.loc["r1", ["Horizon", "Area (ha)", "Up to (ha)"]].tolist() == ["2030", "1,234.5", ""]


def test_a_measure_without_its_row_is_drawn_under_its_id(monkeypatch):
    measures = [row for row in TABLES["measures"] if row["measure"] not in {"fdi_registered_usd_m", "population"}]
    rows = [
        claim("f1", 500, "2022"),
        claim("f2", 1500, "2024"),
        claim("f3", 5, "2024", measure="population", unit="persons", zone_id="province"),
        claim("f4", 9, "2024", measure="population", unit="persons", zone_id="province", kind="target"),
    ]
    use(monkeypatch, figures=rows, measures=measures)
    assert charts.investment_cumulative("kcn-a", YEAR, "en").title.startswith("fdi_registered_usd_m: USD 1.5 bn")
    assert charts.comparison(["kcn-a", "kcn-b"], "fdi_registered_usd_m", YEAR, "vi").title == "fdi_registered_usd_m"
    assert not charts.actual_vs_target(YEAR, "en", ["population"]).empty


def test_text_from_data_is_escaped(monkeypatch):
    monkeypatch.setattr("qn_geo.landuse.colour", lambda _code: "#c9c9c9")
    measures = [row | {"name_vi": HOSTILE, "name_en": HOSTILE} for row in TABLES["measures"]]
    sources = [row | {"title": HOSTILE, "publisher": HOSTILE} for row in TABLES["sources"]]
    use(
        monkeypatch,
        zones=[zone("kcn-a", HOSTILE), zone("kcn-b", HOSTILE * 2)],
        measures=measures,
        sources=sources,
        sectors=[{"sector": "textile", "name_vi": HOSTILE, "name_en": HOSTILE}],
        projects=[project("p1", "kcn-a", capital_usd_m=1.0), project("p2", "kcn-a", sector=HOSTILE, capital_usd_m=2.0)],
        landuse=[
            {"row_id": "r1", "zone_id": "kcn-a", "horizon": 2030, "use_name_vi": HOSTILE, "use_name_en": HOSTILE}
            | {"area_ha": 5.0, "role": "use", "group": "g", "source_id": "s1"}
        ],
        figures=[
            claim("f1", 5),
            claim("f2", 5, measure="occupancy_pct", unit="pct", basis="whole"),
            claim("f3", 5, "2023", measure="occupancy_pct", unit="pct", basis="whole"),
            claim("f4", 5, measure="fdi_new_usd_m"),
        ],
    )
    zones = ["kcn-a", "kcn-b"]
    drawn = [
        charts.investment_cumulative("kcn-a", YEAR, "vi"),
        charts.investment_new("kcn-a", YEAR, "vi"),
        charts.investment_by_zone(zones, "kcn-a", YEAR, "vi"),
        charts.occupancy_by_zone(zones, "kcn-a", YEAR, "vi"),
        charts.occupancy_over_time("kcn-a", YEAR, "vi"),
        charts.occupancy_over_time("kcn-b", YEAR, "vi", neighbours=["kcn-a"]),
        charts.landuse_structure("kcn-a", YEAR, "vi"),
        charts.projects_by_sector("kcn-a", YEAR, "vi"),
        charts.comparison(zones, "fdi_registered_usd_m", YEAR, "vi"),
    ]
    for chart in drawn:
        assert not chart.empty
        shown = {**chart.figure.to_dict()}
        for trace in shown["data"]:
            trace.pop("customdata")  # ids, never shown
        assert "<img" not in str(shown)


def test_a_chart_is_kept_until_the_data_change(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 500)])
    first = charts.occupancy_by_zone(["kcn-a"], None, YEAR, "en")
    assert charts.occupancy_by_zone(["kcn-a"], None, YEAR, "en") is first
    assert charts.occupancy_by_zone(["kcn-a"], None, YEAR, "vi") is not first
    use(monkeypatch, figures=[claim("f1", 500)])
    assert charts.occupancy_by_zone(["kcn-a"], None, YEAR, "en") is not first


def test_an_empty_chart_says_so():
    chart = frame.empty("Occupancy", "en")
    assert chart.empty
    assert chart.figure.layout.annotations[0].text == "no data"
    assert chart.alt == "Occupancy: no data"
    assert isinstance(chart.table, pd.DataFrame)


def test_large_money_is_drawn_in_the_next_larger_unit():
    assert frame.scale("usd_m", 999, "en") == (1, "USD million")
    assert frame.scale("usd_m", 3000, "en") == (1000, "USD billion")
    assert frame.scale("vnd_bn", 63000, "en") == (1, "VND billion")
    assert frame.scale("vnd_bn", 160000, "vi") == (1000, "nghìn tỷ đồng")
    assert frame.scale("ha", 99999, "en") == (1, "ha")


def test_time_axis_labels_years_under_their_middle(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 1, "2003"), claim("f2", 1, "2024-06-30"), claim("f3", 1, "2024-01")])
    points = [figures.book().figures[each] for each in ("f1", "f2", "f3")]
    axis = frame.time_axis(points)
    assert len(axis["tickvals"]) <= 9
    assert axis["ticktext"][-1] == "2024"
    assert axis["tickvals"][-1] == 2024.5
    assert frame.moment(points[0]) == 2003.5
    assert frame.moment(points[1]) == pytest.approx(2024.5, abs=0.01)
    short = frame.time_axis(points[1:])
    assert short["range"][1] - short["range"][0] > frame.FEWEST_YEARS
    assert short["ticktext"] == ["2024"]


def test_a_wrong_century_stretches_the_axis_and_breaks_nothing(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 1, "0205"), claim("f2", 1, "2024")])
    axis = frame.time_axis(figures.book().figures.values())
    assert 2 <= len(axis["tickvals"]) <= 9
    assert axis["ticktext"][-1] == "2024"
    assert not charts.investment_cumulative("kcn-a", YEAR, "en").empty


def test_a_long_legend_makes_the_chart_higher():
    assert frame.legend_height(["short"]) == 0
    assert frame.legend_height(["a rather long name of a line"] * 4) > frame.legend_height(["short"] * 4)


def test_only_charts_of_zones_promise_a_choice():
    assert charts.ranking_investment(2026, "en").figure.layout.clickmode == "event"
    assert charts.start_2021("en").figure.layout.clickmode == "none"
    assert charts.projects_by_sector("province", 2026, "en").figure.layout.clickmode == "none"


def test_uses_of_one_official_colour_are_told_apart_by_their_code():
    chart = charts.landuse_structure("kcn-texhong-hai-ha", 2026, "en")
    assert {"SKK", "DKV"} <= set(chart.table["Code"])
    assert any("SKK" in note.text for note in chart.figure.layout.annotations)
