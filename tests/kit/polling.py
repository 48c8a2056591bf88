"""One poll, with a network that is a table of answers; the database and the readers are the real ones."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from aggregator import query
from aggregator.errors import HttpStatus
from aggregator.fetch import Response
from aggregator.model import Article, Hints, Page, Selectors, Source, SourceState, Validators
from aggregator.plan import Rhythm
from aggregator.poll import LEASE, Outcome, Poller
from aggregator.store import Store

FEED = "https://north.example.edu/feed.xml"
LIST = "https://north.example.edu/news/"
OTHER = "https://east.example.edu/feed.xml"
PARAGRAPH = "The robot walked three kilometres over the frozen river while two hundred pupils of the town watched it from the bridge. "
HALF_HOUR = timedelta(minutes=30)
ROWS = Source("north/list", LIST, kind="listing", selectors=Selectors("li"), university="north", every=HALF_HOUR)


def feed(*numbers: int, title: str = "Story") -> bytes:
    items = "".join(
        f"<item><title>{title} {number}</title><link>https://north.example.edu/{number}.html</link><guid isPermaLink='false'>{number}</guid><description>Robots walk.</description></item>"
        for number in numbers
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>North</title>{items}</channel></rss>".encode()


def rows(*numbers: int) -> bytes:
    return (
        "<html><body><ul>"
        + "".join(f"<li><a href='/news/{number}.html'>A story with the number {number}</a></li>" for number in numbers)
        + "</ul></body></html>"
    ).encode()


def story(number: int) -> bytes:
    return f"<html><body><article><h1>A story with the number {number}</h1>{f'<p>{PARAGRAPH}</p>' * 4}</article></body></html>".encode()


class Network:
    """Answers by address: a body, an error, or None for 304."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | BaseException | None] = {}
        self.asked: list[tuple[str, Validators | None]] = []
        self.despite_robots: list[bool] = []
        self.validators = Validators('"1"')
        self.permanent: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.meanwhile: Callable[[], None] = lambda: None

    async def fetch(self, url: str, *, validators: Validators | None = None, despite_robots: bool = False) -> Response:
        self.asked.append((url, validators))
        self.despite_robots.append(despite_robots)
        answer = self.answers[url]
        await asyncio.sleep(0)
        self.meanwhile()
        if isinstance(answer, BaseException):
            raise answer
        page = None if answer is None else Page(url, answer)
        return Response(
            page, url, 304 if page is None else 200, self.validators, self.permanent.get(url), None, len(answer or b""), self.links
        )

    def pages(self) -> list[str]:
        return [url for url, _ in self.asked if url.endswith(".html")]


class Inline:
    """Reads in this process."""

    def __init__(self) -> None:
        self.tasks: list[str] = []
        self.breaks: Exception | None = None

    async def run(self, function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
        self.tasks.append(function.__name__)
        if self.breaks is not None:
            raise self.breaks
        return function(*arguments, **named)


class Pushes:
    """What polls tell of hubs."""

    def __init__(self) -> None:
        self.told: dict[str, Hints] = {}

    def named(self, source: str, hints: Hints) -> None:
        self.told[source] = hints


class Wire:
    """A poller with all its doors, and the clock."""

    def __init__(self, store: Store, sources: list[Source], now: datetime) -> None:
        self.store, self.network, self.inline, self.now = store, Network(), Inline(), now
        self.pushes = Pushes()
        self.sources = {source.id: source for source in sources}
        self.pages = 25
        store.sync(sources, now=now)

    def poller(self) -> Poller:
        return Poller(
            fetcher=self.network,  # type: ignore[arg-type]
            store=self.store,
            offload=self.inline,  # type: ignore[arg-type]
            sources=self.sources,
            rhythm=Rhythm(),
            pages=self.pages,
            pushes=self.pushes,
            clock=lambda: self.now,
            jitter=lambda: 0.5,
        )

    def poll(self, id: str = "north/news", *, after: timedelta = timedelta(hours=1)) -> Outcome:
        """Claims the source, due or not, and polls it."""
        self.now += after
        (state,) = self.store.claim(now=self.now, limit=1, owner="me", lease=LEASE, only=[id], untouched_since=self.now)
        return asyncio.run(self.poller().poll(state))

    def state(self, id: str = "north/news") -> SourceState:
        return next(state for state in self.store.states() if state.source == id)

    def articles(self) -> list[Article]:
        return list(self.store.articles(query.Everything(), limit=1_000))

    def titles(self) -> list[str]:
        return sorted(article.title for article in self.articles())


def busy(seconds: int, status: int = 429) -> HttpStatus:
    return HttpStatus("slow down", url=LIST, status=status, retry_after=timedelta(seconds=seconds))
