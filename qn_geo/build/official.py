"""Official geometry that an authority brought in: it takes the place of what the build would draw.

`zones/official.geojson` is written by `data import` and read by the build; without an import there is none. A zone,
link, centre or commune is replaced one by one. Land-use cells and plots are replaced as a set: the official cells of a
zone and horizon, or the official plots of a park, stand instead of all that the build would make there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from shapely.errors import GEOSException
from shapely.geometry import shape

from qn_geo.build.writing import Column, Layer
from qn_geo.errors import DataFileError

if TYPE_CHECKING:
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

LAYER = Layer(
    id="official",
    file="zones/official.geojson",
    title_vi="Hình chính thức đã nhập",
    title_en="Official shapes brought in",
    description_vi="Ranh, tuyến, điểm, ô đất và lô đất do cơ quan có thẩm quyền cung cấp, nhập bằng lệnh data import; "
    "thay cho hình do chúng tôi dựng.",
    description_en="Outlines, lines, points, land-use cells and plots from the authority, brought in by data import; "
    "they take the place of the shapes we made.",
    quality="official",
    licence="",
    columns=(
        Column("layer", "string", "Lớp được thay", "Layer it replaces a shape of"),
        Column("feature_id", "string", "Mã đối tượng trong lớp", "Id of the feature in that layer"),
        Column("zone_id", "string", "Mã khu (ô đất, lô đất)", "Zone id (land-use cells, plots)"),
        Column("horizon", "string", "Kỳ quy hoạch (ô đất)", "Plan horizon (land-use cells)"),
        Column("use_code", "string", "Mã loại đất", "Land-use code"),
        Column("sheet", "string", "Số tờ bản đồ (lô đất)", "Map sheet number (plots)"),
        Column("parcel", "string", "Số thửa (lô đất)", "Parcel number (plots)"),
        Column("status", "string", "Tình trạng lô đất", "Status of a plot"),
        Column("sector", "string", "Ngành của đơn vị thuê (lô đất)", "Sector of the tenant (plots)"),
        Column("source_id", "string", "Mã tài liệu", "Id of the document"),
        Column("date", "date", "Ngày nhập", "Day it was brought in"),
    ),
)


NOTHING: Final = dict.fromkeys(column.name for column in LAYER.columns)


@dataclass(frozen=True)
class Official:
    """One official shape, in WGS 84, with the properties of `LAYER`."""

    properties: dict[str, Any]
    geometry: BaseGeometry

    @property
    def id(self) -> str:
        """Id of the feature in its layer."""
        return str(self.properties["feature_id"])


def read(data_dir: Path, layer: str | None = None) -> list[Official]:
    """Return the official shapes, of one layer or of all; an empty list when none was ever brought in.

    Raises:
        DataFileError: The file is there and cannot be read.
    """
    path = data_dir / LAYER.file
    if not path.exists():
        return []
    try:
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        shapes = [Official({**NOTHING, **feature["properties"]}, shape(feature["geometry"])) for feature in features]
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, GEOSException) as error:
        raise DataFileError(
            f"Không đọc được: {error}.",
            f"Cannot be read: {error}.",
            file=LAYER.file,
            remedy_vi="chạy: python -m qn_geo data history, rồi khôi phục về trước lần nhập cuối.",
            remedy_en="run: python -m qn_geo data history, then restore the state before the last import.",
        ) from error
    return [item for item in shapes if layer in (None, item.properties.get("layer"))]


def overrides(data_dir: Path, layer: str) -> dict[str, BaseGeometry]:
    """Return official geometry (WGS 84) by feature id for a layer replaced one by one: zones, transport, logistics."""
    return {item.id: item.geometry for item in read(data_dir, layer)}


def pieces(data_dir: Path, layer: str) -> dict[tuple[str, str], list[Official]]:
    """Return the official pieces of `landuse` or `plots`, by (zone_id, horizon); the horizon of plots is "".

    Every key found here means: leave out all generated pieces of that zone and horizon, and take these.
    """
    found: dict[tuple[str, str], list[Official]] = {}
    for item in read(data_dir, layer):
        key = str(item.properties["zone_id"]), str(item.properties["horizon"] or "")
        found.setdefault(key, []).append(item)
    return found


def sources(data_dir: Path, layer: str) -> list[str]:
    """Return the ids of the documents behind a layer's official shapes, to be added to its record."""
    return list(dict.fromkeys(str(item.properties["source_id"]) for item in read(data_dir, layer)))
