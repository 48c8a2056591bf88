"""HTTP around the site: methods, conditional requests, codings, headers. What stands at an address is the site's business.

The Host header is never read: every address that we write begins with that of the configuration.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from time import monotonic
from typing import TypeVar
from urllib.parse import parse_qsl, urlencode

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.config import OWN_HUB
from aggregator.errors import StoreError
from aggregator.publish import FORMATS
from aggregator.serve import conditional, desk
from aggregator.serve.asked import is_feed, is_page, parameters
from aggregator.serve.callback import Callback, Hubs
from aggregator.serve.choice import joined
from aggregator.serve.desk import Hands
from aggregator.serve.leaving import Leavers, Leaving
from aggregator.serve.refusals import refusal
from aggregator.serve.renditions import Rendition, Renditions, prepare
from aggregator.serve.resource import Kind
from aggregator.serve.site import Site
from aggregator.serve.speech import SPEECHES
from aggregator.store.trouble import Trouble

_ROOM = 64_000_000
"""Bytes of rendered documents that are kept."""
_QUESTIONS = 2
"""Searches that are answered at once, at most: anybody may ask hard ones, and feeds and /healthz must not wait for them."""
_THREADS = 8
"""Documents that are made at once, at most."""
FRESH = 0.1
"""Seconds. Nobody notices such a delay of news, and the look at the database costs several times as much as the answer."""
_PATIENCE = "30"
"""Seconds after which a client may ask again when the database is busy."""

_EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Vary": "Accept-Encoding",
}
_OPEN = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "ETag, Link, Retry-After"}
_PREFLIGHT = _OPEN | {
    "Access-Control-Allow-Methods": "GET, HEAD",
    "Access-Control-Allow-Headers": "If-None-Match, If-Modified-Since",
    "Access-Control-Max-Age": "86400",
}
_METHODS = "GET, HEAD, OPTIONS"
_HEEDED = tuple(
    (name, name.encode()) for name in ("accept-encoding", "if-match", "if-modified-since", "if-none-match", "if-unmodified-since")
)
"""The headers of a request that decide how it is answered."""


def _policy(images: str) -> str:
    return f"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src {images}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"


_PAGE = {"Content-Security-Policy": _policy("'self'")}
_SEALED = {"Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'"}
_STYLED = {"Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'"}
_SPOKEN = {"Vary": "Accept-Encoding, Accept-Language"}
_SHOWN = {"Vary": "Accept-Encoding, Sec-Fetch-Dest"}
"""A browser that shows a feed to a person gets a page. No shared cache may keep that page: some heed no ``Vary``, and would hand it to a feed reader."""
_BY_KIND: Mapping[Kind, Mapping[str, str]] = {
    "page": {**_EVERYWHERE, **_SPOKEN, **_PAGE, "Cache-Control": "public, max-age=60"},
    "article": {**_EVERYWHERE, **_SPOKEN, "Content-Security-Policy": _policy("'self' https: http:"), "Cache-Control": "public, max-age=60"},
    "feed": {**_EVERYWHERE, **_SHOWN, **_STYLED, **_OPEN, "Cache-Control": "public, max-age=60"},
    "archive": {**_EVERYWHERE, **_SHOWN, **_STYLED, **_OPEN, "Cache-Control": "public, max-age=86400, stale-while-revalidate=604800"},
    "view": {**_EVERYWHERE, **_PAGE, "Vary": "Accept-Encoding, Sec-Fetch-Dest, Accept-Language", "Cache-Control": "private, no-cache"},
    "data": {**_EVERYWHERE, **_SEALED, **_OPEN, "Cache-Control": "public, max-age=60"},
    "static": {**_EVERYWHERE, **_SEALED, "Cache-Control": "public, max-age=300"},
    "live": {**_EVERYWHERE, **_PAGE, "Cache-Control": "no-store"},
    "refusal": {**_EVERYWHERE, **_SEALED, **_OPEN, "Cache-Control": "no-store"},
}
_FOR_UNCHANGED = frozenset({"Access-Control-Allow-Origin", "Cache-Control", "ETag", "Last-Modified", "Vary"})
"""What a 304 says again (RFC 9110 §15.4.5); the rest the client has kept with what it holds, and each header costs as much as finding the answer."""
_Result = TypeVar("_Result")

_REFUSED = {**_EVERYWHERE, **_SEALED, "Connection": "close"}
_ASKING = frozenset({"q", "from", "language", "topic"})
"""Parameters that make the database search."""
_LONGEST_FORM = 8_192
"""Bytes of what is sent to the hub."""
Hub = Callable[[Mapping[str, str]], tuple[int, str]]
"""Takes a request of a subscriber (WebSub §5.1); says with which status it is answered, and why. Must not wait."""

_LIVE = frozenset(
    {"/status", "/healthz", "/readyz", "/metrics", "/events", *(f"/events.{format_.extension}" for format_ in FORMATS.values())}
)
"""Made anew for every request."""


def application(
    site: Callable[[], Site],
    *,
    hubs: Callable[[], Hubs] | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    hub: Hub | None = None,
    leavers: Leavers | None = None,
    hands: Hands | None = None,
    fresh: float = FRESH,
) -> ASGIApp:
    """The web server. ``site`` is asked for each request, so that a reload can put another one in its place. ``hubs``: whom pushes are handed to;
    ``hub``: who takes subscriptions; ``leavers``: who lets readers leave newsletters; ``hands``: who does what an operator wants; without them there is no such place.

    ``fresh``: for how many seconds what the store said of its revision is believed.
    """
    door = _Door(site, now, fresh)
    calls = [Route("/websub/{token}", Callback(hubs, {**_EVERYWHERE, **_SEALED}).answer, methods=["GET", "POST"])] if hubs else []
    subscribing = [Route(OWN_HUB, partial(_subscribed, hub), methods=["POST"])] if hub else []
    leaving = [Route("/unsubscribe/{token}", Leaving(leavers, {**_EVERYWHERE, **_PAGE}).answer, methods=["GET", "POST"])] if leavers else []
    operating = desk.Door(site, hands, {**_EVERYWHERE, **_PAGE}).routes() if hands else []
    long_way = Starlette(
        routes=[*calls, *subscribing, *leaving, *operating, Route("/{path:path}", door.answer, methods=["GET", "HEAD", "OPTIONS"])],
        middleware=[Middleware(_Unambiguous)],
        exception_handlers={404: _nowhere, 405: _not_allowed, 413: _too_long, Exception: _broken},
    )
    return _AtHand(long_way, door)


class _AtHand:
    """Answers at once what was rendered already, is known to be true and is the same for every program: what thousands of subscribers ask for.
    Everything else goes the long way, people with their languages among it.
    """

    def __init__(self, app: ASGIApp, door: _Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        rendition = None
        if scope["type"] == "http" and scope["method"] == "GET" and not scope["query_string"]:
            told = dict(scope["headers"])
            special = b"transfer-encoding" in told or told.get(b"sec-fetch-dest") == b"document"
            rendition = None if special else self._door.at_hand(scope["path"])
        if rendition is None:
            await self._app(scope, receive, send)
        else:
            headers = {name: told[raw].decode("latin-1") for name, raw in _HEEDED if raw in told}
            await _sent("GET", headers, rendition)(scope, receive, send)


class _Unambiguous:
    """Refuses a request that tells two lengths of its body, and ends its connection: a proxy in front may believe the other one, and take what follows for
    another client's (RFC 9112 §6.1, request smuggling).
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        told = {name for name, _ in scope.get("headers", ())}
        if {b"content-length", b"transfer-encoding"} <= told:
            refusal = PlainTextResponse("Content-Length and Transfer-Encoding contradict each other.\n", 400, _REFUSED)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def _subscribed(hub: Hub, request: Request) -> Response:
    form = b""
    async for piece in request.stream():
        form += piece
        if len(form) > _LONGEST_FORM:
            raise HTTPException(413)
    try:
        status, told = hub(dict(parse_qsl(form.decode(errors="replace"))))
    except StoreError:
        status, told = 503, "The database cannot be asked right now; ask again in half a minute."
    later = {"Retry-After": _PATIENCE} if status == 503 else {}
    return PlainTextResponse(f"{told}\n", status, {**_EVERYWHERE, **_SEALED, **later, "Cache-Control": "no-store"})


async def _too_long(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse(f"No more than {_LONGEST_FORM} bytes are read here.\n", 413, _REFUSED)


async def _nowhere(request: Request, _error: Exception) -> Response:
    """What is not even the path of a page: ``*``, line ends."""
    return _refused(request, 404)


async def _not_allowed(request: Request, _error: Exception) -> Response:
    return _refused(request, 405, {"Allow": _METHODS})


async def _broken(request: Request, _error: Exception) -> Response:
    """A fault of ours: the server logs it with its traceback; the client hears no more than that."""
    return _refused(request, 500)


def _refused(request: Request, status: int, more: Mapping[str, str] | None = None) -> Response:
    told = refusal(str(request.scope["path"]), status)
    return Response(told.body, status, {**_BY_KIND[told.kind], **(more or {})}, told.media_type)


@dataclass(frozen=True, slots=True)
class _Question:
    """What is asked of the site: the same question has the same answer within one edition."""

    path: str
    parameters: Mapping[str, str]

    @property
    def address(self) -> str:
        return f"{self.path}?{urlencode(self.parameters)}" if self.parameters else self.path


class _Door:
    def __init__(self, site: Callable[[], Site], now: Callable[[], datetime], fresh: float) -> None:
        self._site = site
        self._now = now
        self._fresh = fresh
        self._seen: tuple[Site | None, int, float] = (None, 0, 0.0)
        self._renditions = Renditions(room=_ROOM)
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="serve")
        self._questions = ThreadPoolExecutor(_QUESTIONS, thread_name_prefix="questions")
        self._asking: dict[Site, asyncio.Future[int]] = {}
        self._trouble = Trouble("the database does not answer")

    async def answer(self, request: Request) -> Response | _Answer:
        if request.method == "OPTIONS":
            return Response(status_code=204, headers={**_EVERYWHERE, **_PREFLIGHT, "Allow": _METHODS})
        site = self._site()
        question = _asked(request, site.settings.site.language)
        try:
            rendition = await self._find(site, question)
        except StoreError as error:
            rendition = self._renditions.last(question.address)
            self._trouble.met(error.message, error.remedy, address=question.address[:200], answered="stale" if rendition else 503)
            if rendition is None:
                told = prepare(site.unavailable(question.parameters, path=question.path), now=self._now())
                return _sent(request.method, request.headers, told, {"Retry-After": _PATIENCE})
        if rendition is None:
            rendition = prepare(site.missing(question.parameters, path=question.path), now=self._now())
        return _sent(request.method, request.headers, rendition)

    def at_hand(self, path: str) -> Rendition | None:
        """What stands at ``path`` whoever asks, where that is known without asking anybody: what depends on more is kept under more than its path."""
        site, revision, until = self._seen
        if site is not self._site() or monotonic() >= until:
            return None
        return self._renditions.kept(path, (site, revision))

    async def _find(self, site: Site, question: _Question) -> Rendition | None:
        threads = self._questions if _ASKING & question.parameters.keys() else self._threads
        make = partial(self._in_thread, partial(self._make, site, question), threads)
        if question.path in _LIVE:
            return await make()
        return await self._renditions.get(question.address, (site, await self._revision(site)), make)

    async def _revision(self, site: Site) -> int:
        """As it was a moment ago, at most ``fresh`` seconds: to look costs more than all the rest of an answer."""
        seen, revision, until = self._seen
        if seen is site and monotonic() < until:
            return revision
        revision = await self._look(site)
        self._trouble.over()
        self._seen = (site, revision, monotonic() + self._fresh)
        return revision

    async def _look(self, site: Site) -> int:
        """Requests that come while the store is being asked share the answer, so that a crowd costs one look."""
        asking = self._asking.get(site)
        if asking is None:
            asking = self._asking[site] = asyncio.ensure_future(self._in_thread(site.shelf.revision, self._threads))
            asking.add_done_callback(lambda _: self._asking.pop(site, None))
        return await asyncio.shield(asking)

    def _make(self, site: Site, question: _Question) -> Rendition | None:
        resource = site.find(question.path, question.parameters)
        return prepare(resource, now=self._now()) if resource else None

    @staticmethod
    async def _in_thread(work: Callable[[], _Result], threads: ThreadPoolExecutor) -> _Result:
        return await asyncio.get_running_loop().run_in_executor(threads, work)


def _asked(request: Request, default: str) -> _Question:
    """What is asked, and in which language and shape: the choices that headers make are parameters too, so that each is kept apart."""
    path = str(request.scope["path"]).rstrip("/") or "/"
    given = request.query_params
    known = {name: joined(values) for name in parameters(path) if (values := list(filter(None, given.getlist(name))))}
    if is_feed(path) and "raw" not in given and conditional.navigates(request.headers):
        known["view"] = "page"
    if is_page(path) or "view" in known:
        chosen, wanted = given.get("lang", ""), request.headers.get("accept-language")
        known |= {"lang": chosen} if chosen in SPEECHES else {"accept": conditional.language(wanted, SPEECHES, default)}
    return _Question(path, known)


def _sent(method: str, headers: Mapping[str, str], rendition: Rendition, more: Mapping[str, str] | None = None) -> _Answer:
    """The whole, 304 or 412, in the coding that is wanted. Ranges are not served (RFC 9110 §14.2 leaves that to us): a part of a feed helps nobody."""
    resource = rendition.resource
    coding = conditional.preferred(headers.get("accept-encoding"), tuple(rendition.packed))
    status = resource.status
    if status == 200 and resource.kind != "live":
        modified = rendition.modified if rendition.datable else None
        if conditional.failed(headers, etag=rendition.etag(coding), modified=modified):
            status = 412
        elif conditional.unchanged(headers, etag=rendition.etag(coding), modified=modified):
            status = 304
    head = rendition.heads.get((coding, status))
    if head is None:
        head = rendition.heads[coding, status] = _head(rendition, coding, status)
    if more:
        head = [*head, *_raw(more)]
    whole = status == resource.status and method != "HEAD"
    return _Answer(status, head, (rendition.packed[coding] if coding else resource.body) if whole else b"")


def _head(rendition: Rendition, coding: str | None, status: int) -> list[tuple[bytes, bytes]]:
    resource = rendition.resource
    headers = dict(_BY_KIND[resource.kind])
    if resource.link:
        headers["Link"] = resource.link
    if resource.location:
        headers["Location"] = resource.location
    if resource.status == 200 and resource.kind != "live":
        headers["ETag"] = rendition.etag(coding)
        if rendition.datable:
            headers["Last-Modified"] = conditional.http_date(rendition.modified)
    if status == resource.status:
        if coding:
            headers["Content-Encoding"] = coding
        headers["Content-Type"] = resource.media_type
        headers["Content-Length"] = str(len(rendition.packed[coding] if coding else resource.body))
    elif status == 412:
        headers["Content-Length"] = "0"
    elif status == 304:
        headers = {name: value for name, value in headers.items() if name in _FOR_UNCHANGED}
    return _raw(headers)


def _raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer whose headers are written already: thousands of subscribers get the same."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})
