"""Forgetting and tidying: old articles become cards without their texts, the file becomes smaller, and what searches look into is put in order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, false, func, or_, select, update

from aggregator.model import Article
from aggregator.store import rows
from aggregator.store.database import Database
from aggregator.store.tables import articles

_CARD = ("content", "text", "summary", "provenance")
_SUMMARY = 300
_FORGOTTEN = "forgotten"


class Forgetting(Database):
    """Old texts, and the room that they took."""

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

    def tidy(self) -> bool:
        """A small step in putting in order what searches look into, so that they cost the same however long the wire has run. Returns whether that was all."""
        with self._writing() as connection:
            return bool(self._dialect.tidy(connection))

    def compact(self) -> None:
        """Write the database anew, as small as it can be. Takes as much room again while it lasts; nobody can write meanwhile."""
        with self._failures():
            self._dialect.compact(self._engine)


def is_card(article: Article) -> bool:
    """Whether its text was forgotten: what was found in that stays as it is."""
    return article.provenance.get("content", "").startswith(_FORGOTTEN)


def _card(row: Mapping[str, Any], before: datetime) -> dict[str, Any]:
    text = row["text"] or ""
    short = text if len(text) <= _SUMMARY else text[:_SUMMARY].rpartition(" ")[0] or text[:_SUMMARY]
    told = {"content": f"{_FORGOTTEN}: older than {before:%Y-%m-%d}, see `keep` in the configuration"}
    return {"content": None, "text": None, "summary": row["summary"] or short or None, "provenance": told}
