"""Who works on a SQLite file for good, or puts another in its place: one program at a time. Those that poll or read once need not ask.

The lock is one of the kernel (flock) on a file beside the database: whoever ends loses it, however it ends, and nothing is left behind that anybody had to
remove. The text in that file is for people only: it says who holds it. On PostgreSQL any number of daemons may work, and one of them speaks (``voice.py``).
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from aggregator.errors import HeldDatabase

_TAKEN = frozenset((errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES))
_LONGEST = 500
"""Bytes of what the holder says of itself."""


@contextmanager
def held(address: str, by: str, *, now: datetime) -> Iterator[str | None]:
    """Hold the database at ``address`` for ``by`` until the end. Raises HeldDatabase, which says who does already.

    Yields None, or why nobody could be kept away: some network folders know no locks.
    """
    path = _path(address)
    if path is None:
        yield None
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = _open(path.with_name(f"{path.name}.lock"))
    except OSError as error:  # whether the database can be written, it says itself
        yield f"there is no lock for {path}: {error.strerror}"
        return
    try:
        doubt = _lock(file, path)
        if doubt is None:
            _sign(file, f"{by} (process {os.getpid()} on {socket.gethostname()}, since {now:%Y-%m-%d %H:%M} UTC)")
        yield doubt
    finally:
        os.close(file)


def _path(address: str) -> Path | None:
    """Of the file itself: two names of one file are one database. None where there is none; what is wrong with it, ``Store.open`` says."""
    try:
        url = make_url(address)
    except ArgumentError:
        return None
    if url.get_backend_name() != "sqlite" or not url.database or "\0" in url.database:
        return None
    return Path(url.database).resolve()


def _open(lock: Path) -> int:
    try:
        return os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except PermissionError:  # another user's, who was here before: it can be locked all the same
        return os.open(lock, os.O_RDONLY | os.O_CLOEXEC)


def _lock(file: int, path: Path) -> str | None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _TAKEN:
            holder = os.pread(file, _LONGEST, 0).decode(errors="replace").strip() or "another program"
            raise HeldDatabase(
                f"{path} is in use by {holder}",
                remedy="end that one first, with Ctrl-C or by what started it; another installation needs a `database` of its own",
            ) from error
        return f"the folder of {path} knows no locks ({error.strerror})"
    return None


def _sign(file: int, text: str) -> None:
    with suppress(OSError):  # for people only
        os.ftruncate(file, 0)
        os.pwrite(file, f"{text}\n".encode()[:_LONGEST], 0)
