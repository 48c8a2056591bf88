"""A configuration that changes how sites are asked: what began goes on as it began, and nothing stays open behind it."""

from __future__ import annotations

import asyncio

import pytest

from aggregator.run.door import Door


class Fetching:
    """Knows only whether it is open."""

    is_open = False

    async def __aenter__(self):
        self.is_open = True
        return self

    async def __aexit__(self, *_):
        self.is_open = False


def test_the_fetcher_before_stays_open_until_the_last_poll_with_it_has_ended():
    first, second = Fetching(), Fetching()

    async def scenario() -> list[tuple[bool, bool]]:
        seen, polls, asks = [], asyncio.Event(), asyncio.Event()
        async with Door(first) as door:
            await door.replace(second, polls.wait, asks.wait)
            for rests in (lambda: None, polls.set, asks.set):
                rests()
                await asyncio.sleep(0.01)
                seen.append((first.is_open, door.fetcher.is_open))
        return seen

    assert asyncio.run(scenario()) == [(True, True), (True, True), (False, True)]
    assert not second.is_open


@pytest.mark.parametrize("times", [1, 3])
def test_who_ends_closes_all_and_waits_for_no_poll(times):
    fetchers = [Fetching() for _ in range(times + 1)]

    async def scenario() -> None:
        async with Door(fetchers[0]) as door:
            for fetcher in fetchers[1:]:
                await door.replace(fetcher, asyncio.Event().wait)
            assert all(fetcher.is_open for fetcher in fetchers)

    asyncio.run(scenario())
    assert not any(fetcher.is_open for fetcher in fetchers)
