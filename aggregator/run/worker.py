"""``aggregator worker``: polls what another machine schedules, until it is told to end. SIGHUP, or a change of its files, reads the configuration again."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog

from aggregator.config import Settings
from aggregator.errors import ConfigError
from aggregator.meters import Meters, Vital
from aggregator.offload import Offload
from aggregator.poll import Outcome, Poller
from aggregator.run.cluster import GRACE, Worker
from aggregator.run.daemon import signals
from aggregator.run.listening import Server
from aggregator.run.memory import settle
from aggregator.run.once import fetcher_for, poller_for
from aggregator.run.queue import Queue
from aggregator.run.watch import Watch
from aggregator.run.watchdog import Watchdog
from aggregator.serve.lookout import lookout
from aggregator.store import Store

_STALE = timedelta(seconds=60)
"""Without a word of the database for so long, a worker is not well."""

_log = structlog.get_logger()


async def work(settings: Settings, store: Store, reload: Callable[[], Settings], *, sock: socket.socket | None = None) -> None:
    """Until SIGTERM or SIGINT. ``store`` is one that machines share. ``sock``: where it tells how it does; None: nowhere."""
    settle()
    ending, reloading = asyncio.Event(), asyncio.Event()
    watch, meters = Watch(settings.directory), Meters()
    _log.info("working", sources=len(settings.sources), database=store.place)
    with Offload(registry=settings.registry) as offload, signals(ending, reloading):
        async with fetcher_for(settings, store=store, traffic=meters.traffic) as fetcher, Watchdog():
            poller = poller_for(settings, fetcher, store, offload)
            worker = Worker(store, Queue(settings.database), poller, concurrency=settings.fetch.concurrency, report=_counted(meters))
            state = _State(worker, meters)
            working = asyncio.create_task(worker.run(grace=GRACE), name="worker")
            ended = asyncio.create_task(ending.wait())
            watching = asyncio.create_task(watch.follow(reloading.set), name="watch")
            async with _told(state, sock):
                while not ending.is_set():
                    asked = asyncio.create_task(reloading.wait())
                    await asyncio.wait({asked, ended, working}, return_when=asyncio.FIRST_COMPLETED)
                    asked.cancel()
                    if working.done():
                        working.result()  # it only ends by a fault of ours
                    if reloading.is_set():
                        reloading.clear()
                        await state.read_again(reload, lambda fresh: poller_for(fresh, fetcher, store, offload))
                watching.cancel()
                working.cancel()
                await asyncio.wait({working})
    _log.info("ended")


def _counted(meters: Meters) -> Callable[[Outcome], None]:
    def report(outcome: Outcome) -> None:
        meters.polled(outcome.ending, new=outcome.new, revised=outcome.revised, seconds=outcome.seconds)

    return report


@asynccontextmanager
async def _told(state: _State, sock: socket.socket | None) -> AsyncIterator[None]:
    """What it is asked is answered meanwhile."""
    if sock is None:
        yield
        return
    server = Server(lookout(state.health, state.lives, state.metrics))
    serving = asyncio.create_task(server.serve(sockets=[sock]), name="lookout")
    try:
        yield
    finally:
        server.should_exit = True
        await serving


class _State:
    """How the worker does, for who asks."""

    def __init__(self, worker: Worker, meters: Meters) -> None:
        self._worker = worker
        self._meters = meters
        self._wrong: str | None = None

    def health(self) -> dict[str, Any]:
        heard, problem = self._worker.heard, self._worker.problem
        if problem is None and not self._is_heard:
            problem = "the database has not answered yet" if heard is None else "the database does not answer"
        return {
            "ok": problem is None,
            "problem": problem,
            "heard": heard.isoformat(timespec="seconds") if heard else None,
            "configuration": self._wrong or "in force",
        }

    def lives(self) -> bool:
        """Whether it goes on by itself. A database that is away says so; a connection that something between has forgotten never says anything again."""
        return self._worker.heard is None or self._is_heard or self._worker.problem is not None

    def metrics(self) -> bytes:
        """What the database knows is told by who serves."""
        vital = Vital(ok=self.health()["ok"], configured=self._wrong is None, last_tick=self._worker.heard)
        return self._meters.exposition(vital, None, now=datetime.now(UTC))

    @property
    def _is_heard(self) -> bool:
        return self._worker.heard is not None and datetime.now(UTC) - self._worker.heard < _STALE

    async def read_again(self, reload: Callable[[], Settings], made: Callable[[Settings], Poller]) -> None:
        try:
            settings = await asyncio.to_thread(reload)
        except ConfigError as error:
            self._wrong = error.message
            _log.error("the new configuration is wrong: staying with the last good one", problems="; ".join(map(str, error.problems)))
            return
        self._wrong = None
        self._worker.poller = made(settings)
        _log.info("configuration read again; a change of `fetch` or `database` takes effect after a restart", sources=len(settings.sources))
