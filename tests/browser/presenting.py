"""What the tests of a presentation share: its window, the number on the slide, and a wall against the network."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from tests.browser.helpers import map_frame, settled, wait_still
from tests.conftest import LOCAL_HOSTS

if TYPE_CHECKING:
    from playwright.sync_api import Frame, Page, Route

STORY = "hop-12-10-2021"
AREAS = "bon-vung-dong-luc"  # its scenes have zones
HALL = {"viewport": {"width": 1920, "height": 1080}}


def stay_at_home(route: Route) -> None:
    """Let nothing out but what goes to this machine; the page fixture fails on any attempt."""
    if urlsplit(route.request.url).hostname in LOCAL_HOSTS | {None}:
        route.continue_()
    else:
        route.abort()


def open_show(page: Page, address: str) -> Frame:
    """Open the audience's window without a network; its frame comes back, marked so that another would be noticed."""
    page.route("**/*", stay_at_home)
    page.goto(address)
    page.wait_for_selector(".qn-headline")
    frame = map_frame(page)
    settled(page)
    wait_still(frame)
    frame.evaluate("window.sameFrame = true")
    return frame


def number(page: Page) -> int:
    """Number of the scene on the slide, or in the presenter's window."""
    told = page.text_content(".qn-number b, .qn-now h2")
    return int(told.split("·")[-1].split("/")[0])


def wait_number(page: Page, wanted: int) -> None:
    """Wait until a scene of this number is drawn."""
    page.wait_for_function(
        "(n) => document.querySelector('.qn-number b, .qn-now h2')?.textContent.match(/(\\d+)(?=\\/|$)/)?.[1] === n",
        arg=str(wanted),
    )
    settled(page)


def flag(page: Page, name: str) -> bool:
    """Whether the page's script has raised a flag, such as `qnBlack`."""
    return page.evaluate("(name) => name in document.documentElement.dataset", name)
