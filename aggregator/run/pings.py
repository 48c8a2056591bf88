"""Another hub is told of what is new (``publish.hub`` in the configuration): it fetches the feed and sends it on to its subscribers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from aggregator.config import Settings
from aggregator.errors import FetchError, StoreError
from aggregator.run.hub import ROUND, delivering
from aggregator.serve.site import Site
from aggregator.store import Store
from aggregator.store.trouble import Trouble

_AGAIN = timedelta(seconds=10)
"""After a ping that failed; twice as long after each further one …"""
_LONGEST_PAUSE = timedelta(hours=1)
"""… up to this."""

_log = structlog.get_logger()


class Pings:
    """``run`` works until it is cancelled. What was told is remembered, so that a restart forgets nothing. Of several on one database the one that
    ``speaks`` tells.
    """

    def __init__(
        self,
        store: Store,
        site: Callable[[], Site],
        settings: Settings,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause: float = ROUND,
        speaks: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._speaks = speaks
        self._site = site
        self._clock = clock
        self._pause = pause
        self._fetcher = delivering(settings, clock)
        self._failures = 0
        self._again: datetime | None = None
        self._trouble = Trouble("the hub cannot be told of news")

    async def run(self) -> None:
        async with self._fetcher:
            while True:
                try:
                    await self.round()
                except StoreError as error:
                    self._trouble.met(error.message, error.remedy)
                except Exception:  # noqa: BLE001 - a fault of ours, told; it must not end the pings
                    _log.exception("the pings broke: please report this")
                await asyncio.sleep(self._pause)

    async def round(self) -> None:
        """Tell the hub which feeds have changed since it was last told. Raises StoreError."""
        site = self._site()
        hub = site.settings.hub
        if hub is None or site.settings.has_own_hub or (self._again and self._clock() < self._again):
            return
        if not await asyncio.to_thread(self._speaks):
            return
        revision = await asyncio.to_thread(self._store.revision)
        told = await asyncio.to_thread(self._store.pinged)
        if told == revision:
            return
        changed = await asyncio.to_thread(site.changed, told) if told is not None else ()
        try:
            for topic in changed:
                await self._fetcher.post(hub, {"hub.mode": "publish", "hub.url": f"{site.settings.site.url}{topic}"})
        except FetchError as error:
            self._failed(error)
            return
        await asyncio.to_thread(self._store.keep_pinged, revision)
        self._failures, self._again = 0, None
        self._trouble.over()

    def _failed(self, error: FetchError) -> None:
        self._trouble.met(error.message, error.remedy)
        self._again = self._clock() + min(_AGAIN * 2 ** min(self._failures, 10), _LONGEST_PAUSE)
        self._failures += 1
