"""A daemon and a hub, each a server of its own on loopback: what the hub pushes is in the published feed within seconds, though no poll is due for hours."""

from __future__ import annotations

import hashlib
import hmac
import json
import signal
import socket
import sqlite3
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode

import pytest

SOON = 12.0
"""Seconds within which a push is an item, on a busy machine."""


@dataclass
class Hub:
    """A WebSub hub: takes subscriptions, verifies them, and distributes (§5, §7). What it answers to requests can be changed."""

    url: str = ""
    status: int = 202
    lease: int = 864_000
    verifies: bool = True
    asked: list[dict[str, str]] = field(default_factory=list)
    echoes: list[bool] = field(default_factory=list)
    """Of each verification, whether the subscriber confirmed."""
    subscribers: dict[str, dict[str, str]] = field(default_factory=dict)
    """Callback → what was asked."""

    def take(self, form: dict[str, str]) -> int:
        self.asked.append(form)
        if self.status == 202 and self.verifies:
            threading.Thread(target=self.verify, args=(form,), daemon=True).start()
        return self.status

    def verify(self, form: dict[str, str], challenge: str = "3f8c & <>") -> bool:
        question = {
            "hub.mode": form["hub.mode"],
            "hub.topic": form["hub.topic"],
            "hub.challenge": challenge,
            "hub.lease_seconds": str(self.lease),
        }
        status, body = _call(f"{form['hub.callback']}?{urlencode(question)}")
        confirmed = status == 200 and body == challenge.encode()
        if confirmed and form["hub.mode"] == "subscribe":
            self.subscribers[form["hub.callback"]] = form
        elif confirmed:
            self.subscribers.pop(form["hub.callback"], None)
        self.echoes.append(confirmed)
        return confirmed

    def deny(self, form: dict[str, str]) -> int:
        question = {"hub.mode": "denied", "hub.topic": form["hub.topic"], "hub.reason": "no universities here"}
        return _call(f"{form['hub.callback']}?{urlencode(question)}")[0]

    def publish(self, body: bytes, *, method: str = "sha256", secret: str | None = None) -> list[int]:
        """What subscribers answer. ``secret`` replaces the right one."""
        answers = []
        for callback, form in list(self.subscribers.items()):
            key = (secret or form["hub.secret"]).encode()
            stated = f"{method}={hmac.new(key, body, getattr(hashlib, method)).hexdigest()}"
            answers.append(_call(callback, body, {"Content-Type": "application/rss+xml", "X-Hub-Signature": stated})[0])
        return answers


def _call(url: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers or {}), timeout=20) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


@pytest.fixture
def hub() -> Iterator[Hub]:
    hub = Hub()

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            self.send_response(hub.take({name: values[0] for name, values in form.items()}))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """``Hub.asked`` tells."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Door) as server:
        hub.url = f"http://127.0.0.1:{server.server_address[1]}/"
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        yield hub
        server.shutdown()
        thread.join()


@dataclass
class News:
    """A feed that names a hub, and what stands in it."""

    site: Any
    hub: Hub
    last: int = 3
    in_header: bool = False

    def __post_init__(self) -> None:
        self.url = self.site.does("/feed.xml", self._answer)

    def body(self) -> bytes:
        items = "".join(
            f"<item><title>story {number}</title><link>{self.site.url}/{number}</link><description>What happened, part {number}.</description></item>"
            for number in range(self.last, 0, -1)
        )
        links = "" if self.in_header else f'<a:link rel="hub" href="{self.hub.url}"/><a:link rel="self" href="{self.url}"/>'
        return (
            f'<rss version="2.0" xmlns:a="http://www.w3.org/2005/Atom"><channel><title>North</title>{links}{items}</channel></rss>'.encode()
        )

    def _answer(self, visit: Any) -> None:
        body = self.body()
        more = {"Link": f'<{self.hub.url}>; rel="hub", <{self.url}>; rel="self"'} if self.in_header else {}
        visit.head("application/rss+xml", len(body), **more)
        visit.wfile.write(body)


@pytest.fixture
def news(site: Any, hub: Hub) -> News:
    return News(site, hub)


@pytest.fixture
def settle(office: Any) -> Callable[..., None]:
    """A public address for the daemon; polls are hours apart."""

    def settled(**poll: Any) -> None:
        with socket.socket() as door:
            door.bind(("127.0.0.1", 0))
            port = door.getsockname()[1]
        office.settings(poll={"every": "6h", "at_least": "6h"} | poll, port=port, site={"url": f"http://127.0.0.1:{port}"})

    return settled


@pytest.fixture
def subscribed(office: Any, settle: Callable[..., None], news: News, hub: Hub) -> Any:
    """A daemon that has subscribed to the feed."""
    settle()
    office.university("north", news.url)
    daemon = office.daemon()
    daemon.eventually(lambda: hub.subscribers and b"Pushed by" in daemon.get("/status")[1], "the hub has a subscriber")
    return daemon


def test_what_a_hub_pushes_is_in_the_feed_within_seconds(subscribed, office, news, hub):
    assert len(subscribed.feed()) == 3
    assert f"pushed by {hub.url} until" in office.run("status").stdout
    assert b"Pushed by" in subscribed.get("/status")[1]

    news.last = 4
    assert hub.publish(news.body()) == [202]

    subscribed.eventually(lambda: "story 4" in subscribed.titles(), "the pushed item is served", SOON)
    assert sorted(subscribed.titles()) == ["story 1", "story 2", "story 3", "story 4"]
    (source,) = office.status()["sources"]
    assert source["push"]["pushed"] is not None


def test_a_hub_that_only_the_link_header_names_pushes_as_well(office, settle, news, hub):
    news.in_header = True
    settle()
    office.university("north", news.url)
    daemon = office.daemon()
    daemon.eventually(lambda: hub.subscribers, "the hub has a subscriber")

    news.last = 4
    hub.publish(news.body(), method="sha512")

    daemon.eventually(lambda: "story 4" in daemon.titles(), "the pushed item is served", SOON)


def test_what_is_signed_wrongly_or_sent_elsewhere_is_ignored_and_a_lying_hub_puts_no_word_into_the_feed(subscribed, office, news, hub):
    visits = news.site.visits("/feed.xml")
    (callback,) = hub.subscribers
    forged = news.body().replace(b"story 3", b"a lie")

    assert hub.publish(forged, secret="guess") == [202]
    assert _call(callback, forged)[0] == 202
    assert _call(f"{callback}x", forged)[0] == 404
    time.sleep(3)
    assert news.site.visits("/feed.xml") == visits

    hub.publish(forged)  # rightly signed: we look, at the source
    subscribed.eventually(lambda: news.site.visits("/feed.xml") > visits, "the source was asked", SOON)
    time.sleep(1)
    assert sorted(subscribed.titles()) == ["story 1", "story 2", "story 3"]
    assert subscribed.log.count("wrong signature") == 1


def test_after_a_restart_pushes_still_arrive(subscribed, office, news, hub):
    assert subscribed.stop() == 0
    again = office.daemon()
    news.last = 4

    assert hub.publish(news.body()) == [202]

    again.eventually(lambda: "story 4" in again.titles(), "the pushed item is served", SOON)
    assert len(hub.asked) == 1


def test_a_hub_that_denies_is_not_asked_again_not_even_after_a_restart(office, settle, news, hub):
    hub.verifies = False
    settle()
    office.university("north", news.url)
    daemon = office.daemon()
    daemon.eventually(lambda: hub.asked, "the hub was asked")
    assert hub.deny(hub.asked[0]) == 200
    assert hub.verify(hub.asked[0]) is False
    assert f"{hub.url} refuses to push" in office.run("status").stdout
    daemon.stop()

    office.daemon()
    time.sleep(4)

    assert len(hub.asked) == 1


def test_a_hub_that_fails_or_forgets_to_verify_harms_nothing(office, settle, news, hub):
    hub.status = 500
    settle(every="1s", at_least="1s")
    office.university("north", news.url)
    daemon = office.daemon()
    daemon.eventually(lambda: hub.asked, "the hub was asked")
    news.last = 4

    daemon.eventually(lambda: "story 4" in daemon.titles(), "polls go on")

    time.sleep(4)
    assert len(hub.asked) == 1
    assert "was asked to push" in office.run("status").stdout


def test_nobody_can_have_us_confirm_what_we_did_not_ask(subscribed, hub):
    (form,) = hub.asked

    assert hub.verify({**form, "hub.topic": "https://victim.example/feed"}) is False
    assert hub.verify({**form, "hub.callback": f"{subscribed.url}/websub/guess"}) is False
    assert hub.verify({**form, "hub.mode": "unsubscribe"}) is False


def test_a_source_that_leaves_the_configuration_is_unsubscribed(subscribed, office, news, hub):
    office.university("north", news.site.feed("/other.xml", range(1, 3)))
    subscribed.signal(signal.SIGHUP)

    subscribed.eventually(lambda: not hub.subscribers, "the hub has no subscriber")
    assert [form["hub.mode"] for form in hub.asked] == ["subscribe", "unsubscribe"]
    assert hub.echoes == [True, True]


def test_a_short_lease_is_renewed_by_a_daemon_that_was_away(subscribed, office, hub):
    subscribed.stop()
    _lapse(office)

    office.daemon().eventually(lambda: len(hub.asked) == 2, "the hub was asked again")

    assert [form["hub.callback"] for form in hub.asked] == [hub.asked[0]["hub.callback"]] * 2


def _lapse(office: Any) -> None:
    """Eight of ten days of the lease have passed."""
    eight = 8 * 86_400 * 1_000_000
    with closing(sqlite3.connect(office.database)) as database, database:
        database.execute("update subscriptions set asked = asked - ?, until = until - ?", (eight, eight))


def test_off_means_off(office, settle, news, hub):
    settle(websub=False)
    office.university("north", news.url)
    daemon = office.daemon()
    daemon.eventually(lambda: len(daemon.feed()) == 3, "the feed was read")

    time.sleep(4)

    assert hub.asked == []
    assert json.loads(office.run("status", "--json").stdout)["sources"][0]["push"] is None
