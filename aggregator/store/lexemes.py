"""The search index of PostgreSQL: a list of terms for each article, with their places as far as PostgreSQL counts them.

It counts 255 places of a term, and up to the 16,383rd word. Of an article that has more, and of one whose terms do not fit, the terms are kept as they were
``said`` beside the list: the list finds which articles have all words of a question, the places or what was said tell whether they stand together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Connection, Text, and_, case, cast, column, false, func, literal, or_, select, table, text
from sqlalchemy.dialects.postgresql import TSQUERY

from aggregator.query import Words
from aggregator.store.tables import articles
from aggregator.text import search

_WEIGHTS = {"title": "A", "authors": "C", "categories": "D", "body": "B"}
"""Columns of the search in the order in which they stand, as PostgreSQL can tell them apart within one list of terms."""
_PLACES = {name: place for place, name in enumerate(_WEIGHTS, 1)}
"""Of each column within ``said``."""
_MOST_PLACES = 255
"""Of one term; PostgreSQL drops the rest."""
_LAST_PLACE = 16_383
"""Where PostgreSQL stops to count."""
_LARGEST = 900_000
"""Bytes of the terms of one list; PostgreSQL takes 1 MB, with their places."""
_LONGEST = 2_000
"""Bytes of one term; PostgreSQL takes 2,046."""
_UNLISTED = "_"
"""Stands for the terms of an article whose list would be too large. It is no term itself."""

_search = table("search", column("number"), column("terms"), column("said", ARRAY(Text)))


def words(wanted: Sequence[Words]) -> ColumnElement[bool]:
    """Articles in which the terms of each stand one after the other."""
    return and_(*map(_in, wanted))


any_words = holds_words = words
"""It finds by itself which way is shorter."""


def some_words(_wanted: Sequence[Words]) -> None:
    """To count some takes it as long as all."""


def latest_with(_wanted: Sequence[Words], _most: int) -> None:
    """Its index has no order."""


def _in(query: Words) -> ColumnElement[bool]:
    together = case((_search.c.said.is_(None), _placed(query)), else_=_said(query))
    return articles.c.number.in_(select(_search.c.number).where(_search.c.terms.op("@@")(_candidates(query.terms)), together))


def _candidates(terms: Sequence[str]) -> ColumnElement[Any]:
    """Who has all of the terms, wherever: answered by the index alone, without a look at the lists."""
    listed = " & ".join(f"'{term}'{':*' if search.is_prefix(term) else ''}" for term in terms if _fits(term))
    return cast(literal(f"({listed}) | '{_UNLISTED}'" if listed else f"'{_UNLISTED}'"), TSQUERY)


def _placed(query: Words) -> ColumnElement[bool]:
    """They stand together, by their places."""
    *terms, last = query.terms
    if not all(map(_fits, query.terms)):
        return false()
    weights = _WEIGHTS[query.column] if query.column else _WEIGHTS["title"] + _WEIGHTS["body"]
    marks = [f"'{term}':{weights}" for term in terms] + [f"'{last}':{'*' if search.is_prefix(last) else ''}{weights}"]
    return _search.c.terms.op("@@", is_comparison=True)(cast(literal(" <-> ".join(marks)), TSQUERY))


def _said(query: Words) -> ColumnElement[bool]:
    """They stand together, by what was said."""
    run = f" {' '.join(query.terms)}{'' if search.is_prefix(query.terms[-1]) else ' '}"
    columns = [query.column] if query.column else ["title", "body"]
    return or_(*(func.strpos(_search.c.said[_PLACES[each]], run) > 0 for each in columns))


def _fits(term: str) -> bool:
    return len(term.encode()) <= _LONGEST


_ADD = text("INSERT INTO search (number, terms, said) VALUES (:number, CAST(:terms AS tsvector), CAST(:said AS text[]))")
_REMOVE = text("DELETE FROM search WHERE number = :number")


def add_to_search(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """``rows``: number, title, body, authors, categories as they stand in the articles."""
    if rows:
        connection.execute(_ADD, [{"number": row["number"], **_entry(row)} for row in rows])


def remove_from_search(connection: Connection, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(_REMOVE, [{"number": row["number"]} for row in rows])


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    parts = {**row, "authors": "\n".join(row["authors"]), "categories": "\n".join(row["categories"])}
    said = {name: search.index(parts[name] or "").split() for name in _WEIGHTS}
    counted = Counter(term for terms in said.values() for term in terms)
    listed = all(map(_fits, counted)) and sum(len(term.encode()) for term in counted) <= _LARGEST
    if listed and counted.total() + len(_WEIGHTS) <= _LAST_PLACE and max(counted.values(), default=0) <= _MOST_PLACES:
        return {"terms": _vector(said), "said": None}
    terms = " ".join(f"'{term}'" for term in counted) if listed else f"'{_UNLISTED}'"
    return {"terms": terms, "said": [f" {' '.join(each)} " for each in said.values()]}


def _vector(said: Mapping[str, Sequence[str]]) -> str:
    """Terms with their places, as PostgreSQL writes a ``tsvector``. A gap between columns keeps phrases from crossing it."""
    written: list[str] = []
    place = 0
    for name, terms in said.items():
        written += [f"'{term}':{number}{_WEIGHTS[name]}" for number, term in enumerate(terms, place + 1)]
        place += len(terms) + 1
    return " ".join(written)
