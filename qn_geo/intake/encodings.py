"""Vietnamese texts in the encodings of the last thirty years, found out and turned into Unicode (NFC).

Readers hand on bytes as Latin-1, so nothing is lost and everything is still open. Text that is Unicode already can be
just as wrong: a converter that knew nothing of TCVN3 keeps `§Êt ë` (Đất ở) as these very characters. Both are judged
alike: every encoding in question is tried on the words, and the one that makes Vietnamese syllables of them is taken.

An encoding is written as a name of `STEPS`, or several joined by "+", applied from left to right: "utf-8+tcvn3" is
TCVN3 that somebody took for Latin-1 and saved as UTF-8.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final, cast

from qn_geo.errors import QnGeoError
from qn_geo.intake.syllables import TONES, is_syllable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

UNICODE: Final = "unicode"
"""The text is right as it was read."""

# TCVN3 (ABC), one byte a letter; the table of TCVN 5712-1 as iconv has it, without its control codes and without its
# capitals with tones, which fonts of the .Vn family do not have. 0xAD, here ư, is the soft hyphen of Latin-1: a text
# cleaned of those before it is mapped has lost its letters.
_TCVN3: Final = dict(
    zip(
        "¡¢£¤¥¦§¨©ª«¬\xad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)
# VNI-Windows: a letter, and behind it one character for hat and tone together. The same table as xvnkb and UniKey.
_VNI_TONES: Final = dict(zip("ùøûõï", TONES.values(), strict=True))
_VNI_CIRCUMFLEX: Final = {"â": ""} | dict(zip("áàåãä", TONES.values(), strict=True))
_VNI_BREVE: Final = {"ê": ""} | dict(zip("éèúüë", TONES.values(), strict=True))
_VNI_SINGLE: Final = dict(zip("ñôöíìæóòî", "đơưíìỉĩịỵ", strict=True))

# Bytes 0x80 to 0x9F as Windows-1252 has them; the five it leaves open stay as they are.
_WINDOWS: Final = {
    byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}
_TO_LATIN1: Final = str.maketrans({letter: chr(byte) for byte, letter in _WINDOWS.items()})
_TO_WINDOWS: Final = str.maketrans({chr(byte): letter for byte, letter in _WINDOWS.items()})
_CUT_BYTES: Final = 3  # a dbf field cut at its width can lose up to three bytes of the last letter

_WORD: Final = re.compile(r"[^\x00-@\[-`{-\x7f]+")  # letters and everything beyond ASCII
_NO_LETTERS: Final = re.compile(r"[\x00-\x7f²³°´·«»‘’“”–—…\xa0\u200b\ufeff]*")
_LATER_CAPITAL: Final = re.compile(r"\w[A-Z]")
_SAMPLES: Final = 3
_LOOKED_AT: Final = 1_000  # values, for samples of a column that needs no judgement
_FEW: Final = 2  # a single word can be right in two encodings by chance: Cèm or Cẩm
_WORDS: Final = 3_000  # more words than this change no judgement
_GOOD: Final = 0.8
_MARGIN: Final = 0.25
_FONTS: Final = re.compile(r"(?i)(vni)\b.*|\.?vn[a-z]*?(h?)(?:\.\w+)?")


@dataclass(frozen=True, slots=True)
class Guess:
    """What a column's texts may be encoded in.

    Attributes:
        encoding: Name to give to `decode`.
        score: Share of the words with Vietnamese letters that become syllables, 0 to 1.
        samples: Up to three values of the column, decoded.
        certain: Whether nothing else comes near.
    """

    encoding: str
    score: float
    samples: tuple[str, ...]
    certain: bool


def _vni_table() -> Mapping[str, str]:
    pairs = dict(_VNI_SINGLE)
    for letters, marks in (
        ("aeouyôö", _VNI_TONES),
        ("aeo", _hat("\u0302", _VNI_CIRCUMFLEX)),
        ("a", _hat("\u0306", _VNI_BREVE)),
    ):
        for letter in letters:
            pairs |= {letter + mark: _VNI_SINGLE.get(letter, letter) + made for mark, made in marks.items()}
    pairs |= {pair.upper(): made.upper() for pair, made in pairs.items()}
    # A capital with the small mark behind it is seen where only the first letter was typed in capitals.
    pairs |= {pair[0].upper() + pair[1]: made.upper() for pair, made in pairs.items() if len(pair) > 1}
    return {pair: unicodedata.normalize("NFC", made) for pair, made in pairs.items()}


def _hat(mark: str, tones: Mapping[str, str]) -> dict[str, str]:
    return {character: mark + tone for character, tone in tones.items()}


VNI: Final = _vni_table()
"""VNI-Windows: one or two characters of its Latin-1 reading to the Unicode letter."""
TCVN3: Final = _TCVN3
"""TCVN3: one character of its Latin-1 reading to the Unicode letter."""

_VNI_PARTS: Final = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))
_TCVN3_MAP: Final = str.maketrans(_TCVN3)


def _bytes(text: str) -> bytes | None:
    """Return the bytes of a text read as Latin-1 or Windows-1252; None when it never was one."""
    try:
        return text.translate(_TO_LATIN1).encode("latin-1")
    except UnicodeEncodeError:
        return None


def _unicode(text: str) -> str:
    return text.translate(_TO_WINDOWS)


def _utf8(text: str) -> str | None:
    raw = _bytes(text)
    if raw is None:
        return None
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        whole = raw[: error.start]
        cut = error.start >= len(raw) - _CUT_BYTES and error.reason == "unexpected end of data" and not whole.isascii()
        return whole.decode("utf-8-sig") if cut else None


def _capitals(word: re.Match[str]) -> str:
    """Make a word one of capitals when only its letters with marks are small, as typed in a font of capitals."""
    found = word[0]
    plain = "".join(letter for letter in found if letter.isascii())
    return found.upper() if not any(map(str.islower, plain)) and any(map(str.isupper, found[1:])) else found


def _tcvn3(text: str) -> str | None:
    if _bytes(text) is None:
        return None
    made = text.translate(_TCVN3_MAP)
    return _WORD.sub(_capitals, made) if _LATER_CAPITAL.search(made) else made


def _tcvn3_upper(text: str) -> str | None:
    return text.translate(_TCVN3_MAP).upper() if _bytes(text) is not None else None


def _vni(text: str) -> str | None:
    return _VNI_PARTS.sub(lambda part: VNI[part[0]], text) if _bytes(text) is not None else None


def _cp1258(text: str) -> str | None:
    raw = _bytes(text)
    return raw.decode("cp1258", errors="replace") if raw is not None else None


STEPS: Final[Mapping[str, Callable[[str], str | None]]] = {
    UNICODE: _unicode,
    "utf-8": _utf8,
    "tcvn3": _tcvn3,
    "tcvn3-upper": _tcvn3_upper,
    "vni": _vni,
    "windows-1258": _cp1258,
}
"""Encodings that can be chosen. Each turns a text read as Latin-1 into Unicode, or returns None where it cannot."""

_TRIED: Final = (UNICODE, "utf-8", "tcvn3", "vni", "windows-1258", "utf-8+utf-8", "utf-8+tcvn3", "utf-8+vni")


_NAMES: Final = {
    UNICODE: "Unicode",
    "utf-8": "UTF-8",
    "tcvn3": "TCVN3 (ABC)",
    "tcvn3-upper": "TCVN3 (.VnTimeH)",
    "vni": "VNI-Windows",
    "windows-1258": "Windows-1258",
}


def label(encoding: str) -> str:
    """Return what an encoding is called by those who use it; the names are the same in both languages."""
    return " → ".join(_NAMES.get(step, step) for step in encoding.split("+"))


def decode(text: str, encoding: str) -> str:
    """Return a text in Unicode, NFC. What the encoding cannot have written stays as it is.

    Args:
        text: Bytes read as Latin-1, or Unicode text that is suspected of being such.
        encoding: Name as in `STEPS`, or several joined by "+".

    Raises:
        QnGeoError: If there is no such encoding.
    """
    for name in encoding.split("+"):
        step = STEPS.get(name)
        if step is None:
            raise _unknown(encoding)
        made = step(text)
        text = text if made is None else made
    return unicodedata.normalize("NFC", text)


def decode_all(values: Sequence[object], encoding: str) -> list[object]:
    """Return a column with its texts decoded, each different one once; other values stay as they are.

    Raises:
        QnGeoError: If there is no such encoding.
    """
    different = set(values)
    if is_ascii(different):
        return list(values)
    known = {value: decode(value, encoding) if isinstance(value, str) else value for value in different}
    return [known[value] for value in values]


def is_ascii(values: Collection[object]) -> bool:
    """Return whether a column has no text with anything beyond ASCII, so that its encoding does not matter."""
    try:
        return "".join(cast("Iterable[str]", values)).isascii()  # ten times as fast where there are only texts
    except TypeError:
        return "".join(_texts(set(values))).isascii()


def detect(values: Sequence[object], font: str | None = None, *, plain: bool | None = None) -> list[Guess]:
    """Return what a column may be encoded in, best first; at least one guess.

    Args:
        values: The column; texts as read (see `decode`), other values are passed over.
        font: Name of the font its texts are drawn in, in CAD files: `.VnTimeH` and `VNI-Times` decide.
        plain: Whether all is ASCII, if that is known already.
    """
    if is_ascii(values) if plain is None else plain:
        return [_guess(UNICODE, 1.0, _first(values), certain=True)]
    texts = [text for text in dict.fromkeys(_texts(values)) if not text.isascii()]
    if (named := of_font(font)) is not None:
        return [_guess(named, _score(_words(texts), named), texts, certain=True)]
    words = _words(texts)
    if not words:  # square metres and degrees only
        return [_guess(UNICODE, 1.0, texts, certain=True)]
    scores = {name: _score(words, name) for name in _TRIED}
    ranked = sorted(scores, key=lambda name: -scores[name])  # the order of _TRIED stands among equals
    best = ranked[0]
    # What two encodings read alike is the same answer.
    rivals = [name for name in ranked[1:] if _differs(words, name, best)]
    clear = scores[best] >= _GOOD and all(scores[best] - scores[name] >= _MARGIN for name in rivals)
    clear &= len(words) >= _FEW or best.startswith("utf-8") or not rivals or _bytes(words[0]) is None
    kept = [best, *(name for name in rivals if scores[name] > 0)]
    if best == "tcvn3" and _in_capitals(texts):
        kept = ["tcvn3-upper", *kept]
    return [_guess(name, scores.get(name, scores[best]), texts, certain=clear and name == kept[0]) for name in kept]


def of_font(font: str | None) -> str | None:
    """Return the encoding that a font's name means, or None: .VnTime TCVN3, .VnTimeH the same in capitals, VNI-."""
    found = _FONTS.fullmatch(font.strip()) if font else None
    if found is None:
        return None
    return "vni" if found[1] else "tcvn3-upper" if found[2] else "tcvn3"


def samples(values: Sequence[object]) -> tuple[str, ...]:
    """Return up to three different texts of a column as read, those with something beyond ASCII first."""
    beyond: dict[str, None] = {}
    for value in () if is_ascii(values) else values:
        if isinstance(value, str) and not value.isascii():
            beyond[value] = None
            if len(beyond) == _SAMPLES:
                break
    return tuple(dict.fromkeys([*beyond, *_first(values)]))[:_SAMPLES]


def _texts(values: Iterable[object]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def _first(values: Iterable[object]) -> list[str]:
    """Return the first different texts."""
    found: dict[str, None] = {}
    for value in islice(values, _LOOKED_AT):
        if isinstance(value, str) and value:
            found[value] = None
            if len(found) == _SAMPLES:
                break
    return list(found)


def _guess(encoding: str, score: float, texts: Sequence[str], *, certain: bool) -> Guess:
    return Guess(encoding, score, tuple(decode(text, encoding) for text in texts[:_SAMPLES]), certain)


def _words(texts: Sequence[str]) -> list[str]:
    """Return different words in which something beyond ASCII may be a letter, the first ones of a long column."""
    found = dict.fromkeys(_WORD.findall("\n".join(texts)))
    return [word for word in islice(found, _WORDS) if not _NO_LETTERS.fullmatch(word)]


def _score(words: Sequence[str], encoding: str) -> float:
    return sum(_reads(word, encoding) for word in words) / len(words) if words else 0.0


@lru_cache(maxsize=50_000)
def _reads(word: str, encoding: str) -> bool:
    """Return whether an encoding makes Vietnamese of a word; a step that cannot be makes nothing of it."""
    for name in encoding.split("+"):
        made = STEPS[name](word)
        if made is None or (name == "utf-8" and made == word):
            return False
        word = made
    parts = _WORD.findall(unicodedata.normalize("NFC", word))
    return bool(parts) and all(is_syllable(part) for part in parts)


def _differs(words: Sequence[str], one: str, other: str) -> bool:
    return any(decode(word, one) != decode(word, other) for word in words)


def _in_capitals(texts: Sequence[str]) -> bool:
    """Return whether TCVN3 texts were drawn in a font of capitals: no plain small letter, and a word that shows it."""
    letters = "".join(letter for text in texts for letter in text if letter.isascii())
    return letters.upper() == letters and any(_tcvn3(text) != text.translate(_TCVN3_MAP) for text in texts)


def _unknown(encoding: str) -> QnGeoError:
    names = ", ".join(STEPS)
    return QnGeoError(
        f"Không có bảng mã “{encoding}”.",
        f"There is no encoding “{encoding}”.",
        remedy_vi=f"chọn một trong: {names}.",
        remedy_en=f"choose one of: {names}.",
    )
