"""Pages set by Typst: a template beside the module that fills it, texts and pictures handed over as JSON.

What comes from files is data that Typst never takes for markup; nothing is fetched, and the only font is the product's.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import typst

from qn_geo.report.lettering import breakable, fonts, settable

if TYPE_CHECKING:
    from collections.abc import Mapping

_PICTURE: Final = Path(__file__).with_name("picture.typ")


def pdf(template: Path, content: Mapping[str, Any], *, standard: Literal["a-2a", "a-2u"] = "a-2a") -> bytes:
    """Return pages as PDF/A with embedded fonts.

    Args:
        template: Typst file; it finds the content with `json(bytes(sys.inputs.data))`.
        content: Texts, numbers and pictures; texts become settable, those under "svg" are drawn as they are.
        standard: Level of PDF/A: "a-2a" is read aloud too and needs alternative texts.

    Raises:
        QnGeoError: If the font files are not installed.
    """
    made: bytes = typst.compile(
        template,
        sys_inputs={"data": json.dumps(plain(content), ensure_ascii=False)},
        font_paths=_fonts(fonts()),
        ignore_system_fonts=True,
        pdf_standards=[standard],
    )
    return made


def told(template: Path, content: Mapping[str, Any], name: str) -> Any:
    """Return what a template says of itself once it is laid out, such as how much room its parts take.

    Args:
        template: Typst file.
        content: As for `pdf`.
        name: Label of the `metadata` that holds the answer.

    Raises:
        QnGeoError: If the font files are not installed.
    """
    said = typst.query(
        template,
        f"<{name}>",
        field="value",
        one=True,
        sys_inputs={"data": json.dumps(plain(content), ensure_ascii=False)},
        font_paths=_fonts(fonts()),
        ignore_system_fonts=True,
    )
    return json.loads(said)


def png(svg: str, ppi: float) -> bytes:
    """Return a picture whose units are millimetres as PNG of so many pixels an inch.

    Raises:
        QnGeoError: If the font files are not installed.
    """
    made: bytes = typst.compile(
        _PICTURE,
        sys_inputs={"svg": svg},
        font_paths=_fonts(fonts()),
        ignore_system_fonts=True,
        format="png",
        ppi=ppi,
    )
    return made


@lru_cache(maxsize=2)
def _fonts(folder: Path) -> typst.Fonts:
    """Look through the font's files once: it takes as long as setting a short page."""
    return typst.Fonts(include_system_fonts=False, font_paths=[folder])


def plain(content: Any) -> Any:
    """Return content whose texts can be set: letters the font has, and long words that may be broken."""
    if isinstance(content, dict):
        return {name: value if name == "svg" else plain(value) for name, value in content.items()}
    if isinstance(content, (list, tuple)):
        return [plain(value) for value in content]
    return breakable(settable(content)) if isinstance(content, str) else content
