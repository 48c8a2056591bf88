"""Claim and poll, many sources at a time: once until nothing is due, or a little at each tick of the daemon."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Callable, Collection
from datetime import UTC, datetime

from aggregator.errors import StoreError
from aggregator.model import SourceState
from aggregator.poll import LEASE, Outcome, Poller
from aggregator.store import Store

_REFILL = 16
"""Claims are made for so many sources at a time where that is possible: a claim costs as much for one as for many."""


class Rounds:
    """Keeps up to ``concurrency`` polls under way. One per process; it owns its claims."""

    def __init__(
        self,
        store: Store,
        poller: Poller,
        *,
        concurrency: int,
        report: Callable[[Outcome], None] = lambda _: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self.poller = poller
        """Replaced when the configuration is reloaded; polls under way end with the one they began with."""
        self._concurrency = concurrency
        self._report = report
        self._clock = clock
        self._owner = owner()
        self._under_way: set[asyncio.Task[None]] = set()
        self._unstored: set[str] = set()

    async def tick(
        self, only: Collection[str] | None = None, untouched_since: datetime | None = None, due_by: datetime | None = None
    ) -> int:
        """Claim what is due, as far as there is room, and start polling it. Returns how many polls began."""
        room = self._concurrency - len(self._under_way)
        if room <= 0:
            return 0
        if self._unstored:
            # The database refused what these polls brought, and so their claims stand and keep their hosts waiting.
            await asyncio.to_thread(self._store.release, owner=self._owner, only=frozenset(self._unstored))
            self._unstored.clear()
        claimed = await asyncio.to_thread(
            self._store.claim,
            now=self._clock(),
            limit=room,
            owner=self._owner,
            lease=LEASE,
            only=only,
            untouched_since=untouched_since,
            due_by=due_by,
        )
        for state in claimed:
            self._start(state)
        return len(claimed)

    def _start(self, state: SourceState) -> None:
        task = asyncio.create_task(self._one(state), name=f"poll {state.source}")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def _one(self, state: SourceState) -> None:
        outcome = await self.poller.poll(state)
        if not outcome.stored:
            self._unstored.add(state.source)
        self._report(outcome)

    async def drain(self, *, only: Collection[str] | None = None, everything: bool = False) -> None:
        """Poll until nothing is due: what is due by itself, or ``only`` these, or ``everything``, once each. Raises StoreError."""
        started_at = self._clock()
        since = started_at if everything or only is not None else None
        while True:
            if self._unstored:
                raise StoreError(
                    "the database refuses what the sources brought; polling ends",
                    remedy="the lines above say why; what was stored before is kept",
                )
            room = self._concurrency - len(self._under_way)
            started = await self.tick(only, since, started_at) if room >= min(_REFILL, self._concurrency) or not self._under_way else 0
            if not self._under_way:
                return
            if not started:
                # Nothing to claim, or no room: when a poll ends, its host and its place are free for the next.
                await asyncio.wait(self._under_way, return_when=asyncio.FIRST_COMPLETED)

    async def stop(self, grace: float) -> None:
        """Let polls under way end within ``grace`` seconds, give up the others, and give all claims back."""
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await asyncio.to_thread(self._store.release, owner=self._owner)


def owner() -> str:
    """A name for who claims: this process of this machine, and no earlier one of the same number."""
    return f"{socket.gethostname()[:60]}/{os.getpid()}/{secrets.token_hex(4)}"


def release_dead(store: Store) -> int:
    """Give back the claims of processes of this machine that no longer live: they were killed. Returns how many sources that frees."""
    freed = 0
    for holder in store.owners():
        host, _, rest = holder.partition("/")
        process = rest.partition("/")[0]
        if host == socket.gethostname()[:60] and process.isdigit() and (int(process) == os.getpid() or not _lives(int(process))):
            freed += store.release(owner=holder)
    return freed


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
