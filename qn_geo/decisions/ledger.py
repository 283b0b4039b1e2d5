"""The entries of the ledger and how each is chained to the one before it.

An entry's hash is the SHA-256 of its canonical JSON, which holds every other field, the hash of the entry before
included. The first entry is chained to the ledger's own id, so entries cannot be carried from one ledger to another.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from qn_geo import clock

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision about one plot. Fields can be added only together with a way to hash the older entries.

    Attributes:
        seq: Place in the ledger, from 1 without gaps.
        submission_id: The submission.
        plot_id: The plot in it.
        verdict: "accept", "return" or "reject".
        reason: Why; never blank for "return" and "reject".
        note: Anything else the reviewer wrote.
        who: The reviewer's name.
        verified: Whether the name comes from a sign-in.
        when_utc: ISO 8601 with microseconds, offset +00:00.
        when_local: The same moment in the legal time of Viet Nam, with its offset.
        submission_hash: SHA-256 of the submission as received.
        findings_hash: SHA-256 of the findings the decision rests on.
        rules_version: Version of the rules that made the findings.
        previous_hash: Hash of the entry before.
        hash: SHA-256 of all of the above.
    """

    seq: int
    submission_id: str
    plot_id: str
    verdict: str
    reason: str
    note: str
    who: str
    verified: bool
    when_utc: str
    when_local: str
    submission_hash: str
    findings_hash: str
    rules_version: str
    previous_hash: str
    hash: str

    @property
    def when(self) -> datetime:
        """The moment of the decision, in the legal time of Viet Nam."""
        return datetime.fromisoformat(self.when_local)

    def as_row(self) -> dict[str, str | int | bool]:
        """Return all fields by name."""
        return {name: getattr(self, name) for name in COLUMNS}


COLUMNS: Final = tuple(field.name for field in fields(Entry))


def utc(moment: datetime) -> str:
    """Return a moment as it is stored: ISO 8601 in UTC with microseconds; the texts sort by time.

    Raises:
        ValueError: If the moment has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def local(moment: datetime) -> str:
    """Return a moment in the legal time of Viet Nam, ISO 8601 with its offset."""
    return moment.astimezone(clock.LEGAL_TIME).isoformat(timespec="microseconds")


def canonical(values: Mapping[str, object]) -> bytes:
    """Return the one JSON text of these values: keys sorted, no blanks, NFC, moments in UTC, encoded as UTF-8.

    Raises:
        TypeError: If a value is neither text, whole number, boolean, aware datetime nor None. Broken numbers have
            more than one text and are refused.
        ValueError: If a text cannot be encoded, or a datetime has no time zone.
    """
    plain = {name: _plain(value) for name, value in values.items()}
    return json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _plain(value: object) -> str | int | None:
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, datetime):
        return utc(value)
    raise TypeError(f"{type(value).__name__} has no canonical form")


def digest(values: Mapping[str, object]) -> str:
    """Return the SHA-256 of an entry's fields; a hash among them is left out."""
    return hashlib.sha256(canonical({name: values[name] for name in values if name != "hash"})).hexdigest()


def genesis(ledger_id: str) -> str:
    """Return what the first entry of a ledger has for the hash of the entry before."""
    return hashlib.sha256(canonical({"ledger": ledger_id})).hexdigest()


def sealed(**values: str | int | bool) -> Entry:
    """Return an entry with its hash."""
    return Entry(**values, hash=digest(values))  # type: ignore[arg-type]  # names and types are checked by the tests
