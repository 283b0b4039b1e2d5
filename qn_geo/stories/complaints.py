"""What is wrong with a value, in both languages, carried through pydantic to whoever tells it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from pydantic_core import PydanticCustomError
from rapidfuzz import process
from rapidfuzz.distance import OSA

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

UNFIT: Final = "qn_unfit"
_SLIP: Final = 5  # letters for each that may be wrong in a word that is likely another
_FEW: Final = 24  # so many words are listed in full
_SHOWN: Final = 60  # letters of what somebody wrote that a message repeats


@dataclass(frozen=True, slots=True)
class Told:
    """What is wrong and what to do, in Vietnamese and in English."""

    vi: str
    en: str
    remedy_vi: str = ""
    remedy_en: str = ""

    def error(self) -> PydanticCustomError:
        """Return the error to raise in a validator."""
        return PydanticCustomError(UNFIT, "{en}", asdict(self))


def shown(text: object) -> str:
    """Return what somebody wrote as a message repeats it: on one line and not too long."""
    flat = " ".join("".join(letter if letter.isprintable() else " " for letter in str(text)[:1000]).split())
    return flat if len(flat) <= _SHOWN else f"{flat[: _SHOWN - 1]}…"


def unknown(word: str, known: Collection[str], vi: str = "giá trị", en: str = "value") -> Told:
    """Return what to say of a word that is not on a list, with the one that may have been meant."""
    return Told(f"không có {vi} “{shown(word)}”.", f"there is no {en} “{shown(word)}”.", *remedy(word, known))


def remedy(word: str, known: Collection[str]) -> tuple[str, str]:
    """Return the advice for a word that is not on a list, in both languages."""
    word = word[:_SHOWN]
    slips = max(1, len(word) // _SLIP)
    found = process.extractOne(word, list(known), scorer=OSA.distance, score_cutoff=slips) if len(word) > 1 else None
    if found:
        return f"có phải “{found[0]}”?", f"did you mean “{found[0]}”?"
    if len(known) <= _FEW:
        return f"chọn một trong: {', '.join(known)}.", f"choose one of {', '.join(known)}."
    return (
        "chép mã từ zones.csv hoặc measures.csv (tải ở trang Nguồn số liệu).",
        "copy the id from zones.csv or measures.csv, which the page Sources hands out.",
    )


def one_of(allowed: Collection[str]) -> Callable[[str], str]:
    """Return a validator that lets only these words pass."""

    def known(word: str) -> str:
        if word not in allowed:
            raise unknown(word, allowed).error()
        return word

    return known
