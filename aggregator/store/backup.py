"""Copies of the database as one SQLite file, taken while everything runs, and the way back."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from aggregator.errors import DamagedDatabase, StoreBusy, StoreError
from aggregator.store import Store
from aggregator.store.move import Report, move

_BESIDE = ("-wal", "-shm")


def backup(store: Store, target: Path, report: Report) -> int:
    """Write all that ``store`` holds to ``target``, a whole file at every moment. Polls may go on meanwhile. Returns its size in bytes.

    Raises StoreError, also where there is a file already: a backup is never overwritten. Nor is a folder made: one that is not there was mistyped, or its disk
    is not mounted, and nobody would look for the backup elsewhere.
    """
    if not target.parent.is_dir():
        raise StoreError(f"there is no folder {target.parent}", remedy="make it, mount its disk, or name another one")
    if target.is_dir():
        raise StoreError(f"{target} is a folder", remedy=f"name a new file in it, such as {target / 'news.sqlite'}")
    if target.exists():
        raise StoreError(f"{target} exists", remedy="name a new file, for example with the day in it")
    with _finished(target) as unfinished:
        if store.is_shared:
            with Store.open(f"sqlite:///{unfinished}") as copy:
                move(store, copy, report)
            _checkpoint(unfinished)
        else:
            _copy(_path(store.name), unfinished)
    return target.stat().st_size


def restore(source: Path, address: str, report: Report, *, now: datetime) -> Path | None:
    """Put what the backup ``source`` holds in the place of the database at ``address``; what polls must be ended first.

    A SQLite database that is there already is kept under another name, which is returned. A PostgreSQL database must be empty. Raises StoreError, also where
    another program has the file open.
    """
    if not source.is_file():
        raise StoreError(f"{source} is no file", remedy="name a file that `aggregator backup` has written")
    check(source)
    if not address.startswith("sqlite:"):
        with Store.open(f"sqlite:///{source}") as held, Store.open(address) as target:
            move(held, target, report)
        return None
    target_path = _path(address)
    target_path.parent.mkdir(parents=True, exist_ok=True)
    if target_path.exists():
        _refuse_in_use(target_path)
    kept = None
    with _finished(target_path, replaces=True) as unfinished:
        _copy(source, unfinished)
        if target_path.exists():
            kept = _set_aside(target_path, now)
    return kept


def check(file: Path) -> None:
    """Raises StoreError where ``file`` is no whole database of ours, before anything is replaced by it."""
    with closing(_reading(file)) as connection:
        try:
            found = connection.execute("PRAGMA integrity_check").fetchone()
        except sqlite3.DatabaseError as error:
            raise DamagedDatabase(f"{file} cannot be read: {error}", remedy="take another backup") from error
    if found != ("ok",):
        raise DamagedDatabase(f"{file} is damaged: {found[0]}", remedy="take another backup")
    Store.open(f"sqlite:///{file}").close()  # ours, and not of a newer version


@contextlib.contextmanager
def _finished(target: Path, *, replaces: bool = False) -> Iterator[Path]:
    """A file beside ``target`` that takes its name once it is written."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        if replaces:
            unfinished.replace(target)
        else:
            os.link(unfinished, target)  # unlike a rename, it fails where there is one meanwhile
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{target} cannot be written: {error}", remedy="free some disk space, or name another folder") from error
    finally:
        for beside in ("", *_BESIDE):
            unfinished.with_name(unfinished.name + beside).unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """All committed pages at one moment; writers are not kept waiting."""
    with closing(_reading(source)) as held, closing(sqlite3.connect(target)) as copy:
        held.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def _checkpoint(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")


def _refuse_in_use(path: Path) -> None:
    """Whoever has the file open would go on writing into what is set aside, and nobody would notice. SQLite ends its write-ahead log only for one who is alone."""
    with closing(sqlite3.connect(path, timeout=1)) as connection:
        try:
            connection.execute("PRAGMA journal_mode=DELETE").fetchone()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise StoreBusy(
                    f"{path} is in use: a daemon, or another command", remedy="end it first; nothing has been replaced"
                ) from error
        except sqlite3.DatabaseError:
            return  # it is damaged, and therefore to be replaced


def _set_aside(path: Path, now: datetime) -> Path:
    """With the files beside it, which belong to it."""
    kept = path.with_name(f"{path.name}.{now:%Y%m%d-%H%M%S}")
    for beside in _BESIDE:
        held = path.with_name(path.name + beside)
        if held.exists():
            held.replace(kept.with_name(kept.name + beside))
    path.replace(kept)
    return kept


def _reading(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True, timeout=30)


def _path(address: str) -> Path:
    return Path(make_url(address).database or "")
