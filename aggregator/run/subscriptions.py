"""Subscriptions at hubs (WebSub): asked for, renewed, given up, and rung by. What is decided stands in ``aggregator.websub``.

Poller ─ named() ─▶ Subscriptions ─ work(), now and then ─▶ hub ─ verify() · pushed() ─▶ the source is due
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog

from aggregator import websub
from aggregator.config import Settings
from aggregator.errors import FetchError, HttpStatus, StoreError
from aggregator.fetch import Fetcher
from aggregator.fetch.guard import Guard, Refusal
from aggregator.model import Hints, Subscription
from aggregator.store import Store
from aggregator.store.trouble import Trouble

LOOK = timedelta(seconds=2)
"""How often ``work`` should be called. Where nothing is due it walks through a dictionary."""
_PATIENCE = timedelta(seconds=10)
"""For one request to a hub."""
_AT_ONCE = 20
"""Requests to one hub in one call of ``work``."""
_LEAVING = timedelta(hours=1)
"""For which a hub may ask whether we really want to end a subscription."""
_LONGEST_REASON = 200
_HEARSAY = timedelta(minutes=1)
"""How often the store is asked what hubs feeds name, where others poll them too."""
_CHANGED = "subscriptions"
"""The mark of the last change of a subscription, where several daemons work on one database."""

_log = structlog.get_logger()


def callback_base(settings: Settings) -> str | None:
    """Under which address hubs reach us; None where ``site.url`` is not of the public web, nor of what ``fetch.allow_private`` allows."""
    url, allowed = settings.site.url, settings.fetch.allow_private
    host = urlsplit(url).hostname or ""
    guard = Guard(allowed)
    try:
        guard.check_url(url)
    except Refusal:
        return None
    named_private = host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
    return None if named_private and not guard.trusts(host) else f"{url}/websub/"


@dataclass(slots=True)
class _Hub:
    """One that did not answer as it should. ``until``: when it is asked again."""

    failures: int
    until: datetime


class Subscriptions:
    """One per daemon, in its event loop. ``load`` before anything else; ``take`` whenever the configuration is another.

    Of several daemons on one database the one that ``speaks`` asks hubs. What they say may come to any of them: all know the tokens, by the store.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        fetcher: Fetcher,
        *,
        clock: Callable[[], datetime],
        speaks: Callable[[], bool] = lambda: True,
    ) -> None:
        self._store = store
        self._clock = clock
        self._speaks = speaks
        self.take(settings, fetcher)
        self._named: dict[str, tuple[str, str]] = {}
        """By source: the hub and the topic that its feed names."""
        self._held: dict[str, Subscription] = {}
        """By source, as the store has them."""
        self._tokens: dict[str, str] = {}
        """Token → source. A look-up tells nobody by its time how much of a token was right: it compares hashes first."""
        self._leaving: dict[str, tuple[Subscription, datetime]] = {}
        """By token: what we have asked hubs to end, and until when they may ask back. Not stored: after a restart the lease ends it."""
        self._hubs: dict[str, _Hub] = {}
        self._announced: dict[str, Subscription] = {}
        """By source: what a hub is asked for once the other daemons have heard of it, since the hub may call any of them."""
        self._asked_others: datetime | None = None
        self._heard: datetime | None = None
        """Up to which change of subscriptions, by whatever daemon."""
        self._distrusted: set[str] = set()
        self._trouble = Trouble("subscriptions are put off")
        self._working = asyncio.Lock()
        self._changing = asyncio.Lock()
        """Held from reading a subscription until its change is stored."""

    def load(self) -> None:
        """What was asked before, by whatever process. Raises StoreError."""
        for subscription in self._store.subscriptions(configured=False):
            self._hold(subscription)
        for state in self._store.states():
            self.named(state.source, state.hints)

    def take(self, settings: Settings, fetcher: Fetcher) -> None:
        self._settings = settings
        self._fetcher = fetcher
        self._base = callback_base(settings)

    # --- what polls tell ------------------------------------------------------------------------------------------------------

    def named(self, source: str, hints: Hints) -> None:
        """The feed of ``source`` was read, and says this."""
        if hints.hub and hints.topic:
            self._named[source] = (hints.hub, hints.topic)
        else:
            self._named.pop(source, None)

    # --- what hubs are asked -----------------------------------------------------------------------------------------------------

    async def work(self) -> None:
        """Ask hubs for what is due. Never raises: what failed is told, and done later."""
        async with self._working:
            try:
                async with self._changing:
                    await self._hear_of_others()
                await self._hear_of_workers()
                if await asyncio.to_thread(self._speaks):
                    await self._give_up()
                    await asyncio.gather(*(self._ask_hub(hub, sources) for hub, sources in self._due().items() if self._bears(hub)))
                    await asyncio.gather(*(self._ask_announced(hub) for hub in {each.hub for each in self._announced.values()}))
                else:
                    self._announced.clear()
            except StoreError as error:
                self._trouble.met(error.message, error.remedy)
            else:
                self._trouble.over()

    async def rested(self) -> None:
        """Returns when ``work`` is not at it: who calls it next goes by what was last taken."""
        async with self._working:
            return

    def _due(self) -> Mapping[str, list[str]]:
        """By hub: the sources that it is to be asked for now."""
        now = self._clock()
        due: dict[str, list[str]] = {}
        for source in self._named:
            held = self._held.get(source)
            if (wanted := self._wanted(source)) and (held is None or websub.next_ask(held) <= now):
                due.setdefault(wanted[0], []).append(source)
        return due

    async def _hear_of_others(self) -> None:
        """Other daemons, which ask hubs or are called by them. ``_changing`` is held."""
        changed = await asyncio.to_thread(self._store.mark, _CHANGED) if self._store.is_shared else None
        if changed == self._heard:
            return
        held = await asyncio.to_thread(lambda: self._store.subscriptions(configured=False))
        self._held, self._tokens = {}, {}
        for subscription in held:
            self._hold(subscription)
        self._heard = changed

    async def _hear_of_workers(self) -> None:
        """They read feeds on other machines, and know nothing of us."""
        now = self._clock()
        if self._store.is_shared and (self._asked_others is None or now - self._asked_others >= _HEARSAY):
            self._asked_others = now
            for state in await asyncio.to_thread(self._store.states):
                self.named(state.source, state.hints)

    def _wanted(self, source: str) -> tuple[str, str] | None:
        """The hub that should push ``source``, and the topic."""
        allowed = self._base is not None and self._settings.poll.websub and source in self._settings.sources
        return self._named.get(source) if allowed else None

    def _fresh(self, source: str, hub: str, topic: str, when: datetime) -> Subscription:
        """One that is to be asked for at ``when``."""
        made = websub.token(self._base or "", secrets.token_urlsafe(24))
        return Subscription(source, made, topic, hub, secrets.token_hex(32), "asked", when, when)

    def _bears(self, hub: str) -> bool:
        return hub not in self._hubs or self._hubs[hub].until <= self._clock()

    async def _ask_hub(self, hub: str, sources: list[str]) -> None:
        """One after the other; a hub that fails is left alone with the others."""
        for source in sources[:_AT_ONCE]:
            if not self._bears(hub):
                return
            async with self._changing:
                wanted = self._wanted(source)
                held = self._held.get(source) or (self._fresh(source, *wanted, self._clock()) if wanted else None)
                if held is None or wanted != (held.hub, held.topic):
                    continue  # its feed was read meanwhile, and says something else
                subscription = websub.asked(held, self._clock())
                await self._keep(subscription)
            if self._store.is_shared:
                self._announced[source] = subscription
            else:
                await self._send(subscription, subscribe=True)

    async def _ask_announced(self, hub: str) -> None:
        """For all at once that other daemons have heard of by now: each looks every ``LOOK``."""
        heard = self._clock() - LOOK
        for source, each in list(self._announced.items()):
            if each.hub != hub or each.asked > heard:
                continue
            if not self._bears(hub):
                return
            del self._announced[source]
            if self._held.get(source) == each and self._wanted(source) == (each.hub, each.topic):
                await self._send(each, subscribe=True)

    async def _send(self, subscription: Subscription, *, subscribe: bool) -> None:
        said = websub.form(subscription, f"{self._base}{subscription.token}", subscribe=subscribe)
        try:
            await self._fetcher.post(subscription.hub, said, timeout=_PATIENCE)
        except FetchError as error:
            _log.info("a hub did not take a request", source=subscription.source, hub=subscription.hub, problem=error.message)
            self._failed(subscription.hub, error)
        else:
            self._hubs.pop(subscription.hub, None)

    def _failed(self, hub: str, error: FetchError) -> None:
        """A 4xx is about this one topic; whatever else is wrong is wrong for all that this hub is asked."""
        if isinstance(error, HttpStatus) and 400 <= error.status < 500 and not error.transient:
            self._hubs.pop(hub, None)
            return
        failures = self._hubs[hub].failures + 1 if hub in self._hubs else 1
        wait = min(websub.FIRST_PAUSE * (1 << min(failures - 1, 20)), websub.LONGEST_PAUSE)
        asked = (error.retry_after if isinstance(error, HttpStatus) else None) or timedelta()
        self._hubs[hub] = _Hub(failures, self._clock() + max(wait, asked))

    async def _give_up(self) -> None:
        """End what no feed of the configuration names any more, or what was asked for under another address of ours."""
        now = self._clock()
        self._leaving = {token: (each, until) for token, (each, until) in self._leaving.items() if until > now}
        self._hubs = {hub: each for hub, each in self._hubs.items() if each.until + websub.LONGEST_PAUSE > now}
        for source, held in list(self._held.items()):
            reachable = self._base is not None and websub.made_for(self._base, held.token)
            wanted = self._wanted(source)
            if wanted == (held.hub, held.topic) and reachable:
                continue
            async with self._changing:
                await self._replace(held, wanted)
            if reachable and held.state != "refused" and websub.was_asked(held) and self._bears(held.hub):
                self._leaving[held.token] = (held, now + _LEAVING)
                await self._send(held, subscribe=False)

    async def _replace(self, held: Subscription, named: tuple[str, str] | None) -> None:
        """By one at the hub that is ``named`` now, if any."""
        if named is None:
            await asyncio.to_thread(self._store.drop_subscription, held.source)
            self._held.pop(held.source, None)
            await self._changed()
        else:
            await self._keep(self._fresh(held.source, *named, max(self._clock(), websub.not_before(held))))
        self._tokens.pop(held.token, None)
        self._distrusted.discard(held.token)

    # --- what hubs say -----------------------------------------------------------------------------------------------------------

    def knows(self, token: str) -> bool:
        """Whether a hub was given this token. Costs nothing."""
        return token in self._tokens or token in self._leaving

    async def verify(self, token: str, asked: Mapping[str, str]) -> str | None:
        """A hub asks whether we want what it was asked for (§5.3), or says that it refuses (§5.2). What it is to be answered; None: 404, we do not want that.

        Raises StoreError.
        """
        if token in self._leaving and (said := websub.challenge(asked, "unsubscribe", self._leaving[token][0].topic)):
            del self._leaving[token]
            return said
        async with self._changing:
            await self._hear_of_others()
            held = self._held.get(self._tokens.get(token, ""))
            if held is None:
                return None
            if asked.get("hub.mode") == "denied" and asked.get("hub.topic") == held.topic:
                reason = asked.get("hub.reason", "")[:_LONGEST_REASON]
                _log.warning("a hub refuses to push", source=held.source, hub=held.hub, reason=reason)
                await self._keep(websub.refused(held, self._clock()))
                return ""
            said = websub.challenge(asked, "subscribe", held.topic)
            if said is None or held.state == "refused":
                return None
            subscription = websub.verified(held, asked.get("hub.lease_seconds", ""), self._clock())
            await self._keep(subscription)
        _log.info("subscribed", source=held.source, hub=held.hub, until=f"{subscription.until:%Y-%m-%d %H:%M}")
        return said

    def secret(self, token: str) -> str:
        """The key of the signature of pushes with this token; one that nobody has where they are no longer wanted."""
        held = self._held.get(self._tokens.get(token, ""))
        return held.secret if held else secrets.token_hex(32)

    async def pushed(self, token: str) -> None:
        """A push with the right signature has come: its source is due. Raises StoreError."""
        async with self._changing:
            await self._hear_of_others()
            held = self._held.get(self._tokens.get(token, ""))
            if held is None or held.state != "active":
                return
            now = self._clock()
            subscription = replace(held, pushed=now)
            due = websub.due(held, now, self._settings.poll.at_least)
            await asyncio.to_thread(self._store.ring, subscription, due=due)
            self._hold(subscription)
            await self._changed()
            self._distrusted.discard(token)
        _log.info("pushed", source=held.source, hub=held.hub)

    def forged(self, token: str) -> None:
        """A push without the right signature has come. Said once until a right one comes."""
        if token not in self._distrusted and (source := self._tokens.get(token)):
            self._distrusted.add(token)
            _log.warning("a push with a wrong signature was ignored", source=source, hub=self._held[source].hub)

    # --- keeping -----------------------------------------------------------------------------------------------------------------

    async def _keep(self, subscription: Subscription) -> None:
        await asyncio.to_thread(self._store.keep_subscription, subscription)
        self._hold(subscription)
        await self._changed()

    async def _changed(self) -> None:
        """Let the other daemons hear of it."""
        if self._store.is_shared:
            await asyncio.to_thread(self._store.keep_mark, _CHANGED, self._clock())

    def _hold(self, subscription: Subscription) -> None:
        self._held[subscription.source] = subscription
        self._tokens[subscription.token] = subscription.source
