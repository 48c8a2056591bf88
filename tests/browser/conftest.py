"""A real browser on the demo: `aggregator demo` is started once, and Chromium looks at it. Skips by name what this machine lacks."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page, Request

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_ARTICLES = 35
"""As many as the campus tells of before long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Not longer than a module: as long as it lives, its event loop counts as running, and no test beside it could run one."""
    play_with = pytest.importorskip("playwright.sync_api", reason="the Python package playwright is not installed").sync_playwright
    program = next(filter(None, map(shutil.which, _NAMES)), None)
    if program is None:
        pytest.skip("chromium is not installed")
    with play_with() as play:
        browser = play.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def wire() -> Iterator[str]:
    """The address of a running demo that has read its campus."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AGGREGATOR_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "aggregator", "demo", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=clean
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _until_read(address)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _until_read(address: str) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/feeds/all.json", timeout=5) as answer:
                if len(json.load(answer)["items"]) >= _ARTICLES:
                    return
        except OSError:
            pass
        time.sleep(0.2)
    pytest.fail("the demo has not read its campus within 90 seconds")


@pytest.fixture
def look(chromium: Browser, wire: str) -> Iterator[Callable[..., Page]]:
    """Opens a page as somebody would: ``look("/", width=390, color_scheme="dark", locale="zh-CN")``. What the console says is an error."""
    contexts: list[BrowserContext] = []
    said: list[str] = []

    def opened(path: str, *, width: int = 1440, expected: tuple[str, ...] = (), **options: Any) -> Page:
        context = chromium.new_context(viewport={"width": width, "height": 900}, **options)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: None if any(part in message.text for part in expected) else said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: None if _allowed(request, wire) else said.append(f"asked {request.url}"))
        page.goto(wire + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert said == []


def _allowed(request: Request, wire: str) -> bool:
    """Nothing is asked of others, but for the images in the text of an article."""
    return request.url.startswith((wire, "data:")) or (request.resource_type == "image" and "/articles/" in request.frame.url)


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    source = Path(os.environ.get("AGGREGATOR_TEST_NODE_MODULES", "node_modules")) / "axe-core/axe.min.js"
    if not source.is_file():
        pytest.skip("axe-core is not installed: npm install axe-core, and AGGREGATOR_TEST_NODE_MODULES names its node_modules")
    return source.read_text(encoding="utf-8")
