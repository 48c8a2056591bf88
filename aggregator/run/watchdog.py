"""Ends a process whose event loop stands still, so that whoever supervises it starts it again: compose does not restart what is only unhealthy, and a port
whose program stands still still takes connections.

A thread looks whether the loop beats. It goes by how often it has looked itself, not by the time that has passed: of a process that was stopped, frozen or
suspended the thread stood still as well, and has looked once. Then all stacks go to standard error and the process ends with ``STANDING_STILL``.
What holds the interpreter itself for good, so that no thread runs, is not seen; systemd's watchdog sees that too.
"""

from __future__ import annotations

import asyncio
import faulthandler
import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self

import structlog

LOOK = 10.0
"""Seconds between two looks …"""
LOOKS = 18
"""… and how many must see no beat, one after the other: three minutes. Nothing that the loop does takes one."""
STANDING_STILL = 70
"""The exit status, which is that of nothing else: EX_SOFTWARE of sysexits(3)."""

_log = structlog.get_logger()


def end() -> None:
    """Without what a program does when it ends: that would wait for the loop. Nor longer for the log than ``LOOK``, in which the loop itself may stand."""
    last = threading.Timer(LOOK, os._exit, (STANDING_STILL,))
    last.daemon = True
    last.start()
    _log.critical(
        "the event loop stands still: ending, to be started again",
        seconds=round(LOOK * LOOKS),
        remedy="please report this, with the stacks below",
    )
    with suppress(OSError, ValueError):  # standard error may be closed; that is no reason to stay
        faulthandler.dump_traceback(sys.stderr, all_threads=True)
    os._exit(STANDING_STILL)


class Watchdog:
    """Of the loop in which it is entered. ``ends`` is called in another thread."""

    def __init__(self, *, look: float = LOOK, looks: int = LOOKS, ends: Callable[[], None] = end) -> None:
        self._look = look
        self._looks = looks
        self._ends = ends
        self._beats = 0
        self._over = threading.Event()
        self._beat: asyncio.Task[None] | None = None
        self._owner = 0

    async def __aenter__(self) -> Self:
        self._owner = threading.get_ident()
        self._beat = asyncio.create_task(self._keep_beating(), name="heartbeat")
        threading.Thread(target=self._watch, name="watchdog", daemon=True).start()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        if self._beat is not None:
            self._beat.cancel()

    async def _keep_beating(self) -> None:
        while True:
            self._beats += 1
            await asyncio.sleep(self._look / 4)

    def _watch(self) -> None:
        seen, still = 0, 0
        while not self._over.wait(self._look):
            beats = self._beats
            still = 0 if beats != seen or is_debugged(self._owner) else still + 1
            seen = beats
            if still >= self._looks:
                self._ends()
                return


def is_debugged(thread: int) -> bool:
    """Whether somebody looks at the process, or at that thread of it, with a debugger: then it may stand still for as long as they like."""
    with suppress(OSError, ValueError):
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
        if int(status.partition("TracerPid:")[2].split(maxsplit=1)[0]):
            return True
    frame: FrameType | None = sys._current_frames().get(thread)  # noqa: SLF001 - the documented way to see the stack of another thread
    while frame is not None:
        if frame.f_trace is not None or frame.f_globals.get("__name__") == "bdb":
            return True
        frame = frame.f_back
    return False
