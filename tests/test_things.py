from __future__ import annotations

import pytest

from qn_geo import layers, things

LANGS = ["vi", "en"]
PICKS = [
    *(f"link:{key}" for key in layers.table("transport")["link_id"]),
    *(f"centre:{key}" for key in layers.table("logistics")["centre_id"]),
    *(f"project:{key}" for key in layers.table("projects")["project_id"]),
    *(f"commune:{key}" for key in layers.layer("communes")["code"]),
    *(f"area:{key}" for key in layers.layer("areas")["area_id"]),
]


@pytest.mark.parametrize("lang", LANGS)
def test_everything_that_can_be_picked_has_a_name_and_a_sheet(lang):
    for pick in PICKS:
        assert things.name(pick, lang), pick
        assert "qn-facts" in things.sheet(pick, lang), pick


@pytest.mark.parametrize("pick", ["link:nothing", "commune:", "zone:kcn-song-khoai", "x"])
def test_what_is_not_there_has_none(pick):
    assert things.name(pick, "vi") == ""
    assert things.sheet(pick, "vi") == ""


def test_a_commune_names_what_it_was_merged_from():
    assert "Tiền Phong" in things.sheet("commune:07180", "vi")


def test_what_is_not_published_is_said():
    assert "chưa có số liệu" in things.sheet("project:prj-solex-bac-tien-phong", "vi")


def test_a_project_lies_in_its_zone():
    assert things.zone_of("project:prj-lite-on") == "kcn-song-khoai"
    assert things.zone_of("link:exp-ha-long-van-don") is None
    assert things.zone_of(None) is None


def test_a_commune_names_the_document_of_its_layer():
    assert "vietnamese-provinces-database" in things.sheet("commune:06688", "en") or "http" in things.sheet(
        "commune:06688", "en"
    )
    assert "Sáp nhập" not in things.sheet("commune:06688", "vi")


def test_a_project_without_a_place_says_so():
    projects = layers.table("projects").set_index("name_vi")["project_id"]
    assert "chưa công bố; bản đồ" in things.sheet(f"project:{projects['Khu đô thị phức hợp Hạ Long Xanh']}", "vi")
    placed = layers.table("projects").query("zone_id == 'kcn-song-khoai'")["project_id"].iloc[0]
    assert "Vị trí" not in things.sheet(f"project:{placed}", "vi")
