"""Where hubs call (WebSub): ``/websub/TOKEN``. The one address that takes a body, and it keeps none of it: a push is hashed as it comes.

An address that was given to no hub is answered before anything of the request is read. Whether a signature was right is not told (§7.1).
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from aggregator.errors import StoreError
from aggregator.websub import Signature

_LONGEST = 15_000_000
"""Bytes of a push."""
_TIME = 30.0
"""Seconds that a push may take."""
_AT_ONCE = 16
"""Pushes that come in at a time …"""
_OF_ONE = 2
"""… and of these, with one token: no hub keeps the others out."""
_PATIENCE = "10"
"""Seconds after which a hub may try again."""


class Hubs(Protocol):
    """What we have asked of hubs. See ``run.subscriptions``."""

    def knows(self, token: str) -> bool: ...
    def secret(self, token: str) -> str: ...
    async def verify(self, token: str, asked: Mapping[str, str]) -> str | None: ...
    async def pushed(self, token: str) -> None: ...
    def forged(self, token: str) -> None: ...


class Callback:
    """``headers`` go with every answer."""

    def __init__(self, hubs: Callable[[], Hubs], headers: Mapping[str, str]) -> None:
        self._hubs = hubs
        self._headers = {**headers, "Cache-Control": "no-store"}
        self._coming: Counter[str] = Counter()

    async def answer(self, request: Request) -> Response:
        token, hubs = str(request.path_params["token"]), self._hubs()
        if not hubs.knows(token):
            return self._said(404, "There is nothing at this address.\n", Connection="close")
        try:
            if request.method == "POST":
                return await self._push(request, hubs, token)
            said = await hubs.verify(token, request.query_params) if request.method == "GET" else None
        except StoreError:
            return self._said(503, "Not now.\n", **{"Retry-After": _PATIENCE})
        return self._said(404, "That was not asked for.\n") if said is None else self._said(200, said)

    async def _push(self, request: Request, hubs: Hubs, token: str) -> Response:
        if self._coming[token] >= _OF_ONE or self._coming.total() >= _AT_ONCE:
            return self._said(503, "One after the other.\n", Connection="close", **{"Retry-After": _PATIENCE})
        self._coming[token] += 1
        try:
            signature = Signature(request.headers.get("x-hub-signature", ""), hubs.secret(token))
            async with asyncio.timeout(_TIME):
                whole = await _hashed(request, signature)
        except (TimeoutError, ClientDisconnect):
            return self._said(408, "That took too long.\n", Connection="close")
        finally:
            self._coming[token] -= 1
            self._coming += Counter()  # forgets who has nothing under way
        if not whole:
            return self._said(413, "That is too much.\n", Connection="close")
        if signature.right:
            await hubs.pushed(token)
        else:
            hubs.forged(token)
        return self._said(202, "")

    def _said(self, status: int, text: str, **more: str) -> Response:
        return PlainTextResponse(text, status, {**self._headers, **more})


async def _hashed(request: Request, signature: Signature) -> bool:
    """False where the body is too long; what follows is not read."""
    length = 0
    async for piece in request.stream():
        length += len(piece)
        if length > _LONGEST:
            return False
        signature.add(piece)
    return True
