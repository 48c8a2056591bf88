"""What entries become: articles, whom they name, and who else tells their story."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, get_args

from aggregator.model.readings import Enclosure, Precision

Topic = Literal["news", "research", "event", "lecture", "notice", "job", "tender", "admission"]
"""What an article is for. A notice tells members of the house what to do; an admission tells who may join it."""

TOPICS: tuple[Topic, ...] = get_args(Topic)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a university is named: characters ``start`` to ``end`` of the title or the text."""

    start: int
    end: int
    text: str
    field: Literal["title", "text"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A university that an article names."""

    name: str
    """In English where it has an English name."""
    university: str | None = None
    """Its id in ``config/universities``; None: it is not configured."""
    ror: str | None = None
    """``https://ror.org/…``; None where that is not known for sure."""
    spans: tuple[Span, ...] = ()
    about: bool = False
    """Whether the article is about it, and does not only mention it."""
    country: str | None = None
    """ISO 3166-1 alpha-2."""


@dataclass(frozen=True, slots=True)
class Article:
    """One item as it is stored and published: cleaned, canonical, with an id for life."""

    id: str
    """A UUID derived from what identifies the entry; never changes once stored."""
    title: str
    url: str | None
    source: str
    university: str | None
    first_seen: datetime
    published: datetime | None = None
    """None where the source does not say; ``first_seen`` never stands in for it here."""
    updated: datetime | None = None
    precision: Precision | None = None
    authors: tuple[str, ...] = ()
    summary: str | None = None
    """Plain text, a few hundred characters."""
    content: str | None = None
    """Sanitized HTML with absolute addresses."""
    text: str | None = None
    image: str | None = None
    language: str | None = None
    categories: tuple[str, ...] = ()
    topic: Topic = "news"
    enclosures: tuple[Enclosure, ...] = ()
    mentions: tuple[Mention, ...] | None = None
    """The universities that it names; None: nobody has looked yet."""
    provenance: Mapping[str, str] = field(default_factory=dict)
    placed: datetime | None = None
    """Where an article without a date stands in feeds, when that is not ``first_seen``: a first crawl spreads its undated items by their rank."""
    story: str | None = None
    """The story that it and others tell: the id of the article that told it first; None: nobody else tells it. The store decides."""
    copy_of: str | None = None
    """The id of the article whose text this is once more, lightly edited or not; lists show that one. The store decides."""
    marks: bytes | None = None
    """What it is recognized by, as ``refine.stories`` packs it; on its way to the store only."""

    @property
    def tags(self) -> tuple[str, ...]:
        """What it is filed under: the categories of its origin, and its topic where that is not plain news."""
        return self.categories if self.topic == "news" else (*self.categories, self.topic)

    @property
    def weight(self) -> int:
        """Bytes that it takes in memory, about."""
        return _BESIDE_TEXTS + sum(map(len, (self.title, self.summary or "", self.content or "", self.text or "")))

    @property
    def at(self) -> datetime:
        """The moment by which feeds are ordered: published, but never later than it was seen; without a date, where it was placed or first seen."""
        return min(self.published, self.first_seen) if self.published else self.placed or self.first_seen


_BESIDE_TEXTS = 1_500


@dataclass(frozen=True, slots=True)
class Report:
    """Another article of the same story, as far as one points to it."""

    article: str
    title: str
    url: str | None
    source: str
    university: str | None
    language: str | None
    published: datetime | None
    copy: bool
    """The same text once more; else the same event in other words."""
