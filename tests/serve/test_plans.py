from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from aggregator.model import Hints, Source, SourceState, Subscription
from aggregator.rhythm import learn
from aggregator.serve import plans

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
SOURCE = Source("north/news", "https://north.example.edu/news")
PUSH = Subscription(
    "north/news", "t", "https://north.example.edu/feed", "https://hub.example.org/", "s", "active", NOW, NOW + timedelta(days=9), NOW
)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"paused": True, "failures": 3}, "paused in the configuration"),
        ({"gone": True}, "gone for good, says its server"),
        ({"failures": 1}, "longer with each failure, or as its server asks"),
        ({"hints": Hints(skip_hours=frozenset({3}))}, "the feed names hours, or days, at which it is not to be asked"),
        ({}, "by how often it publishes"),
    ],
)
def test_it_is_said_why_a_source_is_polled_when_it_is(fields: dict[str, Any], expected: str) -> None:
    assert plans.why(SourceState("north/news", SOURCE.url, last_poll=NOW, **fields), SOURCE, None) == expected


@pytest.mark.parametrize(
    ("every", "said"),
    [(timedelta(minutes=30), "30m"), (timedelta(hours=6), "6h"), (timedelta(seconds=0.5), "0.5s"), (timedelta(days=2), "2d")],
)
def test_a_fixed_interval_is_told_as_it_is_configured(every: timedelta, said: str) -> None:
    source = Source("north/news", SOURCE.url, every=every)

    assert plans.why(SourceState("north/news", SOURCE.url), source, None) == f"every {said}, as configured"


def test_a_hub_that_is_relied_on_is_the_reason() -> None:
    state = SourceState("north/news", SOURCE.url, last_poll=NOW, last_change=NOW - timedelta(hours=1))

    assert plans.why(state, SOURCE, PUSH) == "rarely: a hub pushes its news"


def test_the_rhythm_is_told_once_something_is_known() -> None:
    state = SourceState("north/news", SOURCE.url, last_success=NOW)
    watched = learn(None, (), since=None, zone=None, now=NOW)

    assert plans.rhythm(state) is None
    assert plans.rhythm(SourceState("north/news", SOURCE.url, last_success=NOW, activity=watched)) == "about 2 a day"


@pytest.mark.parametrize(
    ("a_day", "said"),
    [(20, "about 20 a day"), (1, "about 1 a day"), (0.5, "about 3.5 a week"), (0.1, "about 3 a month"), (0.001, "about 0.03 a month")],
)
def test_the_rhythm_of_a_quiet_source_is_told_by_the_week_or_the_month(monkeypatch: pytest.MonkeyPatch, a_day: float, said: str) -> None:
    monkeypatch.setattr(plans, "rate", lambda *_: a_day)

    assert plans.rhythm(SourceState("north/news", SOURCE.url, last_success=NOW, activity=(1.0,))) == said
