"""Stories in the database, for those who publish them. How articles come to belong to one stands in ``joining``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select

from aggregator.model import Article, Report
from aggregator.store import rows
from aggregator.store.database import chunks
from aggregator.store.tables import articles

_REPORTS = 60
"""Reports of one story that are named."""


def reports(connection: Connection, of: Iterable[Article]) -> Mapping[str, tuple[Report, ...]]:
    """For each article with a story the others that tell it, copies first, then by when they came: at most ``_REPORTS``."""
    asked = [article for article in of if article.story]
    told: dict[str, list[tuple[str, Report]]] = {}
    for chunk in chunks(sorted({article.story or "" for article in asked})):
        for row in connection.execute(_FIRST, {"stories": chunk}):
            told.setdefault(row.story, []).append((row.copy_of or row.id, _report(row)))
    return {article.id: tuple(_seen(article, told.get(article.story or "", ()))) for article in asked}


def told(connection: Connection, id: str) -> tuple[Article, ...]:
    """The story of the article of this id, in the order in which it was told, whole; at most ``_REPORTS``."""
    one = connection.execute(select(articles).where(articles.c.id == id)).first()
    if one is None or one.story is None:
        return () if one is None else (rows.article(one),)
    of_story = select(articles).where(articles.c.story == one.story).order_by(articles.c.at, articles.c.id).limit(_REPORTS)
    return tuple(rows.article(row) for row in connection.execute(of_story))


_REPORTED = tuple(articles.c[name] for name in ("id", "title", "url", "source", "university", "language", "published", "story", "copy_of"))
_ranked = (
    select(articles.c.number, func.row_number().over(partition_by=articles.c.story, order_by=(articles.c.at, articles.c.id)).label("rank"))
    .where(articles.c.story.in_(bindparam("stories", expanding=True)))
    .subquery()
)
_FIRST = (
    select(*_REPORTED)
    .join(_ranked, _ranked.c.number == articles.c.number)
    .where(_ranked.c.rank <= _REPORTS)
    .order_by(articles.c.at, articles.c.id)
)
"""The first reports of these ``stories``; of the others no more than the index is read, however many there are."""


def _report(row: Row[Any]) -> Report:
    return Report(row.id, row.title, row.url, row.source, row.university, row.language, row.published, copy=False)


def _seen(article: Article, told: Iterable[tuple[str, Report]]) -> Iterator[Report]:
    """The others, each with the first one of its text: copies of ``article`` first."""
    head = article.copy_of or article.id
    others = [(first, report) for first, report in told if report.article != article.id]
    yield from (replace(report, copy=True) for first, report in others if first == head)
    yield from (report for first, report in others if first != head)
