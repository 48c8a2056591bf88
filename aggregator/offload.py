"""Processes that do the reading: bounded in time and memory, killed when they exceed either, so that no page can stall or bring down the loop."""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import TimeoutError as TaskTimeout
from concurrent.futures.process import BrokenProcessPool
from dataclasses import asdict
from multiprocessing import forkserver
from pathlib import Path
from types import TracebackType
from typing import Any, ParamSpec, Self, TypeVar

from pebble import ProcessExpired, ProcessPool

from aggregator.errors import ReadError
from aggregator.refine.registry import PACKAGED, Registry

SECONDS = 20.0
"""The longest that one page may take to read; an ordinary one takes 0.02."""
MEMORY = 1_000_000_000
"""Bytes that a process may take beyond what it has when it starts."""
_TASKS = 5_000
"""After so many pages a process is replaced: whatever leaks in a parser goes with it."""

_PAUSES = (0.0, 0.5, 2.0)
"""Seconds after each attempt that ended because somebody killed the processes."""
_TOLD = "_AGGREGATOR_REGISTRY"
"""The environment is all that the process that forks inherits: there it finds the name of a file."""
_SMALLER = "the page may be too large or too deep; name a smaller page or a feed"

_P = ParamSpec("_P")
_T = TypeVar("_T")

if sys.platform == "win32":
    from multiprocessing.context import SpawnContext as _StartContext
else:
    from multiprocessing.context import ForkServerContext as _StartContext


class _Context(_StartContext):
    """Keeps its locks for as long as it is kept itself.

    A pool that ends gives up its locks first and ends its processes then: one that was just starting would look for a lock that is gone, and die in
    a traceback on the operator's screen.
    """

    def __init__(self) -> None:
        super().__init__()
        self._locks: list[object] = []

    def RLock(self) -> Any:  # noqa: N802 - the name is multiprocessing's
        lock = super().RLock()
        self._locks.append(lock)
        return lock


class Offload:
    """A pool of reading processes; they start with the first page."""

    def __init__(self, workers: int | None = None, *, registry: Registry = PACKAGED, seconds: float = SECONDS) -> None:
        """``registry``: the universities that most pages will be read with; the processes share what is known of them."""
        if sys.platform != "win32":
            multiprocessing.get_context("forkserver").set_forkserver_preload([__name__, "aggregator.warm"])
        self._registry = registry
        self._seconds = seconds
        self._workers = workers or min(4, os.cpu_count() or 1)
        self._told: Path | None = None
        self._context, self._pool = self._opened()

    def _opened(self) -> tuple[_Context, ProcessPool]:
        context = _Context()
        self._is_forking = False
        return context, ProcessPool(max_workers=self._workers, max_tasks=_TASKS, initializer=_bounded, context=context)

    async def run(self, function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
        """``function`` in another process. Raises what it raises; ReadError where it took too long, too much memory, or its process died."""
        for pause in _PAUSES:
            try:
                return await self._run(function, arguments, named)
            except BrokenProcessPool:
                # The task never ran, or its answer was lost. Reading is pure, so it may be done again.
                await asyncio.sleep(pause)
        raise ReadError(
            f"the processes that read were killed {len(_PAUSES)} times in a row",
            remedy="this machine may be short of memory: see its kernel log",
        )

    async def _run(self, function: Callable[..., _T], arguments: tuple[Any, ...], named: dict[str, Any]) -> _T:
        self._fork()
        pool = self._pool
        began = time.monotonic()
        try:
            future = pool.schedule(function, args=arguments, kwargs=named, timeout=self._seconds)
        except RuntimeError as error:  # pebble's way to say that it is broken already
            self._replace(pool)
            raise BrokenProcessPool from error
        try:
            result: _T = await asyncio.wrap_future(future)
        except BrokenProcessPool:
            self._replace(pool)
            raise
        except TaskTimeout as error:
            if time.monotonic() - began < self._seconds:  # the pool goes by the time of day, and that was set
                raise BrokenProcessPool from error
            raise ReadError(
                f"reading took longer than {self._seconds:g} s", remedy="the page is huge or made to be slow; name a smaller page or a feed"
            ) from error
        except ProcessExpired as error:
            raise ReadError(f"reading ended its process ({error})", remedy=_SMALLER) from error
        except MemoryError as error:
            raise ReadError(f"reading took more than {MEMORY // 10**9} GB of memory", remedy=_SMALLER) from error
        return result

    def _fork(self) -> None:
        """Start the process that forks the others, if there is none yet, and tell it what they have in common."""
        if self._is_forking or sys.platform == "win32":
            return
        self._told = self._told or self._written()
        if self._told is not None:
            os.environ[_TOLD] = str(self._told)
        try:
            forkserver.ensure_running()
        finally:
            os.environ.pop(_TOLD, None)
        self._is_forking = True

    def _written(self) -> Path | None:
        """None where nothing can be written: then each process builds what it needs when it needs it."""
        try:
            place = Path(tempfile.mkdtemp(prefix="aggregator-"), "registry.json")
            place.write_text(json.dumps(asdict(self._registry)), encoding="utf-8")
        except OSError:
            return None
        return place

    def _replace(self, broken: ProcessPool) -> None:
        """Somebody killed a waiting process, or the one that forks them: such a pool never works again."""
        if broken is self._pool:
            broken.stop()  # type: ignore[no-untyped-call]
            self._context, self._pool = self._opened()

    def close(self) -> None:
        """End at once; what is being read is given up."""
        self._pool.stop()  # type: ignore[no-untyped-call]
        self._pool.join()
        if self._told is not None:
            shutil.rmtree(self._told.parent, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def told() -> Registry:
    """For the process that forks: the ``registry`` that it was started with."""
    place = os.environ.get(_TOLD)
    return Registry(**json.loads(Path(place).read_text(encoding="utf-8"))) if place else PACKAGED


def _bounded() -> None:
    """Runs in each process before its first task."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends us
    if sys.platform == "linux":
        import resource

        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - a kernel file
            pages = int(statm.read().split()[0])
        limit = pages * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
