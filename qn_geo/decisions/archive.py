"""One file with everything: the tables, the seal, and the folders of the submissions.

The file is a ZIP of JSON lines, so a backup of SQLite can be restored into PostgreSQL and the other way round, and
still be read when this program is gone.
"""

from __future__ import annotations

import json
import os
import shutil
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import MetaData, Table, delete, func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from qn_geo.decisions import audit
from qn_geo.decisions.database import NOTHING, known_revisions, migrate, revision
from qn_geo.decisions.errors import DatabaseError, NotEmptyError
from qn_geo.decisions.ledger import utc
from qn_geo.decisions.models import IN_ORDER, head, submissions
from qn_geo.decisions.seal import Seal
from qn_geo.errors import QnGeoError
from qn_geo.importing import durable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Connection

    from qn_geo.decisions.database import Database

FORMAT: Final = 1
FORMER: Final = "former"
"""Folder in the review folder that keeps what a restoration replaced."""
_MANIFEST: Final = "backup.json"
_SEAL: Final = "seal.json"
_FILES: Final = "files"
# What a file that is no backup of ours, or a spoiled one, makes the readers below raise.
_DAMAGES: Final = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    SQLAlchemyError,
)
_ROWS_AT_ONCE: Final = 5_000


@dataclass(frozen=True, slots=True)
class Restored:
    """What a restoration did.

    Attributes:
        verdict: The audit of the restored ledger.
        former: Backup of what was there before; None when there was nothing.
        lost: Decisions that were sealed here and are newer than the backup.
    """

    verdict: audit.Verdict
    former: Path | None
    lost: int


def backup(database: Database, path: Path) -> Path:
    """Write everything into one file, whole or not at all; reviewers can go on working meanwhile.

    Args:
        database: The database.
        path: The file to write, or a folder to write one into, named by the time.

    Returns:
        The file.

    Raises:
        QnGeoError: If the file is there already, or cannot be written.
    """
    if path.is_dir():
        path = path / f"qn-geo-{_stamp()}.zip"
    if path.exists():
        raise QnGeoError(
            "Tệp sao lưu này đã có.",
            "This backup file is there already.",
            file=str(path),
            remedy_vi="chọn tên khác.",
            remedy_en="choose another name.",
        )
    part = path.with_name(f".{path.name}.part")
    with _disk(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("wb") as stream:
                with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as archive:
                    _pack(database, archive)
                stream.flush()
                os.fsync(stream.fileno())
            durable.move(part, path)
        finally:
            part.unlink(missing_ok=True)
    return path


def restore(database: Database, path: Path, *, replace: bool = False) -> Restored:
    """Bring back what a backup holds, all of it or nothing.

    Args:
        database: The database; what it holds is replaced.
        path: The backup.
        replace: Whether to go on when the database holds something; that is kept as a backup in `former` then.

    Raises:
        NotEmptyError: If the database holds something and `replace` is not set.
        QnGeoError: If the file is no backup, is damaged, is of a newer version, or its ledger does not verify;
            nothing was changed then.
    """
    with _disk(path), _opened(path) as archive:
        manifest = _read_manifest(archive)
        staging = database.folder / f".restoring-{_stamp()}"
        try:
            _unpack(archive, staging)
            with database.writing() as connection:
                if database.postgres:  # whoever wants to decide waits here, and not in the middle
                    connection.exec_driver_sql("LOCK TABLE ledger_head IN EXCLUSIVE MODE")
                former = _keep_former(database, replace=replace)
                verdict, sealed = _refill(connection, archive, manifest)
                _refuse_strange(staging, set(connection.scalars(select(submissions.c.id))))
                lost = _exchange_seal(database, manifest["ledger_id"], sealed)
                _move_in(staging, database.folder)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return Restored(verdict, former, lost)


# --- writing ---


def _pack(database: Database, archive: zipfile.ZipFile) -> None:
    """Write the seal before the tables: an entry that is added between the two is then no loss to the audit."""
    with database.reading() as connection:
        held = connection.execute(select(head)).mappings().first()
    sealed = Seal(database.folder, held["ledger_id"]).read() if held else None
    archive.writestr(_SEAL, json.dumps(sealed))
    with database.reading_evidence() as connection:
        manifest: dict[str, Any] = {
            "format": FORMAT,
            "revision": revision(connection),
            "ledger_id": held["ledger_id"] if held else None,
            "made": utc(datetime.now(UTC)),
            "rows": {table.name: _pack_table(connection, archive, table) for table in IN_ORDER},
        }
        ids = sorted(connection.scalars(select(submissions.c.id)))
    archive.writestr(_MANIFEST, json.dumps(manifest, indent=1))
    for submission_id in ids:
        folder = database.folder / submission_id
        for file in sorted(folder.rglob("*")):
            # A name with a dot in front is a file that is being written.
            if file.is_file() and not file.is_symlink() and not file.name.startswith("."):
                archive.write(file, f"{_FILES}/{file.relative_to(database.folder).as_posix()}")


def _pack_table(connection: Connection, archive: zipfile.ZipFile, table: Table) -> int:
    count = 0
    with (
        archive.open(_table_file(table.name), "w", force_zip64=True) as stream,
        connection.execute(select(table), execution_options={"yield_per": _ROWS_AT_ONCE}) as result,
    ):
        for row in result.mappings():
            stream.write(json.dumps(dict(row), ensure_ascii=False, default=repr).encode() + b"\n")
            count += 1
    return count


# --- reading ---


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    """Open a backup; whatever is wrong with its content is told as one error."""
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_damaged(archive)
            yield archive
    except _DAMAGES as error:
        raise QnGeoError(
            "Tệp này không phải là bản sao lưu, hoặc đã bị hỏng; chưa có gì thay đổi.",
            "This file is no backup or is damaged; nothing was changed.",
            file=str(path),
            remedy_vi="dùng một bản sao lưu khác.",
            remedy_en="use another backup.",
        ) from error


def _refuse_damaged(archive: zipfile.ZipFile) -> None:
    damaged = archive.testzip()
    if damaged is not None:
        raise zipfile.BadZipFile(damaged)


def _read_manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    manifest = json.loads(archive.read(_MANIFEST))
    if manifest["format"] != FORMAT or manifest["revision"] not in known_revisions():
        raise QnGeoError(
            "Bản sao lưu thuộc phiên bản mới hơn của chương trình.",
            "The backup is of a newer version of this program.",
            file=archive.filename,
            remedy_vi="cập nhật QN Geo rồi khôi phục.",
            remedy_en="update QN Geo, then restore it.",
        )
    return dict(manifest)


def _keep_former(database: Database, *, replace: bool) -> Path | None:
    """Back up what the database holds before it is replaced."""
    with database.reading() as connection:
        count = connection.scalar(select(func.count()).select_from(submissions)) or 0
    if not count:
        return None
    if not replace:
        raise NotEmptyError(
            f"Cơ sở dữ liệu đang có {count} hồ sơ; chưa có gì thay đổi.",
            f"The database holds {count} submission(s); nothing was changed.",
            file=database.name,
            remedy_vi="cho phép thay thế; những gì đang có sẽ được giữ trong thư mục former.",
            remedy_en="allow it to be replaced; what is there is kept in the folder `former`.",
        )
    return backup(database, database.folder / FORMER / f"replaced-{_stamp()}.zip")


def _refill(
    connection: Connection, archive: zipfile.ZipFile, manifest: dict[str, Any]
) -> tuple[audit.Verdict, dict[int, str]]:
    """Empty the database, fill it as it was at the version of the backup, bring it up to date and examine it."""
    migrate(connection, NOTHING)
    migrate(connection, manifest["revision"])
    connection.execute(delete(head))
    for name, count in manifest["rows"].items():
        if _fill(connection, archive, name) != count:
            raise ValueError(name)
    migrate(connection)
    sealed = json.loads(archive.read(_SEAL))
    hashes = None if sealed is None else {int(seq): str(value) for seq, value in sealed.items()}
    verdict = audit.examine(connection, hashes)
    if not verdict.ok or hashes is None:
        raise QnGeoError(
            f"Sổ quyết định trong bản sao lưu không nguyên vẹn; chưa có gì thay đổi. {verdict.message('vi')}",
            f"The ledger in the backup is not whole; nothing was changed. {verdict.message('en')}",
            file=archive.filename,
        )
    return verdict, hashes


def _fill(connection: Connection, archive: zipfile.ZipFile, name: str) -> int:
    """Insert the rows of one table; it is read as it is at the version of the backup, not as `models` has it."""
    table = Table(name, MetaData(), autoload_with=connection)
    count = 0
    with archive.open(_table_file(name)) as stream:
        rows: list[dict[str, Any]] = []
        for line in stream:
            rows.append(json.loads(line))
            if len(rows) == _ROWS_AT_ONCE:
                connection.execute(insert(table), rows)
                count, rows = count + len(rows), []
        if rows:
            connection.execute(insert(table), rows)
    return count + len(rows)


def _exchange_seal(database: Database, ledger_id: str, sealed: dict[int, str]) -> int:
    """Put the seal of the backup in place, keep the one that was there, and count what it held beyond the backup.

    This comes before the database is committed: cut short, it leaves a ledger that is longer than its seal, which
    is no fault.
    """
    seal = Seal(database.folder, ledger_id)
    if not seal.path.exists():
        seal.write(sealed)
        return 0
    held = seal.read() or {}
    kept = database.folder / FORMER / f"{seal.path.name}-{_stamp()}"
    durable.write(kept, seal.path.read_bytes())
    seal.write(sealed)
    return sum(1 for seq in held if seq not in sealed)


def _unpack(archive: zipfile.ZipFile, staging: Path) -> None:
    """Unpack the folders of the submissions, and nothing that would land outside them."""
    staging.mkdir(parents=True)
    for info in archive.infolist():
        path = PurePosixPath(info.filename)
        if path.parts[0] != _FILES or info.is_dir():
            continue
        if len(path.parts) < 3 or ".." in path.parts or "\\" in info.filename or ":" in info.filename:  # noqa: PLR2004 - files/<submission>/<file>
            raise ValueError(info.filename)
        target = staging.joinpath(*path.parts[1:])
        target.parent.mkdir(parents=True, exist_ok=True)
        with archive.open(info) as source, target.open("wb") as stream:
            shutil.copyfileobj(source, stream)
            stream.flush()
            os.fsync(stream.fileno())


def _refuse_strange(staging: Path, ids: set[str]) -> None:
    """Refuse files that belong to no submission of the backup."""
    strange = {folder.name for folder in staging.iterdir()} - ids
    if strange:
        raise ValueError(strange)


def _move_in(staging: Path, folder: Path) -> None:
    """Put the folders of the submissions in place; those that were there go to `former`."""
    for new in sorted(staging.iterdir()):
        place = folder / new.name
        if place.exists():
            (folder / FORMER).mkdir(exist_ok=True)
            place.replace(folder / FORMER / f"{new.name}-{_stamp()}")
        new.replace(place)


def _table_file(name: str) -> str:
    return f"tables/{name}.jsonl"


def _stamp() -> str:
    return f"{datetime.now(UTC):%Y%m%d-%H%M%S-%f}"


@contextmanager
def _disk(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatabaseError(
            f"Không đọc hoặc ghi được tệp ({error}).",
            f"A file cannot be read or written ({error}).",
            file=str(path),
            remedy_vi="kiểm tra đường dẫn, quyền và dung lượng ổ đĩa rồi chạy lại.",
            remedy_en="check the path, the rights and the room on the disk, then try again.",
        ) from error
