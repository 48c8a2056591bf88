from __future__ import annotations

import asyncio
import os
import signal
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from aggregator import mail
from aggregator.config import Doubt, NewsletterFile, PublicSite, defaults
from aggregator.errors import ConfigError, MessageError, Problem
from aggregator.fetch import Fetcher
from aggregator.model import Changes, Known, Source, SourceState, University
from aggregator.poll import Outcome
from aggregator.run import daemon
from aggregator.run.daemon import Daemon
from aggregator.run.letters import _digest
from aggregator.run.listening import Server
from aggregator.store import Store


async def app(_scope, _receive, _send):
    """Nobody visits it."""


async def until(true) -> None:
    for _ in range(400):
        if true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("waited 20 s in vain")


def test_the_web_server_leaves_the_signals_to_the_daemon():
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)

    with Server(app).capture_signals():
        within = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)

    assert within == before


@pytest.fixture
def settings(tmp_path: Path):
    made = defaults(tmp_path)
    return replace(made, port=0, database=f"sqlite:///{tmp_path}/wire.db")


@pytest.fixture
def store(settings):
    with Store.open(settings.database) as opened:
        yield opened


def test_reloads_that_change_how_sites_are_asked_leave_one_fetcher_open(settings, store, monkeypatch):
    opened, taken = set(), []

    class Watched(Fetcher):
        async def __aenter__(self):
            opened.add(self)
            return await super().__aenter__()

        async def __aexit__(self, *how):
            await super().__aexit__(*how)
            opened.discard(self)

    monkeypatch.setattr(
        daemon, "fetcher_for", lambda settings, *_, **__: Watched(contact=settings.fetch.contact, host_gap=timedelta(seconds=1))
    )

    def again():
        contact = f"mailto:desk{len(taken)}@example.edu"
        return replace(settings, fetch=settings.fetch.model_copy(update={"contact": contact}))

    async def scenario() -> int:
        made = Daemon(settings, store, voice=store.voice(), app=app, reload=again, changed=taken.append)
        running = asyncio.create_task(made.run(lambda _: None))
        await until(lambda: opened)
        for number in range(1, 4):
            os.kill(os.getpid(), signal.SIGHUP)
            await until(lambda number=number: len(taken) == number)
            await until(lambda: len(opened) == 1)
        os.kill(os.getpid(), signal.SIGTERM)
        await running
        return len(opened)

    assert asyncio.run(scenario()) == 0
    assert len(taken) == 3


def test_who_ends_it_does_not_wait_for_a_mail_server_that_hangs_and_the_letter_goes_the_next_time(settings, store, monkeypatch, an_article):
    sent, waited_for, hanging, freed = [], [], threading.Event(), threading.Event()
    now = [datetime(2026, 3, 2, 12, tzinfo=UTC)]

    def hangs(message, _):
        hanging.set()
        waited_for.append(not freed.wait(20))
        raise MessageError("it hung up")

    made = replace(
        settings,
        site=PublicSite("The wire", "https://wire.example.edu"),
        newsletters=(NewsletterFile(name="ice", to=["a@example.edu", "b@example.edu"], where="ice"),),
    )
    source = Source("north/news", "https://north.example.edu/", title="North")
    store.sync([source], now=now[0])
    monkeypatch.setattr(daemon, "TELL", timedelta(milliseconds=20))
    monkeypatch.setattr(daemon, "_GRACE", 0.2)

    def runs(until_then) -> None:
        async def scenario() -> None:
            running = asyncio.create_task(
                Daemon(
                    made, store, voice=store.voice(), app=app, reload=lambda: made, changed=print, clock=lambda: now[0], polls=False
                ).run(lambda _: None)
            )
            await until(until_then)
            os.kill(os.getpid(), signal.SIGTERM)
            await running

        asyncio.run(scenario())

    runs(lambda: store.mark(f"letter ice {_digest('b@example.edu')}"))
    article = an_article(text="ice", title="Robots on ice", first_seen=now[0], published=now[0])
    store.apply(Changes(SourceState(source.id, source.url, next_poll=now[0]), (article,), (), {b"k" * 16: Known(article.id, b"f" * 16)}))
    now[0] += timedelta(days=1)
    monkeypatch.setattr(mail, "send", hangs)
    runs(hanging.is_set)
    left_alone = not waited_for
    freed.set()
    monkeypatch.setattr(mail, "send", lambda message, _: sent.append(message["To"]))
    runs(lambda: len(sent) == 2)

    assert left_alone
    assert sent == ["a@example.edu", "b@example.edu"]


def test_a_query_that_names_who_was_renamed_or_removed_is_told_and_ends_nothing(settings, store):
    now, north = datetime(2026, 3, 2, 12, tzinfo=UTC), Source("north/news", "https://north.example.edu/", university="north")
    store.sync([north], of=[University("north", "North")], now=now)
    arctic = replace(north, id="arctic/news", university="arctic")
    renamed = replace(
        settings, sources={arctic.id: arctic}, universities={"arctic": University("arctic", "Arctic")}, doubts=(doubt("north"),)
    )
    removed = replace(renamed, sources={}, universities={}, doubts=(doubt("arctic"),))
    wrong = replace(removed, doubts=(doubt("artic"),))
    coming, taken, health = [removed, wrong], [], []

    async def scenario() -> None:
        made = Daemon(renamed, store, voice=store.voice(), app=app, reload=lambda: coming.pop(0), changed=taken.append, polls=False)
        running = asyncio.create_task(made.run(lambda _: health.append(made.health())))
        await until(lambda: health)
        os.kill(os.getpid(), signal.SIGHUP)
        await until(lambda: taken)
        os.kill(os.getpid(), signal.SIGHUP)
        await until(lambda: made.health()["configuration"] != "in force")
        os.kill(os.getpid(), signal.SIGTERM)
        await running

    with capture_logs() as told:
        asyncio.run(scenario())

    warned = [line["problem"] for line in told if line["event"] == "a query names a university that is not configured"]
    assert "write arctic instead" in warned[0]
    assert '"arctic" is not configured any more' in warned[1]
    assert [line["problems"] for line in told if "problems" in line] == ["aggregator.yaml: artic"]
    assert taken == [removed]


def doubt(name: str) -> Doubt:
    return Doubt(name, Problem("aggregator.yaml", None, "", name))


def test_who_starts_with_a_query_that_names_what_nobody_knows_is_refused(settings, store):
    made = Daemon(
        replace(settings, doubts=(doubt("nort"),)), store, voice=store.voice(), app=app, reload=lambda: settings, changed=print, polls=False
    )

    with pytest.raises(ConfigError, match="nort"):
        asyncio.run(made.run(print))


def test_where_no_source_is_reached_this_machine_is_offline_though_others_are_paused(settings, store):
    sources = [Source("north/news", "https://north.example.edu/"), Source("east/news", "https://east.example.edu/", paused=True)]
    made = replace(settings, sources={source.id: source for source in sources})
    served = Daemon(made, store, voice=store.voice(), app=app, reload=lambda: made, changed=print, polls=False)

    served._heard(Outcome("north/news", problem="no route", reached=False))
    assert not served.health()["online"]
    served._heard(Outcome("north/news"))
    assert served.health()["online"]


def test_where_workers_poll_the_alarm_that_nothing_is_reached_goes_by_what_they_stored(settings, fresh_postgres, monkeypatch):
    pytest.importorskip("procrastinate", reason="the extra `postgres` is not installed")
    monkeypatch.setattr(daemon, "_JUDGE", timedelta())
    later = datetime.now(UTC) + timedelta(days=1)
    sources = [Source(f"u{number}/news", f"https://u{number}.example.edu/") for number in range(3)]
    made = replace(settings, database=fresh_postgres, sources={source.id: source for source in sources})

    def polled(store: Store, failures: int) -> None:
        at = datetime.now(UTC)
        store.apply(*(Changes(SourceState(each.id, each.url, failures=failures, last_poll=at, next_poll=later)) for each in sources))

    async def scenario(store: Store) -> list[str]:
        with store.voice() as voice:
            assert voice.is_ours()
            served = Daemon(made, store, voice=voice, app=app, reload=lambda: made, changed=print, polls=False)
            store.sync(sources, now=later)
            running = asyncio.create_task(served.run(lambda _: None))
            polled(store, 2)
            await until(lambda: not served.health()["online"])
            assert b"aggregator_online 0.0" in served.metrics()
            polled(store, 0)
            await until(lambda: served.health()["online"] and len(store.events(limit=9)) == 2)
            os.kill(os.getpid(), signal.SIGTERM)
            await running
        return [event.kind for event in store.events(limit=9)]

    with Store.open(made.database) as store:
        assert asyncio.run(scenario(store)) == ["online", "offline"]
