"""Texts on slides: cleaned of what XML cannot hold, each run with its language."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pptx.dml.color import RGBColor
from pptx.oxml.ns import qn
from pptx.util import Pt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LOCALES: Final = {"vi": "vi-VN", "en": "en-US"}
_rgb: Any = RGBColor  # which has no types
_UNSEEN: Final = {"Cc", "Cs", "Cn", "Co"}  # controls, halves of pairs, and what means nothing

RANGE: Final = re.compile(r"(\d)–(?=\d)")
"""The dash of a range of numbers, at which no line should end."""
_JOINED: Final = "\u2060"  # a line does not end there; nothing is drawn for it


@dataclass(frozen=True, slots=True)
class Run:
    """Words that look alike; None leaves a property to the placeholder.

    Attributes:
        text: One line.
        size: Points.
        bold: Whether it is bold.
        colour: As `#rrggbb`.
    """

    text: str
    size: float | None = None
    bold: bool | None = None
    colour: str | None = None


def clean(text: str) -> str:
    """Return text in NFC without letters that XML or a reader cannot take; line ends stay."""
    kept = (letter for letter in unicodedata.normalize("NFC", text) if letter == "\n" or _seen(letter))
    return "".join(kept)


def _seen(letter: str) -> bool:
    return unicodedata.category(letter) not in _UNSEEN


def line(text: str) -> str:
    """Return the same on one line."""
    return " ".join(clean(" ".join(text.split())).split())


def unbroken(text: str) -> str:
    """Return text in which no range of numbers is parted at the end of a line."""
    return RANGE.sub(rf"\1{_JOINED}–{_JOINED}", text)


def write(frame: Any, paragraphs: Iterable[Sequence[Run]], lang: str) -> None:
    """Replace what a frame holds by paragraphs of runs."""
    frame.clear()
    for number, runs in enumerate(paragraphs):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        for words in runs:
            _add(paragraph, words, lang)
        paragraph._p.get_or_add_endParaRPr().set("lang", LOCALES[lang])


def _add(paragraph: Any, words: Run, lang: str) -> None:
    run = paragraph.add_run()
    run.text = line(words.text) if words.text.strip() else words.text
    run._r.get_or_add_rPr().set("lang", LOCALES[lang])
    if words.size is not None:
        run.font.size = Pt(words.size)
    if words.bold is not None:
        run.font.bold = words.bold
    if words.colour is not None:
        run.font.color.rgb = _rgb(*bytes.fromhex(words.colour.lstrip("#")))


def describe(shape: Any, text: str) -> None:
    """Give a picture, chart or table its alternative text."""
    shape._element.xpath(".//p:cNvPr")[0].set("descr", line(text))


def in_language(element: Any, lang: str) -> None:
    """Set the language of every text property under an XML element."""
    for name in ("a:rPr", "a:endParaRPr", "a:defRPr"):
        for properties in element.iter(qn(name)):
            properties.set("lang", LOCALES[lang])
