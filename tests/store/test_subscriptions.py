"""What has been asked of hubs is kept with its source, and a push makes that due."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.model import Changes, Subscription

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
ASKED = Subscription(
    "north/news", "token", "https://north.example.edu/feed.xml", "https://hub.example/", "secret", "asked", NOW, NOW + HOUR
)


@pytest.fixture(autouse=True)
def configured(store, a_source):
    store.sync([a_source(), a_source("east/news")], now=NOW)


def test_a_subscription_is_kept_as_it_was_and_replaced_by_the_next_of_its_source(store):
    store.keep_subscription(ASKED)
    assert store.subscriptions() == (ASKED,)

    other = replace(ASKED, token="other", state="active", pushed=NOW)
    store.keep_subscription(other)

    assert store.subscriptions() == (other,)
    assert store.subscription("north/news") == other
    assert store.subscription("east/news") is None


def test_subscriptions_of_sources_that_left_are_found_by_who_wants_to_end_them(store, a_source):
    store.keep_subscription(ASKED)
    store.sync([a_source("east/news")], now=NOW)

    assert store.subscriptions() == ()
    assert store.subscriptions(configured=False) == (ASKED,)

    store.drop_subscription("north/news")
    assert store.subscriptions(configured=False) == ()


@pytest.mark.parametrize(
    ("before", "due", "after"),
    [
        ({"next_poll": NOW + 6 * HOUR}, NOW + HOUR, NOW + HOUR),
        ({"next_poll": NOW}, NOW + HOUR, NOW),
        ({"next_poll": NOW + 6 * HOUR, "failures": 1}, NOW, NOW + 6 * HOUR),
        ({"next_poll": None, "gone": True}, NOW, None),
    ],
)
def test_a_push_makes_its_own_source_due_earlier_never_later_and_not_while_it_fails(store, a_state, before, due, after):
    store.apply(Changes(a_state(**before)), Changes(a_state("east/news", next_poll=NOW + 6 * HOUR)))

    store.ring(replace(ASKED, pushed=NOW), due=due)

    assert {state.source: state.next_poll for state in store.states()} == {"north/news": after, "east/news": NOW + 6 * HOUR}
    assert store.subscriptions()[0].pushed == NOW
