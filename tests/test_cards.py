from __future__ import annotations

import pytest

from qn_geo import cards

LANGS = ["vi", "en"]
HOSTILE = "<img src=x onerror=alert(1)>"


@pytest.mark.parametrize("lang", LANGS)
def test_headlines_carry_period_class_and_document(lang):
    html = cards.headline("province", 2026, lang)
    assert html.count("<details") == html.count("<dl>") > 3
    assert '<a href="https://' in html


def test_a_missing_figure_is_said_not_zero():
    html = cards.cards([("Lấp đầy", "", None)], 2026, "vi")
    assert "chưa có số liệu" in html
    assert "<b>" not in html


@pytest.mark.parametrize(("year", "said"), [(2026, False), (2030, True)])
def test_charts_of_the_past_say_so_beside_a_plan(year, said):
    assert bool(cards.facts_only(year, "vi")) is said
    assert ("thực hiện đến 2026" in cards.facts_only(year, "vi")) is said


@pytest.mark.parametrize(("lang", "twice"), [("vi", "139 dự án"), ("en", "139 projects")])
def test_a_card_does_not_repeat_what_is_counted(lang, twice):
    html = cards.headline("province", 2026, lang)
    assert "<b>139</b>" in html
    assert f"<b>{twice}</b>" not in html
    assert "(USD)" not in html


def test_in_a_plan_year_plans_take_the_place_of_what_happened():
    html = cards.headline("kkt-mong-cai", 2040, "vi")
    assert "460.000–470.000 người" in html
    assert "quy hoạch" in html
    assert "2019" not in html


def test_a_place_without_plans_says_so():
    assert "<b>" not in cards.headline("ccn-yen-tho", 2050, "vi")
    assert "2050" in cards.headline("ccn-yen-tho", 2050, "vi")


def test_figures_of_another_scope_are_marked():
    html = cards.headline("area-van-don", 2026, "vi", "kkt-van-don")
    assert "(KKT Vân Đồn)" in html


def test_a_card_says_where_a_part_disagrees_with_it():
    assert "Hải Yên" in cards.headline("area-mong-cai", 2026, "vi").partition("qn-conflict")[2]
    assert "qn-conflict" not in cards.headline("kcn-song-khoai", 2026, "vi")


def test_a_card_opens_to_what_its_capital_comes_to_the_other_way():
    assert "372 triệu USD" in cards.headline("kcn-hai-yen", 2026, "vi").partition("qn-note")[2]
    assert "known projects that state their capital" in cards.headline("kcn-song-khoai", 2026, "en")


def test_labels_of_cards_are_escaped():
    assert "<img" not in cards.cards([(HOSTILE, HOSTILE, None)], 2026, "vi")
