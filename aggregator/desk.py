"""What an operator does from the pages: look for the news of a site and add it, pause, resume, retry, decide. What is configured is written into the files.

Nothing here asks who it is: that is the business of ``serve.desk``.
"""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from aggregator import plan
from aggregator.config import Settings, load
from aggregator.errors import ReadError
from aggregator.model import Source, SourceState
from aggregator.serve.desk import Deed, Offer
from aggregator.store import Store
from aggregator.text import urls

if TYPE_CHECKING:
    from aggregator.scout import Found

_KEPT = 16
"""Finds that wait for a word of the operator."""
_PATIENCE = 50.0
"""Seconds that a look at a site may take: proxies give up after sixty."""
_SHOWN = 10
_READING = "aggregator.scout"
"""What looks at sites and all readers with it: half a second, and 30 MB, that a daemon does without until somebody adds a site at the desk."""

_DECISIONS: Mapping[Deed, Callable[[SourceState, Source, str], SourceState]] = {
    "accept": lambda state, source, _place: plan.accepted(state, source),
    "reject": lambda state, _source, _place: plan.rejected(state),
    "include": lambda state, _source, place: plan.taken_in(state, place),
    "exclude": lambda state, _source, place: plan.kept_out(state, place),
}

_log = structlog.get_logger()


class Desk:
    """Its methods but ``look`` wait for files and the database: they are called in threads."""

    def __init__(self, store: Store, settings: Callable[[], Settings], directory: Path, *, clock: Callable[[], datetime]) -> None:
        """``settings``: those in force."""
        self._store = store
        self._settings = settings
        self._directory = directory
        self._clock = clock
        self._found: OrderedDict[str, tuple[str, Found]] = OrderedDict()
        self._looking = asyncio.Lock()

    def states(self) -> Sequence[SourceState]:
        return self._store.states()

    async def look(self, url: str) -> Offer:
        """The news of the site at ``url``; one look at a time. Raises SourceError where there are none."""
        async with self._looking:
            await asyncio.to_thread(import_module, _READING)
            from aggregator import scout

            try:
                async with asyncio.timeout(_PATIENCE):
                    found = await scout.find(url, self._settings())
            except TimeoutError:
                raise ReadError(
                    f"{url}: nothing was found within {_PATIENCE:.0f} s", remedy="give the address of the page that lists the news"
                ) from None
        key = secrets.token_urlsafe(16)
        self._found[key] = (url, found)
        while len(self._found) > _KEPT:
            self._found.popitem(last=False)
        return self._offer(key, url, found)

    def _offer(self, key: str, url: str, found: Found) -> Offer:
        from aggregator import scout
        from aggregator.config import edit

        settings = self._settings()
        held = next((source.id for source in settings.sources.values() if urls.key(source.url) == urls.key(found.url)), None)
        addition = scout.addition(found, url, settings)
        known = settings.universities.get(addition.university)
        return Offer(
            key,
            found.url,
            found.reading.reader,
            len(found.articles),
            [article.title for article in found.articles[:_SHOWN]],
            addition.university,
            known.name if known else addition.name,
            held,
            bool(edit.offered([found.url], settings)),
        )

    def add(self, key: str, *, university: str, name: str) -> bool:
        """Write what was found into the files. False where nobody knows of that find any more. Raises ConfigError."""
        from aggregator import scout
        from aggregator.config import edit

        if key not in self._found:
            return False
        url, found = self._found[key]
        settings = self._settings()
        if waiting := edit.offered([found.url], settings):
            edit.enable(self._directory, waiting, on=True, check=self._check)
        else:
            addition = scout.addition(found, url, settings, university=university or None, name=name or None)
            edit.add(self._directory, [addition], check=self._check)
        self._found.pop(key, None)
        _log.info("added at the desk", url=found.url, university=university)
        return True

    def do(self, deed: Deed, source: str, place: str = "") -> bool:
        """``place``: of the list that it is about, where it is about one. False where there was nothing to do. Raises ConfigError and StoreError."""
        known = self._settings().sources.get(source)
        if known is None:
            return False
        if deed in ("pause", "resume"):
            from aggregator.config import edit

            done = bool(edit.pause(self._directory, known, on=deed == "pause", check=self._check))
        elif deed == "retry":
            done = self._store.hasten(source, now=self._clock())
        else:
            done = self._decide(deed, known, place)
        if done:
            _log.info("done at the desk", deed=deed, source=source)
        return done

    def _decide(self, deed: Deed, source: Source, place: str) -> bool:
        state = next((each for each in self._store.states() if each.source == source.id), None)
        if state is None:
            return False
        decided = _DECISIONS[deed](state, source, place)
        if decided == state:
            return False
        self._store.decide(decided, now=self._clock())
        return True

    def _check(self) -> Settings:
        return load(self._directory)
