"""Poll once, without a daemon; and what every program that polls is put together from."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from aggregator import plan
from aggregator.config import Settings
from aggregator.fetch import Clock, Fetcher, Limits, Traffic
from aggregator.offload import Offload
from aggregator.poll import NO_PUSHES, Outcome, Poller, Pushes
from aggregator.run.housekeeping import Housekeeping, know
from aggregator.run.memory import settle
from aggregator.run.rounds import Rounds, release_dead
from aggregator.store import Store


def _now() -> datetime:
    return datetime.now(UTC)


def fetcher_for(
    settings: Settings, now: Callable[[], datetime] = _now, *, store: Store | None = None, traffic: Traffic | None = None
) -> Fetcher:
    """``store`` keeps what robots.txt files say and, where machines share it, gives out turns at hosts; None: for a look around."""
    fetch = settings.fetch
    return Fetcher(
        contact=fetch.contact,
        host_gap=fetch.host_gap,
        allow_private=fetch.allow_private,
        concurrency=fetch.concurrency,
        limits=Limits(timeout=fetch.timeout, max_body=fetch.max_body),
        clock=Clock(now),
        shelf=store,
        desk=store if store is not None and store.is_shared else None,
        traffic=traffic,
    )


def poller_for(
    settings: Settings,
    fetcher: Fetcher,
    store: Store,
    offload: Offload,
    now: Callable[[], datetime] = _now,
    *,
    pushes: Pushes = NO_PUSHES,
) -> Poller:
    offload.registry = settings.registry  # of what starts after the configuration has been read again
    return Poller(
        fetcher=fetcher,
        store=store,
        offload=offload,
        sources=settings.sources,
        rhythm=plan.Rhythm(settings.poll.every, settings.poll.at_least, settings.poll.at_most),
        pages=settings.poll.pages,
        registry=settings.registry,
        clock=now,
        pushes=pushes,
    )


async def poll_once(
    settings: Settings, store: Store, report: Callable[[Outcome], None], *, only: frozenset[str] | None = None, everything: bool = False
) -> None:
    """Poll what is due, or ``only`` these, or ``everything``, keep house for a while, unless a daemon does on this database, then end. Raises StoreError."""
    settle()
    release_dead(store, due=_now() + settings.poll.at_least)
    store.sync(settings.sources.values(), of=settings.universities.values(), now=_now())
    with store.voice() as voice:
        if voice.is_ours():
            know(store, settings.registry)
    with Offload(registry=settings.registry) as offload:
        async with fetcher_for(settings, store=store) as fetcher:
            rounds = Rounds(store, poller_for(settings, fetcher, store, offload), concurrency=settings.fetch.concurrency, report=report)
            try:
                await rounds.drain(only=only, everything=everything)
            finally:
                await rounds.stop(0)
    await asyncio.to_thread(_keep_house, settings, store)


def _keep_house(settings: Settings, store: Store) -> None:
    with store.voice() as voice:
        Housekeeping(store, clock=_now, registry=lambda: settings.registry, settings=lambda: settings, speaks=voice.is_ours).once()
