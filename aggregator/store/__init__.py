"""The only database code: what is known of sources, and every article. One poll is one transaction.

    Store.open(url) ─▶ sync(sources) · claim(…) ─▶ … one poll … ─▶ apply(changes)
                       articles(query) · article(id) · states() · revision()

What differs between databases stands in modules of their own (``sqlite.py``, ``postgres.py``); their functions are the whole of that seam.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from secrets import token_bytes
from types import ModuleType
from typing import Any, Literal, Self

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    and_,
    bindparam,
    case,
    delete,
    false,
    func,
    insert,
    not_,
    or_,
    select,
    type_coerce,
    update,
)
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from aggregator import __version__
from aggregator.errors import DamagedDatabase, StoreError
from aggregator.model import Article, Changes, Event, Known, Report, Robots, Source, SourceState, Subscriber, Subscription, Survey, Watched
from aggregator.query import Everything, Query
from aggregator.store import migrate, rows, stories
from aggregator.store.conditions import condition
from aggregator.store.tables import (
    Instant,
    articles,
    events,
    identities,
    leavers,
    mentions,
    robots,
    secrets,
    settings,
    sources,
    subscribers,
    subscriptions,
    turns,
)

_ALL = Everything()
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CHUNK = 400
"""Values in one IN (…): every database takes as many."""
_SKEW = timedelta(minutes=5)
"""By which clocks may differ, or be corrected, without anything having happened."""
_READER = int.from_bytes(blake2b(__version__.encode(), digest_size=6).digest(), "big")
"""The version of this program as a number: what it reads, another may read differently."""
_REMEMBERED = 3_000
"""Keys of a source that a poll is told of; older ones are still found by ``lookup`` and ``apply``."""
_LATEST = 300
"""Articles of a source that a doubtful reading is compared with."""
_SEEN = ("id", "title", "url", "source", "university", "first_seen", "published")


class Store:
    """Thread-safe; every method is one transaction. Raises StoreError, and its kinds, only."""

    def __init__(self, engine: Engine, dialect: ModuleType, name: str) -> None:
        self._engine = engine
        self._dialect = dialect
        self.name = name
        """The database as people may see it, without a password."""
        self._damage: DamagedDatabase | None = None
        """Once seen, nothing more is written: it could only make the damage worse."""

    @classmethod
    def open(cls, url: str) -> Self:
        """Connect, make or migrate the tables. Raises ForeignDatabase or NewerDatabase before anything is touched. Of a SQLite file whose tables are of an
        older version a copy is kept beside it.
        """
        try:
            parsed = make_url(url)
        except ArgumentError as error:
            raise StoreError(f"{url!r} is no database address", remedy="for example sqlite:///data/aggregator.db") from error
        dialect = _dialect(parsed.get_backend_name())
        store = cls(dialect.engine(parsed), dialect, parsed.render_as_string(hide_password=True))
        with store._writing() as connection:
            dialect.check_ours(connection, store.name)
            old = migrate.outdated(connection)
        if old is not None:
            with store._failures():
                dialect.keep_copy(store._engine, f"before-{migrate.HEAD}")
        with store._writing() as connection:
            dialect.take_turn(connection, "schema")
            migrate.upgrade(connection, store.name)
        return store

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- sources ---------------------------------------------------------------------------------------------------------------

    def sync(self, configured: Iterable[Source], *, now: datetime) -> None:
        """Make the rows of sources follow the configuration. New ones are due now; one that moved or is read differently is due and forgets its
        validators, after the poll under way as well; those no longer configured keep their row and their articles, and rest.

        Where another version of this program was here before, all forget their validators: each is read anew once, when it is its turn.
        """
        wanted = {source.id: source for source in configured}
        with self._writing("sources") as connection:
            held = {row.id: row for row in connection.execute(select(sources.c.id, sources.c.digest, sources.c.active))}
            changed = [
                {"key": id, **rows.configured(source), "next_poll": now}
                for id, source in wanted.items()
                if id in held and held[id].digest != rows.digest(source)
            ]
            fresh = [{"id": id, **rows.configured(source), **_UNKNOWN, "next_poll": now} for id, source in wanted.items() if id not in held]
            resting = [id for id, row in held.items() if row.active and id not in wanted]
            back = [id for id, row in held.items() if not row.active and id in wanted]
            if fresh:
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
                for chunk in _chunks(ids):
                    connection.execute(update(sources).where(sources.c.id.in_(chunk)).values(active=active))
            if connection.scalar(select(settings.c.value).where(settings.c.name == "reader")) != _READER:
                connection.execute(update(sources).values(etag=None, last_modified=None, body_hash=None))
                connection.execute(self._dialect.upsert(settings, keys=["name"], update=["value"]), [{"name": "reader", "value": _READER}])

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

        Due is what should have been polled before ``due_by``, by default ``now``. With ``untouched_since`` all that were not polled since then count as due, but for those that are gone; with ``only``, these at most, gone or not.
        A claim ends with ``apply``, ``release``, or by itself when ``lease`` is over.
        """
        free = or_(sources.c.lease_until.is_(None), sources.c.lease_until <= now)
        if untouched_since is None:
            due = sources.c.next_poll <= (due_by or now)
        else:
            due = or_(sources.c.last_poll.is_(None), sources.c.last_poll < untouched_since)
            due = and_(due, not_(sources.c.gone)) if only is None else due
        if only is not None:
            due = and_(due, sources.c.id.in_(sorted(only)))
        busy = select(sources.c.host).where(sources.c.lease_until > now)
        polled = sources.c.last_poll.is_not(None).label("polled")
        turn = func.row_number().over(partition_by=sources.c.host, order_by=(polled, sources.c.next_poll, sources.c.id)).label("turn")
        wanted = (sources.c.active, free, due, sources.c.host.not_in(busy))
        queue = select(sources.c.id, sources.c.next_poll, polled, turn).where(*wanted).subquery()
        with self._writing("sources") as connection:
            first = select(queue.c.id).where(queue.c.turn == 1).order_by(queue.c.polled, queue.c.next_poll, queue.c.id).limit(limit)
            ids = list(connection.scalars(first))
            if not ids:
                return ()
            connection.execute(update(sources).where(sources.c.id.in_(ids)).values(lease_until=now + lease, lease_owner=owner))
            claimed = {row.id: row for row in connection.execute(select(sources).where(sources.c.id.in_(ids)))}
        return tuple(rows.state(claimed[id]) for id in ids)

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
            named = select(sources.c.id, sources.c.failures, sources.c.last_success).where(here).order_by(*worst).limit(most)
            return Survey(
                states=dict.fromkeys(("new", "ok", "failing", "gone"), 0) | dict(states),
                subscriptions=dict.fromkeys(("asked", "active", "refused"), 0) | dict(pushing),
                due=waiting,
                oldest_due=oldest,
                articles=connection.scalar(select(func.count()).select_from(articles)) or 0,
                revision=self.revision(connection),
                watched=tuple(Watched(*row) for row in connection.execute(named)),
            )

    @property
    def is_shared(self) -> bool:
        """Whether programs on several machines may work with it."""
        return self._engine.dialect.name == "postgresql"

    def take_turn(self, host: str, *, holder: str, longest: timedelta) -> timedelta | None:
        """Take the turn at ``host`` for ``holder``, until it is given back or ``longest`` is over: None. Else how long the turn of another, and the pause
        after it, lasts at most. By the clock of the database, so that machines whose clocks differ agree.
        """
        clock = self._dialect.clock()
        mine = {"holder": holder, "until": clock + _microseconds(longest)}
        with self._writing() as connection:
            if connection.execute(update(turns).where(turns.c.host == host, turns.c.until <= clock).values(mine)).rowcount:
                return None
            first = self._dialect.insert(turns).values(host=host, **mine).on_conflict_do_nothing().returning(turns.c.host)
            if connection.execute(first).first() is not None:
                return None
            left = connection.scalar(select(type_coerce(turns.c.until, BigInteger) - clock).where(turns.c.host == host)) or 0
        return timedelta(microseconds=max(0, left))

    def end_turn(self, host: str, *, holder: str, pause: timedelta) -> None:
        """Give the turn back; nobody may ask the host for the length of ``pause``."""
        mine = and_(turns.c.host == host, turns.c.holder == holder)
        with self._writing() as connection:
            connection.execute(update(turns).where(mine).values(until=self._dialect.clock() + _microseconds(pause)))

    def forget_turns(self) -> int:
        """Drop what is over."""
        with self._writing() as connection:
            return connection.execute(delete(turns).where(turns.c.until < self._dialect.clock())).rowcount

    # --- what other sites ask of us ----------------------------------------------------------------------------------------------

    def robots(self, origin: str) -> Robots | None:
        """What robots.txt of ``origin`` said when it was last fetched; None: never fetched."""
        with self._reading() as connection:
            row = connection.execute(select(robots).where(robots.c.origin == origin)).first()
        return None if row is None else Robots(**row._asdict())

    def keep_robots(self, found: Robots) -> None:
        with self._writing() as connection:
            connection.execute(self._dialect.upsert(robots, keys=["origin"], update=_ROBOTS), [asdict(found)])

    def forget_robots(self, *, before: datetime) -> int:
        """Drop what should have been asked for again ``before``, and was not. Returns how many origins that were."""
        with self._writing() as connection:
            return connection.execute(delete(robots).where(robots.c.until < before)).rowcount

    def subscriptions(self, *, configured: bool = True) -> tuple[Subscription, ...]:
        """Of sources that are ``configured``, or of all that ever were, by id of the source."""
        wanted = select(subscriptions)
        if configured:
            wanted = wanted.join(sources, sources.c.id == subscriptions.c.source).where(sources.c.active)
        with self._reading() as connection:
            return tuple(Subscription(**row._asdict()) for row in connection.execute(wanted.order_by(subscriptions.c.source)))

    def subscription(self, source: str) -> Subscription | None:
        with self._reading() as connection:
            row = connection.execute(select(subscriptions).where(subscriptions.c.source == source)).first()
        return None if row is None else Subscription(**row._asdict())

    def keep_subscription(self, subscription: Subscription) -> None:
        with self._writing() as connection:
            connection.execute(self._dialect.upsert(subscriptions, keys=["source"], update=_SUBSCRIPTION), [asdict(subscription)])

    def ring(self, subscription: Subscription, *, due: datetime) -> None:
        """Keep a ``subscription`` that was pushed, and make its source due at ``due`` where it is planned later. A source that fails keeps its turn: its
        server may have asked for it.
        """
        waiting = and_(sources.c.id == subscription.source, sources.c.failures == 0, not_(sources.c.gone), sources.c.next_poll > due)
        with self._writing() as connection:
            connection.execute(self._dialect.upsert(subscriptions, keys=["source"], update=_SUBSCRIPTION), [asdict(subscription)])
            connection.execute(update(sources).where(waiting).values(next_poll=due))

    def drop_subscription(self, source: str) -> None:
        with self._writing() as connection:
            connection.execute(delete(subscriptions).where(subscriptions.c.source == source))

    # --- who subscribes to us ----------------------------------------------------------------------------------------------------

    def subscribers(self) -> tuple[Subscriber, ...]:
        """Everybody who subscribed at our hub."""
        with self._reading() as connection:
            return tuple(rows.subscriber(row) for row in connection.execute(select(subscribers).order_by(subscribers.c.key)))

    def keep_subscribers(self, *changed: Subscriber) -> None:
        with self._writing() as connection:
            connection.execute(
                self._dialect.upsert(subscribers, keys=["key"], update=_SUBSCRIBER),
                [asdict(each) | {"key": rows.key(each)} for each in changed],
            )

    def drop_subscribers(self, *gone: Subscriber) -> None:
        with self._writing() as connection:
            for chunk in _chunks([rows.key(each) for each in gone]):
                connection.execute(delete(subscribers).where(subscribers.c.key.in_(chunk)))

    def pinged(self) -> int | None:
        """The revision that another hub was last told of; None: never."""
        with self._reading() as connection:
            return connection.scalar(select(settings.c.value).where(settings.c.name == "pinged"))

    def keep_pinged(self, revision: int) -> None:
        with self._writing() as connection:
            connection.execute(self._dialect.upsert(settings, keys=["name"], update=["value"]), [{"name": "pinged", "value": revision}])

    # --- one poll --------------------------------------------------------------------------------------------------------------

    def known(self, source: str) -> dict[bytes, Known]:
        """What ``source`` has shown before: the latest keys, at most a few thousand."""
        query = (
            select(identities.c.key, identities.c.article, identities.c.fingerprint)
            .where(identities.c.source == source)
            .order_by(identities.c.number.desc())
            .limit(_REMEMBERED)
        )
        with self._reading() as connection:
            return {row.key: Known(row.article, row.fingerprint) for row in connection.execute(query)}

    def lookup(self, keys: Iterable[bytes]) -> dict[bytes, str]:
        """Which of ``keys`` any source has shown: key → id of the article."""
        with self._reading() as connection:
            return self._lookup(connection, keys)

    def by_id(self, ids: Iterable[str]) -> dict[str, Article]:
        found: dict[str, Article] = {}
        with self._reading() as connection:
            for chunk in _chunks(sorted(set(ids))):
                found |= {row.id: rows.article(row) for row in connection.execute(select(articles).where(articles.c.id.in_(chunk)))}
        return found

    def latest(self, source: str) -> tuple[Article, ...]:
        """What ``source`` has shown last, newest first: titles, addresses and dates only."""
        shown = select(identities.c.article).where(identities.c.source == source).order_by(identities.c.number.desc()).limit(2 * _LATEST)
        query = (
            select(*(articles.c[name] for name in _SEEN))
            .where(articles.c.id.in_(shown.subquery().select()))
            .order_by(articles.c.number.desc())
            .limit(_LATEST)
        )
        with self._reading() as connection:
            return tuple(Article(**row._asdict()) for row in connection.execute(query))

    def decide(self, state: SourceState, *, now: datetime) -> None:
        """Keep what the operator has decided about a source: it is due, and read anew, after the poll under way as well."""
        decided = {**rows.values(state), "etag": None, "last_modified": None, "body_hash": None, "lease_owner": None, "next_poll": now}
        with self._writing("sources") as connection:
            connection.execute(update(sources).where(sources.c.id == state.source).values(**decided))

    def apply(self, *polls: Changes) -> tuple[int, ...]:
        """Write what each of ``polls`` brought and give its claim back; all of them in one transaction, so all or nothing.

        An article that some source has already shown is not stored again. Returns how many articles each of them added. Where somebody else has claimed the
        source meanwhile, because the lease was over, its state is left to them.
        """
        brings = any(changes.keys or changes.revised for changes in polls)
        with self._writing("articles" if brings else None) as connection:
            states: list[dict[str, Any]] = []
            for changes in polls:
                added = self._insert(connection, changes) if changes.keys else 0
                if changes.revised:
                    self._revise(connection, changes.revised)
                if added or changes.revised:
                    self._bump(connection)
                states.append({"key": changes.state.source, "by": changes.state.owner, "added": added, **rows.values(changes.state)})
            happened = [event for changes in polls for event in changes.events]
            if happened:
                connection.execute(insert(events), [_event(event) for event in happened])
            connection.execute(_ENDED, sorted(states, key=lambda state: state["key"]))  # in one order everywhere: nobody waits in a circle
        return tuple(state["added"] for state in states)

    def catch_up(self, *, limit: int) -> int:
        """Look for copies and stories among articles that an older version has stored. Returns how many were looked at; 0: all are."""
        with self._writing("articles") as connection:
            seen = stories.catch_up(connection, limit)
            if seen:
                self._bump(connection)
            return seen

    def _insert(self, connection: Connection, changes: Changes) -> int:
        held = self._lookup(connection, changes.keys)
        aliases = {known.article: held[key] for key, known in changes.keys.items() if key in held}
        ids = {article.id for article in changes.new if article.id not in aliases}
        taken = set(connection.scalars(select(articles.c.id).where(articles.c.id.in_(ids)))) if ids else set()
        fresh = [article for article in changes.new if article.id in ids - taken]
        newest = connection.scalar(select(func.max(articles.c.number))) or 0
        if fresh:
            number = newest + 1
            revision = self.revision(connection) + 1
            # Oldest of the page first, so that "stored later" and "newer" agree where dates do not decide.
            stored = [
                rows.columns(article) | {"number": number + place, "revision": revision} for place, article in enumerate(reversed(fresh))
            ]
            connection.execute(insert(articles), stored)
            self._tag(connection, {row["number"]: article for row, article in zip(stored, reversed(fresh), strict=True)})
            self._dialect.add_to_search(connection, [rows.searched(row) for row in stored])
            stories.join(connection, [(number + place, article) for place, article in enumerate(reversed(fresh))])
        if aliases:
            # A source whose address changed is another source: what its predecessor brought goes over to it.
            resting = select(sources.c.id).where(not_(sources.c.active))
            adopted = update(articles).where(articles.c.id.in_(sorted(set(aliases.values()))), articles.c.source.in_(resting))
            connection.execute(adopted.values(source=changes.state.source))
        if changes.keys:
            met = [
                {
                    "key": key,
                    "source": changes.state.source,
                    "article": aliases.get(known.article, known.article),
                    "fingerprint": known.fingerprint,
                    "number": newest,
                }
                for key, known in changes.keys.items()
            ]
            connection.execute(self._dialect.upsert(identities, keys=["key", "source"], update=["article", "fingerprint"]), met)
        return len(fresh)

    def _revise(self, connection: Connection, revised: Sequence[Article]) -> None:
        revision = self.revision(connection) + 1
        for article in revised:
            old = connection.execute(select(*(articles.c[name] for name in rows.SEARCHED)).where(articles.c.id == article.id)).one()
            self._dialect.remove_from_search(connection, [rows.searched(old._asdict())])
            values = rows.columns(article)
            connection.execute(
                update(articles).where(articles.c.number == old.number).values(**values | {"named": False}, revision=revision)
            )
            self._dialect.add_to_search(connection, [rows.searched(values | {"number": old.number})])
            stories.rejoin(connection, old.number, article)

    def _tag(self, connection: Connection, numbered: Mapping[int, Article]) -> None:
        tags = [
            {"tag": tag, "article": number, "about": about}
            for number, article in numbered.items()
            for tag, about in rows.tags(article.mentions or ()).items()
        ]
        if tags:
            connection.execute(insert(mentions), tags)

    def _lookup(self, connection: Connection, keys: Iterable[bytes]) -> dict[bytes, str]:
        found: dict[bytes, str] = {}
        for chunk in _chunks(list(keys)):
            query = select(identities.c.key, identities.c.article).where(identities.c.key.in_(chunk))
            found |= {row.key: row.article for row in connection.execute(query)}
        return found

    def _bump(self, connection: Connection) -> None:
        changed = connection.execute(update(settings).where(settings.c.name == "revision").values(value=settings.c.value + 1)).rowcount
        if not changed:
            connection.execute(insert(settings).values(name="revision", value=1))

    # --- mentions ---------------------------------------------------------------------------------------------------------------

    def know(self, edition: int) -> bool:
        """Which ``edition`` of the gazetteer articles are looked through with. Where that is another than before, all are to be looked through again."""
        with self._writing() as connection:
            if connection.scalar(select(settings.c.value).where(settings.c.name == "gazetteer")) == edition:
                return False
            connection.execute(self._dialect.upsert(settings, keys=["name"], update=["value"]), [{"name": "gazetteer", "value": edition}])
            connection.execute(update(articles).where(articles.c.named).values(named=False))
        return True

    def unnamed(self, limit: int) -> tuple[Article, ...]:
        """The newest articles that are to be looked through for universities."""
        wanted = select(articles).where(not_(articles.c.named)).order_by(articles.c.number.desc()).limit(limit)
        with self._reading() as connection:
            return tuple(rows.article(row) for row in connection.execute(wanted))

    def keep_mentions(self, found: Iterable[Article]) -> int:
        """Keep the mentions of ``found``. Returns for how many they are others than before; only these are published anew."""
        changed = 0
        with self._writing("articles") as connection:
            for article in found:
                said = rows.columns(article)["mentions"]
                row = connection.execute(select(articles.c.number, articles.c.mentions).where(articles.c.id == article.id)).first()
                if row is None:
                    continue
                connection.execute(update(articles).where(articles.c.number == row.number).values(mentions=said, named=True))
                if row.mentions != said:
                    changed += bool(said or row.mentions)
                    connection.execute(delete(mentions).where(mentions.c.article == row.number))
                    self._tag(connection, {row.number: article})
            if changed:
                self._bump(connection)
        return changed

    # --- newsletters -----------------------------------------------------------------------------------------------------------

    def secret(self, name: str) -> bytes:
        """A key that stays the same for life, of 32 bytes."""
        wanted = select(secrets.c.value).where(secrets.c.name == name)
        with self._reading() as connection:
            held: bytes | None = connection.scalar(wanted)
        if held is not None:
            return held
        with self._writing() as connection:
            connection.execute(self._dialect.insert(secrets).values(name=name, value=token_bytes(32)).on_conflict_do_nothing())
            made: bytes = connection.scalars(wanted).one()
        return made

    def leave(self, newsletter: str, reader: str, *, now: datetime) -> None:
        with self._writing() as connection:
            connection.execute(self._dialect.insert(leavers).values(newsletter=newsletter, reader=reader, at=now).on_conflict_do_nothing())

    def left(self, newsletter: str) -> frozenset[str]:
        """Who has left it."""
        with self._reading() as connection:
            return frozenset(connection.scalars(select(leavers.c.reader).where(leavers.c.newsletter == newsletter)))

    # --- forgetting ------------------------------------------------------------------------------------------------------------

    def carriers(self) -> tuple[str, ...]:
        """Every source that articles are of, configured or not."""
        with self._reading() as connection:
            return tuple(connection.scalars(select(articles.c.source).distinct().order_by(articles.c.source)))

    def old_texts(self, source: str, *, before: datetime, at_least: int) -> int:
        """How many articles of ``source`` are older than that and still have their texts, beyond the newest ``at_least``."""
        with self._reading() as connection:
            return connection.scalar(select(func.count()).select_from(articles).where(self._old(connection, source, before, at_least))) or 0

    def forget_texts(self, source: str, *, before: datetime, at_least: int, limit: int) -> int:
        """Drop what makes up the size of up to ``limit`` of these articles: text, content, the story of each field. What is left is a card that keeps its
        id, address, title, summary and place in every archive; for subscribers nothing has changed. Returns how many that were.
        """
        with self._writing("articles") as connection:
            wanted = select(articles).where(self._old(connection, source, before, at_least)).order_by(articles.c.at).limit(limit)
            held = [row._asdict() for row in connection.execute(wanted)]
            if held:
                cards = [row | _card(row, before) for row in held]
                self._dialect.remove_from_search(connection, [rows.searched(row) for row in held])
                changed = {name: bindparam(f"new_{name}", type_=articles.c[name].type) for name in _CARD}
                values = [{"key": card["number"], **{f"new_{name}": card[name] for name in _CARD}} for card in cards]
                connection.execute(update(articles).where(articles.c.number == bindparam("key")).values(changed), values)
                self._dialect.add_to_search(connection, [rows.searched(card) for card in cards])
        return len(held)

    def _old(self, connection: Connection, source: str, before: datetime, at_least: int) -> ColumnElement[bool]:
        mine = articles.c.source == source
        floor = select(articles.c.at).where(mine).order_by(articles.c.at.desc(), articles.c.id.desc()).offset(at_least - 1).limit(1)
        last_kept = connection.scalar(floor)
        if last_kept is None:
            return false()
        heavy = or_(articles.c.content.is_not(None), articles.c.text.is_not(None))
        return and_(mine, articles.c.at < before, articles.c.at < last_kept, heavy)

    def give_back(self) -> None:
        """Hand some of the room that nothing uses any more back to the file system, where the database does not do that by itself."""
        with self._failures():
            self._dialect.give_back(self._engine)

    def compact(self) -> None:
        """Write the database anew, as small as it can be. Takes as much room again while it lasts; nobody can write meanwhile."""
        with self._failures():
            self._dialect.compact(self._engine)

    # --- telling the operator --------------------------------------------------------------------------------------------------

    def note(self, *happened: Event) -> None:
        """Keep what happened outside of polls."""
        if happened:
            with self._writing() as connection:
                connection.execute(insert(events), [_event(event) for event in happened])

    def events(self, *, limit: int, since: datetime | None = None, until: datetime | None = None) -> tuple[Event, ...]:
        """The newest, newest first: those after ``since``, up to ``until``."""
        wanted = select(events).order_by(events.c.at.desc(), events.c.number.desc()).limit(limit)
        wanted = wanted if since is None else wanted.where(events.c.at > since)
        wanted = wanted if until is None else wanted.where(events.c.at <= until)
        with self._reading() as connection:
            return tuple(Event(**row._asdict()) for row in connection.execute(wanted))

    def forget_events(self, *, before: datetime) -> int:
        with self._writing() as connection:
            return connection.execute(delete(events).where(events.c.at < before)).rowcount

    def mark(self, name: str) -> datetime | None:
        """A moment that was kept under this name."""
        with self._reading() as connection:
            row = connection.execute(select(type_coerce(settings.c.value, Instant)).where(settings.c.name == f"mark:{name}")).first()
        return None if row is None else row[0]

    def keep_mark(self, name: str, moment: datetime) -> None:
        kept = {"name": f"mark:{name}", "value": (moment - _EPOCH) // timedelta(microseconds=1)}
        with self._writing() as connection:
            connection.execute(self._dialect.upsert(settings, keys=["name"], update=["value"]), [kept])

    # --- publishing ------------------------------------------------------------------------------------------------------------

    def revision(self, connection: Connection | None = None) -> int:
        """Grows whenever a published article is added or changes."""
        query = select(settings.c.value).where(settings.c.name == "revision")
        if connection is not None:
            return connection.scalar(query) or 0
        with self._reading() as reading:
            return reading.scalar(query) or 0

    def articles(self, query: Query, *, limit: int, before: tuple[datetime, str] | None = None) -> tuple[Article, ...]:
        """The newest articles that answer ``query``, by (at, id) downwards; with ``before``, those that follow that place.

        Of several copies of one text that answer it only the first is there.
        """
        found: list[Article] = []
        meant = condition(query, self._dialect.words)
        with self._reading() as connection, self._dialect.bounded(connection):
            while len(found) < limit:
                page = self._page(connection, meant, limit, before)
                found += self._once(connection, meant, page)
                if len(page) < limit:
                    break
                before = page[-1].at, page[-1].id
        return tuple(found[:limit])

    def _page(self, connection: Connection, meant: ColumnElement[bool], limit: int, before: tuple[datetime, str] | None) -> list[Article]:
        wanted = select(articles).where(meant).order_by(articles.c.at.desc(), articles.c.id.desc()).limit(limit)
        if before is not None:
            wanted = wanted.where(or_(articles.c.at < before[0], and_(articles.c.at == before[0], articles.c.id < before[1])))
        return [rows.article(row) for row in connection.execute(wanted)]

    def _once(self, connection: Connection, meant: ColumnElement[bool], page: Sequence[Article]) -> Iterator[Article]:
        """Without the copies of what answers the question too."""
        heads = {article.copy_of for article in page if article.copy_of}
        there: set[str] = set()
        for chunk in _chunks(sorted(heads)):
            there |= set(connection.scalars(select(articles.c.id).where(articles.c.id.in_(chunk), meant)))
        return (article for article in page if article.copy_of not in there)

    def reports(self, of: Iterable[Article]) -> Mapping[str, tuple[Report, ...]]:
        """Where else these articles stand, and who else tells their story; only those of which there is more than one report."""
        with self._reading() as connection:
            return stories.reports(connection, of)

    def story(self, id: str) -> tuple[Article, ...]:
        """All reports of the story that the article of this id tells, the first one first; empty where there is no such article."""
        with self._reading() as connection:
            return stories.told(connection, id)

    def languages(self) -> tuple[str, ...]:
        """The languages in which there are articles: primary subtags, in lower case. One look into the index for each tag, however many articles there are."""
        column = func.lower(articles.c.language)
        found: set[str] = set()
        last = ""
        with self._reading() as connection:
            while tag := connection.scalar(select(func.min(column)).where(column > last)):
                found.add(tag.partition("-")[0])
                last = tag
        return tuple(sorted(found))

    def article(self, id: str) -> Article | None:
        return self.by_id([id]).get(id)

    def find(self, address: str) -> Article | None:
        """The article with that id or original address; None where there is none."""
        with self._reading() as connection:
            row = connection.execute(select(articles).where(or_(articles.c.id == address, articles.c.url == address)).limit(1)).first()
        return None if row is None else rows.article(row)

    def count(self, query: Query = _ALL) -> int:
        """How many articles answer ``query``."""
        wanted = select(func.count()).select_from(articles).where(condition(query, self._dialect.any_words))
        with self._reading() as connection, self._dialect.bounded(connection):
            return connection.scalar(wanted) or 0

    def stored(self, query: Query, *, skip: int, limit: int) -> tuple[Article, ...]:
        """The articles that answer ``query`` in the order in which they came, the first one ever first; without the first ``skip``."""
        wanted = select(articles).where(self._in_order(query, skip, limit)).order_by(articles.c.number)
        with self._reading() as connection, self._dialect.bounded(connection):
            return tuple(rows.article(row) for row in connection.execute(wanted))

    def touched(self, query: Query, *, skip: int, limit: int) -> int:
        """The revision in which one of ``stored`` was last added or changed; 0 where there are none."""
        wanted = select(func.max(articles.c.revision)).where(self._in_order(query, skip, limit))
        with self._reading() as connection, self._dialect.bounded(connection):
            return connection.scalar(wanted) or 0

    def _in_order(self, query: Query, skip: int, limit: int) -> ColumnElement[bool]:
        """The articles that answer ``query``, counted in the order in which they came."""
        if query == _ALL:
            return articles.c.number.between(skip + 1, skip + limit)  # no number is left out
        numbers = select(articles.c.number).where(condition(query, self._dialect.any_words)).order_by(articles.c.number)
        return articles.c.number.in_(
            numbers.offset(skip).limit(limit)
        )  # found in an index, without reading the texts of those that are skipped

    def news(self, query: Query, *, since: int, limit: int) -> tuple[Article, ...]:
        """Those of ``articles(query)`` that were added or changed after revision ``since``, newest first."""
        fresh = select(articles.c.number).where(articles.c.revision > since).limit(_CHUNK + 1)
        with self._reading() as connection, self._dialect.bounded(connection):
            numbers = list(connection.scalars(fresh))
            if not numbers:
                return ()
            # Named one by one where they are few, so that no index of anything else is walked instead.
            among = articles.c.number.in_(numbers) if len(numbers) <= _CHUNK else articles.c.revision > since
            meant = condition(query, self._dialect.words)
            wanted = select(articles).where(among, meant).order_by(articles.c.at.desc(), articles.c.id.desc()).limit(limit)
            return tuple(self._once(connection, meant, [rows.article(row) for row in connection.execute(wanted)]))

    # --- transactions ----------------------------------------------------------------------------------------------------------

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._failures(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self, turn: Literal["sources", "articles"] | None = None) -> Iterator[Connection]:
        """``turn``: what no other transaction may change meanwhile, on whatever machine."""
        if self._damage is not None:
            raise self._damage
        with self._failures(), self._engine.connect().execution_options(write=True) as connection, connection.begin():
            if turn is not None:
                self._dialect.take_turn(connection, turn)
            yield connection

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, OSError) as error:
            failure = self._dialect.translate(error, self.name)
            if isinstance(failure, DamagedDatabase):
                self._damage = failure
            raise failure from error
        except (SQLAlchemyError, UnicodeError) as error:
            raise StoreError(f"{self.name}: {error}") from error


def _dialect(backend: str) -> ModuleType:
    """Each brings its driver along, and only one is needed."""
    if backend == "sqlite":
        from aggregator.store import sqlite

        return sqlite
    if backend == "postgresql":
        from aggregator.store import postgres

        return postgres
    raise StoreError(f"{backend} databases are not supported", remedy="use sqlite:///PATH or postgresql://user:password@host/database")


_UNKNOWN: Mapping[str, Any] = {"active": True, "gone": False, "failures": 0, "articles": 0, "agreed": 0}
_ROBOTS = ["text", "fetched", "until", "unreachable_since"]
_SUBSCRIPTION = ["token", "topic", "hub", "secret", "state", "asked", "until", "pushed"]
_SUBSCRIBER = ["secret", "until", "told", "failures", "again"]

_STATE = case(
    (sources.c.gone, "gone"), (sources.c.failures > 0, "failing"), (sources.c.last_success.is_not(None), "ok"), else_="new"
).label("state")
"""``SourceState.state``, where all are counted. A test holds the two against each other."""

_OVERTAKEN = and_(sources.c.lease_until.is_not(None), sources.c.lease_owner.is_(None))
"""``sync`` has taken the owner out of the lease: the source was configured anew while it was polled. Its host is busy until that poll ends."""
_LOST = sources.c.lease_owner != bindparam("by", type_=sources.c.lease_owner.type)
"""Somebody else holds the claim by now."""

_ENDED = (
    update(sources)
    .where(sources.c.id == bindparam("key"))
    .values(
        articles=sources.c.articles + bindparam("added"),
        lease_until=case((_LOST, sources.c.lease_until), else_=None),
        lease_owner=case((_LOST, sources.c.lease_owner), else_=None),
        **{
            name: case((or_(_OVERTAKEN, _LOST), sources.c[name]), else_=bindparam(name, type_=sources.c[name].type))
            for name in rows.values(SourceState("", ""))
        },
    )
)
"""One poll has ended: its state is kept, unless it tells of how the source was before; its claim is given back.
Prepared once, because it is what a day of polling consists of.
"""


def _microseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1)


_CARD = ("content", "text", "summary", "provenance")
_SUMMARY = 300


_FORGOTTEN = "forgotten"


def is_card(article: Article) -> bool:
    """Whether its text was forgotten: what was found in that stays as it is."""
    return article.provenance.get("content", "").startswith(_FORGOTTEN)


def _card(row: Mapping[str, Any], before: datetime) -> dict[str, Any]:
    text = row["text"] or ""
    short = text if len(text) <= _SUMMARY else text[:_SUMMARY].rpartition(" ")[0] or text[:_SUMMARY]
    told = {"content": f"{_FORGOTTEN}: older than {before:%Y-%m-%d}, see `keep` in the configuration"}
    return {"content": None, "text": None, "summary": row["summary"] or short or None, "provenance": told}


def _event(event: Event) -> dict[str, Any]:
    return {name: value for name, value in asdict(event).items() if name != "number"}


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]
