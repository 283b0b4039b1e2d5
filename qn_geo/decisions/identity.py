"""Who decides, and the words a reviewer types: what may be stored of them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

from qn_geo.errors import QnGeoError

NAME_LIMIT: Final = 200
TEXT_LIMIT: Final = 4_000
# Control, format (they can turn the reading direction), lone surrogates, line and paragraph separators.
_UNPRINTABLE: Final = {"Cc", "Cf", "Cs", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Identity:
    """A reviewer or submitter.

    Attributes:
        name: As shown and exported; NFC, at most 200 characters.
        verified: Whether the name comes from a sign-in; a typed name is marked `unverified` in every export.
    """

    name: str
    verified: bool

    def __post_init__(self) -> None:
        """Refuse what is no name.

        Raises:
            QnGeoError: If the name is blank, too long, or has characters that cannot be seen.
        """
        name = unicodedata.normalize("NFC", self.name).strip()
        object.__setattr__(self, "name", name)
        if not name:
            raise _no_name("Chưa có tên người thực hiện.", "The name of the person is missing.")
        if any(unicodedata.category(letter) in _UNPRINTABLE for letter in name):
            raise _no_name(
                "Tên có ký tự điều khiển không nhìn thấy được.", "The name has control characters that cannot be seen."
            )
        if len(name) > NAME_LIMIT:
            raise _no_name(f"Tên dài quá {NAME_LIMIT} ký tự.", f"The name is longer than {NAME_LIMIT} characters.")


def _no_name(vi: str, en: str) -> QnGeoError:
    return QnGeoError(vi, en, remedy_vi="nhập họ và tên của bạn.", remedy_en="type your name.")


def tidy(text: str) -> str:
    """Return typed text as it is stored: NFC, plain line ends, nothing invisible, nothing around it.

    Raises:
        QnGeoError: If it is longer than 4,000 characters.
    """
    lines = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    clean = "\n".join(
        "".join(" " if unicodedata.category(letter) in _UNPRINTABLE else letter for letter in line).rstrip()
        for line in lines
    ).strip()
    if len(clean) > TEXT_LIMIT:
        raise QnGeoError(
            f"Nội dung dài {len(clean)} ký tự, tối đa {TEXT_LIMIT}.",
            f"The text has {len(clean)} characters, at most {TEXT_LIMIT} are stored.",
            remedy_vi="rút gọn, hoặc ghi phần chi tiết vào công văn và dẫn số công văn.",
            remedy_en="shorten it, or put the details into a letter and name the letter.",
        )
    return clean
