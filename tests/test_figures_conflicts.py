"""Figures that disagree, and rules that several views share."""

from __future__ import annotations

from qn_geo import figures
from tests.small_figures import TABLES, claim, project, use, zone

FDI = "fdi_registered_usd_m"


def test_a_part_larger_than_the_whole_is_told(monkeypatch):
    rows = [
        claim("f1", 100, "2022", zone_id="kkt-k"),
        claim("f2", 90, "2023", zone_id="kcn-b"),
        claim("f3", 300, "2024"),
        claim("f4", 200, "2022", zone_id="area-quang-yen"),
        claim("f5", 5, "2022", zone_id="kkt-k", measure="fdi_new_usd_m"),
        claim("f6", 50, "2022", measure="fdi_new_usd_m"),
    ]
    use(monkeypatch, figures=rows)
    told = {name: figures.larger_inside(figure, 2026) for name, figure in figures.book().figures.items()}
    assert {name: part.figure_id for name, part in told.items() if part} == {"f1": "f3", "f4": "f3"}
    assert figures.larger_inside(figures.book().figures["f1"], 2023) is None  # not yet known


def test_a_zone_that_reaches_into_another_area_is_no_part_of_one(monkeypatch):
    far = [*TABLES["zones"], zone("kcn-far", "Xa", "kkt-k", area="hai-ha")]
    use(monkeypatch, zones=far, figures=[claim("f1", 9, zone_id="kkt-k"), claim("f2", 1, zone_id="area-quang-yen")])
    assert figures.larger_inside(figures.book().figures["f2"]) is None


def test_capital_reckoned_in_two_ways_is_told(monkeypatch):
    known = [project("p1", "kcn-a", capital_usd_m=10.0), project("p2", "kcn-a", capital_usd_m=90.0)]
    bound = claim("f2", 372, "2023", zone_id="kcn-b", measure="fdi_registered_known_usd_m")
    rows = [claim("f1", 300), bound, claim("f3", 7, measure="population", unit="persons")]
    use(monkeypatch, figures=rows, projects=[*known, project("p3", "kcn-b", capital_usd_m=312.0)])
    published, other = figures.book().figures["f1"], figures.book().figures["f3"]
    assert figures.reckoning(published, 2026, "en").startswith("The known projects that state their capital (2) add up")
    assert "100" in figures.reckoning(published, 2026, "en")
    assert figures.reckoning(figures.known_capital("kcn-b", "usd"), 2026, "en").endswith("372 m (2023).")
    assert figures.reckoning(other, 2026, "en") == ""


def test_capital_reckoned_alike_needs_no_word(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 100)], projects=[project("p1", "kcn-a", capital_usd_m=100.0)])
    assert figures.reckoning(figures.book().figures["f1"], 2026, "en") == ""
    use(monkeypatch, figures=[], projects=[project("p1", "kcn-a", capital_usd_m=100.0)])
    assert figures.reckoning(figures.known_capital("kcn-a", "usd"), 2026, "en") == ""


def test_registered_capital_is_the_newest_published_or_our_sum(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 5, zone_id="kkt-k")])
    assert figures.registered("kkt-k", "usd", 2026).figure_id == "f1"
    ours = figures.registered("kcn-a", "usd", 2026)
    assert (ours.measure, ours.klass) == ("projects_capital_usd_m", "derived")
    cards = {card["measure"]: card["figure"] for card in figures.headline("kcn-a", 2026)}
    assert cards["projects_capital_usd_m"].value == ours.value  # cards, charts and table tell one story


def test_of_target_and_plan_for_a_year_the_stronger_document_speaks(monkeypatch):
    rows = [
        claim("f1", 19, "2030", kind="plan", source_id="s1"),
        claim("f2", 20, "2030", kind="target", source_id="s2"),
    ]
    use(monkeypatch, figures=rows)
    assert [goal.figure_id for goal in figures.goals("kcn-a", FDI, 2026)] == ["f2", "f1"]
    assert [goal.figure_id for goal in figures.outlook_of(["kcn-a"], 2030)] == ["f2"]
    assert [other.figure_id for other in figures.alternatives(figures.book().figures["f2"])] == ["f1"]
