from __future__ import annotations

from qn_geo import figures, horizons


def test_years_run_on_without_a_gap_and_then_by_horizons():
    assert list(horizons.ACTUAL_YEARS) == list(range(horizons.ACTUAL_YEARS[0], horizons.THIS_YEAR + 1))
    assert list(horizons.YEARS) == sorted(set(horizons.YEARS))


def test_only_horizons_look_ahead():
    assert [year for year in horizons.YEARS if horizons.ahead(year)] == list(horizons.HORIZONS)


def test_the_newest_actual_figure_is_within_reach():
    newest = max(figure.year or 0 for figure in figures.book().figures.values() if figure.kind == "actual")
    assert newest == horizons.THIS_YEAR


def test_a_year_is_named_as_what_it_is():
    assert horizons.year_name(2030, "vi") == "quy hoạch đến 2030"
    assert horizons.year_name(2024, "en") == "year 2024"
