"""From what was sent to its layers: unpack, tell, read. Runs in the process that reads."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from qn_geo.errors import Problem, QnGeoError
from qn_geo.intake import kinds, tables, unpack, vectors

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qn_geo.intake.raw import RawLayer
    from qn_geo.intake.unpack import Source


@dataclass(slots=True)
class Found:
    """What was read.

    Attributes:
        layers: Layers, each with a name that no other has.
        skipped: Why other files, or other parts of them, were not read.
    """

    layers: list[RawLayer] = field(default_factory=list)
    skipped: list[Problem] = field(default_factory=list)


def read(files: Sequence[tuple[str, Path]], folder: Path | None = None) -> Found:
    """Return the layers of what was sent.

    Args:
        files: Name as sent and place of each file.
        folder: Where files are laid out; by default one in the current folder, which in the process that reads
            vanishes afterwards.

    Raises:
        QnGeoError: If nothing could be read; the reason is the first file's.
    """
    contents = unpack.arrange(files, folder or Path.cwd() / "laid-out")
    found = Found(skipped=contents.skipped)
    first: QnGeoError | None = None
    for source in contents.sources:
        try:
            layers = _layers(source)
        except QnGeoError as error:
            first = first or error
            found.skipped.append(error.problem)
            continue
        for layer in layers:
            layer.name = _name(layer, source, alone=len(contents.sources) == 1)
        found.layers += layers
    if not found.layers and first is not None:
        raise first
    _set_apart(found.layers)
    return found


def _layers(source: Source) -> list[RawLayer]:
    if source.kind in kinds.TABLES:
        return tables.read(source.path, source.kind, name=source.name)
    return vectors.read(source.path, source.kind, name=source.name)


def _name(layer: RawLayer, source: Source, *, alone: bool) -> str:
    """Return what to call a layer: its own name, that of its file, or both where there are several files."""
    stem = PurePosixPath(source.name).stem
    if alone or not layer.name:
        return layer.name or stem
    return f"{stem}: {layer.name}"


def _set_apart(layers: Sequence[RawLayer]) -> None:
    """Number layers of the same name."""
    seen: dict[str, int] = {}
    for layer in layers:
        seen[layer.name] = seen.get(layer.name, 0) + 1
        if seen[layer.name] > 1:
            layer.name = f"{layer.name} ({seen[layer.name]})"
