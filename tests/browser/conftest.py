"""Opening pages of the app in the language of the test."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.helpers import open_page
from tests.browser.presenting import STORY, open_show

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Frame, Page


@pytest.fixture
def address(app_server: str, lang: str) -> Callable[[str], str]:
    """Make the whole address of `/quang-yen?zone=kcn-song-khoai` or the like, in the language of the test."""
    return lambda path: f"{app_server}{path}{'&' if '?' in path else '?'}lang={lang}"


@pytest.fixture
def visit(page: Page, address: Callable[[str], str]) -> Callable[[str], Frame]:
    """Open a page that has a map; the map's frame comes back once map, charts and tables are drawn."""
    return lambda path: open_page(page, address(path))


@pytest.fixture
def present(page: Page, app_server: str) -> Callable[..., Frame]:
    """Open a story in the audience's window, without a network: `present(story, scene=3)`."""

    def opened(story: str = STORY, **query: object) -> Frame:
        more = "".join(f"&{key}={value}" for key, value in query.items())
        return open_show(page, f"{app_server}/trinh-chieu?story={story}&mode=show{more}")

    return opened
