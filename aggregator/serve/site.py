"""The published site: the one place that knows its addresses and turns an address into a document. Serving and exporting both ask here.

    /                       the river; older pages at /before/CURSOR
    /feeds                  every feed with its addresses
    /feeds/build            the feed builder: choose, look, copy the address
    /feeds/NAME.EXT         "all", "everything" and the feeds of the configuration
    /universities/ID        a university's own river, and with .EXT its feed
    …/archive/NUMBER.EXT    the older articles of both, see ``serve.channels``
    /feeds/NAME.stories.EXT the same feed with one item for each story, which names all who report it
    /articles/ID            one article
    /stories/ID             all reports of the story that an article tells, in all languages side by side
    /opml.xml               all feeds, for import into a reader; /opml/sources.xml all sources
    /api/v1/…               the same for programs, see ``serve.api``
    /search?q=              what a query finds, as a page; /search.EXT?q= as a feed. The page also takes from= and language=, as a form sends them
    /status                 for operators
    /healthz /readyz        for their machines: is it well? may it be asked? what has it counted?
    /metrics
    /events.EXT             what happened to the sources and the daemon, for a reader
    /static/…               style and icon

Every page takes ``lang``: its language, where the reader chose one by hand. EXT is one of the formats in ``publish.FORMATS`` that is a feed. A final slash makes no difference, so that a folder of files serves the same addresses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from importlib.resources import files
from types import MappingProxyType
from typing import ClassVar, Literal, NamedTuple, Protocol, cast
from urllib.parse import urlencode
from uuid import UUID

from aggregator import __version__, query
from aggregator.config import Settings
from aggregator.config.opml import listing
from aggregator.errors import QueryError, StoreError
from aggregator.model import Article, Event, FeedDocument, Outline, Report, SourceState, Subscription, University
from aggregator.publish import FORMATS, FormatName, render
from aggregator.publish import place as address_in
from aggregator.query import Query
from aggregator.refine.mentions.gazetteer import Directory
from aggregator.serve import api, channels, stories
from aggregator.serve.channels import Channel
from aggregator.serve.choice import NOTHING, Choice
from aggregator.serve.frame import Alternate, Frame
from aggregator.serve.happenings import MOST as HAPPENINGS
from aggregator.serve.happenings import as_article
from aggregator.serve.pages import Pages, called
from aggregator.serve.speech import SPEECHES, Speech, noted

PAGE = 50
"""Articles on one page of a river."""
EXPORTED_PAGES = 10
"""How far back the pages of each river are exported."""

Cursor = tuple[datetime, str]
"""Before which article a page begins: the moment by which it is ordered, and its id."""

Kind = Literal["page", "article", "feed", "archive", "view", "data", "static", "live"]
"""What HTTP must know of a document: "article" may show images of other sites, an "archive" is a feed that never changes, "view" is a feed as a page,
"data" is for programs alone, "live" changes without a new revision.
"""

PREVIEW = 10
"""Articles that the feed builder shows."""

_STATIC = {
    "style.css": "text/css; charset=utf-8",
    "feed.css": "text/css; charset=utf-8",
    "site.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
_FEEDS: Mapping[str, str] = {format_.extension: name for name, format_ in FORMATS.items() if name != "opml"}
"""The formats that are feeds: name by extension."""

_NO_LINKS: Mapping[str, str] = MappingProxyType({})
_NUMBER = "(?P<number>[1-9][0-9]{0,9})"
_ARCHIVED = re.compile(r"(/.+)/archive/([0-9]+)\.[a-z]+")
_EXTENSION = f"(?P<extension>{'|'.join(_FEEDS)})"
_FORM = ("q", "before", "from", "language")
_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "/search": _FORM,
    "/feeds/build": _FORM,
    "/status": ("sort", "state"),
    f"{api.PLACE}/articles": ("q", "before", "limit"),
} | {f"/search.{extension}": ("q", "before") for extension in _FEEDS}
"""What each address takes beside ``lang``. Others are left out, so that they cannot multiply what is kept."""
_FILES = re.compile(r"/static/.*|/opml(/sources)?\.xml|/api/.*|/healthz")
_FEED = re.compile(rf"/(feeds|universities)/[^/]+(/archive/[0-9]+)?\.({'|'.join(_FEEDS)})|/search\.({'|'.join(_FEEDS)})")


def parameters(path: str) -> tuple[str, ...]:
    """What can be asked of this address, beside the language of a page."""
    return _PARAMETERS.get(path, ())


def is_feed(path: str) -> bool:
    """Whether a feed can stand there, which is a page for those who open it in a browser: with the parameter ``view``."""
    return _FEED.fullmatch(path) is not None


def is_page(path: str) -> bool:
    """Whether what stands there is written in the language of its reader."""
    return not (_FILES.fullmatch(path) or is_feed(path))


class Shelf(Protocol):
    """What publishing needs of the store. Any call may raise StoreError."""

    def revision(self) -> int:
        """Grows whenever published content changes."""

    def articles(self, query: Query, *, limit: int, before: Cursor | None = None) -> Sequence[Article]:
        """The newest articles that answer the query, ordered by ``(at, id)``, newest first."""

    def article(self, id: str) -> Article | None:
        """The article of this id."""

    def count(self, query: Query) -> int:
        """How many articles answer the query."""

    def stored(self, query: Query, *, skip: int, limit: int) -> Sequence[Article]:
        """The articles that answer the query in the order in which they came, without the first ``skip``."""

    def touched(self, query: Query, *, skip: int, limit: int) -> int:
        """The revision in which one of ``stored`` was last added or changed."""

    def news(self, query: Query, *, since: int, limit: int) -> Sequence[Article]:
        """Those of ``articles`` that were added or changed after revision ``since``."""

    def reports(self, of: Iterable[Article]) -> Mapping[str, tuple[Report, ...]]:
        """Where else these articles stand and who else tells their stories, by id; only where anybody does."""

    def story(self, id: str) -> Sequence[Article]:
        """All reports of the story that the article of this id tells, the first one first."""

    def states(self) -> Sequence[SourceState]:
        """How every source does."""

    def events(self, *, limit: int) -> Sequence[Event]:
        """What happened, newest first."""

    def subscriptions(self) -> Sequence[Subscription]:
        """What has been asked of hubs."""

    def languages(self) -> Sequence[str]:
        """In which languages there are articles: primary subtags of BCP 47."""


@dataclass(frozen=True, slots=True)
class Resource:
    """What stands at an address."""

    body: bytes
    media_type: str
    kind: Kind
    status: int = 200
    link: str = ""
    """Its place among others, as the header of that name says it (RFC 8288)."""


class _Asked(NamedTuple):
    """An address, taken apart."""

    name: str | None = None
    extension: str | None = None
    before: str | None = None
    place: str = "/"
    """Path and question, without the language."""
    speech: Speech = SPEECHES["en"]
    kept: bool = False
    """Whether the language was chosen by hand."""
    view: bool = False
    choice: Choice = NOTHING
    sort: str = ""
    state: str = ""
    number: str = ""
    limit: str = ""

    @property
    def q(self) -> str:
        return self.choice.words


@dataclass(frozen=True, eq=False)
class Site:
    """Frozen: a reload makes another one, and each equals only itself. ``health`` tells how the daemon does; its key ``ok`` is the verdict."""

    shelf: Shelf
    settings: Settings
    health: Callable[[], Mapping[str, object]] = dict
    metrics: Callable[[], bytes] | None = None
    """Tells what was counted, for Prometheus; None: nobody counts."""
    still: bool = False
    """Whether it is for files, whose pages offer nothing that needs an answer."""

    def find(self, path: str, asked: Mapping[str, str] | None = None) -> Resource | None:
        """What stands at ``path``, without host and prefix; None where nothing does. ``asked``: its ``parameters``, of which those that are given
        several times are ``choice.joined``; ``lang``, the language that the reader chose; ``accept``, the one that the browser wants; ``view``, which
        shows a feed as a page.

        Raises StoreError; everything else that an address can do wrong is answered.
        """
        for pattern, answer in self._ADDRESSES:
            if match := pattern.fullmatch(path.rstrip("/")):
                return answer(self, self._taken_apart(path, asked or {}, match.groupdict()))
        return None

    def missing(self, asked: Mapping[str, str] | None = None) -> Resource:
        """What stands where nothing is found."""
        return self._message(asked or {}, _MISSING, kind="page", status=404)

    def unavailable(self, asked: Mapping[str, str] | None = None) -> Resource:
        """What is said while the database cannot be asked. Needs no database."""
        return self._message(asked or {}, _UNAVAILABLE, kind="live", status=503)

    def _message(self, asked: Mapping[str, str], words: tuple[str, str], *, kind: Kind, status: int) -> Resource:
        taken = self._taken_apart("/", asked, {})
        heading, sentence = (taken.speech.say(each) for each in words)
        return self._page(self._pages.message(self._frame(taken, heading), (heading, sentence)), kind=kind, status=status)

    def _taken_apart(self, path: str, asked: Mapping[str, str], parts: Mapping[str, str | None]) -> _Asked:
        wanted = asked.get("lang", "")
        spoken = wanted if wanted in SPEECHES else asked.get("accept", "")
        place = path if is_feed(path) else f"{path.rstrip('/')}/"
        given = [(name, value) for name in (*_FORM, "sort", "state") for value in asked.get(name, "").split("\n") if value]
        return _Asked(
            name=parts.get("name"),
            extension=parts.get("extension"),
            before=parts.get("before") or asked.get("before"),
            place=f"{place}?{urlencode(given)}" if given else place,
            speech=SPEECHES.get(spoken) or self._own,
            kept=wanted in SPEECHES,
            view="view" in asked,
            choice=Choice.of(asked),
            sort=asked.get("sort", ""),
            state=asked.get("state", ""),
            number=parts.get("number") or "",
            limit=asked.get("limit", ""),
        )

    def addresses(self) -> Iterator[str]:
        """Every address whose document can be a file: all but what a question, the clock or the health of sources decides. Those of pages end in a slash.

        Pages of articles are those that some feed or some exported page of a river names.
        """
        yield from ("/feeds/", "/opml.xml", "/opml/sources.xml", *(f"/static/{name}" for name in _STATIC))
        articles: dict[str, None] = {}
        told: dict[str, None] = {}
        for channel in self._channels.values():
            places = (channel.place, *channels.archive(self.shelf, channel))
            yield from (f"{place}.{extension}" for place in places for extension in _FEEDS)
        for feed in self.settings.feeds:
            yield from (f"/feeds/{feed.name}.stories.{extension}" for extension in _FEEDS)
            newest = channels.newest(self.shelf, self._channels[f"/feeds/{feed.name}"])
            articles.update((article.id, None) for article in newest)
            told |= {article.story: None for article in newest if article.story}
        for start, condition in self._rivers():
            for address, page in self._walk(start, condition):
                yield address
                articles.update((article.id, None) for article in page)
                told |= {article.story: None for article in page if article.story}
        for story in told:
            articles.update((article.id, None) for article in self.shelf.story(story))
        yield from (f"/stories/{id_}/" for id_ in told)
        yield from (f"/articles/{id_}/" for id_ in articles)

    def stamp(self, address: str) -> str | None:
        """What decides of the document there, for a fraction of its cost: while it is the same, so is the document. None: nothing but the document tells."""
        match = _ARCHIVED.fullmatch(address)
        channel = self._channels.get(match[1]) if match else None
        return f"{self._manner} {channels.stamp(self.shelf, channel, int(match[2]))}" if match and channel else None

    @cached_property
    def _manner(self) -> str:
        """Of all that decides how articles are shown."""
        settings = self.settings
        sources, universities = sorted(settings.sources.items()), sorted(settings.universities.items())
        said = repr((__version__, settings.site, settings.hub, settings.feeds, sources, universities))
        return sha256(said.encode(errors="replace")).hexdigest()[:16]

    def _rivers(self) -> Iterator[tuple[str, Query]]:
        yield "", self._front
        for university in self._publishing:
            yield f"/universities/{university.id}", _by(university)

    def _walk(self, start: str, condition: Query) -> Iterator[tuple[str, Sequence[Article]]]:
        before: Cursor | None = None
        for _ in range(EXPORTED_PAGES):
            page, older = self._slice(condition, before)
            yield f"{start}/before/{_cursor(before)}/" if before else f"{start}/", page
            if older is None:
                return
            before = older

    # What stands at the addresses

    def _river(self, asked: _Asked) -> Resource | None:
        before = _moment(asked.before)
        if asked.before and before is None:
            return None
        page, older = self._slice(self._front, before)
        frame = self._frame(asked, alternates=self._alternates("/feeds/all", self.settings.site.title), filtered=True)
        return self._page(self._pages.river(frame, page, newest=before is None, older=_older("", older)))

    def _university(self, asked: _Asked) -> Resource | None:
        university = self._known(asked.name)
        before = _moment(asked.before)
        if university is None or (asked.before and before is None):
            return None
        place = f"/universities/{university.id}"
        page, older = self._slice(_by(university), before)
        frame = self._frame(asked, called(university, asked.speech), alternates=self._alternates(place, university.name))
        return self._page(self._pages.university(frame, university, page, newest=before is None, older=_older(place, older)))

    def _university_feed(self, asked: _Asked) -> Resource | None:
        return self._subscription(asked, self._channels.get(f"/universities/{asked.name}"))

    def _published(self, asked: _Asked) -> Resource | None:
        return self._subscription(asked, self._channels.get(f"/feeds/{asked.name}"))

    def _subscription(self, asked: _Asked, channel: Channel | None) -> Resource | None:
        """What subscribers poll, or a page of its archive."""
        if channel is None:
            return None
        if not asked.number:
            articles = channels.newest(self.shelf, channel)
            return self._feed(asked, self._document(channel, articles, links=channels.older(self.shelf, channel, articles)))
        page = channels.page(self.shelf, channel, int(asked.number))
        if page is None:
            return None
        document = self._document(channel, page.articles, links=page.links)
        return self._feed(asked, replace(document, address=self._absolute(page.place), archive=True), kind="archive")

    def news(self, topic: str, since: int) -> Resource | None:
        """What a feed has got since that revision, as the feed: what its subscribers have not been told yet. None: nothing, or there is no such feed."""
        place, _, extension = topic.rpartition(".")
        channel = self._channels.get(place)
        if channel is None or extension not in _FEEDS:
            return None
        fresh = self.shelf.news(channel.question, since=since, limit=channel.limit)
        return self._feed(_Asked(extension=extension), self._document(channel, fresh)) if fresh else None

    def changed(self, since: int) -> Sequence[str]:
        """The feeds that have got something since that revision."""
        places = [place for place, channel in self._channels.items() if self.shelf.news(channel.question, since=since, limit=1)]
        return [f"{place}.{extension}" for place in places for extension in _FEEDS]

    @cached_property
    def topics(self) -> Sequence[str]:
        """The feeds that can be subscribed to at a hub."""
        return tuple(f"{place}.{extension}" for place in self._channels for extension in _FEEDS)

    def _published_stories(self, asked: _Asked) -> Resource | None:
        feed = self._channels.get(f"/feeds/{asked.name}")
        if feed is None:
            return None
        found = self.shelf.articles(feed.question, limit=2 * feed.limit)
        articles = stories.one_each(found)[: feed.limit]
        title, told = self._own.say("%(feed)s: stories", feed=feed.title), self._own.say("One item for each story, with all who report it")
        channel = replace(feed, place=f"{feed.place}.stories", title=title, description=told)
        document = replace(self._document(channel, articles), hub=None)  # what is new in it is not a list of articles
        return self._feed(asked, self._told(document, self.shelf.reports(articles)))

    def _feeds(self, asked: _Asked) -> Resource:
        formats = {extension: FORMATS[name].title for extension, name in _FEEDS.items()}
        return self._page(self._pages.feeds(self._frame(asked, asked.speech.say("Feeds")), self.settings.feeds, formats))

    def _builder(self, asked: _Asked) -> Resource:
        title = asked.speech.say("Build a feed")
        try:
            question = asked.choice.question(self.settings.universities)
            page = self.shelf.articles(self._parsed(question), limit=PREVIEW) if question else ()
        except QueryError as error:
            return self._page(self._pages.builder(self._frame(asked, title, filtered=True), asked.q, (), error=error), status=400)
        alternates = self._alternates("/search", question, urlencode({"q": question})) if question else ()
        return self._page(self._pages.builder(self._frame(asked, title, alternates=alternates, filtered=True), question, page))

    def _article(self, asked: _Asked) -> Resource | None:
        id_ = _uuid(asked.name)
        article = self.shelf.article(id_) if id_ else None
        if article is None:
            return None
        reports = self.shelf.reports([article]).get(article.id, ())
        return self._page(self._pages.article(self._frame(asked, article.title), article, reports), kind="article")

    def _story(self, asked: _Asked) -> Resource | None:
        id_ = _uuid(asked.name)
        told = self.shelf.story(id_) if id_ else ()
        return self._page(self._pages.story(self._frame(asked, told[0].title), told)) if told else None

    def _opml(self, _asked: _Asked) -> Resource:
        title = self.settings.site.title
        document = FeedDocument(title=title, address=self._absolute("/opml"), home=self._absolute("/"), outlines=tuple(self._outlines()))
        return Resource(render(document, "opml"), f"{FORMATS['opml'].media_type}; charset=utf-8", "data")

    def _sources_opml(self, _asked: _Asked) -> Resource:
        return Resource(render(listing(self.settings), "opml"), f"{FORMATS['opml'].media_type}; charset=utf-8", "data")

    def _search(self, asked: _Asked) -> Resource:
        say = asked.speech.say
        try:
            question = asked.choice.question(self.settings.universities)
            condition = self._parsed(question)
        except QueryError as error:
            frame = self._frame(asked, say("Search"), filtered=True)
            return self._page(self._pages.search(frame, asked.q, (), older=None, error=error), status=400)
        if not question:
            return self._page(self._pages.search(self._frame(asked, say("Search"), filtered=True), "", (), older=None))
        title = say("Search: %(question)s", question=question)
        page, older = self._slice(condition, _moment(asked.before))
        link = older and f"/search?{asked.choice.parameters}&before={_cursor(older)}"
        alternates = self._alternates("/search", question, urlencode({"q": question}))
        frame = self._frame(asked, title, alternates=alternates, filtered=True)
        return self._page(self._pages.search(frame, question, page, older=link))

    def _search_feed(self, asked: _Asked) -> Resource:
        try:
            articles, older = self._slice(self._parsed(asked.q), _moment(asked.before), self.settings.feeds[0].limit)
        except QueryError as error:
            told = f"{error.message} (at character {error.position + 1} of: {asked.q})\n{error.remedy or ''}\n"
            return Resource(told.encode(errors="replace"), "text/plain; charset=utf-8", "feed", 400)
        place = f"/search?{urlencode({'q': asked.q})}"
        title = f"{asked.q} · {self.settings.site.title}"
        channel = Channel(
            place, place, title, self._own.say("Articles that answer: %(question)s", question=asked.q), query.Everything(), len(articles)
        )
        links = {"next": f"{place}&before={_cursor(older)}"} if older else {}
        return self._feed(asked, replace(self._document(channel, articles, links=links), hub=None))

    # For programs

    def _api_articles(self, asked: _Asked) -> Resource:
        limit = asked.limit or str(api.USUAL)
        before = _moment(asked.before)
        if not (limit.isascii() and limit.isdecimal() and 1 <= int(limit[:9]) <= api.MOST):
            return self._json(api.problem(f"limit is no number from 1 to {api.MOST}"), status=400)
        if asked.before and before is None:
            return self._json(api.problem("before is no place in a list", remedy="follow the address in next"), status=400)
        try:
            found, older = self._slice(self._parsed(asked.q), before, int(limit))
        except QueryError as error:
            return self._json(api.problem(error.message, position=error.position, remedy=error.remedy), status=400)
        following = {"q": asked.q, "limit": asked.limit, "before": older and _cursor(older)}
        address = f"{api.PLACE}/articles?{urlencode({name: value for name, value in following.items() if value})}"
        return self._json(api.articles(found, self.settings.site.url, self._absolute(address) if older else None))

    def _api_article(self, asked: _Asked) -> Resource:
        id_ = _uuid(asked.name)
        found = self.shelf.article(id_) if id_ else None
        return (
            self._json(api.article(found, self.settings.site.url))
            if found
            else self._json(api.problem("there is no such article"), status=404)
        )

    def _api_lists(self, asked: _Asked) -> Resource:
        settings, site = self.settings, self.settings.site.url
        if asked.name == "sources":
            told = [api.source(each) for each in settings.sources.values()]
        elif asked.name == "universities":
            told = [api.university(each, site, tuple(_FEEDS)) for each in self._publishing]
        else:
            told = [api.feed(each.name, each.title, each.where, site, tuple(_FEEDS)) for each in settings.feeds]
        return self._json({asked.name or "": told})

    def _openapi(self, _asked: _Asked) -> Resource:
        return self._json(api.description(self.settings.site.title, self.settings.site.url))

    def _json(self, told: api.Json, *, status: int = 200) -> Resource:
        return Resource(api.written(told), "application/json", "data", status)

    def _status(self, asked: _Asked) -> Resource:
        pushes = {each.source: each for each in self.shelf.subscriptions()}
        frame = self._frame(asked, asked.speech.say("Status"))
        page = self._pages.status(frame, self.shelf.states(), pushes, self.health(), order=asked.sort, only=asked.state)
        return self._page(page, kind="live")

    def _healthz(self, _asked: _Asked) -> Resource:
        told: dict[str, object] = {"ok": True}
        try:
            told |= {"revision": self.shelf.revision()} | dict(self.health())
        except StoreError as error:
            told |= {"ok": False, "problem": error.message, "remedy": error.remedy}
        body = json.dumps(told, default=str, ensure_ascii=False).encode(errors="replace")
        return Resource(body, "application/json", "live", 200 if told["ok"] else 503)

    def _events(self, asked: _Asked) -> Resource:
        """For an operator who lives in a reader: what broke, mended itself, moved."""
        document = FeedDocument(
            title=f"{self.settings.site.title}: what happens",
            address=self._absolute("/events"),
            home=self._absolute("/status"),
            description="What happened to the sources and to the daemon",
            articles=tuple(as_article(event, self.settings.site.url) for event in self.shelf.events(limit=HAPPENINGS)),
            sources=self.settings.sources,
        )
        return replace(self._feed(asked, document), kind="live")

    def _readyz(self, _asked: _Asked) -> Resource:
        """Whether questions may be sent here: the database answers, the daemon has begun and is not ending. A daemon that cannot poll still serves."""
        try:
            self.shelf.revision()
        except StoreError as error:
            return Resource(f"not ready: {error.message}\n".encode(errors="replace"), "text/plain; charset=utf-8", "live", 503)
        ready = bool(self.health().get("ready", True))
        return Resource(
            b"ready\n" if ready else b"not ready: starting or ending\n", "text/plain; charset=utf-8", "live", 200 if ready else 503
        )

    def _metrics(self, _asked: _Asked) -> Resource | None:
        return Resource(self.metrics(), "text/plain; version=0.0.4; charset=utf-8", "live") if self.metrics else None

    def _static(self, asked: _Asked) -> Resource | None:
        media_type = _STATIC.get(asked.name or "")
        return (
            Resource((files("aggregator.serve") / "static" / (asked.name or "")).read_bytes(), media_type, "static") if media_type else None
        )

    # Of which they are made

    @cached_property
    def _pages(self) -> Pages:
        return Pages(self.settings.universities, self.settings.sources)

    @cached_property
    def _own(self) -> Speech:
        """The language of what all readers get alike."""
        return SPEECHES[self.settings.site.language]

    @cached_property
    def _front(self) -> Query:
        """What the front page shows: that of the first feed."""
        return self._parsed(self.settings.feeds[0].where)

    @cached_property
    def _publishing(self) -> Sequence[University]:
        """The universities that have a source, by name."""
        active = {source.university for source in self.settings.sources.values()}
        return sorted((each for each in self.settings.universities.values() if each.id in active), key=lambda each: each.name.casefold())

    def _known(self, name: str | None) -> University | None:
        return next((each for each in self._publishing if each.id == name), None)

    def _parsed(self, text: str) -> Query:
        return query.parse(text, self.settings.universities, Directory(self.settings.registry))

    @cached_property
    def _channels(self) -> Mapping[str, Channel]:
        """Every feed that has a name, by its place."""
        return {channel.place: channel for channel in self._named()}

    def _named(self) -> Iterator[Channel]:
        for feed in self.settings.feeds:
            answering = self._own.say("Articles that answer: %(question)s", question=feed.where)
            description = answering if feed.where and feed.name != "all" else self._everything
            yield Channel(f"/feeds/{feed.name}", "/", feed.title, description, self._parsed(feed.where), feed.limit)
        for university in self._publishing:
            place = f"/universities/{university.id}"
            limit = self.settings.feeds[0].limit
            yield Channel(
                place, place, university.name, self._own.say("News of %(university)s", university=university.name), _by(university), limit
            )

    @property
    def _everything(self) -> str:
        count = len(self._publishing)
        words = self._own.words.ngettext("News of %(num)s university, newest first", "News of %(num)s universities, newest first", count)
        return words % {"num": count}

    def _slice(self, condition: Query, before: Cursor | None, size: int = PAGE) -> tuple[Sequence[Article], Cursor | None]:
        """One page, and before which article the next one begins."""
        found = self.shelf.articles(condition, limit=size + 1, before=before)
        page = found[:size]
        return page, (page[-1].at, page[-1].id) if len(found) > size else None

    def _document(self, channel: Channel, articles: Sequence[Article], *, links: Mapping[str, str] = _NO_LINKS) -> FeedDocument:
        used = {article.source for article in articles}
        languages = {article.language for article in articles}
        return FeedDocument(
            title=channel.title,
            address=self._absolute(channel.place),
            home=self._absolute(channel.home),
            description=channel.description,
            hub=self.settings.hub,
            links={relation: self._absolute(place) for relation, place in links.items()},
            language=languages.pop() if len(languages) == 1 else None,
            updated=max((max(article.first_seen, article.updated or article.first_seen) for article in articles), default=None),
            articles=tuple(articles),
            sources={id_: source for id_, source in self.settings.sources.items() if id_ in used},
        )

    def _told(self, document: FeedDocument, reports: Mapping[str, tuple[Report, ...]]) -> FeedDocument:
        """``document`` with where else its articles stand: in their texts, and as links."""
        sources, reports = self.settings.sources, stories.linkable(reports)
        articles = tuple(stories.named(article, reports.get(article.id, ()), sources, self._own) for article in document.articles)
        return replace(document, articles=articles, reports=reports)

    def _feed(self, asked: _Asked, document: FeedDocument, *, kind: Kind = "feed") -> Resource:
        extension = asked.extension or "rss"
        if asked.view:
            return self._view(asked, document, extension)
        if not document.reports:
            document = self._told(document, stories.copies(self.shelf.reports(document.articles)))
        name = cast("FormatName", _FEEDS[extension])
        own = address_in(document.address, extension)
        link = f'<{document.hub}>; rel="hub", <{own}>; rel="self"' if document.hub else f'<{own}>; rel="self"'
        styled = replace(document, style=self._absolute("/static/feed.css"))
        return Resource(render(styled, name), f"{FORMATS[name].media_type}; charset=utf-8", kind, link=link if own.isascii() else "")

    def _view(self, asked: _Asked, document: FeedDocument, extension: str) -> Resource:
        """A feed as a page. Nobody can subscribe to a page of its archive; that one leads to what can be subscribed to."""
        own = address_in(document.address, extension)
        address = address_in(document.links.get("current", document.address), extension)
        media_type = FORMATS[cast("FormatName", _FEEDS[extension])].media_type
        return self._page(self._pages.feed(self._frame(asked, document.title), document, address, own, media_type), kind="view")

    def _outlines(self) -> Iterator[Outline]:
        for feed in self.settings.feeds:
            yield Outline(feed.title, self._absolute(f"/feeds/{feed.name}.rss"), home=self._absolute("/"))
        for university in self._publishing:
            place = f"/universities/{university.id}"
            yield Outline(university.name, self._absolute(f"{place}.rss"), home=self._absolute(place), group="Universities")

    def _frame(self, asked: _Asked, title: str = "", *, alternates: Sequence[Alternate] = (), filtered: bool = False) -> Frame:
        """``filtered``: readers can choose universities and languages there."""
        site = self.settings.site
        return Frame(
            site=site.title,
            base=site.url,
            title=title,
            place=asked.place,
            speech=asked.speech,
            kept=asked.kept,
            alternates=alternates,
            choice=asked.choice,
            still=self.still,
            filters=self._pages.filters(asked.speech, self.shelf.languages()) if filtered else None,
        )

    def _alternates(self, place: str, title: str, question: str = "") -> list[Alternate]:
        mark = "?" if question else ""
        return [
            Alternate(
                f"{title} ({FORMATS[name].title})",
                FORMATS[name].title,
                FORMATS[name].media_type,
                self._absolute(f"{place}.{extension}{mark}{question}"),
            )
            for extension, name in _FEEDS.items()
        ]

    def _absolute(self, place: str) -> str:
        return f"{self.settings.site.url}{place}"

    def _page(self, text: str, *, kind: Kind = "page", status: int = 200) -> Resource:
        return Resource(text.encode(errors="replace"), "text/html; charset=utf-8", kind, status)

    _ADDRESSES: ClassVar[tuple[tuple[re.Pattern[str], Callable[[Site, _Asked], Resource | None]], ...]] = tuple(
        (re.compile(pattern), answer)
        for pattern, answer in (
            (r"(?:/before/(?P<before>[^/]+))?", _river),
            (r"/feeds", _feeds),
            (r"/feeds/build", _builder),
            (rf"/feeds/(?P<name>[^/]+)\.stories\.{_EXTENSION}", _published_stories),
            (rf"/feeds/(?P<name>[^/]+)\.{_EXTENSION}", _published),
            (rf"/feeds/(?P<name>[^/]+)/archive/{_NUMBER}\.{_EXTENSION}", _published),
            (rf"/universities/(?P<name>[^/]+)\.{_EXTENSION}", _university_feed),
            (rf"/universities/(?P<name>[^/]+)/archive/{_NUMBER}\.{_EXTENSION}", _university_feed),
            (r"/universities/(?P<name>[^/]+)(?:/before/(?P<before>[^/]+))?", _university),
            (r"/articles/(?P<name>[^/]+)", _article),
            (r"/stories/(?P<name>[^/]+)", _story),
            (r"/opml\.xml", _opml),
            (r"/opml/sources\.xml", _sources_opml),
            (r"/search", _search),
            (rf"/search\.{_EXTENSION}", _search_feed),
            (rf"{api.PLACE}/articles", _api_articles),
            (rf"{api.PLACE}/articles/(?P<name>[^/]+)", _api_article),
            (rf"{api.PLACE}/(?P<name>sources|universities|feeds)", _api_lists),
            (r"/api/openapi\.json", _openapi),
            (r"/status", _status),
            (r"/healthz", _healthz),
            (r"/readyz", _readyz),
            (rf"/events\.{_EXTENSION}", _events),
            (r"/metrics", _metrics),
            (r"/static/(?P<name>[^/]+)", _static),
        )
    )


_MISSING = (
    noted("Nothing here"),
    noted(
        "There is no page at this address. News that was once published keeps its address for life; perhaps this one was cut short on its way."
    ),
)
_UNAVAILABLE = (
    noted("Back in a moment"),
    noted("The database cannot be asked right now. Nothing is lost: please try again in half a minute."),
)


def _by(university: University) -> Query:
    return query.Field("university", (university.id,))


def _older(place: str, cursor: Cursor | None) -> str | None:
    return f"{place}/before/{_cursor(cursor)}/" if cursor else None


def _cursor(cursor: Cursor) -> str:
    at, id_ = cursor
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{id_}"


def _moment(text: str | None) -> Cursor | None:
    when, _, id_ = (text or "").partition("-")
    try:
        return datetime.strptime(when, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC), str(UUID(id_))
    except ValueError:
        return None


def _uuid(text: str | None) -> str | None:
    try:
        return str(UUID(text or ""))
    except ValueError:
        return None
