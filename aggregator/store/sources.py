"""What is known of each source between its polls: who is configured, who polls it, when it is its turn."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any, get_args

from sqlalchemy import BigInteger, Connection, and_, case, delete, func, insert, literal, not_, or_, select, type_coerce, update

from aggregator import __version__
from aggregator.model import Departed, Source, SourceState, State, Survey, University, Watched
from aggregator.store import revisions, rows, succession
from aggregator.store.database import Database, chunks
from aggregator.store.tables import Instant, articles, heirs, settings, sources, subscriptions, universities

_SKEW = timedelta(minutes=5)
"""By which clocks may differ, or be corrected, without anything having happened."""
_READER = int.from_bytes(blake2b(__version__.encode(), digest_size=6).digest(), "big")
"""The version of this program as a number: what it reads, another may read differently."""
_UNKNOWN: Mapping[str, Any] = {"active": True, "gone": False, "failures": 0, "articles": 0, "agreed": 0}

_STATE = case(
    (and_(sources.c.next_poll.is_(None), not_(sources.c.gone)), "paused"),
    (sources.c.gone, "gone"),
    (sources.c.profile["suspicion"].as_string().is_not(None), "review"),
    (sources.c.failures > 0, "failing"),
    (sources.c.profile["silent"].as_string().is_not(None), "silent"),
    (sources.c.last_success.is_not(None), "ok"),
    else_="new",
).label("state")
"""``SourceState.state``, where all are counted. A test holds the two against each other."""


class Sources(Database):
    """The configured ones and those that rest; claims on them; how they do."""

    def sync(self, configured: Iterable[Source], *, now: datetime, of: Iterable[University] = ()) -> None:
        """Make the rows of sources follow the configuration. New ones are due now; one that moved or is read differently is due and forgets its
        validators, after the poll under way as well, but owes the article pages that it owed; those no longer configured keep their row and their articles, and rest.
        How they and their universities, which are among ``of``, are called is remembered. Those that are paused keep everything, and are planned for no time.

        A new one at the address of one that is no longer configured is that one, with all that it has brought; and what a source has brought is its university's.

        Where another version of this program was here before, all forget their validators: each is read anew once, when it is its turn.
        """
        wanted = {source.id: source for source in configured}
        self._follow(wanted)
        with self._writing("sources") as connection:
            held = {row.id: row for row in connection.execute(select(sources.c.id, sources.c.digest, sources.c.active, sources.c.title))}
            changed = [
                {"key": id, **rows.configured(source), "next_poll": now}
                for id, source in wanted.items()
                if id in held and held[id].digest != rows.digest(source)
            ]
            resting = [id for id, row in held.items() if row.active and id not in wanted]
            back = [id for id, row in held.items() if not row.active and id in wanted]
            for ids in chunks([id for id in wanted if id not in held]):
                fresh = [{"id": id, **rows.configured(wanted[id]), **_UNKNOWN, "next_poll": now} for id in ids]
                connection.execute(insert(sources), fresh)
            for values in changed:
                key = values.pop("key")
                forgotten = {
                    "etag": None,
                    "last_modified": None,
                    "body_hash": None,
                    "moved": None,
                    "moving": None,
                    "agreed": 0,
                    "hints": None,
                    "profile": None,
                    "lease_owner": None,
                    "gone": False,
                    "failures": 0,
                    "problem": None,
                    "remedy": None,
                }
                connection.execute(update(sources).where(sources.c.id == key).values(**values, **forgotten))
            for ids, active in ((resting, False), (back, True)):
                for chunk in chunks(ids):
                    connection.execute(update(sources).where(sources.c.id.in_(chunk)).values(active=active))
            self._pause(connection, wanted, now)
            for id, row in held.items():
                if id in wanted and wanted[id].title != row.title:
                    connection.execute(update(sources).where(sources.c.id == id).values(title=wanted[id].title))
            self._remember(connection, wanted, of)
            if connection.scalar(select(settings.c.value).where(settings.c.name == "reader")) != _READER:
                connection.execute(update(sources).values(etag=None, last_modified=None, body_hash=None))
                connection.execute(self._dialect.upsert(settings, keys=["name"], update=["value"]), [{"name": "reader", "value": _READER}])

    def _follow(self, wanted: Mapping[str, Source]) -> None:
        with self._reading() as connection:
            found = succession.find(connection, wanted)
        if not found.renamed and not found.moved and not found.departed:
            return
        with self._writing("articles") as connection:
            self._dialect.take_turn(connection, "sources")
            succession.follow(connection, succession.find(connection, wanted))

    @staticmethod
    def _pause(connection: Connection, wanted: Mapping[str, Source], now: datetime) -> None:
        """Who has no next poll, and is not gone, is paused: no poll that ends then plans another."""
        waiting = and_(sources.c.active, sources.c.next_poll.is_(None), not_(sources.c.gone))
        resumed = [id for id in connection.scalars(select(sources.c.id).where(waiting)) if not wanted[id].paused]
        for chunk in chunks([id for id, source in wanted.items() if source.paused]):
            planned = and_(sources.c.id.in_(chunk), sources.c.next_poll.is_not(None))
            connection.execute(update(sources).where(planned).values(next_poll=None))
        for chunk in chunks(resumed):
            connection.execute(update(sources).where(sources.c.id.in_(chunk)).values(next_poll=now))

    def _remember(self, connection: Connection, wanted: Mapping[str, Source], of: Iterable[University]) -> None:
        polled = {source.university for source in wanted.values()}
        for returned in polled & set(connection.scalars(select(heirs.c.university))):
            connection.execute(delete(heirs).where(heirs.c.university == returned))
        named = {each.id: rows.named(each) for each in of if each.id in polled}
        held = {row.id: row._asdict() for row in connection.execute(select(universities))}
        changed = [values for id, values in named.items() if held.get(id) != values]
        if changed:
            connection.execute(self._dialect.upsert(universities, keys=["id"], update=["name", "names", "country"]), changed)

    def departed(self, configured: Collection[str]) -> Departed:
        """All but the ``configured`` sources that have brought articles, and whose they were."""
        kept = select(sources.c.id, sources.c.url, sources.c.title, sources.c.university).where(sources.c.articles > 0)
        with self._reading() as connection:
            left = [
                Source(row.id, row.url, title=row.title, university=row.university)
                for row in connection.execute(kept)
                if row.id not in configured
            ]
            whose = sorted({source.university for source in left if source.university})
            found = {each: University(each, each) for each in whose}
            for chunk in chunks(whose):
                known = connection.execute(select(universities).where(universities.c.id.in_(chunk)))
                found |= {row.id: University(**row._asdict()) for row in known}
        return Departed(found, {source.id: source for source in left}, self.former())

    def former(self) -> Mapping[str, University]:
        """Every university that was ever polled, by the id that it had: as it was called then, and under the id of who carries it on now."""
        with self._reading() as connection:
            led = {row.university: row.heir for row in connection.execute(select(heirs))}
            named = [University(**row._asdict()) for row in connection.execute(select(universities))]
        known = {id: University(id, id) for id in led} | {each.id: each for each in named}
        return {id: replace(each, id=_last(id, led)) for id, each in known.items()}

    def resting(self) -> Mapping[str, University]:
        """Of ``former`` those of which nothing is polled, as far as ``sync`` was told."""
        with self._reading() as connection:
            polled = set(connection.scalars(select(sources.c.university).where(sources.c.active).distinct()))
        return {id: each for id, each in self.former().items() if id not in polled}

    def claim(
        self,
        *,
        now: datetime,
        limit: int,
        owner: str,
        lease: timedelta,
        only: Collection[str] | None = None,
        untouched_since: datetime | None = None,
        due_by: datetime | None = None,
    ) -> tuple[SourceState, ...]:
        """Take up to ``limit`` due sources for ``owner``, those never polled first, then the longest waiting, one of each host, none of a host that somebody polls.

        Due is what should have been polled before ``due_by``, by default ``now``. With ``untouched_since`` all that were not polled since then count as due, but for those that are gone or paused; with ``only``, these at most, whatever they are.
        A claim ends with ``apply``, ``release``, or by itself when ``lease`` is over.
        """
        free = (
            func.coalesce(sources.c.lease_until, literal(now, Instant)) <= now
        )  # not as an OR, which would have SQLite read each row by way of two indices
        if untouched_since is None:
            due = sources.c.next_poll <= (due_by or now)
        else:
            due = or_(sources.c.last_poll.is_(None), sources.c.last_poll < untouched_since)
            due = and_(due, sources.c.next_poll.is_not(None)) if only is None else due
        if only is not None:
            due = and_(due, sources.c.id.in_(sorted(only)))
        busy = select(sources.c.host).where(sources.c.lease_until > now)
        polled = sources.c.last_poll.is_not(None).label("polled")
        wanted = select(sources.c.id, polled, sources.c.next_poll).where(sources.c.active, free, due, sources.c.host.not_in(busy))
        queue = self._dialect.first_of_each(sources.c.host, wanted, order=(polled, sources.c.next_poll)).subquery()
        with self._writing("sources") as connection:
            ids = list(connection.scalars(select(queue.c.id).order_by(queue.c.polled, queue.c.next_poll, queue.c.id).limit(limit)))
            if not ids:
                return ()
            taken = update(sources).where(sources.c.id.in_(ids)).values(lease_until=now + lease, lease_owner=owner).returning(sources)
            found = connection.execute(taken).all()
        claimed = {state.source: state for state in map(rows.state, found)}
        return tuple(claimed[id] for id in ids)

    def take_over(self, source: str, *, holder: str, owner: str, now: datetime, lease: timedelta) -> SourceState | None:
        """Hand the claim that ``holder`` has on ``source`` to ``owner``; None where ``holder`` has none (any more)."""
        held = and_(sources.c.id == source, sources.c.active, sources.c.lease_owner == holder)
        with self._writing("sources") as connection:
            if not connection.execute(update(sources).where(held).values(lease_owner=owner, lease_until=now + lease)).rowcount:
                return None
            return rows.state(connection.execute(select(sources).where(sources.c.id == source)).one())

    def release(self, *, owner: str, only: Collection[str] | None = None, due: datetime | None = None) -> int:
        """Give back what ``owner`` holds, or ``only`` these: it died, or it stops. None is due before ``due``. Returns how many that were."""
        held = sources.c.lease_owner == owner if only is None else and_(sources.c.lease_owner == owner, sources.c.id.in_(sorted(only)))
        with self._writing("sources") as connection:
            if due is not None:
                early = sources.c.next_poll < due  # one that is gone has none, and gets none
                connection.execute(update(sources).where(held, early).values(next_poll=due))
            return connection.execute(update(sources).where(held).values(lease_until=None, lease_owner=None)).rowcount

    def replan(self, *, now: datetime, horizon: timedelta) -> int:
        """Make due what a clock that has been set back since would leave waiting: what was polled well after ``now``, and what is planned later than
        ``horizon`` from now. A source that fails keeps its turn within that: its server may have asked for it. Returns how many sources that are.
        """
        ahead = and_(sources.c.last_poll > now + _SKEW, sources.c.failures == 0)
        waiting = and_(sources.c.active, sources.c.next_poll > now, or_(ahead, sources.c.next_poll > now + horizon))
        with self._writing("sources") as connection:
            return connection.execute(update(sources).where(waiting).values(next_poll=now)).rowcount

    def owners(self) -> tuple[str, ...]:
        """Who holds claims."""
        with self._reading() as connection:
            return tuple(connection.scalars(select(sources.c.lease_owner).where(sources.c.lease_owner.is_not(None)).distinct()))

    def states(self) -> tuple[SourceState, ...]:
        """Every source that is configured, by id."""
        with self._reading() as connection:
            return tuple(rows.state(row) for row in connection.execute(select(sources).where(sources.c.active).order_by(sources.c.id)))

    def all_fail(self, *, at_least: int) -> bool:
        """Whether each source that was ever polled has failed the last time, by whatever machine; False of less than ``at_least``."""
        polled = and_(sources.c.active, not_(sources.c.gone), sources.c.last_poll.is_not(None))
        with self._reading() as connection:
            count, fewest = connection.execute(select(func.count(), func.min(sources.c.failures)).where(polled)).one()
        return bool(count >= at_least and fewest > 0)

    def survey(self, *, now: datetime, most: int) -> Survey:
        """All sources at one look; ``most`` of them by name."""
        here = sources.c.active
        due = and_(
            here, not_(sources.c.gone), sources.c.next_poll <= now, or_(sources.c.lease_until.is_(None), sources.c.lease_until <= now)
        )
        worst = (sources.c.failures.desc(), func.coalesce(type_coerce(sources.c.last_success, BigInteger), 0), sources.c.id)
        asked = select(subscriptions.c.state, func.count()).join(sources, sources.c.id == subscriptions.c.source).where(here)
        with self._reading() as connection:
            states = connection.execute(select(_STATE, func.count()).where(here).group_by(_STATE)).all()
            pushing = connection.execute(asked.group_by(subscriptions.c.state)).all()
            waiting, oldest = connection.execute(select(func.count(), func.min(sources.c.next_poll)).where(due)).one()
            named = select(sources.c.id, sources.c.failures, sources.c.last_success)
            named = named.where(here, or_(sources.c.next_poll.is_not(None), sources.c.gone)).order_by(*worst).limit(most)
            return Survey(
                states=dict.fromkeys(get_args(State), 0) | dict(states),
                subscriptions=dict.fromkeys(("asked", "active", "refused"), 0) | dict(pushing),
                due=waiting,
                oldest_due=oldest,
                articles=connection.scalar(select(func.count()).select_from(articles)) or 0,
                revision=revisions.current(connection),
                watched=tuple(Watched(*row) for row in connection.execute(named)),
            )

    def decide(self, state: SourceState, *, now: datetime) -> None:
        """Keep what the operator has decided about a source: it is due, unless it is paused, and read anew, after the poll under way as well."""
        due = None if state.paused else now
        decided = {**rows.values(state), "etag": None, "last_modified": None, "body_hash": None, "lease_owner": None, "next_poll": due}
        with self._writing("sources") as connection:
            connection.execute(update(sources).where(sources.c.id == state.source).values(**decided))

    def hasten(self, source: str, *, now: datetime) -> bool:
        """Make a source due now, whatever its server has asked for, and read it anew; one that is gone as well. False where there is none, or it is paused."""
        wanted = and_(sources.c.id == source, sources.c.active, or_(sources.c.next_poll.is_not(None), sources.c.gone))
        fresh = {"next_poll": now, "gone": False, "etag": None, "last_modified": None, "body_hash": None}
        with self._writing("sources") as connection:
            return bool(connection.execute(update(sources).where(wanted).values(**fresh)).rowcount)


def _last(id: str, led: Mapping[str, str]) -> str:
    """At the end of the line: who carries on may have been carried on as well."""
    while id in led:
        id = led[id]
    return id
