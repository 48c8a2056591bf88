"""A process that reads, seen from the one that asks it: what it is sent, what it answers, whether it lives."""

from __future__ import annotations

import asyncio
import contextlib
import os
import pickle
import signal
import socket
import sys
from typing import Final, Self

from aggregator.reader import LENGTH, Answer
from aggregator.refine.registry import Registry

_START: Final = 60.0
"""The longest that a process may take to start, in seconds; on an idle machine it takes 0.6."""
_OURS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PROGRAM: Final = "import sys; sys.path[:] = {!r}; from aggregator.reader import main; main()"


class Killed(Exception):
    """The process has ended, and not because of a page: it had none."""


class Process:
    """Every method that waits must be called by one at a time."""

    def __init__(self, channel: socket.socket, number: int | None, registry: Registry | None) -> None:
        """``number`` and ``registry``: None where another has forked it, which knows the universities; it says its number itself."""
        self._channel = channel
        self._registry = registry
        self._channel.setblocking(False)
        self.number = number
        self.forks = number is not None
        """Whether it may be asked for others. Those that it forks may not: they end with it."""
        self.is_ready = False
        self.tasks = 0
        self._asked: float | None = None
        """When its page was sent, of the loop's time; None: it has none."""
        self._worked = 0.0
        self.rest: asyncio.TimerHandle | None = None

    @classmethod
    def start(cls, registry: Registry) -> Self:
        """Raises OSError. Ctrl-C and an order to end are for us, who end it, even where all processes of a service hear of them."""
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-c", _PROGRAM.format(sys.path)]
            place = [(os.POSIX_SPAWN_DUP2, theirs.fileno(), 0)]
            try:
                number = os.posix_spawn(sys.executable, command, os.environ, file_actions=place, setsigmask=_OURS)
            except OSError:
                ours.close()
                raise
        return cls(ours, number, registry)

    def fork(self) -> Self | None:
        """Another one, which shares its memory; None where it has ended. It must be at rest."""
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                socket.send_fds(self._channel, [LENGTH.pack(0)], [theirs.fileno()])
            except OSError:
                ours.close()
                return None
        return type(self)(ours, None, None)

    async def ready(self) -> None:
        """Raises Killed."""
        if self.is_ready:
            return
        try:
            async with asyncio.timeout(_START):
                if self._registry is not None:
                    await self._send(pickle.dumps(self._registry))
                self.number = pickle.loads(await self._received())  # noqa: S301 - of a process of ours
        except (EOFError, ConnectionError, TimeoutError) as error:
            raise Killed from error
        self.is_ready = True

    async def ask(self, task: bytes) -> Answer:
        """Raises EOFError and ConnectionError where it ends instead."""
        self.tasks += 1
        self._asked = asyncio.get_running_loop().time()
        await self._send(task)
        answer: Answer = pickle.loads(await self._received())  # noqa: S301 - of a process of ours
        self._asked = None
        self._worked += answer.seconds
        return answer

    def is_stuck(self, patience: float) -> bool:
        """Whether one page has kept it for so long."""
        return self._asked is not None and asyncio.get_running_loop().time() - self._asked >= patience

    def worked(self) -> float:
        """For how many seconds it has computed since it was last asked this."""
        worked, self._worked = self._worked, 0.0
        return worked

    async def _send(self, data: bytes) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self._channel, LENGTH.pack(len(data)))
        await loop.sock_sendall(self._channel, data)

    async def _received(self) -> bytearray:
        (length,) = LENGTH.unpack(await self._exactly(LENGTH.size))
        return await self._exactly(length)

    async def _exactly(self, length: int) -> bytearray:
        data, loop, done = bytearray(length), asyncio.get_running_loop(), 0
        with memoryview(data) as view:
            while done < length:
                more = await loop.sock_recv_into(self._channel, view[done:])
                if not more:
                    raise EOFError
                done += more
        return data

    def lives(self) -> bool:
        """Of one at rest."""
        return self._said() is None

    def kill(self) -> None:
        """One that has hung up has ended, and its number may be somebody else's by now."""
        if self.number is not None and self._said() != b"":
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.number, signal.SIGKILL)

    def _said(self) -> bytes | None:
        """The beginning of what waits to be read: nothing at its end; None as long as it says nothing."""
        try:
            return self._channel.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return None
        except OSError:
            return b""

    def end(self) -> None:
        if self.rest is not None:
            self.rest.cancel()
        self.kill()
        self._channel.close()
