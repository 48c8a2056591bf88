"""It names a hub, or pushes."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from polling import FEED, Wire, feed

from aggregator.errors import TimedOut
from aggregator.model import Hints, Subscription

HUB = "https://hub.example.org/"


def pushing(now: datetime, **fields: Any) -> Subscription:
    return replace(Subscription("north/news", "t", FEED, HUB, "s", "active", now, now + timedelta(days=10)), **fields)


def test_the_hub_of_the_link_header_is_kept_and_told(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.network.links = {"hub": HUB}

    wire.poll()

    assert wire.state().hints == wire.pushes.told["north/news"] == Hints(hub=HUB, topic=FEED)


def test_a_feed_that_was_not_read_again_still_has_its_hub(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.network.links = {"hub": HUB}
    wire.poll()
    wire.network.answers[FEED] = None
    wire.network.links = {}

    wire.poll()

    assert wire.state().hints == wire.pushes.told["north/news"] == Hints(hub=HUB, topic=FEED)


def test_a_poll_that_fails_tells_nothing_new_of_hubs(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.network.links = {"hub": HUB}
    wire.poll()
    wire.network.answers[FEED] = TimedOut("slow", url=FEED)

    wire.poll()

    assert wire.pushes.told["north/news"].hub == HUB


def test_a_push_that_comes_to_another_process_while_the_source_is_polled_is_not_lost(wire: Wire) -> None:
    wire.network.answers[FEED] = feed(1)
    wire.network.links = {"hub": HUB}

    def ring() -> None:
        wire.now += timedelta(seconds=1)
        wire.store.ring(pushing(wire.now, pushed=wire.now), due=wire.now)

    wire.network.meanwhile = ring
    wire.poll()

    assert wire.state().next_poll == wire.now + timedelta(seconds=59)


def test_polls_become_rarer_while_pushes_bring_the_news_and_as_frequent_as_before_when_one_is_missed(wire: Wire) -> None:
    wire.sources["north/news"] = replace(wire.sources["north/news"], every=None)
    wire.network.answers[FEED] = feed(1)
    wire.network.links = {"hub": HUB}
    wire.poll()
    plain = wire.state().next_poll - wire.now
    wire.store.ring(pushing(wire.now, pushed=wire.now), due=wire.now)

    wire.network.answers[FEED] = feed(1, 2)
    wire.poll(after=timedelta(seconds=2))
    pushed = wire.state().next_poll - wire.now

    wire.network.answers[FEED] = feed(1, 2, 3)
    wire.poll()
    missed = wire.state().next_poll - wire.now

    assert pushed > 3 * plain
    assert missed < 2 * plain
