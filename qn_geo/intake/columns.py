"""Columns of a file as the frame of plots wants them: decoded, named, numbers as numbers and codes as texts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from qn_geo.errors import Problem, QnGeoError
from qn_geo.intake import encodings, naming, numbers, uses
from qn_geo.intake.encodings import UNICODE, Guess
from qn_geo.schema import submitted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from qn_geo.crs import FloatArray
    from qn_geo.intake.raw import RawLayer

TEXT: Final = "Text"
"""Column of the writing in drawings, whose encoding depends on the font."""
AREAS: Final = ("area_m2", "area_legal_m2")
_COMMUNE: Final = "commune_code"
_USE: Final = "landuse_code"
_COMMUNE_DIGITS: Final = 5
_HECTARE: Final = 10_000.0
_NAMED: Final = 5  # rows named one by one
_EXACT: Final = 2**53


def decode(raw: RawLayer, chosen: Mapping[str, str]) -> tuple[RawLayer, dict[str, list[Guess]]]:
    """Return a layer with its names and texts in Unicode (NFC), and what each column may be encoded in.

    Args:
        raw: The layer as read.
        chosen: Encoding by decoded name of the column, where somebody chose it.

    Raises:
        QnGeoError: If a chosen encoding does not exist.
    """
    names = _names(list(raw.fields))
    texts = {name: values for name, values in raw.fields.items() if str in set(map(type, values))}
    plain = raw.fields.keys() - {name for name, values in texts.items() if not encodings.is_ascii(values)}
    guesses = {names[name]: encodings.detect(values, plain=name in plain) for name, values in texts.items()}
    _agree(guesses)
    fields: dict[str, list[object]] = {}
    for name, values in raw.fields.items():
        decoded = names[name]
        encoding = chosen.get(decoded) or (guesses[decoded][0].encoding if decoded in guesses else UNICODE)
        by_font = name == TEXT and raw.fonts and decoded not in chosen
        if name in plain:
            fields[decoded] = values
        elif by_font:
            fields[decoded] = _by_font(values, raw.fonts, encoding)
        else:
            fields[decoded] = encodings.decode_all(values, encoding)
    return replace(raw, fields=fields), guesses


def raw_samples(raw: RawLayer) -> dict[str, tuple[str, ...]]:
    """Return some texts of each column as read, by its decoded name, to show them in any encoding.

    Args:
        raw: The layer as read, not decoded.
    """
    names = _names(list(raw.fields))
    found = {names[name]: encodings.samples(values) for name, values in raw.fields.items()}
    return {name: texts for name, texts in found.items() if texts}


def _names(names: Sequence[str]) -> dict[str, str]:
    """Return the decoded name of each column, each only once."""
    best = encodings.detect(names)[0].encoding
    decoded: dict[str, str] = {}
    for name in names:
        made = " ".join(encodings.decode(name, best).split()) or name
        decoded[name] = made if made not in decoded.values() else f"{made} [{name}]"
    return decoded


def _agree(guesses: dict[str, list[Guess]]) -> None:
    """Let a column that can be read in several ways follow those of its layer that cannot."""
    sure = [found[0].encoding for found in guesses.values() if found[0].certain and found[0].encoding != UNICODE]
    if not sure:
        return
    usual = max(set(sure), key=sure.count)
    for name, found in guesses.items():
        same = next((guess for guess in found if guess.encoding == usual), None)
        if not found[0].certain and same is not None and same.score >= found[0].score:
            guesses[name] = [replace(same, certain=True), *(guess for guess in found if guess is not same)]


def _by_font(values: Sequence[object], fonts: Sequence[str | None], usual: str) -> list[object]:
    """Decode the texts of a drawing, each as its font says; one drawing can mix several."""
    made = list(values)
    for font in set(fonts):
        places = [place for place, own in enumerate(fonts) if own == font]
        named = encodings.of_font(font)
        texts = [values[place] for place in places]
        # Texts in a font that says nothing are judged together, apart from those in the old fonts.
        guess = None if named else encodings.detect(texts)[0]
        encoding = named or (guess.encoding if guess and guess.certain else usual)
        for place, text in zip(places, encodings.decode_all(texts, encoding), strict=True):
            made[place] = text
    return made


def mapping(names: Iterable[str], chosen: Mapping[str, str]) -> dict[str, str | None]:
    """Return the canonical column of each column: as chosen, where "" means none, else as proposed.

    Raises:
        QnGeoError: If two columns are chosen to mean the same.
    """
    proposed = naming.propose(names)
    by_meaning: dict[str, str] = {}
    for name, canonical in chosen.items():
        if canonical and name in proposed and by_meaning.setdefault(canonical, name) != name:
            raise _same_meaning(by_meaning[canonical], name, canonical)
    taken = {canonical for canonical in chosen.values() if canonical}
    merged: dict[str, str | None] = {
        name: None if canonical in taken else canonical for name, canonical in proposed.items()
    }
    return merged | {name: canonical or None for name, canonical in chosen.items() if name in merged}


def commune_codes(values: Sequence[object]) -> Sequence[Any]:
    """Return commune codes as five digits; spreadsheets drop the leading zero."""
    return _each(values, _code)


def texts(values: Sequence[object]) -> Sequence[Any]:
    """Return a column as texts, trimmed, None where empty; whole numbers without a point."""
    return _each(values, _text)


def _each(values: Sequence[object], made: Callable[[object], str | None]) -> Sequence[Any]:
    """Apply a function to a column, once for each different value; what changes nothing returns the column itself."""
    known = {value: made(value) for value in set(values)}
    if all(one is other for one, other in known.items()):
        return values
    return [known[value] for value in values]


def _code(value: object) -> str | None:
    text = _text(value)
    return text.zfill(_COMMUNE_DIGITS) if text is not None and text.isdecimal() else text


def _text(value: object) -> str | None:
    if type(value) is str and value.isalnum():  # by far most of them
        return value
    if value is None or value != value:  # noqa: PLR0124 - NaN
        return None
    if isinstance(value, (float, np.floating)):
        number = float(value)
        return str(int(number)) if number.is_integer() and abs(number) < _EXACT else str(number)
    return " ".join(str(value).split()) or None


def figures(
    name: str, values: Sequence[object], plane: FloatArray | None, rows: Sequence[int]
) -> tuple[FloatArray, list[Problem]]:
    """Return a column of numbers, and what is wrong with single cells.

    Args:
        name: Its name in the file; one that says hectares makes square metres of areas.
        values: Its cells.
        plane: For areas, those of the shapes: they decide whether 1.234 is a thousand or one.
        rows: Row of the file for each cell.
    """
    column = numbers.read(values)
    if column.doubtful and plane is not None:
        column = min((numbers.read(values, sign) for sign in (",", ".")), key=lambda read: _off(read.values, plane))
    found = column.values
    if plane is not None and naming.in_hectares(name):
        plain = np.array([not (isinstance(value, str) and value.strip()[-1:].isalpha()) for value in values])
        found = np.where(plain, found * _HECTARE, found)
    problems = [_no_number(name, rows[place], values[place]) for place in column.unread[:_NAMED]]
    problems += [_lost(name, rows[place]) for place in column.lost[:_NAMED]]
    if column.doubtful:
        problems.append(_doubtful(name))
    return found, problems


def _off(read: FloatArray, plane: FloatArray) -> float:
    both = (read > 0) & (plane > 0)
    return float(np.median(np.abs(np.log(read[both] / plane[both])))) if both.any() else float("inf")


def own(values: Sequence[object]) -> Any:
    """Return a column that only the file knows, of one type: numbers if all are, else texts."""
    kinds = set(map(type, values))
    if kinds == {int}:
        found: Any = np.asarray(values)
        return found if found.dtype == np.int64 else [str(value) for value in values]
    if kinds - {type(None)} and kinds <= {int, float, type(None)}:
        return numbers.parse(values)
    return [value if value is None or type(value) is str else str(value) for value in values]


def canonical(
    raw: RawLayer, meant: Mapping[str, str | None], plane: FloatArray
) -> tuple[dict[str, Any], list[Problem]]:
    """Return columns by canonical name, or `x_` and the file's own, ready for `submitted.frame`; and problems.

    Args:
        raw: The decoded layer.
        meant: Canonical name by the file's own.
        plane: Areas of the shapes in EPSG:5899.
    """
    made: dict[str, Any] = {"row": raw.rows}
    problems: list[Problem] = []
    for name, values in raw.fields.items():
        known = meant.get(name)
        if known is None:
            made[_unused(f"{submitted.OWN}{name}", made)] = own(values)
        elif submitted.FIELDS[known].dtype == "float64":
            made[known], wrong = figures(name, values, plane if known in AREAS else None, raw.rows)
            problems += wrong
        elif known == _USE:
            written = texts(values)
            made[known], named = uses.coded(written)
            if named:
                made[_unused(f"{submitted.OWN}{name}", made)] = written
                problems.append(_by_name(name, named))
        else:
            made[known] = commune_codes(values) if known == _COMMUNE else texts(values)
    return made, problems


def _unused(name: str, made: Mapping[str, object]) -> str:
    """Return a name that no other column has, without regard to case, which GeoPackage does not tell apart."""
    taken = {other.casefold() for other in made}
    number, unused = 2, name
    while unused.casefold() in taken:
        unused, number = f"{name}_{number}", number + 1
    return unused


def _same_meaning(one: str, other: str, canonical: str) -> QnGeoError:
    field = submitted.FIELDS.get(canonical)
    vi, en = (field.vi, field.en) if field else (canonical, canonical)
    return QnGeoError(
        f"hai cột “{one}” và “{other}” cùng được chọn là “{vi}”.",
        f"two columns, “{one}” and “{other}”, are both chosen to be “{en}”.",
        remedy_vi="chỉ chọn một cột cho ý nghĩa này; cột kia chọn ý nghĩa khác hoặc giữ nguyên.",
        remedy_en="choose only one column for this meaning; give the other another meaning or keep it as it is.",
    )


def _no_number(column: str, row: int, value: object) -> Problem:
    shown = str(value)[:30]
    return Problem(
        f"“{shown}” không phải là số.",
        f"“{shown}” is no number.",
        row=row,
        column=column,
        remedy_vi="ghi bằng số, hoặc chọn ý nghĩa khác cho cột.",
        remedy_en="write a number, or choose another meaning of the column.",
    )


def _by_name(column: str, count: int) -> Problem:
    """Tell that names of land uses were made codes; nothing is wrong."""
    return Problem(
        f"{count} lô ghi tên loại đất, đã đổi thành mã; tên được giữ ở cột riêng.",
        f"{count} plots name their land use, which was made its code; the names are kept in a column of their own.",
        column=column,
    )


def _lost(column: str, row: int) -> Problem:
    return Problem(
        "bảng tính đã đổi số này thành ngày hoặc làm tròn.",
        "a spreadsheet turned this number into a date or rounded it.",
        row=row,
        column=column,
        remedy_vi="định dạng cột là số rồi nhập lại giá trị.",
        remedy_en="format the column as numbers and enter the value again.",
    )


def _doubtful(column: str) -> Problem:
    return Problem(
        "không rõ dấu chấm, dấu phẩy là thập phân hay hàng nghìn.",
        "it is not clear whether point or comma is decimal or groups thousands.",
        column=column,
        remedy_vi="ghi số không có dấu phân nhóm hàng nghìn.",
        remedy_en="write numbers without grouping.",
    )
