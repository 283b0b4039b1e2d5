from __future__ import annotations

from datetime import date

import pytest

from qn_geo import rules
from tests.small_plots import box, check, numbered, places

# One hectare, in columns as wide as their share in percent.
CODES = ("PARK-LU-01", "PARK-LU-02", "PARK-LU-03")


def _park(area_ha=1.0, kind="KCN"):
    row = {"name_vi": "KCN Thử", "name_en": "Thử", "kind": kind, "area_ha": area_ha, "quality": "official"}
    return places((row, box(0, 0, 100, 100)))


def _shares(**shares):
    """Plots of a park of one hectare: code to percent, the rest factories."""
    shares |= {"SKK": 100 - sum(shares.values())}
    shapes, codes, west = [], [], 0.0
    for code, share in shares.items():
        if share:
            shapes.append(box(west, 0, west + share, 100))
            codes.append(code)
            west += share
    return numbered(shapes, landuse_code=codes)


def _told(frame, **known):
    found = check(frame, zone=_park(), **known)
    return {rule: row for rule, row in zip(found["rule"], found.to_dict("records"), strict=True) if "PARK" in rule}


def test_a_balanced_park_passes():
    assert _told(_shares(DGT=10, DKV=10, DNL=1)) == {}


@pytest.mark.parametrize(
    ("code", "short", "limit"),
    [("QN-PARK-001", {"DGT": 9.9}, 10), ("QN-PARK-002", {"DKV": 9.9}, 10), ("QN-PARK-003", {"DNL": 0.9}, 1)],
)
def test_each_share_has_its_minimum(code, short, limit):
    found = _told(_shares(**({"DGT": 10, "DKV": 10, "DNL": 1} | short)))
    assert list(found) == [code]
    assert found[code]["measure"] == pytest.approx(next(iter(short.values())))
    assert (found[code]["limit"], found[code]["severity"]) == (limit, "error")


def test_technical_land_is_of_several_codes():
    assert _told(_shares(DGT=10, DKV=10, DNL=0.4, DRA=0.3, DTL=0.3)) == {}


@pytest.mark.parametrize(("area_ha", "codes"), [(1 / 0.95, {"QN-PARK-001"}), (1 / 0.949, {"QN-PARK-000"})])
def test_a_park_is_judged_when_the_plots_cover_nearly_all_of_it(area_ha, codes):
    found = check(_shares(DKV=10, DNL=1), zone=_park(area_ha))
    assert {code for code in found["rule"] if "PARK" in code} == codes


def test_a_balance_that_was_not_judged_is_told_once_as_information_and_not_as_a_lack():
    found = check(_shares(), "QN-PARK-000", zone=_park(100 / 26.85))
    assert found["severity"].tolist() == ["info"]
    assert found["measure"][0] == pytest.approx(26.85)
    assert found["limit"][0] == 95
    assert "chỉ phủ 26,9%" in found["message_vi"][0]
    assert rules.not_made(found) == ["QN-PARK-001", "QN-PARK-002", "QN-PARK-003"]
    rule = rules.registry()["QN-PARK-000"]
    assert "Thiếu" not in rule.title_vi
    assert "Bổ sung" not in rule.fix_vi


@pytest.mark.parametrize("zone", [_park(kind="KKT"), _park(area_ha=None)])
def test_zones_that_are_no_parks_have_no_balance(zone):
    found = check(_shares(), zone=zone)
    assert not found["rule"].str.contains("PARK").any()


def test_without_figures_in_force_the_balance_says_so():
    assert _told(_shares(), on=date(2027, 1, 1)) == {}
    found = check(_shares(), zone=_park(), on=date(2027, 1, 1))
    assert {"QN-PARK-001", "QN-PARK-002", "QN-PARK-003"} <= set(rules.not_made(found))
