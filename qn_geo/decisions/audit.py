"""Whether the ledger is what was written: every entry, in its order, down to the newest."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, select

from qn_geo import clock, i18n
from qn_geo.decisions.ledger import COLUMNS, digest, genesis
from qn_geo.decisions.models import head, ledger, submissions
from qn_geo.decisions.seal import Seal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from qn_geo.decisions.database import Database

_ROWS_AT_ONCE: Final = 5_000
_SHOWN: Final = 12  # of a hash, enough to compare with a paper by eye
_WORDS: Final = {
    "edited": ("Bản ghi {n} đã bị sửa.", "Entry {n} was edited."),
    "missing": ("Bản ghi {n} đã bị xóa.", "Entry {n} was deleted."),
    "foreign": ("Bản ghi {n} không do chương trình ghi.", "Entry {n} was not written by this program."),
    "replaced": ("Bản ghi {n} đã bị thay bằng một bản khác.", "Entry {n} was replaced by another one."),
    "submission": (
        "Hồ sơ của bản ghi {n} không còn mã băm như khi quyết định.",
        "The submission of entry {n} no longer has the hash it was decided with.",
    ),
    "head": ("Bản ghi đầu sổ đã bị sửa hoặc bị xóa.", "The record of the newest entry was changed or deleted."),
    "seal": ("Tệp niêm phong bị mất hoặc bị hỏng.", "The seal file is missing or damaged."),
}
_REMEDY: Final = {
    "vi": "Cách xử lý: giữ nguyên cơ sở dữ liệu và tệp niêm phong làm bằng chứng, rồi khôi phục từ bản sao lưu.",
    "en": "Remedy: keep the database and the seal file as evidence, then restore a backup.",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What an audit of the ledger found.

    Attributes:
        ok: Whether nothing was edited, deleted, added or put in another order.
        entries: Number of entries in the ledger.
        first_broken: Number of the first entry that is not what was written, None where no single entry is to blame.
        what: What happened to it: "edited", "missing", "foreign", "replaced", "submission", "head" or "seal".
        unsealed: Numbers of entries that the seal file does not hold: they were recorded, but the program was cut
            short before it could say so, the file could not be written, or someone added them from outside.
        head: Hash of the newest entry: printed on a report, it vouches for everything before it.
        at: When it was examined, in the legal time of Viet Nam.
    """

    ok: bool
    entries: int
    first_broken: int | None = None
    what: str = ""
    unsealed: tuple[int, ...] = ()
    head: str = ""
    at: datetime = field(default_factory=clock.now, compare=False)

    def message(self, lang: str) -> str:
        """Return the outcome, when it was found, and where something is wrong the remedy ("vi" or "en")."""
        lang = "vi" if lang == "vi" else "en"
        when = f"{i18n.moment(self.at, lang)} (UTC+7)"
        return f"{self._outcome(lang)} {f'Kiểm tra lúc {when}.' if lang == 'vi' else f'Examined on {when}.'}"

    def _outcome(self, lang: str) -> str:
        if not self.ok:
            return f"{_WORDS[self.what][lang == 'en'].format(n=self.first_broken)} {_REMEDY[lang]}"
        count, first = len(self.unsealed), self.unsealed[0] if self.unsealed else 0
        newest = f"{self.entries} · {self.head[:_SHOWN]}" if self.entries else ""
        if lang == "vi":
            newest = f" Bản ghi mới nhất: {newest}." if newest else ""
            text = f" {count} bản ghi không có trong tệp niêm phong, đầu tiên là {first}." if count else ""
            return f"Sổ nguyên vẹn: {self.entries} bản ghi.{text}{newest}"
        newest = f" Newest entry: {newest}." if newest else ""
        text = f" {count} of them are not in the seal file, the first is {first}." if count else ""
        return f"The ledger is whole: {self.entries} entries.{text}{newest}"


def verify(database: Database) -> Verdict:
    """Read the whole ledger and compare it with itself, its head, its seal and the submissions.

    Whoever can write both the database and the seal file can replace both without a trace here; the hashes in
    exported reports and in backups still tell.

    Raises:
        DatabaseError: If the database cannot be used.
        OSError: If the seal file cannot be read.
    """
    # The seal first: an entry that is added meanwhile is then in the database and not in the seal, which is no fault.
    with database.reading() as connection:
        held = connection.execute(select(head)).mappings().first()
        seal = Seal(database.folder, held["ledger_id"]).read() if held else None
    with database.reading_evidence() as connection:
        return examine(connection, seal)


def examine(connection: Connection, sealed: Mapping[int, str] | None) -> Verdict:
    """Examine the ledger that a connection sees.

    Args:
        connection: In a transaction of its own, so that it sees one moment.
        sealed: Hash by entry number from the seal, None when that is missing or damaged.
    """
    held = connection.execute(select(head)).mappings().first()
    count = connection.scalar(select(func.count()).select_from(ledger)) or 0
    if held is None:
        return Verdict(ok=False, entries=count, what="head")
    query = select(*(ledger.c[name] for name in COLUMNS)).order_by(ledger.c.seq)
    with connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}) as result:
        fault = _first_fault(result.mappings(), dict(held), sealed or {})
    if fault is None and count:
        fault = _foreign_submission(connection)
    if fault is None and sealed is None:
        fault = (None, "seal")
    if fault is not None:
        return Verdict(ok=False, entries=count, first_broken=fault[0], what=fault[1], head=held["hash"])
    unsealed = tuple(seq for seq in range(1, count + 1) if seq not in (sealed or {}))
    return Verdict(ok=True, entries=count, unsealed=unsealed, head=held["hash"])


_Fault = tuple[int | None, str]


def _first_fault(
    rows: Iterable[Mapping[Any, Any]], held: Mapping[str, Any], sealed: Mapping[int, str]
) -> _Fault | None:
    """Walk down the chain to the first entry that does not fit."""
    expected, before = 1, genesis(held["ledger_id"])
    for row, following in pairwise(chain(rows, [None])):
        if row is None:  # for the type checker: only the last of all can be None
            break
        seq = int(row["seq"])
        if seq != expected:
            return (seq, "foreign") if seq < 1 else (expected, "missing")
        if what := _fault_of(row, sealed):
            return seq, what
        if row["previous_hash"] != before:
            return _culprit(row, following or {"previous_hash": held["hash"]}, sealed), "replaced"
        expected, before = seq + 1, row["hash"]
    return _fault_at_end(expected - 1, before, held, sealed)


def _fault_of(row: Mapping[Any, Any], sealed: Mapping[int, str]) -> str:
    """Tell what is wrong with an entry by itself; empty for nothing."""
    if not _intact(row):
        return "edited"
    return "" if sealed.get(row["seq"], row["hash"]) == row["hash"] else "replaced"


def _fault_at_end(last: int, newest: str, held: Mapping[str, Any], sealed: Mapping[int, str]) -> _Fault | None:
    """Tell whether the chain ends where the head and the seal say it does."""
    if last < max(*sealed, 0, held["seq"]):
        return last + 1, "missing"
    if last > held["seq"]:
        return held["seq"] + 1, "foreign"
    if held["hash"] == newest:
        return None
    return (last, "replaced") if last else (None, "head")


def _intact(row: Mapping[Any, Any]) -> bool:
    try:
        return bool(digest({name: row[name] for name in COLUMNS}) == row["hash"])
    except (TypeError, ValueError):  # a value of a type that we never write
        return False


def _culprit(row: Mapping[Any, Any], following: Mapping[Any, Any], sealed: Mapping[int, str]) -> int:
    """Tell which of two neighbours was replaced: the one that neither the seal nor its other neighbour vouches for."""
    seq = int(row["seq"])
    vouched = seq in sealed or following["previous_hash"] == row["hash"]
    return seq - 1 if vouched and seq > 1 and seq - 1 not in sealed else seq


def _foreign_submission(connection: Connection) -> _Fault | None:
    """Find the first entry whose submission is gone or has another hash than it was decided with."""
    query = (
        select(func.min(ledger.c.seq))
        .outerjoin_from(ledger, submissions, ledger.c.submission_id == submissions.c.id)
        .where(func.coalesce(submissions.c.sha256, "") != ledger.c.submission_hash)
    )
    seq = connection.scalar(query)
    return None if seq is None else (seq, "submission")
