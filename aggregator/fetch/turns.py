"""One request at a time per host among many machines: what ``pace`` is within one process, agreed on over the database that they share."""

from __future__ import annotations

import asyncio
import itertools
import random
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from typing import Protocol

from aggregator.errors import StoreError

_LOOK = 0.5
"""Seconds between two looks while another machine asks the host: it may be done long before it must."""
_MARGIN = timedelta(seconds=10)
"""Beyond the time that a request may take, before the turn of a machine that died is over."""


class Desk(Protocol):
    """Where turns are given out. Called in threads; raises StoreError."""

    def take_turn(self, host: str, *, holder: str, longest: timedelta) -> timedelta | None: ...

    def end_turn(self, host: str, *, holder: str, pause: timedelta) -> None: ...


class Turns:
    """``gap`` is the pause between two requests to a host; ``longest`` what one request may take."""

    def __init__(self, desk: Desk, *, gap: timedelta, longest: timedelta, sleep: Callable[[float], Awaitable[None]]) -> None:
        self._desk = desk
        self._name = secrets.token_hex(8)
        self._gap = gap
        self._longest = longest + _MARGIN
        self._sleep = sleep
        self._numbers = itertools.count()

    @asynccontextmanager
    async def turn(self, host: str, pause: float) -> AsyncIterator[None]:
        """Wait for the turn of this host, and hold it. ``pause`` as for ``Pace.turn``. Raises StoreError where nobody can say whose turn it is."""
        holder = f"{self._name}/{next(self._numbers)}"
        while (left := await asyncio.to_thread(self._desk.take_turn, host, holder=holder, longest=self._longest)) is not None:
            await self._sleep(min(left.total_seconds(), _LOOK * random.uniform(0.5, 1)) + 0.001)
        try:
            yield
        finally:
            rest = max(self._gap, timedelta(seconds=pause))
            with suppress(StoreError):  # then it ends by itself, a little later
                await asyncio.shield(asyncio.to_thread(self._desk.end_turn, host, holder=holder, pause=rest))
