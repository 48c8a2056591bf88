"""Looks at addresses on behalf of a person: preview one, find the news of a site. Stores nothing."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from aggregator.config import Settings, edit
from aggregator.config.brought import facts, whose
from aggregator.config.edit import Addition
from aggregator.errors import (
    FetchError,
    HttpStatus,
    InputError,
    MalformedResponse,
    Problem,
    ReadError,
    RedirectError,
    TimedOut,
    TooLarge,
    Unreachable,
)
from aggregator.fetch import Fetcher
from aggregator.model import Article, Page, Reading, Source
from aggregator.offload import Offload
from aggregator.read import read
from aggregator.read.article import extract
from aggregator.read.discover import Discovery, discover
from aggregator.refine import identity
from aggregator.refine.normalize import normalize
from aggregator.run.once import fetcher_for
from aggregator.text import urls
from aggregator.text.quantity import counted

_MOST_REQUESTS = 16
"""For finding the news of one site."""
_MOST_LEADS = 3
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|(?:mailto|data|file|javascript):")
_UNANSWERED = (Unreachable, TimedOut, MalformedResponse)
"""Another scheme may be answered where one is not."""
_Result = TypeVar("_Result")
_FEWEST = 3
"""Entries that make a page look like a list of news, when it is not the page that was asked for."""


@dataclass(frozen=True, slots=True)
class Look:
    """What one page would publish. ``reading`` is None where it is a single article."""

    url: str
    reading: Reading | None
    articles: tuple[Article, ...]
    why: str = ""
    """Why a single article is no list."""
    leads: tuple[str, ...] = ()
    """Where a single article leads to that may list the news of its site."""

    @property
    def brings_news(self) -> bool:
        """Whether something would be published of it, were it a source."""
        return self.reading is not None and bool(self.articles)


@dataclass(frozen=True, slots=True)
class Tried:
    url: str
    result: str


@dataclass(frozen=True, slots=True)
class Found:
    """Where the news of a site are. ``source`` holds the keys to be written into config/."""

    url: str
    reading: Reading
    articles: tuple[Article, ...]
    home: str
    site_title: str | None
    tried: tuple[Tried, ...]
    source: Mapping[str, Any] = field(default_factory=dict)
    tongues: tuple[str, ...] = ()
    """Where the site speaks other languages, which were not looked at."""


async def look(target: str, url: str | None, settings: Settings) -> Look:
    """Read an address or a file (of ``url``). Raises SourceError where nothing would be published."""
    now = datetime.now(UTC)
    known = next((source for source in settings.sources.values() if source.url == (url or target)), None)
    if target and "://" not in target and Path(target).exists():  # noqa: ASYNC240 - one file, before anything else is under way
        page = _file(Path(target), url)
    else:
        addresses = _addresses(target) if "://" in target or edit.names_a_host(target) else ()
        if not addresses:
            raise ReadError(f'"{target}" is neither a file that exists nor an address', remedy="addresses begin with http:// or https://")
        async with fetcher_for(settings) as fetcher:
            page = await _first(addresses, partial(_fetched, fetcher, source=known))
    source = known or Source(id="preview", url=page.url)
    with Offload(1) as offload:
        return await offload.run(_look, page, source, now=now)


def _file(path: Path, url: str | None) -> Page:
    try:
        body = path.read_bytes()
    except OSError as error:
        raise ReadError(f"{path}: cannot be read: {error.strerror}", remedy="name a page or feed that was saved as a file") from error
    if not body.strip():
        raise ReadError(f"{path}: the file is empty", remedy="save the page or feed again, or give its address")
    return Page(url or path.resolve().as_uri().replace("file://", "http://localhost"), body)


async def page_of(source: Source, settings: Settings, moved: str | None) -> Page:
    """Today's page of a source, which may have ``moved``. Raises FetchError."""
    async with fetcher_for(settings) as fetcher:
        return await _fetched(fetcher, moved or source.url, source)


async def _fetched(fetcher: Fetcher, url: str, source: Source | None = None) -> Page:
    """The page at ``url``, as ``source`` would fetch it."""
    response = await fetcher.fetch(url, despite_robots=source is not None and source.ignore_robots is not None)
    if response.page is None:
        raise FetchError(f"{url}: the server says 304 (not modified) to a question that had no condition", url=url)
    return response.page


def _look(page: Page, source: Source, *, now: datetime) -> Look:
    try:
        reading = read(page, source, now=now)
    except ReadError as no_list:
        try:
            entry = extract(page, source, now=now)
        except ReadError:
            raise no_list from None
        seen = discover(page, now=now)
        leads = (*seen.feeds, *(lead.url for lead in seen.leads))[:_MOST_LEADS]
        return Look(page.url, None, (normalize(entry, source, now=now),), no_list.message.removeprefix(f"{page.url}: "), leads)
    return Look(page.url, reading, _articles(reading, source, now))


def _articles(reading: Reading, source: Source, now: datetime) -> tuple[Article, ...]:
    return tuple(
        normalize(each.entry, source, now=now, key=each.keys[0], shelf=reading.title) for each in identity.identify(reading.entries, source)
    )


async def find(url: str, settings: Settings) -> Found:
    """The best source of news for the site at ``url``: a feed of it, or the page that lists them. Raises SourceError where none is found."""
    addresses = _addresses(url)
    if not addresses:
        raise ReadError(f'"{url}" is not an address of the web', remedy="for example https://www.hit.edu.cn")
    with Offload(1) as offload:
        async with fetcher_for(settings) as fetcher:
            return await _first(addresses, lambda address: Search(fetcher, offload, datetime.now(UTC)).find(address))


def _addresses(said: str) -> tuple[str, ...]:
    """What a person means who writes ``www.hit.edu.cn`` or ``localhost:8080``: https, and http where nothing answers to that. Empty: nothing of the web."""
    if urls.absolute("", said) is not None:
        return () if re.search(r"\s", urls.host(said.strip())) else (said,)
    if _SCHEME.match(said) or any(char.isspace() for char in said.strip()):
        return ()
    return tuple(address for scheme in ("https", "http") if urls.absolute("", address := f"{scheme}://{said.strip()}"))


async def _first(addresses: Sequence[str], ask: Callable[[str], Awaitable[_Result]]) -> _Result:
    """What the first address says that can be reached; raises what was wrong with the first one where none can be."""
    address, *others = addresses
    try:
        return await ask(address)
    except _UNANSWERED as error:
        if not others:
            raise
        refused = error
    try:
        return await _first(others, ask)
    except _UNANSWERED:
        raise refused from None


def addition(found: Found, url: str, settings: Settings, *, university: str | None = None, name: str | None = None) -> Addition:
    """What is to be written so that ``found`` is polled, where ``url`` was asked for. ``name``: of the university, where its file must be made. Raises
    InputError where ``university`` cannot be an id.
    """
    id_ = university or edit.university_of(found.url, settings) or edit.university_of(url, settings) or edit.id_of(url)
    if edit.slug(id_) != id_:
        raise InputError([Problem(id_, None, "", "cannot be the name of a file; small letters, digits and dashes can")])
    row = whose(edit.site_of(found.home or url), settings.directory)
    called = name or (row.name if row else None) or found.site_title or edit.site_of(url)
    return Addition(id_, called, found.home, found.source, facts(row))


class Search:
    """One search for the news of one site: at most sixteen requests, remembered."""

    def __init__(self, fetcher: Fetcher, offload: Offload, now: datetime) -> None:
        self._fetcher = fetcher
        self._offload = offload
        self._now = now
        self._tried: dict[str, Tried] = {}

    async def find(self, url: str) -> Found:
        """As the function of this name: around the page at ``url``, and where that is missing, no page or leads nowhere, around the front page of its
        site. Raises SourceError.
        """
        here: Discovery | None = None
        for place in dict.fromkeys((url, urls.absolute(url, "/") or url)):
            page = await self._start(place)
            if page is None:
                continue
            asked = await self._read(page)
            if asked is not None and asked.reader in ("feed", "jsonfeed"):
                return await self._found(page.url, asked, None)
            here = await self._offload.run(discover, page, now=self._now)
            if best := await self._around(page, asked, here):
                return await self._found(*best, here)
        if here is not None and (guessed := await self._feed(here.guesses)):
            return await self._found(*guessed, here)
        raise ReadError(f"{url}: no news found\n{self._told(url)}", remedy="give the address of the page that lists the news")

    async def _start(self, url: str) -> Page | None:
        """None where the site answers, but not with this page. Raises FetchError where it does not answer."""
        try:
            return await self._page(url, insisting=True)
        except (HttpStatus, RedirectError, TooLarge):
            return None

    async def _around(self, page: Page, asked: Reading | None, here: Discovery) -> tuple[str, Reading] | None:
        """The feeds that a page announces, the news pages that it links to, or the list that it is itself."""
        best = await self._feed(here.feeds) or await self._news_pages(here)
        return best or (None if asked is None else (page.url, asked))

    def _told(self, url: str) -> str:
        """What was tried: a line for each answer, with the addresses on the asked site as paths."""
        site = (urls.absolute(url, "/") or "").rstrip("/")
        by_result: dict[str, list[str]] = {}
        for each in self._tried.values():
            by_result.setdefault(each.result, []).append(each.url.removeprefix(site) or "/")
        return "\n".join(f"  {result}: {', '.join(places)}" for result, places in by_result.items())

    async def _feed(self, candidates: Iterable[str]) -> tuple[str, Reading] | None:
        """The first of ``candidates`` that is a feed with entries."""
        for url in candidates:
            reading = await self._try(url)
            if reading is not None and reading.entries and reading.reader in ("feed", "jsonfeed"):
                return url, reading
        return None

    async def _news_pages(self, here: Discovery) -> tuple[str, Reading] | None:
        """A feed that one of the site's news pages announces, else the first of them that lists news."""
        lists: list[tuple[str, Reading]] = []
        for url in (lead.url for lead in here.leads):
            page = await self._page(url)
            if page is None:
                continue
            reading = await self._read(page)
            if reading is not None and reading.reader in ("feed", "jsonfeed"):
                return url, reading
            there = await self._offload.run(discover, page, now=self._now)
            if (feed := await self._feed(there.feeds)) is not None:
                return feed
            if reading is not None and len(reading.entries) >= _FEWEST:
                lists.append((url, reading))
                break
        return lists[0] if lists else None

    async def _try(self, url: str) -> Reading | None:
        page = await self._page(url)
        return None if page is None else await self._read(page)

    async def _page(self, url: str, *, insisting: bool = False) -> Page | None:
        """``insisting``: raises FetchError."""
        if url in self._tried or len(self._tried) >= _MOST_REQUESTS:
            return None
        try:
            page = await _fetched(self._fetcher, url)
        except FetchError as error:
            self._tried[url] = Tried(url, _without(url, error.message))
            if insisting:
                raise
            return None
        self._tried[url] = Tried(url, "fetched")
        return page

    async def _read(self, page: Page) -> Reading | None:
        try:
            reading = await self._offload.run(read, page, Source(id="found", url=page.url), now=self._now)
        except ReadError as error:
            self._tried[page.url] = Tried(page.url, _without(page.url, error.message))
            return None
        self._tried[page.url] = Tried(page.url, f"{counted(len(reading.entries), 'entry', 'entries')}, by {reading.reader}")
        return reading

    async def _found(self, url: str, reading: Reading, here: Discovery | None) -> Found:
        articles = await self._offload.run(_articles, reading, Source(id="found", url=url), self._now)
        home = urls.absolute(reading.link or url, "/") or url
        title = (here.title if here is not None else None) or reading.title
        source: dict[str, Any] = {"url": url} | ({"verified": self._now.date()} if articles else {})
        return Found(url, reading, articles, home, title, tuple(self._tried.values()), source, here.tongues if here is not None else ())


def _without(url: str, message: str) -> str:
    """What was wrong, where the address stands beside it."""
    return message.removeprefix(url).removeprefix(":").strip()
