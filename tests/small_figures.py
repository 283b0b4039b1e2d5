"""A few invented zones, figures, projects and land uses, small enough to know every right answer by heart."""

from __future__ import annotations

from itertools import count

import pandas as pd

from qn_geo import layers
from qn_geo.errors import DataFileError

TEXT = "str"
_TOKENS = map(str, count())  # every set of tables is a new version
COLUMNS = {
    "figures": "figure_id zone_id measure period period_start precision value value_max unit kind class basis source_id"
    " note_vi note_en",
    "measures": "measure name_vi name_en unit theme flow definition_vi definition_en",
    "sources": "source_id title publisher date url tier note_vi note_en",
    "zones": "zone_id kind name_vi name_en area parent_id legal_basis_vi legal_basis_en area_ha land_ha sea_ha"
    " industrial_land_ha source_id note_vi note_en",
    "projects": "project_id name_vi name_en zone_id investor country capital_usd_m capital_vnd_bn year sector area_ha"
    " status counted source_id",
    "sectors": "sector name_vi name_en",
    "landuse": "row_id zone_id horizon use_code use_name_vi use_name_en area_ha area_ha_max role group source_id"
    " note_vi note_en",
}
NUMBERS = {"value", "value_max", "area_ha", "area_ha_max", "land_ha", "sea_ha", "industrial_land_ha"} | {
    "capital_usd_m",
    "capital_vnd_bn",
}
WHOLE = {"year", "horizon"}


def frame(stem: str, rows: list[dict]) -> pd.DataFrame:
    """Rows as `layers.table` hands them out; what a row leaves out is unknown."""
    columns = {}
    for name in COLUMNS[stem].split():
        kind = "float64" if name in NUMBERS else "Int64" if name in WHOLE else TEXT
        columns[name] = pd.Series([row.get(name) for row in rows], dtype=kind)
    return pd.DataFrame(columns)


def claim(figure_id: str, value: float, period: str = "2024", **more: object) -> dict:
    """A row of figures: registered FDI of the park `kcn-a` in 2024 unless said otherwise."""
    precision = ("unknown", "year", "month", "day")[bool(period) + period.count("-")]
    row = {
        "figure_id": figure_id,
        "zone_id": "kcn-a",
        "measure": "fdi_registered_usd_m",
        "period": period,
        "precision": precision,
        "value": value,
        "unit": "usd_m",
        "kind": "actual",
        "class": "reported",
        "source_id": "s1",
    }
    return row | more


def measure(name: str, unit: str, flow: str) -> dict:
    """A row of measures with the id as its name."""
    words = {"name_vi": f"{name} (vi)", "name_en": name, "definition_vi": "Định nghĩa.", "definition_en": "Definition."}
    return {"measure": name, "unit": unit, "theme": "investment", "flow": flow} | words


def zone(zone_id: str, name: str, parent: str = "", **more: object) -> dict:
    """A row of zones in the area quang-yen."""
    row = {"zone_id": zone_id, "kind": zone_id[:3].upper(), "name_vi": name, "name_en": name, "area": "quang-yen"}
    return (
        row
        | {"parent_id": parent or None, "source_id": "s1", "legal_basis_vi": "1/QĐ", "legal_basis_en": "1/QĐ"}
        | more
    )


def project(project_id: str, zone_id: str, **more: object) -> dict:
    """A counted project of 2022 in the textile sector."""
    row = {"project_id": project_id, "name_vi": project_id, "name_en": project_id, "zone_id": zone_id, "year": 2022}
    return row | {"sector": "textile", "counted": "yes", "source_id": "s1"} | more


TABLES: dict[str, list[dict]] = {
    "measures": [
        measure("area_ha", "ha", "stock"),
        measure("fdi_registered_usd_m", "usd_m", "stock"),
        measure("domestic_registered_vnd_bn", "vnd_bn", "stock"),
        measure("fdi_new_usd_m", "usd_m", "new"),
        measure("fdi_new_ytd_usd_m", "usd_m", "ytd"),
        measure("occupancy_pct", "pct", "level"),
        measure("population", "persons", "stock"),
        measure("projects_total", "projects", "stock"),
        measure("fdi_projects", "projects", "stock"),
    ],
    "sources": [
        {
            "source_id": "s1",
            "title": "First",
            "publisher": "One",
            "date": "2024-05",
            "url": "https://one.example",
            "tier": "press",
        },
        {"source_id": "s2", "title": "Second", "publisher": "Two", "date": "2025-01-15", "tier": "official"},
        {"source_id": "s3", "title": "Undated", "publisher": "Three", "tier": "weak"},
    ],
    "zones": [
        zone("kkt-k", "Khu kinh tế K", area_ha=1000.0, source_id="s2"),
        zone("kcn-a", "Khu công nghiệp A (giai đoạn 1)", "kkt-k", area_ha=100.0),
        zone("kcn-b", "Khu công nghiệp B", "kkt-k"),
        zone("kcn-b1", "Khu công nghiệp B1", "kcn-b"),
        zone("ccn-c", "Cụm công nghiệp C"),
    ],
    "projects": [
        project("p1", "kcn-a", capital_usd_m=100.0),
        project("p2", "kcn-a", capital_usd_m=50.0, capital_vnd_bn=1200.0, year=2023, sector="energy"),
        project("p3", "kcn-a", capital_vnd_bn=300.0, year=None),
        project("p4", "kcn-a", capital_usd_m=999.0, counted="no"),
        project("p5", "kcn-b1", capital_usd_m=7.0, year=2025),
        project("p6", "area-quang-yen", capital_usd_m=5.0),
        project("p7", None, capital_usd_m=1.0),
        project("p8", "kkt-k", capital_usd_m=8.0, capital_vnd_bn=200.0, country="Vietnam"),
    ],
    "sectors": [
        {"sector": "textile", "name_vi": "Dệt may", "name_en": "Textiles"},
        {"sector": "energy", "name_vi": "Năng lượng", "name_en": "Energy"},
    ],
    "landuse": [],
    "figures": [],
}


def use(monkeypatch, **tables: list[dict] | None) -> None:
    """Answer from these tables and `TABLES` instead of the data files; None stands for a missing file."""
    frames = {stem: frame(stem, rows) for stem, rows in (TABLES | tables).items() if rows is not None}

    def table(stem: str) -> pd.DataFrame:
        if stem not in frames:
            raise DataFileError("Thiếu tệp dữ liệu này.", "This data file is missing.", f"data/zones/{stem}.csv")
        return frames[stem].copy(deep=False)

    token = next(_TOKENS)

    def version(record_id: str) -> str:
        table(record_id.removesuffix("-table"))
        return token

    monkeypatch.setattr(layers, "table", table)
    monkeypatch.setattr(layers, "version", version)
