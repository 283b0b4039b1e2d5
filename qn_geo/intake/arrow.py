"""Columns of Arrow tables, in which GDAL and Parquet files are read, as lists."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa


def wkb(table: pa.Table, column: str) -> Any:
    """Return the geometries of a table as bytes, None where there are none."""
    if column not in table.column_names:
        return np.full(table.num_rows, None, dtype=object)
    return table[column].cast(pa.binary()).to_numpy()


def is_text(column: pa.ChunkedArray) -> bool:
    """Whether a column holds texts."""
    return bool(pa.types.is_string(column.type) or pa.types.is_large_string(column.type))


def is_valid(table: pa.Table) -> bool:
    """Whether all texts are UTF-8, as Arrow has it; GDAL can pass on bytes as they are."""
    try:
        for column in table.columns:
            if is_text(column):
                column.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def values(column: pa.ChunkedArray, *, valid: bool = True) -> list[object]:
    """Return a column as texts, whole numbers, decimal numbers and None; binary columns come empty.

    Args:
        column: The column.
        valid: False to read the bytes of texts as Latin-1.
    """
    kind = column.type
    if is_text(column) and not valid:
        return [None if raw is None else raw.decode("latin-1") for raw in column.cast(pa.binary()).to_pylist()]
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [None] * len(column)
    found: list[object] = (column.cast(pa.int8()) if pa.types.is_boolean(kind) else column).to_pylist()
    if is_text(column) or pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return found
    if pa.types.is_floating(kind):
        return [None if value != value else value for value in found]  # noqa: PLR0124 - only NaN differs from itself
    return [None if value is None else str(value) for value in found]
