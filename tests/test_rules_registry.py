from __future__ import annotations

import csv
import io
from datetime import date

import pytest

from qn_geo import rules
from qn_geo.rules.registry import Limit
from qn_geo.schema.words import Severity, values

LAST_DAY, FIRST_DAY = date(2026, 12, 31), date(2027, 1, 1)


def _limit(start="", end=""):
    return Limit("X", "factory", 1.0, "%", None, None, None, "", start, end, "confirmed")


@pytest.mark.parametrize("code", rules.registry())
def test_every_check_is_told_in_plain_words_in_both_languages(code):
    rule = rules.registry()[code]
    for stem in ("title", "explanation", "fix"):
        vi, en = rule.text(stem, "vi"), rule.text(stem, "en")
        assert vi
        assert en
        assert vi != en
    assert rule.severity in values(Severity)
    assert rule.confidence in {"confirmed", "knowledge", "own"}


def test_checks_on_figures_name_their_source_and_their_days():
    for rule in rules.registry().values():
        if rule.limits and rule.code.startswith(("QN-DEN", "QN-PARK")):
            assert "QCVN 01:2021" in rule.legal_source
            assert (rule.effective_from, rule.effective_to) == ("2021-07-05", "2026-12-31")


@pytest.mark.parametrize(
    ("start", "end", "day", "counts"),
    [
        ("", "", "2026-01-01", True),
        ("2026-01-01", "", "2026-01-01", True),
        ("2026-01-02", "", "2026-01-01", False),
        ("", "2026-01-01", "2026-01-01", True),
        ("", "2026-01-01", "2026-01-02", False),
        ("2026", "2026", "2026-12-31", True),
        ("2026", "2026", "2027-01-01", False),
        ("2026", "2026", "2025-12-31", False),
    ],
)
def test_a_figure_counts_from_its_first_day_to_its_last(start, end, day, counts):
    assert _limit(start, end).in_force(date.fromisoformat(day)) == counts


def test_the_figures_of_the_planning_code_end_with_2026():
    density = rules.registry()["QN-DEN-001"]
    assert density.value("factory", LAST_DAY, 0) == 70
    assert density.value("factory", FIRST_DAY, -1) == -1
    assert density.applies(LAST_DAY)
    assert not density.applies(FIRST_DAY)
    assert rules.registry()["QN-GEO-010"].applies(FIRST_DAY)


def test_tables_are_complete():
    density = rules.registry()["QN-DEN-001"]
    for case in ("commerce", "apartment"):
        cells = {(limit.height_m, limit.area_m2) for limit in density.at(case, LAST_DAY)}
        assert len(cells) == 12 * 4
    assert len(rules.registry()["QN-DEN-003"].at("building", LAST_DAY)) == 3 * 4


def test_an_editor_adds_a_new_code_in_one_file(data_copy):
    before = rules.version()
    path = data_copy / "rules" / "limits.csv"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8"))))
    old = next(row for row in rows if row["rule_id"] == "PLOT-DEN-01")
    new = old | {
        "rule_id": "PLOT-DEN-01-2027",
        "threshold_num": "65",
        "effective_from": "2027-01-01",
        "effective_to": "",
    }
    text = io.StringIO()
    writer = csv.DictWriter(text, list(new), lineterminator="\n")
    writer.writeheader()
    writer.writerows([*rows, new])
    path.write_text(text.getvalue(), "utf-8")
    density = rules.registry()["QN-DEN-001"]
    assert density.value("factory", LAST_DAY, 0) == 70
    assert density.value("factory", FIRST_DAY, 0) == 65
    assert density.effective_to == ""
    assert rules.version() != before


def test_the_newest_of_several_figures_counts():
    density = rules.registry()["QN-DEN-001"]
    assert density.value("nothing", LAST_DAY, 5) == 5


@pytest.mark.parametrize("name", ["zones/zones.geojson", "zones/landuse.geojson", "boundaries/communes.geojson"])
def test_the_version_changes_with_every_layer_a_finding_depends_on(data_copy, name):
    before = rules.version()
    path = data_copy / name
    path.write_text(path.read_text("utf-8").replace('"quality":"schematic"', '"quality":"demo"', 1) + " ", "utf-8")
    assert rules.version() != before
    path.unlink()
    assert rules.version() != before
