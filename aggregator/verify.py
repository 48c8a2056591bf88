"""Are the sources what their files say? Asks each of them once, politely, and looks for the news of those that have none any more.

fetch ──▶ read ──▶ verdict ──▶ where it fails: search the site ──▶ write the file ──▶ report
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Final, Literal

from aggregator import files
from aggregator.config import Settings, edit
from aggregator.errors import Disallowed, FetchError, InputError, Problem, ReadError, SourceError
from aggregator.fetch import Fetcher, Response
from aggregator.model import Article, Page, Reading, Source
from aggregator.offload import Offload
from aggregator.read import read
from aggregator.run.once import fetcher_for
from aggregator.scout import Found, Search
from aggregator.text import urls
from aggregator.text.quantity import counted

State = Literal["ok", "moved", "stale", "no feed", "no news", "forbidden", "unreachable"]
"""``moved``: it has news, and its server says that it lives elsewhere now. ``stale``: the newest is older than a year. ``forbidden``: by robots.txt."""

STALE: Final = timedelta(days=400)
FRESH: Final = timedelta(hours=24)
"""How long a verdict in the report spares another look."""
_FEWEST: Final = 3
"""Entries of a page, that is no feed, that look like a list of news."""
_AT_ONCE: Final = 32
"""Sources under way; what one host sees is the fetcher's business."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """How one source answered."""

    source: str
    university: str
    url: str
    state: State
    at: datetime
    items: int = 0
    newest: date | None = None
    reader: str | None = None
    address: str | None = None
    """Where its news are now, when that is not ``url``."""
    mended: bool = False
    """Its file says ``address`` now."""
    problem: str | None = None
    remedy: str | None = None

    @property
    def works(self) -> bool:
        """Whether what the file says now brings news."""
        return self.mended or self.state in ("ok", "moved", "stale")


async def verify(
    sources: Iterable[Source], settings: Settings, report: Callable[[Verdict], None], *, fix: bool = False, now: datetime | None = None
) -> None:
    """Tell ``report`` of every source, in the order in which they answer. ``fix`` also searches replacements and writes the files.

    Raises ConfigError where a file cannot be written; what was told before is written.
    """
    gate = asyncio.Semaphore(_AT_ONCE)
    with Offload(registry=settings.registry) as offload:
        async with fetcher_for(settings) as fetcher:
            verifier = _Verifier(fetcher, offload, settings, now or datetime.now(UTC))

            async def one(source: Source) -> None:
                async with gate:
                    verdict = await verifier.look(source)
                    if fix:
                        verdict = await verifier.mend(source, verdict)
                report(verdict)

            await asyncio.gather(*(one(source) for source in sources))


class _Verifier:
    def __init__(self, fetcher: Fetcher, offload: Offload, settings: Settings, now: datetime) -> None:
        self._fetcher = fetcher
        self._offload = offload
        self._settings = settings
        self._now = now
        self._taken = {urls.key(each.url) for each in (*settings.sources.values(), *settings.offered.values())}
        """Addresses that a source has, so that no two are mended to the same."""

    async def look(self, source: Source) -> Verdict:
        verdict = Verdict(source.id, source.university or "", source.url, "ok", self._now)
        try:
            response, page = await self._asked(source)
        except FetchError as error:
            state: State = "forbidden" if isinstance(error, Disallowed) else "unreachable"
            return replace(verdict, state=state, problem=error.message, remedy=error.remedy)
        moved = response.permanent if response.permanent and urls.key(response.permanent) != urls.key(source.url) else None
        if _is_front(response.url) and not _is_front(source.url):
            return replace(verdict, state="no news", problem=f"{source.url} leads to the front page, {response.url}")
        try:
            reading = await self._offload.run(read, page, source, now=self._now)
        except ReadError as error:
            return replace(verdict, state="no feed" if _promises_feed(source) else "no news", problem=error.message, remedy=error.remedy)
        return self._judged(replace(verdict, address=moved), source, page, reading)

    async def _asked(self, source: Source) -> tuple[Response, Page]:
        response = await self._fetcher.fetch(source.url, despite_robots=source.ignore_robots is not None)
        if response.page is None:
            raise FetchError(f"{source.url}: the server says 304 (not modified) to a question that had no condition", url=source.url)
        return response, response.page

    def _judged(self, verdict: Verdict, source: Source, page: Page, reading: Reading) -> Verdict:
        is_feed = reading.reader in ("feed", "jsonfeed")
        days = [entry.published.date() for entry in reading.entries if entry.published and entry.published <= self._now + timedelta(days=2)]
        verdict = replace(verdict, items=len(reading.entries), newest=max(days, default=None), reader=reading.reader)
        if _promises_feed(source) and not is_feed:
            return replace(verdict, state="no feed", problem=f"{page.url}: no feed any more, but a page read by {reading.reader}")
        if len(reading.entries) < (1 if is_feed or source.selectors else _FEWEST):
            return replace(verdict, state="no news", problem=f"{page.url}: {counted(len(reading.entries), 'entry', 'entries')}")
        if verdict.address is not None:
            return replace(verdict, state="moved")
        return replace(verdict, state="stale" if self._is_stale(verdict.newest) else "ok")

    async def mend(self, source: Source, verdict: Verdict) -> Verdict:
        """Write down what is sure: the day of a good look, the new address of what has moved or was found elsewhere on the site."""
        if verdict.state == "ok":
            self._write(source, {})
            return verdict
        if verdict.state == "moved":
            return self._settle(source, verdict, verdict.address or source.url)
        if verdict.state == "forbidden":
            return verdict  # who does not want this page to be read is not searched for others
        found = await self._search(source)
        if found is None or not self._is_better(found, source, verdict):
            return verdict
        newest = _newest(found.articles, self._now)
        verdict = replace(verdict, address=found.url, items=len(found.articles), newest=newest, reader=found.reading.reader)
        if source.selectors is not None or source.kind != "auto":
            return replace(verdict, remedy=f"{found.url} has news; the file says how to read the old page, so mend it by hand")
        return self._settle(source, verdict, found.url)

    async def _search(self, source: Source) -> Found | None:
        university = self._settings.universities.get(source.university or "")
        start = (university.home if university else None) or urls.absolute(source.url, "/") or source.url
        try:
            return await Search(self._fetcher, self._offload, self._now).find(start)
        except SourceError:
            return None  # the verdict tells already that there is nothing

    def _is_better(self, found: Found, source: Source, verdict: Verdict) -> bool:
        """On the university's own site, like news, and newer than what there is."""
        university = self._settings.universities.get(source.university or "")
        own = {edit.site_of(address) for address in (source.url, university.home if university else None) if address}
        newest = _newest(found.articles, self._now)
        if edit.site_of(found.url) not in own or urls.key(found.url) in self._taken or self._is_stale(newest):
            return False
        if verdict.state == "stale":
            return newest is not None and verdict.newest is not None and newest > verdict.newest
        return len(found.articles) >= (1 if found.reading.reader in ("feed", "jsonfeed") else _FEWEST)

    def _settle(self, source: Source, verdict: Verdict, address: str) -> Verdict:
        if urls.key(address) in self._taken - {urls.key(source.url)}:
            return replace(verdict, remedy=f"{address} is a source of its own already: remove this one")
        self._taken.add(urls.key(address))
        keys: dict[str, Any] = {"url": address}
        if source.id in self._settings.sources:
            keys["id"] = source.id  # its articles stay its own
        self._write(source, keys)
        return replace(verdict, mended=True)

    def _write(self, source: Source, keys: Mapping[str, Any]) -> None:
        changes = {source.url: {**keys, "verified": self._now.date()}}
        edit.amend(self._settings.directory, source.university or "", changes, check=lambda: None)

    def _is_stale(self, newest: date | None) -> bool:
        return newest is not None and newest < (self._now - STALE).date()


def _newest(articles: Iterable[Article], now: datetime) -> date | None:
    return max((each.published.date() for each in articles if each.published and each.published <= now + timedelta(days=2)), default=None)


def _is_front(url: str) -> bool:
    return url.partition("://")[2].partition("/")[2].rstrip("/") == ""


def _promises_feed(source: Source) -> bool:
    return source.kind in ("feed", "jsonfeed") or (source.kind == "auto" and urls.promises_feed(source.url))


class Report:
    """A file of verdicts, one JSON object a line, each written as soon as it is known: what was stopped goes on from there."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def seen(self, now: datetime) -> Iterator[Verdict]:
        """Verdicts that are fresh enough to be believed. Raises InputError where the file is something else."""
        try:
            text = self._path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            raise self._unusable(None, str(error)) from error
        whole, _, torn = text.rpartition("\n")
        if torn.startswith('{"source"'):  # cut short when it was last stopped
            files.write(self._path, f"{whole}\n".encode() if whole else b"")
        elif torn:
            raise self._unusable(None, "no report of this program")
        for number, line in enumerate(whole.splitlines(), 1):
            try:
                told = json.loads(line)
                newest = told["newest"] and date.fromisoformat(told["newest"])
                verdict = Verdict(**{**told, "at": datetime.fromisoformat(told["at"]), "newest": newest})
            except (ValueError, TypeError, KeyError) as error:
                raise self._unusable(number, "no verdict of this program") from error
            if now - verdict.at < FRESH:
                yield verdict

    def add(self, verdict: Verdict) -> None:
        line = json.dumps(asdict(verdict), ensure_ascii=False, default=str)
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(f"{line}\n")
        except OSError as error:
            raise self._unusable(None, f"cannot be written: {error.strerror}") from error

    def _unusable(self, line: int | None, why: str) -> InputError:
        return InputError([Problem(str(self._path), line, "", why)], remedy="name another file with --report")


def unseen(sources: Iterable[Source], verdicts: Iterable[Verdict]) -> list[Source]:
    """The sources of which no verdict tells, at the address that they have now."""
    told = {(verdict.source, urls.key(address)) for verdict in verdicts for address in (verdict.url, verdict.address) if address}
    known = {address for _, address in told}
    return [source for source in sources if (source.id, urls.key(source.url)) not in told and urls.key(source.url) not in known]
