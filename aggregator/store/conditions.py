"""A query as SQL: the same conditions on every database, but for the search of words and names, which each database brings itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Column, ColumnElement, and_, false, func, not_, or_, true

from aggregator.query import And, Everything, Field, Not, Or, Query, When, Words
from aggregator.store.tables import articles

Search = Callable[[Words], ColumnElement[bool]]
"""Articles that hold these words."""
Listed = Callable[[Column[Any], str], ColumnElement[bool]]
"""Articles of whose list of names in that column one contains the text."""


def condition(query: Query, search: Search, listed: Listed) -> ColumnElement[bool]:
    """True for the rows of ``articles`` that ``query`` means."""
    match query:
        case Everything():
            return true()
        case And(parts):
            return and_(*(condition(part, search, listed) for part in parts))
        case Or(parts):
            return or_(*(condition(part, search, listed) for part in parts))
        case Not(part):
            return not_(func.coalesce(condition(part, search, listed), false()))
        case Words():
            return search(query)
        case When(start, end):
            return and_(true(), *([articles.c.at >= start] if start else []), *([articles.c.at < end] if end else []))
        case Field("author" | "category" as name, values):
            return or_(*(listed(_LISTS[name], value) for value in values))
        case Field(name, values):
            return _FIELDS[name](values)
        case _:
            raise TypeError(f"no condition for {type(query).__name__}")


def _language(values: tuple[str, ...]) -> ColumnElement[bool]:
    column = func.lower(articles.c.language)
    return or_(*(or_(column == value, column.startswith(f"{value}-", autoescape=True)) for value in values))


def _has(values: tuple[str, ...]) -> ColumnElement[bool]:
    columns = {"image": articles.c.image, "text": articles.c.content, "date": articles.c.published}
    return and_(*(columns[value].is_not(None) for value in values))


_LISTS: dict[str, Column[Any]] = {"author": articles.c.authors, "category": articles.c.categories}
_FIELDS: dict[str, Callable[[tuple[str, ...]], ColumnElement[bool]]] = {
    "university": articles.c.university.in_,
    "source": articles.c.source.in_,
    "language": _language,
    "has": _has,
}
