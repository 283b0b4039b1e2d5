"""What the store asks the database; each function works in the transaction it is handed."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Select, func, select, update

from qn_geo.decisions.ledger import COLUMNS
from qn_geo.decisions.models import ledger, runs, submissions
from qn_geo.decisions.records import Case, Run, Version
from qn_geo.errors import QnGeoError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sqlalchemy import Connection, RowMapping


def entries() -> Select[Any]:
    """Select whole entries, oldest first."""
    return select(*(ledger.c[name] for name in COLUMNS)).order_by(ledger.c.seq)


def submission(connection: Connection, submission_id: str) -> RowMapping:
    """Return the row of a submission.

    Raises:
        QnGeoError: If there is none.
    """
    row = connection.execute(select(submissions).where(submissions.c.id == submission_id)).mappings().first()
    if row is None:
        raise QnGeoError(
            f"Không có hồ sơ {submission_id}.",
            f"There is no submission {submission_id}.",
            remedy_vi="tải lại danh sách hồ sơ.",
            remedy_en="reload the list of submissions.",
        )
    return row


def set_state(connection: Connection, submission_id: str, state: str) -> None:
    """Set how far a submission is."""
    connection.execute(update(submissions).where(submissions.c.id == submission_id).values(state=state))


def follow(connection: Connection, submission_id: str, run: Run) -> None:
    """Set the state once every plot is decided."""
    (case,) = cases(connection, submission_id)
    if 0 < run.counts.get("plots", 0) <= sum(case.decided.values()):
        set_state(connection, submission_id, "returned" if "return" in case.decided else "decided")


def latest_run(connection: Connection, submission_id: str) -> Run | None:
    """Return the newest run over a submission."""
    query = select(runs).where(runs.c.submission_id == submission_id).order_by(runs.c.id.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return None if row is None else run_of(row)


def run_of(row: Mapping[Any, Any]) -> Run:
    """Return a run from its row."""
    return Run(
        row["id"],
        row["submission_id"],
        row["findings_hash"],
        row["rules_version"],
        row["counts"],
        datetime.fromisoformat(row["at"]),
    )


def version(connection: Connection, submission_id: str) -> Version:
    """Return what someone who looks at a submission now sees."""
    newest = connection.scalar(select(func.max(ledger.c.seq)).where(ledger.c.submission_id == submission_id))
    run = latest_run(connection, submission_id)
    return Version(newest or 0, run.findings_hash if run else "")


def cases(connection: Connection, submission_id: str | None = None) -> list[Case]:
    """Read submissions with what their latest run counted and how their plots are decided."""
    which = [] if submission_id is None else [submission_id]
    listed = select(submissions).order_by(submissions.c.received_at.desc(), submissions.c.id)
    newest_runs = select(func.max(runs.c.id)).group_by(runs.c.submission_id)
    newest = select(func.max(ledger.c.seq)).group_by(ledger.c.submission_id, ledger.c.plot_id)
    if which:
        listed = listed.where(submissions.c.id.in_(which))
        newest_runs = newest_runs.where(runs.c.submission_id.in_(which))
        newest = newest.where(ledger.c.submission_id.in_(which))
    counted = select(runs.c.submission_id, runs.c.counts).where(runs.c.id.in_(newest_runs))
    counts = {row.submission_id: row.counts for row in connection.execute(counted)}
    tallied = (
        select(ledger.c.submission_id, ledger.c.verdict, func.count())
        .where(ledger.c.seq.in_(newest))
        .group_by(ledger.c.submission_id, ledger.c.verdict)
    )
    decided: dict[str, dict[str, int]] = {}
    for owner, verdict, count in connection.execute(tallied):
        decided.setdefault(owner, {})[verdict] = count
    return [
        Case(
            **{**row, "received_at": datetime.fromisoformat(row["received_at"])},
            counts=counts.get(row["id"], {}),
            decided=decided.get(row["id"], {}),
        )
        for row in connection.execute(listed).mappings()
    ]
