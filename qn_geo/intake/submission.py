"""Submissions as received: every byte, its hash, when, and from whom; whole or not there at all.

One folder each, in the review folder of the settings:

    <id>/submission.json        what follows below
    <id>/received/<file>        as received, under a name that is safe on every disk
    <id>/plots.parquet          the plots, once somebody has said what the file means
    <id>/intake.json            what was said, and why
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import re
import zipfile
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import rmtree
from typing import TYPE_CHECKING, Any, Final

import geopandas as gpd

from qn_geo.errors import QnGeoError
from qn_geo.importing import durable
from qn_geo.intake import filenames, limits, unpack
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_ID: Final = re.compile(r"\d{8}-\d{6}-[0-9a-f]{6}")
_RECORD: Final = "submission.json"
_PLOTS: Final = "plots.parquet"
_NEXT: Final = "plots-next.parquet"  # until what was said of them is there too
_INTAKE: Final = "intake.json"
READ: Final = (_PLOTS, _INTAKE)
"""Files of a submission that change when it is read again."""
_SAID: Final = {"choices": {"zone_id"}, "system": {"system", "vi", "en", "reason_vi", "reason_en"}, "encodings": set()}
"""What `intake.json` is asked for by others; without it, somebody changed it."""
_INCOMING: Final = ".incoming-"
_STALE: Final = timedelta(days=1)
_LOG: Final = logging.getLogger(__name__)
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # the earliest time a ZIP can state; the same files make the same archive


@dataclass(frozen=True, slots=True)
class Received:
    """One file as received.

    Attributes:
        name: What the sender calls it.
        stored: Its name in our folder.
        size: Bytes.
        sha256: Hash of the bytes, hexadecimal.
    """

    name: str
    stored: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Submission:
    """What came in at one time.

    Attributes:
        id: Time of arrival (UTC) and the beginning of the hash.
        received_at: When, as ISO 8601 in UTC.
        who: Who handed it in.
        zone_id: Zone it is said to lie in, if any.
        note: What was said with it.
        sha256: Hash of the only file; of several, of their names and hashes.
        files: The files, in the order they came.
    """

    id: str
    received_at: str
    who: str
    zone_id: str | None
    note: str
    sha256: str
    files: tuple[Received, ...]

    @property
    def folder(self) -> Path:
        """Where it lies."""
        return settings().review_dir / self.id

    @property
    def name(self) -> str:
        """What to call it: the name of its first file, and how many more there are."""
        more = len(self.files) - 1
        return f"{self.files[0].name} +{more}" if more else self.files[0].name

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)

    def paths(self) -> list[tuple[str, Path]]:
        """Return name as sent and place of each file."""
        return [(file.name, self.folder / "received" / file.stored) for file in self.files]


def receive(
    files: Sequence[tuple[str, bytes]] | Path, who: str, zone_id: str | None = None, note: str = ""
) -> Submission:
    """Store files as received. When this returns, they survive a power failure; when it raises, nothing is stored.

    Args:
        files: Name and content of each; or the path of a file, whose parts beside it are taken too, or of a folder.
        who: Who hands it in.
        zone_id: Zone the plots are said to lie in.
        note: What is said with it.

    Raises:
        QnGeoError: If there is nothing, more than the settings allow, or no room on the disk.
    """
    sent = _from_disk(files) if isinstance(files, Path) else files
    contents = [(filenames.shown(name), content) for name, content in sent]
    if not contents:
        raise QnGeoError(
            "chưa có tệp nào.", "there is no file.", remedy_vi="chọn ít nhất một tệp.", remedy_en="choose a file."
        )
    limits.check_size(contents[0][0], sum(len(content) for _, content in contents))
    names = [name.casefold() for name, _ in contents]
    if twice := next((name for name, _ in contents if names.count(name.casefold()) > 1), None):
        raise QnGeoError(
            "có hai tệp cùng tên.",
            "two files have the same name.",
            file=twice,
            remedy_vi="đổi tên một tệp, hoặc nộp riêng.",
            remedy_en="rename one, or send them apart.",
        )
    received = tuple(
        Received(name, f"{number + 1:02d}-{filenames.safe(name)}", len(content), _hash(content))
        for number, (name, content) in enumerate(contents)
    )
    whole = (
        received[0].sha256 if len(received) == 1 else _hash(json.dumps([[f.name, f.sha256] for f in received]).encode())
    )
    return _write(Submission("", "", who, zone_id, note, whole, received), [content for _, content in contents])


def _write(unnamed: Submission, contents: Sequence[bytes]) -> Submission:
    """Write everything under a name that nothing lists, then give the folder its own; return it with its id."""
    with _room(unnamed.name):
        _sweep()
        submission, beside = _begun(unnamed)
        try:
            for file, content in zip(submission.files, contents, strict=True):
                durable.write(beside / "received" / file.stored, content)
            durable.write(beside / _RECORD, _json(asdict(submission)))
            durable.reveal(beside, submission.folder)
        except BaseException:
            rmtree(beside, ignore_errors=True)
            raise
    return submission


def _begun(unnamed: Submission) -> tuple[Submission, Path]:
    """Return a submission with an id that nobody else has, and the folder that keeps others from taking it."""
    when = datetime.now(UTC)
    while True:
        made = f"{when:%Y%m%d-%H%M%S}-{unnamed.sha256[:6]}"
        submission = replace(unnamed, id=made, received_at=when.isoformat(timespec="seconds"))
        beside = submission.folder.with_name(_INCOMING + made)
        with suppress(FileExistsError):
            beside.mkdir(parents=True)
            if not submission.folder.exists():  # asked last: whoever had the id before has given it its name by now
                return submission, beside
            beside.rmdir()
        when += timedelta(seconds=1)


def _sweep() -> None:
    """Remove what a killed process left half-written long ago."""
    for left in settings().review_dir.glob(f"{_INCOMING}*"):
        with suppress(FileNotFoundError):  # it has just been given its name
            if datetime.now(UTC) - datetime.fromtimestamp(left.stat().st_mtime, UTC) > _STALE:
                rmtree(left, ignore_errors=True)


def find(submission_id: str) -> Submission:
    """Return a submission.

    Raises:
        QnGeoError: If there is none of this id, or its record is damaged.
    """
    path = settings().review_dir / submission_id / _RECORD
    if not _ID.fullmatch(submission_id) or not path.is_file():
        raise QnGeoError(
            f"không có hồ sơ {submission_id[:40]}.",
            f"there is no submission {submission_id[:40]}.",
            remedy_vi="chọn từ danh sách hồ sơ.",
            remedy_en="choose one from the list.",
        )
    try:
        known = json.loads(path.read_bytes())
        known["files"] = tuple(Received(**file) for file in known["files"])
        found = Submission(**known)
        whole = found.id == submission_id and found.files and datetime.fromisoformat(found.received_at).tzinfo
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise _damaged(submission_id, _RECORD) from error
    if not whole:
        raise _damaged(submission_id, _RECORD)
    return found


def listed() -> list[Submission]:
    """Return all submissions, the newest first. One with a damaged record goes to the log, the others go on."""
    folder = settings().review_dir
    names = [path.parent.name for path in folder.glob(f"*/{_RECORD}")] if folder.is_dir() else []
    found = []
    for name in sorted(filter(_ID.fullmatch, names), reverse=True):
        try:
            found.append(find(name))
        except QnGeoError as error:
            _LOG.warning("%s", error)
    return found


def original(submission_id: str) -> tuple[bytes, str]:
    """Return what was received, unchanged, and its name. Several files come as one ZIP.

    Raises:
        QnGeoError: If there is no such submission, or a file is no longer what was received.
    """
    submission = find(submission_id)
    contents = [path.read_bytes() if path.is_file() else b"" for _, path in submission.paths()]
    for file, content in zip(submission.files, contents, strict=True):
        if _hash(content) != file.sha256:
            raise _damaged(submission_id, file.name)
    if len(contents) == 1:
        return contents[0], submission.files[0].name
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, content in zip(submission.files, contents, strict=True):
            archive.writestr(zipfile.ZipInfo(file.name, _LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue(), f"{submission.id}.zip"


def keep_plots(submission: Submission, parquet: bytes, said: Mapping[str, Any]) -> None:
    """Store the plots, and what was said about the file, in the place of what was there.

    Args:
        submission: Whose plots they are.
        parquet: The frame as GeoParquet.
        said: Choices and reasons; values that JSON can hold.

    Raises:
        QnGeoError: If there is no room on the disk.
    """
    with _room(submission.name):
        durable.write(submission.folder / _NEXT, parquet)
        durable.write(submission.folder / _INTAKE, _json({**said, "plots_sha256": _hash(parquet)}))
        durable.move(submission.folder / _NEXT, submission.folder / _PLOTS)


def keep(submission: Submission, name: str, content: bytes) -> None:
    """Store something made of a submission beside it, in the place of what was there.

    Raises:
        QnGeoError: If there is no room on the disk.
    """
    with _room(submission.name):
        durable.write(submission.folder / name, content)


def plots(submission: Submission) -> tuple[gpd.GeoDataFrame, dict[str, Any]]:
    """Return the plots of a submission and what was said about its file.

    Raises:
        QnGeoError: If nobody has said yet what the file means, or what is stored is damaged.
    """
    for name in (_PLOTS, _NEXT, _PLOTS):  # `keep_plots` may be, or have been killed, between two of its steps
        with suppress(OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError):
            said = json.loads((submission.folder / _INTAKE).read_bytes())
            content = (submission.folder / name).read_bytes()
            if said["plots_sha256"] == _hash(content) and all(
                said[part].keys() >= keys for part, keys in _SAID.items()
            ):
                return gpd.read_parquet(io.BytesIO(content)), said
    raise _not_yet(submission)


def _from_disk(path: Path) -> list[tuple[str, bytes]]:
    """Read a file with its parts, or a folder, which becomes one archive."""
    paths = unpack.gather(path)
    limits.check_size(path.name, sum(one.stat().st_size for one in paths))
    if not path.is_dir():
        return [(one.name, one.read_bytes()) for one in paths]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in paths:
            archive.writestr(
                zipfile.ZipInfo(f"{path.name}/{one.name}", _LONG_AGO), one.read_bytes(), zipfile.ZIP_DEFLATED
            )
    return [(f"{path.name}.zip", packed.getvalue())]


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _json(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode() + b"\n"


@contextmanager
def _room(name: str) -> Iterator[None]:
    """Tell what the disk refuses as an error with a remedy."""
    try:
        yield
    except OSError as error:
        told = error.strerror or str(error)
        raise QnGeoError(
            f"không lưu được ({told}); chưa có gì thay đổi.",
            f"it cannot be stored ({told}); nothing was changed.",
            file=name,
            remedy_vi="giải phóng dung lượng đĩa hoặc kiểm tra quyền ghi, rồi làm lại.",
            remedy_en="make room on the disk or check its permissions, then try again.",
        ) from error


def _damaged(submission_id: str, file: str) -> QnGeoError:
    return QnGeoError(
        f"hồ sơ {submission_id} không còn như lúc nhận.",
        f"submission {submission_id} is no longer what was received.",
        file=file,
        remedy_vi="khôi phục từ bản sao lưu.",
        remedy_en="restore it from a backup.",
    )


def _not_yet(submission: Submission) -> QnGeoError:
    spoilt = (submission.folder / _INTAKE).exists()
    return QnGeoError(
        "phần đã đọc của hồ sơ này bị hỏng hoặc bị sửa." if spoilt else "hồ sơ này chưa được đọc thành thửa đất.",
        f"the plots of this submission {'are damaged or were changed' if spoilt else 'have not been read yet'}.",
        file=submission.name,
        remedy_vi="xác nhận bảng mã, cột và hệ tọa độ trước.",
        remedy_en="confirm encoding, columns and coordinate system first.",
    )
