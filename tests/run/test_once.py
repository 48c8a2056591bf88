"""Polling without a daemon, as cron does it: what the daemon does beside polls is done as well, a little each time."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from aggregator.config import defaults
from aggregator.model import Changes, Keep, Known, Robots, Source
from aggregator.run import housekeeping
from aggregator.run.once import poll_once
from aggregator.store import Store, is_card

NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=300)


def test_after_the_polls_house_is_kept_a_little_each_time(tmp_path, an_article, a_state, monkeypatch):
    monkeypatch.setattr(housekeeping, "_STEPS", 1)
    source = Source("north/news", "https://north.example.edu/feed.xml")
    settings = replace(defaults(tmp_path), keep=Keep(30, 1), sources={source.id: source})
    old = [an_article(number, published=LONG_AGO - timedelta(days=number), first_seen=LONG_AGO, mentions=None) for number in range(80)]

    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        store.sync([source], now=NOW)
        state = a_state(next_poll=NOW + timedelta(days=1))
        store.apply(Changes(state, tuple(old), (), {uuid5(NAMESPACE_URL, each.id).bytes: Known(each.id, b"f" * 16) for each in old}))
        store.keep_robots(Robots("https://old.example.edu", "", LONG_AGO, LONG_AGO))
        cards = []
        for _ in range(3):
            asyncio.run(poll_once(settings, store, print))
            cards.append(sum(map(is_card, store.by_id(each.id for each in old).values())))

        assert store.unnamed(1) == ()
        assert store.catch_up(limit=1) is None
        assert not store.robots(["https://old.example.edu"])
    assert cards == [50, 79, 79]


def test_what_the_first_polls_bring_is_not_looked_through_for_universities_twice(tmp_path, an_article, a_state):
    source = Source("north/news", "https://north.example.edu/feed.xml")
    settings = replace(defaults(tmp_path), sources={source.id: source})
    article = an_article(1, mentions=())

    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        store.sync([replace(source, paused=True)], now=NOW)
        asyncio.run(poll_once(replace(settings, sources={source.id: replace(source, paused=True)}), store, print))
        store.apply(Changes(a_state(), (article,), (), {b"k" * 16: Known(article.id, b"f" * 16)}))

        housekeeping.know(store, settings.registry)

        assert store.unnamed(1) == ()
