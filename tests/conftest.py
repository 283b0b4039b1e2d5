"""Fixtures for all tests: a private copy of the data, the running app, and a browser that keeps a record."""

from __future__ import annotations

import http.client
import importlib.util
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import hypothesis
import pytest

from qn_geo.settings import settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

    from playwright.sync_api import Browser, BrowserContext, Page

hypothesis.settings.register_profile("qn-geo", deadline=None)  # how long things take is the bench's business
hypothesis.settings.load_profile("qn-geo")

ROOT = Path(__file__).resolve().parents[1]
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
PHONE = {  # a touch screen that says what it is: the layer panel begins folded, and fingers tap
    "viewport": {"width": 390, "height": 844},
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Mobile Safari/537.36",
}
START_SECONDS = 90
LOCAL_HOSTS = {"127.0.0.1", "localhost", "::1", ""}  # blob: and data: addresses have no host


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what drives a browser, and let the quick tests speak first."""
    for item in items:
        if "browser" in item.path.relative_to(ROOT / "tests").parts:
            item.add_marker("browser")
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository."""
    return ROOT


@pytest.fixture
def data_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of data/ that the product reads and writes instead of the real one."""
    folder = tmp_path / "data"
    shutil.copytree(ROOT / "data", folder, ignore=shutil.ignore_patterns(".history"))
    monkeypatch.setenv("QN_GEO_DATA_DIR", str(folder))
    monkeypatch.delenv("QN_GEO_STORE_DIR", raising=False)
    settings.cache_clear()
    yield folder
    settings.cache_clear()


def free_port() -> int:
    """A TCP port nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def healthy(port: int) -> bool:
    """Whether the app answers on this port."""
    connection = http.client.HTTPConnection("localhost", port, timeout=2)
    try:
        connection.request("GET", "/_stcore/health")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


@contextmanager
def serving(log: Path, port: int = 0, **environment: str) -> Iterator[str]:
    """The app in a process of its own, under `python -m qn_geo serve`; yields its address."""
    port = port or free_port()
    command = [sys.executable, "-m", "qn_geo", "serve", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=subprocess.STDOUT
        )
        url = f"http://localhost:{port}"
        try:
            deadline = time.monotonic() + START_SECONDS
            while not healthy(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    pytest.fail(
                        f"The app did not start: {' '.join(command)}\n{log.read_text(errors='replace')[-4000:]}"
                    )
                time.sleep(0.1)
            yield url
        finally:
            process.terminate()
            process.wait(timeout=20)


@pytest.fixture(scope="session")
def app_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the app over the repository's own data, one for all tests."""
    folder = tmp_path_factory.mktemp("server")
    own = {"QN_GEO_REVIEW_DIR": str(folder / "reviews"), "QN_GEO_STORY_DIR": str(folder / "stories")}
    with serving(folder / "app.log", **own) as url:
        yield url


@pytest.fixture
def serve_copy(data_copy: Path, tmp_path: Path) -> Callable[[], Any]:
    """Start another app over `data_copy` once the test has spoiled it: `with serve_copy() as url`."""
    return lambda: serving(
        tmp_path / "app.log",
        QN_GEO_DATA_DIR=str(data_copy),
        QN_GEO_REVIEW_DIR=str(tmp_path / "reviews"),
        QN_GEO_STORY_DIR=str(tmp_path / "stories"),
    )


def _browser_script() -> ModuleType:
    """scripts/browser.py, which finds the browser for the set-up and for us alike."""
    spec = importlib.util.spec_from_file_location("browser_script", ROOT / "scripts/browser.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium or Chrome of this machine, without a window. No browser is a failure, never a skip."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only browser tests pay for it

    script = _browser_script()
    executable = script.find()
    if executable is None:
        pytest.fail(script.REMEDY, pytrace=False)
    with sync_playwright() as playwright:
        instance = playwright.chromium.launch(executable_path=executable, args=script.launch_arguments())
        yield instance
        instance.close()


@dataclass
class Traffic:
    """What a page asked for and complained about while a test used it."""

    requests: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    def forgive(self) -> None:
        """Forget what was recorded: the test provoked it."""
        for record in (self.requests, self.failures, self.console):
            record.clear()

    def outside(self) -> list[str]:
        """Requests that left this machine."""
        return [url for url in self.requests if urlsplit(url).hostname not in LOCAL_HOSTS | {None}]

    def problems(self) -> list[str]:
        """Everything a well-behaved page has none of."""
        return [f"left the machine: {url}" for url in self.outside()] + self.failures + self.console

    def watch(self, page: Page) -> None:
        """Record a page from now on."""
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("requestfailed", self._failed)
        page.on("response", self._answered)
        page.on("pageerror", lambda error: self.console.append(f"script error: {error}"))
        page.on("console", self._said)

    def _failed(self, request: Any) -> None:
        # Leaving a page cancels what it was still loading; that is no failure.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.failures.append(f"failed: {request.url} ({request.failure})")

    def _answered(self, response: Any) -> None:
        # On a page's own address Streamlit first looks for its server below that address, then at the root.
        probing = urlsplit(response.url).path.count("/") > 2 and "/_stcore/" in response.url
        if response.status >= 400 and not probing:
            self.failures.append(f"answered {response.status}: {response.url}")

    def _said(self, message: Any) -> None:
        if message.type == "error" and "/_stcore/" not in message.location.get("url", ""):
            self.console.append(f"console: {message.text}")


@pytest.fixture(scope="session")
def profile(browser: Browser) -> Iterator[Callable[[dict[str, Any]], BrowserContext]]:
    """A browser profile for a device, kept for all tests: pages load from its cache, as they do for a reader."""
    kept: dict[str, BrowserContext] = {}

    def kept_profile(device: dict[str, Any]) -> BrowserContext:
        name = str(device)
        if name not in kept:
            kept[name] = browser.new_context(**device, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh")
            kept[name].set_default_timeout(30_000)
        return kept[name]

    yield kept_profile
    for context in kept.values():
        context.close()


@pytest.fixture
def device() -> dict[str, Any]:
    """What the page is opened on; parametrize with DESKTOP and PHONE to change it."""
    return DESKTOP


@pytest.fixture
def lang() -> str:
    """Language of the page; parametrize with "vi" and "en" to change it."""
    return "vi"


@pytest.fixture
def traffic() -> Traffic:
    """The record of this test's page. A test that provokes an error clears it at its end."""
    return Traffic()


@pytest.fixture
def page(
    profile: Callable[[dict[str, Any]], BrowserContext],
    device: dict[str, Any],
    traffic: Traffic,
    request: pytest.FixtureRequest,
) -> Iterator[Page]:
    """An empty page of its own. Fails the test that left errors or requests to the outside."""
    tab = profile(device).new_page()
    traffic.watch(tab)
    yield tab
    if request.node.stash.get(FAILED, False):
        folder = ROOT / "test-results"
        folder.mkdir(exist_ok=True)
        tab.screenshot(path=folder / f"{request.node.name.replace('/', '_')[:100]}.png")
    tab.close()
    assert traffic.problems() == []


FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Tell the page fixture that its test failed, so that it keeps a picture."""
    report = yield
    if report.when == "call":
        item.stash[FAILED] = report.failed
    return report
