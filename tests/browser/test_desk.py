"""An operator at the desk, in Chromium: a daemon of its own, and a university on loopback."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

TOKEN = "correct-horse-battery"
TITLES = ("A bridge of ice opens on the river", "Robots learn to skate in winter", "Choir of the university sings abroad")


class Campus(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        rows = "".join(f"<li><a href='/news/{n}.html'>{title}</a> <time>2026-02-{20 - n}</time></li>" for n, title in enumerate(TITLES))
        page = {"/": "<h1>South</h1><a href='/news/'>News</a>", "/news/": f"<h1>News</h1><ul class='news'>{rows}</ul>"}.get(self.path)
        body = f"<html><head><title>South University</title></head><body>{page}</body></html>".encode()
        self.send_response(200 if page else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def campus() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Campus) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("desk")
    (folder / "universities").mkdir()
    (folder / "aggregator.yaml").write_text(
        f"# Ours.\ndatabase: sqlite:///{folder}/wire.db\nfetch: {{allow_private: true, host_gap: 0}}\npoll: {{pages: 0}}\ndesk: {{token: {TOKEN}}}\n"
    )
    return folder


@pytest.fixture(scope="module")
def office(folder: Path) -> Iterator[str]:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("AGGREGATOR_")}
    command = [sys.executable, "-m", "aggregator", "run", "--config", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=clean | {"AGGREGATOR_PORT": str(port)})
    address = f"http://127.0.0.1:{port}"
    try:
        _until(lambda: urllib.request.urlopen(f"{address}/readyz", timeout=5).status == 200, 60)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _until(true: Any, seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            if true():
                return
        except OSError:
            pass
        time.sleep(0.2)
    pytest.fail(f"not so within {seconds} seconds")


@pytest.fixture
def desk(chromium: Browser, office: str) -> Iterator[Page]:
    """The desk, after the token was given."""
    with closing(chromium.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})) as context:
        context.set_default_timeout(20_000)
        page = context.new_page()
        page.goto(f"{office}/status")
        page.get_by_role("link", name="Change sources at the desk").click()
        page.get_by_label("Token").fill(TOKEN)
        page.get_by_role("button", name="Enter").click()
        page.get_by_role("button", name="Find its news").wait_for()
        yield page


def test_a_university_is_added_paused_and_resumed_by_clicks(desk: Page, office: str, campus: str, folder: Path) -> None:
    desk.get_by_label("Address of a university").fill(campus)
    desk.get_by_role("button", name="Find its news").click()
    assert desk.locator(".titles li").all_text_contents() == list(TITLES)
    desk.get_by_label("Id of the university").fill("south")
    desk.get_by_label("Name of the university").fill("South <University>")
    desk.get_by_role("button", name="Add it").click()

    file = folder / "universities" / "south.yaml"
    assert "Added" in desk.get_by_role("status").first.inner_text()
    assert f"url: {campus}/news/" in file.read_text()
    _until(lambda: TITLES[0] in urllib.request.urlopen(f"{office}/feeds/everything.rss").read().decode(), 60)
    desk.goto(f"{office}/desk/")
    desk.get_by_role("button", name="Pause").click()
    assert "paused: true" in file.read_text()
    _until(lambda: desk.goto(f"{office}/desk/") and desk.get_by_role("button", name="Resume").count() == 1, 30)
    desk.get_by_role("button", name="Resume").click()
    assert "paused" not in file.read_text()
    _until(lambda: desk.goto(f"{office}/desk/?lang=ru") and desk.get_by_role("button", name="Опросить сейчас").count() == 1, 30)
    desk.get_by_role("button", name="Опросить сейчас").click()
    assert "lang=ru" in desk.url
    assert "следующим" in desk.get_by_role("status").first.inner_text()


def test_the_cookie_is_seen_by_the_desk_alone_and_leaving_ends_it(desk: Page, office: str) -> None:
    (cookie,) = desk.context.cookies(f"{office}/desk/")

    assert (cookie["httpOnly"], cookie["sameSite"], cookie["path"]) == (True, "Strict", "/desk")
    assert desk.context.cookies(f"{office}/status") == []
    assert desk.evaluate("document.cookie") == ""
    desk.get_by_role("button", name="Leave the desk").click()
    desk.get_by_label("Token").wait_for()


def test_a_form_on_another_site_does_nothing(desk: Page, office: str, campus: str, folder: Path) -> None:
    """``localhost`` is another site than ``127.0.0.1``; the browser brings no cookie along."""
    before = {file: file.read_text() for file in (folder / "universities").iterdir()}
    desk.goto(campus.replace("127.0.0.1", "localhost"))
    desk.evaluate(
        f"""() => {{ const form = document.createElement("form"); form.method = "post"; form.action = "{office}/desk/sources";
        form.innerHTML = "<input name=do value=pause><input name=source value=x>"; document.body.append(form); form.submit(); }}"""
    )

    desk.get_by_label("Token").wait_for()
    assert {file: file.read_text() for file in (folder / "universities").iterdir()} == before


@pytest.mark.parametrize("width", [390, 1280])
def test_the_desk_fits_its_window(desk: Page, office: str, width: int) -> None:
    desk.set_viewport_size({"width": width, "height": 900})
    desk.goto(f"{office}/desk/?sort=-articles")

    assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_desk_can_be_used_by_everybody(desk: Page, axe: str) -> None:
    desk.evaluate("source => { (0, eval)(source) }", axe)
    found = desk.evaluate("axe.run(document, { resultTypes: ['violations'] })")

    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found["violations"]] == []
