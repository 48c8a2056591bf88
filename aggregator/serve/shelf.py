"""What serving needs of the store, and how a list of articles is cut into pages."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID

from aggregator.model import Article, Departed, Event, Report, SourceState, Subscription, Told
from aggregator.query import Query

PAGE = 50
"""Articles on one page of a river."""

Cursor = tuple[datetime, str]
"""Before which article a page begins: the moment by which it is ordered, and its id."""


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

    def found(self, query: Query, *, most: int) -> int:
        """How many of ``articles`` answer the query, but no more than ``most``."""

    def stored(self, query: Query, *, skip: int, limit: int) -> Sequence[Article]:
        """The articles that answer the query in the order in which they came, without the first ``skip``."""

    def imprint(self, query: Query, *, skip: int, limit: int) -> str:
        """What decides of all that is published of ``stored``: while it is the same, so are they."""

    def news(self, query: Query, *, since: Told, limit: int) -> tuple[Sequence[Article], Told]:
        """The first of ``articles`` that were added or changed after ``since``, and how far whoever hears of them was told then; there may be more as long
        as that is before the ``revision``.
        """

    def reports(self, of: Iterable[Article]) -> Mapping[str, tuple[Report, ...]]:
        """Where else these articles stand and who else tells their stories, by id; only where anybody does."""

    def story(self, id: str) -> Sequence[Article]:
        """All reports of the story that the article of this id tells, the first one first."""

    def states(self) -> Sequence[SourceState]:
        """How every source does."""

    def departed(self, configured: Collection[str]) -> Departed:
        """All but the ``configured`` sources that have brought articles, and whose they were."""

    def events(self, *, limit: int) -> Sequence[Event]:
        """What happened, newest first."""

    def subscriptions(self) -> Sequence[Subscription]:
        """What has been asked of hubs."""

    def languages(self) -> Sequence[str]:
        """In which languages there are articles: primary subtags of BCP 47."""


def page_of(shelf: Shelf, condition: Query, before: Cursor | None, size: int = PAGE) -> tuple[Sequence[Article], Cursor | None]:
    """One page, and before which article the next one begins."""
    found = shelf.articles(condition, limit=size + 1, before=before)
    page = found[:size]
    return page, (page[-1].at, page[-1].id) if len(found) > size else None


def written(before: Cursor) -> str:
    """As addresses have it."""
    at, id_ = before
    return f"{at.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{id_}"


def cursor(text: str | None) -> Cursor | None:
    """What was ``written``; None for anything else."""
    when, _, id_ = (text or "").partition("-")
    try:
        return datetime.strptime(when, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC), str(UUID(id_))
    except ValueError:
        return None
