"""What is PostgreSQL's own: whose database it is, what may be wrong with it, and that it finds what SQLite finds."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import postgres_server
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, make_url, text

from aggregator import query
from aggregator.errors import ForeignDatabase, NewerDatabase, QueryError, StoreBusy, StoreError
from aggregator.model import Article, Changes, Known, Source, SourceState
from aggregator.store import Store, migrate, postgres
from aggregator.store.tables import metadata


@pytest.fixture
def address(_postgres: str) -> str:
    return postgres_server.fresh_database(_postgres)


def run(address: str, *statements: str) -> None:
    import psycopg

    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


def test_the_migrations_make_exactly_the_tables_of_the_queries(address: str) -> None:
    with Store.open(address) as store, store._engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"include_name": lambda name, kind, _: kind != "table" or not str(name).startswith("search")}
        )

        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", ".*expression-based index")
            assert [change for change in compare_metadata(context, metadata) if "articles_of_language" not in str(change)] == []


def at_version(address: str, version: str) -> None:
    """A database whose tables are of an older version."""
    engine = create_engine(make_url(address).set(drivername="postgresql+psycopg"))
    with engine.begin() as connection:
        config = Config()
        config.set_main_option("script_location", str(Path(migrate.__file__).with_name("migrations")))
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    engine.dispose()


VERSIONS = sorted(file.name.partition("_")[0] for file in Path(migrate.__file__).with_name("migrations").glob("versions/0*.py"))


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_tables_of_every_older_version_are_brought_up_to_date(address: str, version: str) -> None:
    at_version(address, version)
    run(address, "INSERT INTO settings VALUES ('revision', 41)")

    with Store.open(address) as store:
        assert store.revision() == 41
        assert store.states() == ()


def test_traces_of_older_versions_go_all_at_once(address: str) -> None:
    at_version(address, "0011")
    run(
        address,
        "INSERT INTO traces SELECT n, n FROM generate_series(1, 5000) n",
        "INSERT INTO marks SELECT n, 'marks'::bytea FROM generate_series(1, 5000) n",
    )

    with Store.open(address) as store, store._engine.connect() as connection:
        sizes = connection.execute(text("SELECT pg_relation_size('traces'), pg_relation_size('marks')")).one()

    assert tuple(sizes) == (0, 0)


def test_a_database_of_another_program_is_refused_and_not_touched(address: str) -> None:
    run(address, "CREATE TABLE accounts (name text)")

    with pytest.raises(ForeignDatabase, match="accounts") as caught:
        Store.open(address)

    assert "of its own" in (caught.value.remedy or "")


def test_a_database_of_a_newer_version_is_refused(address: str) -> None:
    Store.open(address).close()
    run(address, "UPDATE alembic_version SET version_num = '9999'")

    with pytest.raises(NewerDatabase, match="9999"):
        Store.open(address)


def test_a_server_that_is_not_there_is_told_without_the_password(tmp_path: Path) -> None:
    with pytest.raises(StoreBusy, match="does not answer") as caught:
        Store.open(f"postgresql://reader:secret@/news?host={tmp_path}")

    assert "secret" not in caught.value.message
    assert caught.value.transient


def test_a_database_that_does_not_exist_is_told(address: str) -> None:
    head, _, options = address.partition("?")

    with pytest.raises(StoreError, match="nowhere") as caught:
        Store.open(f"{head.rpartition('/')[0]}/nowhere?{options}")

    assert not caught.value.transient
    assert caught.value.remedy == "create it on the server (createdb nowhere), or correct `database`"


def test_who_does_not_exist_on_the_server_is_told(address: str) -> None:
    with pytest.raises(StoreError, match="does not let us in") as caught:
        Store.open(make_url(address).set(username="no body").render_as_string(hide_password=False))

    assert not caught.value.transient
    assert caught.value.remedy == "create it on the server (createuser --pwprompt 'no body'), or correct `database`"


def test_an_address_without_a_database_is_refused() -> None:
    with pytest.raises(StoreError, match="names no database"):
        Store.open("postgresql://reader@localhost")


def test_two_programs_may_make_the_tables_at_the_same_time(address: str) -> None:
    failures: list[BaseException] = []

    def opened() -> None:
        try:
            Store.open(address).close()
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test shows it
            failures.append(error)

    threads = [threading.Thread(target=opened) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failures == []


def test_many_who_claim_at_the_same_time_never_get_the_same_source_nor_the_same_host(
    address: str, a_source: Callable[..., Source], now: datetime
) -> None:
    with Store.open(address) as store:
        store.sync([a_source(f"u{number % 40}/s{number}") for number in range(120)], now=now)
        claimed: list[SourceState] = []

        def claiming(owner: str) -> None:
            with Store.open(address) as mine:
                while batch := mine.claim(now=now, limit=3, owner=owner, lease=timedelta(minutes=5)):
                    claimed.extend(batch)

        threads = [threading.Thread(target=claiming, args=(f"worker {number}",)) for number in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        assert len(claimed) == 40
        assert len({state.source for state in claimed}) == 40
        assert len({state.url for state in claimed}) == 40


def test_articles_that_are_stored_at_the_same_time_get_numbers_of_their_own(
    address: str, a_source: Callable[..., Source], an_article: Callable[..., Article], a_state: Callable[..., SourceState], now: datetime
) -> None:
    with Store.open(address) as store:
        store.sync([a_source(f"u{number}/news") for number in range(4)], now=now)

        def storing(number: int) -> None:
            with Store.open(address) as mine:
                for each in range(10):
                    article = an_article(number * 100 + each, source=f"u{number}/news")
                    key = bytes([number, each]) * 8
                    mine.apply(Changes(a_state(f"u{number}/news"), (article,), (), {key: Known(article.id, b"f" * 16)}))

        threads = [threading.Thread(target=storing, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)

        assert store.count() == 40
        assert store.revision() == 40


def test_a_question_that_takes_too_long_is_ended(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "PATIENCE", 0.05)
    with (
        Store.open(address) as store,
        pytest.raises(StoreBusy, match=r"took longer than 0\.05 s"),
        store._reading() as connection,
        postgres.bounded(connection),
    ):
        connection.exec_driver_sql("SELECT pg_sleep(2)")


def test_a_server_that_restarts_is_waited_for_and_nothing_is_lost(
    a_source: Callable[..., Source], an_article: Callable[..., Article], a_state: Callable[..., SourceState], now: datetime
) -> None:
    with postgres_server.server() as server, Store.open(postgres_server.fresh_database(server.address)) as store:
        store.sync([a_source()], now=now)
        article = an_article()
        changes = Changes(a_state(), (article,), (), {b"k" * 16: Known(article.id, b"f" * 16)})
        server.stop()

        with pytest.raises(StoreBusy, match="does not answer"):
            store.apply(changes)
        server.start()

        assert store.apply(changes) == (1,)
        assert store.article(article.id) == article


@pytest.fixture(scope="module")
def pair(_postgres: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    folder = tmp_path_factory.mktemp("pair")
    with Store.open(f"sqlite:///{folder}/wire.db") as lite, Store.open(postgres_server.fresh_database(_postgres)) as large:
        yield lite, large


PIECES = ["ice", "Ice", "robot", "哈尔滨", "工业", "大学", "哈工大", "é", "École", "МГТУ", "им.", "_", "a_b", "N°5", "東京", "ا", " ", "-", ".", "2024", "x²", "हिन्दी", "ไทย", "서울대학교는", "🤖"]  # fmt: skip
SHORT = st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join) | st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
LONG = st.tuples(SHORT, st.sampled_from([254, 255, 256, 9_000]), SHORT).map(lambda parts: f"{parts[0]} " * parts[1] + parts[2])
"""What PostgreSQL does not count to the end."""
TEXTS = SHORT | LONG


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=6),
    words=st.lists(st.sampled_from(PIECES), min_size=1, max_size=3),
    form=st.sampled_from(["{}", '"{}"', "title:{}", "-{}", "author:{}", "{} OR ice"]),
)
def test_both_databases_find_the_same(
    pair: tuple[Store, Store],
    an_article: Callable[..., Article],
    a_source: Callable[..., Source],
    a_state: Callable[..., SourceState],
    now: datetime,
    texts: list[tuple[str, str, str]],
    words: list[str],
    form: str,
) -> None:
    articles = [
        replace(an_article(number), title=title or "-", text=body, authors=(author,), language=["en", "zh-Hans", "EN-gb"][number % 3])
        for number, (title, body, author) in enumerate(texts, 1)
    ]
    wanted = form.format(" ".join(words))
    try:
        asked = query.parse(wanted, {})
    except QueryError:
        return
    found = []
    for store in pair:
        with store._writing() as connection:
            for name in ("articles", "identities", "sources", "marks", "traces"):
                connection.execute(metadata.tables[name].delete())
            if store._dialect is postgres:
                connection.exec_driver_sql("DELETE FROM search")
            else:
                connection.exec_driver_sql("INSERT INTO search (search) VALUES ('delete-all')")
        store.sync([a_source()], now=now)
        keys = {bytes([number]) * 16: Known(article.id, b"f" * 16) for number, article in enumerate(articles)}
        store.apply(Changes(a_state(), tuple(articles), (), keys))
        found.append([article.id for article in store.articles(asked, limit=50)])

    assert found[0] == found[1]
