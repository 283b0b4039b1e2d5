"""Make the README's pictures from the running app.

python scripts/screenshots.py            serves the app itself
python scripts/screenshots.py --url URL  uses an app that is running already
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import browser
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "images"
PORT = 8599
START_SECONDS = 90
# What the last tiles of a drawing, a flight of the map and fading labels take; a picture has no other sign of rest.
REST_MS = 2500


@dataclass(frozen=True)
class Picture:
    """One picture: file name, address, window size, and pixels for each point of the screen."""

    name: str
    address: str
    width: int
    height: int
    scale: float = 1.0


PICTURES = (
    Picture("overview", "/?lang=en", 1440, 900),
    Picture("area", "/quang-yen?zone=kcn-song-khoai&lang=en", 1440, 900),
    Picture("phone", "/van-don?lang=en", 390, 844, 2.0),
    Picture("overview.vi", "/", 1440, 900),
    Picture("area.vi", "/quang-yen?zone=kcn-song-khoai", 1440, 900),
    Picture("phone.vi", "/van-don", 390, 844, 2.0),
)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:  # noqa: S310 - our own server
            return answer.status == 200  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def served(url: str | None) -> Iterator[str]:
    """Yield the address of a running app, starting one where none is given."""
    if url:
        yield url.rstrip("/")
        return
    own = f"http://localhost:{PORT}"
    process = subprocess.Popen([sys.executable, "-m", "qn_geo", "serve", "--port", str(PORT)], cwd=ROOT)
    try:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(own):
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit("The app did not start.")
            time.sleep(0.2)
        yield own
    finally:
        process.terminate()
        process.wait(timeout=20)


def take(instance: Browser, url: str, picture: Picture) -> Path:
    """Open an address, wait until map and charts are drawn, and save what the window shows."""
    size = {"width": picture.width, "height": picture.height}
    context = instance.new_context(viewport=size, device_scale_factor=picture.scale)
    page = context.new_page()
    page.goto(url + picture.address)
    page.wait_for_selector(".st-key-map iframe")
    page.wait_for_selector(".js-plotly-plot")
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']")
    page.wait_for_timeout(REST_MS)
    out = FOLDER / f"{picture.name}.png"
    page.screenshot(path=out)
    context.close()
    return out


def main() -> None:
    """Make every picture, or the ones named."""
    parser = argparse.ArgumentParser(description="Make the README's pictures.")
    parser.add_argument("--url", help="address of an app that is running already")
    parser.add_argument("names", nargs="*", help="pictures to make; all by default")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    executable = browser.find()
    if executable is None:
        sys.exit(browser.REMEDY)
    with served(options.url) as url, sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=executable, args=browser.launch_arguments())
        for picture in PICTURES:
            if not options.names or picture.name in options.names:
                print(take(instance, url, picture).relative_to(ROOT))
        instance.close()


if __name__ == "__main__":
    main()
