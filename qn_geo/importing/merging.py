"""Lay offered rows over the present tables: find the row meant, fill in what goes without saying, check references."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import pandas as pd
from rapidfuzz import process

from qn_geo.importing.cells import EMPTIED
from qn_geo.importing.targets import TABLES, Table, known_ids, number_columns, read_rows
from qn_geo.schema import SCHEMAS, ZONE_GROUPS, listed, validate
from qn_geo.search.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from qn_geo.errors import Problem
    from qn_geo.importing.offers import Offer, Row

LONGEST_SLUG: Final = 50
NUMBERED: Final = re.compile(r"(\d+)$")
PRECISION_OF_LENGTH: Final = {10: "day", 7: "month", 4: "year"}
# Below this score a guess at a mistyped id would only confuse.
GUESS_SCORE: Final = 75
SOURCE_REMEDY: Final = (
    "điền mã nguồn, hoặc thêm --source “tên văn bản”.",
    "fill in the source id, or add --source “title of the document”.",
)


@dataclass(frozen=True)
class Change:
    """One row or feature that would change: what it belongs to, its id, and column, old and new text of each cell."""

    target: str
    id: str
    action: str
    fields: tuple[tuple[str, str, str], ...]


@dataclass
class Merged:
    """A table with the offered rows laid over it."""

    table: Table
    columns: list[str]
    rows: dict[str, dict[str, str]]
    changes: list[Change] = field(default_factory=list)
    unchanged: int = 0


def merge_tables(data_dir: Path, offer: Offer, source_id: str | None) -> dict[str, Merged]:
    """Return each offered table with its changes; complaints go to `offer.problems`.

    Args:
        data_dir: The data directory.
        offer: What the file holds.
        source_id: Source of rows that name none, already among the offered sources.
    """
    merged: dict[str, Merged] = {}
    for table in TABLES.values():  # sources and zones come before what refers to them
        if rows := offer.tables.get(table.stem):
            offered = [_with_source(row, table, source_id) for row in rows]
            merged[table.stem] = _merge(data_dir, table, offered, offer.problems)
    _check_references(data_dir, merged, offer)
    return merged


def _with_source(row: Row, table: Table, source_id: str | None) -> Row:
    if source_id is None or "source_id" not in table.references or row.cells.get("source_id"):
        return row
    return replace(row, cells={**row.cells, "source_id": source_id})


def _merge(data_dir: Path, table: Table, offered: Sequence[Row], problems: list[Problem]) -> Merged:
    columns, present = read_rows(data_dir, table.file)
    result = Merged(table, columns, {row[table.key]: row for row in present})
    numbers = number_columns(data_dir, table)
    natural = {_natural(table, row): row[table.key] for row in present}
    units = {row["measure"]: row["unit"] for row in read_rows(data_dir, TABLES["measures"].file)[1]}
    seen: dict[str, int] = {}
    new_rows: list[tuple[Row, dict[str, str]]] = []
    for row in offered:
        fresh = _completed(table, _laid_over(columns, None, row.cells), units)
        key = fresh[table.key] or natural.get(_natural(table, fresh), "") or new_id(table, fresh, result.rows)
        old = result.rows.get(key)
        values = {**(_laid_over(columns, old, row.cells) if old else fresh), table.key: key}
        if key in seen and key:
            problems.append(_twice(row, table, key, seen[key]))
            continue
        seen[key] = row.line
        new_rows.append((row, values))
        _note_change(result, key, old, values, numbers)
        result.rows[key] = values
        natural.setdefault(_natural(table, values), key)
    problems += _schema_problems(table, columns, new_rows)
    return result


def _natural(table: Table, values: dict[str, str]) -> tuple[str, ...]:
    """Return what tells a row apart without its id; the id itself where the table knows no such thing."""
    return tuple(values[column] for column in table.natural or (table.key,))


def _laid_over(columns: Sequence[str], old: dict[str, str] | None, given: dict[str, str]) -> dict[str, str]:
    """Return a full row: an empty cell leaves what is there, a cell marked for clearing empties it."""
    values = {}
    for column in columns:
        cell = given.get(column, "") or (old or {}).get(column, "")
        values[column] = "" if cell == EMPTIED else cell
    return values


def _completed(table: Table, values: dict[str, str], units: dict[str, str]) -> dict[str, str]:
    """Fill in the cells of a new row that follow from others."""
    filled = dict(values)

    def default(column: str, value: str) -> None:
        if column in filled and not filled[column]:
            filled[column] = value

    default("name_en", filled.get("name_vi", ""))
    default("use_name_en", filled.get("use_name_vi", ""))
    if table.stem == "figures":
        default("kind", "actual")
        default("class", "official")
        default("unit", units.get(filled["measure"], ""))
        by_length = PRECISION_OF_LENGTH.get(len(filled["period"]), "unknown")
        default("precision", "horizon" if filled["kind"] != "actual" and by_length == "year" else by_length)
    if table.stem == "projects":
        default("counted", "no" if filled["status"] in ("revoked", "proposed") else "yes")
    if table.stem == "sources":
        default("tier", "official")
    return filled


def new_id(table: Table, values: dict[str, str], rows: dict[str, dict[str, str]]) -> str:
    """Return an id for a new row, or "" where one must be given (the schema then complains)."""
    if not table.prefix:
        return ""
    if not table.prefix.endswith("-") or table.stem == "landuse":
        numbers = [match for key in rows if key.startswith(table.prefix) and (match := NUMBERED.search(key))]
        width = max((len(match[1]) for match in numbers), default=4)
        return f"{table.prefix}{max((int(match[1]) for match in numbers), default=0) + 1:0{width}d}"
    words = re.sub(r"[^a-z0-9]+", "-", fold(values[table.natural[-1]])).strip("-")[:LONGEST_SLUG].strip("-")
    stem = f"{table.prefix}{words or 'x'}"
    return next(
        name for count in range(1, len(rows) + 2) if (name := stem if count == 1 else f"{stem}-{count}") not in rows
    )


def _twice(row: Row, table: Table, key: str, line: int) -> Problem:
    return row.problem(
        f"“{key}” đã có ở dòng {line} của tệp này.",
        f"“{key}” already stands in line {line} of this file.",
        table.key,
        "giữ một dòng.",
        "keep one of them.",
    )


def _note_change(
    result: Merged, key: str, old: dict[str, str] | None, values: dict[str, str], numbers: set[str]
) -> None:
    before = old or dict.fromkeys(result.columns, "")
    fields = tuple(
        (column, before[column], values[column])
        for column in result.columns
        if column != result.table.key and not _same(before[column], values[column], number=column in numbers)
    )
    if old is not None and not fields:
        result.unchanged += 1
    else:
        result.changes.append(Change(result.table.stem, key, "added" if old is None else "changed", fields))


def _same(old: str, new: str, *, number: bool) -> bool:
    if old == new:
        return True
    if not (number and old and new):
        return False
    try:
        return float(old) == float(new)
    except ValueError:
        return False  # what is there is no number; the new one mends it


def _schema_problems(table: Table, columns: Sequence[str], rows: Iterable[tuple[Row, dict[str, str]]]) -> list[Problem]:
    """Hold the new and changed rows against the table's schema, sheet by sheet."""
    by_place: dict[str, list[tuple[Row, dict[str, str]]]] = {}
    for row, values in rows:
        by_place.setdefault(row.place, []).append((row, values))
    problems: list[Problem] = []
    for place, group in by_place.items():
        cells = {column: [values[column] or None for _row, values in group] for column in columns}
        frame = pd.DataFrame(cells, dtype="str")
        lines = [row.line for row, _values in group]
        problems += validate(SCHEMAS[f"{table.stem}.csv"], frame, file=place, lines=lines)[1]
    return [
        replace(item, remedy_vi=SOURCE_REMEDY[0], remedy_en=SOURCE_REMEDY[1]) if item.column == "source_id" else item
        for item in problems
    ]


def _check_references(data_dir: Path, merged: dict[str, Merged], offer: Offer) -> None:
    """Complain about ids that no table knows, neither the present ones nor those in the same file."""
    known: dict[str, set[str]] = {}
    for stem, result in merged.items():
        for column, target in result.table.references.items():
            if target not in known:
                known[target] = set(merged[target].rows) if target in merged else known_ids(data_dir, target)
            allowed = known[target] | (_places(data_dir) if column == "zone_id" else set())
            for row in offer.tables[stem]:
                offer.problems += unknown_ids(row, column, row.cells.get(column, ""), allowed)
    _check_units(data_dir, merged, offer)


def unknown_ids(row: Row, column: str, cell: str, known: set[str]) -> list[Problem]:
    """Return a complaint for every id of a cell that is not known, with the nearest known one as a guess."""
    problems = []
    for name in listed(cell):
        if name == EMPTIED or name in known:
            continue
        guess = process.extractOne(name, known, score_cutoff=GUESS_SCORE)
        remedy = (f"có phải “{guess[0]}”?", f"did you mean “{guess[0]}”?") if guess else ("", "")
        problems.append(row.problem(f"không có mã “{name}”.", f"there is no “{name}”.", column, *remedy))
    return problems


def _places(data_dir: Path) -> set[str]:
    """Return what else figures may be about: the whole city, the groups, and the districts already in use."""
    used = {row["zone_id"] for row in read_rows(data_dir, TABLES["figures"].file)[1]}
    return {*ZONE_GROUPS, *(name for name in used if name.startswith("area-"))}


def _check_units(data_dir: Path, merged: dict[str, Merged], offer: Offer) -> None:
    """Complain about figures whose unit is not that of their measure: the two would be drawn on one axis."""
    if "figures" not in merged:
        return
    measures = (
        merged["measures"].rows.values() if "measures" in merged else read_rows(data_dir, "zones/measures.csv")[1]
    )
    units = {row["measure"]: row["unit"] for row in measures}
    for row in offer.tables["figures"]:
        given, wanted = row.cells.get("unit"), units.get(row.cells.get("measure", ""))
        if given and wanted and given != wanted:
            offer.problems.append(
                row.problem(
                    f"đơn vị của chỉ tiêu này là {wanted}, không phải {given}.",
                    f"the unit of this measure is {wanted}, not {given}.",
                    "unit",
                    "đổi giá trị sang đơn vị đó, hoặc để trống cột unit.",
                    "convert the value, or leave the unit empty.",
                )
            )
