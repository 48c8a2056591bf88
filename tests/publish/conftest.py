from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from aggregator.model import Article, Enclosure, FeedDocument, Outline, Source

ARTICLE = Article(
    id="7f1b7a56-6a37-5a5c-9df0-52a80a9a4a11",
    title="Ice & robots: <b> is not bold",
    url="https://news.example.edu/2026/03/ice.html?a=1&b=2",
    source="north-news",
    university="north",
    first_seen=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    published=datetime(2026, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=8))),
    updated=datetime(2026, 3, 2, 8, 30, tzinfo=UTC),
    precision="day",
    authors=("Press office", "李雷"),
    summary="Students & a robot < 3 kg",
    content='<p>Students &amp; a robot. <a href="https://example.edu/x">More</a></p>',
    image="https://img.example.edu/ice.jpg",
    language="en",
    categories=("Robotics", "Robotics", "Winter"),
    enclosures=(
        Enclosure("https://example.edu/plan.pdf", "application/pdf", None, "The plan"),
        Enclosure("https://example.edu/talk.mp3", "audio/mpeg", 4096),
    ),
    provenance={"title": "feed"},
)
BARE = Article(
    id="0d9c0f6e-3f0a-5c43-8a1c-2f1f6f0b7c22",
    title="没有日期的新闻",
    url=None,
    source="unknown-source",
    university=None,
    first_seen=datetime(2026, 2, 1, 9, 0, tzinfo=UTC),
)
DOCUMENT = FeedDocument(
    title="University news",
    address="https://wire.example.org/feeds/all",
    home="https://wire.example.org/",
    description="Everything from R&D to sports",
    language="en",
    updated=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
    articles=(ARTICLE, BARE),
    sources={"north-news": Source("north-news", "https://news.example.edu/feed.xml", kind="feed", title="North University News")},
    outlines=(
        Outline("All", "https://wire.example.org/feeds/all.rss"),
        Outline("North", "https://wire.example.org/universities/north.rss", home="https://north.example.edu/", group="NO", language="en"),
        Outline("Øst", "https://wire.example.org/universities/ost.rss", group="DK"),
        Outline("South", "https://wire.example.org/universities/south.rss", group="NO"),
    ),
)


@pytest.fixture
def article() -> Article:
    return ARTICLE


@pytest.fixture
def document() -> FeedDocument:
    return DOCUMENT


@pytest.fixture
def holding(document: FeedDocument) -> Callable[..., FeedDocument]:
    """The document with other articles."""
    from dataclasses import replace

    return lambda *articles, **fields: replace(document, articles=articles, **fields)
