"""The review's memory: submissions, runs of the rules, and decisions.

Every write is one transaction, taken in turn with all other writers, and on the disk before the method returns.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import func, insert, select, update

from qn_geo.decisions import archive, audit, queries
from qn_geo.decisions.database import Database
from qn_geo.decisions.deciding import Decision, chained, checked, refuse_outdated
from qn_geo.decisions.identity import Identity, tidy
from qn_geo.decisions.ledger import Entry, utc
from qn_geo.decisions.models import head, ledger, runs, submissions
from qn_geo.decisions.records import STATES, Case, Run, Version
from qn_geo.decisions.seal import Seal
from qn_geo.errors import QnGeoError
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from sqlalchemy import Connection, RowMapping

PATIENCE_SECONDS: Final = 20.0  # a decision about 100,000 plots takes a few
_ID: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")  # it is the name of a folder
_SHA256: Final = re.compile(r"[0-9a-f]{64}")


def store() -> Store:
    """Return the store that the settings name; one for the whole process, for every thread.

    Raises:
        QnGeoError: If the database cannot be opened.
    """
    chosen = settings()
    return _opened(chosen.database_url, chosen.review_dir)


@lru_cache(maxsize=4)
def _opened(url: str, folder: Path) -> Store:
    return Store(folder, url)


class Store:
    """The database of one review folder.

    Args:
        folder: Folder of the review, which also holds the seal of the ledger.
        url: SQLAlchemy address of the database; empty for `review.sqlite` in the folder.
        patience: Seconds to wait for another writer.

    Raises:
        QnGeoError: If the database cannot be opened; every other method raises it when the database fails.
    """

    def __init__(self, folder: Path, url: str = "", *, patience: float = PATIENCE_SECONDS) -> None:
        """Open the database; make or migrate it where needed."""
        self.database = Database(url, folder, patience)
        with self.database.reading() as connection:
            held = connection.execute(select(head)).mappings().first()
        if held and held["seq"] == 0 and not self._seal(held).path.exists():
            with self._alone() as (_, held):  # another process may be at its first decision by now
                if held["seq"] == 0:
                    self._seal(held).create()

    def close(self) -> None:
        """Close all connections; the next use opens new ones."""
        self.database.engine.dispose()

    # --- submissions ---

    def add(  # noqa: PLR0913 - the columns of a submission
        self,
        submission_id: str,
        name: str,
        sha256: str,
        size: int,
        who: str,
        *,
        verified: bool,
        received_at: datetime,
        zone_id: str | None = None,
        note: str = "",
    ) -> Case:
        """Put a submission into the queue, in state "received".

        Args:
            submission_id: As the intake named it.
            name: Name of the file as received.
            sha256: SHA-256 of the file as received.
            size: Its bytes.
            who: Who handed it in.
            verified: Whether that name comes from a sign-in.
            received_at: When, with a time zone.
            zone_id: Zone it is said to lie in.
            note: What came with it.

        Raises:
            QnGeoError: If there is one with this id, or the name of the person cannot be used.
            ValueError: If an id or hash is not of the intake's making.
        """
        if not _ID.fullmatch(submission_id) or not _SHA256.fullmatch(sha256):
            raise ValueError(f"{submission_id!r}, {sha256!r}")
        person = Identity(who, verified)
        row = {
            "id": submission_id,
            "name": tidy(name),
            "sha256": sha256,
            "size": size,
            "who": person.name,
            "verified": person.verified,
            "received_at": utc(received_at),
            "zone_id": zone_id,
            "note": tidy(note),
            "state": "received",
        }
        with self._alone() as (connection, _):
            if connection.scalar(select(submissions.c.id).where(submissions.c.id == submission_id)):
                raise QnGeoError(
                    f"Hồ sơ {submission_id} đã có trong danh sách.",
                    f"Submission {submission_id} is in the queue already.",
                )
            connection.execute(insert(submissions), [row])
        return self.get(submission_id)

    def set_state(self, submission_id: str, state: str) -> None:
        """Set how far a submission is.

        Raises:
            QnGeoError: If there is no such submission.
            ValueError: If the state is none of `STATES`.
        """
        if state not in STATES:
            raise ValueError(state)
        with self._alone() as (connection, _):
            queries.submission(connection, submission_id)
            queries.set_state(connection, submission_id, state)

    def get(self, submission_id: str) -> Case:
        """Return one submission.

        Raises:
            QnGeoError: If there is no such submission.
        """
        with self.database.reading() as connection:
            queries.submission(connection, submission_id)
            return queries.cases(connection, submission_id)[0]

    def queue(self) -> list[Case]:
        """Return all submissions, the newest first."""
        with self.database.reading() as connection:
            return queries.cases(connection)

    # --- runs of the rules ---

    def add_run(
        self,
        submission_id: str,
        findings_hash: str,
        rules_version: str,
        counts: Mapping[str, int],
        when: datetime | None = None,
    ) -> Run:
        """Record that the rules ran over a submission. Other findings than before make it "checked" again.

        Args:
            submission_id: The submission.
            findings_hash: SHA-256 of the findings.
            rules_version: Version of the rules.
            counts: What was counted; with "plots" among it, the state tells when every plot is decided.
            when: When, with a time zone; now by default.

        Raises:
            QnGeoError: If there is no such submission.
            ValueError: If the hash is none.
        """
        if not _SHA256.fullmatch(findings_hash):
            raise ValueError(findings_hash)
        row: dict[str, Any] = {
            "submission_id": submission_id,
            "findings_hash": findings_hash,
            "rules_version": rules_version,
            "counts": dict(counts),
            "at": utc(when or datetime.now(UTC)),
        }
        with self._alone() as (connection, _):
            queries.submission(connection, submission_id)
            former = queries.latest_run(connection, submission_id)
            row["id"] = (connection.scalar(select(func.max(runs.c.id))) or 0) + 1
            connection.execute(insert(runs), [row])
            if former is None or former.findings_hash != findings_hash:
                queries.set_state(connection, submission_id, "checked")
        return queries.run_of(row)

    def latest_run(self, submission_id: str) -> Run | None:
        """Return the newest run over a submission, None before the first."""
        with self.database.reading() as connection:
            return queries.latest_run(connection, submission_id)

    # --- decisions ---

    def version(self, submission_id: str) -> Version:
        """Return what a reviewer who looks at a submission now sees; hand it back to `decide`."""
        with self.database.reading() as connection:
            return queries.version(connection, submission_id)

    def decide(  # noqa: PLR0913 - a decision has this much to it
        self,
        submission_id: str,
        plot_ids: Iterable[str],
        verdict: str,
        *,
        reason: str = "",
        note: str = "",
        who: Identity,
        seen: Version,
    ) -> list[Entry]:
        """Record one decision about one or more plots: all of them or, on an error, none.

        Args:
            submission_id: The submission; the rules must have run over it.
            plot_ids: The plots.
            verdict: "accept", "return" or "reject".
            reason: Why; needed for "return" and "reject".
            note: Anything else.
            who: The reviewer.
            seen: What the reviewer saw, from `version`.

        Returns:
            One entry a plot, on the disk.

        Raises:
            OutdatedError: If someone else decided on one of the plots meanwhile, or the findings changed.
            QnGeoError: If a reason is missing, there is nothing to decide on, or the database cannot be used.
            ValueError: If the verdict is none of `VERDICTS`.
        """
        decision = Decision.of(submission_id, plot_ids, verdict, reason=reason, note=note, who=who)
        with self._alone() as (connection, held):
            submission = queries.submission(connection, submission_id)
            run = checked(queries.latest_run(connection, submission_id))
            refuse_outdated(connection, decision, seen, queries.version(connection, submission_id))
            entries = chained(decision, submission["sha256"], run, held)
            connection.execute(insert(ledger), [entry.as_row() for entry in entries])
            connection.execute(update(head).values(seq=entries[-1].seq, hash=entries[-1].hash))
            queries.follow(connection, submission_id, run)
        self._seal(held).add(entries)
        return entries

    def newest(self) -> tuple[int, str]:
        """Return number and hash of the newest entry of the whole ledger; before the first, 0 and what it builds on."""
        with self.database.reading() as connection:
            held = connection.execute(select(head)).mappings().one()
        return held["seq"], held["hash"]

    def history(self, submission_id: str, plot_id: str | None = None) -> list[Entry]:
        """Return the entries of a submission or of one of its plots, oldest first."""
        query = queries.entries().where(ledger.c.submission_id == submission_id)
        if plot_id is not None:
            query = query.where(ledger.c.plot_id == plot_id)
        with self.database.reading() as connection:
            return [Entry(*row) for row in connection.execute(query)]

    def current(self, submission_id: str) -> dict[str, Entry]:
        """Return the newest entry of each decided plot of a submission, by plot id."""
        return {entry.plot_id: entry for entry in self.history(submission_id)}

    def export_rows(self, submission_id: str) -> list[dict[str, str | int]]:
        """Return every entry of a submission as it goes into a report, oldest first.

        The columns are those of an entry; `identity` ("verified" or "unverified") stands in place of `verified`.
        """
        rows = []
        for entry in self.history(submission_id):
            row: dict[str, str | int] = entry.as_row()
            row["identity"] = "verified" if row.pop("verified") else "unverified"
            rows.append(row)
        return rows

    # --- the whole ---

    def verify(self) -> audit.Verdict:
        """Examine the whole ledger, see `audit.verify`."""
        return audit.verify(self.database)

    def backup(self, path: Path) -> Path:
        """Write everything into one file, see `archive.backup`."""
        return archive.backup(self.database, path)

    def restore(self, path: Path, *, replace: bool = False) -> archive.Restored:
        """Bring back what a backup holds, see `archive.restore`."""
        return archive.restore(self.database, path, replace=replace)

    @contextmanager
    def _alone(self) -> Iterator[tuple[Connection, RowMapping]]:
        """A transaction that no other writer shares, and the ledger's head."""
        with self.database.writing() as connection:
            held = connection.execute(select(head).with_for_update()).mappings().first()
            if held is None:
                raise QnGeoError(
                    "Sổ quyết định đã bị sửa từ bên ngoài: mất bản ghi đầu sổ.",
                    "The ledger was changed from outside: the record of its newest entry is gone.",
                    file=self.database.name,
                    remedy_vi="giữ tệp này làm bằng chứng, rồi khôi phục từ bản sao lưu.",
                    remedy_en="keep the database as evidence, then restore a backup.",
                )
            yield connection, held

    def _seal(self, held: RowMapping) -> Seal:
        return Seal(self.database.folder, held["ledger_id"])
