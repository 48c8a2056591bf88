"""The published site: the one place that knows its addresses and turns an address into a document. Serving and exporting both ask here.

    /                       the river; older pages at /before/CURSOR
    /feeds                  every feed with its addresses
    /feeds/NAME.EXT         "all", "everything" and the feeds of the configuration
    /universities/ID        a university's own river, and with .EXT its feed
    /feeds/NAME.stories.EXT the same feed with one item for each story, which names all who report it
    /articles/ID            one article
    /stories/ID             all reports of the story that an article tells, in all languages side by side
    /opml.xml               all feeds, for import into a reader
    /search?q=              what a query finds, as a page; /search.EXT?q= as a feed
    /status  /healthz       for operators and their machines
    /static/…               style and icon

EXT is one of the formats in ``publish.FORMATS`` that is a feed. A final slash makes no difference, so that a folder of files serves the same addresses.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cached_property
from importlib.resources import files
from typing import ClassVar, Literal, NamedTuple, Protocol, cast
from urllib.parse import urlencode
from uuid import UUID

from aggregator import query
from aggregator.config import PublishedFeed, Settings
from aggregator.errors import QueryError, StoreError
from aggregator.model import Article, FeedDocument, Outline, Report, SourceState, Subscription, University
from aggregator.publish import FORMATS, FormatName, render
from aggregator.query import Query
from aggregator.serve import stories
from aggregator.serve.pages import Alternate, Frame, Pages

PAGE = 50
"""Articles on one page of a river."""
EXPORTED_PAGES = 10
"""How far back the pages of each river are exported."""

Cursor = tuple[datetime, str]
"""Before which article a page begins: the moment by which it is ordered, and its id."""

Kind = Literal["page", "article", "feed", "static", "live"]
"""What HTTP must know of a document: "article" may show images of other sites, "live" changes without a new revision."""


_STATIC = {"style.css": "text/css; charset=utf-8", "icon.svg": "image/svg+xml"}
_FEEDS: Mapping[str, str] = {format_.extension: name for name, format_ in FORMATS.items() if name != "opml"}
"""The formats that are feeds: name by extension."""

_EXTENSION = f"(?P<extension>{'|'.join(_FEEDS)})"


class Shelf(Protocol):
    """What publishing needs of the store. Any call may raise StoreError."""

    def revision(self) -> int:
        """Grows whenever published content changes."""

    def articles(self, query: Query, *, limit: int, before: Cursor | None = None) -> Sequence[Article]:
        """The newest articles that answer the query, ordered by ``(at, id)``, newest first."""

    def article(self, id: str) -> Article | None:
        """The article of this id."""

    def reports(self, of: Iterable[Article]) -> Mapping[str, tuple[Report, ...]]:
        """Where else these articles stand and who else tells their stories, by id; only where anybody does."""

    def story(self, id: str) -> Sequence[Article]:
        """All reports of the story that the article of this id tells, the first one first."""

    def states(self) -> Sequence[SourceState]:
        """How every source does."""

    def subscriptions(self) -> Sequence[Subscription]:
        """What has been asked of hubs."""


@dataclass(frozen=True, slots=True)
class Resource:
    """What stands at an address."""

    body: bytes
    media_type: str
    kind: Kind
    status: int = 200


class _Asked(NamedTuple):
    """An address, taken apart."""

    name: str | None = None
    extension: str | None = None
    before: str | None = None
    q: str = ""


@dataclass(frozen=True, eq=False)
class Site:
    """Frozen: a reload makes another one, and each equals only itself. ``health`` tells how the daemon does; its key ``ok`` is the verdict."""

    shelf: Shelf
    settings: Settings
    health: Callable[[], Mapping[str, object]] = dict

    def find(self, path: str, parameters: Mapping[str, str] | None = None) -> Resource | None:
        """What stands at ``path``, without host and prefix; None where nothing does. Only ``q`` and ``before`` matter of ``parameters``.

        Raises StoreError; everything else that an address can do wrong is answered.
        """
        asked = parameters or {}
        for pattern, answer in self._ADDRESSES:
            if match := pattern.fullmatch(path.rstrip("/")):
                parts = match.groupdict()
                return answer(
                    self,
                    _Asked(
                        parts.get("name"), parts.get("extension"), parts.get("before") or asked.get("before"), asked.get("q", "").strip()
                    ),
                )
        return None

    def missing(self) -> Resource:
        """What stands where nothing is found."""
        return self._page(self._pages.message(self._frame("Nothing here"), _MISSING), status=404)

    def unavailable(self) -> Resource:
        """What is said while the database cannot be asked. Needs no database."""
        return self._page(self._pages.message(self._frame("Back in a moment"), _UNAVAILABLE), kind="live", status=503)

    def addresses(self) -> Iterator[str]:
        """Every address whose document can be a file: all but what a question, the clock or the health of sources decides. Those of pages end in a slash.

        Pages of articles are those that some feed or some exported page of a river names.
        """
        yield from ("/feeds/", "/opml.xml", "/search/", "/static/style.css", "/static/icon.svg")
        articles: dict[str, None] = {}
        told: dict[str, None] = {}
        for feed in self.settings.feeds:
            yield from (f"/feeds/{feed.name}{kind}.{extension}" for kind in ("", ".stories") for extension in _FEEDS)
            articles.update((article.id, None) for article in self._newest(feed))
            told |= {article.story: None for article in self._newest(feed) if article.story}
        for university in self._publishing:
            yield from (f"/universities/{university.id}.{extension}" for extension in _FEEDS)
        for start, condition in self._rivers():
            for address, page in self._walk(start, condition):
                yield address
                articles.update((article.id, None) for article in page)
                told |= {article.story: None for article in page if article.story}
        for story in told:
            articles.update((article.id, None) for article in self.shelf.story(story))
        yield from (f"/stories/{id_}/" for id_ in told)
        yield from (f"/articles/{id_}/" for id_ in articles)

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
        frame = self._frame("", alternates=self._alternates("/feeds/all", self.settings.site.title))
        return self._page(self._pages.river(frame, page, newest=before is None, older=_older("", older)))

    def _university(self, asked: _Asked) -> Resource | None:
        university = self._known(asked.name)
        before = _moment(asked.before)
        if university is None or (asked.before and before is None):
            return None
        place = f"/universities/{university.id}"
        page, older = self._slice(_by(university), before)
        frame = self._frame(university.name, alternates=self._alternates(place, university.name))
        return self._page(self._pages.university(frame, university, page, newest=before is None, older=_older(place, older)))

    def _university_feed(self, asked: _Asked) -> Resource | None:
        university = self._known(asked.name)
        if university is None:
            return None
        articles = self.shelf.articles(_by(university), limit=self.settings.feeds[0].limit)
        place = f"/universities/{university.id}"
        return self._feed(asked, self._document(place, place, university.name, f"News of {university.name}", articles))

    def _published(self, asked: _Asked) -> Resource | None:
        feed = next((feed for feed in self.settings.feeds if feed.name == asked.name), None)
        if feed is None:
            return None
        description = (
            f"Articles that answer: {feed.where}"
            if feed.where and feed.name != "all"
            else f"News of {len(self._publishing)} universities, newest first"
        )
        return self._feed(asked, self._document(f"/feeds/{feed.name}", "/", feed.title, description, self._newest(feed)))

    def _published_stories(self, asked: _Asked) -> Resource | None:
        feed = next((feed for feed in self.settings.feeds if feed.name == asked.name), None)
        if feed is None:
            return None
        found = self.shelf.articles(self._parsed(feed.where), limit=2 * feed.limit)
        articles = stories.one_each(found)[: feed.limit]
        place, description = f"/feeds/{feed.name}.stories", "One item for each story, with all who report it"
        document = self._document(place, "/", f"{feed.title}: stories", description, articles)
        return self._feed(asked, self._told(document, self.shelf.reports(articles)))

    def _feeds(self, _asked: _Asked) -> Resource:
        return self._page(
            self._pages.feeds(
                self._frame("Feeds"),
                self.settings.feeds,
                self._publishing,
                {extension: FORMATS[name].title for extension, name in _FEEDS.items()},
            )
        )

    def _article(self, asked: _Asked) -> Resource | None:
        id_ = _uuid(asked.name)
        article = self.shelf.article(id_) if id_ else None
        if article is None:
            return None
        reports = self.shelf.reports([article]).get(article.id, ())
        return self._page(self._pages.article(self._frame(article.title), article, reports), kind="article")

    def _story(self, asked: _Asked) -> Resource | None:
        id_ = _uuid(asked.name)
        told = self.shelf.story(id_) if id_ else ()
        return self._page(self._pages.story(self._frame(told[0].title), told)) if told else None

    def _opml(self, _asked: _Asked) -> Resource:
        title = self.settings.site.title
        document = FeedDocument(title=title, address=self._absolute("/opml"), home=self._absolute("/"), outlines=tuple(self._outlines()))
        return Resource(render(document, "opml"), f"{FORMATS['opml'].media_type}; charset=utf-8", "feed")

    def _search(self, asked: _Asked) -> Resource:
        frame = self._frame(f"Search: {asked.q}" if asked.q else "Search", question=asked.q)
        if not asked.q:
            return self._page(self._pages.search(frame, [], older=None))
        try:
            condition = self._parsed(asked.q)
        except QueryError as error:
            return self._page(self._pages.search(frame, [], older=None, error=error), status=400)
        question = urlencode({"q": asked.q})
        page, older = self._slice(condition, _moment(asked.before))
        link = older and f"/search?{question}&before={_cursor(older)}"
        alternates = self._alternates("/search", f"Search: {asked.q}", question)
        return self._page(self._pages.search(self._frame(frame.title, alternates=alternates, question=asked.q), page, older=link))

    def _search_feed(self, asked: _Asked) -> Resource:
        try:
            articles = self.shelf.articles(self._parsed(asked.q), limit=self.settings.feeds[0].limit)
        except QueryError as error:
            told = f"{error.message} (at character {error.position + 1} of: {asked.q})\n{error.remedy or ''}\n"
            return Resource(told.encode(errors="replace"), "text/plain; charset=utf-8", "feed", 400)
        place = f"/search?{urlencode({'q': asked.q})}"
        return self._feed(
            asked, self._document(place, place, f"{asked.q} · {self.settings.site.title}", f"Articles that answer: {asked.q}", articles)
        )

    def _status(self, _asked: _Asked) -> Resource:
        pushes = {each.source: each for each in self.shelf.subscriptions()}
        return self._page(self._pages.status(self._frame("Status"), self.shelf.states(), pushes, self.health()), kind="live")

    def _healthz(self, _asked: _Asked) -> Resource:
        told: dict[str, object] = {"ok": True}
        try:
            told |= {"revision": self.shelf.revision()} | dict(self.health())
        except StoreError as error:
            told |= {"ok": False, "problem": error.message, "remedy": error.remedy}
        body = json.dumps(told, default=str, ensure_ascii=False).encode(errors="replace")
        return Resource(body, "application/json", "live", 200 if told["ok"] else 503)

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
        return query.parse(text, self.settings.universities)

    def _newest(self, feed: PublishedFeed) -> Sequence[Article]:
        return self.shelf.articles(self._parsed(feed.where), limit=feed.limit)

    def _slice(self, condition: Query, before: Cursor | None) -> tuple[Sequence[Article], Cursor | None]:
        """One page, and before which article the next one begins."""
        found = self.shelf.articles(condition, limit=PAGE + 1, before=before)
        page = found[:PAGE]
        return page, (page[-1].at, page[-1].id) if len(found) > PAGE else None

    def _document(self, place: str, home: str, title: str, description: str, articles: Sequence[Article]) -> FeedDocument:
        used = {article.source for article in articles}
        languages = {article.language for article in articles}
        return FeedDocument(
            title=title,
            address=self._absolute(place),
            home=self._absolute(home),
            description=description,
            language=languages.pop() if len(languages) == 1 else None,
            updated=max((max(article.first_seen, article.updated or article.first_seen) for article in articles), default=None),
            articles=tuple(articles),
            sources={id_: source for id_, source in self.settings.sources.items() if id_ in used},
        )

    def _told(self, document: FeedDocument, reports: Mapping[str, tuple[Report, ...]]) -> FeedDocument:
        """``document`` with where else its articles stand: in their texts, and as links."""
        sources, reports = self.settings.sources, stories.linkable(reports)
        articles = tuple(stories.named(article, reports.get(article.id, ()), sources) for article in document.articles)
        return replace(document, articles=articles, reports=reports)

    def _feed(self, asked: _Asked, document: FeedDocument) -> Resource:
        if not document.reports:
            document = self._told(document, stories.copies(self.shelf.reports(document.articles)))
        name = cast("FormatName", _FEEDS[asked.extension or "rss"])
        return Resource(render(document, name), f"{FORMATS[name].media_type}; charset=utf-8", "feed")

    def _outlines(self) -> Iterator[Outline]:
        for feed in self.settings.feeds:
            yield Outline(feed.title, self._absolute(f"/feeds/{feed.name}.rss"), home=self._absolute("/"))
        for university in self._publishing:
            place = f"/universities/{university.id}"
            yield Outline(university.name, self._absolute(f"{place}.rss"), home=self._absolute(place), group="Universities")

    def _frame(self, title: str, *, alternates: Sequence[Alternate] = (), question: str = "") -> Frame:
        site = self.settings.site
        return Frame(site=site.title, base=site.url, title=title, alternates=alternates, question=question)

    def _alternates(self, place: str, title: str, question: str = "") -> list[Alternate]:
        mark = "?" if question else ""
        return [
            Alternate(f"{title} ({FORMATS[name].title})", FORMATS[name].media_type, self._absolute(f"{place}.{extension}{mark}{question}"))
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
            (rf"/feeds/(?P<name>[^/]+)\.stories\.{_EXTENSION}", _published_stories),
            (rf"/feeds/(?P<name>[^/]+)\.{_EXTENSION}", _published),
            (rf"/universities/(?P<name>[^/]+)\.{_EXTENSION}", _university_feed),
            (r"/universities/(?P<name>[^/]+)(?:/before/(?P<before>[^/]+))?", _university),
            (r"/articles/(?P<name>[^/]+)", _article),
            (r"/stories/(?P<name>[^/]+)", _story),
            (r"/opml\.xml", _opml),
            (r"/search", _search),
            (rf"/search\.{_EXTENSION}", _search_feed),
            (r"/status", _status),
            (r"/healthz", _healthz),
            (r"/static/(?P<name>[^/]+)", _static),
        )
    )


_MISSING = (
    "Nothing here",
    "There is no page at this address. News that was once published keeps its address for life; perhaps this one was cut short on its way.",
)
_UNAVAILABLE = ("Back in a moment", "The database cannot be asked right now. Nothing is lost: please try again in half a minute.")


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
