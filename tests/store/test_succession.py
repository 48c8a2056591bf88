"""Articles follow their source: into a file of another name, to another university, to another address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest

from aggregator import query
from aggregator.model import Article, Changes, Known, Selectors, Source, SourceState, University, Validators
from aggregator.store import Store

OLD, NEW = University("old", "Old Name"), University("new", "New Name")
ADDRESS = "https://site.example.edu/feed.xml"

Brings = Callable[..., None]


def source(id: str = "old/news", url: str = ADDRESS, **fields: object) -> Source:
    return Source(id, url, **{"university": id.partition("/")[0], **fields})  # type: ignore[arg-type]


@pytest.fixture
def brings(store: Store, an_article: Callable[..., Article], now: datetime) -> Brings:
    """A poll of ``id`` that shows the articles of these numbers."""

    def brought(id: str, *numbers: int, **fields: object) -> None:
        found = [an_article(number, source=id, university=id.partition("/")[0]) for number in numbers]
        keys = {number.to_bytes(16, "big"): Known(article.id, b"f" * 16) for number, article in zip(numbers, found, strict=True)}
        (state,) = store.claim(now=now, limit=9, owner="me", lease=now - now, only=[id]) or (SourceState(id, ADDRESS),)
        store.apply(Changes(replace(state, last_poll=now, **fields), tuple(found), (), keys))  # type: ignore[arg-type]

    return brought


def titles(store: Store, question: str) -> list[str]:
    found = store.articles(query.parse(question, {"old": OLD, "new": NEW}), limit=99)
    return sorted(article.title for article in found)


def test_a_file_that_is_renamed_keeps_all_that_its_source_has_brought(store: Store, brings: Brings, now: datetime) -> None:
    store.sync([source("old/news")], now=now)
    brings("old/news", 1, 2, validators=Validators('"7"', "Mon"), body_hash="abc")
    before, revision = titles(store, "university:old"), store.revision()

    store.sync([source("new/news")], now=now)

    assert len(before) == 2
    assert titles(store, "university:new") == titles(store, "source:new/news") == before
    assert titles(store, "university:old") == []
    (state,) = store.states()
    assert (state.source, state.articles, state.validators.etag, state.body_hash) == ("new/news", 2, '"7"', "abc")
    assert store.revision() > revision
    assert set(store.known("new/news")) == {number.to_bytes(16, "big") for number in (1, 2)}


def test_a_file_that_is_renamed_back_and_forth_loses_nothing(store: Store, brings: Brings, now: datetime) -> None:
    store.sync([source("old/news")], now=now)
    brings("old/news", 1, 2)
    store.sync([source("new/news")], now=now)
    brings("old/news", 1, 2)  # a poll that began before

    store.sync([source("old/news")], now=now)

    assert len(titles(store, "university:old")) == 2
    assert [(state.source, state.articles) for state in store.states()] == [("old/news", 2)]


def test_between_two_looks_at_the_configuration_there_may_be_neither_file(store: Store, brings: Brings, now: datetime) -> None:
    store.sync([source("old/news")], now=now)
    brings("old/news", 1)
    store.sync([], now=now)

    store.sync([source("new/news")], now=now)

    assert len(titles(store, "university:new")) == 1


def test_a_source_that_is_read_differently_under_its_new_name_is_read_anew(store: Store, brings: Brings, now: datetime) -> None:
    store.sync([source("old/news")], now=now)
    brings("old/news", 1, validators=Validators('"7"', "Mon"))

    store.sync([source("new/news", selectors=Selectors("li"))], now=now)

    (state,) = store.states()
    assert (state.articles, state.validators.etag, state.next_poll) == (1, None, now)


def test_of_two_sources_at_one_address_each_follows_the_one_that_is_read_alike(store: Store, brings: Brings, now: datetime) -> None:
    store.sync([source("old/a", selectors=Selectors("a")), source("old/b", selectors=Selectors("b"))], now=now)
    brings("old/a", 1)
    brings("old/b", 2, 3)

    store.sync([source("new/1", selectors=Selectors("b")), source("new/2", selectors=Selectors("a"))], now=now)

    assert (len(titles(store, "source:new/1")), len(titles(store, "source:new/2"))) == (2, 1)


def test_a_source_with_a_name_of_its_own_takes_its_articles_to_another_university(store: Store, brings: Brings, now: datetime) -> None:
    store.sync([source("old/news")], now=now)
    brings("old/news", 1, 2)
    revision = store.revision()

    store.sync([replace(source("old/news"), university="new")], now=now)

    assert len(titles(store, "university:new")) == 2
    assert store.revision() > revision


def test_a_source_at_another_address_takes_over_what_it_shows_university_and_count(store: Store, brings: Brings, now: datetime) -> None:
    store.sync([source("old/news")], now=now)
    brings("old/news", 1, 2, 3)
    store.sync([source("new/news", "https://elsewhere.example.edu/feed.xml")], now=now)
    revision = store.revision()

    brings("new/news", 2, 3)

    assert (len(titles(store, "university:new")), len(titles(store, "university:old"))) == (2, 1)
    assert [state.articles for state in store.states()] == [2]
    assert store.revision() > revision
    store.sync([source("old/news"), source("new/news", "https://elsewhere.example.edu/feed.xml")], now=now)
    assert [state.articles for state in store.states()] == [2, 1]


def test_a_source_that_is_still_configured_keeps_its_articles(store: Store, brings: Brings, now: datetime) -> None:
    store.sync([source("old/news"), source("new/news")], now=now)
    brings("old/news", 1, 2)

    brings("new/news", 1, 2)

    assert len(titles(store, "university:old")) == 2


def test_when_a_source_goes_what_another_one_has_shown_meanwhile_is_that_ones(store: Store, brings: Brings, now: datetime) -> None:
    new = source("new/news", "https://elsewhere.example.edu/feed.xml")
    store.sync([source("old/news"), new], now=now)
    brings("old/news", 1, 2, 3)
    brings("new/news", 2, 3, 4)
    revision = store.revision()

    store.sync([new], now=now)

    assert (len(titles(store, "university:new")), len(titles(store, "source:old/news"))) == (3, 1)
    assert [state.articles for state in store.states()] == [3]
    assert store.revision() > revision
    store.sync([source("old/news"), new], now=now)
    assert [state.articles for state in store.states()] == [3, 1]


# --- what goes is remembered ---------------------------------------------------------------------------------------------------------


def test_what_is_not_configured_any_more_keeps_its_names(store: Store, brings: Brings, now: datetime) -> None:
    told = University("old", "Old Name", names={"zh": "旧名"}, country="CN", city="Harbin")
    store.sync([source("old/news", title="Old News")], of=[told, NEW], now=now)
    brings("old/news", 1)

    store.sync([], now=now)

    left = store.departed(())
    assert left.universities == {"old": University("old", "Old Name", names={"zh": "旧名"}, country="CN")}
    assert left.sources == {"old/news": Source("old/news", ADDRESS, title="Old News", university="old")}


def test_the_last_name_is_the_one_that_is_remembered(store: Store, brings: Brings, now: datetime) -> None:
    store.sync([source("old/news", title="Old News")], of=[OLD], now=now)
    brings("old/news", 1)

    store.sync([source("old/news", title="Our News")], of=[University("old", "Our Name")], now=now)

    left = store.departed(())
    assert left.universities["old"].name == "Our Name"
    assert left.sources["old/news"].title == "Our News"


def test_what_is_configured_or_has_brought_nothing_has_not_departed(store: Store, brings: Brings, now: datetime) -> None:
    store.sync([source("old/news"), source("old/more")], of=[OLD], now=now)
    brings("old/news", 1)

    assert store.departed({"old/news"}).sources == {}
    assert store.departed({"old/news"}).universities == {}


def test_of_a_university_that_an_older_version_forgot_the_id_is_its_name(store: Store, brings: Brings, now: datetime) -> None:
    store.sync([source("old/news")], now=now)
    brings("old/news", 1)

    assert store.departed(()).universities == {"old": University("old", "old")}


# --- who carries on what another university was --------------------------------------------------------------------------------------


def carried_on(store: Store) -> dict[str, str]:
    return {former: each.id for former, each in store.former().items() if each.id != former}


def test_a_university_whose_file_is_renamed_is_carried_on_under_the_new_id(store: Store, now: datetime) -> None:
    store.sync([source("old/a"), source("old/b", f"{ADDRESS}?b")], of=[OLD], now=now)

    store.sync([source("new/a"), source("new/b", f"{ADDRESS}?b")], of=[NEW], now=now)

    assert carried_on(store) == {"old": "new"}
    assert store.former()["old"].name == "Old Name"


def test_one_whose_only_source_has_an_id_of_its_own_is_carried_on_as_well(store: Store, now: datetime) -> None:
    store.sync([source("feed", university="old")], of=[OLD], now=now)

    store.sync([source("feed", university="new")], of=[NEW], now=now)

    assert carried_on(store) == {"old": "new"}


def test_who_is_renamed_again_leads_to_the_last_name_and_never_in_a_circle(store: Store, now: datetime) -> None:
    for id in ("one", "two", "three"):
        store.sync([source(f"{id}/news")], now=now)
    assert carried_on(store) == {"one": "three", "two": "three"}

    store.sync([source("one/news")], now=now)

    assert carried_on(store) == {"two": "one", "three": "one"}


def test_one_that_keeps_a_source_or_whose_sources_part_is_not_carried_on(store: Store, now: datetime) -> None:
    a, b = source("a", university="old"), source("b", f"{ADDRESS}?b", university="old")
    store.sync([a, b], of=[OLD], now=now)

    store.sync([replace(a, university="new"), b], of=[OLD, NEW], now=now)
    assert carried_on(store) == {}

    store.sync([replace(a, university="old"), b], of=[OLD, NEW], now=now)
    store.sync([replace(a, university="new"), replace(b, university="other")], of=[NEW], now=now)
    assert "old" not in carried_on(store)


def test_who_is_configured_again_is_nobodys_past(store: Store, brings: Brings, now: datetime) -> None:
    """A source of a university that was switched off for a day went to another one meanwhile."""
    other = "https://site.example.edu/other.xml"
    store.sync([source("old/news"), source("old/more", other)], now=now, of=[OLD, NEW])
    brings("old/news", 1)
    store.sync([source("new/more", other)], now=now, of=[OLD, NEW])
    assert store.former()["old"].id == "new"

    store.sync([source("old/news"), source("new/more", other)], now=now, of=[OLD, NEW])

    assert store.former()["old"].id == "old"
