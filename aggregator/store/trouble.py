"""Trouble that lasts, told to the operator without filling the disk that may be the trouble."""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

_AGAIN = 60.0
"""Seconds between two lines about the same trouble."""

_log = structlog.get_logger()


class Trouble:
    """One thing that may go wrong for long, or come and go: one line a minute while it does, and one when it is over."""

    def __init__(self, event: str, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.problem: str | None = None
        """None: all is well."""
        self._event = event
        self._monotonic = monotonic
        self._said: float | None = None
        self._unfinished = False

    def met(self, problem: str, remedy: str | None, **more: object) -> None:
        self.problem = problem
        now = self._monotonic()
        if self._said is None or now - self._said >= _AGAIN:
            self._said = now
            self._unfinished = True
            _log.error(self._event, problem=problem, remedy=remedy, **more)

    def over(self) -> None:
        if self._unfinished:
            _log.info("over: " + self._event)
        self._unfinished = False
        self.problem = None
