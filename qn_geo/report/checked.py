"""A checked file, written for whoever goes on with it: JSON, CSV, GeoPackage or a page to read and print.

Names and addresses of land users go out only where the setting `show_personal` allows it. Text can never run as a
formula in a spreadsheet, nor as markup in the page.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from qn_geo import exports, i18n, outcomes, rules, sheets
from qn_geo.errors import Problem
from qn_geo.intake import encodings
from qn_geo.report import tables

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import geopandas as gpd

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
        reading: How it was read, with reasons (see `qn_geo.dossier.Dossier`).
        plots: The plots (see `qn_geo.schema.submitted`), with unique `plot_id` and `row`.
        findings: What the rules found (see `qn_geo.rules`); `plots` has the unique ids.
        findings_hash: SHA-256 of the findings as the rules made them: the one a submission of this file gets.
    """

    file: str
    sha256: str
    zone_id: str | None
    on: date
    reading: Mapping[str, Any]
    plots: gpd.GeoDataFrame
    findings: gpd.GeoDataFrame
    findings_hash: str


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
    system = checked.reading["system"]
    return [
        (_("File"), checked.file),
        (_("SHA-256 of the file"), checked.sha256),
        (_("Zone"), checked.zone_id or "–"),
        (_("Reference system"), f"{system['system']} · {system[f'reason_{lang}']}"),
        (_("Encoding of the texts"), ", ".join(map(encodings.label, _encodings(checked))) or "–"),
        (_("Rules as of"), i18n.iso_date(checked.on.isoformat(), "day", lang)),
        (_("Version of the rules"), rules.version()),
        (_("SHA-256 of the findings"), checked.findings_hash),
    ]


def _encodings(checked: Checked) -> list[str]:
    return list(dict.fromkeys(checked.reading["encodings"].values()))


def _json(checked: Checked, _lang: str) -> bytes:
    """Both languages stand in JSON: the reader is a program."""
    system = checked.reading["system"]
    content = {
        "submission": {
            "file": checked.file,
            "sha256": checked.sha256,
            "zone": checked.zone_id,
            "rules_date": checked.on.isoformat(),
            "rules_version": rules.version(),
            "findings_sha256": checked.findings_hash,
            "crs_reason_vi": system["reason_vi"],
            "crs_reason_en": system["reason_en"],
        },
        "crs": system["system"],
        "encoding": ", ".join(_encodings(checked)),
        "plots": len(checked.plots),
        "problems": checked.reading["problems"],
        "findings": rules.as_records(checked.findings),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _csv(checked: Checked, lang: str) -> bytes:
    return exports.csv_bytes(tables.finding_table(checked.findings, lang))


def _geopackage(checked: Checked, lang: str) -> bytes:
    return tables.geopackage(
        checked.plots,
        tables.plot_table(checked.plots, checked.findings, lang),
        checked.findings,
        tables.finding_table(checked.findings, lang),
        evidence(checked, lang),
    )


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
    table = tables.finding_table(checked.findings, lang).iloc[:, :_PAGE_COLUMNS]
    counts = [
        (outcomes.result_name(name, lang), i18n.number(summary["counts"][name], lang)) for name in outcomes.RESULTS
    ]
    text = sheets.template("checked", lang).render(
        lang=lang,
        file=checked.file,
        counts=counts,
        by_rule=by_rule,
        evidence=evidence(checked, lang),
        problems=[Problem(**problem).message(lang) for problem in checked.reading["problems"]],
        heads=list(table.columns),
        rows=table.to_numpy(dtype=object).tolist(),
    )
    return text.encode()
