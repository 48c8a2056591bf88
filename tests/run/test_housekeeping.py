from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from structlog.testing import capture_logs

from aggregator import query
from aggregator.errors import StoreError
from aggregator.model import Changes, Known, Robots
from aggregator.run.housekeeping import Housekeeping
from aggregator.store import Store

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=200)


class Broken:
    def forget_robots(self, *, before: datetime) -> int:
        raise StoreError("the database is full", remedy="make room")

    def catch_up(self, *, limit: int) -> int:
        raise StoreError("the database is full", remedy="make room")


def test_old_robots_txt_files_are_forgotten(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        store.keep_robots(Robots("https://old.example.edu", "", LONG_AGO, LONG_AGO))

        Housekeeping(store, clock=lambda: NOW).forget()

        assert store.robots("https://old.example.edu") is None


def test_a_database_that_refuses_is_told_and_ends_nothing():
    with capture_logs() as told:
        Housekeeping(Broken(), clock=lambda: NOW).forget()
        Housekeeping(Broken(), clock=lambda: NOW).catch_up()

    assert [(line["event"], line["problem"], line["remedy"]) for line in told] == [
        ("housekeeping was put off", "the database is full", "make room")
    ] * 2


def test_looking_for_stories_of_older_articles_ends_when_all_are_seen(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        housekeeping = Housekeeping(store, clock=lambda: NOW)
        planned = {job.id for job in housekeeping._scheduler.get_jobs()}

        housekeeping.catch_up()

        assert planned - {job.id for job in housekeeping._scheduler.get_jobs()} == {"stories of older articles"}


def test_it_starts_and_stops_with_the_loop():
    async def scenario() -> None:
        housekeeping = Housekeeping(Broken(), clock=lambda: NOW)
        housekeeping.start()
        housekeeping.stop()

    asyncio.run(scenario())


def test_articles_stored_before_are_looked_through(tmp_path, an_article, a_state, a_source):
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        store.sync([a_source()], now=NOW)
        article = an_article(1, title="Harbin Institute of Technology opens a lab", text="It did.", language="en")
        store.apply(Changes(a_state(), (article,), keys={b"k" * 16: Known(article.id, b"f" * 16)}))

        Housekeeping(store, clock=lambda: NOW).name()

        (kept,) = store.articles(query.parse("about:01yqg2h08"), limit=9)
        assert [mention.name for mention in kept.mentions] == ["Harbin Institute of Technology"]
        assert store.unnamed(9) == ()
