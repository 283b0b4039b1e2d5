"""Settings, read once from the environment (prefix `QN_GEO_`) and never changed while the app runs.

One process serves everybody, so nothing here may depend on a session.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from qn_geo.errors import QnGeoError

ROOT = Path(__file__).resolve().parents[1]


def _absolute(path: Path) -> Path:
    return path.expanduser().resolve()


Folder = Annotated[Path, AfterValidator(_absolute)]


class Settings(BaseSettings):
    """Everything that can be set from outside; each field is an environment variable, `QN_GEO_` and its name.

    Attributes:
        data_dir: Folder of the data files and their records.
        package_dir: Folder of the front-end packages (`node_modules`).
        language: Language of a page whose address names none.
        port: TCP port of the app.
        online_basemaps: Whether basemaps that need the internet are offered.
        store_dir: Folder where imports keep the former state; `.history` in the data folder when not set.
        review_dir: Folder of the plot review: submissions as received, and the database when it is SQLite.
        story_dir: Folder of the stories people make; those that come with the app lie in the data folder.
        max_upload_mb: Largest submission, in megabytes.
        max_unpacked_mb: Largest content of an archive, unpacked, in megabytes.
        max_plots: Most plots of a submission.
        max_vertices: Most vertices of a submission.
        max_columns: Most columns of a submission.
        reader_seconds: Longest time the reading of a submission may take.
        reader_memory_mb: Most memory the process that reads submissions may use, in megabytes.
        database_url: SQLAlchemy address of the review's database; `review.sqlite` in `review_dir` when not set.
        map_scale: Scale denominator of the cadastral maps, which decides how exact a recorded area can be.
        show_personal: Whether names and addresses of land users are shown and exported.
    """

    model_config = SettingsConfigDict(env_prefix="QN_GEO_", env_ignore_empty=True, frozen=True)

    data_dir: Folder = ROOT / "data"
    package_dir: Folder = ROOT / "node_modules"
    language: Literal["vi", "en"] = "vi"
    port: int = Field(default=8501, ge=1, le=65535)
    online_basemaps: bool = True
    store_dir: Folder = Field(default_factory=lambda known: known["data_dir"] / ".history")
    review_dir: Folder = ROOT / "reviews"
    story_dir: Folder = ROOT / "stories"
    max_upload_mb: int = Field(default=200, ge=1)
    max_unpacked_mb: int = Field(default=1_000, ge=1)
    max_plots: int = Field(default=200_000, ge=1)
    max_vertices: int = Field(default=5_000_000, ge=3)
    max_columns: int = Field(default=400, ge=1)
    reader_seconds: int = Field(default=300, ge=1)
    reader_memory_mb: int = Field(default=4_000, ge=500)
    database_url: str = ""
    map_scale: Annotated[Literal[200, 500, 1000, 2000, 5000, 10000], BeforeValidator(int)] = 500
    show_personal: bool = False


@lru_cache(maxsize=1)
def settings() -> Settings:
    """Return the settings of this process.

    Raises:
        QnGeoError: If an environment variable has a value that cannot be used; names each one.
    """
    try:
        return Settings()
    except ValidationError as error:
        # A field whose default follows from a wrong one is no mistake of the user's.
        wrong = [item for item in error.errors() if item["loc"] and item["type"] != "default_factory_not_called"]
        names = ", ".join(f"QN_GEO_{str(item['loc'][0]).upper()}" for item in wrong)
        raise QnGeoError(
            f"Biến môi trường có giá trị không dùng được: {names}.",
            f"Environment variables with values that cannot be used: {names}.",
            remedy_vi="sửa hoặc bỏ các biến này rồi chạy lại.",
            remedy_en="correct or unset them and start again.",
        ) from error
