"""A story as text that a person can read and change: YAML, notes as blocks, what is as usual left out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from qn_geo.stories.story import Story

_WIDTH: Final = 110
_IN_ONE_LINE: Final = frozenset({"zones", "layers", "statuses", "plots", "opacity", "view", "figures"})


class _Dumper(yaml.SafeDumper):
    """Writes lists and maps of a scene on one line, and texts of several lines as blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002, ARG002 - theirs
        super().increase_indent(flow, indentless=False)  # the dash of a scene stands further in than `scenes`

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - theirs
        return True  # our reader refuses aliases


class _Flow(list[Any]):
    """A list on one line."""


class _FlowMap(dict[str, Any]):
    """A map on one line."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
_Dumper.add_representer(_Flow, lambda dumper, items: dumper.represent_sequence("tag:yaml.org,2002:seq", items, True))
_Dumper.add_representer(_FlowMap, lambda dumper, items: dumper.represent_mapping("tag:yaml.org,2002:map", items, True))


def dumped(story: Story) -> str:
    """Return the story as YAML from which `parsed` reads the same story."""
    content = story.model_dump(exclude_defaults=True)
    scenes = [{name: _tidy(name, value) for name, value in scene.items()} for scene in content["scenes"]]
    return yaml.dump(
        {"title": story.title, "lang": story.lang, "scenes": scenes},
        Dumper=_Dumper,
        sort_keys=False,
        allow_unicode=True,
        width=_WIDTH,
    )


def _tidy(name: str, value: Any) -> Any:
    if name not in _IN_ONE_LINE:
        return value
    return _FlowMap(value) if isinstance(value, dict) else _Flow(value)
