"""YAML as plain values with their lines: small files of text, numbers, lists and maps, and nothing else of YAML.

Aliases (with which a short file can stand for a huge one), tags (which can ask for objects), second documents and deep
nests are refused before anything is built. `yes`, `no` and dates are text here, as whoever writes them means.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import yaml

from qn_geo.stories.complaints import Told, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MOST_BYTES: Final = 1_000_000
_DEEPEST: Final = 8
_MOST_NODES: Final = 50_000
_HIDDEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_STRING, _PREFIX = "tag:yaml.org,2002:str", "tag:yaml.org,2002:"

Path = tuple[str | int, ...]
Complaint = tuple[Path, Told]


@dataclass
class Found:
    """What a file holds.

    Attributes:
        value: Its content; None where it is no YAML at all.
        lines: Line of each value by the keys and indices that lead to it.
        wrong: What is wrong already, with the path it concerns.
    """

    value: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    wrong: list[Complaint] = field(default_factory=list)

    def refuse(self, line: int, told: Told) -> Found:
        """Say that the file as a whole cannot be read, and where."""
        self.lines[()] = line
        self.wrong.append(((), told))
        return self


class _Loader(yaml.CSafeLoader):
    """Knows numbers as a person writes them, so none that takes long to read."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - not shared with the class above


_Loader.add_implicit_resolver(f"{_PREFIX}null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
_Loader.add_implicit_resolver(f"{_PREFIX}bool", re.compile(r"^(?:true|false)$"), list("tf"))
_Loader.add_implicit_resolver(f"{_PREFIX}int", re.compile(r"^[-+]?\d{1,12}$", re.ASCII), list("-+0123456789"))
_Loader.add_implicit_resolver(
    f"{_PREFIX}float", re.compile(r"^[-+]?\d{1,12}\.\d{1,20}(?:e[-+]?\d{1,3})?$", re.ASCII), list("-+0123456789")
)
_READ: Final[dict[str, Callable[[str], Any]]] = {
    "null": lambda _text: None,
    "bool": lambda text: text == "true",
    "int": int,
    "float": float,
}


def read(content: bytes | str) -> Found:
    """Read YAML as far as it can be read; never raises."""
    found = Found()
    text = _text(content)
    if isinstance(text, Told):
        return found.refuse(1, text)
    if hidden := _HIDDEN.search(text):
        return found.refuse(text.count("\n", 0, hidden.start()) + 1, _CONTROL)
    try:
        if refused := next(_refused(text), None):
            return found.refuse(*refused)
        node = _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return found.refuse(mark.line + 1 if mark else 1, _unreadable(error.problem or error.context or ""))
    except yaml.YAMLError as error:
        return found.refuse(1, _unreadable(str(error)))
    if node is not None:
        found.value = _value(node, (), found)
    return found if found.value is not None else found.refuse(1, _EMPTY)


def _text(content: bytes | str) -> str | Told:
    """Text of a file, or why it has none."""
    if len(content) > MOST_BYTES:
        return _TOO_LARGE
    try:
        return (content if isinstance(content, str) else content.decode("utf-8")).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return _NOT_UTF8


def _refused(text: str) -> Iterator[tuple[int, Told]]:
    """Line and reason of the first thing in the file that stories have no use for."""
    depth = documents = nodes = 0
    for event in yaml.parse(text, Loader=_Loader):
        line = _line(event)
        nodes += isinstance(event, yaml.NodeEvent)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if getattr(event, "anchor", None) is not None:
            yield line, _ALIAS
        elif getattr(event, "tag", None) is not None:
            yield line, _TAG
        elif documents > 1:
            yield line, _SECOND
        elif depth > _DEEPEST or nodes > _MOST_NODES:
            yield line, _TOO_MUCH


def _line(item: yaml.Event | yaml.Node) -> int:
    return item.start_mark.line + 1 if item.start_mark else 1


def _value(node: yaml.Node, path: Path, found: Found) -> Any:
    """Plain value of a node; notes its line, and keys that stand twice."""
    found.lines[path] = _line(node)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, index), found) for index, item in enumerate(node.value)]
    if isinstance(node, yaml.ScalarNode):
        kind = node.tag.removeprefix(_PREFIX)
        return _READ[kind](node.value) if kind in _READ else node.value
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        if not isinstance(key_node, yaml.ScalarNode):
            found.wrong.append((path, _ODD_KEY))
            continue
        key = key_node.value
        value = _value(value_node, (*path, key), found)
        if key in values:
            found.wrong.append(((*path, key), _TWICE))
        values[key] = value
    return values


def _unreadable(reason: str) -> Told:
    return Told(
        f"không đúng cú pháp YAML ({shown(reason)}).",
        f"is no proper YAML ({shown(reason)}).",
        "xem lại thụt lề (chỉ dùng dấu cách), dấu hai chấm và dấu ngoặc ở dòng này; chữ có dấu hai chấm phải đặt"
        " trong dấu ngoặc kép.",
        "look at the indentation (spaces only), colons and quotes of this line; text that holds a colon needs quotes.",
    )


_TOO_LARGE = Told(
    f"tệp lớn hơn {MOST_BYTES // 1_000_000} MB.",
    f"the file is larger than {MOST_BYTES // 1_000_000} MB.",
    "một bài trình chiếu chỉ gồm chữ; chọn đúng tệp YAML.",
    "a story holds only text; choose the YAML file.",
)
_NOT_UTF8 = Told(
    "tệp không phải là văn bản UTF-8.",
    "the file is not text in UTF-8.",
    "chọn tệp YAML, lưu với bảng mã UTF-8.",
    "choose the YAML file, saved with the encoding UTF-8.",
)
_CONTROL = Told(
    "có ký tự điều khiển không nhìn thấy.",
    "holds control characters that cannot be seen.",
    "xóa phần chữ này và gõ lại.",
    "delete that text and type it again.",
)
_EMPTY = Told(
    "tệp không có nội dung.",
    "the file is empty.",
    "bắt đầu bằng title, lang và scenes.",
    "begin with title, lang and scenes.",
)
_ALIAS = Told(
    "dùng tham chiếu (& hoặc *) của YAML.",
    "uses YAML's anchors or aliases (& or *).",
    "viết nội dung ra đầy đủ; chữ bắt đầu bằng & hoặc * phải đặt trong dấu ngoặc kép.",
    "write the content in full; text that begins with & or * needs quotes.",
)
_TAG = Told(
    "dùng thẻ (!) của YAML.",
    "uses YAML's tags (!).",
    "bỏ thẻ; chữ bắt đầu bằng ! phải đặt trong dấu ngoặc kép.",
    "leave the tag out; text that begins with ! needs quotes.",
)
_SECOND = Told(
    "tệp có nhiều hơn một tài liệu (---).",
    "the file holds more than one document (---).",
    "mỗi tệp một bài trình chiếu.",
    "one story a file.",
)
_TOO_MUCH = Told(
    "có quá nhiều mục hoặc quá nhiều cấp lồng nhau.",
    "holds too many entries, or too deep a nest of them.",
    "một bài trình chiếu có nhiều nhất 60 cảnh.",
    "a story has at most 60 scenes.",
)
_ODD_KEY = Told(
    "có tên mục không phải là chữ.",
    "has a field whose name is no text.",
    "mỗi mục viết dạng tên: giá trị.",
    "write each field as name: value.",
)
_TWICE = Told("mục này có hai lần.", "this field stands twice.", "chỉ giữ một lần.", "keep it once.")
