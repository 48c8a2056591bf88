"""One request at a time per host, with a pause between the end of one and the start of the next."""

from __future__ import annotations

import asyncio
import heapq
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
        self._resting: dict[str, float] = {}
        """Hosts that nobody waits for, with the moment their pause ends."""
        self._ends: list[tuple[float, str]] = []
        """The same as a heap, soonest first; a host that has been visited again meanwhile stands there once more."""

    def __len__(self) -> int:
        """How many hosts are remembered."""
        return len(self._busy) + len(self._resting)

    @asynccontextmanager
    async def turn(self, host: str, pause: float = 0.0) -> AsyncIterator[None]:
        """Wait for the turn of this host, and hold it. ``pause``: seconds that it wants to be left alone afterwards, where that is longer than the gap."""
        queue = self._join(host)
        try:
            async with queue.lock:
                wait = queue.free_at - self._monotonic()
                if wait > 0:
                    await self._sleep(wait)
                try:
                    yield
                finally:
                    queue.free_at = self._monotonic() + max(self._gap, pause)
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
            heapq.heappush(self._ends, (queue.free_at, host))
            self._forget()

    def _forget(self) -> None:
        now = self._monotonic()
        while self._ends and self._ends[0][0] <= now:
            moment, host = heapq.heappop(self._ends)
            if self._resting.get(host) == moment:
                del self._resting[host]


class _Queue:
    __slots__ = ("free_at", "lock", "members")

    def __init__(self, free_at: float) -> None:
        self.lock = asyncio.Lock()
        self.members = 0
        self.free_at = free_at
