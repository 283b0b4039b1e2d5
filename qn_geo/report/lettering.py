"""What a PDF can set: the font it uses, which letters that has, and where long words may be broken."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fontTools.ttLib import TTFont

from qn_geo.errors import QnGeoError
from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from collections.abc import Set as AbstractSet

_FONTS: Final = Path("@expo-google-fonts") / "inter"
_REGULAR: Final = Path("400Regular") / "Inter_400Regular.ttf"
_BOLD: Final = Path("600SemiBold") / "Inter_600SemiBold.ttf"
_BOLD_FROM: Final = 550
UNKNOWN: Final = "□"  # stands for a letter that the font lacks
# Hashes have room, and should be copied as they are.
_LONG_WORD: Final = re.compile(r"(?<!\S)(?![0-9a-f]{64}(?!\S))\S{25,}")
# Of an address, after which a line may end; a short ending such as `vn` is not left alone.
_PART: Final = re.compile(r"[^/.\-?&=]*[/.\-?&=]+(?:[^/.\-?&=]{1,3}$)?|[^/.\-?&=]+")
_LONGEST: Final = 24  # letters of a part that stays whole
_BREAK: Final = "\u200b"  # where a long word may be broken


def fonts() -> Path:
    """Return the folder of the font's files.

    Raises:
        QnGeoError: If they are not installed.
    """
    return _installed(settings().package_dir)


@lru_cache(maxsize=2)
def _installed(packages: Path) -> Path:
    folder = packages / _FONTS
    if not (folder / _REGULAR).is_file():
        raise QnGeoError(
            "Chưa cài phông chữ của báo cáo PDF.",
            "The fonts of PDF reports are not installed.",
            file=str(_FONTS),
            remedy_vi="chạy make setup, hoặc npm ci trong thư mục chương trình.",
            remedy_en="run make setup, or npm ci in the program's folder.",
        )
    return folder


@lru_cache(maxsize=10_000)
def settable(text: str) -> str:
    """Return text on one line, NFC, with letters the font has: a PDF that is to last must not name others."""
    known = _letters(fonts() / _REGULAR)
    words = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(letter if ord(letter) in known and letter.isprintable() else UNKNOWN for letter in words)


@lru_cache(maxsize=10_000)  # pages name the same things again and again
def width(words: str, weight: int = 400) -> float:
    """Return how wide words are set, of the size of their letters; kerning is left out, it is less than 2 %."""
    advances, usual = _advances(fonts() / (_BOLD if weight >= _BOLD_FROM else _REGULAR))
    return sum(advances.get(ord(letter), usual) for letter in words)


def breakable(text: str) -> str:
    """Return text whose long words may be broken, so that nothing runs out of its column: after `/ . - ? & =` if any.

    A part between such marks that is itself long may be broken anywhere.
    """
    return _LONG_WORD.sub(lambda word: _BREAK.join(_parts(word[0])), text)


def _parts(word: str) -> Iterator[str]:
    for part in _PART.findall(word):
        yield from [part] if len(part) <= _LONGEST else re.findall(".{1,12}", part)


@lru_cache(maxsize=2)
def _advances(font: Path) -> tuple[Mapping[int, float], float]:
    with TTFont(font, lazy=True) as read:
        em, metrics = read["head"].unitsPerEm, read["hmtx"]
        return {code: metrics[name][0] / em for code, name in read.getBestCmap().items()}, metrics["x"][0] / em


@lru_cache(maxsize=2)
def _letters(font: Path) -> AbstractSet[int]:
    with TTFont(font, lazy=True) as read:
        return frozenset(read.getBestCmap())
