from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from qn_geo import figures
from qn_geo.errors import DataFileError
from qn_geo.figures import claims
from tests.small_figures import TABLES, claim, use

FDI = "fdi_registered_usd_m"
RATE = {"measure": "occupancy_pct", "unit": "pct"}


def best_id(*args, **kwargs):
    found = figures.best(*args, **kwargs)
    return found and found.figure_id


def ids(found):
    return [figure.figure_id for figure in found]


# The rule that picks among contradicting claims


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        pytest.param([claim("f1", 1, "2023"), claim("f2", 2, "2024")], "f2", id="newest year"),
        pytest.param([claim("f1", 1, "2024-03"), claim("f2", 2, "2024-11")], "f2", id="newest month"),
        pytest.param([claim("f1", 1, "2024-11"), claim("f2", 2, "2024")], "f2", id="a bare year is its last day"),
        pytest.param([claim("f1", 1, "2024"), claim("f2", 2, "2025-01-01")], "f2", id="day after the bare year"),
        pytest.param([claim("f1", 5, "2024"), claim("f2", 5, "2024-11")], "f2", id="a bare year that only repeats"),
        pytest.param(
            [claim("f1", 1, **{"class": "reported"}), claim("f2", 2, **{"class": "official"})], "f2", id="class"
        ),
        pytest.param(
            [claim("f1", 1, "2025"), claim("f2", 2, "2024", **{"class": "official"})], "f1", id="date before class"
        ),
        pytest.param([claim("f1", 1), claim("f2", 2, source_id="s2")], "f2", id="newer document"),
        pytest.param([claim("f1", 1, source_id="s3"), claim("f2", 2)], "f2", id="an undated document is the oldest"),
        pytest.param([claim("f2", 1), claim("f1", 2)], "f1", id="smaller id"),
        pytest.param([claim("f1", 1, ""), claim("f2", 2, "2001")], "f2", id="undated claims come last"),
        pytest.param(
            [claim("f1", 1, "2024", **RATE), claim("f2", 1, "2024-11", **RATE, basis="phase")],
            "f2",
            id="another basis repeats nothing",
        ),
    ],
)
def test_which_claim_is_shown(monkeypatch, rows, expected):
    use(monkeypatch, figures=rows)
    assert best_id("kcn-a", rows[0]["measure"]) == expected


def test_a_basis_is_chosen_before_a_claim(monkeypatch):
    rows = [
        claim("f1", 90, "2024-12-31", **RATE, basis="phase", **{"class": "official"}),
        claim("f2", 40, "2024-02", **RATE, basis="industrial"),
        claim("f3", 99, "2021", **RATE, basis="leasable"),
    ]
    use(monkeypatch, figures=rows)
    assert best_id("kcn-a", "occupancy_pct") == "f2"  # same year as f1, and industrial land tells more than a phase
    assert best_id("kcn-a", "occupancy_pct", basis="phase") == "f1"
    assert best_id("kcn-a", "occupancy_pct", 2022) == "f3"
    assert best_id("kcn-a", "occupancy_pct", basis="whole") is None


def test_a_year_hides_what_came_later(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 1, "2020-06"), claim("f2", 2, "2024")])
    assert [best_id("kcn-a", FDI, year) for year in (2019, 2020, 2023, 2024, 2040)] == [None, "f1", "f1", "f2", "f2"]


def test_an_undated_claim_counts_from_the_year_of_its_document(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 1, ""), claim("f2", 2, "", source_id="s3", zone_id="kcn-b")])
    assert [best_id("kcn-a", FDI, year) for year in (2023, 2024)] == [None, "f1"]
    assert best_id("kcn-b", FDI, 2040) is None
    assert best_id("kcn-b", FDI) == "f2"


def test_a_plan_looks_ahead(monkeypatch):
    plans = [claim(f"f{year}", year, str(year), kind="plan", precision="horizon") for year in (2020, 2030, 2040)]
    use(monkeypatch, figures=plans)
    chosen = [best_id("kcn-a", FDI, year, kind="plan") for year in (2015, 2026, 2030, 2031, 2050, None)]
    assert chosen == ["f2020", "f2030", "f2030", "f2040", "f2040", "f2040"]
    assert best_id("kcn-a", FDI) is None  # a plan is no fact


def test_the_other_claims_are_one_click_away(monkeypatch):
    rows = [
        claim("f1", 70, "2024", **RATE, basis="leasable"),
        claim("f2", 60, "2024", **RATE, basis="whole"),
        claim("f3", 71, "2024", **RATE, basis="leasable", source_id="s3"),
        claim("f4", 30, "2022", **RATE, basis="leasable"),
        claim("f5", 99, "2024", kind="target", **RATE, basis="leasable"),
    ]
    use(monkeypatch, figures=rows)
    assert ids(figures.alternatives(figures.best("kcn-a", "occupancy_pct"))) == ["f3", "f2", "f4"]


def test_a_claim_that_only_repeats_is_no_alternative(monkeypatch):
    same = {"url": "https://one.example", "title": "First", "date": "2024-05", "tier": "press"}
    rows = [
        claim("f1", 70, **RATE, basis="leasable"),
        claim("f2", 70, **RATE, basis="leasable"),
        claim("f3", 70, **RATE, basis="leasable", source_id="s1-again"),
        claim("f4", 70, **RATE, basis="leasable", source_id="s3"),  # another document says so too
        claim("f5", 70, **RATE, basis="whole"),
        claim("f6", 70, **RATE, basis="leasable", value_max=80.0),
        claim("f7", 60, "2022", **RATE, basis="leasable"),
        claim("f8", 60, "2022", **RATE, basis="leasable", source_id="s1-again"),
    ]
    use(monkeypatch, figures=rows, sources=[*TABLES["sources"], same | {"source_id": "s1-again"}])
    assert ids(figures.alternatives(figures.book().figures["f1"])) == ["f6", "f4", "f5", "f7"]


ANY_CLAIMS = st.lists(
    st.tuples(
        st.sampled_from(["", "2019", "2023", "2024", "2024-01", "2024-12", "2024-12-31", "2025-02-28"]),
        st.sampled_from(claims.CLASSES),
        st.sampled_from(["s1", "s2", "s3"]),
        st.sampled_from(["leasable", "whole", "unstated", ""]),
        st.integers(1, 3),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(found=ANY_CLAIMS, seed=st.integers(0, 5), year=st.sampled_from([None, 2022, 2024]))
def test_the_order_of_the_file_never_matters(monkeypatch, found, seed, year):
    rows = [
        claim(f"f{place}", value, period, **RATE, basis=basis, source_id=source, **{"class": klass})
        for place, (period, klass, source, basis, value) in enumerate(found)
    ]
    use(monkeypatch, figures=rows)
    before = best_id("kcn-a", "occupancy_pct", year), ids(figures.series("kcn-a", "occupancy_pct", year))
    random.Random(seed).shuffle(rows)  # noqa: S311 - not a secret
    use(monkeypatch, figures=rows)
    assert before == (best_id("kcn-a", "occupancy_pct", year), ids(figures.series("kcn-a", "occupancy_pct", year)))
    points = figures.series("kcn-a", "occupancy_pct", year)
    dates = [point.sort_date for point in points]
    assert dates == sorted(set(dates))
    assert len({point.basis for point in points}) <= 1
    assert all(year is None or point.year <= year for point in points)


# Series, rankings, profiles


def test_series_has_one_point_a_period_and_never_mixes_bases(monkeypatch):
    rows = [
        claim("f1", 40, "2022", **RATE, basis="leasable"),
        claim("f2", 41, "2022", **RATE, basis="leasable", source_id="s3"),
        claim("f3", 50, "2024", **RATE, basis="leasable"),
        claim("f4", 50, "2024-11", **RATE, basis="leasable"),
        claim("f5", 99, "2023", **RATE, basis="phase"),
        claim("f6", 99, "", **RATE, basis="whole"),
    ]
    use(monkeypatch, figures=rows)
    assert ids(figures.series("kcn-a", "occupancy_pct")) == ["f1", "f4"]
    assert ids(figures.series("kcn-a", "occupancy_pct", basis="phase")) == ["f5"]
    split = figures.series_by_basis("kcn-a", "occupancy_pct")
    assert {basis: ids(points) for basis, points in split.items()} == {"leasable": ["f1", "f4"], "phase": ["f5"]}
    assert figures.series("kcn-b", "occupancy_pct") == []


def test_ranking(monkeypatch):
    rows = [
        claim("f1", 5),
        claim("f2", 9, zone_id="kcn-b"),
        claim("f3", 7, zone_id="kkt-k"),
        claim("f4", 8, zone_id="province"),
    ]
    use(monkeypatch, figures=rows)
    assert ids(figures.ranking(FDI)) == ["f2", "f3", "f1"]
    assert ids(figures.ranking(FDI, kinds=["KCN"])) == ["f2", "f1"]
    assert ids(figures.ranking(FDI, zone_ids=["kcn-a", "ccn-c"])) == ["f1"]
    assert figures.ranking(FDI, 2020) == []


def test_targets_stand_beside_what_happened(monkeypatch):
    rows = [
        claim("f1", 1, "2022"),
        claim("f2", 2, "2024"),
        claim("f3", 9, "2030", kind="plan"),
        claim("f4", 5, "2025", kind="target"),
    ]
    use(monkeypatch, figures=rows)
    outlook = figures.targets("kcn-a", FDI, 2023)
    assert (ids(outlook.actual), ids(outlook.ahead)) == (["f1"], ["f4", "f3"])


def test_headline_of_the_city_takes_the_newest_scope(monkeypatch):
    rows = [
        claim("f1", 85, "2021-10-12", measure="fdi_projects", unit="projects", zone_id="group-kkt-kcn"),
        claim("f2", 139, "2025-09", measure="fdi_projects", unit="projects", zone_id="group-kcn"),
    ]
    use(monkeypatch, figures=rows)
    cards = {card["measure"]: card["figure"] for card in figures.headline("province", 2026)}
    assert cards["fdi_projects"].figure_id == "f2"
    assert cards["kkt_count"] is None
    earlier = {card["measure"]: card["figure"] for card in figures.headline("province", 2022)}
    assert earlier["fdi_projects"].figure_id == "f1"


def test_headline_and_gaps_of_a_zone(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 5, measure="investment_registered_usd_m")])
    cards = {card["measure"]: card["figure"] for card in figures.headline("kcn-a", 2026)}
    assert cards["area_ha"].value == 100  # the table of zones says so
    assert cards["investment_registered_usd_m"].figure_id == "f1"
    assert cards["occupancy_pct"] is None
    gaps = figures.missing("kcn-a", 2026)
    assert "occupancy_pct" in gaps
    assert not {"area_ha", FDI, "investment_registered_usd_m"} & set(gaps)  # capital is known in one form
    assert FDI in figures.missing("kcn-a", 2020)
    assert figures.missing("kcn-b")[0] == "area_ha"


def test_new_investment_drops_a_part_year_once_the_year_is_known(monkeypatch):
    new, part = {"measure": "fdi_new_usd_m"}, {"measure": "fdi_new_ytd_usd_m"}
    rows = [
        claim("f1", 10, "2023", **new),
        claim("f2", 8, "2023-09", **part),
        claim("f3", 4, "2024-06", **part),
        claim("f4", 6, "2024-09", **part),
    ]
    use(monkeypatch, figures=rows)
    drawn = figures.new_investment("kcn-a")
    assert (ids(drawn.fdi), ids(drawn.fdi_ytd)) == (["f1"], ["f4"])
    assert not drawn.empty
    assert figures.new_investment("kcn-b").empty


# Versions and damage


def test_new_data_give_new_answers_and_a_block_keeps_its_own(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 1)])
    assert figures.best("kcn-a", FDI).value == 1
    with figures.pinned():
        use(monkeypatch, figures=[claim("f1", 2)])
        assert figures.best("kcn-a", FDI).value == 1
    assert figures.best("kcn-a", FDI).value == 2


def test_a_missing_table_takes_along_only_what_needs_it(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 1)], projects=None, landuse=None)
    assert figures.best("kcn-a", FDI).value == 1
    with pytest.raises(DataFileError, match=r"projects\.csv"):
        figures.known_capital("kcn-a", "usd")
    with pytest.raises(DataFileError, match=r"landuse\.csv"):
        figures.landuse("kcn-a")


def test_a_measure_without_its_row_is_called_by_its_id(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 1, measure="unheard_of")])
    told = figures.explain(figures.best("kcn-a", "unheard_of"), "vi")
    assert (told["measure"], told["definition"]) == ("unheard_of", "")


def test_an_endless_number_is_refused_with_its_file(data_copy):
    path = data_copy / "zones" / "projects.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = lines[0].split(",")
    capital = cells.index("capital_usd_m")
    row = ["p-inf", "x", "x", "kcn-song-khoai"] + [""] * (len(cells) - 4)
    row[capital], row[cells.index("counted")], row[cells.index("source_id")] = "inf", "yes", "own"
    path.write_text("\n".join([*lines, ",".join(row), ""]), encoding="utf-8")
    with pytest.raises(DataFileError, match=r"projects\.csv.*column capital_usd_m"):
        figures.known_capital("kcn-song-khoai", "usd")


# The data of the product


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_every_published_figure_explains_itself(lang):
    for figure in figures.book().figures.values():
        told = figures.explain(figure, lang)
        assert told["document"], figure.figure_id
        assert told["measure"] != figure.measure
        assert told["definition"]
        assert told["zone"] != figure.zone_id, figure.zone_id


def test_every_place_has_a_profile():
    places = [
        "province",
        *figures.book().zones,
        *(f"area-{slug}" for slug in ("mong-cai", "van-don", "quang-yen", "hai-ha")),
    ]
    for place in places:
        cards = figures.headline(place, 2026)
        assert cards
        for card in cards:
            assert figures.measure_name(card["measure"], "vi")
    known = {card["measure"]: card["figure"] for card in figures.headline("province", 2026)}
    assert all(known.values())


@pytest.mark.parametrize(("lang", "count"), [("vi", "139"), ("en", "139")])
def test_beside_its_name_a_count_is_a_bare_number(lang, count):
    point = figures.best("group-kcn", "fdi_projects", 2026)
    assert figures.bare_text(point, lang) == figures.explain(point, lang)["value"] == count
    assert figures.value_text(point, lang) != count


def test_a_name_leaves_the_currency_to_the_value():
    assert figures.bare_name("investment_registered_usd_m", "vi") == "Tổng vốn đầu tư đăng ký"
    assert figures.measure_name("investment_registered_usd_m", "vi") == "Tổng vốn đầu tư đăng ký (USD)"
    assert figures.bare_name("occupancy_pct", "en") == "Occupancy"


@pytest.mark.parametrize(
    ("zone_id", "vi", "en"),
    [
        ("kkt-mong-cai", "KKT Móng Cái", "Móng Cái EZ"),
        ("kkt-quang-yen", "KKT Quảng Yên", "Quảng Yên EZ"),
        ("kcn-cang-bien-hai-ha", "KCN Cảng biển Hải Hà", "Hải Hà Seaport IP"),
        ("ccn-luc-lam-1", "CCN số 1 phía nam sông Lục Lầm", "IC no. 1 south of the Lục Lầm river"),
    ],
)
def test_a_zone_has_one_short_name(zone_id, vi, en):
    assert (figures.short_name(zone_id, "vi"), figures.short_name(zone_id, "en")) == (vi, en)
