"""Fold Vietnamese and English text to what people type: no diacritics, no capitals, no punctuation."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

# Letters with a stroke are letters of their own in Unicode: they have no mark to strip.
_STROKES = str.maketrans({"đ": "d", "Đ": "d", "ð": "d", "Ð": "d", "ł": "l", "Ł": "l", "ø": "o", "Ø": "o"})


# Ways to say the same, on folded text: what is written out, what is short, and words that tell nothing apart.
_SYNONYMS: Final = {
    "khu cong nghiep": "kcn",
    "industrial park": "kcn",
    "cum cong nghiep": "ccn",
    "industrial cluster": "ccn",
    "khu kinh te": "kkt",
    "economic zone": "kkt",
    "cang hang khong": "san bay",
    "quoc lo": "ql",
    "national road": "ql",
    "duong tinh": "tl",
    "tinh lo": "tl",
    "provincial road": "tl",
    "quoc te": "",
    "international": "",
}
_SYNONYM: Final = re.compile(rf"\b(?:{'|'.join(_SYNONYMS)})\b")
_LETTER_DIGIT: Final = re.compile(r"(?<=[a-z])(?=\d)")


def _bare(text: str) -> str:
    """Decompose and drop combining marks; where a tone mark stood no longer matters."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_STROKES))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def fold(text: str) -> str:
    """Return `text` without diacritics, case and punctuation, words parted by single spaces.

    "Khu công nghiệp Sông Khoai" gives "khu cong nghiep song khoai"; "hòa" and "hoà" give the same. Folding twice
    changes nothing more. Numbers keep their digits: "106,8" gives "106 8".
    """
    # Folding case can bring marks back (the Turkish dotted I), and decomposing can bring capitals (™), hence twice.
    bare = _bare(_bare(text).casefold()).casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in bare).split())


def canonical(folded: str) -> str:
    """Return folded text with synonyms made alike: "quoc lo 18" and "ql18" both give "ql 18"."""
    parted = _LETTER_DIGIT.sub(" ", folded)
    return " ".join(_SYNONYM.sub(lambda found: _SYNONYMS[found[0]], parted).split())
