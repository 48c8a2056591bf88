"""The article pages of one poll: fetched politely and within a budget; what could not be had is asked for again at later polls.

a new row ─▶ its article, in full or as the row tells it        what is owed ─▶ revisions
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from aggregator import plan
from aggregator.digest import Fresh, as_row, complete, part
from aggregator.errors import HttpStatus, ReadError, SourceError, StoreError
from aggregator.fetch import Fetcher
from aggregator.model import Article, Entry, Missed, Source
from aggregator.offload import Offload
from aggregator.refine.registry import Registry
from aggregator.text import urls

_PARTS = 10
"""Pages of one article that are joined, at most."""
_TIME = timedelta(minutes=8)
"""For article pages; what is left waits for the next poll."""

_log = structlog.get_logger()


class ArticlePages:
    """Those of one poll of one source. A site that asks to be left alone (429 or 503 with Retry-After) gets no more requests for them.

    ``most``: how many may be fetched, new and owed ones together; the parts of one story count as one.
    """

    def __init__(
        self, source: Source, *, fetcher: Fetcher, offload: Offload, registry: Registry, most: int, clock: Callable[[], datetime]
    ) -> None:
        self._source = source
        self._fetcher = fetcher
        self._offload = offload
        self._registry = registry
        self._clock = clock
        self._left = most
        self._had = 0
        self._began = clock()
        self._waits: dict[str, timedelta] = {}
        self.missed: list[Missed] = []
        """Pages of new rows that could not be had, and are worth another try."""

    @property
    def wait(self) -> timedelta:
        """For how long the source's own host asks to be left alone."""
        return self._asked(self._source.url) or timedelta()

    def may_wait(self, url: str, at_least: timedelta) -> bool:
        """Whether the new article at ``url`` is left for the next poll: too many are new at once; or its site gave pages, and will give more by then."""
        asked = self._asked(url)
        return self._is_over() or (asked is not None and self._had > 0 and asked <= at_least)

    async def full(self, each: Fresh, url: str) -> Article:
        """The article of a new row with what its own page adds. A page that fails costs the text, never the item."""
        if asked := self._asked(url):
            self.missed.append(Missed(each.article.id, url, due=self._clock() + asked))
            return _without(each.article, f"the article page was not asked for: its site asks to wait {asked.total_seconds():.0f} s")
        found = await self._completed(url, each.row, each.article)
        if isinstance(found, Article):
            return found
        owed = plan.missed(Missed(each.article.id, url), found, now=self._clock())
        self._owe(owed)
        return _without(each.article, f"the article page failed{' (the next two polls ask again)' if owed else ''}: {found.message}")

    async def again(self, owed: Sequence[Missed], stored: Mapping[str, Article]) -> tuple[Article, ...]:
        """Revisions of ``stored`` articles by pages that could not be had when they were new. What cannot be asked for now stays owed."""
        revised: list[Article] = []
        for each in owed:
            held = stored.get(each.article)
            if held is None or held.source != self._source.id:
                continue
            if self._is_over() or self._asked(each.url) or (each.due is not None and each.due > self._clock()):
                self.missed.append(each)
                continue
            found = await self._completed(each.url, as_row(held), held)
            if not isinstance(found, Article):
                self._owe(plan.missed(replace(each, tries=each.tries + 1), found, now=self._clock()))
            elif (revision := plan.revise(held, found)) is not None:
                revised.append(revision)
        return tuple(revised)

    def _owe(self, missed: Missed | None) -> None:
        self.missed += [missed] if missed is not None else []

    def _is_over(self) -> bool:
        return self._left <= 0 or self._clock() > self._began + _TIME

    def _asked(self, url: str) -> timedelta | None:
        return self._waits.get(urls.host(url))

    async def _completed(self, url: str, row: Entry, article: Article) -> Article | SourceError:
        """``article`` with what its own page adds, or why there is nothing."""
        self._left -= 1
        try:
            parts = await self._parts(url)
            _log.debug("article page read", source=self._source.id, url=url, parts=len(parts))
            found: Article = await self._offload.run(complete, parts, self._source, row, article, now=self._began, registry=self._registry)
        except SourceError as error:
            _log.info("article page skipped", source=self._source.id, url=url, problem=error.message)
            return error
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - a fault of ours, told as in ``Poller.poll``
            _log.exception("an article page broke its reader: please report this", source=self._source.id, url=url)
            return SourceError(f"a fault in aggregator itself: {error!r}")
        return found

    async def _parts(self, url: str) -> tuple[Entry, ...]:
        """The article at ``url`` and the pages on which it goes on. Raises SourceError where even the first cannot be had."""
        parts: list[Entry] = []
        first = url
        following: str | None = url
        while following is not None and len(parts) < _PARTS and not (parts and self._clock() > self._began + _TIME):
            try:
                page = (await self._fetcher.fetch(following, despite_robots=self._source.ignore_robots is not None)).page
                if page is None:
                    raise ReadError(f"{following}: the server says 304 (not modified) to a question that had no condition")
                first = first if parts else page.url
                found = await self._offload.run(part, page, self._source, first, now=self._began)
            except SourceError as error:
                self._heed(following, error)
                if not parts:
                    raise
                _log.info("rest of an article skipped", source=self._source.id, url=following, problem=error.message)
                break
            self._had += 1
            parts.append(found.entry)
            following = found.following
        return tuple(parts)

    def _heed(self, url: str, error: SourceError) -> None:
        if isinstance(error, HttpStatus) and error.status in (429, 503) and error.retry_after:
            self._waits[urls.host(url)] = error.retry_after


def _without(article: Article, why: str) -> Article:
    return replace(article, provenance={**article.provenance, "content": f"none: {why}"})
