from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from aggregator.errors import NewerDatabase, StoreBusy, StoreError
from aggregator.model import Article, Changes, Known, Source, SourceState
from aggregator.store import Store
from aggregator.store.backup import backup, restore


def silent(*_: object) -> None:
    """Nobody looks."""


@pytest.fixture
def write(
    store: Store, a_source: Callable[..., Source], an_article: Callable[..., Article], a_state: Callable[..., SourceState], now: datetime
) -> Callable[[int], Article]:
    store.sync([a_source()], now=now)

    def written(number: int) -> Article:
        article = an_article(number)
        store.apply(Changes(a_state(), (article,), (), {number.to_bytes(16, "big"): Known(article.id, b"f" * 16)}))
        return article

    return written


def test_a_backup_is_one_file_that_holds_everything(store: Store, write: Callable[[int], Article], tmp_path: Path) -> None:
    article = write(1)
    (tmp_path / "kept").mkdir()

    size = backup(store, tmp_path / "kept" / "copy.db", silent)

    assert [file.name for file in (tmp_path / "kept").iterdir()] == ["copy.db"]
    assert size == (tmp_path / "kept/copy.db").stat().st_size
    with Store.open(f"sqlite:///{tmp_path}/kept/copy.db") as copy:
        assert copy.article(article.id) == article
        assert copy.revision() == store.revision()


def test_a_backup_is_never_overwritten(store: Store, write: Callable[[int], Article], tmp_path: Path) -> None:
    (tmp_path / "copy.db").write_bytes(b"the only copy")

    with pytest.raises(StoreError, match="exists"):
        backup(store, tmp_path / "copy.db", silent)

    assert (tmp_path / "copy.db").read_bytes() == b"the only copy"


@pytest.mark.parametrize(("place", "said"), [("nodir/deeper/copy.db", "there is no folder .*nodir/deeper"), ("kept", "kept is a folder")])
def test_a_backup_makes_no_folder_and_takes_none_for_a_file(store: Store, tmp_path: Path, place: str, said: str) -> None:
    (tmp_path / "kept").mkdir()

    with pytest.raises(StoreError, match=said) as refused:
        backup(store, tmp_path / place, silent)

    assert refused.value.remedy
    assert not (tmp_path / "nodir").exists()
    assert list((tmp_path / "kept").iterdir()) == []


def test_what_was_backed_up_comes_back_and_what_was_there_is_kept(
    store: Store, write: Callable[[int], Article], tmp_path: Path, now: datetime
) -> None:
    old = write(1)
    backup(store, tmp_path / "copy.db", silent)
    with Store.open(f"sqlite:///{tmp_path}/other.db") as other:
        other.sync([], now=now)

    kept = restore(tmp_path / "copy.db", f"sqlite:///{tmp_path}/other.db", silent, now=now)

    assert kept == tmp_path / f"other.db.{now:%Y%m%d-%H%M%S}"
    assert kept.exists()
    with Store.open(f"sqlite:///{tmp_path}/other.db") as other:
        assert other.article(old.id) == old


@pytest.mark.parametrize("as_file", ["as it was written", "with a write-ahead log"])
@pytest.mark.parametrize("to", ["sqlite", "postgresql"])
def test_a_backup_that_is_restored_stays_as_it_is_and_alone(
    store: Store, write: Callable[[int], Article], tmp_path: Path, now: datetime, to: str, as_file: str, request: pytest.FixtureRequest
) -> None:
    article = write(1)
    copy = tmp_path / "kept" / "copy.db"
    copy.parent.mkdir()
    backup(store, copy, silent)
    if as_file != "as it was written":  # as a copy by hand may be
        with closing(sqlite3.connect(copy)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
    before = copy.read_bytes()
    address = f"sqlite:///{tmp_path}/other.db" if to == "sqlite" else request.getfixturevalue("fresh_postgres")

    restore(copy, address, silent, now=now)

    assert [file.name for file in copy.parent.iterdir()] == ["copy.db"]
    assert copy.read_bytes() == before
    with Store.open(address) as other:
        assert other.article(article.id) == article


def test_what_was_copied_by_hand_with_its_write_ahead_log_is_restored_with_it(
    store: Store, write: Callable[[int], Article], tmp_path: Path, now: datetime
) -> None:
    backup(store, tmp_path / "copy.db", silent)
    (tmp_path / "kept").mkdir()
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("UPDATE settings SET value = 'from the log' WHERE name = 'reader'")
        connection.commit()
        for name in ("copy.db", "copy.db-wal"):
            (tmp_path / "kept" / name).write_bytes((tmp_path / name).read_bytes())

    restore(tmp_path / "kept/copy.db", f"sqlite:///{tmp_path}/other.db", silent, now=now)

    with closing(sqlite3.connect(tmp_path / "other.db")) as connection:
        assert connection.execute("SELECT value FROM settings WHERE name = 'reader'").fetchone() == ("from the log",)


def test_a_backup_of_a_newer_version_is_refused_and_named(
    store: Store, write: Callable[[int], Article], tmp_path: Path, now: datetime
) -> None:
    backup(store, tmp_path / "copy.db", silent)
    with closing(sqlite3.connect(tmp_path / "copy.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    with pytest.raises(NewerDatabase, match=r"copy\.db was written by a newer version"):
        restore(tmp_path / "copy.db", f"sqlite:///{tmp_path}/other.db", silent, now=now)

    assert not (tmp_path / "other.db").exists()


def test_a_database_that_somebody_works_on_is_not_replaced_under_their_hands(
    store: Store, write: Callable[[int], Article], tmp_path: Path, now: datetime
) -> None:
    write(1)
    backup(store, tmp_path / "copy.db", silent)

    with Store.open(f"sqlite:///{tmp_path}/other.db") as other:
        other.sync([], now=now)
        with pytest.raises(StoreBusy, match="in use"):
            restore(tmp_path / "copy.db", f"sqlite:///{tmp_path}/other.db", silent, now=now)
        other.sync([], now=now)

    assert sorted(file.name for file in tmp_path.iterdir() if file.name.startswith("other")) == ["other.db"]


def test_a_damaged_database_is_replaced(store: Store, write: Callable[[int], Article], tmp_path: Path, now: datetime) -> None:
    article = write(1)
    backup(store, tmp_path / "copy.db", silent)
    (tmp_path / "other.db").write_bytes(b"SQLite format 3\0" + b"\xff" * 5000)

    restore(tmp_path / "copy.db", f"sqlite:///{tmp_path}/other.db", silent, now=now)

    with Store.open(f"sqlite:///{tmp_path}/other.db") as other:
        assert other.article(article.id) == article


def test_a_backup_can_be_restored_into_postgresql(
    store: Store, write: Callable[[int], Article], tmp_path: Path, now: datetime, fresh_postgres: str
) -> None:
    article = write(1)
    backup(store, tmp_path / "copy.db", silent)

    assert restore(tmp_path / "copy.db", fresh_postgres, silent, now=now) is None

    with Store.open(fresh_postgres) as target:
        assert target.article(article.id) == article


@pytest.mark.parametrize("damage", ["cut", "other", "none"])
def test_what_is_no_whole_backup_replaces_nothing(
    store: Store, write: Callable[[int], Article], tmp_path: Path, now: datetime, damage: str
) -> None:
    write(1)
    copy = tmp_path / "copy.db"
    backup(store, copy, silent)
    if damage == "cut":
        copy.write_bytes(copy.read_bytes()[: copy.stat().st_size // 2])
    elif damage == "other":
        copy.unlink()
        with closing(sqlite3.connect(copy)) as other:
            other.execute("CREATE TABLE accounts (name)")
    else:
        copy.unlink()
    target = tmp_path / "target.db"
    target.write_bytes(b"as it was")

    with pytest.raises(StoreError):
        restore(copy, f"sqlite:///{target}", silent, now=now)

    assert target.read_bytes() == b"as it was"


@pytest.fixture
def spared(store: Store, write: Callable[[int], Article], tmp_path: Path, now: datetime) -> Iterator[Path]:
    """A database that holds nothing beside a backup, ``copy.db``, that holds an article; afterwards it is as it was."""
    there, article = tmp_path / "other.db", write(1)
    backup(store, tmp_path / "copy.db", silent)
    Store.open(f"sqlite:///{there}").close()
    yield there
    assert not list(tmp_path.glob("*.unfinished"))
    with Store.open(f"sqlite:///{there}") as other:
        assert other.article(article.id) is None


def test_a_restore_that_is_ended_before_its_file_is_on_the_disk_leaves_the_database_where_it_was(
    spared: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", ended)
    with pytest.raises(KeyboardInterrupt):
        restore(spared.with_name("copy.db"), f"sqlite:///{spared}", silent, now=now)


def test_a_restore_that_cannot_take_the_place_of_the_database_puts_it_back(
    spared: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    replaced = Path.replace

    def refused(path: Path, to: Path) -> Path:
        if path.name.endswith(".unfinished"):
            raise PermissionError(13, "Permission denied")
        return replaced(path, to)

    monkeypatch.setattr(Path, "replace", refused)
    with pytest.raises(StoreError, match="cannot be written"):
        restore(spared.with_name("copy.db"), f"sqlite:///{spared}", silent, now=now)
