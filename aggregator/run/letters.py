"""Newsletters: what is new in the answer to a question, by mail, daily or weekly, to readers who can leave with one click.

How far each reader has got is a moment in the store, set once their letter has gone: a restart loses nothing and sends nothing twice. Who ends the daemon
waits for the letter under way, but not for a server that hangs: that letter is sent again, under the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import blake2b
from urllib.parse import quote, urlsplit
from zoneinfo import ZoneInfo

import structlog

from aggregator import mail, query
from aggregator.bulletin import due
from aggregator.config import NewsletterFile, Settings
from aggregator.errors import MessageError, NoMailbox, StoreError
from aggregator.model import Article, Event
from aggregator.newsletter import Letter, letter, reader_of, token
from aggregator.refine.registry import Directory
from aggregator.run.aside import aside
from aggregator.store import Store

LOOK = timedelta(minutes=1)
_LAG = timedelta(minutes=1)
_AGAIN = timedelta(minutes=30)
"""After which a letter that could not be sent is tried again; twice as long after each further time …"""
_SELDOM = timedelta(hours=12)
"""… up to this."""
_PATIENCE = timedelta(hours=36)
"""For so long a mailbox must be missing, over two letters, before no more are sent there: mail servers have bad days."""
_REFUSALS = ("refused", "given-up")
"""Marks: since when the letters to a reader are refused for good, and that none is sent any more."""
_NEW = timedelta(days=14)
"""What is older than this when it is first seen comes from a new source or a backfill, and is no news."""
_LOOKED_AT = 500
"""Of the newest articles, for one letter."""
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_log = structlog.get_logger()


class Letters:
    """``settings`` are those in force; ``go_on`` is asked before each letter."""

    def __init__(
        self, store: Store, settings: Callable[[], Settings], *, clock: Callable[[], datetime], go_on: Callable[[], bool] = lambda: True
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._go_on = go_on
        self._later: dict[str, tuple[datetime, timedelta]] = {}
        """By reader: when a letter that could not be sent is tried again, and after what pause that is."""

    async def work(self) -> None:
        """Send what is to be sent now."""
        await aside(self.look)

    def look(self) -> None:
        until = self._clock() - _LAG
        if not self._go_on():
            return
        try:
            self._forgive()
        except StoreError as error:
            _log.debug("newsletters wait for the database", problem=error.message)  # told by the polls, and by the alarm
            return
        for newsletter in self._settings().newsletters:
            try:
                self._issue(newsletter, until)
            except StoreError as error:
                _log.error("a newsletter was put off", newsletter=newsletter.name, problem=error.message, remedy=error.remedy)

    def _forgive(self) -> None:
        """Who was taken out of the configuration is written to again when put back."""
        there = {
            f"{what} {each.name} {_digest(reader)}" for each in self._settings().newsletters for reader in each.to for what in _REFUSALS
        }
        held = {mark for what in _REFUSALS for mark in self._store.marks(f"{what} ")}
        self._store.drop_marks(*sorted(held - there))

    def _issue(self, newsletter: NewsletterFile, until: datetime) -> None:
        left: frozenset[str] | None = None
        for reader in newsletter.to:
            if not self._go_on():
                return
            mark = f"letter {newsletter.name} {_digest(reader)}"
            last = self._store.mark(mark)
            if last is None:
                self._store.keep_mark(mark, until)
            elif _is_due(newsletter, last, until) and self._may_be_tried(mark, until):
                left = self._store.left(newsletter.name) if left is None else left
                if reader.casefold() in left or self._served(newsletter, reader, since=last, until=until):
                    self._later.pop(mark, None)
                    self._store.keep_mark(mark, until)
                else:
                    self._put_off(mark, until)
                    return  # the others follow at the next look: a server that hangs must not be waited for once for each reader

    def _may_be_tried(self, mark: str, now: datetime) -> bool:
        return mark not in self._later or self._later[mark][0] <= now

    def _put_off(self, mark: str, now: datetime) -> None:
        pause = min(2 * self._later[mark][1], _SELDOM) if mark in self._later else _AGAIN
        self._later[mark] = (now + pause, pause)

    def _served(self, newsletter: NewsletterFile, reader: str, *, since: datetime, until: datetime) -> bool:
        """Whether nothing that has come since is left for this reader: the letter went, there was none, or no server will ever take it."""
        refused, given_up = (f"{what} {newsletter.name} {_digest(reader)}" for what in _REFUSALS)
        if self._store.mark(given_up) is not None:
            return True
        try:
            sent = self._sent(newsletter, reader, since=since, until=until)
        except NoMailbox as error:
            self._refused(newsletter, reader, error, until)
            return True
        except MessageError as error:
            _log.error("a newsletter was not sent", newsletter=newsletter.name, reader=reader, problem=error.message, remedy=error.remedy)
            return False
        if sent:
            self._store.drop_marks(refused)
        return True

    def _refused(self, newsletter: NewsletterFile, reader: str, error: NoMailbox, now: datetime) -> None:
        """Not tried again; the next letter is, unless that has been so for long enough."""
        refused, given_up = (f"{what} {newsletter.name} {_digest(reader)}" for what in _REFUSALS)
        first = self._store.mark(refused)
        if first is None:
            self._store.keep_mark(refused, now)
        over = first is not None and now - first >= _PATIENCE
        _log.error(
            "a reader gets no newsletter any more" if over else "a newsletter was not sent",
            newsletter=newsletter.name,
            reader=reader,
            problem=error.message,
            remedy="take the address out of `newsletters`; put back later, it is tried again",
        )
        if over:
            self._store.keep_mark(given_up, now)
            told = f"the mail server refuses a reader of a newsletter for good ({error.answer}): nothing is sent there any more"
            remedy = "the log names newsletter and address; take it out of `newsletters`, or put it back later, and it is tried again"
            self._store.note(Event(self._clock(), "refused", None, told, remedy))

    def _sent(self, newsletter: NewsletterFile, reader: str, *, since: datetime, until: datetime) -> bool:
        """False where there is nothing to say. Raises MessageError."""
        settings = self._settings()
        articles = fresh(self._store, settings, newsletter, since=since, until=until)
        if not articles:
            return False
        made = written(settings, newsletter, articles, token(self._store.secret("newsletters"), newsletter.name, reader))
        id = f"{newsletter.name}-{since:%Y%m%dT%H%M%S}-{_digest(reader)[:12]}"
        message = mail.written(
            settings.mail, reader, made.subject, made.text, id=id, at=self._clock(), html=made.html, headers=made.headers
        )
        mail.send(message, settings.mail)
        _log.info("newsletter sent", newsletter=newsletter.name, articles=len(articles))
        return True


class Leaving:
    """What the web server asks for those who want to leave. Any call may raise StoreError."""

    def __init__(self, store: Store, settings: Callable[[], Settings], *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    def title(self, said: str) -> str | None:
        """Of the newsletter that the token is for; None: it is none of ours."""
        found = reader_of(self._store.secret("newsletters"), said)
        if found is None:
            return None
        return next((each.title or each.name for each in self._settings().newsletters if each.name == found[0]), found[0])

    def leave(self, said: str) -> bool:
        """False where the token is none of ours."""
        found = reader_of(self._store.secret("newsletters"), said)
        if found is not None:
            self._store.leave(found[0], found[1].casefold(), now=self._clock())
            _log.info("a reader left a newsletter", newsletter=found[0])
        return found is not None


def fresh(store: Store, settings: Settings, newsletter: NewsletterFile, *, since: datetime, until: datetime) -> list[Article]:
    """What has come since, newest first."""
    named = store.departed(settings.sources.keys()).named(settings.universities)
    found = store.articles(query.parse(newsletter.where, named, Directory(settings.registry)), limit=_LOOKED_AT)
    return [each for each in found if since < each.first_seen <= until and each.first_seen - each.at < _NEW]


def written(settings: Settings, newsletter: NewsletterFile, articles: list[Article], said: str) -> Letter:
    site = settings.site.url
    return letter(
        newsletter.title or newsletter.name,
        articles,
        settings.sources,
        more=f"{site}/search?q={quote(newsletter.where, safe='')}",
        leave=f"{site}/unsubscribe/{said}",
        host=urlsplit(site).hostname or "localhost",
        name=newsletter.name,
        zone=ZoneInfo(newsletter.timezone),
    )


def _is_due(newsletter: NewsletterFile, last: datetime, now: datetime) -> bool:
    zone = ZoneInfo(newsletter.timezone)
    day = _DAYS.index(newsletter.day) if newsletter.every == "weekly" else None
    return due(last, now, at=newsletter.at, zone=zone, day=day)


def _digest(reader: str) -> str:
    return blake2b(reader.casefold().encode(), digest_size=12).hexdigest()
