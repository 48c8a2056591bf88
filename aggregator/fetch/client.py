"""The only HTTP client: what is asked for, where redirects lead, and what counts as a page."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import Self
from urllib.parse import urlencode

from aggregator.errors import HttpStatus
from aggregator.fetch import headers as said
from aggregator.fetch.coding import ACCEPTED
from aggregator.fetch.exchange import REAL_CLOCK, Answer, Budget, Clock, Exchanges, Traffic
from aggregator.fetch.failures import refused_status
from aggregator.fetch.permits import ACCEPTED as ROBOTS
from aggregator.fetch.permits import Permits, Shelf
from aggregator.fetch.redirects import REDIRECTS, REPEATING, Walk
from aggregator.fetch.turns import Desk, Turns
from aggregator.fetch.useragent import user_agent
from aggregator.model import Page, Validators

FEEDS_FIRST = (
    "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/xml;q=0.8, text/xml;q=0.8, text/html;q=0.7, application/xhtml+xml;q=0.7, */*;q=0.5"
)
"""The Accept header of a poll: a feed where the address has one, else the page."""

PAGES = frozenset({200, 203})
"""Answers that carry the whole page. 203 is a 200 that a proxy has changed; 206 is a part that nobody asked for, 204 is nothing at all."""

_LONGEST_REPLY = 64_000
"""Bytes of the answer to a post that are read."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one fetch."""

    timeout: timedelta = timedelta(seconds=30)
    """For all of it: names, connections, headers, body, redirects; but not the wait for a host's turn, nor robots.txt, which gets as much again."""
    max_body: int = 15_000_000
    """Bytes of the body, decoded."""
    max_wire: int | None = None
    """Bytes of the body as they come over the wire; None: as many as decoded."""
    max_redirects: int = 8

    @property
    def wire(self) -> int:
        return self.max_body if self.max_wire is None else self.max_wire


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
    links: Mapping[str, str] = field(default_factory=dict)
    """Absolute addresses by relation, from ``Link`` headers (RFC 8288), e.g. "hub" and "self"; the first where there are several."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back for a post: 2xx, always."""

    url: str
    """Where the redirects ended."""
    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    body: bytes
    """Decoded; its first 64 kB."""


class Fetcher:
    """One per process, as an async context manager.

    ``contact`` stands in the User-Agent: a URL or ``mailto:`` address, None for the project's own. ``host_gap`` is the pause between the end of one request
    to a host and the start of the next. ``allow_private`` is what may be reached beside the public web: True for everything, or networks and host names.
    ``concurrency`` bounds the requests under way, as does the number of files this process may open; one that waits for its host's turn is not under way.
    ``shelf`` keeps what each site's robots.txt says over the end of the process; None: it is asked for anew. ``desk`` gives out the turns at hosts where
    other machines ask them too, and may raise StoreError; None: nobody else does. ``traffic`` is counted up.
    """

    def __init__(
        self,
        *,
        contact: str | None,
        host_gap: timedelta,
        allow_private: bool | Collection[str] = False,
        concurrency: int = 64,
        limits: Limits = Limits(),
        clock: Clock = REAL_CLOCK,
        shelf: Shelf | None = None,
        desk: Desk | None = None,
        traffic: Traffic | None = None,
    ) -> None:
        self._agent = user_agent(contact)
        self._limits = limits
        self._clock = clock
        self._exchanges = Exchanges(
            host_gap=host_gap,
            allow_private=allow_private,
            concurrency=concurrency,
            max_wire=limits.wire,
            clock=clock,
            traffic=traffic,
            turns=Turns(desk, gap=host_gap, longest=limits.timeout, sleep=clock.sleep) if desk is not None else None,
        )
        self._permits = Permits(self._exchanges, self._headers(ROBOTS), time=limits.timeout, shelf=shelf, clock=clock)

    async def __aenter__(self) -> Self:
        self._exchanges.open()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._permits.close()
        await self._exchanges.close()

    async def fetch(
        self, url: str, *, validators: Validators | None = None, accept: str | None = None, despite_robots: bool = False
    ) -> Response:
        """Get the page at ``url``, or learn that it has not changed. Raises FetchError, its exact kind telling what happened.

        ``validators`` are those of the last Response for this ``url``; both are sent, byte for byte (RFC 9110 §13.1). They belong to the page at the end of
        the redirects, and nobody knows beforehand where that is, so they go along at each step: a redirect does not heed them, and to a host that did not
        write them they say nothing. ``accept`` replaces the Accept header ``FEEDS_FIRST``. Before each step, the site's robots.txt is asked (``Permits``),
        unless the operator wants it ``despite_robots``.
        """
        headers = self._headers(accept or FEEDS_FIRST)
        if validators and validators.etag:
            headers["If-None-Match"] = validators.etag
        if validators and validators.last_modified:
            headers["If-Modified-Since"] = validators.last_modified
        walk = Walk(url, limit=self._limits.max_redirects)
        budget = Budget(self._limits.timeout)
        while True:
            self._exchanges.check(walk.url)
            pause = 0.0 if despite_robots else await self._permits.ask(walk.url)
            async with self._exchanges.ask(walk.url, headers, budget, pause=pause) as answer:
                if answer.status in REDIRECTS and "location" in answer.headers:
                    walk.follow(answer.status, answer.headers["location"])
                    continue
                return await self._taken(answer, walk, validators)

    async def post(self, url: str, form: Mapping[str, str], *, timeout: timedelta | None = None) -> Reply:  # noqa: ASYNC109 - bounds the work, not the wait
        """Send a form to the program at ``url``, such as a WebSub hub. Raises FetchError, where the answer is not 2xx as well, and nothing else.

        Guarded and paced as a fetch is; robots.txt is not asked, as it speaks of pages. 307 and 308 are followed with the form (RFC 9110 §15.4.8).
        ``timeout`` replaces that of the limits.
        """
        headers = self._headers("*/*") | {"Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(form).encode()
        walk = Walk(url, limit=self._limits.max_redirects)
        budget = Budget(self._limits.timeout if timeout is None else timeout)
        while True:
            async with self._exchanges.ask(walk.url, headers, budget, form=body) as answer:
                if answer.status in REPEATING and "location" in answer.headers:
                    walk.follow(answer.status, answer.headers["location"])
                    continue
                if not 200 <= answer.status < 300:
                    raise self._refused(answer)
                return Reply(walk.url, answer.status, answer.headers, await answer.beginning(_LONGEST_REPLY))

    async def deliver(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Send ``body`` to a program that wants to have it, such as a WebSub subscriber; its answer is not read. Raises FetchError, where the answer is not
        2xx as well, and nothing else: redirects are not followed (WebSub §7). Guarded and paced as a fetch is. Returns the status.
        """
        merged = self._headers("*/*") | dict(headers)
        async with self._exchanges.ask(url, merged, Budget(self._limits.timeout), form=body) as answer:
            if not 200 <= answer.status < 300:
                raise self._refused(answer)
            return answer.status

    async def ask(self, url: str) -> Reply:
        """What a program at ``url`` says to a question in the address, such as whether it meant to subscribe (WebSub §5.3). Raises FetchError, where the answer
        is not 2xx as well. Redirects are not followed, and robots.txt is not asked. Guarded and paced as a fetch is.
        """
        async with self._exchanges.ask(url, self._headers("*/*"), Budget(self._limits.timeout)) as answer:
            if not 200 <= answer.status < 300:
                raise self._refused(answer)
            return Reply(url, answer.status, answer.headers, await answer.beginning(_LONGEST_REPLY))

    def _headers(self, accept: str) -> dict[str, str]:
        return {"User-Agent": self._agent, "Accept": accept, "Accept-Encoding": ACCEPTED}

    async def _taken(self, answer: Answer, walk: Walk, asked: Validators | None) -> Response:
        """What the end of a walk says."""
        validators = said.validators(answer.raw)
        page, received = None, 0
        if answer.status == 304 and asked and (asked.etag or asked.last_modified):
            validators = Validators(validators.etag or asked.etag, validators.last_modified or asked.last_modified)
        elif answer.status in PAGES:
            body, received = await answer.body(most=self._limits.max_body, wire=self._limits.wire)
            page = Page(walk.url, body, answer.headers.get("content-type"), answer.headers)
        else:
            raise self._refused(answer)
        return Response(
            page=page,
            url=walk.url,
            status=answer.status,
            validators=validators,
            permanent=walk.permanent,
            expires=said.freshness(answer.headers, self._clock.now()),
            bytes_received=received,
            links=said.links(answer.headers.get("link", ""), walk.url),
        )

    def _refused(self, answer: Answer) -> HttpStatus:
        return refused_status(answer.status, answer.url, retry_after=said.retry_after(answer.headers, self._clock.now()))
