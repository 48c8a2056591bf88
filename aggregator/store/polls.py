"""What polls bring: each entry that was ever met is known by its keys, and each article is stored once. One poll is one transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import Connection, Update, and_, bindparam, case, func, insert, not_, null, or_, select, update

from aggregator.model import Article, Changes, Known
from aggregator.store import journal, mentions, revisions, rows, succession
from aggregator.store.database import Database, chunks
from aggregator.store.tables import articles, identities, settings, sources

_REMEMBERED = 3_000
"""Keys of a source that a poll is told of; older ones are still found by ``lookup`` and ``apply``."""
_LATEST = 300
"""Articles of a source that a doubtful reading is compared with."""
_TOGETHER = 50
"""Articles that are joined and written at a time: what they are recognized by is held in memory meanwhile."""
_SEEN = ("id", "title", "url", "source", "university", "first_seen", "published")

_OVERTAKEN = and_(sources.c.lease_until.is_not(None), sources.c.lease_owner.is_(None))
"""``sync`` has taken the owner out of the lease: the source was configured anew while it was polled. Its host is busy until that poll ends."""
_LOST = and_(sources.c.lease_owner.is_distinct_from(bindparam("by", type_=sources.c.lease_owner.type)), not_(_OVERTAKEN))
"""Somebody else holds the claim by now, or has held it since and given it back."""

_JOINED = select(settings.c.value).where(settings.c.name == "joined")
_PAUSED = and_(sources.c.next_poll.is_(None), not_(sources.c.gone))


@lru_cache(maxsize=64)
def _ended(names: tuple[str, ...]) -> Update:
    """One poll has ended: what it has changed of its state (``names``) is kept, unless it tells of how the source was before; its claim is given back. What
    it owes is owed all the same: its articles are stored.
    """
    return (
        update(sources)
        .where(sources.c.id == bindparam("key"))
        .values(
            articles=sources.c.articles + bindparam("added"),
            lease_until=case((_LOST, sources.c.lease_until), else_=None),
            lease_owner=case((_LOST, sources.c.lease_owner), else_=None),
            **{
                name: case(
                    (_LOST if name == "missed" else or_(_OVERTAKEN, _LOST), sources.c[name]),
                    *([(_PAUSED, null())] if name == "next_poll" else []),
                    else_=bindparam(name, type_=sources.c[name].type),
                )
                for name in names
            },
        )
    )


def _end(connection: Connection, polls: Iterable[tuple[Changes, int]]) -> None:
    """Give back the claims of ``polls``, each with the number of articles that it has added, and keep their states."""
    ended: list[tuple[dict[str, Any], dict[str, Any]]] = []
    for changes, added in sorted(polls, key=lambda each: each[0].state.source):  # in one order everywhere: nobody waits in a circle
        before, after = changes.claimed, changes.state
        claim = {"key": after.source, "by": after.owner, "added": added}
        ended.append((claim, rows.changed(before, after) if before else rows.values(after)))
    for names, alike in groupby(ended, key=lambda each: tuple(each[1])):
        connection.execute(_ended(names), [claim | changed for claim, changed in alike])


class Brought(NamedTuple):
    """How many articles a poll has added, and how many it has taken over from a source that is not configured any more."""

    added: int
    adopted: int


class Polls(Database):
    """What was known before a poll, and what changes with it."""

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

    def apply(self, *polls: Changes) -> tuple[int, ...]:
        """Write what each of ``polls`` brought and give its claim back; all of them in one transaction, so all or nothing.

        An article that some source has already shown is not stored again. Returns how many articles each of them added. Where somebody else has claimed the
        source meanwhile, because the lease was over, its state is left to them.
        """
        brings = any(changes.keys or changes.revised for changes in polls)
        with self._writing("articles" if brings else None) as connection:
            revised = [article for changes in polls for article in changes.revised]
            if revised:
                self._revise(connection, revised)
            brought = self._insert(connection, polls) if brings else [Brought(0, 0)] * len(polls)
            if revised or any(map(sum, brought)):
                revisions.grow(connection)
            happened = [event for changes in polls for event in changes.events]
            if happened:
                journal.write(connection, happened)
            _end(connection, zip(polls, map(sum, brought), strict=True))
        return tuple(each.added for each in brought)

    def catch_up(self, *, limit: int, below: int | None = None) -> int | None:
        """Look for copies and stories among articles that an older version has stored, the newest first; ``below`` is what the last call returned.

        Returns the number of the article that was looked at last; None: all are.
        """
        with self._reading() as connection:
            if below is None and connection.scalar(_JOINED):
                return None
        from aggregator.store import joining

        with self._writing("articles") as connection:
            done = joining.catch_up(connection, self._dialect, limit, below)
            if done is None:
                connection.execute(self._dialect.upsert(settings, keys=["name"], update=["value"]), [{"name": "joined", "value": 1}])
                return None
            if done.changed:
                revisions.grow(connection)
            return done.last

    def _insert(self, connection: Connection, polls: Sequence[Changes]) -> list[Brought]:
        """What is new, all together: a statement costs as much for one poll as for many."""
        held = self._lookup(connection, {key for changes in polls for key in changes.keys})
        taken = self._taken(connection, {article.id for changes in polls for article in changes.new})
        newest = connection.scalar(select(func.max(articles.c.number))) or 0
        brought: list[Brought] = []
        fresh: list[Article] = []
        met: list[dict[str, object]] = []
        for changes in polls:
            aliases = {known.article: held[key] for key, known in changes.keys.items() if key in held}
            new = [article for article in changes.new if article.id not in taken and article.id not in aliases]
            brought.append(Brought(len(new), succession.adopt(connection, changes.state.source, aliases.values())))
            for key, known in changes.keys.items():
                article = held[key] = aliases.get(known.article, known.article)
                said = {"key": key, "source": changes.state.source, "article": article, "fingerprint": known.fingerprint}
                met.append(said | {"number": newest + len(fresh)})
            # Oldest of the page first, so that "stored later" and "newer" agree where dates do not decide.
            fresh += reversed(new)
            taken |= {article.id for article in new}
        for start in range(0, len(fresh), _TOGETHER):
            self._add(connection, list(enumerate(fresh[start : start + _TOGETHER], newest + start + 1)))
        if met:
            connection.execute(self._dialect.upsert(identities, keys=["key", "source"], update=["article", "fingerprint"]), met)
        return brought

    def _add(self, connection: Connection, numbered: Sequence[tuple[int, Article]]) -> None:
        from aggregator.store import joining  # with all that tells stories: only when there is something new

        revision = revisions.current(connection) + 1
        told = joining.join(connection, self._dialect, numbered)
        stored = [
            rows.columns(article) | {"number": number, "revision": revision, **told[number]._asdict()} for number, article in numbered
        ]
        connection.execute(insert(articles), stored)
        mentions.tag(connection, dict(numbered))
        self._dialect.add_to_search(connection, [rows.searched(row) for row in stored])

    def _revise(self, connection: Connection, revised: Sequence[Article]) -> None:
        from aggregator.store import joining

        revision = revisions.current(connection) + 1
        for article in revised:
            old = connection.execute(select(*(articles.c[name] for name in rows.SEARCHED)).where(articles.c.id == article.id)).one()
            self._dialect.remove_from_search(connection, [rows.searched(old._asdict())])
            joining.rejoin(
                connection, self._dialect, old.number, article, revision=revision
            )  # while the row tells of which day its traces are
            values = rows.columns(article)
            connection.execute(
                update(articles).where(articles.c.number == old.number).values(**values | {"named": False}, revision=revision)
            )
            self._dialect.add_to_search(connection, [rows.searched(values | {"number": old.number})])

    @staticmethod
    def _taken(connection: Connection, ids: Collection[str]) -> set[str]:
        """Those of ``ids`` that are stored."""
        return {id for chunk in chunks(sorted(ids)) for id in connection.scalars(select(articles.c.id).where(articles.c.id.in_(chunk)))}

    def _lookup(self, connection: Connection, keys: Iterable[bytes]) -> dict[bytes, str]:
        found: dict[bytes, str] = {}
        for chunk in chunks(list(keys)):
            query = select(identities.c.key, identities.c.article).where(identities.c.key.in_(chunk))
            found |= {row.key: row.article for row in connection.execute(query)}
        return found
