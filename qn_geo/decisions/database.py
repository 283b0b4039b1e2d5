"""The database behind the store: SQLite or PostgreSQL, its transactions, its age, and what its errors mean."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from filelock import FileLock, Timeout
from sqlalchemy import URL, Connection, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from qn_geo.decisions import errors
from qn_geo.errors import QnGeoError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy.engine.interfaces import DBAPIConnection

MIGRATIONS: Final = Path(__file__).with_name("migrations")
NEWEST: Final = "head"
NOTHING: Final = "base"
_LOCK: Final = ".review.lock"
_MIGRATING: Final = 0x514E_4745  # any number that other users of a PostgreSQL lock do not take


class Database:
    """One database, brought to the present version when it is opened.

    Args:
        url: SQLAlchemy address, `sqlite:///...` or `postgresql://...`; empty for `review.sqlite` in the folder.
        folder: Folder of the review; holds the lock of the first opening.
        patience: Seconds to wait for another program before giving up.

    Raises:
        QnGeoError: If the address is of another kind, the database cannot be used, or it is of a newer version.
    """

    def __init__(self, url: str, folder: Path, patience: float) -> None:
        """Open and, where needed, make or migrate the database."""
        self.folder, self.patience = folder, patience
        address = _address(url, folder)
        self.postgres = address.get_backend_name() == "postgresql"
        self.name = address.render_as_string(hide_password=True) if self.postgres else str(address.database)
        if self.postgres:
            waiting = max(1, round(patience))
            self.engine = create_engine(address, pool_pre_ping=True, connect_args={"connect_timeout": waiting})
        else:
            self.engine = create_engine(address, connect_args={"timeout": patience})
            event.listen(self.engine, "connect", _set_up_sqlite)
            event.listen(self.engine, "begin", _begin_sqlite)
        try:
            self._file: tuple[int, int] | None = None
            self._bring_up_to_date()
            self._file = None if self.postgres else _identity(self.name)
        except BaseException:
            self.engine.dispose()
            raise

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A transaction that sees the database as it is at one moment.

        Raises:
            DatabaseError: If the database cannot be used.
        """
        options = {"isolation_level": "REPEATABLE READ"} if self.postgres else {}
        with self._transaction(**options) as connection:
            yield connection

    @contextmanager
    def reading_evidence(self) -> Iterator[Connection]:
        """The same, also for texts that someone spoiled so that they are no UTF-8; slower with SQLite.

        Raises:
            DatabaseError: If the database cannot be used.
        """
        with self.reading() as connection:
            driver: Any = connection.connection.dbapi_connection
            if self.postgres:  # it never stores such a text
                yield connection
                return
            driver.text_factory = _decoded
            try:
                yield connection
            finally:
                driver.text_factory = str

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is on the disk when this ends without an error, and undone when it does not.

        Raises:
            DatabaseError: If the database cannot be used.
        """
        options = {"isolation_level": "READ COMMITTED"} if self.postgres else {}
        with self._transaction(writing=True, **options) as connection:
            if self.postgres:
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {round(self.patience * 1000)}")
                connection.exec_driver_sql("SET LOCAL synchronous_commit = on")
            yield connection

    @contextmanager
    def _transaction(self, **options: Any) -> Iterator[Connection]:
        self._follow_file()
        with self._speaking_plainly(), self.engine.connect() as connection:
            connection.execution_options(**options)
            with connection.begin():
                yield connection

    def _follow_file(self) -> None:
        """Leave a file that lost its name to another: whatever is written there, nobody finds again.

        Raises:
            DatabaseError: If there is no file of this name any more.
        """
        if self._file is None:
            return
        now = _identity(self.name)
        if now is None:
            raise errors.gone(self.name)
        if now != self._file:
            self.engine.dispose()
            self._file = now

    @contextmanager
    def _speaking_plainly(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            raise errors.told(error, self.name) from error
        except PoolTimeoutError as error:
            raise errors.busy(self.name) from error

    def _bring_up_to_date(self) -> None:
        """Make or migrate the database, once, however many processes open it at the same time."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self.reading() as connection:
                if revision(connection) == _scripts().get_current_head():
                    return
            with FileLock(self.folder / _LOCK, timeout=self.patience):
                if not self.postgres:
                    self._write_ahead()
                with self.writing() as connection:
                    if self.postgres:  # the folder may be another machine's
                        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATING})")
                    self._refuse_newer(connection)
                    migrate(connection)
        except Timeout as error:
            raise errors.busy(self.name) from error
        except OSError as error:
            raise errors.DatabaseError(
                f"Không ghi được vào thư mục thẩm định ({error}).",
                f"The folder of the review cannot be written ({error}).",
                file=str(self.folder),
                remedy_vi="cấp quyền ghi và giải phóng ổ đĩa, hoặc đặt QN_GEO_REVIEW_DIR khác.",
                remedy_en="make it writable and make room, or set another QN_GEO_REVIEW_DIR.",
            ) from error

    def _write_ahead(self) -> None:
        """Let readers go on while one writes; the file remembers it."""
        with self._speaking_plainly():
            raw = self.engine.raw_connection()
            try:
                raw.cursor().execute("PRAGMA journal_mode = WAL")
            finally:
                raw.close()

    def _refuse_newer(self, connection: Connection) -> None:
        found = revision(connection)
        if found is not None and found not in known_revisions():
            raise QnGeoError(
                f"Cơ sở dữ liệu thuộc phiên bản mới hơn ({found}) của chương trình.",
                f"The database is of a newer version ({found}) of this program.",
                file=self.name,
                remedy_vi="cập nhật QN Geo rồi mở lại.",
                remedy_en="update QN Geo, then open it again.",
            )


def revision(connection: Connection) -> str | None:
    """Return the version of a database, None for an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def known_revisions() -> set[str]:
    """Return every version this program can bring up to date."""
    return {script.revision for script in _scripts().walk_revisions()}


def migrate(connection: Connection, target: str = NEWEST) -> None:
    """Bring a database to a version within the transaction of a connection; nothing happens when it is there."""
    if target == NEWEST and revision(connection) == _scripts().get_current_head():
        return
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    (command.downgrade if target == NOTHING else command.upgrade)(config, target)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(MIGRATIONS))


def _address(url: str, folder: Path) -> URL:
    """Return the address to open, with the driver we ship."""
    if not url:
        return URL.create("sqlite", database=str(folder / "review.sqlite"))
    try:
        address = make_url(url)
        kind = address.get_backend_name()
    except ArgumentError:
        kind = ""
    if kind in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    if kind == "sqlite" and address.database not in (None, "", ":memory:"):
        return address
    raise QnGeoError(
        "QN_GEO_DATABASE_URL không phải là địa chỉ PostgreSQL hoặc tệp SQLite.",
        "QN_GEO_DATABASE_URL is no address of PostgreSQL or of an SQLite file.",
        remedy_vi="bỏ biến này, hoặc viết như postgresql://người-dùng@máy-chủ/cơ-sở-dữ-liệu.",
        remedy_en="unset it, or write it like postgresql://user@server/database.",
    )


def _identity(path: str) -> tuple[int, int] | None:
    """Return what stays the same of a file while it is written, None when there is none of this name."""
    try:
        state = Path(path).stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _set_up_sqlite(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # we begin transactions ourselves, see below
    cursor = connection.cursor()
    cursor.execute("PRAGMA synchronous = FULL")  # a commit is on the disk before it is acknowledged
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _decoded(raw: bytes) -> str:
    return raw.decode(errors="replace")


def _begin_sqlite(connection: Connection) -> None:
    """Take the lock for writing at the start: one that is taken later can fail with work half done."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
