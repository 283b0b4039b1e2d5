"""Is this a Vietnamese syllable? Spelling is so regular that a text read in the wrong encoding shows at once.

A syllable is an onset, a rime, and a tone mark on the right letter; only a few thousand of all letter combinations can
be one. That judges names that no word list has, such as those of hamlets.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

TONES: Final = {"acute": "\u0301", "grave": "\u0300", "hook": "\u0309", "tilde": "\u0303", "dot": "\u0323"}
"""Tone marks as combining characters."""

_RIMES: Final = """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oc oi om on ong op ot oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet
    oong ooc ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua uc ui um un ung up ut uân uâng uât uây uê uêch uên uênh
    uôc uôi uôm uôn uông uôt uơ uy uya uych uyên uyêt uynh uyt uyu ư ưa ưc ưi ưm ưn ưng ưt ưu
    ươc ươi ươm ươn ương ươp ươt ươu y yêm yên yêng yêt yêu ynh yt
"""
_ONSET: Final = re.compile(r"(ngh|ch|gh|gi|kh|ng|nh|ph|qu|th|tr|[bcdđghklmnprstvx]|)(.+)")
_FRONT: Final = "eêiyéèẻẽẹếềểễệíìỉĩịýỳỷỹỵ"
# Which rimes an onset may not stand before; the sound is spelled with another one there. The i of gi is the rime's own
# where the rime begins with one (gì, giếng), and k stands before any vowel in names such as Bắc Kạn.
_NEVER: Final = {
    "c": re.compile(rf"[{_FRONT}]|o[aăeáàảãạắằẳẵặéèẻẽẹ]|óa|òa|ỏa|õa|ọa|u[âêyấầẩẫậếềểễệýỳỷỹỵ]"),
    "gh": re.compile(rf"[^{_FRONT}]"),
    "ngh": re.compile(rf"[^{_FRONT}]"),
    "ng": re.compile("[eêi]"),
    "qu": re.compile("[uư]"),
}
_MARKED: Final = "ăâêôơư"
_VOWELS: Final = f"aeiouy{_MARKED}"
_EITHER: Final = frozenset({"oa", "oe", "uy"})
_STOPS: Final = ("ch", "c", "p", "t")
_ABBREVIATION: Final = re.compile(r"[A-ZĐ]{1,6}")


def _places(rime: str) -> tuple[int, ...]:
    """Return the letters of a rime that may carry its tone mark."""
    vowels = [place for place, letter in enumerate(rime) if letter in _VOWELS]
    marked = [place for place in vowels if rime[place] in _MARKED]
    if rime in _EITHER:  # hòa and hoà are both in use
        return (0, 1)
    if marked:
        return (marked[-1],)
    closed = rime[-1] not in _VOWELS
    return (vowels[-1] if closed else vowels[len(vowels) // 2 if len(vowels) > 2 else 0],)  # noqa: PLR2004 - three vowels


def _written(rime: str) -> set[str]:
    """Return a rime with every tone it can have; before a stop only two exist, and one of them is always written."""
    stopped = rime.endswith(_STOPS)
    tones = [TONES["acute"], TONES["dot"]] if stopped else TONES.values()
    forms = {rime[: place + 1] + tone + rime[place + 1 :] for place in _places(rime) for tone in tones}
    return {unicodedata.normalize("NFC", form) for form in forms} | (set() if stopped else {rime})


_WRITTEN: Final = frozenset(form for rime in _RIMES.split() for form in _written(rime))


@lru_cache(maxsize=20_000)
def is_syllable(word: str) -> bool:
    """Return whether a word (NFC) can be a Vietnamese syllable, written small, with a capital, or in capitals.

    Abbreviations in capitals such as TĐC count too.
    """
    if _ABBREVIATION.fullmatch(word):
        return True
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    parts = _ONSET.fullmatch(word.lower())
    if parts is None:
        return False
    onset, rime = parts.groups()
    if onset == "gi" and f"i{rime}" in _WRITTEN:
        return True
    if onset == "g" and rime[0] in _FRONT:
        return rime[0] in "iíìỉĩị" and rime in _WRITTEN
    barred = _NEVER.get(onset)
    return rime in _WRITTEN and not (barred and barred.match(rime))
