"""What pydantic finds wrong with a story, in words for the person who wrote it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from qn_geo.stories.complaints import UNFIT, Told, remedy, shown
from qn_geo.stories.story import LANGUAGES, Look, Scene, Story

if TYPE_CHECKING:
    from pydantic import ValidationError

    from qn_geo.stories.reading import Complaint

_NUMBER: Final = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
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
        "phải là chữ.", "must be text.", "đặt trong dấu ngoặc kép nếu là số.", "put it in quotes if it is a number."
    ),
    "whole": Told("phải là số nguyên.", "must be a whole number.", "viết như 2026.", "write it as 2026."),
    "number": Told("phải là số.", "must be a number.", "viết như 107.5.", "write it as 107.5."),
    "list": Told("phải là danh sách.", "must be a list.", "viết dạng [a, b].", "write it as [a, b]."),
    "map": Told(
        "phải gồm các mục có tên.",
        "must hold named fields.",
        "viết mỗi mục dạng tên: giá trị.",
        "write each as name: value.",
    ),
}
_QUOTED: Final = ("bỏ dấu ngoặc quanh số và dùng dấu chấm thập phân.", "drop the quotes and use a decimal point.")
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
    if kind in _KINDS:
        return _mistaken(_WANTED[_KINDS[kind]], value)
    if kind == "missing":
        return Told("thiếu mục này.", "is missing.", "thêm mục này.", "add it.")
    if kind == "extra_forbidden":
        known = _FIELDS[len(path) - 1]
        return Told("không có mục nào tên như vậy.", "there is no such field.", *remedy(str(path[-1]), known))
    if kind == "literal_error":
        choices = ", ".join(LANGUAGES)
        return Told(
            f"không có giá trị “{shown(value)}”.",
            f"there is no value “{shown(value)}”.",
            f"chọn một trong: {choices}.",
            f"choose one of {choices}.",
        )
    return _limits(kind, value, context)


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
            "chép đúng mã, như kcn-song-khoai hoặc f0123.",
            "copy the id as it is, such as kcn-song-khoai or f0123.",
        ),
    }.get(kind, Told("không dùng được.", "cannot be used.", *_CHANGE))


_CHANGE: Final = ("sửa giá trị này.", "correct the value.")


def _mistaken(wanted: Told, value: Any) -> Told:
    """Say what came instead where that helps: a number in quotes looks right to whoever wrote it."""
    if wanted in (_WANTED["whole"], _WANTED["number"]) and isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        return Told(wanted.vi, wanted.en, *_QUOTED)
    return wanted
