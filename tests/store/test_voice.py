"""Who speaks for a database: one at a time, and another one when that one is gone."""

from __future__ import annotations

import postgres_server
import pytest
from sqlalchemy import create_engine, text

from aggregator.store import Store


@pytest.fixture
def address(_postgres: str) -> str:
    return postgres_server.fresh_database(_postgres)


@pytest.fixture
def store(address):
    with Store.open(address) as opened:
        yield opened


def end_sessions(address: str) -> None:
    engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'aggregator-voice'"
        connection.execute(text(ended)).all()
    engine.dispose()


def test_on_sqlite_whoever_works_speaks(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store, store.voice() as voice:
        assert voice.is_ours()
        assert voice.was_ours


def test_one_speaks_and_another_does_when_it_has_ended(store):
    with store.voice() as second:
        with store.voice() as first:
            assert [first.is_ours(), second.is_ours(), first.is_ours()] == [True, False, True]

        assert second.is_ours()


def test_between_two_questions_no_transaction_stays_open(store, address):
    """The server would end it, and with it the right to speak."""
    with store.voice() as voice:
        assert voice.is_ours()

        engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"))
        with engine.connect() as connection:
            asked = "SELECT state FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'aggregator-voice'"
            assert connection.scalars(text(asked)).all() == ["idle"]
        engine.dispose()


def test_who_loses_the_connection_knows_before_speaking_again(store, address):
    with store.voice() as first, store.voice() as second:
        assert first.is_ours()
        end_sessions(address)

        assert second.is_ours()
        assert not first.is_ours()
        assert not first.was_ours


def test_who_loses_the_lock_but_not_the_connection_knows_too(store):
    with store.voice() as first, store.voice() as second:
        assert first.is_ours()
        first._session.execute(text("SELECT pg_advisory_unlock_all()"))

        assert second.is_ours()
        assert not first.is_ours()


def test_two_schemas_of_one_database_have_a_voice_each(address):
    engine = create_engine(address.replace("postgresql:", "postgresql+psycopg:"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for name in ("one", "two"):
            connection.execute(text(f"CREATE SCHEMA {name}"))
    engine.dispose()
    sign = "&" if "?" in address else "?"
    with (
        Store.open(f"{address}{sign}options=-csearch_path%3Done") as one,
        Store.open(f"{address}{sign}options=-csearch_path%3Dtwo") as two,
        one.voice() as first,
        two.voice() as second,
    ):
        assert first.is_ours()
        assert second.is_ours()


def test_a_server_that_is_away_silences_everybody_and_is_asked_again():
    with postgres_server.server() as server:
        address = postgres_server.fresh_database(server.address)
        with Store.open(address) as store, store.voice() as first, store.voice() as second:
            assert [first.is_ours(), second.is_ours()] == [True, False]
            server.stop()
            assert [first.is_ours(), second.is_ours()] == [False, False]
            assert [first.was_ours, second.was_ours] == [True, False]
            server.start()

            assert [second.is_ours(), first.is_ours()] == [True, False]
