"""What is SQLite's own: how to connect, search words, insert or update, and recognize whose file it is."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Engine, Table, column, create_engine, event, exists, func, select, table, text
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import URL
from sqlalchemy.sql.dml import Insert

from aggregator.errors import ForeignDatabase, StoreBusy, StoreError
from aggregator.query import Words
from aggregator.store.tables import articles
from aggregator.text import search

APPLICATION_ID = 0x554E4557
"""Written into the file (``PRAGMA application_id``): it is ours. "UNEW"."""

_BUSY = 30_000
"""Milliseconds to wait for another writer."""
_search = table("search", column("rowid"), column("title"), column("body"), column("search"))


def engine(url: URL) -> Engine:
    """Connections in WAL mode. A transaction that writes says so (``execution_options(write=True)``) and takes its place at once."""
    if url.drivername != "sqlite" or url.host or url.query or not url.database or url.database == ":memory:" or "\0" in url.database:
        raise StoreError(f"{url.render_as_string()} names no file", remedy="for example sqlite:///data/aggregator.db")
    try:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{url.database}: its folder cannot be made: {error.strerror}",
            remedy="set `database` in aggregator.yaml to a place that can be written",
        ) from error
    made = create_engine(url, connect_args={"timeout": _BUSY / 1000, "check_same_thread": False}, pool_size=8, max_overflow=8)
    event.listen(made, "connect", _connected)
    event.listen(made, "begin", _begin)
    return made


def _connected(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, see _begin
    connection.create_function("fold", 1, lambda text: search.fold(str(text)), deterministic=True)
    connection.execute(f"PRAGMA busy_timeout={_BUSY}")
    if _is_ours(connection.execute):
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "cache_size=-16000", "temp_store=MEMORY", "journal_size_limit=64000000"):
            connection.execute(f"PRAGMA {pragma}")


def _is_ours(ask: Callable[[str], Any]) -> bool:
    """Whether the file is ours, or new: even its journal mode is not ours to change otherwise."""
    ((tables,),) = ask("SELECT count(*) FROM sqlite_master WHERE type = 'table'")
    ((identity,),) = ask("PRAGMA application_id")
    return not tables or identity == APPLICATION_ID


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN")


def check_ours(connection: Connection, name: str) -> None:
    """Raises ForeignDatabase where the file holds tables of somebody else; marks it as ours where it holds none."""
    if not _is_ours(connection.exec_driver_sql):
        raise ForeignDatabase(
            f"{name} is an SQLite database, but not one of ours", remedy="set `database` in aggregator.yaml to a file of its own"
        )
    if connection.scalar(text("PRAGMA application_id")) != APPLICATION_ID:
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")


def upsert(target: Table, *, keys: list[str], update: list[str]) -> Insert:
    """Insert rows, or ``update`` these columns of the row that has the same ``keys``."""
    statement = insert(target)
    return statement.on_conflict_do_update(index_elements=keys, set_={name: statement.excluded[name] for name in update})


def words(query: Words) -> ColumnElement[bool]:
    """Articles in whose title (or text) the terms stand one after the other (FTS5 phrase)."""
    *first, last = query.terms
    quoted = " + ".join(f'"{term}"' for term in [*first, last])
    expression = f"{quoted}{' *' if search.is_prefix(last) else ''}"
    scoped = f"{{title}} : ({expression})" if query.title_only else expression
    fts: Column[Any] = _search.c.search  # type: ignore[assignment]
    return articles.c.number.in_(select(_search.c.rowid).where(fts.op("MATCH")(scoped)))


def listed(names: Column[Any], value: str) -> ColumnElement[bool]:
    """Articles of whose ``names`` (a JSON list) one contains ``value``, compared as words are: without case, width and accents."""
    each = func.json_each(names).table_valued("value")
    return exists(select(1).select_from(each).where(func.fold(each.c.value).contains(search.fold(value), autoescape=True)))


_ADD = text("INSERT INTO search (rowid, title, body) VALUES (:number, :title, :body)")
_REMOVE = text("INSERT INTO search (search, rowid, title, body) VALUES ('delete', :number, :title, :body)")


def add_to_search(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """``rows``: number, title, body as they stand in the articles."""
    if rows:
        connection.execute(_ADD, [_indexed(row) for row in rows])


def remove_from_search(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """``rows`` must say exactly what was added: the index keeps no copy of the texts."""
    if rows:
        connection.execute(_REMOVE, [_indexed(row) for row in rows])


def _indexed(row: dict[str, Any]) -> dict[str, Any]:
    return {"number": row["number"], "title": search.index(row["title"]), "body": search.index(row["body"] or "")}


def translate(error: Exception, name: str) -> StoreError:
    """A failure of the driver in our words."""
    reason = str(getattr(error, "orig", None) or error)
    low = reason.lower()
    if "locked" in low or "busy" in low:
        return StoreBusy(f"{name} is locked by another program for more than {_BUSY // 1000} s", remedy="end the other program, or wait")
    if "not a database" in low:
        return ForeignDatabase(f"{name} is no SQLite database", remedy="set `database` in aggregator.yaml to a file of its own")
    if "full" in low:
        return StoreError(f"{name} cannot grow: {reason}", remedy="free some disk space; nothing that was stored is lost")
    if "readonly" in low or "unable to open" in low:
        return StoreError(f"{name} cannot be opened for writing: {reason}", remedy="check the rights of the file and of its folder")
    if "malformed" in low or "corrupt" in low:
        return StoreError(f"{name} is damaged: {reason}", remedy="restore a backup, or move the file away to start anew")
    return StoreError(f"{name}: {reason}")
