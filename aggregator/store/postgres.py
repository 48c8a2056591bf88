"""What is PostgreSQL's own: how to connect, search words, insert or update, take turns, and recognize whose database it is.

The functions are those of ``sqlite.py``, and so are their results: the terms of the search are cut by us (``text.search``), never by the database.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Engine,
    Select,
    Table,
    create_engine,
    event,
    exc,
    inspect,
    literal_column,
    make_url,
    text,
)
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool
from sqlalchemy.sql.dml import Insert

from aggregator.errors import ForeignDatabase, StoreBusy, StoreError
from aggregator.store.database import Found, Sought, unpacked
from aggregator.store.lexemes import (  # noqa: F401 - functions of the seam
    add_to_search,
    any_words,
    holds_words,
    latest_with,
    remove_from_search,
    some_words,
    words,
)

PATIENCE = 3.0
"""Seconds that one question of a reader may take."""

CONNECT: Final = 10
"""Seconds to wait for the server."""
PATIENT: Final = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 10_000}
"""By which this side of a connection notices within a dozen seconds that a server is gone without a word, as when another machine takes over (libpq) …"""
VIGILANT: Final = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10s",
    "idle_in_transaction_session_timeout": "2min",
}
"""… and the server that a machine of ours is: what vanished within a transaction may have a turn there for which all others wait."""
_PRESENT = 0x554E4559
"""Of the locks by which it shows who works with the database; the second number is of the schema."""
_OURS = "identities"
"""A table that no other program has beside ``alembic_version``."""
_TURNS = 0x554E4557
"""First number of our advisory locks, which are of the whole database; the second is the place of the turn in ``_KINDS``."""
_KINDS = ("schema", "sources", "articles")
_VOICE = 0x554E4558
"""The same of the voice; the second number is of the schema, as several of ours may be in one database."""
SHARED = True
"""Whether programs on several machines may work with it."""


def engine(url: URL) -> Engine:
    """Connections that notice when the server has been restarted."""
    if not url.database:
        raise StoreError(
            f"{url.render_as_string(hide_password=True)} names no database", remedy="for example postgresql://user:password@host/aggregator"
        )
    try:
        made = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args=arguments(url, connect_timeout=CONNECT, application_name="aggregator"),
            json_deserializer=unpacked,
            pool_pre_ping=True,
            pool_size=8,
            max_overflow=8,
        )
    except ModuleNotFoundError as error:
        raise StoreError(
            "PostgreSQL needs the driver psycopg, which is not installed", remedy="pip install 'university-news-aggregator[postgres]'"
        ) from error
    event.listen(made, "connect", _be_vigilant)
    return made


def arguments(address: str | URL, **ours: Any) -> dict[str, Any]:
    """For a connection: ``PATIENT`` and ``ours``. What the address says itself is left as it says."""
    url = make_url(address)
    return {name: value for name, value in (PATIENT | ours).items() if name not in url.query}


def _be_vigilant(connection: Any, _: Any, **more: str) -> None:
    before = connection.autocommit
    connection.autocommit = True
    connection.execute("; ".join(f"SET {name} = '{value}'" for name, value in (VIGILANT | more).items()))
    connection.execute(f"SELECT pg_advisory_lock_shared({_PRESENT}, {_OF_SCHEMA})")  # nobody takes it otherwise, so nobody waits
    connection.autocommit = before


@contextmanager
def bounded(connection: Connection) -> Iterator[None]:
    """Ends a question that takes longer than ``PATIENCE``; for the rest of the transaction."""
    connection.exec_driver_sql(f"SET LOCAL statement_timeout = {int(PATIENCE * 1000)}")
    yield


def take_turn(connection: Connection, kind: str) -> None:
    """Wait until nobody else, on any machine, is in a transaction of this ``kind``; until the end of ours nobody will be."""
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURNS}, {_KINDS.index(kind)})")


def apart(engine: Engine) -> Connection:
    """A session of its own, which lives for as long as the connection does, and in which no question lasts."""
    known = arguments(engine.url, connect_timeout=3, application_name="aggregator-voice")
    lonely = create_engine(engine.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=known)
    event.listen(lonely, "connect", partial(_be_vigilant, statement_timeout="5s"))
    return lonely.connect()


_OF_SCHEMA = "(hashtext(current_schema()) & 2147483647)"


def company(connection: Connection) -> int:
    """How many sessions of ours, of whatever programs, were there before this one."""
    there = f"locktype = 'advisory' AND classid = {_PRESENT} AND objid = {_OF_SCHEMA}::oid AND database = mine.datid"
    before = f"SELECT count(*) FROM pg_stat_activity mine, pg_locks JOIN pg_stat_activity other USING (pid) WHERE mine.pid = pg_backend_pid() AND other.backend_start < mine.backend_start AND {there}"  # noqa: S608 - numbers of ours
    return int(connection.scalar(text(before)) or 0)


def take_voice(session: Connection) -> bool:
    """Whether the session has it now."""
    return bool(session.scalar(text(f"SELECT pg_try_advisory_lock({_VOICE}, {_OF_SCHEMA})")))


def leave_voice(session: Connection) -> None:
    """At once: the server may take a while to notice that a session has ended."""
    session.execute(text(f"SELECT pg_advisory_unlock({_VOICE}, {_OF_SCHEMA})"))


def has_voice(session: Connection) -> bool:
    """Whether the session has it still: asked of the server, as something between us and it may have given us another session."""
    mine = f"locktype = 'advisory' AND pid = pg_backend_pid() AND classid = {_VOICE} AND objid = {_OF_SCHEMA}::oid AND granted"
    return bool(session.scalar(text(f"SELECT EXISTS (SELECT FROM pg_locks WHERE {mine})")))  # noqa: S608 - numbers of ours


def check_ours(connection: Connection, name: str) -> None:
    """Raises ForeignDatabase where the database holds tables of somebody else."""
    take_turn(connection, "schema")
    found = set(inspect(connection).get_table_names())
    if found and not {_OURS, "alembic_version"} <= found:
        raise ForeignDatabase(
            f"{name} holds tables of another program ({', '.join(sorted(found)[:3])} …)",
            remedy="set `database` in aggregator.yaml to a database, or a schema (?options=-csearch_path%3Dnews), of its own",
        )


def keep_copy(engine: Engine, name: str) -> None:
    """Nothing: migrations are transactions here, and backups are the business of who runs the server."""


def go_on_after(connection: Connection, name: str) -> None:
    """Let the numbers that the database gives by itself follow those that were written into this table."""
    asked = f"SELECT setval(pg_get_serial_sequence('{name}', 'number'), max(number)) FROM {name} HAVING max(number) IS NOT NULL"  # noqa: S608 - one of our tables
    connection.exec_driver_sql(asked)


def clock() -> ColumnElement[int]:
    """Microseconds since 1970, as the database server sees it."""
    return literal_column("CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS BIGINT)", BigInteger)


def first_of_each(group: ColumnElement[Any], rows: Select[Any], *, order: tuple[ColumnElement[bool], ColumnElement[Any]]) -> Select[Any]:
    return rows.ext(distinct_on(group)).order_by(group, *order)


def upsert(target: Table, *, keys: list[str], update: list[str]) -> Insert:
    """Insert rows, or ``update`` these columns of the row that has the same ``keys``."""
    statement = insert(target)
    return statement.on_conflict_do_update(index_elements=keys, set_={name: statement.excluded[name] for name in update})


_MOST_NUMBERS = (1 << 31) - 1
_SHARING = """
SELECT sought.place, latest.number FROM unnest(%(traces)s::bigint[], %(places)s::integer[], %(belows)s::integer[]) AS sought (trace, place, below), LATERAL (
    SELECT number FROM traces WHERE trace = sought.trace AND number < sought.below ORDER BY number DESC LIMIT %(most)s
) AS latest
"""
_NEAR = """
SELECT sought.place, latest.number
FROM unnest(%(firsts)s::bigint[], %(lasts)s::bigint[], %(places)s::integer[], %(belows)s::integer[]) AS sought (first, last, place, below), LATERAL (
    SELECT number FROM traces WHERE trace BETWEEN sought.first AND sought.last AND number < sought.below
    ORDER BY trace DESC, number DESC LIMIT %(most)s
) AS latest
"""
_PLACES = 1 << 10
"""More than an article seeks: one number tells which article has sought, and what."""


def leave(connection: Connection, traces: Sequence[tuple[int, int]]) -> None:
    """As ``sqlite.leave``."""
    columns = {"traces": [trace for trace, _ in traces], "numbers": [number for _, number in traces]}
    statement = (
        "INSERT INTO traces (trace, number) SELECT * FROM unnest(%(traces)s::bigint[], %(numbers)s::integer[]) ON CONFLICT DO NOTHING"
    )
    connection.exec_driver_sql(statement, columns)


def sharing(connection: Connection, sought: Iterable[Sought], most: int) -> Iterator[Found]:
    """As ``sqlite.sharing``; one question for all of them, as a server is far away."""
    found: list[list[tuple[int, int]]] = []
    traces: list[tuple[int, int, int]] = []
    spans: list[tuple[int, int, int, int]] = []
    for number, each in enumerate(sought):
        below, place = _MOST_NUMBERS if each.below is None else each.below, number * _PLACES
        traces += ((trace, place + one, below) for one, trace in enumerate(each.traces))
        spans += ((first, last, place + one, below) for one, (first, last) in enumerate(each.spans, len(each.traces)))
        found.append([])
    for question, names, asked in ((_SHARING, ("traces",), traces), (_NEAR, ("firsts", "lasts"), spans)):
        if asked:
            columns = dict(zip((*names, "places", "belows"), map(list, zip(*asked, strict=True)), strict=True))
            for place, article in connection.exec_driver_sql(question, columns | {"most": most}):
                found[place // _PLACES].append((place % _PLACES, article))
    return iter(found)


_ABSENT = re.compile(r'(?i)FATAL: +(role|database) "([^"]+)" does not exist')
"""What the driver gives no code for, since there was no connection yet."""
_MADE = {"role": "createuser --pwprompt {}", "database": "createdb {}"}


def translate(error: Exception, name: str) -> StoreError:
    """A failure of the driver in our words."""
    original = getattr(error, "orig", None) or error
    state = getattr(original, "sqlstate", None) or ""
    reason = " ".join(str(original).split())
    if state == "57014":
        return StoreBusy(f"the question took longer than {PATIENCE:g} s", remedy="ask for less at once: fewer words, or one university")
    if state in ("53100", "53200"):
        return StoreError(
            f"{name} has no room left: {reason}", remedy="free disk or memory on the database server; what was stored is kept"
        )
    if state == "25006":
        return StoreBusy(f"{name} takes no writes: {reason}", remedy="it may be a standby that has not taken over yet; it is tried again")
    if not state and (absent := _ABSENT.search(reason)):
        made = _MADE[absent[1].lower()]
        return StoreError(
            f"{name} does not let us in: {reason}",
            remedy=f"create it on the server ({made.format(shlex.quote(absent[2]))}), or correct `database`",
        )
    if not state and re.search("(?i)password authentication failed|no password supplied|no pg_hba.conf entry", reason):
        state = "28000"
    if state[:2] == "28" or state in ("3D000", "42501"):
        return StoreError(f"{name} does not let us in: {reason}", remedy="check user, password, database and rights in `database`")
    if state[:2] in ("40", "53", "55", "57", "08") or (not state and isinstance(error, exc.OperationalError | exc.InterfaceError)):
        return StoreBusy(f"{name} does not answer: {reason}", remedy="start the database server, or wait until it is up again")
    return StoreError(f"{name}: {reason}")


def give_back(engine: Engine) -> None:
    """Nothing to do: autovacuum makes room that nothing uses available again."""


def tidy(connection: Connection) -> bool:  # noqa: ARG001 - of the seam
    """Nothing to do: autovacuum does it."""
    return True


def compact(engine: Engine) -> None:
    """Locks the articles while it lasts."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM (FULL, ANALYZE) articles")
