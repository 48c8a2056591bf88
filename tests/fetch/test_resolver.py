from __future__ import annotations

import asyncio
import socket
import threading

import pytest

from aggregator.fetch.guard import Guard, Refusal
from aggregator.fetch.resolver import GuardedResolver


@pytest.fixture
def names(monkeypatch):
    """A DNS of our own: name → addresses."""
    zone = {}

    def getaddrinfo(host, port, **options):
        found = zone[host]
        if isinstance(found, Exception):
            raise found
        return [
            (socket.AF_INET6 if ":" in a else socket.AF_INET, options["type"], 6, "", (a, port, 0, 0) if ":" in a else (a, port))
            for a in found
        ]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return zone


def resolve(host, *, allowed=False):
    async def run():
        return [found["host"] for found in await GuardedResolver(Guard(allowed), lookups=4).resolve(host, 80)]

    return asyncio.run(run())


def test_the_addresses_of_a_name_come_in_the_order_of_dns(names):
    names["a.test"] = ["2a00::2", "1.1.1.2", "1.1.1.1"]

    assert resolve("a.test") == ["2a00::2", "1.1.1.2", "1.1.1.1"]


@pytest.mark.parametrize("inside", ["127.0.0.1", "::1", "10.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::a00:1"])
def test_a_name_that_leads_inside_is_refused(names, inside):
    names["trap.test"] = [inside]

    with pytest.raises(Refusal, match=r"trap\.test"):
        resolve("trap.test")


def test_of_a_name_that_leads_both_ways_only_the_public_addresses_are_given(names):
    names["both.test"] = ["10.0.0.1", "1.1.1.1", "fec0::1"]

    assert resolve("both.test") == ["1.1.1.1"]


def test_an_allowed_name_may_lead_inside(names):
    names["intranet.test"] = ["10.0.0.1"]

    assert resolve("intranet.test", allowed=["intranet.test"]) == ["10.0.0.1"]


@pytest.mark.parametrize("error", [socket.gaierror(socket.EAI_NONAME, "no such name"), UnicodeError("label too long")])
def test_a_name_that_cannot_be_looked_up_is_an_os_error(names, error):
    names["nowhere.test"] = error

    with pytest.raises(OSError, match="no"):
        resolve("nowhere.test")


def test_lookups_that_hang_are_bounded_and_do_not_hold_up_the_end(monkeypatch):
    release = threading.Event()
    running = []

    def hang(*_, **__):
        running.append(1)
        release.wait(5)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", hang)

    async def run():
        resolver = GuardedResolver(Guard(allowed=False), lookups=2)
        tasks = [asyncio.create_task(resolver.resolve(f"h{n}.test", 80)) for n in range(5)]
        await asyncio.sleep(0.05)
        for task in tasks:
            task.cancel()
        return await asyncio.gather(*tasks, return_exceptions=True)

    results = asyncio.run(run())
    release.set()

    assert len(running) == 2
    assert all(isinstance(result, asyncio.CancelledError) for result in results)
