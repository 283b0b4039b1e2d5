"""ZIP archives from outside: told from office documents, checked entry by entry, unpacked under names of ours.

Nothing is written outside the given folder, and no more than the settings allow, counted while writing: what an
archive says of its own size is not believed.
"""

from __future__ import annotations

import lzma
import re
import stat
import struct
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from qn_geo.errors import QnGeoError
from qn_geo.intake import limits
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_BLOCK: Final = 2**20
_LONGEST_NAME: Final = 250
_ENCRYPTED: Final = 0x1
_DAMAGE: Final = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, ValueError, RuntimeError)
_DANGEROUS: Final = re.compile(r"(?:^|[/\\])\.\.(?:[/\\]|$)|^[/\\]|^[A-Za-z]:|[\x00-\x1f]")
_OFFICE: Final = {
    "xl/workbook.bin": ("bảng tính XLSB", "an XLSB workbook"),
    "word/document.xml": ("văn bản Word", "a Word document"),
    "ppt/presentation.xml": ("bản trình chiếu PowerPoint", "a PowerPoint deck"),
    "content.xml": ("tài liệu OpenDocument", "an OpenDocument file"),
    "AndroidManifest.xml": ("ứng dụng điện thoại", "a phone app"),
}
"""What an archive is that has a file of this name, and is no archive to its sender."""
_NOISE: Final = re.compile(r"(?:^|/)(?:__MACOSX/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)


def is_plain(path: Path, name: str) -> bool:
    """Whether this is an archive to be unpacked; a workbook, or anything that is no ZIP, is not.

    Args:
        path: Where the file lies.
        name: What its sender calls it.

    Raises:
        QnGeoError: If it is damaged, another office document, or a workbook that unpacks to more than we read.
    """
    with path.open("rb") as stream:
        if stream.read(4) not in {b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08"}:
            return False
    with _opened(path, name) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            _check_workbook(archive, name)
            return False
    for inside, (vi, en) in _OFFICE.items():
        if inside in names:
            remedy = ("lưu bảng tọa độ dạng .xlsx hoặc CSV UTF-8.", "save the coordinate table as .xlsx or CSV UTF-8.")
            raise _refused(name, f"đây là {vi}.", f"this is {en}.", *remedy)
    return True


def extract(path: Path, name: str, folder: Path) -> list[tuple[str, Path]]:
    """Write the files of an archive into a new folder, under numbers.

    Returns:
        Name within the archive, behind the name of the archive, and place of each file.

    Raises:
        QnGeoError: If it is damaged, protected, dangerous or too large.
    """
    folder.mkdir(parents=True)
    with _opened(path, name) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        _check(entries, name)
        wanted = [entry for entry in entries if not _NOISE.search(entry.filename)]
        budget = _Budget(name)
        for number, entry in enumerate(wanted):
            with (folder / str(number)).open("wb") as target:
                for block in budget.blocks(archive, entry):
                    target.write(block)
    return [(f"{name}/{entry.filename}", folder / str(number)) for number, entry in enumerate(wanted)]


@contextmanager
def _opened(path: Path, name: str) -> Iterator[zipfile.ZipFile]:
    """Open an archive; whatever is wrong with its bytes while it is open is told as damage."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except QnGeoError:
        raise
    except OSError as error:
        if error.errno is not None:  # the disk, not the archive
            raise
        raise _damaged(name) from error
    except _DAMAGE as error:
        raise _damaged(name) from error


class _Budget:
    """Counts what is unpacked and stops beyond the limits."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.total = 0
        self.limit = settings().max_unpacked_mb * limits.MEGABYTE

    def blocks(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
        """Yield the content of an entry.

        Raises:
            QnGeoError: If it is far larger than its packed size lets expect, or the archive is too large.
        """
        taken = 0
        with archive.open(entry) as stream:
            while block := stream.read(_BLOCK):
                taken += len(block)
                self.total += len(block)
                if taken > limits.RATIO_FROM and taken > limits.MAX_RATIO * max(entry.compress_size, 1):
                    raise _bomb(f"{self.name}/{entry.filename}")
                if self.total > self.limit:
                    raise _too_large(self.name, self.limit // limits.MEGABYTE)
                yield block


def _check(entries: Sequence[zipfile.ZipInfo], name: str) -> None:
    """Refuse an archive whose entries cannot or must not be written."""
    if len(entries) > limits.MAX_ENTRIES:
        raise _refused(
            name,
            f"tệp nén có {len(entries)} tệp, nhiều hơn mức cho phép {limits.MAX_ENTRIES}.",
            f"the archive holds {len(entries)} files, more than the {limits.MAX_ENTRIES} allowed.",
            "chỉ nén các tệp thửa đất.",
            "pack only the plot files.",
        )
    seen: set[str] = set()
    for entry in entries:
        _check_entry(entry, name)
        if (key := entry.filename.casefold()) in seen:
            raise _refused(
                f"{name}/{entry.filename}",
                "tên tệp lặp lại trong tệp nén.",
                "this name occurs twice in the archive.",
                "đổi tên hoặc bỏ bớt rồi nén lại.",
                "rename or remove one and pack it again.",
            )
        seen.add(key)


def _check_entry(entry: zipfile.ZipInfo, name: str) -> None:
    # zipfile cuts a name at its first zero byte; the name as stored tells.
    place = f"{name}/{entry.filename}"
    if entry.flag_bits & _ENCRYPTED:
        raise _refused(
            place,
            "tệp nén có mật khẩu.",
            "the archive is protected by a password.",
            "nén lại không mật khẩu.",
            "pack it again without a password.",
        )
    mode = entry.external_attr >> 16
    special = bool(mode) and stat.S_IFMT(mode) not in {0, stat.S_IFREG}
    if special or _DANGEROUS.search(entry.orig_filename) or len(entry.filename) > _LONGEST_NAME:
        raise _refused(
            place[:_LONGEST_NAME].replace("\x00", ""),
            "tệp nén có đường dẫn, tên hoặc liên kết nguy hiểm.",
            "the archive holds a dangerous path, name or link.",
            "nén lại chỉ các tệp thửa đất, không kèm đường dẫn hay liên kết.",
            "pack only the plot files again, without paths or links.",
        )


def _check_workbook(archive: zipfile.ZipFile, name: str) -> None:
    """Unpack a workbook into nothing, to be sure of its size, and look for declarations no workbook needs."""
    budget = _Budget(name)
    for entry in archive.infolist():
        _check_entry(entry, name)
        for number, block in enumerate(budget.blocks(archive, entry)):
            if number == 0 and (b"<!DOCTYPE" in block or b"<!ENTITY" in block):
                raise _refused(
                    name,
                    "bảng tính chứa khai báo XML nguy hiểm.",
                    "the workbook contains dangerous XML declarations.",
                    "mở bằng phần mềm bảng tính rồi lưu lại.",
                    "open it in a spreadsheet program and save it again.",
                )


def _refused(name: str, vi: str, en: str, remedy_vi: str, remedy_en: str) -> QnGeoError:
    return QnGeoError(vi, en, file=name, remedy_vi=remedy_vi, remedy_en=remedy_en)


def _damaged(name: str) -> QnGeoError:
    return _refused(
        name,
        "tệp nén hoặc bảng tính bị hỏng hay chưa tải hết.",
        "the archive or workbook is damaged or incomplete.",
        "tạo lại tệp và nộp lại.",
        "make it again and send it again.",
    )


def _bomb(name: str) -> QnGeoError:
    return _refused(
        name,
        f"nội dung phình to hơn {limits.MAX_RATIO} lần khi giải nén, nên đã dừng.",
        f"the content grows more than {limits.MAX_RATIO} times when unpacked, so it was stopped.",
        "nộp dữ liệu thật, hoặc nộp từng tệp không nén.",
        "send real data, or send the files unpacked.",
    )


def _too_large(name: str, megabytes: int) -> QnGeoError:
    return _refused(
        name,
        f"nội dung giải nén lớn hơn {megabytes} MB.",
        f"the content unpacks to more than {megabytes} MB.",
        "chia thành nhiều tệp nhỏ hơn.",
        "split it into smaller files.",
    )
