"""Make the README's pictures from the running app, which this serves itself: all, or those named."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import browser
import geopandas as gpd
import shapely.affinity
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Playwright

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
    Picture("review", "/ra-soat?case={case}&pick=finding:0&lang=en", 1440, 900),
    Picture("overview.vi", "/", 1440, 900),
    Picture("area.vi", "/quang-yen?zone=kcn-song-khoai", 1440, 900),
    Picture("phone.vi", "/van-don", 390, 844, 2.0),
    Picture("review.vi", "/ra-soat?case={case}&pick=finding:0", 1440, 900),
)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/_stcore/health", timeout=2) as answer:  # noqa: S310 - our own server
            return answer.status == 200  # noqa: PLR2004
    except (urllib.error.URLError, OSError):
        return False


def submission(folder: Path) -> str:
    """Receive and check demo plots in which two overlap, in a review folder of their own; return the id."""
    os.environ["QN_GEO_REVIEW_DIR"] = str(folder / "reviews")  # read at the first use of the settings
    sys.path.insert(0, str(ROOT))
    from qn_geo import dossier, layers  # noqa: PLC0415 - only now
    from qn_geo.crs import project  # noqa: PLC0415
    from qn_geo.decisions import Identity  # noqa: PLC0415

    plots = layers.layer("plots").query("zone_id == 'kcn-song-khoai'").head(90)
    shapes = project(plots.geometry.to_numpy())
    shapes[3] = shapely.affinity.translate(shapes[3], 6, 4)
    columns = {"SoTo": plots["sheet"], "SoThua": plots["parcel"], "LoaiDat": plots["use_code"]}
    frame = gpd.GeoDataFrame(columns | {"DienTich": plots["area_m2"]}, geometry=shapes, crs=5899)
    path = folder / "song-khoai-dot-1.gpkg"
    frame.to_file(path)
    case = dossier.receive(path, Identity("Trần Thị Lan", verified=False), "kcn-song-khoai")
    dossier.place(case.id)
    dossier.check(case.id)
    return case.id


@contextmanager
def served() -> Iterator[str]:
    """Yield the address of an app of our own."""
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


def take(instance: Browser, url: str, case: str, picture: Picture) -> Path:
    """Open an address, wait until map and charts are drawn, and save what the window shows."""
    size = {"width": picture.width, "height": picture.height}
    context = instance.new_context(viewport=size, device_scale_factor=picture.scale)
    page = context.new_page()
    page.goto(url + picture.address.format(case=case))
    page.wait_for_selector(".st-key-map iframe")
    page.wait_for_selector(".js-plotly-plot, .st-key-listing table")
    page.wait_for_selector("[data-testid='stApp'][data-test-script-state='notRunning']")
    page.wait_for_timeout(REST_MS)
    out = FOLDER / f"{picture.name}.png"
    page.screenshot(path=out)
    context.close()
    return out


def main() -> None:
    """Make every picture, or the ones named."""
    parser = argparse.ArgumentParser(description="Make the README's pictures.")
    parser.add_argument("names", nargs="*", help="pictures to make; all by default")
    options = parser.parse_args()
    FOLDER.mkdir(parents=True, exist_ok=True)
    executable = browser.find()
    if executable is None:
        sys.exit(browser.REMEDY)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        case = submission(Path(folder))
        with served() as url:
            _take_all(playwright, url, case, options.names, executable)


def _take_all(playwright: Playwright, url: str, case: str, names: list[str], executable: str) -> None:
    instance = playwright.chromium.launch(executable_path=executable, args=browser.launch_arguments())
    for picture in PICTURES:
        if not names or picture.name in names:
            print(take(instance, url, case, picture).relative_to(ROOT))
    instance.close()


if __name__ == "__main__":
    main()
