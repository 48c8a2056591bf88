"""A small hostile web on loopback: each path answers with raw bytes, pauses and broken connections, and every request is written down."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import pytest

from aggregator.fetch import Fetcher, Limits, Response
from aggregator.fetch.trust import authorities
from aggregator.model import Robots

Step = bytes | float | Literal["reset", "hang", "keep", "forever"]
"""Bytes are sent, a number is a pause in seconds. "reset" breaks the connection, "hang" says nothing until the client goes away, "keep" waits for the
next request on the same connection (without it, it is closed), "forever" repeats the piece before without an end."""


@dataclass
class Asked:
    """One request as it came."""

    path: str
    raw: bytes
    connection: int

    def header(self, name: str) -> str | None:
        for line in self.raw.decode("latin-1").split("\r\n")[1:]:
            key, _, value = line.partition(": ")
            if key.lower() == name.lower():
                return value
        return None


@dataclass
class Web:
    """``scripts`` maps a path to what is done when it is asked for; a list of scripts gives them in turn, the last one for ever."""

    port: int = 0
    scheme: str = "http"
    scripts: dict[str, list[tuple[Step, ...]]] = field(default_factory=dict)
    log: list[Asked] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    """What was posted."""
    connections: int = 0
    open: int = 0
    now: int = 0
    most_at_once: int = 0

    @property
    def base(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"

    @staticmethod
    def answer(body: bytes = b"", *headers: str, status: str = "200 OK", keep: bool = False) -> bytes:
        """A whole, honest response: unless the script goes on to ``keep`` the connection, it says that it will be closed."""
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *headers, *([] if keep else ["Connection: close"])]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

    def moved(self, target: str, status: int = 302) -> bytes:
        return self.answer(b"", f"Location: {target}", status=f"{status} Moved")

    def on(self, path: str, *steps: Step) -> str:
        """Add one script to a path; its address."""
        self.scripts.setdefault(path, []).append(steps)
        return self.base + path

    def asked(self, path: str) -> list[Asked]:
        return [asked for asked in self.log if asked.path == path]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        connection = self.connections
        self.open += 1
        try:
            while await self._exchange(reader, writer, connection):
                pass
        except (OSError, asyncio.IncompleteReadError):
            return
        finally:
            self.open -= 1
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connection: int) -> bool:
        raw = await reader.readuntil(b"\r\n\r\n")
        path = raw.split(b" ")[1].decode()
        asked = Asked(path, raw, connection)
        self.log.append(asked)
        if length := asked.header("content-length"):
            self.bodies.append(await reader.readexactly(int(length)))
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        scripts = self.scripts.get(path, [(self.answer(status="404 Not Found"),)])
        script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
        try:
            return await self._play(script, reader, writer)
        finally:
            self.now -= 1

    async def _play(self, script: tuple[Step, ...], reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        last = b""
        for step in script:
            if isinstance(step, bytes):
                last = step
                writer.write(step)
                await writer.drain()
            elif isinstance(step, float):
                await asyncio.sleep(step)
            elif step == "forever":
                while True:
                    writer.write(last)
                    await writer.drain()
            elif step == "hang":
                await reader.read()
            elif step == "reset":
                connection: socket.socket = writer.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                writer.transport.abort()
        return script[-1] == "keep"


@contextmanager
def _served(web: Web, context: ssl.SSLContext | None) -> Iterator[Web]:
    """``web`` at work in a thread of its own."""
    loop = asyncio.new_event_loop()
    started = threading.Event()
    end = asyncio.Event()

    async def run() -> None:
        server = await asyncio.start_server(web.serve, "127.0.0.1", 0, ssl=context)
        web.port = server.sockets[0].getsockname()[1]
        started.set()
        await end.wait()
        server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)  # transports close in the next round of the loop

    def work() -> None:
        loop.run_until_complete(run())
        loop.close()

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    started.wait(5)
    yield web
    loop.call_soon_threadsafe(end.set)
    thread.join(5)


@pytest.fixture
def web() -> Iterator[Web]:
    with _served(Web(), None) as site:
        yield site


@pytest.fixture
def other_web() -> Iterator[Web]:
    with _served(Web(), None) as site:
        yield site


@pytest.fixture
def serve_many() -> Iterator[Callable[[int], list[Web]]]:
    with ExitStack() as stack:
        yield lambda number: [stack.enter_context(_served(Web(), None)) for _ in range(number)]


@pytest.fixture
def serve_tls() -> Iterator[Callable[[ssl.SSLContext], Web]]:
    with ExitStack() as stack:
        yield lambda context: stack.enter_context(_served(Web(scheme="https"), context))


@pytest.fixture(scope="session")
def trust() -> ssl.SSLContext:
    return authorities()


@pytest.fixture(autouse=True)
def _trust_once(trust: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading all authorities takes longer than most tests; those of ``SSL_CERT_FILE`` are read all the same."""
    monkeypatch.setattr("aggregator.fetch.trust.authorities", lambda: authorities() if "SSL_CERT_FILE" in os.environ else trust)


@pytest.fixture
def fetcher() -> Callable[..., Fetcher]:
    return _fetcher


class Welcome:
    """A shelf that says of every site that it welcomes us, so that no robots.txt is asked for."""

    def robots(self, origins: Collection[str]) -> dict[str, Robots]:
        never, until = datetime.min.replace(tzinfo=UTC), datetime.now(UTC) + timedelta(days=1)
        return {origin: Robots(origin, "", never, until) for origin in origins}

    def keep_robots(self, found: Robots) -> None:
        raise AssertionError(found)


def _fetcher(**options: Any) -> Fetcher:
    """A fetcher for tests: reaches loopback, does not pause, gives up soon, and takes every site for one that welcomes robots."""
    limits = {name: options.pop(name) for name in ("max_body", "max_wire", "max_redirects") if name in options}
    timeout = timedelta(seconds=options.pop("timeout", 5))
    settings: dict[str, Any] = {
        "contact": None,
        "host_gap": timedelta(0),
        "allow_private": True,
        "shelf": Welcome(),
        "limits": Limits(timeout=timeout, **limits),
    }
    return Fetcher(**(settings | options))


@pytest.fixture
def fetch() -> Callable[..., Response]:
    """Fetch one address with a fetcher of its own. Keywords are those of ``fetch`` and of the fetcher."""

    def run(url: str, **options: Any) -> Response:
        request = {name: options.pop(name) for name in ("validators", "accept", "despite_robots") if name in options}

        async def once() -> Response:
            async with _fetcher(**options) as client:
                return await client.fetch(url, **request)

        return asyncio.run(once())

    return run
