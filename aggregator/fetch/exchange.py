"""One request and its answer: guarded, one at a time per host, within time and size. Knows nothing of redirects, pages and robots."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from aggregator.errors import TimedOut, TooLarge
from aggregator.fetch import headers as said
from aggregator.fetch.coding import Body
from aggregator.fetch.engine import Engine, Received
from aggregator.fetch.failures import ENGINE_FAILURES, classified
from aggregator.fetch.guard import Guard, Refusal
from aggregator.fetch.pace import Pace
from aggregator.fetch.turns import Turns
from aggregator.text import urls

_IDLE = 5.0
"""Seconds for which an unused connection is kept beyond the pause between two requests to a host. Short: each one is a file descriptor."""

_MOST_CONNECTIONS = 1_000
"""Kept at rest or under way, however many files may be open."""


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as the fetcher sees it; another one in tests."""

    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


REAL_CLOCK = Clock()


@dataclass(slots=True)
class Traffic:
    """What has gone over the wire, for whoever counts."""

    requests: int = 0
    """That were answered, robots.txt and redirects included."""
    received: int = 0
    """Bytes of bodies, as they came."""


class Budget:
    """The time that one fetch may take, over all its requests; the waits for a host's turn cost nothing."""

    def __init__(self, time: timedelta) -> None:
        self.seconds = time.total_seconds()
        self.left = self.seconds


class Answer:
    """Status and headers of a response whose body has not been read yet."""

    def __init__(self, url: str, received: Received, traffic: Traffic) -> None:
        self.url = url
        self.status = received.status
        self.raw = received.headers
        """Headers as they came."""
        self.headers = said.collect(self.raw)
        self._pieces = received
        self._traffic = traffic
        traffic.requests += 1

    async def body(self, *, most: int, wire: int) -> tuple[bytes, int]:
        """All of the body, decoded, and its size on the wire. Raises TooLarge beyond ``most`` bytes decoded or ``wire`` received."""
        length = self.headers.get("content-length", "")
        if length.isdecimal() and (len(length) > 18 or int(length) > wire):
            raise self._too_large(wire)
        body = Body(self.url, self.headers.get("content-encoding", ""), limit=most)
        received = 0
        async for piece in self._pieces:
            received += len(piece)
            self._traffic.received += len(piece)
            if received > wire:
                raise self._too_large(wire)
            body.add(piece)
        return body.whole(), received

    async def beginning(self, most: int) -> bytes:
        """The body, decoded; only the first ``most`` bytes where there are more."""
        body = Body(self.url, self.headers.get("content-encoding", ""), limit=most)
        received = 0
        async for piece in self._pieces:
            received += len(piece)
            self._traffic.received += len(piece)
            try:
                body.add(piece)
            except TooLarge:
                return body.so_far()
            if received > most:
                return body.so_far()
        return body.whole()

    def _too_large(self, most: int) -> TooLarge:
        return TooLarge(
            f"{self.url} is longer than {most:,} bytes", url=self.url, remedy="Raise fetch.max_body if the page really is that long."
        )


class Exchanges:
    """The one way out. An async context manager; see ``Fetcher`` for what its arguments mean."""

    def __init__(
        self,
        *,
        host_gap: timedelta,
        allow_private: bool | Collection[str],
        concurrency: int,
        max_wire: int,
        clock: Clock,
        turns: Turns | None = None,
        traffic: Traffic | None = None,
    ) -> None:
        self._traffic = traffic or Traffic()
        self._gap = host_gap
        self._guard = Guard(allow_private)
        self._connections = _quarter_of_files()
        self._concurrency = min(concurrency, self._connections)
        self._slots = asyncio.Semaphore(self._concurrency)
        self._max_wire = max_wire
        self._pace = Pace(host_gap, monotonic=clock.monotonic, sleep=clock.sleep)
        self._turns = turns
        self._engine: Engine | None = None

    def open(self) -> None:
        """Must be called where the event loop runs."""
        self._engine = Engine(
            self._guard,
            lookups=self._concurrency,
            resting=self._connections,
            idle=self._gap.total_seconds() + _IDLE,
            max_wire=self._max_wire,
        )

    async def close(self) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.close()

    def check(self, url: str) -> None:
        """Raises AddressRefused where the guard refuses the address as it is written."""
        try:
            self._guard.check_url(url)
        except Refusal as refusal:
            raise classified(refusal, url) from refusal

    @asynccontextmanager
    async def ask(
        self, url: str, headers: Mapping[str, str], budget: Budget, *, form: bytes | None = None, pause: float = 0.0
    ) -> AsyncIterator[Answer]:
        """The answer to a GET, or to a POST of ``form``; its body must be read within the block.

        ``pause`` is for how many seconds the host wants to be left alone afterwards, where that is longer than ``host_gap``.
        Raises FetchError for whatever goes wrong, also within the block.
        """
        self.check(url)
        host = urls.host(url)
        async with self._pace.turn(host, pause), self._turn(host, pause), self._slots:
            started = time.monotonic()
            deadline = asyncio.timeout(budget.left)
            try:
                async with deadline:
                    received = await self._running_engine().send("GET" if form is None else "POST", url, headers, form)
                    try:
                        yield Answer(url, received, self._traffic)
                    finally:
                        received.close()
            except ENGINE_FAILURES as error:
                raise (_timed_out(url, budget) if deadline.expired() else classified(error, url)) from error
            finally:
                budget.left -= time.monotonic() - started

    def _turn(self, host: str, pause: float) -> AbstractAsyncContextManager[None]:
        """Among the machines that share this work."""
        return nullcontext() if self._turns is None else self._turns.turn(host, pause)

    def _running_engine(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("a Fetcher fetches inside `async with`")
        return self._engine


def _timed_out(url: str, budget: Budget) -> TimedOut:
    remedy = "Raise fetch.timeout if the site is known to be slow."
    return TimedOut(f"{url} was not done within {budget.seconds:g} s", url=url, remedy=remedy)


def _quarter_of_files() -> int:
    """A request under way is a descriptor, as is a connection that rests; half of all are left to the database, the web server and DNS."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return _MOST_CONNECTIONS if files == resource.RLIM_INFINITY else max(1, min(_MOST_CONNECTIONS, files // 4))
