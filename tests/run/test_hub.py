"""Our own hub and the pings to another, with real subscribers on loopback."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import NAMESPACE_URL, uuid5

import pytest
from lxml import etree

from aggregator.config import FetchFile, PollFile, PublicSite, PublishedFeed, Settings
from aggregator.model import Article, Changes, Known, Source, Subscriber, University
from aggregator.run import hub as hub_module
from aggregator.run.hub import Hub, understood
from aggregator.run.pings import Pings
from aggregator.serve.site import Site
from aggregator.store import Store

SITE = "https://wire.example.org"
TOPIC = f"{SITE}/feeds/all.rss"
ATOM = "{http://www.w3.org/2005/Atom}"


class Reader:
    """A program that subscribes. ``status``: how it answers deliveries; ``confirms``: what it says to a challenge."""

    def __init__(self) -> None:
        self.questions: list[dict[str, str]] = []
        self.deliveries: list[tuple[dict[str, str], bytes]] = []
        self.status = 204
        self.confirms: Callable[[str], tuple[int, str]] = lambda challenge: (200, challenge)
        reader = self

        class Door(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                reader.questions.append(asked)
                status, said = reader.confirms(asked.get("hub.challenge", "here you are"))
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere?hub.challenge=" + asked["hub.challenge"])
                    reader.confirms = lambda _: (200, said)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said.encode())

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                reader.deliveries.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(reader.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
        self.callback = f"http://127.0.0.1:{self._server.server_port}/callback?id=7"
        Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def titles(self) -> list[list[str]]:
        return [[item.findtext("title") or "" for item in etree.fromstring(body).iter("item")] for _, body in self.deliveries]


@pytest.fixture
def reader() -> Iterator[Reader]:
    made = Reader()
    yield made
    made.end()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path}/hub.db") as opened:
        yield opened


class World:
    """A store with its site and its hub, and a clock that stands still."""

    def __init__(self, store: Store, now: datetime, hub: str | None = f"{SITE}/hub", *, private: bool = True) -> None:
        self.now = now
        self.store = store
        self.settings = Settings(
            directory=Path("config"),
            database="",
            site=PublicSite("Wire", SITE),
            host="127.0.0.1",
            port=0,
            fetch=FetchFile(allow_private=private),
            poll=PollFile(),
            feeds=(PublishedFeed("all", "Wire", "", 100), PublishedFeed("ice", "Ice", "ice", 100)),
            universities={"north": University("north", "North University")},
            sources={"north/news": Source("north/news", "https://north.example.edu/feed.xml", university="north")},
            hub=hub,
        )
        self.site = Site(store, self.settings)
        self.store.sync(self.settings.sources.values(), now=now)

    def hub(self) -> Hub:
        return Hub(self.store, lambda: self.site, self.settings, clock=lambda: self.now, pause=0.02)

    def pings(self) -> Pings:
        return Pings(self.store, lambda: self.site, self.settings, clock=lambda: self.now, pause=0.02)

    def publish(self, *titles: str) -> None:
        ids = {title: uuid5(NAMESPACE_URL, title) for title in titles}
        articles = [
            Article(str(id_), title, f"https://north.example.edu/{id_}", "north/news", "north", self.now) for title, id_ in ids.items()
        ]
        (state,) = [state for state in self.store.states() if state.source == "north/news"]
        self.store.apply(Changes(state, tuple(articles), (), {id_.bytes: Known(str(id_), b"f" * 16) for id_ in ids.values()}))

    def play(self, scenario: Callable[[Hub], Awaitable[None]]) -> None:
        async def played() -> None:
            hub = self.hub()
            working = asyncio.create_task(hub.run())
            try:
                await scenario(hub)
            finally:
                working.cancel()
                await asyncio.gather(working, return_exceptions=True)

        asyncio.run(played())


@pytest.fixture
def world(store: Store, now: datetime) -> World:
    return World(store, now)


async def until(condition: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it never came true"
        await asyncio.sleep(0.01)


def wish(reader: Reader, mode: str = "subscribe", **fields: str) -> dict[str, str]:
    return {"hub.mode": mode, "hub.callback": reader.callback, "hub.topic": TOPIC} | {
        f"hub.{name}": value for name, value in fields.items()
    }


async def subscribed(hub: Hub, world: World, reader: Reader, **fields: str) -> None:
    assert hub.accept(wish(reader, **fields))[0] == 202
    await until(lambda: any(each.callback == reader.callback for each in world.store.subscribers()))


def test_who_subscribes_is_asked_and_then_told_of_what_is_new_and_nothing_else(world, reader):
    world.publish("Before")

    async def scenario(hub: Hub) -> None:
        await subscribed(hub, world, reader, secret="between us", lease_seconds="7200")
        world.publish("After")
        await until(lambda: reader.deliveries)

    world.play(scenario)

    [question] = reader.questions
    assert question["id"] == "7"
    assert (question["hub.mode"], question["hub.topic"], question["hub.lease_seconds"]) == ("subscribe", TOPIC, "7200")
    [(headers, body)] = reader.deliveries
    assert reader.titles() == [["After"]]
    assert headers["content-type"] == "application/rss+xml; charset=utf-8"
    assert headers["link"] == f'<{SITE}/hub>; rel="hub", <{TOPIC}>; rel="self"'
    assert headers["x-hub-signature"] == f"sha256={hmac.new(b'between us', body, 'sha256').hexdigest()}"


def test_without_a_secret_nothing_is_signed(world, reader):
    async def scenario(hub: Hub) -> None:
        await subscribed(hub, world, reader)
        world.publish("News")
        await until(lambda: reader.deliveries)

    world.play(scenario)

    assert "x-hub-signature" not in reader.deliveries[0][0]


@pytest.mark.parametrize(
    "confirms",
    [
        lambda _: (200, "yes"),
        lambda _: (200, ""),
        lambda challenge: (404, challenge),
        lambda challenge: (500, challenge),
        lambda challenge: (302, challenge),
    ],
)
def test_who_does_not_confirm_is_not_subscribed(world, reader, confirms):
    reader.confirms = confirms

    async def scenario(hub: Hub) -> None:
        assert hub.accept(wish(reader))[0] == 202
        await until(lambda: reader.questions)
        await until(lambda: not hub._asking)

    world.play(scenario)

    assert world.store.subscribers() == ()


@pytest.mark.parametrize("status", [201, 202, 203, 206])
def test_a_callback_may_confirm_with_any_success(world, reader, status):
    reader.confirms = lambda challenge: (status, challenge)

    world.play(lambda hub: subscribed(hub, world, reader))

    assert len(world.store.subscribers()) == 1


def test_a_subscriber_is_not_told_of_what_is_in_another_feed(world, reader):
    async def scenario(hub: Hub) -> None:
        await subscribed(hub, world, reader, topic=f"{SITE}/feeds/ice.rss")
        world.publish("Something else")
        world.publish("A robot on ice")
        await until(lambda: reader.deliveries)

    world.play(scenario)

    assert reader.titles() == [["A robot on ice"]]


def test_who_leaves_is_asked_and_then_left_alone(world, reader):
    async def scenario(hub: Hub) -> None:
        await subscribed(hub, world, reader)
        assert hub.accept(wish(reader, "unsubscribe"))[0] == 202
        await until(lambda: not world.store.subscribers())
        world.publish("News")
        await hub.round()
        assert not hub._sending

    world.play(scenario)

    assert [question["hub.mode"] for question in reader.questions] == ["subscribe", "unsubscribe"]
    assert "hub.lease_seconds" not in reader.questions[1]
    assert reader.deliveries == []


def test_nobody_else_can_end_a_subscription(world, reader):
    async def scenario(hub: Hub) -> None:
        await subscribed(hub, world, reader)
        reader.confirms = lambda _: (404, "not me")
        hub.accept(wish(reader, "unsubscribe"))
        await until(lambda: len(reader.questions) == 2)
        await until(lambda: not hub._asking)

    world.play(scenario)

    assert len(world.store.subscribers()) == 1


def test_who_was_away_is_told_of_everything_in_several_deliveries(world, reader):
    world.settings = replace(world.settings, feeds=(PublishedFeed("all", "Wire", "", 3),))
    world.site = Site(world.store, world.settings)

    async def away(hub: Hub) -> None:
        await subscribed(hub, world, reader)

    async def back(_: Hub) -> None:
        await until(lambda: world.store.subscribers()[0].failures)
        reader.status = 204
        world.now += timedelta(seconds=10)
        await until(lambda: len(reader.deliveries) == 4)

    world.play(away)
    world.publish("A", "B", "C", "D", "E", "F", "G", "H")
    world.publish("I")
    reader.status = 503
    world.play(back)

    failed, *told = [sorted(delivery) for delivery in reader.titles()]
    assert failed == told[0]
    assert [len(delivery) for delivery in told] == [3, 3, 3]
    assert sorted(title for delivery in told for title in delivery) == sorted("ABCDEFGHI")


def test_a_delivery_that_fails_is_tried_again_later_and_later_with_all_that_was_missed(world, reader):
    async def scenario(hub: Hub) -> None:
        await subscribed(hub, world, reader)
        reader.status = 503
        for number, pause in enumerate((10, 40, 160), 1):
            world.publish(f"News {number}")
            await until(lambda number=number: len(reader.deliveries) == number)
            await until(lambda number=number: world.store.subscribers()[0].failures == number)
            assert world.store.subscribers()[0].again == world.now + timedelta(seconds=pause)
            world.now += timedelta(seconds=pause)
        reader.status = 200
        await until(lambda: world.store.subscribers()[0].failures == 0)

    world.play(scenario)

    assert sorted(reader.titles()[-1]) == ["News 1", "News 2", "News 3"]


def test_what_failed_waits_for_its_turn(world, reader):
    async def scenario(hub: Hub) -> None:
        await subscribed(hub, world, reader)
        reader.status = 500
        world.publish("News")
        await until(lambda: world.store.subscribers()[0].failures == 1)
        for _ in range(5):
            await hub.round()
        assert not hub._sending

    world.play(scenario)

    assert len(reader.deliveries) == 1


def test_who_is_gone_is_forgotten(world, reader):
    async def scenario(hub: Hub) -> None:
        await subscribed(hub, world, reader)
        reader.status = 410
        world.publish("News")
        await until(lambda: not world.store.subscribers())

    world.play(scenario)


def test_a_lease_ends_unless_it_is_renewed(world, reader):
    async def scenario(hub: Hub) -> None:
        await subscribed(hub, world, reader, lease_seconds="3600")
        hub.accept(wish(reader, lease_seconds="7200"))
        await until(lambda: world.store.subscribers()[0].until == world.now + timedelta(hours=2))
        world.now += timedelta(hours=1, minutes=30)
        await hub.round()
        assert len(world.store.subscribers()) == 1
        world.now += timedelta(minutes=30)
        await until(lambda: not world.store.subscribers())

    world.play(scenario)


def test_a_restart_forgets_nobody_and_tells_what_came_meanwhile(world, reader):
    world.play(lambda hub: subscribed(hub, world, reader))
    world.publish("While it was down")

    async def scenario(_: Hub) -> None:
        await until(lambda: reader.deliveries)

    world.play(scenario)

    assert reader.titles() == [["While it was down"]]
    assert world.store.subscribers()[0].told == world.store.revision()


def test_the_inside_is_not_called(store, now, reader):
    world = World(store, now, private=False)

    async def scenario(hub: Hub) -> None:
        hub.accept(wish(reader))
        await asyncio.sleep(0)
        await until(lambda: not hub._asking)

    world.play(scenario)

    assert reader.questions == []
    assert store.subscribers() == ()


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"mode": "publish"}, "hub.mode"),
        ({"mode": ""}, "hub.mode"),
        ({"callback": ""}, "hub.callback"),
        ({"callback": "ftp://reader.example/"}, "hub.callback"),
        ({"callback": "javascript:alert(1)"}, "hub.callback"),
        ({"callback": "https://reader.example/" + "x" * 2000}, "hub.callback"),
        ({"callback": "https://reader.example/#part"}, "hub.callback"),
        ({"topic": "https://other.example/feeds/all.rss"}, "hub.topic"),
        ({"topic": f"{SITE}/feeds/none.rss"}, "hub.topic"),
        ({"topic": f"{SITE}/"}, "hub.topic"),
        ({"topic": ""}, "hub.topic"),
        ({"secret": "x" * 200}, "hub.secret"),
    ],
)
def test_what_is_not_understood_is_told(world, fields, told):
    form = {"hub.mode": "subscribe", "hub.callback": "https://reader.example/", "hub.topic": TOPIC}

    status, text = world.hub().accept(form | {f"hub.{name}": value for name, value in fields.items()})

    assert status == 400
    assert told in text


@pytest.mark.parametrize(
    ("asked", "granted"),
    [
        ("", 864_000),
        ("x", 864_000),
        ("0", 864_000),
        ("-5", 864_000),
        ("1", 3_600),
        ("90000", 90_000),
        ("9" * 40, 2_592_000),
        ("²", 864_000),
    ],
)
def test_leases_are_bounded(world, asked, granted):
    form = {"hub.mode": "subscribe", "hub.callback": "https://reader.example/", "hub.topic": TOPIC, "hub.lease_seconds": asked}

    assert understood(form, world.site).lease.total_seconds() == granted


def test_a_host_has_so_many_subscriptions_at_most(world, monkeypatch):
    monkeypatch.setattr(hub_module, "MOST_OF_A_HOST", 2)
    hub = world.hub()
    for number in range(2):
        callback = f"https://reader.example/{number}"
        hub._held[callback, "/feeds/all.rss"] = Subscriber(callback, "/feeds/all.rss", None, world.now, 0)
    form = {"hub.mode": "subscribe", "hub.callback": "https://reader.example/3", "hub.topic": TOPIC}

    assert hub.accept(form)[0] == 503

    async def others() -> list[int]:
        return [hub.accept(form | {"hub.callback": each})[0] for each in ("https://reader.example/1", "https://other.example/")]

    assert asyncio.run(others()) == [202, 202]


def test_callbacks_of_one_host_are_asked_a_few_at_a_time(world):
    async def many() -> list[int]:
        hub = world.hub()
        form = {"hub.mode": "subscribe", "hub.topic": TOPIC}
        return [hub.accept(form | {"hub.callback": f"https://victim.example/{number}"})[0] for number in range(12)]

    assert asyncio.run(many()) == [202] * 10 + [503] * 2


@pytest.mark.parametrize("hub", [None, "https://hub.example.org/"])
def test_without_a_hub_of_our_own_there_is_none(store, now, hub):
    assert World(store, now, hub).hub().accept({})[0] == 404


def test_another_hub_is_told_which_feeds_have_changed(store, now, reader):
    world = World(store, now, hub=reader.callback)

    async def scenario() -> None:
        pings = world.pings()
        async with pings._fetcher:
            await pings.round()
            assert reader.deliveries == []
            world.publish("A story")
            reader.status = 503
            await pings.round()
            reader.status = 204
            reader.deliveries.clear()
            await pings.round()
            assert reader.deliveries == []
            world.now += timedelta(seconds=10)
            await pings.round()
            await pings.round()

    asyncio.run(scenario())

    told = [{name: values[0] for name, values in parse_qs(body.decode()).items()} for _, body in reader.deliveries]
    wanted = [f"{SITE}{place}.{extension}" for place in ("/feeds/all", "/universities/north") for extension in ("rss", "atom", "json")]
    assert told == [{"hub.mode": "publish", "hub.url": url} for url in wanted]
    assert store.pinged() == store.revision()


def test_the_same_address_is_one_subscriber(world, reader):
    async def scenario(hub: Hub) -> None:
        await subscribed(hub, world, reader, secret="old")
        hub.accept(wish(reader, secret="new"))
        await until(lambda: world.store.subscribers()[0].secret == "new")

    world.play(scenario)

    assert len(world.store.subscribers()) == 1
