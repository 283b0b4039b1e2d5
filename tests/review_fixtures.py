"""A review folder of its own, and a submission in it; modules load the fixtures with `pytest_plugins`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qn_geo import decisions
from qn_geo.settings import settings
from tests.small_reviews import package, submitted

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def reviews(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of reviews, with its own database."""
    monkeypatch.setenv("QN_GEO_REVIEW_DIR", str(tmp_path / "reviews"))
    monkeypatch.delenv("QN_GEO_DATABASE_URL", raising=False)
    settings.cache_clear()
    yield settings().review_dir
    decisions.store().close()
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def placed(tmp_path: Path, reviews: Path) -> str:  # noqa: ARG001 - it lies there
    """Id of a submission with one wrong area and two plots of one number, its plots read."""
    return submitted(package(tmp_path / "lô.gpkg", areas=[(5, 9_000)], parcels=[(2, "2")]))
