"""What the store answers with, besides the entries of the ledger."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from qn_geo import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

STATES: Final = ("received", "placed", "checked", "decided", "returned")
"""A submission's way: received; its coordinates confirmed; checked; every plot decided; sent back."""

VERDICTS: Final = ("accept", "return", "reject")
"""Accept, return for correction, reject."""


@dataclass(frozen=True, slots=True)
class Case:
    """A submission in the queue.

    Attributes:
        id: Its id in the intake's folder.
        name: The file's name as received.
        sha256: SHA-256 of the file as received.
        size: Bytes as received.
        who: Who handed it in.
        verified: Whether that name comes from a sign-in.
        received_at: When, in UTC.
        zone_id: Zone it is said to lie in, if any.
        note: What came with it.
        state: One of `STATES`.
        counts: What the latest run counted, such as plots and errors; empty before the first run.
        decided: Verdict -> number of plots with that verdict now; no key for none.
    """

    id: str
    name: str
    sha256: str
    size: int
    who: str
    verified: bool
    received_at: datetime
    zone_id: str | None
    note: str
    state: str
    counts: Mapping[str, int] = field(default_factory=dict)
    decided: Mapping[str, int] = field(default_factory=dict)

    @property
    def received(self) -> datetime:
        """When it was received, in the legal time of Viet Nam."""
        return self.received_at.astimezone(clock.LEGAL_TIME)

    @property
    def age(self) -> timedelta:
        """Time since it was received."""
        return datetime.now(UTC) - self.received_at


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the rules over a submission.

    Attributes:
        id: Number of the run, from 1 over all submissions.
        submission_id: The submission.
        findings_hash: SHA-256 of the findings.
        rules_version: Version of the rules.
        counts: What was counted, such as plots and errors.
        when: When, in UTC.
    """

    id: int
    submission_id: str
    findings_hash: str
    rules_version: str
    counts: Mapping[str, int]
    when: datetime


@dataclass(frozen=True, slots=True)
class Version:
    """What a reviewer saw of a submission; handed back with a decision, it tells whether the view was still true.

    Attributes:
        entry: Number of the submission's newest ledger entry; 0 for none.
        findings: Hash of the findings of its latest run; empty for none.
    """

    entry: int
    findings: str
