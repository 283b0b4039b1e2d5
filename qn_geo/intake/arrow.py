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


def values(column: pa.ChunkedArray, *, latin1: bool) -> list[object]:
    """Return a column as texts, whole numbers, decimal numbers and None.

    Args:
        column: The column.
        latin1: Whether a text's encoding is open. GDAL then either took its bytes for Latin-1, or passed them on as
            they are, which is no valid UTF-8.
    """
    kind = column.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return _texts(column, latin1=latin1)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind):
        return [None] * len(column)
    found: list[object] = (column.cast(pa.int8()) if pa.types.is_boolean(kind) else column).to_pylist()
    if pa.types.is_integer(kind) or pa.types.is_boolean(kind):
        return found
    if pa.types.is_floating(kind):
        return [None if value != value else value for value in found]  # noqa: PLR0124 - only NaN differs from itself
    return [None if value is None else str(value) for value in found]


def _texts(column: pa.ChunkedArray, *, latin1: bool) -> list[object]:
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:  # bytes passed on as they are
        encoding = "latin-1" if latin1 else "utf-8"
        raw = column.cast(pa.binary()).to_pylist()
        return [None if value is None else value.decode(encoding, errors="replace") for value in raw]
    found: list[object] = column.to_pylist()
    return found
