"""It answers: what is new is stored, what is known is left alone, and how to ask next is remembered."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from polling import FEED, LIST, OTHER, ROWS, Wire, feed, rows, story

from aggregator import logs
from aggregator.errors import FetchError, HttpStatus, Unreachable
from aggregator.model import Source, Validators
from aggregator.poll import LEASE, Outcome
from aggregator.store import Store


def test_the_first_poll_stores_everything_and_remembers_how_to_ask_again(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1, 2)

    outcome = wire.poll()

    assert outcome == Outcome("north/news", new=2)
    assert wire.titles() == ["Story 1", "Story 2"]
    state = wire.state()
    assert (state.state, state.validators, state.reader, state.articles) == ("ok", Validators('"1"'), "feed", 2)
    assert (state.last_poll, state.last_success, state.last_change) == (wire.now, wire.now, wire.now)
    assert state.next_poll == wire.now + timedelta(minutes=30)
    assert wire.store.owners() == ()


def test_the_next_poll_asks_whether_it_has_changed(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.poll()
    wire.network.answers[FEED] = None

    outcome = wire.poll()

    assert outcome == Outcome("north/news")
    assert wire.network.asked == [(FEED, Validators()), (FEED, Validators('"1"'))]
    assert (wire.state().last_success, wire.state().last_change) == (wire.now, wire.now - timedelta(hours=1))
    assert wire.inline.tasks == ["digest"]


def test_an_equal_body_is_not_read_again_but_its_validators_are_taken(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.poll()
    wire.network.validators = Validators('"2"')

    outcome = wire.poll()

    assert outcome == Outcome("north/news")
    assert wire.inline.tasks == ["digest"]
    assert wire.state().validators == Validators('"2"')


def test_new_entries_are_added_to_what_is_there(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1, 2)
    wire.poll()
    wire.network.answers[FEED] = feed(3, 1)

    outcome = wire.poll()

    assert outcome == Outcome("north/news", new=1)
    assert wire.titles() == ["Story 1", "Story 2", "Story 3"]


def test_a_changed_entry_revises_its_article(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.poll()
    before = wire.articles()[0]
    wire.network.answers[FEED] = feed(1, title="Corrected story")

    outcome = wire.poll()

    assert outcome == Outcome("north/news", revised=1)
    (after,) = wire.articles()
    assert (after.id, after.first_seen, after.title) == (before.id, before.first_seen, "Corrected story 1")


def test_a_story_that_two_sources_carry_is_stored_once_and_belongs_to_the_first(wire: Wire) -> None:
    wire.network.answers |= {FEED: feed(1), OTHER: feed(1, title="Elsewhere")}

    wire.poll()
    wire.poll("east/news")
    wire.network.answers[OTHER] = feed(1, title="Changed elsewhere")
    outcome = wire.poll("east/news")

    assert outcome == Outcome("east/news")
    assert [(article.title, article.source) for article in wire.articles()] == [("Story 1", "north/news")]


def test_what_a_feed_asks_of_us_is_kept(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1).replace(b"<title>North</title>", b"<title>North</title><ttl>90</ttl>")

    wire.poll()

    assert wire.state().hints.ttl == timedelta(minutes=90)


def test_when_a_source_publishes_is_learned_from_poll_to_poll(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.poll()
    first = wire.state().activity
    wire.network.answers[FEED] = feed(2, 1)

    wire.poll()

    assert first is not None
    assert wire.state().activity != first


def calendar(now: datetime, days: range) -> bytes:
    when = [now + timedelta(days=day) for day in days]
    events = "".join(f"<li>{day:%Y-%m-%d} <a href='/events/{day:%j}'>An evening of music, number {day:%j}</a></li>" for day in when)
    return f"<html><body><h1>Events</h1><ul>{events}</ul></body></html>".encode()


def test_a_calendar_is_followed_for_weeks_and_its_events_are_not_pinned_above_the_news(wire: Wire) -> None:
    began = wire.now
    wire.sources["north/list"] = replace(ROWS, kind="auto", selectors=None, full_text="never")

    for _ in range(20):
        wire.network.answers[LIST] = calendar(began, range((wire.now - began).days + 1, (wire.now - began).days + 90, 6))
        outcome = wire.poll("north/list", after=timedelta(days=1))
        assert (outcome.problem, wire.state("north/list").state) == (None, "ok")

    articles = wire.articles()
    assert len(articles) > 30
    assert all(article.at <= article.first_seen for article in articles)
    assert all(article.published is None or article.published <= article.first_seen + timedelta(days=2) for article in articles)


def test_one_poll_among_many_can_be_followed_from_its_claim_to_its_commit(
    wire: Wire, capsys: pytest.CaptureFixture[str], now: datetime
) -> None:
    wire.network.answers |= {
        LIST: rows(1, 2),
        OTHER: feed(7),
        "https://north.example.edu/news/1.html": story(1),
        "https://north.example.edu/news/2.html": HttpStatus("answered 500", url=LIST, status=500),
    }
    claimed = wire.store.claim(now=now, limit=2, owner="me", lease=LEASE, only=[ROWS.id, "east/news"])
    logs.configure("debug", "json")
    poller = wire.poller()

    async def both() -> None:
        await asyncio.gather(*(poller.poll(state) for state in claimed))

    asyncio.run(both())

    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    polls = {line["poll"]: [each["event"] for each in told if each["poll"] == line["poll"]] for line in told}
    of_rows = next(line["poll"] for line in told if line["source"] == ROWS.id)
    assert len(polls) == 2
    assert polls[of_rows] == ["claimed", "fetched", "read", "article page read", "article page skipped", "stored", "polled"]
    assert {line["source"] for line in told if line["poll"] == of_rows} == {ROWS.id}


@pytest.mark.parametrize(
    ("sources", "lines"), [(6, [1, 1, 1, 1, 0, 0]), (1, [1] * 6)], ids=["of several sources", "of one that is polled again"]
)
def test_what_is_not_reached_is_told_a_few_times_until_something_is(
    tmp_path: Path, now: datetime, capsys: pytest.CaptureFixture[str], sources: int, lines: list[int]
) -> None:
    logs.configure("warning", "json")
    several = [Source(f"north/{number}", f"https://north-{number}.example.edu/feed.xml") for number in range(sources)]
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        wire = Wire(store, several, now)
        poller = wire.poller()

        def told(number: int, answer: FetchError) -> list[str]:
            source = several[number % sources]
            wire.now += timedelta(days=1)
            wire.network.answers[source.url] = answer
            (state,) = store.claim(now=wire.now, limit=1, owner="me", lease=LEASE, only=[source.id], untouched_since=wire.now)
            asyncio.run(poller.poll(state))
            return [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()]

        offline = [told(number, Unreachable("no route", url=LIST)) for number in range(6)]

        assert list(map(len, offline)) == lines
        assert offline[3] == [
            "polled" if sources == 1 else "source after source is not reached: until one is, they are told at level debug"
        ]
        assert told(0, HttpStatus("answered 500", url=LIST, status=500)) == ["polled"]
