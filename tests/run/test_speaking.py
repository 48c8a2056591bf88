"""Two daemons on one database: what is said to people and hubs is said once, and goes on when the one that spoke is gone."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

import postgres_server
import pytest

from aggregator import mail
from aggregator.config import FetchFile, MailFile, NewsletterFile, NotifyFile, PollFile, PublicSite, PublishedFeed, defaults
from aggregator.model import Article, Changes, Event, Hints, Keep, Known, Source, SourceState, Subscriber
from aggregator.run.housekeeping import Housekeeping
from aggregator.run.hub import Hub, Wish
from aggregator.run.letters import Letters
from aggregator.run.pings import Pings
from aggregator.run.subscriptions import Subscriptions
from aggregator.run.telling import Telling
from aggregator.serve.site import Site
from aggregator.store import Store

MONDAY = datetime(2026, 3, 2, 12, tzinfo=UTC)
NORTH = Source("north/news", "https://north.example.edu/feed.xml", title="North University")
SITE, HUB = "https://wire.example.edu", "https://hub.example.org/"


class Network:
    """Writes down what hubs and subscribers are told; takes everything."""

    def __init__(self, told: list[str]) -> None:
        self.told = told

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        """It is the world's."""

    async def post(self, url, form, **_):
        self.told.append(f"{form['hub.mode']} {form.get('hub.url') or form.get('hub.topic')}")

    async def deliver(self, url, body, headers):
        self.told.append(f"deliver {body.count(b'<item>')} to {url}")
        return 204


class Office:
    """One daemon: a connection to the database, a voice, and all that speaks, driven by hand."""

    def __init__(self, address: str, world: World) -> None:
        self.store, self.world = Store.open(address), world
        self.voice = self.store.voice()
        settings = replace(
            defaults(Path("config")),
            site=PublicSite("The wire", SITE),
            mail=MailFile(sender="wire@example.edu"),
            notify=NotifyFile(to=["desk@example.edu"]),
            newsletters=(NewsletterFile(name="ice", to=["a@example.edu", "b@example.edu"], where="ice"),),
            sources={NORTH.id: NORTH},
            feeds=(PublishedFeed("all", "Wire", "", 100),),
            fetch=FetchFile(allow_private=True),
            poll=PollFile(),
            hub=f"{SITE}/hub",
        )
        elsewhere = replace(settings, hub=HUB)
        kept = {"clock": lambda: world.now, "speaks": self.voice.is_ours}
        health = {"ok": True, "problem": None, "online": True}
        self.telling = Telling(
            self.store,
            lambda: settings,
            health=lambda: health,
            clock=lambda: world.now,
            go_on=self.voice.is_ours,
            in_charge=self.voice.is_ours,
        )
        self.letters = Letters(self.store, lambda: settings, clock=lambda: world.now, go_on=self.voice.is_ours)
        self.hub = Hub(self.store, lambda: Site(self.store, settings), settings, **kept)
        self.pings = Pings(self.store, lambda: Site(self.store, elsewhere), elsewhere, **kept)
        self.hub._fetcher = self.pings._fetcher = Network(world.told)
        self.subscriptions = Subscriptions(self.store, settings, Network(world.told), **kept)
        self.subscriptions.load()
        self.housekeeping = Housekeeping(self.store, **kept)

    async def works(self) -> None:
        self.letters.look()
        self.telling.look()
        await self.hub.round()
        await asyncio.gather(*self.hub._sending)
        await self.hub.round()
        await self.pings.round()
        await self.subscriptions.work()

    def dies(self) -> None:
        """Its connections break; nothing is saved."""
        self.voice.close()
        self.store.close()


class World:
    def __init__(self, address: str) -> None:
        self.address, self.now, self.told = address, MONDAY, []
        with Store.open(address) as store:
            store.sync([NORTH], now=MONDAY)
            store.keep_subscribers(Subscriber("https://reader.example.org/", "/feeds/all.rss", None, MONDAY + timedelta(days=30), 0))
            store.apply(Changes(SourceState(NORTH.id, NORTH.url, next_poll=MONDAY, hints=Hints(hub=HUB, topic=NORTH.url))))

    def opens(self) -> Office:
        return Office(self.address, self)

    def plays(self, *offices: Office, **passed: float) -> Counter[str]:
        """What is told by all of them together, after that time."""
        self.now += timedelta(**passed)
        self.told.clear()

        async def all_work() -> None:
            for office in offices:
                await office.works()

        asyncio.run(all_work())
        return Counter(self.told)

    def publishes(self, title: str, office: Office) -> None:
        id_ = str(uuid5(NAMESPACE_URL, title))
        article = Article(id_, title, f"https://north.example.edu/{id_}", NORTH.id, None, self.now, published=self.now, text="ice")
        (state,) = office.store.states()
        broke = Event(self.now, "misconfigured", None, "a file is wrong")
        office.store.apply(Changes(state, (article,), (), {uuid5(NAMESPACE_URL, title).bytes: Known(id_, b"f" * 16)}, (broke,)))


@pytest.fixture
def world(_postgres: str, monkeypatch: pytest.MonkeyPatch) -> World:
    made = World(postgres_server.fresh_database(_postgres))
    monkeypatch.setattr(mail, "send", lambda message, _: made.told.append(f"mail to {message['To']}"))
    monkeypatch.setattr("aggregator.run.subscriptions.LOOK", timedelta())
    return made


EVERYTHING = {
    "mail to a@example.edu": 1,
    "mail to b@example.edu": 1,
    "mail to desk@example.edu": 1,
    "deliver 1 to https://reader.example.org/": 1,
    f"publish {SITE}/feeds/all.rss": 1,
}


def only(told: Counter[str]) -> dict[str, int]:
    """Without the many other feeds that a hub is told of, and the subscription of the first day."""
    return {what: count for what, count in told.items() if what in EVERYTHING}


def test_everything_is_told_once_and_by_the_other_one_when_the_first_is_gone(world):
    first, second = world.opens(), world.opens()
    begun = world.plays(second, first)
    assert begun[f"subscribe {NORTH.url}"] == 1

    world.publishes("Robots on ice", first)
    assert only(world.plays(first, second, days=1)) == EVERYTHING
    assert only(world.plays(first, second, minutes=5)) == {}

    second.dies()
    world.publishes("A walk on ice", first)
    assert only(world.plays(first, days=1)) == EVERYTHING
    first.dies()


def test_whoever_takes_a_request_the_one_that_speaks_delivers(world):
    first, second = world.opens(), world.opens()
    world.plays(first, second)

    async def comes() -> None:
        await second.hub._ready.wait()
        await second.hub._do(Wish("subscribe", "https://late.example.org/", "/feeds/all.rss", None, timedelta(days=1)))

    asyncio.run(comes())
    world.publishes("Robots on ice", first)

    told = world.plays(second, first, minutes=1)

    assert told["deliver 1 to https://late.example.org/"] == 1
    assert told["deliver 1 to https://reader.example.org/"] == 1
    first.dies()
    second.dies()


def test_a_hub_may_call_the_one_that_did_not_ask(world):
    first, second = world.opens(), world.opens()
    world.plays(first, second)
    (held,) = first.store.subscriptions()
    asked = {"hub.mode": "subscribe", "hub.topic": NORTH.url, "hub.challenge": "echo", "hub.lease_seconds": "864000"}

    async def calls() -> str | None:
        assert second.subscriptions.knows(held.token)
        return await second.subscriptions.verify(held.token, asked)

    assert asyncio.run(calls()) == "echo"
    assert world.plays(first, second, minutes=1)[f"subscribe {NORTH.url}"] == 0
    assert [each.state for each in first.store.subscriptions()] == ["active"]
    first.dies()
    second.dies()


@pytest.mark.parametrize("job", ["name", "catch_up", "forget", "forget_texts", "tidy"])
def test_one_of_them_keeps_house(world, job, monkeypatch):
    first, second = world.opens(), world.opens()
    assert first.voice.is_ours()
    done: list[str] = []

    for name, office in (("first", first), ("second", second)):
        office.housekeeping._settings = lambda: replace(defaults(Path("config")), keep=Keep(days=30))
        for method in ("know", "unnamed", "catch_up", "forget_robots", "forget_events", "carriers"):
            monkeypatch.setattr(office.store, method, lambda *_, name=name, **__: done.append(name) or ())
        monkeypatch.setattr(office.store, "tidy", lambda name=name: done.append(name) is None)
        getattr(office.housekeeping, job)()

    assert set(done) == {"first"}
    first.dies()
    second.dies()
