"""Small stories for tests: two scenes that use every field."""

from __future__ import annotations

import pytest

from qn_geo import stories
from qn_geo.settings import settings


def scene(headline="Sông Khoai: gần 3 tỷ USD", **fields):
    """A scene with only a headline, and what a test adds."""
    return stories.Scene(headline=headline, **fields)


def full_scene():
    """A scene in which every field is used."""
    return scene(
        area="quang-yen",
        zones=("kcn-song-khoai", "kcn-dong-mai"),
        plot="SK-001",
        pick="link:cao-toc-1",
        layers=("areas", "kcn"),
        statuses=("operating",),
        plots=("leased", "none"),
        opacity={"landuse": 0.5},
        year=2030,
        view=stories.Look(lon=106.81, lat=20.978, zoom=12.5),
        figures=("f0227", "kcn-song-khoai/occupancy_pct"),
        chart="targets",
        notes="Nói: 3 tỷ USD.\n\nNguồn: báo chí, 12/2025.",
    )


def story(*scenes, title="Họp tháng 12", lang="vi"):
    """A story of these scenes; of two when none are given."""
    return stories.Story(title=title, lang=lang, scenes=scenes or (full_scene(), scene("Kết luận")))


@pytest.fixture
def story_dir(tmp_path, monkeypatch):
    """An empty folder of stories that the product uses instead of the real one."""
    folder = tmp_path / "stories"
    monkeypatch.setenv("QN_GEO_STORY_DIR", str(folder))
    settings.cache_clear()
    yield folder
    settings.cache_clear()
