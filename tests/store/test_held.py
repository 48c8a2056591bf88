"""Articles are read once, and again as soon as anything of them has changed, by whichever way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import event

from aggregator.model import Changes, Known, Mention, University
from aggregator.query import Everything
from aggregator.store import Store, published

ALL = Everything()
TEXT = "The university of the north has opened a laboratory for sensors that measure how thick the ice of the fjord is. " * 4


@pytest.fixture(params=[0, 3_000, 1_000_000], ids=["nothing", "little", "everything"])
def holding(request, monkeypatch, address):
    """A store that holds so much."""
    monkeypatch.setattr(published, "_ROOM", request.param)
    with Store.open(address) as store:
        yield store


@pytest.fixture
def texts_read(store) -> list[str]:
    """The statements by which texts of articles were read."""
    read: list[str] = []

    @event.listens_for(store._engine, "before_cursor_execute")
    def _note(_connection, _cursor, statement, *_):
        if "articles.content," in statement:
            read.append(statement)

    return read


def test_what_is_held_is_not_read_again(store, put, an_article, texts_read):
    put(*(an_article(number) for number in range(1, 6)))
    first = store.articles(ALL, limit=10)
    texts_read.clear()

    assert store.articles(ALL, limit=10) == first
    assert texts_read == []


def test_only_the_new_one_is_read(store, put, an_article, texts_read):
    put(*(an_article(number) for number in range(1, 6)))
    store.articles(ALL, limit=10)
    put(an_article(7))
    texts_read.clear()

    assert len(store.articles(ALL, limit=10)) == 6
    assert len(texts_read) == 1


def test_what_another_program_changes_is_read_again(store, put, an_article, address):
    put(an_article(1))
    store.articles(ALL, limit=10)

    with Store.open(address) as other:
        other.keep_mentions([replace(an_article(1), mentions=(Mention("East"),))])

    assert store.articles(ALL, limit=10)[0].mentions == (Mention("East"),)


@pytest.mark.parametrize("seed", range(4))
def test_what_is_held_is_what_the_database_says_whatever_happens(seed, holding, a_source, a_state, an_article, key, now):
    chance = Random(seed)
    homes = ["north", "east"]

    def an(number: int) -> object:
        text = f"{TEXT if chance.random() < 0.5 else ''} Number {number}, {chance.random()}."
        moment = now - timedelta(days=number)
        source = chance.choice(["north/news", "east/news"])
        return an_article(number, text=text, content=f"<p>{text}</p>", source=source, published=moment, first_seen=moment)

    def polled() -> None:
        article = an(chance.randrange(12))
        known = holding.article(article.id) is not None
        changes = ((), (article,)) if known else ((article,), ())
        holding.apply(Changes(a_state(article.source), *changes, {key(article.url): Known(article.id, b"f" * 16)}))

    def named() -> None:
        found = holding.unnamed(3) or holding.articles(ALL, limit=1)
        holding.keep_mentions([replace(each, mentions=(Mention(chance.choice(["East", "West"])),)) for each in found])

    def forgotten() -> None:
        holding.forget_texts("north/news", before=now - timedelta(days=chance.randrange(12)), at_least=1, limit=2)

    def moved() -> None:
        chance.shuffle(homes)
        sources = [a_source("north/news", university=homes[0]), a_source("east/news", university=homes[1])]
        holding.sync(sources, of=[University(each, each) for each in homes], now=now)

    moved()
    happens: list[Callable[[], None]] = [polled, polled, polled, named, forgotten, moved]
    for _ in range(40):
        chance.choice(happens)()
        found = holding.articles(ALL, limit=chance.choice([3, 20]))
        there = holding.by_id(article.id for article in found)

        assert found == tuple(there[article.id] for article in found)
