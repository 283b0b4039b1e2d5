"""Write a generated layer and its record so that the same input always gives the same bytes."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import shapely

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

# Six decimals of a degree are about a decimetre: finer than any of our shapes, coarse enough to read in a diff.
DECIMALS = 6
# The day the data were compiled. Records carry it, not the day of the build, or no build would repeat another.
COMPILED = "2026-11-23"
OWN_LICENCE = "CC-BY-4.0"


@dataclass(frozen=True)
class Column:
    """One property of a layer: type is string, integer, number or date; unit is from the closed list or None."""

    name: str
    type: str
    vi: str
    en: str
    unit: str | None = None


@dataclass(frozen=True)
class Layer:
    """What a record says about a generated layer besides its rows. `file` is relative to the data directory."""

    id: str
    file: str
    title_vi: str
    title_en: str
    description_vi: str
    description_en: str
    quality: str
    columns: tuple[Column, ...]
    licence: str = OWN_LICENCE


@dataclass(frozen=True)
class Feature:
    """Properties and a WGS 84 geometry (see `plane.to_file`), in the order they are written."""

    properties: Mapping[str, Any]
    geometry: BaseGeometry


def write_layer(
    data_dir: Path,
    layer: Layer,
    features: Sequence[Feature],
    sources: Iterable[str],
    notes: Mapping[str, Mapping[str, str]] | None = None,
) -> list[Path]:
    """Write a layer and its record.

    Args:
        data_dir: The data directory.
        layer: What the record says.
        features: Rows, already sorted by id; properties must be exactly the layer's columns.
        sources: Source ids; written once each, in order.
        notes: Remarks on single rows, {row id: {"vi": ..., "en": ...}}, kept in the record.

    Returns:
        The two files written.

    Raises:
        ValueError: A feature's properties are not the layer's columns.
    """
    path = data_dir / layer.file
    content = feature_collection(layer, features)
    record = _record(layer, features, list(dict.fromkeys(sources)), content, notes)
    record_path = path.with_name(path.name + ".record.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    record_path.write_bytes((json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode())
    return [path, record_path]


def feature_collection(layer: Layer, features: Sequence[Feature]) -> bytes:
    """Return GeoJSON with one feature a line.

    Raises:
        ValueError: A feature's properties are not the layer's columns.
    """
    names = [column.name for column in layer.columns]
    lines = []
    for feature in features:
        if list(feature.properties) != names:
            raise ValueError(f"{layer.id}: {list(feature.properties)} are not the columns {names}")
        item = {
            "type": "Feature",
            "properties": {name: _plain(value) for name, value in feature.properties.items()},
            "geometry": _geometry(feature.geometry),
        }
        lines.append(json.dumps(item, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
    body = ",\n".join(lines)
    return f'{{"type":"FeatureCollection","name":"{layer.id}","features":[\n{body}\n]}}\n'.encode()


def _record(
    layer: Layer,
    features: Sequence[Feature],
    sources: list[str],
    content: bytes,
    notes: Mapping[str, Mapping[str, str]] | None,
) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": layer.id,
        "file": layer.file.rsplit("/", 1)[-1],
        "title_vi": layer.title_vi,
        "title_en": layer.title_en,
        "description_vi": layer.description_vi,
        "description_en": layer.description_en,
        "sources": sources,
        "licence": layer.licence,
        "date": COMPILED,
        "rows": len(features),
        "crs": "EPSG:4326",
        "quality": layer.quality,
        "generated": True,
        "columns": [{"name": c.name, "type": c.type, "unit": c.unit, "vi": c.vi, "en": c.en} for c in layer.columns],
    }
    if notes:
        record["notes"] = {key: dict(notes[key]) for key in sorted(notes)}
    record["sha256"] = hashlib.sha256(content).hexdigest()
    return record


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        if math.isnan(value):
            return None
        if value.is_integer():
            return int(value)
    return value


def _geometry(geometry: BaseGeometry) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(shapely.to_geojson(geometry))
    return {"type": parsed["type"], "coordinates": _rounded(parsed["coordinates"])}


def _rounded(value: Any) -> Any:
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return round(value, DECIMALS)
