"""The only database code: what is known of sources, and every article. One poll is one transaction.

    Store.open(url) ─▶ sync(sources) · claim(…) ─▶ … one poll … ─▶ apply(changes)
                       articles(query) · article(id) · states() · revision()

The store has rooms, one module each, by what is asked of it; none needs another's privates: what several do within a transaction is a function of a connection
(``revisions``, ``stories``, ``journal.write``, ``mentions.tag``). What differs between databases stands in modules of their own (``sqlite.py``, ``postgres.py``);
their functions are the whole of that seam.
"""

from __future__ import annotations

from types import ModuleType
from typing import Self

from sqlalchemy.engine import Engine, make_url
from sqlalchemy.exc import ArgumentError

from aggregator.errors import StoreError
from aggregator.store import migrate
from aggregator.store.forgetting import Forgetting, is_card
from aggregator.store.hosts import Hosts
from aggregator.store.hubs import Hubs
from aggregator.store.journal import Journal
from aggregator.store.letters import Letters
from aggregator.store.mentions import Mentions
from aggregator.store.polls import Polls
from aggregator.store.published import Published
from aggregator.store.sources import Sources

__all__ = ["Store", "is_card"]


class Store(Sources, Hosts, Hubs, Polls, Mentions, Published, Letters, Journal, Forgetting):
    """Thread-safe; every method is one transaction. Raises StoreError, and its kinds, only."""

    @classmethod
    def open(cls, url: str) -> Self:
        """Connect, make or migrate the tables. Raises ForeignDatabase or NewerDatabase before anything is touched. Of a SQLite file whose tables are of an
        older version a copy is kept beside it.
        """
        engine, dialect, name = _place(url)
        store = cls(engine, dialect, name)
        with store._writing() as connection:
            dialect.check_ours(connection, store.name)
            old = migrate.outdated(connection)
        if old is not None:
            with store._failures():
                dialect.keep_copy(store._engine, f"before-{migrate.HEAD}")
        with store._writing() as connection:
            dialect.take_turn(connection, "schema")
            migrate.upgrade(connection, store.name)
        return store

    @classmethod
    def look(cls, url: str) -> Self | None:
        """The same, where there is a database whose tables are of this version; None where they are not. Nothing is made, marked or migrated."""
        store = cls(*_place(url))
        with store._reading() as connection:
            if migrate.is_current(connection):
                return store
        store.close()
        return None


def _place(url: str) -> tuple[Engine, ModuleType, str]:
    """What connects to it, its dialect, and how it is called without its password. Nothing is connected yet."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(f"{url!r} is no database address", remedy="for example sqlite:///data/aggregator.db") from error
    dialect = _dialect(parsed.get_backend_name())
    return dialect.engine(parsed), dialect, parsed.render_as_string(hide_password=True)


def _dialect(backend: str) -> ModuleType:
    """Each brings its driver along, and only one is needed."""
    if backend == "sqlite":
        from aggregator.store import sqlite

        return sqlite
    if backend == "postgresql":
        from aggregator.store import postgres

        return postgres
    raise StoreError(f"{backend} databases are not supported", remedy="use sqlite:///PATH or postgresql://user:password@host/database")
