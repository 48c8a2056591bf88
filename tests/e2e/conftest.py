"""An office that runs the aggregator as its operators do, and a web on loopback that it watches. Real processes, real sockets, real files.

web.site() ─▶ Site: what it answers can change at any time        office ─▶ configuration, commands, Daemon
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import selectors
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, suppress
from email.utils import formatdate
from hashlib import sha256
from html import escape
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import pytest

PATIENCE = 30.0
"""Seconds that anything may take on a machine that is busy with other things."""

PROGRAM = (sys.executable, "-m", "aggregator")

Answer = Callable[["Visit"], None]


# --- the web ---------------------------------------------------------------------------------------------------------------------------


class Site:
    """One host (a port of its own) and what its paths answer. Unknown paths are 404. ``asked`` holds the path of each request."""

    def __init__(self, web: Web, at: tuple[str, int]) -> None:
        self.web = web
        self.asked: list[str] = []
        self._answers: dict[str, Answer] = {}
        self._visitors: set[socket.socket] = set()
        self._door = self._bound(at)
        self.at = self._door.getsockname()
        self.url = "http://{}:{}".format(*self.at)
        self._open = False

    def open(self) -> Site:
        self._door.listen(128)
        self.web.listen(self._door, self)
        self._open = True
        return self

    def close(self) -> None:
        """Connections break, and are refused until it opens again."""
        if self._open:
            self.web.forget(self._door)
            self._door.close()
            for visitor in list(self._visitors):
                with suppress(OSError):
                    visitor.shutdown(socket.SHUT_RDWR)
            self._door = self._bound(self.at)
            self._open = False

    def end(self) -> None:
        self.close()
        self._door.close()

    @staticmethod
    def _bound(at: tuple[str, int]) -> socket.socket:
        door = socket.socket()
        door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        door.bind(at)
        return door

    def visits(self, path: str) -> int:
        return self.asked.count(path)

    def receive(self, connection: socket.socket, address: Any) -> None:
        """All visits of one connection. Visitors may leave, or be killed, at any moment."""
        self._visitors.add(connection)
        with connection, suppress(OSError, ValueError):
            Visit(connection, address, self)  # type: ignore[arg-type]
        self._visitors.discard(connection)

    def answer(self, visit: Visit) -> None:
        path = urlsplit(visit.path).path
        self.asked.append(path)
        self._answers.get(path, _missing)(visit)

    def does(self, path: str, answer: Answer) -> str:
        """Whatever the function does; the address of ``path``."""
        self._answers[path] = answer
        return self.url + path

    def says(self, path: str, body: str | bytes, content_type: str = "text/html; charset=utf-8", status: int = 200) -> str:
        whole = body.encode() if isinstance(body, str) else body
        return self.does(path, lambda visit: visit.reply(whole, content_type, status))

    def feed(self, path: str, numbers: Callable[[], range] | range, name: str = "north") -> str:
        """An RSS feed with an item for each of ``numbers``, the newest (highest) first; a function is asked at each visit."""
        now = numbers if callable(numbers) else lambda: numbers
        return self.does(path, lambda visit: visit.reply(rss(self.url, name, now()), "application/rss+xml; charset=utf-8"))

    def fails(self, path: str, status: int = 500) -> str:
        return self.says(path, "<h1>Sorry</h1>", status=status)

    def hangs(self, path: str) -> str:
        """Takes the request and never answers."""
        return self.does(path, lambda _: self.web.until_the_end())

    def never_ends(self, path: str) -> str:
        """A body that goes on for as long as somebody listens."""

        def pour(visit: Visit) -> None:
            visit.head("text/html", None)
            while not self.web.ended:
                visit.wfile.write(b"<p>and then, and then, and then</p>\n" * 2000)

        return self.does(path, pour)


class Web:
    """All sites of one test, on 127.0.0.1. One thread listens; each connection has a thread of its own."""

    def __init__(self) -> None:
        self._selector = selectors.DefaultSelector()
        self._end = threading.Event()
        self._sites: list[Site] = []
        self._thread = threading.Thread(target=self._work, name="web", daemon=True)

    @property
    def ended(self) -> bool:
        return self._end.is_set()

    def until_the_end(self) -> None:
        self._end.wait()

    def site(self, *, closed: bool = False, host: str = "127.0.0.1") -> Site:
        site = Site(self, (host, 0))
        self._sites.append(site)
        return site if closed else site.open()

    def listen(self, door: socket.socket, site: Site) -> None:
        self._selector.register(door, selectors.EVENT_READ, site)

    def forget(self, door: socket.socket) -> None:
        self._selector.unregister(door)

    def _work(self) -> None:
        while not self.ended:
            for key, _ in self._selector.select(0.1):
                with suppress(OSError):  # closed in the meantime
                    connection, address = key.fileobj.accept()  # type: ignore[union-attr]
                    threading.Thread(target=key.data.receive, args=(connection, address), daemon=True).start()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()
        for site in self._sites:
            site.end()
        self._selector.close()


class Visit(BaseHTTPRequestHandler):
    """One connection. Answers conditional requests with 304 where a whole reply has not changed."""

    protocol_version = "HTTP/1.1"
    timeout = 60
    wbufsize = -1
    server: Site  # type: ignore[assignment]

    def do_GET(self) -> None:
        self.server.answer(self)
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        """Tests look at ``Site.asked``."""

    def reply(self, body: bytes, content_type: str, status: int = 200) -> None:
        etag = f'"{sha256(body).hexdigest()[:16]}"'
        if status == 200 and self.headers.get("If-None-Match") == etag:
            self.send_response(304)
            self.send_header("ETag", etag)
            self.end_headers()
            return
        self.head(content_type, len(body), status, ETag=etag)
        self.wfile.write(body)

    def head(self, content_type: str, length: int | None, status: int = 200, **more: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        for name, value in more.items():
            self.send_header(name, value)
        if length is None:
            self.send_header("Connection", "close")
            self.close_connection = True
        else:
            self.send_header("Content-Length", str(length))
        self.end_headers()


def _missing(visit: Visit) -> None:
    visit.reply(b"<h1>Not found</h1>", "text/html", 404)


def rss(home: str, name: str, numbers: range) -> bytes:
    """Item N was published N minutes after the start of 2026, and is the same whenever it is asked for."""
    items = "".join(
        f"<item><title>{escape(name)} story {number}</title><link>{home}/{name}/{number}</link><guid>{home}/{name}/{number}</guid>"
        f"<pubDate>{formatdate(1767225600 + 60 * number, usegmt=True)}</pubDate>"
        f"<description>What happened at {escape(name)} for the {number}th time.</description></item>"
        for number in reversed(numbers)
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{escape(name)} news</title>'
        f"<link>{home}/</link><description>News</description>{items}</channel></rss>"
    ).encode()


# --- the office ------------------------------------------------------------------------------------------------------------------------


class Office:
    """A folder with a configuration and a database, and the commands that work on it.

    The configuration suits tests: loopback may be fetched, nothing pauses, and sources are polled at each tick of the daemon.
    """

    program = PROGRAM

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "config"
        self.database = folder / "data" / "aggregator.db"
        self._daemons: list[Daemon] = []
        self.settings()

    def settings(self, *, fetch: dict[str, Any] | None = None, poll: dict[str, Any] | None = None, **other: Any) -> None:
        """Write aggregator.yaml anew, which knows nothing of earlier calls. JSON is YAML."""
        data = {
            "port": 0,
            "fetch": {"allow_private": True, "host_gap": 0, "timeout": "3s"} | (fetch or {}),
            "poll": {"every": "100ms", "at_least": "100ms"} | (poll or {}),
        } | other
        self.write("aggregator.yaml", json.dumps(data, indent=1))

    def university(self, id: str, *sources: str | dict[str, Any], **keys: Any) -> None:
        listed = [source if isinstance(source, dict) else {"url": source} for source in sources]
        self.write(f"universities/{id}.yaml", json.dumps({"name": f"{id.title()} University", **keys, "sources": listed}, indent=1))

    def write(self, name: str, text: str) -> Path:
        path = self.config / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def run(self, *arguments: str, told: str | None = None, status: int | None = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        """One command to its end; it must end with ``status``, unless that is None, and never in a traceback."""
        done = subprocess.run(
            [*PROGRAM, *arguments], cwd=self.folder, env=_environment(environment), input=told, capture_output=True, text=True, timeout=90
        )
        assert "Traceback" not in done.stdout + done.stderr
        assert status in (None, done.returncode), f"{arguments} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}"
        return done

    def daemon(self, **environment: str) -> Daemon:
        """A daemon that answers already."""
        return self.starting(**environment).answering()

    def starting(self, *, command: tuple[str, ...] = ("run",), **environment: str) -> Daemon:
        """A daemon that has only just been started."""
        daemon = Daemon(self.folder, command, environment)
        self._daemons.append(daemon)
        return daemon

    def status(self) -> dict[str, Any]:
        said: dict[str, Any] = json.loads(self.run("status", "--json").stdout)
        return said

    def published(self, name: str = "all") -> list[Item]:
        """What a feed holds, by way of files."""
        self.run("publish", "site")
        return items((self.folder / f"site/feeds/{name}.rss").read_bytes())

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        with closing(sqlite3.connect(self.database)) as database:
            return database.execute(sql).fetchall()

    def end(self) -> None:
        for daemon in self._daemons:
            daemon.kill()
        for daemon in self._daemons:
            assert "Traceback" not in daemon.log, daemon.log


class Daemon:
    """``aggregator run`` as a process of its own, in a process group of its own."""

    def __init__(self, folder: Path, command: tuple[str, ...], environment: dict[str, str]) -> None:
        self._log = folder / "daemon.log"
        with self._log.open("ab") as log:
            self._begins = log.tell()
            self.process = subprocess.Popen(
                [*PROGRAM, *command], cwd=folder, env=_environment(environment), stdout=log, stderr=log, start_new_session=True
            )
        self.url = ""

    @property
    def log(self) -> str:
        """What it has said, to standard output and error."""
        with self._log.open("rb") as log:
            log.seek(self._begins)
            return log.read().decode(errors="replace")

    def answering(self) -> Daemon:
        self.eventually(self._answers, "it answers")
        return self

    def _answers(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError(f"the daemon ended with status {self.process.returncode}:\n{self.log}")
        said = re.search(r"Feed: +(http://\S+)/feeds/all\.rss", self.log)
        self.url = said[1] if said else ""
        return bool(said) and self.get("/healthz")[0] == 200

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        """Status and body."""
        request = urllib.request.Request(self.url + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
                return answer.status, answer.read()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read()

    def feed(self, name: str = "all") -> list[Item]:
        status, body = self.get(f"/feeds/{name}.rss")
        assert status == 200, body
        return items(body)

    def titles(self, name: str = "all") -> list[str]:
        return [item.title for item in self.feed(name)]

    def eventually(self, condition: Callable[[], object], what: str, seconds: float = PATIENCE) -> None:
        """Wait until ``condition`` holds; it is asked again and again."""
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until:
                raise AssertionError(f"waited {seconds:g} s in vain until {what}\n{self.log[-6000:]}")
            time.sleep(0.05)

    def signal(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def stop(self, seconds: float = PATIENCE) -> int:
        """Ask it to end; its exit status."""
        self.signal(signal.SIGTERM)
        return self.process.wait(seconds)

    def die(self) -> None:
        """SIGKILL for the daemon alone, as when memory runs out: the processes that read for it must notice by themselves."""
        self.signal(signal.SIGKILL)
        self.process.wait(PATIENCE)

    @property
    def left_behind(self) -> bool:
        """Whether any of its processes still runs."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """SIGKILL for it and the processes that read for it."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(PATIENCE)


class Item:
    """One item of a feed: what subscribers see."""

    def __init__(self, element: ET.Element) -> None:
        self.title = element.findtext("title") or ""
        self.guid = element.findtext("guid") or ""
        self.link = element.findtext("link")
        self.date = element.findtext("pubDate")
        self.creators = [creator.text or "" for creator in element.iterfind("{http://purl.org/dc/elements/1.1/}creator")]
        self.content = element.findtext("{http://purl.org/rss/1.0/modules/content/}encoded") or element.findtext("description") or ""

    @property
    def paragraphs(self) -> list[str]:
        return [" ".join(re.sub(r"<[^>]*>", "", part).split()) for part in re.findall(r"(?s)<p\b[^>]*>(.*?)</p>", self.content)]


def items(feed: bytes) -> list[Item]:
    return [Item(element) for element in ET.fromstring(feed).iter("item")]


_OWN = ("AGGREGATOR_", "COV_", "PYTEST_", "PYTHONDONTWRITEBYTECODE")


def _environment(more: dict[str, str]) -> dict[str, str]:
    """Ours, without what steers other programs."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OWN)} | {"LANG": "C.UTF-8"} | more


@pytest.fixture
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For tests that keep a machine busy: one at a time, over all workers."""
    with (tmp_path_factory.getbasetemp().parent / "alone.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def new_web() -> type[Web]:
    return Web


@pytest.fixture(scope="session")
def new_rss() -> Callable[[str, str, range], bytes]:
    return rss


@pytest.fixture(scope="session")
def new_office() -> type[Office]:
    return Office


@pytest.fixture
def web() -> Iterator[Web]:
    with Web() as web:
        yield web


@pytest.fixture
def site(web: Web) -> Site:
    return web.site()


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with ExitStack() as stack:
        office = Office(tmp_path)
        stack.callback(office.end)
        yield office
