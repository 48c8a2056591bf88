"""What happened that an operator may want to hear of, and up to when it was told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, type_coerce

from aggregator.model import Event
from aggregator.store.database import Database
from aggregator.store.tables import Instant, events, settings

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Journal(Database):
    """Events, and moments that are kept under a name."""

    def note(self, *happened: Event) -> None:
        """Keep what happened outside of polls."""
        if happened:
            with self._writing() as connection:
                write(connection, happened)

    def events(self, *, limit: int, since: datetime | None = None, until: datetime | None = None) -> tuple[Event, ...]:
        """The newest, newest first: those after ``since``, up to ``until``."""
        wanted = select(events).order_by(events.c.at.desc(), events.c.number.desc()).limit(limit)
        wanted = wanted if since is None else wanted.where(events.c.at > since)
        wanted = wanted if until is None else wanted.where(events.c.at <= until)
        with self._reading() as connection:
            return tuple(Event(**row._asdict()) for row in connection.execute(wanted))

    def forget_events(self, *, before: datetime) -> int:
        with self._writing() as connection:
            return connection.execute(delete(events).where(events.c.at < before)).rowcount

    def mark(self, name: str) -> datetime | None:
        """A moment that was kept under this name."""
        with self._reading() as connection:
            row = connection.execute(select(type_coerce(settings.c.value, Instant)).where(settings.c.name == f"mark:{name}")).first()
        return None if row is None else row[0]

    def marks(self, prefix: str) -> dict[str, datetime]:
        """All whose names begin so."""
        named = settings.c.name.startswith(f"mark:{prefix}", autoescape=True)
        with self._reading() as connection:
            found = connection.execute(select(settings.c.name, type_coerce(settings.c.value, Instant)).where(named))
            return {name.removeprefix("mark:"): moment for name, moment in found}

    def drop_marks(self, *names: str) -> None:
        if names:
            with self._writing() as connection:
                connection.execute(delete(settings).where(settings.c.name.in_([f"mark:{name}" for name in names])))

    def keep_mark(self, name: str, moment: datetime) -> None:
        kept = {"name": f"mark:{name}", "value": (moment - _EPOCH) // timedelta(microseconds=1)}
        with self._writing() as connection:
            connection.execute(self._dialect.upsert(settings, keys=["name"], update=["value"]), [kept])


def write(connection: Connection, happened: Iterable[Event]) -> None:
    """Add to the journal within a transaction. ``happened`` is not empty."""
    connection.execute(insert(events), [{name: value for name, value in asdict(event).items() if name != "number"} for event in happened])
