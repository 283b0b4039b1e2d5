"""Findings and plots as tables for people, the same in every file that goes out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import geopandas as gpd
import pandas as pd
import shapely

from qn_geo import exports, i18n, outcomes, rules
from qn_geo.dossier import public
from qn_geo.schema import submitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_DECIMALS: Final = 2
_LISTED: Final = 200  # plots of one finding; the layer of plots names them all


def finding_table(findings: gpd.GeoDataFrame, lang: str) -> pd.DataFrame:
    """Return one row a finding, with longitude and latitude (WGS 84) of its trouble spot, and the same in VN-2000."""
    _ = i18n.translator(lang)
    records = rules.as_records(findings)
    spots = shapely.point_on_surface(findings.geometry.to_numpy())
    return pd.DataFrame(
        {
            _("Rule"): [item["rule"] for item in records],
            _("Severity"): [outcomes.severity_name(item["severity"], lang) for item in records],
            _("Plots"): [listed(item["plots"], _LISTED) for item in records],
            _("Rows of the file"): [listed(map(str, rows), _LISTED) for rows in findings["rows"]],
            _("Finding"): [item[f"message_{lang}"] for item in records],
            _("Measured"): [_rounded(item["measure"], item["unit"]) for item in records],
            _("Limit"): [_rounded(item["limit"], item["unit"]) for item in records],
            _("Unit"): [i18n.unit_name(item["unit"], lang) if item["unit"] else "" for item in records],
            _("Longitude"): [item["lon"] for item in records],
            _("Latitude"): [item["lat"] for item in records],
            _("X, north (VN-2000, m)"): shapely.get_y(spots).round(_DECIMALS),
            _("Y, east (VN-2000, m)"): shapely.get_x(spots).round(_DECIMALS),
        }
    )


def plot_table(plots: gpd.GeoDataFrame, findings: gpd.GeoDataFrame, lang: str) -> pd.DataFrame:
    """Return one row a plot: its attributes, measured area (EPSG:5899, m²), result and the rules concerned.

    Columns about persons are left out (see `qn_geo.dossier.public`), and those that are empty.
    """
    _ = i18n.translator(lang)
    table = pd.DataFrame(public(plots).drop(columns="geometry"))
    table = table.drop(columns=[name for name in submitted.FIELDS if name in table and table[name].isna().all()])
    table = table.rename(columns={name: getattr(field, lang) for name, field in submitted.FIELDS.items()})
    broken: dict[int, list[str]] = {}
    for rule, rows in zip(findings["rule"], findings["rows"], strict=True):
        for row in rows:
            broken.setdefault(row, []).append(rule)
    states = rules.summary(plots, findings)["states"]
    table[_("Measured area (m²)")] = shapely.area(plots.geometry.to_numpy()).round(1)
    table[_("Result")] = [outcomes.result_name(state, lang) for state in states]
    table[_("Rules concerned")] = [", ".join(dict.fromkeys(broken.get(row, ()))) for row in plots["row"]]
    return table


def geopackage(
    plots: gpd.GeoDataFrame,
    plot_rows: pd.DataFrame,
    findings: gpd.GeoDataFrame,
    finding_rows: pd.DataFrame,
    about: Sequence[tuple[str, str]],
    **more: pd.DataFrame,
) -> bytes:
    """Return layers `plots` and `findings` in EPSG:5899 and the table `evidence` as a GeoPackage.

    Args:
        plots: Shapes of the plots.
        plot_rows: Their columns.
        findings: Shapes of the trouble spots.
        finding_rows: Their columns.
        about: Names and values of the evidence.
        more: Other tables by name.
    """
    return exports.geopackage(
        {
            "plots": gpd.GeoDataFrame(_distinct(plot_rows), geometry=plots.geometry.to_numpy(), crs=plots.crs),
            "findings": gpd.GeoDataFrame(_distinct(finding_rows), geometry=findings.geometry.to_numpy(), crs=plots.crs),
            "evidence": pd.DataFrame(about, columns=["name", "value"]),
            **more,
        }
    )


def _distinct(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose column names differ in more than their case, as a database needs."""
    names: list[str] = []
    for name in map(str, table.columns):
        chosen, number = name, 1
        while chosen.casefold() in {other.casefold() for other in names}:
            number += 1
            chosen = f"{name} {number}"
        names.append(chosen)
    return table.set_axis(names, axis=1)


def _rounded(value: float | None, unit: str) -> float | None:
    """Return a measure as exactly as anybody needs it: lengths, such as slivers, to the millimetre."""
    return None if value is None else round(value, 3 if unit == "m" else _DECIMALS)


def listed(values: Iterable[str], most: int) -> str:
    """Return the first values as one text, and how many more there are."""
    texts = list(values)
    more = f" … (+{len(texts) - most})" if len(texts) > most else ""
    return ", ".join(texts[:most]) + more
