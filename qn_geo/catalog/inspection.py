"""Hold one data file against its record: there, unchanged, and what the record says it is."""

from __future__ import annotations

import hashlib
import unicodedata
from typing import TYPE_CHECKING, Final

import geopandas as gpd
import numpy as np
import shapely

from qn_geo import layers, schema
from qn_geo.errors import DataFileError, Problem
from qn_geo.schema.words import BACKDROP_WINDOW, BACKDROPS, LAT_WINDOW, LON_WINDOW

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from qn_geo.schema import Record

_FIRST_LINE: Final = 2  # of a row or a feature: one line of header, or of opening the collection, comes before
_COLLECTION_LINES: Final = 2  # the line that opens a feature collection and the one that closes it
_REMEDY_VI: Final = "chạy `python -m qn_geo data build`, hoặc lấy lại bản gốc bằng `git checkout data`."
_REMEDY_EN: Final = "run `python -m qn_geo data build`, or bring back the original with `git checkout data`."


def inspect(record: Record) -> tuple[pd.DataFrame | None, list[Problem]]:
    """Open a record's file and compare.

    Returns:
        The table or layer, None if it cannot be read or breaks its schema, and everything that is wrong.
    """
    file = layers.display_path(record.path)
    if record.file not in schema.SCHEMAS and not record.is_story:
        return None, [Problem("tệp này không có trong quy định dữ liệu.", "no schema knows this file.", file=file)]
    try:
        content = record.path.read_bytes()
    except OSError:
        return None, [missing(file)]
    read = layers.read_layer if record.is_layer else layers.read_table
    problems = list(_of_bytes(record, content, file))
    if record.is_story:
        return None, problems  # what stands in it is for `qn_geo.stories` to read
    try:
        frame, found = read(content, record.file, file=file)
    except DataFileError as error:
        return None, [*problems, error.problem]
    problems += found + list(_of_frame(record, frame, file))
    if isinstance(frame, gpd.GeoDataFrame):
        problems += _of_lines(content, len(frame), file)
        problems += _of_shapes(frame, file)
    return (None if found else frame), problems


def missing(file: str) -> Problem:
    """Return the problem of a data file that is not there."""
    return Problem("thiếu tệp dữ liệu.", "the data file is missing.", file, remedy_vi=_REMEDY_VI, remedy_en=_REMEDY_EN)


def _of_bytes(record: Record, content: bytes, file: str) -> Iterator[Problem]:
    if hashlib.sha256(content).hexdigest() != record.sha256:
        yield Problem(
            "nội dung khác với mã băm ghi trong hồ sơ.",
            "the content differs from the record's hash.",
            file,
            remedy_vi=_REMEDY_VI,
            remedy_en=_REMEDY_EN,
        )
    if b"\r" in content or not content.endswith(b"\n") or content.startswith(b"\xef\xbb\xbf"):
        yield Problem(
            "tệp phải là UTF-8 không BOM, xuống dòng kiểu LF, có xuống dòng ở cuối.",
            "the file must be UTF-8 without BOM, with LF line ends, one at its end too.",
            file,
        )
    if not unicodedata.is_normalized("NFC", content.decode("utf-8", errors="replace")):
        yield Problem("có chữ chưa ở dạng NFC.", "some letters are not in NFC form.", file)


def _of_frame(record: Record, frame: pd.DataFrame, file: str) -> Iterator[Problem]:
    if record.rows != len(frame):
        yield Problem(
            f"có {len(frame)} dòng, hồ sơ ghi {record.rows}.",
            f"has {len(frame)} rows, the record says {record.rows}.",
            file,
        )
    columns = [name for name in frame.columns if name != "geometry"]
    described = [column["name"] for column in record.columns]
    if columns != described:
        odd = ", ".join(sorted(set(columns) ^ set(described))) or "thứ tự / order"
        yield Problem(f"các cột không khớp với hồ sơ: {odd}.", f"the columns differ from the record: {odd}.", file)
    expected = {
        "id": (record.id, schema.id_of(record.file)),
        "crs": (record.crs, "EPSG:4326" if record.is_layer else None),
        "quality": (record.quality is not None, record.is_layer),
        "generated": (record.generated, record.file in schema.GENERATED),
        "folder": (record.folder.name, schema.path_of(record.file).partition("/")[0]),
    }
    for name, (found, wanted) in expected.items():
        if found != wanted:
            yield Problem(
                f"hồ sơ ghi {name} là {found}, đúng ra là {wanted}.",
                f"the record says {name} is {found}, not {wanted}.",
                file,
            )


def _of_lines(content: bytes, features: int, file: str) -> Iterator[Problem]:
    if content.count(b"\n") != features + _COLLECTION_LINES:
        yield Problem("phải ghi mỗi đối tượng một dòng.", "must hold one feature a line.", file)


def _of_shapes(frame: gpd.GeoDataFrame, file: str) -> Iterator[Problem]:
    shapes = frame.geometry.to_numpy()
    for index in np.flatnonzero(~shapely.is_valid(shapes)):
        reason = shapely.is_valid_reason(shapes[index])
        yield Problem(
            f"hình không hợp lệ ({reason}).", f"the geometry is not valid ({reason}).", file, int(index) + _FIRST_LINE
        )
    bounds = shapely.bounds(shapes)
    behind = any(f"{stem}.geojson" in file for stem in BACKDROPS)
    window = BACKDROP_WINDOW if behind else (LON_WINDOW[0], LAT_WINDOW[0], LON_WINDOW[1], LAT_WINDOW[1])
    inside = (bounds[:, :2] >= window[:2]).all(axis=1) & (bounds[:, 2:] <= window[2:]).all(axis=1)
    for index in np.flatnonzero(~inside):
        yield Problem(
            "hình nằm ngoài vùng Quảng Ninh.",
            "the geometry lies outside Quảng Ninh's surroundings.",
            file,
            int(index) + _FIRST_LINE,
        )
