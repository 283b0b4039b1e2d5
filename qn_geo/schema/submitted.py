"""The plots of a submission: one frame, the same whatever file they came from.

Rows are plots, in the order of the file. Geometry is a Polygon or MultiPolygon (or None) in EPSG:5899, x east and
y north, metres. Columns that the file lacks are there all the same, empty. Columns of the file that mean none of
these keep their own name behind `x_`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa

from qn_geo.crs import TM3

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Field:
    """One column.

    Attributes:
        dtype: pandas dtype: "str", "float64" or "int64".
        unit: Unit of a number, as in `qn_geo.i18n`; empty for text.
        vi: What it is called in Vietnamese.
        en: The same in English.
    """

    dtype: str
    unit: str
    vi: str
    en: str


FIELDS: Final[Mapping[str, Field]] = {
    "row": Field("int64", "", "Dòng trong tệp", "Row of the file"),
    "plot_id": Field("str", "", "Mã lô", "Plot id"),
    "sheet_no": Field("str", "", "Số tờ", "Sheet"),
    "parcel_no": Field("str", "", "Số thửa", "Parcel"),
    "old_sheet_no": Field("str", "", "Số tờ cũ", "Former sheet"),
    "old_parcel_no": Field("str", "", "Số thửa cũ", "Former parcel"),
    "area_m2": Field("float64", "m2", "Diện tích ghi", "Recorded area"),
    "area_legal_m2": Field("float64", "m2", "Diện tích pháp lý", "Area by papers"),
    "landuse_code": Field("str", "", "Loại đất", "Land use"),
    "commune_code": Field("str", "", "Mã xã", "Commune code"),
    "address": Field("str", "", "Địa chỉ", "Address"),
    "holder": Field("str", "", "Người sử dụng đất", "Land user"),
    "source_id": Field("str", "", "Mã trong tệp", "Id in the file"),
    "density_pct": Field("float64", "pct", "Mật độ xây dựng", "Building density"),
    "green_pct": Field("float64", "pct", "Tỷ lệ cây xanh", "Green share"),
    "floors": Field("float64", "", "Số tầng", "Floors"),
    "height_m": Field("float64", "m", "Chiều cao", "Height"),
    "setback_m": Field("float64", "m", "Khoảng lùi", "Setback"),
}
"""Canonical columns, in the order of the frame; geometry comes last."""

PERSONAL: Final = ("holder", "address")
"""Columns about persons: dropped from screens and exports unless a setting allows them."""

OWN: Final = "x_"
"""What stands before the name of a column that only the file knows."""


def _texts(given: Sequence[object] | None, count: int) -> object:
    """Return a column of texts, made by Arrow, which takes half the time that pandas does."""
    kind = pa.large_string()
    return pd.array(pa.nulls(count, kind) if given is None else pa.array(given, kind, from_pandas=True), dtype="str")


def frame(
    columns: Mapping[str, Sequence[object]], geometry: Sequence[object] | NDArray[np.object_]
) -> gpd.GeoDataFrame:
    """Return plots as the frame described above.

    Args:
        columns: Values by canonical name, or by `x_` and the file's own name; canonical ones may be missing.
            `plot_id` is made where it is empty: "sheet-parcel", else the parcel, else "#" and the row. `row` counts
            from 1 by default.
        geometry: Shapely geometries in EPSG:5899, one a plot; an array is ten times as fast as a list.
    """
    count = len(geometry)
    made: dict[str, object] = {}
    for name, field in FIELDS.items():
        given = columns.get(name)
        if name == "row":
            made[name] = np.arange(1, count + 1) if given is None else np.asarray(given, dtype="int64")
        elif field.dtype == "float64":
            made[name] = np.full(count, np.nan) if given is None else np.asarray(given, dtype=float)
        else:
            made[name] = _texts(given, count)
    made |= {name: values for name, values in columns.items() if name.startswith(OWN)}
    plots = gpd.GeoDataFrame(made, geometry=np.asarray(geometry, dtype=object), crs=TM3)
    sheet, parcel = plots["sheet_no"], plots["parcel_no"]
    names: list[Callable[[], pd.Series]] = [
        lambda: sheet + "-" + parcel,
        lambda: parcel,
        lambda: "#" + plots["row"].astype("str"),
    ]
    for name_all in names:
        if plots["plot_id"].notna().all():  # naming a hundred thousand plots for nothing would take longest here
            break
        plots["plot_id"] = plots["plot_id"].where(plots["plot_id"].notna(), name_all())
    return plots
