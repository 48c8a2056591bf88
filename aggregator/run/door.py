"""The way to the network of a program that takes over changes of its configuration: one fetcher at a time. The one before stays for those that began with it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Self

from aggregator.fetch import Fetcher

Rested = Callable[[], Awaitable[None]]
"""Returns when somebody has nothing under way any more."""


class Door:
    """An async context manager; ``fetcher`` is the one in force."""

    def __init__(self, fetcher: Fetcher) -> None:
        self.fetcher = fetcher
        self._before: dict[Fetcher, asyncio.Task[None]] = {}
        """Those that are still in use, and who waits for the end of that."""

    async def __aenter__(self) -> Self:
        await self.fetcher.__aenter__()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        for waiting in self._before.values():
            waiting.cancel()
        await asyncio.gather(*self._before.values(), return_exceptions=True)
        for fetcher in (*self._before, self.fetcher):
            await fetcher.__aexit__(kind, error, trace)

    async def replace(self, fetcher: Fetcher, *users: Rested) -> None:
        """``fetcher`` is in force from now on; the one before is closed when its ``users`` are out. They must know the new one by the next ``await``."""
        await fetcher.__aenter__()
        self._before[self.fetcher] = asyncio.create_task(self._close(self.fetcher, users), name="close a fetcher")
        self.fetcher = fetcher

    async def _close(self, fetcher: Fetcher, users: tuple[Rested, ...]) -> None:
        for rested in users:
            await rested()
        await fetcher.__aexit__(None, None, None)
        del self._before[fetcher]
