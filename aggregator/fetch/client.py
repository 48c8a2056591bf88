"""The only HTTP client: one polite, bounded, guarded fetch at a time per host."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Self

import httpx

from aggregator.errors import FetchError, TimedOut, TooLarge
from aggregator.fetch import headers as said
from aggregator.fetch.coding import ACCEPTED, Body
from aggregator.fetch.engine import Engine
from aggregator.fetch.failures import ENGINE_FAILURES, classified, refused_status
from aggregator.fetch.guard import Guard, Refusal
from aggregator.fetch.pace import Pace
from aggregator.fetch.redirects import REDIRECTS, Walk
from aggregator.fetch.useragent import user_agent
from aggregator.model import Page, Validators
from aggregator.text import urls

FEEDS_FIRST = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.7, application/xhtml+xml;q=0.7, */*;q=0.5"
)
"""The Accept header of a poll: a feed where the address has one, else the page."""

_IDLE = 5.0
"""Seconds for which an unused connection is kept beyond the pause between two requests to a host. Short: each one is a file descriptor."""

_MOST_CONNECTIONS = 1_000
"""Kept at rest or under way, however many files may be open."""

_NOTHING = httpx.ByteStream(b"")
"""What a GET sends along."""

PAGES = frozenset({200, 203})
"""Answers that carry the whole page. 203 is a 200 that a proxy has changed; 206 is a part that nobody asked for, 204 is nothing at all."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one fetch."""

    timeout: timedelta = timedelta(seconds=30)
    """For all of it: names, connections, headers, body, redirects; but not the wait for a host's turn."""
    max_body: int = 15_000_000
    """Bytes of the body, decoded."""
    max_wire: int | None = None
    """Bytes of the body as they come over the wire; None: as many as decoded."""
    max_redirects: int = 8

    @property
    def wire(self) -> int:
        return self.max_body if self.max_wire is None else self.max_wire


@dataclass(frozen=True, slots=True)
class Clock:
    """Time as the fetcher sees it; another one in tests."""

    now: Callable[[], datetime] = field(default=lambda: datetime.now(UTC))
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


@dataclass(frozen=True, slots=True)
class Response:
    """What a fetch brought."""

    page: Page | None
    """None: nothing has changed since (304)."""
    url: str
    """Where the redirects ended."""
    status: int
    validators: Validators
    """To be stored and given to the next fetch; after a 304 without any they are those of the request (RFC 9110 §15.4.5)."""
    permanent: str | None
    """The address to which the 301s and 308s lead with which the chain of redirects began; None: no such. Never a step from https to http."""
    expires: timedelta | None
    """How long the answer is fresh from now on; zero: not at all; None: it does not say. Not bounded."""
    bytes_received: int
    """Of the final body, before decoding."""


class Fetcher:
    """One per process, as an async context manager.

    ``contact`` stands in the User-Agent: a URL or ``mailto:`` address, None for the project's own. ``host_gap`` is the pause between the end of one request
    to a host and the start of the next. ``allow_private`` is what may be reached beside the public web: True for everything, or networks and host names.
    ``concurrency`` bounds the requests under way, as does the number of files this process may open; one that waits for its host's turn is not under way.
    """

    def __init__(
        self,
        *,
        contact: str | None,
        host_gap: timedelta,
        allow_private: bool | Collection[str] = False,
        concurrency: int = 64,
        limits: Limits = Limits(),
        clock: Clock = Clock(),
    ) -> None:
        self._agent = user_agent(contact)
        self._gap = host_gap
        self._guard = Guard(allow_private)
        self._connections = _quarter_of_files()
        self._concurrency = min(concurrency, self._connections)
        self._slots = asyncio.Semaphore(self._concurrency)
        self._limits = limits
        self._clock = clock
        self._pace = Pace(host_gap, monotonic=clock.monotonic, sleep=clock.sleep)
        self._engine: Engine | None = None

    async def __aenter__(self) -> Self:
        self._engine = Engine(
            self._guard,
            lookups=self._concurrency,
            resting=self._connections,
            idle=self._gap.total_seconds() + _IDLE,
            max_wire=self._limits.wire,
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        engine, self._engine = self._engine, None
        if engine is not None:
            await engine.aclose()

    async def fetch(self, url: str, *, validators: Validators | None = None, accept: str | None = None) -> Response:
        """Get the page at ``url``, or learn that it has not changed. Raises FetchError, its exact kind telling what happened, and nothing else.

        ``validators`` are those of the last Response for this ``url``; both are sent, byte for byte (RFC 9110 §13.1). They belong to the page at the end of
        the redirects, and nobody knows beforehand where that is, so they go along at each step: a redirect does not heed them, and to a host that did not
        write them they say nothing. ``accept`` replaces the Accept header ``FEEDS_FIRST``.
        """
        request = self._headers(validators, accept)
        walk = Walk(url, limit=self._limits.max_redirects)
        left = self._limits.timeout.total_seconds()
        while True:
            self._check(walk)
            async with self._pace.turn(urls.host(walk.url)), self._slots:
                started = time.monotonic()
                found = await self._within(left, walk, request, validators)
                left -= time.monotonic() - started
            if found is not None:
                return found

    def _headers(self, validators: Validators | None, accept: str | None) -> httpx.Headers:
        headers = {"User-Agent": self._agent, "Accept": accept or FEEDS_FIRST, "Accept-Encoding": ACCEPTED}
        if validators and validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators and validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        return httpx.Headers(headers, encoding="utf-8")

    def _check(self, walk: Walk) -> None:
        try:
            self._guard.check_url(walk.url)
        except Refusal as refusal:
            raise classified(refusal, walk.url) from refusal

    async def _within(self, seconds: float, walk: Walk, request: httpx.Headers, validators: Validators | None) -> Response | None:
        """One step of the walk, in the time that is left of all."""
        deadline = asyncio.timeout(seconds)
        try:
            async with deadline:
                return await self._step(walk, request, validators)
        except FetchError:
            raise
        except ENGINE_FAILURES as error:
            if deadline.expired():
                raise self._timed_out(walk.url) from error
            raise classified(error, walk.url) from error

    async def _step(self, walk: Walk, request: httpx.Headers, validators: Validators | None) -> Response | None:
        """The answer, or None where the walk goes on."""
        answer = await self._running_engine().handle_async_request(httpx.Request("GET", walk.url, headers=request, stream=_NOTHING))
        try:
            status = answer.status_code
            headers = said.collect(answer.headers.raw)
            if status in REDIRECTS and "location" in headers:
                walk.follow(status, headers["location"])
                return None
            if status == 304 and validators and (validators.etag or validators.last_modified):
                return self._unchanged(walk, answer, headers, validators)
            if status not in PAGES:
                raise refused_status(status, walk.url, retry_after=said.retry_after(headers, self._clock.now()))
            return await self._page(walk, answer, headers)
        finally:
            await answer.aclose()

    def _unchanged(self, walk: Walk, answer: httpx.Response, headers: dict[str, str], old: Validators) -> Response:
        new = said.validators(answer.headers.raw)
        return Response(
            page=None,
            url=walk.url,
            status=304,
            validators=Validators(new.etag or old.etag, new.last_modified or old.last_modified),
            permanent=walk.permanent,
            expires=said.freshness(headers, self._clock.now()),
            bytes_received=0,
        )

    async def _page(self, walk: Walk, answer: httpx.Response, headers: dict[str, str]) -> Response:
        body, received = await self._body(walk.url, answer, headers)
        return Response(
            page=Page(walk.url, body, headers.get("content-type"), headers),
            url=walk.url,
            status=answer.status_code,
            validators=said.validators(answer.headers.raw),
            permanent=walk.permanent,
            expires=said.freshness(headers, self._clock.now()),
            bytes_received=received,
        )

    async def _body(self, url: str, answer: httpx.Response, headers: dict[str, str]) -> tuple[bytes, int]:
        """The body, decoded, and its size on the wire."""
        most = self._limits.wire
        length = headers.get("content-length", "")
        if length.isdecimal() and (len(length) > 18 or int(length) > most):
            raise self._too_large(url, most)
        body = Body(url, headers.get("content-encoding", ""), limit=self._limits.max_body)
        received = 0
        async for piece in answer.stream:  # type: ignore[union-attr]
            received += len(piece)
            if received > most:
                raise self._too_large(url, most)
            body.add(piece)
        return body.whole(), received

    def _running_engine(self) -> Engine:
        if self._engine is None:
            raise RuntimeError("a Fetcher fetches inside `async with`")
        return self._engine

    def _timed_out(self, url: str) -> TimedOut:
        seconds = self._limits.timeout.total_seconds()
        return TimedOut(f"{url} was not done within {seconds:g} s", url=url, remedy="Raise fetch.timeout if the site is known to be slow.")

    def _too_large(self, url: str, most: int) -> TooLarge:
        return TooLarge(f"{url} is longer than {most:,} bytes", url=url, remedy="Raise fetch.max_body if the page really is that long.")


def _quarter_of_files() -> int:
    """A request under way is a descriptor, as is a connection that rests; half of all are left to the database, the web server and DNS."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return _MOST_CONNECTIONS if files == resource.RLIM_INFINITY else max(1, min(_MOST_CONNECTIONS, files // 4))
