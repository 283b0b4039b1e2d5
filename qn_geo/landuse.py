"""Official land-use codes: their names and colours (Thông tư 27/2018, 01/2021 and 08/2024/TT-BTNMT)."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from qn_geo import i18n, layers

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

NEUTRAL: Final = "#C9C9C9"
"""Shown where no official colour is published: a grey that no code has."""


def codes() -> pd.DataFrame:
    """Return the codes with names, group, parent, colour (`r`, `g`, `b`, `hex`) and legal source.

    Raises:
        DataFileError: If landuse_codes.csv cannot be used.
    """
    return layers.table("landuse_codes")


@lru_cache(maxsize=2)
def _rows(_version: str) -> Mapping[str, Mapping[Any, Any]]:
    return {row["code"]: row for row in codes().to_dict("records")}


def _row(code: str) -> Mapping[Any, Any]:
    return _rows(layers.version("landuse-codes")).get(code, {})


def colour(code: str) -> str:
    """Return a code's official colour as #RRGGBB, `NEUTRAL` where none is published or the code is unknown.

    Raises:
        DataFileError: If landuse_codes.csv cannot be used.
    """
    found = _row(code).get("hex")
    return NEUTRAL if i18n.is_missing(found) else str(found)


def name(code: str, lang: str) -> str:
    """Return a code's name in "vi" or "en"; the code itself when it is not in the table.

    Raises:
        DataFileError: If landuse_codes.csv cannot be used.
    """
    return i18n.name(_row(code), lang) or code
