"""From an offered file to a plan: everything checked, every change listed, every new file ready, nothing written."""

from __future__ import annotations

import getpass
import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from qn_geo import clock
from qn_geo.build import official
from qn_geo.errors import ImportRejectedError, QnGeoError
from qn_geo.importing import cells, drawing, merging, offers, reading, shapes
from qn_geo.importing.entries import digest
from qn_geo.importing.targets import (
    COMMUNES,
    RECORD,
    TABLES,
    csv_bytes,
    json_bytes,
    read_record,
    read_rows,
)
from qn_geo.schema import listed
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from qn_geo.importing.drawing import Drawn
    from qn_geo.importing.merging import Change, Merged
    from qn_geo.importing.offers import Offer

TABLE_SUFFIXES = {".xlsx": reading.read_workbook, ".csv": reading.read_csv}
SHAPE_SUFFIXES = frozenset({".gpkg", ".geojson", ".json"})


@dataclass
class Plan:
    """What an import would do.

    Attributes:
        file: The offered file.
        digest: Its SHA-256 when it was read.
        who: Who imports.
        changes: Every row and shape that would be added or changed.
        unchanged: Number of offered rows that say what is there already, by table or layer.
        contents: New bytes of the source files and records, by path in the data directory.
        basis: SHA-256 of each of those files when the plan was made; None where there was none.
        builds: Whether generated files must be made anew.
    """

    file: Path
    digest: str
    who: str
    changes: list[Change] = field(default_factory=list)
    unchanged: dict[str, int] = field(default_factory=dict)
    contents: dict[str, bytes] = field(default_factory=dict)
    basis: dict[str, str | None] = field(default_factory=dict)
    builds: bool = False

    def counts(self) -> dict[str, tuple[int, int, int]]:
        """Return the numbers of added, changed and unchanged rows by table or layer."""
        targets = dict.fromkeys([*(change.target for change in self.changes), *self.unchanged])
        return {
            target: (
                sum(change.target == target and change.action == "added" for change in self.changes),
                sum(change.target == target and change.action == "changed" for change in self.changes),
                self.unchanged.get(target, 0),
            )
            for target in targets
        }


def user_name() -> str:
    """Return the login name, or a word for none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container's user need not have a name
        return "?"


def prepare(file: Path, source_title: str | None = None, who: str | None = None) -> Plan:
    """Check a filled-in file and return what importing it would change. Nothing is written.

    Args:
        file: .xlsx, .csv, .gpkg or .geojson.
        source_title: Title of the document behind rows that name no source; it becomes a source of its own.
        who: Name kept in the history; the login name by default.

    Raises:
        ImportRejectedError: With every complaint.
        QnGeoError: If the file cannot be read at all.
    """
    data_dir = settings().data_dir
    offer = _read(file, data_dir)
    source_id = _add_source(data_dir, offer, source_title)
    merged = merging.merge_tables(data_dir, offer, source_id)
    drawn = drawing.draw(data_dir, offer, source_id, clock.today().isoformat())
    if offer.problems:
        ordered = sorted(offer.problems, key=lambda problem: (problem.file or "", problem.row or 0))
        raise ImportRejectedError(list(dict.fromkeys(ordered)), file=file.name)
    plan = Plan(file, digest(file) or "", who or user_name())
    for result in merged.values():
        _plan_table(plan, data_dir, result)
    if drawn.changes:
        _plan_shapes(plan, data_dir, drawn)
    plan.unchanged |= {f"{layer}.geojson": count for layer, count in drawn.unchanged.items()}
    if source_title and all(change.target == "sources" and change.id == source_id for change in plan.changes):
        return Plan(file, plan.digest, plan.who, unchanged=plan.unchanged)  # a source that nothing would name
    plan.basis = {path: digest(data_dir / path) for path in plan.contents}
    return plan


def _read(file: Path, data_dir: Path) -> Offer:
    """Read a file by its kind.

    Raises:
        QnGeoError: If it is of no kind we take, cannot be read, or holds nothing.
    """
    reading.check_size(file)
    suffix = file.suffix.casefold()
    if suffix in SHAPE_SUFFIXES:
        offer = shapes.read_shapes(file, data_dir)
    elif suffix in TABLE_SUFFIXES:
        offer = TABLE_SUFFIXES[suffix](file, data_dir)
    else:
        kinds = ", ".join([*TABLE_SUFFIXES, *sorted(SHAPE_SUFFIXES)])
        raise offers.unusable(
            file,
            f"không nhận tệp {suffix or 'không có phần mở rộng'}.",
            f"{suffix or 'a file without extension'} is not accepted.",
            f"dùng {kinds}.",
            f"use {kinds}.",
        )
    if not (offer.problems or any(offer.tables.values()) or any(offer.shapes.values())):
        raise offers.unusable(file, "không có dòng nào để nhập.", "there is no row to import.")
    return offer


def _add_source(data_dir: Path, offer: Offer, title: str | None) -> str | None:
    """Return the id of the source with this title; a new one is offered like a row of the file."""
    if not title:
        return None
    table = TABLES["sources"]
    columns, present = read_rows(data_dir, table.file)
    try:
        cell = cells.text(title)
    except cells.CellError as error:
        raise QnGeoError(
            error.vi, error.en, file="--source", remedy_vi=error.remedy_vi, remedy_en=error.remedy_en
        ) from error
    for row in present:
        if row["title"] == cell:
            return row["source_id"]
    made = {**dict.fromkeys(columns, ""), "title": cell, "date": clock.today().isoformat(), "tier": "official"}
    made["source_id"] = merging.new_id(table, made, {row["source_id"]: row for row in present})
    filled = {column: value for column, value in made.items() if value}
    offer.tables["sources"] = [*offer.tables.get("sources", []), offers.Row("--source", 1, filled)]
    return made["source_id"]


def _plan_table(plan: Plan, data_dir: Path, result: Merged) -> None:
    """Add a table, its record and its changes to the plan."""
    if result.unchanged:
        plan.unchanged[result.table.stem] = result.unchanged
    if not result.changes:
        return
    plan.changes += result.changes
    plan.builds |= result.table.builds
    changed = {change.id for change in result.changes}
    named = [result.rows[key].get("source_id", "") for key in changed] if result.table.stem != "sources" else []
    content = csv_bytes(result.columns, result.rows.values())
    record = _renewed(read_record(data_dir, result.table.file), content, len(result.rows), named)
    plan.contents[result.table.file] = content
    plan.contents[result.table.file + RECORD] = json_bytes(record)


def _renewed(record: dict[str, Any], content: bytes, rows: int, named: Iterable[str]) -> dict[str, Any]:
    """Return a record that fits new content and also names the sources of the new rows."""
    sources = {*record["sources"], *listed(*named)}
    return {
        **record,
        "sources": sorted(sources),
        "date": clock.today().isoformat(),
        "rows": rows,
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _plan_shapes(plan: Plan, data_dir: Path, drawn: Drawn) -> None:
    """Add official shapes and changed communes, with their records, to the plan."""
    plan.changes += drawn.changes
    plan.builds = True
    if drawn.communes:
        content = drawing.communes_bytes(data_dir, drawn.communes)
        record = read_record(data_dir, COMMUNES)
        plan.contents[COMMUNES] = content
        renewed = _renewed(record, content, record["rows"], drawn.commune_sources)
        plan.contents[COMMUNES + RECORD] = json_bytes(renewed)
    if any(change.target != "communes.geojson" for change in drawn.changes):
        content = drawing.official_bytes(drawn)
        plan.contents[official.LAYER.file] = content
        plan.contents[official.LAYER.file + RECORD] = json_bytes(_official_record(drawn, content))


def _official_record(drawn: Drawn, content: bytes) -> dict[str, Any]:
    layer = official.LAYER
    record = {
        "id": layer.id,
        "file": layer.file.rsplit("/", 1)[-1],
        "title_vi": layer.title_vi,
        "title_en": layer.title_en,
        "description_vi": layer.description_vi,
        "description_en": layer.description_en,
        "sources": [],
        "licence": layer.licence,
        "date": "",
        "rows": 0,
        "crs": "EPSG:4326",
        "quality": layer.quality,
        "generated": False,
        "columns": [
            {"name": item.name, "type": item.type, "unit": item.unit, "vi": item.vi, "en": item.en}
            for item in layer.columns
        ],
        "sha256": "",
    }
    return _renewed(record, content, len(drawn.shapes), (item.properties["source_id"] for item in drawn.shapes))
