from __future__ import annotations

import json

import numpy as np
import pandas as pd
import shapely

from qn_geo import i18n, rules
from qn_geo.rules.finding import COLUMNS, Finding, findings_frame
from tests.small_plots import box, check, context, numbered, plots

PLOTS = numbered([box(0, 0, 20, 20), box(19, 0, 40, 20), box(100, 0, 120, 20)], landuse_code=["SKK", "SKK", None])


def _frame(*items):
    registry = rules.registry()
    return findings_frame([(registry[code], finding) for code, finding in items], PLOTS)


def test_findings_are_sorted_by_severity_and_rule_and_keep_the_order_of_their_check():
    found = _frame(
        ("QN-GEO-012", Finding((2,), "a", "a")),
        ("QN-GEO-010", Finding((1,), "b", "b")),
        ("QN-CRS-002", Finding((0,), "c", "c", severity="info")),
        ("QN-ATT-001", Finding((2,), "d", "d")),
        ("QN-GEO-010", Finding((0,), "e", "e")),
    )
    assert list(found["severity"]) == ["error", "error", "error", "warning", "info"]
    assert [text[0] for text in found["message_vi"]] == ["d", "b", "e", "a", "c"]


def test_findings_of_nothing_have_the_same_columns_and_types():
    empty, some = _frame(), _frame(("QN-GEO-010", Finding((0,), "a", "a")))
    assert list(empty.columns) == [*COLUMNS, "geometry"]
    assert (empty.dtypes == some.dtypes).all()
    assert empty.crs == some.crs == "EPSG:5899"


def test_every_unit_of_a_finding_is_known():
    found = check(PLOTS)
    assert set(found["unit"]) - {""} <= set(i18n.UNITS)


def test_records_are_plain_json_with_a_place():
    records = rules.as_records(check(PLOTS))
    json.dumps(records, allow_nan=False)
    first = records[0]
    assert list(first) == [
        *("rule", "severity", "plots", "measure", "unit", "limit", "message_vi", "message_en", "lon", "lat")
    ]
    assert first["plots"] == ["7-1", "7-2"]
    assert 106 < first["lon"] < 108
    assert 20 < first["lat"] < 22
    assert [record["lon"] for record in records if record["rule"] == "QN-COR-005"] == [None]


def test_a_finding_beyond_the_projection_has_no_place():
    far = plots(shapely.box(1e9, 1e9, 1e9 + 20, 1e9 + 20))
    known = context(communes=rules.context().communes)
    found = rules.check(far, known)
    record = next(item for item in rules.as_records(found) if item["rule"] == "QN-CRS-001")
    assert (record["lon"], record["lat"]) == (None, None)


def test_the_hash_is_the_same_for_the_same_findings_and_another_for_others():
    hashes = {rules.findings_hash(check(frame)) for frame in (PLOTS, PLOTS.copy(), PLOTS.iloc[:2])}
    assert len(hashes) == 2
    assert all(len(value) == 64 for value in hashes)
    assert rules.findings_hash(_frame()) != rules.findings_hash(_frame(("QN-GEO-010", Finding((), "a", "a"))))


def test_the_hash_overlooks_noise_but_not_a_square_millimetre():
    def of(measure):
        return rules.findings_hash(_frame(("QN-GEO-010", Finding((0,), "a", "a", measure=measure))))

    assert of(1.0) == of(1.0 + 1e-12)
    assert of(0.0) == of(-0.0)
    assert of(1.0) != of(1.000001)
    assert of(np.nan) != of(0.0)


def test_the_summary_counts_plots_by_their_worst_finding():
    found = check(PLOTS)
    summary = rules.summary(PLOTS, found)
    assert summary["states"] == ["fail", "fail", "pass"]
    assert summary["counts"] == {"fail": 2, "pass": 1, "warn": 0}
    assert summary["rules"]["QN-GEO-010"] == 1
    assert summary["severities"]["error"] == 1
    assert summary["file"] == sum(rows == () for rows in found["rows"])
    assert pd.Series(summary["rules"]).sum() == len(found)


def test_a_warning_is_no_failure():
    frame = numbered([box(0, 0, 20, 20), box(19.98, 0, 40, 20)])
    assert rules.summary(frame, check(frame))["states"] == ["warn", "warn"]
