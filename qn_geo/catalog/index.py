"""The records beside the data files: one a file, read once per version."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from qn_geo import layers
from qn_geo.errors import RecordError
from qn_geo.schema import SUFFIX, Record, id_of
from qn_geo.settings import settings

if TYPE_CHECKING:
    from pathlib import Path

_RECORDS_KEPT: Final = 96


def records() -> dict[str, Record]:
    """Return all readable records by id, in the order of folder and file name.

    A damaged record is left out here, so that it does not hide the others; `check` tells what is wrong with it.
    """
    found = {}
    for path in record_paths():
        try:
            record_ = read(path)
        except RecordError:
            continue
        found[record_.id] = record_
    return found


def record(record_id: str) -> Record:
    """Return one record.

    Raises:
        RecordError: If no readable record has this id.
    """
    found = records().get(record_id)
    if found is None:
        raise RecordError(
            f"Không có hồ sơ dữ liệu nào đọc được mang mã “{record_id}”.",
            f"No readable data record has the id “{record_id}”.",
            remedy_vi="chạy `python -m qn_geo data check` để xem hồ sơ nào hỏng.",
            remedy_en="run `python -m qn_geo data check` to see which record is damaged.",
        )
    return found


def record_of(name: str) -> Record:
    """Return the record of a file, such as "zones.csv".

    Raises:
        RecordError: If the file has no readable record.
    """
    return record(id_of(name))


def record_paths() -> list[Path]:
    """Return the record files in the data folder; hidden folders (the history of imports) do not count."""
    return [path for path in data_paths() if path.name.endswith(SUFFIX)]


def data_paths() -> list[Path]:
    """Return every file in the data folder, sorted; hidden ones do not count."""
    root = settings().data_dir
    return sorted(
        path
        for path in root.rglob("*")
        if path.is_file() and not any(part.startswith(".") for part in path.relative_to(root).parts)
    )


def read(path: Path) -> Record:
    """Read one record file.

    Raises:
        RecordError: If it is missing, no JSON, or lacks something; names every field.
    """
    try:
        status = path.stat()
        return _read(path, status.st_mtime_ns, status.st_size)
    except (OSError, ValueError, RecursionError) as error:
        reason = _reason(error)
        raise RecordError(
            f"Hồ sơ dữ liệu không đọc được hoặc thiếu thông tin: {reason}.",
            f"The data record cannot be read or is incomplete: {reason}.",
            layers.display_path(path),
            remedy_vi="lấy lại bản gốc bằng `git checkout data`, hoặc chạy `python -m qn_geo data build`.",
            remedy_en="bring back the original with `git checkout data`, or run `python -m qn_geo data build`.",
        ) from error


@lru_cache(maxsize=_RECORDS_KEPT)
def _read(path: Path, _modified_ns: int, _size: int) -> Record:
    content = json.loads(path.read_text("utf-8"))
    if not isinstance(content, dict):
        raise ValueError("not a JSON object")  # noqa: TRY004 - the same to the reader as any other damage
    return Record.model_validate({**content, "folder": path.parent})


def _reason(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    return "; ".join(f"{'.'.join(map(str, item['loc']))}: {item['msg']}" for item in error.errors())
