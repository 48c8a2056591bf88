"""What all tests share: a fixed clock, and builders that know what an ordinary thing looks like, so that a test names only what it is about."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import postgres_server
import pytest
import structlog
from hypothesis import settings

from aggregator.model import Article, Entry, Page, Source, SourceState

settings.register_profile("fast", max_examples=40, deadline=None)
settings.register_profile("ci", max_examples=100, deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "fast")

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday."""


@pytest.fixture(autouse=True)
def _nobody_has_configured_logs() -> None:
    """A command that ran in this process did, and no test should depend on which ran before it."""
    structlog.reset_defaults()


@pytest.fixture(scope="session", autouse=True)
def _started_by_its_name() -> Iterator[None]:
    """What people are told to type follows from how a program was started; these tests may be through uv, or as a module."""
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("UV", raising=False)
        patch.setattr("sys.argv", ["aggregator"])
        yield


@pytest.fixture(scope="session")
def now() -> datetime:
    return NOW


@pytest.fixture(scope="session")
def a_source() -> Callable[..., Source]:
    """A feed of North University; ``a_source("east/news")`` is one of another host."""

    def build(id: str = "north/news", **fields: Any) -> Source:
        university = id.partition("/")[0]
        return replace(
            Source(id, f"https://{university}.example.edu/feed.xml", university=university, title=f"{university.title()} University"),
            **fields,
        )

    return build


@pytest.fixture(scope="session")
def an_entry() -> Callable[..., Entry]:
    """The number tells entries apart."""

    def build(number: int = 1, **fields: Any) -> Entry:
        entry = Entry(
            title=f"Students build robot number {number}",
            url=f"https://north.example.edu/news/{number}.html",
            id=f"north-{number}",
            published=NOW - timedelta(days=number),
            precision="minute",
            authors=("Press office",),
            content=f"<p>Robot number {number} walks on ice.</p>",
        )
        return replace(entry, **fields)

    return build


@pytest.fixture(scope="session")
def an_article() -> Callable[..., Article]:
    """The higher the number, the older."""

    def build(number: int = 1, **fields: Any) -> Article:
        article = Article(
            id=str(uuid5(NAMESPACE_URL, f"article {number}")),
            title=f"Students build robot number {number}",
            url=f"https://north.example.edu/news/{number}.html",
            source="north/news",
            university="north",
            first_seen=NOW,
            published=NOW - timedelta(days=number),
            precision="minute",
            authors=("Press office",),
            summary=f"Robot number {number} walks.",
            content=f"<p>Robot number {number} walks on ice.</p>",
            text=f"Robot number {number} walks on ice.",
            language="en",
        )
        return replace(article, **fields)

    return build


@pytest.fixture(scope="session")
def a_page() -> Callable[..., Page]:
    def build(body: str | bytes, url: str = "https://north.example.edu/feed.xml", content_type: str | None = None) -> Page:
        return Page(url, body.encode() if isinstance(body, str) else body, content_type)

    return build


@pytest.fixture(scope="session")
def a_state() -> Callable[..., SourceState]:
    """Of a source that was never polled, and is due."""

    def build(source: str = "north/news", **fields: Any) -> SourceState:
        return replace(SourceState(source, f"https://{source.partition('/')[0]}.example.edu/feed.xml", next_poll=NOW), **fields)

    return build


@pytest.fixture(scope="session")
def _postgres() -> Iterator[str]:
    with postgres_server.running() as address:
        yield postgres_server.fresh_database(address)


@pytest.fixture
def empty_postgres(_postgres: str) -> Callable[[], str]:
    """The address of a PostgreSQL database without rows; skips by name where no server can be had."""

    def emptied() -> str:
        postgres_server.empty(_postgres)
        return _postgres

    return emptied


@pytest.fixture
def fresh_postgres(_postgres: str) -> str:
    """The address of an empty PostgreSQL database of one test; skips by name where no server can be had."""
    return postgres_server.fresh_database(_postgres)
