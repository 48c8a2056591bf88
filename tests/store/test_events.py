"""What happened is kept with the poll that showed it, and how far it has been told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from aggregator.errors import StoreError
from aggregator.model import Changes, Event


def test_what_a_poll_showed_is_stored_with_its_state_or_not_at_all(store, a_source, a_state, now):
    store.sync([a_source()], now=now)
    event = Event(now, "broke", "north/news", "answered 500", "wait")
    store.apply(Changes(a_state(failures=3), events=(event,)))

    with pytest.raises(StoreError):
        store.apply(Changes(a_state(failures=4), events=(Event(now, "broke", "north/news", None),)))

    (kept,) = store.events(limit=10)
    assert (kept.at, kept.kind, kept.source, kept.text, kept.remedy) == (now, "broke", "north/news", "answered 500", "wait")
    assert kept.number is not None
    assert store.states()[0].failures == 3


def test_events_come_newest_first_and_between_two_moments(store, now):
    store.note(*(Event(now + timedelta(hours=number), "online", None, f"event {number}") for number in range(5)))

    between = store.events(limit=10, since=now + timedelta(hours=1), until=now + timedelta(hours=3))

    assert [event.text for event in between] == ["event 3", "event 2"]
    assert [event.text for event in store.events(limit=2)] == ["event 4", "event 3"]


def test_old_events_are_forgotten(store, now):
    store.note(Event(now - timedelta(days=400), "online", None, "old"), Event(now, "online", None, "new"))

    assert store.forget_events(before=now - timedelta(days=366)) == 1
    assert [event.text for event in store.events(limit=10)] == ["new"]


def test_a_moment_is_kept_by_name_to_the_microsecond(store, now):
    assert store.mark("digest by mail") is None

    store.keep_mark("digest by mail", now)
    store.keep_mark("digest by mail", now + timedelta(microseconds=1))
    store.keep_mark("alarm", now)

    assert store.mark("digest by mail") == now + timedelta(microseconds=1)
    assert store.mark("alarm") == now


def test_marks_are_found_by_how_their_names_begin_and_can_be_dropped(store, now):
    for name in ("refused ice a", "refused ice b", "refused_ice c", "letter ice a"):
        store.keep_mark(name, now)

    assert store.marks("refused ") == {"refused ice a": now, "refused ice b": now}
    assert store.marks("refused_") == {"refused_ice c": now}
    store.drop_marks("refused ice a", "nothing of the kind")
    store.drop_marks()

    assert set(store.marks("")) == {"refused ice b", "refused_ice c", "letter ice a"}
