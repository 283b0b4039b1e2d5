"""The checks as data: what each says and stands on, and which figures of law are in force on a day."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Literal

from qn_geo import i18n, layers, schema

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

Severity = Literal["error", "warning", "info"]
Confidence = Literal["confirmed", "knowledge", "own"]

# Everything a finding can depend on besides the plots themselves.
_EVIDENCE: Final = (
    *("rules", "limits", "landuse-codes", "former-units"),
    *("zones", "zones-table", "landuse", "transport", "communes", "city", "backdrop"),
)
_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class Limit:
    """One figure of a code or law; a row of `limits.csv`.

    Attributes:
        rule_id: Id of the figure.
        case: Case of the check it belongs to, such as "factory".
        value: The limit in `unit`; None where it is no plain number.
        unit: Unit as the source writes it.
        height_m: Knot or lower end of a table, metres of building height; None outside tables.
        area_m2: Knot of a table, plot area.
        road_m: Lower end of a band of road widths.
        legal_source: Where it stands.
        effective_from: First ISO day in force; empty when unknown.
        effective_to: Last ISO day in force; empty while it lasts.
        confidence: "confirmed" or "knowledge".
    """

    rule_id: str
    case: str
    value: float | None
    unit: str
    height_m: float | None
    area_m2: float | None
    road_m: float | None
    legal_source: str
    effective_from: str
    effective_to: str
    confidence: Confidence

    def in_force(self, on: date) -> bool:
        """Tell whether the figure counts on a day."""
        return _holds(self.effective_from, self.effective_to, on)


@dataclass(frozen=True, slots=True)
class Rule:
    """One check; a row of `rules.csv` with its rows of `limits.csv`.

    Attributes:
        code: Stable code, such as QN-GEO-010.
        severity: How bad a finding is, unless the evidence is too weak for it.
        title_vi: Title in Vietnamese.
        title_en: The same in English.
        explanation_vi: What it means, in plain words, in Vietnamese.
        explanation_en: The same in English.
        fix_vi: What to do about it, in Vietnamese.
        fix_en: The same in English.
        legal_source: What the check stands on; empty for plain screening.
        effective_from: First ISO day it applies; with limits, the first day of any of them. Empty when always.
        effective_to: Last ISO day; empty while it lasts.
        confidence: "confirmed", "knowledge" (verify before it decides) or "own" (our screening value).
        parameters: Screening values by name, as text.
        limits: All figures it uses, of all times.
    """

    code: str
    severity: Severity
    title_vi: str
    title_en: str
    explanation_vi: str
    explanation_en: str
    fix_vi: str
    fix_en: str
    legal_source: str
    effective_from: str
    effective_to: str
    confidence: Confidence
    parameters: Mapping[str, str]
    limits: tuple[Limit, ...]

    def text(self, stem: str, lang: str) -> str:
        """Return `title`, `explanation` or `fix` in "vi" or "en"."""
        return str(getattr(self, f"{stem}_{lang}"))

    def number(self, parameter: str) -> float:
        """Return a screening value as a number."""
        return float(self.parameters[parameter])

    def listed(self, parameter: str) -> frozenset[str]:
        """Return a screening value that is a list parted by commas."""
        return frozenset(self.parameters[parameter].split(","))

    def applies(self, on: date) -> bool:
        """Tell whether the check, and at least one of its figures, is in force on a day."""
        if not _holds(self.effective_from, self.effective_to, on):
            return False
        return not self.limits or any(limit.in_force(on) for limit in self.limits)

    def at(self, case: str, on: date) -> list[Limit]:
        """Return the figures of one case in force on a day."""
        return [limit for limit in self.limits if limit.case == case and limit.in_force(on)]

    def value(self, case: str, on: date, default: float) -> float:
        """Return the one figure of a case in force on a day, the newest where several are; else the default."""
        found = [limit for limit in self.at(case, on) if limit.value is not None]
        newest = max(found, key=lambda limit: limit.effective_from, default=None)
        return default if newest is None or newest.value is None else newest.value


def registry() -> Mapping[str, Rule]:
    """Return all checks by code.

    Raises:
        DataFileError: If rules.csv or limits.csv cannot be used.
    """
    return _registry(layers.version("rules"), layers.version("limits"))


def version() -> str:
    """Return a short hash of everything but the plots that decides a finding: data of the checks, layers and code.

    A file that is absent counts as absent: the checks that need it say that they were not made.
    """
    known = (layers.version(name) if layers.available(name) else "" for name in _EVIDENCE)
    return hashlib.sha256("".join([*known, _code()]).encode()).hexdigest()[:_LENGTH]


@lru_cache(maxsize=1)
def _code() -> str:
    files = sorted(Path(__file__).parent.glob("*.py"))
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


@lru_cache(maxsize=2)
def _registry(_rules: str, _limits: str) -> Mapping[str, Rule]:
    limits: dict[str, list[Limit]] = {}
    for row in layers.table("limits").to_dict("records"):
        plain = _plain(row)
        for code in schema.listed(plain["check"]):
            limits.setdefault(code, []).append(_limit(plain))
    rows = [_plain(row) for row in layers.table("rules").to_dict("records")]
    return MappingProxyType({row["code"]: _rule(row, tuple(limits.get(row["code"], ()))) for row in rows})


def _plain(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): None if i18n.is_missing(value) else value for name, value in row.items()}


def _limit(row: Mapping[str, Any]) -> Limit:
    texts = ("rule_id", "case", "unit", "legal_source", "effective_from", "effective_to", "confidence")
    numbers = ("height_m", "area_m2", "road_m")
    cells: dict[str, Any] = {name: row[name] or "" for name in texts} | {name: row[name] for name in numbers}
    return Limit(value=row["threshold_num"], **cells)


def _rule(row: Mapping[str, Any], limits: tuple[Limit, ...]) -> Rule:
    parts = [part.partition("=") for part in (row["parameters"] or "").split(";") if part]
    # An open end of one figure leaves the end of the check open.
    starts, ends = [item.effective_from for item in limits], [item.effective_to for item in limits]
    of_limits = {
        "effective_from": min(starts, default=""),
        "effective_to": max(ends, default="") if all(ends) else "",
    }
    texts = ("code", "severity", "legal_source", "confidence")
    words = [f"{stem}_{lang}" for stem in ("title", "explanation", "fix") for lang in i18n.LANGUAGES]
    cells: dict[str, Any] = {name: row[name] or "" for name in (*texts, *words)}
    cells |= {name: row[name] or end for name, end in of_limits.items()}
    parameters = MappingProxyType({name: value for name, _, value in parts})
    return Rule(**cells, parameters=parameters, limits=limits)


def _holds(start: str, end: str, on: date) -> bool:
    # ISO days sort as text; a year or a month covers all of itself.
    day = on.isoformat()
    return (not start or start <= day) and (not end or day[: len(end)] <= end)
