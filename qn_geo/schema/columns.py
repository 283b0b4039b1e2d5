"""Building blocks of the file schemas: kinds of columns, and columns that several files share."""

from __future__ import annotations

from typing import Any

import pandera.pandas as pa

from qn_geo.schema import rules


def column(dtype: str, *checks: pa.Check, optional: bool = False, unique: bool = False) -> pa.Column:
    """Return a column of a pandas type, held to the given checks."""
    return pa.Column(dtype, list(checks), nullable=optional, unique=unique)


def text(*checks: pa.Check, optional: bool = False) -> pa.Column:
    """Return a text column."""
    return column("str", rules.TIDY, *checks, optional=optional)


def key(*checks: pa.Check) -> pa.Column:
    """Return a text column whose values are unique."""
    return column("str", rules.TIDY, *checks, unique=True)


def word(literal: Any, *, optional: bool = False) -> pa.Column:
    """Return a column of words from a closed list."""
    return column("str", rules.one_of(literal), optional=optional)


def number(*checks: pa.Check, optional: bool = False) -> pa.Column:
    """Return a column of finite numbers."""
    return column("float64", rules.SIZE, *checks, optional=optional)


def integer(*checks: pa.Check, optional: bool = False) -> pa.Column:
    """Return a column of whole numbers."""
    return column("Int64", *checks, optional=optional)


def file(columns: dict[str, pa.Column], *checks: pa.Check) -> pa.DataFrameSchema:
    """Return the schema of a file: exactly these columns, in this order, and checks on whole rows."""
    return pa.DataFrameSchema(columns, checks=list(checks), strict=True, ordered=True, coerce=True)


def names() -> dict[str, pa.Column]:
    """Return the two name columns."""
    return {"name_vi": text(), "name_en": text()}


def notes() -> dict[str, pa.Column]:
    """Return the two note columns."""
    return {"note_vi": text(optional=True), "note_en": text(optional=True)}


def position() -> dict[str, pa.Column]:
    """Return longitude, latitude (WGS 84 degrees) and how far off they may be (metres)."""
    return {
        "lon": number(rules.LONGITUDE, optional=True),
        "lat": number(rules.LATITUDE, optional=True),
        "location_accuracy_m": number(rules.POSITIVE, optional=True),
    }


def sourced() -> dict[str, pa.Column]:
    """Return the column of source ids."""
    return {"source_id": text(rules.SOURCES)}


def area_ha() -> pa.Column:
    """Return a column of areas in hectares, empty where unknown."""
    return number(rules.POSITIVE, optional=True)
