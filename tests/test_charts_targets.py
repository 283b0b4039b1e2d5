"""Charts against targets and against the meeting's starting point, by data small enough to know the answer."""

from __future__ import annotations

import pytest

from qn_geo import charts
from tests.small_figures import TABLES, claim, measure, use

YEAR = 2026


def bars(chart):
    return next(trace for trace in chart.figure.data if trace.type == "bar")


def clicked(trace):
    return [row[0] for row in trace.customdata]


def city(figure_id, value, period, **more):
    own = {"zone_id": "province", "measure": "ccn_count", "unit": "clusters"}
    return claim(figure_id, value, period, **(own | more))


CITY_MEASURES = [*TABLES["measures"], measure("ccn_count", "clusters", "stock"), measure("drawn", "usd_m", "new")]


def test_targets_still_ahead_and_passed(monkeypatch):
    rows = [
        city("f1", 9, "2023"),
        city("f2", 12, "2025"),
        city("f3", 36, "2030", kind="plan"),
        city("f4", 100, "2024", measure="drawn", kind="target", unit="usd_m"),
        city("f5", 90, "2024", measure="drawn", unit="usd_m"),
        city("f6", 500, "2025", measure="drawn", unit="usd_m"),
    ]
    use(monkeypatch, figures=rows, measures=CITY_MEASURES)
    chart = charts.actual_vs_target(YEAR, "en", ["ccn_count", "drawn", "population"])
    assert clicked(bars(chart)) == ["f2", "f5"]  # the newest against the plan, 2024 against the target of 2024
    assert list(bars(chart).x) == [pytest.approx(100 / 3), 90]
    assert chart.title == "2 targets for 2024–2030: 33% to 90% reached"
    assert len(chart.figure.layout.shapes) == 2
    assert clicked(bars(charts.actual_vs_target(2023, "en", ["ccn_count"]))) == ["f1"]


def test_a_plan_horizon_shows_only_targets_for_it_and_beyond(monkeypatch):
    rows = [
        city("f1", 9, "2023"),
        city("f2", 36, "2030", kind="plan"),
        city("f3", 45, "2050", kind="plan"),
        city("f4", 100, "2030", measure="drawn", kind="target", unit="usd_m"),
        city("f5", 90, "2024", measure="drawn", unit="usd_m"),
    ]
    use(monkeypatch, figures=rows, measures=CITY_MEASURES)
    near, far = (charts.actual_vs_target(year, "en", ["ccn_count", "drawn"]) for year in (2030, 2035))
    assert near.title == "2 targets for 2030: 25% to 90% reached"  # nothing ahead has passed: 2024 against 2030
    assert far.title == "The target for 2050: 20% reached"
    assert far.sources == near.sources


def test_a_passed_target_of_a_yearly_flow_needs_that_very_year(monkeypatch):
    rows = [
        city("f1", 100, "2024", measure="drawn", kind="target", unit="usd_m"),
        city("f2", 90, "2023", measure="drawn", unit="usd_m"),
    ]
    use(monkeypatch, figures=rows, measures=CITY_MEASURES)
    assert charts.actual_vs_target(YEAR, "en", ["drawn"]).empty


def test_starting_point_against_now(monkeypatch):
    meeting = {"source_id": "meeting-2021-10-12", "class": "official"}
    rows = [
        city("f1", 7, "2021-10-12", **meeting),
        city("f2", 13, "2025-07"),
        city("f3", 85, "2021-10-12", measure="fdi_projects", unit="projects", zone_id="group-kkt-kcn", **meeting),
        city("f4", 99, "2025", measure="fdi_projects", unit="projects", zone_id="group-kcn"),
    ]
    use(
        monkeypatch,
        figures=rows,
        measures=CITY_MEASURES,
        sources=[*TABLES["sources"], {"source_id": "meeting-2021-10-12", "title": "Meeting", "date": "2021-10-12"}],
    )
    chart = charts.start_2021("en")
    assert chart.title == "Since 12 October 2021: ccn_count 7 → 13"
    assert clicked(bars(chart)) == ["f2"]
    gap = next(trace for trace in chart.figure.data if trace.type == "scatter")
    assert clicked(gap) == ["f3"]  # the newer figure is about another group of zones
    assert list(chart.table["Newest figure"]) == ["13 (Jul 2025)", "no data"]
