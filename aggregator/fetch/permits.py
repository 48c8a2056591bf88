"""Asks each site's robots.txt before anything else of that site, and remembers what it said (RFC 9309 §2.3 and §2.4)."""

from __future__ import annotations

import asyncio
import copy
from collections import OrderedDict
from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from aggregator.errors import AddressRefused, Disallowed, FetchError, HttpStatus, RedirectError, StoreError, TimedOut, Unreachable
from aggregator.fetch import headers as said
from aggregator.fetch.exchange import Answer, Budget, Clock, Exchanges
from aggregator.fetch.failures import refused_status
from aggregator.fetch.redirects import REDIRECTS, Walk
from aggregator.fetch.robots import EVERYTHING, LONGEST, Rules, parse
from aggregator.fetch.useragent import PRODUCT
from aggregator.model import Robots
from aggregator.text import urls

ACCEPTED = "text/plain, */*;q=0.5"

_AT_MOST = timedelta(hours=24)
"""For which an answer is taken as still true (RFC 9309 §2.4)."""
_AT_LEAST = timedelta(hours=1)
"""The same, whatever ``Cache-Control`` says: a site whose every answer says no-cache does not want to be asked twice for each page."""
_SOON = timedelta(minutes=1)
"""When a site that could not be asked, and has never answered, is asked again: its pages wait for that."""
_BRIEFLY = timedelta(seconds=5)
"""The same where nobody was reached, and so nobody bothered: those who wait for its pages have a pause of their own."""
_GIVEN_UP = timedelta(days=30)
"""A robots.txt that has never been had for so long is taken for missing (RFC 9309 §2.3.1.4)."""
_REDIRECTS = 8
"""RFC 9309 §2.3.1.2 asks for five at least."""
_SHELVED = 64_000
"""Characters. A longer robots.txt, which nobody needs, is not kept over a restart, so that nobody fills the shelf."""
_LONG = 1_000
"""So many rules are gone through beside the loop: the worst file takes a third of a second for one address."""
_REMEMBERED = 50_000
"""Rules held in memory, where a site counts as ``_SITE`` of them besides its own."""
_SITE = 5
_PORTS = {"http": 80, "https": 443}


class Shelf(Protocol):
    """Where what robots.txt said is kept over restarts. Called in threads; a StoreError of it costs a request at most."""

    def robots(self, origins: Collection[str]) -> Mapping[str, Robots]: ...

    def keep_robots(self, found: Robots) -> None: ...


@dataclass(frozen=True, slots=True)
class _Held:
    """What is known of one origin."""

    rules: Rules
    asked: datetime
    until: datetime
    unreachable_since: datetime | None = None
    failure: FetchError | None = None
    """Why nothing of this origin may be asked for: nobody knows whether it is allowed."""
    answered: bool = True
    """Whether ``rules`` come from the site."""

    def holds(self, now: datetime) -> bool:
        """A clock that was set back makes it void."""
        return self.asked <= now < self.until

    @property
    def weight(self) -> int:
        return _SITE + len(self.rules)


class Permits:
    """One per fetcher. ``shelf`` None: nothing is kept over the end of the process. ``time`` bounds each look at a robots.txt."""

    def __init__(self, exchanges: Exchanges, headers: Mapping[str, str], *, time: timedelta, shelf: Shelf | None, clock: Clock) -> None:
        self._exchanges = exchanges
        self._headers = headers
        self._time = time
        self._shelf = shelf
        self._clock = clock
        self._held: OrderedDict[str, _Held] = OrderedDict()
        """By origin, the one asked for last at the end."""
        self._weight = 0
        self._looking: dict[str, asyncio.Task[_Held]] = {}
        self._unasked: set[str] = set()
        """Origins that the shelf will be asked for …"""
        self._asking: asyncio.Task[Mapping[str, _Held]] | None = None
        """… by this task."""

    async def ask(self, url: str) -> float:
        """Whether ``url`` may be asked for; then for how many seconds its site wants to be left alone after that (``Crawl-delay``), 0 where it does not say.

        Raises Disallowed; and where robots.txt cannot be had, the FetchError that says why.
        """
        origin = _origin(url)
        now = self._clock.now()
        held = self._held.get(origin)
        if held is None or not held.holds(now):
            held = await self._found(origin)
        else:
            self._held.move_to_end(origin)
        if held.failure is not None:
            raise _unknown(held.failure, held.until - now)
        forbids = held.rules.forbids
        if rule := forbids(url) if len(held.rules) < _LONG else await asyncio.to_thread(forbids, url):
            whom = "all robots" if held.rules.agent == "*" else PRODUCT
            raise Disallowed(
                f'{url} is not fetched: line {rule.line} of {origin}/robots.txt says "Disallow: {rule.written[:100]}" to {whom}',
                url=url,
                remedy="Ask the site's owner; or set `ignore_robots: <reason>` for the source.",
            )
        return held.rules.delay

    async def close(self) -> None:
        """End what is under way."""
        looking = [*self._looking.values(), *([self._asking] if self._asking else [])]
        for task in looking:
            task.cancel()
        await asyncio.gather(*looking, return_exceptions=True)

    async def _found(self, origin: str) -> _Held:
        """Those who ask for one origin at the same time share one look; one of them who gives up does not end it for the others."""
        task = self._looking.get(origin)
        if task is None:
            task = self._looking[origin] = asyncio.create_task(self._look(origin), name=f"robots.txt of {origin}")
            task.add_done_callback(lambda _: self._looking.pop(origin, None))
        return await asyncio.shield(task)

    async def _look(self, origin: str) -> _Held:
        """What holds from now on: from the shelf, else from the site."""
        now = self._clock.now()
        before = self._held.get(origin)
        if before is None:
            before = await self._recalled(origin)
            if before is not None and before.holds(now):
                return self._remember(before, [origin])
        walk = Walk(f"{origin}/robots.txt", limit=_REDIRECTS)
        try:
            text, fresh = await self._read(walk)
        except FetchError as error:
            held = _unreached(before, error, self._clock.now())
            await asyncio.to_thread(self._mark, origin, held)
            return self._remember(held, [origin])
        origins = {origin}
        if walk.url == f"{_origin(walk.url)}/robots.txt":  # http:// that leads to https://: asked once for both
            origins.add(_origin(walk.url))
        now = self._clock.now()
        held = await asyncio.to_thread(self._learnt, text, origins, now, now + fresh)
        return self._remember(held, origins)

    async def _read(self, walk: Walk) -> tuple[str, timedelta]:
        """The text at the end of the walk, and how long it holds. Raises FetchError where the site cannot be asked, but not where it has no such file."""
        budget = Budget(self._time)
        first = walk.url
        try:
            while True:
                async with self._exchanges.ask(walk.url, self._headers, budget) as answer:
                    if answer.status in REDIRECTS and "location" in answer.headers:
                        walk.follow(answer.status, answer.headers["location"])
                        continue
                    return await self._taken(answer)
        except RedirectError:
            return "", _AT_MOST  # too many redirects are no file (RFC 9309 §2.3.1.2), and so are those that lead nowhere
        except AddressRefused:
            if walk.url == first:
                raise
            return "", _AT_MOST

    async def _taken(self, answer: Answer) -> tuple[str, timedelta]:
        now = self._clock.now()
        if 200 <= answer.status < 300:
            body = await answer.beginning(LONGEST)
            fresh = said.freshness(answer.headers, now)
            return body.decode("utf-8-sig", "replace").replace("\0", ""), min(
                max(fresh, _AT_LEAST), _AT_MOST
            ) if fresh is not None else _AT_MOST
        if 300 <= answer.status < 500 and answer.status != 429:
            return "", _AT_MOST
        raise refused_status(answer.status, answer.url, retry_after=said.retry_after(answer.headers, now))

    async def _recalled(self, origin: str) -> _Held | None:
        """From the shelf, which is asked once for all that begin in one turn of the loop: a question takes longer than its answer."""
        if self._shelf is None:
            return None
        if self._asking is None or not self._unasked:
            self._asking = asyncio.create_task(self._ask(self._shelf), name="robots.txt from the shelf")
        self._unasked.add(origin)
        return (await asyncio.shield(self._asking)).get(origin)

    async def _ask(self, shelf: Shelf) -> Mapping[str, _Held]:
        origins, self._unasked = self._unasked, set()
        return await asyncio.to_thread(_found_on, shelf, origins)

    def _learnt(self, text: str, origins: Iterable[str], now: datetime, until: datetime) -> _Held:
        for origin in origins:
            if len(text) <= _SHELVED:
                self._keep(Robots(origin, text, now, until))
        return _Held(parse(text), now, until)

    def _mark(self, origin: str, held: _Held) -> None:
        """Write down since when the site cannot be asked, beside what it said before."""
        kept: Robots | None = None
        if self._shelf is not None:
            with suppress(StoreError):  # as above
                kept = self._shelf.robots([origin]).get(origin)
        since = held.unreachable_since or held.asked
        text, fetched = (kept.text, kept.fetched) if kept is not None and held.answered else ("", since)
        self._keep(Robots(origin, text, fetched, held.until, since))

    def _keep(self, found: Robots) -> None:
        if self._shelf is not None:
            with suppress(StoreError):  # as above
                self._shelf.keep_robots(found)

    def _remember(self, held: _Held, origins: Iterable[str]) -> _Held:
        for origin in origins:
            if (before := self._held.pop(origin, None)) is not None:
                self._weight -= before.weight
            self._held[origin] = held
            self._weight += held.weight
        while self._weight > _REMEMBERED and len(self._held) > 1:
            self._weight -= self._held.popitem(last=False)[1].weight
        return held


def _found_on(shelf: Shelf, origins: Collection[str]) -> dict[str, _Held]:
    try:
        return {origin: _held(kept) for origin, kept in shelf.robots(origins).items()}
    except StoreError:  # who polls meets the same trouble at the next step, and tells it
        return {}


def _held(kept: Robots) -> _Held:
    answered = kept.unreachable_since is None or kept.fetched < kept.unreachable_since
    until = kept.until if answered else kept.fetched  # why it could not be asked is not kept: it is asked again
    return _Held(parse(kept.text), kept.fetched, until, kept.unreachable_since, answered=answered)


def _unreached(before: _Held | None, error: FetchError, now: datetime) -> _Held:
    """A site that cannot be asked: what it said before goes on to hold; where it never said anything, nothing is allowed, but not for ever."""
    since = (before.unreachable_since if before else None) or now
    if before is not None and before.answered:
        return _Held(before.rules, now, now + _AT_LEAST, since)
    if now - since >= _GIVEN_UP:
        return _Held(EVERYTHING, now, now + _AT_LEAST, since, answered=False)
    wait = error.retry_after if isinstance(error, HttpStatus) else None
    failure = copy.copy(error)  # an error that was raised keeps all that was under way
    soon = _BRIEFLY if isinstance(error, Unreachable) else _SOON
    return _Held(EVERYTHING, now, now + max(soon, wait or soon), since, failure, answered=False)


def _unknown(failure: FetchError, left: timedelta) -> FetchError:
    """The failure as an error of its own for each who asks; of the same kind, so that it means for the source what it means for the site."""
    error = copy.copy(failure)
    if isinstance(error, AddressRefused):
        return error
    error.message = f"{failure.message}; nothing of a site is fetched before its robots.txt has been read"
    error.args = (error.message,)
    if isinstance(error, HttpStatus) and error.retry_after is not None:
        error.retry_after = left
    if not isinstance(error, (Unreachable, TimedOut)):
        error.remedy = "Nothing: it is asked again. If it stays so, tell the site's owner, or set `ignore_robots: <reason>` for the source."
    return error


def _origin(url: str) -> str:
    """Scheme, host and port, as robots.txt applies to (RFC 9309 §2.3)."""
    scheme, name, port = urls.server(url)
    host = f"[{name}]" if name and ":" in name else name or ""
    return f"{scheme}://{host}" if port in (None, _PORTS.get(scheme)) else f"{scheme}://{host}:{port}"
