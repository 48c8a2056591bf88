"""Who gets no newsletter any more, and the keys that our addresses are signed with."""

from __future__ import annotations

from datetime import datetime
from secrets import token_bytes

from sqlalchemy import select

from aggregator.store.database import Database
from aggregator.store.tables import leavers, secrets


class Letters(Database):
    """Secrets, and the readers who have left."""

    def secret(self, name: str) -> bytes:
        """A key that stays the same for life, of 32 bytes."""
        wanted = select(secrets.c.value).where(secrets.c.name == name)
        with self._reading() as connection:
            held: bytes | None = connection.scalar(wanted)
        if held is not None:
            return held
        with self._writing() as connection:
            connection.execute(self._dialect.insert(secrets).values(name=name, value=token_bytes(32)).on_conflict_do_nothing())
            made: bytes = connection.scalars(wanted).one()
        return made

    def leave(self, newsletter: str, reader: str, *, now: datetime) -> None:
        with self._writing() as connection:
            connection.execute(self._dialect.insert(leavers).values(newsletter=newsletter, reader=reader, at=now).on_conflict_do_nothing())

    def left(self, newsletter: str) -> frozenset[str]:
        """Who has left it."""
        with self._reading() as connection:
            return frozenset(connection.scalars(select(leavers.c.reader).where(leavers.c.newsletter == newsletter)))
