"""What each chart shows, by data small enough to know the answer."""

from __future__ import annotations

import pytest

from qn_geo import charts
from qn_geo.style import ACCENT, MUTED
from tests.small_figures import TABLES, claim, project, use, zone

YEAR = 2026
RATE = {"measure": "occupancy_pct", "unit": "pct"}
DONG = {"measure": "domestic_registered_vnd_bn", "unit": "vnd_bn"}
FDI = "fdi_registered_usd_m"


def bars(chart):
    return next(trace for trace in chart.figure.data if trace.type == "bar")


def clicked(trace):
    return [row[0] for row in trace.customdata]


def test_currencies_never_share_an_axis(monkeypatch):
    rows = [claim(f"f{year}", year * 2, str(year)) for year in (2022, 2023)]
    rows += [claim(f"d{year}", year * 10, str(year), **DONG) for year in (2022, 2023)]
    use(monkeypatch, figures=rows)
    figure = charts.investment_cumulative("kcn-a", YEAR, "en").figure
    axes = {trace.yaxis for trace in figure.data}
    assert axes == {"y", "y2"}
    assert (figure.layout.yaxis.title.text, figure.layout.yaxis2.title.text) == ("USD billion", "VND billion")
    assert figure.layout.yaxis.domain[0] > figure.layout.yaxis2.domain[1]


def test_a_published_series_needs_no_help_from_projects(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 500, "2022"), claim("f2", 1500, "2024")])
    chart = charts.investment_cumulative("kcn-a", YEAR, "en")
    assert [trace.name for trace in chart.figure.data] == [FDI]
    assert chart.title == "fdi_registered_usd_m: USD 1.5 bn (2024), 3 times 2022"
    assert chart.note is None


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        (claim("f1", 100, "2013"), claim("f2", 2000, "2024"), True),
        (claim("f1", 100, "2013"), claim("f2", 2100, "2024"), False),  # from nearly nothing
        (claim("f1", 100, "2013"), claim("f2", 199, "2024"), False),
        (claim("f1", 100, "2013", **{"class": "estimated"}), claim("f2", 500, "2024"), False),
        (claim("f1", 100, "2013"), claim("f2", 500, "2024", **{"class": "derived"}), False),
    ],
)
def test_only_published_growth_makes_a_headline(monkeypatch, first, last, told):
    use(monkeypatch, figures=[first, last])
    assert ("times 2013" in charts.investment_cumulative("kcn-a", YEAR, "en").title) is told


def test_a_lower_bound_does_not_grow(monkeypatch):
    projects = [project("p1", "kcn-a", capital_usd_m=10.0), project("p2", "kcn-a", capital_usd_m=90.0, year=2024)]
    use(monkeypatch, projects=projects)
    chart = charts.investment_cumulative("kcn-a", YEAR, "en")
    assert chart.title == "Capital of known projects, USD: USD 100 m (2024)"


@pytest.mark.parametrize("rows", [[], [claim("f1", 500, "2022")]])
def test_known_projects_stand_in_dotted_and_hollow(monkeypatch, rows):
    use(monkeypatch, figures=rows)
    chart = charts.investment_cumulative("kcn-a", YEAR, "en")
    stand_in = next(trace for trace in chart.figure.data if trace.name == "Capital of known projects, USD")
    assert list(stand_in.y) == [100, 150]
    assert stand_in.line.dash == "dot"
    assert set(stand_in.marker.color) == {"#ffffff"}
    assert "lower bound" in chart.note


def test_years_before_the_first_figure_are_empty(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 500, "2022")], projects=[])
    assert charts.investment_cumulative("kcn-a", 2021, "en").empty
    assert charts.investment_new("kcn-a", 2021, "en").empty
    assert charts.occupancy_over_time("kcn-a", 2021, "en", neighbours=[]).empty
    assert charts.landuse_structure("kcn-a", YEAR, "en").empty
    assert charts.projects_by_sector("kcn-a", YEAR, "en").empty
    assert charts.comparison(["kcn-a", "kcn-b"], "population", YEAR, "en").empty
    assert charts.city_occupancy(YEAR, "en").empty
    assert charts.start_2021("en").empty
    assert charts.actual_vs_target(YEAR, "en", ["population"]).empty
    assert charts.ranking_occupancy(YEAR, "en").empty
    assert charts.ranking_investment(2021, "en").empty
    assert charts.investment_by_zone(["kcn-b"], None, YEAR, "en").empty
    assert charts.occupancy_by_zone(["kkt-k"], None, YEAR, "en").empty


def test_texts_after_bars_have_the_unit_of_the_axis_and_say_what_they_count(monkeypatch):
    rows = [claim("f1", 3000), claim("f2", 187, zone_id="kcn-b", **{"class": "estimated"})]
    use(monkeypatch, figures=rows)
    chart = charts.investment_by_zone(["kcn-a", "kcn-b", "kkt-k"], None, YEAR, "vi")
    assert chart.figure.layout.xaxis.title.text == "tỷ USD"
    assert list(bars(chart).text) == [
        "3,0 tỷ USD · FDI · 2024",
        "0,19 tỷ USD · FDI · 2024",
        "0,16 tỷ USD · đã biết · 2025",
    ]
    assert "Gạch chéo: số chúng tôi tính, ước tính." in chart.note
    assert "lồng nhau" in chart.note


def test_what_is_hatched_or_hollow_is_explained(monkeypatch):
    ours = {**RATE, "class": "derived"}
    use(monkeypatch, figures=[claim("f1", 40, **ours), claim("f2", 50, "2025", **ours)])
    assert "Hatched: derived by us." in charts.occupancy_by_zone(["kcn-a"], None, YEAR, "en").note
    assert charts.occupancy_over_time("kcn-a", YEAR, "en", neighbours=[]).note == "Hollow marks: derived by us."
    use(monkeypatch, figures=[claim("f1", 40, **RATE)])
    assert "Hatched" not in charts.occupancy_by_zone(["kcn-a"], None, YEAR, "en").note


def test_shares_of_targets_fill_the_axis(monkeypatch):
    rows = [
        claim("f1", 30, "2024", measure="population", unit="persons", zone_id="province"),
        claim("f2", 100, "2030", measure="population", unit="persons", zone_id="province", kind="target"),
    ]
    use(monkeypatch, figures=rows)
    low, high = charts.actual_vs_target(YEAR, "en", ["population"]).figure.layout.xaxis.range
    assert (low, high) == (0, 108)


def test_part_of_a_year_is_hatched(monkeypatch):
    rows = [
        claim("f1", 10, "2023", measure="fdi_new_usd_m"),
        claim("f2", 8, "2024-09", measure="fdi_new_ytd_usd_m"),
    ]
    use(monkeypatch, figures=rows)
    chart = charts.investment_new("kcn-a", YEAR, "en")
    assert list(bars(chart).marker.pattern.shape) == ["", "/"]
    assert list(bars(chart).x) == [2023.5, 2024.5]
    assert "to Sep 2024" in chart.title
    assert chart.note


def test_new_investment_falls_back_to_certificates(monkeypatch):
    use(monkeypatch)
    chart = charts.investment_new("kcn-a", YEAR, "en")
    assert (list(bars(chart).x), list(bars(chart).y)) == ([2022.5, 2023.5], [100, 50])
    assert set(bars(chart).marker.pattern.shape) == {"/"}


def test_zones_by_capital(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 500), claim("f2", 900, zone_id="kkt-k")])
    chart = charts.investment_by_zone(["kcn-a", "kcn-b", "ccn-c", "kkt-k"], "kcn-a", YEAR, "en")
    trace = bars(chart)
    assert clicked(trace) == ["kkt-k", "kcn-a", "kcn-b"]
    assert list(trace.marker.color) == [MUTED, ACCENT, MUTED]
    assert list(trace.marker.pattern.shape) == ["", "", "/"]  # kcn-b: a sum over projects
    gap = next(trace for trace in chart.figure.data if trace.type == "scatter")
    assert (clicked(gap), gap.text[0].strip()) == (["ccn-c"], "no data")
    assert list(chart.table.index) == ["kkt-k", "kcn-a", "kcn-b", "ccn-c"]
    assert "do not add" in chart.note
    assert chart.title == "Registered capital in USD by zone"  # sums and totals together name no first


def test_ranking_counts_the_zones_without_a_figure(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 500)], projects=[])
    chart = charts.ranking_investment(YEAR, "en", "kcn-a")
    assert clicked(bars(chart)) == ["kcn-a"]
    assert chart.title == "Registered capital in USD by zone"
    assert "Zones without a figure in USD: 4" in chart.note


def test_bases_are_told_apart(monkeypatch):
    rows = [
        claim("f1", 40, "2022", **RATE, basis="leasable"),
        claim("f2", 50, "2023", **RATE, basis="leasable"),
        claim("f3", 90, "2023", **RATE, basis="phase"),
        claim("f4", 95, "2023", **RATE, basis="unstated", zone_id="kcn-b"),
        claim("f5", 30, "2023", **RATE, basis="leasable", zone_id="kcn-b1"),
    ]
    use(monkeypatch, figures=rows)
    over_time = charts.occupancy_over_time("kcn-a", YEAR, "en", neighbours=["kcn-b", "kcn-a"]).figure
    own = [trace for trace in over_time.data if trace.showlegend is not False]
    assert [len(trace.x) for trace in own] == [2, 1]
    assert len({trace.line.dash for trace in own}) == 2
    assert len({trace.line.color for trace in own}) == 2
    other = next(trace for trace in over_time.data if trace.showlegend is False)
    assert (clicked(other), other.line.color, other.text[-1]) == (["kcn-b"], MUTED, "Khu công nghiệp B")
    by_zone = charts.occupancy_by_zone(["kcn-b", "kcn-b1", "kcn-a", "ccn-c", "kkt-k"], "kcn-a", YEAR, "en")
    assert clicked(bars(by_zone)) == ["kcn-a", "kcn-b1", "kcn-b"]  # leasable land first, the highest first
    assert list(bars(by_zone).text) == ["50% · leasable · 2023", "30% · leasable · 2023", "95% · base unknown · 2023"]
    assert by_zone.title == "Occupancy is published for 3 of 4 parks and clusters"
    assert charts.ranking_occupancy(YEAR, "en").title == "Occupancy is published for 3 of 4 parks and clusters"


def test_neighbours_without_own_figures(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 40, **RATE, zone_id="kcn-b")])
    chart = charts.occupancy_over_time("kcn-a", YEAR, "en")
    assert chart.title.endswith("no occupancy published")
    assert len(chart.figure.data) == 1


def test_city_occupancy_shows_the_targets(monkeypatch):
    city = {**RATE, "zone_id": "group-kcn", "basis": "unstated"}
    rows = [
        claim("f1", 40, "2022", **city),
        claim("f2", 58, "2025", **city),
        claim("f3", 46, "2023", kind="target", **city),
    ]
    use(monkeypatch, figures=rows)
    chart = charts.city_occupancy(YEAR, "en")
    assert chart.title == "Industrial parks are 58% let (2025)"
    target = chart.figure.data[-1]
    assert (target.mode, list(target.marker.symbol)) == ("markers", ["diamond"])


def use_row(row_id, horizon, name, area, **more):
    row = {"row_id": row_id, "zone_id": "kcn-a", "horizon": horizon, "use_name_vi": name, "use_name_en": name}
    return row | {"area_ha": area, "role": "use", "group": "plan", "source_id": "s1"} | more


def test_land_use_in_official_colours_beside_other_plans(monkeypatch):
    monkeypatch.setattr("qn_geo.landuse.colour", lambda code: f"#{code or 'grey'}")
    rows = [
        use_row("r0", 2030, "All", 99.0, role="total"),
        use_row("r1", 2030, "Roads", 10.0, use_code="DGT"),
        use_row("r2", 2030, "Factories", 30.0),
        use_row("r3", 2040, "Roads", 40.0, use_code="DGT"),
        use_row("r4", 2040, "Land", 900.0, group="land-sea"),
    ]
    use(monkeypatch, landuse=rows)
    chart = charts.landuse_structure("kcn-a", YEAR, "en")
    assert chart.title == "Largest use: Factories, 30 ha (2030)"
    assert clicked(bars(chart)) == ["r1", "r3", "r2"]
    assert list(bars(chart).marker.color) == ["#DGT", "#ffffff", "#grey"]
    assert "another plan" in chart.note
    later = charts.landuse_structure("kcn-a", 2035, "en")
    assert later.title == "Largest use: Roads, 40 ha (2040)"


def test_land_and_sea_are_shown_where_nothing_finer_is_known(monkeypatch):
    monkeypatch.setattr("qn_geo.landuse.colour", lambda _code: "#c9c9c9")
    rows = [use_row("r1", 2040, "Land", 9.0, group="land-sea"), use_row("r2", 2040, "Sea", 5.0, group="land-sea")]
    use(monkeypatch, landuse=rows)
    assert clicked(bars(charts.landuse_structure("kcn-a", YEAR, "en"))) == ["r1", "r2"]


def test_projects_by_sector(monkeypatch):
    use(monkeypatch, projects=[*TABLES["projects"], project("p9", "kcn-a")])
    chart = charts.projects_by_sector("kcn-a", YEAR, "en")
    assert clicked(bars(chart)) == ["textile", "energy"]
    assert list(bars(chart).x) == [3, 1]  # the revoked one is not counted
    assert chart.title == "Known projects: 4, most in Textiles"
    assert chart.table.loc["textile", "Known capital (USD million)"] == "100"


def test_comparison_over_time_or_as_bars(monkeypatch):
    rows = [claim("f1", 5, "2022"), claim("f2", 9, "2024"), claim("f3", 4, "2022", zone_id="kcn-b")]
    use(monkeypatch, figures=rows)
    chart = charts.comparison(["kcn-a", "kcn-b"], FDI, YEAR, "en")
    assert clicked(bars(chart)) == ["kcn-a", "kcn-b"]
    assert chart.title == "fdi_registered_usd_m: highest Khu công nghiệp A, USD 9 m"
    use(monkeypatch, figures=[*rows, claim("f4", 6, "2024", zone_id="kcn-b")])
    lines = charts.comparison(["kcn-a", "kcn-b", "ccn-c"], FDI, YEAR, "en").figure.data
    assert [clicked(trace) for trace in lines] == [["kcn-a", "kcn-a"], ["kcn-b", "kcn-b"]]
    assert lines[0].line.color != lines[1].line.color


def test_among_more_zones_than_colours_none_has_its_own(monkeypatch):
    ids = [f"kcn-{number}" for number in range(7)]
    use(
        monkeypatch,
        zones=[*TABLES["zones"], *(zone(each, each) for each in ids)],
        figures=[claim(f"f{number}", number + 1, "2022", zone_id=each) for number, each in enumerate(ids)],
    )
    for count, colours in ((6, 6), (7, 1)):
        chart = charts.comparison(ids[:count], FDI, YEAR, "en")
        assert len(set(bars(chart).marker.color)) == colours


def test_different_bases_name_no_highest(monkeypatch):
    rows = [claim("f1", 50, **RATE, basis="leasable"), claim("f2", 90, **RATE, basis="phase", zone_id="kcn-b")]
    use(monkeypatch, figures=rows)
    chart = charts.comparison(["kcn-a", "kcn-b"], "occupancy_pct", YEAR, "en")
    assert chart.title == "occupancy_pct"
    assert "cannot be compared" in chart.note
