from __future__ import annotations

import asyncio
import gzip
from datetime import UTC, datetime, timedelta

import brotli
import pytest

from aggregator.serve.renditions import Renditions, prepare
from aggregator.serve.resource import Resource

NOW = datetime(2026, 3, 2, 12, 0, 0, 123456, tzinfo=UTC)


def a_rendition(text, now=NOW):
    return prepare(Resource(text.encode(), "text/plain", "page"), now=now)


def giving(log, rendition):
    async def render():
        log.append(rendition)
        await asyncio.sleep(0)
        return rendition

    return render


def test_large_bodies_are_packed_and_come_back():
    rendition = a_rendition("news " * 1000)

    assert brotli.decompress(rendition.packed["br"]) == gzip.decompress(rendition.packed["gzip"]) == rendition.resource.body
    assert rendition.packed == a_rendition("news " * 1000, NOW + timedelta(days=1)).packed


def test_small_bodies_are_left_alone():
    assert a_rendition("news").packed == {}


def test_within_one_edition_nothing_is_rendered_twice():
    async def scenario():
        renditions = Renditions(room=1000)
        await asyncio.gather(*(renditions.get("/", 1, giving(log, a_rendition("a"))) for _ in range(20)))
        await renditions.get("/", 1, giving(log, a_rendition("a")))

    log = []

    asyncio.run(scenario())

    assert len(log) == 1


def test_a_new_edition_is_rendered_anew():
    async def scenario():
        renditions = Renditions(room=1000)
        await renditions.get("/", 1, giving([], a_rendition("a")))
        return await renditions.get("/", 2, giving([], a_rendition("b", NOW + timedelta(minutes=1))))

    assert asyncio.run(scenario()).resource.body == b"b"


def test_equal_bytes_keep_their_date_in_a_new_edition():
    async def scenario():
        renditions = Renditions(room=1000)
        await renditions.get("/", 1, giving([], a_rendition("a")))
        return await renditions.get("/", 2, giving([], a_rendition("a", NOW + timedelta(hours=1))))

    assert asyncio.run(scenario()).modified == NOW.replace(microsecond=0)


def test_bytes_that_change_within_a_second_have_no_date():
    async def scenario():
        renditions = Renditions(room=1000)
        await renditions.get("/", 1, giving([], a_rendition("a")))
        return await renditions.get("/", 2, giving([], a_rendition("b")))

    assert not asyncio.run(scenario()).datable


def test_what_was_asked_for_longest_ago_leaves_first():
    async def scenario():
        renditions = Renditions(room=10)
        for address in ("/a", "/b", "/a", "/c"):
            await renditions.get(address, 1, giving([], a_rendition("12345")))
        return [address for address in ("/a", "/b", "/c") if renditions.last(address)]

    assert asyncio.run(scenario()) == ["/a", "/c"]


def test_what_is_larger_than_the_room_is_sent_but_not_kept():
    async def scenario():
        renditions = Renditions(room=3)
        found = await renditions.get("/", 1, giving([], a_rendition("12345")))
        return found, renditions.last("/")

    found, kept = asyncio.run(scenario())

    assert found.resource.body == b"12345"
    assert kept is None


def test_what_is_gone_is_not_kept():
    async def scenario():
        renditions = Renditions(room=100)
        await renditions.get("/", 1, giving([], a_rendition("a")))
        await renditions.get("/", 2, giving([], None))
        return renditions.last("/")

    assert asyncio.run(scenario()) is None


def test_an_error_goes_on_and_spoils_nothing():
    async def failing():
        raise LookupError

    async def scenario():
        renditions = Renditions(room=100)
        await renditions.get("/", 1, giving([], a_rendition("a")))
        with pytest.raises(LookupError):
            await renditions.get("/", 2, failing)
        again = await renditions.get("/", 2, giving([], a_rendition("b")))
        return again.resource.body

    assert asyncio.run(scenario()) == b"b"
