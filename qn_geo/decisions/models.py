"""The tables as they are now; `migrations` brings a database of any age to this."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData()

# Moments are ISO 8601 texts (see `ledger.utc`): they come back from every database exactly as they were hashed.
submissions = Table(
    "submissions",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("size", BigInteger, nullable=False),
    Column("who", Text, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("received_at", String(32), nullable=False),
    Column("zone_id", Text),
    Column("note", Text, nullable=False),
    Column("state", String(16), nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("submission_id", String(64), ForeignKey("submissions.id"), nullable=False, index=True),
    Column("findings_hash", String(64), nullable=False),
    Column("rules_version", Text, nullable=False),
    Column("counts", JSON, nullable=False),
    Column("at", String(32), nullable=False),
)

ledger = Table(
    "ledger",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("submission_id", String(64), ForeignKey("submissions.id"), nullable=False),
    Column("plot_id", Text, nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("when_utc", String(32), nullable=False),
    Column("when_local", String(32), nullable=False),
    Column("submission_hash", String(64), nullable=False),
    Column("findings_hash", String(64), nullable=False),
    Column("rules_version", Text, nullable=False),
    Column("previous_hash", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_ledger_submission_plot", "submission_id", "plot_id", "seq"),
)

# One row: the ledger's id and its newest entry. Whoever writes holds this row, so writers take turns.
head = Table(
    "ledger_head",
    metadata,
    Column("ledger_id", String(32), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)

IN_ORDER = (submissions, runs, ledger, head)
"""Every table, what others refer to first."""
