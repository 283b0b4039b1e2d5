"""What the tests of the review's memory do with it again and again; the fixtures are in `database_fixtures`."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from qn_geo.decisions import Identity

if TYPE_CHECKING:
    from qn_geo.decisions import Store

CASE = "20260301-080000-abc123"
AN, BINH = Identity("Trần Văn An", verified=True), Identity("Lê Thị Bình", verified=False)
TRIGGERS = {
    "sqlite": ["DROP TRIGGER ledger_no_update", "DROP TRIGGER ledger_no_delete", "DROP TRIGGER ledger_no_replace"],
    "postgresql": ["DROP TRIGGER ledger_no_change ON ledger"],
}


def submit(store: Store, submission_id: str = CASE, plots: int = 0) -> None:
    """Put a checked submission into the queue."""
    when = datetime(2026, 3, 1, 8, tzinfo=UTC)
    store.add(submission_id, "lô đất.zip", "5" * 64, 2048, "Ủy ban xã", verified=False, received_at=when)
    store.add_run(submission_id, "f" * 64, "rules-1", {"plots": plots} if plots else {})


def decide(store: Store, *plots: str, verdict: str = "return", who: Identity = AN, **more: Any) -> list[Any]:
    """Decide on what is there now."""
    reason = more.pop("reason", "Chồng lấn")
    case = more.pop("case", CASE)
    return store.decide(case, plots, verdict, reason=reason, who=who, seen=store.version(case), **more)


def run_sql(store: Store, *statements: str) -> None:
    """Change the database behind the program's back."""
    with store.database.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def drop_triggers(store: Store) -> None:
    """Do what an attacker would do first."""
    run_sql(store, *TRIGGERS[store.database.engine.dialect.name])
