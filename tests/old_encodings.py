"""Writing Vietnamese in the encodings of old files, as characters of Latin-1: the opposite of what the product does."""

from __future__ import annotations

import unicodedata

from qn_geo.intake import encodings

TONES = "\u0300\u0301\u0303\u0309\u0323"
_TCVN3 = {letter: character for character, letter in encodings.TCVN3.items()}
_VNI = {letter: pair for pair, letter in reversed(encodings.VNI.items())}


def tcvn3(text: str) -> str:
    """As fonts of the .Vn family have it: capitals with tones do not exist, the small ones stand for them."""
    return "".join(_TCVN3.get(letter, _TCVN3.get(letter.lower(), letter)) for letter in text)


def tcvn3_upper(text: str) -> str:
    """As typed in .VnTimeH: letters with marks are stored small, all others in capitals, and all look like capitals."""
    return "".join(letter.upper() if letter.isascii() else letter for letter in tcvn3(text.lower()))


def vni(text: str) -> str:
    return "".join(_VNI.get(letter, letter) for letter in text)


def windows_1258(text: str) -> str:
    made = b""
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        hat = unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES))
        try:
            made += letter.encode("cp1258")
        except UnicodeEncodeError:
            made += hat.encode("cp1258") + "".join(part for part in parts if part in TONES).encode("cp1258")
    return made.decode("latin-1")


def utf_8(text: str) -> str:
    return text.encode().decode("latin-1")


WRITERS = {
    "unicode": str,
    "utf-8": utf_8,
    "tcvn3": tcvn3,
    "tcvn3-upper": tcvn3_upper,
    "vni": vni,
    "windows-1258": windows_1258,
    "utf-8+utf-8": lambda text: utf_8(utf_8(text)),
    "utf-8+tcvn3": lambda text: utf_8(tcvn3(text)),
    "utf-8+vni": lambda text: utf_8(vni(text)),
}
