"""Subscriptions over time, with a clock that is moved and a network that writes down what hubs are asked; the database is the real one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from aggregator.config import FetchFile, PollFile, PublicSite
from aggregator.errors import FetchError, HttpStatus, StoreError, TimedOut
from aggregator.model import Changes, Hints, Source, SourceState, Subscription
from aggregator.run.subscriptions import LOOK, Subscriptions, callback_base
from aggregator.store import Store

HUB, OTHER = "https://hub.example.org/", "https://other.example.org/hub"
TOPIC = "https://north.example.edu/feed.xml"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Network:
    """Takes every request, unless it fails with ``error`` for that hub."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Mapping[str, str]]] = []
        self.errors: dict[str, FetchError] = {}

    async def post(self, url: str, form: Mapping[str, str], *, timeout: timedelta) -> None:  # noqa: ASYNC109
        self.sent.append((url, form))
        if url in self.errors:
            raise self.errors[url]


class Wire:
    """A daemon's part that deals with hubs."""

    def __init__(self, store: Store, sources: list[Source], now: datetime) -> None:
        self.store, self.now, self.network = store, now, Network()
        self.settings: Any = SimpleNamespace(
            site=PublicSite("News", "https://news.example.edu"),
            fetch=FetchFile(),
            poll=PollFile(),
            sources={source.id: source for source in sources},
        )
        store.sync(sources, now=now)
        self.begin()

    def begin(self) -> None:
        """As after a restart."""
        self.subscriptions = Subscriptions(self.store, self.settings, self.network, clock=lambda: self.now)  # type: ignore[arg-type]
        self.subscriptions.load()

    def names(self, hub: str | None, source: str = "north/news", topic: str = TOPIC) -> None:
        """The feed was read."""
        self.subscriptions.named(source, Hints(hub=hub, topic=topic))

    def work(self, *, after: timedelta = timedelta()) -> list[tuple[str, str]]:
        """What hubs are asked meanwhile: hub and mode."""
        self.now += after
        before = len(self.network.sent)
        asyncio.run(self.subscriptions.work())
        return [(url, form["hub.mode"]) for url, form in self.network.sent[before:]]

    def form(self) -> Mapping[str, str]:
        """The last one that was sent."""
        return self.network.sent[-1][1]

    @property
    def token(self) -> str:
        """In the last callback address."""
        return self.form()["hub.callback"].rpartition("/")[2]

    def hub_says(self, mode: str, token: str | None = None, topic: str = TOPIC, **more: str) -> str | None:
        asked = {"hub.mode": mode, "hub.topic": topic, "hub.challenge": "echo", "hub.lease_seconds": "864000"} | more
        return asyncio.run(self.subscriptions.verify(token or self.token, asked))

    def subscribed(self) -> str:
        """A subscription that the hub has confirmed; its token."""
        self.names(HUB)
        assert self.work() == [(HUB, "subscribe")]
        assert self.hub_says("subscribe") == "echo"
        return self.token

    def pushed(self, token: str) -> None:
        asyncio.run(self.subscriptions.pushed(token))

    @property
    def held(self) -> Subscription | None:
        """As a restart would find it."""
        return next(iter(self.store.subscriptions()), None)

    def polled(self, next_poll: datetime | None, **fields: Any) -> None:
        self.store.apply(
            Changes(SourceState("north/news", TOPIC, **({"next_poll": next_poll, "hints": Hints(hub=HUB, topic=TOPIC)} | fields)))
        )

    @property
    def due(self) -> datetime | None:
        return self.store.states()[-1].next_poll


@pytest.fixture
def wire(tmp_path: Path, a_source: Callable[..., Source], now: datetime) -> Iterator[Wire]:
    with Store.open(f"sqlite:///{tmp_path}/wire.db") as store:
        yield Wire(store, [a_source(), a_source("east/news")], now)


# --- where hubs reach us -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "allowed", "base"),
    [
        ("https://news.example.edu", False, "https://news.example.edu/websub/"),
        ("http://news.example.edu/wire", False, "http://news.example.edu/wire/websub/"),
        ("http://127.0.0.1:8000", False, None),
        ("http://[::1]:8000", False, None),
        ("http://localhost:8000", False, None),
        ("http://10.1.2.3", False, None),
        ("http://wire.local", False, None),
        ("http://127.0.0.1:8000", True, "http://127.0.0.1:8000/websub/"),
        ("http://10.1.2.3", ["10.0.0.0/8"], "http://10.1.2.3/websub/"),
        ("http://wire.local", ["wire.local"], "http://wire.local/websub/"),
    ],
)
def test_hubs_reach_us_at_a_public_address_or_one_that_the_operator_allows(url, allowed, base):
    settings: Any = SimpleNamespace(site=PublicSite("News", url), fetch=FetchFile(allow_private=allowed))

    assert callback_base(settings) == base


@pytest.mark.parametrize("change", [{"site": PublicSite("News", "http://127.0.0.1:8000")}, {"poll": PollFile(websub=False)}])
def test_nobody_is_asked_where_hubs_cannot_reach_us_or_should_not(wire, change):
    for name, value in change.items():
        setattr(wire.settings, name, value)
    wire.begin()
    wire.names(HUB)

    assert wire.work() == []


# --- subscribing -------------------------------------------------------------------------------------------------------------------


def test_a_feed_that_names_a_hub_is_subscribed_once_the_hub_has_verified_it(wire):
    wire.names(HUB)

    assert wire.work() == [(HUB, "subscribe")]
    assert wire.held.state == "asked"
    assert wire.form()["hub.callback"] == f"https://news.example.edu/websub/{wire.held.token}"
    assert (wire.form()["hub.topic"], wire.form()["hub.secret"]) == (TOPIC, wire.held.secret)

    assert wire.hub_says("subscribe") == "echo"
    assert (wire.held.state, wire.held.until) == ("active", wire.now + 10 * DAY)
    assert wire.work(after=HOUR) == []


def test_a_restart_knows_what_was_asked(wire):
    wire.subscribed()
    wire.polled(wire.now + HOUR)

    wire.begin()

    assert wire.work() == []
    assert wire.work(after=7 * DAY) == [(HUB, "subscribe")]


def test_a_hub_that_a_worker_on_another_machine_has_found_is_subscribed_too(wire, monkeypatch):
    wire.work()
    wire.polled(wire.now + HOUR)
    assert wire.work(after=MINUTE) == []

    monkeypatch.setattr(Store, "is_shared", True)

    wire.work()
    assert wire.work(after=LOOK) == [(HUB, "subscribe")]


def several_daemons(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    """Share the store; what workers have found so far is heard."""
    monkeypatch.setattr(Store, "is_shared", True)
    wire.work()


def test_a_hub_is_asked_once_the_other_daemons_have_heard_of_it_and_for_all_at_once(wire, monkeypatch):
    several_daemons(wire, monkeypatch)
    wire.names(HUB)
    wire.names(HUB, "east/news", "https://east.example.edu/feed.xml")

    assert wire.work() == []
    assert {each.state for each in wire.store.subscriptions()} == {"asked"}
    assert wire.work(after=LOOK / 2) == []
    assert wire.work(after=LOOK / 2) == [(HUB, "subscribe")] * 2
    assert wire.work(after=LOOK) == []


def test_what_was_announced_and_is_not_wanted_any_more_is_not_asked_for(wire, monkeypatch):
    several_daemons(wire, monkeypatch)
    wire.names(HUB)
    wire.work()

    wire.names(None)

    assert ("subscribe" in dict(wire.work(after=LOOK)).values()) is False


def test_what_is_announced_waits_for_a_hub_that_is_down(wire, monkeypatch):
    several_daemons(wire, monkeypatch)
    for source in ("north/news", "east/news"):
        (state,) = (each for each in wire.store.states() if each.source == source)
        hints = Hints(hub=HUB, topic=f"https://{source}/feed.xml")
        wire.store.apply(Changes(replace(state, hints=hints, next_poll=wire.now + HOUR)))
    wire.network.errors[HUB] = TimedOut("slow", url=HUB)
    wire.work(after=MINUTE)

    assert wire.work(after=LOOK) == [(HUB, "subscribe")]
    wire.network.errors.clear()
    assert wire.work(after=MINUTE) == []
    assert wire.work(after=10 * MINUTE) == []
    assert wire.work(after=LOOK) == [(HUB, "subscribe")] * 2


def test_each_source_has_a_token_and_a_secret_of_its_own(wire):
    wire.names(HUB)
    wire.names(HUB, "east/news", "https://east.example.edu/feed.xml")

    wire.work()

    (_, one), (_, other) = wire.network.sent
    assert one["hub.callback"] != other["hub.callback"]
    assert one["hub.secret"] != other["hub.secret"]


def test_a_source_that_is_not_configured_is_not_subscribed(wire):
    wire.names(HUB, "south/news")

    assert wire.work() == []


def test_what_was_not_asked_for_is_not_confirmed(wire):
    token = wire.subscribed()

    assert wire.hub_says("subscribe", topic="https://evil.example/feed") is None
    assert wire.hub_says("unsubscribe") is None
    assert wire.hub_says("publish") is None
    assert wire.hub_says("subscribe", token="guess") is None
    assert wire.subscriptions.knows(token)
    assert not wire.subscriptions.knows("guess")


def test_a_lease_is_renewed_with_the_same_token_and_secret_before_it_ends(wire):
    token = wire.subscribed()
    secret = wire.held.secret

    assert wire.work(after=7 * DAY) == [(HUB, "subscribe")]
    assert (wire.token, wire.form()["hub.secret"], wire.held.state) == (token, secret, "active")
    assert wire.hub_says("subscribe") == "echo"
    assert wire.held.until == wire.now + 10 * DAY
    assert wire.work() == []


# --- hubs that do not want, or cannot ----------------------------------------------------------------------------------------------


def test_a_refusal_is_told_and_remembered_for_a_month(wire):
    wire.names(HUB)
    wire.work()

    with capture_logs() as told:
        assert wire.hub_says("denied", **{"hub.reason": "no\nuniversities" * 100}) == ""

    assert [(line["event"], len(line["reason"])) for line in told] == [("a hub refuses to push", 200)]
    assert wire.held.state == "refused"
    assert wire.hub_says("subscribe") is None
    assert wire.work(after=29 * DAY) == []
    wire.begin()
    wire.names(HUB)
    assert wire.work(after=DAY) == [(HUB, "subscribe")]


def test_an_active_subscription_can_be_refused_later(wire):
    token = wire.subscribed()

    assert wire.hub_says("denied") == ""

    wire.polled(wire.now + HOUR)
    wire.pushed(token)
    assert (wire.held.state, wire.held.pushed, wire.due) == ("refused", None, wire.now + HOUR)


def test_nobody_refuses_in_the_name_of_another_topic(wire):
    wire.subscribed()

    assert wire.hub_says("denied", topic="https://evil.example/feed") is None
    assert wire.held.state == "active"


def test_a_hub_that_is_down_is_left_alone_longer_each_time_by_all_its_sources(wire):
    wire.names(HUB)
    wire.names(HUB, "east/news", "https://east.example.edu/feed.xml")
    wire.network.errors[HUB] = TimedOut("no answer", url=HUB)

    assert wire.work() == [(HUB, "subscribe")]
    assert wire.work(after=9 * MINUTE) == []
    assert len(wire.work(after=MINUTE)) == 1
    assert wire.work(after=19 * MINUTE) == []
    assert len(wire.work(after=MINUTE)) == 1

    del wire.network.errors[HUB]
    assert len(wire.work(after=40 * MINUTE)) == 2


def test_a_hub_that_says_when_to_come_back_is_obeyed(wire):
    wire.names(HUB)
    wire.network.errors[HUB] = HttpStatus("busy", url=HUB, status=503, retry_after=5 * HOUR)
    wire.work()

    assert wire.work(after=4 * HOUR) == []
    assert wire.work(after=HOUR) == [(HUB, "subscribe")]


def test_a_hub_that_does_not_know_one_topic_is_still_asked_for_others(wire):
    wire.names(HUB)
    wire.names(HUB, "east/news", "https://east.example.edu/feed.xml")
    wire.network.errors[HUB] = HttpStatus("unknown topic", url=HUB, status=404)

    assert len(wire.work()) == 2
    assert wire.work(after=9 * MINUTE) == []


def test_a_hub_that_is_down_keeps_no_other_waiting(wire):
    wire.names(HUB)
    wire.names(OTHER, "east/news", "https://east.example.edu/feed.xml")
    wire.network.errors[HUB] = TimedOut("no answer", url=HUB)

    assert wire.work() == [(HUB, "subscribe"), (OTHER, "subscribe")]


def test_a_database_that_refuses_is_told_and_nobody_is_asked(wire, monkeypatch):
    def full(_: object) -> None:
        raise StoreError("the database is full", remedy="make room")

    wire.names(HUB)
    monkeypatch.setattr(wire.store, "keep_subscription", full)

    with capture_logs() as told:
        assert wire.work() == []

    assert [line["event"] for line in told] == ["subscriptions are put off"]


# --- ending ------------------------------------------------------------------------------------------------------------------------


def test_a_source_that_leaves_the_configuration_is_unsubscribed_and_the_hub_may_ask_back_once(wire):
    token = wire.subscribed()
    del wire.settings.sources["north/news"]
    wire.store.sync(wire.settings.sources.values(), now=wire.now)

    assert wire.work() == [(HUB, "unsubscribe")]

    assert wire.store.subscriptions(configured=False) == ()
    assert wire.hub_says("subscribe", token) is None
    assert wire.hub_says("unsubscribe", token, topic="https://evil.example/") is None
    assert wire.hub_says("unsubscribe", token) == "echo"
    assert not wire.subscriptions.knows(token)
    assert wire.work(after=DAY) == []


def test_a_hub_that_does_not_ask_back_is_forgotten(wire):
    token = wire.subscribed()
    wire.names(None)
    wire.work()

    wire.work(after=HOUR)

    assert not wire.subscriptions.knows(token)


def test_sources_that_left_while_no_daemon_ran_are_unsubscribed_as_well(wire):
    wire.subscribed()
    del wire.settings.sources["north/news"]
    wire.store.sync(wire.settings.sources.values(), now=wire.now)

    wire.begin()

    assert wire.work() == [(HUB, "unsubscribe")]


def test_a_feed_that_changes_its_hub_leaves_the_old_one_and_is_soon_subscribed_at_the_new_one(wire):
    token = wire.subscribed()
    wire.names(OTHER)

    assert wire.work() == [(HUB, "unsubscribe")]
    assert wire.work(after=10 * MINUTE) == [(OTHER, "subscribe")]
    assert wire.token != token


def test_a_feed_that_names_another_hub_at_each_poll_makes_us_ask_no_more_often(wire):
    asked = []
    for number in range(60):
        wire.names(f"https://victim.example/{number}")
        asked += [mode for _, mode in wire.work(after=MINUTE) if mode == "subscribe"]

    assert len(asked) == 6


def test_hubs_that_fail_and_that_nobody_names_any_more_are_forgotten(wire):
    for number in range(200):
        hub = f"https://victim.example/{number}"
        wire.network.errors[hub] = TimedOut("no answer", url=hub)
        wire.names(hub)
        wire.work(after=HOUR)
        if wire.held:
            wire.subscriptions.forged(wire.held.token)

    assert len(wire.subscriptions._hubs) < 50
    assert len(wire.subscriptions._distrusted) <= 1


def test_a_hub_that_is_down_is_not_asked_to_end_each_of_its_subscriptions(wire):
    wire.subscribed()
    wire.names(HUB, "east/news", "https://east.example.edu/feed.xml")
    wire.work()
    wire.network.errors[HUB] = TimedOut("no answer", url=HUB)
    wire.settings.sources.clear()

    assert wire.work() == [(HUB, "unsubscribe")]
    assert wire.store.subscriptions(configured=False) == ()


def test_switching_it_off_unsubscribes(wire):
    wire.subscribed()
    wire.settings.poll = PollFile(websub=False)
    wire.subscriptions.take(wire.settings, wire.network)

    assert wire.work() == [(HUB, "unsubscribe")]
    assert wire.held is None


def test_another_address_of_ours_is_another_subscription_and_the_old_one_runs_out(wire):
    wire.subscribed()
    wire.settings.site = PublicSite("News", "https://wire.example.edu")
    wire.subscriptions.take(wire.settings, wire.network)

    assert wire.work(after=MINUTE) == []
    assert wire.work(after=9 * MINUTE) == [(HUB, "subscribe")]
    assert wire.form()["hub.callback"].startswith("https://wire.example.edu/websub/")


# --- pushes ------------------------------------------------------------------------------------------------------------------------


def test_a_push_makes_its_source_due_and_is_remembered(wire):
    token = wire.subscribed()
    wire.polled(wire.now + HOUR)

    wire.pushed(token)

    assert (wire.due, wire.held.pushed) == (wire.now, wire.now)


def test_pushes_in_a_row_make_it_due_once_a_minute(wire):
    token = wire.subscribed()
    wire.pushed(token)
    wire.polled(wire.now + HOUR)
    began = wire.now

    for _ in range(5):
        wire.now += timedelta(seconds=5)
        wire.pushed(token)

    assert wire.due == began + timedelta(seconds=60)


@pytest.mark.parametrize("fields", [{"failures": 1}, {"gone": True, "next_poll": None}])
def test_a_push_does_not_shorten_the_pause_of_a_source_that_fails_or_is_gone(wire, fields):
    token = wire.subscribed()
    wire.polled(**({"next_poll": wire.now + HOUR} | fields))
    before = wire.due

    wire.pushed(token)

    assert wire.due == before


def test_a_push_before_the_hub_has_verified_rings_nothing(wire):
    wire.names(HUB)
    wire.work()
    wire.polled(wire.now + HOUR)

    wire.pushed(wire.token)

    assert (wire.due, wire.held.pushed) == (wire.now + HOUR, None)


def test_forgeries_are_told_once_until_a_right_push_comes(wire):
    token = wire.subscribed()

    with capture_logs() as told:
        wire.subscriptions.forged(token)
        wire.subscriptions.forged(token)
        wire.pushed(token)
        wire.subscriptions.forged(token)
        wire.subscriptions.forged("guess")

    assert [line["event"] for line in told if line["log_level"] == "warning"] == ["a push with a wrong signature was ignored"] * 2


def test_the_secret_of_a_stranger_is_nobodys(wire):
    token = wire.subscribed()

    assert wire.subscriptions.secret(token) == wire.held.secret
    assert wire.subscriptions.secret("guess") != wire.subscriptions.secret("guess")
