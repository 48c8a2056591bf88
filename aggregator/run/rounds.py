"""Claim and poll, many sources at a time: once until nothing is due, or a little at each tick of the daemon."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
import time
from collections import deque
from collections.abc import Callable, Collection
from datetime import UTC, datetime, timedelta

from aggregator.errors import StoreError, WrongClock
from aggregator.model import SourceState
from aggregator.poll import LEASE, Outcome, Poller
from aggregator.store import Store

_AT_ONCE = 64
"""Sources that may be started at one time: a small wire never waits."""
_A_SECOND = 5.0
"""Sources started each second after those, at the least …"""
_OVERDUE = 8
"""… and such a part of ``poll.every`` that it takes to start all of them: after a restart or a long sleep everything is overdue."""
_BACK = timedelta(minutes=1)
"""A clock that goes back further has been set."""
_REFILL = 16
"""Claims are made for so many sources at a time where that is possible, and for as many again as are polled at a time, which wait for a place: a claim goes
through all that is due, and costs as much for one as for many."""


_PROBE = 2.0
"""Seconds until the next attempt when the database has refused what a poll brought, with one source; doubles …"""
_LONGEST_PROBE = 60.0
"""… up to this: the sources must not be asked again and again for what cannot be kept."""
_WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""When this program was written: an earlier moment comes from a machine that has not been told the time yet."""


def check_clock(now: datetime) -> None:
    """Raises WrongClock where polling would take every date for one in the future, and remember that."""
    if now < _WRITTEN:
        raise WrongClock(
            f"the clock of this machine says {now:%Y-%m-%d}: nothing is polled until it has been set",
            remedy="wait for its time service (NTP), or set it: date -s",
        )


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
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self.poller = poller
        """Replaced when the configuration is reloaded; polls under way end with the one they began with."""
        self._concurrency = concurrency
        self._report = report
        self._clock = clock
        self._monotonic = monotonic
        self._owner = owner()
        self._under_way: dict[asyncio.Task[None], str] = {}
        self._ended = asyncio.Event()
        """Since it was last cleared a poll has."""
        self._ahead: deque[SourceState] = deque()
        """Claimed, and waiting for a place."""
        self._unstored: set[str] = set()
        self._refused = 0.0
        """Seconds to wait since the database has refused something; 0: it takes what comes."""
        self._again = 0.0
        self._herd = Herd(store, clock)

    async def tick(self) -> int:
        """Claim what is due, as far as there is room and no herd starts running, and start polling it. Returns how many polls began.

        Raises StoreError and WrongClock.
        """
        room = min(self._concurrency - len(self._under_way), await self._herd.room(self.poller))
        if self._refused:
            room = min(room, self._monotonic() >= self._again and not self._under_way)
        begun = await self._begin(room)
        self._herd.passed(begun)
        return begun

    async def _begin(
        self, room: int, only: Collection[str] | None = None, untouched_since: datetime | None = None, due_by: datetime | None = None
    ) -> int:
        claimed = await self._claimed(room, only, untouched_since, due_by) if room > 0 else []
        for state in claimed:
            self._start(state)
        return len(claimed)

    async def _claimed(
        self, limit: int, only: Collection[str] | None, untouched_since: datetime | None, due_by: datetime | None
    ) -> list[SourceState]:
        if self._unstored:
            # The database refused what these polls brought, and so their claims stand and keep their hosts waiting.
            unstored = frozenset(self._unstored)
            await asyncio.to_thread(self._store.release, owner=self._owner, only=unstored)
            self._unstored -= unstored
        claimed = await asyncio.to_thread(
            self._store.claim,
            now=self._clock(),
            limit=limit,
            owner=self._owner,
            lease=LEASE,
            only=only,
            untouched_since=untouched_since,
            due_by=due_by,
        )
        # After a leap of the clock a lease may seem to be over while its poll is still under way.
        polled = frozenset(self._under_way.values())
        return [state for state in claimed if state.source not in polled]

    def _start(self, state: SourceState) -> None:
        task = asyncio.create_task(self._one(state), name=f"poll {state.source}")
        self._under_way[task] = state.source
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        del self._under_way[task]
        self._ended.set()

    async def _one(self, state: SourceState) -> None:
        outcome = await self.poller.poll(state)
        if outcome.stored:
            self._refused = 0.0
        else:
            self._unstored.add(state.source)
            if self._monotonic() >= self._again:  # those that began together count once
                self._refused = min(max(_PROBE, 2 * self._refused), _LONGEST_PROBE)
                self._again = self._monotonic() + self._refused
        self._report(outcome)

    async def drain(self, *, only: Collection[str] | None = None, everything: bool = False) -> None:
        """Poll until nothing is due: what is due by itself, or ``only`` these, or ``everything``, once each. Raises StoreError and WrongClock."""
        started_at = self._clock()
        check_clock(started_at)
        since = started_at if everything or only is not None else None
        while True:
            if self._unstored:
                raise StoreError(
                    "the database refuses what the sources brought; polling ends",
                    remedy="the lines above say why; what was stored before is kept",
                )
            self._ended.clear()
            room = self._concurrency - len(self._under_way)
            enough = room >= min(_REFILL, self._concurrency) or not self._under_way
            if enough and not self._ahead:
                self._ahead.extend(await self._claimed(room + self._concurrency, only, since, started_at))
            while self._ahead and len(self._under_way) < self._concurrency:
                self._start(self._ahead.popleft())
            if not self._under_way:
                return
            await self._ended.wait()  # then its host and its place are free for the next

    async def stop(self, grace: float) -> None:
        """Let polls under way end within ``grace`` seconds, give up the others, and give all claims back."""
        if self._ahead:  # nobody has asked these
            waiting = frozenset(state.source for state in self._ahead)
            self._ahead.clear()
            await asyncio.to_thread(self._store.release, owner=self._owner, only=waiting)
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        await asyncio.to_thread(self._store.release, owner=self._owner, due=self._clock() + self.poller.rhythm.at_least)


class Herd:
    """Keeps everything that is due from starting at one time: ``_AT_ONCE`` sources, then as many as come to it each second. Heeds clocks that are set back."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self._left = float(_AT_ONCE)
        self._last: datetime | None = None

    async def room(self, poller: Poller) -> int:
        """How many may start now. Raises StoreError and WrongClock."""
        now = self._clock()
        check_clock(now)
        if self._last is None or now < self._last - _BACK:
            await asyncio.to_thread(self._store.replan, now=now, horizon=poller.rhythm.horizon)
        passed = max(0.0, (now - self._last).total_seconds()) if self._last else 0.0
        self._last = now
        a_second = max(_A_SECOND, len(poller.sources) * _OVERDUE / poller.rhythm.every.total_seconds())
        self._left = min(max(_AT_ONCE, 2 * a_second), self._left + passed * a_second)
        return int(self._left)

    def passed(self, count: int) -> None:
        self._left -= count


def owner() -> str:
    """A name for who claims: this process of this machine, and no earlier one of the same number."""
    return f"{socket.gethostname()[:60]}/{os.getpid()}/{secrets.token_hex(4)}"


def release_dead(store: Store, *, due: datetime) -> int:
    """Give back the claims of processes of this machine that no longer live: they were killed. Returns how many sources that frees.

    They have been asked just now, and it may be what they said that killed the process: none is asked again before ``due``, however often it starts.
    """
    freed = 0
    for holder in store.owners():
        host, _, rest = holder.partition("/")
        process = rest.partition("/")[0]
        if host == socket.gethostname()[:60] and process.isdigit() and (int(process) == os.getpid() or not _lives(int(process))):
            freed += store.release(owner=holder, due=due)
    return freed


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
