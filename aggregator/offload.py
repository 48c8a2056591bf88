"""Processes that do the reading: bounded in time and memory, killed when they exceed either, so that no page can stall or bring down the loop."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import time
from collections import deque
from collections.abc import Callable
from types import TracebackType
from typing import Final, ParamSpec, Self, TypeVar

from aggregator.errors import ReadError
from aggregator.process import Killed, Process
from aggregator.reader import MEMORY, Answer
from aggregator.refine.registry import PACKAGED, Registry

SECONDS: Final = 20.0
"""The longest that one page may take to read; an ordinary one takes 0.02."""
PATIENCE: Final = 3.0
"""Seconds for which pages have waited without a pause before one more process is started: each takes tens of megabytes. In less what is read ahead of storing, or
what other programs keep us from, may look as if reading were what all wait for.
"""
_FULLY: Final = 0.75
"""The part of the time for which a process must have computed to have been at work all the time: what is left it waits for the next page."""
IDLE: Final = 60.0
"""Seconds without a page after which a process is ended: the next page waits until one has started, which takes less than one."""
_BURIED: Final = 0.5
"""Seconds after which an ended process is asked for what it has left to say: nothing, but it stays in the kernel's table until then."""
_TASKS: Final = 5_000
"""After so many pages a process is replaced: whatever leaks in a parser goes with it."""

_PAUSES: Final = (0.0, 0.5, 2.0)
"""Seconds after each attempt that ended because somebody killed the processes."""
_SMALLER: Final = "the page may be too large or too deep; name a smaller page or a feed"

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Offload:
    """Reading processes: the first starts with the first page, another where pages go on to wait, and what has nothing to do ends."""

    def __init__(
        self,
        workers: int | None = None,
        *,
        registry: Registry = PACKAGED,
        seconds: float = SECONDS,
        patience: float = PATIENCE,
        idle: float = IDLE,
    ) -> None:
        """``registry``: the universities that most pages will be read with; a process knows them before its first page."""
        self.registry = registry
        self._most = workers or min(4, os.cpu_count() or 1)
        self._seconds = seconds
        self._patience = patience
        self._idle = idle
        self._readers: set[Process] = set()
        self._resting: list[Process] = []
        self._ended: set[int] = set()
        """Processes that are to be waited for."""
        self._waiting: deque[asyncio.Future[Process]] = deque()
        self._watch: asyncio.TimerHandle | None = None
        self._spent = 0.0
        """Seconds that this process had computed at the last look."""
        self._fork_next = False
        self._is_closed = False

    async def run(self, function: Callable[_P, _T], *arguments: _P.args, **named: _P.kwargs) -> _T:
        """``function`` in another process. Raises what it raises; ReadError where it took too long, too much memory, or its process died."""
        task = pickle.dumps((function, arguments, named), pickle.HIGHEST_PROTOCOL)
        for pause in _PAUSES:
            try:
                answer = await self._asked(task)
            except (Killed, OSError):  # or it could not even be started
                await asyncio.sleep(pause)
                continue
            if not answer.is_raised:
                return answer.value  # type: ignore[no-any-return]
            if isinstance(answer.value, MemoryError):
                raise ReadError(f"reading took more than {MEMORY // 10**9} GB of memory", remedy=_SMALLER) from answer.value
            raise answer.value
        raise ReadError(
            f"the processes that read were killed {len(_PAUSES)} times in a row",
            remedy="this machine may be short of memory: see its kernel log",
        )

    async def _asked(self, task: bytes) -> Answer:
        reader = await self._free_one()
        try:
            await reader.ready()
            async with asyncio.timeout(self._seconds):
                answer = await reader.ask(task)
        except TimeoutError as error:
            self._replace(reader)
            raise ReadError(
                f"reading took longer than {self._seconds:g} s", remedy="the page is huge or made to be slow; name a smaller page or a feed"
            ) from error
        except (EOFError, ConnectionError) as error:
            self._replace(reader)
            if self._is_closed:
                raise asyncio.CancelledError from None
            raise ReadError("reading ended its process", remedy=_SMALLER) from error
        except BaseException:  # nobody waits for it any more
            self._end(reader)
            raise
        if answer.is_last or reader.tasks >= _TASKS:
            self._replace(reader)
        else:
            self._give(reader)
        return answer

    async def _free_one(self) -> Process:
        if self._is_closed:
            raise asyncio.CancelledError
        while self._resting:
            reader = self._resting.pop()
            if reader.rest is not None:
                reader.rest.cancel()
            if reader.lives():
                return reader
            self._end(reader)
        if not self._readers:
            return self._started()
        place: asyncio.Future[Process] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        if self._watch is None:
            self._look_again()
        try:
            return await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self._give(place.result())
            raise
        finally:
            self._leave(place)

    def _leave(self, place: asyncio.Future[Process]) -> None:
        if place in self._waiting:
            self._waiting.remove(place)
        if not self._waiting and self._watch is not None:
            self._watch.cancel()
            self._watch, self._fork_next = None, False

    def _look_again(self) -> tuple[float, float]:
        """In a while. Returns for how many seconds the processes have computed since the last look, and this one."""
        self._watch = asyncio.get_running_loop().call_later(self._patience, self._more)
        before, self._spent = self._spent, time.process_time()
        return sum(each.worked() for each in self._readers), self._spent - before

    def _more(self) -> None:
        """Pages have waited for long: one process more, if that helps. The first forks it as soon as it has a moment; where it is stuck, a new one starts."""
        theirs, ours = self._look_again()
        if len(self._readers) >= self._most or not all(each.is_ready for each in self._readers):
            return
        free = [each for each in self._readers if not each.is_stuck(self._patience)]
        fully = _FULLY * self._patience
        if free and (theirs < fully * len(free) or ours > fully):
            return  # what pages wait for is this process, or other programs
        self._fork_next = any(each.forks for each in free)
        if self._fork_next:
            return
        with contextlib.suppress(OSError):  # the machine has none to give: they wait for those that are there
            self._give(self._started())

    def _give(self, reader: Process) -> None:
        """It is free: for who has waited longest, or to rest."""
        if self._fork_next and reader.forks and reader.is_ready:
            self._fork_next = False
            other = reader.fork()
            if other is not None:
                self._readers.add(other)
                self._hand(other)
        self._hand(reader)

    def _hand(self, reader: Process) -> None:
        while self._waiting:
            place = self._waiting.popleft()
            if not place.done():
                place.set_result(reader)
                return
        reader.rest = asyncio.get_running_loop().call_later(self._idle, self._end, reader)
        if reader.forks:
            self._resting.append(reader)  # the next page is its own: the others end first
        else:
            self._resting.insert(0, reader)

    def _started(self) -> Process:
        """Raises OSError."""
        reader = Process.start(self.registry)
        self._readers.add(reader)
        return reader

    def _replace(self, reader: Process) -> None:
        """It ends; who waits must not wait any longer because of that."""
        self._end(reader)
        if self._waiting and not self._is_closed:
            with contextlib.suppress(OSError):
                self._give(self._started())

    def _end(self, reader: Process) -> None:
        self._readers.discard(reader)
        if reader in self._resting:
            self._resting.remove(reader)
        reader.end()
        if reader.number is not None:
            self._ended.add(reader.number)
        if not self._is_closed:
            asyncio.get_running_loop().call_later(_BURIED, self._reap)  # to die takes a moment, for which nobody should wait

    def _reap(self, how: int = os.WNOHANG) -> None:
        for process in tuple(self._ended):
            try:
                ended, _ = os.waitpid(process, how)
            except ChildProcessError:  # forked by another: that one has waited for it
                ended = process
            if ended:
                self._ended.discard(process)

    def close(self) -> None:
        """End at once; what is being read is given up."""
        self._is_closed = True
        if self._watch is not None:
            self._watch.cancel()
        for place in self._waiting:
            place.cancel()
        for reader in tuple(self._readers):
            reader.kill()
            if reader.number is not None:
                self._ended.add(reader.number)
            if reader in self._resting:
                self._end(reader)
        self._reap(0)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
