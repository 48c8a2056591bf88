"""The database as the rooms of the store see it: transactions, and failures in our words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, NamedTuple, Self

from pydantic_core import from_json
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from aggregator.errors import DamagedDatabase, StoreError
from aggregator.store.voice import Voice

CHUNK = 400
"""Values in one IN (…): every database takes as many."""


class Sought(NamedTuple):
    """By which traces others are sought that are like one article."""

    traces: Sequence[int]
    spans: Sequence[tuple[int, int]]
    """From one trace to another one, both included."""
    below: int | None
    """Only articles with smaller numbers are."""


Found = Sequence[tuple[int, int]]
"""What was found for one article: the place of what was sought, spans after traces, and the number of who has left it."""


class Database:
    """Every public method of what derives from it is one transaction, or at most a few; thread-safe. Raises StoreError, and its kinds, only."""

    def __init__(self, engine: Engine, dialect: ModuleType, name: str) -> None:
        self._engine = engine
        self._dialect = dialect
        self.name = name
        """The database as people may see it, without a password."""
        self._damage: DamagedDatabase | None = None
        """Once seen, nothing more is written: it could only make the damage worse."""

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def place(self) -> str:
        """Where it is: a file by its whole path, or an address without a password."""
        path = self.name.removeprefix("sqlite:///")
        return self.name if path == self.name else str(Path(path).absolute())

    @property
    def is_shared(self) -> bool:
        """Whether programs on several machines may work with it."""
        return bool(self._dialect.SHARED)

    def company(self) -> int:
        """How many connections other programs have to it, on whatever machine, that were there before ours; 0 for a file, which is locked instead."""
        with self._reading() as connection:
            return int(self._dialect.company(connection))

    def voice(self) -> Voice:
        """The right to speak for it, which may be another one's. To be closed."""
        return Voice(self._engine, self._dialect)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._failures(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self, turn: Literal["sources", "articles"] | None = None) -> Iterator[Connection]:
        """``turn``: what no other transaction may change meanwhile, on whatever machine."""
        if self._damage is not None:
            raise self._damage
        with self._failures(), self._engine.connect().execution_options(write=True) as connection, connection.begin():
            if turn is not None:
                self._dialect.take_turn(connection, turn)
            yield connection

    @contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, OSError) as error:
            failure = self._dialect.translate(error, self.name)
            if isinstance(failure, DamagedDatabase):
                self._damage = failure
            raise failure from error
        except (SQLAlchemyError, UnicodeError) as error:
            raise StoreError(f"{self.name}: {error}") from error


def chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]


def unpacked(text: str | bytes) -> Any:
    """What a column of JSON holds, read three times as fast as Python's own module does; what only that understands, such as half a character, is left to it."""
    try:
        return from_json(text, cache_strings="keys")
    except ValueError:
        return json.loads(text)
