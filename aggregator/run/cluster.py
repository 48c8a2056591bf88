"""Polls on many machines: one schedules, any number poll, and all of them work on one PostgreSQL.

    Scheduler.tick()   claims what is due for the queue ─▶ a job for each source
    Worker.run()       takes a job, takes the claim over, polls as everywhere (``poll.py``)

The claim is the truth: a source is polled by who holds it, and its state is stored by who still does. A job without its claim does nothing. Claims of workers
that died, and jobs of theirs, are freed by the schedulers; there may be several, since a claim is made once.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from typing import Self

from aggregator.errors import StoreError
from aggregator.poll import LEASE, Outcome, Poller
from aggregator.run.queue import FAILURES, OWNED, Queue, unreachable
from aggregator.run.rounds import Herd
from aggregator.store import Store
from aggregator.store.trouble import Trouble

WAITING = "queue"
"""Who holds the claims of sources that wait for a worker."""
_WAITS = timedelta(minutes=2)
"""A job that waits for longer may have been lost: its source is claimed again, which does nothing if it has not."""
_LONGEST_QUEUE = 500
"""Jobs. More would only grow old: what is due is known anyway."""
_RESCUE = timedelta(seconds=10)
GRACE = 5.0
"""Seconds that polls under way get when a worker is asked to end."""
_LISTEN = 5.0
"""Seconds between two signs of life of the database."""
_AGAIN = 2.0
"""Seconds until a worker that lost the database tries again."""


class Scheduler:
    """Fills the queue. ``poller`` tells the rhythm and the sources; it polls nothing here."""

    def __init__(self, store: Store, queue: Queue, poller: Poller, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store = store
        self._queue = queue
        self.poller = poller
        self._clock = clock
        self._herd = Herd(store, clock)
        self._rescued: datetime | None = None
        self._unput: frozenset[str] = frozenset()
        """Sources that are claimed for the queue, which did not take them."""

    async def tick(self) -> int:
        """Let what is due be polled. Returns how many sources were put into the queue. Raises StoreError and WrongClock."""
        try:
            await self._rescue()
            if self._unput:
                await asyncio.to_thread(self._store.release, owner=WAITING, only=self._unput)
                self._unput = frozenset()
            room = min(_LONGEST_QUEUE - await self._queue.waiting(), await self._herd.room(self.poller))
            if room <= 0:
                return 0
            claimed = await asyncio.to_thread(self._store.claim, now=self._clock(), limit=room, owner=WAITING, lease=_WAITS)
            self._unput = frozenset(state.source for state in claimed)
            added = await self._queue.put(claimed) if claimed else 0
            self._unput = frozenset()
        except FAILURES as error:
            raise unreachable(error) from error
        self._herd.passed(added)
        return added

    async def _rescue(self) -> None:
        now = self._clock()
        if self._rescued is not None and timedelta() <= now - self._rescued < _RESCUE:
            return
        due = now + self.poller.rhythm.at_least  # it may be what they said that killed the worker
        for job in await self._queue.rescue():
            if job.owner is not None:
                await asyncio.to_thread(self._store.release, owner=job.owner, only=[job.source], due=due)
        living = await self._queue.living()
        for owner in await asyncio.to_thread(self._store.owners):
            if owner.startswith(OWNED) and owner not in living:
                await asyncio.to_thread(self._store.release, owner=owner, due=due)
        await asyncio.to_thread(self._store.forget_turns)
        self._rescued = now


class Worker:
    """Polls what the queue holds. ``poller`` is replaced when the configuration is read again."""

    def __init__(
        self,
        store: Store,
        queue: Queue,
        poller: Poller,
        *,
        concurrency: int,
        report: Callable[[Outcome], None] = lambda _: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._store = store
        self._queue = queue
        self.poller = poller
        self._concurrency = concurrency
        self._report = report
        self._clock = clock
        self._reaching = Trouble("cannot reach the queue of polls")
        self._storing = Trouble("the database takes nothing")
        self._answering = Trouble("the database does not answer")
        self.heard: datetime | None = None
        """When the database last answered."""
        self._owed: set[tuple[str, str]] = set()
        """Claims, as owner and source, that the database would not take back when it was due."""

    async def run(self, *, grace: float) -> None:
        """Until cancelled; polls under way then get ``grace`` seconds. A database that is away is waited for."""
        tasks = [asyncio.create_task(task) for task in (self._work(grace), self._settle(), self._listen())]
        try:
            await asyncio.gather(*tasks)  # a fault of ours in any of them ends all
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    @property
    def problem(self) -> str | None:
        """What is wrong with the database or the queue; None: nothing that it knows."""
        return self._reaching.problem or self._storing.problem or self._answering.problem

    async def _listen(self) -> None:
        """Note whether the database answers, and when: a connection that something between has forgotten may stay silent for ever."""
        while True:
            try:
                await asyncio.to_thread(self._store.revision)
            except StoreError as error:
                self._answering.met(error.message, error.remedy)
            else:
                self.heard = self._clock()
                self._answering.over()
            await asyncio.sleep(_LISTEN)

    async def _work(self, grace: float) -> None:
        while True:
            try:
                async with self._queue.opened():
                    self._reaching.over()
                    await self._queue.work(self._one, concurrency=self._concurrency, grace=grace)
            except FAILURES as error:
                told = unreachable(error)
                self._reaching.met(told.message, told.remedy)
            await asyncio.sleep(_AGAIN)

    async def _one(self, source: str, owner: str) -> None:
        try:
            state = await asyncio.to_thread(self._store.take_over, source, holder=WAITING, owner=owner, now=self._clock(), lease=LEASE)
        except StoreError as error:
            self._storing.met(error.message, error.remedy)
            self._owed |= {(WAITING, source), (owner, source)}  # it may have been done, and only the answer is lost
            return
        self._storing.over()
        self._owed.discard((owner, source))
        if state is None:
            return  # polled meanwhile, or out of the configuration
        try:
            outcome = await self.poller.poll(state)
        except asyncio.CancelledError:
            await asyncio.shield(self._give_back(source, owner))
            raise
        self._report(outcome)
        if not outcome.stored:
            await self._give_back(source, owner)

    async def _give_back(self, source: str, owner: str) -> None:
        """Whoever polled it has asked it just now: it is left in peace for as long as after any poll."""
        due = None if owner == WAITING else self._clock() + self.poller.rhythm.at_least
        try:
            await asyncio.to_thread(self._store.release, owner=owner, only=[source], due=due)
        except StoreError as error:
            self._storing.met(error.message, error.remedy)
            self._owed.add((owner, source))
        else:
            self._storing.over()
            self._owed.discard((owner, source))

    async def _settle(self) -> None:
        """Otherwise the sources would wait for the ends of their leases, long after the database takes everything again."""
        while True:
            await asyncio.sleep(_AGAIN)
            for owner, source in sorted(self._owed):
                if (owner, source) in self._owed:  # not taken over again meanwhile
                    await self._give_back(source, owner)
                if (owner, source) in self._owed:
                    break


class Cluster:
    """What ``Rounds`` is for one machine: schedules, and polls too unless others are to do all of that. An async context manager."""

    def __init__(
        self,
        store: Store,
        address: str,
        poller: Poller,
        *,
        polls: bool,
        concurrency: int,
        report: Callable[[Outcome], None] = lambda _: None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._queue = Queue(address)
        self._scheduler = Scheduler(store, self._queue, poller, clock=clock)
        self._worker = Worker(store, Queue(address), poller, concurrency=concurrency, report=report, clock=clock) if polls else None
        self._working: asyncio.Task[None] | None = None
        self._doors = AsyncExitStack()

    @property
    def poller(self) -> Poller:
        return self._scheduler.poller

    @poller.setter
    def poller(self, poller: Poller) -> None:
        self._scheduler.poller = poller
        if self._worker is not None:
            self._worker.poller = poller

    async def __aenter__(self) -> Self:
        try:
            await self._doors.enter_async_context(self._queue.opened())
        except FAILURES as error:
            raise unreachable(error) from error
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._doors.aclose()

    async def tick(self) -> int:
        """Raises StoreError and WrongClock."""
        if self._worker is not None and self._working is None:
            self._working = asyncio.create_task(self._worker.run(grace=GRACE), name="worker")
        return await self._scheduler.tick()

    async def stop(self, grace: float) -> None:
        """Let polls under way end within ``grace`` seconds; what waits in the queue goes on to wait."""
        if self._working is not None:
            self._working.cancel()
            await asyncio.wait({self._working}, timeout=grace + 5)
