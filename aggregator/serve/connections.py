"""One client's connection: how long it may take, and what becomes of it when there are too many. uvicorn itself waits for ever."""

from __future__ import annotations

import asyncio
import resource
from collections import OrderedDict
from typing import ClassVar

from uvicorn.protocols.http.h11_impl import H11Protocol


def _quarter_of_files() -> int:
    """Each connection is a descriptor; the fetcher may use as many, and the database needs some."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return 1_000 if files == resource.RLIM_INFINITY else max(16, min(1_000, files // 4))


class Connection(H11Protocol):
    """HTTP/1.1 as uvicorn speaks it, with an end to all waiting.

    A request must have arrived ``TO_ASK`` seconds after the connection, or after the answer before it, however slowly its bytes come; an answer may stand
    still for ``TO_TAKE`` seconds. Beyond ``MOST`` connections the one that has waited longest without asking anything is closed for each that comes, so that
    a crowd of idle or slow clients keeps nobody out.
    """

    TO_ASK: ClassVar[float] = 10.0
    TO_TAKE: ClassVar[float] = 60.0
    MOST: ClassVar[int] = _quarter_of_files()

    _line: ClassVar[OrderedDict[Connection, None]] = OrderedDict()
    """All that are open, who came or was answered last at the end. In a flood this is asked for each that comes, so it must not cost a walk over all."""

    _moved: float
    """When this client last got on: it came, it took bytes, it was being answered."""
    _left = 0
    """Bytes that it had not taken when we last looked."""
    _next_look: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._moved = self.loop.time()
        self._look_later()
        self._line[self] = None
        if len(self._line) > self.MOST:
            self._make_room()

    def on_response_complete(self) -> None:
        self._moved = self.loop.time()
        if self in self._line:
            self._line.move_to_end(self)
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._line.pop(self, None)
        if self._next_look is not None:
            self._next_look.cancel()
        super().connection_lost(exc)

    @property
    def _is_idle(self) -> bool:
        answering = self.cycle is not None and not self.cycle.response_complete  # type: ignore[redundant-expr]  # None until the first request
        return not answering and not self.transport.get_write_buffer_size()

    def _look_later(self) -> None:
        self._next_look = self.loop.call_later(self.TO_ASK / 4, self._look)

    def _look(self) -> None:
        left, before = self.transport.get_write_buffer_size(), self._left
        self._left = left
        if (left and left != before) or not (left or self._is_idle):
            self._moved = self.loop.time()
        if self.loop.time() - self._moved >= (self.TO_TAKE if left else self.TO_ASK):
            self.transport.abort()
        else:
            self._look_later()

    def _make_room(self) -> None:
        for _ in range(len(self._line)):
            first = next(iter(self._line))
            if first._is_idle:  # noqa: SLF001
                del self._line[first]
                first.transport.abort()
                return
            self._line.move_to_end(first)
