"""GeoParquet files."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyproj import CRS
from pyproj.exceptions import CRSError

from qn_geo.errors import QnGeoError
from qn_geo.intake import arrow, limits, shapes
from qn_geo.intake.kinds import Kind
from qn_geo.intake.raw import RawLayer

if TYPE_CHECKING:
    from pathlib import Path

_CODE: Final = re.compile(r"[A-Z]+:\w+")


def read(path: Path, name: str) -> RawLayer:
    """Read a GeoParquet file; what it says of its size is checked before its content is touched."""
    try:
        with pq.ParquetFile(path) as file:
            said = file.metadata
            limits.check_features(name, said.num_rows, Kind.GEOPARQUET)
            limits.check_columns(name, len(file.schema_arrow.names))
            geo = json.loads((said.metadata or {}).get(b"geo", b"null"))
            table = file.read() if isinstance(geo, dict) else None
        if table is None:
            raise _no_geometry(name)
        column, told = _primary(geo)
        if pa.types.is_binary(table[column].type) or pa.types.is_large_binary(table[column].type):
            geometry, problems, _same = shapes.decode(arrow.wkb(table, column), name)
        else:
            frame = gpd.read_parquet(path, columns=[column])
            geometry, problems = shapes.clean(np.asarray(frame[column]), name)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, pa.ArrowKeyError, OSError, ValueError, KeyError) as error:
        raise shapes.unreadable(path, name, error) from error
    valid = arrow.is_valid(table)
    others = [other for other in table.column_names if other != column]
    return RawLayer(
        name="",
        kind=Kind.GEOPARQUET,
        fields={other: arrow.values(table[other], valid=valid) for other in others},
        geometry=geometry,
        rows=list(range(1, table.num_rows + 1)),
        system=told,
        encoding="utf-8" if valid else None,
        fonts=[],
        problems=problems,
    )


def _primary(geo: dict[str, Any]) -> tuple[str, str | None]:
    """Return the geometry column and its system from the metadata of GeoParquet.

    Raises:
        ValueError: If they are not what the standard says.
    """
    column = geo.get("primary_column")
    columns = geo.get("columns")
    about = columns.get(column) if isinstance(columns, dict) and isinstance(column, str) else None
    if not isinstance(column, str) or not isinstance(about, dict):
        raise ValueError("geo metadata")  # noqa: TRY004 - the content is wrong, not a call
    if "crs" not in about:
        return column, "EPSG:4326"  # by the standard: WGS 84, longitude first
    if about["crs"] is None:
        return column, None
    try:
        system = CRS.from_user_input(about["crs"])
    except CRSError:
        return column, None
    authority = system.to_authority()
    code = ":".join(authority) if authority else ""
    code = "EPSG:4326" if code == "OGC:CRS84" else code
    return column, code if _CODE.fullmatch(code) else system.to_wkt()


def _no_geometry(name: str) -> QnGeoError:
    return QnGeoError(
        "tệp Parquet không có cột hình (không phải GeoParquet).",
        "the Parquet file has no geometry column (it is no GeoParquet).",
        file=name,
        remedy_vi="xuất lại dạng GeoParquet hoặc GeoPackage.",
        remedy_en="export it again as GeoParquet or GeoPackage.",
    )
