"""It fails, or what it brings cannot be stored."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from polling import FEED, LIST, OTHER, Wire, feed, rows, story

from aggregator.errors import Gone, HttpStatus, ReadError, StoreBusy, StoreError, TimedOut
from aggregator.model import Source, SourceState, Validators
from aggregator.poll import LEASE, Outcome


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (HttpStatus(f"{FEED}: answered 503", url=FEED, status=503, remedy="wait"), "answered 503"),
        (TimedOut(f"{FEED}: took longer than 30 s", url=FEED), "took longer"),
        (b"%PDF-1.7", "this is a PDF document"),
        (b"", "the answer is empty"),
        (b"<html><body>Under construction</body></html>", ""),
    ],
)
def test_a_failure_is_a_state_that_the_operator_sees_and_the_articles_stay(wire: Wire, answer: Any, said: str) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.poll()
    revision = wire.store.revision()
    wire.network.answers[FEED] = answer

    outcome = wire.poll()

    state = wire.state()
    assert outcome.problem == state.problem
    assert said in (state.problem or "")
    assert (state.state, state.failures, state.last_success) == ("failing", 1, wire.now - timedelta(hours=1))
    assert (state.validators, wire.titles(), wire.store.revision()) == (Validators('"1"'), ["Story 1"], revision)
    assert wire.store.owners() == ()


def test_a_source_recovers(wire: Wire) -> None:
    wire.network.answers[FEED] = TimedOut("slow", url=FEED)
    wire.poll()
    wire.poll()
    wire.network.answers[FEED] = feed(1)

    outcome = wire.poll()

    assert outcome == Outcome("north/news", new=1)
    assert (wire.state().state, wire.state().failures, wire.state().problem) == ("ok", 0, None)


def test_a_source_that_is_gone_rests(wire: Wire) -> None:
    wire.network.answers[FEED] = Gone("asked never to come back", url=FEED, status=410)

    wire.poll()

    assert (wire.state().state, wire.state().next_poll) == ("gone", None)


@pytest.mark.parametrize("fault", [RuntimeError("a fault of ours"), KeyError("x"), ValueError("half a character \ud800"), RecursionError()])
def test_a_fault_of_ours_is_a_failure_of_that_source_only(wire: Wire, fault: Exception) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.inline.breaks = fault

    outcome = wire.poll()

    assert "a fault in aggregator itself" in (outcome.problem or "")
    assert wire.state().state == "failing"
    assert wire.state().next_poll == wire.now + timedelta(minutes=30)


def test_reading_that_had_to_be_stopped_is_a_failure(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.inline.breaks = ReadError("reading took longer than 20 s", remedy="name a smaller page")

    outcome = wire.poll()

    assert (outcome.problem, outcome.remedy) == ("reading took longer than 20 s", "name a smaller page")


@pytest.mark.parametrize(
    "failure", [StoreBusy("locked"), StoreError("the disk is full", remedy="free some space"), RuntimeError("a fault of ours")]
)
@pytest.mark.parametrize("method", ["apply", "known"])
def test_where_nothing_can_be_stored_the_claim_runs_out_and_the_source_is_due_again(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, method: str, failure: Exception
) -> None:
    def fails(*_: object) -> None:
        raise failure

    wire.network.answers[FEED] = feed(1)
    with monkeypatch.context() as patch:
        patch.setattr(wire.store, method, fails)
        outcome = wire.poll()
    due = wire.store.claim(now=wire.now + LEASE, limit=9, owner="you", lease=LEASE, only=["north/news"])

    assert str(failure) in (outcome.problem or "")
    assert wire.articles() == []
    assert method == "known" or [state.source for state in due] == ["north/news"]


def test_a_source_that_left_the_configuration_while_it_was_claimed_does_no_harm(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    del wire.sources["north/news"]

    outcome = wire.poll()

    assert "not in the configuration" in (outcome.problem or "")
    assert wire.network.asked == []


def test_of_polls_that_end_together_one_that_cannot_be_stored_costs_the_others_nothing(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    wire.network.answers |= {FEED: feed(1), OTHER: feed(2)}
    apply = wire.store.apply

    def picky(*polls: Any) -> tuple[int, ...]:
        if any(changes.state.source == "east/news" for changes in polls):
            raise StoreError("cannot be stored")
        return apply(*polls)

    monkeypatch.setattr(wire.store, "apply", picky)
    states = wire.store.claim(now=wire.now, limit=9, owner="me", lease=LEASE, only=["north/news", "east/news"])
    poller = wire.poller()

    async def together() -> list[Outcome]:
        return await asyncio.gather(*(poller.poll(state) for state in states))

    outcomes = asyncio.run(together())

    assert {outcome.source: outcome.problem for outcome in outcomes} == {"north/news": None, "east/news": "cannot be stored"}
    assert wire.titles() == ["Story 1"]


def test_many_polls_at_once_are_all_stored(wire: Wire) -> None:
    sources = [Source(f"u{number}", f"https://u{number}.example.edu/") for number in range(120)]
    wire.sources = {source.id: source for source in sources}
    wire.store.sync(sources, now=wire.now)
    wire.network.answers |= {source.url: feed(number).replace(b"north.", f"u{number}.".encode()) for number, source in enumerate(sources)}
    states = wire.store.claim(now=wire.now, limit=120, owner="me", lease=LEASE)
    poller = wire.poller()

    async def together() -> list[Outcome]:
        return await asyncio.gather(*(poller.poll(state) for state in states))

    outcomes = asyncio.run(together())

    assert {outcome.problem for outcome in outcomes} == {None}
    assert len(wire.articles()) == 120
    assert wire.store.owners() == ()


def test_an_interrupted_poll_leaves_nothing_half_done(wire: Wire) -> None:
    wire.network.answers |= {LIST: rows(2, 1), f"{LIST}2.html": story(2), f"{LIST}1.html": asyncio.CancelledError()}

    with pytest.raises(asyncio.CancelledError):
        wire.poll("north/list")

    assert wire.articles() == []
    assert replace(wire.state("north/list"), next_poll=None) == SourceState("north/list", LIST, owner="me")
