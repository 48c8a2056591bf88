from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from structlog.testing import capture_logs

from aggregator import query
from aggregator.config import defaults
from aggregator.errors import StoreError
from aggregator.model import Changes, Keep, Known, Robots
from aggregator.run.housekeeping import Housekeeping, _loop, rules
from aggregator.store import Store

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=200)


class Broken:
    def carriers(self) -> tuple[str, ...]:
        raise StoreError("the database is full", remedy="make room")

    def forget_robots(self, *, before: datetime) -> int:
        raise StoreError("the database is full", remedy="make room")

    def catch_up(self, *, limit: int, below: int | None) -> int | None:
        raise StoreError("the database is full", remedy="make room")

    def tidy(self) -> bool:
        raise StoreError("the database is full", remedy="make room")


def test_old_robots_txt_files_are_forgotten(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        store.keep_robots(Robots("https://old.example.edu", "", LONG_AGO, LONG_AGO))

        Housekeeping(store, clock=lambda: NOW).forget()

        assert not store.robots(["https://old.example.edu"])


def test_a_database_that_refuses_is_told_and_ends_nothing():
    with capture_logs() as told:
        settings = replace(defaults(Path("config")), keep=Keep(days=30))
        housekeeping = Housekeeping(Broken(), clock=lambda: NOW, settings=lambda: settings)
        housekeeping.forget()
        housekeeping.forget_texts()
        housekeeping.catch_up()
        housekeeping.tidy()

    assert [(line["event"], line["problem"], line["remedy"]) for line in told] == [
        ("housekeeping was put off", "the database is full", "make room")
    ] * 4


def test_where_everything_is_kept_nobody_asks_what_there_is():
    assert not list(rules(Broken(), defaults(Path("config"))))


def test_what_searches_look_into_is_put_in_order_until_it_is(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        Housekeeping(store, clock=lambda: NOW).tidy()

        assert store.tidy()


def test_looking_for_stories_of_older_articles_ends_when_all_are_seen(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        assert Housekeeping(store, clock=lambda: NOW).catch_up()


def test_a_loop_ends_when_all_is_done_and_survives_a_fault():
    told = []

    async def job() -> bool:
        told.append(len(told))
        if len(told) == 2:
            raise RuntimeError("a fault of ours")
        return len(told) == 3

    with capture_logs() as logged:
        asyncio.run(asyncio.wait_for(_loop(timedelta(), job, asyncio.Event()), 5))

    assert told == [0, 1, 2]
    assert [line["event"] for line in logged] == ["housekeeping broke: please report this"]


def test_plans_of_a_clock_that_was_set_back_are_mended():
    async def scenario() -> list[datetime]:
        housekeeping = Housekeeping(Broken(), clock=lambda: NOW)
        housekeeping.start()
        for job in housekeeping._scheduler.get_jobs():
            job.modify(next_run_time=datetime.now(UTC) + timedelta(days=4000))
        await housekeeping._mend_plans()
        planned = [job.next_run_time for job in housekeeping._scheduler.get_jobs()]
        await housekeeping.stop(1)
        return planned

    assert all(moment < datetime.now(UTC) + timedelta(days=2) for moment in asyncio.run(scenario()))


def test_it_starts_and_stops_with_the_loop():
    async def scenario() -> None:
        housekeeping = Housekeeping(Broken(), clock=lambda: NOW)
        housekeeping.start()
        await housekeeping.stop(1)

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


def test_texts_are_forgotten_as_each_source_says_and_by_default_none(tmp_path, a_source, a_state, an_article):
    sources = [a_source("north/news", keep=Keep(30, 1)), a_source("east/news"), a_source("left/news")]
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        store.sync(sources, now=NOW)
        for source in sources:
            articles = [
                an_article(
                    age, id=f"{source.id} {age}", source=source.id, published=NOW - timedelta(days=age), text="x", content="<p>x</p>"
                )
                for age in (10, 60, 400)
            ]
            keys = {uuid5(NAMESPACE_URL, article.id).bytes: Known(article.id, b"f" * 16) for article in articles}
            store.apply(Changes(a_state(source.id), tuple(articles), (), keys))
        everything = replace(defaults(Path("config")), sources={source.id: source for source in sources[:2]})

        def kept(keep: Keep) -> list[str]:
            Housekeeping(store, clock=lambda: NOW, settings=lambda: replace(everything, keep=keep)).forget_texts()
            return [id for id in (f"{source.id} {age}" for source in sources for age in (10, 60, 400)) if store.article(id).text]

        assert kept(Keep()) == ["north/news 10", *(f"{name}/news {age}" for name in ("east", "left") for age in (10, 60, 400))]
        assert kept(Keep(365, 2)) == ["north/news 10", *(f"{name}/news {age}" for name in ("east", "left") for age in (10, 60))]


def test_who_ends_the_daemon_does_not_wait_for_a_long_forgetting(tmp_path, a_source, a_state, an_article):
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        store.sync([a_source()], now=NOW)
        old = [an_article(age, published=NOW - timedelta(days=100 + age), text="x") for age in range(100)]
        store.apply(Changes(a_state(), tuple(old), (), {uuid5(NAMESPACE_URL, each.id).bytes: Known(each.id, b"f" * 16) for each in old}))
        settings = replace(defaults(Path("config")), keep=Keep(30, 1))
        housekeeping = Housekeeping(store, clock=lambda: NOW, settings=lambda: settings)
        housekeeping._ending.set()

        housekeeping.forget_texts()

        left = store.old_texts("north/news", before=NOW, at_least=1)
        assert 0 < left < 99


def test_mentions_of_a_text_that_was_forgotten_stay(tmp_path, an_article, a_state, a_source):
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        store.sync([a_source()], now=NOW)
        old = an_article(
            1, title="A new lab", text="Harbin Institute of Technology opens a lab.", published=NOW - timedelta(days=90), language="en"
        )
        new = an_article(2, published=NOW)
        keys = {uuid5(NAMESPACE_URL, each.id).bytes: Known(each.id, b"f" * 16) for each in (old, new)}
        store.apply(Changes(a_state(), (old, new), keys=keys))
        Housekeeping(store, clock=lambda: NOW).name()
        before = store.article(old.id).mentions
        store.forget_texts("north/news", before=NOW - timedelta(days=30), at_least=1, limit=9)

        store.know(1)
        Housekeeping(store, clock=lambda: NOW).name()

        assert before
        assert store.article(old.id).mentions == before
        assert store.article(old.id).text is None
