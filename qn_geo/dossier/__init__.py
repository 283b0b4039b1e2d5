"""One submission opened: its file, plots, findings and decisions. The one place that ties intake, rules and ledger.

Pages, the command line and everything that goes out take these same steps:

    receive()       a file comes in and stands in the queue                 state "received"
    place()         its plots are read, with what a person settled         state "placed"
    check()         the rules run; findings lie beside the plots            state "checked"
    open_dossier()  all of it, without computing anything
    Store.decide(dossier.id, dossier.plots["plot_id"][...], ..., seen=dossier.version)
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING, Any, Final

from qn_geo import clock, decisions, figures, i18n, intake, rules
from qn_geo.decisions.identity import tidy
from qn_geo.dossier import evidence
from qn_geo.dossier.evidence import REGISTER, earlier_plots, judge, renamed
from qn_geo.dossier.plots import apart, distinct, public, shown
from qn_geo.errors import QnGeoError
from qn_geo.intake import submission as submissions
from qn_geo.rules.finding import findings_frame
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import geopandas as gpd

    from qn_geo.decisions import Case, Entry, Identity, Version
    from qn_geo.dossier.evidence import Cancelled, Progress
    from qn_geo.intake import Choices
    from qn_geo.intake.submission import Submission

    _Read = tuple[gpd.GeoDataFrame, dict[str, Any], gpd.GeoDataFrame, dict[str, Any]]

__all__ = [
    "REGISTER",
    "Dossier",
    "check",
    "distinct",
    "earlier_plots",
    "judge",
    "open_checked",
    "open_dossier",
    "place",
    "public",
    "queue",
    "receive",
    "renamed",
    "signed",
]

_LOST: Final = timedelta(minutes=1)  # a submission this long on the disk but not in the queue was cut off in between


@dataclass(frozen=True, eq=False)
class Dossier:
    """Everything known of one submission whose plots have been read. Frames are shared: change copies only.

    Attributes:
        submission: What was received: files, hash, when, from whom.
        case: The same as the queue knows it: state, zone, counts of the latest run, decisions by verdict.
        reading: How the file was read, with reasons; the content of `intake.json` (see `qn_geo.intake`): `layer`,
            `kind`, `plots`, `system` (dict with `system`, `reason_vi`, `reason_en`, ...), `encodings`, `columns`,
            `problems`, `choices`.
        plots: The plots (see `qn_geo.schema.submitted`). Here `plot_id` is unique and `row` too; columns about persons
            are missing unless the setting `show_personal` allows them.
        findings: What the rules found (see `qn_geo.rules`), gravest first; `plots` has the unique ids. Without rows
            when the rules never ran over this reading of the file, or what is stored was changed by hand.
        findings_hash: SHA-256 of the findings as the rules made them; empty likewise.
        rules_version: Version of the rules that made them; empty likewise.
        on: The day whose law was applied; None likewise.
        checked_at: When the rules ran, UTC; None likewise.
        earlier: What the plots were compared with: None, "register", or the id of a submission.
        ground: Hash of everything that decided the findings; empty when the rules never ran, or the run was cut off
            before it was recorded.
        history: All decisions on this submission, oldest first.
        version: What a reviewer who looks at this dossier sees; hand it to `Store.decide` as `seen`.
    """

    submission: Submission
    case: Case
    reading: Mapping[str, Any]
    plots: gpd.GeoDataFrame
    findings: gpd.GeoDataFrame
    findings_hash: str
    rules_version: str
    on: date | None
    checked_at: datetime | None
    earlier: str | None
    ground: str
    history: Sequence[Entry]
    version: Version

    @property
    def id(self) -> str:
        """Id of the submission."""
        return self.submission.id

    @property
    def zone_id(self) -> str | None:
        """Zone the plots were read and checked for, if any."""
        zone: str | None = self.reading["choices"]["zone_id"]
        return zone

    @property
    def outdated(self) -> bool:
        """Whether the findings are not what `check` would record now: rules, law, choices or `earlier` are others."""
        return self.ground != evidence.ground(self.reading, self.earlier, clock.today())

    @cached_property
    def decided(self) -> dict[str, Entry]:
        """The decision in force for each decided plot, by plot id. Plots not read any more are left out."""
        known = set(self.plots["plot_id"])
        return {entry.plot_id: entry for entry in self.history if entry.plot_id in known}

    @cached_property
    def summary(self) -> dict[str, Any]:
        """How it came out, see `qn_geo.rules.summary`: results of the plots in order, counts."""
        return rules.summary(self.plots, self.findings)

    @cached_property
    def rules_by_plot(self) -> dict[str, tuple[str, ...]]:
        """The codes of the rules each plot breaks, each once, gravest first, by plot id; no key for none."""
        broken: dict[str, dict[str, None]] = {}
        for rule, ids in zip(self.findings["rule"], self.findings["plots"], strict=True):
            for plot_id in ids:
                broken.setdefault(plot_id, {})[rule] = None
        return {plot_id: tuple(codes) for plot_id, codes in broken.items()}

    def superseded(self, entry: Entry) -> bool:
        """Return whether a decision rests on other findings than these."""
        return entry.findings_hash != self.findings_hash

    def title(self, lang: str) -> str:
        """Return what the submission is about: the zone where one is named, and the file."""
        zone = f"{figures.zone_name(self.zone_id, lang)} · " if self.zone_id else ""
        return f"{zone}{self.submission.name}"


def signed(who: str, lang: str, *, verified: bool) -> str:
    """Return the name of a person, marked where it was only typed."""
    _ = i18n.translator(lang)
    return who if verified else _("{name} (unverified)").format(name=who)


def receive(
    files: Sequence[tuple[str, bytes]] | Path, who: Identity, zone_id: str | None = None, note: str = ""
) -> Case:
    """Store files as received and put them into the queue; arguments as of `submission.receive`.

    Raises:
        QnGeoError: If there is nothing to store, the note is too long, there is no room, or the database cannot be
            used; in this last case what was stored comes into the queue later, see `queue`.
    """
    said = tidy(note)  # refused before anything is stored
    submission = submissions.receive(files, who.name, zone_id, said)
    try:
        return _queued(submission, verified=who.verified)
    except decisions.DatabaseError as error:  # sent again, it would come twice
        raise decisions.DatabaseError(
            f"Đã lưu tệp nhưng chưa đưa được vào danh sách. {error.problem.vi}",
            f"The file is stored but could not be put into the queue. {error.problem.en}",
            file=submission.name,
            remedy_vi="không nộp lại: hồ sơ tự vào danh sách khi cơ sở dữ liệu dùng được.",
            remedy_en="do not send it again: it comes into the queue by itself once the database can be used.",
        ) from error


def queue() -> list[Case]:
    """Return all submissions, the newest first. One that was cut off on its way into the queue is put there now."""
    store = decisions.store()
    known = store.queue()
    held, latest = {case.id for case in known}, datetime.now(UTC) - _LOST
    lost = [
        submission
        for submission in submissions.listed()
        if submission.id not in held and datetime.fromisoformat(submission.received_at) < latest
    ]
    for submission in lost:
        with suppress(QnGeoError, ValueError):  # another process was quicker, or the record was changed by hand
            _queued(submission, verified=False)
    return store.queue() if lost else known


def _queued(submission: Submission, *, verified: bool) -> Case:
    return decisions.store().add(
        submission.id,
        submission.name,
        submission.sha256,
        submission.size,
        submission.who,
        verified=verified,
        received_at=datetime.fromisoformat(submission.received_at),
        zone_id=submission.zone_id,
        note=submission.note,
    )


def place(
    submission_id: str,
    choices: Choices | None = None,
    *,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> None:
    """Read the plots of a submission and store them with choices and reasons; arguments as of `intake.normalise`.

    Raises:
        QnGeoError: As `intake.normalise`.
    """
    intake.normalise(submissions.find(submission_id), choices, progress=progress, cancelled=cancelled)
    decisions.store().set_state(submission_id, "placed")


def open_dossier(submission_id: str) -> Dossier:
    """Return everything known of a submission. Nothing is computed or written; the same while nothing has changed.

    Raises:
        QnGeoError: If there is no such submission, its plots have not been read yet (`place`), or what is stored is
            damaged.
    """
    submission, store = submissions.find(submission_id), decisions.store()
    stamps = tuple(_stamp(submission.folder / name) for name in (*submissions.READ, evidence.FINDINGS))
    known = store.database.name, store.get(submission_id).state, store.version(submission_id)
    return _opened(submission, stamps, known, settings().show_personal)


def open_checked(submission_id: str) -> Dossier:
    """Return a dossier that can go out; arguments and errors as of `open_dossier`.

    Raises:
        QnGeoError: Also if there are no findings that vouch for its plots: all would seem to have passed.
    """
    held = open_dossier(submission_id)
    if not held.findings_hash:
        raise QnGeoError(
            "hồ sơ chưa được kiểm tra, hoặc phần đã lưu bị thay đổi sau khi kiểm tra.",
            "the submission was not checked, or what is stored of it was changed since.",
            file=held.submission.name,
            remedy_vi="mở hồ sơ ở trang Rà soát, đọc và kiểm tra lại.",
            remedy_en="open it on the review page, then read and check it again.",
        )
    return held


def _stamp(path: Path) -> tuple[int, int]:
    """Return what changes with a file's content; files are replaced, never written into."""
    try:
        state = path.stat()
    except OSError:
        return (0, 0)
    return (state.st_mtime_ns, state.st_ino)


@lru_cache(maxsize=8)
def _opened(submission: Submission, stamps: object, _known: object, personal: bool) -> Dossier:  # noqa: FBT001 - a cache key
    store = decisions.store()
    case, history, version = store.get(submission.id), store.history(submission.id), store.version(submission.id)
    plots, said, findings, kept = _read(submission, stamps, personal)
    made = kept.get("findings_hash", "")
    return Dossier(
        submission=submission,
        case=case,
        reading=said,
        plots=plots,
        findings=findings,
        findings_hash=made,
        rules_version=kept.get("rules_version", ""),
        on=date.fromisoformat(kept["on"]) if kept else None,
        checked_at=datetime.fromisoformat(kept["at"]) if kept else None,
        earlier=kept.get("earlier"),
        ground=kept["key"] if kept and version.findings == made else "",
        history=history,
        # What is seen here, not what the database thinks: a decision on findings that were not recorded is refused.
        version=decisions.Version(version.entry, made),
    )


@lru_cache(maxsize=8)
def _read(submission: Submission, _stamps: object, _personal: bool) -> _Read:  # noqa: FBT001 - a cache key
    """Return plots, how they were read, findings, and what is told of these; a decision changes none of it."""
    raw, said = submissions.plots(submission)
    plots, found = shown(raw), evidence.stored(submission, said)
    if found is None:
        return plots, said, findings_frame([], plots), {}
    return plots, said, renamed(found, plots), found.attrs


def check(
    submission_id: str,
    *,
    earlier_id: str | None = None,
    progress: Progress | None = None,
    cancelled: Cancelled | None = None,
) -> Dossier:
    """Hold the plots of a submission against the rules as of today, store what they find, and return all of it.

    Args:
        submission_id: A submission whose plots have been read.
        earlier_id: What to compare with: the id of a submission, "register" for the register's plots of the zone, or
            None for nothing.
        progress: Told the code of the check that begins, how many are done, and of how many.
        cancelled: Asked before each check whether to stop.

    Raises:
        CancelledError: If `cancelled` said so; nothing was stored.
        QnGeoError: As `open_dossier`; if the disk or the database refuses.
    """
    submission = submissions.find(submission_id)
    plots, said = submissions.plots(submission)
    today = clock.today()
    found = judge(plots, said["choices"]["zone_id"], today, earlier_id, progress=progress, cancelled=cancelled)
    summary = rules.summary(apart(plots), found)
    counts = {"plots": len(plots)} | summary["counts"] | summary["severities"]
    made, version, at = rules.findings_hash(found), rules.version(), datetime.now(UTC)
    found.attrs = {
        "key": evidence.ground(said, earlier_id, today),
        "reading": evidence.hash_of(said),
        "findings_hash": made,
        "rules_version": version,
        "on": today.isoformat(),
        "at": at.isoformat(),
        "earlier": earlier_id,
    }
    evidence.keep(submission, found)
    decisions.store().add_run(submission_id, made, version, counts, at)
    return open_dossier(submission_id)
