"""Tells the operator: one digest a day at most, and an alarm where nothing works any more.

How far each way of telling has got is a moment in the store, set after a message has gone: a restart loses nothing. What was sent, but could not be noted, is
sent again with the same Message-ID.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import structlog

from aggregator import mail
from aggregator.bulletin import Bulletin, compose, due
from aggregator.config import Settings
from aggregator.errors import MessageError, StoreError
from aggregator.run.aside import aside
from aggregator.store import Store
from aggregator.store.trouble import Trouble

LOOK = timedelta(minutes=1)
_LAG = timedelta(minutes=1)
"""What happened just now may not be stored yet; the next message tells it."""
_MOST = 10_000
"""Events of one digest."""
_ALARM = timedelta(minutes=15)
"""For so long nothing must work before somebody is called."""
_AGAIN = timedelta(minutes=15)
"""After which a message that could not be sent is tried again."""
_QUIET = timedelta(days=1)
"""Between two alarms."""

_log = structlog.get_logger()


class Telling:
    """``health`` is that of the daemon; ``settings`` are those in force; ``go_on`` is asked before each
    message. ``in_charge`` says whether it is up to us to call somebody: where the database is away, nobody can tell by that any more who speaks for it.
    """

    def __init__(
        self,
        store: Store,
        settings: Callable[[], Settings],
        *,
        health: Callable[[], Mapping[str, object]],
        clock: Callable[[], datetime],
        go_on: Callable[[], bool] = lambda: True,
        in_charge: Callable[[], bool] = lambda: True,
    ) -> None:
        self._in_charge = in_charge
        self._store = store
        self._settings = settings
        self._health = health
        self._clock = clock
        self._go_on = go_on
        self._failing_since: datetime | None = None
        self._alarmed: datetime | None = None
        self._later: dict[str, datetime] = {}
        self._troubles = {way: Trouble(f"cannot tell the operator by {way}") for way in _WAYS}

    async def work(self) -> None:
        """Tell what is to be told now."""
        await aside(self.look)

    def look(self) -> None:
        ways = [way for way in _WAYS if _wanted(self._settings(), way)]
        if not ways:
            return
        if self._in_charge():
            self._alarm(ways)
        try:
            for way in ways:
                if self._go_on():
                    self._digest(way)
        except StoreError as error:  # told by the polls, and by the alarm
            _log.debug("the digest waits for the database", problem=error.message)

    # --- the digest

    def _digest(self, way: str) -> None:
        settings, mark = self._settings(), f"digest by {way}"
        until = self._clock() - _LAG
        last = self._store.mark(mark)
        if last is None:
            self._store.keep_mark(mark, until)
        elif due(last, until, at=settings.notify.at, zone=ZoneInfo(settings.notify.timezone)):
            told = bulletin(self._store, settings, since=last, until=until)
            if told is None or self._sent(way, told, id=f"digest-{last:%Y%m%dT%H%M%S%f}"):
                self._store.keep_mark(mark, until)

    # --- the alarm

    def _alarm(self, ways: list[str]) -> None:
        now, problem = self._clock(), self._everything_fails()
        if problem is None:
            self._failing_since = None
            return
        since = self._failing_since = self._failing_since or now
        if now - since < _ALARM or (self._alarmed is not None and now - self._alarmed < _QUIET) or self._marked_alarm(now):
            return
        site = self._settings().site
        text = f"Since {since:%Y-%m-%d %H:%M} UTC: {problem}\n\nFeeds keep their last good state meanwhile.\n\n{site.url}/healthz\n"
        alarm = Bulletin(f"{site.title}: nothing works any more", text)
        went = [self._sent(way, alarm, id=f"alarm-{since:%Y%m%dT%H%M%S}") for way in ways]
        if any(went):
            self._alarmed = now
            self._mark_alarm(now)

    def _everything_fails(self) -> str | None:
        try:
            health = self._health()
        except StoreError as error:
            return error.message
        if not health["ok"]:
            return str(health["problem"] or "the daemon has stopped looking for work")
        return None if health["online"] else "no source can be reached: this machine seems to be offline"

    def _marked_alarm(self, now: datetime) -> bool:
        """Whether an earlier process has called somebody; unknown where the database is what fails."""
        try:
            last = self._store.mark("alarm")
        except StoreError:
            return False
        return last is not None and now - last < _QUIET

    def _mark_alarm(self, now: datetime) -> None:
        try:
            self._store.keep_mark("alarm", now)
        except StoreError as error:
            _log.debug("the alarm cannot be noted", problem=error.message)  # this process remembers it

    # --- ways

    def _sent(self, way: str, bulletin: Bulletin, *, id: str) -> bool:
        now = self._clock()
        if now < self._later.get(way, now):
            return False
        try:
            _WAYS[way](self._settings(), bulletin, id, now)
        except MessageError as error:
            self._later[way] = now + _AGAIN
            self._troubles[way].met(error.message, error.remedy)
            return False
        self._troubles[way].over()
        _log.info("told the operator", by=way, subject=bulletin.subject)
        return True


def bulletin(store: Store, settings: Settings, *, since: datetime, until: datetime) -> Bulletin | None:
    """What there is to tell of this time. Raises StoreError."""
    events = store.events(since=since, until=until, limit=_MOST)
    states = {state.source: state for state in store.states()}
    return compose(events, states, title=settings.site.title, address=settings.site.url)


def _by_mail(settings: Settings, bulletin: Bulletin, id: str, now: datetime) -> None:
    mail.send(mail.written(settings.mail, settings.notify.to, bulletin.subject, bulletin.text, id=id, at=now), settings.mail)


def _by_chat(settings: Settings, bulletin: Bulletin, id: str, now: datetime) -> None:  # noqa: ARG001 - one signature for all
    mail.chat(settings.notify.chat, bulletin.subject, bulletin.text)


_WAYS: Mapping[str, Callable[[Settings, Bulletin, str, datetime], None]] = {"mail": _by_mail, "chat": _by_chat}


def _wanted(settings: Settings, way: str) -> bool:
    return bool(settings.notify.to if way == "mail" else settings.notify.chat)


def tell_all(settings: Settings, bulletin: Bulletin, now: datetime) -> list[str]:
    """Send ``bulletin`` by every way that is configured. Returns them; raises MessageError."""
    ways = [way for way in _WAYS if _wanted(settings, way)]
    for way in ways:
        _WAYS[way](settings, bulletin, f"test-{now:%Y%m%dT%H%M%S%f}", now)
    return ways
