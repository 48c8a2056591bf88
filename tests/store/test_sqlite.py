"""What is SQLite's own: whose file it is, what may be wrong with it, and that it is told in words."""

from __future__ import annotations

import os
import sqlite3
import warnings
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

from aggregator.errors import ForeignDatabase, NewerDatabase, StoreBusy, StoreError
from aggregator.model import Article, Changes, Known, SourceState
from aggregator.query import parse
from aggregator.store import Store, migrate, sqlite
from aggregator.store.tables import metadata


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "aggregator.db"


@pytest.fixture
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_BUSY", 50)


def opened(path: Path) -> Store:
    return Store.open(f"sqlite:///{path}")


def files(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in path.parent.iterdir()}


# --- tables and migrations -----------------------------------------------------------------------------------------------------------


def test_the_migrations_make_exactly_the_tables_of_the_queries(path: Path) -> None:
    with opened(path) as store, store._engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _: kind != "table" or not str(name).startswith("search")}
        )

        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*expression-based index")  # their names are held against each other below
            assert [change for change in compare_metadata(context, metadata) if "articles_of_language" not in str(change)] == []
        made = {
            row[0] for row in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'index' AND name NOT LIKE 'sqlite_%'")
        }
        assert made == {index.name for table in metadata.tables.values() for index in table.indexes}


def test_a_new_file_is_what_the_migrations_make(path: Path) -> None:
    with opened(path):
        made = _dumped(path)
    path.unlink()
    engine = sqlite.engine(make_url(f"sqlite:///{path}"))
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        sqlite.check_ours(connection, path.name)
        migrate.walk(connection)
    engine.dispose()

    assert made == _dumped(path), "run make docs"


def _dumped(path: Path) -> list[object]:
    with closing(sqlite3.connect(path)) as held:
        made = held.execute("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name").fetchall()
        rows = {name: held.execute(f'SELECT * FROM "{name}"').fetchall() for kind, name, *_ in made if kind == "table"}
        return [made, rows, *(held.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version", "auto_vacuum"))]


def test_head_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).with_name("migrations")))

    assert ScriptDirectory.from_config(config).get_heads() == [migrate.HEAD]


def test_a_database_that_is_there_is_opened_again_as_it_was(
    path: Path, an_article: Callable[..., Article], a_state: Callable[..., SourceState]
) -> None:
    article = an_article()
    with opened(path) as store:
        store.apply(Changes(a_state(), (article,), (), {b"k" * 16: Known(article.id, b"f" * 16)}))

    with opened(path) as again:
        assert again.article(article.id) == article


def test_a_database_is_made_with_its_folders(tmp_path: Path) -> None:
    with opened(tmp_path / "not" / "yet" / "there.db") as store:
        assert store.count() == 0


def test_the_file_says_that_it_is_ours_and_readers_do_not_wait_for_the_writer(path: Path) -> None:
    with opened(path) as store, store._engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA application_id").scalar() == sqlite.APPLICATION_ID
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"


# --- what is not ours ----------------------------------------------------------------------------------------------------------------


def test_a_database_of_another_program_is_refused_and_not_touched(path: Path) -> None:
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE accounts (name)")
    other.commit()
    other.close()
    before = files(path)

    with pytest.raises(ForeignDatabase, match=r"aggregator\.db.*not one of ours") as caught:
        opened(path)

    assert caught.value.remedy is not None
    assert files(path) == before


def test_a_database_of_a_newer_version_is_refused_and_keeps_what_it_holds(path: Path) -> None:
    opened(path).close()
    newer = sqlite3.connect(path)
    newer.execute("UPDATE alembic_version SET version_num = '9999'")
    newer.commit()
    newer.close()

    with pytest.raises(NewerDatabase, match=rf"schema 9999.*up to {migrate.HEAD}") as caught:
        opened(path)

    assert caught.value.remedy == "install the newer version again"
    held = sqlite3.connect(path)
    assert held.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
    held.close()


@pytest.mark.parametrize("content", [b"this is no database, it is a text of some length" * 40, b"<!doctype html>" * 100])
def test_a_file_that_is_no_database_is_refused_and_not_touched(path: Path, content: bytes) -> None:
    path.write_bytes(content)

    with pytest.raises(ForeignDatabase, match="no SQLite database") as caught:
        opened(path)

    assert caught.value.remedy is not None
    assert files(path) == {"aggregator.db": content}


def test_an_empty_file_becomes_a_database(path: Path) -> None:
    path.touch()

    with opened(path) as store:
        assert store.count() == 0


def test_a_damaged_database_is_told(path: Path) -> None:
    opened(path).close()
    content = bytearray(path.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    path.write_bytes(content)

    with pytest.raises(StoreError, match=r"aggregator\.db"), opened(path) as store:
        store.states()


# --- what cannot be written ----------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_is_read_only_is_told(path: Path) -> None:
    path.parent.chmod(0o500)
    try:
        with pytest.raises(StoreError, match="cannot be opened for writing") as caught:
            opened(path)
    finally:
        path.parent.chmod(0o700)

    assert "rights" in (caught.value.remedy or "")


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(StoreError, match="its folder cannot be made") as caught:
        opened(tmp_path / "file" / "aggregator.db")

    assert "database" in (caught.value.remedy or "")


def test_a_folder_in_the_place_of_the_file_is_told(path: Path) -> None:
    path.mkdir()

    with pytest.raises(StoreError, match="is a folder"):
        opened(path)


def test_a_disk_that_is_full_is_told_and_nothing_is_lost(
    path: Path, an_article: Callable[..., Article], a_state: Callable[..., SourceState]
) -> None:
    first, large = an_article(1), an_article(2, content="x" * 1_000_000)
    with opened(path) as store:
        store.apply(Changes(a_state(), (first,), (), {b"1" * 16: Known(first.id, b"f" * 16)}))
        with store._engine.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        store._engine.dispose()

        def small(connection: sqlite3.Connection, _: object) -> None:
            connection.execute(f"PRAGMA max_page_count = {pages + 2}")

        sqlite.event.listen(store._engine, "connect", small)

        with pytest.raises(StoreError, match="cannot grow") as caught:
            store.apply(Changes(a_state(), (large,), (), {b"2" * 16: Known(large.id, b"f" * 16)}))

        assert "disk space" in (caught.value.remedy or "")
        assert store.article(first.id) == first
        assert store.article(large.id) is None


@pytest.mark.usefixtures("_impatient")
def test_a_database_that_another_program_locks_is_busy_and_works_afterwards(path: Path, a_state: Callable[..., SourceState]) -> None:
    with opened(path) as store:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(StoreBusy, match="locked by another program") as caught:
            store.apply(Changes(a_state()))
        readable = store.states()
        other.execute("ROLLBACK")
        other.close()
        store.apply(Changes(a_state()))

    assert caught.value.transient
    assert readable == ()


# --- addresses -----------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "",
        "nonsense",
        "aggregator.db",
        "://",
        "mysql://host/db",
        "postgresql://user:secret@host/db",
        "sqlite+nonsense:///x.db",
        "sqlite://host/x.db",
        "sqlite:///:memory:",
        "sqlite://",
        "sqlite:///x.db?nonsense=1",
        "sqlite:///\x00",
    ],
)
def test_an_address_that_is_no_database_is_a_store_error_that_keeps_secrets(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(StoreError) as caught:
        Store.open(url)

    assert caught.value.remedy is not None
    assert "secret" not in f"{caught.value} {caught.value.remedy}"


# --- before a migration --------------------------------------------------------------------------------------------------------------


def at_version(path: Path, version: str) -> None:
    """A file whose tables are of an older version."""
    from alembic import command

    engine = sqlite.engine(make_url(f"sqlite:///{path}"))
    with engine.connect().execution_options(write=True) as connection, connection.begin():
        sqlite.check_ours(connection, str(path))
        config = Config()
        config.set_main_option("script_location", str(Path(migrate.__file__).with_name("migrations")))
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    engine.dispose()


def versions() -> list[str]:
    folder = Path(migrate.__file__).with_name("migrations") / "versions"
    return sorted(file.name.partition("_")[0] for file in folder.glob("0*.py"))


@pytest.mark.parametrize("version", versions()[:-1])
def test_tables_of_every_older_version_are_brought_up_to_date_and_a_copy_is_kept(path: Path, version: str) -> None:
    at_version(path, version)
    with closing(sqlite3.connect(path)) as old:
        old.execute("INSERT INTO settings VALUES ('revision', 41)")
        old.commit()

    with opened(path) as store:
        assert store.revision() == 41
        assert store.states() == ()

    copy = path.with_name(f"{path.name}.before-{migrate.HEAD}")
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("SELECT version_num FROM alembic_version").fetchall() == [(version,)]
        assert kept.execute("SELECT value FROM settings").fetchall() == [(41,)]


# --- words ---------------------------------------------------------------------------------------------------------------------------


def test_every_search_looks_into_one_place_once_all_is_tidy(path: Path, a_state: Callable[..., SourceState]) -> None:
    with opened(path) as store:
        for number in range(30):
            article = Article(f"a{number}", "Ice opens", None, "north/news", None, datetime(2026, 3, 2, tzinfo=UTC))
            store.apply(Changes(a_state(), (article,), (), {bytes([number]) * 16: Known(article.id, b"f")}))
        before = parts_of_the_index(path)

        while not store.tidy():
            pass

        assert parts_of_the_index(path) == 1 < before
        assert len(store.articles(parse("ice"), limit=50)) == 30


def parts_of_the_index(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT count(DISTINCT segid) FROM search_idx").fetchone()[0])


def test_no_copy_is_made_of_a_new_file_nor_of_one_that_is_up_to_date(path: Path) -> None:
    opened(path).close()
    opened(path).close()

    assert [file.name for file in path.parent.iterdir() if "before" in file.name] == []


def test_a_folder_is_no_database_and_a_file_in_it_is_proposed(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="is a folder") as caught:
        Store.open(f"sqlite:///{tmp_path}")

    assert caught.value.remedy == f"name a file in it: sqlite:///{tmp_path}/aggregator.db"
