"""Small submissions to try things with; the review folder they go into is a fixture of `review_fixtures`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import geopandas as gpd

from qn_geo import dossier
from qn_geo.decisions import Identity
from tests.small_plots import grid, numbered

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

LAN = Identity("Trần Thị Lan", verified=False)


def package(
    path: Path,
    *,
    areas: Sequence[tuple[int, float]] = (),
    parcels: Sequence[tuple[int, str]] = (),
    codes: Sequence[tuple[int, str]] = (),
    count: tuple[int, int] = (4, 3),
) -> Path:
    """A GeoPackage of plots beside each other; recorded areas, parcel numbers and land use as given, by place."""
    plots = numbered(grid(*count))
    columns = {"SoTo": "sheet_no", "SoThua": "parcel_no", "DienTich": "area_m2", "MDSD": "landuse_code"}
    frame = gpd.GeoDataFrame({own: plots[name] for own, name in columns.items()}, geometry=plots.geometry, crs=5899)
    frame["TenChu"], frame["CCCD"], frame["Ghi chú lô"] = "Nguyễn Văn A", "022099001234", "A"
    for column, changes in (("DienTich", areas), ("SoThua", parcels), ("MDSD", codes)):
        for row, value in changes:
            frame.loc[row, column] = value
    frame.to_file(path)
    return path


def submitted(path: Path, zone_id: str | None = None) -> str:
    """Id of a submission of a file, its plots read."""
    case = dossier.receive(path, LAN, zone_id, note="lần đầu")
    dossier.place(case.id)
    return case.id
