"""A query as SQL: the same conditions on every database, but for the search of words, which each database brings itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import ColumnElement, and_, false, func, not_, or_, select, true

from aggregator.query import And, Everything, Field, Not, Or, Query, When, Words
from aggregator.store.tables import articles, mentions, primary_language

Search = Callable[[Sequence[Words]], ColumnElement[bool]]
"""Articles that hold all of these words."""


def condition(query: Query, search: Search) -> ColumnElement[bool]:
    """True for the rows of ``articles`` that ``query`` means."""
    match query:
        case Everything():
            return true()
        case And(parts):
            words = [part for part in parts if isinstance(part, Words)]
            others = [condition(part, search) for part in parts if part not in words]
            return and_(true(), *([search(words)] if words else []), *others)
        case Or(parts):
            return or_(*(condition(part, search) for part in parts))
        case Not(part):
            return not_(func.coalesce(condition(part, search), false()))
        case Words():
            return search([query])
        case When(start, end):
            return and_(true(), *([articles.c.at >= start] if start else []), *([articles.c.at < end] if end else []))
        case Field(name, values):
            return _FIELDS[name](values)
        case _:
            raise TypeError(f"no condition for {type(query).__name__}")


def apart(query: Query) -> tuple[Query, tuple[Words, ...]]:
    """``query`` as two, both of which must be true: the words that must all be there, and the rest, which may ask for others still."""
    parts = query.parts if isinstance(query, And) else (query,)
    words = tuple(part for part in parts if isinstance(part, Words))
    return And(tuple(part for part in parts if part not in words)), words


def _language(values: tuple[str, ...]) -> ColumnElement[bool]:
    return or_(*map(_written_in, values))


def _written_in(tag: str) -> ColumnElement[bool]:
    """Found by its primary language, newest first; the rest of the tag is compared one by one."""
    primary = primary_language == f"{tag.partition('-')[0]}-"[:3]
    if len(tag) == 2:
        return primary
    column = func.lower(articles.c.language)
    return and_(primary, or_(column == tag, and_(column > f"{tag}-", column < f"{tag}.")))


def _topic(values: tuple[str, ...]) -> ColumnElement[bool]:
    if len(values) == 1:
        return articles.c.topic == values[0]
    return func.coalesce(articles.c.topic, "news").in_(
        values
    )  # most articles are of these: walked by time, not gathered by topic and sorted


def _has(values: tuple[str, ...]) -> ColumnElement[bool]:
    columns = {"image": articles.c.image, "text": articles.c.content, "date": articles.c.published}
    return and_(*(columns[value].is_not(None) for value in values))


def _story(values: tuple[str, ...]) -> ColumnElement[bool]:
    told = articles.alias("told")
    stories = select(told.c.story).where(told.c.id.in_(values), told.c.story.is_not(None))
    return or_(articles.c.id.in_(values), articles.c.story.in_(stories))


def _mentions(values: tuple[str, ...]) -> ColumnElement[bool]:
    return articles.c.number.in_(select(mentions.c.article).where(mentions.c.tag.in_(values)))


def _about(values: tuple[str, ...]) -> ColumnElement[bool]:
    return articles.c.number.in_(select(mentions.c.article).where(mentions.c.tag.in_(values), mentions.c.about))


_FIELDS: dict[str, Callable[[tuple[str, ...]], ColumnElement[bool]]] = {
    "university": articles.c.university.in_,
    "source": articles.c.source.in_,
    "language": _language,
    "topic": _topic,
    "has": _has,
    "story": _story,
    "mentions": _mentions,
    "about": _about,
}
