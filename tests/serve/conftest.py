from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from uuid import NAMESPACE_URL, uuid5

import pytest
from starlette.types import ASGIApp, Message

from aggregator import query as q
from aggregator.config import FetchFile, PollFile, PublishedFeed, Settings, SiteFile
from aggregator.errors import StoreBusy
from aggregator.model import Article, Departed, Enclosure, Event, Report, Source, SourceState, Subscription, Told, University
from aggregator.serve.app import application
from aggregator.serve.site import Site

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
UNIVERSITIES = {
    "north": University("north", "North University", names={"no": "Nordlig universitet"}, country="NO", home="https://north.example.edu/"),
    "east": University("east", "Eastern Institute of Technology", names={"zh": "东方理工学院"}, aliases=("EIT",), country="CN"),
    "quiet": University("quiet", "A university without sources", country="FR"),
}
SOURCES = {
    "north/news": Source(
        "north/news", "https://north.example.edu/feed.xml", kind="feed", university="north", title="North University News"
    ),
    "east/news": Source("east/news", "https://news.east.example.cn/list.htm", university="east", language="zh"),
}


def an_article(number: int, **fields: object) -> Article:
    """The higher the number, the older."""
    at = NOON - timedelta(hours=7 * number)
    return replace(
        Article(
            id=str(uuid5(NAMESPACE_URL, f"article {number}")),
            title=f"Article number {number}",
            url=f"https://north.example.edu/news/{number}.html",
            source="north/news",
            university="north",
            first_seen=at + timedelta(minutes=20),
            published=at,
            precision="minute",
            summary=f"What number {number} is about.",
            content=f"<p>The text of number {number}.</p>",
            language="en",
        ),
        **fields,
    )


def some_articles() -> list[Article]:
    """Two of them are special; the others make the river long."""
    chinese = an_article(
        1,
        title="东方理工学院的机器人走上冰面",
        summary="学生团队在零下二十度测试了三公斤重的机器人。",
        content='<p>学生团队。<img src="https://img.east.example.cn/ice.jpg" alt="冰"></p>',
        url="https://news.east.example.cn/2026/1.htm",
        source="east/news",
        university="east",
        language="zh",
        published=datetime(2026, 3, 2, 12, 0, tzinfo=timezone(timedelta(hours=8))),
        precision="day",
        authors=("李雷",),
    )
    hostile = an_article(
        2,
        title="<script>alert(1)</script> & \"quotes\" 'and' </title>",
        summary="<img src=x onerror=alert(1)>",
        content="<p onclick='x()'>Fine<script>alert(2)</script><a href='javascript:alert(3)'>no</a></p>",
        published=None,
        precision=None,
        provenance={"title": "SECRET RULE"},
        enclosures=(Enclosure("https://north.example.edu/plan.pdf", "application/pdf", 20480, "The plan"),),
    )
    return [an_article(0), chinese, hostile, *(an_article(number) for number in range(3, 130))]


@dataclass
class Memory:
    """A shelf in memory that understands enough of queries for a test."""

    held: list[Article] = field(default_factory=some_articles)
    number: int = 1
    busy: bool = False
    pushes: Sequence[Subscription] = ()
    former: Departed = field(default_factory=lambda: Departed({}, {}))
    happened: Sequence[Event] = ()
    asked: int = 0
    """How often articles were asked for."""

    seen: dict[int, int] = field(default_factory=dict)
    """How many there were at each revision."""

    def add(self, *articles: Article) -> None:
        self.seen[self.number] = len(self.held)
        self.held.extend(articles)
        self.number += 1

    def revision(self) -> int:
        self._answer()
        return self.number

    def articles(self, query: q.Query, *, limit: int, before: tuple[datetime, str] | None = None) -> Sequence[Article]:
        self._answer()
        self.asked += 1
        found = sorted(
            (each for each in self.held if _answers(each, query) and not each.copy_of), key=lambda each: (each.at, each.id), reverse=True
        )
        return [each for each in found if before is None or (each.at, each.id) < before][:limit]

    def count(self, query: q.Query) -> int:
        self._answer()
        return sum(_answers(each, query) for each in self.held)

    def found(self, query: q.Query, *, most: int) -> int:
        self._answer()
        return min(most, sum(_answers(each, query) and not each.copy_of for each in self.held))

    def stored(self, query: q.Query, *, skip: int, limit: int) -> Sequence[Article]:
        self._answer()
        return [each for each in self.held if _answers(each, query)][skip : skip + limit]

    def news(self, query: q.Query, *, since: Told, limit: int) -> tuple[Sequence[Article], Told]:
        self._answer()
        fresh = self.held[self.seen.get(since.revision, 0) :]
        return [each for each in fresh if _answers(each, query)][:limit], Told(self.revision())

    def imprint(self, query: q.Query, *, skip: int, limit: int) -> str:
        return repr(self.stored(query, skip=skip, limit=limit))

    def article(self, id: str) -> Article | None:
        self._answer()
        return next((each for each in self.held if each.id == id), None)

    def languages(self) -> Sequence[str]:
        self._answer()
        return sorted({(each.language or "").partition("-")[0] for each in self.held} - {""})

    def reports(self, of: Iterable[Article]) -> Mapping[str, tuple[Report, ...]]:
        self._answer()
        return {each.id: told for each in of if each.story and (told := tuple(self._reports(each)))}

    def _reports(self, article: Article) -> Iterator[Report]:
        for each in self.story(article.story or article.id):
            if each.id != article.id:
                copy = (each.copy_of or each.id) == (article.copy_of or article.id)
                yield Report(each.id, each.title, each.url, each.source, each.university, each.language, each.published, copy=copy)

    def story(self, id: str) -> Sequence[Article]:
        self._answer()
        story = next(((each.story or each.id) for each in self.held if each.id == id), "")
        return sorted((each for each in self.held if story in (each.story, each.id)), key=lambda each: (each.at, each.id))

    def states(self) -> Sequence[SourceState]:
        self._answer()
        failing = SourceState(
            "east/news",
            "https://news.east.example.cn/list.htm",
            failures=3,
            problem="answered 500 <b>",
            remedy="wait",
            next_poll=NOON,
            articles=1,
        )
        return [SourceState("north/news", "https://north.example.edu/feed.xml", last_success=NOON, articles=128), failing]

    def departed(self, configured: Collection[str]) -> Departed:
        self._answer()
        sources = {id: source for id, source in self.former.sources.items() if id not in configured}
        return replace(self.former, sources=sources)

    def events(self, *, limit: int) -> Sequence[Event]:
        self._answer()
        return self.happened[:limit]

    def subscriptions(self) -> Sequence[Subscription]:
        self._answer()
        return self.pushes

    def _answer(self) -> None:
        if self.busy:
            raise StoreBusy("the database is locked")


def _answers(article: Article, query: q.Query) -> bool:
    match query:
        case q.Everything():
            return True
        case q.Field("university", values):
            return article.university in values
        case q.Field("source", values):
            return article.source in values
        case q.Field("topic", values):
            return article.topic in values
        case q.Words(terms):
            return all(term in article.title.lower() for term in terms)
        case q.Field("language", values):
            return article.language in values
        case q.And(parts):
            return all(_answers(article, part) for part in parts)
        case q.Or(parts):
            return any(_answers(article, part) for part in parts)
    raise AssertionError(query)


def settings_with(**site: str) -> Settings:
    feeds = (PublishedFeed("all", "University news", "", 100), PublishedFeed("chinese", "From China", "country:CN", 10))
    return Settings(
        directory=Path("config"),
        database="sqlite://",
        site=SiteFile(**({"url": "https://wire.example.org"} | site)),
        host="127.0.0.1",
        port=8000,
        fetch=FetchFile(),
        poll=PollFile(),
        feeds=feeds,
        universities=UNIVERSITIES,
        sources=SOURCES,
    )


@pytest.fixture
def shelf() -> Memory:
    return Memory()


@pytest.fixture
def site(shelf: Memory) -> Site:
    return Site(shelf, settings_with(), lambda: {"ok": True, "last_tick": NOON})


@pytest.fixture
def make_article() -> Callable[..., Article]:
    return an_article


@pytest.fixture
def make_site(shelf: Memory) -> Callable[..., Site]:
    """A site on the same shelf whose section ``site`` says something else."""
    return lambda **section: Site(shelf, settings_with(**section))


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes


class Browser:
    """Asks an ASGI application without a socket."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._runner = asyncio.Runner()

    def get(self, target: str, **headers: str) -> Answer:
        return self.ask("GET", target, **headers)

    def ask(self, method: str, target: str, *, body: bytes = b"", **headers: str) -> Answer:
        return self._runner.run(self._ask(method, target, headers, body))

    def crowd(self, target: str, number: int) -> list[Answer]:
        async def all_at_once() -> list[Answer]:
            return await asyncio.gather(*(self._ask("GET", target, {}) for _ in range(number)))

        return self._runner.run(all_at_once())

    async def _ask(self, method: str, target: str, headers: Mapping[str, str], body: bytes = b"") -> Answer:
        path, _, question = target.partition("?")
        sent: list[Message] = []
        scope = {
            "type": "http",
            "method": method,
            "path": unquote(path),
            "raw_path": path.encode(),
            "query_string": question.encode(),
            "headers": [
                (b"host", b"evil.example"),
                *((name.replace("_", "-").lower().encode(), value.encode()) for name, value in headers.items()),
            ],
            "http_version": "1.1",
            "scheme": "http",
            "root_path": "",
            "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 1),
        }

        async def receive() -> Message:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: Message) -> None:
            sent.append(message)

        with suppress(ArithmeticError):  # a fault goes on to the server's log after it was answered
            await self._app(scope, receive, send)
        found = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
        return Answer(sent[0]["status"], found, b"".join(message.get("body", b"") for message in sent[1:]))

    def close(self) -> None:
        self._runner.close()


@dataclass
class Wall:
    """A clock that stands still until it is moved."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Wall:
    return Wall()


@pytest.fixture
def browse(clock: Wall) -> Iterator[Callable[..., Browser]]:
    """A browser for whatever site is current."""
    with ExitStack() as open_browsers:

        def opened(site: Callable[[], Site], **more: Any) -> Browser:
            return open_browsers.enter_context(closing(Browser(application(site, now=clock, **({"fresh": 0} | more)))))

        yield opened


@pytest.fixture
def browser(site: Site, browse: Callable[..., Browser]) -> Browser:
    return browse(lambda: site)
