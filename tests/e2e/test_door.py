"""What strangers may send to the daemon's own web server: nobody is harmed by it, and feeds are served meanwhile."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from pathlib import Path

import pytest

MOST = 400_000
"""Bytes of an answer that are looked at."""


@pytest.fixture(scope="module")
def daemon(new_office, new_web, tmp_path_factory):
    office = new_office(tmp_path_factory.mktemp("door"))
    with new_web() as web:
        office.settings(poll={"every": "10m"})
        office.university("north", web.site().feed("/feed.xml", range(1, 30)))
        daemon = office.daemon()
        daemon.eventually(lambda: len(daemon.feed()) == 29, "the items are served")
        yield daemon
        assert daemon.stop() == 0
        office.end()


class Answer:
    def __init__(self, said: bytes) -> None:
        self.said = said
        self.head, _, self.body = said.partition(b"\r\n\r\n")
        self.status = int(self.head[9:12]) if said else None
        self.fields = dict(re.findall(rb"(?m)^([\w-]+): (.*?)\r?$", self.head.lower()))
        self.many = len(re.findall(rb"(?m)^HTTP/1\.1 \d{3} ", said))


def told(daemon, request: bytes) -> Answer:
    """All that the server says to these bytes until it closes the connection."""
    host, port = daemon.url.removeprefix("http://").split(":")
    said = b""
    with contextlib.suppress(ConnectionError), socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(request)
        while len(said) < MOST and (piece := connection.recv(65536)):
            said += piece
    return Answer(said)


def get(daemon, path: str, *fields: str) -> Answer:
    lines = [f"GET {path} HTTP/1.1", "Host: wire.example.edu", *fields, "Connection: close", "", ""]
    return told(daemon, "\r\n".join(lines).encode())


def is_well(daemon) -> bool:
    return daemon.get("/healthz")[0] == 200 and len(daemon.feed()) == 29


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/..%5capp.py",
        "/static/..%252fapp.py",
        "/static/%00style.css",
        "/static/style.css%00",
        "/static//etc/passwd",
        "//etc/passwd",
        "/feeds/..%2f..%2fdata%2faggregator.db",
        "/feeds/all.rss/../../data/aggregator.db",
        "/universities/%2e%2e",
        "/articles/%ff%fe%00",
        "/data/aggregator.db",
        "/config/aggregator.yaml",
        "/before/99999999T999999.999999Z-x",
    ],
)
def test_no_path_leads_out_of_the_site(daemon, path):
    answer = get(daemon, path)

    assert answer.status == 404
    assert b"SQLite format" not in answer.said
    assert b"root:" not in answer.said
    assert answer.fields[b"x-content-type-options"] == b"nosniff"


@pytest.mark.parametrize(
    "path",
    ["/%0d%0aX-Evil:%201", "/feeds/all.rss?a%0d%0aX-Evil:%201", "/search?q=a%0d%0aX-Evil:%201", "/search.rss?q=a%0d%0aX-Evil:%201"],
)
def test_no_address_becomes_a_header(daemon, path):
    answer = get(daemon, path)

    assert b"x-evil" not in answer.fields
    assert answer.many == 1


@pytest.mark.parametrize(
    "fields",
    [
        ("X-Forwarded-Host: evil.example", "X-Forwarded-Proto: https", "X-Forwarded-Prefix: /evil.example"),
        ("Forwarded: host=evil.example",),
        ("X-Original-URL: /status", "X-Rewrite-URL: /status", "X-HTTP-Method-Override: POST"),
    ],
)
@pytest.mark.parametrize("path", ["/", "/feeds/all.rss", "/opml.xml", "/search?q=story"])
def test_nothing_that_a_client_calls_us_gets_into_what_others_read(daemon, path, fields):
    usual = get(daemon, path)

    poisoned = told(daemon, f"GET {path} HTTP/1.1\r\nHost: evil.example\r\n{chr(10).join(fields)}\r\nConnection: close\r\n\r\n".encode())

    assert poisoned.status == 200
    assert b"evil.example" not in poisoned.said
    assert get(daemon, path).body == usual.body == poisoned.body


NEXT = b"GET /status HTTP/1.1\r\nHost: x\r\n\r\n"
CONTRADICTORY = {
    "two kinds of length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + NEXT,
    "two kinds of length, without need": b"GET / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n"
    + NEXT,
    "two lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde" + NEXT,
    "a list of lengths": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4, 5\r\n\r\nabcde" + NEXT,
    "a negative length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -4\r\n\r\n" + NEXT,
    "a signed length": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +4\r\n\r\nabcd" + NEXT,
    "a coding that nobody knows": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" + NEXT,
    "a space before the colon": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding : chunked\r\n\r\n0\r\n\r\n" + NEXT,
    "two hosts": b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n" + NEXT,
    "no host": b"GET / HTTP/1.1\r\n\r\n" + NEXT,
    "HTTP/0.9": b"GET /\r\n\r\n" + NEXT,
    "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500),
    "every byte": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("request_", CONTRADICTORY.values(), ids=CONTRADICTORY)
def test_what_can_be_understood_in_two_ways_is_refused_and_nothing_after_it_is_read(daemon, request_):
    answer = told(daemon, request_)

    assert answer.status == 400
    assert answer.many == 1


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "FOO", "get"])
def test_nothing_can_be_changed(daemon, method):
    answer = told(daemon, f"{method} /feeds/all.rss HTTP/1.1\r\nHost: x\r\nX-Secret: echo\r\nConnection: close\r\n\r\n".encode())

    assert answer.status == 405
    assert b"echo" not in answer.said
    assert b"GET, HEAD" in answer.head or b"get, head" in answer.head


def test_head_says_what_get_would_and_a_range_is_answered_whole(daemon):
    whole = get(daemon, "/feeds/all.rss")
    head = told(daemon, b"HEAD /feeds/all.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    ranges = get(daemon, "/feeds/all.rss", "Range: bytes=" + ",".join(f"{start}-" for start in range(900)))

    assert head.body == b""
    assert head.fields[b"content-length"] == whole.fields[b"content-length"] == str(len(whole.body)).encode()
    assert ranges.status == 200
    assert ranges.body == whole.body


HUGE = {
    "a field": ("/", "X: " + "a" * 1_000_000),
    "many fields": ("/", *(f"X-{number}: a" for number in range(60_000))),
    "an address": ("/" + "a" * 1_000_000,),
    "a question": ("/search?q=" + "a" * 100_000,),
    "a question of many words": ("/search?q=" + "a+" * 50_000,),
    "a question of many groups": ("/search?q=" + "(" * 50_000,),
    "a question for a feed": ("/search.rss?q=" + "%E6%96%B0%E9%97%BB+" * 5_000,),
    "many parameters": ("/feeds/all.rss?" + "a=b&" * 10_000,),
    "many validators": ("/feeds/all.rss", "If-None-Match: " + '"a",' * 15_000),
    "many codings": ("/feeds/all.rss", "Accept-Encoding: " + "gzip;q=0.5," * 5_000),
    "a date beyond all calendars": ("/feeds/all.rss", "If-Modified-Since: Fri, 99 Foo 99999999999999999999 99:99:99 GMT"),
}


@pytest.mark.parametrize("request_", HUGE.values(), ids=HUGE)
def test_what_is_huge_is_answered_or_refused_like_anything_else(daemon, request_):
    answer = get(daemon, *request_)

    assert answer.status in (None, 200, 304, 400, 404, 414, 431)  # None: the connection was reset before all of it was sent
    assert is_well(daemon)


def test_a_body_without_end_is_not_taken(daemon):
    answer = told(daemon, b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000000\r\nConnection: close\r\n\r\n" + b"a" * 300_000)

    assert answer.status in (None, 405)
    assert is_well(daemon)


def flood(daemon, ended: threading.Event, request: bytes) -> None:
    """Opens connection after connection, up to two hundred at a time, and listens to none."""
    host, port = daemon.url.removeprefix("http://").split(":")
    held: list[socket.socket] = []
    while not ended.is_set():
        with contextlib.suppress(OSError):
            connection = socket.create_connection((host, int(port)), timeout=5)
            held.append(connection)
            connection.sendall(request)
        if len(held) > 200:
            held.pop(0).close()
    for connection in held:
        connection.close()


@pytest.mark.usefixtures("alone")
@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts the daemon's files in /proc")
@pytest.mark.parametrize(
    "request_",
    [
        b"GET /feeds/all.rss HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET /feeds/all.rss HT",
        b"\xff\xfe garbage\r\n\r\n",
        b"GET /search?q=story HTTP/1.1\r\nHost: x\r\n\r\n",
    ],
    ids=["asking", "never finishing", "garbage", "searching"],
)
def test_a_flood_keeps_no_subscriber_from_the_feed(daemon, request_):
    said = len(daemon.log)
    ended = threading.Event()
    crowd = [threading.Thread(target=flood, args=(daemon, ended, request_)) for _ in range(3)]
    for each in crowd:
        each.start()
    try:
        for _ in range(8):
            assert len(daemon.feed()) == 29
    finally:
        ended.set()
        for each in crowd:
            each.join()

    daemon.eventually(lambda: len(list(Path(f"/proc/{daemon.process.pid}/fd").iterdir())) < 100, "all their connections are closed")
    assert is_well(daemon)
    assert daemon.log[said:].count("\n") < 20
