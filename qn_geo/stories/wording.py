"""What pydantic finds wrong with a story, in words for the person who wrote it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from qn_geo.stories.complaints import UNFIT, Told, remedy, shown, unknown
from qn_geo.stories.story import LANGUAGES, Look, Scene, Story

if TYPE_CHECKING:
    from pydantic import ValidationError

    from qn_geo.stories.reading import Complaint

_KINDS: Final = {
    "string_type": "text",
    "int_type": "whole",
    "float_type": "number",
    "tuple_type": "list",
    "dict_type": "map",
    "model_type": "map",
    "model_attributes_type": "map",
    "int_from_float": "whole",
    "finite_number": "number",
}
_WANTED: Final = {
    "text": Told(
        "phải là chữ.",
        "must be text.",
        "viết một đoạn chữ; số, true, false phải đặt trong dấu ngoặc kép.",
        "write one text; a number, true or false needs quotes.",
    ),
    "whole": Told(
        "phải là số nguyên.",
        "must be a whole number.",
        "viết như 2026, không có dấu ngoặc.",
        "write it as 2026, no quotes.",
    ),
    "number": Told(
        "phải là số.",
        "must be a number.",
        "viết với dấu chấm thập phân, không có dấu ngoặc, như 21.5 hoặc 0.5.",
        "write it with a decimal point and no quotes, such as 21.5 or 0.5.",
    ),
    "list": Told("phải là danh sách.", "must be a list.", "viết dạng [a, b].", "write it as [a, b]."),
    "map": Told(
        "phải gồm các mục có tên.",
        "must hold named fields.",
        "viết mỗi mục dạng tên: giá trị.",
        "write each as name: value.",
    ),
}
_BLANK: Final = Told(
    "đang để trống.",
    "is empty.",
    "điền giá trị; mục không bắt buộc thì có thể bỏ hẳn.",
    "give it a value; a field that is not required may be left out.",
)
_BEGINNINGS: Final[dict[tuple[str | int, ...], tuple[str, str]]] = {
    (): ("bắt đầu bằng title, lang và scenes.", "begin with title, lang and scenes."),
    ("scenes",): ("bắt đầu mỗi cảnh bằng “- headline: …”.", "begin each scene with “- headline: …”."),
}
"""What to do where not even the outline of a story is there, by path."""
_IDS: Final[dict[str | int, str]] = {
    "plot": "SK-001",
    "pick": "link:cao-toc-1",
    "zones": "kcn-song-khoai",
    "figures": "f0123",
}
"""Examples of ids by field."""
_FIELDS: Final = {0: Story.model_fields, 2: Scene.model_fields, 3: Look.model_fields}
"""Fields by the number of steps that lead to what holds them: none, `scenes` and a number, and `view` in these."""


def told(error: ValidationError) -> list[Complaint]:
    """Return what is wrong, each with its path."""
    return [
        (item["loc"], _told(item["type"], item["loc"], item["input"], item.get("ctx", {})))
        for item in error.errors(include_url=False)
    ]


def _told(kind: str, path: tuple[str | int, ...], value: Any, context: dict[str, Any]) -> Told:
    if kind == UNFIT:
        return Told(**context)
    if kind == "missing":
        return Told("thiếu mục này.", "is missing.", "thêm mục này.", "add it.")
    if kind == "extra_forbidden":
        known = _FIELDS[len(path) - 1]
        return Told("không có mục nào tên như vậy.", "there is no such field.", *remedy(str(path[-1]), known))
    if value is None or kind in _KINDS:
        wanted = _BLANK if value is None else _WANTED[_KINDS[kind]]
        vi, en = _BEGINNINGS.get(path, (wanted.remedy_vi, wanted.remedy_en))
        return replace(wanted, remedy_vi=vi, remedy_en=en)
    if kind == "literal_error":
        return unknown(str(value), LANGUAGES)
    return _limits(kind, value, context | {"example": next((_IDS[part] for part in path if part in _IDS), "")})


def _limits(kind: str, value: Any, context: dict[str, Any]) -> Told:
    if isinstance(value, str) and kind in {"too_short", "too_long"}:
        kind = f"string_{kind}"
    most, least = context.get("max_length"), context.get("min_length")
    ge, le = context.get("ge", 0), context.get("le", 0)
    return {
        "string_too_short": Told("đang để trống.", "is empty.", "viết nội dung.", "write something."),
        "string_too_long": Told(
            f"dài hơn {most} ký tự.", f"is longer than {most} letters.", "viết ngắn lại.", "shorten it."
        ),
        "too_short": Told(f"cần ít nhất {least} mục.", f"needs at least {least}.", "thêm vào.", "add one."),
        "too_long": Told(f"nhiều nhất {most} mục.", f"may hold at most {most}.", "bớt đi.", "leave some out."),
        "greater_than_equal": Told(f"phải từ {ge:g} trở lên.", f"must be {ge:g} or more.", *_CHANGE),
        "less_than_equal": Told(f"phải từ {le:g} trở xuống.", f"must be {le:g} or less.", *_CHANGE),
        "string_pattern_mismatch": Told(
            f"“{shown(value)}” không phải là mã.",
            f"“{shown(value)}” is no id.",
            f"chép đúng mã, như {context['example']}.",
            f"copy the id as it is, such as {context['example']}.",
        ),
    }.get(kind, Told("không dùng được.", "cannot be used.", *_CHANGE))


_CHANGE: Final = ("sửa giá trị này.", "correct the value.")
