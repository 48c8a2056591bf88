"""Copies of the database as one SQLite file, taken while everything runs, and the way back."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from aggregator.errors import DamagedDatabase, ForeignDatabase, StoreBusy, StoreError
from aggregator.store import Store, migrate
from aggregator.store.move import Report, move
from aggregator.store.sqlite import APPLICATION_ID

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

    A SQLite database that is there already is kept under another name, which is returned. A PostgreSQL database must be empty. The backup stays as it is.
    Raises StoreError, also where another program has the file open.
    """
    if not source.is_file():
        raise StoreError(f"{source} is no file", remedy="name a file that `aggregator backup` has written")
    check(source)
    if not address.startswith("sqlite:"):
        with _lent(source) as copy, Store.open(f"sqlite:///{copy}") as held, Store.open(address) as target:
            move(held, target, report)
        return None
    target_path = _path(address)
    target_path.parent.mkdir(parents=True, exist_ok=True)
    if target_path.exists():
        _refuse_in_use(target_path)
    kept: list[Path] = []

    def replaced(written: Path, target: Path) -> None:
        if target.exists():
            kept.append(_set_aside(target, now))
        try:
            written.replace(target)
        except BaseException:
            for each in kept:
                _rename(each, target)
            raise

    with _finished(target_path, replaced) as unfinished:
        _copy(source, unfinished, rests=True)
    return next(iter(kept), None)


def check(file: Path) -> None:
    """Raises StoreError where ``file`` is no whole database of ours, before anything is replaced by it."""
    with closing(_reading(file, rests=True)) as connection:
        try:
            (found,) = connection.execute("PRAGMA integrity_check").fetchone()
            (identity,) = connection.execute("PRAGMA application_id").fetchone()
            version = connection.execute("SELECT version_num FROM alembic_version").fetchone() if identity == APPLICATION_ID else None
        except sqlite3.DatabaseError as error:
            raise DamagedDatabase(f"{file} cannot be read: {error}", remedy="take another backup") from error
    if found != "ok":
        raise DamagedDatabase(f"{file} is damaged: {found}", remedy="take another backup")
    if version is None:
        raise ForeignDatabase(
            f"{file} is an SQLite database, but not one of ours", remedy="name a file that `aggregator backup` has written"
        )
    migrate.check(version[0], str(file))


@contextlib.contextmanager
def _lent(source: Path) -> Iterator[Path]:
    """A copy to work with: what opens a database of ours puts it in order, and the backup may be on a medium that nobody can write."""
    with tempfile.TemporaryDirectory(prefix="aggregator-restore-") as folder:
        copy = Path(folder) / source.name
        try:
            _copy(source, copy, rests=True)
        except sqlite3.Error as error:
            raise StoreError(
                f"{source} cannot be copied to {folder}: {error}", remedy="free some disk space there, or set TMPDIR"
            ) from error
        yield copy


@contextlib.contextmanager
def _finished(target: Path, named: Callable[[Path, Path], object] = os.link) -> Iterator[Path]:
    """A file beside ``target`` that takes its name once it is written and on the disk. By default only where there is none: unlike a rename a link fails then."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.unfinished")
    try:
        yield unfinished
        with unfinished.open("rb") as written:
            os.fsync(written.fileno())
        named(unfinished, target)
    except (OSError, sqlite3.Error) as error:
        raise StoreError(f"{target} cannot be written: {error}", remedy="free some disk space, or name another folder") from error
    finally:
        for beside in ("", *_BESIDE):
            unfinished.with_name(unfinished.name + beside).unlink(missing_ok=True)


def _copy(source: Path, target: Path, *, rests: bool = False) -> None:
    """All committed pages at one moment; writers are not kept waiting."""
    with closing(_reading(source, rests=rests)) as held, closing(sqlite3.connect(target)) as copy:
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
    _rename(path, kept)
    return kept


def _rename(path: Path, to: Path) -> None:
    for beside in (*_BESIDE, ""):
        held = path.with_name(path.name + beside)
        if not beside or held.exists():
            held.replace(to.with_name(to.name + beside))


def _reading(file: Path, *, rests: bool = False) -> sqlite3.Connection:
    """``rests``: nobody writes to it; then SQLite leaves nothing beside it. A file that was copied with its write-ahead log is read with that."""
    alone = rests and not any(file.with_name(file.name + beside).exists() for beside in (*_BESIDE, "-journal"))
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro{'&immutable=1' if alone else ''}", uri=True, timeout=30)


def _path(address: str) -> Path:
    return Path(make_url(address).database or "")
