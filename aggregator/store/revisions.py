"""The revision grows whenever a published article is added or changes: what was rendered of one revision holds until the next."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from aggregator.store.tables import settings


def current(connection: Connection) -> int:
    """0 before the first article."""
    return connection.scalar(select(settings.c.value).where(settings.c.name == "revision")) or 0


def grow(connection: Connection) -> None:
    """Once a transaction for each poll that changes what is published."""
    changed = connection.execute(update(settings).where(settings.c.name == "revision").values(value=settings.c.value + 1)).rowcount
    if not changed:
        connection.execute(insert(settings).values(name="revision", value=1))
