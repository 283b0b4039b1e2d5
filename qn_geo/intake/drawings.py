"""What GDAL does not tell of drawings: how a DXF writes its text, and which font each text stands in.

The encoding of old Vietnamese text is a matter of its font, and one drawing can mix several.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_VERSION: Final = re.compile(rb"\$ACADVER\s+1\s+AC(\d{4})")
_UNICODE_SINCE: Final = 1021  # AutoCAD 2007
_HEADER_BYTES: Final = 65_536
# A 0 before a word begins the next element; before a number it is a value.
_BLOCK: Final = re.compile(
    rb"\n[ \t]*0[ \t]*\r?\n[ \t]*(STYLE|M?TEXT|ATTRIB|ATTDEF)[ \t]*\r?\n(.*?)(?=\n[ \t]*0[ \t]*\r?\n[ \t]*[A-Z])",
    re.DOTALL,
)
_INLINE_FONT: Final = re.compile(r"\\[fF]([^|;\\{}]+)")
_STYLE_FONT: Final = re.compile(r'\bf:"?([^",)]+)')


def is_utf8(path: Path) -> bool:
    """Whether a DXF's text is UTF-8: its version says so, and it is."""
    with path.open("rb") as stream:
        version = _VERSION.search(stream.read(_HEADER_BYTES))
        if version is None or int(version.group(1)) < _UNICODE_SINCE:
            return False
        stream.seek(0)
        try:
            stream.read().decode("utf-8")
        except UnicodeDecodeError:
            return False
    return True


def dxf_fonts(path: Path, handles: Sequence[object]) -> list[str | None]:
    """Return the font of each element of a DXF, None where it has no text or the file does not say.

    A font named within the text itself counts more than the one of its style. Binary DXF tells nothing.

    Args:
        path: The file.
        handles: The elements' handles.
    """
    styles: dict[str, str] = {}
    texts: dict[str, tuple[str, str]] = {}
    for kind, tags in _blocks(path.read_bytes()):
        values = dict(reversed(tags))  # of a code that repeats, the first
        if kind == "STYLE":
            # Behind the application's name stands the family of a TrueType font; the file name says less.
            family = next((value for code, value in tags if code == "1000"), "")
            styles[values.get("2", "").casefold()] = family or values.get("3", "")
        elif "5" in values:
            written = "".join(value for code, value in tags if code in {"1", "3"})
            inline = _INLINE_FONT.search(written)
            texts[values["5"]] = (values.get("7", "standard").casefold(), inline.group(1) if inline else "")
    fonts: list[str | None] = []
    for handle in handles:
        style, inline_font = texts.get(str(handle), ("", ""))
        fonts.append(inline_font or styles.get(style) or None)
    return fonts


def _blocks(content: bytes) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Yield the kind and the codes and values of what carries or describes text."""
    for block in _BLOCK.finditer(content):
        lines = [line.strip() for line in block.group(2).decode("latin-1").split("\n")]
        yield block.group(1).decode("ascii"), list(zip(lines[::2], lines[1::2], strict=False))


def style_fonts(styles: Sequence[object]) -> list[str | None]:
    """Return the font named in each of GDAL's feature styles, or None."""
    found = [_STYLE_FONT.search(style) if isinstance(style, str) else None for style in styles]
    return [match.group(1).strip() if match else None for match in found]
