"""Stories in the database: for each new article those that share a trace with it are looked up, judged, and joined with it. Part of ``Store``'s transactions.

A story has the id of the article that told it first, so that its id holds for life: whatever joins later, and even where two stories turn out to be one, every id
that was ever published still names an article, and the article knows its story.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, TextClause, bindparam, delete, insert, or_, select, text, update

from aggregator.model import Article, Report
from aggregator.refine.stories import COPIED, NEAR, Marks, Traces, Verdict, judge, mark, pack, traces, unpack
from aggregator.store import rows
from aggregator.store.tables import articles
from aggregator.store.tables import marks as kept
from aggregator.store.tables import traces as left

_CANDIDATES = 12
"""Articles that are judged for one new one, those with the most traces in common first."""
_LATEST = 40
"""Articles with one trace that count, the latest ones."""
_LONGEST = timedelta(days=7)
"""A story takes in reports for so long after its first one; what is told later is another story."""
_NEAR = timedelta(days=NEAR + 1)
"""``at`` is a moment, ``NEAR`` counts days."""
_SAME_SOURCE = 1.5
"""The least score of an event between two articles of one source: it rarely tells one twice, and all that it writes is somewhat alike."""
_SAME_SOURCE_COPY = 0.8
"""The least share of common wording between two articles of one source, which may fill in a form anew each time: a copy is not shown, so this must be sure."""
_SAME_SOURCE_TEXT = 30
"""Shingles likewise: two items of a list with one title and no text are two notices."""
_REPORTS = 60
"""Reports of one story that are named."""


class _Member(NamedTuple):
    number: int
    id: str
    at: datetime
    source: str
    story: str | None
    copy_of: str | None


class _Head(NamedTuple):
    id: str
    at: datetime


def join(connection: Connection, stored: Iterable[tuple[int, Article]]) -> None:
    """Keep the marks of articles that have just been stored under these numbers, ascending, and join each with those that were there before it."""
    kept_now: list[tuple[int, Article, Marks, Traces]] = []
    for number, article in stored:
        marks = unpack(article.marks) if article.marks else mark(article)
        kept_now.append((number, article, marks, traces(marks, day=article.at.toordinal())))
    _keep(connection, kept_now)
    for number, article, marks, found in kept_now:
        _join(connection, _Member(number, article.id, article.at, article.source, None, None), marks, found, earlier=True)


def catch_up(connection: Connection, limit: int) -> int:
    """Join up to ``limit`` articles that were stored by a version that knew no stories, the oldest first. Returns how many that were."""
    unmarked = select(articles).where(~select(kept.c.number).where(kept.c.number == articles.c.number).exists())
    found = connection.execute(unmarked.order_by(articles.c.number).limit(limit)).all()
    marked = [(row, mark(rows.article(row))) for row in found]
    fresh = [(row.number, rows.article(row), marks, traces(marks, day=row.at.toordinal())) for row, marks in marked]
    if fresh:
        _keep(connection, fresh)
    for number, article, marks, traced in fresh:
        now = connection.execute(select(articles.c.story, articles.c.copy_of).where(articles.c.number == number)).one()
        member = _Member(number, article.id, article.at, article.source, now.story, now.copy_of)
        _join(connection, member, marks, traced, earlier=False)
    return len(fresh)


def rejoin(connection: Connection, number: int, article: Article) -> None:
    """An article says something else now: it is found by that, and joins others if it had no story yet. A story once told is kept."""
    held = connection.execute(
        select(articles.c.at, kept.c.marks).join(kept, kept.c.number == articles.c.number).where(articles.c.number == number)
    ).first()
    if held is not None:
        gone = traces(unpack(held.marks), day=held.at.toordinal()).left
        connection.execute(delete(left).where(left.c.number == number, left.c.trace.in_(sorted(gone))))
        connection.execute(delete(kept).where(kept.c.number == number))
    marks = unpack(article.marks) if article.marks else mark(article)
    found = traces(marks, day=article.at.toordinal())
    _keep(connection, [(number, article, marks, found)])
    if article.story is None:
        _join(connection, _Member(number, article.id, article.at, article.source, None, None), marks, found, earlier=False)


def _keep(connection: Connection, fresh: Sequence[tuple[int, Article, Marks, Traces]]) -> None:
    connection.execute(insert(kept), [{"number": number, "marks": article.marks or pack(marks)} for number, article, marks, _ in fresh])
    connection.execute(insert(left), [{"trace": trace, "number": number} for number, *_, found in fresh for trace in sorted(found.left)])


def _candidates(connection: Connection, found: Traces, number: int, *, earlier: bool) -> list[tuple[_Member, Marks]]:
    """Those that share the most traces, in the order in which they came. One shared trace of an event is chance; one of a text is not."""
    shared: Counter[int] = Counter()
    for traced, weight in ((found.copies, 2), (found.sought - found.copies, 1)):
        for other in _sharing(connection, sorted(traced)):
            shared[other] += weight
    others = [(each, score) for each, score in shared.items() if score > 1 and (each < number if earlier else each != number)]
    best = [each for each, _ in sorted(others, key=lambda pair: (-pair[1], pair[0]))[:_CANDIDATES]]
    return [(_Member(*row[:6]), unpack(row.marks)) for row in connection.execute(_CHOSEN, {"numbers": best})] if best else []


_CHOSEN = (
    select(articles.c.number, articles.c.id, articles.c.at, articles.c.source, articles.c.story, articles.c.copy_of, kept.c.marks)
    .join(kept, kept.c.number == articles.c.number)
    .where(articles.c.number.in_(bindparam("numbers", expanding=True)))
    .order_by(articles.c.number)
)
"""Made once, as each new article asks it."""


def _sharing(connection: Connection, traced: Sequence[int]) -> Iterable[int]:
    """The numbers of the latest articles with each of these traces: a form that is filled in every day has left the same ones thousands of times."""
    if not traced:
        return ()
    asked = {f"trace{place}": trace for place, trace in enumerate(traced)}
    return connection.scalars(_latest(len(traced)), asked).all()


@lru_cache(maxsize=512)
def _latest(count: int) -> TextClause:
    """One look at the end of the index for each trace."""
    look = "SELECT number FROM (SELECT number FROM traces WHERE trace = :trace{} ORDER BY number DESC LIMIT {}) AS latest{}"
    return text(" UNION ALL ".join(look.format(place, _LATEST, place) for place in range(count)))


def _join(connection: Connection, new: _Member, marks: Marks, found: Traces, *, earlier: bool) -> None:
    """``earlier``: only with those that were stored before it."""
    candidates = _candidates(connection, found, new.number, earlier=earlier)
    verdicts = [(member, judge(marks, other)) for member, other in candidates]
    long = {member.number for member, other in candidates if min(marks.sketch.size, other.sketch.size) >= _SAME_SOURCE_TEXT}
    copies = [
        member
        for member, verdict in verdicts
        if verdict.relation == "duplicate" and (member.source != new.source or (member.number in long and _is_sure(verdict)))
    ]
    events = [member for member, verdict in verdicts if verdict.relation == "same_event" and _is_told_by(member, new, verdict)]
    if copies:
        _copy(connection, {new.copy_of or new.id, *(member.copy_of or member.id for member in copies)})
    if copies or events:
        _tell(connection, new, copies, events)


def _is_sure(verdict: Verdict) -> bool:
    return verdict.score >= COPIED + _SAME_SOURCE_COPY


def _is_told_by(member: _Member, new: _Member, verdict: Verdict) -> bool:
    return abs(member.at - new.at) <= _NEAR and (member.source != new.source or verdict.score > _SAME_SOURCE)


def _copy(connection: Connection, heads: set[str]) -> None:
    """The first that was stored stands for all of them: what was published stays published, and a better copy that comes late changes no id."""
    first = _in_order(connection, heads)[0].id
    others = sorted(heads - {first})
    connection.execute(update(articles).where(or_(articles.c.id.in_(others), articles.c.copy_of.in_(others))).values(copy_of=first))


def _tell(connection: Connection, new: _Member, copies: Sequence[_Member], events: Sequence[_Member]) -> None:
    """One story of all that the new article belongs to, under the id of the one that was stored first."""
    same = {new.story or new.id, *(member.story or member.id for member in copies)}
    heads = _in_order(connection, same | {member.story or member.id for member in events})
    story, *others = [head.id for head in heads if head.id in same or abs(head.at - new.at) <= _LONGEST]
    told = or_(articles.c.id.in_([story, *others]), articles.c.story.in_(others))
    if others:
        connection.execute(update(articles).where(told).values(story=story))


def _in_order(connection: Connection, ids: Iterable[str]) -> Sequence[_Head]:
    """As they were stored."""
    return [_Head(*row) for row in connection.execute(_HEADS, {"ids": sorted(ids)})]


_HEADS = select(articles.c.id, articles.c.at).where(articles.c.id.in_(bindparam("ids", expanding=True))).order_by(articles.c.number)


def reports(connection: Connection, of: Iterable[Article]) -> Mapping[str, tuple[Report, ...]]:
    """For each article with a story the others that tell it, copies first, then by when they came: at most ``_REPORTS``."""
    asked = [article for article in of if article.story]
    told: dict[str, list[Row[Any]]] = {}
    for story in sorted({article.story or "" for article in asked}):
        of_story = select(*(articles.c[name] for name in _REPORTED)).where(articles.c.story == story)
        told[story] = list(connection.execute(of_story.order_by(articles.c.at, articles.c.id).limit(_REPORTS)))
    return {article.id: tuple(_reports(article, told.get(article.story or "", ()))) for article in asked}


def told(connection: Connection, id: str) -> tuple[Article, ...]:
    """The story of the article of this id, in the order in which it was told, whole; at most ``_REPORTS``."""
    one = connection.execute(select(articles).where(articles.c.id == id)).first()
    if one is None or one.story is None:
        return () if one is None else (rows.article(one),)
    of_story = select(articles).where(articles.c.story == one.story).order_by(articles.c.at, articles.c.id).limit(_REPORTS)
    return tuple(rows.article(row) for row in connection.execute(of_story))


_REPORTED = ("id", "title", "url", "source", "university", "language", "published", "story", "copy_of")


def _reports(article: Article, rows: Iterable[Row[Any]]) -> list[Report]:
    head = article.copy_of or article.id
    found = [
        Report(row.id, row.title, row.url, row.source, row.university, row.language, row.published, copy=(row.copy_of or row.id) == head)
        for row in rows
        if row.id != article.id
    ]
    return sorted(found, key=lambda report: not report.copy)
