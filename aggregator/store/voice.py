"""Who speaks for a database that several daemons work on: sends mail, asks hubs and tells subscribers, tidies up. At any time one of them does.

The voice is an advisory lock of a session of its own: who dies loses it with the connection, and another one takes it. Each look asks the server whether the
lock is still ours, so whoever has lost it, by whatever break, knows that before speaking again.
"""

from __future__ import annotations

import threading
from contextlib import suppress
from types import ModuleType
from typing import Self

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

_FAILURES = (SQLAlchemyError, OSError)


class Voice:
    """Thread-safe. Of a database that is nobody else's, it is always ours."""

    def __init__(self, engine: Engine, dialect: ModuleType) -> None:
        self._engine = engine
        self._dialect = dialect
        self._session: Connection | None = None
        self._looking = threading.Lock()
        self.was_ours = not dialect.SHARED
        """Whether it was when the database last answered: where it is away, who spoke before may say so."""

    def is_ours(self) -> bool:
        """Takes it where nobody has it. False where the database does not answer."""
        if not self._dialect.SHARED:
            return True
        with self._looking:
            try:
                self.was_ours = self._asked()
            except _FAILURES:  # told by the polls, which need the database more often
                return False
            return self.was_ours

    def _asked(self) -> bool:
        if self._session is not None:
            with suppress(*_FAILURES):
                return self._granted(self._session)
            self._end()
        self._session = self._dialect.apart(self._engine)
        return self._granted(self._session)

    def _granted(self, session: Connection) -> bool:
        return bool(self._dialect.has_voice(session) or self._dialect.take_voice(session))

    def _end(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            with suppress(*_FAILURES):
                self._dialect.leave_voice(session)
            with suppress(*_FAILURES):
                session.invalidate()
                session.close()

    def close(self) -> None:
        """Another one may have it now."""
        with self._looking:
            self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
