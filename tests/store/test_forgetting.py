"""Texts of old articles are forgotten; that there was an article never is."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.model import Changes, Keep, Known
from aggregator.query import Everything
from aggregator.store import Store, rows


@pytest.fixture
def days(an_article, now):
    """Articles by their age in days, each with a text of its own."""

    def build(*ages: int, source: str = "north/news"):
        return [
            an_article(
                age, source=source, published=now - timedelta(days=age), first_seen=now - timedelta(days=age),
                content=f"<p>walrus number {age}</p>", text=f"walrus number {age} " * 40, summary=None,
            )
            for age in ages
        ]  # fmt: skip

    return build


def texts(store) -> list[bool]:
    """Which of the articles have their text, newest first."""
    return [article.text is not None for article in store.articles(Everything(), limit=100)]


def forget(store, now, *, days=10, at_least=1, limit=100, source="north/news") -> int:
    return store.forget_texts(source, before=now - timedelta(days=days), at_least=at_least, limit=limit)


def test_what_is_older_loses_its_text_and_nothing_else(store, put, days, now):
    put(*days(1, 30))
    old = next(article for article in store.by_id(each.id for each in days(30)).values())
    revision = store.revision()

    assert forget(store, now) == 1

    card = store.article(old.id)
    assert (card.text, card.content) == (None, None)
    assert card.summary.startswith("walrus number 30")
    assert len(card.summary) <= 300
    assert card.provenance["content"].startswith("forgotten: older than 2026-02-20")
    same = ("id", "title", "url", "published", "first_seen", "source", "authors", "categories", "enclosures", "image", "language")
    assert [getattr(card, name) for name in same] == [getattr(old, name) for name in same]
    assert store.revision() == revision
    assert texts(store) == [True, False]
    assert forget(store, now) == 0


def test_the_newest_keep_theirs_however_old_they_are(store, put, days, now):
    put(*days(100, 200, 300, 400))

    assert store.old_texts("north/news", before=now, at_least=3) == 1
    assert forget(store, now, at_least=3) == 1

    assert texts(store) == [True, True, True, False]


def test_a_source_with_few_articles_forgets_nothing(store, put, days, now):
    put(*days(100, 200))

    assert forget(store, now, at_least=5) == 0


def test_other_sources_are_not_touched(store, put, days, now):
    put(*days(100, 200))
    put(*days(101, 201, source="east/news"), source="east/news")

    forget(store, now)

    assert texts(store) == [True, True, False, True]
    assert store.carriers() == ("east/news", "north/news")


def test_it_goes_on_in_small_steps_from_the_oldest(store, put, days, now):
    put(*days(*range(20, 30)))

    assert [forget(store, now, limit=4) for _ in range(4)] == [4, 4, 1, 0]
    assert store.old_texts("north/news", before=now, at_least=1) == 0


def test_a_forgotten_text_is_no_longer_found_but_its_title_is(store, put, ask, days, now, an_article):
    (old,) = days(30)
    put(
        *days(1),
        replace(old, title="A title about otters", text="zebra " * 200, content="<p>zebra crossing</p>", summary="In short: seals."),
    )

    forget(store, now)

    assert ask("zebra") == []
    assert ask("otters") == ask("seals") == ["A title about otters"]


def test_what_was_forgotten_does_not_come_back_as_something_new(store, put, days, now, a_state, key):
    put(*days(1, 30))
    forget(store, now)
    (old,) = days(30)

    (added,) = store.apply(Changes(a_state(), (old,), (), {key(old.url): Known(old.id, b"f" * 16)}))

    assert added == 0
    assert texts(store) == [True, False]


def test_how_long_it_is_kept_does_not_change_how_a_source_is_read(a_source):
    assert rows.digest(a_source(keep=Keep(3))) == rows.digest(a_source())


def test_the_file_shrinks_and_goes_on_to_be_one_that_can_shrink(tmp_path, days, a_source, a_state, now, key):
    path = tmp_path / "wire.db"
    with Store.open(f"sqlite:///{path}") as store:
        store.sync([a_source()], now=now)
        heavy = [replace(each, content="<p>" + f"{each.title} " * 2_000 + "</p>") for each in days(*range(20, 320))]
        store.apply(Changes(a_state(), tuple(heavy), (), {key(each.url): Known(each.id, b"f" * 16) for each in heavy}))
    before = path.stat().st_size

    with Store.open(f"sqlite:///{path}") as store:
        while forget(store, now, limit=50):
            pass
        store.give_back()
    after = path.stat().st_size

    with Store.open(f"sqlite:///{path}") as store:
        store.compact()
        assert store.count() == 300
        assert store.articles(Everything(), limit=1)
    assert after < before / 4
    assert path.stat().st_size <= after
