"""Which universities the articles name: which are still to be looked through for them, and what was found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, delete, insert, not_, select, update

from aggregator.model import Article
from aggregator.store import revisions, rows
from aggregator.store.database import Database
from aggregator.store.tables import articles, mentions, settings


class Mentions(Database):
    """The edition of the gazetteer that articles were looked through with, and what it found in them."""

    def know(self, edition: int) -> bool:
        """Which ``edition`` of the gazetteer articles are looked through with. Where that is another than before, all are to be looked through again; returns
        whether there are any.
        """
        with self._writing() as connection:
            if connection.scalar(select(settings.c.value).where(settings.c.name == "gazetteer")) == edition:
                return False
            connection.execute(self._dialect.upsert(settings, keys=["name"], update=["value"]), [{"name": "gazetteer", "value": edition}])
            return bool(connection.execute(update(articles).where(articles.c.named).values(named=False)).rowcount)

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
                    tag(connection, {row.number: article})
            if changed:
                revisions.grow(connection)
        return changed


def tag(connection: Connection, numbered: Mapping[int, Article]) -> None:
    """Make these articles, by their numbers, found by whom they name."""
    tags = [
        {"tag": tag, "article": number, "about": about}
        for number, article in numbered.items()
        for tag, about in rows.tags(article.mentions or ()).items()
    ]
    if tags:
        connection.execute(insert(mentions), tags)
