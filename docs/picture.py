"""Takes the picture of the river that the README shows, docs/river.webp, from the demo in Chromium: `uv run python docs/picture.py`."""

from __future__ import annotations

import base64
import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURE = Path(__file__).parent / "river.webp"
SIZE = {"width": 1080, "height": 760}
LARGEST = 150_000
"""Bytes."""


def take(address: str) -> bytes:
    """The river at ``address`` on a screen of twice the density."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_context(viewport=SIZE, device_scale_factor=2, locale="en-GB").new_page()  # type: ignore[arg-type]
        page.goto(address)
        page.evaluate("document.querySelectorAll('.original').forEach(link => link.remove())")  # they lead to this machine
        shot = page.context.new_cdp_session(page).send("Page.captureScreenshot", {"format": "webp", "quality": 72})
        browser.close()
    return base64.b64decode(shot["data"])


def wait(address: str) -> None:
    """Until the demo has read its campus."""
    until = time.monotonic() + 90
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/feeds/all.json", timeout=5) as answer:
                if len(json.load(answer)["items"]) >= 39:
                    return
        except OSError:
            pass
        time.sleep(0.3)
    sys.exit("the demo has not read its campus within 90 seconds")


def main() -> None:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        port = sock.getsockname()[1]
    demo = subprocess.Popen(
        [sys.executable, "-m", "aggregator", "demo", "--port", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        wait(f"http://127.0.0.1:{port}")
        picture = take(f"http://127.0.0.1:{port}/")
    finally:
        demo.terminate()
        demo.wait(30)
    if len(picture) > LARGEST:
        sys.exit(f"the picture has {len(picture):,} bytes; {LARGEST:,} are the most")
    PICTURE.write_bytes(picture)
    sys.stdout.write(f"{PICTURE.name}: {len(picture):,} bytes\n")


if __name__ == "__main__":
    main()
