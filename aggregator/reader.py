"""A process that reads: it does what it is asked over its standard input, which is a socket, one page at a time.

Started by ``offload``, ended with it, and bounded in memory. It imports no event loop: each of these processes would have to hold it.
"""

from __future__ import annotations

import os
import pickle
import resource
import signal
import socket
import sys
import time
import traceback
from collections.abc import Callable
from struct import Struct
from typing import Any, Final, NamedTuple

from aggregator.errors import AggregatorError

MEMORY: Final = 1_000_000_000
"""Bytes that it may take beyond what it has when it starts."""
_GROWN: Final = 150_000
"""Kilobytes beyond that, once it has needed them, after which it is replaced: what a huge page has taken is rarely given back."""
_ORPHANED: Final = 60
"""Seconds after which the kernel ends it within a page: who asks has ended it long before, unless that was killed."""

LENGTH: Final = Struct("!Q")
"""Of what follows. A length of nothing comes with a socket, and asks for another process that answers there."""


class Answer(NamedTuple):
    """What came of a task."""

    value: Any
    """What it returned, or what it raised."""
    is_raised: bool
    is_last: bool
    """Whether the process wants to be replaced."""
    seconds: float
    """Of computing, that it took."""


def main() -> None:
    """Until nobody asks any more."""
    channel = socket.socket(fileno=os.dup(sys.stdin.fileno()))
    os.dup2(os.open(os.devnull, os.O_RDONLY), sys.stdin.fileno())
    signal.signal(
        signal.SIGCHLD, signal.SIG_IGN
    )  # whoever asks hears of the processes that are forked here; here they need not be waited for
    try:
        _begin(channel)
        _serve(channel)
    except (EOFError, ConnectionError):
        pass
    os._exit(0)  # in order it would take down object by object what the kernel takes back at once


def _begin(channel: socket.socket) -> None:
    length, _ = _head(channel)
    registry = pickle.loads(_body(channel, length))  # noqa: S301 - of our parent

    sys.modules["_hashlib"] = None  # type: ignore[assignment]  # OpenSSL: hashlib has hashes of its own, and that is 4 MB of each such process
    from aggregator import warm

    warm.prepare(registry)
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as statm:  # noqa: PTH123 - a kernel file
            limit = int(statm.read().split()[0]) * resource.getpagesize() + MEMORY
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _serve(channel: socket.socket) -> None:
    enough = _peak() + _GROWN
    _send(channel, os.getpid())
    while True:
        length, other = _head(channel)
        if other is not None:
            channel = _forked(channel, other)
            continue
        _answer(channel, _body(channel, length), enough)


def _forked(channel: socket.socket, other: int) -> socket.socket:
    """In both processes, each with the socket that is its own from now on. Where none can be had, whoever asked hears that the other has hung up."""
    try:
        forked = os.fork()
    except OSError:
        forked = -1
    if forked:
        os.close(other)
        return channel
    channel.close()
    mine = socket.socket(fileno=other)
    _send(mine, os.getpid())
    return mine


def _answer(channel: socket.socket, task: bytearray, enough: int) -> None:
    signal.alarm(_ORPHANED)
    began = time.process_time()
    value, is_raised = _done(task)
    signal.alarm(0)
    answer = Answer(value, is_raised, _peak() > enough, time.process_time() - began)
    try:
        _send(channel, answer)
    except MemoryError:
        _send(channel, answer._replace(value=MemoryError(), is_raised=True))
    except (pickle.PicklingError, TypeError, AttributeError, RecursionError) as error:
        _send(channel, answer._replace(value=RuntimeError(f"its result cannot be sent: {error}"), is_raised=True))


def _done(task: bytearray) -> tuple[Any, bool]:
    try:
        function, arguments, named = _unpacked(task)
        return function(*arguments, **named), False
    except Exception as error:  # noqa: BLE001 - told to who asked
        if not isinstance(error, AggregatorError):
            error.add_note(f"in a process that reads:\n{traceback.format_exc()}")
        return error.with_traceback(None), True


def _unpacked(task: bytearray) -> tuple[Callable[..., Any], tuple[Any, ...], dict[str, Any]]:
    function, arguments, named = pickle.loads(task)  # noqa: S301 - of our parent
    return function, arguments, named


def _peak() -> int:
    """Kilobytes that it has needed at most. What getrusage says includes what its parent had needed when it started it."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as status:  # noqa: PTH123 - a kernel file
            return int(status.read().partition("VmHWM:")[2].split(maxsplit=1)[0])
    except (OSError, ValueError, IndexError):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)


def _head(channel: socket.socket) -> tuple[int, int | None]:
    """The length of what comes, and the socket that comes with it."""
    data, sockets, _, _ = socket.recv_fds(channel, LENGTH.size, 1, socket.MSG_WAITALL)
    if len(data) < LENGTH.size:
        raise EOFError
    (length,) = LENGTH.unpack(data)
    return length, next(iter(sockets), None)


def _body(channel: socket.socket, length: int) -> bytearray:
    data = bytearray(length)
    if channel.recv_into(data, length, socket.MSG_WAITALL) < length:
        raise EOFError
    return data


def _send(channel: socket.socket, value: object) -> None:
    data = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    channel.sendall(LENGTH.pack(len(data)))
    channel.sendall(data)
