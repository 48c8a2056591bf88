"""What is asked of hubs and when, what is believed of what they say, and what pushes do to the rhythm of polls."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator import plan, websub
from aggregator.model import Hints, Source, SourceState, Subscription

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TOPIC, HUB = "https://north.example.edu/feed.xml", "https://hub.example.org/"
FIVE = 5 * MINUTE


def a_subscription(**fields) -> Subscription:
    """Active for ten days since now."""
    return replace(Subscription("north/news", "t", TOPIC, HUB, "secret", "active", NOW, NOW + 10 * DAY), **fields)


ASKED = a_subscription(state="asked", until=NOW)


# --- where the hub is --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hints", "links", "hub", "topic"),
    [
        (Hints(hub="https://a/", topic="https://self/"), {}, "https://a/", "https://self/"),
        (Hints(hub="https://a/", topic="https://self/"), {"hub": "https://b/", "self": "https://other/"}, "https://b/", "https://other/"),
        (Hints(topic="https://self/"), {"hub": "https://b/"}, "https://b/", "https://self/"),
        (Hints(), {"hub": "https://b/"}, "https://b/", TOPIC),
        (Hints(hub="https://a/"), {}, "https://a/", TOPIC),
        (Hints(), {"self": "https://other/"}, None, None),
    ],
)
def test_the_link_header_wins_over_the_feed_and_a_nameless_topic_is_its_address(hints, links, hub, topic):
    found = websub.advertised(hints, links, TOPIC)

    assert (found.hub, found.topic) == (hub, topic)


def test_a_token_tells_for_which_of_our_addresses_it_was_made():
    token = websub.token("https://news.example.edu/websub/", "x" * 32)

    assert websub.made_for("https://news.example.edu/websub/", token)
    assert not websub.made_for("https://wire.example.edu/websub/", token)
    assert not websub.made_for("https://news.example.edu/websub/", "x" * 32)
    assert len(token) <= 60


# --- when it is asked --------------------------------------------------------------------------------------------------------------


def test_a_hub_that_does_not_verify_is_asked_again_after_ever_longer_pauses():
    pauses, subscription = [], ASKED
    for _ in range(10):
        now = websub.next_ask(subscription)
        subscription = websub.asked(subscription, now)
        pauses.append((websub.next_ask(subscription) - now) / MINUTE)

    assert pauses == [10, 20, 40, 80, 160, 320, 640, 1280, 1440, 1440]


def test_a_lease_is_renewed_well_before_its_end_and_again_if_that_fails():
    asked, subscription = [], a_subscription()
    for _ in range(5):
        now = websub.next_ask(subscription)
        subscription = websub.asked(subscription, now)
        asked.append(round((now - NOW) / DAY, 2))

    assert asked == [7, 9.1, 9.73, 9.92, 9.98]
    assert subscription.state == "active"


def test_a_lease_that_has_ended_is_asked_for_anew():
    subscription = websub.asked(a_subscription(), NOW + 11 * DAY)

    assert (subscription.state, subscription.until) == ("asked", NOW + 11 * DAY + 10 * MINUTE)


@pytest.mark.parametrize("lease", ["0", "1"])
def test_a_hub_that_grants_no_time_is_not_asked_all_the_time(lease):
    subscription = websub.verified(ASKED, lease, NOW)

    assert websub.next_ask(subscription) == NOW + 10 * MINUTE


@pytest.mark.parametrize(
    ("lease", "days"), [("86400", 1), ("999999999999", 30), ("", 10), ("-5", 10), ("1e9", 10), ("９", 10), ("9" * 400, 10)]
)
def test_a_lease_is_believed_within_reason(lease, days):
    subscription = websub.verified(ASKED, lease, NOW)

    assert (subscription.state, subscription.until) == ("active", NOW + days * DAY)


def test_a_refusal_holds_for_a_month_and_is_not_a_failure_to_double():
    refused = websub.refused(a_subscription(), NOW)

    assert websub.next_ask(refused) == NOW + 30 * DAY
    assert websub.asked(refused, NOW + 30 * DAY).until == NOW + 30 * DAY + 10 * MINUTE


def test_the_request_is_that_of_the_recommendation():
    assert websub.form(ASKED, "https://news.example.edu/websub/t", subscribe=True) == {
        "hub.mode": "subscribe",
        "hub.topic": TOPIC,
        "hub.callback": "https://news.example.edu/websub/t",
        "hub.lease_seconds": "864000",
        "hub.secret": "secret",
    }
    assert set(websub.form(ASKED, "x", subscribe=False)) == {"hub.mode", "hub.topic", "hub.callback"}


# --- what is believed --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong", [{"hub.topic": "https://other/"}, {"hub.mode": "unsubscribe"}, {"hub.challenge": ""}, {"hub.challenge": "x" * 2001}]
)
def test_only_what_was_asked_for_is_confirmed(wrong):
    right = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.challenge": "echo"}

    assert websub.challenge(right, "subscribe", TOPIC) == "echo"
    assert websub.challenge(right | wrong, "subscribe", TOPIC) is None


def signed(stated: str, *pieces: bytes) -> bool:
    signature = websub.Signature(stated, "secret")
    for piece in pieces:
        signature.add(piece)
    return signature.right


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_signature_is_right_over_the_whole_body_by_each_method(method):
    stated = f"{method}={hmac.new(b'secret', b'a feed', getattr(hashlib, method)).hexdigest()}"

    assert signed(stated, b"a ", b"", b"feed")
    assert signed(stated.upper(), b"a feed")
    assert not signed(stated, b"a feed ")
    assert not signed(stated[:-1], b"a feed")
    assert not signed(f"{method}={hmac.new(b'guess', b'a feed', getattr(hashlib, method)).hexdigest()}", b"a feed")


@pytest.mark.parametrize(
    "stated", ["", "sha256", "sha256=", "=", f"md5={hmac.new(b'secret', b'', 'md5').hexdigest()}", "sha256=é", "sha0=00"]
)
def test_what_is_no_signature_is_wrong(stated):
    assert not signed(stated)


@given(st.text(max_size=80), st.binary(max_size=40))
def test_no_made_up_signature_is_right_and_none_breaks_us(stated, body):
    assert not signed(stated, body)
    assert not signed(f"sha256={stated}", body)


# --- what pushes do to polls -------------------------------------------------------------------------------------------------------


def test_a_push_makes_its_source_due_at_once_and_many_make_it_due_once_a_minute():
    first = a_subscription()

    assert websub.due(first, NOW, FIVE) == NOW
    assert websub.due(replace(first, pushed=NOW), NOW + timedelta(seconds=10), FIVE) == NOW + MINUTE
    assert websub.due(replace(first, pushed=NOW), NOW + HOUR, FIVE) == NOW + HOUR
    assert websub.due(replace(first, pushed=NOW), NOW, timedelta(seconds=1)) == NOW + timedelta(seconds=1)


@pytest.mark.parametrize(
    ("trusted", "last_change", "fields"),
    [
        (True, NOW - DAY + MINUTE, {}),
        (True, None, {}),
        (False, NOW - HOUR, {}),
        (False, NOW - DAY + MINUTE, {"pushed": None}),
        (False, NOW - DAY + MINUTE, {"until": NOW}),
        (False, NOW - DAY + MINUTE, {"state": "asked"}),
        (False, NOW - DAY + MINUTE, {"state": "refused"}),
    ],
)
def test_polls_rely_on_a_hub_as_long_as_the_last_news_came_with_a_push(trusted, last_change, fields):
    subscription = a_subscription(**({"pushed": NOW - DAY} | fields))

    assert websub.relied_on(subscription, last_change, NOW) is trusted
    assert not websub.relied_on(None, last_change, NOW)


def polled(push: Subscription | None, *, every: timedelta | None = None, at_most: timedelta = DAY) -> timedelta:
    """Until the poll after one that found nothing."""
    state = SourceState("north/news", TOPIC, last_success=NOW - HOUR, last_change=NOW - DAY)
    rhythm = plan.Rhythm(timedelta(minutes=30), FIVE, at_most)
    after = plan.unchanged(
        state, Source("north/news", TOPIC, every=every), rhythm, plan.Answer(plan.Validators()), now=NOW, jitter=0.5, push=push
    ).state
    assert after.next_poll is not None
    return after.next_poll - NOW


def test_polls_are_four_times_rarer_while_pushes_come_within_the_bounds_of_the_configuration():
    pushed = a_subscription(pushed=NOW - DAY)

    assert polled(pushed) == 4 * polled(None)
    assert polled(pushed, at_most=HOUR) == HOUR
    assert polled(pushed, every=HOUR) == polled(None, every=HOUR)


def heeded(subscription: Subscription | None, *, began: datetime = NOW, **fields) -> datetime | None:
    after = SourceState("north/news", TOPIC, **({"next_poll": NOW + HOUR} | fields))
    return websub.heeded(after, subscription, began=began, now=NOW + timedelta(seconds=5), at_least=FIVE)


def test_a_push_during_a_poll_is_followed_by_another_poll():
    assert heeded(a_subscription(pushed=NOW + timedelta(seconds=2))) == NOW + MINUTE


def test_a_push_that_brought_nothing_is_looked_after_once():
    pushed = a_subscription(pushed=NOW - timedelta(seconds=2))

    assert heeded(pushed, last_change=NOW - DAY) == NOW + timedelta(seconds=5) + FIVE
    assert heeded(pushed, last_change=NOW) == NOW + HOUR
    assert heeded(pushed, began=NOW + FIVE) == NOW + HOUR


def test_without_pushes_and_for_sources_that_fail_or_are_gone_the_plan_stands():
    pushed = a_subscription(pushed=NOW + timedelta(seconds=2))

    assert heeded(None) == heeded(a_subscription()) == NOW + HOUR
    assert heeded(pushed, failures=1) == NOW + HOUR
    assert heeded(pushed, next_poll=None) is None
