"""The only reader of data files: tables as frames, layers as geometry, each read once per version of its file.

What comes back is shared by all sessions. Frames are handed out as pandas' lazy copies, so adding a column to one
changes nobody else's; geometry objects themselves are shared and must not be altered. A file that is missing, damaged
or against its schema raises `DataFileError`; nothing here depends on any other file, so the rest goes on working.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from qn_geo import schema
from qn_geo.crs import WGS84
from qn_geo.errors import DataFileError, Problem
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_FILES_KEPT: Final = 48  # twice the number of data files: the present version and the one before
_HASH_LENGTH: Final = 12  # of 64 hexadecimal digits; enough to tell versions of one file apart
_FIRST_FEATURE_LINE: Final = 2  # one feature a line, after the line that opens the collection


class _Version(NamedTuple):
    """Identity of a file's content, as cheap to ask for as a look at the folder."""

    path: Path
    modified_ns: int
    size: int


# One lock for all: a file is read once even when many sessions ask for it in the same moment, and a hit costs
# microseconds. The longest read (the plots) takes about a tenth of a second, once per version.
_LOCK: Final = threading.RLock()


def table(stem: str) -> pd.DataFrame:
    """Return a table: text columns as str, whole numbers as Int64, numbers as float64, unknown cells missing.

    Args:
        stem: File name without ending, such as "zones"; a record id of a table is understood too.

    Raises:
        DataFileError: If the table is unknown, missing, damaged or against its schema.
    """
    name = f"{stem.removesuffix('-table').replace('-', '_')}.csv"
    with _LOCK:
        frame: pd.DataFrame = _table(_version(name)).copy(deep=False)
    return frame


def layer(layer_id: str) -> gpd.GeoDataFrame:
    """Return a layer in WGS 84 with its properties, one row a feature, in the order of the file.

    Args:
        layer_id: Record id, such as "zones".

    Raises:
        DataFileError: If the layer is unknown, missing, damaged or against its schema.
    """
    with _LOCK:
        return _layer(_version(_layer_file(layer_id))).copy(deep=False)


def geojson(layer_id: str) -> bytes:
    """Return a layer's file as it is, for serving.

    Raises:
        DataFileError: If the layer is unknown, missing, damaged or against its schema.
    """
    return served(layer_id)[1]


def served(layer_id: str) -> tuple[str, bytes]:
    """Return a layer's `version` and file from one and the same reading, so that neither is newer than the other.

    Raises:
        DataFileError: If the layer is unknown, missing, damaged or against its schema.
    """
    with _LOCK:
        version_ = _version(_layer_file(layer_id))
        _layer(version_)  # what is served must be what the server itself accepts
        return _hash(version_), _content(version_)


def version(record_id: str) -> str:
    """Return a short hash of a file's content, for addresses and cache keys.

    Args:
        record_id: Record id of a layer or table, such as "zones" or "zones-table".

    Raises:
        DataFileError: If the file is unknown or missing.
    """
    with _LOCK:
        return _hash(_version(_known_file(record_id)))


def available(record_id: str) -> bool:
    """Return whether a layer or table can be used: known, there, and in accordance with its schema."""
    try:
        name = _known_file(record_id)
        with _LOCK:
            (_table if name.endswith(".csv") else _layer)(_version(name))
    except DataFileError:
        return False
    return True


def read_table(content: bytes, name: str, *, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Read a CSV file and hold it against its schema.

    Args:
        content: The bytes of the file: UTF-8, comma, header row.
        name: File name that says which schema applies, such as "zones.csv".
        file: What problems and errors name as the file.

    Returns:
        The table and every problem in it; with problems, its cells are left as text.

    Raises:
        DataFileError: If the bytes are no table at all.
    """
    try:
        reader = csv.reader(io.StringIO(content.decode("utf-8"), newline=""), strict=True)
        header = next(reader, [])
        rows, lines = [], []
        for row in reader:
            if len(row) != len(header):
                raise _uneven(file, name, reader.line_num, len(row), len(header))
            rows.append([cell or None for cell in row])
            lines.append(reader.line_num)
    except (UnicodeDecodeError, csv.Error) as error:
        raise _damaged(file, name, error) from error
    if len(set(header)) != len(header):
        raise _damaged(file, name, ValueError("repeated column"))
    frame = pd.DataFrame(rows, columns=pd.Index(header, dtype="str"), dtype="str")
    return schema.validate(schema.SCHEMAS[name], frame, file=file, lines=lines)


def read_layer(content: bytes, name: str, *, file: str) -> tuple[gpd.GeoDataFrame, list[Problem]]:
    """Read a GeoJSON file (WGS 84, one feature a line) and hold its properties against its schema.

    Plain JSON is used instead of GDAL: it takes 70 ms instead of 50 for 4 000 plots, but keeps every value as written,
    where GDAL guesses dates and turns whole numbers with gaps into floats.

    Returns:
        The layer and every problem in it; with problems, its properties are left as they are.

    Raises:
        DataFileError: If the bytes are no feature collection at all.
    """
    rules = schema.SCHEMAS[name]
    try:
        collection = json.loads(content)
        features: list[dict[str, Any]] = collection["features"]
        properties = [feature["properties"] for feature in features]
        shapes = shapely.from_geojson([json.dumps(feature["geometry"]) for feature in features], on_invalid="ignore")
        # Without rows there are no properties to read the columns from.
        frame = pd.DataFrame(properties, columns=None if properties else list(rules.columns))
        frame, problems = schema.validate(rules, frame, file=file)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(file, name, error) from error
    shapes = np.asarray(shapes, dtype=object)
    absent = np.flatnonzero(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    problems += [
        Problem(
            "đối tượng không có hình dùng được.",
            "the feature has no usable geometry.",
            file=file,
            row=_FIRST_FEATURE_LINE + int(i),
        )
        for i in absent
    ]
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=WGS84), problems


def display_path(path: Path) -> str:
    """Return a data file's path as messages show it: from the data folder on, without the machine's folders."""
    root = settings().data_dir
    return path.relative_to(root.parent).as_posix() if path.is_relative_to(root) else path.name


@lru_cache(maxsize=_FILES_KEPT)
def _table(version_: _Version) -> pd.DataFrame:
    frame: pd.DataFrame = _accepted(version_, read_table)
    return frame


@lru_cache(maxsize=_FILES_KEPT)
def _layer(version_: _Version) -> gpd.GeoDataFrame:
    return _accepted(version_, read_layer)


@lru_cache(maxsize=_FILES_KEPT)
def _content(version_: _Version) -> bytes:
    try:
        return version_.path.read_bytes()
    except OSError as error:
        raise _damaged(display_path(version_.path), version_.path.name, error) from error


@lru_cache(maxsize=_FILES_KEPT)
def _hash(version_: _Version) -> str:
    return hashlib.sha256(_content(version_)).hexdigest()[:_HASH_LENGTH]


def _accepted(version_: _Version, read: Callable[..., tuple[Any, list[Problem]]]) -> Any:
    file, name = display_path(version_.path), version_.path.name
    frame, problems = read(_content(version_), name, file=file)
    if problems:
        vi, en = _remedy(name)
        raise DataFileError(
            f"Tệp có {len(problems)} lỗi: {schema.first_words(problems, 'vi')}",
            f"The file has {len(problems)} problem(s): {schema.first_words(problems, 'en')}",
            file,
            remedy_vi=vi,
            remedy_en=en,
        )
    return frame


def _version(name: str) -> _Version:
    if name not in schema.SCHEMAS:
        raise _unknown(name)
    path = settings().data_dir / schema.path_of(name)
    try:
        status = path.stat()
    except OSError as error:
        vi, en = _remedy(name)
        raise DataFileError(
            "Thiếu tệp dữ liệu này.", "This data file is missing.", display_path(path), remedy_vi=vi, remedy_en=en
        ) from error
    return _Version(path, status.st_mtime_ns, status.st_size)


def _known_file(record_id: str) -> str:
    name = schema.file_of(record_id)
    if name is None:
        raise _unknown(record_id)
    return name


def _layer_file(layer_id: str) -> str:
    name = _known_file(layer_id)
    if not name.endswith(".geojson"):
        raise _unknown(layer_id)
    return name


def _unknown(name: str) -> DataFileError:
    return DataFileError(f"Không có dữ liệu nào tên là “{name}”.", f"There is no data named “{name}”.")


def _uneven(file: str, name: str, line: int, cells: int, columns: int) -> DataFileError:
    vi, en = _remedy(name)
    return DataFileError(
        f"Dòng này có {cells} ô nhưng bảng có {columns} cột.",
        f"This row has {cells} cells, but the table {columns} columns.",
        file,
        line,
        remedy_vi=vi,
        remedy_en=en,
    )


def _damaged(file: str, name: str, error: Exception) -> DataFileError:
    vi, en = _remedy(name)
    return DataFileError(
        f"Không đọc được tệp dữ liệu này ({error}).",
        f"This data file cannot be read ({error}).",
        file,
        remedy_vi=vi,
        remedy_en=en,
    )


def _remedy(name: str) -> tuple[str, str]:
    if name in schema.GENERATED:
        return (
            "chạy `python -m qn_geo data build` để dựng lại.",
            "run `python -m qn_geo data build` to make it again.",
        )
    original = f"`git checkout data/{schema.path_of(name)}`"
    return (
        f"lấy lại bản gốc bằng {original}; nếu vừa nhập dữ liệu thì dùng `python -m qn_geo data restore`.",
        f"bring back the original with {original}; after an import use `python -m qn_geo data restore`.",
    )
