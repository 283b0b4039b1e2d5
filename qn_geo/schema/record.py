"""The record beside every data file: what it is, where it comes from, and how to tell that it is whole."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - pydantic reads the annotations at run time
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from qn_geo.schema.words import Quality  # noqa: TC001 - same

SUFFIX = ".record.json"


class _Column(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str
    type: Literal["string", "number", "integer", "date"]
    unit: str | None
    vi: str = Field(min_length=1)
    en: str = Field(min_length=1)


def _described(columns: tuple[dict[str, Any], ...]) -> tuple[dict[str, Any], ...]:
    return tuple(_Column.model_validate(column).model_dump() for column in columns)


class Record(BaseModel):
    """A data file's record.

    Attributes:
        id: Unique id of the file.
        file: File name without folder.
        title_vi: Title in Vietnamese.
        title_en: Title in English.
        description_vi: What the file holds and how it was made, in Vietnamese.
        description_en: The same in English.
        sources: Ids in sources.csv.
        licence: Licence of the data.
        date: ISO day on which the file was compiled.
        rows: Rows of the table or features of the layer.
        crs: EPSG:4326 for layers, None for tables.
        quality: How true the geometry is in general; None for tables.
        generated: Whether `data build` makes the file.
        columns: Columns in the order of the file: name, type, unit (or None), meaning in `vi` and `en`.
        sha256: Hash of the file's bytes.
        notes: Remarks on single rows: row id to language to text.
        folder: Where the file lies; not part of the record file.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    file: str
    title_vi: str = Field(min_length=1)
    title_en: str = Field(min_length=1)
    description_vi: str = Field(min_length=1)
    description_en: str = Field(min_length=1)
    sources: tuple[str, ...]
    licence: str
    date: str
    rows: int = Field(ge=0)
    crs: Literal["EPSG:4326"] | None
    quality: Quality | None
    generated: bool
    columns: Annotated[tuple[dict[str, Any], ...], AfterValidator(_described)]
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    notes: dict[str, dict[str, str]] = Field(default_factory=dict)
    folder: Path = Field(exclude=True)

    @property
    def path(self) -> Path:
        """The data file."""
        return self.folder / self.file

    @property
    def stem(self) -> str:
        """File name without ending."""
        return self.file.partition(".")[0]

    @property
    def is_layer(self) -> bool:
        """Whether the file holds geometry."""
        return self.file.endswith(".geojson")

    @property
    def is_story(self) -> bool:
        """Whether the file is a story: its rows are scenes, its columns their fields."""
        return self.file.endswith(".yaml")

    def title(self, lang: str) -> str:
        """Return the title in "vi" or "en"."""
        return self.title_vi if lang == "vi" else self.title_en

    def description(self, lang: str) -> str:
        """Return the description in "vi" or "en"."""
        return self.description_vi if lang == "vi" else self.description_en
