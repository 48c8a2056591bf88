"""What other sites ask of those who poll them: to come one at a time and to pause, and what their robots.txt says."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import BigInteger, and_, delete, select, type_coerce, update

from aggregator.model import Robots
from aggregator.store.database import Database, chunks
from aggregator.store.tables import robots, turns

_ROBOTS = ["text", "fetched", "until", "unreachable_since"]


class Hosts(Database):
    """Turns at them, and their robots.txt."""

    def take_turn(self, host: str, *, holder: str, longest: timedelta) -> timedelta | None:
        """Take the turn at ``host`` for ``holder``, until it is given back or ``longest`` is over: None. Else how long the turn of another, and the pause
        after it, lasts at most. By the clock of the database, so that machines whose clocks differ agree.
        """
        clock = self._dialect.clock()
        mine = {"holder": holder, "until": clock + _microseconds(longest)}
        with self._writing() as connection:
            if connection.execute(update(turns).where(turns.c.host == host, turns.c.until <= clock).values(mine)).rowcount:
                return None
            first = self._dialect.insert(turns).values(host=host, **mine).on_conflict_do_nothing().returning(turns.c.host)
            if connection.execute(first).first() is not None:
                return None
            left = connection.scalar(select(type_coerce(turns.c.until, BigInteger) - clock).where(turns.c.host == host)) or 0
        return timedelta(microseconds=max(0, left))

    def end_turn(self, host: str, *, holder: str, pause: timedelta) -> None:
        """Give the turn back; nobody may ask the host for the length of ``pause``."""
        mine = and_(turns.c.host == host, turns.c.holder == holder)
        with self._writing() as connection:
            connection.execute(update(turns).where(mine).values(until=self._dialect.clock() + _microseconds(pause)))

    def forget_turns(self) -> int:
        """Drop what is over."""
        with self._writing() as connection:
            return connection.execute(delete(turns).where(turns.c.until < self._dialect.clock())).rowcount

    def robots(self, origins: Collection[str]) -> dict[str, Robots]:
        """What robots.txt of each of ``origins`` said when it was last fetched; without those that never were."""
        found: dict[str, Robots] = {}
        with self._reading() as connection:
            for chunk in chunks(sorted(origins)):
                rows = connection.execute(select(robots).where(robots.c.origin.in_(chunk)))
                found |= {row.origin: Robots(**row._asdict()) for row in rows}
        return found

    def keep_robots(self, found: Robots) -> None:
        with self._writing() as connection:
            connection.execute(self._dialect.upsert(robots, keys=["origin"], update=_ROBOTS), [asdict(found)])

    def forget_robots(self, *, before: datetime) -> int:
        """Drop what should have been asked for again ``before``, and was not. Returns how many origins that were."""
        with self._writing() as connection:
            return connection.execute(delete(robots).where(robots.c.until < before)).rowcount


def _microseconds(length: timedelta) -> int:
    return length // timedelta(microseconds=1)
