"""Sockets that count: bounds below HTTP, where an endless stream of interim answers, chunk extensions or TLS records cannot hide.

aiohttp bounds the lines of a header and their number, but reads 1xx answers for as long as they come, with one core busy; and what a server sends unasked
on a kept connection, it takes for the answer to the next request.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

BEFORE_ANSWER = 1 << 20
"""Bytes that may come before the headers are complete: TLS handshake, interim answers, the headers, and what is read ahead of the body."""


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


class Flood(OSError):  # noqa: N818 - what comes, not what failed
    """A server sends more than was allowed."""


class MeteredSocket(socket.socket):
    """Charges what it receives to the request that was last sent over it. ``sending`` tells which one that is at the moment of a ``send``."""

    def __init__(self, family: int, kind: int, protocol: int, *, hop: Hop, sending: Callable[[], Hop | None]) -> None:
        super().__init__(family, kind, protocol)
        self._hop = hop
        self._sending = sending

    def send(self, data: ReadableBuffer, flags: int = 0, /) -> int:
        hop = self._sending()
        if hop is not None and hop is not self._hop:
            self._refuse_leftovers()
            self._hop = hop
        return super().send(data, flags)

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        data = super().recv(size, flags)
        self._charge(len(data))
        return data

    def recv_into(self, buffer: WriteableBuffer, size: int = 0, flags: int = 0) -> int:
        received = super().recv_into(buffer, size, flags)
        self._charge(received)
        return received

    def _refuse_leftovers(self) -> None:
        """A kept connection on which something waits before anything was asked, be it only the end, is of no more use."""
        try:
            super().recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        raise ConnectionAbortedError(errno.ECONNABORTED, "the connection went stale")

    def _charge(self, received: int) -> None:
        self._hop.received += received
        if received and self._hop.received > self._hop.allowed:
            raise Flood(errno.EMSGSIZE, f"more than {self._hop.allowed:,} bytes")
