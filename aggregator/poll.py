"""One poll of one source: the only place that knows the order of effects.

    claimed ─▶ fetch ─▶ unchanged? ─▶ digest (in another process) ─▶ itself? (the sentinel) ─▶ article pages ─▶ plan ─▶ store

Whatever happens to one source ends here, as a state that the operator sees; the others never notice.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, Protocol

import structlog

from aggregator import plan, websub
from aggregator.article_pages import ArticlePages
from aggregator.commit import Committer
from aggregator.digest import Digest, Fresh, digest, older
from aggregator.errors import AggregatorError, ReadError, SourceError, StoreError, Unreachable
from aggregator.fetch import Fetcher, Response
from aggregator.model import Article, Changes, Hints, Known, Page, Source, SourceState, Subscription, Validators
from aggregator.offload import Offload
from aggregator.profile import followed, learn
from aggregator.refine.registry import Registry
from aggregator.sentinel import Explained, Sentinel
from aggregator.store import Store

if TYPE_CHECKING:
    from aggregator.meters import Ending

LEASE = timedelta(minutes=15)
"""A poll that takes longer has died."""
_IN_VAIN = 4
"""Sources one after the other that are not reached: what is wrong then is most likely on our side, and the same for all."""

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one poll ended. ``problem`` is None where the source answered with something readable."""

    source: str
    new: int = 0
    revised: int = 0
    problem: str | None = None
    remedy: str | None = None
    reached: bool = True
    """False where not even a server was reached: when that is so for all, this machine is offline."""
    stored: bool = True
    """False where the database refused: the claim is still held, and nothing of this poll is kept."""
    held_back: bool = False
    """Whether it reads unlike itself, and waits for somebody to decide."""
    seconds: float = field(default=0.0, compare=False)
    """How long it took, the waits for turns of its host included."""

    @property
    def ending(self) -> Ending:
        if not self.stored:
            return "refused"
        if self.problem is None:
            return "ok"
        return "failed" if self.reached else "unreached"


@dataclass(frozen=True, slots=True)
class Older:
    """One page of a backfill. ``oldest`` is the earliest date among what was new on it; ``following`` is None at the end of the list."""

    url: str
    entries: int
    new: int
    oldest: datetime | None
    following: str | None
    wait: timedelta = timedelta()
    """For how long the site asks to be left alone."""


class Pushes(Protocol):
    """Who asks hubs for pushes (WebSub). What it has asked for stands in the store, whatever process polls."""

    def named(self, source: str, hints: Hints, /) -> None:
        """Its feed was read, and names the hub of ``hints``, or none."""


class _Nobody:
    """Asks hubs in a process that is no server; one that is hears of it from the store."""

    def named(self, _source: str, _hints: Hints, /) -> None:
        return None


NO_PUSHES: Final = _Nobody()


class Poller:
    """Polls claimed sources. The doors are handed in: the network, the database, the processes, the clock."""

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        store: Store,
        offload: Offload,
        sources: Mapping[str, Source],
        rhythm: plan.Rhythm,
        pages: int,
        pushes: Pushes = NO_PUSHES,
        registry: Registry = Registry(),  # noqa: B008 - frozen and empty
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._fetcher = fetcher
        self._store = store
        self._offload = offload
        self.sources = sources
        self.rhythm = rhythm
        self._pages = pages
        self._pushes = pushes
        self.registry = registry
        self._clock = clock
        self._jitter = jitter
        self._commit = Committer(store, lambda: self._under_way)
        self._log = _log.bind()  # once for all polls: to make a logger takes longer than not to log
        self._in_vain: set[str] = set()
        """Sources that were not reached since one was."""
        self._under_way = 0
        self._resting = asyncio.Event()
        self._resting.set()
        self._sentinel = Sentinel(fetcher=fetcher, offload=offload, commit=self._commit, store=store, registry=lambda: self.registry)

    async def poll(self, state: SourceState) -> Outcome:
        """Poll a claimed source and store what it brought. Never raises: where nothing can be stored, the claim runs out and the source is due again.

        Every line that is logged on the way bears the number of this poll.
        """
        began = time.monotonic()
        self._enter()
        bound = structlog.contextvars.bind_contextvars(poll=f"{random.getrandbits(32):08x}")
        try:
            self._log.debug("claimed", source=state.source, owner=state.owner)
            outcome = await self._one(state)
            return self._told(replace(outcome, seconds=time.monotonic() - began))
        finally:
            structlog.contextvars.reset_contextvars(**bound)
            self._leave()

    async def rested(self) -> None:
        """Returns when no poll of it is under way."""
        await self._resting.wait()

    def _enter(self) -> None:
        self._under_way += 1
        self._resting.clear()

    def _leave(self) -> None:
        self._under_way -= 1
        if not self._under_way:
            self._resting.set()

    async def _one(self, state: SourceState) -> Outcome:
        source = self.sources.get(state.source)
        if source is None:  # the configuration was read again between the claim and the poll
            return await self._unknown(state)
        problem: AggregatorError | None = None
        began = self._clock()
        try:
            changes = await self._changes(state, source)
        except SourceError as error:
            problem = error
            changes = plan.failed(state, source, self.rhythm, error, now=self._clock(), jitter=self._jitter())
        except StoreError as error:
            return Outcome(source.id, problem=error.message, remedy=error.remedy, stored=False)
        except Exception as error:  # noqa: BLE001 - see below
            # A fault of ours must not be a fault of the daemon's: the source backs off, the operator gets the whole story.
            _log.exception("a poll broke: please report this", source=source.id, url=source.url)
            problem = SourceError(
                f"{source.url}: a fault in aggregator itself: {error!r}", remedy="please report it with the traceback in the log"
            )
            changes = plan.failed(state, source, self.rhythm, problem, now=self._clock(), jitter=self._jitter())
        changes = replace(changes, events=plan.happened(state, changes.state, now=self._clock()), claimed=state)
        try:
            changes = await self._heeding_pushes(changes, began)
            added = await self._commit.apply(changes)
        except StoreError as error:
            return Outcome(source.id, problem=error.message, remedy=error.remedy, stored=False)
        self._pushes.named(source.id, changes.state.hints)
        _tell_move(source, state.moved, changes.state.moved)
        _tell_turn(source, state, changes.state)
        return Outcome(
            source.id,
            added,
            len(changes.revised),
            problem.message if problem else None,
            problem.remedy if problem else None,
            reached=not isinstance(problem, Unreachable),
            held_back=problem is None and changes.state.is_held_back,
        )

    async def _heeding_pushes(self, changes: Changes, began: datetime) -> Changes:
        push, at_least = await self._pushed(changes.state), self.rhythm.at_least
        following = websub.heeded(changes.state, push, began=began, now=self._clock(), at_least=at_least)
        return changes if following == changes.state.next_poll else replace(changes, state=replace(changes.state, next_poll=following))

    async def _pushed(self, state: SourceState) -> Subscription | None:
        """As the store has it now: the push may have come to another process. Sources that name no hub, nearly all, cost no question."""
        return await self._commit.ask(self._store.subscription, state.source) if state.hints.hub else None

    async def _unknown(self, state: SourceState) -> Outcome:
        """Another program knows more than our configuration, or it changed since the claim: the source is left to who knows it."""
        problem = f"{state.source} is not in the configuration that this program knows"
        remedy = "if it is new in the configuration, this daemon reads it again by itself, or on SIGHUP"
        try:
            await self._commit.apply(Changes(replace(state, next_poll=self._clock() + self.rhythm.at_least)))
        except StoreError as error:
            return Outcome(state.source, problem=error.message, remedy=error.remedy, stored=False)
        return Outcome(state.source, problem=problem, remedy=remedy)

    async def older(self, state: SourceState) -> Older:
        """Read the page at which the backfill of a claimed source stands, store what it brought, and go one page on.

        Raises SourceError and StoreError; the claim is given back all the same, and the backfill stands where it stood.
        """
        source = followed(self.sources[state.source], state.profile)
        address = state.older or state.moved or source.url
        try:
            if state.profile is not None and state.profile.suspicion is not None:
                raise ReadError(f"{source.id} reads unlike itself", remedy=f"decide first, with: aggregator review {source.id}")
            page = (await self._fetcher.fetch(address, despite_robots=source.ignore_robots is not None)).page
            if page is None:
                raise ReadError(f"{address}: the server says 304 (not modified) to a question that had no condition")
            now = self._clock()
            known = await self._commit.ask(self._store.known, source.id)
            found = await self._offload.run(
                digest,
                page,
                source,
                known,
                now=now,
                depth=state.articles if state.older else 0,
                profile=state.profile,
                registry=self.registry,
            )
            following = await self._offload.run(older, page)
        except SourceError:
            await self._commit.apply(Changes(state))
            raise
        pages = self._article_pages(source)
        harvest = await self._harvest(found, source, pages)
        harvest = replace(harvest, missed=(*state.missed, *pages.missed))
        here = address if not harvest.complete else following
        added = await self._commit.apply(plan.continued(state, harvest, here, now=now))
        dates = [each.article.published for each in found.fresh if each.article.published]
        return Older(address, found.seen, added, min(dates, default=None), here, harvest.wait)

    def _told(self, outcome: Outcome) -> Outcome:
        if not outcome.stored:  # the same for every source: said once, by who hears of it
            return outcome
        before = len(self._in_vain)
        if outcome.reached:
            self._in_vain.clear()
        else:
            self._in_vain.add(outcome.source)
        hushed = len(self._in_vain) >= _IN_VAIN
        if hushed and before < _IN_VAIN:
            self._log.warning("source after source is not reached: until one is, they are told at level debug")
        log = self._log.debug if hushed else self._log.warning if outcome.problem else self._log.info
        log("polled", **{name: value for name in ("source", "new", "revised", "problem", "remedy") if (value := getattr(outcome, name))})
        return outcome

    async def _changes(self, state: SourceState, source: Source) -> Changes:
        """Raises SourceError where the source has failed, and nothing in its place was found."""
        try:
            response = await self._fetcher.fetch(
                state.moved or source.url, validators=state.validators, despite_robots=source.ignore_robots is not None
            )
        except SourceError as error:
            return await self._instead(error, None, state, source, plan.Answer(Validators()), {})
        self._log.debug("fetched", source=source.id, url=response.url, status=response.status, bytes=response.bytes_received)
        answer = plan.Answer(response.validators, response.expires, response.permanent)
        now, page = self._clock(), response.page
        body_hash = _hash(page) if page else state.body_hash
        if page is None or body_hash is None or body_hash == state.body_hash:
            push = await self._pushed(state)
            late = await self._late(state, source)
            return plan.unchanged(state, source, self.rhythm, answer, now=now, jitter=self._jitter(), push=push, late=late)
        known = await self._commit.ask(self._store.known, source.id)
        try:
            async with self._commit.ahead():
                found = await self._offload.run(digest, page, source, known, now=now, profile=state.profile, registry=self.registry)
        except ReadError as error:
            return await self._instead(error, page, state, source, answer, known)
        self._log.debug("read", source=source.id, reader=found.reader, entries=found.seen, fresh=len(found.fresh))
        judged = await self._sentinel.judge(found, page, source, state, known, now)
        return await self._judged(judged, state, source, answer, response, body_hash)

    async def _instead(
        self, error: SourceError, page: Page | None, state: SourceState, source: Source, answer: plan.Answer, known: Mapping[bytes, Known]
    ) -> Changes:
        """What was found in the place of a source that failed. Raises ``error`` where that is nothing."""
        now = self._clock()
        known = known or (await self._commit.ask(self._store.known, source.id) if state.profile else {})
        judged = await self._sentinel.after(error, page, source, state, known, now)
        if judged is None:
            raise error
        if isinstance(judged, plan.Doubt) and not judged.reasons:
            return plan.failed(state, source, self.rhythm, error, now=now, jitter=self._jitter(), sought=judged.sought)
        return await self._judged(judged, state, source, answer, None, _hash(page) if page else "")

    async def _judged(
        self,
        judged: Explained | plan.Doubt,
        state: SourceState,
        source: Source,
        answer: plan.Answer,
        response: Response | None,
        body_hash: str,
    ) -> Changes:
        if isinstance(judged, plan.Doubt):
            profile = state.profile or learn(None, (), "")
            return plan.suspected(state, profile, source, self.rhythm, judged, now=self._clock(), jitter=self._jitter())
        pages = self._article_pages(source)
        harvest = await self._harvest(judged.digest, source, pages, mended=judged.mended)
        harvest = replace(await self._caught_up(harvest, state, source, pages), profile=judged.profile, moved=judged.moved)
        if response is not None:
            harvest = replace(harvest, hints=websub.advertised(harvest.hints, response.links, response.url))
        now, jitter, push = self._clock(), self._jitter(), await self._pushed(state)
        return plan.harvested(state, source, self.rhythm, answer, harvest, now=now, jitter=jitter, body_hash=body_hash, push=push)

    def _article_pages(self, source: Source) -> ArticlePages:
        return ArticlePages(
            source, fetcher=self._fetcher, offload=self._offload, registry=self.registry, most=self._pages, clock=self._clock
        )

    async def _late(self, state: SourceState, source: Source) -> plan.Harvest | None:
        """What article pages bring that are owed from earlier polls, where the source itself has nothing new; None: none is owed."""
        if not state.missed:
            return None
        nothing = plan.Harvest((), (), {}, state.reader or "", state.hints)
        return await self._caught_up(nothing, state, source, self._article_pages(source))

    async def _caught_up(self, harvest: plan.Harvest, state: SourceState, source: Source, pages: ArticlePages) -> plan.Harvest:
        """``harvest``, with the article pages that are owed from earlier polls. An article that it revises anyway has its turn at the next. Of a source that
        wants none by now, none are.
        """
        if source.full_text == "never":
            return replace(harvest, missed=(), wait=pages.wait)
        busy = {article.id for article in harvest.revised}
        later = [each for each in state.missed if each.article in busy]
        owed = [each for each in state.missed if each.article not in busy]
        stored = await self._commit.ask(self._store.by_id, [each.article for each in owed]) if owed else {}
        new = tuple(pages.missed)
        revised = (*harvest.revised, *await pages.again(owed, stored))
        return replace(harvest, revised=revised, missed=(*later, *pages.missed[len(new) :], *new), wait=pages.wait)  # the oldest first

    async def _harvest(self, found: Digest, source: Source, pages: ArticlePages, *, mended: bool = False) -> plan.Harvest:
        """``mended``: how known items are worded is no news."""
        fresh = [each for each in found.fresh if each.known_as is None]
        shown = await self._commit.ask(self._store.lookup, [key for each in fresh if each.page for key in each.keys]) if fresh else {}
        new: list[Article] = []
        met: list[Fresh] = [each for each in found.fresh if each.known_as is not None]
        for each in fresh:
            wanted = each.page if self._pages and not any(key in shown for key in each.keys) else None
            if wanted and pages.may_wait(wanted, self.rhythm.at_least):
                continue
            new.append(await pages.full(each, wanted) if wanted else each.article)
            met.append(each)
        revised = await self._revised(found, source, mended=mended)
        keys = {key: Known(each.known_as or each.article.id, each.fingerprint) for each in met for key in each.keys}
        complete = len(met) == len(found.fresh)
        return plan.Harvest(tuple(new), revised, keys, found.reader, found.hints, complete=complete, wait=pages.wait)

    async def _revised(self, found: Digest, source: Source, *, mended: bool) -> tuple[Article, ...]:
        """Stored articles of this source that say something else now."""
        changed = [each for each in found.fresh if each.known_as is not None]
        if not changed:
            return ()
        stored = await self._commit.ask(self._store.by_id, [each.known_as or "" for each in changed])
        revisions: dict[str, Article] = {}
        for each in changed:
            held = stored.get(each.known_as or "")
            if (
                held is not None
                and held.source == source.id
                and (revision := (plan.readdress if mended or each.moved else plan.revise)(held, each.article)) is not None
            ):
                revisions[held.id] = revision
        return tuple(revisions.values())


def _tell_turn(source: Source, before: SourceState, after: SourceState) -> None:
    """Said once: that a source reads unlike itself, that it does no more, that it has mended itself, that it is silent."""
    if after.profile is None:
        return
    if after.profile.mended and after.profile.mended != (before.profile and before.profile.mended):
        _log.warning("a source has mended itself", source=source.id, url=source.url, how=after.profile.how)
    if after.state != before.state and after.state in ("review", "silent"):
        _log.warning(
            "a source needs review" if after.state == "review" else "a source is silent",
            source=source.id,
            url=source.url,
            problem=after.problem,
            remedy=after.remedy,
        )
    elif before.state == "review" and after.state in ("ok", "silent"):
        _log.warning("a source is itself again", source=source.id, url=source.url)


def _hash(page: Page) -> str:
    return blake2b(page.body, digest_size=16).hexdigest()


def _tell_move(source: Source, before: str | None, after: str | None) -> None:
    """Said once, when it is decided; the status says it for as long as it is so."""
    if after == before:
        return
    if after is not None:
        _log.warning(
            "a source has moved", source=source.id, url=source.url, address=after, remedy="write the new address into the configuration"
        )
    else:
        _log.warning("a source is polled at its configured address again", source=source.id, url=source.url, gave_up=before)
