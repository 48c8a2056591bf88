"""``/desk``: where an operator who knows the token adds, pauses and decides. HTTP alone; what is done is the business of ``aggregator.desk``.

Nobody else gets further than the question for the token, and without one in the configuration there is no such place. Whoever has answered it holds a cookie
that only these pages see (``Path``), that no script can read, and that no other site's link or form brings along (``SameSite=Strict``). It is signed with the
token and ends after twelve hours, or with the token. Each form proves besides that it came from a page of ours. Programs send the token itself
(``Authorization: Bearer``), which no browser does by itself.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Literal, Protocol, cast, get_args
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from aggregator.errors import AggregatorError, StoreError
from aggregator.model import SourceState
from aggregator.serve import conditional
from aggregator.serve.asked import Asked, taken_apart
from aggregator.serve.site import Site
from aggregator.serve.speech import SPEECHES, noted

PLACE = "/desk"
_COOKIE = "desk"
_HOURS = 12
_LONGEST = 8_192
"""Bytes of a form."""
_WRONG = 8
"""Wrong tokens that are answered at a time, each after a second."""
_REMARKS = {
    "pause": noted("Paused. The daemon takes it over within seconds."),
    "resume": noted("It is polled again. The daemon takes it over within seconds."),
    "retry": noted("It is polled next."),
    "accept": noted("Accepted: what it shows now is its news from its next poll on."),
    "reject": noted("Rejected: nothing of it is published until it is itself again."),
    "include": noted("Taken in: that list is published from its next poll on."),
    "exclude": noted("That list stays left out."),
    "added": noted("Added. The daemon takes it over within seconds."),
    "nothing": noted("There was nothing to do."),
    "forgotten": noted("That took too long: please look again."),
}
"""What is said of what was done."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What would be added. ``key`` names it when the operator has decided."""

    key: str
    url: str
    reader: str
    entries: int
    titles: Sequence[str]
    university: str
    name: str
    held: str | None
    """The id of the source that is configured there already."""
    waiting: bool
    """Whether it is in the catalogue, and is only to be enabled."""


Deed = Literal["pause", "resume", "retry", "accept", "reject", "include", "exclude"]


class Hands(Protocol):
    """Who does it: ``aggregator.desk.Desk``."""

    async def look(self, url: str) -> Offer: ...
    def add(self, key: str, *, university: str, name: str) -> bool: ...
    def do(self, deed: Deed, source: str, place: str = "") -> bool: ...
    def states(self) -> Sequence[SourceState]: ...


@dataclass(frozen=True, slots=True)
class Session:
    """``proof`` stands in each form; empty for programs, which need none."""

    proof: str


_Page = Callable[[Request, Session, Mapping[str, str]], Awaitable[Response]]


class Door:
    """``headers`` go with every answer."""

    def __init__(
        self, site: Callable[[], Site], hands: Hands, headers: Mapping[str, str], *, clock: Callable[[], float] = time.time
    ) -> None:
        self._site = site
        self._hands = hands
        self._headers = {**headers, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
        self._clock = clock
        self._wrong = 0

    def routes(self) -> list[Route]:
        """In each, nobody is let in who is not known."""
        return [
            Route(PLACE, self._answer(self._table), methods=["GET"]),
            Route(f"{PLACE}/", self._answer(self._table), methods=["GET"]),
            Route(f"{PLACE}/review", self._answer(self._review), methods=["GET"]),
            Route(f"{PLACE}/session", self._entering, methods=["POST"]),
            Route(f"{PLACE}/leave", self._answer(self._leave), methods=["POST"]),
            Route(f"{PLACE}/look", self._answer(self._look), methods=["POST"]),
            Route(f"{PLACE}/add", self._answer(self._add), methods=["POST"]),
            Route(f"{PLACE}/sources", self._answer(self._do), methods=["POST"]),
        ]

    def _answer(self, page: _Page) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            token = _token(self._site())
            if token is None:
                return self._nowhere(request)
            session = self._session(request, token)
            if session is None and _borne(request) is not None:
                return await self._refuse(request)
            if session is None:
                return self._ask(request, 403 if request.method == "POST" else 200)
            form = {} if request.method == "GET" else await _form(request)
            if isinstance(form, Response):
                return form
            if request.method == "POST" and session.proof and not _same(form.get("proof", ""), session.proof):
                return self._ask(request, 403)
            try:
                return await page(request, session, form)
            except AggregatorError as error:
                return self._failed(request, error)

        return answer

    # Who it is

    async def _entering(self, request: Request) -> Response:
        token = _token(self._site())
        if token is None:
            return self._nowhere(request)
        if request.headers.get("sec-fetch-site") in ("cross-site", "same-site"):
            return self._ask(request, 403)
        form = await _form(request)
        if isinstance(form, Response):
            return form
        if not _same(form.get("token", ""), token):
            return await self._refuse(request)
        until = f"{int(self._clock()) + _HOURS * 3600}.{secrets.token_urlsafe(12)}"
        return self._to(request, "", cookie=f"{until}.{_signed(token, 'session', until)}")

    async def _refuse(self, request: Request) -> Response:
        """Slowly; a right token is never kept waiting by wrong ones."""
        if self._wrong >= _WRONG:
            return PlainTextResponse("Too many wrong tokens. Please try again later.\n", 429, {**self._headers, "Retry-After": "10"})
        self._wrong += 1
        try:
            await asyncio.sleep(1)
        finally:
            self._wrong -= 1
        if _borne(request) is None:
            return self._ask(request, 403, wrong=True)
        told = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        return PlainTextResponse("This is not the token of the configuration.\n", 401, {**self._headers, **told})

    def _session(self, request: Request, token: str) -> Session | None:
        borne = _borne(request)
        if borne is not None:
            return Session("") if _same(borne, token) else None
        until, _, signature = request.cookies.get(_COOKIE, "").rpartition(".")
        ends = until.partition(".")[0]
        if not until or not _same(signature, _signed(token, "session", until)):
            return None
        return Session(_signed(token, "form", until)) if int(ends) > self._clock() else None

    # What is shown

    async def _table(self, request: Request, session: Session, _form: Mapping[str, str]) -> Response:
        states = await asyncio.to_thread(self._hands.states)
        return self._page(request, "desk", session, states=states, remark=_REMARKS.get(request.query_params.get("told", "")))

    async def _review(self, request: Request, session: Session, _form: Mapping[str, str]) -> Response:
        wanted = request.query_params.get("source", "")
        states = await asyncio.to_thread(self._hands.states)
        state = next((each for each in states if each.source == wanted and each.profile and each.profile.is_to_be_reviewed), None)
        return self._to(request, "?told=nothing") if state is None else self._page(request, "review", session, state=state)

    async def _look(self, request: Request, session: Session, form: Mapping[str, str]) -> Response:
        offer = await self._hands.look(form.get("url", "").strip()[:2_000])
        return self._page(request, "offer", session, offer=offer)

    # What is done

    async def _add(self, request: Request, _session: Session, form: Mapping[str, str]) -> Response:
        added = await asyncio.to_thread(
            self._hands.add, form.get("key", ""), university=form.get("university", "").strip(), name=form.get("name", "").strip()[:200]
        )
        return self._to(request, f"?told={'added' if added else 'forgotten'}")

    async def _do(self, request: Request, _session: Session, form: Mapping[str, str]) -> Response:
        deed, source = form.get("do", ""), form.get("source", "")
        if deed not in get_args(Deed):
            return PlainTextResponse("That cannot be done.\n", 400, self._headers)
        done = await asyncio.to_thread(self._hands.do, cast("Deed", deed), source, form.get("list", ""))
        return self._to(request, f"?told={deed if done else 'nothing'}")

    async def _leave(self, request: Request, _session: Session, _form: Mapping[str, str]) -> Response:
        return self._to(request, "", cookie="")

    # Of which it is made

    def _nowhere(self, request: Request) -> Response:
        site = self._site()
        return self._shown(site.missing(self._spoken(request, site)).body, 404)

    def _ask(self, request: Request, status: int, *, wrong: bool = False) -> Response:
        return self._page(request, "entrance", Session(""), status=status, wrong=wrong)

    def _failed(self, request: Request, error: AggregatorError) -> Response:
        status = 503 if isinstance(error, StoreError) else 422
        return self._page(request, "refusal", Session(""), status=status, problem=error.message, remedy=error.remedy)

    def _page(self, request: Request, template: str, session: Session, *, status: int = 200, **values: object) -> Response:
        site = self._site()
        return self._shown(site.desk(template, self._asked(request, site), {"proof": session.proof, **values}), status)

    def _shown(self, body: bytes, status: int) -> Response:
        return HTMLResponse(body, status, self._headers)

    def _asked(self, request: Request, site: Site) -> Asked:
        return taken_apart(request.url.path, self._spoken(request, site), {}, SPEECHES[site.settings.site.language])

    def _spoken(self, request: Request, site: Site) -> Mapping[str, str]:
        given, wanted = request.query_params, request.headers.get("accept-language")
        asked = {name: given[name] for name in ("sort", "state", "find") if given.get(name)}
        if given.get("lang") in SPEECHES:
            return asked | {"lang": given["lang"]}
        return asked | {"accept": conditional.language(wanted, SPEECHES, site.settings.site.language)}

    def _to(self, request: Request, question: str, *, cookie: str | None = None) -> Response:
        """Back to the table, in the language that was chosen. ``cookie``: a new one; empty: it is taken away."""
        base = urlsplit(self._site().settings.site.url)
        lang = request.query_params.get("lang", "")
        chosen = urlencode({"lang": lang}) if lang in SPEECHES else ""
        place = f"{base.path}{PLACE}/"
        answer = RedirectResponse(f"{place}{question}{('&' if question else '?') + chosen if chosen else ''}", 303, self._headers)
        if cookie is not None:
            answer.set_cookie(
                _COOKIE,
                cookie,
                max_age=_HOURS * 3600 if cookie else 0,
                path=f"{base.path}{PLACE}",
                secure=base.scheme == "https",
                httponly=True,
                samesite="strict",
            )
        return answer


def _borne(request: Request) -> str | None:
    """The token that a program sends along."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    return given.strip() if scheme.lower() == "bearer" else None


def _token(site: Site) -> str | None:
    token = site.settings.desk.token
    return token.get_secret_value() if token else None


def _signed(token: str, use: str, text: str) -> str:
    return hmac.new(token.encode(), f"{use}:{text}".encode(errors="replace"), sha256).hexdigest()


def _same(given: str, right: str) -> bool:
    return hmac.compare_digest(given.encode(errors="replace"), right.encode())


async def _form(request: Request) -> dict[str, str] | Response:
    """What was sent, each name once; the refusal of what is no form, or too long."""
    refused = {"Cache-Control": "no-store", "Connection": "close"}
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
        return PlainTextResponse("Only forms are taken here.\n", 415, refused)
    body = b""
    try:
        async for piece in request.stream():
            body += piece
            if len(body) > _LONGEST:
                return PlainTextResponse(f"No more than {_LONGEST} bytes are read here.\n", 413, refused)
    except ClientDisconnect:
        return PlainTextResponse("", 400, refused)
    return dict(parse_qsl(body.decode(errors="replace")))
