"""The HTTP engine: addresses as httpx reads them, on aiohttp's machine, which costs a fraction of httpx's own. No redirect, cookie, proxy or retry of its own.

Requests and responses of httpx itself would cost as much as a third of sending and receiving. Not httpx-aiohttp either: it has aiohttp rewrite the escapes of addresses (``?u=%2F`` becomes ``?u=/``, which breaks signed ones), and reports a refused connection,
a dead name and a server that hung up all as a time-out of the connection.
"""

from __future__ import annotations

import re
import socket
import ssl
from collections.abc import AsyncIterator, Mapping
from contextvars import ContextVar
from functools import cached_property

import aiohttp
from yarl import URL

from aggregator.fetch import trust
from aggregator.fetch.guard import Guard
from aggregator.fetch.meter import BEFORE_ANSWER, Hop, MeteredSocket, Resting
from aggregator.fetch.resolver import GuardedResolver

LONGEST_LINE = 16_384
MOST_HEADERS = 256

_HOP: ContextVar[Hop | None] = ContextVar("hop", default=None)

_ESCAPED = "%[0-9A-Fa-f]{2}"
_READY = re.compile(
    rf"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?::(?!80/|443/)(?:[1-9][0-9]{{0,3}}|[1-5][0-9]{{4}}|6[0-4][0-9]{{3}}))?(?:/(?!\.)(?:[A-Za-z0-9_.~+,;:!$()*@&=-]|{_ESCAPED})*)+"
    rf"(?:\?(?:[A-Za-z0-9/_.~+,;:!$()*@&=?-]|{_ESCAPED})*)?"
)
"""Addresses in which nothing is to be escaped, resolved or translated: nearly all."""


class Engine:
    """Sends one request and gives back its answer, the body unread and undecoded. Must be made where an event loop runs.

    Bounded by the deadline of its caller; what it receives, by ``max_wire`` bytes and what goes before them. At most ``resting`` connections are kept for a
    next request, for ``idle`` seconds; at most ``lookups`` names are looked up at a time.
    """

    def __init__(self, guard: Guard, *, lookups: int, resting: int, idle: float, max_wire: int) -> None:
        self._guard = guard
        self._allowed = max_wire + BEFORE_ANSWER
        self._resting = Resting(resting)
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(
                resolver=GuardedResolver(guard, lookups=lookups),
                use_dns_cache=False,
                socket_factory=self._socket,
                keepalive_timeout=idle,
                limit=0,
            ),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=None),
            middlewares=(_once,),
            max_line_size=LONGEST_LINE,
            max_field_size=LONGEST_LINE,
            max_headers=MOST_HEADERS,
            auto_decompress=False,
            trust_env=False,
        )

    async def send(self, method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> Received:
        """What comes back for one request; it must be closed. Raises one of ``failures.ENGINE_FAILURES``."""
        address = URL(url if _READY.fullmatch(url) else _escaped(url), encoded=True)
        hop = Hop(self._guard.trusts(address.host or ""))
        token = _HOP.set(hop)
        try:
            answer = await self._session.request(
                method, address, headers=headers, data=body, allow_redirects=False, ssl=self._trust(address)
            )
        finally:
            _HOP.reset(token)
        hop.allowed = self._allowed
        return Received(answer, hop)

    async def close(self) -> None:
        await self._session.close()

    def _trust(self, address: URL) -> ssl.SSLContext | bool:
        return self._authorities if address.scheme == "https" else True

    @cached_property
    def _authorities(self) -> ssl.SSLContext:
        return trust.authorities()

    def _socket(self, found: aiohttp.AddrInfoType) -> socket.socket:
        """The last gate: it sees the very address that is connected to, whoever wrote or resolved it, in whatever spelling."""
        hop = _HOP.get() or Hop(trusted=False)
        if not hop.trusted:
            self._guard.check_address(str(found[4][0]))
        hop.connected = True
        return MeteredSocket(found[0], found[1], found[2], hop=hop, sending=_HOP.get, resting=self._resting)


class Received:
    """An answer: its status, its headers as they came, and its body as it comes."""

    def __init__(self, answer: aiohttp.ClientResponse, hop: Hop) -> None:
        self.status = answer.status
        self.headers = answer.raw_headers
        self._answer = answer
        self._hop = hop

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._answer.content.iter_any():
                yield piece
        except aiohttp.ClientPayloadError:
            self._hop.check()  # aiohttp keeps the cause only as words
            raise

    def close(self) -> None:
        """Keeps the connection where the body was read to its end; else there is nothing to do but to close it."""
        self._answer.release()
        if self._hop.socket is not None:
            self._hop.socket.rest()


class Unreadable(ValueError):
    """What was given as an address is none."""


def _escaped(url: str) -> str:
    """``url`` as httpx writes it. It is asked for odd addresses only: to import it takes 50 ms. Raises Unreadable."""
    import httpx

    try:
        return str(httpx.URL(url))
    except httpx.InvalidURL as error:
        raise Unreadable(str(error)) from error


async def _once(request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType) -> aiohttp.ClientResponse:
    """Ask once. Where a server hangs up without an answer, aiohttp asks again at once.

    That is right for a kept connection that had gone stale meanwhile (RFC 9112 §9.3.1); but a new connection that is hung up on is an answer, and so is one
    on which something came.
    """
    try:
        return await handler(request)
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        hop = _HOP.get()
        if hop is not None and (hop.connected or hop.received) and not isinstance(error, aiohttp.ClientConnectorError):
            raise aiohttp.ClientConnectionError("hung up on") from error
        raise
