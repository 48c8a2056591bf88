"""``/unsubscribe/TOKEN``: where a reader leaves a newsletter. GET asks, because programs that check mail for viruses follow every link; POST does it, with one
click in a mail program (RFC 8058) or on the page.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from html import escape
from typing import Protocol

from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from aggregator.errors import StoreError

_LONGEST = 1_000
"""Characters of a token."""


class Leavers(Protocol):
    """See ``run.letters``. Any call may raise StoreError."""

    def title(self, token: str, /) -> str | None: ...
    def leave(self, token: str, /) -> bool: ...


class Leaving:
    """``headers`` go with every answer."""

    def __init__(self, leavers: Leavers, headers: Mapping[str, str]) -> None:
        self._leavers = leavers
        self._headers = {**headers, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}

    async def answer(self, request: Request) -> Response:
        token = str(request.path_params["token"])
        try:
            title = await asyncio.to_thread(self._leavers.title, token) if len(token) <= _LONGEST else None
            if title is None:
                return PlainTextResponse("There is nothing at this address.\n", 404, self._headers)
            if request.method == "POST":
                await asyncio.to_thread(self._leavers.leave, token)
                return self._page(title, f"<p>You will get no more mail of <strong>{escape(title)}</strong>.</p>")
        except StoreError:
            return PlainTextResponse("Not now. Please try again in half a minute.\n", 503, {**self._headers, "Retry-After": "30"})
        return self._page(
            title, f"<p>Leave <strong>{escape(title)}</strong>?</p>\n<form method=post><button>Leave this newsletter</button></form>"
        )

    def _page(self, title: str, main: str) -> Response:
        head = f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{escape(title)}</title>'
        body = f'<!doctype html>\n<html lang="en"><head>{head}<link rel="stylesheet" href="../static/style.css"></head>\n<body><main>{main}</main></body></html>\n'
        return HTMLResponse(body, 200, self._headers)
