"""Land use given by its official name instead of its code: "Đất khu công nghiệp" for SKK."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from qn_geo import landuse, layers
from qn_geo.search.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def coded(values: Sequence[Any]) -> tuple[Sequence[Any], int]:
    """Return a column of land uses with official names made codes, and how many of its cells were.

    Case and marks do not count. What is no whole name of exactly one code stays as it is.

    Args:
        values: Texts, None where empty.

    Raises:
        DataFileError: If landuse_codes.csv cannot be used.
    """
    known = _by_name(layers.version("landuse-codes"))
    different = {value: known.get(fold(value), value) for value in set(values) if value is not None}
    if all(value is made for value, made in different.items()):
        return values, 0
    made = [different.get(value) for value in values]
    return made, sum(one is not other for one, other in zip(values, made, strict=True))


@lru_cache(maxsize=2)
def _by_name(_version: str) -> Mapping[str, str]:
    """Return codes by folded name, those with a name of their own only."""
    table = landuse.codes()
    folded = [fold(name) for name in table["name_vi"]]
    return {name: code for name, code in zip(folded, table["code"], strict=True) if folded.count(name) == 1}
