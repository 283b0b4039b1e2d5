from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

pytest_plugins = ["tests.review_fixtures"]
pytestmark = pytest.mark.usefixtures("reviews")
PAGES = {
    "overview.py": None,
    "area.py": "quang-yen",
    "compare.py": None,
    "review.py": None,
    "present.py": None,
    "sources.py": None,
}
SCRIPT = """
import runpy
from qn_geo import state
state.sync({page!r}, {area!r})
runpy.run_path("pages/{page}")
"""


def opened(page, area, **query):
    test = AppTest.from_string(SCRIPT.format(page=page, area=area), default_timeout=60)
    for key, value in query.items():
        test.query_params[key] = value
    test.run()
    assert not test.exception, test.exception
    return test


def text(test):
    return " ".join(element.proto.body for element in test.get("html"))


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_without_an_error(page, lang, root, monkeypatch):
    monkeypatch.chdir(root)
    test = opened(page, PAGES[page], lang=lang)
    assert not test.error


@pytest.mark.parametrize("area", ["mong-cai", "van-don", "quang-yen", "hai-ha"])
@pytest.mark.parametrize("year", ["2012", "2026", "2040"])
def test_every_area_in_every_kind_of_year(area, year, root, monkeypatch):
    monkeypatch.chdir(root)
    test = opened("area.py", area, year=year)
    assert not test.error
    assert "qn-table" in text(test)


def test_a_chosen_zone_has_its_sheet(root, monkeypatch):
    monkeypatch.chdir(root)
    assert 'data-zone="kcn-song-khoai"' in text(opened("area.py", "quang-yen", zone="kcn-song-khoai"))


def test_the_charts_over_time_come_when_asked_for(root, monkeypatch):
    monkeypatch.chdir(root)
    test = opened("area.py", "quang-yen", zone="kcn-song-khoai")
    test.button_group(key="w-charts").set_value("time").run()
    assert not test.exception
    assert not test.error


def test_compared_zones_stand_side_by_side(root, monkeypatch):
    monkeypatch.chdir(root)
    shown = text(opened("compare.py", None, zones="kcn-song-khoai,kcn-dong-mai"))
    assert "Sông Khoai" in shown
    assert "Đông Mai" in shown


@pytest.mark.parametrize(
    "name",
    [
        "zones/figures.csv",
        "zones/zones.csv",
        "zones/projects.csv",
        "zones/zones.geojson",
        "zones/landuse_codes.csv",
        "zones/measures.csv",
    ],
)
@pytest.mark.parametrize("page", ["overview.py", "area.py"])
def test_a_damaged_file_is_named_and_the_page_stands(page, name, data_copy, root, monkeypatch):
    monkeypatch.chdir(root)
    (data_copy / name).write_bytes(b"\x00\xff not a table")
    test = opened(page, PAGES[page])
    told = " ".join(error.value for error in test.error) + text(test)
    assert name.split("/")[1].split(".")[0] in told.replace("\\", "")


def test_the_table_of_the_whole_city_says_why_its_counts_differ_from_the_cards(root, monkeypatch):
    monkeypatch.chdir(root)
    assert "5 KKT, 20 KCN, 11 CCN" in text(opened("overview.py", None))
    assert "11 CCN" not in text(opened("area.py", "mong-cai"))


def test_figures_of_a_zone_stand_before_what_lies_at_the_point_asked_about(root, monkeypatch):
    monkeypatch.chdir(root)
    told = text(opened("area.py", "quang-yen", zone="kcn-song-khoai", at="106.81,20.978"))
    assert told.index("data-zone") < told.index("qn-cards") < told.index("WGS 84")


def test_licences_are_told_in_the_readers_language(root, monkeypatch):
    monkeypatch.chdir(root)
    shown = opened("sources.py", None, lang="vi").dataframe[0].value
    assert not [text for text in shown["Giấy phép"] if "Facts" in text or "domain" in text]
