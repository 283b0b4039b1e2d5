"""Families, projects, land use, and the words of figures."""

from __future__ import annotations

from dataclasses import replace

from qn_geo import figures
from tests.small_figures import TABLES, claim, use, zone

FDI = "fdi_registered_usd_m"
RATE = {"measure": "occupancy_pct", "unit": "pct"}


# Zones, projects, land use


def test_families(monkeypatch):
    use(monkeypatch, zones=[*TABLES["zones"], zone("kcn-x", "X", "kcn-y"), zone("kcn-y", "Y", "kcn-x")])
    assert figures.ancestors("kcn-b1") == ["kcn-b", "kkt-k"]
    assert figures.members("kkt-k") == ["kkt-k", "kcn-a", "kcn-b", "kcn-b1"]
    assert figures.ancestors("kcn-x") == ["kcn-y"]  # a circle in the data ends
    assert figures.ancestors("province") == []
    assert figures.members("kcn-b") == ["kcn-b", "kcn-b1"]
    assert figures.members("quang-yen") == figures.members("area-quang-yen")
    assert "area-quang-yen" in figures.members("quang-yen")


def test_projects_of_a_place(monkeypatch):
    use(monkeypatch)
    assert list(figures.projects("kcn-a")["project_id"]) == ["p2", "p1", "p4", "p3"]  # newest first, undated last
    assert list(figures.projects("kcn-a", 2022)["project_id"]) == ["p1", "p4", "p3"]
    assert list(figures.projects("kcn-b")["project_id"]) == ["p5"]
    assert "p6" in set(figures.projects("quang-yen")["project_id"])
    assert len(figures.projects("province")) == 8


def test_projects_may_be_changed_by_the_caller(monkeypatch):
    use(monkeypatch)
    frame = figures.projects("kcn-a")
    frame.loc[:, "name_vi"] = "changed"
    assert "changed" not in set(figures.projects("kcn-a")["name_vi"])


def test_known_capital_counts_money_once(monkeypatch):
    use(monkeypatch)
    dollars, dong = figures.known_capital("kcn-a", "usd"), figures.known_capital("kcn-a", "vnd")
    assert (dollars.value, dollars.parts, dollars.klass, dollars.period) == (150, ("p1", "p2"), "derived", "2023")
    assert (dong.value, dong.parts, dong.precision) == (300, ("p3",), "unknown")  # p2 is counted in dollars
    assert figures.known_capital("kcn-a", "usd", 2022).value == 100
    assert figures.known_capital("ccn-c", "usd") is None
    assert figures.known_capital("kkt-k", "usd").value == 157
    assert figures.known_capital("kkt-k", "vnd").value == 500  # p8 is Vietnamese money
    by_year = figures.known_capital_by_year("kkt-k", "usd")
    assert [(point.period, point.value) for point in by_year] == [("2022", 100), ("2023", 150), ("2025", 157)]
    assert figures.known_capital_by_year("kcn-a", "vnd") == []
    assert figures.known_count("kcn-a").value == 3
    assert figures.known_count("ccn-c") is None


def use_row(row_id, horizon, name, area, **more):
    row = {"row_id": row_id, "zone_id": "kcn-a", "horizon": horizon, "use_name_vi": name, "use_name_en": name}
    return row | {"area_ha": area, "role": "use", "group": "plan", "source_id": "s1"} | more


def test_the_land_use_plan_in_force(monkeypatch):
    rows = [
        use_row("r1", 2030, "Đất ở", 10.0),
        use_row("r2", 2040, "Đất ở", 20.0),
        use_row("r3", 2030, "Đất", 66.0, group="split"),
        use_row("r4", 2030, "Biển", 55.0, group="split"),
        use_row("r5", 2040, "Đất tự nhiên", 69.0, group="split"),
        use_row("r6", 2040, "Mặt biển", 52.0, group="split"),
        use_row("r7", 2021, "Giai đoạn 1", 3.0, group="phases"),
        use_row("r8", 2031, "Giai đoạn 2", 8.0, group="phases"),
        use_row("r9", 2035, "Một phần", 1.0, group="phases", role="part"),
    ]
    use(monkeypatch, landuse=rows)

    def shown(year):
        return sorted(row["row_id"] for row in figures.landuse("kcn-a", year))

    assert shown(2026) == ["r1", "r3", "r4", "r7", "r8"]  # phases complement each other, plans replace each other
    assert shown(2031) == ["r2", "r5", "r6", "r7", "r8"]
    assert shown(2050) == shown(None) == shown(2031)
    assert [row["row_id"] for row in figures.other_horizons("kcn-a", 2026)] == ["r2", "r5", "r6"]
    assert [row["row_id"] for row in figures.landuse("kcn-a", 2026, ("part",))] == ["r9"]
    assert figures.landuse("kcn-b", 2026) == []


def test_a_number_of_the_zone_table_is_a_figure(monkeypatch):
    use(monkeypatch)
    assert figures.attribute("kkt-k", "area_ha").klass == "official"  # by the tier of its source
    assert figures.attribute("kcn-a", "area_ha").klass == "reported"
    assert figures.attribute("kcn-b", "area_ha") is None
    assert figures.attribute("province", "area_ha") is None
    assert figures.period_text(figures.attribute("kkt-k", "area_ha"), "en") == "in force"


# Words


def test_explain_tells_everything_behind_a_figure(monkeypatch):
    row = claim("f1", 57.87, "2025-11", **RATE, basis="leasable", note_vi="Ghi chú", note_en="Note", source_id="s1;s2")
    use(monkeypatch, figures=[row])
    told = figures.explain(figures.book().figures["f1"], "en")
    assert told["value"] == "57.87%"
    assert told["period"] == "Nov 2025"
    assert (told["class"], told["class_name"]) == ("reported", "reported by the press")
    assert told["definition"] == "Definition."
    assert told["basis"] == "over leasable land"
    assert told["note"] == "Note"
    assert (told["document"], told["publisher"], told["date"], told["url"]) == (
        "First",
        "One",
        "2024-05",
        "https://one.example",
    )
    assert [source["title"] for source in told["sources"]] == ["First", "Second"]
    vietnamese = figures.explain(figures.book().figures["f1"], "vi")
    assert (vietnamese["value"], vietnamese["period"], vietnamese["note"]) == ("57,87%", "11/2025", "Ghi chú")


def test_names(monkeypatch):
    use(monkeypatch)
    assert figures.short_name("kcn-a", "vi") == "KCN A"
    assert figures.zone_name("kcn-a", "vi") == "Khu công nghiệp A (giai đoạn 1)"
    assert figures.zone_name("area-hai-ha", "en") == "Hải Hà"
    assert figures.zone_name("nowhere", "en") == "nowhere"
    assert figures.sector_name("energy", "vi") == "Năng lượng"
    assert figures.sector_name("unknown-sector", "vi") == "unknown-sector"
    assert figures.measure_name("projects_capital_usd_m", "en") == "Capital of known projects, USD"


def test_value_and_period_of_a_range(monkeypatch):
    use(monkeypatch, figures=[claim("f1", 10, "2024", value_max=12.0, period_start="2020")])
    figure = figures.book().figures["f1"]
    assert figures.value_text(figure, "en") == "USD 10–12 m"
    assert figures.period_text(figure, "en") == "2020–2024"
    assert figures.value_text(replace(figure, value=3000, value_max=None), "vi", compact=True) == "3,0 tỷ USD"
