"""The way of every poll into the database: polls that end at about the same time share one transaction, because a transaction costs more than a poll."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, NamedTuple, ParamSpec, TypeVar

import structlog

from aggregator.errors import StoreBusy, StoreError
from aggregator.model import Changes
from aggregator.store import Store

_MOST = 200
"""Polls in one transaction."""
_ARTICLES = 100
"""Articles in one transaction, of more than one poll: what they may be copies of is read for all of them, a dozen for each."""
_AHEAD = 10
"""Polls that may read, or wait with what they have read: two transactions of ordinary feeds and more, so the database never waits for them."""
_COMPANY = 0.01
"""Seconds for which polls that have brought nothing wait for others that are under way: nobody misses them meanwhile."""
_ENOUGH = 64
"""So many wait for nobody."""

_P = ParamSpec("_P")
_T = TypeVar("_T")
_log = structlog.get_logger()


class _Waiting(NamedTuple):
    changes: Changes
    stored: asyncio.Future[int]
    context: contextvars.Context
    """Whose changes they are, for the log."""


class Committer:
    """Works the store from an event loop: the database blocks, so it has a thread of its own, and takes one writer at a time anyway. ``under_way`` tells how
    many polls have begun that will end here, those that wait included.
    """

    def __init__(self, store: Store, under_way: Callable[[], int] = lambda: 0) -> None:
        self._store = store
        self._under_way = under_way
        self._log = _log.bind()
        self._thread = ThreadPoolExecutor(1, "store")
        self._waiting: list[_Waiting] = []
        self._worker: asyncio.Task[None] | None = None
        self._readers = 0
        self._next_reader = asyncio.Lock()
        self._fewer = asyncio.Event()

    async def ask(self, method: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
        """Call a method of the store. Raises what it raises."""
        call: Callable[[], Any] = lambda: method(*arguments, **named)  # noqa: E731 - typed
        result: _T = await asyncio.get_running_loop().run_in_executor(self._thread, call)
        return result

    async def apply(self, changes: Changes) -> int:
        """``Store.apply``, together with the others that wait. Returns how many articles were added, once they are stored; raises StoreError else."""
        stored: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(changes, stored, contextvars.copy_context()))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work(), name="commit", context=contextvars.Context())  # of none of the polls it stores
        return await stored

    @asynccontextmanager
    async def ahead(self) -> AsyncIterator[None]:
        """For reading what is to be stored: begins once few enough others read or wait, since what is read faster than it is stored only takes up memory."""
        async with self._next_reader:
            while self._readers + len(self._waiting) >= _AHEAD:
                self._fewer.clear()
                await self._fewer.wait()
            self._readers += 1
        try:
            yield
        finally:
            self._readers -= 1
            self._fewer.set()

    async def _work(self) -> None:
        while self._waiting:
            if self._may_wait:
                await asyncio.sleep(_COMPANY)
            batch = self._next()
            try:
                added = await self.ask(self._store.apply, *(each.changes for each in batch))
                ended = list(zip(batch, added, strict=True))
            except StoreBusy as error:
                for each in batch:
                    _end(each.stored, error)
            except Exception:  # noqa: BLE001 - told one by one
                await self._one_by_one(batch)
            else:
                for each, count in ended:
                    each.context.run(self._log.debug, "stored", source=each.changes.state.source, new=count, together=len(batch))
                    _end(each.stored, count)

    @property
    def _may_wait(self) -> bool:
        """Whether others may soon end, and nothing that somebody reads is kept back meanwhile."""
        alone = len(self._waiting) >= min(self._under_way(), _ENOUGH)
        return not alone and not any(each.changes.new or each.changes.revised for each in self._waiting)

    def _next(self) -> list[_Waiting]:
        """The first of those that wait, as many as fit into one transaction."""
        articles, batch = 0, list[_Waiting]()
        for each in self._waiting[:_MOST]:
            articles += len(each.changes.new) + len(each.changes.revised)
            if batch and articles > _ARTICLES:
                break
            batch.append(each)
        del self._waiting[: len(batch)]
        self._fewer.set()
        return batch

    async def _one_by_one(self, batch: list[_Waiting]) -> None:
        """What one poll brought may be what the database refuses: the others must not suffer for it."""
        for changes, stored, context in batch:
            try:
                _end(stored, *await self.ask(self._store.apply, changes))
            except StoreError as error:
                _end(stored, error)
            except Exception as error:  # noqa: BLE001 - one poll must not end the way of the others
                context.run(_log.exception, "storing broke: please report this", source=changes.state.source)
                told = f"a fault in aggregator itself: storing broke: {error!r}"
                _end(stored, StoreError(told, remedy="please report it with the traceback in the log"))


def _end(stored: asyncio.Future[int], result: int | StoreError) -> None:
    if stored.cancelled():
        return
    if isinstance(result, StoreError):
        stored.set_exception(result)
    else:
        stored.set_result(result)
