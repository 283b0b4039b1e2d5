"""A checked file, written for whoever goes on with it: JSON, CSV, GeoPackage or a page to read and print.

Names and addresses of land users go out only where the setting `show_personal` allows it. Text can never run as a
formula in a spreadsheet, nor as markup in the page.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from qn_geo import exports, i18n, outcomes, rules, sheets
from qn_geo.schema import submitted
from qn_geo.settings import settings

if TYPE_CHECKING:
    from datetime import date

FORMATS: Final = ("json", "csv", "gpkg", "html")
_PAGE_COLUMNS: Final = 5  # rule, severity, plots, rows, finding; measures stand in the text


@dataclass(frozen=True)
class Checked:
    """A file that was read and checked.

    Attributes:
        file: Its name.
        sha256: SHA-256 of the file as received.
        zone_id: Zone it was said to lie in, if any.
        on: Day whose rules were applied.
        system: Code of the reference system its numbers were read in.
        system_reason_vi: Why that one, in Vietnamese.
        system_reason_en: The same in English.
        encoding: Encodings of its texts, parted by commas.
        plots: The plots (see `qn_geo.schema.submitted`).
        findings: What the rules found (see `qn_geo.rules`).
    """

    file: str
    sha256: str
    zone_id: str | None
    on: date
    system: str
    system_reason_vi: str
    system_reason_en: str
    encoding: str
    plots: gpd.GeoDataFrame
    findings: gpd.GeoDataFrame


def written(checked: Checked, fmt: str, lang: str) -> bytes:
    """Return a checked file in one of `FORMATS`; texts of CSV, GeoPackage and page are in `lang`.

    Raises:
        ValueError: If the format is unknown.
    """
    if fmt not in FORMATS:
        raise ValueError(f"unknown format {fmt!r}; known: {', '.join(FORMATS)}")
    return {"json": _json, "csv": _csv, "gpkg": _geopackage, "html": _page}[fmt](checked, lang)


def evidence(checked: Checked, lang: str) -> list[tuple[str, str]]:
    """Return what proves which file was judged by which rules: name and value, one line each."""
    _ = i18n.translator(lang)
    return [
        (_("File"), checked.file),
        (_("SHA-256 of the file"), checked.sha256),
        (_("Zone"), checked.zone_id or "–"),
        (_("Reference system"), f"{checked.system} · {_reason(checked, lang)}"),
        (_("Encoding of the texts"), checked.encoding or "–"),
        (_("Rules as of"), i18n.iso_date(checked.on.isoformat(), "day", lang)),
        (_("Version of the rules"), rules.version()),
        (_("SHA-256 of the findings"), rules.findings_hash(checked.findings)),
    ]


def _reason(checked: Checked, lang: str) -> str:
    return checked.system_reason_vi if lang == "vi" else checked.system_reason_en


def _json(checked: Checked, _lang: str) -> bytes:
    """Both languages stand in JSON: the reader is a program."""
    content = {
        "submission": {
            "file": checked.file,
            "sha256": checked.sha256,
            "zone": checked.zone_id,
            "rules_date": checked.on.isoformat(),
            "rules_version": rules.version(),
            "findings_sha256": rules.findings_hash(checked.findings),
            "crs_reason_vi": checked.system_reason_vi,
            "crs_reason_en": checked.system_reason_en,
        },
        "crs": checked.system,
        "encoding": checked.encoding,
        "plots": len(checked.plots),
        "findings": rules.as_records(checked.findings),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def finding_table(checked: Checked, lang: str) -> pd.DataFrame:
    """Return one row a finding, with longitude and latitude (WGS 84) of its trouble spot."""
    _ = i18n.translator(lang)
    records = rules.as_records(checked.findings)
    return pd.DataFrame(
        {
            _("Rule"): [item["rule"] for item in records],
            _("Severity"): [outcomes.severity_name(item["severity"], lang) for item in records],
            _("Plots"): [", ".join(item["plots"]) for item in records],
            _("Rows of the file"): [", ".join(map(str, rows)) for rows in checked.findings["rows"]],
            _("Finding"): [item[f"message_{lang}"] for item in records],
            _("Measured"): [item["measure"] for item in records],
            _("Limit"): [item["limit"] for item in records],
            _("Unit"): [i18n.unit_name(item["unit"], lang) if item["unit"] else "" for item in records],
            _("Longitude"): [item["lon"] for item in records],
            _("Latitude"): [item["lat"] for item in records],
        }
    )


def plot_table(checked: Checked, lang: str) -> pd.DataFrame:
    """Return one row a plot: its attributes, measured area (EPSG:5899, m²), result and the rules it breaks."""
    _ = i18n.translator(lang)
    plots = checked.plots
    hidden = () if settings().show_personal else submitted.PERSONAL
    table = pd.DataFrame(plots.drop(columns=["geometry", *hidden]))
    table = table.drop(columns=[name for name in submitted.FIELDS if name in table and table[name].isna().all()])
    table = table.rename(columns={name: getattr(field, lang) for name, field in submitted.FIELDS.items()})
    broken: dict[int, list[str]] = {}
    for rule, rows in zip(checked.findings["rule"], checked.findings["rows"], strict=True):
        for row in rows:
            broken.setdefault(row, []).append(rule)
    states = rules.summary(plots, checked.findings)["states"]
    table[_("Measured area (m²)")] = shapely.area(plots.geometry.to_numpy()).round(1)
    table[_("Result")] = [outcomes.result_name(state, lang) for state in states]
    table[_("Rules")] = [", ".join(dict.fromkeys(broken.get(row, ()))) for row in plots["row"]]
    return table


def _csv(checked: Checked, lang: str) -> bytes:
    return exports.csv_bytes(finding_table(checked, lang))


def _geopackage(checked: Checked, lang: str) -> bytes:
    """Layers `plots` and `findings` in EPSG:5899, table `evidence`."""
    plots = gpd.GeoDataFrame(plot_table(checked, lang), geometry=checked.plots.geometry, crs=checked.plots.crs)
    findings = gpd.GeoDataFrame(finding_table(checked, lang), geometry=checked.findings.geometry, crs=plots.crs)
    about = pd.DataFrame(evidence(checked, lang), columns=["name", "value"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "checked.gpkg"
        pyogrio.write_dataframe(plots, path, layer="plots", driver="GPKG", geometry_type="Unknown")
        pyogrio.write_dataframe(findings, path, layer="findings", driver="GPKG", geometry_type="Unknown", append=True)
        pyogrio.write_dataframe(about, path, layer="evidence", driver="GPKG", append=True)
        return path.read_bytes()


def _page(checked: Checked, lang: str) -> bytes:
    """Return one HTML file that needs nothing else."""
    summary, known = rules.summary(checked.plots, checked.findings), rules.registry()
    by_rule: list[dict[str, Any]] = [
        {
            "code": code,
            "title": known[code].text("title", lang) if code in known else "",
            "fix": known[code].text("fix", lang) if code in known else "",
            "count": i18n.number(count, lang),
        }
        for code, count in summary["rules"].items()
    ]
    table = finding_table(checked, lang).iloc[:, :_PAGE_COLUMNS]
    counts = [
        (outcomes.result_name(name, lang), i18n.number(summary["counts"][name], lang)) for name in outcomes.RESULTS
    ]
    text = sheets.template("checked", lang).render(
        lang=lang,
        file=checked.file,
        counts=counts,
        by_rule=by_rule,
        evidence=evidence(checked, lang),
        heads=list(table.columns),
        rows=table.to_numpy(dtype=object).tolist(),
    )
    return text.encode()
