"""It says that it has moved."""

from __future__ import annotations

from polling import FEED, OTHER, Wire, feed
from structlog.testing import capture_logs

from aggregator.errors import HttpStatus
from aggregator.model import Validators


def test_a_source_that_says_three_times_that_it_has_moved_is_polled_there_and_its_articles_stay(wire: Wire) -> None:
    wire.network.answers |= {FEED: feed(1, 2), OTHER: feed(1, 2)}
    wire.network.permanent = {FEED: OTHER}
    with capture_logs() as told:
        before = [wire.poll() for _ in range(3)]
        articles = wire.articles()

        after = wire.poll()

    assert [outcome.new for outcome in [*before, after]] == [2, 0, 0, 0]
    assert [url for url, _ in wire.network.asked] == [FEED, FEED, FEED, OTHER]
    assert wire.network.asked[-1] == (OTHER, Validators('"1"'))
    assert wire.state().moved == OTHER
    assert wire.articles() == articles
    assert [line["event"] for line in told].count("a source has moved") == 1


def test_a_new_address_that_fails_is_given_up_for_the_configured_one(wire: Wire) -> None:
    wire.network.answers |= {FEED: feed(1), OTHER: HttpStatus("answered 404", url=OTHER, status=404)}
    wire.network.permanent = {FEED: OTHER}
    for _ in range(6):
        wire.poll()
    wire.network.permanent = {}

    outcome = wire.poll()

    assert [url for url, _ in wire.network.asked] == [FEED] * 3 + [OTHER] * 3 + [FEED]
    assert wire.network.asked[-1] == (FEED, Validators())
    assert (outcome.problem, wire.state().moved, wire.state().state) == (None, None, "ok")
