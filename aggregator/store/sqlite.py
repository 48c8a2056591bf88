"""What is SQLite's own: how to connect, search words, insert or update, and recognize whose file it is."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    column,
    create_engine,
    event,
    func,
    literal_column,
    select,
    table,
    text,
    type_coerce,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.engine import URL
from sqlalchemy.sql.dml import Insert

from aggregator.errors import DamagedDatabase, ForeignDatabase, StoreBusy, StoreError
from aggregator.query import Words
from aggregator.store.database import Found, Sought, unpacked
from aggregator.text import search

APPLICATION_ID = 0x554E4557
"""Written into the file (``PRAGMA application_id``): it is ours. "UNEW"."""

SHARED = False
"""Whether programs on several machines may work with it."""
_BUSY = 30_000
"""Milliseconds to wait for another writer."""
_search = table("search", column("rowid"), column("title"), column("body"), column("search"))


def engine(url: URL) -> Engine:
    """Connections in WAL mode. A transaction that writes says so (``execution_options(write=True)``) and takes its place at once."""
    if url.drivername != "sqlite" or url.host or url.query or not url.database or url.database == ":memory:" or "\0" in url.database:
        raise StoreError(f"{url.render_as_string()} names no file", remedy="for example sqlite:///data/aggregator.db")
    if Path(url.database).is_dir():
        raise StoreError(
            f"{url.database} is a folder, and no database", remedy=f"name a file in it: sqlite:///{Path(url.database) / 'aggregator.db'}"
        )
    try:
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{url.database}: its folder cannot be made: {error.strerror}",
            remedy="set `database` in aggregator.yaml to a place that can be written",
        ) from error
    made = create_engine(
        url,
        # Of statements that differ in how many values they name, each connection would keep 128: 5 MB in all, for nothing.
        connect_args={"timeout": _BUSY / 1000, "check_same_thread": False, "cached_statements": 40},
        pool_size=8,
        max_overflow=8,
        json_deserializer=unpacked,
        pool_use_lifo=True,  # each connection has a cache of its own: the fewer are at work, the smaller and the fuller they are
    )
    event.listen(made, "connect", _connected)
    event.listen(made, "begin", _begin)
    return made


def _connected(connection: sqlite3.Connection, _: Any) -> None:
    connection.isolation_level = None  # transactions are begun by us, see _begin
    connection.execute(f"PRAGMA busy_timeout={_BUSY}")
    if _is_ours(connection.execute):
        for pragma in (
            "auto_vacuum=INCREMENTAL",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "cache_size=-2000",
            "temp_store=MEMORY",
            "journal_size_limit=64000000",
        ):
            connection.execute(f"PRAGMA {pragma}")


def _is_ours(ask: Callable[[str], Any]) -> bool:
    """Whether the file is ours, or new: even its journal mode is not ours to change otherwise."""
    ((tables,),) = ask("SELECT count(*) FROM sqlite_master WHERE type = 'table'")
    ((identity,),) = ask("PRAGMA application_id")
    return not tables or identity == APPLICATION_ID


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("write") else "BEGIN")


PATIENCE = 3.0
"""Seconds that one question of a reader may take. Anybody may ask; nobody may keep the others waiting."""


@contextmanager
def bounded(connection: Connection) -> Iterator[None]:
    """Ends a question that takes longer than ``PATIENCE``."""
    raw = connection.connection.dbapi_connection
    until = time.monotonic() + PATIENCE
    raw.set_progress_handler(lambda: time.monotonic() > until, 20_000)  # type: ignore[union-attr]
    try:
        yield
    finally:
        raw.set_progress_handler(None, 0)  # type: ignore[union-attr]


def company(connection: Connection) -> int:  # noqa: ARG001 - of the seam
    """Nobody: who works with a file holds its lock (``lock.py``)."""
    return 0


def take_turn(connection: Connection, kind: str) -> None:
    """Nothing to do: a transaction that writes is the only one (``_begin``)."""


def check_ours(connection: Connection, name: str) -> None:
    """Raises ForeignDatabase where the file holds tables of somebody else; marks it as ours where it holds none."""
    if not _is_ours(connection.exec_driver_sql):
        raise ForeignDatabase(
            f"{name} is an SQLite database, but not one of ours", remedy="set `database` in aggregator.yaml to a file of its own"
        )
    if connection.scalar(text("PRAGMA application_id")) != APPLICATION_ID:
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")


def keep_copy(engine: Engine, name: str) -> None:
    """A copy of the file beside it, as it is now, unless one of this name is there already."""
    path = Path(engine.url.database or "")
    copy = path.with_name(f"{path.name}.{name}")
    if copy.exists():
        return
    unfinished = copy.with_name(copy.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    with closing(sqlite3.connect(path, timeout=_BUSY / 1000)) as held, closing(sqlite3.connect(unfinished)) as kept:
        held.backup(kept)
        kept.execute("PRAGMA journal_mode=DELETE")
    unfinished.replace(copy)


_PAGES = 5_000
"""Given back at a time: 20 MB, a fraction of a second."""


def give_back(engine: Engine) -> None:
    """Of a file that an older version has made, nothing can be given back; what nothing uses is filled again, and ``compact`` makes it one of today's."""
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        for _ in range(20):
            (free,) = raw.execute("PRAGMA freelist_count").fetchone()  # type: ignore[union-attr]
            (mode,) = raw.execute("PRAGMA auto_vacuum").fetchone()  # type: ignore[union-attr]
            if not free or mode != 2:
                break
            raw.executescript(f"PRAGMA incremental_vacuum({_PAGES})")  # type: ignore[union-attr] # execute() takes one step of it: one page
        raw.execute("PRAGMA optimize")  # type: ignore[union-attr]


def compact(engine: Engine) -> None:
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        raw.execute("INSERT INTO search(search) VALUES('optimize')")  # type: ignore[union-attr]
        raw.execute("PRAGMA auto_vacuum=INCREMENTAL")  # type: ignore[union-attr]
        raw.execute("VACUUM")  # type: ignore[union-attr]
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]


_MERGED = 64
"""Pages of the index of words that are written at a time: some hundredths of a second, for which nobody else writes."""


def tidy(connection: Connection) -> bool:
    """Each transaction leaves a part of its own in the index of words, and every search looks into all of them: what has come since the last time is put
    together, a little at a time. SQLite does that by itself as well, but leaves up to three of each size. Returns whether that was all.
    """
    if connection.scalar(text("SELECT v FROM search_config WHERE k = 'usermerge'")) != _TOGETHER:
        connection.execute(text("INSERT INTO search (search, rank) VALUES ('usermerge', :parts)"), {"parts": _TOGETHER})
    raw = connection.connection.dbapi_connection
    before = raw.total_changes  # type: ignore[union-attr]
    connection.execute(text("INSERT INTO search (search, rank) VALUES ('merge', :pages)"), {"pages": _MERGED})
    return raw.total_changes - before < 2  # type: ignore[union-attr,no-any-return]  # the command itself counts as one


_TOGETHER = 2
"""Parts of one size that are worth it."""


def go_on_after(connection: Connection, name: str) -> None:
    """Nothing to do: a new row has the number after the greatest."""


def clock() -> ColumnElement[int]:
    """Microseconds since 1970, exact to the millisecond."""
    return literal_column("CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)", BigInteger)


def upsert(target: Table, *, keys: list[str], update: list[str]) -> Insert:
    """Insert rows, or ``update`` these columns of the row that has the same ``keys``."""
    statement = insert(target)
    return statement.on_conflict_do_update(index_elements=keys, set_={name: statement.excluded[name] for name in update})


def first_of_each(group: ColumnElement[Any], rows: Select[Any], *, order: tuple[ColumnElement[bool], ColumnElement[Any]]) -> Select[Any]:
    """Of those of ``rows`` that have the same ``group`` the first: by a yes or no (no is first), then by a moment.

    In a query with one ``min`` the other columns are of its row (SQLite, "bare columns"): a third of what numbering the rows takes.
    """
    late, moment = order
    rank = type_coerce(late, BigInteger) * (1 << 60) + func.coalesce(type_coerce(moment, BigInteger), 0)
    return rows.add_columns(func.min(rank).label("rank")).group_by(group)


def words(wanted: Sequence[Words]) -> ColumnElement[bool]:
    """Articles in which the terms of each stand one after the other (FTS5 phrases), where the newest few are wanted."""
    # The plus keeps SQLite from reading every article that has a common word before it sorts them: it walks the newest ones and asks for each.
    return literal_column("+articles.number").in_(_matching(wanted))


def any_words(wanted: Sequence[Words]) -> ColumnElement[bool]:
    """The same articles, where all of them are wanted, or those that came first."""
    return literal_column("articles.number").in_(_matching(wanted))


def some_words(wanted: Sequence[Words]) -> ColumnElement[bool] | None:
    """As many of them as can be counted at a glance. None: where that is no quicker than all."""
    return literal_column("articles.number").in_(_matching(wanted).limit(_GLANCE))


def holds_words(wanted: Sequence[Words]) -> ColumnElement[bool]:
    """The same articles, where the words are common and few articles are to be looked at: each is a search of its own, which ends where the next one is found."""
    return _matching(wanted).where(_search.c.rowid == literal_column("articles.number")).exists()


def latest_with(wanted: Sequence[Words], most: int) -> Select[Any] | None:
    """The numbers of the latest articles that hold these words, downwards: that is cheap however many there are. None: where it is not."""
    return _matching(wanted).order_by(_search.c.rowid.desc()).limit(most)


_GLANCE = 20_000


def _matching(wanted: Sequence[Words]) -> Select[Any]:
    fts: Column[Any] = _search.c.search  # type: ignore[assignment]
    return select(_search.c.rowid).where(fts.op("MATCH")(" AND ".join(map(_expression, wanted))))


def _expression(words: Words) -> str:
    quoted = " + ".join(f'"{term}"' for term in words.terms)
    return f"({{{words.column or 'title body'}}} : ({quoted}{' *' if search.is_prefix(words.terms[-1]) else ''}))"


_ADD = text("INSERT INTO search (rowid, title, body, authors, categories) VALUES (:number, :title, :body, :authors, :categories)")
_REMOVE = text(
    "INSERT INTO search (search, rowid, title, body, authors, categories) VALUES ('delete', :number, :title, :body, :authors, :categories)"
)


def add_to_search(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """``rows``: number, title, body, authors, categories as they stand in the articles."""
    if rows:
        connection.execute(_ADD, [_indexed(row) for row in rows])


def remove_from_search(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """``rows`` must say exactly what was added: the index keeps no copy of the texts."""
    if rows:
        connection.execute(_REMOVE, [_indexed(row) for row in rows])


def _indexed(row: dict[str, Any]) -> dict[str, Any]:
    names = {name: search.index("\n".join(row[name])) for name in ("authors", "categories")}
    return {"number": row["number"], "title": search.index(row["title"]), "body": search.index(row["body"] or ""), **names}


_MOST_NUMBERS = 1 << 62


def leave(connection: Connection, traces: Sequence[tuple[int, int]]) -> None:
    """``traces``: each with the number of an article. There are many, so they go straight to the driver."""
    if traces:
        connection.exec_driver_sql("INSERT OR IGNORE INTO traces (trace, number) VALUES (?, ?)", list(traces))


def sharing(connection: Connection, sought: Iterable[Sought], most: int) -> Iterator[Found]:
    """For each of ``sought`` the latest ``most`` articles that have left each of its traces, or one within each of its spans: those of the last traces of
    a span first.
    """
    return (_sharing(connection, each, most) for each in sought)  # not all at once: that many rows cost more to keep than to find


def _sharing(connection: Connection, sought: Sought, most: int) -> Found:
    traces, spans, below = sought
    limit = _MOST_NUMBERS if below is None else below
    asked = [value for trace in traces for value in (trace, limit)] + [value for first, last in spans for value in (first, last, limit)]
    return connection.exec_driver_sql(_looks(len(traces), len(spans), most), tuple(asked)).all() if asked else ()


@lru_cache(maxsize=512)
def _looks(traces: int, spans: int, most: int) -> str:
    """One look at the end of the index for each. A form that is filled in every day has left the same traces thousands of times."""
    latest = "SELECT {{}}, number FROM (SELECT number FROM traces WHERE {} AND number < ? ORDER BY {} LIMIT {})"
    one = latest.format("trace = ?", "number DESC", most)
    span = latest.format("trace BETWEEN ? AND ?", "trace DESC, number DESC", most)
    return " UNION ALL ".join((one if place < traces else span).format(place) for place in range(traces + spans))


_RESTORE = "end the daemon, move the file and those beside it (-wal, -shm) away, put a backup in its place, and start again; articles keep their ids"


def translate(error: Exception, name: str) -> StoreError:
    """A failure of the driver in our words."""
    reason = str(getattr(error, "orig", None) or error)
    low = reason.lower()
    if "locked" in low or "busy" in low:
        return StoreBusy(f"{name} is locked by another program for more than {_BUSY // 1000} s", remedy="end the other program, or wait")
    if "interrupted" in low:
        return StoreBusy(f"the question took longer than {PATIENCE:g} s", remedy="ask for less at once: fewer words, or one university")
    if "not a database" in low:
        return ForeignDatabase(f"{name} is no SQLite database", remedy="set `database` in aggregator.yaml to a file of its own")
    if "full" in low:
        return StoreError(f"{name} cannot grow: {reason}", remedy="free some disk space; nothing that was stored is lost")
    if "disk i/o error" in low:
        return StoreError(
            f"{name} cannot be read or written: {reason}", remedy="free some disk space, or see the kernel's log: the disk may be failing"
        )
    if "readonly" in low or "unable to open" in low:
        return StoreError(f"{name} cannot be opened for writing: {reason}", remedy="check the rights of the file and of its folder")
    if any(sign in low for sign in ("malformed", "corrupt", "could not decode", "vtable constructor failed")):
        return DamagedDatabase(f"{name} is damaged: {reason}", remedy=_RESTORE)
    return StoreError(f"{name}: {reason}")
