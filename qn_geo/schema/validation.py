"""Hold a table against its schema and say what is wrong in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pandera.errors import SchemaErrors

from qn_geo.errors import Problem
from qn_geo.schema import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    import pandera.pandas as pa

_FIRST_LINE: Final = 2  # the header is line 1
_SHOWN: Final = 60  # characters of a wrong value that are quoted
_COLUMN_RULES: Final = {
    "column_in_dataframe": ("thiếu cột này", "this column is missing"),
    "column_in_schema": ("cột này không có trong quy định của tệp", "this column does not belong to the file"),
    "column_ordered": ("cột này không đúng thứ tự", "this column is out of order"),
}
_CELL_RULES: Final = {
    "not_nullable": ("không được để trống", "must not be empty"),
    "field_uniqueness": ("giá trị {value} bị lặp lại", "the value {value} is repeated"),
}
_TYPES: Final = {
    "float64": ("giá trị {value} không phải là số", "the value {value} is not a number"),
    "Int64": ("giá trị {value} không phải là số nguyên", "the value {value} is not a whole number"),
    "str": ("giá trị {value} không phải là chữ", "the value {value} is not a text"),
}


def validate(
    schema: pa.DataFrameSchema, frame: pd.DataFrame, *, file: str, lines: Sequence[int] | None = None
) -> tuple[pd.DataFrame, list[Problem]]:
    """Convert the columns of a table to their types and check every rule.

    Args:
        schema: One of `SCHEMAS`.
        frame: The table with a plain index 0, 1, ...; cells may all be text, empty ones missing.
        file: What the problems name as the file.
        lines: Line number of each row in the file; by default the rows follow one header line.

    Returns:
        The converted table and no problems, or the table as given and every problem, in the order of the lines.
    """
    try:
        return schema.validate(frame, lazy=True), []
    except SchemaErrors as errors:
        cases = errors.failure_cases.astype(object).where(errors.failure_cases.notna(), None).to_dict("records")
    structural = [_structural(case, file) for case in cases if case["check"] in _COLUMN_RULES]
    # Where columns are missing or foreign, whatever the checks say about the cells is noise.
    problems = structural or [problem for case in cases if (problem := _in_cell(case, file, lines)) is not None]
    return frame, sorted(dict.fromkeys(problems), key=lambda problem: (problem.row or 0, problem.column or ""))


def _structural(case: dict[str, Any], file: str) -> Problem:
    vi, en = _COLUMN_RULES[case["check"]]
    return Problem(f"{vi}.", f"{en}.", file=file, row=1, column=str(case["failure_case"]))


def _in_cell(case: dict[str, Any], file: str, lines: Sequence[int] | None) -> Problem | None:
    if case["index"] is None:
        return None  # a check that could not run because the cell's type was wrong, which is told by itself
    row = int(case["index"])
    of_row = case["schema_context"] == "DataFrameSchema"
    vi, en = _wording(str(case["check"]), None if of_row else case["failure_case"])
    line = lines[row] if lines is not None else row + _FIRST_LINE
    return Problem(f"{vi}.", f"{en}.", file=file, row=line, column=None if of_row else str(case["column"]))


def _wording(check: str, value: object) -> tuple[str, str]:
    quoted = f"“{str(value)[:_SHOWN]}”"
    kind = check.partition("(")[2].strip("')")
    for known, texts in ((check, _CELL_RULES), (kind, _TYPES)):
        if known in texts:
            vi, en = texts[known]
            return vi.format(value=quoted), en.format(value=quoted)
    vi, en = rules.wording(check)
    return (vi, en) if value is None else (f"giá trị {quoted} {vi}", f"the value {quoted} {en}")


def first_words(problems: Iterable[Problem], lang: str, limit: int = 3) -> str:
    """Return the first problems as one text ("line 2, column area_ha: ..."), and how many more there are."""
    listed = [Problem(item.vi, item.en, row=item.row, column=item.column).message(lang) for item in problems]
    more = len(listed) - limit
    tail = [] if more <= 0 else [f"và {more} lỗi khác." if lang == "vi" else f"and {more} more."]
    return " ".join([*listed[:limit], *tail])
