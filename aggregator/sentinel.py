"""Watches over what sources show: a doubtful reading is explained, or held back.

    doubtful, or unreadable ─▶ the known list elsewhere on the page? ─▶ elsewhere on the site? ─▶ taken, with old items under new addresses
                                                                                          └──▶ suspected: the operator decides

Looking elsewhere costs the site a handful of requests: done once a day, from the second poll in a row that found no other explanation.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

import structlog

from aggregator.commit import Committer
from aggregator.digest import Digest, readdressed
from aggregator.errors import FetchError, HttpStatus, ReadError, SourceError
from aggregator.fetch import Response
from aggregator.mend import Mended, leads, mend
from aggregator.model import Known, Page, Profile, Proposal, Source, SourceState
from aggregator.offload import Offload
from aggregator.plan import Doubt
from aggregator.profile import adopt, learn, may_be_empty, surely_again
from aggregator.refine.registry import Registry
from aggregator.store import Store
from aggregator.text import urls
from aggregator.text.quantity import counted

_MOST_REQUESTS = 8
"""For finding the news of a source elsewhere."""
_EVERY = timedelta(days=1)
_PATIENCE = 2
"""Failures in a row before the news are looked for elsewhere: most are over by then."""

_log = structlog.get_logger()


class Network(Protocol):
    async def fetch(self, url: str, *, despite_robots: bool = False) -> Response:
        """As ``aggregator.fetch.Fetcher``."""


@dataclass(frozen=True, slots=True)
class Explained:
    """What may be published. ``profile``: what the source is like from now on; ``moved``: where it was found, where that is elsewhere."""

    digest: Digest
    profile: Profile
    moved: str | None = None
    mended: bool = False
    """Whether its items were found again: how they are worded now is no news."""


class Sentinel:
    def __init__(
        self, *, fetcher: Network, offload: Offload, commit: Committer, store: Store, registry: Callable[[], Registry] = Registry
    ) -> None:
        """``registry``: the universities that articles may name."""
        self._registry = registry
        self._fetcher = fetcher
        self._offload = offload
        self._commit = commit
        self._store = store

    async def judge(
        self, found: Digest, page: Page, source: Source, state: SourceState, known: Mapping[bytes, Known], now: datetime
    ) -> Explained | Doubt:
        """What to make of a page that could be read."""
        profile = state.profile
        if profile is not None and not found.sights and may_be_empty(profile.form, now):
            return Explained(found, replace(_well(profile), left_out=found.left_out))
        if found.doubts or (profile is None and known and found.seen and all(each.article is None for each in found.sights)):
            return await self._explain(page, found, source, state, known, now, found.doubts)
        if known and any(each.article is None for each in found.sights):
            again = surely_again(found.sights, await self._commit.ask(self._store.latest, source.id))
            found = readdressed(found, again) if again else found
        return Explained(found, replace(_well(learn(profile, found.sights, found.reader)), left_out=found.left_out))

    async def after(
        self, error: SourceError, page: Page | None, source: Source, state: SourceState, known: Mapping[bytes, Known], now: datetime
    ) -> Explained | Doubt | None:
        """What to make of a page that could not be had (``page`` is None) or read; None: nothing, it has failed."""
        if state.profile is None or not (isinstance(error, ReadError) or _is_missing(error, state)):
            return None
        if page is not None and may_be_empty(state.profile.form, now) and _tells_of_nothing(error):
            return Explained(Digest((), state.reader or "", 0, state.hints), _well(state.profile))
        explained = await self._explain(page, None, source, state, known, now, (error.message,))
        if isinstance(explained, Doubt) and not _is_to_be_asked(explained.proposal, page, state.profile):
            return replace(explained, reasons=()) if explained.sought else None
        return explained

    async def _explain(
        self,
        page: Page | None,
        found: Digest | None,
        source: Source,
        state: SourceState,
        known: Mapping[bytes, Known],
        now: datetime,
        reasons: tuple[str, ...],
    ) -> Explained | Doubt:
        stored = await self._commit.ask(self._store.latest, source.id)
        away = now - state.last_success if state.last_success else timedelta()
        nearest: Proposal | None = None
        if page is not None:
            here = await self._offload.run(
                mend, page, source, known, stored, now=now, profile=state.profile, away=away, proof=found is None, registry=self._registry()
            )
            if here.digest is not None:
                return _explained(here, here.digest, state, None, now)
            nearest = _nearer(here.proposal, _waiting(state.profile, page), state.profile)
        if state.profile is None:
            return Explained(found, learn(None, found.sights, found.reader)) if found else Doubt(reasons, None, None)
        if not _is_time_to_seek(state, now):
            return Doubt(reasons, nearest, None)
        async for there in self._elsewhere(page, source, state, now):
            mended = await self._offload.run(
                mend, there, source, known, stored, now=now, profile=state.profile, proof=True, registry=self._registry()
            )
            if mended.digest is not None:
                return _explained(mended, mended.digest, state, there.url, now)
            if mended.proposal is not None and mended.proposal.known:
                nearest = _nearer(nearest, mended.proposal, state.profile)
        return Doubt(reasons, nearest, now)

    async def _elsewhere(self, page: Page | None, source: Source, state: SourceState, now: datetime) -> AsyncIterator[Page]:
        """Pages of the site, and of where it says that it has moved to, that may hold the known list."""
        tried = {urls.key(state.moved or source.url)}
        queue = [page] if page is not None else []
        wanted = [] if page is not None else _above(source.url)
        requests = 0
        while (queue or wanted) and requests < _MOST_REQUESTS:
            if queue:
                found = await self._offload.run(leads, queue.pop(0), now=now)
                wanted = [*(url for url in found if urls.key(url) not in tried), *wanted]
                continue
            url = wanted.pop(0)
            if urls.key(url) in tried:
                continue
            tried.add(urls.key(url))
            requests += 1
            there = await self._page(url, source)
            if there is not None:
                yield there
                if requests <= 2:
                    queue.append(there)
            if not queue and not wanted and requests <= 2:
                wanted = _above(source.url)

    async def _page(self, url: str, source: Source) -> Page | None:
        try:
            return (await self._fetcher.fetch(url, despite_robots=source.ignore_robots is not None)).page
        except FetchError as error:
            _log.debug("looked in vain", source=source.id, url=url, problem=error.message)
            return None


def _above(url: str) -> list[str]:
    """The folders above an address, the nearest first, down to the front page."""
    parts = urlsplit(url)
    folders = [part for part in parts.path.split("/") if part]
    paths = ["/".join(folders[:place]) for place in range(len(folders) - 1, -1, -1)]
    return [f"{parts.scheme}://{parts.netloc}/{path}{'/' if path else ''}" for path in (paths[:1] + paths[-1:])]


def _nearer(first: Proposal | None, second: Proposal | None, profile: Profile | None) -> Proposal | None:
    """Of two proposals the one that the operator has not rejected, then the one with more known entries, then the first."""
    there = [each for each in (first, second) if each is not None]
    return max(there, key=lambda each: (profile is None or not profile.refuses(each), each.known), default=None)


def _waiting(profile: Profile | None, page: Page) -> Proposal | None:
    """What was found elsewhere than on ``page`` at an earlier poll, and is not decided. What is on the page itself is found at each."""
    if profile is None or profile.suspicion is None or profile.suspicion.proposal is None:
        return None
    held = profile.suspicion.proposal
    return held if urls.key(held.url) != urls.key(page.url) and not profile.refuses(held) else None


def _is_to_be_asked(proposal: Proposal | None, page: Page | None, profile: Profile) -> bool:
    """Whether the operator is to be asked about it. Where the ``page`` is missing, only about what neither waits nor was rejected: meanwhile the source has
    failed, and is asked more and more seldom.
    """
    if proposal is None or page is not None:
        return proposal is not None
    held = profile.suspicion.proposal if profile.suspicion else None
    return not profile.refuses(proposal) and (held is None or urls.key(held.url) != urls.key(proposal.url))


def _tells_of_nothing(error: SourceError) -> bool:
    """Whether a page was read, and says itself that it has no entries."""
    from aggregator.text.suspicion import EMPTY  # knows much that only readers need

    return EMPTY.what in error.message


def _is_missing(error: SourceError, state: SourceState) -> bool:
    """Whether the page is no longer where it was. An address that it has moved to is given up first (``plan.failed``)."""
    return isinstance(error, HttpStatus) and error.status in (404, 410) and state.moved is None


def _is_time_to_seek(state: SourceState, now: datetime) -> bool:
    profile = state.profile
    if profile is None or (profile.sought is not None and now - profile.sought < _EVERY):
        return False
    return profile.suspicion is not None or state.failures + 1 >= _PATIENCE


def _explained(mended: Mended, found: Digest, state: SourceState, moved: str | None, now: datetime) -> Explained:
    if state.profile is None:
        return Explained(found, learn(None, found.sights, found.reader), mended=bool(mended.again))
    before = state.profile
    profile = replace(_well(adopt(before, found.sights, found.reader, found.left_out)), kind=mended.kind, items=mended.items)
    repaired = moved is not None or mended.again > 0 or (mended.kind, mended.items) != (before.kind, before.items)
    if repaired:
        profile = replace(profile, mended=now, how=_how(mended, found, moved))
    return Explained(found, profile, moved, mended=repaired)


def _how(mended: Mended, found: Digest, moved: str | None) -> str:
    reader = f"in {mended.items}" if mended.items else f"by {found.reader}"
    return (
        f"{mended.known} of {found.seen} entries found again {reader}"
        + (f" at {moved}" if moved else "")
        + (f", {mended.again} of them at new addresses" if mended.again else "")
        + (f"; left out: {counted(len(found.left_out), 'new list')} beside them" if found.left_out else "")
    )


def _well(profile: Profile) -> Profile:
    rejected = profile.suspicion.rejected if profile.suspicion else profile.rejected
    return replace(profile, suspicion=None, rejected=rejected, sought=None)
