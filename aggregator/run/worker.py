"""``aggregator worker``: polls what another machine schedules, until it is told to end. SIGHUP, or a change of its files, reads the configuration again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog

from aggregator.config import Settings
from aggregator.errors import ConfigError
from aggregator.offload import Offload
from aggregator.poll import Poller
from aggregator.run.cluster import GRACE, Worker
from aggregator.run.daemon import signals
from aggregator.run.memory import settle
from aggregator.run.once import fetcher_for, poller_for
from aggregator.run.queue import Queue
from aggregator.run.watch import Watch
from aggregator.store import Store

_log = structlog.get_logger()


async def work(settings: Settings, store: Store, reload: Callable[[], Settings]) -> None:
    """Until SIGTERM or SIGINT. ``store`` is one that machines share."""
    settle()
    ending, reloading = asyncio.Event(), asyncio.Event()
    watch = Watch(settings.directory)
    _log.info("working", sources=len(settings.sources), database=store.place)
    with Offload(registry=settings.registry) as offload, signals(ending, reloading):
        async with fetcher_for(settings, store=store) as fetcher:
            poller = poller_for(settings, fetcher, store, offload)
            worker = Worker(store, Queue(settings.database), poller, concurrency=settings.fetch.concurrency)
            working = asyncio.create_task(worker.run(grace=GRACE), name="worker")
            ended = asyncio.create_task(ending.wait())
            watching = asyncio.create_task(watch.follow(reloading.set), name="watch")
            while not ending.is_set():
                asked = asyncio.create_task(reloading.wait())
                await asyncio.wait({asked, ended, working}, return_when=asyncio.FIRST_COMPLETED)
                asked.cancel()
                if working.done():
                    working.result()  # it only ends by a fault of ours
                if reloading.is_set():
                    reloading.clear()
                    await _read_again(reload, worker, lambda fresh: poller_for(fresh, fetcher, store, offload))
            watching.cancel()
            working.cancel()
            await asyncio.wait({working})
    _log.info("ended")


async def _read_again(reload: Callable[[], Settings], worker: Worker, made: Callable[[Settings], Poller]) -> None:
    try:
        settings = await asyncio.to_thread(reload)
    except ConfigError as error:
        _log.error("the new configuration is wrong: staying with the last good one", problems="; ".join(map(str, error.problems)))
        return
    worker.poller = made(settings)
    _log.info("configuration read again; a change of `fetch` or `database` takes effect after a restart", sources=len(settings.sources))
