"""The contract of ``Store`` for turns: who may ask a host where many machines poll."""

from __future__ import annotations

import time
from datetime import timedelta

from aggregator.store import Store

LONG = timedelta(minutes=1)
NONE = timedelta()


def test_a_host_is_asked_by_one_at_a_time(store: Store) -> None:
    first = store.take_turn("north.example.edu", holder="a", longest=LONG)
    second = store.take_turn("north.example.edu", holder="b", longest=LONG)
    elsewhere = store.take_turn("south.example.edu", holder="b", longest=LONG)

    assert first is None
    assert second is not None
    assert timedelta(seconds=55) < second <= LONG
    assert elsewhere is None


def test_after_a_turn_the_host_is_left_alone_for_the_pause(store: Store) -> None:
    store.take_turn("north.example.edu", holder="a", longest=LONG)

    store.end_turn("north.example.edu", holder="a", pause=timedelta(seconds=2))

    wait = store.take_turn("north.example.edu", holder="b", longest=LONG)
    assert wait is not None
    assert timedelta(seconds=1) < wait <= timedelta(seconds=2)


def test_without_a_pause_the_next_one_may_begin_at_once(store: Store) -> None:
    store.take_turn("north.example.edu", holder="a", longest=LONG)
    store.end_turn("north.example.edu", holder="a", pause=NONE)

    assert store.take_turn("north.example.edu", holder="b", longest=LONG) is None


def test_the_turn_of_who_died_ends_by_itself(store: Store) -> None:
    store.take_turn("north.example.edu", holder="dead", longest=timedelta(milliseconds=20))
    time.sleep(0.05)

    assert store.take_turn("north.example.edu", holder="b", longest=LONG) is None


def test_who_held_on_for_too_long_ends_nobody_elses_turn(store: Store) -> None:
    store.take_turn("north.example.edu", holder="slow", longest=NONE)
    store.take_turn("north.example.edu", holder="b", longest=LONG)

    store.end_turn("north.example.edu", holder="slow", pause=NONE)

    assert store.take_turn("north.example.edu", holder="c", longest=LONG) is not None


def test_turns_that_are_over_are_forgotten(store: Store) -> None:
    store.take_turn("over.example.edu", holder="a", longest=NONE)
    store.take_turn("north.example.edu", holder="a", longest=LONG)
    time.sleep(0.01)

    assert store.forget_turns() == 1
    assert store.forget_turns() == 0
