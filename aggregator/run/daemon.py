"""The daemon: a tick that claims what is due, and the web server, in one loop. SIGTERM ends it, SIGHUP, or a change of its
files, reads the configuration again.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Coroutine, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import structlog
from starlette.types import ASGIApp

from aggregator.config import Settings, reachable
from aggregator.config.former import resolve, retaken
from aggregator.errors import ConfigError, Problem, StoreError, WrongClock
from aggregator.fetch import Fetcher
from aggregator.meters import Meters, Vital
from aggregator.model import Event, EventKind
from aggregator.offload import Offload
from aggregator.poll import Outcome, Poller
from aggregator.run.door import Door
from aggregator.run.housekeeping import Housekeeping, know
from aggregator.run.letters import Letters
from aggregator.run.listening import Server, listen
from aggregator.run.memory import settle
from aggregator.run.once import fetcher_for, poller_for
from aggregator.run.rounds import Rounds, release_dead
from aggregator.run.subscriptions import LOOK, Subscriptions
from aggregator.run.systemd import Systemd
from aggregator.run.telling import LOOK as TELL
from aggregator.run.telling import Telling
from aggregator.run.watch import Watch
from aggregator.run.watchdog import Watchdog
from aggregator.store import Store
from aggregator.store.trouble import Trouble
from aggregator.store.voice import Voice
from aggregator.text.quantity import counted

TICK = timedelta(seconds=1)
_GRACE = 5.0
"""Seconds that polls, letters and requests under way get when the daemon is asked to end. Who asks often kills after ten (docker stop); what is given up is
polled, and sent, again.
"""
_STALE = timedelta(seconds=60)
"""Without a tick for so long, the daemon is not well."""

_JUDGE = timedelta(seconds=30)
"""Between two looks at whether sources fail that others poll …"""
_ENOUGH = 3
"""… and how many must: one or two may be broken themselves."""
_WATCHED = 500
"""Sources that /metrics tells of by name."""

_log = structlog.get_logger()


def _now() -> datetime:
    return datetime.now(UTC)


class Polling(Protocol):
    """Polls what is due, a little at each tick: ``Rounds`` on one machine, ``Cluster`` on many."""

    poller: Poller

    async def tick(self) -> int: ...

    async def stop(self, grace: float) -> None: ...


class Daemon:
    """``app`` serves; ``reload`` gives the configuration as it is now, or raises ConfigError; ``clock`` says what time it is. ``polls`` False: where the
    database is shared, others poll, and this one only schedules and serves. ``beside`` works until the end, in the
    same loop. ``meters`` count beside it, what ``app`` serves. Of several daemons on one database the one whose ``voice`` it is tells people and hubs, and
    keeps house; all of them serve and schedule.
    """

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        voice: Voice,
        app: ASGIApp,
        reload: Callable[[], Settings],
        changed: Callable[[Settings], None],
        clock: Callable[[], datetime] = _now,
        polls: bool = True,
        beside: Sequence[Callable[[], Coroutine[Any, Any, None]]] = (),
        meters: Meters | None = None,
    ) -> None:
        self._beside = beside
        self._voice = voice
        self._polls = polls
        self._settings = settings
        self._awake = _awake(settings)
        self._store = store
        self._app = app
        self._reload = reload
        self._changed = changed
        self._clock = clock
        self._last_tick: datetime | None = None
        self._looking = Trouble("cannot look for work")
        self._storing = Trouble("cannot store what the sources say")
        self._wrong: str | None = None
        self._unreached: set[str] = set()
        self._all_fail = False
        self._judged: datetime | None = None
        self._was_offline = False
        self._ending = asyncio.Event()
        self._reloading = asyncio.Event()
        self._meters = meters or Meters()
        self._door = Door(self._fetcher_for(settings))
        self.subscriptions = Subscriptions(store, settings, self._door.fetcher, clock=clock, speaks=self._speaks)
        """Where hubs call: the business of ``app``."""
        self._happened: list[Event] = []
        """What is to be noted for the operator at the next tick."""
        self._telling = Telling(
            store, lambda: self._settings, health=self.health, clock=clock, go_on=self._speaks, in_charge=self._is_in_charge
        )
        self._letters = Letters(store, lambda: self._settings, clock=clock, go_on=self._speaks)
        self._systemd = Systemd()
        self._watch = Watch(settings.directory)
        self._changing = asyncio.Lock()
        """Held while sources are claimed, or replaced: who polls a source must know the configuration that its row follows."""

    def health(self) -> dict[str, Any]:
        """``ok`` is False where the database does not answer or takes nothing, or the tick has stopped; ``problem`` says why. ``configuration`` says what is
        wrong with files that were to be read again, or that they are in force. ``online`` is False where no source at all could be reached.
        ``speaks``: whether it is the one of the daemons on this database that tells people and hubs.
        """
        problem = self._looking.problem or self._storing.problem
        return {
            "ok": self._ticking and problem is None,
            "ready": self._last_tick is not None and not self._ending.is_set(),
            "problem": problem,
            "last_tick": self._last_tick.isoformat(timespec="seconds") if self._last_tick else None,
            "revision": self._store.revision(),
            "online": not self._offline,
            "speaks": self._voice.was_ours,
            "configuration": self._wrong or "in force",
        }

    @property
    def _ticking(self) -> bool:
        return self._last_tick is not None and self._clock() - self._last_tick < _STALE

    def metrics(self) -> bytes:
        """For Prometheus. A database that does not answer is no reason to tell nothing: that is when it is asked for."""
        now = self._clock()
        try:
            survey = self._store.survey(now=now, most=_WATCHED)
        except StoreError:  # told by the polls
            survey = None
        well = survey is not None and self._ticking and not (self._looking.problem or self._storing.problem)
        vital = Vital(
            ok=well, online=not self._offline, configured=self._wrong is None, speaks=self._voice.was_ours, last_tick=self._last_tick
        )
        return self._meters.exposition(vital, survey, now=now)

    @property
    def _offline(self) -> bool:
        return self._all_fail or len(self._unreached) >= self._awake

    def _heard(self, outcome: Outcome) -> None:
        """What the database refuses is told. Where no source at all is reached, it is this machine that is offline: said once."""
        self._meters.polled(outcome.ending, new=outcome.new, revised=outcome.revised, seconds=outcome.seconds)
        if not outcome.stored:
            self._storing.met(outcome.problem or "", outcome.remedy, source=outcome.source)
            return
        self._storing.over()
        if outcome.reached:
            self._unreached.clear()
        else:
            self._unreached.add(outcome.source)
        self._tell_offline()

    async def _judge(self) -> None:
        """Where others poll too, what they meet stands in the states of the sources only."""
        now = self._clock()
        if not self._store.is_shared or (self._judged is not None and timedelta() <= now - self._judged < _JUDGE):
            return
        self._judged = now
        self._all_fail = await asyncio.to_thread(self._store.all_fail, at_least=_ENOUGH)
        self._tell_offline()

    def _tell_offline(self) -> None:
        before, self._was_offline = self._was_offline, self._offline
        speaks = self._voice.was_ours  # the others see the same
        if self._offline and not before:
            _log.error(
                "no source can be reached: this machine seems to be offline",
                remedy="check its network; feeds keep their last good state meanwhile",
            )
            if speaks:
                self._note("offline", "no source can be reached: this machine seems to be offline", "check its network")
        elif before and not self._offline:
            _log.info("sources can be reached again")
            if speaks:
                self._note("online", "sources can be reached again")

    def _note(self, kind: EventKind, text: str, remedy: str | None = None) -> None:
        self._happened.append(Event(self._clock(), kind, None, text, remedy))

    async def run(self, started: Callable[[str], None]) -> None:
        """Until SIGTERM or SIGINT. ``started`` is told the address of the web server. Raises ServeError, ConfigError or StoreError where it cannot begin."""
        settle()
        self._resolved(self._settings)
        sock = listen(self._settings.host, self._settings.port)
        self._tell_retaken(self._settings)
        freed = release_dead(self._store, due=self._clock() + self._settings.poll.at_least)
        self._store.sync(self._settings.sources.values(), of=self._settings.universities.values(), now=self._clock())
        self._tell_doubts(self._settings)
        if self._speaks():
            know(self._store, self._settings.registry)
        self.subscriptions.load()
        _log.info(
            "starting",
            sources=len(self._settings.sources),
            taken_over=freed,
            database=self._store.place,
        )
        with Offload(registry=self._settings.registry) as offload, signals(self._ending, self._reloading):
            async with contextlib.AsyncExitStack() as doors:
                await doors.enter_async_context(self._door)
                await doors.enter_async_context(Watchdog())
                rounds = await doors.enter_async_context(self._polling(offload))
                server = Server(self._app)
                serving = asyncio.create_task(server.serve(sockets=[sock]))
                ticking = asyncio.create_task(self._keep_ticking(rounds), name="tick")
                beside = [asyncio.create_task(work()) for work in (*self._beside, self._follow)]
                housekeeping = Housekeeping(
                    self._store,
                    clock=self._clock,
                    registry=lambda: self._settings.registry,
                    settings=lambda: self._settings,
                    speaks=self._speaks,
                )
                housekeeping.every(LOOK, self.subscriptions.work)
                housekeeping.every(TELL, self._telling.work)
                housekeeping.every(TELL, self._letters.work)
                housekeeping.start()
                started(f"http://{reachable(self._settings.host)}:{sock.getsockname()[1]}")
                self._systemd.ready(self._summary())
                await self._until_asked(rounds, offload)
                self._systemd.stopping()
                ticking.cancel()
                for work in beside:
                    work.cancel()
                server.should_exit = True
                await asyncio.gather(rounds.stop(_GRACE), housekeeping.stop(_GRACE))
                await asyncio.gather(*beside, return_exceptions=True)
                await serving
        _log.info("ended")

    def _speaks(self) -> bool:
        """Whether this is the daemon that may speak now. Asks the database: not for the loop."""
        return not self._ending.is_set() and self._voice.is_ours()

    def _is_in_charge(self) -> bool:
        """The same, or it was until the database went away."""
        return self._speaks() or (self._voice.was_ours and not self._ending.is_set())

    async def _follow(self) -> None:
        """Whoever edits the configuration need not tell that."""
        await self._watch.follow(self._reloading.set)

    def _fetcher_for(self, settings: Settings) -> Fetcher:
        return fetcher_for(settings, self._clock, store=self._store, traffic=self._meters.traffic)

    def _polling(self, offload: Offload) -> contextlib.AbstractAsyncContextManager[Polling]:
        poller = poller_for(self._settings, self._door.fetcher, self._store, offload, self._clock, pushes=self.subscriptions)
        concurrency = self._settings.fetch.concurrency
        if not self._store.is_shared:
            return contextlib.nullcontext(Rounds(self._store, poller, concurrency=concurrency, report=self._heard, clock=self._clock))
        from aggregator.run.cluster import Cluster

        address = self._settings.database
        return Cluster(self._store, address, poller, polls=self._polls, concurrency=concurrency, report=self._heard, clock=self._clock)

    async def _keep_ticking(self, rounds: Polling) -> None:
        """By the clock that nobody sets. A scheduler that plans by the time of day stands still for as long as that is set back."""
        while True:
            try:
                await self._tick(rounds)
            except Exception:  # noqa: BLE001 - a fault of ours, told; it must not end all polling
                _log.exception("a tick broke: please report this")
            self._systemd.alive()
            self._systemd.status(self._summary())
            await asyncio.sleep(TICK.total_seconds())

    def _summary(self) -> str:
        """In a line, for whoever asks systemd."""
        problem = self._looking.problem or self._storing.problem
        if problem is not None:
            return problem
        if self._wrong is not None:
            return f"an older configuration is in force: {self._wrong}"
        return "no source can be reached" if self._offline else f"watching {counted(len(self._settings.sources), 'source')}"

    async def _tick(self, rounds: Polling) -> None:
        try:
            async with self._changing:
                await rounds.tick()
            await self._judge()
            if self._happened:
                noted = tuple(self._happened)
                await asyncio.to_thread(self._store.note, *noted)
                del self._happened[: len(noted)]
        except (StoreError, WrongClock) as error:
            self._looking.met(error.message, error.remedy)
            return
        self._looking.over()
        self._last_tick = self._clock()

    async def _until_asked(self, rounds: Polling, offload: Offload) -> None:
        ending = asyncio.create_task(self._ending.wait())
        while not self._ending.is_set():
            reloading = asyncio.create_task(self._reloading.wait())
            await asyncio.wait({ending, reloading}, return_when=asyncio.FIRST_COMPLETED)
            reloading.cancel()
            if self._reloading.is_set() and not self._ending.is_set():
                self._reloading.clear()
                self._systemd.reloading()
                await self._read_again(rounds, offload)
                self._systemd.ready(self._summary())
        ending.cancel()

    async def _read_again(self, rounds: Polling, offload: Offload) -> None:
        """Take over the configuration as it is now; where it is wrong, say so and stay with the last good one."""
        try:
            await asyncio.to_thread(self._watch.take)
            settings = await asyncio.to_thread(self._reload)
            await asyncio.to_thread(self._resolved, settings)
            await asyncio.to_thread(self._tell_retaken, settings)
            async with self._changing:
                await asyncio.to_thread(self._store.sync, settings.sources.values(), of=settings.universities.values(), now=self._clock())
                await self._take(settings, rounds, offload)
            await asyncio.to_thread(self._tell_doubts, settings)
        except ConfigError as error:
            self._wrong = error.message
            self._note("misconfigured", f"an older configuration is in force: {error.message}", error.remedy)
            _log.error("the new configuration is wrong: staying with the last good one", problems="; ".join(map(str, error.problems)))
            return
        except StoreError as error:
            _log.error("the new configuration cannot be stored: staying with the last good one", problem=error.message)
            return
        _log.info("configuration read again", sources=len(settings.sources), feeds=len(settings.feeds))

    def _tell_doubts(self, settings: Settings) -> None:
        for problem in self._resolved(settings):
            _log.warning("a query names a university that is not configured", problem=str(problem))

    def _tell_retaken(self, settings: Settings) -> None:
        """Before the configuration is stored: then the ids are theirs."""
        for problem in retaken(settings, self._store.resting()):
            _log.warning("a university is given the id of another one", problem=str(problem))

    def _resolved(self, settings: Settings) -> Sequence[Problem]:
        """Raises ConfigError where a query names what was never known; nothing is asked where none does."""
        return resolve(settings.doubts, self._store.former()) if settings.doubts else ()

    async def _take(self, settings: Settings, rounds: Polling, offload: Offload) -> None:
        for name in ("host", "port", "database", "log"):
            if getattr(settings, name) != getattr(self._settings, name):
                _log.warning("takes effect after a restart", setting=name)
        if settings.fetch != self._settings.fetch:
            await self._door.replace(self._fetcher_for(settings), rounds.poller.rested, self.subscriptions.rested)
        rounds.poller = poller_for(settings, self._door.fetcher, self._store, offload, self._clock, pushes=self.subscriptions)
        self.subscriptions.take(settings, self._door.fetcher)
        self._settings = settings
        self._awake = _awake(settings)
        if self._wrong is not None:
            self._note("configured", "the configuration is in force again")
        self._wrong = None
        self._unreached.clear()
        self._changed(settings)


def _awake(settings: Settings) -> int:
    """How many sources are polled, or 1: nobody hears of those that are paused."""
    return sum(not each.paused for each in settings.sources.values()) or 1


@contextlib.contextmanager
def signals(ending: asyncio.Event, reloading: asyncio.Event) -> Iterator[None]:
    loop = asyncio.get_running_loop()
    wanted = {signal.SIGTERM: ending, signal.SIGINT: ending, signal.SIGHUP: reloading}
    for number, event in wanted.items():
        loop.add_signal_handler(number, event.set)
    try:
        yield
    finally:
        for number in wanted:
            loop.remove_signal_handler(number)
