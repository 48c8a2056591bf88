"""From one database to another: every row, with the same ids, numbers and revisions, so that no subscriber notices."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select

from aggregator.errors import StoreError
from aggregator.store import Store, rows
from aggregator.store.tables import articles, metadata, turns

_BATCH = 500

Report = Callable[[str, int, int], None]
"""Called with the name of a table, how many of its rows have been copied, and how many there are."""


def move(source: Store, target: Store, report: Report) -> dict[str, int]:
    """Copy all of ``source`` into the empty ``target``, in one transaction: all or nothing. Returns how many rows each table has.

    Raises StoreError where ``target`` holds something, or where both do not hold the same in the end. ``source`` is only read; who polls it meanwhile
    should be ended first, as what comes later is left behind.
    """
    tables = [table for table in metadata.sorted_tables if table is not turns]  # who asks a host right now is of no use elsewhere
    copied: dict[str, int] = {}
    with source._reading() as giving, target._writing("articles") as taking:  # noqa: SLF001 - the same room
        for table in tables:
            if _count(taking, table):
                raise StoreError(
                    f"{target.name} is not empty: it has rows in {table.name}", remedy="name a database of its own, or empty that one first"
                )
        for table in tables:
            copied[table.name] = _copy(giving, taking, table, target, report)
        for table in tables:
            if (arrived := _count(taking, table)) != copied[table.name]:
                raise StoreError(f"{table.name}: {copied[table.name]} rows were sent, {arrived} arrived; nothing has been changed")
    return copied


def _copy(giving: Connection, taking: Connection, table: Table, target: Store, report: Report) -> int:
    total, done = _count(giving, table), 0
    report(table.name, done, total)
    for batch in _batches(giving, table):
        taking.execute(insert(table), batch)
        if table is articles:
            target._dialect.add_to_search(taking, [rows.searched(row) for row in batch])  # noqa: SLF001
        done += len(batch)
        report(table.name, done, total)
    if "number" in table.primary_key.columns:
        target._dialect.go_on_after(taking, table.name)  # noqa: SLF001
    return done


def _batches(giving: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    found = giving.execution_options(yield_per=_BATCH).execute(select(table).order_by(*table.primary_key.columns))
    for partition in found.partitions():
        yield [row._asdict() for row in partition]


def _count(connection: Connection, table: Table) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0
