"""What new articles belong to: those that share a trace with one are looked up, judged, and joined with it. Part of ``Store``'s transactions.

A story has the id of the article that told it first, so that its id holds for life: whatever joins later, and even where two stories turn out to be one, every id
that was ever published still names an article, and the article knows its story.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from heapq import nsmallest
from itertools import chain
from types import ModuleType
from typing import NamedTuple, Self

from sqlalchemy import Connection, bindparam, delete, insert, or_, select, update

from aggregator.model import Article
from aggregator.refine.stories import (
    COPIED,
    Marks,
    Sketch,
    Traces,
    Verdict,
    judge_copy,
    judge_event,
    may_be_copy,
    pack,
    remember,
    trace,
    traces,
    unpack,
    unpack_sketch,
)
from aggregator.store import rows
from aggregator.store.database import Sought, chunks
from aggregator.store.tables import articles
from aggregator.store.tables import marks as kept
from aggregator.store.tables import traces as left

_CANDIDATES = 12
"""Articles that are judged for one new one, those with the most traces in common."""
_LATEST = 40
"""Articles with one trace that count, the latest ones."""
_EXACT, _WORDING, _EVENT = (2.0, 2.0), (0.7, 0.35), (1.0, 1 / 3)
"""What a shared trace counts, and what it counts where so many have it: much news of these days tells it, or much of a site is written so. Together it must be
more than 1.
"""
_LONGEST = timedelta(days=7)
"""A story takes in reports for so long after its first one, so they are sought that far; what is told later is another story."""
_SURE = 1.0
"""The least score of an event: where all that comes is compared with all of a week, even a judge who is seldom wrong joins strangers."""
_SAME_SOURCE = 1.5
"""The least score of an event between two articles of one source: it rarely tells one twice, and all that it writes is somewhat alike."""
_SAME_SOURCE_COPY = 0.8
"""The least share of common wording between two articles of one source, which may fill in a form anew each time: a copy is not shown, so this must be sure."""
_SAME_SOURCE_TEXT = 30
"""Shingles likewise: two items of a list with one title and no text are two notices."""


class Told(NamedTuple):
    """What an article belongs to."""

    story: str | None
    copy_of: str | None


@dataclass(slots=True)
class _Member:
    number: int
    id: str
    at: datetime
    source: str
    university: str | None
    story: str | None
    copy_of: str | None


class _Fresh(NamedTuple):
    """An article that has just come, or says something else now."""

    number: int
    article: Article
    marks: Marks
    traces: Traces

    @classmethod
    def of(cls, number: int, article: Article) -> _Fresh:
        marks = unpack(article.marks) if article.marks else remember(article)
        return cls(number, article, marks, trace(marks, article))

    def member(self, told: Told = Told(None, None)) -> _Member:  # noqa: B008 - a tuple
        article = self.article
        return _Member(self.number, article.id, article.at, article.source, article.university, *told)


class _Recognized:
    """What an article is recognized by. That of a stored one is unpacked when somebody asks: most candidates are no copies, as their sketch tells."""

    def __init__(self, id: str, packed: bytes) -> None:
        self.id = id
        self._packed = packed

    @classmethod
    def at_once(cls, id: str, marks: Marks) -> Self:
        made = cls(id, b"")
        made.marks, made.sketch = marks, marks.sketch
        return made

    @cached_property
    def sketch(self) -> Sketch:
        return unpack_sketch(self._packed)

    @cached_property
    def marks(self) -> Marks:
        return unpack(self._packed)


class _Company:
    """Who shares traces with a new article. One shared trace of the wording or of an event is chance; those that share the most are worth a look."""

    def __init__(self, number: int) -> None:
        self._number = number
        self.exact: set[int] = set()
        """Of the same address, or the same title and day, or no longer than a title."""
        self.judged: set[int] = set()
        """Whose text was compared with that of the new one,"""
        self.others: set[int] = set()
        """and those of them who have another one."""
        self.candidates: list[int] = []
        """Who is to be judged, in the order in which they came."""
        self._scores: defaultdict[int, float] = defaultdict(float)

    def share(self, found: Iterable[tuple[int, int]], worth: Sequence[tuple[float, float]]) -> None:
        """``found``: what was shared, by its place in ``worth``, and the number of an article; of each the latest ``_LATEST``."""
        sharing: defaultdict[int, list[int]] = defaultdict(list)
        for place, number in found:
            sharing[place].append(number)
        for place, numbers in sharing.items():
            weight = worth[place][len(numbers) == _LATEST]
            for number in numbers:
                self._scores[number] += weight
            if worth[place] is _EXACT:
                self.exact.update(numbers)

    def choose(self) -> list[int]:
        """The ``candidates``."""
        shared = [(-score, number) for number, score in self._scores.items() if score > 1 and number != self._number]
        self.candidates = sorted(number for _, number in nsmallest(_CANDIDATES, shared))
        return self.candidates


class _Seeking(NamedTuple):
    """``Sought``, and what each of it counts."""

    traces: Sequence[int]
    spans: Sequence[tuple[int, int]]
    worth: Sequence[tuple[float, float]]


def _by_text(new: _Fresh) -> _Seeking:
    """One shared trace of the wording is enough where a text has no other."""
    exact, wording, _ = new.traces
    return _Seeking(exact + wording, (), [_EXACT] * len(exact) + [_WORDING if len(wording) > 1 else _EXACT] * len(wording))


def _by_event(new: _Fresh) -> _Seeking:
    events = new.traces.events
    return _Seeking((), [(event - _LONGEST.days, event + _LONGEST.days) for event in events], [_EVENT] * len(events))


def join(connection: Connection, dialect: ModuleType, coming: Iterable[tuple[int, Article]]) -> Mapping[int, Told]:
    """Keep the marks of articles that are to be stored under these numbers, ascending, and join each with those before it.

    Returns to what each belongs: it is stored together with it.
    """
    fresh = [_Fresh.of(number, article) for number, article in coming]
    _keep(connection, dialect, fresh)
    threads = _Threads(connection, dialect, {each.article.id: each for each in fresh})
    threads.join(fresh)
    return threads.told()


class CaughtUp(NamedTuple):
    """What was done of a backlog."""

    last: int
    """The number of the article that was looked at last."""
    changed: bool
    """Whether any has joined another."""


def catch_up(connection: Connection, dialect: ModuleType, limit: int, below: int | None) -> CaughtUp | None:
    """Join up to ``limit`` articles that were stored by a version that knew no stories, or others, and have numbers ``below`` this: the newest first, as
    what comes now resembles them. None: there are none.
    """
    unmarked = select(articles).where(~select(kept.c.number).where(kept.c.number == articles.c.number).exists())
    if below is not None:
        unmarked = unmarked.where(articles.c.number < below)
    found = connection.execute(unmarked.order_by(articles.c.number.desc()).limit(limit)).all()
    if not found:
        return None
    fresh = [_Fresh.of(row.number, rows.article(row)) for row in found]
    _keep(connection, dialect, fresh)
    threads = _Threads(connection, dialect, {})
    for each, row in zip(fresh, found, strict=True):
        threads.meet(each.member(Told(row.story, row.copy_of)))
    threads.join(fresh)
    return CaughtUp(found[-1].number, threads.changed)


def rejoin(connection: Connection, dialect: ModuleType, number: int, article: Article, *, revision: int) -> None:
    """An article says something else now: it is found by that, is no copy any more of what it does not resemble any more, and joins others if it has no story.
    A story once told is kept. ``revision``: in which those change that are no copies any more.
    """
    held = connection.execute(
        select(articles.c.at, articles.c.story, articles.c.copy_of, kept.c.marks)
        .outerjoin(kept, kept.c.number == articles.c.number)
        .where(articles.c.number == number)
    ).one()
    fresh = _Fresh.of(number, article)
    if held.marks is not None:
        gone = traces(unpack(held.marks), day=held.at.toordinal()).left
        connection.execute(delete(left).where(left.c.number == number, left.c.trace.in_(gone)))
        connection.execute(delete(kept).where(kept.c.number == number))
    _keep(connection, dialect, [fresh])
    threads = _Threads(connection, dialect, {})
    member = fresh.member(Told(held.story, held.copy_of))
    threads.meet(member)
    alone = {each.number: each for each in threads.part(fresh, member, revision)}
    if member.story is None:
        alone[number] = fresh
    threads.join([alone[each] for each in sorted(alone)])
    if number not in alone and member.copy_of is None:
        _leave_events(connection, dialect, [fresh])


def _keep(connection: Connection, dialect: ModuleType, fresh: Sequence[_Fresh]) -> None:
    if fresh:
        connection.execute(insert(kept), [{"number": each.number, "marks": each.article.marks or pack(each.marks)} for each in fresh])
        dialect.leave(connection, sorted((trace, each.number) for each in fresh for trace in each.traces.text))


def _leave_events(connection: Connection, dialect: ModuleType, fresh: Iterable[_Fresh]) -> None:
    """Of those that are no copies, once that is known: theirs would find nothing that the first of their text does not find."""
    dialect.leave(connection, sorted((trace, each.number) for each in fresh for trace in each.traces.events))


class _Threads:
    """What belongs together, within one transaction. ``coming`` are the articles that are not stored yet: what they belong to is only remembered."""

    def __init__(self, connection: Connection, dialect: ModuleType, coming: Mapping[str, _Fresh]) -> None:
        self._connection = connection
        self._dialect = dialect
        self._coming = coming
        self._members: dict[str, _Member] = {}
        """Every article that was met, by id, as it is by now."""
        self._tellers: defaultdict[str, set[str]] = defaultdict(set)
        self._copies: defaultdict[str, set[str]] = defaultdict(set)
        """Of those that were met: who tells a story, who is a copy, by what that is called."""
        self._marked: dict[int, _Recognized] = {each.number: _Recognized.at_once(each.article.id, each.marks) for each in coming.values()}
        """Id and marks by number: of those that are coming, and of those they are compared with."""
        self.changed = False
        """Whether any that is stored says something else now."""
        for each in coming.values():
            self.meet(each.member())

    def told(self) -> dict[int, Told]:
        coming = (self._members[id] for id in self._coming)
        return {each.number: Told(each.story, each.copy_of) for each in coming}

    def meet(self, member: _Member) -> None:
        if member.id not in self._members:
            self._members[member.id] = member
            self._put(member, Told(member.story, member.copy_of))

    def _put(self, member: _Member, told: Told) -> None:
        """From now on it belongs to these."""
        for place, before, now in ((self._tellers, member.story, told.story), (self._copies, member.copy_of, told.copy_of)):
            if before:
                place[before].discard(member.id)
            if now:
                place[now].add(member.id)
        member.story, member.copy_of = told

    def join(self, fresh: Sequence[_Fresh]) -> None:
        """Each with those it belongs to, one after the other; all were met. Articles that are coming join those that come before them only.

        Copies first: a copy belongs where the first of its text belongs, so its event is neither left nor sought.
        """
        company = [(new, self._members[new.article.id], _Company(new.number)) for new in fresh]
        self._share(company, _by_text)
        self._fetch(chain.from_iterable(met.choose() for _, _, met in company))
        for new, member, met in company:
            self._join(member, self._find_copies(new, member, met), ())
        first = [each for each in company if each[1].copy_of is None]
        _leave_events(self._connection, self._dialect, [new for new, _, _ in first])
        self._share(first, _by_event)
        self._fetch(chain.from_iterable(met.choose() for _, _, met in first))
        for new, member, met in first:
            copies = self._find_copies(new, member, met)
            self._join(member, copies, self._find_reports(new, member, met, copies))

    def part(self, changed: _Fresh, member: _Member, revision: int) -> list[_Fresh]:
        """It and its copies, or the one of which it is a copy: those that are copies no longer, now that it says something else. They stand for themselves."""
        beside = articles.c.id == member.copy_of if member.copy_of else articles.c.copy_of == member.id
        parted: list[_Fresh] = []
        for row in self._connection.execute(select(articles, kept.c.marks).join(kept, kept.c.number == articles.c.number).where(beside)):
            other = _Fresh.of(row.number, replace(rows.article(row), marks=row.marks))
            self.meet(other.member(Told(row.story, row.copy_of)))
            if not _is_copy(judge_copy(changed.marks, other.marks), (member, changed.marks), (self._members[row.id], other.marks)):
                parted.append(changed if member.copy_of else other)
        for each in (self._members[each.article.id] for each in parted):
            self._put(each, Told(each.story if each.story == each.id else None, None))  # others may be told under its id
            values = {"copy_of": None, "story": each.story, "revision": revision}
            self._connection.execute(update(articles).where(articles.c.id == each.id).values(values))
        return parted

    def _share(self, company: Iterable[tuple[_Fresh, _Member, _Company]], by: Callable[[_Fresh], _Seeking]) -> None:
        seeking = [(new, met, by(new)) for new, _, met in company]
        sought = (Sought(each.traces, each.spans, new.number if new.article.id in self._coming else None) for new, _, each in seeking)
        for (_, met, each), found in zip(seeking, self._dialect.sharing(self._connection, sought, _LATEST), strict=True):
            met.share(found, each.worth)

    def _fetch(self, numbers: Iterable[int]) -> None:
        for chunk in chunks(sorted(set(numbers) - self._marked.keys())):
            for row in self._connection.execute(_CHOSEN, {"numbers": chunk}):
                self.meet(_Member(*row[:7]))
                self._marked[row.number] = _Recognized(row.id, row.marks)

    def _find_copies(self, new: _Fresh, member: _Member, met: _Company) -> list[_Member]:
        """Of those that were not judged yet, who has the same text; of those that are copies of one another the first that was met."""
        copies: list[_Member] = []
        heads: set[str] = set()
        for number in met.candidates:
            marked = self._marked[number]
            other = self._members[marked.id]
            if number in met.judged or (other.copy_of or other.id) in heads:
                continue
            met.judged.add(number)
            verdict = judge_copy(new.marks, marked.marks) if number in met.exact or may_be_copy(new.marks, marked.sketch) else None
            if verdict is None:
                met.others.add(number)
            elif _is_copy(verdict, (member, new.marks), (other, marked.marks)):
                copies.append(other)
                heads.add(other.copy_of or other.id)
        return copies

    def _find_reports(self, new: _Fresh, member: _Member, met: _Company, copies: Iterable[_Member]) -> list[_Member]:
        """Of those that are no copies, who tells of the same event: one of each story."""
        told = {each.story or each.id for each in (member, *copies)}
        reports: list[_Member] = []
        for number in sorted(met.others.intersection(met.candidates)):
            marked = self._marked[number]
            other = self._members[marked.id]
            story = other.story or other.id
            if story not in told and _is_told_by(other, member, new.marks, marked):
                told.add(story)
                reports.append(other)
        return reports

    def _join(self, member: _Member, copies: Sequence[_Member], reports: Sequence[_Member]) -> None:
        if copies:
            self._copy({member.copy_of or member.id, *(each.copy_of or each.id for each in copies)})
        if copies or reports:
            self._tell(member, copies, reports)

    def _copy(self, heads: set[str]) -> None:
        """The first that was stored stands for all of them: what was published stays published, and a better copy that comes late changes no id."""
        first, *others = (head.id for head in self._in_order(heads))
        if stored := [id for id in others if id not in self._coming]:
            those = or_(articles.c.id.in_(stored), articles.c.copy_of.in_(stored))
            self._connection.execute(update(articles).where(those).values(copy_of=first))
            self.changed = True
        for each in (self._members[id] for id in set(others).union(*(self._copies[id] for id in others))):
            self._put(each, Told(each.story, first))

    def _tell(self, new: _Member, copies: Sequence[_Member], events: Sequence[_Member]) -> None:
        """One story of all that the new article belongs to, under the id of the one that was stored first."""
        same = {new.story or new.id, *(each.story or each.id for each in copies)}
        heads = self._in_order(same | {each.story or each.id for each in events})
        joined = [head for head in heads if head.id in same or abs(head.at - new.at) <= _LONGEST]
        if len(joined) > 1:
            story, changed = joined[0].id, {head.id for head in joined if head.story != joined[0].id}
            if stored := sorted(changed - self._coming.keys()):
                those = or_(articles.c.id.in_(stored), articles.c.story.in_(stored))
                self._connection.execute(update(articles).where(those).values(story=story))
                self.changed = True
            for each in (self._members[id] for id in changed.union(*(self._tellers[id] for id in changed))):
                self._put(each, Told(story, each.copy_of))

    def _in_order(self, ids: set[str]) -> list[_Member]:
        """As they were stored."""
        if unmet := sorted(ids - self._members.keys()):
            for row in self._connection.execute(_HEADS, {"ids": unmet}):
                self.meet(_Member(*row))
        return sorted((self._members[id] for id in ids if id in self._members), key=lambda each: each.number)


_MEMBER = tuple(articles.c[name] for name in ("number", "id", "at", "source", "university", "story", "copy_of"))
_CHOSEN = (
    select(*_MEMBER, kept.c.marks)
    .join(kept, kept.c.number == articles.c.number)
    .where(articles.c.number.in_(bindparam("numbers", expanding=True)))
    .order_by(articles.c.number)
)
_HEADS = select(*_MEMBER).where(articles.c.id.in_(bindparam("ids", expanding=True)))
"""Both made once, as each new article asks them."""


def _is_copy(verdict: Verdict | None, one: tuple[_Member, Marks], other: tuple[_Member, Marks]) -> bool:
    """Whether one stands for the other. Within a source, and where a title is all there is, the verdict on the texts is not enough."""
    if verdict is None:
        return False
    (first, marks), (second, others) = one, other
    if first.source == second.source:
        return verdict.score >= COPIED + _SAME_SOURCE_COPY and min(marks.sketch.size, others.sketch.size) >= _SAME_SOURCE_TEXT
    return not verdict.has_title_only or (first.university is not None and first.university == second.university)


def _is_told_by(other: _Member, new: _Member, marks: Marks, others: _Recognized) -> bool:
    """Whether ``new`` tells of the event of ``other``."""
    if abs(other.at - new.at) > _LONGEST:
        return False
    verdict = judge_event(marks, others.marks)
    return verdict.relation == "same_event" and verdict.score > (_SAME_SOURCE if other.source == new.source else _SURE)
