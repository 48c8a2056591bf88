"""A subscriber of the built-in hub, with a real daemon: asked, told within seconds, told again after the daemon was killed."""

from __future__ import annotations

import hmac
import re
import signal
import urllib.request
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

TOPIC = "https://wire.example.org/feeds/all.rss"


class Subscriber:
    def __init__(self) -> None:
        self.told: list[list[str]] = []
        self.signatures: list[bool] = []
        subscriber = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                challenge = parse_qs(urlsplit(self.path).query)["hub.challenge"][0].encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(challenge)))
                self.end_headers()
                self.wfile.write(challenge)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                signed = f"sha256={hmac.new(b'secret', body, 'sha256').hexdigest()}"
                subscriber.signatures.append(self.headers["X-Hub-Signature"] == signed)
                subscriber.told.append(re.findall(r"<item><title>(.*?)</title>", body.decode()))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.callback = f"http://127.0.0.1:{self.server.server_port}/news"
        Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def titles(self) -> set[str]:
        return {title for told in self.told for title in told}


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    made = Subscriber()
    yield made
    made.server.shutdown()
    made.server.server_close()


def test_news_arrive_by_themselves_and_after_the_daemon_was_killed(office, site, subscriber):
    office.settings(site={"url": "https://wire.example.org"})
    office.university("north", site.feed("/feed.xml", range(1, 3)))
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 2, "the first items are served")
    body = daemon.get("/feeds/all.rss")[1].decode()
    assert 'href="https://wire.example.org/hub" rel="hub"' in body

    form = {"hub.mode": "subscribe", "hub.callback": subscriber.callback, "hub.topic": TOPIC, "hub.secret": "secret"}
    with urllib.request.urlopen(f"{daemon.url}/hub", urlencode(form).encode(), timeout=30) as answer:
        assert answer.status == 202
    daemon.eventually(lambda: "a subscriber came" in daemon.log, "the subscription is confirmed")

    site.feed("/feed.xml", range(1, 4))
    daemon.eventually(lambda: "north story 3" in subscriber.titles, "the new item arrives")
    daemon.process.send_signal(signal.SIGKILL)
    daemon.process.wait(30)

    site.feed("/feed.xml", range(1, 5))
    again = office.daemon()
    again.eventually(lambda: "north story 4" in subscriber.titles, "the item that came after it was killed arrives")

    assert subscriber.titles == {"north story 3", "north story 4"}
    assert all(subscriber.signatures)
