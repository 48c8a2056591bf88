"""Who works on a SQLite file for good: one program at a time; who writes into it once: any number beside that; and who moves it or puts another in its place:
nobody beside that. Those that only read need not ask.

The locks are those of the kernel (flock) on two files beside the database, ``.lock`` for who works for good and ``.used`` for everybody who writes: whoever ends
loses them, however it ends, and nothing is left behind that anybody had to remove. The text in those files is for people only: it says who holds them, or who
came last of several. On PostgreSQL any number of daemons may work, and one of them speaks (``voice.py``).
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from aggregator.errors import HeldDatabase

Manner = Literal["once", "for good", "alone"]
_LOCKS: Mapping[Manner, Mapping[str, int]] = {
    "once": {"used": fcntl.LOCK_SH},
    "for good": {"lock": fcntl.LOCK_EX, "used": fcntl.LOCK_SH},
    "alone": {"lock": fcntl.LOCK_EX, "used": fcntl.LOCK_EX},
}
"""Which file is locked in which way."""

_TAKEN = frozenset((errno.EAGAIN, errno.EWOULDBLOCK, errno.EACCES))
_LONGEST = 500
"""Bytes of what the holder says of itself."""


@contextmanager
def held(address: str, by: str, *, now: datetime, manner: Manner = "for good") -> Iterator[str | None]:
    """Hold the database at ``address`` for ``by`` until the end. Raises HeldDatabase, which says who does already and does not go with that.

    Yields None, or why nobody could be kept away: some network folders know no locks.
    """
    path = _path(address)
    if path is None:
        yield None
        return
    who = f"{by} (process {os.getpid()} on {socket.gethostname()}, since {now:%Y-%m-%d %H:%M} UTC)"
    with ExitStack() as files:
        doubts = [_hold(files, path, ending, how, who) for ending, how in _LOCKS[manner].items()]
        yield next(filter(None, doubts), None)


def _hold(files: ExitStack, path: Path, ending: str, how: int, who: str) -> str | None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = _open(path.with_name(f"{path.name}.{ending}"))
    except OSError as error:  # whether the database can be written, it says itself
        return f"there is no lock for {path}: {error.strerror}"
    files.callback(os.close, file)
    doubt = _lock(file, how, path)
    if doubt is None:
        _sign(file, who)
    return doubt


def _path(address: str) -> Path | None:
    """Of the file itself: two names of one file are one database. None where there is none; what is wrong with it, ``Store.open`` says."""
    try:
        url = make_url(address)
    except ArgumentError:
        return None
    if (
        url.get_backend_name() != "sqlite"
        or url.host
        or url.query
        or not url.database
        or "\0" in url.database
        or url.database == ":memory:"
    ):
        return None
    path = Path(url.database).resolve()
    return None if path.is_dir() else path


def _open(lock: Path) -> int:
    try:
        return os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except PermissionError:  # another user's, who was here before: it can be locked all the same
        return os.open(lock, os.O_RDONLY | os.O_CLOEXEC)


def _lock(file: int, how: int, path: Path) -> str | None:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _TAKEN:
            holder = os.pread(file, _LONGEST, 0).decode(errors="replace").strip() or "another program"
            raise HeldDatabase(
                f"{path} is in use by {holder}",
                remedy="let that one end, or end it with Ctrl-C or by what started it; another installation needs a `database` of its own",
            ) from error
        return f"the folder of {path} knows no locks ({error.strerror})"
    return None


def _sign(file: int, text: str) -> None:
    with suppress(OSError):  # for people only
        os.ftruncate(file, 0)
        os.pwrite(file, f"{text}\n".encode()[:_LONGEST], 0)
