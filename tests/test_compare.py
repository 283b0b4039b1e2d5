from __future__ import annotations

import pytest

from qn_geo import compare, figures
from qn_geo.errors import QnGeoError
from tests.small_figures import claim, use

RATE = {"measure": "occupancy_pct", "unit": "pct"}


def by_label(rows):
    return {row.label: row for row in rows}


def values(row):
    return {zone_id: value and value.value for zone_id, value in row.values.items()}


def test_every_measure_that_one_of_them_has(monkeypatch):
    rows = [claim("f1", 5), claim("f2", 9, zone_id="kcn-b"), claim("f3", 3, measure="projects_total", unit="projects")]
    use(monkeypatch, figures=rows)
    found = by_label(compare.comparable(["kcn-a", "kcn-b"], 2026, "en"))
    assert values(found["Registered capital"]) == {"kcn-a": 5, "kcn-b": 9}
    assert found["Registered capital"].texts["kcn-a"] == "USD 5 m (2024) · fdi_registered_usd_m"
    assert "fdi_registered_usd_m" not in found  # the leading row has said it
    assert values(found["projects_total"]) == {"kcn-a": 3, "kcn-b": None}
    assert not found["projects_total"].shared
    assert found["projects_total"].texts == {"kcn-a": "3 (2024)", "kcn-b": "no data"}
    assert "population" not in found  # none of them has it
    assert found["Legal basis"].texts["kcn-a"] == "1/QĐ"
    assert values(found["area_ha"]) == {"kcn-a": 100, "kcn-b": None}
    assert values(found["Known projects"]) == {"kcn-a": 3, "kcn-b": 1}
    assert values(found["Capital of known projects, USD"]) == {"kcn-a": 150, "kcn-b": 7}


def test_another_basis_gets_its_own_row(monkeypatch):
    rows = [
        claim("f1", 50, **RATE, basis="leasable"),
        claim("f2", 90, **RATE, basis="phase"),
        claim("f3", 60, **RATE, basis="leasable", zone_id="kcn-b"),
    ]
    use(monkeypatch, figures=rows)
    found = [row for row in compare.comparable(["kcn-a", "kcn-b"], 2026, "en") if row.measure == "occupancy_pct"]
    assert found[0].texts == {"kcn-a": "50% (2024) · over leasable land", "kcn-b": "60% (2024) · over leasable land"}
    assert [row.label for row in found] == [
        "occupancy_pct",  # over leasable land for all: no second row says the same
        "occupancy_pct, over one phase only",
    ]
    assert [values(row) for row in found] == [{"kcn-a": 50, "kcn-b": 60}, {"kcn-a": 90, "kcn-b": None}]


def test_what_leaders_ask_stands_first_known_or_not(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 40, **RATE, basis="phase"), claim("f2", 60, **RATE, zone_id="kcn-b")])
    first = compare.comparable(["kcn-a", "ccn-c"], 2026, "en")[:4]
    assert [row.label for row in first] == ["area_ha", "leasable_land_ha", "occupancy_pct", "Registered capital"]
    assert all(row.shared for row in first)
    assert first[1].texts["ccn-c"] == "no data"
    assert first[2].texts == {"kcn-a": "40% (2024) · over one phase only", "ccn-c": "no data"}
    assert first[3].texts["kcn-a"].endswith("Capital of known projects, USD")  # a lower bound, and called so


def test_another_unit_gets_its_own_row(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 5), claim("f2", 9, zone_id="kcn-b", unit="vnd_bn")])
    rows = compare.comparable(["kcn-a", "kcn-b"], 2026, "en")
    found = [row for row in rows if row.measure == "fdi_registered_usd_m"]
    assert [(row.unit, values(row)) for row in found] == [
        ("usd_m", {"kcn-a": 5, "kcn-b": None}),
        ("vnd_bn", {"kcn-a": None, "kcn-b": 9}),
    ]


def test_plans_are_compared_year_by_year(monkeypatch):
    plan = {"measure": "population", "unit": "persons", "kind": "plan", "precision": "horizon"}
    rows = [
        claim("f1", 100, "2030", **plan),
        claim("f2", 200, "2030", **plan, zone_id="kcn-b"),
        claim("f3", 300, "2040", **plan),
        claim("f4", 300, "2025", **plan, zone_id="kcn-b"),
    ]
    use(monkeypatch, figures=rows)
    found = [row for row in compare.comparable(["kcn-a", "kcn-b"], 2026, "en") if row.measure == "population"]
    assert [(row.label, values(row)) for row in found] == [("population, plan 2030", {"kcn-a": 100, "kcn-b": 200})]


def test_a_year_hides_what_came_later(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 5, "2020"), claim("f2", 9, "2024")])
    found = by_label(compare.comparable(["kcn-a", "kcn-b"], 2021, "en"))
    assert values(found["Registered capital"]) == {"kcn-a": 5, "kcn-b": None}
    assert values(found["Known projects"])["kcn-b"] is None


@pytest.mark.parametrize(
    ("zones", "complaint"),
    [
        (["kcn-a"], "Choose 2 to 4 zones"),
        (["kcn-a", "kcn-a"], "1 chosen"),
        (["kcn-a", "kcn-b", "kcn-b1", "ccn-c", "kkt-k"], "5 chosen"),
        (["kcn-a", "province"], "no zone named province"),
    ],
)
def test_what_cannot_be_compared(monkeypatch, zones, complaint):
    use(monkeypatch)
    with pytest.raises(QnGeoError, match=complaint):
        compare.comparable(zones, 2026, "en")


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_zones_of_the_product(lang):
    zones = ["kkt-mong-cai", "kkt-van-don", "kkt-quang-yen", "kcn-song-khoai"]
    rows = compare.comparable(zones, 2026, lang)
    assert any(row.shared for row in rows)
    for row in rows:
        assert list(row.texts) == zones
        assert row.measure == "legal_basis" or row.leading or any(row.values.values())
        for value in filter(None, row.values.values()):
            assert row.leading or (value.unit, value.basis) == (row.unit, row.basis)
            assert figures.explain(value, lang)["document"]
