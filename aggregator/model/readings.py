"""What is fetched, and what is read in it: Page ─▶ Reading of Entries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Precision = Literal["day", "minute", "second"]
"""How exactly a moment was given. A day without a time is noon in its source's zone, so that no reader shows the day before."""


@dataclass(frozen=True, slots=True)
class Page:
    """One response, as received but for its transfer coding. ``url`` is where it was found after redirects."""

    url: str
    body: bytes
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    """Response headers, names in lower case."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that belongs to an entry. ``length`` is in bytes."""

    url: str
    type: str | None = None
    length: int | None = None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One item as its origin states it, not yet cleaned. Addresses are absolute already; ``content`` and ``summary`` are HTML."""

    title: str | None = None
    """Plain text."""
    url: str | None = None
    id: str | None = None
    """The origin's own guid, verbatim."""
    published: datetime | None = None
    updated: datetime | None = None
    precision: Precision | None = None
    """Of ``published``, or of ``updated`` where only that is known."""
    authors: tuple[str, ...] = ()
    summary: str | None = None
    content: str | None = None
    text: str | None = None
    """The content as plain text, paragraphs separated by a blank line; set where a reader works on text anyway."""
    image: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)
    """Where each field came from: name of the field → reader and rule, in words an operator understands."""
    place: str | None = None
    """Of an item in a page: the way down to the list that it stands in. None: there are no such places."""


@dataclass(frozen=True, slots=True)
class Hints:
    """What a feed asks of those who poll it."""

    ttl: timedelta | None = None
    """How long what it says stays good (RSS ``ttl``, ``sy:updatePeriod`` by ``sy:updateFrequency``)."""
    skip_hours: frozenset[int] = frozenset()
    """Hours of the day in which nothing changes, 0 to 23 in UTC (RSS ``skipHours``)."""
    skip_days: frozenset[int] = frozenset()
    """Days of the week on which nothing changes, 0 is Monday, in UTC (RSS ``skipDays``)."""
    hub: str | None = None
    """Where news of it can be subscribed to (WebSub)."""
    topic: str | None = None
    """Its own name for itself, which the hub knows it by (``rel="self"``)."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What one reader made of a page: why it won or lost."""

    reader: str
    entries: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What one page says: its entries in the order of the page, and what it tells of itself."""

    entries: tuple[Entry, ...]
    reader: str
    """Which reader it was: "feed", "jsonfeed", "listing", "cms:webplus", "detect", …"""
    title: str | None = None
    link: str | None = None
    """The page for people that belongs to a feed."""
    description: str | None = None
    language: str | None = None
    author: str | None = None
    updated: datetime | None = None
    feeds: tuple[str, ...] = ()
    """Feeds that the page names as its own, best first."""
    hints: Hints = Hints()
    attempts: tuple[Attempt, ...] = ()
