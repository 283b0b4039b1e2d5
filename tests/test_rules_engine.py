from __future__ import annotations

import subprocess
import sys
import threading
import time
from dataclasses import replace
from datetime import date
from types import MappingProxyType

import pytest

from qn_geo import clock, layers, rules
from qn_geo.errors import CancelledError, DataFileError, QnGeoError
from qn_geo.rules import engine, reference
from qn_geo.settings import settings
from tests.small_plots import CODES, ON, box, check, context, numbered, plots, told

PLOTS = numbered([box(0, 0, 20, 20), box(19, 0, 40, 20)])


def test_every_check_has_its_row_and_every_row_its_check():
    assert {item.code for item in rules.CHECKS} | {"QN-SYS-001", "QN-SYS-002"} == set(rules.registry())
    assert len({item.code for item in rules.CHECKS}) == len(rules.CHECKS)


def test_no_plots_have_no_findings():
    assert len(rules.check(plots(), context(earlier=PLOTS))) == 0


def test_a_check_that_fails_is_a_finding_and_the_others_run(monkeypatch):
    def broken(*_):
        yield from ()
        raise ZeroDivisionError("boom")

    broken_check = engine.Check("QN-GEO-005", broken)
    monkeypatch.setattr(engine, "CHECKS", (broken_check, *rules.CHECKS))
    found = check(PLOTS)
    failed = found[found["rule"] == "QN-SYS-001"]
    assert len(failed) == 1
    assert "QN-GEO-005" in failed["message_vi"].iloc[0]
    assert "boom" in failed["message_en"].iloc[0]
    assert ("QN-GEO-010", ("7-1", "7-2")) in told(found)


def test_a_check_whose_row_was_deleted_is_a_finding():
    known = {code: rule for code, rule in rules.registry().items() if code != "QN-ATT-001"}
    found = check(PLOTS, "QN-SYS-001", rules=MappingProxyType(known))
    assert "QN-ATT-001" in found["message_en"][0]


def test_what_was_not_checked_for_want_of_columns_is_said_once():
    found = check(plots(box(0, 0, 20, 20)), "QN-SYS-002", codes=CODES)
    first = found["message_en"][0]
    assert "Land use" in first
    assert "QN-DEN-001" in first
    assert "QN-LU-001" in first
    assert set(found["severity"]) == {"info"}


def test_what_was_not_checked_for_want_of_a_layer_is_said_with_the_reason():
    reason = DataFileError("Thiếu tệp.", "The file is missing.", "data/zones/transport.geojson")
    found = check(PLOTS, "QN-SYS-002", unavailable=(reason,))
    roads = found[found["message_en"].str.contains("transport layer")]
    assert len(roads) == 1
    assert "QN-COR-001" in roads["message_en"].iloc[0]
    assert "data/zones/transport.geojson" in roads["message_vi"].iloc[0]
    zone = found[found["message_en"].str.contains("outline of the zone")]
    assert "transport.geojson" not in zone["message_en"].iloc[0]


def test_progress_counts_to_the_end():
    seen = []
    rules.check(PLOTS, context(), progress=lambda *step: seen.append(step))
    done = [step[1] for step in seen]
    assert done == sorted(done)
    assert seen[0][0] == "QN-GEO-010"  # takes longest, so it begins
    assert seen[-1][:2] == ("", len(rules.CHECKS))
    assert {count for _, _, count in seen} == {len(rules.CHECKS)}


def test_cancelling_stops_before_the_next_check(monkeypatch):
    begun, ask = [], threading.Event()

    def slow(batch, rule, known):
        del batch, known
        begun.append(rule.code)
        ask.set()
        time.sleep(0.05)
        return ()

    slowed = tuple(replace(item, run=slow) for item in engine.CHECKS)
    monkeypatch.setattr(engine, "CHECKS", slowed)
    with pytest.raises(CancelledError):
        rules.check(PLOTS, context(), cancelled=ask.is_set)
    assert 1 <= len(begun) <= 4


def test_a_report_that_stops_the_run_begins_no_further_check(monkeypatch):
    begun = []

    def slow(batch, rule, known):
        del batch, known
        begun.append(rule.code)
        time.sleep(0.05)
        return ()

    def stop(*_step):
        if begun:
            raise CancelledError("a", "b")

    monkeypatch.setattr(engine, "CHECKS", tuple(replace(item, run=slow) for item in engine.CHECKS))
    with pytest.raises(CancelledError):
        rules.check(PLOTS, context(), progress=stop)
    assert 1 <= len(begun) <= 4


def test_findings_do_not_depend_on_which_check_ends_first(monkeypatch):
    as_it_comes = rules.findings_hash(check(PLOTS))
    first = engine.CHECKS[0]

    def late(batch, rule, known):
        time.sleep(0.2)
        return first.run(batch, rule, known)

    monkeypatch.setattr(engine, "CHECKS", (replace(first, run=late), *engine.CHECKS[1:]))
    assert rules.findings_hash(check(PLOTS)) == as_it_comes


def test_the_order_of_a_frame_s_index_does_not_matter():
    odd = PLOTS.copy()
    odd.index = [7, 7]
    assert rules.findings_hash(check(odd)) == rules.findings_hash(check(PLOTS))


def test_the_context_of_a_park_knows_what_is_around_it():
    known = rules.context("kcn-dong-mai", ON)
    assert (known.zone.rows[0]["kind"], known.scale, known.unavailable) == ("KCN", 500, ())
    assert {row["zone_id"] for row in known.cells.rows} == {"kcn-dong-mai"}
    assert len(known.communes.rows) == 54
    assert {row["mode"] for row in known.links.rows} >= {"expressway", "railway"}
    assert known.shore.shapes[0].length > 1_000_000
    found = rules.check(rules.register("kcn-dong-mai"), known)
    assert not (found["rule"] == "QN-SYS-001").any()


def test_a_zone_without_a_plan_lies_in_the_plan_around_it():
    planned = set(layers.layer("landuse").dropna(subset="use_code")["zone_id"])
    table = layers.table("zones")
    inside = table[~table["zone_id"].isin(planned) & table["parent_id"].isin(planned)]
    zone, parent = inside[["zone_id", "parent_id"]].iloc[0]
    assert {row["zone_id"] for row in rules.context(zone, ON).cells.rows} == {parent}


def test_a_context_without_a_zone_takes_every_plan():
    known = rules.context(None, ON)
    assert known.zone is None
    assert len({row["zone_id"] for row in known.cells.rows}) > 3
    horizons = {}
    for row in known.cells.rows:
        horizons.setdefault(row["zone_id"], set()).add(row["horizon"])
    assert all(len(years) == 1 for years in horizons.values())


def test_the_day_is_today_unless_it_is_given(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2027, 1, 1))
    assert rules.context().on == date(2027, 1, 1)


def test_an_unknown_zone_is_refused():
    with pytest.raises(QnGeoError, match="kcn-nowhere"):
        rules.context("kcn-nowhere")


def test_a_damaged_layer_takes_only_its_checks_away(data_copy):
    (data_copy / "zones" / "transport.geojson").write_text("{", "utf-8")
    known = rules.context("kcn-dong-mai", ON)
    assert known.links is None
    assert [error.file for error in known.unavailable] == ["data/zones/transport.geojson"]
    found = rules.check(rules.register("kcn-dong-mai"), known)
    assert not found["rule"].isin(["QN-COR-001", "QN-SYS-001"]).any()
    assert found["message_en"].str.contains("transport.geojson").any()


def test_the_scale_of_the_map_is_a_setting(monkeypatch):
    large = settings().model_copy(update={"map_scale": 2000})
    monkeypatch.setattr(reference, "settings", lambda: large)
    assert rules.context(None, ON).scale == 2000


def test_the_register_is_a_frame_to_compare_with():
    register = rules.register("kcn-dong-mai")
    assert 0 < len(register) < len(rules.register())
    assert register.crs == "EPSG:5899"
    measured = register.geometry.area
    assert (abs(measured - register["area_m2"]) < 1).all()


def test_two_runs_at_once_ask_the_same_outlines_safely():
    asked = """
import threading
import numpy as np
import shapely
from qn_geo import rules
from qn_geo.rules import reference
from qn_geo.rules.batch import Batch
from qn_geo.rules.places import _beyond
outline = reference.context("kkt-van-don").zone.shapes[0]
west, south, east, north = outline.bounds
random = np.random.default_rng(0)
places = np.column_stack([random.uniform(west, east, 20_000), random.uniform(south, north, 20_000)])
plots = rules.register("kcn-dong-mai").iloc[:1].iloc[np.zeros(20_000, dtype=int)].reset_index(drop=True)
plots = plots.set_geometry(shapely.buffer(shapely.points(places), 40, quad_segs=1), crs=plots.crs)
found = []
def ask():
    found.append(len(_beyond(Batch(plots), outline, 0.1, 0.1)[0]))
threads = [threading.Thread(target=ask) for _ in range(4)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
assert len(found) == 4 and len(set(found)) == 1 and found[0] > 0, found
"""
    command = [sys.executable, "-c", asked]  # a process of its own: the mistake would end this one
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)  # noqa: S603
    assert done.returncode == 0, done.stderr
