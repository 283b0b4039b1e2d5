"""Lay offered official shapes over the present ones: what is replaced, by what, and the files that say so."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import shapely
from shapely.geometry import mapping

from qn_geo import crs
from qn_geo.build import official
from qn_geo.build.writing import DECIMALS, Feature, feature_collection
from qn_geo.importing.merging import SOURCE_REMEDY, Change, unknown_ids
from qn_geo.importing.targets import (
    COMMUNES,
    SHAPE_LAYERS,
    ShapeLayer,
    geometry_of,
    known_ids,
    read_features,
    read_geometries,
    read_json,
)
from qn_geo.schema import words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from shapely.geometry.base import BaseGeometry

    from qn_geo.importing.offers import Offer, ShapeRow

M2_PER_HA: Final = 10_000
# Two vertices nearer than this are the same vertex: the files carry six decimals.
TOLERANCE: Final = 10.0**-DECIMALS
# Columns of a piece -> table whose ids it may hold.
REFERENCES: Final = {"zone_id": "zones", "use_code": "landuse_codes", "sector": "sectors"}
# What an address of the app may name as a plot.
PLOT_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,79}")
NEEDED: Final = {"landuse": ("zone_id", "horizon", "use_code"), "plots": ("zone_id",)}


@dataclass
class Drawn:
    """The official shapes after the import, with what changed; communes are kept in their own file."""

    shapes: list[official.Official] = field(default_factory=list)
    communes: dict[str, BaseGeometry] = field(default_factory=dict)
    commune_sources: set[str] = field(default_factory=set)
    changes: list[Change] = field(default_factory=list)
    unchanged: dict[str, int] = field(default_factory=dict)


def draw(data_dir: Path, offer: Offer, source_id: str | None, day: str) -> Drawn:
    """Return all official shapes with the offered ones in their places; complaints go to `offer.problems`."""
    drawn = Drawn(official.read(data_dir))
    for name, rows in offer.shapes.items():
        layer = SHAPE_LAYERS[name]
        sound = _sound_rows(data_dir, layer, rows, source_id, offer)
        offered = [_official(layer, row, source_id, day) for row in sound]
        if layer.parts:
            _replace_pieces(data_dir, layer, offered, drawn)
        elif name == "communes":
            _replace_communes(data_dir, offered, drawn)
        else:
            _replace_singly(data_dir, layer, offered, drawn)
    drawn.shapes.sort(key=lambda item: (item.properties["layer"], item.id))
    return drawn


def _sound_rows(
    data_dir: Path, layer: ShapeLayer, rows: Sequence[ShapeRow], source_id: str | None, offer: Offer
) -> list[ShapeRow]:
    """Check ids and the columns of cells and plots; give cells without an id one."""
    seen: dict[str, int] = {}
    before = len(offer.problems)
    lookups = {column: known_ids(data_dir, stem) for column, stem in REFERENCES.items()} if layer.parts else {}
    known = known_ids(data_dir, layer.table) if layer.table else None
    sources = known_ids(data_dir, "sources") | ({source_id} if source_id else set())
    for row in rows:
        if layer.layer == "landuse" and layer.key not in row.cells:
            zone, horizon = (row.cells.get(column, "") for column in ("zone_id", "horizon"))
            row.cells[layer.key] = f"{zone}-{horizon}-official-{row.line:04d}"
        key = row.cells.get(layer.key, "")
        if not key:
            offer.problems.append(row.problem("thiếu mã.", "the id is missing.", layer.key))
        elif key in seen:
            text = f"“{key}” đã có ở dòng {seen[key]}.", f"“{key}” already stands in row {seen[key]}."
            offer.problems.append(row.problem(*text, layer.key))
        elif known is not None:
            offer.problems += unknown_ids(row, layer.key, key, known)
        seen.setdefault(key, row.line)
        offer.problems += unknown_ids(row, "source_id", row.cells.get("source_id", ""), sources)
        if not (row.cells.get("source_id") or source_id):
            offer.problems.append(row.problem("chưa ghi nguồn.", "no source is named.", "source_id", *SOURCE_REMEDY))
        for column, ids in lookups.items():
            offer.problems += unknown_ids(row, column, row.cells.get(column, ""), ids)
        _check_piece(layer, row, offer)
    return [] if len(offer.problems) > before else list(rows)


def _check_piece(layer: ShapeLayer, row: ShapeRow, offer: Offer) -> None:
    """Check the cells a land-use cell or a plot must have."""
    for column in NEEDED.get(layer.layer, ()):
        if not row.cells.get(column):
            offer.problems.append(row.problem("không được để trống.", "must not be empty.", column))
    status = row.cells.get("status", "")
    if status and status not in words.values(words.PlotStatus):
        known = ", ".join(words.values(words.PlotStatus))
        offer.problems.append(
            row.problem(f"“{status}” không thuộc: {known}.", f"“{status}” is not one of: {known}.", "status")
        )
    plot = row.cells.get("plot_id", "") if layer.layer == "plots" else ""
    if plot and not PLOT_ID.fullmatch(plot):
        offer.problems.append(
            row.problem(
                f"“{plot[:80]}” không dùng làm mã lô được.",
                f"“{plot[:80]}” cannot be the id of a plot.",
                "plot_id",
                "dùng chữ không dấu, số, dấu chấm, gạch; bắt đầu bằng chữ hoặc số; tối đa 80 ký tự.",
                "use letters without accents, digits, dots, hyphens; begin with a letter or digit; 80 at most.",
            )
        )
    for column in ("horizon", "sheet", "parcel"):
        cell = row.cells.get(column, "")
        if cell and not cell.isdecimal():
            offer.problems.append(
                row.problem(f"“{cell}” không phải là số nguyên.", f"“{cell}” is not a whole number.", column)
            )


def _official(layer: ShapeLayer, row: ShapeRow, source_id: str | None, day: str) -> official.Official:
    properties: dict[str, Any] = {column.name: row.cells.get(column.name) for column in official.LAYER.columns}
    properties |= {"layer": layer.layer, "feature_id": row.cells[layer.key], "date": day}
    properties["source_id"] = row.cells.get("source_id") or source_id
    if not layer.parts:
        properties["zone_id"] = None
    rounded = shapely.set_precision(row.geometry, TOLERANCE, mode="pointwise")
    if not rounded.is_valid:  # vertices nearer than a decimetre can meet; then neighbouring ones may move as well
        rounded = shapely.set_precision(row.geometry, TOLERANCE)
    return official.Official(properties, rounded)


def _told(item: official.Official) -> dict[str, Any]:
    """Return what an official shape says, without the day it came in."""
    return {name: value for name, value in item.properties.items() if name != "date"}


def _equal(one: official.Official, other: official.Official) -> bool:
    return _told(one) == _told(other) and bool(one.geometry.equals_exact(other.geometry, TOLERANCE))


def size(geometry: BaseGeometry) -> str:
    """Return area, length or position of a geometry for the preview, computed in EPSG:5899."""
    if geometry.geom_type.endswith("Polygon"):
        return f"{crs.plane_area_m2(geometry) / M2_PER_HA:.1f} ha"
    if geometry.geom_type.endswith("LineString"):
        return f"{crs.plane_length_m(geometry) / 1000:.2f} km"
    return "{:.5f} {:.5f}".format(*shapely.get_coordinates(geometry)[0])


def _layer_features(data_dir: Path, layer: ShapeLayer) -> dict[str, dict[str, Any]]:
    file = f"zones/{layer.layer}.geojson"
    if not (data_dir / file).exists():
        return {}
    return read_features(data_dir, file, layer.key)


def _replace_singly(data_dir: Path, layer: ShapeLayer, offered: Sequence[official.Official], drawn: Drawn) -> None:
    """Put official shapes in the place of the layer's own, feature by feature."""
    present = {item.id: item for item in drawn.shapes if item.properties["layer"] == layer.layer}
    shown = _layer_features(data_dir, layer)
    for item in offered:
        old = present.get(item.id)
        if old is not None and _equal(old, item):
            drawn.unchanged[layer.layer] = drawn.unchanged.get(layer.layer, 0) + 1
            continue
        before = ""
        if item.id in shown:
            quality = shown[item.id]["properties"].get("quality") or ""
            before = f"{quality} {size(geometry_of(shown[item.id], f'zones/{layer.layer}.geojson'))}".strip()
        change = ("geometry", before, f"official {size(item.geometry)}")
        drawn.changes.append(Change(f"{layer.layer}.geojson", item.id, "changed" if before else "added", (change,)))
        present[item.id] = item
    others = [item for item in drawn.shapes if item.properties["layer"] != layer.layer]
    drawn.shapes = [*others, *present.values()]


def _replace_pieces(data_dir: Path, layer: ShapeLayer, offered: Sequence[official.Official], drawn: Drawn) -> None:
    """Put official cells or plots in the place of all pieces of the same zone and horizon."""
    horizon = "horizon" if layer.layer == "landuse" else ""

    def key(properties: dict[str, Any]) -> tuple[str, str]:
        return str(properties.get("zone_id") or ""), str(properties.get(horizon) or "") if horizon else ""

    groups: dict[tuple[str, str], list[official.Official]] = {}
    for item in offered:
        groups.setdefault(key(item.properties), []).append(item)
    shown = [feature["properties"] for feature in _layer_features(data_dir, layer).values()]
    for group, items in groups.items():
        old = [
            item for item in drawn.shapes if item.properties["layer"] == layer.layer and key(item.properties) == group
        ]
        by_id = {item.id: item for item in old}
        if len(old) == len(items) and all(item.id in by_id and _equal(by_id[item.id], item) for item in items):
            drawn.unchanged[layer.layer] = drawn.unchanged.get(layer.layer, 0) + len(items)
            continue
        there = [str(row.get("quality") or "") for row in shown if key(row) == group]
        before = ", ".join(f"{there.count(quality)} {quality}" for quality in sorted(set(there)))
        named = "/".join(part for part in group if part)
        change = ("geometry", before, f"{len(items)} official")
        drawn.changes.append(Change(f"{layer.layer}.geojson", named, "changed" if there else "added", (change,)))
        drawn.shapes = [item for item in drawn.shapes if item not in old] + items


def _replace_communes(data_dir: Path, offered: Sequence[official.Official], drawn: Drawn) -> None:
    shown = read_geometries(data_dir, COMMUNES, "code")
    for item in offered:
        old = shown[item.id]
        if old.equals_exact(item.geometry, TOLERANCE):
            drawn.unchanged["communes"] = drawn.unchanged.get("communes", 0) + 1
            continue
        change = ("geometry", size(old), f"official {size(item.geometry)}")
        drawn.changes.append(Change("communes.geojson", item.id, "changed", (change,)))
        drawn.communes[item.id] = item.geometry
        drawn.commune_sources.add(item.properties["source_id"])


def official_bytes(drawn: Drawn) -> bytes:
    """Return `official.geojson`."""
    return feature_collection(official.LAYER, [Feature(item.properties, item.geometry) for item in drawn.shapes])


def communes_bytes(data_dir: Path, geometries: dict[str, BaseGeometry]) -> bytes:
    """Return `communes.geojson` with some outlines replaced, all else as it was."""
    content = read_json(data_dir, COMMUNES)
    for feature in content["features"]:
        code = feature["properties"]["code"]
        if code in geometries:
            feature["geometry"] = mapping(geometries[code])
    lines = [json.dumps(item, ensure_ascii=False, separators=(",", ":")) for item in content["features"]]
    head = json.dumps({key: value for key, value in content.items() if key != "features"}, separators=(",", ":"))
    body = ",\n".join(lines)
    return f'{head[:-1]},"features":[\n{body}\n]}}\n'.encode()
