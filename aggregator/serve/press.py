"""What every document is made with: the configuration, the store, the pages, and what stands around them. Knows the addresses of feeds, and no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from typing import cast
from urllib.parse import quote, urlsplit

from aggregator import __version__, query
from aggregator.config import Settings
from aggregator.model import Departed, Event, FeedDocument, Report, Source, University
from aggregator.publish import FORMATS, FormatName, render
from aggregator.publish import place as address_in
from aggregator.query import Query
from aggregator.refine.registry import Directory
from aggregator.serve import stories
from aggregator.serve.asked import FEEDS, Asked
from aggregator.serve.channels import Channel
from aggregator.serve.fragments import Fragments
from aggregator.serve.frame import Alternate, Frame
from aggregator.serve.pages import Pages
from aggregator.serve.resource import Kind, Resource
from aggregator.serve.shelf import Shelf
from aggregator.serve.speech import SPEECHES, Speech

ROOM = 24_000_000
"""Bytes of items that were written, and of the articles that they were written of."""


@dataclass(frozen=True, eq=False)
class Press:
    """One for each site. ``health``, ``metrics`` and ``still`` as ``site.Site`` has them."""

    shelf: Shelf
    settings: Settings
    health: Callable[[], Mapping[str, object]] = dict
    metrics: Callable[[], bytes] | None = None
    still: bool = False

    @cached_property
    def pages(self) -> Pages:
        return Pages(self.universities, self.sources, listed={each.id for each in self.publishing})

    @cached_property
    def plain(self) -> Pages:
        """Those that need no database."""
        return Pages(self.settings.universities, self.settings.sources)

    @cached_property
    def _departed(self) -> Departed:
        return self.shelf.departed(self.settings.sources.keys())

    @cached_property
    def universities(self) -> Mapping[str, University]:
        """The configured ones, and those that are not any more but whose articles are shown."""
        return {**self._departed.universities, **self.settings.universities}

    @cached_property
    def named(self) -> Mapping[str, University]:
        """Those that questions may name: the same, and all that were ever polled, each by the id that it had, with the id that it has."""
        return self._departed.named(self.settings.universities)

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Likewise."""
        return {**self._departed.sources, **self.settings.sources}

    @cached_property
    def _fragments(self) -> Fragments:
        return Fragments(ROOM)

    @cached_property
    def own(self) -> Speech:
        """The language of what all readers get alike."""
        return SPEECHES[self.settings.site.language]

    @cached_property
    def front(self) -> Query:
        """What the front page shows: that of the first feed."""
        return self.parsed(self.settings.feeds[0].where)

    @cached_property
    def publishing(self) -> Sequence[University]:
        """The universities that have a source, by name."""
        active = {source.university for source in self.settings.sources.values()}
        return sorted((each for each in self.settings.universities.values() if each.id in active), key=lambda each: each.name.casefold())

    @cached_property
    def shown(self) -> Sequence[University]:
        """Those that have a page and feeds: the same, and those whose news once came. Who subscribes to one that is not polled any more keeps what there is."""
        left = self._departed.universities.keys() - {each.id for each in self.publishing}
        return [*self.publishing, *(self.universities[id] for id in sorted(left))]

    @cached_property
    def channels(self) -> Mapping[str, Channel]:
        """Every feed that has a name, by its place."""
        return {channel.place: channel for channel in self._named()}

    def _named(self) -> Iterator[Channel]:
        for feed in self.settings.feeds:
            answering = self.own.say("Articles that answer: %(question)s", question=feed.where)
            description = answering if feed.where and feed.name != "all" else self._everything
            yield Channel(f"/feeds/{feed.name}", "/", feed.title, description, self.parsed(feed.where), feed.limit)
        for university in self.shown:
            place = f"/universities/{university.id}"
            limit = self.settings.feeds[0].limit
            yield Channel(
                place,
                place,
                university.name,
                self.own.say("News of %(university)s", university=university.name),
                published_by(university),
                limit,
            )

    @property
    def _everything(self) -> str:
        count = len(self.publishing)
        words = self.own.words.ngettext("News of %(num)s university, newest first", "News of %(num)s universities, newest first", count)
        return words % {"num": count}

    @cached_property
    def manner(self) -> str:
        """Of all that decides how articles are shown."""
        settings = self.settings
        sources, universities = sorted(self.sources.items()), sorted(self.universities.items())
        said = repr((__version__, settings.site, settings.hub, settings.feeds, sources, universities))
        return sha256(said.encode(errors="replace")).hexdigest()[:16]

    def university(self, name: str | None) -> University | None:
        """One that has, or once had, a source."""
        return next((each for each in self.shown if each.id == name), None)

    def heir(self, name: str | None) -> University | None:
        """Who carries on what one of that name was, and has a page."""
        found = self._departed.former.get(name or "")
        return self.university(found.id) if found and found.id != name else None

    @cached_property
    def heirs(self) -> Mapping[str, University]:
        """Them all, by the name that leads to them."""
        return {name: heir for name in self._departed.former if self.university(name) is None and (heir := self.heir(name))}

    def parsed(self, text: str) -> Query:
        """Raises QueryError."""
        return query.parse(text, self.named, Directory(self.settings.registry))

    def absolute(self, place: str) -> str:
        return f"{self.settings.site.url}{place}"

    def page(self, text: str, *, kind: Kind = "page", status: int = 200) -> Resource:
        return Resource(text.encode(errors="replace"), "text/html; charset=utf-8", kind, status)

    def moved(self, asked: Asked, place: str) -> Resource:
        """What is said where something stood that is at ``place`` now; by whatever name the site was reached."""
        chosen = f"{'&' if '?' in place else '?'}lang={asked.speech.code}" if asked.kept else ""
        address = f"{urlsplit(self.settings.site.url).path}{quote(place, safe='/?&=%')}{chosen}"  # a header: nothing of it may end the line
        kind: Kind = "feed" if asked.extension else "page"
        return Resource(f"This is at {address} now.\n".encode(), "text/plain; charset=utf-8", kind, 301, location=address)

    def frame(self, asked: Asked, title: str = "", *, alternates: Sequence[Alternate] = (), filtered: bool = False) -> Frame:
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
            filters=self.pages.filters(asked.speech, self.shelf.languages()) if filtered else None,
        )

    def alternates(self, place: str, title: str, question: str = "") -> list[Alternate]:
        """The feed at ``place`` in every format."""
        mark = "?" if question else ""
        return [
            Alternate(
                f"{title} ({FORMATS[name].title})",
                FORMATS[name].title,
                FORMATS[name].media_type,
                self.absolute(f"{place}.{extension}{mark}{question}"),
            )
            for extension, name in FEEDS.items()
        ]

    def told(self, document: FeedDocument, reports: Mapping[str, tuple[Report, ...]]) -> FeedDocument:
        """``document`` with where else its articles stand: in their texts, and as links."""
        sources, reports = self.sources, stories.linkable(reports)
        articles = tuple(stories.named(article, reports.get(article.id, ()), sources, self.own) for article in document.articles)
        return replace(document, articles=articles, reports=reports)

    def feed(self, asked: Asked, document: FeedDocument, *, kind: Kind = "feed") -> Resource:
        extension = asked.extension or "rss"
        if asked.view:
            return self.view(asked, document, extension)
        if not document.reports:
            document = self.told(document, stories.copies(self.shelf.reports(document.articles)))
        name = cast("FormatName", FEEDS[extension])
        own = address_in(document.address, extension)
        link = f'<{document.hub}>; rel="hub", <{own}>; rel="self"' if document.hub else f'<{own}>; rel="self"'
        styled = replace(document, style=self.absolute("/static/feed.css"))
        return Resource(
            render(styled, name, self._fragments), f"{FORMATS[name].media_type}; charset=utf-8", kind, link=link if own.isascii() else ""
        )

    def view(self, asked: Asked, document: FeedDocument, extension: str, happened: Sequence[Event] | None = None) -> Resource:
        """A feed as a page. Nobody can subscribe to a page of its archive; that one leads to what can be subscribed to. ``happened``: what a feed of events
        tells of.
        """
        own = address_in(document.address, extension)
        address = address_in(document.links.get("current", document.address), extension)
        media_type = FORMATS[cast("FormatName", FEEDS[extension])].media_type
        frame = self.frame(asked, document.title)
        return self.page(self.pages.feed(frame, document, address, own, media_type, happened=happened), kind="view")


def published_by(university: University) -> Query:
    return query.Field("university", (university.id,))
