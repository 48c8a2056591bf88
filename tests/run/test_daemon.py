from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import uvicorn

from aggregator.config import defaults
from aggregator.fetch import Fetcher
from aggregator.run import daemon
from aggregator.run.daemon import Daemon, _Server
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

    with _Server(uvicorn.Config("none:app")).capture_signals():
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
        made = Daemon(settings, store, app=app, reload=again, changed=taken.append)
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
