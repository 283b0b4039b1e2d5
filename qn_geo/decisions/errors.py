"""What can go wrong with the database, in words for the person at the page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from qn_geo.errors import QnGeoError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy.exc import DBAPIError

    from qn_geo.decisions.ledger import Entry
    from qn_geo.decisions.records import Version


class DatabaseError(QnGeoError):
    """The database could not be used; nothing of what was asked was stored."""


class NotEmptyError(QnGeoError):
    """A backup was to be restored over a database that holds something."""


class OutdatedError(QnGeoError):
    """Someone else decided, or the checks ran again, since the reviewer looked.

    Attributes:
        seen: Version the reviewer saw.
        now: Version there is now.
        before: Plot id -> the decision the reviewer saw, None for none; the plots that were decided since.
        after: Plot id -> the decision there is now, for the same plots. Empty when only the findings changed.
    """

    def __init__(
        self, seen: Version, now: Version, before: Mapping[str, Entry | None], after: Mapping[str, Entry]
    ) -> None:
        """Keep both versions; the message names the newest other decision."""
        self.seen, self.now, self.before, self.after = seen, now, dict(before), dict(after)
        if after:
            last = max(after.values(), key=lambda entry: entry.seq)
            when = f"{last.when:%H:%M %d/%m/%Y}"
            vi = f"{last.who} đã quyết định {len(after)} lô trong số này lúc {when}; quyết định của bạn chưa được ghi."
            en = f"{last.who} decided {len(after)} of these plots at {when}; your decision was not recorded."
        else:
            vi = "Việc kiểm tra đã chạy lại và cho kết quả khác với kết quả bạn xem; quyết định chưa được ghi."
            en = "The checks ran again and found something else than you saw; your decision was not recorded."
        super().__init__(
            vi,
            en,
            remedy_vi="xem cả hai bản rồi quyết định lại; nội dung bạn đã nhập vẫn được giữ.",
            remedy_en="look at both versions and decide again; what you typed is kept.",
        )


class _Words(NamedTuple):
    vi: str
    en: str
    remedy_vi: str
    remedy_en: str


_FULL: Final = _Words(
    "Ổ đĩa của cơ sở dữ liệu đã đầy; chưa ghi được gì, những gì đã ghi trước đó vẫn còn.",
    "The disk of the database is full; nothing was recorded, and what was recorded before is still there.",
    "giải phóng ổ đĩa rồi gửi lại.",
    "make room on the disk, then send it again.",
)
_FAILING: Final = _Words(
    "Ổ đĩa của cơ sở dữ liệu báo lỗi hoặc đã đầy; chưa ghi được gì.",
    "The disk of the database reports an error or is full; nothing was recorded.",
    "kiểm tra ổ đĩa và dung lượng trống, rồi gửi lại.",
    "check the disk and its free room, then send it again.",
)
_LOCKED: Final = _Words(
    "Cơ sở dữ liệu đang bị một chương trình khác giữ; chưa ghi được gì.",
    "Another program holds the database; nothing was recorded.",
    "chờ một lát rồi gửi lại; nếu vẫn vậy, đóng chương trình đang mở cơ sở dữ liệu.",
    "wait a moment and send it again; if it stays so, close the program that has the database open.",
)
_READ_ONLY: Final = _Words(
    "Không có quyền ghi vào cơ sở dữ liệu; chưa ghi được gì.",
    "The database may not be written; nothing was recorded.",
    "cấp quyền ghi cho tệp và thư mục, hoặc cho người dùng của cơ sở dữ liệu.",
    "allow the app to write the file and its folder, or give the database user the right.",
)
_UNREACHABLE: Final = _Words(
    "Không mở được cơ sở dữ liệu, hoặc mất kết nối.",
    "The database cannot be opened, or the connection was lost.",
    "kiểm tra máy chủ và QN_GEO_DATABASE_URL; xem lịch sử trước khi quyết định lại.",
    "check the server and QN_GEO_DATABASE_URL; look at the history before deciding again.",
)
_DAMAGED: Final = _Words(
    "Tệp cơ sở dữ liệu bị hỏng hoặc không phải là cơ sở dữ liệu.",
    "The database file is damaged or is no database.",
    "giữ tệp này ở chỗ khác, rồi khôi phục từ bản sao lưu.",
    "move the file away and keep it, then restore a backup.",
)
_GONE: Final = _Words(
    "Tệp cơ sở dữ liệu đã bị xóa hoặc chuyển đi khi chương trình đang chạy; chưa ghi được gì.",
    "The database file was deleted or moved away while the program was running; nothing was recorded.",
    "đặt tệp lại chỗ cũ, hoặc khôi phục từ bản sao lưu, rồi khởi động lại.",
    "put the file back in its place, or restore a backup, then start the program again.",
)
_OTHER: Final = _Words(
    "Cơ sở dữ liệu từ chối; chưa ghi được gì.",
    "The database refused; nothing was recorded.",
    "gửi thông báo này cho người quản trị.",
    "send this message to the administrator.",
)
_SQLITE: Final = {
    "SQLITE_FULL": _FULL,
    "SQLITE_IOERR": _FAILING,
    "SQLITE_BUSY": _LOCKED,
    "SQLITE_LOCKED": _LOCKED,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_PERM": _READ_ONLY,
    "SQLITE_CANTOPEN": _UNREACHABLE,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_NOTADB": _DAMAGED,
}
# The first letters of a SQLSTATE are its class.
_POSTGRES: Final = {
    "53100": _FULL,
    "55P03": _LOCKED,
    "40P01": _LOCKED,
    "25006": _READ_ONLY,
    "42501": _READ_ONLY,
    "08": _UNREACHABLE,
    "57P": _UNREACHABLE,
    "28": _UNREACHABLE,
    "3D": _UNREACHABLE,
    "53": _UNREACHABLE,
    "XX": _DAMAGED,
}


def told(error: DBAPIError, where: str) -> DatabaseError:
    """Return a driver's error in words for the user.

    Args:
        error: As SQLAlchemy raised it.
        where: Name of the database, without its password.
    """
    words = _words(error)
    detail = f" ({' '.join(str(error.orig).split())[:300]})" if words in (_OTHER, _UNREACHABLE) else ""
    return DatabaseError(
        words.vi + detail, words.en + detail, file=where, remedy_vi=words.remedy_vi, remedy_en=words.remedy_en
    )


def busy(where: str) -> DatabaseError:
    """Return the error of a database that another program holds for too long."""
    return DatabaseError(_LOCKED.vi, _LOCKED.en, file=where, remedy_vi=_LOCKED.remedy_vi, remedy_en=_LOCKED.remedy_en)


def gone(where: str) -> DatabaseError:
    """Return the error of a database whose file is not where it was."""
    return DatabaseError(_GONE.vi, _GONE.en, file=where, remedy_vi=_GONE.remedy_vi, remedy_en=_GONE.remedy_en)


def _words(error: DBAPIError) -> _Words:
    name = getattr(error.orig, "sqlite_errorname", None)
    if name:
        return next((words for start, words in _SQLITE.items() if name.startswith(start)), _OTHER)
    state = getattr(error.orig, "sqlstate", None)
    if state:
        return next((words for start, words in _POSTGRES.items() if state.startswith(start)), _OTHER)
    # psycopg has no SQLSTATE for a server that does not answer.
    return _UNREACHABLE if type(error.orig).__name__ == "OperationalError" or error.connection_invalidated else _OTHER
