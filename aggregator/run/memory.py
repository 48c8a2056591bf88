"""Keeps the memory of a process that runs for years as small as what it uses."""

from __future__ import annotations

import ctypes
import sys

_M_ARENA_MAX = -8
"""From glibc's malloc.h."""


def settle() -> None:
    """Let all threads take their memory from one place, whose free parts any of them can use again.

    glibc gives each thread a place of its own. The database, DNS and TLS take memory in threads that come and go, so these places grew by a tenth within
    a day while what was in use stayed the same. Python has one lock anyway; nothing waits longer. Other C libraries have one place: nothing is done there.
    """
    if sys.platform == "linux" and (mallopt := getattr(ctypes.CDLL(None), "mallopt", None)) is not None:
        mallopt(_M_ARENA_MAX, 1)
