"""The contract of ``Store`` for articles: one poll is one transaction, an article is stored once, and what is stored is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from uuid import NAMESPACE_URL, uuid5

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from aggregator import query
from aggregator.errors import StoreError
from aggregator.model import Article, Changes, Enclosure, Known, SourceState, Subscriber, Told, University
from aggregator.store import Store, published

PRINT = b"f" * 16


# --- what is stored ------------------------------------------------------------------------------------------------------------------


def test_an_article_comes_back_as_it_went_in(store: Store, put: Callable[..., None], now: datetime) -> None:
    article = Article(
        id="7f1b7a56-6a37-8a5c-9df0-52a80a9a4a11",
        title="哈工大 & 𠮷野 😀",
        url="https://north.example.edu/1?a=1&b=2",
        source="north/news",
        university="north",
        first_seen=now.replace(microsecond=7),
        published=datetime(2026, 3, 1, 12, 0, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        updated=now,
        precision="day",
        authors=("李雷", 'O"Neill'),
        summary="Said",
        content="<p>Said</p>",
        text="Said",
        image="https://img.example.edu/1.jpg",
        language="zh-Hant",
        categories=("Ice",),
        enclosures=(Enclosure("https://north.example.edu/a.pdf", "application/pdf", 7, "Plan"), Enclosure("https://north.example.edu/b")),
        provenance={"title": "feed: title"},
        placed=now - timedelta(hours=1),
    )
    put(article)

    found = store.article(article.id)

    assert found == article
    assert found is not None
    assert found.published is not None
    assert found.published.utcoffset() == timedelta(hours=5, minutes=45)


def test_a_bare_article_comes_back_as_it_went_in(store: Store, put: Callable[..., None], now: datetime) -> None:
    bare = Article("0d9c0f6e-3f0a-8c43-8a1c-2f1f6f0b7c22", "No date", None, "north/news", None, now)
    put(bare)

    assert store.article(bare.id) == bare
    assert store.by_id([bare.id, "unknown"]) == {bare.id: bare}
    assert store.article("unknown") is None


def test_an_article_is_found_by_its_id_and_by_its_address(
    store: Store, put: Callable[..., None], an_article: Callable[..., Article]
) -> None:
    put(an_article(1), an_article(2))

    assert store.find(an_article(2).id) == an_article(2)
    assert store.find("https://north.example.edu/news/1.html") == an_article(1)
    assert store.find("https://north.example.edu/news/9.html") is None


def test_storing_counts_and_grows_the_revision(store: Store, put: Callable[..., None], an_article: Callable[..., Article]) -> None:
    before = store.revision()

    put(an_article(1), an_article(2))
    put(an_article(3), source="east/news")

    assert store.count() == 3
    assert store.revision() > before
    assert {state.source: state.articles for state in store.states()} == {"north/news": 2, "east/news": 1}


def test_a_poll_without_news_leaves_the_revision_alone(store: Store, put: Callable[..., None], an_article: Callable[..., Article]) -> None:
    put(an_article())
    before = store.revision()

    put()
    put(an_article())

    assert store.revision() == before


def test_applying_twice_stores_nothing_twice(
    store: Store, put: Callable[..., None], an_article: Callable[..., Article], ask: Callable[..., list[str]]
) -> None:
    articles = [an_article(number) for number in range(1, 4)]

    put(*articles)
    put(*articles)

    assert store.count() == 3
    assert len(ask("robot")) == 3
    assert {state.source: state.articles for state in store.states()}["north/news"] == 3


def test_an_article_that_another_source_has_shown_is_not_stored_again(
    store: Store, put: Callable[..., None], an_article: Callable[..., Article], key: Callable[[str], bytes]
) -> None:
    first = an_article()
    same = an_article(id=str(uuid5(NAMESPACE_URL, "elsewhere")), source="east/news", title="The same story elsewhere")
    put(first)

    put(same, source="east/news")

    assert store.count() == 1
    assert store.article(first.id) == first
    assert store.known("east/news") == {key(first.url or ""): Known(first.id, PRINT)}
    assert {state.source: state.articles for state in store.states()} == {"north/news": 1, "east/news": 0}


def test_an_article_met_under_two_keys_of_which_one_is_known_is_not_stored_again(
    store: Store,
    put: Callable[..., None],
    an_article: Callable[..., Article],
    a_state: Callable[..., SourceState],
    key: Callable[[str], bytes],
) -> None:
    first = an_article()
    put(first)
    moved = an_article(id=str(uuid5(NAMESPACE_URL, "moved")), url="https://north.example.edu/moved.html")

    store.apply(
        Changes(
            a_state("east/news"), (moved,), (), {key(moved.url or ""): Known(moved.id, PRINT), key(first.url or ""): Known(moved.id, PRINT)}
        )
    )

    assert store.count() == 1
    assert set(store.known("east/news").values()) == {Known(first.id, PRINT)}


def test_two_sources_that_bring_one_article_in_one_transaction_store_it_once(
    store: Store, an_article: Callable[..., Article], a_state: Callable[..., SourceState], key: Callable[[str], bytes]
) -> None:
    here, there = an_article(), an_article(id=str(uuid5(NAMESPACE_URL, "elsewhere")), source="east/news")
    polls = [Changes(a_state(article.source), (article,), (), {key("one address"): Known(article.id, PRINT)}) for article in (here, there)]

    store.apply(*polls)

    assert store.count() == 1
    assert store.lookup([key("one address")]) == {key("one address"): here.id}


def test_what_is_known_is_what_was_met(
    store: Store,
    put: Callable[..., None],
    an_article: Callable[..., Article],
    a_state: Callable[..., SourceState],
    key: Callable[[str], bytes],
) -> None:
    article = an_article()
    put(article)

    store.apply(
        Changes(a_state(), (), (), {key(article.url or ""): Known(article.id, b"g" * 16), key("guid"): Known(article.id, b"g" * 16)})
    )

    assert store.known("north/news") == {key(article.url or ""): Known(article.id, b"g" * 16), key("guid"): Known(article.id, b"g" * 16)}
    assert store.known("east/news") == {}
    assert store.lookup([key("guid"), key("other")]) == {key("guid"): article.id}
    assert store.lookup([]) == {}


def test_a_poll_may_bring_thousands(
    store: Store, put: Callable[..., None], an_article: Callable[..., Article], ask: Callable[..., list[str]], key: Callable[[str], bytes]
) -> None:
    articles = [an_article(number) for number in range(1_300)]

    put(*articles)

    assert store.count() == 1_300
    assert len(store.known("north/news")) == 1_300
    assert len(store.by_id([article.id for article in articles])) == 1_300
    assert len(store.lookup([key(article.url or "") for article in articles])) == 1_300
    assert len(ask("", limit=5_000)) == 1_300


# --- all or nothing ------------------------------------------------------------------------------------------------------------------


def snapshot(store: Store) -> tuple[object, ...]:
    everything = store.articles(query.Everything(), limit=1_000)
    return (
        store.states(),
        everything,
        store.revision(),
        store.known("north/news"),
        [store.articles(query.parse(word), limit=9) for word in ("robot", "revised", "fresh")],
    )


def test_a_poll_is_stored_whole_or_not_at_all_wherever_it_breaks(
    store: Store,
    put: Callable[..., None],
    an_article: Callable[..., Article],
    a_state: Callable[..., SourceState],
    now: datetime,
    key: Callable[[str], bytes],
) -> None:
    put(an_article(1), an_article(2))
    before = snapshot(store)
    fresh, revised = an_article(3, title="Fresh"), an_article(1, title="Revised")
    state = a_state(last_success=now, body_hash="abc", next_poll=now + timedelta(hours=1))
    changes = Changes(state, (fresh,), (revised,), {key("3"): Known(fresh.id, PRINT), key(revised.url or ""): Known(revised.id, b"g" * 16)})
    statements = 0
    broken_at = 0

    def breaks(*_: object) -> None:
        nonlocal statements
        statements += 1
        if statements == broken_at:
            raise OperationalError("statement", {}, Exception("the disk is full"))

    event.listen(store._engine, "before_cursor_execute", breaks)
    failures = 0
    while True:
        statements, broken_at = 0, broken_at + 1
        try:
            store.apply(changes)
        except StoreError:
            failures += 1
            event.remove(store._engine, "before_cursor_execute", breaks)
            assert snapshot(store) == before, f"broken at statement {broken_at}"
            event.listen(store._engine, "before_cursor_execute", breaks)
            continue
        break
    event.remove(store._engine, "before_cursor_execute", breaks)

    assert failures > 5
    assert store.article(fresh.id) == fresh
    assert store.article(revised.id) == revised
    assert [state.body_hash for state in store.states() if state.source == "north/news"] == ["abc"]


def test_what_cannot_be_stored_is_a_store_error_and_harms_nothing(
    store: Store, put: Callable[..., None], an_article: Callable[..., Article]
) -> None:
    put(an_article(1))
    before = snapshot(store)

    with pytest.raises(StoreError):
        put(an_article(2), an_article(3, title="half a character: \ud83d"))

    assert snapshot(store) == before


# --- revisions -----------------------------------------------------------------------------------------------------------------------


def test_a_revised_article_is_found_by_its_new_words_and_no_longer_by_the_old(
    store: Store, put: Callable[..., None], an_article: Callable[..., Article], ask: Callable[..., list[str]]
) -> None:
    put(an_article(1, title="哈尔滨的机器人", text="Old words", summary="Old"), an_article(2))
    before = store.revision()

    put(revised=[an_article(1, title="莫斯科的机器人", text="New words")])

    assert (ask("哈尔滨"), ask("old"), ask("莫斯科"), ask("new")) == ([], [], ["莫斯科的机器人"], ["莫斯科的机器人"])
    assert ask("robot") == ["Students build robot number 2"]
    assert store.revision() > before
    assert store.count() == 2


def test_an_article_may_be_revised_again_and_again(
    put: Callable[..., None], an_article: Callable[..., Article], ask: Callable[..., list[str]]
) -> None:
    put(an_article(text="version zero"))

    for word in ("one", "two", "three"):
        put(revised=[an_article(text=f"version {word}")])

    assert [len(ask(f"version {word}")) for word in ("zero", "one", "two", "three")] == [0, 0, 0, 1]


def test_a_text_that_goes_is_no_longer_found(
    put: Callable[..., None], an_article: Callable[..., Article], ask: Callable[..., list[str]]
) -> None:
    put(an_article(text="ice", summary="snow"))

    put(revised=[an_article(text=None, summary="snow")])

    assert (ask("ice"), len(ask("snow"))) == ([], 1)


# --- order and pages -----------------------------------------------------------------------------------------------------------------


def test_articles_come_newest_first_and_page_by_page_without_gap_or_repetition(
    store: Store, put: Callable[..., None], an_article: Callable[..., Article], now: datetime
) -> None:
    same_moment = [an_article(number, published=now - timedelta(days=3)) for number in range(20, 30)]
    put(*[an_article(number) for number in range(1, 10)], *same_moment)
    whole = store.articles(query.Everything(), limit=100)

    pages: list[Article] = []
    while page := store.articles(query.Everything(), limit=4, before=(pages[-1].at, pages[-1].id) if pages else None):
        pages += page

    assert pages == list(whole)
    assert [article.id for article in whole] == [article.id for article in sorted(whole, key=lambda each: (each.at, each.id), reverse=True)]


def test_a_date_in_the_future_does_not_stay_on_top(
    put: Callable[..., None], an_article: Callable[..., Article], ask: Callable[..., list[str]], now: datetime
) -> None:
    put(
        an_article(1, title="tomorrow", published=now + timedelta(days=1), first_seen=now - timedelta(days=1)),
        an_article(2, title="today", published=now),
        an_article(3, title="undated", published=None, first_seen=now - timedelta(hours=1)),
        an_article(4, title="placed", published=None, placed=now - timedelta(days=9)),
    )

    assert ask("") == ["today", "undated", "tomorrow", "placed"]


def test_articles_of_a_source_that_left_the_configuration_stay(
    store: Store, put: Callable[..., None], an_article: Callable[..., Article], ask: Callable[..., list[str]], now: datetime
) -> None:
    put(an_article())

    store.sync([], now=now)

    assert len(ask("robot")) == 1
    assert store.article(an_article().id) == replace(an_article())


# --- in the order in which they came -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["", "university:north", "language:en", "common", "common -rare", "rare OR title:number"])
def test_articles_are_counted_and_walked_in_the_order_in_which_they_came(
    store: Store, put: Callable[..., None], now: datetime, question: str
) -> None:
    came = []
    for number in range(30):
        title = f"Number {number} common {'rare' if number % 7 == 0 else ''}"
        seen = now - timedelta(days=number % 5)
        id_ = str(uuid5(NAMESPACE_URL, str(number)))
        came.append(Article(id_, title, f"https://north.example.edu/{number}", "north/news", "north", seen, language="en"))
    for start in range(0, 30, 10):
        put(*reversed(came[start : start + 10]))  # the last of a page is the oldest
    wanted = query.parse(question, {"north": University("north", "North")})

    everything = store.stored(wanted, skip=0, limit=100)

    assert store.count(wanted) == len(everything)
    assert {article.id for article in everything} == {article.id for article in store.articles(wanted, limit=100)}
    numbers = [int(article.title.split()[1]) for article in everything]
    assert numbers == sorted(numbers)
    assert [article for skip in range(0, 40, 7) for article in store.stored(wanted, skip=skip, limit=7)] == list(everything)


def test_what_is_new_since_a_revision_is_what_was_added_or_changed(store: Store, put: Callable[..., None], now: datetime) -> None:
    def article(number: int, title: str = "as it was") -> Article:
        return Article(str(uuid5(NAMESPACE_URL, str(number))), title, f"https://north.example.edu/{number}", "north/news", "north", now)

    put(article(1), article(2))
    before = store.revision()
    imprints = [store.imprint(query.Everything(), skip=place, limit=1) for place in range(4)]
    put(article(3), revised=[article(1, "changed")])

    fresh, told = store.news(query.Everything(), since=Told(before), limit=10)
    assert {found.id for found in fresh} == {article(1).id, article(3).id}
    assert told == Told(store.revision())
    assert [found.title for found in store.news(query.parse("changed"), since=Told(before), limit=10)[0]] == ["changed"]
    assert store.news(query.Everything(), since=told, limit=10) == ((), told)
    again = [store.imprint(query.Everything(), skip=place, limit=1) for place in range(4)]
    assert [old != new for old, new in zip(imprints, again, strict=True)] == [False, True, True, False]


@pytest.mark.parametrize("looks", [1, 50])
@pytest.mark.parametrize("limit", [1, 3, 7, 100])
def test_all_news_are_told_in_parts_and_each_once(
    store: Store, put: Callable[..., None], now: datetime, monkeypatch: pytest.MonkeyPatch, limit: int, looks: int
) -> None:
    monkeypatch.setattr(published, "_MOST_LOOKS", looks)
    monkeypatch.setattr(published, "CHUNK", 5)
    numbers = iter(range(1, 100))
    for count in (1, 11, 0, 3, 7):
        put(*(Article(f"id {number}", f"robot {'' if number % 3 else 'on ice'}", None, "north/news", "north", now) for number, _ in zip(numbers, range(count), strict=False)))  # fmt: skip

    told, heard, parts = Told(0), [], 0
    while told != Told(store.revision()):
        fresh, told = store.news(query.parse("ice"), since=told, limit=limit)
        heard += [article.id for article in fresh]
        parts += 1
        assert len(fresh) <= limit
        assert parts < 50

    everything = [article.id for article in store.articles(query.parse("ice"), limit=100)]
    assert sorted(heard) == sorted(everything)
    assert len(heard) == 7


# --- who subscribes ------------------------------------------------------------------------------------------------------------------------


def test_a_subscriber_is_kept_once_for_each_feed_and_dropped(store: Store, now: datetime) -> None:
    first = Subscriber("https://reader.example/callback?id=1", "/feeds/all.rss", "secret", now, told=7)
    other = replace(first, topic="/feeds/all.atom", secret=None, failures=2, again=now)
    store.keep_subscribers(first, other)
    store.keep_subscribers(renewed := replace(first, until=now + timedelta(days=1), told=8))

    assert set(store.subscribers()) == {renewed, other}
    store.drop_subscribers(first)
    assert store.subscribers() == (other,)


def test_how_deliveries_went_brings_back_nobody_and_touches_no_lease(store: Store, now: datetime) -> None:
    stays = Subscriber("https://reader.example/callback?id=1", "/feeds/all.rss", "old", now, told=7)
    left = replace(stays, callback="https://reader.example/callback?id=2")
    store.keep_subscribers(stays, left)
    renewed = replace(stays, secret="new", until=now + timedelta(days=1))
    store.keep_subscribers(renewed)
    store.drop_subscribers(left)

    store.keep_deliveries(replace(stays, told=9, failures=1, again=now), replace(left, told=9))

    assert store.subscribers() == (replace(renewed, told=9, failures=1, again=now),)


def test_a_lease_ends_by_what_is_stored(store: Store, now: datetime) -> None:
    over = Subscriber("https://reader.example/callback?id=1", "/feeds/all.rss", None, now, told=7)
    lasting = replace(over, callback="https://reader.example/callback?id=2", until=now + timedelta(seconds=1))
    store.keep_subscribers(over, lasting)

    store.end_leases(now=now)

    assert store.subscribers() == (lasting,)


def test_what_another_hub_was_told_is_remembered(store: Store) -> None:
    assert store.pinged() is None
    store.keep_pinged(4)
    store.keep_pinged(5)

    assert store.pinged() == 5
