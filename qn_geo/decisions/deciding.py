"""A decision on its way into the ledger: whether it may be made, and the entries it becomes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, Self

from sqlalchemy import select

from qn_geo.decisions.errors import OutdatedError
from qn_geo.decisions.identity import tidy
from qn_geo.decisions.ledger import COLUMNS, Entry, local, sealed, utc
from qn_geo.decisions.models import ledger
from qn_geo.decisions.records import VERDICTS
from qn_geo.errors import QnGeoError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, RowMapping

    from qn_geo.decisions.identity import Identity
    from qn_geo.decisions.records import Run, Version

_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL has no place for the first, UTF-8 for the others


@dataclass(frozen=True, slots=True)
class Decision:
    """What a reviewer decided, with its texts as they are stored.

    Attributes:
        submission_id: The submission.
        plot_ids: The plots, each once, in the order given.
        verdict: One of `VERDICTS`.
        reason: Why.
        note: Anything else.
        who: The reviewer.
    """

    submission_id: str
    plot_ids: tuple[str, ...]
    verdict: str
    reason: str
    note: str
    who: Identity

    @classmethod
    def of(  # noqa: PLR0913 - as `Store.decide`
        cls, submission_id: str, plot_ids: Iterable[str], verdict: str, *, reason: str, note: str, who: Identity
    ) -> Self:
        """Return a decision that is complete.

        Raises:
            QnGeoError: If no plot was chosen, or a reason is missing.
            ValueError: If the verdict is none of ours.
        """
        if verdict not in VERDICTS:
            raise ValueError(verdict)
        made = cls(submission_id, tuple(dict.fromkeys(plot_ids)), verdict, tidy(reason), tidy(note), who)
        if not made.plot_ids:
            raise QnGeoError(
                "Chưa chọn lô nào để quyết định.",
                "No plot was chosen.",
                remedy_vi="chọn ít nhất một lô.",
                remedy_en="choose at least one plot.",
            )
        if any(not plot or _UNSTORABLE.search(plot) for plot in made.plot_ids):
            raise QnGeoError(
                "Có lô mà mã trống hoặc có ký tự không lưu được.",
                "A plot has an empty id, or one with characters that cannot be stored.",
                remedy_vi="sửa mã lô trong tệp rồi nộp lại.",
                remedy_en="correct the plot ids in the file and submit it again.",
            )
        if verdict != "accept" and not made.reason:
            raise QnGeoError(
                "Trả lại hoặc từ chối thì phải có lý do.",
                "Returning or rejecting needs a reason.",
                remedy_vi="ghi lý do rồi gửi lại.",
                remedy_en="write the reason, then send it again.",
            )
        return made


def refuse_outdated(connection: Connection, decision: Decision, seen: Version, now: Version) -> None:
    """Refuse a decision on a view that is no longer true.

    Decisions that others made meanwhile about other plots of the submission do no harm.

    Raises:
        OutdatedError: With the decisions the reviewer saw and those there are now.
    """
    if now == seen:
        return
    query = select(*(ledger.c[name] for name in COLUMNS)).where(ledger.c.submission_id == decision.submission_id)
    since = connection.execute(query.where(ledger.c.seq > seen.entry).order_by(ledger.c.seq))
    wanted = set(decision.plot_ids)
    after = {row.plot_id: Entry(*row) for row in since if row.plot_id in wanted}
    if not after and now.findings == seen.findings:
        return
    before: dict[str, Entry | None] = dict.fromkeys(after)
    if after:
        until = connection.execute(query.where(ledger.c.seq <= seen.entry).order_by(ledger.c.seq))
        before |= {row.plot_id: Entry(*row) for row in until if row.plot_id in after}
    raise OutdatedError(seen, now, before, after)


def checked(run: Run | None) -> Run:
    """Return the run a decision rests on.

    Raises:
        QnGeoError: If the rules never ran over the submission: there is no evidence to decide on.
    """
    if run is None:
        raise QnGeoError(
            "Hồ sơ chưa được kiểm tra nên chưa quyết định được.",
            "The submission was not checked yet, so there is nothing to decide on.",
            remedy_vi="chạy kiểm tra trước.",
            remedy_en="run the checks first.",
        )
    return run


def chained(decision: Decision, submission_hash: str, run: Run, held: RowMapping) -> list[Entry]:
    """Return the entries of a decision, chained to the newest entry of the ledger."""
    moment = datetime.now(UTC)
    entries: list[Entry] = []
    previous = held["hash"]
    for seq, plot_id in enumerate(decision.plot_ids, start=held["seq"] + 1):
        entry = sealed(
            seq=seq,
            submission_id=decision.submission_id,
            plot_id=plot_id,
            verdict=decision.verdict,
            reason=decision.reason,
            note=decision.note,
            who=decision.who.name,
            verified=decision.who.verified,
            when_utc=utc(moment),
            when_local=local(moment),
            submission_hash=submission_hash,
            findings_hash=run.findings_hash,
            rules_version=run.rules_version,
            previous_hash=previous,
        )
        entries.append(entry)
        previous = entry.hash
    return entries
