"""What publishing reads: the articles that answer a question, in the order of feeds or of archives."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import blake2b
from types import ModuleType
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, and_, func, not_, or_, select, true

from aggregator.model import Article, Report, Told
from aggregator.query import Everything, Query, Words
from aggregator.store import revisions, rows, stories
from aggregator.store.conditions import apart, condition
from aggregator.store.database import CHUNK, Database, chunks
from aggregator.store.held import STAMP, Held
from aggregator.store.tables import articles, primary_language

_ALL = Everything()
Place = tuple[datetime, str]
"""An article's place in the order of feeds: ``at`` and id."""
_LATEST = 20
"""Times as many articles as are asked for, of those stored last, in which words that are common are found often enough."""
_MOST_LATEST = 5_000
"""But no more than these, which stand in one statement."""
_EARLIER = 200
"""Articles that were stored before these and are as new: it costs some milliseconds to look at so many."""
_ROOM = 16_000_000
"""Bytes of articles that are held: some thousands of them."""
_REPORTED = (articles.c.number, articles.c.revision, articles.c.source, articles.c.story, articles.c.copy_of)
_PRINTED = (*_REPORTED, articles.c.mentions, articles.c.content.is_(None))
"""What may change of an article: its own words, with its revision; where it was found, whom it names, whether its text is still there, without."""


class Published(Database):
    """Articles by question, by id and by story. Every answer is of one moment."""

    def __init__(self, engine: Engine, dialect: ModuleType, name: str) -> None:
        super().__init__(engine, dialect, name)
        self._held = Held(_ROOM)

    def revision(self) -> int:
        """Grows whenever a published article is added or changes."""
        with self._reading() as connection:
            return revisions.current(connection)

    def articles(self, query: Query, *, limit: int, before: Place | None = None) -> tuple[Article, ...]:
        """The newest articles that answer ``query``, by (at, id) downwards; with ``before``, those that follow that place.

        Of several copies of one text that answer it only the first is there.
        """
        found: list[Article] = []
        with self._reading() as connection, self._dialect.bounded(connection):
            while len(found) < limit:
                stamps, meant = self._page(connection, query, limit, before)
                page = self._held.whole(connection, stamps)
                found += self._once(connection, meant, page)
                if len(page) < limit:
                    break
                before = page[-1].at, page[-1].id
        return tuple(found[:limit])

    def _page(
        self, connection: Connection, query: Query, limit: int, before: Place | None
    ) -> tuple[Sequence[Row[Any]], ColumnElement[bool]]:
        """Stamps of the next ``limit`` articles, and by which condition it is told whether another one answers too."""
        rest, words = apart(query)
        most = min(_LATEST * limit, _MOST_LATEST)
        latest = self._dialect.latest_with(words, most) if words else None
        meant = condition(query, self._dialect.words)
        if latest is not None:
            numbers = connection.scalars(latest).all()
            if len(numbers) < most:  # these are all
                meant = and_(condition(rest, self._dialect.words), articles.c.number.in_(numbers))
            elif (dense := self._of_the_latest(connection, rest, words, numbers, limit, before)) is not None:
                return dense, condition(query, self._dialect.holds_words)
        return connection.execute(_stamps(meant, limit, before)).all(), meant

    def _of_the_latest(
        self, connection: Connection, rest: Query, words: Sequence[Words], numbers: Sequence[int], limit: int, before: Place | None
    ) -> Sequence[Row[Any]] | None:
        """Of common words, which very many articles have, the newest mostly are among those stored last; ``numbers`` are of these. What is newer and was stored
        earlier is looked at one by one. None: there are too few, or too many of those.
        """
        plain = condition(rest, self._dialect.words)
        among = connection.execute(_stamps(and_(plain, articles.c.number.in_(numbers)), limit, before)).all()
        if len(among) < limit:
            return None
        oldest = connection.scalar(select(articles.c.at).where(articles.c.number == among[-1].number))
        as_new = and_(plain, _following(before), articles.c.at >= oldest, articles.c.number < numbers[-1])
        earlier = connection.scalars(select(articles.c.number).where(as_new).limit(_EARLIER + 1)).all()
        if len(earlier) > _EARLIER:
            return None
        if not earlier:
            return among
        holding = connection.scalars(
            select(articles.c.number).where(articles.c.number.in_(earlier), self._dialect.holds_words(words))
        ).all()
        return connection.execute(_stamps(articles.c.number.in_([*(row.number for row in among), *holding]), limit, before)).all()

    def _once(self, connection: Connection, meant: ColumnElement[bool], page: Sequence[Article]) -> Iterator[Article]:
        """Without the copies of what answers the question too."""
        heads = {article.copy_of for article in page if article.copy_of}
        there: set[str] = set()
        for chunk in chunks(sorted(heads)):
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
        found: list[str] = []
        with self._reading() as connection:
            while last := connection.scalar(select(func.min(primary_language)).where(primary_language > (found[-1] if found else ""))):
                found.append(last)
        return tuple(each.rstrip("-") for each in found)

    def by_id(self, ids: Iterable[str]) -> dict[str, Article]:
        found: dict[str, Article] = {}
        with self._reading() as connection:
            for chunk in chunks(sorted(set(ids))):
                found |= {row.id: rows.article(row) for row in connection.execute(select(articles).where(articles.c.id.in_(chunk)))}
        return found

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

    def found(self, query: Query, *, most: int) -> int:
        """How many texts answer ``query``, copies counted once; it stops counting at ``most``."""
        with self._reading() as connection, self._dialect.bounded(connection):
            rest, words = apart(query)
            some = self._dialect.some_words(words) if words else None
            if some is not None and self._counted(connection, and_(condition(rest, self._dialect.any_words), some), most) == most:
                return most
            return self._counted(connection, condition(query, self._dialect.any_words), most)

    @staticmethod
    def _counted(connection: Connection, meant: ColumnElement[bool], most: int) -> int:
        texts = select(func.coalesce(articles.c.copy_of, articles.c.id)).where(meant).distinct().limit(most).subquery()
        return connection.scalar(select(func.count()).select_from(texts)) or 0

    def stored(self, query: Query, *, skip: int, limit: int) -> tuple[Article, ...]:
        """The articles that answer ``query`` in the order in which they came, the first one ever first; without the first ``skip``."""
        wanted = select(articles).where(self._in_order(query, skip, limit)).order_by(articles.c.number)
        with self._reading() as connection, self._dialect.bounded(connection):
            return tuple(rows.article(row) for row in connection.execute(wanted))

    def imprint(self, query: Query, *, skip: int, limit: int) -> str:
        """What decides of all that is published of ``stored``, without reading their texts: while it is the same, so are they, what they name, and who else
        tells their stories.
        """
        wanted = select(*_PRINTED).where(self._in_order(query, skip, limit)).order_by(articles.c.number)
        with self._reading() as connection, self._dialect.bounded(connection):
            found = connection.execute(wanted).all()
            told = [
                tuple(row)
                for chunk in chunks(sorted({row.story for row in found if row.story}))
                for row in connection.execute(select(*_REPORTED).where(articles.c.story.in_(chunk)).order_by(articles.c.number))
            ]
        return blake2b(repr(([tuple(row) for row in found], told)).encode(), digest_size=16).hexdigest()

    def _in_order(self, query: Query, skip: int, limit: int) -> ColumnElement[bool]:
        """The articles that answer ``query``, counted in the order in which they came."""
        if query == _ALL:
            return articles.c.number.between(skip + 1, skip + limit)  # no number is left out
        numbers = select(articles.c.number).where(condition(query, self._dialect.any_words)).order_by(articles.c.number)
        return articles.c.number.in_(
            numbers.offset(skip).limit(limit)
        )  # found in an index, without reading the texts of those that are skipped

    def news(self, query: Query, *, since: Told, limit: int) -> tuple[tuple[Article, ...], Told]:
        """The first ``limit`` of ``articles(query)`` that were added or changed after ``since``, newest first, and how far whoever hears of them was told then.
        That is where the next ones begin; there may be some as long as it is before the ``revision``, even where none were found this time.
        """
        meant = condition(query, self._dialect.words)
        found: list[Article] = []
        with self._reading() as connection, self._dialect.bounded(connection):
            last = revisions.current(connection)
            for _ in range(_MOST_LOOKS):
                fresh = connection.execute(_changes(since, last)).all()
                if not fresh:
                    return _newest(found), Told(last)
                answering = self._answering(connection, meant, [row.number for row in fresh])
                for row in fresh:
                    since = Told(row.revision - 1, row.number)
                    if row.number in answering:
                        found.append(answering[row.number])
                        if len(found) == limit:
                            return _newest(found), since
        return _newest(found), since

    def _answering(self, connection: Connection, meant: ColumnElement[bool], numbers: Sequence[int]) -> Mapping[int, Article]:
        """Those of these articles that ``articles`` would show. They are named one by one so that no index of anything else is walked instead."""
        held = {row.number: rows.article(row) for row in connection.execute(select(articles).where(articles.c.number.in_(numbers), meant))}
        shown = {article.id for article in self._once(connection, meant, list(held.values()))}
        return {number: article for number, article in held.items() if article.id in shown}


_NEWEST_FIRST = (articles.c.at.desc(), articles.c.id.desc())


def _stamps(meant: ColumnElement[bool], limit: int, before: Place | None) -> Select[Any]:
    return select(*STAMP).where(meant, _following(before)).order_by(*_NEWEST_FIRST).limit(limit)


def _following(before: Place | None) -> ColumnElement[bool]:
    """What stands after that place; everything where there is none."""
    if before is None:
        return true()
    at, id = before
    return or_(articles.c.at < at, and_(articles.c.at == at, articles.c.id < id))


_MOST_LOOKS = 50
"""At the next ``CHUNK`` changes; a question of a reader has only so long, and who was away for a year is told in parts."""


def _changes(since: Told, last: int) -> Select[tuple[int, int]]:
    """What was added or changed after ``since`` up to revision ``last``, in this order."""
    later = and_(articles.c.revision > since.revision, articles.c.revision <= last)
    heard = and_(articles.c.revision == since.revision + 1, articles.c.number <= since.within)
    wanted = select(articles.c.revision, articles.c.number).where(later, not_(heard))
    return wanted.order_by(articles.c.revision, articles.c.number).limit(CHUNK)


def _newest(found: Iterable[Article]) -> tuple[Article, ...]:
    return tuple(sorted(found, key=lambda article: (article.at, article.id), reverse=True))
