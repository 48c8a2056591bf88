"""Our own hub (WebSub, W3C Recommendation of 2018): who subscribes to a feed is sent what is new in it, within seconds.

    POST /hub ─▶ accept ─▶ the callback is asked whether it meant that ─▶ subscriber in the store ─▶ each round: what is new since it was last told ─▶ POST

A delivery is the feed with the articles only that its subscriber has not been told of; where those are more than the feed has, the first of them, and the others
in the deliveries that follow. One that fails is tried again, later and later, with what has come in the meantime; a killed daemon goes on where it was. What
may be delivered twice is known by its id.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from urllib.parse import urlencode, urlsplit

import structlog

from aggregator.config import Settings
from aggregator.errors import FetchError, HttpStatus, StoreError
from aggregator.fetch import Clock, Fetcher, Limits
from aggregator.model import Subscriber, Told
from aggregator.serve.resource import Resource
from aggregator.serve.site import Site
from aggregator.store import Store
from aggregator.store.trouble import Trouble
from aggregator.text import urls

ROUND = 1.0
"""Seconds between two looks at what is new."""
MOST = 10_000
"""Subscribers."""
MOST_OF_A_HOST = 500
"""Subscribers whose callbacks are on one host."""
_ASKED_AT_ONCE = 100
"""Callbacks that are being asked whether they meant it; anybody can name anybody's."""
_ASKED_OF_A_HOST = 10
_UNDER_WAY = 64
"""Deliveries at once; each may hold a feed in memory."""
_PATIENCE = timedelta(seconds=10)
"""For a callback to answer."""
_LEASES = (timedelta(hours=1), timedelta(days=10), timedelta(days=30))
"""The shortest, the one of who asks for none, and the longest."""
_AGAIN = timedelta(seconds=10)
"""After the first failure; four times as long after each further one …"""
_LONGEST_PAUSE = timedelta(hours=6)
"""… up to this."""
_GONE = 410
_LONGEST = 2_000
"""Characters of a callback."""
_LONGEST_SECRET = 200
"""Bytes (WebSub §5.1)."""

_CHANGED = "subscribers"
"""The mark of the last change of the subscribers, where several daemons take requests."""

_log = structlog.get_logger()
_Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a subscriber asks for, understood."""

    mode: str
    callback: str
    topic: str
    secret: str | None
    lease: timedelta

    @property
    def key(self) -> _Key:
        return self.callback, self.topic

    def question(self, challenge: str, site: str) -> str:
        """The address at which the callback is asked whether it meant that (§5.3)."""
        asked = {"hub.mode": self.mode, "hub.topic": f"{site}{self.topic}", "hub.challenge": challenge}
        if self.mode == "subscribe":
            asked["hub.lease_seconds"] = str(int(self.lease.total_seconds()))
        return f"{self.callback}{'&' if urlsplit(self.callback).query else '?'}{urlencode(asked)}"


class _Refused(Exception):
    """Why a request is not understood, for who sent it."""


def understood(form: Mapping[str, str], site: Site) -> Wish:
    """Raises _Refused."""
    mode, callback, topic = (form.get(f"hub.{name}", "").strip() for name in ("mode", "callback", "topic"))
    if mode not in ("subscribe", "unsubscribe"):
        raise _Refused("hub.mode must be subscribe or unsubscribe")
    if urls.absolute("", callback) is None or not callback.isascii() or len(callback) > _LONGEST or "#" in callback:
        raise _Refused(f"hub.callback must be an http or https address of at most {_LONGEST} characters, without a fragment")
    place = topic.removeprefix(site.settings.site.url)
    if place == topic or place not in site.topics:
        raise _Refused(f"hub.topic must be a feed of this site, such as {site.settings.site.url}{site.topics[0]}")
    secret = form.get("hub.secret") or None
    if secret is not None and len(secret.encode(errors="replace")) >= _LONGEST_SECRET:
        raise _Refused(f"hub.secret must have less than {_LONGEST_SECRET} bytes")
    return Wish(mode, callback, place, secret, _lease(form.get("hub.lease_seconds", "")))


def _lease(seconds: str) -> timedelta:
    shortest, usual, longest = _LEASES
    if not (seconds.isascii() and seconds.isdecimal()) or not int(seconds[:12]):
        return usual
    return min(max(shortest, timedelta(seconds=min(int(seconds[:12]), 10**8))), longest)


class Hub:
    """``run`` works until it is cancelled; ``accept`` is for the web server of the same event loop. Of several on one database the one that ``speaks`` delivers;
    all of them take requests, and hear of each other's subscribers by the store.
    """

    def __init__(
        self,
        store: Store,
        site: Callable[[], Site],
        settings: Settings,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        pause: float = ROUND,
        speaks: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._site = site
        self._clock = clock
        self._speaks = speaks
        self._pause = pause
        self._fetcher = delivering(settings, clock)
        self._held: dict[_Key, Subscriber] = {}
        self._heard: datetime | None = None
        """Up to which change of the subscribers, by whomever."""
        self._spoke = False
        self._unsaved: set[_Key] = set()
        self._gone: set[_Key] = set()
        """Who answered that it is gone for good."""
        self._asking: dict[asyncio.Task[None], str] = {}
        self._sending: dict[asyncio.Task[None], _Key] = {}
        self._ready = asyncio.Event()
        self._trouble = Trouble("the hub cannot work")

    def accept(self, form: Mapping[str, str]) -> tuple[int, str]:
        """What a request is answered; where it is accepted, its callback is asked next."""
        site = self._site()
        if not site.settings.has_own_hub:
            return 404, "There is no hub here."
        try:
            wish = understood(form, site)
        except _Refused as refused:
            return 400, str(refused)
        if not self._has_room(wish):
            return 503, "This hub has as many subscribers as it can serve; ask again later, or poll the feed."
        host = urls.host(wish.callback)
        task = asyncio.get_running_loop().create_task(self._ask(wish, site.settings.site.url), name="ask a subscriber")
        self._asking[task] = host
        task.add_done_callback(self._asking.pop)
        return 202, "Your callback will be asked whether you meant that."

    def _has_room(self, wish: Wish) -> bool:
        host = urls.host(wish.callback)
        if len(self._asking) >= _ASKED_AT_ONCE or Counter(self._asking.values())[host] >= _ASKED_OF_A_HOST:
            return False
        if wish.mode == "unsubscribe" or wish.key in self._held:
            return True
        return len(self._held) < MOST and sum(urls.host(callback) == host for callback, _ in self._held) < MOST_OF_A_HOST

    async def run(self) -> None:
        async with self._fetcher:
            try:
                await self._keep_working()
            finally:
                for task in (*self._asking, *self._sending):
                    task.cancel()
                await asyncio.gather(*self._asking, *self._sending, return_exceptions=True)
                if await asyncio.to_thread(self._speaks):
                    with suppress(StoreError):  # who was told is told again then, and knows the articles by their ids
                        await self._save()

    async def _keep_working(self) -> None:
        while True:
            try:
                await self.round()
                self._trouble.over()
            except StoreError as error:
                self._trouble.met(error.message, error.remedy)
            except Exception:  # noqa: BLE001 - a fault of ours, told; it must not end the hub
                _log.exception("the hub broke: please report this")
            await asyncio.sleep(self._pause)

    async def round(self) -> None:
        """Start to deliver what is new. Raises StoreError."""
        speaks = await asyncio.to_thread(self._speaks)
        if not speaks or not self._spoke:
            self._unsaved.clear()  # what we know of deliveries is older than what another one does
        await self._hear(anew=speaks and not self._spoke)
        self._spoke = speaks
        if not speaks:
            return
        await self._end_leases()
        await self._save()
        site = self._site()
        if not self._held or not site.settings.has_own_hub:
            return
        revision = await asyncio.to_thread(self._store.revision)
        for (topic, heard), due in self._due(revision).items():
            news, told = await asyncio.to_thread(site.news, topic, heard)
            for key in due:
                if news is None:
                    self._held[key] = replace(self._held[key], told=told.revision, within=told.within, failures=0, again=None)
                elif len(self._sending) < _UNDER_WAY:
                    self._send(key, news, told)

    async def _hear(self, *, anew: bool) -> None:
        """Who subscribes, where that has changed or is wanted ``anew``: others may take requests too."""
        changed = await asyncio.to_thread(self._store.mark, _CHANGED) if self._store.is_shared else None
        if self._ready.is_set() and not anew and changed == self._heard:
            return
        held = await asyncio.to_thread(self._store.subscribers)
        ours = {key: self._held[key] for key in self._unsaved if key in self._held}
        self._held = {(each.callback, each.topic): each for each in held}
        for key, each in ours.items():  # told just now, and not yet stored
            if key in self._held:
                self._held[key] = replace(self._held[key], told=each.told, within=each.within, failures=each.failures, again=each.again)
        self._heard = changed
        self._ready.set()

    async def _changed(self) -> None:
        """Let those hear of it that share the database."""
        if self._store.is_shared:
            await asyncio.to_thread(self._store.keep_mark, _CHANGED, self._clock())

    def _due(self, revision: int) -> Mapping[tuple[str, Told], list[_Key]]:
        """Who is to be told of something, together with those that are to be told the same."""
        now = self._clock()
        busy = set(self._sending.values())
        found: dict[tuple[str, Told], list[_Key]] = defaultdict(list)
        for key, each in self._held.items():
            if each.told < revision and key not in busy and (each.again is None or each.again <= now):
                found[each.topic, each.heard].append(key)
        return found

    def _send(self, key: _Key, news: Resource, told: Told) -> None:
        task = asyncio.create_task(self._deliver(key, news, told), name="deliver")
        self._sending[task] = key
        task.add_done_callback(self._sending.pop)

    async def _deliver(self, key: _Key, news: Resource, told: Told) -> None:
        subscriber = self._held.get(key)
        if subscriber is None:
            return
        headers = {"Content-Type": news.media_type, "Link": news.link}
        if subscriber.secret:
            signature = hmac.new(subscriber.secret.encode(errors="replace"), news.body, "sha256").hexdigest()
            headers["X-Hub-Signature"] = f"sha256={signature}"
        try:
            await self._fetcher.deliver(subscriber.callback, news.body, headers)
        except FetchError as error:
            self._failed(key, error)
        else:
            self._change(key, told=told.revision, within=told.within, failures=0, again=None)

    def _failed(self, key: _Key, error: FetchError) -> None:
        subscriber = self._held.get(key)
        if subscriber is None:
            return
        if isinstance(error, HttpStatus) and error.status == _GONE:
            self._gone.add(key)
            return
        pause = min(_AGAIN * 4 ** min(subscriber.failures, 10), _LONGEST_PAUSE)
        self._change(key, failures=subscriber.failures + 1, again=self._clock() + pause)
        _log.info("a subscriber could not be told", callback=subscriber.callback[:200], problem=error.message, again=str(pause))

    def _change(self, key: _Key, **fields: object) -> None:
        """Of a subscriber that is still one: meanwhile it may have left, or renewed."""
        if key in self._held:
            self._held[key] = replace(self._held[key], **fields)  # type: ignore[arg-type]
            self._unsaved.add(key)

    async def _save(self) -> None:
        changed = [self._held[key] for key in self._unsaved if key in self._held]
        self._unsaved.clear()
        if changed:
            await asyncio.to_thread(self._store.keep_deliveries, *changed)

    async def _end_leases(self) -> None:
        now = self._clock()
        gone = [self._held[key] for key in self._gone if key in self._held]
        over = [each for each in self._held.values() if each.until <= now]
        if gone:
            await asyncio.to_thread(self._store.drop_subscribers, *gone)
        self._gone.clear()
        if over:
            await asyncio.to_thread(partial(self._store.end_leases, now=now))
        for each in (*gone, *over):
            self._held.pop((each.callback, each.topic), None)

    async def _ask(self, wish: Wish, site: str) -> None:
        """Whether the callback meant it (§5.3); what it says is done."""
        await self._ready.wait()
        challenge = secrets.token_urlsafe(24)
        question = wish.question(challenge, site)
        try:
            answer = await self._fetcher.ask(question)
        except FetchError as error:
            _log.info("a callback did not confirm", callback=wish.callback[:200], mode=wish.mode, problem=error.message)
            return
        if not hmac.compare_digest(answer.body, challenge.encode()):
            _log.info("a callback did not confirm", callback=wish.callback[:200], mode=wish.mode, problem="it did not repeat the challenge")
            return
        try:
            await self._do(wish)
        except StoreError as error:
            self._trouble.met(error.message, error.remedy)

    async def _do(self, wish: Wish) -> None:
        await self._hear(anew=self._store.is_shared)
        held = self._held.get(wish.key)
        if wish.mode == "unsubscribe":
            if held is not None:
                await asyncio.to_thread(self._store.drop_subscribers, held)
                self._held.pop(wish.key, None)
                await self._changed()
            return
        told = held.heard if held else Told(await asyncio.to_thread(self._store.revision))
        until = self._clock() + wish.lease
        subscriber = Subscriber(wish.callback, wish.topic, wish.secret, until, told.revision, within=told.within)
        await asyncio.to_thread(self._store.keep_subscribers, subscriber)
        self._held[wish.key] = subscriber
        self._gone.discard(wish.key)
        await self._changed()
        _log.info("a subscriber came", callback=wish.callback[:200], topic=wish.topic, until=subscriber.until.isoformat(timespec="seconds"))


def delivering(settings: Settings, clock: Callable[[], datetime]) -> Fetcher:
    """Guarded as every request of ours is, but who asked to be told at once is not made to wait for others on their host."""
    return Fetcher(
        contact=settings.fetch.contact,
        host_gap=timedelta(0),
        allow_private=settings.fetch.allow_private,
        concurrency=16,
        limits=Limits(timeout=_PATIENCE, max_body=10_000),
        clock=Clock(clock),
    )
