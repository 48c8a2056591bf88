"""What is done now and then beside polling: what nobody asks for any more is thrown away, what an older version stored is completed.

What is done each day is planned by APScheduler. What is done every few seconds goes by the clock that nobody sets, as the tick of the polls does: after a leap
from 1970 to the present a scheduler would go through each of the moments that it has missed, and after one back it would wait for the time to come again.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import structlog

from aggregator.config import Settings
from aggregator.digest import named
from aggregator.errors import StoreError
from aggregator.model import Keep
from aggregator.refine.registry import Registry, edition
from aggregator.store import Store, is_card

if TYPE_CHECKING:
    from apscheduler.schedulers.asyncio import AsyncIOScheduler

_DAILY = timedelta(days=1)
_STARTED = timedelta(minutes=10)
"""After the start, when the first polls are through."""
_FORGOTTEN = timedelta(days=90)
"""After which the robots.txt of a site that was not asked again is thrown away. Well beyond the month for which an unreachable one must be remembered."""

_PAUSE, _AT_ONCE = timedelta(seconds=5), 50
"""A fifth of a second of work every five: a hundred thousand articles of an older version have joined their stories in three hours."""
_OFTEN = timedelta(seconds=30)
_SOON = timedelta(seconds=5)
_BATCH = 100
_BATCHES = 20
"""Of articles that are looked through at a time; the rest wait for the next."""
_HISTORY = timedelta(days=366)
_A_STEP = 25
"""Articles in one transaction: some forty milliseconds."""
_STEPS = 100
"""Of those, in one pass without a daemon."""
_REST = 0.2
"""Seconds between two of those."""

_log = structlog.get_logger()


def rules(store: Store, settings: Settings) -> Iterator[tuple[str, Keep]]:
    """What is kept of each source that has ever brought anything, where that is not everything."""
    configured = {**settings.offered, **settings.sources}
    if settings.keep.days is None and all(each.keep is None or each.keep.days is None for each in configured.values()):
        return  # without asking of what articles there are, which takes the longer the more there are
    for source in store.carriers():
        rule = (configured[source].keep if source in configured else None) or settings.keep
        if rule.days is not None:
            yield source, rule


def forget_texts(store: Store, settings: Settings, *, now: datetime, go_on: Callable[[], bool] = lambda: True) -> int:
    """Of all articles that are older than the configuration wants, a few at a time for as long as ``go_on`` says so. Returns how many that were. Raises StoreError."""
    total = 0
    for source, rule in rules(store, settings):
        before = now - timedelta(days=rule.days or 0)
        while forgotten := store.forget_texts(source, before=before, at_least=rule.at_least, limit=_A_STEP):
            total += forgotten
            if not go_on():
                return total
    return total


def know(store: Store, registry: Registry) -> None:
    """What polls bring from now on is looked through with the universities of ``registry``; where those are others than before, all that is stored is looked
    through again. To be called before the first poll: else what that brings is looked through twice. Raises StoreError.
    """
    if store.know(edition(registry)):
        _log.info("articles are looked through for universities again")


class Housekeeping:
    """Runs beside the loop of the daemon between ``start`` and ``stop``. A job that the database refuses is told, and done the next time. Of several daemons
    on one database the one that ``speaks`` does it.
    """

    def __init__(
        self,
        store: Store,
        *,
        clock: Callable[[], datetime],
        registry: Callable[[], Registry] = Registry,
        settings: Callable[[], Settings] | None = None,
        speaks: Callable[[], bool] = lambda: True,
    ) -> None:
        self._speaks = speaks
        self._store = store
        self._settings = settings
        self._ending = threading.Event()
        self._stopping = asyncio.Event()
        """The same for the loop."""
        self._clock = clock
        self._registry = registry
        self._looked_at: int | None = None
        """Down to which article those of an older version were joined with their stories."""
        self._loops: list[tuple[timedelta, Callable[[], Awaitable[object]]]] = []
        self._running: list[asyncio.Task[None]] = []
        self._scheduler: AsyncIOScheduler
        """From ``start`` on."""

    def every(self, pause: timedelta, job: Callable[[], Awaitable[object]]) -> None:
        """Another one's job, that tells of its faults itself. ``pause`` lies between its end and its next beginning. To be called before ``start``."""
        self._loops.append((pause, job))

    def start(self) -> None:
        self._scheduler = self._daily()
        self._scheduler.start()
        own = ((_PAUSE, self._catching_up), (_OFTEN, self._mend_plans))
        self._running = [asyncio.create_task(_loop(pause, job, self._stopping)) for pause, job in (*self._loops, *own)]
        self._running.append(asyncio.create_task(_loop(_OFTEN, self._naming, self._stopping, first=_SOON)))

    def _daily(self) -> AsyncIOScheduler:
        from apscheduler.schedulers.asyncio import AsyncIOScheduler  # who polls without a daemon needs none

        scheduler = AsyncIOScheduler(timezone=UTC)
        for job, first in ((self.forget, _STARTED), (self.forget_texts, 2 * _STARTED), (self.tidy, 3 * _STARTED)):
            scheduler.add_job(
                job,
                "interval",
                seconds=_DAILY.total_seconds(),
                next_run_time=datetime.now(UTC) + first,
                misfire_grace_time=None,  # late is better than never
                coalesce=True,
                max_instances=1,
            )
        return scheduler

    async def stop(self, grace: float) -> None:
        """A job under way ends with the step it is at; one that takes longer than ``grace`` seconds for that is left to itself."""
        self._ending.set()
        self._stopping.set()
        self._scheduler.shutdown(wait=False)
        if self._running:
            _, late = await asyncio.wait(self._running, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def once(self) -> None:
        """One bounded pass of all of it, for who polls without a daemon: what is left is done after the next polls."""
        self.name()
        for _ in range(_BATCHES):
            if self.catch_up() or not self._speaks():
                break
        self.forget()
        steps = iter(range(_STEPS))
        self._forget_texts(go_on=lambda: next(steps, None) is not None)

    async def _catching_up(self) -> bool:
        return await asyncio.to_thread(self.catch_up)

    async def _naming(self) -> None:
        await asyncio.to_thread(self.name)

    async def _mend_plans(self) -> None:
        """What a clock has planned that has been set back since would wait for the time to come again."""
        latest = datetime.now(UTC) + _DAILY
        for job in self._scheduler.get_jobs():
            if job.next_run_time is not None and job.next_run_time > latest:
                job.modify(next_run_time=latest)

    def catch_up(self) -> bool:
        """Join a few articles that an older version has stored with their stories. Returns whether that is all."""
        try:
            if not self._speaks():
                return False
            self._looked_at = self._store.catch_up(limit=_AT_ONCE, below=self._looked_at)
        except StoreError as error:
            _log.error("housekeeping was put off", problem=error.message, remedy=error.remedy)
            return False
        return self._looked_at is None

    def forget_texts(self) -> None:
        """Forget the texts that the operator does not want to keep any longer, a few at a time: polls and subscribers must not wait."""
        self._forget_texts(go_on=lambda: not self._ending.wait(_REST))

    def _forget_texts(self, *, go_on: Callable[[], bool]) -> None:
        if self._settings is None or not self._speaks():
            return
        try:
            forgotten = forget_texts(self._store, self._settings(), now=self._clock(), go_on=go_on)
            if forgotten:
                self._store.give_back()
        except StoreError as error:
            _log.error("housekeeping was put off", problem=error.message, remedy=error.remedy)
            return
        if forgotten:
            _log.info("forgot the texts of old articles", count=forgotten)

    def tidy(self) -> None:
        """Put in order what searches look into, a little at a time."""
        try:
            while self._speaks() and not self._store.tidy() and not self._ending.wait(_REST):
                pass
        except StoreError as error:
            _log.error("housekeeping was put off", problem=error.message, remedy=error.remedy)

    def forget(self) -> None:
        """Throw away what robots.txt files said that were last asked for long ago, and what happened longer ago than a year."""
        if not self._speaks():
            return
        try:
            forgotten = self._store.forget_robots(before=self._clock() - _FORGOTTEN)
            self._store.forget_events(before=self._clock() - _HISTORY)
        except StoreError as error:
            _log.error("housekeeping was put off", problem=error.message, remedy=error.remedy)
            return
        if forgotten:
            _log.info("forgot old robots.txt files", count=forgotten)

    def name(self) -> None:
        """Look through articles for universities: those stored before that was done, those whose text has changed, and all where others are known now."""
        if not self._speaks():
            return
        registry = self._registry()
        try:
            know(self._store, registry)
            for _ in range(_BATCHES):
                batch = self._store.unnamed(_BATCH)
                if not batch or self._ending.is_set():
                    return
                self._store.keep_mentions([article if is_card(article) else named(article, registry) for article in batch])
        except StoreError as error:
            _log.error("housekeeping was put off", problem=error.message, remedy=error.remedy)


async def _loop(pause: timedelta, job: Callable[[], Awaitable[object]], ending: asyncio.Event, *, first: timedelta | None = None) -> None:
    """Again and again, until it says that all is done, or ``ending`` is set. ``first``: the pause before the first time, where that is another."""
    wait = pause if first is None else first
    while not await _set_within(ending, wait):
        wait = pause
        try:
            if await job() is True:
                return
        except Exception:  # noqa: BLE001 - a fault of ours, told; it must not end what is done for years
            _log.exception("housekeeping broke: please report this")


async def _set_within(event: asyncio.Event, time: timedelta) -> bool:
    with suppress(TimeoutError):
        return await asyncio.wait_for(event.wait(), time.total_seconds())
    return False
