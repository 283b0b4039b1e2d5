"""Submissions, runs of the rules, and the append-only ledger with its head."""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

from qn_geo.decisions.ledger import genesis

revision = "0001"
down_revision = None

_REFUSAL = "the ledger is append-only"
_SQLITE = (
    f"CREATE TRIGGER ledger_no_update BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    f"CREATE TRIGGER ledger_no_delete BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END",
    # INSERT OR REPLACE deletes a row without asking the trigger above.
    f"""CREATE TRIGGER ledger_no_replace BEFORE INSERT ON ledger
        WHEN EXISTS (SELECT 1 FROM ledger WHERE seq = NEW.seq)
        BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END""",  # noqa: S608 - made of our own words only
)
_POSTGRES = (
    f"""CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql
        AS 'BEGIN RAISE EXCEPTION USING MESSAGE = ''{_REFUSAL}''; END'""",
    """CREATE TRIGGER ledger_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger
        FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse()""",
)


def upgrade() -> None:
    """Make the tables and a ledger with an id of its own."""
    text, moment, digest = sa.Text(), sa.String(32), sa.String(64)
    op.create_table(
        "submissions",
        sa.Column("id", sa.String(64), primary_key=True),
        sa.Column("name", text, nullable=False),
        sa.Column("sha256", digest, nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("who", text, nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("zone_id", text),
        sa.Column("note", text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("submission_id", sa.String(64), sa.ForeignKey("submissions.id"), nullable=False, index=True),
        sa.Column("findings_hash", digest, nullable=False),
        sa.Column("rules_version", text, nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.Column("at", moment, nullable=False),
    )
    _make_ledger(text, moment, digest)
    for statement in _POSTGRES if op.get_bind().dialect.name == "postgresql" else _SQLITE:
        op.execute(statement)


def _make_ledger(text: sa.Text, moment: sa.String, digest: sa.String) -> None:
    op.create_table(
        "ledger",
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("submission_id", sa.String(64), sa.ForeignKey("submissions.id"), nullable=False),
        sa.Column("plot_id", text, nullable=False),
        sa.Column("verdict", sa.String(16), nullable=False),
        sa.Column("reason", text, nullable=False),
        sa.Column("note", text, nullable=False),
        sa.Column("who", text, nullable=False),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("when_utc", moment, nullable=False),
        sa.Column("when_local", moment, nullable=False),
        sa.Column("submission_hash", digest, nullable=False),
        sa.Column("findings_hash", digest, nullable=False),
        sa.Column("rules_version", text, nullable=False),
        sa.Column("previous_hash", digest, nullable=False),
        sa.Column("hash", digest, nullable=False),
    )
    op.create_index("ix_ledger_submission_plot", "ledger", ["submission_id", "plot_id", "seq"])
    head = op.create_table(
        "ledger_head",
        sa.Column("ledger_id", sa.String(32), primary_key=True),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("hash", digest, nullable=False),
    )
    ledger_id = uuid4().hex
    op.bulk_insert(head, [{"ledger_id": ledger_id, "seq": 0, "hash": genesis(ledger_id)}])


def downgrade() -> None:
    """Remove everything; only the restoration of a backup does this, in one transaction with what follows."""
    for table in ("ledger_head", "ledger", "runs", "submissions"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION ledger_refuse()")
