"""What is published, independent of its format."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.model.articles import Article, Report
from aggregator.model.sources import Source


@dataclass(frozen=True, slots=True)
class Outline:
    """One feed in a list of feeds (OPML 2.0)."""

    title: str
    feed: str | None
    """None: there is none, and the outline leads to ``page``."""
    home: str | None = None
    group: str | None = None
    language: str | None = None
    page: str | None = None
    """Of which ``feed`` is made, where it is not the source itself."""
    identifier: str | None = None
    """Of the group: two of one name are told apart by it."""


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """Everything that a published feed says, independent of its format."""

    title: str
    address: str
    """Its own address without the extension of a format, e.g. ``https://news.example.edu/feeds/all``."""
    home: str
    """The page for people."""
    description: str = ""
    language: str | None = None
    updated: datetime | None = None
    """When anything in it last changed; None: never had anything."""
    articles: tuple[Article, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)
    """The sources of its articles, by id: their titles and addresses are published with each item."""
    reports: Mapping[str, tuple[Report, ...]] = field(default_factory=dict)
    """Where else each article stands or its story is told, by id of the article."""
    outlines: tuple[Outline, ...] = ()
    """For "opml" only."""
    hub: str | None = None
    """Where changes of it can be subscribed to (WebSub)."""
    links: Mapping[str, str] = field(default_factory=dict)
    """Other documents of the same feed by relation (RFC 5005: "prev-archive", "next-archive", "current", "next"), addresses as in ``address``."""
    archive: bool = False
    """Whether it is a page of the archive, complete as it stands (RFC 5005 §4); else it is what subscribers poll."""
    style: str | None = None
    """Address of a style sheet, for those who open the feed in a browser; formats that are not XML have no use for it."""
