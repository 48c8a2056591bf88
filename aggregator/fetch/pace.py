"""One request at a time per host, with a pause between the end of one and the start of the next."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta


class Pace:
    """Turns per host, first come first served. A host is forgotten once its pause is over and nobody waits for it, so memory follows the traffic."""

    def __init__(self, gap: timedelta, *, monotonic: Callable[[], float], sleep: Callable[[float], Awaitable[None]]) -> None:
        self._gap = gap.total_seconds()
        self._monotonic = monotonic
        self._sleep = sleep
        self._busy: dict[str, _Queue] = {}
        self._resting: OrderedDict[str, float] = OrderedDict()
        """Hosts that nobody waits for, with the moment their pause ends; in the order of these moments, as the pause is the same for all."""

    def __len__(self) -> int:
        """How many hosts are remembered."""
        return len(self._busy) + len(self._resting)

    @asynccontextmanager
    async def turn(self, host: str) -> AsyncIterator[None]:
        """Wait for the turn of this host, and hold it."""
        queue = self._join(host)
        try:
            async with queue.lock:
                wait = queue.free_at - self._monotonic()
                if wait > 0:
                    await self._sleep(wait)
                try:
                    yield
                finally:
                    queue.free_at = self._monotonic() + self._gap
        finally:
            self._leave(host, queue)

    def _join(self, host: str) -> _Queue:
        queue = self._busy.get(host)
        if queue is None:
            self._forget()
            queue = self._busy[host] = _Queue(self._resting.pop(host, 0.0))
        queue.members += 1
        return queue

    def _leave(self, host: str, queue: _Queue) -> None:
        queue.members -= 1
        if queue.members == 0:
            del self._busy[host]
            self._resting[host] = queue.free_at
            self._forget()

    def _forget(self) -> None:
        now = self._monotonic()
        while self._resting and next(iter(self._resting.values())) <= now:
            self._resting.popitem(last=False)


class _Queue:
    __slots__ = ("free_at", "lock", "members")

    def __init__(self, free_at: float) -> None:
        self.lock = asyncio.Lock()
        self.members = 0
        self.free_at = free_at
