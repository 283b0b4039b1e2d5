"""Hold the source files of the build against their schemas before anything is made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from qn_geo import layers, schema
from qn_geo.errors import DataFileError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

SOURCES: Final = (
    "communes.geojson",
    "natural_earth_land.geojson",
    "zones.csv",
    "landuse.csv",
    "landuse_codes.csv",
    "transport.csv",
    "logistics.csv",
    "figures.csv",
    "projects.csv",
)
OFFICIAL: Final = "official.geojson"  # there only after an import
ZONES: Final = "zones.geojson"
# Steps that read the layer the step `zones` made, perhaps in an earlier run.
AFTER_ZONES: Final = frozenset({"landuse", "plots"})


def check_sources(data_dir: Path, steps: Collection[str]) -> None:
    """Refuse to build from a source that is missing, damaged, against its schema or empty.

    Args:
        data_dir: The data directory.
        steps: The steps that will run.

    Raises:
        DataFileError: Names the file and what is wrong with it.
    """
    for name in SOURCES:
        _check(data_dir, name)
    if (data_dir / schema.path_of(OFFICIAL)).exists():
        _check(data_dir, OFFICIAL)
    if "zones" not in steps and AFTER_ZONES & set(steps):
        _check(data_dir, ZONES)


def _check(data_dir: Path, name: str) -> None:
    file = schema.path_of(name)
    try:
        content = (data_dir / file).read_bytes()
    except OSError as error:
        raise _unusable(file, str(error), str(error)) from error
    frame, problems = (layers.read_table if name.endswith(".csv") else layers.read_layer)(content, name, file=file)
    if problems:
        told = {lang: schema.first_words(problems, lang) for lang in ("vi", "en")}
        raise _unusable(file, f"{len(problems)} lỗi: {told['vi']}", f"{len(problems)} problem(s): {told['en']}")
    if frame.empty and name != OFFICIAL:
        raise _unusable(file, "không có dòng nào", "it has no rows")


def _unusable(file: str, vi: str, en: str) -> DataFileError:
    imported = file == schema.path_of(OFFICIAL)
    original = "python -m qn_geo data restore" if imported else f"git checkout data/{file}"
    return DataFileError(
        f"Không dựng dữ liệu từ tệp nguồn này được ({vi}); chưa có gì bị thay đổi.",
        f"The data cannot be built from this source file ({en}); nothing was changed.",
        file=file,
        remedy_vi=f"sửa tệp, hoặc lấy lại bản gốc: {original}.",
        remedy_en=f"mend the file, or bring back the original: {original}.",
    )
