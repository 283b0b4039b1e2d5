from __future__ import annotations

import math

import numpy as np
import pytest

from qn_geo import plotsheet, rules
from qn_geo.plotsheet import wording
from qn_geo.rules.finding import Finding
from tests.small_dossiers import opened
from tests.small_plots import box, plots


def test_a_finding_says_measure_limit_ground_and_plots():
    frame = plots(box(0, 0, 9, 9), box(5, 0, 14, 9))
    found = Finding((0, 1), "Chồng.", "Over.", measure=1234.5678, unit="m2", limit=0.05, shape=box(5, 0, 9, 9))
    rule = rules.registry()["QN-GEO-010"]
    for lang, measure, limit in (("vi", "1.234,57 m²", "0,05 m²"), ("en", "1,234.57 m²", "0.05 m²")):
        text = plotsheet.finding(opened(frame, ("QN-GEO-010", found)), 0, lang)
        for said in (rule.code, measure, limit, rule.legal_source, rule.text("fix", lang), rule.text("title", lang)):
            assert said in text
        assert text.count('data-choose="row:') == 2
    assert "verified against the document" in text
    assert "from 15 Jan 2025" in text


def test_a_finding_may_be_about_very_many_plots_about_gone_ones_or_none():
    frame = plots(*(box(i, 0, i + 1, 1) for i in range(60)))
    many = Finding(tuple(range(60)), "Nhiều.", "Many.", measure=60, unit="plots", limit=0)
    gone = Finding((), "Mất.", "Gone.", gone=("<i>p</i>",))
    none = Finding((), "Tệp.", "File.", measure=math.inf, unit="pct", limit=95)
    held = opened(frame, ("QN-LU-001", many), ("QN-CHG-003", gone), ("QN-PARK-001", none))
    texts = {code: plotsheet.finding(held, number, "en") for number, code in enumerate(held.findings["rule"])}
    assert texts["QN-LU-001"].count('data-choose="row:') == 40
    assert "and 20 more" in texts["QN-LU-001"]
    assert "(60)" in texts["QN-LU-001"]
    assert "0 plots" not in texts["QN-LU-001"]
    assert "&lt;i&gt;p&lt;/i&gt;" in texts["QN-CHG-003"]
    assert "data-choose" not in texts["QN-CHG-003"]
    assert "About the file as a whole" in texts["QN-PARK-001"]
    assert "5 Jul 2021–31 Dec 2026" in texts["QN-PARK-001"]
    assert "inf %" in texts["QN-PARK-001"]


def test_a_finding_of_a_rule_that_is_gone_still_shows(monkeypatch):
    held = opened(plots(box(0, 0, 9, 9)), ("QN-GEO-007", Finding((0,), "Nhỏ.", "Small.")))
    monkeypatch.setattr(rules, "registry", dict)
    assert "Small." in plotsheet.finding(held, 0, "en")
    assert "QN-GEO-007" in plotsheet.finding(held, 0, "en")


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1234.5678, "m2", "1.234,57 m²"),
        (0.0004321, "m", "0,000432 m"),
        (0.0, "m2", "0 m²"),
        (-3.456, "", "−3,46"),
        (np.float64(5), "pct", "5%"),
        (2e15, "m", "2e+15 m"),
        (math.nan, "m", "chưa có số liệu"),
    ],
)
def test_quantities(value, unit, expected):
    assert wording.quantity(value, unit, "vi").replace("-", "−") == expected
