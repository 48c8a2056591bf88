"""Sockets that count: bounds below HTTP, where an endless stream of interim answers, chunk extensions or TLS records cannot hide.

aiohttp bounds the lines of a header and their number, but reads 1xx answers for as long as they come, with one core busy; and what a server sends unasked
on a kept connection, it takes for the answer to the next request.
"""

from __future__ import annotations

import errno
import socket
from collections import OrderedDict
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

BEFORE_ANSWER = 1 << 20
"""Bytes that may come before the headers are complete: TLS handshake, interim answers, the headers, and what is read ahead of the body."""
_LOOK = int(socket.MSG_PEEK | socket.MSG_DONTWAIT)
"""Made once: to join two flags of an enumeration takes as long as the call."""


@dataclass(slots=True)
class Hop:
    """One request under way, as the hooks below HTTP see it."""

    trusted: bool
    """The operator allows this host, wherever its name leads."""
    connected: bool = False
    """A new connection was made for it."""
    allowed: int = BEFORE_ANSWER
    """How many bytes may come in all; 0 once the answer has been taken, after which nothing may."""
    received: int = 0
    socket: MeteredSocket | None = None
    """The one it was sent over."""

    def charge(self, received: int) -> None:
        """Raises Flood where that is more than may come."""
        self.received += received
        if received:
            self.check()

    def check(self) -> None:
        if self.received > self.allowed:
            raise Flood(errno.EMSGSIZE, f"more than {self.allowed:,} bytes")


class Flood(OSError):
    """A server sends more than was allowed."""


class Resting:
    """Connections that are kept for a next request: ``most`` of them, the one that rests longest goes first. aiohttp sets no limit to them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._sockets: OrderedDict[MeteredSocket, None] = OrderedDict()

    def add(self, connection: MeteredSocket) -> None:
        self._sockets[connection] = None
        if len(self._sockets) > self._most:
            self._sockets.popitem(last=False)[0].close_quietly()

    def remove(self, connection: MeteredSocket) -> None:
        self._sockets.pop(connection, None)


class MeteredSocket(socket.socket):
    """Charges what it receives to the request that was last sent over it. ``sending`` tells which one that is at the moment of a ``send``."""

    def __init__(self, family: int, kind: int, protocol: int, *, hop: Hop, sending: Callable[[], Hop | None], resting: Resting) -> None:
        super().__init__(family, kind, protocol)
        self._hop = hop
        self._sending = sending
        self._resting = resting

    def rest(self) -> None:
        """The answer has been taken: nothing may come until something else is asked."""
        self._hop.allowed = 0
        self._resting.add(self)

    def close_quietly(self) -> None:
        """End the connection; whoever still holds it learns that the other side has gone."""
        with suppress(OSError):  # it may be closed already
            self.shutdown(socket.SHUT_RDWR)

    def send(self, data: ReadableBuffer, flags: int = 0, /) -> int:
        self._turn_to_hop()
        return super().send(data, flags)

    def sendmsg(self, buffers: Iterable[ReadableBuffer], *rest: Any) -> int:
        """What asyncio calls from Python 3.12 on where a request is written in several pieces."""
        self._turn_to_hop()
        return super().sendmsg(buffers, *rest)

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        data = super().recv(size, flags)
        self._hop.charge(len(data))
        return data

    def recv_into(self, buffer: WriteableBuffer, size: int = 0, flags: int = 0) -> int:
        received = super().recv_into(buffer, size, flags)
        self._hop.charge(received)
        return received

    def _turn_to_hop(self) -> None:
        hop = self._sending()
        if hop is None or hop.socket is self:
            return
        self._resting.remove(self)
        if hop is not self._hop:
            self._refuse_leftovers()
            self._hop = hop
        hop.socket = self

    def _refuse_leftovers(self) -> None:
        """A kept connection on which something waits before anything was asked, be it only the end, is of no more use."""
        try:
            super().recv(1, _LOOK)
        except BlockingIOError:
            return
        raise ConnectionAbortedError(errno.ECONNABORTED, "the connection went stale")
