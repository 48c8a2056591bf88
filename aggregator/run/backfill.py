"""Walks a list backwards, page by page, as politely as polls do. Killed anywhere, it goes on at the page where it stood."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from aggregator.config import Settings
from aggregator.errors import StoreBusy
from aggregator.offload import Offload
from aggregator.poll import LEASE, Older, Poller
from aggregator.run.once import fetcher_for, poller_for
from aggregator.run.rounds import check_clock, owner, release_dead
from aggregator.store import Store
from aggregator.text import urls
from aggregator.text.quantity import counted

_IDLE = 3
"""Pages in a row that bring nothing new, after which a list without end (a calendar, a search) is left."""


@dataclass(frozen=True, slots=True)
class Until:
    """How far to go back: so many pages, so many new articles, articles of that day."""

    pages: int
    items: int | None = None
    since: datetime | None = None


async def backfill(settings: Settings, store: Store, source: str, until: Until, report: Callable[[Older], None]) -> str:
    """Read the older pages of ``source``. Returns why it ended, in words. Raises SourceError, StoreError, WrongClock."""
    release_dead(store, due=datetime.now(UTC) + settings.poll.at_least)
    store.sync(settings.sources.values(), of=settings.universities.values(), now=datetime.now(UTC))
    with Offload(registry=settings.registry) as offload:
        async with fetcher_for(settings, store=store) as fetcher:
            return await walk(poller_for(settings, fetcher, store, offload), store, source, until, report)


async def walk(
    poller: Poller,
    store: Store,
    source: str,
    until: Until,
    report: Callable[[Older], None],
    *,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> str:
    """``backfill`` with the doors open."""
    seen: set[str] = set()
    items = idle = 0
    for _ in range(until.pages):
        now = clock()
        check_clock(now)
        claimed = store.claim(now=now, limit=1, owner=owner(), lease=LEASE, only={source}, untouched_since=now + LEASE)
        if not claimed:
            raise StoreBusy(f"{source} or another source of its host is being polled", remedy="try again in a moment")
        step = await poller.older(claimed[0])
        report(step)
        items += step.new
        idle = 0 if step.new else idle + 1
        seen.add(urls.key(step.url))
        if step.following is None:
            return "the list ends here"
        if step.following != step.url and urls.key(step.following) in seen:
            return f"the list goes in circles: {step.following} was read before"
        if step.wait:
            return f"the site asks to wait {step.wait.total_seconds():.0f} s; the same command goes on from here"
        if until.items is not None and items >= until.items:
            return f"{counted(items, 'new article')}; the same command goes on from here"
        if until.since is not None and step.oldest is not None and step.oldest < until.since:
            return f"older than {until.since:%Y-%m-%d}"
        if idle >= _IDLE:
            return f"{counted(idle, 'page')} in a row brought nothing new; the same command goes on from here"
    return f"{counted(until.pages, 'page')} read; the same command goes on from here"
