"""Make every generated file of the data directory from its source files, byte for byte the same each time."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from qn_geo.build.checking import check_sources
from qn_geo.errors import QnGeoError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# Step -> the module whose `build(data_dir)` writes it, in an order in which each finds what it needs.
STEPS = {
    "boundaries": "qn_geo.build.boundaries",
    "backdrop": "qn_geo.build.backdrop",
    "zones": "qn_geo.build.zones",
    "landuse": "qn_geo.build.landuse",
    "transport": "qn_geo.build.transport",
    "logistics": "qn_geo.build.logistics",
    "plots": "qn_geo.build.plots",
}


def build_all(data_dir: Path, only: Iterable[str] | None = None) -> list[str]:
    """Run the build steps.

    Args:
        data_dir: The data directory; sources are read from it and generated files written to it.
        only: Names of the steps to run, all by default. They run in the order of `STEPS`.

    Returns:
        Paths of the files written, relative to `data_dir`, with forward slashes.

    Raises:
        QnGeoError: `only` names an unknown step.
        DataFileError: A source file is missing, damaged, empty or against its schema; nothing is written then.
    """
    chosen = list(STEPS) if only is None else list(only)
    unknown = [name for name in chosen if name not in STEPS]
    if unknown:
        raise QnGeoError(
            f"Không có bước dựng dữ liệu: {', '.join(unknown)}.",
            f"No such build step: {', '.join(unknown)}.",
            remedy_vi=f"chọn trong {', '.join(STEPS)}.",
            remedy_en=f"choose from {', '.join(STEPS)}.",
        )
    check_sources(data_dir, chosen)
    written: list[Path] = []
    for name, module in STEPS.items():
        if name in chosen:
            written += import_module(module).build(data_dir)
    return [path.relative_to(data_dir).as_posix() for path in written]
