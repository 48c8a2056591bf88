"""From SQLite to PostgreSQL and back: nothing that a subscriber could notice changes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import postgres_server
import pytest
from sqlalchemy import select

from aggregator import query
from aggregator.errors import StoreError
from aggregator.model import Article, Changes, Event, Known, Robots, Source, SourceState
from aggregator.store import Store
from aggregator.store.move import move
from aggregator.store.tables import metadata


@pytest.fixture
def empty(_postgres: str) -> str:
    return postgres_server.fresh_database(_postgres)


@pytest.fixture
def filled(
    tmp_path: Path, a_source: Callable[..., Source], an_article: Callable[..., Article], a_state: Callable[..., SourceState], now: datetime
) -> Store:
    """Articles of two polls and a revision, a robots.txt, a claim."""
    store = Store.open(f"sqlite:///{tmp_path}/wire.db")
    store.sync([a_source(), a_source("east/news")], now=now)
    articles = [an_article(number, title=f"Bau der Brücke {number} 哈工大", language="de") for number in range(1, 1202)]
    keys = {number.to_bytes(16, "big"): Known(article.id, b"f" * 16) for number, article in enumerate(articles)}
    store.apply(Changes(a_state(), tuple(articles), (), keys))
    store.apply(Changes(a_state(), (), (replace(articles[3], title="Umbau der Brücke"),), {}))
    store.note(Event(now, "broke", "north/news", "it broke"), Event(now, "mended", "north/news", "it mended"))
    store.keep_robots(Robots("https://north.example.edu", "", now, now))
    store.claim(now=now + timedelta(days=9), limit=1, owner="me", lease=timedelta(minutes=1))
    return store


def everything(store: Store) -> dict[str, list[tuple[object, ...]]]:
    with store._reading() as connection:
        return {table.name: sorted(tuple(map(str, row)) for row in connection.execute(select(table))) for table in metadata.sorted_tables}


def test_everything_is_there_with_the_same_ids_numbers_and_revisions(filled: Store, empty: str, tmp_path: Path) -> None:
    reported: list[tuple[str, int, int]] = []
    with filled, Store.open(empty) as large, Store.open(f"sqlite:///{tmp_path}/again.db") as back:
        copied = move(filled, large, lambda *said: reported.append(said))
        move(large, back, lambda *_: None)

        assert copied["articles"] == 1201
        assert everything(large) == everything(filled) == everything(back)
        for question in ("Brücke", "哈工", "Umbau", "Bau Brücke", "language:de -Umbau"):
            asked = query.parse(question, {})
            found = [[article.id for article in store.articles(asked, limit=2000)] for store in (filled, large, back)]
            assert found[0] == found[1] == found[2] != [], question
        assert ("articles", 1201, 1201) in reported


def test_a_database_that_holds_something_is_not_overwritten(filled: Store, empty: str, an_article: Callable[..., Article]) -> None:
    with filled, Store.open(empty) as large:
        move(filled, large, lambda *_: None)
        before = everything(large)

        with pytest.raises(StoreError, match="is not empty"):
            move(filled, large, lambda *_: None)

        assert everything(large) == before


def test_where_it_breaks_in_the_middle_nothing_has_been_written(filled: Store, empty: str) -> None:
    def broken(table: str, done: int, _total: int) -> None:
        if table == "articles" and done:
            raise KeyboardInterrupt

    with filled, Store.open(empty) as large:
        with pytest.raises(KeyboardInterrupt):
            move(filled, large, broken)

        assert large.count() == 0


def test_what_is_written_after_a_move_gets_numbers_of_its_own(filled: Store, empty: str, now: datetime) -> None:
    with filled, Store.open(empty) as large:
        move(filled, large, lambda *_: None)

        large.note(Event(now, "broke", "north/news", "again"))

        assert len(everything(large)["events"]) == 3
