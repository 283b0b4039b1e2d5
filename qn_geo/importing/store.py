"""The folder that keeps what imports replaced: which folder may be one, and which of its contents are ours.

Everything in a store that is not named like something of ours is left alone, whatever it is.
"""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Final

from qn_geo.errors import QnGeoError
from qn_geo.settings import settings

if TYPE_CHECKING:
    from pathlib import Path

MARKER: Final = "qn-geo-store.txt"
LOCK: Final = "lock"
STAGING: Final = "staging-"
_STAGING_NAME: Final = re.compile(rf"{STAGING}[0-9a-f]{{8}}")
_ENTRY_NAME: Final = re.compile(r"\d{8}-\d{6}-\d{6}-[0-9a-f]{4}")
_MARK: Final = "QN Geo: former data files, kept by `python -m qn_geo data import`.\n"
# Left over after a change: file systems need room for folders and their own journal too.
SPARE_BYTES: Final = 4 * 2**20
_REMEDY: Final = (
    "đặt QN_GEO_STORE_DIR là một thư mục mới hoặc trống, hoặc bỏ biến này.",
    "set QN_GEO_STORE_DIR to a new or empty folder, or unset it.",
)


def is_staging(folder: Path) -> bool:
    """Return whether this is a folder a build was made in."""
    return bool(_STAGING_NAME.fullmatch(folder.name)) and _is_folder(folder)


def is_entry(folder: Path) -> bool:
    """Return whether this is the folder of a change."""
    return bool(_ENTRY_NAME.fullmatch(folder.name)) and _is_folder(folder)


def _is_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def check(store: Path) -> None:
    """Refuse a folder that is no place for a store, before anything is written into it.

    Raises:
        QnGeoError: If it is or holds the data folder, lies openly among the data, or is somebody else's.
    """
    data_dir = settings().data_dir
    if store == data_dir or store in data_dir.parents:
        raise _refused(store, "là hoặc chứa thư mục dữ liệu", "is or holds the data folder")
    if store.is_relative_to(data_dir) and not store.relative_to(data_dir).parts[0].startswith("."):
        raise _refused(store, "nằm lẫn trong dữ liệu", "lies among the data")
    if not store.exists() or (store / MARKER).is_file():
        return
    if not store.is_dir():
        raise _refused(store, "không phải là thư mục", "is not a folder")
    # A store from before there was a marker, or from a first run that was cut short, holds nothing but ours.
    if any(not (path.name == LOCK or is_staging(path) or is_entry(path)) for path in store.iterdir()):
        raise _refused(store, "có tệp khác, không phải của QN Geo", "holds other files, which are not ours")


def mark(store: Path) -> None:
    """Mark a folder as a store."""
    if not (store / MARKER).is_file():
        (store / MARKER).write_text(_MARK, encoding="utf-8")


def need_room(folder: Path, size: int) -> None:
    """Refuse to begin what the disk has no room for.

    Raises:
        QnGeoError: With the room that is needed and there is, in MB.
    """
    needed, free = size + SPARE_BYTES, shutil.disk_usage(folder).free
    if free < needed:
        wanted, left = f"{needed / 2**20:.0f} MB", f"{free / 2**20:.0f} MB"
        raise QnGeoError(
            f"Ổ đĩa không đủ chỗ: cần {wanted}, còn {left}; chưa có gì bị thay đổi.",
            f"The disk has too little room: {wanted} needed, {left} left; nothing was changed.",
            file=str(folder),
            remedy_vi="xóa bớt tệp trên ổ đĩa đó rồi chạy lại.",
            remedy_en="make room on that disk and try again.",
        )


def _refused(store: Path, vi: str, en: str) -> QnGeoError:
    return QnGeoError(
        f"Thư mục lịch sử {vi}.", f"The history folder {en}.", str(store), remedy_vi=_REMEDY[0], remedy_en=_REMEDY[1]
    )
